//! Before the camera is switched on: what would refuse even a person who agreed in every way, under
//! which provision, and which key of the file would mend it.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::facts::declared;
use super::keys::mends;
use super::terms::{Function, Ground, Minors};
use super::{Deployment, PurposeTerms};
use crate::conduct::Conduct;
use crate::fact::Party;
use crate::gate::{Objection, Verdict, judge};
use crate::law::Law;
use crate::live::{Aspect, Live, Tie, Words};
use crate::pack::{Pack, PackError};
use crate::rule::{Effect, Mark, Modality, Rule};
use crate::{Age, Operation};

/// What a check found, pack by pack.
#[derive(Debug, Clone)]
pub struct Check {
    /// What the deployment is called.
    pub name: String,
    /// Each of its packs.
    pub packs: Vec<PackCheck>,
}

/// What a check found under one pack.
#[derive(Debug, Clone)]
pub struct PackCheck {
    /// Name of the pack.
    pub id: String,
    /// How it is cited.
    pub short: String,
    /// Its title.
    pub title: String,
    /// What is missing, in the order of the provisions; advice last.
    pub findings: Vec<Finding>,
    /// The rules asked that find nothing missing.
    pub satisfied: Vec<Arc<Rule>>,
}

/// What a provision finds missing.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The provision.
    pub rule: Arc<Rule>,
    /// What follows.
    pub weight: Weight,
    /// What is missing, clause by clause.
    pub found: Vec<String>,
    /// The acts concerned, such as `door-access (identification)`; none where all are.
    pub concerns: Vec<String>,
    /// The keys of the file that would mend it.
    pub mend: Vec<&'static str>,
}

/// What follows from a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The gate refuses.
    Refuses,
    /// The gate refuses, on a reading that the text does not say in terms, or that was confirmed
    /// nowhere, or that leaves a discretion: have it looked at.
    RefusesOnAReading,
    /// Nothing is refused; the provision encourages it.
    Advice,
}

impl Check {
    /// Whether the gate would refuse nothing to people who agreed.
    pub fn is_in_order(&self) -> bool {
        let mut findings = self.packs.iter().flat_map(|pack| &pack.findings);
        findings.all(|finding| finding.weight == Weight::Advice)
    }
}

impl Weight {
    /// The word for it in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Refuses => "refuses",
            Self::RefusesOnAReading => "refuses-on-a-reading",
            Self::Advice => "advice",
        }
    }

    fn of(rule: &Rule) -> Self {
        let doubtful = matches!(rule.mark, Mark::Inference | Mark::Unconfirmed)
            || rule.modality == Modality::Discretionary;
        if doubtful {
            Self::RefusesOnAReading
        } else {
            Self::Refuses
        }
    }
}

/// Checks a deployment under each of its packs, as the law stands on this day or, if that comes
/// later, on its first day of use.
///
/// # Errors
/// [`PackError`] at the name of a pack that the law does not have.
pub fn check(deployment: &Deployment, law: &Law, today: Date) -> Result<Check, PackError> {
    let day = today.max(deployment.in_use_from.0);
    let acts = acts_of(deployment, law, day);
    let packs = deployment.packs(law)?;
    let packs = packs
        .iter()
        .map(|pack| check_pack(deployment, pack, &acts, day));
    Ok(Check {
        name: deployment.name.clone(),
        packs: packs.collect(),
    })
}

/// An act that the deployment declares, done to somebody who agreed in every way.
pub(super) struct Act<'l> {
    concerns: String,
    pub(super) live: Live<'l>,
}

pub(super) fn acts_of<'l>(deployment: &Deployment, law: &'l Law, day: Date) -> Vec<Act<'l>> {
    let mut acts = Vec::new();
    for purpose in &deployment.purposes {
        for function in &purpose.functions {
            let operation = match function {
                Function::Verification => Operation::Verify,
                Function::Identification => Operation::Identify,
                Function::Analysis => Operation::Detect,
            };
            let mut base = Live::new(law);
            base.act(operation);
            declared(&mut base, deployment, purpose, operation);
            base.moment(day, deployment.persons.expected.unwrap_or(0));
            for (who, age, guardian) in people(purpose) {
                let mut live = base.clone();
                agree(&mut live, purpose, age, guardian);
                let concerns = format!("{} ({}{who})", purpose.name, function.word());
                acts.push(Act { concerns, live });
            }
            if *function == Function::Identification {
                let mut live = base.clone();
                agree(&mut live, purpose, Age::Adult, false);
                strangers(&mut live, deployment);
                let concerns = format!("{} (identification)", purpose.name);
                acts.push(Act { concerns, live });
            }
        }
    }
    acts
}

