//! How a consent is written in version 2.

mod parts;

use faceward_law::{
    Asked, ConsentDraft, ConsentId, Details, Functions, Giver, Method, Purpose, Relation, Renewal,
    SubjectId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::v2::VERSION;
use parts::{ConditionWire, NoticeWire, RetentionWire, ScopeWire, ShownWire};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedWire {
    v: u8,
    purpose: String,
    scope: ScopeWire,
    notice: NoticeWire,
    previous: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventWire {
    pub(super) v: u8,
    pub(super) record: String,
    pub(super) at: Timestamp,
    pub(super) by: ActorWire,
    pub(super) what: HappenedWire,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ActorWire {
    Subject,
    Guardian(String),
    Controller,
    Other(String),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum HappenedWire {
    Requested,
    Deferred,
    Refused,
    Given(Box<TermsWire>),
    Renewed(Box<RenewalWire>),
    PurposeEnded(String),
    Withdrawn,
    Revoked(String),
    Invalidated(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TermsWire {
    purpose: String,
    scope: ScopeWire,
    functions: String,
    notice: NoticeWire,
    shown: Option<ShownWire>,
    guardian: Option<String>,
    relation: Option<String>,
    method: String,
    age: String,
    bundled_with: Option<String>,
    condition: ConditionWire,
    equal_terms: Option<bool>,
    retention: RetentionWire,
    from: Timestamp,
    until: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RenewalWire {
    notice: NoticeWire,
    shown: Option<ShownWire>,
    guardian: Option<String>,
    relation: Option<String>,
    method: String,
    age: String,
    until: Timestamp,
}

impl AskedWire {
    pub(super) fn of(asked: &Asked) -> Self {
        Self {
            v: VERSION,
            purpose: asked.purpose.to_string(),
            scope: ScopeWire::of(&asked.scope),
            notice: NoticeWire::of(&asked.notice),
            previous: asked.previous.map(|id| hex(&id.0)),
        }
    }

    pub(super) fn read(self, subject: SubjectId) -> Option<Asked> {
        let previous = match self.previous {
            Some(text) => Some(ConsentId(unhex(&text)?)),
            None => None,
        };
        Some(Asked {
            subject,
            purpose: self.purpose.parse().ok()?,
            scope: self.scope.read(),
            notice: self.notice.read()?,
            previous,
        })
    }
}

impl TermsWire {
    pub(super) fn of(draft: &ConsentDraft) -> Self {
        let details = &draft.details;
        Self {
            purpose: draft.purpose.to_string(),
            scope: ScopeWire::of(&details.scope),
            functions: details.functions.to_string(),
            notice: NoticeWire::of(&draft.notice),
            shown: details.shown.as_ref().map(ShownWire::of),
            guardian: guardian(&draft.given_by),
            relation: details.relation.map(|r| r.word().to_owned()),
            method: draft.method.0.clone(),
            age: draft.age.word().to_owned(),
            bundled_with: draft.bundled_with.clone(),
            condition: ConditionWire::of(&draft.condition),
            equal_terms: details.equal_terms,
            retention: RetentionWire::of(&details.retention),
            from: draft.from,
            until: draft.until,
        }
    }

    pub(super) fn read(self, subject: SubjectId, given_at: Timestamp) -> Option<ConsentDraft> {
        let purpose: Purpose = self.purpose.parse().ok()?;
        let functions: Functions = self.functions.parse().ok()?;
        Some(ConsentDraft {
            subject,
            purpose,
            notice: self.notice.read()?,
            given_by: self.guardian.map_or(Giver::Subject, Giver::Guardian),
            method: Method(self.method),
            age: self.age.parse().ok()?,
            bundled_with: self.bundled_with,
            condition: self.condition.read(),
            given_at,
            from: self.from,
            until: self.until,
            details: Details {
                scope: self.scope.read(),
                functions,
                retention: self.retention.read(),
                shown: self.shown.map(ShownWire::read),
                equal_terms: self.equal_terms,
                relation: read_relation(self.relation)?,
            },
        })
    }
}

impl RenewalWire {
    pub(super) fn of(renewal: &Renewal) -> Self {
        Self {
            notice: NoticeWire::of(&renewal.notice),
            shown: renewal.shown.as_ref().map(ShownWire::of),
            guardian: guardian(&renewal.given_by),
            relation: renewal.relation.map(|r| r.word().to_owned()),
            method: renewal.method.0.clone(),
            age: renewal.age.word().to_owned(),
            until: renewal.until,
        }
    }

    pub(super) fn read(self) -> Option<Renewal> {
        Some(Renewal {
            notice: self.notice.read()?,
            given_by: self.guardian.map_or(Giver::Subject, Giver::Guardian),
            relation: read_relation(self.relation)?,
            method: Method(self.method),
            age: self.age.parse().ok()?,
            shown: self.shown.map(ShownWire::read),
            until: self.until,
        })
    }
}

fn guardian(giver: &Giver) -> Option<String> {
    match giver {
        Giver::Subject => None,
        Giver::Guardian(name) => Some(name.clone()),
    }
}

/// `None` for a word that is no relation; no word is no relation stated.
fn read_relation(word: Option<String>) -> Option<Option<Relation>> {
    match word {
        Some(word) => word.parse().ok().map(Some),
        None => Some(None),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8);
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    let bytes: Option<Vec<u8>> = pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
        .collect();
    if odd.is_empty() {
        bytes?.try_into().ok()
    } else {
        None
    }
}
