//! One evaluator for the live gate and the assessor: facts in, the outcome of every rule out.
//!
//! Every fact is known, unknown or not in issue. An unknown is resolved against whoever bears its
//! burden (SPC Interpretation of the Civil Procedure Law, Art. 90(2)); what nobody mentioned
//! establishes nothing. After Carneades (Gordon, Prakken and Walton 2007) a rule has elements,
//! assumptions, which hold until they are questioned, and exceptions.

use crate::conduct::{Applies, Conduct};
use crate::expression::{Expr, Leaf, Test};
use crate::fact::{Bearer, Party, State, Value};
use crate::law::{ConclusionId, FactId, Law};
use crate::pack::Pack;
use crate::rule::{Clause, Effect, Period, Rule};

/// What is known, for one evaluation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// A state for each fact of the dictionary.
    pub(crate) facts: Vec<State>,
    /// Conclusions that are stated instead of derived, by name.
    pub(crate) stated: Vec<(String, bool)>,
    /// The value chosen for each reading, by name, where it is not the usual one.
    pub(crate) readings: Vec<(String, String)>,
    /// What is known to rules whose own period leaves acts out that the pack's does not.
    pub(crate) within: Vec<(Period, Known)>,
}

impl Known {
    /// What is known to a rule.
    pub(crate) fn to(&self, rule: &Rule) -> &Self {
        let mut within = self.within.iter();
        let own = within.find(|(period, _)| *period == rule.period);
        own.map_or(self, |(_, known)| known)
    }

    /// Sets a fact for every rule.
    pub(crate) fn set(&mut self, fact: FactId, state: &State) {
        if let Some(place) = self.facts.get_mut(fact.0) {
            place.clone_from(state);
        }
        for (_, known) in &mut self.within {
            known.set(fact, state);
        }
    }
}

/// How a rule came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything it takes is there.
    MadeOut,
    /// Something is missing, or an exception defeats it.
    NotMadeOut,
    /// Nobody put any of its elements in issue.
    NotInIssue,
    /// The provisions do not reach the matter.
    NotReached,
    /// It was not in force at the time of the conduct.
    NotInForce,
}

impl Outcome {
    /// The word for it in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::MadeOut => "made_out",
            Self::NotMadeOut => "not_made_out",
            Self::NotInIssue => "not_in_issue",
            Self::NotReached => "not_reached",
            Self::NotInForce => "not_in_force",
        }
    }
}

/// Who is served: a dispute, where silence has a meaning, or the live gate, where it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Dispute,
    Live,
}

/// What is evaluated.
#[derive(Clone, Copy)]
pub(crate) struct Question<'q> {
    pub(crate) law: &'q Law,
    pub(crate) pack: &'q Pack,
    pub(crate) known: &'q Known,
    pub(crate) conduct: &'q Conduct,
    pub(crate) mode: Mode,
    /// Facts whose doubt is resolved in favour of a side, to see what turns on them.
    pub(crate) benefit: &'q [(FactId, Party)],
}

/// How every rule of a pack came out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Evaluation {
    pub(crate) applies: State,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) concluded: Vec<bool>,
    in_issue: Vec<bool>,
}

/// Evaluates one pack.
pub(crate) fn evaluate(question: Question<'_>) -> Evaluation {
    let pack = question.pack;
    let mut so_far = Evaluation::start(question);
    for (name, value) in &question.known.stated {
        if let Some(id) = pack.conclusion_id(name) {
            so_far.conclude(id, *value);
        }
    }
    let order = match question.mode {
        Mode::Dispute => &pack.order,
        Mode::Live => &pack.live_order,
    };
    for &at in order {
        let Some(rule) = pack.rules.get(at) else {
            continue;
        };
        let outcome = outcome(question.of(rule), &so_far, rule);
        if let Some(place) = so_far.outcomes.get_mut(at) {
            *place = outcome;
        }
        if matches!(outcome, Outcome::MadeOut | Outcome::NotMadeOut) && !question.states(rule) {
            let made_out = outcome == Outcome::MadeOut || so_far.has(rule.concludes);
            so_far.conclude(rule.concludes, made_out);
        }
    }
    so_far
}

/// Whether the pack's period reaches the conduct: the fact that its gate reads.
fn applies(question: Question<'_>) -> State {
    let apply = question.law.apply;
    if let Some(stated) = apply.and_then(|id| question.known.facts.get(id.0))
        && *stated != State::NotInIssue
    {
        return stated.clone();
    }
    let word = match question.conduct.applies(question.pack.period) {
        Applies::Unknown => return State::Unknown,
        known => known.word(),
    };
    let bit = apply.and_then(|id| question.law.fact_at(id).kind.bit(word));
    bit.map_or(State::Unknown, |bit| State::Known(Value::Words(bit)))
}

