use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use faceward::{Condition, Consent, ConsentAsk, Giver, NoticeText};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::answer::{Answer, Code, Console, hex, receipt_json};
use crate::command::forget::left_over;
use crate::session::{Session, Whom, handle};

/// Record, show or withdraw what a person agreed to
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Give(Box<Give>),
    Show(Show),
    Withdraw(Withdraw),
}

/// Record that a person agreed to one purpose
///
/// Ask for it on its own, after showing the notice, with another way open to those who say no:
/// consent that is tied to something else, or the price of a service that needs no face, does not
/// count (Fa Shi [2021] No. 15, Art. 4). The burden of proof is yours, so say what you can show.
#[derive(clap::Args)]
struct Give {
    #[command(flatten)]
    whom: Whom,
    /// File with the notice exactly as it was shown; its hash is kept
    #[arg(long, value_name = "FILE")]
    notice: PathBuf,
    /// Your name for this version of the notice; the file's name if left out
    #[arg(long, value_name = "VERSION")]
    notice_version: Option<String>,
    /// How the person agreed, such as 'signed on paper, form 17'
    #[arg(long, value_name = "TEXT")]
    how: String,
    /// Age of the person: adult, minor (14 to 17) or under-14
    #[arg(long, default_value = "adult", value_name = "BAND")]
    age: String,
    /// Parent or guardian who agreed in the person's place
    #[arg(long, value_name = "NAME")]
    guardian: Option<String>,
    /// The other way that was open to those who say no, such as 'a card at the desk'
    #[arg(long, value_name = "TEXT", conflicts_with = "required")]
    alternative: Option<String>,
    /// The service was refused to those who say no
    #[arg(long)]
    required: bool,
    /// With --required: why the service cannot be given without a face
    #[arg(long, value_name = "TEXT", requires = "required")]
    necessary_because: Option<String>,
    /// Anything else that was agreed to in the same act, such as 'the newsletter'
    #[arg(long, value_name = "TEXT")]
    bundled_with: Option<String>,
    /// First day (2026-11-23, UTC) or moment (2026-11-23T08:00:00Z) it counts; now if left out
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Day (as it begins, UTC) or moment it ends, at most ten years on; a year after its start if
    /// left out
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
}

/// Show what a person agreed to, live or not
#[derive(clap::Args)]
struct Show {
    /// Who: the handle you know them by
    #[arg(value_name = "WHO")]
    handle: String,
}

/// Withdraw: from now on nothing matches, and the references are destroyed
///
/// Needs no reason and no permit.
#[derive(clap::Args)]
struct Withdraw {
    #[command(flatten)]
    whom: Whom,
}

pub(crate) async fn run(args: Args, session: &Session, console: &Console) -> anyhow::Result<Code> {
    match args.what {
        What::Give(args) => give(*args, session, console).await,
        What::Show(args) => show(&args, session, console).await,
        What::Withdraw(args) => withdraw(&args, session, console).await,
    }
}

async fn give(args: Give, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let handle = handle(&args.whom.handle)?;
    let bytes = std::fs::read(&args.notice)
        .with_context(|| format!("cannot read the notice {}", args.notice.display()))?;
    let file_name = || {
        args.notice
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
    };
    let version = args.notice_version.or_else(file_name).unwrap_or_default();
    let condition = match (args.alternative, args.required) {
        (Some(other_way), _) => Condition::Alternative(other_way),
        (None, true) => Condition::Required {
            necessary_because: args.necessary_because,
        },
        (None, false) => Condition::Unstated,
    };
    let ward = session.open_or_create(console).await?;
    let given = ward
        .give_consent(ConsentAsk {
            handle,
            purpose: args.whom.purpose.resolve(&ward)?,
            notice: NoticeText { version, bytes },
            given_by: args.guardian.map_or(Giver::Subject, Giver::Guardian),
            method: args.how,
            age: args.age.parse()?,
            bundled_with: args.bundled_with,
            condition,
            from: args.from.as_deref().map(moment).transpose()?.flatten(),
            until: args.until.as_deref().map(end).transpose()?,
            details: faceward::Details::default(),
        })
        .await?;
    ward.close().await;
    let terms = given.consent.terms();
    let text = format!(
        "consent recorded for {}: {} until {}\n  \
         record {}\n  recorded as ledger entry {}",
        args.whom.handle,
        terms.purpose,
        terms.until,
        given.consent.id(),
        given.receipt.position(),
    );
    let fields = json!({
        "outcome": "done",
        "consent": consent_json(&given.consent),
        "receipt": receipt_json(&given.receipt),
    });
    Ok(console.say(&Answer::done(text, fields)))
}

