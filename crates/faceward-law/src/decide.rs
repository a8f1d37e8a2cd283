//! Facts in, a ruling out. The default is to refuse.

use jiff::{SignedDuration, Timestamp};

use crate::consent::Standing;
use crate::rule::*;
use crate::{
    Age, Basis, Condition, Consent, Facts, Giver, Ground, Operation, Permit, Purpose, Refusal,
    Rule, Ruling, SubjectId,
};

/// How long a permit holds, in seconds, unless the consent ends sooner.
pub const PERMIT_LIFETIME_SECONDS: i64 = 60;

/// Decides whether an act may be done.
///
/// A recorded consent counts only if it is for this purpose, live now, separate, freely given, and
/// given by the guardian where the person is a minor. One consent that counts is enough; where
/// none does, the refusal speaks of the one that came closest.
pub fn decide(facts: &Facts<'_>) -> Ruling {
    match facts.basis {
        Basis::Recorded { subject, consents } => on_record(facts, subject, consents),
        Basis::Gallery { consenting } => on_gallery(facts, consenting),
        Basis::Declared { statement } => on_declaration(facts, statement),
    }
}

fn on_record(facts: &Facts<'_>, subject: SubjectId, consents: &[Consent]) -> Ruling {
    let Some(purpose) = facts.purpose else {
        return refuse(facts, vec![ground(&ART_2_4, "no purpose was stated")]);
    };
    let own = || consents.iter().filter(|c| c.terms().subject == subject);
    let mut closest: Option<Vec<Ground>> = None;
    for consent in own().filter(|c| c.terms().purpose == *purpose) {
        let objections = objections(consent, facts.operation, facts.now);
        if objections.is_empty() {
            return Ruling::Granted(permit_on(facts, consent));
        }
        if closest.as_ref().is_none_or(|c| objections.len() < c.len()) {
            closest = Some(objections);
        }
    }
    let grounds = closest.unwrap_or_else(|| no_consent(own(), purpose));
    refuse(facts, with_burden(grounds))
}

fn on_gallery(facts: &Facts<'_>, consenting: usize) -> Ruling {
    match facts.purpose {
        Some(purpose) if consenting > 0 && facts.operation == Operation::Identify => {
            Ruling::Granted(Permit {
                operation: facts.operation,
                subject: None,
                purpose: Some(purpose.clone()),
                consent: None,
                granted: facts.now,
                expires: lifetime_from(facts.now),
                grounds: vec![ground(
                    &ART_5_4,
                    "only people who agreed to this purpose are searched; of a face that matches nobody nothing is kept",
                )],
            })
        }
        Some(purpose) => refuse(
            facts,
            with_burden(vec![ground(
                &ART_2_3,
                format!(
                    "nobody who is enrolled for `{purpose}` has a live consent, so there is nobody to search"
                ),
            )]),
        ),
        None => refuse(facts, vec![ground(&ART_2_4, "no purpose was stated")]),
    }
}

fn on_declaration(facts: &Facts<'_>, statement: &str) -> Ruling {
    let keeps_nothing = matches!(facts.operation, Operation::Compare | Operation::Detect);
    if !keeps_nothing {
        return refuse(
            facts,
            with_burden(vec![ground(
                &ART_2_3,
                "a one-off statement cannot carry an act that keeps or searches faces; record a consent",
            )]),
        );
    }
    if statement.trim().is_empty() {
        return refuse(
            facts,
            with_burden(vec![ground(
                &ART_2_3,
                "nobody has stated who agreed to this, and how",
            )]),
        );
    }
    Ruling::Granted(Permit {
        operation: facts.operation,
        subject: None,
        purpose: facts.purpose.cloned(),
        consent: None,
        granted: facts.now,
        expires: lifetime_from(facts.now),
        grounds: vec![
            ground(
                &ART_5_4,
                "the operator states a consent for this one act; nothing is kept",
            ),
            ground(&ART_6_2, "whoever made the statement will have to prove it"),
        ],
    })
}

