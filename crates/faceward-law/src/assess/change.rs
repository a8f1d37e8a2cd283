//! What evidence would change the result: every fact tried at every value that a rule tells apart.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::DateTime;

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

/// The single facts that would change what is made out, those in doubt first.
pub(super) fn changes(law: &Law, case: &Case, packs: &[&Pack], conduct: &Conduct) -> Vec<Change> {
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
        let now = before.first().and_then(|(known, _)| known.facts.get(at));
        let now = now.cloned().unwrap_or_default();
        for value in candidates(
            packs,
            id,
            &fact.kind,
            before.first().map(|(known, _)| known),
        ) {
            let becomes = State::Known(value);
            if becomes == now {
                continue;
            }
            let (mut gains, mut loses) = (Vec::new(), Vec::new());
            for (pack, (known, evaluation)) in packs.iter().zip(&before) {
                let mut changed = known.clone();
                if let Some(place) = changed.facts.get_mut(at) {
                    *place = becomes.clone();
                }
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
                    in_doubt: now == State::Unknown,
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
fn candidates(packs: &[&Pack], id: FactId, kind: &Kind, known: Option<&Known>) -> Vec<Value> {
    let mut values = match kind {
        Kind::Bool => vec![Value::Bool(true), Value::Bool(false)],
        Kind::OneOf(words) | Kind::SetOf(words) => {
            (0..words.len()).map(|at| Value::Words(1 << at)).collect()
        }
        Kind::Number(_) | Kind::Date => Vec::new(),
        Kind::Text => return Vec::new(),
    };
    let mut is_read = false;
    let clauses = packs
        .iter()
        .flat_map(|pack| &pack.rules)
        .flat_map(|rule| rule.clauses());
    for clause in clauses {
        clause.expr.leaves(&mut |leaf| {
            if let Test::Fact(fact, ask) = &leaf.test
                && *fact == id
            {
                is_read = true;
                if let Ask::Compares(_, operand) = ask {
                    around(operand, known, &mut values);
                }
            }
        });
    }
    if is_read { values } else { Vec::new() }
}

/// A value on either side of what a fact is compared with.
fn around(operand: &Operand, known: Option<&Known>, values: &mut Vec<Value>) {
    // No count and no sum is negative.
    let mut number = |n: f64| {
        let near = [n - 1.0, n, n + 1.0].into_iter().filter(|n| *n >= 0.0);
        values.extend(near.map(Value::Number));
    };
    let dates = |at: DateTime| {
        [at.saturating_sub(1.day()), at, at.saturating_add(1.day())].map(Value::Date)
    };
    match operand {
        Operand::Number(n) => number(*n),
        Operand::Date(at) => values.extend(dates(*at)),
        Operand::Fact(other, offset) => match known.and_then(|known| known.facts.get(other.0)) {
            Some(State::Known(Value::Number(n))) => number(*n),
            Some(State::Known(Value::Date(at))) => {
                let at = offset.map_or(*at, |offset| offset.after(*at));
                values.extend(dates(at));
            }
            _ => {}
        },
    }
}
