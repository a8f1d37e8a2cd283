//! One operation for one purpose at one moment. What the deployment says is worked out once;
//! people whose consents are alike are decided alike.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{BEYOND, Objection, Verdict, judge, permit};
use crate::conduct::Conduct;
use crate::deployment::facts::takes_part;
use crate::deployment::terms::Ground as Rests;
use crate::deployment::{PurposeTerms, strangers};
use crate::live::{Aspect, Live, Words, other_purpose, said};
use crate::pack::Pack;
use crate::{Consent, Deployment, Ground, Operation, Permit, Purpose, Refusal, Ruling, SubjectId};

/// One operation for one purpose at one moment, made by [`crate::Gate::sitting`].
pub struct Sitting<'a> {
    packs: Vec<&'a Pack>,
    asked: Asked<'a>,
    base: Live<'a>,
    terms: Option<(&'a Deployment, &'a PurposeTerms)>,
    conduct: Conduct,
    decided: Vec<(Case, Option<Arc<[Ground]>>)>,
}

/// What of a person decides: people who are alike in this are decided alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    /// A consent to the purpose.
    Consent(Aspect),
    /// None, but perhaps consents to other purposes.
    Without { others: bool },
}

/// What is asked, apart from about whom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) operation: Operation,
    pub(crate) purpose: Option<&'a Purpose>,
    pub(crate) now: Timestamp,
    /// Whether the deployment keeps the face-print map for this purpose.
    pub(crate) map: bool,
}

impl<'a> Sitting<'a> {
    pub(crate) fn new(
        packs: Vec<&'a Pack>,
        asked: Asked<'a>,
        mut base: Live<'a>,
        terms: Option<(&'a Deployment, &'a PurposeTerms)>,
        persons_held: u64,
    ) -> Self {
        let today = asked.now.to_zoned(TimeZone::UTC).date();
        base.moment(today, persons_held);
        Self {
            packs,
            asked,
            base,
            terms,
            conduct: Conduct::on(today),
            decided: Vec::new(),
        }
    }

    /// Whether the act may be done to this person, as [`crate::Gate::decide`] would say it, without
    /// the reasons of a refusal.
    pub fn permit(&mut self, subject: SubjectId, consents: &[Consent]) -> Option<Permit> {
        let purpose = self.asked.purpose?;
        let (mut any, mut others) = (false, false);
        for consent in consents.iter().filter(|c| c.terms().subject == subject) {
            if consent.terms().purpose != *purpose {
                others = true;
                continue;
            }
            any = true;
            let case = Case::Consent(self.aspect(consent, purpose));
            if let Some(grounds) = self.decided(case) {
                return Some(permit(self.asked, Some(subject), Some(consent), grounds));
            }
        }
        let without = if any {
            None
        } else {
            self.decided(Case::Without { others })
        };
        without.map(|grounds| permit(self.asked, Some(subject), None, grounds))
    }

    /// The grounds on which such a case is permitted, looked up or worked out.
    fn decided(&mut self, case: Case) -> Option<Arc<[Ground]>> {
        if let Some((_, grounds)) = self.decided.iter().find(|(known, _)| *known == case) {
            return grounds.clone();
        }
        let live = self.facts_of(case, &Words::default());
        let grounds = match self.judge(&live, &self.within()) {
            Verdict::Permits(grounds) => Some(grounds),
            Verdict::Objects(_) => None,
        };
        self.decided.push((case, grounds.clone()));
        grounds
    }

    /// About one person, on everything they have on record.
    pub(crate) fn on_record(&self, subject: SubjectId, consents: &[Consent]) -> Ruling {
        let Some(purpose) = self.asked.purpose else {
            return self.ruling(&self.base, Some(subject), None, "");
        };
        let own = || consents.iter().filter(|c| c.terms().subject == subject);
        let mut closest: Option<((bool, usize), Refusal)> = None;
        for consent in own().filter(|c| c.terms().purpose == *purpose) {
            let aspect = self.aspect(consent, purpose);
            let words = Words::of(aspect, consent, purpose, self.asked.now);
            let live = self.facts_of(Case::Consent(aspect), &words);
            let finding = format!("{} until {}", self.within(), said(consent.terms().until));
            match self.ruling(&live, Some(subject), Some(consent), &finding) {
                Ruling::Granted(permit) => return Ruling::Granted(permit),
                Ruling::Refused(refusal) => {
                    // Of a record that ended, such as one that was corrected, nothing can be mended.
                    let ended = consent.history().end().is_some();
                    let far = (ended, refusal.grounds.len());
                    if closest.as_ref().is_none_or(|(known, _)| far < *known) {
                        closest = Some((far, refusal));
                    }
                }
            }
        }
        if let Some((_, refusal)) = closest {
            return Ruling::Refused(refusal);
        }
        let mut agreed: Vec<&str> = own().map(|c| c.terms().purpose.as_str()).collect();
        agreed.sort_unstable();
        agreed.dedup();
        let others = !agreed.is_empty();
        let lacking = format!("there is no consent on record for `{purpose}`");
        let beyond = other_purpose(&agreed, purpose);
        let words = Words {
            lacking: lacking.into(),
            beyond: beyond.into(),
            ..Words::default()
        };
        let live = self.facts_of(Case::Without { others }, &words);
        let ruling = self.ruling(&live, Some(subject), None, &self.within());
        match ruling {
            // That something else was agreed to says more than that this was not.
            Ruling::Refused(mut refusal) if others => {
                let further = |ground: &Ground| !ground.rule.reads_any(self.base.law(), &BEYOND);
                refusal.grounds.sort_by_key(further);
                Ruling::Refused(refusal)
            }
            ruling => ruling,
        }
    }