/// Everything that stands against relying on this consent now; empty when it counts.
fn objections(consent: &Consent, operation: Operation, now: Timestamp) -> Vec<Ground> {
    let terms = consent.terms();
    let mut found = Vec::new();
    if !consent.covers(operation) {
        let (scope, functions) = (&terms.details.scope, terms.details.functions);
        found.push(ground(
            &ART_2_4,
            format!("the consent is to {scope}, for {functions}; that does not cover it"),
        ));
    }
    match consent.standing(now) {
        Standing::Live => {}
        Standing::Withdrawn(at) => {
            found.push(ground(
                &ART_2_3,
                format!("the consent was {} on {}", consent.state(now), said(at)),
            ));
        }
        Standing::Expired => {
            found.push(ground(
                &ART_2_3,
                format!("the consent ended on {}", said(terms.until)),
            ));
            found.push(ground(&ART_11, "a consent is not without end; ask again"));
        }
        Standing::NotYet => {
            found.push(ground(
                &ART_2_3,
                format!("the consent begins only on {}", said(terms.from)),
            ));
        }
    }
    if let Some(other) = &terms.bundled_with {
        found.push(ground(
            &ART_4_2,
            format!("it was asked together with: {other}"),
        ));
    }
    if terms.condition
        == (Condition::Required {
            necessary_because: None,
        })
    {
        found.push(ground(
            &ART_4_1,
            "the service was refused without it, and nothing says that the service needs a face",
        ));
    }
    if terms.age != Age::Adult && terms.given_by == Giver::Subject {
        found.push(ground(
            &ART_2_3_MINOR,
            "the person is a minor and no guardian agreed",
        ));
    }
    found
}

fn no_consent<'c>(own: impl Iterator<Item = &'c Consent>, purpose: &Purpose) -> Vec<Ground> {
    let mut agreed: Vec<&str> = own.map(|c| c.terms().purpose.as_str()).collect();
    agreed.sort_unstable();
    agreed.dedup();
    if agreed.is_empty() {
        vec![ground(
            &ART_2_3,
            format!("there is no consent on record for `{purpose}`"),
        )]
    } else {
        vec![ground(
            &ART_2_4,
            format!(
                "the consent on record is for `{}`, not for `{purpose}`",
                agreed.join("`, `")
            ),
        )]
    }
}

fn permit_on(facts: &Facts<'_>, consent: &Consent) -> Permit {
    let terms = consent.terms();
    Permit {
        operation: facts.operation,
        subject: Some(terms.subject),
        purpose: Some(terms.purpose.clone()),
        consent: Some(consent.id()),
        granted: facts.now,
        expires: lifetime_from(facts.now).min(terms.until),
        grounds: vec![ground(
            &ART_5_4,
            format!(
                "within the separate consent for `{}` until {}",
                terms.purpose,
                said(terms.until)
            ),
        )],
    }
}

fn with_burden(mut grounds: Vec<Ground>) -> Vec<Ground> {
    grounds.push(ground(
        &ART_6_2,
        "the burden of proving consent is on whoever processes the face",
    ));
    grounds
}

fn refuse(facts: &Facts<'_>, grounds: Vec<Ground>) -> Ruling {
    Ruling::Refused(Refusal {
        operation: facts.operation,
        grounds,
    })
}

/// A moment as a reader wants it.
fn said(at: Timestamp) -> impl std::fmt::Display {
    at.strftime("%Y-%m-%d %H:%M:%S UTC")
}

fn ground(rule: &'static Rule, finding: impl Into<String>) -> Ground {
    Ground {
        rule,
        finding: finding.into(),
    }
}

fn lifetime_from(now: Timestamp) -> Timestamp {
    now.saturating_add(SignedDuration::from_secs(PERMIT_LIFETIME_SECONDS))
        .unwrap_or(Timestamp::MAX)
}
