//! A dispute as a file tells it: parties, dated acts, facts with their evidence, claims.

mod file;
mod read;
mod value;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::conduct::Conduct;
use crate::evaluate::Known;
use crate::fact::{State, Value};
use crate::law::{FactId, Law};
use crate::pack::{Pack, PackText};
use crate::rule::Period;
use crate::suggest::nearest;
use crate::{LawError, PackError};
use file::CaseFile;
use read::{Reader, check_format};

/// A case, its facts checked against the dictionary of the packs it was read with.
#[derive(Debug, Clone)]
pub struct Case {
    /// Name in reports.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// Who complains.
    pub claimant: Option<String>,
    /// Who answers.
    pub respondent: Option<String>,
    /// The packs it is judged under, the main one first.
    pub packs: Vec<String>,
    /// The articles a case of a pack is a test of.
    pub articles: Vec<String>,
    /// The day of the assessment, if the file states one.
    pub as_of: Option<Date>,
    /// What was done, and when.
    pub acts: Vec<DatedAct>,
    /// What is asked for.
    pub claims: Vec<ClaimAsked>,
    /// What is offered as proof.
    pub evidence: Vec<Evidence>,
    /// What the file expects of its assessment, if it is a test.
    pub expect: Option<Expectation>,
    /// The same case with something changed, as tests.
    pub variants: Vec<Variant>,
    pub(crate) facts: BTreeMap<FactId, Stated>,
    pub(crate) stated: Vec<(String, bool)>,
    pub(crate) readings: Vec<(String, String)>,
}

/// What a case says of a fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    /// What counts in the evaluation.
    pub state: State,
    /// On what footing.
    pub footing: Footing,
    /// What is alleged where it is disputed, or as written.
    pub said: String,
    /// Identifiers of the evidence for it.
    pub evidence: Vec<String>,
    /// A remark.
    pub note: Option<String>,
}

/// On what footing a fact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Footing {
    /// Proven, or taken as such by the file.
    Proven,
    /// Not disputed by the other side.
    Admitted,
    /// Said by one side and not proven: unknown to the evaluation.
    Disputed,
    /// In issue and unproven.
    Unknown,
    /// Filled in from a ledger.
    Ledger,
}

/// An act with its days.
#[derive(Debug, Clone, PartialEq)]
pub struct DatedAct {
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// What was done.
    pub what: String,
    pub(crate) facts: BTreeMap<FactId, Stated>,
}

/// Something that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimAsked {
    /// Name in reports.
    pub id: String,
    /// In the claimant's words.
    pub text: String,
    /// The rules or conclusions that answer it.
    pub asks: Vec<String>,
}

/// Something offered as proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Name in the file.
    pub id: String,
    /// What kind of thing it is.
    pub kind: EvidenceKind,
    /// What it is.
    pub title: String,
    /// Where it lies, relative to the case file.
    pub file: Option<String>,
    /// Its SHA-256, in hexadecimal.
    pub sha256: Option<String>,
    /// The public key of the ledger or of the signer, where it needs one.
    pub key: Option<String>,
    /// A remark.
    pub note: Option<String>,
}

/// What kind of thing is offered as proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceKind {
    /// A document, by its hash.
    Document,
    /// An entry of a ledger, with its proof.
    LedgerEntry,
    /// A signed consent receipt.
    ConsentReceipt,
    /// A comparison of two faces, its score taken apart.
    Comparison,
    /// What somebody says.
    Testimony,
    /// Anything else.
    Other,
}

/// What a test expects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expectation {
    /// Rules or conclusions that are made out.
    pub made_out: Vec<String>,
    /// Rules or conclusions that are not, whatever the reason.
    pub not_made_out: Vec<String>,
    /// Rules that nobody put in issue.
    pub not_in_issue: Vec<String>,
    /// Whether the main pack applies: yes, no, partial or unknown.
    pub provisions_apply: Option<String>,
    /// Unknown facts on which what is made out, or not, turns.
    pub turns_on: Vec<String>,
}

