use faceward::told::{consent_json, receipt_json};
use faceward::{Condition, ConsentAsk, ConsentGiven, Details, Giver, RenewAsk, Retention};
use serde_json::json;

use super::{HowShown, NoticeFile, To, end, moment};
use crate::answer::{Answer, Code, Console};
use crate::session::{Session, Whom, handle};

/// Record that a person agreed to one purpose
///
/// Ask for it on its own, after showing the notice, with another way open to those who say no:
/// consent that is tied to something else, or the price of a service that needs no face, does not
/// count (Fa Shi [2021] No. 15, Art. 4). The burden of proof is yours, so say what you can show.
/// Agreeing again to the same terms under the same notice renews the consent.
#[derive(clap::Args)]
pub(super) struct Give {
    #[command(flatten)]
    whom: Whom,
    #[command(flatten)]
    notice: NoticeFile,
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    shown: HowShown,
    #[command(flatten)]
    to: To,
    /// What the face may be used for: verification, identification, analysis, or several
    #[arg(
        long,
        default_value = "verification,identification",
        value_name = "LIST"
    )]
    functions: String,
    /// The other way that was open to those who say no, such as 'a card at the desk'
    #[arg(long, value_name = "TEXT", conflicts_with = "required")]
    alternative: Option<String>,
    /// With --alternative: whether it was on equal terms
    #[arg(long, value_name = "true|false", requires = "alternative")]
    equal_terms: Option<bool>,
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
    /// Keep templates only until this day or moment, before the consent ends
    #[arg(long, value_name = "DATE", conflicts_with = "keep_after")]
    keep_until: Option<String>,
    /// Keep templates until some days after this event, such as 'the contract ends'
    #[arg(long, value_name = "EVENT", requires = "keep_days")]
    keep_after: Option<String>,
    /// With --keep-after: how many days
    #[arg(long, value_name = "DAYS", requires = "keep_after")]
    keep_days: Option<u16>,
}

/// Renew a consent by a fresh act under the current notice, before or after its end
///
/// Where the notice has changed, or the consent was withdrawn, ask anew instead.
#[derive(clap::Args)]
pub(super) struct Renew {
    #[command(flatten)]
    whom: Whom,
    #[command(flatten)]
    notice: NoticeFile,
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    shown: HowShown,
    #[command(flatten)]
    to: To,
    /// Day (as it begins, UTC) or moment it ends, at most ten years on; a year from now if left out
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
}

/// Who agreed, and how.
#[derive(clap::Args)]
struct Who {
    /// How the person agreed, such as 'signed on paper, form 17'
    #[arg(long, value_name = "TEXT")]
    how: String,
    /// Age of the person: adult, minor (14 to 17) or under-14
    #[arg(long, default_value = "adult", value_name = "BAND")]
    age: String,
    /// Parent or guardian who agreed in the person's place
    #[arg(long, value_name = "NAME")]
    guardian: Option<String>,
    /// With --guardian: what they are to the person, parent or guardian
    #[arg(long, value_name = "RELATION", requires = "guardian")]
    relation: Option<String>,
}

pub(super) async fn give(args: Give, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let condition = match (args.alternative, args.required) {
        (Some(other_way), _) => Condition::Alternative(other_way),
        (None, true) => Condition::Required {
            necessary_because: args.necessary_because,
        },
        (None, false) => Condition::Unstated,
    };
    let retention = match (args.keep_until, args.keep_after, args.keep_days) {
        (Some(date), ..) => Retention::Until(end(&date)?),
        (None, Some(event), Some(days)) => Retention::After { event, days },
        _ => Retention::WithConsent,
    };
    let handle = handle(&args.whom.handle)?;
    let notice = args.notice.read()?;
    let relation = args.who.relation.as_deref().map(str::parse).transpose()?;
    let details = Details {
        scope: args.to.read()?,
        functions: args.functions.parse()?,
        retention,
        shown: args.shown.read()?,
        equal_terms: args.equal_terms,
        relation,
    };
    let ward = session.open_or_create(console).await?;
    let given = ward
        .give_consent(ConsentAsk {
            handle,
            purpose: args.whom.purpose.resolve(&ward)?,
            notice,
            given_by: args.who.guardian.map_or(Giver::Subject, Giver::Guardian),
            method: args.who.how,
            age: args.who.age.parse()?,
            bundled_with: args.bundled_with,
            condition,
            from: args.from.as_deref().map(moment).transpose()?.flatten(),
            until: args.until.as_deref().map(end).transpose()?,
            details,
        })
        .await?;
    ward.close().await;
    Ok(console.say(&given_answer(&given, &args.whom.handle)))
}

pub(super) async fn renew(
    args: Renew,
    session: &Session,
    console: &Console,
) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let given = ward
        .renew_consent(RenewAsk {
            handle: handle(&args.whom.handle)?,
            purpose: args.whom.purpose.resolve(&ward)?,
            scope: args.to.read()?,
            notice: args.notice.read()?,
            given_by: args.who.guardian.map_or(Giver::Subject, Giver::Guardian),
            relation: args.who.relation.as_deref().map(str::parse).transpose()?,
            method: args.who.how,
            age: args.who.age.parse()?,
            shown: args.shown.read()?,
            until: args.until.as_deref().map(end).transpose()?,
        })
        .await?;
    ward.close().await;
    Ok(console.say(&given_answer(&given, &args.whom.handle)))
}

fn given_answer(given: &ConsentGiven, who: &str) -> Answer {
    let terms = given.consent.terms();
    let done = if given.renewed { "renewed" } else { "recorded" };
    let text = format!(
        "consent {done} for {who}: {} until {}\n  record {}\n  recorded as ledger entry {}",
        terms.purpose,
        terms.until,
        given.consent.id(),
        given.receipt.position(),
    );
    let fields = json!({
        "outcome": "done",
        "renewed": given.renewed,
        "consent": consent_json(&given.consent),
        "receipt": receipt_json(&given.receipt),
    });
    Answer::done(text, fields)
}
