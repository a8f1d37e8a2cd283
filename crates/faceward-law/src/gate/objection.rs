//! What the packs say about one set of facts, and why, in words.

use std::sync::Arc;

use crate::Ground;
use crate::conduct::Conduct;
use crate::evaluate::{Evaluation, Mode, Outcome, Question, Role, Why, evaluate};
use crate::expression::{Leaf, Test};
use crate::fact::Party;
use crate::law::{ConclusionId, FactId};
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
    pub(crate) rule: Arc<Rule>,
    /// What was found, clause by clause.
    pub(crate) said: Vec<String>,
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
        let explained = Explanation::of(question, evaluation, live, rule);
        burdens.extend(explained.allocating);
        objections.push(Objection {
            rule: rule.clone(),
            said: explained.said,
            turns_on: explained.turns_on,
        });
    }
    burdens.sort_unstable();
    burdens.dedup();
    let burdens = burdens.iter().filter_map(|at| pack.rules.get(*at));
    objections.extend(burdens.map(|rule| Objection {
        rule: rule.clone(),
        said: vec![BURDEN.to_owned()],
        turns_on: Vec::new(),
    }));
    objections
}

const BURDEN: &str =
    "the burden of proving consent and conformity is on whoever processes the face";

/// Why a rule came out as it did.
struct Explanation<'q> {
    question: Question<'q>,
    evaluation: &'q Evaluation,
    live: &'q Live<'q>,
    said: Vec<String>,
    turns_on: Vec<FactId>,
    /// The rules that allocate the burdens it turned on.
    allocating: Vec<usize>,
}

impl<'q> Explanation<'q> {
    fn of(
        question: Question<'q>,
        evaluation: &'q Evaluation,
        live: &'q Live<'q>,
        rule: &'q Rule,
    ) -> Self {
        let mut explained = Self {
            question,
            evaluation,
            live,
            said: Vec::new(),
            turns_on: Vec::new(),
            allocating: Vec::new(),
        };
        let objects = question.pack.conclusion_of(rule).favours == Some(Party::Claimant);
        explained.rule(rule, objects);
        if explained.said.is_empty() {
            explained.say("nothing on record permits it".to_owned());
        }
        explained
    }

    /// Of a rule that is made out its elements speak; of one that is not, those of its elements
    /// that fail and the exceptions that hold. That nothing excuses it goes without saying.
    fn rule(&mut self, rule: &'q Rule, made_out: bool) {
        let clauses = [
            (Role::Element, &rule.elements),
            (Role::Exception, &rule.unless),
        ];
        for (role, clauses) in clauses {
            let helped = self.question.helped(role, rule);
            let speaks = made_out == (role == Role::Element);
            let aside = made_out && role == Role::Exception;
            let mut leaves = Vec::new();
            for clause in clauses {
                let visit = &mut |leaf, why| leaves.push((leaf, why));
                let (question, evaluation) = (self.question, self.evaluation);
                question.decisive(evaluation, &clause.expr, helped, speaks, visit);
            }
            for (leaf, why) in leaves {
                match leaf.test {
                    Test::Fact(fact, _) => self.fact(leaf, fact, why, aside),
                    Test::Concluded(step) if !aside => self.step(step),
                    Test::Concluded(_) | Test::Reading(..) => {}
                }
            }
        }
    }

    /// A step speaks through the rules that lead to it.
    fn step(&mut self, step: ConclusionId) {
        let pack = self.question.pack;
        let holds = self.evaluation.has(step);
        for at in pack.concluding.get(step.0).into_iter().flatten() {
            let outcome = self.evaluation.outcomes.get(*at);
            let speaks = (outcome == Some(&Outcome::MadeOut)) == holds;
            if let Some(rule) = pack.rules.get(*at).filter(|_| speaks) {
                self.rule(rule, holds);
            }
        }
    }

    fn fact(&mut self, leaf: &Leaf, fact: FactId, why: Why, aside: bool) {
        let known = self.question.law.fact_at(fact);
        let words = match (self.live.reason(fact), why) {
            (Some(""), _) => return,
            (Some(reason), _) => reason.to_owned(),
            (None, _) if aside => return,
            (None, Why::Unproven(..)) => format!("it is not shown whether {}", known.meaning),
            (None, _) => {
                let state = self.question.state(self.evaluation, fact);
                format!("{}: {}", known.meaning, state.say(&known.kind))
            }
        };
        self.turns_on.extend(leaf.facts());
        self.allocating
            .extend(self.question.pack.allocating.get(&fact));
        self.say(words);
    }

    fn say(&mut self, words: String) {
        if !self.said.contains(&words) {
            self.said.push(words);
        }
    }
}
