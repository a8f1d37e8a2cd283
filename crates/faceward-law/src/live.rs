//! What the live gate knows: facts of the act and of one consent, each with the reason in words.

mod aspect;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::evaluate::Known;
use crate::fact::{State, Value};
use crate::law::{FactId, Law};
use crate::{Age, Operation, Purpose};

pub(crate) use aspect::{Aspect, Tie, Words};

/// Facts for one decision, and why each is so where a reader should be told.
#[derive(Debug, Clone)]
pub(crate) struct Live<'l> {
    law: &'l Law,
    pub(crate) facts: LiveFacts,
}

/// The facts of a [`Live`], apart from the law whose dictionary numbers them.
#[derive(Debug, Clone)]
pub(crate) struct LiveFacts {
    pub(crate) known: Known,
    reasons: Vec<(FactId, Arc<str>)>,
}

impl<'l> Live<'l> {
    /// Nothing is known yet.
    pub(crate) fn new(law: &'l Law) -> Self {
        let known = Known {
            facts: vec![State::NotInIssue; law.facts.len()],
            ..Known::default()
        };
        let reasons = Vec::new();
        Self::over(law, LiveFacts { known, reasons })
    }

    /// These facts, numbered by this law.
    pub(crate) fn over(law: &'l Law, facts: LiveFacts) -> Self {
        Self { law, facts }
    }

