//! A grant: who agreed to which purpose, after which notice, how, from when, until when.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::facts::{parse_hex, write_hex};
use crate::{LawError, Purpose, SubjectId};

/// The longest validity a consent may be given for, in days (ten years).
///
/// Our limit, not a number in the text: a grant without end is what Art. 11 of Fa Shi \[2021\]
/// No. 15 lets a court strike out, and ISO/IEC TS 27560 asks for a validity after which consent is
/// refreshed.
pub const LONGEST_VALIDITY_DAYS: i64 = 3653;

/// One person's recorded agreement to one purpose. A value that exists has a subject, a purpose, a
/// notice shown before it was given, and an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    id: ConsentId,
    draft: ConsentDraft,
    withdrawn: Option<Timestamp>,
}

/// What has to be known to record a consent; [`Consent::record`] checks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentDraft {
    /// Whose face it is.
    pub subject: SubjectId,
    /// The one purpose agreed to.
    pub purpose: Purpose,
    /// What the person was told.
    pub notice: Notice,
    /// Who agreed.
    pub given_by: Giver,
    /// How they agreed.
    pub method: Method,
    /// Age of the person whose face it is.
    pub age: Age,
    /// Other authorisations asked for in the same act, if any (Art. 4(2): tying).
    pub bundled_with: Option<String>,
    /// Whether the service depended on agreeing (Art. 4(1)).
    pub condition: Condition,
    /// When the agreement was given.
    pub given_at: Timestamp,
    /// Valid from, inclusive.
    pub from: Timestamp,
    /// Valid until, exclusive.
    pub until: Timestamp,
}

/// The notice shown before the agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The operator's name for this version of the text, such as `2026-11`.
    pub version: String,
    /// SHA-256 of the exact bytes that were shown.
    pub sha256: [u8; 32],
}

/// Who agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Giver {
    /// The person whose face it is.
    Subject,
    /// A parent or other guardian, named.
    Guardian(String),
}

/// How the agreement was expressed, in the operator's words, such as `signed on paper`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method(pub String);

/// Age of the person whose face it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// 18 or older.
    Adult,
    /// 14 to 17.
    Minor,
    /// Under 14.
    Under14,
}

/// Whether the service depended on agreeing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Another way was open, and which.
    Alternative(String),
    /// The record does not say.
    Unstated,
    /// No agreement, no service; with the reason why a face is necessary for it, if there is one.
    Required {
        /// Why the service cannot be given without a face.
        necessary_because: Option<String>,
    },
}

impl Consent {
    /// Records a consent under a fresh identifier.
    ///
    /// # Errors
    /// [`LawError::Consent`] when the end is not after the beginning or lies further away than
    /// [`LONGEST_VALIDITY_DAYS`], when validity would begin before the agreement was given, or
    /// when the notice version, the method or a guardian's name is blank.
    pub fn record(id: ConsentId, draft: ConsentDraft) -> Result<Self, LawError> {
        let refuse = |why: &str| Err(LawError::Consent(why.to_owned()));
        let seconds = draft.until.as_second() - draft.from.as_second();
        if seconds <= 0 {
            return refuse("it ends before it begins; give an end after its start");
        }
        if seconds > LONGEST_VALIDITY_DAYS * 86_400 {
            return refuse(
                "it would run for more than ten years; give an earlier end (an unlimited grant is what Art. 11 strikes out)",
            );
        }
        if draft.from < draft.given_at {
            return refuse("it would be valid before it was given; let it start when it was given");
        }
        if draft.notice.version.trim().is_empty() {
            return refuse("the notice has no version; name the text that was shown");
        }
        if draft.method.0.trim().is_empty() {
            return refuse("it does not say how the person agreed");
        }
        let reason = match &draft.condition {
            Condition::Alternative(text) => Some(text),
            Condition::Required { necessary_because } => necessary_because.as_ref(),
            Condition::Unstated => None,
        };
        if reason.is_some_and(|text| text.trim().is_empty()) {
            return refuse(
                "it names no alternative, or no reason why a face is necessary; say which",
            );
        }
        if matches!(&draft.given_by, Giver::Guardian(name) if name.trim().is_empty()) {
            return refuse("the guardian has no name");
        }
        Ok(Self {
            id,
            draft,
            withdrawn: None,
        })
    }

    /// The same consent, withdrawn at this moment; an earlier withdrawal stands.
    #[must_use]
    pub fn withdraw(mut self, at: Timestamp) -> Self {
        self.withdrawn = Some(self.withdrawn.map_or(at, |earlier| earlier.min(at)));
        self
    }

    /// Identifier of the record.
    pub fn id(&self) -> ConsentId {
        self.id
    }

    /// What was recorded when it was given.
    pub fn terms(&self) -> &ConsentDraft {
        &self.draft
    }

    /// When it was withdrawn, if it was.
    pub fn withdrawn(&self) -> Option<Timestamp> {
        self.withdrawn
    }

    /// Where the consent stands in time at `now`.
    pub(crate) fn standing(&self, now: Timestamp) -> Standing {
        match self.withdrawn {
            Some(at) => Standing::Withdrawn(at),
            None if now < self.draft.from => Standing::NotYet,
            None if now >= self.draft.until => Standing::Expired,
            None => Standing::Live,
        }
    }

    /// Whether it is neither withdrawn, nor expired, nor yet to begin at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.standing(now) == Standing::Live
    }
}

/// Where a consent stands in time. A withdrawal counts whatever its date: a record that says
/// "withdrawn" is never relied on, even if the clock is set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Live,
    NotYet,
    Expired,
    Withdrawn(Timestamp),
}

impl Age {
    /// The word used in records and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Adult => "adult",
            Self::Minor => "minor",
            Self::Under14 => "under-14",
        }
    }
}

impl FromStr for Age {
    type Err = LawError;

    fn from_str(text: &str) -> Result<Self, LawError> {
        match text {
            "adult" => Ok(Self::Adult),
            "minor" => Ok(Self::Minor),
            "under-14" => Ok(Self::Under14),
            _ => Err(LawError::Consent(format!(
                "`{text}` is not an age band; say adult, minor (14 to 17) or under-14"
            ))),
        }
    }
}

/// Identifier of a consent record: opaque and random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConsentId(pub [u8; 16]);

impl fmt::Display for ConsentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl FromStr for ConsentId {
    type Err = LawError;

    fn from_str(text: &str) -> Result<Self, LawError> {
        parse_hex(text).map(Self)
    }
}
