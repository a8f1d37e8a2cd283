//! What evidence would change the result: every fact tried at every value that a rule tells apart.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use super::is_result;
use crate::case::Case;
use crate::conduct::Conduct;
use crate::evaluate::{Evaluation, Known, Mode, Outcome, Question, evaluate};
use crate::expression::{Ask, Operand, Test};
use crate::fact::{Burden, Kind, State, Value};
use crate::law::{FactId, Law};
use crate::pack::Pack;
use crate::rule::Rule;

/// A single fact that would change the result.
#[derive(Debug, Clone)]
pub struct Change {
    /// Name of the fact.
    pub fact: String,
    /// What it asks.
    pub meaning: String,
    /// What is known now.
    pub now: String,
    /// What it would have to be.
    pub becomes: String,
    /// Who bears its burden under the main pack.
    pub burden: Burden,
    /// Whether it is unknown now, rather than known or not in issue.
    pub in_doubt: bool,
    /// Rules that would then be made out.
    pub gains: Vec<Arc<Rule>>,
    /// Rules that would then no longer be.
    pub loses: Vec<Arc<Rule>>,
}

/// The single facts that would change what is made out, those in doubt first. `today` stands where
/// the case states no day of its own.
///
/// Every fact is tried at every value, so this costs some hundred times what [`super::assess`] does.
pub fn changes(law: &Law, case: &Case, today: Date) -> Vec<Change> {
    let conduct = &case.conduct(law, case.as_of.unwrap_or(today));
    let packs = case.packs.iter().filter_map(|id| law.pack(id).ok());
    let packs: Vec<&Pack> = packs.collect();
    let Some(main) = packs.first() else {
        return Vec::new();
    };
    let before: Vec<(Known, Evaluation)> = packs
        .iter()
        .map(|pack| {
            let known = case.known(law, pack);
            let evaluation = evaluate(question(law, pack, &known, conduct));
            (known, evaluation)
        })
        .collect();
    let mut changes = Vec::new();
    for (at, fact) in law.facts.iter().enumerate() {
        let id = FactId(at);
        let Some((known, evaluation)) = before.first() else {
            continue;
        };
        let question_now = question(law, main, known, conduct);
        let now = question_now.state(evaluation, id);
        let reading: Vec<bool> = packs.iter().map(|pack| pack.reads(id)).collect();
        if !reading.contains(&true) {
            continue;
        }
        for value in candidates(&packs, id, &fact.kind, known) {
            let becomes = State::Known(value);
            if becomes == *now {
                continue;
            }
            let (mut gains, mut loses) = (Vec::new(), Vec::new());
            for ((pack, reads), (known, evaluation)) in packs.iter().zip(&reading).zip(&before) {
                if !reads {
                    continue;
                }
                let mut changed = known.clone();
                changed.set(id, &becomes);
                let after = evaluate(question(law, pack, &changed, conduct));
                compare(pack, evaluation, &after, &mut gains, &mut loses);
            }
            if !gains.is_empty() || !loses.is_empty() {
                changes.push(Change {
                    fact: fact.name.clone(),
                    meaning: fact.meaning.clone(),
                    now: now.say(&fact.kind),
                    becomes: becomes.say(&fact.kind),
                    burden: main.burden(id),
                    in_doubt: *now == State::Unknown,
                    gains,
                    loses,
                });
            }
        }
    }
    changes.sort_by_key(|change| !change.in_doubt);
    changes
}

fn question<'q>(
    law: &'q Law,
    pack: &'q Pack,
    known: &'q Known,
    conduct: &'q Conduct,
) -> Question<'q> {
    Question {
        law,
        pack,
        known,
        conduct,
        mode: Mode::Dispute,
        benefit: &[],
    }
}

fn compare(
    pack: &Pack,
    before: &Evaluation,
    after: &Evaluation,
    gains: &mut Vec<Arc<Rule>>,
    loses: &mut Vec<Arc<Rule>>,
) {
    let outcomes = before.outcomes.iter().zip(&after.outcomes);
    for (rule, (was, is)) in pack.rules.iter().zip(outcomes) {
        if !is_result(pack.conclusion_of(rule).effect) {
            continue;
        }
        match (was, is) {
            (Outcome::MadeOut, Outcome::MadeOut) => {}
            (Outcome::MadeOut, _) => loses.push(rule.clone()),
            (_, Outcome::MadeOut) => gains.push(rule.clone()),
            _ => {}
        }
    }
}

/// The values that some rule tells apart.
fn candidates(packs: &[&Pack], id: FactId, kind: &Kind, known: &Known) -> Vec<Value> {
    let each = |words: &[String]| (0..words.len()).map(|at| Value::Words(1 << at)).collect();
    let mut values: Vec<Value> = match kind {
        Kind::Bool => vec![Value::Bool(true), Value::Bool(false)],
        Kind::OneOf(words) => each(words),
        Kind::SetOf(words) => [each(words), vec![Value::Words(0)]].concat(),
        Kind::Number(_) | Kind::Date | Kind::Text => Vec::new(),
    };
    let clauses = packs
        .iter()
        .flat_map(|pack| &pack.rules)
        .flat_map(|rule| rule.clauses());
    for clause in clauses {
        clause.expr.leaves(&mut |leaf| {
            let Test::Fact(fact, Ask::Compares(_, operand)) = &leaf.test else {
                return;
            };
            let state = |fact: &FactId| known.facts.get(fact.0);
            match operand {
                Operand::Number(n) if *fact == id => around(&Value::Number(*n), &mut values),
                Operand::Date(at) if *fact == id => around(&Value::Date(*at), &mut values),
                Operand::Fact(other, offset) if *fact == id => match (state(other), offset) {
                    (Some(State::Known(Value::Date(at))), Some(offset)) => {
                        around(&Value::Date(offset.after(*at)), &mut values);
                    }
                    (Some(State::Known(value)), _) => around(value, &mut values),
                    _ => {}
                },
                Operand::Fact(other, offset) if *other == id => match (state(fact), offset) {
                    (Some(State::Known(Value::Date(at))), Some(offset)) => {
                        around(&Value::Date(offset.before(*at)), &mut values);
                    }
                    (Some(State::Known(value)), _) => around(value, &mut values),
                    _ => {}
                },
                _ => {}
            }
        });
    }
    let mut distinct: Vec<Value> = Vec::new();
    for value in values {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    distinct
}

/// A value on either side of what a fact is compared with, and that itself.
fn around(value: &Value, values: &mut Vec<Value>) {
    match value {
        Value::Number(n) => {
            // No count and no sum is negative.
            let near = [n - 1.0, *n, n + 1.0].into_iter().filter(|n| *n >= 0.0);
            values.extend(near.map(Value::Number));
        }
        Value::Date(at) => {
            let around = [at.saturating_sub(1.day()), *at, at.saturating_add(1.day())];
            values.extend(around.map(Value::Date));
        }
        _ => {}
    }
}
