//! A case worked through the way a court would: what is made out, on which elements, proven by
//! what, on whose burden, and what would change it. Decision support, not a judgment.

mod change;
mod claims;
mod reasons;
pub(crate) mod turn;

use std::sync::Arc;

use jiff::civil::Date;

use crate::case::{Case, find_answer};
use crate::conduct::{Applies, Conduct};
use crate::evaluate::{Evaluation, Mode, Outcome, Question, evaluate};
use crate::fact::{Burden, State};
use crate::law::Law;
use crate::pack::Pack;
use crate::rule::{Conclusion, Effect, Rule};

use claims::claims;
use reasons::{amount, conditions, reports, turning_point};

pub use change::{Change, changes};

/// What a case comes to under each of its packs.
#[derive(Debug, Clone)]
pub struct Assessment {
    /// The day on which it was assessed.
    pub as_of: Date,
    /// The main pack first.
    pub packs: Vec<PackFindings>,
    /// What is asked for, and the answer.
    pub claims: Vec<ClaimAnswer>,
    /// Facts of the case that no rule of its packs reads.
    pub unread: Vec<String>,
}

/// What a case comes to under one pack.
#[derive(Debug, Clone)]
pub struct PackFindings {
    /// Name of the pack.
    pub id: String,
    /// How it is cited.
    pub short: String,
    /// Its title.
    pub title: String,
    /// Its title in Chinese, if known.
    pub title_zh: Option<String>,
    /// Whether it was in force at the time of the conduct.
    pub applies: Applies,
    /// For each act of the case, whether it is judged here.
    pub judged: Vec<bool>,
    /// Every rule, in the order of evaluation.
    pub findings: Vec<Finding>,
    /// Where the pack was not in force: what would be made out had it been.
    pub counterfactual: Vec<Arc<Rule>>,
}

/// How one rule came out, and why.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: Arc<Rule>,
    /// What it concludes.
    pub conclusion: Conclusion,
    /// How it came out.
    pub outcome: Outcome,
    /// Its conditions, one by one.
    pub conditions: Vec<Condition>,
    /// The unknown facts on which the outcome turns.
    pub turns_on: Vec<TurningPoint>,
    /// Sum of the amounts that it orders, as far as they are stated.
    pub amount: Option<f64>,
    /// What it weighs: name and what is known.
    pub reports: Vec<(String, String)>,
}

/// A condition of a rule, and whether it holds.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What it is to the rule: `element`, `assumption` or `exception`.
    pub role: &'static str,
    /// As the pack writes it.
    pub text: String,
    /// Whether it holds.
    pub holds: bool,
    /// Whether it holds only because nobody questioned it.
    pub assumed: bool,
    /// What it reads.
    pub points: Vec<Point>,
}

/// A fact or conclusion that a condition reads.
#[derive(Debug, Clone)]
pub struct Point {
    /// Name.
    pub name: String,
    /// What it asks.
    pub meaning: String,
    /// What is known.
    pub says: String,
    /// Whether the condition reads its negation.
    pub negated: bool,
    /// Whether it counts as fulfilled where it stands.
    pub holds: bool,
    /// Why: `known`, `unproven`, `not_in_issue`, `concluded` or `reading`.
    pub why: &'static str,
    /// Who must prove it; of a fact only.
    pub burden: Option<Burden>,
    /// The evidence named for it.
    pub evidence: Vec<String>,
}

/// An unknown fact on which an outcome turns, and who must prove it.
#[derive(Debug, Clone, PartialEq)]
pub struct TurningPoint {
    /// Name of the fact.
    pub fact: String,
    /// Who bears its burden.
    pub burden: Burden,
    /// The rule that says so, where the pack has one.
    pub allocated_by: Option<Arc<Rule>>,
}

/// The answer to something that is asked for.
#[derive(Debug, Clone)]
pub struct ClaimAnswer {
    /// Name in the case.
    pub id: String,
    /// What is asked for.
    pub text: String,
    /// Made out, if any of the rules asked is.
    pub outcome: Outcome,
    /// The unknown facts on which that turns.
    pub turns_on: Vec<TurningPoint>,
    /// The rules that answer it.
    pub rules: Vec<(Arc<Rule>, Outcome)>,
}

/// A rule that comes out otherwise than in another assessment.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The rule.
    pub rule: Arc<Rule>,
    /// How it came out before.
    pub before: Outcome,
    /// How it comes out now.
    pub after: Outcome,
}

