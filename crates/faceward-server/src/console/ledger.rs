//! The ledger, entry by entry, and the proof that one is in it, to be checked in the browser.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use faceward::{Entry, EventOutcome, Law, Ward, WardError};
use serde::Deserialize;

use super::page::moment;
use super::{Desk, Frame, Section, show};
use crate::Problem;
use crate::lang::Lang;

const A_PAGE: usize = 50;
/// How many entries are read at once, and at most for one page.
const CHUNK: u64 = 1024;
const MOST_READ: u64 = 20 * CHUNK;

#[derive(Template)]
#[template(path = "console/ledger.html")]
struct LedgerPage {
    lang: Lang,
    frame: Frame,
    size: u64,
    act: String,
    outcome: String,
    outcomes: [&'static str; 6],
    rows: Vec<Row>,
    older: Option<String>,
    newest: bool,
}

struct Row {
    position: u64,
    at: String,
    act: &'static str,
    tone: &'static str,
    outcome: &'static str,
    purpose: String,
    rules: String,
    by: String,
}

#[derive(Template)]
#[template(path = "console/entry.html")]
struct EntryPage {
    lang: Lang,
    frame: Frame,
    position: u64,
    facts: Vec<(&'static str, String)>,
    rules: Vec<(String, String, String)>,
    json: String,
    /// For the script, each exactly as it was recorded or signed.
    entry: String,
    leaf: String,
    proof: String,
    checkpoint: String,
    key: String,
    previous: Option<u64>,
    next: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    /// The first entry not to be shown, counted from the newest down.
    before: Option<u64>,
    #[serde(default)]
    act: String,
    #[serde(default)]
    outcome: String,
}

impl Asked {
    fn wants(&self, entry: &Entry) -> bool {
        let (act, outcome) = (self.act.trim(), self.outcome.trim());
        (act.is_empty() || entry.event.act.word() == act)
            && (outcome.is_empty() || entry.event.outcome.word() == outcome)
    }
}

pub(super) async fn list(Query(asked): Query<Asked>, desk: Desk) -> Result<Response, Problem> {
    let frame = desk.frame(Section::Ledger)?;
    let size = desk.ward.ledger_size().await?;
    let start = asked.before.unwrap_or(size).min(size);
    let (entries, read_down_to) = newest_first(&desk.ward, start, &asked).await?;
    let older = (read_down_to > 0).then(|| {
        let before = read_down_to.to_string();
        let fields = [
            ("before", before.as_str()),
            ("act", &asked.act),
            ("outcome", &asked.outcome),
        ];
        let query = serde_urlencoded::to_string(fields).unwrap_or_default();
        format!("/console/ledger?{query}")
    });
    show(&LedgerPage {
        lang: desk.lang,
        frame,
        size,
        outcomes: [
            "done",
            "refused",
            "unusable",
            "match",
            "uncertain",
            "no-match",
        ],
        rows: entries.iter().map(row).collect(),
        older,
        newest: start == size,
        act: asked.act,
        outcome: asked.outcome,
    })
}

/// A page of what is wanted from below `start`, and down to where was read.
async fn newest_first(
    ward: &Ward,
    start: u64,
    asked: &Asked,
) -> Result<(Vec<Entry>, u64), WardError> {
    let (mut found, mut top) = (Vec::new(), start);
    while top > 0 && start - top < MOST_READ {
        let from = top.saturating_sub(CHUNK);
        for entry in ward.entries(from..top).await?.into_iter().rev() {
            let position = entry.position;
            if asked.wants(&entry) {
                found.push(entry);
            }
            if found.len() == A_PAGE {
                return Ok((found, position));
            }
        }
        top = from;
    }
    Ok((found, top))
}

fn row(entry: &Entry) -> Row {
    let event = &entry.event;
    Row {
        position: entry.position,
        at: moment(event.at),
        act: event.act.word(),
        tone: match event.outcome {
            EventOutcome::Done | EventOutcome::Match => "good",
            EventOutcome::Refused | EventOutcome::NoMatch => "bad",
            EventOutcome::Unusable | EventOutcome::Uncertain => "warn",
        },
        outcome: event.outcome.word(),
        purpose: event.purpose.clone().unwrap_or_default(),
        rules: match event.outcome {
            EventOutcome::Refused => event.rules.join(", "),
            _ => event.reason.clone().unwrap_or_default(),
        },
        by: event
            .by
            .map(|by| short(&by.to_string()))
            .unwrap_or_default(),
    }
}

/// The kind of asker, and as much of the identifier as tells two apart.
fn short(by: &str) -> String {
    match by.split_once(':') {
        Some((kind, id)) => format!("{kind}:{}…", id.get(..6).unwrap_or(id)),
        None => by.to_owned(),
    }
}

pub(super) async fn entry(Path(position): Path<u64>, desk: Desk) -> Result<Response, Problem> {
    let frame = desk.frame(Section::Ledger)?;
    let (bytes, proof) = desk.ward.entry_as_recorded(position).await?;
    let entry = desk.ward.entries(position..position + 1).await?;
    let event = &entry.first().ok_or_else(Problem::failed)?.event;
    let lang = desk.lang;
    let size = proof.proof().size();
    let law = Law::built_in().map_err(WardError::from)?;
    let rules = event.rules.iter().map(|id| match law.rule(id) {
        Some(rule) => {
            let (citation, gist) = lang.rule(rule);
            (id.clone(), citation, gist)
        }
        None => (id.clone(), id.clone(), String::new()),
    });
    let mut facts = vec![
        (lang.say("When", "时间"), moment(event.at)),
        (lang.say("Act", "行为"), event.act.word().to_owned()),
        (lang.say("Outcome", "结果"), event.outcome.word().to_owned()),
    ];
    let further = [
        (lang.say("Purpose", "目的"), event.purpose.clone()),
        (lang.say("Because", "原因"), event.reason.clone()),
        (
            lang.say("Asked for by", "请求者"),
            event.by.map(|by| by.to_string()),
        ),
        (lang.say("Model", "模型"), event.model.clone()),
    ];
    facts.extend(
        further
            .into_iter()
            .filter_map(|(name, said)| Some((name, said?))),
    );
    let marks = event.marks.len().to_string();
    facts.push((
        lang.say("Persons (commitments only)", "涉及人员（仅承诺值）"),
        marks,
    ));
    show(&EntryPage {
        lang,
        frame,
        position,
        facts,
        rules: rules.collect(),
        json: String::from_utf8_lossy(&bytes).into_owned(),
        entry: BASE64.encode(&bytes),
        leaf: proof.entry().to_string(),
        proof: proof.proof().to_string(),
        checkpoint: proof.checkpoint().to_owned(),
        key: desk.ward.ledger_key().to_string(),
        previous: position.checked_sub(1),
        next: Some(position + 1).filter(|next| *next < size),
    })
}