fn outcome(question: Question<'_>, so_far: &Evaluation, rule: &Rule) -> Outcome {
    let pack = question.pack;
    // Where a doubt is lifted to see what turns on it, the gates stay as they are.
    let gated = question.benefit.is_empty()
        && !pack.gates.contains(&rule.concludes)
        && pack.gates.iter().any(|gate| !so_far.has(*gate));
    let effect = pack.conclusion_of(rule).effect;
    if gated {
        Outcome::NotReached
    } else if !question.is_in_force(rule) {
        Outcome::NotInForce
    } else if effect == Effect::Burden || !question.is_in_issue(so_far, rule) {
        Outcome::NotInIssue
    } else {
        let holds = |role, clause: &Clause| question.clause(so_far, role, rule, clause);
        let made_out = rule.elements.iter().all(|c| holds(Role::Element, c))
            && rule.assuming.iter().all(|c| holds(Role::Assumption, c))
            && !rule.unless.iter().any(|c| holds(Role::Exception, c));
        if made_out {
            Outcome::MadeOut
        } else {
            Outcome::NotMadeOut
        }
    }
}

/// What a clause is to its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Element,
    Assumption,
    Exception,
}

/// Why a leaf holds or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// The fact is known.
    Known,
    /// It is in issue and unproven, which this side has to bear.
    Unproven(FactId, Bearer),
    /// Nobody mentioned it.
    NotInIssue,
    /// It was concluded, or not.
    Concluded,
    /// It is a reading.
    Reading,
}

impl Evaluation {
    /// Nothing is concluded yet.
    pub(crate) fn start(question: Question<'_>) -> Self {
        let pack = question.pack;
        Self {
            applies: applies(question),
            outcomes: vec![Outcome::NotInIssue; pack.rules.len()],
            concluded: vec![false; pack.conclusions.len()],
            in_issue: vec![false; pack.conclusions.len()],
        }
    }

    pub(crate) fn has(&self, conclusion: ConclusionId) -> bool {
        self.concluded.get(conclusion.0).copied().unwrap_or(false)
    }

    pub(crate) fn is_in_issue(&self, conclusion: ConclusionId) -> bool {
        self.in_issue.get(conclusion.0).copied().unwrap_or(false)
    }

    fn conclude(&mut self, conclusion: ConclusionId, made_out: bool) {
        if let Some(place) = self.concluded.get_mut(conclusion.0) {
            *place = made_out;
        }
        if let Some(place) = self.in_issue.get_mut(conclusion.0) {
            *place = true;
        }
    }
}

impl<'q> Question<'q> {
    /// The question as it is put to a rule.
    pub(crate) fn of(self, rule: &Rule) -> Self {
        Self {
            known: self.known.to(rule),
            ..self
        }
    }
    /// What is known of a fact, with the fact that the engine computes for this pack.
    pub(crate) fn state<'s>(&'s self, so_far: &'s Evaluation, fact: FactId) -> &'s State {
        const SILENCE: State = State::NotInIssue;
        const DOUBT: State = State::Unknown;
        if self.law.apply == Some(fact) {
            return &so_far.applies;
        }
        match (self.known.facts.get(fact.0).unwrap_or(&SILENCE), self.mode) {
            (State::NotInIssue, Mode::Live) => &DOUBT,
            (state, _) => state,
        }
    }

    pub(crate) fn bearer(&self, fact: FactId) -> Bearer {
        match self.mode {
            Mode::Live => Bearer::Processor,
            Mode::Dispute => self.pack.burden(fact).on,
        }
    }

    /// Whether a condition is shown to hold by known facts alone.
    pub(crate) fn is_shown(&self, so_far: &Evaluation, expr: &Expr) -> bool {
        self.holds(so_far, expr, None)
    }

    /// Whether a rule's conclusion is stated in the case instead of derived.
    fn states(&self, rule: &Rule) -> bool {
        let name = &self.pack.conclusion_of(rule).name;
        self.known.stated.iter().any(|(stated, _)| stated == name)
    }

    /// Whether a rule's own period reaches the conduct; dates that are unproven count against
    /// whoever bears them, as everywhere.
    fn is_in_force(&self, rule: &Rule) -> bool {
        match self.conduct.applies(rule.period) {
            Applies::Yes | Applies::Partial => true,
            Applies::No => false,
            Applies::Unknown => {
                let favours = self.pack.conclusion_of(rule).favours;
                let facts = &self.known.facts;
                let mut unknown = self
                    .law
                    .dates
                    .iter()
                    .filter(|date| facts.get(date.0) == Some(&State::Unknown));
                rule.period == Period::default()
                    || unknown.all(|date| self.unproven_holds(*date, favours))
            }
        }
    }

    fn is_in_issue(&self, so_far: &Evaluation, rule: &Rule) -> bool {
        let mentions = |clause: &Clause| self.mentions(so_far, &clause.expr);
        rule.elements.is_empty() || rule.elements.iter().any(mentions)
    }

