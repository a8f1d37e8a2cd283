//! Why a rule came out as it did: its conditions, and what each of them reads.

use super::{Condition, Point, TurningPoint};
use crate::case::{Case, Stated};
use crate::evaluate::{Evaluation, Known, Question, Role, Why};
use crate::expression::{Leaf, Test};
use crate::fact::{State, Value};
use crate::law::{FactId, Law};
use crate::pack::Pack;
use crate::rule::{Clause, Rule};

pub(super) fn conditions(
    question: Question<'_>,
    so_far: &Evaluation,
    rule: &Rule,
    case: &Case,
) -> Vec<Condition> {
    let roles = [
        (Role::Element, "element", &rule.elements),
        (Role::Assumption, "assumption", &rule.assuming),
        (Role::Exception, "exception", &rule.unless),
    ];
    let mut found = Vec::new();
    for (role, word, clauses) in roles {
        for clause in clauses {
            let assumed = role == Role::Assumption && question.is_assumed(so_far, clause);
            found.push(Condition {
                role: word,
                text: clause.text.clone(),
                holds: question.clause(so_far, role, rule, clause),
                assumed,
                points: points(question, so_far, rule, role, clause, case),
            });
        }
    }
    found
}

fn points(
    question: Question<'_>,
    so_far: &Evaluation,
    rule: &Rule,
    role: Role,
    clause: &Clause,
    case: &Case,
) -> Vec<Point> {
    let mut points = Vec::new();
    clause.expr.leaves(&mut |leaf| {
        points.push(point(question, so_far, rule, role, leaf, case));
    });
    points
}

fn point(
    question: Question<'_>,
    so_far: &Evaluation,
    rule: &Rule,
    role: Role,
    leaf: &Leaf,
    case: &Case,
) -> Point {
    let (holds, why) = question.leaf(so_far, leaf, question.helped(role, rule));
    let word = match why {
        Why::Known => "known",
        Why::Unproven(..) => "unproven",
        Why::NotInIssue => "not_in_issue",
        Why::Concluded => "concluded",
        Why::Reading => "reading",
    };
    let mut point = Point {
        name: String::new(),
        meaning: String::new(),
        says: String::new(),
        negated: leaf.negated,
        holds,
        why: word,
        burden: None,
        evidence: Vec::new(),
    };
    match leaf.test {
        Test::Concluded(conclusion) => {
            if let Some(known) = question.pack.conclusions.get(conclusion.0) {
                point.name.clone_from(&known.name);
                point.meaning.clone_from(&known.meaning);
            }
            let made_out = so_far.has(conclusion);
            if !so_far.is_in_issue(conclusion) {
                point.why = "not_in_issue";
            }
            point.says = if made_out { "made out" } else { "not made out" }.to_owned();
        }
        Test::Reading(reading, _) => {
            if let Some(known) = question.pack.readings.get(reading.0) {
                point.name.clone_from(&known.name);
                point.meaning.clone_from(&known.meaning);
            }
        }
        Test::Fact(fact, _) => {
            let known = question.law.fact_at(fact);
            point.name.clone_from(&known.name);
            point.meaning.clone_from(&known.meaning);
            point.says = question.state(so_far, fact).say(&known.kind);
            point.burden = Some(question.pack.burden(fact));
            point.evidence = stated(case, fact)
                .map(|s| s.evidence.clone())
                .unwrap_or_default();
        }
    }
    point
}

fn stated(case: &Case, fact: FactId) -> Option<&Stated> {
    let of_acts = || case.acts.iter().find_map(|act| act.facts.get(&fact));
    case.facts.get(&fact).or_else(of_acts)
}

pub(super) fn turning_point(law: &Law, pack: &Pack, fact: FactId) -> TurningPoint {
    let rule = pack.allocating.get(&fact);
    TurningPoint {
        fact: law.fact_at(fact).name.clone(),
        burden: pack.burden(fact),
        allocated_by: rule.and_then(|at| pack.rules.get(*at)).cloned(),
    }
}

pub(super) fn amount(known: &Known, rule: &Rule) -> Option<f64> {
    let mut sum = None;
    for fact in &rule.amounts {
        if let Some(State::Known(Value::Number(number))) = known.facts.get(fact.0) {
            sum = Some(sum.unwrap_or(0.0) + number);
        }
    }
    sum
}

pub(super) fn reports(law: &Law, known: &Known, rule: &Rule) -> Vec<(String, String)> {
    let mut reports = Vec::new();
    for id in &rule.reports {
        let fact = law.fact_at(*id);
        if let Some(state) = known.facts.get(id.0)
            && *state != State::NotInIssue
        {
            reports.push((fact.name.clone(), state.say(&fact.kind)));
        }
    }
    reports
}