async fn show(args: &Show, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let consents = ward.consents(&handle(&args.handle)?).await?;
    ward.close().await;
    let now = Timestamp::now();
    let mut lines = Vec::new();
    for consent in &consents {
        let terms = consent.terms();
        let state = match consent.withdrawn() {
            Some(at) => format!("withdrawn on {at}"),
            None if consent.is_live(now) => format!("live until {}", terms.until),
            None if now < terms.from => format!("begins on {}", terms.from),
            None => format!("ended on {}", terms.until),
        };
        lines.push(format!(
            "{}  {state}\n  given {} ({}), notice {}\n  record {}",
            terms.purpose,
            terms.given_at,
            terms.method.0,
            terms.notice.version,
            consent.id(),
        ));
    }
    if lines.is_empty() {
        lines.push(format!("{} agreed to nothing here", args.handle));
    }
    let fields = json!({
        "outcome": "done",
        "consents": consents.iter().map(consent_json).collect::<Vec<_>>(),
    });
    Ok(console.say(&Answer::done(lines.join("\n"), fields)))
}

async fn withdraw(args: &Withdraw, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let purpose = args.whom.purpose.resolve(&ward)?;
    let withdrawn = ward.withdraw(&handle(&args.whom.handle)?, &purpose).await?;
    ward.close().await;
    let text = format!(
        "withdrawn: {} is no longer matched for {purpose}\n  \
         {} destroyed with their key\n  recorded as ledger entry {}",
        args.whom.handle,
        counted(withdrawn.references, "reference"),
        withdrawn.receipt.position(),
    );
    let fields = json!({
        "outcome": "done",
        "consents": withdrawn.consents.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "references_destroyed": withdrawn.references,
        "undestroyed": withdrawn.undestroyed,
        "receipt": receipt_json(&withdrawn.receipt),
    });
    Ok(console.say(&left_over(
        Answer::done(text, fields),
        withdrawn.undestroyed.as_deref(),
    )))
}

/// A consent record as JSON.
pub(crate) fn consent_json(consent: &Consent) -> Value {
    let terms = consent.terms();
    let guardian = match &terms.given_by {
        Giver::Subject => None,
        Giver::Guardian(name) => Some(name),
    };
    let (alternative, required, necessary_because) = match &terms.condition {
        Condition::Alternative(text) => (Some(text), Some(false), None),
        Condition::Unstated => (None, None, None),
        Condition::Required { necessary_because } => (None, Some(true), necessary_because.as_ref()),
    };
    json!({
        "id": consent.id().to_string(),
        "purpose": terms.purpose.as_str(),
        "notice": { "version": terms.notice.version, "sha256": hex(&terms.notice.sha256) },
        "guardian": guardian,
        "how": terms.method.0,
        "age": terms.age.word(),
        "bundled_with": terms.bundled_with,
        "alternative": alternative,
        "required_for_service": required,
        "necessary_because": necessary_because,
        "given_at": terms.given_at.to_string(),
        "from": terms.from.to_string(),
        "until": terms.until.to_string(),
        "withdrawn": consent.withdrawn().map(|at| at.to_string()),
    })
}

/// `1 reference`, `2 references`.
pub(crate) fn counted(count: u64, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}

/// A day stands for its beginning in UTC; today, which has begun, for now.
fn moment(text: &str) -> anyhow::Result<Option<Timestamp>> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(Some(moment));
    }
    let day: Option<Date> = text
        .parse()
        .ok()
        .filter(|_| text.len() == "2026-11-23".len());
    let day = day.with_context(|| {
        format!("`{text}` is neither a day (2026-11-23) nor a moment (2026-11-23T08:00:00Z)")
    })?;
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    if day == today {
        return Ok(None);
    }
    Ok(Some(day.to_zoned(TimeZone::UTC)?.timestamp()))
}

/// An end is never now: a day that has begun is over as an end.
fn end(text: &str) -> anyhow::Result<Timestamp> {
    moment(text)?.with_context(|| format!("`{text}` has begun; give a later end"))
}
