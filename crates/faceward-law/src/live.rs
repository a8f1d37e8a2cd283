//! What the live gate knows: facts of the act and of one consent, each with the reason in words.

use jiff::Timestamp;

use crate::consent::Standing;
use crate::evaluate::Known;
use crate::fact::{State, Value};
use crate::law::{FactId, Law};
use crate::{Age, Condition, Consent, Giver, Operation, Purpose};

/// Facts for one decision, and why each is so where a reader should be told.
#[derive(Debug, Clone)]
pub(crate) struct Live<'l> {
    law: &'l Law,
    pub(crate) known: Known,
    reasons: Vec<(FactId, String)>,
}

impl<'l> Live<'l> {
    /// Nothing is known yet.
    pub(crate) fn new(law: &'l Law) -> Self {
        Self {
            law,
            known: Known {
                facts: vec![State::NotInIssue; law.facts.len()],
                ..Known::default()
            },
            reasons: Vec::new(),
        }
    }

    /// The words in which a fact's reason was given.
    pub(crate) fn reason(&self, fact: FactId) -> Option<&str> {
        let given = self.reasons.iter().rev().find(|(known, _)| *known == fact);
        given.map(|(_, reason)| reason.as_str())
    }

    pub(crate) fn yes(&mut self, fact: &str) {
        self.set(fact, Value::Bool(true));
    }

    pub(crate) fn no(&mut self, fact: &str) {
        self.set(fact, Value::Bool(false));
    }

    pub(crate) fn bool(&mut self, fact: &str, value: bool, otherwise: &str) {
        self.set(fact, Value::Bool(value));
        self.because(fact, otherwise);
    }

    /// Words of a choice; those the dictionary does not have are left out.
    pub(crate) fn words(&mut self, fact: &str, words: &[&str]) {
        if let Some(known) = self.law.fact(fact) {
            let bits = words.iter().filter_map(|word| known.kind.bit(word));
            let bits = bits.fold(0, |all, bit| all | bit);
            self.set(fact, Value::Words(bits));
        }
    }

    /// Packs that come alone may not define every fact that the gate knows; those go unread.
    pub(crate) fn set(&mut self, fact: &str, value: Value) {
        if let Some(id) = self.law.fact_id(fact)
            && let Some(place) = self.known.facts.get_mut(id.0)
        {
            *place = State::Known(value);
        }
    }

    pub(crate) fn because(&mut self, fact: &str, reason: &str) {
        if let Some(id) = self.law.fact_id(fact) {
            self.reasons.push((id, reason.to_owned()));
        }
    }

    /// What is about to be done.
    pub(crate) fn act(&mut self, operation: Operation) {
        self.yes("uses_frt");
        self.yes("processed_claimant_face_info");
        let (function, operations): (&[&str], &[&str]) = match operation {
            Operation::Enroll => (&["verification", "identification"], &["collect", "store"]),
            Operation::Verify | Operation::Compare => (&["verification"], &["collect", "use"]),
            Operation::Identify => (&["identification"], &["collect", "use"]),
            Operation::Detect => (&[], &["collect", "use"]),
        };
        self.words("frt_function", function);
        self.words("processing_operation", operations);
    }

    /// What one consent amounts to for this purpose now.
    pub(crate) fn consent(
        &mut self,
        consent: &Consent,
        operation: Operation,
        purpose: &Purpose,
        now: Timestamp,
    ) {
        let terms = consent.terms();
        let standing = consent.standing(now);
        let same_purpose = terms.purpose == *purpose;
        let live = standing == Standing::Live;
        let lacking = match standing {
            _ if !same_purpose => other_purpose(&[terms.purpose.as_str()], purpose),
            Standing::Withdrawn(at) => {
                format!("the consent was {} on {}", consent.state(now), said(at))
            }
            Standing::Expired => format!("the consent ended on {}; ask again", said(terms.until)),
            Standing::NotYet => format!("the consent begins only on {}", said(terms.from)),
            Standing::Live => String::new(),
        };
        self.agreed(live && same_purpose, &lacking);
        let details = &terms.details;
        let beyond = format!(
            "the consent is to {}, for {}; that does not cover it",
            details.scope, details.functions
        );
        match same_purpose {
            true => self.within_scope(consent.covers(operation), &beyond),
            false => self.within_scope(false, &lacking),
        }
        self.bool(
            "consent_withdrawn",
            matches!(standing, Standing::Withdrawn(_)),
            &lacking,
        );
        let bundled = terms.bundled_with.as_deref();
        self.bool(
            "consent_bundled",
            bundled.is_some(),
            &format!(
                "it was asked together with: {}",
                bundled.unwrap_or_default()
            ),
        );
        self.bool(
            "consent_distinguishable",
            bundled.is_none(),
            "it was not asked for on its own",
        );
        self.price_of_service(&terms.condition);
        self.age(terms.age, &terms.given_by);
    }

    /// Whether somebody agreed, separately and explicitly; what else that says.
    pub(crate) fn agreed(&mut self, agreed: bool, lacking: &str) {
        for fact in [
            "consent_obtained",
            "separate_consent_obtained",
            "consent_explicit",
            "consent_demonstrable",
            "written_release",
        ] {
            self.bool(fact, agreed, lacking);
        }
        self.words(
            "art9_gate",
            &[if agreed { "explicit_consent" } else { "none" }],
        );
        self.because("art9_gate", lacking);
        if !agreed {
            self.no("guardian_consent_obtained");
            self.because("guardian_consent_obtained", lacking);
        }
    }

    /// Whether the act stays within what was agreed.
    pub(crate) fn within_scope(&mut self, within: bool, otherwise: &str) {
        self.bool("within_consent_scope", within, otherwise);
        self.bool("exceeds_stated_or_agreed_terms", !within, otherwise);
        self.bool("purpose_limited", within, otherwise);
    }

    fn price_of_service(&mut self, condition: &Condition) {
        let refused = matches!(condition, Condition::Required { .. });
        let necessary = matches!(
            condition,
            Condition::Required {
                necessary_because: Some(_)
            }
        );
        let why =
            "the service was refused without it, and nothing says that the service needs a face";
        self.bool("service_refused_without_consent", refused, why);
        self.bool("face_necessary_for_service", necessary, why);
        self.bool("consent_voluntary", !refused || necessary, why);
        self.bool("consent_given_freely", !refused || necessary, why);
    }

    fn age(&mut self, age: Age, giver: &Giver) {
        let guardian = matches!(giver, Giver::Guardian(_));
        let why = "the person is a minor and no guardian agreed";
        self.bool("subject_is_minor", age != Age::Adult, why);
        self.bool("subject_under_14", age == Age::Under14, why);
        if self.known_to_be("consent_obtained") {
            self.bool("guardian_consent_obtained", guardian, why);
            self.bool("parental_authorisation", guardian, why);
        }
    }

    fn known_to_be(&self, fact: &str) -> bool {
        let id = self.law.fact_id(fact);
        let state = id.and_then(|id| self.known.facts.get(id.0));
        matches!(state, Some(State::Known(Value::Bool(true))))
    }
}

/// That the consents on record are for other purposes.
pub(crate) fn other_purpose(agreed: &[&str], purpose: &Purpose) -> String {
    format!(
        "the consent on record is for `{}`, not for `{purpose}`",
        agreed.join("`, `")
    )
}

/// A moment as a reader wants it.
pub(crate) fn said(at: Timestamp) -> impl std::fmt::Display {
    at.strftime("%Y-%m-%d %H:%M:%S UTC")
}