/// Assesses a case. `today` stands where the case states no day of its own.
pub fn assess(law: &Law, case: &Case, today: Date) -> Assessment {
    let as_of = case.as_of.unwrap_or(today);
    let conduct = case.conduct(law, as_of);
    let packs: Vec<&Pack> = case
        .packs
        .iter()
        .filter_map(|id| law.pack(id).ok())
        .collect();
    let findings: Vec<PackFindings> = packs
        .iter()
        .map(|pack| pack_findings(law, pack, case, &conduct))
        .collect();
    Assessment {
        as_of,
        claims: claims(law, case, &findings),
        unread: unread(law, case),
        packs: findings,
    }
}

impl Finding {
    /// Whether it belongs in a report: it is made out, or what it lacks was put in issue. A rule
    /// that lacks only what nobody mentioned was not pleaded.
    pub fn is_told(&self) -> bool {
        let fails = |c: &&Condition| c.holds == (c.role == "exception");
        let mut lacking = self.conditions.iter().filter(fails);
        match self.outcome {
            Outcome::MadeOut => true,
            Outcome::NotMadeOut => lacking.any(Condition::is_in_issue),
            _ => false,
        }
    }
}

impl Condition {
    /// Whether anything that it reads was put in issue.
    pub fn is_in_issue(&self) -> bool {
        self.points
            .iter()
            .any(|point| point.why != "not_in_issue" && point.why != "reading")
    }
}

impl Assessment {
    /// The finding on a rule, by its full identifier.
    pub fn finding(&self, rule: &str) -> Option<&Finding> {
        let mut all = self.packs.iter().flat_map(|pack| &pack.findings);
        all.find(|finding| finding.rule.id == rule)
    }

    /// The rules that come out otherwise than before.
    pub fn differences(&self, before: &Self) -> Vec<Difference> {
        let mut differences = Vec::new();
        for finding in self.packs.iter().flat_map(|pack| &pack.findings) {
            let Some(earlier) = before.finding(&finding.rule.id) else {
                continue;
            };
            if earlier.outcome != finding.outcome {
                differences.push(Difference {
                    rule: finding.rule.clone(),
                    before: earlier.outcome,
                    after: finding.outcome,
                });
            }
        }
        differences
    }

    /// What is otherwise than the case expects, in a sentence each; empty when nothing is, or
    /// when it expects nothing.
    pub fn surprises(&self, law: &Law, case: &Case) -> Vec<String> {
        let Some(expected) = &case.expect else {
            return Vec::new();
        };
        let mut surprises = Vec::new();
        let outcomes = |name: &str| -> Vec<Outcome> {
            let Ok((pack, rules)) = find_answer(law, &case.packs, name) else {
                return Vec::new();
            };
            let ids = rules.iter().filter_map(|at| pack.rules.get(*at));
            let found = ids.filter_map(|rule| self.finding(&rule.id));
            found.map(|finding| finding.outcome).collect()
        };
        let lists = [
            (&expected.made_out, "made out", Outcome::MadeOut, true),
            (
                &expected.not_made_out,
                "not made out",
                Outcome::MadeOut,
                false,
            ),
            (
                &expected.not_in_issue,
                "not in issue",
                Outcome::NotInIssue,
                true,
            ),
        ];
        for (names, said, outcome, wanted) in lists {
            for name in names {
                let found = outcomes(name);
                if found.contains(&outcome) != wanted {
                    let words: Vec<&str> = found.iter().map(|outcome| outcome.word()).collect();
                    surprises.push(format!(
                        "`{name}` should be {said}, but is {}",
                        words.join(", ")
                    ));
                }
            }
        }
        let applies = self.packs.first().map(|pack| pack.applies.word());
        if let Some(word) = &expected.provisions_apply
            && applies != Some(word.as_str())
        {
            surprises.push(format!(
                "the provisions should apply: {word}, but it is {}",
                applies.unwrap_or("no pack")
            ));
        }
        let turning: Vec<&str> = self
            .packs
            .iter()
            .flat_map(|pack| &pack.findings)
            .flat_map(|finding| &finding.turns_on)
            .map(|point| point.fact.as_str())
            .collect();
        for fact in &expected.turns_on {
            if !turning.contains(&fact.as_str()) {
                surprises.push(format!(
                    "something should turn on `{fact}`, but nothing does"
                ));
            }
        }
        surprises
    }
}

