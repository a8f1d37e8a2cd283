//! What can be seen of a step, for a terminal and for programs; `page` shows it to people.

use faceward::hex;
use faceward::{Face, Ground, Health, Score, Threshold};
use serde_json::{Value, json};

use super::photo::Photo;
use crate::command::verify::{scale, threshold_json};

/// What can be seen of a step.
pub(super) enum Exhibit {
    /// Photographs, side by side.
    Pictures(Vec<Picture>),
    /// A score on its scale.
    Comparison(Comparison),
    /// Why the law refused.
    Refusal(Vec<Ground>),
    /// Particulars, by label.
    Particulars(Vec<(&'static str, String)>),
    /// What is held, before and after.
    Held { before: Health, after: Health },
    /// What the program said, word for word, and to what.
    Message { to: String, said: String },
    /// The beginning of a sealed row.
    Sealed(Vec<u8>),
}

/// A photograph and what was found in it.
#[derive(Clone)]
pub(super) struct Picture {
    pub(super) photo: &'static Photo,
    /// The face; `None` when the picture was never looked at.
    pub(super) face: Option<Face>,
    pub(super) role: &'static str,
}

/// A score beside what it was held against.
pub(super) struct Comparison {
    pub(super) score: Score,
    pub(super) match_at: Threshold,
    pub(super) uncertain_at: Threshold,
}

impl Exhibit {
    /// Whether it is a photograph on its own.
    pub(super) fn is_one_picture(&self) -> bool {
        matches!(self, Self::Pictures(pictures) if pictures.len() == 1)
    }

    /// For a terminal, line by line.
    pub(super) fn lines(&self) -> Vec<String> {
        match self {
            Self::Pictures(pictures) => {
                let names = pictures
                    .iter()
                    .map(|p| format!("{} ({})", p.photo.file, p.role));
                vec![names.collect::<Vec<_>>().join(" beside ")]
            }
            Self::Comparison(c) => vec![scale(c.score.value(), &c.match_at, &c.uncertain_at)],
            Self::Refusal(grounds) => {
                let ground = |g: &Ground| {
                    [
                        g.finding.clone(),
                        format!("({}: {})", g.rule.citation, g.rule.gist),
                    ]
                };
                grounds.iter().flat_map(ground).collect()
            }
            Self::Particulars(rows) => rows
                .iter()
                .map(|(label, value)| format!("{label}: {value}"))
                .collect(),
            Self::Held { before, after } => vec![
                format!("before: {}", held(before)),
                format!("after:  {}", held(after)),
            ],
            Self::Message { to, said } => {
                let quoted = said.lines().filter(|line| !line.is_empty());
                let quoted = quoted.map(|line| format!("| {line}"));
                std::iter::once(format!("{to}:")).chain(quoted).collect()
            }
            Self::Sealed(row) => vec![format!(
                "sealed row: {} …",
                hex(row.get(..32).unwrap_or(row))
            )],
        }
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        match self {
            Self::Pictures(pictures) => {
                let picture =
                    |p: &Picture| json!({ "file": p.photo.file, "looked_at": p.face.is_some() });
                json!({ "pictures": pictures.iter().map(picture).collect::<Vec<_>>() })
            }
            Self::Comparison(c) => json!({
                "score": c.score.value(),
                "match_at": threshold_json(&c.match_at),
                "uncertain_at": threshold_json(&c.uncertain_at),
            }),
            Self::Refusal(grounds) => {
                let ground = |g: &Ground| json!({ "rule": g.rule.id, "citation": g.rule.citation, "finding": g.finding });
                json!({ "grounds": grounds.iter().map(ground).collect::<Vec<_>>() })
            }
            Self::Particulars(rows) => {
                let particulars = rows
                    .iter()
                    .map(|(label, value)| ((*label).to_owned(), json!(value)));
                json!({ "particulars": particulars.collect::<serde_json::Map<_, _>>() })
            }
            Self::Held { before, after } => {
                json!({ "before": counts(before), "after": counts(after) })
            }
            Self::Message { to, said } => json!({ "message": said, "to": to }),
            Self::Sealed(row) => json!({ "sealed_row_begins": hex(row) }),
        }
    }
}

fn held(health: &Health) -> String {
    let Health {
        subjects,
        templates,
        consents,
        ..
    } = health;
    format!("persons {subjects}, references {templates}, consents {consents}")
}

fn counts(health: &Health) -> Value {
    let Health {
        subjects,
        templates,
        consents,
        ..
    } = health;
    json!({ "persons": subjects, "references": templates, "consents": consents })
}
