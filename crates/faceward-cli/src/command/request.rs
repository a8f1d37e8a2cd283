mod new;
mod told;

use clap::Subcommand;
use faceward::told::{receipt_json, request_json};
use faceward::{Listed, RequestId, RequestRecorded};
use serde_json::json;

use crate::answer::{Answer, Code, Console, counted};
use crate::session::Session;

/// Keep the log of what people ask for: until when an answer is due, and what came of it
///
/// The answer is due at the end of a day (UTC). Under the GDPR the number is the law's: one month,
/// with reasons three (Art. 12(3)). PIPL says "promptly" and no number (Art. 45 to 47, 50): there
/// 15 days are a target of our own, which `[rights] answer_within_days` in faceward.toml changes.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    New(Box<new::New>),
    List(List),
    Answer(Meet),
    Extend(Reasoned),
    Refuse(Reasoned),
    Withdraw(Withdraw),
}

/// List requests, the one due first in front; exit code 1 if an answer is late
#[derive(clap::Args)]
struct List {
    /// Only those whose answer is late
    #[arg(long)]
    overdue: bool,
    /// Also those that ended
    #[arg(long, conflicts_with = "overdue")]
    all: bool,
}

/// Record that a request was met
///
/// A relative's request is met only where the rule packs give it to them (CC 994, PIPL Art. 49).
#[derive(clap::Args)]
struct Meet {
    /// The request
    id: String,
    /// How it was met, such as 'handed over held.html at the desk'
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// With the reason that whoever asked was told
///
/// A refusal owes reasons (PIPL Art. 50, GDPR Art. 12(4)), and so does an extension, which is
/// possible once and only while there is time left (GDPR Art. 12(3)).
#[derive(clap::Args)]
struct Reasoned {
    /// The request
    id: String,
    /// Why, as whoever asked was told
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Record that whoever asked took the request back
#[derive(clap::Args)]
struct Withdraw {
    /// The request
    id: String,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let args = match args.what {
        What::New(args) => return new::new(*args, session, console).await,
        What::List(args) => return list(&args, session, console).await,
        other => other,
    };
    let ward = session.open().await?;
    let recorded = match args {
        What::Answer(args) => ward.meet_request(id(&args.id)?, args.note).await?,
        What::Extend(args) => ward.extend_request(id(&args.id)?, args.reason).await?,
        What::Refuse(args) => ward.refuse_request(id(&args.id)?, args.reason).await?,
        What::Withdraw(args) => ward.withdraw_request(id(&args.id)?).await?,
        What::New(_) | What::List(_) => return Ok(Code::Yes),
    };
    ward.close().await;
    Ok(console.say(&said(&recorded)))
}

async fn list(args: &List, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let listed = ward.requests().await?;
    ward.close().await;
    let late = listed.iter().filter(|listed| listed.overdue).count() as u64;
    let wanted = |listed: &&Listed| {
        let open = !listed.request.state().is_final();
        listed.overdue || (!args.overdue && (args.all || open))
    };
    let shown: Vec<&Listed> = listed.iter().filter(wanted).collect();
    let mut lines: Vec<String> = shown.iter().map(|listed| told::line(listed)).collect();
    if lines.is_empty() {
        let none = if args.overdue {
            "no answer is late"
        } else {
            "nothing is waiting for an answer"
        };
        lines.push(none.to_owned());
    } else if late > 0 {
        let verb = if late == 1 { "is" } else { "are" };
        lines.push(format!("{} {verb} late", counted(late, "answer")));
    }
    let told = |listed: &&Listed| {
        let mut fields = request_json(&listed.request);
        if let Some(fields) = fields.as_object_mut() {
            fields.insert("who".to_owned(), json!(listed.handle.as_str()));
            fields.insert("overdue".to_owned(), json!(listed.overdue));
        }
        fields
    };
    let fields = json!({
        "outcome": "done",
        "overdue": late,
        "requests": shown.iter().map(told).collect::<Vec<_>>(),
    });
    let mut answer = Answer::done(lines.join("\n"), fields);
    if late > 0 {
        answer.code = Code::No;
    }
    Ok(console.say(&answer))
}

/// The answer for something that happened to a request.
fn said(recorded: &RequestRecorded) -> Answer {
    let request = &recorded.request;
    let asked = request.asked();
    let mut text = format!(
        "{}: {} for {}, asked by {}",
        request.state(),
        asked.kind,
        recorded.handle,
        told::asker(&asked.asker),
    );
    if !request.state().is_final() {
        text.push_str(&format!(
            "\n  the answer is due {} ({})",
            told::day(request),
            asked.regime
        ));
    }
    text.push_str(&told::relatives(recorded));
    text.push_str(&format!(
        "\n  request {}\n  recorded as ledger entry {}",
        request.id(),
        recorded.receipt.position()
    ));
    let fields = json!({
        "outcome": "done",
        "request": request_json(request),
        "relatives": recorded.relatives.as_ref().map(told::relatives_json),
        "arrangement": recorded.arrangement,
        "receipt": receipt_json(&recorded.receipt),
    });
    Answer::done(text, fields)
}

fn id(text: &str) -> anyhow::Result<RequestId> {
    Ok(text.parse()?)
}