    /// Whether anything a condition reads is in issue.
    fn mentions(&self, so_far: &Evaluation, expr: &Expr) -> bool {
        let mut mentioned = false;
        expr.leaves(&mut |leaf| {
            mentioned |= match leaf.test {
                Test::Concluded(conclusion) => so_far.is_in_issue(conclusion),
                Test::Reading(..) => false,
                Test::Fact(..) => {
                    let stated = |fact| *self.state(so_far, fact) != State::NotInIssue;
                    leaf.facts().any(stated)
                }
            };
        });
        mentioned
    }

    /// Whether a clause holds.
    pub(crate) fn clause(
        &self,
        so_far: &Evaluation,
        role: Role,
        rule: &Rule,
        clause: &Clause,
    ) -> bool {
        if role == Role::Assumption && self.is_assumed(so_far, clause) {
            return true;
        }
        self.holds(so_far, &clause.expr, self.helped(role, rule))
    }

    /// Whether an assumption stands because nobody questioned it.
    pub(crate) fn is_assumed(&self, so_far: &Evaluation, clause: &Clause) -> bool {
        !self.mentions(so_far, &clause.expr)
    }

    /// Whom it helps when a clause in this role holds.
    pub(crate) fn helped(&self, role: Role, rule: &Rule) -> Option<Party> {
        let favours = self.pack.conclusion_of(rule).favours;
        match role {
            Role::Exception => favours.map(Party::opponent),
            Role::Element | Role::Assumption => favours,
        }
    }

    fn holds(&self, so_far: &Evaluation, expr: &Expr, helped: Option<Party>) -> bool {
        match expr {
            Expr::All(parts) => parts.iter().all(|part| self.holds(so_far, part, helped)),
            Expr::Any(parts) => parts.iter().any(|part| self.holds(so_far, part, helped)),
            Expr::Leaf(leaf) => self.leaf(so_far, leaf, helped).0,
        }
    }

    /// The leaves that make a condition come out as `value`; none where it does not.
    pub(crate) fn decisive<'e>(
        &self,
        so_far: &Evaluation,
        expr: &'e Expr,
        helped: Option<Party>,
        value: bool,
        visit: &mut impl FnMut(&'e Leaf, Why),
    ) {
        if self.holds(so_far, expr, helped) != value {
            return;
        }
        match expr {
            Expr::All(parts) | Expr::Any(parts) => {
                for part in parts {
                    self.decisive(so_far, part, helped, value, visit);
                }
            }
            Expr::Leaf(leaf) => visit(leaf, self.leaf(so_far, leaf, helped).1),
        }
    }

    /// Whether a leaf holds, and why.
    pub(crate) fn leaf(
        &self,
        so_far: &Evaluation,
        leaf: &Leaf,
        helped: Option<Party>,
    ) -> (bool, Why) {
        let (fact, ask) = match &leaf.test {
            Test::Concluded(conclusion) => {
                return (so_far.has(*conclusion) != leaf.negated, Why::Concluded);
            }
            Test::Reading(reading, words) => {
                let chosen = self.reading(reading.0);
                return ((words & chosen != 0) != leaf.negated, Why::Reading);
            }
            Test::Fact(fact, ask) => (*fact, ask),
        };
        let state = |fact| self.state(so_far, fact);
        if let State::Known(value) = state(fact)
            && let Some(answer) = ask.of(value, state)
        {
            return (answer != leaf.negated, Why::Known);
        }
        // A comparison with what nobody mentioned says nothing; one with two unknowns holds where
        // the side that it helps bears neither.
        if leaf.facts().any(|fact| *state(fact) == State::NotInIssue) {
            return (false, Why::NotInIssue);
        }
        let unknown = leaf.facts().filter(|fact| *state(*fact) == State::Unknown);
        let resolved = unknown.map(|fact| {
            let why = Why::Unproven(fact, self.bearer(fact));
            (self.unproven_holds(fact, helped), why)
        });
        resolved
            .min_by_key(|(holds, _)| *holds)
            .unwrap_or((false, Why::NotInIssue))
    }

    /// Whether a point that rests on an unknown fact counts as shown.
    fn unproven_holds(&self, fact: FactId, helped: Option<Party>) -> bool {
        // What is computed from dates goes with them.
        let computed = self.law.apply == Some(fact);
        let is_meant =
            |meant: FactId| meant == fact || (computed && self.law.dates.contains(&meant));
        match self.benefit.iter().find(|(meant, _)| is_meant(*meant)) {
            None => self.bearer(fact).unproven_holds(helped),
            Some((_, party)) => helped.is_none_or(|helped| helped == *party),
        }
    }

    fn reading(&self, at: usize) -> u64 {
        let Some(reading) = self.pack.readings.get(at) else {
            return 0;
        };
        let chosen = self
            .known
            .readings
            .iter()
            .find(|(name, _)| *name == reading.name);
        let chosen = chosen.and_then(|(_, value)| reading.values.iter().position(|v| v == value));
        chosen.map_or(reading.default, |at| 1 << at)
    }
}
