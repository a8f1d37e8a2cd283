use faceward::told::{receipt_json, record_json};
use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use faceward::{Due, Erased};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console, counted};
use crate::certificate::kept_in;
use crate::private::make_private;
use crate::session::{Session, Whom, handle};

/// Destroy templates whose time is over, with a certificate; list what is due
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Due(DueArgs),
    Sweep(Sweep),
    End(End),
}

/// List templates that have to go soon or should be gone already
///
/// Exit code 1 if anything is overdue: then run `faceward retention sweep`.
#[derive(clap::Args)]
struct DueArgs {
    /// How many days to look ahead
    #[arg(long, default_value_t = 30, value_name = "DAYS")]
    within: u32,
}

/// Destroy, with their key, templates whose consent, purpose or retention is over
///
/// Each person and purpose gets a signed erasure certificate. Consent records stay as evidence of
/// processing for three years and more; they go when their person is forgotten. Run it daily.
#[derive(clap::Args)]
struct Sweep {
    /// Only list what would be destroyed
    #[arg(long)]
    dry_run: bool,
    /// Another folder for the certificates, beside `erasures` in the ward
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Record that a purpose is fulfilled or given up for a person
///
/// Nothing is matched for it from now on; the next sweep destroys the templates once the agreed
/// days are over.
#[derive(clap::Args)]
struct End {
    #[command(flatten)]
    whom: Whom,
    /// What ended it, such as 'the contract ended'
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    match args.what {
        What::Due(args) => due(&args, session, console).await,
        What::Sweep(args) => sweep(&args, session, console).await,
        What::End(args) => end(&args, session, console).await,
    }
}

async fn due(args: &DueArgs, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let within = SignedDuration::from_hours(i64::from(args.within) * 24);
    let report = ward.retention_due(within).await?;
    ward.close().await;
    let mut lines: Vec<String> = report.due.iter().map(due_line).collect();
    if lines.is_empty() {
        lines.push(format!("nothing is due within {} days", args.within));
    }
    if report.old_records > 0 {
        lines.push(format!(
            "{} ended more than three years ago; they go when their person is forgotten",
            counted(report.old_records, "consent record")
        ));
    }
    let overdue = report.due.iter().any(|due| due.overdue);
    let fields = json!({
        "outcome": if overdue { "overdue" } else { "done" },
        "due": report.due.iter().map(due_json).collect::<Vec<_>>(),
        "records_ended_three_years_ago": report.old_records,
    });
    let mut answer = Answer::done(lines.join("\n"), fields);
    if overdue {
        answer.text.push_str("\nto go on: faceward retention sweep");
        answer.code = Code::No;
    }
    Ok(console.say(&answer))
}

async fn sweep(args: &Sweep, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    if args.dry_run {
        let report = ward.retention_due(SignedDuration::ZERO).await?;
        ward.close().await;
        let mut lines = vec![format!("{} would be destroyed", everything(&report.due))];
        lines.extend(report.due.iter().map(due_line));
        let fields = json!({
            "outcome": "done",
            "dry_run": true,
            "due": report.due.iter().map(due_json).collect::<Vec<_>>(),
        });
        return Ok(console.say(&Answer::done(lines.join("\n"), fields)));
    }
    if let Some(folder) = &args.out {
        // Before anything is destroyed: a certificate must have a place to lie in.
        make_private(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let swept = ward.retention_sweep().await?;
    ward.close().await;
    let mut lines = Vec::new();
    let mut told = Vec::new();
    let mut undestroyed = None;
    for erased in &swept.erased {
        let file = kept_in(args.out.as_deref(), &erased.erasure).map_err(anyhow::Error::msg)?;
        lines.push(format!(
            "destroyed: {}\n  certificate {file}",
            due_line(&erased.due).trim_start(),
        ));
        told.push(erased_json(erased, &file));
        undestroyed = undestroyed.or(erased.undestroyed.as_deref());
    }
    if lines.is_empty() {
        lines.push("nothing was overdue".to_owned());
    }
    let fields = json!({ "outcome": "done", "erased": told, "undestroyed": undestroyed });
    let answer = Answer::done(lines.join("\n"), fields);
    Ok(console.say(&answer.left_over(undestroyed)))
}

async fn end(args: &End, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let purpose = args.whom.purpose.resolve(&ward)?;
    let handle = handle(&args.whom.handle)?;
    let ended = ward.end_purpose(&handle, &purpose, &args.reason).await?;
    ward.close().await;
    let text = format!(
        "ended: {purpose} for {}, {}\n  the next `faceward retention sweep` destroys what is kept once its days are over",
        args.whom.handle,
        counted(ended.len() as u64, "consent"),
    );
    let fields = json!({
        "outcome": "done",
        "records": ended.iter().map(|done| record_json(&done.record)).collect::<Vec<_>>(),
        "receipts": ended.iter().map(|done| receipt_json(&done.receipt)).collect::<Vec<_>>(),
    });
    Ok(console.say(&Answer::done(text, fields)))
}

fn due_line(due: &Due) -> String {
    let when = if due.overdue {
        "OVERDUE since"
    } else {
        "due on"
    };
    format!(
        "{}  {}  {}, {when} {} ({})",
        due.handle,
        due.purpose,
        counted(due.references, "reference"),
        due.by,
        due.trigger.word()
    )
}

fn due_json(due: &Due) -> Value {
    json!({
        "who": due.handle.as_str(),
        "subject": due.subject.to_string(),
        "purpose": due.purpose.as_str(),
        "references": due.references,
        "consents": due.consents.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "by": due.by.to_string(),
        "trigger": due.trigger.word(),
        "overdue": due.overdue,
    })
}

fn erased_json(erased: &Erased, file: &str) -> Value {
    json!({
        "due": due_json(&erased.due),
        "certificate": erased.erasure.certificate,
        "signed": erased.erasure.signed,
        "file": file,
        "receipt": receipt_json(&erased.receipt),
    })
}

fn everything(due: &[Due]) -> String {
    counted(due.iter().map(|due| due.references).sum(), "reference")
}
