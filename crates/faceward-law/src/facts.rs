//! Who asks, for which purpose, about whom, with which consents, at what time: plain values.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::{Consent, LawError};

/// What the law wants to know before a face is touched.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What is about to be done.
    pub operation: Operation,
    /// For which declared purpose; `None` only for a declared one-off act.
    pub purpose: Option<&'a Purpose>,
    /// On what the act is said to rest.
    pub basis: Basis<'a>,
    /// The moment of the decision.
    pub now: Timestamp,
    /// How many people's faces are held at that moment.
    pub persons_held: u64,
}

/// On what an act is said to rest.
#[derive(Debug, Clone, Copy)]
pub enum Basis<'a> {
    /// The recorded consents of one person, live or not.
    Recorded {
        /// Whose face it is.
        subject: SubjectId,
        /// Everything on record for this person, in any order.
        consents: &'a [Consent],
    },
    /// The person has died: a consent ends with whoever gave it, and nobody can renew it.
    Deceased {
        /// On which day.
        on: jiff::civil::Date,
    },
    /// A search among people who agreed to this purpose; how many live consents there are.
    Gallery {
        /// Number of people whose consent to this purpose is live now.
        consenting: usize,
    },
    /// The operator states, for this act alone, who agreed and how; nothing may be stored.
    Declared {
        /// The statement in the operator's words; empty means none was made.
        statement: &'a str,
    },
}

/// The operations on a face that need a permit.
///
/// Leaving needs none: withdrawal, deletion and access to one's own data ask only who is speaking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Extract a template and keep it, sealed (collection and storage).
    Enroll,
    /// Compare with the references of one claimed person, 1:1.
    Verify,
    /// Compare with everyone who agreed to the purpose, 1:N.
    Identify,
    /// Compare two pictures once; nothing is kept.
    Compare,
    /// Find where faces are; nothing is compared or kept.
    Detect,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Enroll,
        Self::Verify,
        Self::Identify,
        Self::Compare,
        Self::Detect,
    ];

    /// The word used in records and messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enroll => "enroll",
            Self::Verify => "verify",
            Self::Identify => "identify",
            Self::Compare => "compare",
            Self::Detect => "detect",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The name of a declared purpose, such as `door-access`: 1 to 64 lower-case letters, digits and
/// hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Purpose(String);

impl Purpose {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Purpose {
    type Err = LawError;

    fn from_str(text: &str) -> Result<Self, LawError> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let well_formed = (1..=64).contains(&text.len())
            && text.chars().all(allowed)
            && !text.starts_with('-')
            && !text.ends_with('-');
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(LawError::Purpose(text.to_owned()))
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An opaque, random identifier of a person; it says nothing about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubjectId(pub [u8; 16]);

impl fmt::Display for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl FromStr for SubjectId {
    type Err = LawError;

    fn from_str(text: &str) -> Result<Self, LawError> {
        parse_hex(text).map(Self)
    }
}

pub(crate) fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

pub(crate) fn parse_hex(text: &str) -> Result<[u8; 16], LawError> {
    let wrong = || LawError::Identifier(text.to_owned());
    let well_formed = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if !well_formed {
        return Err(wrong());
    }
    u128::from_str_radix(text, 16)
        .map(u128::to_be_bytes)
        .map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_is_a_short_plain_name() {
        assert!("door-access".parse::<Purpose>().is_ok());
        for bad in ["", "Door", "a b", "-a", "a-", "é", &"x".repeat(65)] {
            let error = bad.parse::<Purpose>().unwrap_err();
            assert!(error.to_string().contains("lower-case"), "{bad}");
        }
    }

    #[test]
    fn identifiers_read_back_as_written() {
        let id = SubjectId([7; 16]);
        assert_eq!(id.to_string().parse::<SubjectId>(), Ok(id));
        for bad in [
            "",
            "07",
            "+0000000000000000000000000000000",
            &"g".repeat(32),
        ] {
            assert!(bad.parse::<SubjectId>().is_err(), "{bad}");
        }
    }
}
