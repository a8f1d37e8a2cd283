//! The live gate: the packs asked about an act that is about to be done. The default is to refuse.

use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::conduct::Conduct;
use crate::evaluate::{Evaluation, Mode, Outcome, Question, Role, Why, evaluate};
use crate::expression::Test;
use crate::fact::Party;
use crate::live::{Live, other_purpose, said};
use crate::pack::Pack;
use crate::rule::{Effect, Rule};
use crate::{
    Basis, Consent, Facts, Ground, Law, LawError, Operation, Permit, Purpose, Refusal, Ruling,
    SubjectId,
};

/// How long a permit holds, in seconds, unless the consent ends sooner.
pub const PERMIT_LIFETIME_SECONDS: i64 = 60;

/// The packs that are asked before every act on a face.
#[derive(Debug, Clone)]
pub struct Gate {
    law: Arc<Law>,
    packs: Vec<String>,
}

impl Gate {
    /// The gate of a controller who declared no deployment: judged under Fa Shi \[2021\] No. 15
    /// alone, on what the consents themselves record.
    ///
    /// # Errors
    /// [`LawError::Pack`] when a built-in pack cannot be read, which tests rule out.
    pub fn undeclared() -> Result<Self, LawError> {
        Ok(Self {
            law: Law::built_in()?,
            packs: vec!["cn-spc-2021-15".to_owned()],
        })
    }

    /// Decides whether an act may be done.
    ///
    /// Every pack is asked on the facts of this moment. Nothing that is unknown helps whoever
    /// processes the face; each pack must find a ground to permit the act, and none may object.
    /// One consent that counts is enough; where none does, the refusal speaks of the one that came
    /// closest.
    pub fn decide(&self, facts: &Facts<'_>) -> Ruling {
        let mut live = self.live(facts.operation);
        let Some(purpose) = facts.purpose else {
            return self.on_declaration(facts, live);
        };
        match facts.basis {
            Basis::Recorded { subject, consents } => {
                self.on_record(facts, &live, purpose, subject, consents)
            }
            Basis::Deceased { on } => self.on_deceased(facts, &live, on),
            Basis::Gallery { consenting } => {
                let lacking = format!(
                    "nobody who is enrolled for `{purpose}` has a live consent, so there is nobody to search"
                );
                let agreed = consenting > 0 && facts.operation == Operation::Identify;
                live.agreed(agreed, &lacking);
                live.within_scope(true, "");
                live.harmless();
                let finding = "only people who agreed to this purpose are searched; of a face that matches nobody nothing is kept";
                self.ruling(facts, &live, None, finding)
            }
            Basis::Declared { .. } => self.on_declaration(facts, live),
        }
    }

