//! An order of the rules in which every conclusion is reached before it is read.

use crate::expression::Test;
use crate::pack::{Pack, PackError, PackText};
use crate::rule::{Clause, Rule};

/// Orders the rules; refuses cycles. `spans` has the place of each rule in the file.
pub(super) fn order(text: PackText<'_>, spans: &[usize], pack: &mut Pack) -> Result<(), PackError> {
    let reads: Vec<Vec<usize>> = pack.rules.iter().map(|rule| read_by(rule, pack)).collect();
    let mut done = vec![false; reads.len()];
    let mut order = Vec::with_capacity(reads.len());
    loop {
        let ready = |at: &usize| {
            let is_done = |read: &usize| done.get(*read).copied().unwrap_or(true);
            !done.get(*at).copied().unwrap_or(true)
                && reads
                    .get(*at)
                    .is_some_and(|reads| reads.iter().all(is_done))
        };
        let next: Vec<usize> = (0..reads.len()).filter(ready).collect();
        if next.is_empty() {
            break;
        }
        for at in next {
            order.push(at);
            if let Some(done) = done.get_mut(at) {
                *done = true;
            }
        }
    }
    if let Some(stuck) = done.iter().position(|done| !done) {
        let circle = circle_from(stuck, &reads, &done);
        let first = circle.first().copied().unwrap_or(stuck);
        let why = say(&circle, pack);
        return Err(text.wrong(spans.get(first).copied().unwrap_or(0), why));
    }
    pack.live_order = live(&order, &reads, pack);
    pack.order = order;
    Ok(())
}

/// Of the ordered rules those that are live, and those whose conclusions they hang on.
fn live(order: &[usize], reads: &[Vec<usize>], pack: &Pack) -> Vec<usize> {
    let is_live = |at: usize| pack.rules.get(at).is_some_and(|rule| rule.live);
    let mut needed: Vec<bool> = (0..pack.rules.len()).map(is_live).collect();
    // Whatever is read comes earlier in the order, so one walk back reaches everything.
    for &at in order.iter().rev() {
        if needed.get(at) == Some(&true) {
            for read in reads.get(at).into_iter().flatten() {
                if let Some(needed) = needed.get_mut(*read) {
                    *needed = true;
                }
            }
        }
    }
    let needed = |at: &usize| needed.get(*at) == Some(&true);
    order.iter().copied().filter(needed).collect()
}

/// The rules of a circle that hangs on itself, from the one that stands first in the file.
fn circle_from(stuck: usize, reads: &[Vec<usize>], done: &[bool]) -> Vec<usize> {
    let mut path = vec![stuck];
    loop {
        let last = path.last().and_then(|last| reads.get(*last));
        let waits = |read: &&usize| done.get(**read) == Some(&false);
        // Whatever is stuck waits for something that is stuck.
        let Some(next) = last.and_then(|reads| reads.iter().find(waits)) else {
            return path;
        };
        if let Some(from) = path.iter().position(|known| known == next) {
            let mut circle = path.split_off(from);
            let first = circle.iter().enumerate().min_by_key(|(_, rule)| **rule);
            let first = first.map_or(0, |(position, _)| position);
            circle.rotate_left(first);
            return circle;
        }
        path.push(*next);
    }
}

fn say(circle: &[usize], pack: &Pack) -> String {
    let rules: Vec<&Rule> = circle
        .iter()
        .filter_map(|at| pack.rules.get(*at))
        .map(|rule| &**rule)
        .collect();
    let ids: Vec<&str> = rules.iter().map(|rule| rule.number()).take(6).collect();
    let what = match ids.as_slice() {
        [one] => format!("rule {one} hangs on its own conclusion"),
        _ => format!(
            "rules {} hang on each other's conclusions in a circle",
            ids.join(", ")
        ),
    };
    let at_a_gate = rules
        .iter()
        .any(|rule| pack.gates.contains(&rule.concludes))
        && rules
            .iter()
            .any(|rule| !pack.gates.contains(&rule.concludes));
    if at_a_gate {
        format!(
            "{what}: a rule that opens a gate reads facts and other gates only, as all else waits for the gates; write out what it reads"
        )
    } else {
        format!("{what}; take one of these conclusions out of the conditions, or split it in two")
    }
}

/// The rules whose conclusions a rule waits for.
fn read_by(rule: &Rule, pack: &Pack) -> Vec<usize> {
    let mut reads = Vec::new();
    for Clause { expr, .. } in rule.clauses() {
        expr.leaves(&mut |leaf| {
            if let Test::Concluded(conclusion) = leaf.test
                && let Some(rules) = pack.concluding.get(conclusion.0)
            {
                reads.extend_from_slice(rules);
            }
        });
    }
    // A gate does not wait for gates.
    if !pack.gates.contains(&rule.concludes) {
        for gate in &pack.gates {
            if let Some(rules) = pack.concluding.get(gate.0) {
                reads.extend_from_slice(rules);
            }
        }
    }
    reads
}
