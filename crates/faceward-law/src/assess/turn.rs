//! On which unknown facts does an outcome turn?
//!
//! An unknown that a side could prove counts, at most, as fulfilled wherever that helps the side and
//! as not fulfilled wherever it helps the other. So an outcome that this does not change, for all
//! unknowns at once, no proof of them changes.

use crate::evaluate::{Evaluation, Outcome, Question, evaluate};
use crate::fact::{Party, State};
use crate::law::FactId;

const SIDES: [Party; 2] = [Party::Claimant, Party::Processor];

/// For each rule of the pack, the unknown facts on which its outcome turns: each that alone would
/// change it, resolved in favour of a side, or else a smallest set that would together.
pub(crate) fn turning_points(question: Question<'_>, plain: &Evaluation) -> Vec<Vec<FactId>> {
    let states = question.known.facts.iter().enumerate();
    let unknown = states.filter(|(_, state)| **state == State::Unknown);
    let unknown: Vec<FactId> = unknown.map(|(at, _)| FactId(at)).collect();
    let with = |facts: &[FactId], side: Party| {
        let benefit: Vec<(FactId, Party)> = facts.iter().map(|fact| (*fact, side)).collect();
        evaluate(Question {
            benefit: &benefit,
            ..question
        })
    };
    let mut alone: Vec<(FactId, Party, Evaluation)> = Vec::new();
    for fact in &unknown {
        for side in SIDES {
            alone.push((*fact, side, with(&[*fact], side)));
        }
    }
    let together = SIDES.map(|side| (side, with(&unknown, side)));

    let mut turning = Vec::with_capacity(plain.outcomes.len());
    for (at, rule) in question.pack.rules.iter().enumerate() {
        let favours = question.pack.conclusion_of(rule).favours;
        let made_out = plain.outcomes.get(at) == Some(&Outcome::MadeOut);
        // Only the side that it comes out against could want it otherwise.
        let wants = |side: Party| favours.is_none_or(|favours| (favours == side) != made_out);
        let turns = |other: &Evaluation| is_turned(plain, other, at);
        let mut facts: Vec<FactId> = alone
            .iter()
            .filter(|(_, side, evaluation)| wants(*side) && turns(evaluation))
            .map(|(fact, ..)| *fact)
            .collect();
        facts.dedup();
        let mut all_at_once = together.iter();
        if facts.is_empty()
            && let Some((side, _)) = all_at_once.find(|(side, all)| wants(*side) && turns(all))
        {
            facts = smallest(&unknown, |set| turns(&with(set, *side)));
        }
        turning.push(facts);
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
    loop {
        let before = set.len();
        for fact in all {
            let without: Vec<FactId> = set.iter().filter(|f| *f != fact).copied().collect();
            if without.len() < set.len() && turns(&without) {
                set = without;
            }
        }
        // Of a conclusion that favours nobody, one that is left out can make another superfluous.
        if set.len() == before {
            return set;
        }
    }
}
