//! What holds for every case under the built-in packs, whatever is known, unknown or unsaid.

use jiff::civil::{DateTime, date};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::conduct::Conduct;
use crate::evaluate::{Evaluation, Known, Mode, Outcome, Question, evaluate};
use crate::expression::Test;
use crate::fact::{Bearer, Kind, Party, State, Value};
use crate::law::{FactId, Law};
use crate::pack::Pack;
use crate::rule::{Effect, Rule};

/// A case under a pack: what is known, and how the pack is asked.
struct Scene<'l> {
    law: &'l Law,
    pack: &'l Pack,
    known: Known,
    mode: Mode,
}

impl<'l> Scene<'l> {
    fn question(&self, judge: impl FnOnce(Question<'_>)) {
        judge(Question {
            law: self.law,
            pack: self.pack,
            known: &self.known,
            conduct: &Conduct::undated(),
            mode: self.mode,
            benefit: &[],
        });
    }

    fn evaluate(&self) -> Evaluation {
        let mut evaluation = None;
        self.question(|question| evaluation = Some(evaluate(question)));
        evaluation.unwrap()
    }

    fn with(&self, fact: FactId, state: State) -> Self {
        let mut known = self.known.clone();
        known.facts[fact.0] = state;
        Self { known, ..*self }
    }

    fn knowing(&self, name: &str, value: Value) -> Self {
        self.with(self.law.fact_id(name).unwrap(), State::Known(value))
    }

    fn gates_are_open(&self, evaluation: &Evaluation) -> bool {
        self.pack.gates.iter().all(|gate| evaluation.has(*gate))
    }

    /// The conclusions in favour of a party that are made out.
    fn gained_by<'e>(&'e self, party: Party, by: &'e Evaluation) -> impl Iterator<Item = &'e str> {
        let all = self.pack.conclusions.iter().enumerate();
        all.filter(move |(at, c)| c.favours == Some(party) && by.has(crate::law::ConclusionId(*at)))
            .map(|(_, c)| c.name.as_str())
    }
}

/// What is said of each fact; `open` says nothing of what the gates read, so that they are open.
fn scene<'l>(law: &'l Law, pack: &'l Pack, picks: &[Index], open: bool, mode: Mode) -> Scene<'l> {
    let mut facts: Vec<State> = Vec::new();
    for (fact, pick) in law.facts.iter().zip(picks) {
        facts.push(state(&fact.kind, *pick));
    }
    let mut scene = Scene {
        law,
        pack,
        known: Known {
            facts,
            ..Known::default()
        },
        mode,
    };
    if open {
        for rule in pack
            .rules
            .iter()
            .filter(|rule| pack.gates.contains(&rule.concludes))
        {
            for fact in facts_of(rule) {
                scene.known.facts[fact.0] = State::NotInIssue;
            }
        }
    }
    scene
}

/// A third unsaid, a third unknown, a third known.
fn state(kind: &Kind, pick: Index) -> State {
    let values = values(kind);
    match pick.index(3 * values.len()) {
        at if at < values.len() => State::Known(values[at].clone()),
        at if at < 2 * values.len() => State::Unknown,
        _ => State::NotInIssue,
    }
}

/// Values of every sort that a rule could tell apart.
fn values(kind: &Kind) -> Vec<Value> {
    let all_words = |words: &[String]| (0..words.len()).map(|at| Value::Words(1 << at));
    match kind {
        Kind::Bool => vec![Value::Bool(true), Value::Bool(false)],
        Kind::OneOf(words) => all_words(words).collect(),
        Kind::SetOf(words) => all_words(words)
            .chain([Value::Words(0), Value::Words((1 << words.len()) - 1)])
            .collect(),
        Kind::Number(_) => [
            0.0, 1.0, 2.0, 13.5, 15.0, 1000.0, 5001.0, 99_999.0, 100_000.0,
        ]
        .map(Value::Number)
        .to_vec(),
        Kind::Date => [
            date(2021, 7, 31),
            date(2024, 8, 2),
            date(2025, 6, 1),
            date(2025, 7, 14),
            date(2025, 9, 1),
        ]
        .map(|day| Value::Date(DateTime::from(day)))
        .to_vec(),
        Kind::Text => vec![Value::Text("words".into())],
    }
}

fn facts_of(rule: &Rule) -> Vec<FactId> {
    let mut facts = Vec::new();
    for clause in rule.clauses() {
        clause.expr.leaves(&mut |leaf| facts.extend(leaf.facts()));
    }
    facts
}

/// Every rule that a rule hangs on through conclusions, itself with them. Gates are left out.
fn hangs_on<'p>(pack: &'p Pack, number: &str) -> Vec<&'p Rule> {
    let mut found: Vec<&Rule> = pack
        .rules()
        .filter(|rule| rule.number() == number)
        .collect();
    assert_eq!(found.len(), 1, "there is no rule {number}");
    let mut next = 0;
    while next < found.len() {
        for clause in found[next].clauses() {
            let mut read: Vec<usize> = Vec::new();
            clause.expr.leaves(&mut |leaf| match leaf.test {
                Test::Concluded(conclusion) => read.extend(&pack.concluding[conclusion.0]),
                Test::Fact(..) | Test::Reading(..) => {}
            });
            for at in read {
                let rule = &*pack.rules[at];
                if !found.iter().any(|known| known.id == rule.id) {
                    found.push(rule);
                }
            }
        }
        next += 1;
    }
    found
}

