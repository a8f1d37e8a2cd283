//! What a consent says: to what, after which notice, by whom, how, until when, and how far it goes.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::{Functions, LawError, Purpose, SubjectId};

/// The longest validity a consent may be given for, in days (ten years).
///
/// Our limit, not a number in the text: a grant without end is what Art. 11 of Fa Shi \[2021\]
/// No. 15 lets a court strike out, and ISO/IEC TS 27560 asks for a validity after which consent is
/// refreshed.
pub const LONGEST_VALIDITY_DAYS: i64 = 3653;

/// What has to be known to record a consent; [`crate::Consent::record`] checks it.
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
    /// How far it goes and how it was asked; what was not asked in the first records is empty.
    pub details: Details,
}

/// How far a consent goes and how it was asked. The default is what a record that says nothing of
/// it means: processing by the controller alone, verification and identification, data kept as
/// long as the consent holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// The one thing agreed to.
    pub scope: Scope,
    /// What the face may be used for.
    pub functions: Functions,
    /// How long templates may be kept.
    pub retention: Retention,
    /// In which language, when and where the notice was shown.
    pub shown: Option<Shown>,
    /// Whether the alternative was on equal terms; `None` when the record does not say.
    pub equal_terms: Option<bool>,
    /// What the guardian who agreed is to the person.
    pub relation: Option<Relation>,
}

/// The notice shown before the agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The operator's name for this version of the text, such as `2026-11`.
    pub version: String,
    /// SHA-256 of the exact bytes that were shown.
    pub sha256: [u8; 32],
}

/// How the notice was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Language of the text, as a BCP 47 tag such as `zh-Hans` or `de`.
    pub language: String,
    /// When; before the agreement.
    pub at: Timestamp,
    /// Where, such as `at the desk, on a sheet of its own`.
    pub place: String,
}

/// The one thing a consent is to. Each needs a consent of its own: giving to others (PIPL Art. 23),
/// publishing (Art. 25), sending abroad (Art. 39), sending out of the device (CAC measures Art. 8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Scope {
    /// Processing by the controller, for the purpose.
    #[default]
    Processing,
    /// Giving the data to this recipient.
    Recipient {
        /// Who gets them.
        name: String,
        /// How the person reaches the recipient.
        contact: String,
    },
    /// Making the data public.
    Publication,
    /// Sending the data to this country (two letters, ISO 3166-1).
    Abroad {
        /// Where.
        country: String,
    },
    /// Sending the data out of the device that took the picture.
    Egress,
}

/// How long templates may be kept; never longer than the consent holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Retention {
    /// As long as the consent holds.
    #[default]
    WithConsent,
    /// Until this moment, if the consent holds that long.
    Until(Timestamp),
    /// This many days after an event that ends the purpose, such as `the contract ends`.
    After {
        /// Which event.
        event: String,
        /// How many days.
        days: u16,
    },
}

/// What a guardian is to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Mother or father.
    Parent,
    /// Another guardian.
    Guardian,
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

impl Scope {
    /// The word used in records and on the command line.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Processing => "processing",
            Self::Recipient { .. } => "recipient",
            Self::Publication => "publication",
            Self::Abroad { .. } => "abroad",
            Self::Egress => "egress",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Recipient { name, .. } => write!(f, "recipient:{name}"),
            Self::Abroad { country } => write!(f, "abroad:{country}"),
            _ => f.write_str(self.word()),
        }
    }
}

impl Relation {
    /// The word used in records and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Parent => "parent",
            Self::Guardian => "guardian",
        }
    }
}

impl FromStr for Relation {
    type Err = LawError;

    fn from_str(text: &str) -> Result<Self, LawError> {
        match text {
            "parent" => Ok(Self::Parent),
            "guardian" => Ok(Self::Guardian),
            _ => Err(LawError::Consent(format!(
                "`{text}` is no relation; say parent or guardian"
            ))),
        }
    }
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
