//! On which unknown facts does an outcome turn?

use super::Turning;
use crate::evaluate::{Evaluation, Outcome, Question, evaluate};
use crate::fact::State;
use crate::law::FactId;

/// For each rule of the pack, the unknown facts on which its outcome turns: each that alone would
/// change it if its bearer proved it, or else a smallest set that would together.
pub(super) fn turning_points(question: Question<'_>, plain: &Evaluation) -> Vec<Vec<Turning>> {
    let states = question.known.facts.iter().enumerate();
    let unknown = states.filter(|(_, state)| **state == State::Unknown);
    let unknown: Vec<FactId> = unknown.map(|(at, _)| FactId(at)).collect();
    let with = |benefit: &[FactId]| {
        evaluate(Question {
            benefit,
            ..question
        })
    };
    let alone: Vec<(FactId, Evaluation)> =
        unknown.iter().map(|fact| (*fact, with(&[*fact]))).collect();
    let together = with(&unknown);

    let mut turning = Vec::with_capacity(plain.outcomes.len());
    for at in 0..plain.outcomes.len() {
        let turns = |other: &Evaluation| is_turned(plain, other, at);
        let mut facts: Vec<FactId> = alone
            .iter()
            .filter(|(_, evaluation)| turns(evaluation))
            .map(|(fact, _)| *fact)
            .collect();
        if facts.is_empty() && turns(&together) {
            facts = smallest(&unknown, |set| turns(&with(set)));
        }
        let turn = |fact: &FactId| Turning {
            fact: *fact,
            bearer: question.bearer(*fact),
        };
        turning.push(facts.iter().map(turn).collect());
    }
    turning
}

fn is_turned(plain: &Evaluation, other: &Evaluation, at: usize) -> bool {
    let (before, after) = (plain.outcomes.get(at), other.outcomes.get(at));
    let decided =
        |outcome: Option<&Outcome>| matches!(outcome, Some(Outcome::MadeOut | Outcome::NotMadeOut));
    // A gate that falls takes everything behind it along; the gate itself tells.
    decided(before) && decided(after) && before != after
}

/// A set that still turns it and of which nothing can be left out.
fn smallest(all: &[FactId], turns: impl Fn(&[FactId]) -> bool) -> Vec<FactId> {
    let mut set = all.to_vec();
    for fact in all {
        let without: Vec<FactId> = set.iter().filter(|f| *f != fact).copied().collect();
        if turns(&without) {
            set = without;
        }
    }
    set
}