fn opened() -> std::sync::Arc<Law> {
    Law::built_in().unwrap()
}

fn spc(law: &Law) -> &Pack {
    law.pack("cn-spc-2021-15").unwrap()
}

fn outcome(scene: &Scene<'_>, evaluation: &Evaluation, number: &str) -> Outcome {
    let at = scene.pack.rules().position(|rule| rule.number() == number);
    evaluation.outcomes[at.unwrap()]
}

prop_compose! {
    /// An index for each fact of the dictionary.
    fn any_states()(picks in prop::collection::vec(any::<Index>(), opened().facts.len())) -> Vec<Index> {
        picks
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// For every pack, every fact that it reads whose burden a party bears, every state of all other
    /// facts and every value of this one, with the gates open in both:
    ///
    /// - what is made out in the bearer's favour while the fact is unknown is also made out once the
    ///   fact has the value, whichever it is: doubt is at most as good for the bearer as any proof;
    /// - what is made out in the opponent's favour once it has the value is also made out while it is
    ///   unknown: doubt is at least as good for the opponent as any proof.
    ///
    /// It holds because every place that reads the fact is resolved against the bearer, and a
    /// conclusion in favour of a party is read only where it helps that party.
    #[test]
    fn an_unknown_never_helps_whoever_bears_its_burden(
        picks in any_states(), open in prop::bool::weighted(0.8), live in prop::bool::weighted(0.2),
    ) {
        let law = opened();
        let mode = if live { Mode::Live } else { Mode::Dispute };
        for pack in law.packs() {
            let scene = scene(&law, pack, &picks, open, mode);
            for (at, fact) in law.facts.iter().enumerate().filter(|(at, _)| pack.reads(FactId(*at))) {
                let mut bearer = None;
                scene.question(|question| bearer = match question.bearer(FactId(at)) {
                    Bearer::Claimant => Some(Party::Claimant),
                    Bearer::Processor => Some(Party::Processor),
                    Bearer::Joint | Bearer::Court | Bearer::Law => None,
                });
                let Some(bearer) = bearer else { continue };
                let doubt = scene.with(FactId(at), State::Unknown).evaluate();
                for value in values(&fact.kind) {
                    let proof = scene.with(FactId(at), State::Known(value.clone())).evaluate();
                    if !scene.gates_are_open(&doubt) || !scene.gates_are_open(&proof) {
                        continue;
                    }
                    for gained in scene.gained_by(bearer, &doubt) {
                        prop_assert!(
                            scene.gained_by(bearer, &proof).any(|name| name == gained),
                            "{}: {gained} rests on doubt of {} and falls with {value:?}", pack.id, fact.name
                        );
                    }
                    for gained in scene.gained_by(bearer.opponent(), &proof) {
                        prop_assert!(
                            scene.gained_by(bearer.opponent(), &doubt).any(|name| name == gained),
                            "{}: {gained} needs {} to be {value:?}", pack.id, fact.name
                        );
                    }
                }
            }
        }
    }

    /// So the property above covers silence in front of the live gate too.
    #[test]
    fn in_the_live_gate_silence_is_doubt(picks in any_states(), which: Index) {
        let law = opened();
        for pack in law.packs() {
            let scene = scene(&law, pack, &picks, false, Mode::Live);
            let fact = FactId(which.index(law.facts.len()));
            let silence = scene.with(fact, State::NotInIssue).evaluate();
            let doubt = scene.with(fact, State::Unknown).evaluate();
            prop_assert_eq!(&silence.outcomes, &doubt.outcomes);
        }
    }

    #[test]
    fn a_fact_that_no_rule_reads_never_changes_an_outcome(picks in any_states(), others in any_states()) {
        let law = opened();
        for pack in law.packs() {
            let scene = scene(&law, pack, &picks, true, Mode::Dispute);
            let mut changed = scene.with(FactId(0), scene.known.facts[0].clone());
            for (at, (fact, pick)) in law.facts.iter().zip(&others).enumerate() {
                if !pack.reads(FactId(at)) {
                    changed.known.facts[at] = state(&fact.kind, *pick);
                }
            }
            prop_assert_eq!(scene.evaluate(), changed.evaluate());
        }
    }

    #[test]
    fn every_rule_has_an_outcome_that_its_gates_and_conclusions_bear_out(
        picks in any_states(), open: bool, live: bool, uniform in 0u8..4,
    ) {
        let law = opened();
        let mode = if live { Mode::Live } else { Mode::Dispute };
        for pack in law.packs() {
            let mut scene = scene(&law, pack, &picks, open, mode);
            match uniform {
                0 => scene.known.facts.fill(State::NotInIssue),
                1 => scene.known.facts.fill(State::Unknown),
                _ => {}
            }
            let evaluation = scene.evaluate();
            let gates_are_open = scene.gates_are_open(&evaluation);
            prop_assert_eq!(evaluation.outcomes.len(), pack.rules.len());
            for (at, (rule, outcome)) in pack.rules().zip(&evaluation.outcomes).enumerate() {
                // The live gate asks the live rules, and what they hang on.
                if live && !pack.live_order.contains(&at) {
                    prop_assert_eq!(*outcome, Outcome::NotInIssue, "{}", rule.id);
                    continue;
                }
                let gated = !pack.gates.contains(&rule.concludes) && !gates_are_open;
                prop_assert_eq!(*outcome == Outcome::NotReached, gated, "{}", rule.id);
                // Conduct without dates falls into every period.
                prop_assert_ne!(*outcome, Outcome::NotInForce);
                let silent = |fact: FactId| scene.known.facts[fact.0] == State::NotInIssue;
                let reads_facts = rule.elements.iter().all(|clause| {
                    let mut facts = true;
                    clause.expr.leaves(&mut |leaf| facts &= !matches!(leaf.test, Test::Concluded(_)));
                    facts
                });
                let of_elements = rule.elements.iter().flat_map(|clause| {
                    let mut facts = Vec::new();
                    clause.expr.leaves(&mut |leaf| facts.extend(leaf.facts()));
                    facts
                });
                let of_elements: Vec<FactId> = of_elements.collect();
                let computed = of_elements.iter().any(|fact| law.apply == Some(*fact));
                if mode == Mode::Dispute && !gated && reads_facts && !computed && !rule.elements.is_empty() {
                    let nobody = of_elements.iter().all(|fact| silent(*fact));
                    prop_assert_eq!(*outcome == Outcome::NotInIssue, nobody, "{}", rule.id);
                }
            }
            for (at, rules) in pack.concluding.iter().enumerate() {
                let made_out = rules.iter().any(|rule| evaluation.outcomes[*rule] == Outcome::MadeOut);
                prop_assert_eq!(evaluation.has(crate::law::ConclusionId(at)), made_out);
            }
        }
    }

    /// Arts. 10(1), 11 and 12 need no finding of Art. 2, and no defence of Art. 4 or 5 answers them;
    /// an injunction under Art. 9 needs no finding of Art. 2 either.
    #[test]
    fn independent_claims_do_not_hang_on_the_tort_track(picks in any_states(), others in any_states()) {
        let law = opened();
        let pack = spc(&law);
        for (claim, track) in [
            ("10.1", &["2", "3", "4", "5", "7", "8"][..]),
            ("11", &["2", "3", "4", "5", "7", "8"]),
            ("12", &["2", "3", "4", "5", "7", "8"]),
            ("9", &["2", "3", "7", "8"]),
        ] {
            let needed = hangs_on(pack, claim);
            prop_assert!(needed.iter().all(|rule| !["2", "3", "7", "8"].contains(&rule.article.as_str())
                || pack.conclusion_of(rule).effect == Effect::Step), "{claim}");
            let gates = pack.rules().filter(|rule| pack.gates.contains(&rule.concludes));
            let kept: Vec<FactId> = needed.iter().copied().chain(gates).flat_map(facts_of).collect();
            let scene = scene(&law, pack, &picks, true, Mode::Dispute);
            let mut changed = scene.with(FactId(0), scene.known.facts[0].clone());
            for rule in pack.rules().filter(|rule| track.contains(&rule.article.as_str())) {
                for fact in facts_of(rule).into_iter().filter(|fact| !kept.contains(fact)) {
                    changed.known.facts[fact.0] = state(&law.facts[fact.0].kind, others[fact.0]);
                }
            }
            prop_assert_eq!(
                outcome(&scene, &scene.evaluate(), claim), outcome(&changed, &changed.evaluate(), claim)
            );
        }
    }

    /// Art. 4 takes a defence away; that alone wrongs nobody.
    #[test]
    fn article_4_alone_never_makes_an_infringement(picks in any_states()) {
        let law = opened();
        let pack = spc(&law);
        let mut scene = scene(&law, pack, &picks, true, Mode::Dispute);
        let of_article: Vec<FactId> =
            pack.rules().filter(|rule| rule.article == "4").flat_map(facts_of).collect();
        for (at, state) in scene.known.facts.iter_mut().enumerate() {
            // What these rules share with Art. 2 is left out too: it would be an infringement of its own.
            let shared = pack.rules().any(|rule| rule.article == "2" && facts_of(rule).contains(&FactId(at)));
            if shared || !of_article.contains(&FactId(at)) {
                *state = State::NotInIssue;
            }
        }
        prop_assert!(of_article.iter().any(|fact| law.fact_at(*fact).name == "consent_bundled"));
        let evaluation = scene.evaluate();
        prop_assert!(!evaluation.has(pack.conclusion_id("infringement").unwrap()));
        prop_assert!(!evaluation.has(pack.conclusion_id("tort_liability").unwrap()));
    }

    /// That the person is a minor makes the matter graver. Where no consent is in question, as the
    /// guardian agreed or none is needed, it changes no other finding.
    #[test]
    fn a_minor_raises_the_weight_and_flips_no_finding(picks in any_states()) {
        let law = opened();
        let pack = spc(&law);
        let bit = law.fact("processing_basis").unwrap().kind.bit("statutory_exception").unwrap();
        let scene = scene(&law, pack, &picks, true, Mode::Dispute);
        let scene = scene.knowing("processing_basis", Value::Words(bit));
        let scene = scene.knowing("guardian_consent_obtained", Value::Bool(true));
        let minor = scene.knowing("subject_is_minor", Value::Bool(true)).evaluate();
        let adult = scene.knowing("subject_is_minor", Value::Bool(false)).evaluate();
        for (at, rule) in pack.rules().enumerate() {
            if ["3-minor", "2.3-guardian"].contains(&rule.number()) {
                continue;
            }
            prop_assert_eq!(minor.outcomes[at], adult.outcomes[at], "{}", rule.id);
        }
        let liable = minor.has(pack.conclusion_id("tort_liability").unwrap());
        prop_assert_eq!(minor.has(pack.conclusion_id("heavier_weight").unwrap()), liable);
        prop_assert!(!adult.has(pack.conclusion_id("heavier_weight").unwrap()));
    }

    /// Each fact named alone, resolved for a side, flips the outcome; and where an outcome in favour of
    /// a side turns on nothing, no values of the unknowns flip it, as long as the gates are open.
    #[test]
    fn what_an_outcome_turns_on_is_all_that_it_turns_on(
        picks in any_states(), proofs in prop::collection::vec(any_states(), 8), open in prop::bool::weighted(0.9),
    ) {
        let law = opened();
        for pack in law.packs() {
            let scene = scene(&law, pack, &picks, open, Mode::Dispute);
            let plain = scene.evaluate();
            let mut turning = Vec::new();
            scene.question(|question| turning = crate::assess::turn::turning_points(question, &plain));
            for proof in &proofs {
                let mut proven = scene.with(FactId(0), scene.known.facts[0].clone());
                for (at, state) in proven.known.facts.iter_mut().enumerate() {
                    if *state == State::Unknown {
                        let values = values(&law.facts[at].kind);
                        *state = State::Known(proof[at].get(&values).clone());
                    }
                }
                let proven = proven.evaluate();
                if !scene.gates_are_open(&plain) || !scene.gates_are_open(&proven) {
                    continue;
                }
                for (at, rule) in pack.rules().enumerate() {
                    if turning[at].is_empty() && pack.conclusion_of(rule).favours.is_some() {
                        prop_assert_eq!(plain.outcomes[at], proven.outcomes[at], "{}", rule.id);
                    }
                }
            }
            for (at, (rule, facts)) in pack.rules().zip(&turning).enumerate() {
                let Some(favours) = pack.conclusion_of(rule).favours else { continue };
                let flips = |party| {
                    let benefit: Vec<(FactId, Party)> = facts.iter().map(|fact| (*fact, party)).collect();
                    let mut after = None;
                    scene.question(|question| {
                        after = Some(evaluate(Question { benefit: &benefit, ..question }).outcomes[at]);
                    });
                    after != Some(plain.outcomes[at])
                };
                let loses = if plain.outcomes[at] == Outcome::MadeOut { favours.opponent() } else { favours };
                prop_assert!(facts.is_empty() || flips(loses), "{}", rule.id);
            }
        }
    }
}

#[test]
fn what_the_texts_say_does_not_matter_is_read_by_no_rule() {
    let law = opened();
    for name in ["deletion_term_agreed", "owners_committee_approved"] {
        let fact = law.fact_id(name).unwrap();
        for pack in law.packs() {
            assert!(!pack.reads(fact), "{} reads {name}", pack.id);
        }
    }
}
