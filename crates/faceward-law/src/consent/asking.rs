//! Does a consent still count under what is offered today, and may a person be asked again?

use std::fmt;

use jiff::Timestamp;

use crate::{
    Consent, ConsentRecord, ConsentState, Details, Functions, Happened, LawError, Notice, Purpose,
    Retention, Scope,
};

/// What a person is, or would be, asked to agree to today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The one purpose.
    pub purpose: Purpose,
    /// The current notice.
    pub notice: Notice,
    /// The one thing asked for.
    pub scope: Scope,
    /// What the face would be used for.
    pub functions: Functions,
    /// How long templates would be kept.
    pub retention: Retention,
}

/// Why a consent does not carry an offer, so that the person has to be asked anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskAnew {
    /// It is for another purpose (Fa Shi \[2021\] No. 15, Art. 2(4); PIPL Art. 14).
    OtherPurpose(Purpose),
    /// It is to something else (PIPL Art. 23, 25, 39).
    OtherScope(Scope),
    /// The notice has changed (PIPL Art. 14): the version agreed to, and the current one.
    OtherNotice(String, String),
    /// More would be done with the face than was agreed to.
    MoreFunctions(Functions),
    /// Templates would be kept longer, or for another reason, than was agreed to.
    OtherRetention,
    /// It is not valid any more, or not yet.
    NotValid(ConsentState),
}

/// Everything for which this consent does not carry the offer; empty while it still counts.
///
/// Doing less than was agreed to is within the consent: fewer functions are no reason.
pub fn ask_anew(consent: &Consent, offer: &Offer, now: Timestamp) -> Vec<AskAnew> {
    let terms = consent.terms();
    let state = consent.state(now);
    let reasons = [
        (terms.purpose != offer.purpose).then(|| AskAnew::OtherPurpose(terms.purpose.clone())),
        (terms.details.scope != offer.scope)
            .then(|| AskAnew::OtherScope(terms.details.scope.clone())),
        (terms.notice.sha256 != offer.notice.sha256).then(|| {
            AskAnew::OtherNotice(terms.notice.version.clone(), offer.notice.version.clone())
        }),
        (!offer.functions.within(terms.details.functions))
            .then_some(AskAnew::MoreFunctions(terms.details.functions)),
        (!retention_within(&offer.retention, &terms.details)).then_some(AskAnew::OtherRetention),
        (!state.is_valid()).then_some(AskAnew::NotValid(state)),
    ];
    reasons.into_iter().flatten().collect()
}

fn retention_within(offered: &Retention, agreed: &Details) -> bool {
    match (offered, &agreed.retention) {
        // Whatever ends with the consent at the latest is within keeping as long as it holds.
        (_, Retention::WithConsent) => true,
        (Retention::Until(offered), Retention::Until(agreed)) => offered <= agreed,
        (
            Retention::After { event, days },
            Retention::After {
                event: agreed_event,
                days: agreed_days,
            },
        ) => event == agreed_event && days <= agreed_days,
        _ => false,
    }
}

/// Whether this person may be asked for this: not while an answer is open, and not again after a
/// refusal, unless the notice has changed since, or the person agreed of their own accord.
///
/// # Errors
/// [`LawError::AskedBefore`] after a refusal, [`LawError::Consent`] while an answer is open.
pub fn may_ask(
    records: &[ConsentRecord],
    purpose: &Purpose,
    scope: &Scope,
    notice: &Notice,
) -> Result<(), LawError> {
    let about = |record: &&ConsentRecord| {
        let asked = record.asked();
        asked.purpose == *purpose && asked.scope == *scope
    };
    let given_since = |refused: Timestamp| {
        let since = |record: &ConsentRecord| record.given().is_some_and(|d| d.given_at >= refused);
        records.iter().filter(about).any(since)
    };
    for record in records.iter().filter(about) {
        let same_notice = record.asked().notice.sha256 == notice.sha256;
        let Some(last) = record.events().last() else {
            continue;
        };
        match last.what {
            Happened::Refused if same_notice && !given_since(last.at) => {
                return Err(LawError::AskedBefore {
                    purpose: purpose.to_string(),
                    refused: last.at,
                });
            }
            Happened::Requested if same_notice => {
                return Err(LawError::Consent(format!(
                    "the person was asked on {} and has not answered yet; record the answer",
                    last.at
                )));
            }
            _ => {}
        }
    }
    Ok(())
}

impl fmt::Display for AskAnew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherPurpose(agreed) => write!(f, "it is for the purpose `{agreed}`"),
            Self::OtherScope(agreed) => write!(f, "it is to `{agreed}`"),
            Self::OtherNotice(agreed, current) => write!(
                f,
                "the notice has changed: `{agreed}` was agreed to, `{current}` is shown now (PIPL Art. 14)"
            ),
            Self::MoreFunctions(agreed) => write!(f, "it covers only {agreed}"),
            Self::OtherRetention => {
                f.write_str("templates would be kept longer than was agreed to")
            }
            Self::NotValid(state) => write!(f, "it is {state}"),
        }
    }
}