    fn live(&self, operation: Operation) -> Live<'_> {
        let mut live = Live::new(&self.law);
        live.act(operation);
        live.undeclared();
        live
    }

    fn on_record(
        &self,
        facts: &Facts<'_>,
        base: &Live<'_>,
        purpose: &Purpose,
        subject: SubjectId,
        consents: &[Consent],
    ) -> Ruling {
        let own = || consents.iter().filter(|c| c.terms().subject == subject);
        let mut closest: Option<Refusal> = None;
        for consent in own().filter(|c| c.terms().purpose == *purpose) {
            let mut live = base.clone();
            live.harmless();
            live.consent(consent, facts.operation, purpose, facts.now);
            let finding = format!(
                "within the separate consent for `{purpose}` until {}",
                said(consent.terms().until)
            );
            match self.ruling(facts, &live, Some(consent), &finding) {
                Ruling::Granted(permit) => return Ruling::Granted(permit),
                Ruling::Refused(refusal) => {
                    let fewer = |known: &Refusal| refusal.grounds.len() < known.grounds.len();
                    if closest.as_ref().is_none_or(fewer) {
                        closest = Some(refusal);
                    }
                }
            }
        }
        if let Some(refusal) = closest {
            return Ruling::Refused(refusal);
        }
        let mut agreed: Vec<&str> = own().map(|c| c.terms().purpose.as_str()).collect();
        agreed.sort_unstable();
        agreed.dedup();
        let mut live = base.clone();
        live.harmless();
        let lacking = if agreed.is_empty() {
            live.within_scope(true, "");
            format!("there is no consent on record for `{purpose}`")
        } else {
            let lacking = other_purpose(&agreed, purpose);
            live.within_scope(false, &lacking);
            lacking
        };
        live.agreed(false, &lacking);
        self.ruling(facts, &live, None, "")
    }

    /// Whatever was agreed: nobody is left whose consent it would be.
    fn on_deceased(&self, facts: &Facts<'_>, base: &Live<'_>, on: jiff::civil::Date) -> Ruling {
        let mut live = base.clone();
        let lacking = format!(
            "the person died on {on}; a consent ends with whoever gave it, and nobody can renew it"
        );
        live.harmless();
        live.agreed(false, &lacking);
        live.within_scope(false, &lacking);
        self.ruling(facts, &live, None, "")
    }

    /// A one-off act that rests on what the operator states; it may keep and search nothing.
    fn on_declaration(&self, facts: &Facts<'_>, mut live: Live<'_>) -> Ruling {
        let statement = match facts.basis {
            Basis::Declared { statement } => statement.trim(),
            Basis::Recorded { .. } | Basis::Deceased { .. } | Basis::Gallery { .. } => "",
        };
        let keeps_nothing = matches!(facts.operation, Operation::Compare | Operation::Detect);
        let lacking = match (keeps_nothing, facts.basis) {
            (false, Basis::Declared { .. }) => {
                "a one-off statement cannot carry an act that keeps or searches faces; record a consent"
            }
            (true, _) => "nobody has stated who agreed to this, and how",
            (false, _) => "no purpose was stated",
        };
        let agreed = keeps_nothing && !statement.is_empty();
        live.harmless();
        live.agreed(agreed, lacking);
        live.within_scope(agreed, lacking);
        self.ruling(
            facts,
            &live,
            None,
            "the operator states a consent for this one act, and will have to prove it; nothing is kept",
        )
    }

    /// Asks every pack.
    fn ruling(
        &self,
        facts: &Facts<'_>,
        live: &Live<'_>,
        consent: Option<&Consent>,
        finding: &str,
    ) -> Ruling {
        let today = facts.now.to_zoned(TimeZone::UTC).date();
        let conduct = Conduct::on(today);
        let mut objections = Vec::new();
        let mut permits = Vec::new();
        for id in &self.packs {
            // A pack that is not there cannot say yes.
            let Ok(pack) = self.law.pack(id) else {
                continue;
            };
            let question = Question {
                law: &self.law,
                pack,
                known: &live.known,
                conduct: &conduct,
                mode: Mode::Live,
                benefit: &[],
            };
            let evaluation = evaluate(question);
            let permitted = permit_of(pack, &evaluation);
            objections.extend(objections_of(
                question,
                &evaluation,
                live,
                permitted.is_some(),
            ));
            permits.extend(permitted.map(|rule| Ground {
                rule,
                finding: finding.to_owned(),
            }));
        }
        let terms = consent.map(Consent::terms);
        if objections.is_empty() && permits.len() == self.packs.len() && !permits.is_empty() {
            let expires = lifetime_from(facts.now);
            Ruling::Granted(Permit {
                operation: facts.operation,
                subject: terms.map(|terms| terms.subject),
                purpose: facts.purpose.cloned(),
                consent: consent.map(Consent::id),
                granted: facts.now,
                expires: terms.map_or(expires, |terms| expires.min(terms.until)),
                grounds: permits,
            })
        } else {
            Ruling::Refused(Refusal {
                operation: facts.operation,
                grounds: objections,
            })
        }
    }
}

/// The rule of a pack that permits the act.
fn permit_of(pack: &Pack, evaluation: &Evaluation) -> Option<Arc<Rule>> {
    let decided = pack.rules.iter().zip(&evaluation.outcomes);
    let mut permitting = decided.filter(|(rule, outcome)| {
        **outcome == Outcome::MadeOut
            && rule.live
            && pack.conclusion_of(rule).effect == Effect::Permits
    });
    permitting.next().map(|(rule, _)| rule.clone())
}

