//! A person asks, and is owed an answer: who asked for what, until when, and what came of it.
//!
//! Like a consent, a request is a log of events that is only ever added to; its state is their fold.

mod asker;
mod due;
mod relative;

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

pub use asker::{Asker, Kin, RequestKind};
pub use due::{DUE_IN_DAYS, Regime};
pub use relative::{Relatives, standing_of};

use crate::facts::{parse_hex, write_hex};
use crate::{LawError, SubjectId};

/// One request from its arrival to its answer. A value that exists was received; nothing follows
/// an answer, a refusal or a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    id: RequestId,
    asked: AskedFor,
    events: Vec<RequestEvent>,
}

/// What was asked, by whom, how and when, and under which regime the answer falls due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedFor {
    /// Whose data it is about.
    pub subject: SubjectId,
    /// What is asked for.
    pub kind: RequestKind,
    /// Who asks.
    pub asker: Asker,
    /// What exactly, in words.
    pub details: Option<String>,
    /// How it came in, such as `by letter`.
    pub channel: String,
    /// When it came in: the answer is counted from here, whenever it was recorded.
    pub received: Timestamp,
    /// What says when the answer is due.
    pub regime: Regime,
}

/// One thing that happened to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: RequestHappened,
}

/// What can happen to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestHappened {
    /// It was put on record.
    Received,
    /// The answer will take longer, and the person was told why.
    Extended {
        /// Why.
        reason: String,
    },
    /// It was met. Final.
    Answered {
        /// How, in words.
        note: Option<String>,
    },
    /// It was refused, and the person was told why (PIPL Art. 50, GDPR Art. 12(4)). Final.
    Refused {
        /// Why.
        reason: String,
    },
    /// Whoever asked took it back. Final.
    Withdrawn,
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestState {
    /// Received, not answered.
    Open,
    /// Not answered, and the time for it was extended.
    Extended,
    /// Met.
    Answered,
    /// Refused, with reasons.
    Refused,
    /// Taken back.
    Withdrawn,
}

/// Identifier of a request: opaque and random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub [u8; 16]);

impl Request {
    /// Puts a request on record.
    ///
    /// # Errors
    /// [`LawError::Request`] when something that must be said is blank, when it would have come in
    /// after it was recorded, or when the asker cannot ask for this.
    pub fn receive(id: RequestId, asked: AskedFor, at: Timestamp) -> Result<Self, LawError> {
        refuse_if(
            asked.channel.trim().is_empty(),
            "how it came in is not said; say it with --how",
        )?;
        refuse_if(
            asked.received > at,
            "it would have come in after it was recorded",
        )?;
        let blank = asked.details.as_ref().is_some_and(|d| d.trim().is_empty());
        refuse_if(blank, "what was asked is blank; leave it out or say it")?;
        asked.regime.check()?;
        asked.asker.check(asked.kind)?;
        let what = RequestHappened::Received;
        Ok(Self {
            id,
            asked,
            events: vec![RequestEvent { at, what }],
        })
    }

    /// Adds what happened next.
    ///
    /// # Errors
    /// [`LawError::Request`] when nothing can follow any more, when a reason is owed and none is
    /// given, or when the time can no longer be extended.
    pub fn append(&mut self, event: RequestEvent) -> Result<(), LawError> {
        let state = self.state();
        if state.is_final() {
            return Err(LawError::Request(format!(
                "the request {} was {state} already, and that is final; if they ask again, record a new one",
                self.id
            )));
        }
        match &event.what {
            RequestHappened::Received => {
                return Err(LawError::Request("it was received already".to_owned()));
            }
            RequestHappened::Extended { reason } => {
                refuse_if(reason.trim().is_empty(), REASON_OWED)?;
                refuse_if(
                    state == RequestState::Extended,
                    "its time was extended once already",
                )?;
                refuse_if(
                    event.at >= self.due(),
                    "its time is over; it can be extended only before (GDPR Art. 12(3))",
                )?;
            }
            RequestHappened::Refused { reason } => {
                refuse_if(reason.trim().is_empty(), REASON_OWED)?;
            }
            RequestHappened::Answered { .. } | RequestHappened::Withdrawn => {}
        }
        self.events.push(event);
        Ok(())
    }

    /// Identifier of the request.
    pub fn id(&self) -> RequestId {
        self.id
    }

    /// What was asked.
    pub fn asked(&self) -> &AskedFor {
        &self.asked
    }

    /// Everything that happened, in order; never empty.
    pub fn events(&self) -> &[RequestEvent] {
        &self.events
    }

    /// Where it stands.
    pub fn state(&self) -> RequestState {
        match self.events.last().map(|event| &event.what) {
            Some(RequestHappened::Extended { .. }) => RequestState::Extended,
            Some(RequestHappened::Answered { .. }) => RequestState::Answered,
            Some(RequestHappened::Refused { .. }) => RequestState::Refused,
            Some(RequestHappened::Withdrawn) => RequestState::Withdrawn,
            Some(RequestHappened::Received) | None => RequestState::Open,
        }
    }

    /// The first moment at which an answer is late.
    pub fn due(&self) -> Timestamp {
        let extended =
            |event: &RequestEvent| matches!(event.what, RequestHappened::Extended { .. });
        let extended = self.events.iter().any(extended);
        self.asked.regime.due(self.asked.received, extended)
    }

    /// Whether an answer is owed and late.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        !self.state().is_final() && now >= self.due()
    }
}

const REASON_OWED: &str =
    "no reason is given; whoever asked is owed one (PIPL Art. 50, GDPR Art. 12)";

pub(crate) fn refuse_if(wrong: bool, why: &str) -> Result<(), LawError> {
    if wrong {
        Err(LawError::Request(why.to_owned()))
    } else {
        Ok(())
    }
}

impl RequestState {
    /// Whether nothing can follow.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Answered | Self::Refused | Self::Withdrawn)
    }

    /// The word used in records and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Extended => "extended",
            Self::Answered => "answered",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl fmt::Display for RequestState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl RequestHappened {
    /// The word used in records and on the command line.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Extended { .. } => "extended",
            Self::Answered { .. } => "answered",
            Self::Refused { .. } => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The reason or note that goes with it.
    pub fn said(&self) -> Option<&str> {
        match self {
            Self::Extended { reason } | Self::Refused { reason } => Some(reason),
            Self::Answered { note } => note.as_deref(),
            Self::Received | Self::Withdrawn => None,
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl FromStr for RequestId {
    type Err = LawError;

    fn from_str(text: &str) -> Result<Self, LawError> {
        parse_hex(text).map(Self)
    }
}
