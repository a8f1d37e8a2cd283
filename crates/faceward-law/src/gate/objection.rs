//! What the packs say about one set of facts, and why, in words.

use std::sync::Arc;

use crate::Ground;
use crate::conduct::Conduct;
use crate::evaluate::{Evaluation, Mode, Outcome, Question, Role, Why, evaluate};
use crate::expression::Test;
use crate::fact::Party;
use crate::law::FactId;
use crate::live::Live;
use crate::pack::Pack;
use crate::rule::{Effect, Rule};

/// What all packs together say.
pub(crate) enum Verdict {
    /// Each has a ground to permit the act, and none objects.
    Permits(Arc<[Ground]>),
    /// What stands against it, the first to mend in front.
    Objects(Vec<Objection>),
}

/// What stands against an act, and the facts on which that turns.
pub(crate) struct Objection {
    pub(crate) ground: Ground,
    pub(crate) turns_on: Vec<FactId>,
}

/// Asks every pack. The default is to object: a pack that has nothing to say permits nothing.
pub(crate) fn judge(packs: &[&Pack], live: &Live<'_>, conduct: &Conduct, finding: &str) -> Verdict {
    let mut objections = Vec::new();
    let mut permits = Vec::new();
    for pack in packs {
        let question = Question {
            law: live.law(),
            pack,
            known: &live.facts.known,
            conduct,
            mode: Mode::Live,
            benefit: &[],
        };
        let evaluation = evaluate(question);
        let permitted = permit_of(pack, &evaluation);
        objections.extend(objections_of(
            question,
            &evaluation,
            live,
            permitted.is_some(),
        ));
        permits.extend(permitted.map(|rule| Ground {
            rule,
            finding: finding.to_owned(),
        }));
    }
    if objections.is_empty() && permits.len() == packs.len() && !permits.is_empty() {
        Verdict::Permits(permits.into())
    } else {
        Verdict::Objects(objections)
    }
}

/// The rule of a pack that permits the act.
fn permit_of(pack: &Pack, evaluation: &Evaluation) -> Option<Arc<Rule>> {
    let decided = pack.rules.iter().zip(&evaluation.outcomes);
    let mut permitting =
        decided.filter(|(rule, outcome)| **outcome == Outcome::MadeOut && permits(pack, rule));
    permitting.next().map(|(rule, _)| rule.clone())
}

fn permits(pack: &Pack, rule: &Rule) -> bool {
    rule.live && pack.conclusion_of(rule).effect == Effect::Permits
}

/// What stands against the act under a pack: the live rules that are made out against whoever
/// processes the face, then the rule that puts the burden on them; or, where nothing stands
/// against it and nothing permits it either, that.
fn objections_of(
    question: Question<'_>,
    evaluation: &Evaluation,
    live: &Live<'_>,
    permitted: bool,
) -> Vec<Objection> {
    let pack = question.pack;
    let against = |rule: &Rule| pack.conclusion_of(rule).favours == Some(Party::Claimant);
    let decided = pack.rules.iter().zip(&evaluation.outcomes);
    let made_out =
        decided.filter(|(rule, o)| **o == Outcome::MadeOut && rule.live && against(rule));
    let mut rules: Vec<&Arc<Rule>> = made_out.map(|(rule, _)| rule).collect();
    if rules.is_empty() && !permitted {
        rules.extend(pack.rules.iter().find(|rule| permits(pack, rule)));
    }
    let mut objections: Vec<Objection> = Vec::new();
    let mut burdens: Vec<usize> = Vec::new();
    for rule in rules {
        let Explanation {
            words,
            turns_on,
            allocating,
        } = explain(question, evaluation, live, rule);
        burdens.extend(allocating);
        let ground = Ground {
            rule: rule.clone(),
            finding: words,
        };
        objections.push(Objection { ground, turns_on });
    }
    burdens.sort_unstable();
    burdens.dedup();
    let burdens = burdens.iter().filter_map(|at| pack.rules.get(*at));
    objections.extend(burdens.map(|rule| Objection {
        ground: Ground {
            rule: rule.clone(),
            finding: BURDEN.to_owned(),
        },
        turns_on: Vec::new(),
    }));
    objections
}

const BURDEN: &str =
    "the burden of proving consent and conformity is on whoever processes the face";

/// Why a rule came out as it did.
struct Explanation {
    words: String,
    turns_on: Vec<FactId>,
    /// The rules that allocate the burdens it turned on.
    allocating: Vec<usize>,
}

fn explain(
    question: Question<'_>,
    evaluation: &Evaluation,
    live: &Live<'_>,
    rule: &Rule,
) -> Explanation {
    let made_out = question.pack.conclusion_of(rule).favours == Some(Party::Claimant);
    let mut said: Vec<String> = Vec::new();
    let mut turns_on = Vec::new();
    let mut allocating = Vec::new();
    for (role, clauses) in [
        (Role::Element, &rule.elements),
        (Role::Exception, &rule.unless),
    ] {
        let helped = question.helped(role, rule);
        // Of an objection the elements that are fulfilled speak; of a permit that is missing, those
        // that are not, and the exceptions that are.
        let speaks = made_out == (role == Role::Element);
        let mut visit = |leaf: &crate::expression::Leaf, why| {
            let fact = match leaf.test {
                Test::Fact(fact, _) => fact,
                Test::Concluded(step) if !made_out => {
                    let step = question.pack.conclusions.get(step.0);
                    said.extend(step.map(|step| step.meaning.clone()));
                    return;
                }
                Test::Concluded(_) | Test::Reading(..) => return,
            };
            turns_on.extend(leaf.facts());
            let known = question.law.fact_at(fact);
            let words = match (live.reason(fact), why) {
                (Some(""), _) => return,
                (Some(reason), _) => reason.to_owned(),
                // That nothing excuses it goes without saying.
                (None, _) if role == Role::Exception && made_out => return,
                (None, Why::Unproven(..)) => format!("it is not shown whether {}", known.meaning),
                (None, _) => {
                    let state = question.state(evaluation, fact).say(&known.kind);
                    format!("{}: {state}", known.meaning)
                }
            };
            if !said.contains(&words) {
                said.push(words);
            }
            allocating.extend(question.pack.allocating.get(&fact));
        };
        for clause in clauses {
            question.decisive(evaluation, &clause.expr, helped, speaks, &mut visit);
        }
    }
    if said.is_empty() {
        said.push("nothing on record permits it".to_owned());
    }
    Explanation {
        words: said.join("; "),
        turns_on,
        allocating,
    }
}