    /// The law whose dictionary numbers the facts.
    pub(crate) fn law(&self) -> &'l Law {
        self.law
    }

    /// The words in which a fact's reason was given.
    pub(crate) fn reason(&self, fact: FactId) -> Option<&str> {
        let mut given = self.facts.reasons.iter().rev();
        let given = given.find(|(known, _)| *known == fact);
        given.map(|(_, reason)| &**reason)
    }

    pub(crate) fn yes(&mut self, fact: &str) {
        self.set(fact, Value::Bool(true));
    }

    pub(crate) fn no(&mut self, fact: &str) {
        self.set(fact, Value::Bool(false));
    }

    /// What was stated, if anything was; what was not stays unknown.
    pub(crate) fn told(&mut self, fact: &str, stated: Option<bool>) {
        if let Some(stated) = stated {
            self.set(fact, Value::Bool(stated));
        }
    }

    /// It is so if something was stated in words; otherwise it stays unknown.
    pub(crate) fn shown(&mut self, fact: &str, is_shown: bool) {
        if is_shown {
            self.yes(fact);
        }
    }

    pub(crate) fn bool(&mut self, fact: &str, value: bool, otherwise: &Arc<str>) {
        self.set(fact, Value::Bool(value));
        self.because(fact, otherwise.clone());
    }

    /// Words of a choice; those the dictionary does not have are left out.
    pub(crate) fn words(&mut self, fact: &str, words: &[&str]) {
        if let Some(known) = self.law.fact(fact) {
            let bits = words.iter().filter_map(|word| known.kind.bit(word));
            let bits = bits.fold(0, |all, bit| all | bit);
            self.set(fact, Value::Words(bits));
        }
    }

    pub(crate) fn number(&mut self, fact: &str, number: u64) {
        self.set(fact, Value::Number(number as f64));
    }

    pub(crate) fn date(&mut self, fact: &str, day: Date) {
        self.set(fact, Value::Date(day.to_datetime(Time::midnight())));
    }

    /// Packs that come alone may not define every fact that the gate knows; those go unread.
    pub(crate) fn set(&mut self, fact: &str, value: Value) {
        if let Some(id) = self.law.fact_id(fact)
            && let Some(place) = self.facts.known.facts.get_mut(id.0)
        {
            *place = State::Known(value);
        }
    }

    pub(crate) fn because(&mut self, fact: &str, reason: impl Into<Arc<str>>) {
        if let Some(id) = self.law.fact_id(fact) {
            self.facts.reasons.push((id, reason.into()));
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
            Operation::Detect => (&["analysis"], &["collect", "use"]),
        };
        self.words("frt_function", function);
        self.words("processing_operation", operations);
    }

    /// When it is done, and how many people are held.
    pub(crate) fn moment(&mut self, today: Date, persons_held: u64) {
        self.date("today", today);
        self.number("persons_stored", persons_held);
    }

    /// What a consent amounts to.
    pub(crate) fn consent(&mut self, aspect: Aspect, words: &Words) {
        let counts = aspect.live && aspect.same_purpose && aspect.same_notice;
        self.agreed(counts, &words.lacking);
        let within = aspect.same_purpose && aspect.covers && aspect.age_declared;
        let beyond = if aspect.same_purpose {
            &words.beyond
        } else {
            &words.lacking
        };
        self.within_scope(within, beyond);
        self.told("reconsent_after_change", Some(aspect.same_notice));
        if !aspect.same_notice {
            let why = "the notice changed after the consent was given; ask again";
            self.because("reconsent_after_change", why);
        }
        self.bool("consent_withdrawn", aspect.withdrawn, &words.lacking);
        self.bool("consent_bundled", aspect.bundled, &words.bundled);
        self.bool("consent_distinguishable", !aspect.bundled, &words.bundled);
        self.price_of_service(aspect.condition);
        self.age(aspect.age, aspect.guardian, counts);
    }

    /// Whether somebody agreed, separately and explicitly; what else that says.
    pub(crate) fn agreed(&mut self, agreed: bool, lacking: &Arc<str>) {
        for fact in [
            "consent_obtained",
            "separate_consent_obtained",
            "consent_explicit",
            "consent_demonstrable",
        ] {
            self.bool(fact, agreed, lacking);
        }
        if agreed {
            self.words("art9_gate", &["explicit_consent"]);
            return;
        }
        // What the form would have supplied, had anybody agreed.
        for fact in [
            "consent_informed",
            "written_release",
            "written_consent_obtained",
            "separate_consent_for_transfer",
            "guardian_consent_obtained",
            "parental_authorisation",
        ] {
            self.bool(fact, false, lacking);
        }
        self.because("art9_gate", lacking.clone());
    }

    /// Whether the act stays within what was agreed.
    pub(crate) fn within_scope(&mut self, within: bool, otherwise: &Arc<str>) {
        self.bool("within_consent_scope", within, otherwise);
        self.bool("exceeds_stated_or_agreed_terms", !within, otherwise);
        self.bool("purpose_limited", within, otherwise);
    }

    fn price_of_service(&mut self, tie: Tie) {
        let (refused, necessary) = match tie {
            Tie::Unstated => return,
            Tie::Alternative => (false, false),
            Tie::Required { necessary } => (true, necessary),
        };
        self.told("service_refused_without_consent", Some(refused));
        self.told("service_refused_after_refusal_or_withdrawal", Some(refused));
        self.told("face_necessary_for_service", Some(necessary));
        self.told("consent_voluntary", Some(!refused || necessary));
        if !refused || necessary {
            // Another way does not yet make a dependent person free; that is for the deployment.
            return;
        }
        self.no("consent_given_freely");
        let why: Arc<str> =
            "the service was refused without it, and nothing says that the service needs a face"
                .into();
        for fact in [
            "service_refused_without_consent",
            "service_refused_after_refusal_or_withdrawal",
            "face_necessary_for_service",
            "consent_voluntary",
            "consent_given_freely",
        ] {
            self.because(fact, why.clone());
        }
    }

    fn age(&mut self, age: Age, guardian: bool, counts: bool) {
        self.told("subject_is_minor", Some(age != Age::Adult));
        self.told("subject_under_14", Some(age == Age::Under14));
        // The lowest age of the band: what is not known does not help the operator.
        let at_least = match age {
            Age::Adult => 18,
            Age::Minor => 14,
            Age::Under14 => 0,
        };
        self.number("subject_age", at_least);
        if counts {
            self.told("guardian_consent_obtained", Some(guardian));
            self.told("parental_authorisation", Some(guardian));
        }
        if age == Age::Adult || guardian {
            return;
        }
        let facts = [
            "subject_is_minor",
            "subject_under_14",
            "subject_age",
            "guardian_consent_obtained",
            "parental_authorisation",
        ];
        for fact in facts {
            self.because(fact, "the person is a minor and no guardian agreed");
        }
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
