//! The live gate: the packs asked about an act that is about to be done. The default is to refuse.

mod objection;
mod sitting;

use std::sync::Arc;

use crate::deployment::{facts, no_such_purpose};
use crate::fact::Party;
use crate::law::Law;
use crate::live::{Live, LiveFacts};
use crate::pack::Pack;
use crate::rule::{Effect, Rule};
use crate::{
    Basis, Deployment, Facts, Ground, LawError, Operation, Permit, Purpose, Refusal, Ruling,
};

pub use sitting::Sitting;

pub(crate) use objection::{Objection, Verdict, judge};
pub(crate) use sitting::Asked;

/// How long a permit holds, in seconds, unless the consent ends sooner.
pub const PERMIT_LIFETIME_SECONDS: i64 = 60;

/// The packs that are asked before every act on a face, and what was declared about it.
#[derive(Debug, Clone)]
pub struct Gate {
    law: Arc<Law>,
    packs: Vec<String>,
    declared: Option<Arc<Declared>>,
}

/// A deployment, with its facts for each act that it allows worked out once.
#[derive(Debug)]
struct Declared {
    deployment: Arc<Deployment>,
    acts: Vec<(Purpose, Operation, LiveFacts)>,
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
            declared: None,
        })
    }

    /// The gate of a declared deployment: judged under its packs, on what it declares.
    ///
    /// # Errors
    /// [`LawError::Pack`] at the name of a pack that the law does not have.
    pub fn declared(deployment: Deployment, law: Arc<Law>) -> Result<Self, LawError> {
        let packs = deployment.packs(&law)?;
        let packs = packs.iter().map(|pack| pack.id.clone()).collect();
        let mut acts = Vec::new();
        for purpose in &deployment.purposes {
            for operation in Operation::ALL {
                if purpose.allows(operation) {
                    let mut live = Live::new(&law);
                    live.act(operation);
                    facts::declared(&mut live, &deployment, purpose, operation);
                    acts.push((purpose.name.clone(), operation, live.facts));
                }
            }
        }
        let deployment = Arc::new(deployment);
        let declared = Declared { deployment, acts };
        Ok(Self {
            law,
            packs,
            declared: Some(Arc::new(declared)),
        })
    }

    /// The deployment it judges by, if one was declared.
    pub fn deployment(&self) -> Option<&Arc<Deployment>> {
        self.declared.as_ref().map(|declared| &declared.deployment)
    }

    /// The law it asks, with the packs of the deployment's own.
    pub fn law(&self) -> &Arc<Law> {
        &self.law
    }

    /// Decides whether an act may be done.
    ///
    /// Every pack is asked on the facts of this moment. Nothing that is unknown helps whoever
    /// processes the face; each pack must find a ground to permit the act, and none may object.
    /// One consent that counts is enough; where none does, the refusal speaks of the one that came
    /// closest.
    ///
    /// A one-off act on a statement keeps and searches nothing. It is no part of a deployment, and
    /// is judged as if none were declared.
    pub fn decide(&self, facts: &Facts<'_>) -> Ruling {
        let (purpose, basis) = match (facts.purpose, facts.basis) {
            (Some(purpose), basis) => (purpose, basis),
            (None, Basis::Declared { statement }) => {
                return self.on_statement(facts, Some(statement));
            }
            (None, Basis::Recorded { .. } | Basis::Deceased { .. } | Basis::Gallery { .. }) => {
                return self.on_statement(facts, None);
            }
        };
        match basis {
            Basis::Declared { statement } => self.on_statement(facts, Some(statement)),
            Basis::Recorded { subject, consents } => {
                match self.sitting(facts.operation, purpose, facts.now, facts.persons_held) {
                    Ok(sitting) => sitting.on_record(subject, consents),
                    Err(refusal) => Ruling::Refused(refusal),
                }
            }
            Basis::Deceased { on } => {
                match self.sitting(facts.operation, purpose, facts.now, facts.persons_held) {
                    Ok(sitting) => sitting.on_deceased(on),
                    Err(refusal) => Ruling::Refused(refusal),
                }
            }
            Basis::Gallery { consenting } => {
                match self.sitting(facts.operation, purpose, facts.now, facts.persons_held) {
                    Ok(sitting) => sitting.on_gallery(consenting),
                    Err(refusal) => Ruling::Refused(refusal),
                }
            }
        }
    }

    /// One operation for one purpose at one moment, about any number of people.
    ///
    /// # Errors
    /// The [`Refusal`] that meets everybody, where the deployment does not declare the purpose, or
    /// not this operation for it.
    pub fn sitting<'a>(
        &'a self,
        operation: Operation,
        purpose: &'a Purpose,
        now: jiff::Timestamp,
        persons_held: u64,
    ) -> Result<Sitting<'a>, Refusal> {
        let mut asked = Asked {
            operation,
            purpose: Some(purpose),
            now,
            map: false,
        };
        let Some(declared) = &self.declared else {
            let live = self.undeclared_facts(operation);
            return Ok(Sitting::new(self.packs(), asked, live, None, persons_held));
        };
        let terms = declared.deployment.purpose(purpose);
        let act = |(name, act, _): &&(Purpose, Operation, LiveFacts)| {
            name == purpose && *act == operation
        };
        match (terms, declared.acts.iter().find(act)) {
            (Some(terms), Some((.., facts))) => {
                let live = Live::over(&self.law, facts.clone());
                asked.map = declared.deployment.keeps_map(terms);
                let terms = Some((&*declared.deployment, terms));
                Ok(Sitting::new(self.packs(), asked, live, terms, persons_held))
            }
            (Some(terms), None) => {
                let functions: Vec<&str> = terms.functions.iter().map(|f| f.word()).collect();
                let finding = format!(
                    "the deployment declares `{purpose}` for {} only, not to {operation}",
                    functions.join(" and ")
                );
                Err(self.beyond(operation, finding))
            }
            (None, _) => {
                let finding = no_such_purpose(&declared.deployment, purpose);
                Err(self.beyond(operation, finding))
            }
        }
    }

    /// A one-off act that rests on what the operator states; it may keep and search nothing.
    fn on_statement(&self, facts: &Facts<'_>, statement: Option<&str>) -> Ruling {
        let keeps_nothing = matches!(facts.operation, Operation::Compare | Operation::Detect);
        let lacking = match (keeps_nothing, statement) {
            (false, Some(_)) => {
                "a one-off statement cannot carry an act that keeps or searches faces; record a consent"
            }
            (true, _) => "nobody has stated who agreed to this, and how",
            (false, None) => "no purpose was stated",
        };
        let agreed =
            keeps_nothing && statement.is_some_and(|statement| !statement.trim().is_empty());
        let mut live = self.undeclared_facts(facts.operation);
        live.agreed(agreed, &lacking.into());
        live.within_scope(agreed, &lacking.into());
        let pack = self.law.pack("cn-spc-2021-15");
        let packs: Vec<&Pack> = pack.into_iter().collect();
        let asked = Asked {
            operation: facts.operation,
            purpose: facts.purpose,
            now: facts.now,
            map: false,
        };
        let sitting = Sitting::new(packs, asked, live.clone(), None, facts.persons_held);
        sitting.ruling(
            &live,
            None,
            None,
            "the operator states a consent for this one act, and will have to prove it; nothing is kept",
        )
    }

    fn undeclared_facts(&self, operation: Operation) -> Live<'_> {
        let mut live = Live::new(&self.law);
        live.act(operation);
        facts::undeclared(&mut live);
        live
    }

    fn packs(&self) -> Vec<&Pack> {
        let found = self.packs.iter().map(|id| self.law.pack(id));
        // Each was found when the gate was made.
        found.filter_map(Result::ok).collect()
    }

    /// The refusal of what was never declared, under the rules that keep handling to what was
    /// stated.
    fn beyond(&self, operation: Operation, finding: String) -> Refusal {
        let keeps_within = |pack: &&Pack| {
            let against = |rule: &&Arc<Rule>| {
                rule.live
                    && pack.conclusion_of(rule).favours == Some(Party::Claimant)
                    && rule.reads_any(&self.law, &BEYOND)
            };
            pack.rules.iter().find(against).cloned()
        };
        let permits = |pack: &&Pack| {
            let permits = |rule: &&Arc<Rule>| pack.conclusion_of(rule).effect == Effect::Permits;
            pack.rules.iter().find(permits).cloned()
        };
        let packs = self.packs();
        let mut rules: Vec<Arc<Rule>> = packs.iter().filter_map(keeps_within).collect();
        if rules.is_empty() {
            rules = packs.iter().filter_map(permits).collect();
        }
        let ground = |rule| Ground {
            rule,
            finding: finding.clone(),
        };
        Refusal {
            operation,
            grounds: rules.into_iter().map(ground).collect(),
            for_good: false,
        }
    }
}

/// The facts that say whether an act stays within what was stated.
const BEYOND: [&str; 2] = ["exceeds_stated_or_agreed_terms", "purpose_limited"];

/// A permit is made here and nowhere else.
fn permit(
    asked: Asked<'_>,
    subject: Option<crate::SubjectId>,
    consent: Option<&crate::Consent>,
    grounds: Arc<[Ground]>,
) -> Permit {
    let lifetime = jiff::SignedDuration::from_secs(PERMIT_LIFETIME_SECONDS);
    let expires = asked.now.saturating_add(lifetime);
    let expires = expires.unwrap_or(jiff::Timestamp::MAX);
    Permit {
        operation: asked.operation,
        subject,
        purpose: asked.purpose.cloned(),
        consent: consent.map(crate::Consent::id),
        map: asked.map,
        granted: asked.now,
        expires: consent.map_or(expires, |consent| expires.min(consent.terms().until)),
        grounds,
    }
}