/// A case with something changed.
#[derive(Debug, Clone)]
pub struct Variant {
    /// What is different.
    pub title: String,
    /// The whole case, changed.
    pub case: Box<Case>,
}

impl Case {
    /// Reads a file: one case, or a list of them under `cases`. `home` is the pack that is meant
    /// where a case names none.
    ///
    /// # Errors
    /// [`PackError`] with the line, and the nearest name where one is misspelt.
    pub fn read_all(law: &Law, home: &str, text: PackText<'_>) -> Result<Vec<Self>, PackError> {
        let table: toml::Table = text.parse()?;
        let written = if table.contains_key("cases") {
            let file: file::ManyFile = text.parse()?;
            check_format(text, file.format.as_ref())?;
            file.cases
        } else {
            let file: CaseFile = text.parse()?;
            vec![file]
        };
        let reader = Reader { law, home, text };
        let read = written.iter().map(|case| reader.case(case));
        let cases: Vec<Self> = read.collect::<Result<_, _>>()?;
        if cases.is_empty() {
            return Err(text.wrong(0, "there is no case in it"));
        }
        Ok(cases)
    }

    /// The same case with one fact set as a person writes it: `fact=value`, where a value may be
    /// `unknown` or `absent`.
    ///
    /// # Errors
    /// [`LawError::WhatIf`] with the nearest name or what the fact takes.
    pub fn what_if(&self, law: &Law, change: &str) -> Result<Self, LawError> {
        let (name, value) = change
            .split_once('=')
            .ok_or_else(|| LawError::WhatIf(format!("`{change}` is not of the form fact=value")))?;
        let (name, value) = (name.trim(), value.trim());
        let mut changed = self.clone();
        if let Some(fact) = law.fact_id(name) {
            let state = value::of_text(&law.fact_at(fact).kind, name, value)
                .map_err(|why| LawError::WhatIf(format!("`{name}`: {why}")))?;
            changed.set(fact, state, value);
        } else if is_conclusion(law, name) {
            let yes = value.parse().map_err(|_| {
                LawError::WhatIf(format!("`{name}` is a conclusion; say true or false"))
            })?;
            changed.stated.retain(|(known, _)| known != name);
            changed.stated.push((name.to_owned(), yes));
        } else {
            return Err(LawError::WhatIf(unknown_fact(law, name)));
        }
        Ok(changed)
    }

