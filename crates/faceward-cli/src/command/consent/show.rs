use faceward::told::{consent_json, record_json};
use std::path::PathBuf;

use faceward::{Consent, ConsentRecord, Notice, Offer, Scope, ask_anew, fold};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::read_notice;
use crate::answer::{Answer, Code, Console};
use crate::session::{Session, handle};

/// Show what a person agreed to, live or not
#[derive(clap::Args)]
pub(super) struct Show {
    /// Who: the handle you know them by
    #[arg(value_name = "WHO")]
    handle: String,
    /// File with the current notice: says of each consent whether it still counts under it
    #[arg(long, value_name = "FILE")]
    notice: Option<PathBuf>,
}

/// Show everything that happened to a person's consents, in order, refusals included
#[derive(clap::Args)]
pub(super) struct Log {
    /// Who: the handle you know them by
    #[arg(value_name = "WHO")]
    handle: String,
}

pub(super) async fn show(
    args: &Show,
    session: &Session,
    console: &Console,
) -> anyhow::Result<Code> {
    let current = match &args.notice {
        Some(path) => Some(read_notice(path, None)?.hashed()?),
        None => None,
    };
    let ward = session.open().await?;
    let consents = ward.consents(&handle(&args.handle)?).await?;
    ward.close().await;
    let now = Timestamp::now();
    let mut lines = Vec::new();
    let mut told = Vec::new();
    for consent in &consents {
        let mut fields = consent_json(consent);
        let mut line = consent_line(consent, now);
        if let Some(notice) = &current {
            let reasons = against(consent, notice, now);
            line.push_str(&match reasons.join("; ") {
                none if none.is_empty() => "\n  still counts under this notice".to_owned(),
                reasons => format!("\n  ask anew: {reasons}"),
            });
            if let Value::Object(fields) = &mut fields {
                fields.insert("ask_anew".to_owned(), json!(reasons));
            }
        }
        lines.push(line);
        told.push(fields);
    }
    if lines.is_empty() {
        lines.push(format!("{} agreed to nothing here", args.handle));
    }
    let fields = json!({ "outcome": "done", "consents": told });
    Ok(console.say(&Answer::done(lines.join("\n"), fields)))
}

pub(super) async fn log(args: &Log, session: &Session, console: &Console) -> anyhow::Result<Code> {
    let ward = session.open().await?;
    let records = ward.consent_records(&handle(&args.handle)?).await?;
    ward.close().await;
    let mut lines: Vec<String> = records.iter().map(record_lines).collect();
    if lines.is_empty() {
        lines.push(format!("{} was asked for nothing here", args.handle));
    }
    let fields = json!({
        "outcome": "done",
        "records": records.iter().map(record_json).collect::<Vec<_>>(),
    });
    Ok(console.say(&Answer::done(lines.join("\n"), fields)))
}

fn consent_line(consent: &Consent, now: Timestamp) -> String {
    let terms = consent.terms();
    let state = match consent.history().end() {
        Some(end) => format!("{} on {}", end.what.word(), end.at),
        None if consent.is_live(now) => format!("live until {}", terms.until),
        None if now < terms.from => format!("begins on {}", terms.from),
        None => format!("ended on {}", terms.until),
    };
    let scope = match &terms.details.scope {
        Scope::Processing => String::new(),
        other => format!(" [{other}]"),
    };
    format!(
        "{}{scope}  {state}\n  given {} ({}), notice {}\n  record {}",
        terms.purpose,
        terms.given_at,
        terms.method.0,
        terms.notice.version,
        consent.id(),
    )
}

/// Why the consent does not count under this notice, its terms being offered as they are.
fn against(consent: &Consent, notice: &Notice, now: Timestamp) -> Vec<String> {
    let terms = consent.terms();
    let offer = Offer {
        purpose: terms.purpose.clone(),
        notice: notice.clone(),
        scope: terms.details.scope.clone(),
        functions: terms.details.functions,
        retention: terms.details.retention.clone(),
    };
    let reasons = ask_anew(consent, &offer, now);
    reasons.iter().map(ToString::to_string).collect()
}

fn record_lines(record: &ConsentRecord) -> String {
    let asked = record.asked();
    let mut lines = format!(
        "record {}  {} [{}]",
        record.id(),
        asked.purpose,
        asked.scope
    );
    if let Some(previous) = asked.previous {
        lines.push_str(&format!("\n  after record {previous}"));
    }
    let events = record.events();
    for (place, event) in events.iter().enumerate() {
        let state = fold(events.get(..=place).unwrap_or(events), event.at);
        let by = event.by.name().unwrap_or(event.by.word());
        lines.push_str(&format!(
            "\n  {}  {:<13} by {by}, then {state}",
            event.at,
            event.what.word()
        ));
    }
    let now = record.state(Timestamp::now());
    lines.push_str(&format!("\n  now {now}"));
    lines
}
