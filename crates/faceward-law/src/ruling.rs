//! The answer: a permit or a refusal, each with the provisions that decided it.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::{ConsentId, Operation, Purpose, Rule, SubjectId};

/// The answer of [`crate::Gate::decide`].
#[derive(Debug)]
#[must_use]
pub enum Ruling {
    /// The act may be done, as the permit says.
    Granted(Permit),
    /// The act may not be done.
    Refused(Refusal),
}

/// Leave to do one operation, for one purpose, on one person's face, for a short while.
///
/// Only [`crate::Gate::decide`] makes one, and it can be neither copied nor cloned:
///
/// ```compile_fail
/// # use faceward_law::{Operation, Permit};
/// # let now = jiff::Timestamp::UNIX_EPOCH;
/// let forged = Permit {
///     operation: Operation::Enroll, subject: None, purpose: None, consent: None,
///     map: true, granted: now, expires: now, grounds: [].into(),
/// };
/// ```
#[derive(Debug)]
pub struct Permit {
    pub(crate) operation: Operation,
    pub(crate) subject: Option<SubjectId>,
    pub(crate) purpose: Option<Purpose>,
    pub(crate) consent: Option<ConsentId>,
    pub(crate) map: bool,
    pub(crate) granted: Timestamp,
    pub(crate) expires: Timestamp,
    pub(crate) grounds: Arc<[Ground]>,
}

impl Permit {
    /// Whether this permit covers the act now.
    pub fn covers(
        &self,
        operation: Operation,
        subject: SubjectId,
        purpose: &Purpose,
        now: Timestamp,
    ) -> bool {
        self.operation == operation
            && self.subject == Some(subject)
            && self.purpose.as_ref() == Some(purpose)
            && self.granted <= now
            && now < self.expires
    }

    /// What may be done.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// To whom; `None` for a search as a whole and for a declared one-off act.
    pub fn subject(&self) -> Option<SubjectId> {
        self.subject
    }

    /// For what; `None` for a declared one-off act.
    pub fn purpose(&self) -> Option<&Purpose> {
        self.purpose.as_ref()
    }

    /// The consent it rests on, when it rests on a recorded one.
    pub fn consent(&self) -> Option<ConsentId> {
        self.consent
    }

    /// Whether the face-print map may be kept beside a template: only where the deployment says why
    /// the purpose needs it, and tells it in the notice.
    pub fn allows_map(&self) -> bool {
        self.map
    }

    /// The first moment at which it no longer holds; never later than the end of the consent.
    pub fn expires(&self) -> Timestamp {
        self.expires
    }

    /// The provisions that decided.
    pub fn grounds(&self) -> &[Ground] {
        &self.grounds
    }
}

/// Why an act may not be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub(crate) operation: Operation,
    pub(crate) grounds: Vec<Ground>,
    pub(crate) for_good: bool,
}

impl Refusal {
    /// Whether nothing that anybody could still do would lift it.
    pub fn is_for_good(&self) -> bool {
        self.for_good
    }

    /// What was asked.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// The provisions that decided, the one to mend first in front; never empty.
    pub fn grounds(&self) -> &[Ground] {
        &self.grounds
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, ground) in self.grounds.iter().enumerate() {
            let separator = if position == 0 { "" } else { "; " };
            write!(
                f,
                "{separator}{} ({})",
                ground.finding, ground.rule.citation
            )?;
        }
        Ok(())
    }
}

/// A provision and what was found under it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// The provision.
    pub rule: Arc<Rule>,
    /// What was found, in a clause a person can read.
    pub finding: String,
}