/// What stands against the act under a pack: the live rules that are made out against whoever
/// processes the face, then the rule that puts the burden on them; or, where nothing stands
/// against it and nothing permits it either, that.
fn objections_of(
    question: Question<'_>,
    evaluation: &Evaluation,
    live: &Live<'_>,
    permitted: bool,
) -> Vec<Ground> {
    let pack = question.pack;
    let mut grounds: Vec<Ground> = Vec::new();
    let mut burdens: Vec<Arc<Rule>> = Vec::new();
    let mut object = |rule: &Arc<Rule>| {
        let (finding, allocating) = explain(question, evaluation, live, rule);
        grounds.push(Ground {
            rule: rule.clone(),
            finding,
        });
        for at in allocating {
            if let Some(burden) = pack.rules.get(at)
                && !burdens.contains(burden)
            {
                burdens.push(burden.clone());
            }
        }
    };
    for (rule, outcome) in pack.rules.iter().zip(&evaluation.outcomes) {
        let against = pack.conclusion_of(rule).favours == Some(Party::Claimant);
        if *outcome == Outcome::MadeOut && rule.live && against {
            object(rule);
        }
    }
    if !permitted {
        let permits =
            |rule: &&Arc<Rule>| rule.live && pack.conclusion_of(rule).effect == Effect::Permits;
        if let Some(rule) = pack.rules.iter().find(permits) {
            object(rule);
        }
    }
    grounds.extend(burdens.into_iter().map(|rule| {
        Ground {
            rule,
            finding:
                "the burden of proving consent and conformity is on whoever processes the face"
                    .to_owned(),
        }
    }));
    // What one rule says is not said again by another that found the same.
    let mut said: Vec<String> = Vec::new();
    grounds.retain(|ground| {
        let fresh = !said.contains(&ground.finding);
        said.push(ground.finding.clone());
        fresh
    });
    grounds
}

/// Why a rule came out as it did, in words, and the rules that allocate the burdens it turned on.
fn explain(
    question: Question<'_>,
    evaluation: &Evaluation,
    live: &Live<'_>,
    rule: &Rule,
) -> (String, Vec<usize>) {
    let made_out = question.pack.conclusion_of(rule).favours == Some(Party::Claimant);
    let mut said: Vec<String> = Vec::new();
    let mut allocating = Vec::new();
    for (role, clauses) in [
        (Role::Element, &rule.elements),
        (Role::Exception, &rule.unless),
    ] {
        let helped = question.helped(role, rule);
        // Of an objection the elements that are fulfilled speak; of a permit that is missing, those
        // that are not, and the exceptions that are.
        let speaks = made_out == (role == Role::Element);
        for clause in clauses {
            question.decisive(
                evaluation,
                &clause.expr,
                helped,
                speaks,
                &mut |leaf, why| {
                    let Test::Fact(fact, _) = leaf.test else {
                        return;
                    };
                    let known = question.law.fact_at(fact);
                    let words = match (live.reason(fact), why) {
                        (Some(""), _) => return,
                        (Some(reason), _) => reason.to_owned(),
                        // That nothing excuses it goes without saying.
                        (None, _) if role == Role::Exception && made_out => return,
                        (None, Why::Unproven(..)) => {
                            format!("it is not shown whether {}", known.meaning)
                        }
                        (None, _) => {
                            let state = question.state(evaluation, fact).say(&known.kind);
                            format!("{}: {state}", known.meaning)
                        }
                    };
                    if !said.contains(&words) {
                        said.push(words);
                    }
                    allocating.extend(question.pack.allocating.get(&fact));
                },
            );
        }
    }
    if said.is_empty() {
        said.push("nothing on record permits it".to_owned());
    }
    (said.join("; "), allocating)
}

impl Live<'_> {
    /// What is taken to be so where a controller declared no deployment and keeps to the consents.
    fn undeclared(&mut self) {
        for fact in [
            "rules_published",
            "purpose_disclosed",
            "method_disclosed",
            "scope_disclosed",
            "handled_reasonably",
        ] {
            self.yes(fact);
        }
        for fact in [
            "place_is_business_or_public",
            "venue_use_violates_law_or_regulation",
            "provided_to_third_party",
            "face_is_sole_access_method",
            "clause_unlimited_duration",
            "clause_irrevocable",
            "clause_free_sublicence",
            "clause_similar",
            "written_consent_required_by_law",
        ] {
            self.no(fact);
        }
        self.words("place_type", &["other"]);
        self.words("processing_basis", &["consent"]);
    }

    /// What stands against no consent in particular.
    fn harmless(&mut self) {
        for fact in [
            "consent_bundled",
            "consent_forced_otherwise",
            "service_refused_without_consent",
            "consent_withdrawn",
            "subject_is_minor",
            "subject_under_14",
        ] {
            self.no(fact);
        }
    }
}

fn lifetime_from(now: Timestamp) -> Timestamp {
    now.saturating_add(SignedDuration::from_secs(PERMIT_LIFETIME_SECONDS))
        .unwrap_or(Timestamp::MAX)
}
