//! What can happen to a consent, and the state that follows: an append-only log, folded.
//!
//! States and their names are those of ISO/IEC TS 27560:2023, Annex B, in the terms of the Data
//! Privacy Vocabulary (DPV) 2.3. Expiry is no event: it follows from the end that was agreed to.

use std::fmt;

use jiff::Timestamp;

use crate::{Age, ConsentDraft, Giver, Method, Notice, Relation, Shown};

/// One thing that happened to one consent record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentEvent {
    /// When.
    pub at: Timestamp,
    /// Who acted.
    pub by: Actor,
    /// What was done.
    pub what: Happened,
}

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The person whose face it is.
    Subject,
    /// A parent or other guardian, named.
    Guardian(String),
    /// Whoever runs the ward.
    Controller,
    /// Somebody else, named, such as a court or an authority.
    Other(String),
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// The person was asked.
    Requested,
    /// The person left the question open.
    Deferred,
    /// The person said no. Final for the record.
    Refused,
    /// The person agreed, to these terms.
    Given(Box<ConsentDraft>),
    /// The person agreed again, to the same terms and notice.
    Renewed(Box<Renewal>),
    /// The purpose is fulfilled or given up (PIPL Art. 47): nothing is processed from then on, and
    /// what is kept goes when the agreed retention is over.
    PurposeEnded {
        /// What ended it.
        reason: String,
    },
    /// The person took the consent back. Final.
    Withdrawn,
    /// Somebody other than the person ended it. Final.
    Revoked {
        /// Why.
        reason: String,
    },
    /// It was found never to have counted. Final.
    Invalidated {
        /// Why.
        reason: String,
    },
}

/// A fresh act by which a consent goes on, from that moment, under the notice it was given under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// What the person was told: the current notice.
    pub notice: Notice,
    /// Who agreed.
    pub given_by: Giver,
    /// What a guardian is to the person.
    pub relation: Option<Relation>,
    /// How they agreed.
    pub method: Method,
    /// Age of the person now.
    pub age: Age,
    /// In which language, when and where the notice was shown.
    pub shown: Option<Shown>,
    /// Valid until, exclusive.
    pub until: Timestamp,
}

/// Where a consent record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConsentState {
    /// Nothing is known of it, or it was given but has not begun.
    Unknown,
    /// Asked, not answered.
    Requested,
    /// Asked, the answer put off.
    Deferred,
    /// Asked, answered with no.
    Refused,
    /// Given, and valid.
    Given,
    /// Given, renewed, and valid.
    Renewed,
    /// Past its end, or the purpose is.
    Expired,
    /// Taken back by the person.
    Withdrawn,
    /// Ended by somebody else.
    Revoked,
    /// Found never to have counted.
    Invalidated,
}

/// The state that follows from the events of one record at this moment.
///
/// What ends a record counts whatever its date: a record that says "withdrawn" is never relied on,
/// even if the clock is set back.
pub fn fold(events: &[ConsentEvent], now: Timestamp) -> ConsentState {
    if let Some(end) = events.iter().find_map(|event| event.what.end()) {
        return end;
    }
    let mut state = ConsentState::Unknown;
    let mut until = Timestamp::MAX;
    for event in events {
        match &event.what {
            Happened::Requested => state = ConsentState::Requested,
            Happened::Deferred => state = ConsentState::Deferred,
            Happened::Given(draft) => {
                let begun = draft.from <= now;
                state = if begun {
                    ConsentState::Given
                } else {
                    ConsentState::Unknown
                };
                until = draft.until;
            }
            Happened::Renewed(renewal) if event.at <= now => {
                state = ConsentState::Renewed;
                until = renewal.until;
            }
            Happened::PurposeEnded { .. } => until = until.min(event.at),
            _ => {}
        }
    }
    if state.is_valid() && now >= until {
        return ConsentState::Expired;
    }
    state
}

impl ConsentState {
    /// Whether a face may be processed on it: given and renewed, and no other.
    pub fn is_valid(self) -> bool {
        matches!(self, Self::Given | Self::Renewed)
    }

    /// Whether nothing can follow in the same record: asking again makes a new one.
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Refused | Self::Withdrawn | Self::Revoked | Self::Invalidated
        )
    }

    /// The word used in records and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Requested => "requested",
            Self::Deferred => "deferred",
            Self::Refused => "refused",
            Self::Given => "given",
            Self::Renewed => "renewed",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Revoked => "revoked",
            Self::Invalidated => "invalidated",
        }
    }

    /// The term of DPV 2.3.
    pub fn dpv(self) -> &'static str {
        match self {
            Self::Unknown => "dpv:ConsentUnknown",
            Self::Requested => "dpv:ConsentRequested",
            Self::Deferred => "dpv:ConsentRequestDeferred",
            Self::Refused => "dpv:ConsentRefused",
            Self::Given => "dpv:ConsentGiven",
            Self::Renewed => "dpv:RenewedConsentGiven",
            Self::Expired => "dpv:ConsentExpired",
            Self::Withdrawn => "dpv:ConsentWithdrawn",
            Self::Revoked => "dpv:ConsentRevoked",
            Self::Invalidated => "dpv:ConsentInvalidated",
        }
    }
}

impl fmt::Display for ConsentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Happened {
    /// The final state this brings about, if it does.
    pub fn end(&self) -> Option<ConsentState> {
        match self {
            Self::Refused => Some(ConsentState::Refused),
            Self::Withdrawn => Some(ConsentState::Withdrawn),
            Self::Revoked { .. } => Some(ConsentState::Revoked),
            Self::Invalidated { .. } => Some(ConsentState::Invalidated),
            _ => None,
        }
    }

    /// The word used in records and on the command line.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Deferred => "deferred",
            Self::Refused => "refused",
            Self::Given(_) => "given",
            Self::Renewed(_) => "renewed",
            Self::PurposeEnded { .. } => "purpose-ended",
            Self::Withdrawn => "withdrawn",
            Self::Revoked { .. } => "revoked",
            Self::Invalidated { .. } => "invalidated",
        }
    }
}

impl From<&Giver> for Actor {
    fn from(giver: &Giver) -> Self {
        match giver {
            Giver::Subject => Self::Subject,
            Giver::Guardian(name) => Self::Guardian(name.clone()),
        }
    }
}

impl Actor {
    /// The kind of actor, without a name.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Guardian(_) => "guardian",
            Self::Controller => "controller",
            Self::Other(_) => "other",
        }
    }

    /// The name, where there is one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Guardian(name) | Self::Other(name) => Some(name),
            Self::Subject | Self::Controller => None,
        }
    }
}