    /// What the case says of its facts, by name.
    pub fn facts<'c>(&'c self, law: &'c Law) -> impl Iterator<Item = (&'c str, &'c Stated)> {
        let of_acts = self.acts.iter().flat_map(|act| &act.facts);
        self.facts
            .iter()
            .chain(of_acts)
            .map(|(id, stated)| (law.fact_at(*id).name.as_str(), stated))
    }

    /// What the case says of its facts for all of its acts, by name.
    pub fn own_facts<'c>(&'c self, law: &'c Law) -> impl Iterator<Item = (&'c str, &'c Stated)> {
        let facts = self.facts.iter();
        facts.map(|(id, stated)| (law.fact_at(*id).name.as_str(), stated))
    }

    /// Conclusions that the case states instead of having them derived, and as what.
    pub fn stated_conclusions(&self) -> impl Iterator<Item = (&str, bool)> {
        self.stated.iter().map(|(name, yes)| (name.as_str(), *yes))
    }

    /// The readings it chooses: name and value.
    pub fn readings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.readings
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What the case says of one fact, if anything.
    pub fn fact(&self, law: &Law, name: &str) -> Option<&Stated> {
        self.facts.get(&law.fact_id(name)?)
    }

    /// Whether a rule of its packs reads this fact, or it dates the conduct.
    pub fn is_read(&self, law: &Law, fact: &str) -> bool {
        law.fact_id(fact).is_some_and(|id| self.heeds(law, id))
    }

    pub(crate) fn heeds(&self, law: &Law, id: FactId) -> bool {
        let mut packs = law
            .packs
            .iter()
            .filter(|pack| self.packs.contains(&pack.id));
        law.dates.contains(&id) || packs.any(|pack| pack.heeds(id))
    }

    /// Fills in a fact from a ledger, as a person would type its value, with the evidence for it.
    /// A fact that the file proves or admits stays as it is; the answer tells whether anything
    /// changed.
    pub fn fill_from_ledger(
        &mut self,
        law: &Law,
        name: &str,
        value: &str,
        evidence: &[Evidence],
        note: &str,
    ) -> bool {
        let Some(id) = law.fact_id(name) else {
            return false;
        };
        let Ok(State::Known(value)) = value::of_text(&law.fact_at(id).kind, name, value) else {
            return false;
        };
        let standing = self.facts.get(&id).map(|stated| stated.footing);
        if matches!(standing, Some(Footing::Proven | Footing::Admitted)) {
            return false;
        }
        let said = law.fact_at(id).kind.say(&value);
        self.facts.insert(
            id,
            Stated {
                state: State::Known(value),
                footing: Footing::Ledger,
                said,
                evidence: evidence.iter().map(|entry| entry.id.clone()).collect(),
                note: Some(note.to_owned()),
            },
        );
        for entry in evidence {
            if !self.evidence.iter().any(|known| known.id == entry.id) {
                self.evidence.push(entry.clone());
            }
        }
        true
    }

    /// What is known when it is judged under a pack: facts of acts before its time do not count.
    pub(crate) fn known(&self, law: &Law, pack: &Pack) -> Known {
        let mut known = self.known_of(law, |act| act.reaches(pack.period));
        for rule in &pack.rules {
            let own = rule.period;
            let left_out = |act: &DatedAct| !act.facts.is_empty() && !act.reaches(own);
            let is_there = known.within.iter().any(|(period, _)| *period == own);
            if !is_there && self.acts.iter().any(left_out) {
                let within = self.known_of(law, |act| act.reaches(pack.period) && act.reaches(own));
                known.within.push((own, within));
            }
        }
        known
    }

    /// What would be known if every act counted.
    pub(crate) fn known_of_all_acts(&self, law: &Law) -> Known {
        self.known_of(law, |_| true)
    }

    fn known_of(&self, law: &Law, counts: impl Fn(&DatedAct) -> bool) -> Known {
        let mut facts = vec![State::NotInIssue; law.facts.len()];
        let counting = self.acts.iter().filter(|act| counts(act));
        let of_acts = counting.flat_map(|act| &act.facts);
        for (id, stated) in self.facts.iter().chain(of_acts) {
            if let Some(place) = facts.get_mut(id.0) {
                *place = stated.state.clone();
            }
        }
        Known {
            facts,
            stated: self.stated.clone(),
            readings: self.readings.clone(),
            within: Vec::new(),
        }
    }

    /// When the conduct took place; what goes on ends on `today`.
    pub(crate) fn conduct(&self, law: &Law, today: Date) -> Conduct {
        let state = |name: &str| {
            let stated = law.fact_id(name).and_then(|id| self.facts.get(&id));
            stated.map_or(&State::NotInIssue, |stated| &stated.state)
        };
        let acts: Vec<(Date, Date)> = self.acts.iter().map(|a| (a.from, a.to)).collect();
        let with = |from: Date, to: Date| {
            let mut spans = acts.clone();
            spans.push((from, to));
            spans
        };
        match (state("conduct_start"), state("conduct_end")) {
            (State::Known(Value::Date(start)), end) => {
                let start = start.date();
                match end {
                    State::Known(Value::Date(end)) => Conduct::over(with(start, end.date())),
                    State::Unknown => {
                        Conduct::between(with(start, start), with(start, today.max(start)))
                    }
                    _ => Conduct::over(with(start, today.max(start))),
                }
            }
            (State::Unknown, State::Known(Value::Date(end))) => {
                let end = end.date();
                Conduct::between(with(end, end), with(Date::MIN, end))
            }
            (_, State::Known(Value::Date(end))) => Conduct::over(with(end.date(), end.date())),
            (State::Unknown, _) | (_, State::Unknown) if acts.is_empty() => {
                Conduct::of_unknown_date()
            }
            _ => Conduct::over(acts),
        }
    }

    fn set(&mut self, fact: FactId, state: State, said: &str) {
        for act in &mut self.acts {
            act.facts.remove(&fact);
        }
        match state {
            State::NotInIssue => {
                self.facts.remove(&fact);
            }
            state => {
                let footing = match state {
                    State::Known(_) => Footing::Proven,
                    _ => Footing::Unknown,
                };
                let said = said.to_owned();
                self.facts.insert(
                    fact,
                    Stated {
                        state,
                        footing,
                        said,
                        evidence: Vec::new(),
                        note: None,
                    },
                );
            }
        }
    }
}