fn pack_findings(law: &Law, pack: &Pack, case: &Case, conduct: &Conduct) -> PackFindings {
    let known = case.known(law, pack);
    let question = Question {
        law,
        pack,
        known: &known,
        conduct,
        mode: Mode::Dispute,
        benefit: &[],
    };
    let evaluation = evaluate(question);
    let turning = turn::turning_points(question, &evaluation);
    let mut findings = Vec::with_capacity(pack.rules.len());
    for (at, rule) in pack.rules.iter().enumerate() {
        let outcome = evaluation.outcomes.get(at).copied();
        let turns_on = turning.get(at).map(Vec::as_slice).unwrap_or_default();
        findings.push(Finding {
            rule: rule.clone(),
            conclusion: pack.conclusion_of(rule).clone(),
            outcome: outcome.unwrap_or(Outcome::NotInIssue),
            conditions: conditions(question.of(rule), &evaluation, rule, case),
            turns_on: turns_on
                .iter()
                .map(|t| turning_point(law, pack, *t))
                .collect(),
            amount: amount(known.to(rule), rule),
            reports: reports(law, known.to(rule), rule),
        });
    }
    burden_rules(pack, &mut findings);
    findings.sort_by_key(|finding| finding.conclusion.effect);
    let applies = applies(question, &evaluation);
    PackFindings {
        id: pack.id.clone(),
        short: pack.short.clone(),
        title: pack.title.clone(),
        title_zh: pack.title_zh.clone(),
        counterfactual: counterfactual(question, case, applies),
        applies,
        judged: case
            .acts
            .iter()
            .map(|act| act.reaches(pack.period))
            .collect(),
        findings,
    }
}

/// A rule that allocates a burden is applied where an outcome turns on what it allocates.
fn burden_rules(pack: &Pack, findings: &mut [Finding]) {
    let mut applied: Vec<String> = Vec::new();
    for point in findings.iter().flat_map(|finding| &finding.turns_on) {
        if let Some(rule) = &point.allocated_by {
            applied.push(rule.id.clone());
        }
    }
    for finding in findings {
        let is_burden = pack.conclusion_of(&finding.rule).effect == Effect::Burden;
        if is_burden && finding.outcome == Outcome::NotInIssue && applied.contains(&finding.rule.id)
        {
            finding.outcome = Outcome::MadeOut;
        }
    }
}

fn counterfactual(question: Question<'_>, case: &Case, applies: Applies) -> Vec<Arc<Rule>> {
    if applies != Applies::No {
        return Vec::new();
    }
    let within = match question.pack.period.from {
        Some(first) => Conduct::on(first),
        None => Conduct::undated(),
    };
    let mut known = case.known_of_all_acts(question.law);
    if let Some(apply) = question.law.apply {
        known.set(apply, &State::NotInIssue);
    }
    let evaluation = evaluate(Question {
        conduct: &within,
        known: &known,
        ..question
    });
    let rules = question.pack.rules.iter().zip(&evaluation.outcomes);
    let made_out = rules.filter(|(_, outcome)| **outcome == Outcome::MadeOut);
    let told = made_out.filter(|(rule, _)| {
        let effect = question.pack.conclusion_of(rule).effect;
        is_result(effect)
    });
    told.map(|(rule, _)| rule.clone()).collect()
}

/// Whether a reader asks for it, rather than for the way to it.
pub(crate) fn is_result(effect: Effect) -> bool {
    !matches!(
        effect,
        Effect::Time | Effect::Scope | Effect::Standing | Effect::Step | Effect::Burden
    )
}

fn applies(question: Question<'_>, evaluation: &Evaluation) -> Applies {
    let Some(apply) = question.law.apply else {
        return question.conduct.applies(question.pack.period);
    };
    let State::Known(value) = &evaluation.applies else {
        return Applies::Unknown;
    };
    let word = Some(question.law.fact_at(apply).kind.say(value));
    match word.as_deref() {
        Some("yes") => Applies::Yes,
        Some("partial") => Applies::Partial,
        Some("no") => Applies::No,
        _ => Applies::Unknown,
    }
}

/// Facts that were stated and decide nothing here.
fn unread(law: &Law, case: &Case) -> Vec<String> {
    let of_acts = case.acts.iter().flat_map(|act| act.facts.keys());
    let ids = case.facts.keys().chain(of_acts).copied();
    let idle = ids.filter(|id| !case.heeds(law, *id));
    idle.map(|id| law.fact_at(id).name.clone()).collect()
}