/// Those who take part: what to call them, their age, whether a guardian agrees.
fn people(purpose: &PurposeTerms) -> Vec<(&'static str, Age, bool)> {
    let mut people = vec![("", Age::Adult, false)];
    let guardian = match purpose.minors {
        Minors::Nobody => return people,
        Minors::WithGuardian => true,
        Minors::Alone => false,
    };
    people.push((", from 14 to 17", Age::Minor, guardian));
    people.push((", under 14", Age::Under14, guardian));
    people
}

/// A consent in every way as it should be, where the purpose rests on one.
fn agree(live: &mut Live<'_>, purpose: &PurposeTerms, age: Age, guardian: bool) {
    let ideal = Aspect {
        live: true,
        withdrawn: false,
        same_purpose: true,
        same_notice: true,
        bundled: false,
        condition: Tie::Unstated,
        age,
        guardian,
        covers: true,
        age_declared: true,
    };
    live.consent(ideal, &Words::default());
    if purpose.basis != Ground::Consent {
        live.agreed(false, &"it rests on no consent".into());
    }
}

/// A search looks at everybody who passes.
pub(crate) fn strangers(live: &mut Live<'_>, deployment: &Deployment) {
    if deployment.place.public == Some(true) {
        let why =
            "in a public place a search looks at everybody who passes, and they agreed to nothing";
        live.bool("separate_consent_obtained", false, &why.into());
    }
}

fn check_pack(deployment: &Deployment, pack: &Pack, acts: &[Act<'_>], day: Date) -> PackCheck {
    let mut findings: Vec<Finding> = Vec::new();
    for act in acts {
        if let Verdict::Objects(objections) = judge(&[pack], &act.live, &Conduct::on(day), "") {
            for objection in objections {
                add(&mut findings, pack, act, objection);
            }
        }
    }
    let all = acts.iter().map(|act| &act.concerns);
    let all: BTreeSet<&String> = all.collect();
    for finding in &mut findings {
        if finding.concerns.len() == all.len() {
            finding.concerns.clear();
        }
    }
    findings.sort_by_key(|found| pack.rules.iter().position(|rule| *rule == found.rule));
    let objects = |rule: &&Arc<Rule>| findings.iter().any(|found| found.rule == **rule);
    let asked =
        |rule: &&Arc<Rule>| rule.live && pack.conclusion_of(rule).favours == Some(Party::Claimant);
    let satisfied = pack
        .rules
        .iter()
        .filter(asked)
        .filter(|rule| !objects(rule));
    let satisfied = satisfied.cloned().collect();
    findings.extend(advice(deployment, pack));
    PackCheck {
        id: pack.id.clone(),
        short: pack.short.clone(),
        title: pack.title.clone(),
        findings,
        satisfied,
    }
}

/// Enters an objection; what one provision finds in several acts is one finding.
fn add(findings: &mut Vec<Finding>, pack: &Pack, act: &Act<'_>, objection: Objection) {
    let Objection {
        rule,
        said,
        turns_on,
    } = objection;
    if pack.conclusion_of(&rule).effect == Effect::Burden {
        return;
    }
    let known = match findings.iter().position(|found| found.rule == rule) {
        Some(at) => at,
        None => {
            findings.push(Finding {
                weight: Weight::of(&rule),
                rule,
                found: Vec::new(),
                concerns: Vec::new(),
                mend: Vec::new(),
            });
            findings.len() - 1
        }
    };
    let Some(finding) = findings.get_mut(known) else {
        return;
    };
    let keys = turns_on.iter().map(|fact| act.live.law().fact_at(*fact));
    let keys = keys.filter_map(|fact| mends(&fact.name));
    add_new(&mut finding.mend, keys);
    add_new(&mut finding.found, said);
    add_new(&mut finding.concerns, [act.concerns.clone()]);
}

fn add_new<T: PartialEq>(known: &mut Vec<T>, more: impl IntoIterator<Item = T>) {
    for one in more {
        if !known.contains(&one) {
            known.push(one);
        }
    }
}

/// What a pack encourages.
fn advice(deployment: &Deployment, pack: &Pack) -> Option<Finding> {
    if super::facts::stated(&deployment.national_channel) {
        return None;
    }
    let encourages = |rule: &&Arc<Rule>| rule.id == "cn-cac-2025/11";
    let rule = pack.rules.iter().find(encourages)?;
    Some(Finding {
        rule: rule.clone(),
        weight: Weight::Advice,
        found: vec![
            "national channels for verifying identity are encouraged; none is named".to_owned(),
        ],
        concerns: Vec::new(),
        mend: mends("national_channel_used").into_iter().collect(),
    })
}