impl Footing {
    /// The word for it in case files and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Admitted => "admitted",
            Self::Disputed => "disputed",
            Self::Unknown => "unknown",
            Self::Ledger => "ledger",
        }
    }
}

impl EvidenceKind {
    /// The word for it in case files and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::LedgerEntry => "ledger-entry",
            Self::ConsentReceipt => "consent-receipt",
            Self::Comparison => "comparison",
            Self::Testimony => "testimony",
            Self::Other => "other",
        }
    }
}

impl DatedAct {
    /// What is true of this act alone, by name.
    pub fn facts<'a>(&'a self, law: &'a Law) -> impl Iterator<Item = (&'a str, &'a Stated)> {
        let named = |(id, stated): (&FactId, &'a Stated)| (law.fact_at(*id).name.as_str(), stated);
        self.facts.iter().map(named)
    }

    /// Whether any of it falls into a period.
    pub fn reaches(&self, period: Period) -> bool {
        Conduct::over(vec![(self.from, self.to)]).reaches(period)
    }
}

/// What answers a name such as `2.3`, `cn-pipl/29` or `infringement`: the pack and its rules.
pub(crate) fn find_answer<'l>(
    law: &'l Law,
    packs: &[String],
    name: &str,
) -> Result<(&'l Pack, Vec<usize>), String> {
    let (pack, local) = match name.split_once('/') {
        Some((pack, local)) => (pack, local),
        None => (packs.first().map_or("", String::as_str), name),
    };
    let pack = law.pack(pack).map_err(|error| error.to_string())?;
    if !packs.contains(&pack.id) {
        return Err(format!(
            "the case is not judged under {}; add it to `packs`",
            pack.id
        ));
    }
    let by_id = pack.rules.iter().position(|rule| rule.number() == local);
    let by_name = || {
        pack.conclusion_id(local)
            .and_then(|id| pack.concluding.get(id.0))
    };
    match (by_id, by_name()) {
        (Some(rule), _) => Ok((pack, vec![rule])),
        (None, Some(rules)) => Ok((pack, rules.clone())),
        (None, None) => {
            let ids = pack.rules.iter().map(|rule| rule.number());
            let names = pack.conclusions.iter().map(|c| c.name.as_str());
            let known: Vec<&str> = ids.chain(names).collect();
            let hint = nearest(local, &known).map_or_else(
                || "see the pack".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            Err(format!(
                "{} has no rule or conclusion `{local}`; {hint}",
                pack.id
            ))
        }
    }
}

fn is_conclusion(law: &Law, name: &str) -> bool {
    law.packs
        .iter()
        .any(|pack| pack.conclusion_id(name).is_some())
}

fn unknown_fact(law: &Law, name: &str) -> String {
    let facts = law.facts.iter().map(|fact| fact.name.as_str());
    let conclusions = law
        .packs
        .iter()
        .flat_map(|p| &p.conclusions)
        .map(|c| c.name.as_str());
    let known: Vec<&str> = facts.chain(conclusions).collect();
    match nearest(name, &known) {
        Some(near) => format!("there is no fact `{name}`; did you mean `{near}`?"),
        None => format!("there is no fact `{name}`; `faceward law facts` lists them"),
    }
}