    /// The facts of a case, over what the deployment says.
    fn facts_of(&self, case: Case, words: &Words) -> Live<'a> {
        let mut live = self.base.clone();
        match case {
            Case::Consent(aspect) => live.consent(aspect, words),
            Case::Without { others } => {
                // Without a consent nothing was agreed that could be exceeded.
                live.within_scope(!others || self.rests_on_law(), &words.beyond);
                live.agreed(false, &words.lacking);
            }
        }
        live
    }

    /// About somebody who died: whatever was agreed, nobody is left whose consent it would be.
    pub(crate) fn on_deceased(&self, on: jiff::civil::Date) -> Ruling {
        let lacking: Arc<str> = format!(
            "the person died on {on}; a consent ends with whoever gave it, and nobody can renew it"
        )
        .into();
        let mut live = self.base.clone();
        live.within_scope(false, &lacking);
        live.agreed(false, &lacking);
        match self.ruling(&live, None, None, "") {
            Ruling::Refused(refusal) => Ruling::Refused(Refusal {
                for_good: true,
                ..refusal
            }),
            granted @ Ruling::Granted(_) => granted,
        }
    }

    /// About a search as a whole.
    pub(crate) fn on_gallery(&self, consenting: usize) -> Ruling {
        let purpose = self.asked.purpose.map(Purpose::as_str).unwrap_or_default();
        let nobody = format!(
            "nobody who is enrolled for `{purpose}` has a live consent, so there is nobody to search"
        );
        let searches = self.asked.operation == Operation::Identify;
        let mut live = self.base.clone();
        live.within_scope(true, &"".into());
        live.agreed(consenting > 0 && searches, &nobody.into());
        if let Some((deployment, _)) = self.terms {
            strangers(&mut live, deployment);
        }
        let finding = "only people who agreed to this purpose are searched; of a face that matches nobody nothing is kept";
        self.ruling(&live, None, None, finding)
    }

    /// What of a consent decides here.
    fn aspect(&self, consent: &Consent, purpose: &Purpose) -> Aspect {
        let terms = consent.terms();
        let same_notice = self
            .terms
            .is_none_or(|(deployment, _)| deployment.shows(&terms.notice));
        let age_declared = self.terms.is_none_or(|(_, t)| takes_part(t, terms.age));
        Aspect::of(
            consent,
            self.asked.operation,
            purpose,
            self.asked.now,
            same_notice,
            age_declared,
        )
    }

    fn rests_on_law(&self) -> bool {
        let basis = self.terms.map(|(_, terms)| terms.basis);
        matches!(basis, Some(Rests::Exception | Rests::Contract))
    }

    fn within(&self) -> String {
        let purpose = self.asked.purpose.map(Purpose::as_str).unwrap_or_default();
        match self.terms.map(|(_, terms)| (terms.basis, &terms.citation)) {
            Some((Rests::Exception | Rests::Contract, citation)) => format!(
                "`{purpose}` rests on {}",
                citation.as_deref().unwrap_or("a contract with the person")
            ),
            _ => format!("within the separate consent for `{purpose}`"),
        }
    }

    /// Asks every pack.
    pub(crate) fn judge(&self, live: &Live<'_>, finding: &str) -> Verdict {
        judge(&self.packs, live, &self.conduct, finding)
    }

    /// Asks every pack, and makes the permit or the refusal.
    pub(crate) fn ruling(
        &self,
        live: &Live<'_>,
        subject: Option<SubjectId>,
        consent: Option<&Consent>,
        finding: &str,
    ) -> Ruling {
        match self.judge(live, finding) {
            Verdict::Permits(grounds) => {
                Ruling::Granted(permit(self.asked, subject, consent, grounds))
            }
            Verdict::Objects(objections) => Ruling::Refused(Refusal {
                operation: self.asked.operation,
                grounds: grounds_of(objections),
                for_good: false,
            }),
        }
    }
}

/// The grounds of a refusal. What one rule says is not said again by another of its pack that found
/// the same.
fn grounds_of(objections: Vec<Objection>) -> Vec<Ground> {
    let mut grounds: Vec<Ground> = Vec::new();
    for Objection { rule, said, .. } in objections {
        let finding = said.join("; ");
        let is_said = |known: &Ground| known.finding == finding && known.rule.pack() == rule.pack();
        if !grounds.iter().any(is_said) {
            grounds.push(Ground { rule, finding });
        }
    }
    grounds
}
