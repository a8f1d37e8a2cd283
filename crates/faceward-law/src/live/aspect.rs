//! What of a consent decides, and the words in which it is explained.

use std::sync::Arc;

use jiff::Timestamp;

use super::{other_purpose, said};
use crate::consent::Standing;
use crate::{Age, Condition, Consent, Giver, Operation, Purpose};

/// What of a consent decides: two consents that are alike in this are decided alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Aspect {
    pub(crate) live: bool,
    pub(crate) withdrawn: bool,
    pub(crate) same_purpose: bool,
    pub(crate) same_notice: bool,
    pub(crate) bundled: bool,
    pub(crate) condition: Tie,
    pub(crate) age: Age,
    pub(crate) guardian: bool,
    /// Whether it is to this operation.
    pub(crate) covers: bool,
    /// Whether people of this age take part at all.
    pub(crate) age_declared: bool,
}

/// How a consent was tied to a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tie {
    /// Another way was open.
    Alternative,
    /// The record does not say; what the deployment says stands.
    Unstated,
    /// No agreement, no service.
    Required { necessary: bool },
}

/// What an aspect leaves out: the words in which it is explained.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    pub(crate) lacking: Arc<str>,
    pub(crate) bundled: Arc<str>,
    pub(crate) beyond: Arc<str>,
}

impl Aspect {
    /// What of this consent decides about this purpose now.
    pub(crate) fn of(
        consent: &Consent,
        operation: Operation,
        purpose: &Purpose,
        now: Timestamp,
        same_notice: bool,
        age_declared: bool,
    ) -> Self {
        let terms = consent.terms();
        let standing = consent.standing(now);
        Self {
            live: standing == Standing::Live,
            withdrawn: matches!(standing, Standing::Withdrawn(_)),
            same_purpose: terms.purpose == *purpose,
            same_notice,
            bundled: terms.bundled_with.is_some(),
            condition: match &terms.condition {
                Condition::Alternative(_) => Tie::Alternative,
                Condition::Unstated => Tie::Unstated,
                Condition::Required { necessary_because } => Tie::Required {
                    necessary: necessary_because.is_some(),
                },
            },
            age: terms.age,
            guardian: matches!(terms.given_by, Giver::Guardian(_)),
            covers: consent.covers(operation),
            age_declared,
        }
    }
}

impl Words {
    /// The words in which this aspect of a consent is explained.
    pub(crate) fn of(aspect: Aspect, consent: &Consent, purpose: &Purpose, now: Timestamp) -> Self {
        let terms = consent.terms();
        let lacking = match consent.standing(now) {
            _ if !aspect.same_purpose => other_purpose(&[terms.purpose.as_str()], purpose),
            Standing::Withdrawn(at) => {
                format!("the consent was {} on {}", consent.state(now), said(at))
            }
            Standing::Expired => format!("the consent ended on {}; ask again", said(terms.until)),
            Standing::NotYet => format!("the consent begins only on {}", said(terms.from)),
            Standing::Live if !aspect.same_notice => format!(
                "the consent was given after notice `{}`, which is not the one in use now",
                terms.notice.version
            ),
            Standing::Live => String::new(),
        };
        let bundled = terms.bundled_with.as_deref();
        let bundled = bundled.map_or_else(String::new, |with| {
            format!("it was asked together with: {with}")
        });
        let details = &terms.details;
        let beyond = match (aspect.age_declared, aspect.covers) {
            (true, true) => String::new(),
            (false, _) => "the deployment declares that nobody under 18 takes part".to_owned(),
            (true, false) => format!(
                "the consent is to {}, for {}; that does not cover it",
                details.scope, details.functions
            ),
        };
        Self {
            lacking: lacking.into(),
            bundled: bundled.into(),
            beyond: beyond.into(),
        }
    }
}
