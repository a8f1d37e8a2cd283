//! A dispute as a file tells it: parties, dated acts, facts with their evidence, claims.

mod file;
mod value;

use std::collections::BTreeMap;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::conduct::Conduct;
use crate::evaluate::Known;
use crate::fact::{Kind, State, Value};
use crate::law::{FactId, Law};
use crate::pack::{Pack, PackText};
use crate::rule::Period;
use crate::suggest::nearest;
use crate::{LawError, PackError};
use file::{CaseFile, EvidenceFile, ExpectFile, Given};

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
        let named = |pack: &&Pack| self.packs.contains(&pack.id);
        let packs: Vec<&Pack> = law.packs.iter().filter(named).collect();
        law.fact_id(fact)
            .is_some_and(|id| crate::assess::is_read(law, &packs, id))
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
        self.known_of(law, |act| act.reaches(pack.period))
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

/// Facts as a file writes them, with their places.
type Places = BTreeMap<Spanned<String>, Spanned<toml::Value>>;

struct Reader<'r> {
    law: &'r Law,
    home: &'r str,
    text: PackText<'r>,
}

impl Reader<'_> {
    fn case(&self, file: &CaseFile) -> Result<Case, PackError> {
        let text = self.text;
        check_format(text, file.format.as_ref())?;
        let packs = match &file.packs {
            Some(named) => self.packs(named)?,
            None => self.packs(&[])?,
        };
        let mut case = Case {
            id: file.id.clone().unwrap_or_else(|| text.name.to_owned()),
            title: file.title.clone().unwrap_or_default(),
            claimant: file.parties.claimant.clone(),
            respondent: file.parties.respondent.clone(),
            packs,
            articles: file.articles.clone(),
            as_of: file.as_of.as_ref().map(|day| self.day(day)).transpose()?,
            acts: Vec::new(),
            claims: Vec::new(),
            evidence: Vec::new(),
            expect: None,
            variants: Vec::new(),
            facts: BTreeMap::new(),
            stated: Vec::new(),
            readings: Vec::new(),
        };
        for evidence in &file.evidence {
            let read = self.evidence(evidence)?;
            if case.evidence.iter().any(|known| known.id == read.id) {
                return Err(self.wrong(&evidence.id, "this evidence is here twice"));
            }
            case.evidence.push(read);
        }
        self.facts(&file.facts, &mut case)?;
        for act in &file.acts {
            let read = self.act(act, &case)?;
            case.acts.push(read);
        }
        self.readings(&file.readings, &mut case)?;
        for claim in &file.claims {
            for asked in &claim.asks {
                self.answerable(asked, &case)?;
            }
            case.claims.push(ClaimAsked {
                id: claim.id.clone(),
                text: claim.text.clone(),
                asks: claim
                    .asks
                    .iter()
                    .map(|asked| asked.as_ref().clone())
                    .collect(),
            });
        }
        let acts = file.acts.iter().map(|act| &act.facts);
        let places: Vec<&Places> = std::iter::once(&file.facts).chain(acts).collect();
        self.coherent(&case, &places)?;
        case.expect = file
            .expect
            .as_ref()
            .map(|e| self.expect(e, &case))
            .transpose()?;
        for variant in &file.variants {
            let mut changed = case.clone();
            changed.variants = Vec::new();
            self.change(&variant.change, &mut changed)?;
            if let Some(acts) = &variant.acts {
                changed.acts = acts
                    .iter()
                    .map(|act| self.act(act, &changed))
                    .collect::<Result<_, _>>()?;
            }
            if let Some(packs) = &variant.packs {
                changed.packs = self.packs(packs)?;
            }
            self.readings(&variant.readings, &mut changed)?;
            let mut changes = vec![&variant.change];
            changes.extend(variant.acts.iter().flatten().map(|act| &act.facts));
            changes.extend(&places);
            self.coherent(&changed, &changes)?;
            changed.expect = Some(self.expect(&variant.expect, &changed)?);
            changed.title = format!("{}: {}", case.title, variant.title);
            case.variants.push(Variant {
                title: variant.title.clone(),
                case: Box::new(changed),
            });
        }
        Ok(case)
    }

    /// The packs it names, each once; its home where the list is empty.
    fn packs(&self, named: &[Spanned<String>]) -> Result<Vec<String>, PackError> {
        let mut packs: Vec<String> = Vec::new();
        for pack in named {
            let known = self.law.pack(pack.as_ref());
            let known = known.map_err(|error| self.wrong(pack, error.to_string()))?;
            if packs.contains(&known.id) {
                return Err(self.wrong(pack, "this pack is named twice; take one out"));
            }
            packs.push(known.id.clone());
        }
        if packs.is_empty() {
            let home = self.law.pack(self.home);
            let home = home.map_err(|error| self.text.wrong(0, error.to_string()))?;
            packs.push(home.id.clone());
        }
        Ok(packs)
    }

    /// Facts, conclusions that are stated as facts, and groups such as `cc998`.
    fn facts(
        &self,
        written: &BTreeMap<Spanned<String>, Spanned<toml::Value>>,
        case: &mut Case,
    ) -> Result<(), PackError> {
        for (name, given) in written {
            self.entry(name, name.as_ref(), given.as_ref(), case)?;
        }
        Ok(())
    }

    fn entry(
        &self,
        at: &Spanned<String>,
        name: &str,
        given: &toml::Value,
        case: &mut Case,
    ) -> Result<(), PackError> {
        if name == "acts_after" {
            return self.acts_after(at, given, case);
        }
        if let Some(id) = self.law.fact_id(name) {
            let stated = self.stated(at, name, given, &self.law.fact_at(id).kind, case)?;
            match stated.state {
                State::NotInIssue => case.facts.remove(&id),
                _ => case.facts.insert(id, stated),
            };
            return Ok(());
        }
        if is_conclusion(self.law, name) {
            match given.as_bool() {
                Some(value) => {
                    case.stated.retain(|(known, _)| known != name);
                    case.stated.push((name.to_owned(), value));
                }
                None if given.as_str() == Some("absent") || given.as_str() == Some("unknown") => {
                    case.stated.retain(|(known, _)| known != name);
                }
                None => return Err(self.wrong(at, format!("`{name}` is a conclusion: state true or false, or leave it out to have it derived"))),
            }
            return Ok(());
        }
        match given {
            toml::Value::Table(group) if !group.is_empty() && !group.contains_key("value") => {
                for (part, value) in group {
                    let entered = self.entry(at, &format!("{name}.{part}"), value, case);
                    entered.map_err(|error| self.inside_group(at, part, error))?;
                }
                Ok(())
            }
            _ => Err(self.wrong(at, unknown_fact(self.law, name))),
        }
    }

    /// The error, at the line of the part of a group that it is about: serde knows the place of the
    /// group alone.
    fn inside_group(&self, group: &Spanned<String>, part: &str, error: PackError) -> PackError {
        let file = DeTable::parse(self.text.text).ok();
        let place = file.and_then(|file| key_within(file.get_ref(), group.span().start, part));
        place.map_or(error.clone(), |at| self.text.wrong(at, error.why))
    }

    fn change(
        &self,
        written: &BTreeMap<Spanned<String>, Spanned<toml::Value>>,
        case: &mut Case,
    ) -> Result<(), PackError> {
        for name in written.keys() {
            if let Some(id) = self.law.fact_id(name.as_ref()) {
                case.acts.iter_mut().for_each(|act| {
                    act.facts.remove(&id);
                });
            }
        }
        self.facts(written, case)
    }

    /// Dates after which something further was done: a short way to write acts.
    fn acts_after(
        &self,
        at: &Spanned<String>,
        given: &toml::Value,
        case: &mut Case,
    ) -> Result<(), PackError> {
        let days = given.as_array().map(Vec::as_slice).unwrap_or_default();
        for day in days {
            let (from, to) =
                value::days(day).ok_or_else(|| self.wrong(at, "`acts_after` is a list of days"))?;
            case.acts.push(DatedAct {
                from,
                to,
                what: "a further act".to_owned(),
                facts: BTreeMap::new(),
            });
        }
        Ok(())
    }

    fn stated(
        &self,
        at: &Spanned<String>,
        name: &str,
        given: &toml::Value,
        kind: &Kind,
        case: &Case,
    ) -> Result<Stated, PackError> {
        let whole = match given {
            toml::Value::Table(table) => {
                let parsed: Result<Given, _> = toml::Value::Table(table.clone()).try_into();
                parsed.map_err(|error| {
                    let why = crate::suggest::with_nearest(error.message());
                    self.wrong(at, format!("`{name}`: {why}"))
                })?
            }
            plain => Given::plain(plain.clone()),
        };
        let state = value::read(kind, name, &whole.value);
        let state = state.map_err(|why| self.wrong(at, format!("`{name}`: {why}")))?;
        for id in &whole.evidence {
            if !case.evidence.iter().any(|known| known.id == *id) {
                let known: Vec<&str> = case.evidence.iter().map(|e| e.id.as_str()).collect();
                let hint = nearest(id, &known).map_or_else(
                    || "list it under [[evidence]]".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(
                    self.wrong(at, format!("`{name}`: there is no evidence `{id}`; {hint}"))
                );
            }
        }
        let footing = match (whole.state.read(), &state) {
            (_, State::Unknown | State::NotInIssue) => Footing::Unknown,
            (stated, _) => stated,
        };
        Ok(Stated {
            state: if footing == Footing::Disputed {
                State::Unknown
            } else {
                state
            },
            footing,
            said: value::say(&whole.value),
            evidence: whole.evidence,
            note: whole.note,
        })
    }

    fn act(&self, file: &file::ActFile, case: &Case) -> Result<DatedAct, PackError> {
        let day = |written: &Spanned<toml::Value>| {
            let days = value::days(written.as_ref());
            days.ok_or_else(|| self.wrong(written, "write a day, such as 2021-08-02"))
        };
        let (from, to) = match (&file.date, &file.from, &file.to) {
            (Some(date), None, None) => day(date)?,
            (None, Some(from), Some(to)) => (day(from)?.0, day(to)?.1),
            _ => {
                let why = "give an act either a `date`, or `from` and `to`";
                return Err(self.wrong(&file.what, why));
            }
        };
        if to < from {
            return Err(self.wrong(&file.what, "this act ends before it begins"));
        }
        let mut holder = Case {
            facts: BTreeMap::new(),
            ..case.clone()
        };
        self.facts(&file.facts, &mut holder)?;
        if let Some(twice) = holder.facts.keys().find(|id| case.facts.contains_key(id)) {
            let name = &self.law.fact_at(*twice).name;
            let why =
                format!("`{name}` is stated for the case and again for this act; state it once");
            return Err(self.wrong(&file.what, why));
        }
        Ok(DatedAct {
            from,
            to,
            what: file.what.as_ref().clone(),
            facts: holder.facts,
        })
    }

    fn evidence(&self, file: &EvidenceFile) -> Result<Evidence, PackError> {
        if let Some(sha256) = &file.sha256 {
            let hex = sha256.as_ref();
            if hex.len() != 64 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(self.wrong(sha256, "a SHA-256 has 64 hexadecimal digits"));
            }
        }
        Ok(Evidence {
            id: file.id.as_ref().clone(),
            kind: file.kind.read(),
            title: file.title.clone(),
            file: file.file.clone(),
            sha256: file.sha256.as_ref().map(|hex| hex.as_ref().to_lowercase()),
            key: file.key.clone(),
            note: file.note.clone(),
        })
    }

    fn readings(
        &self,
        written: &BTreeMap<Spanned<String>, Spanned<String>>,
        case: &mut Case,
    ) -> Result<(), PackError> {
        for (name, value) in written {
            let packs = self.law.packs.iter();
            let mut named = packs
                .flat_map(|p| &p.readings)
                .filter(|r| r.name == *name.as_ref());
            let Some(reading) = named.next() else {
                let known = self.law.packs.iter().flat_map(|p| &p.readings);
                let known: Vec<&str> = known.map(|r| r.name.as_str()).collect();
                let hint = nearest(name.as_ref(), &known).map_or_else(
                    || format!("there are {}", known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                let why = format!("there is no reading `{}`; {hint}", name.as_ref());
                return Err(self.wrong(name, why));
            };
            if !reading.values.contains(value.as_ref()) {
                let why = format!("it is read as one of {}", reading.values.join(", "));
                return Err(self.wrong(value, why));
            }
            case.readings.retain(|(known, _)| known != name.as_ref());
            case.readings
                .push((name.as_ref().clone(), value.as_ref().clone()));
        }
        Ok(())
    }

    /// Refuses what cannot be true together.
    ///
    /// `places` are where its facts are written, the last ones first.
    fn coherent(&self, case: &Case, places: &[&Places]) -> Result<(), PackError> {
        let date = |name: &str| match case.fact(self.law, name).map(|s| &s.state) {
            Some(State::Known(Value::Date(at))) => Some(*at),
            _ => None,
        };
        if let (Some(start), Some(end)) = (date("conduct_start"), date("conduct_end"))
            && end < start
        {
            let why = "the conduct ends before it begins; correct `conduct_start` or `conduct_end`";
            let mut dates = self.law.dates.clone();
            dates.reverse();
            return Err(self.wrong_at_fact(places, &dates, why.to_owned()));
        }
        for pack in &self.law.packs {
            if let Some(contradiction) = pack.contradiction(self.law, case) {
                let mut read = Vec::new();
                contradiction
                    .expr
                    .leaves(&mut |leaf| read.extend(leaf.facts()));
                let why = format!(
                    "`{}` cannot be, says {}; correct one of them",
                    contradiction.text, pack.id
                );
                return Err(self.wrong_at_fact(places, &read, why));
            }
        }
        Ok(())
    }

    /// An error at the first place that states one of these facts.
    fn wrong_at_fact(&self, places: &[&Places], facts: &[FactId], why: String) -> PackError {
        let is_one = |key: &&Spanned<String>| {
            let id = self.law.fact_id(key.as_ref());
            id.is_some_and(|id| facts.contains(&id))
        };
        match places.iter().find_map(|place| place.keys().find(is_one)) {
            Some(key) => self.wrong(key, why),
            None => self.text.wrong(0, why),
        }
    }

    fn expect(&self, file: &ExpectFile, case: &Case) -> Result<Expectation, PackError> {
        let named = |list: &[Spanned<String>]| -> Result<Vec<String>, PackError> {
            for name in list {
                self.answerable(name, case)?;
            }
            Ok(list.iter().map(|name| name.as_ref().clone()).collect())
        };
        if let Some(word) = &file.provisions_apply
            && !["yes", "no", "partial", "unknown"].contains(&word.as_ref().as_str())
        {
            return Err(self.wrong(word, "provisions apply: yes, no, partial or unknown"));
        }
        for fact in &file.turns_on {
            if self.law.fact_id(fact.as_ref()).is_none() {
                return Err(self.wrong(fact, unknown_fact(self.law, fact.as_ref())));
            }
        }
        Ok(Expectation {
            made_out: named(&file.made_out)?,
            not_made_out: named(&file.not_made_out)?,
            not_in_issue: named(&file.not_in_issue)?,
            provisions_apply: file
                .provisions_apply
                .as_ref()
                .map(|word| word.as_ref().clone()),
            turns_on: file
                .turns_on
                .iter()
                .map(|fact| fact.as_ref().clone())
                .collect(),
        })
    }

    /// A rule or conclusion of one of the case's packs.
    fn answerable(&self, name: &Spanned<String>, case: &Case) -> Result<(), PackError> {
        let found = find_answer(self.law, &case.packs, name.as_ref());
        found.map(|_| ()).map_err(|why| self.wrong(name, why))
    }

    fn day(&self, written: &Spanned<toml::Value>) -> Result<Date, PackError> {
        let days = value::days(written.as_ref());
        days.map(|(first, _)| first)
            .ok_or_else(|| self.wrong(written, "write a day, such as 2026-11-24"))
    }

    fn wrong<T>(&self, at: &Spanned<T>, why: impl Into<String>) -> PackError {
        self.text.wrong(at.span().start, why)
    }
}

/// The byte of key `part` in the table whose own key begins at byte `group`.
fn key_within(table: &DeTable<'_>, group: usize, part: &str) -> Option<usize> {
    table.iter().find_map(|(key, value)| match value.get_ref() {
        DeValue::Table(inner) if key.span().start == group => {
            let mut keys = inner.keys();
            let key = keys.find(|key| key.get_ref() == part)?;
            Some(key.span().start)
        }
        DeValue::Table(inner) => key_within(inner, group, part),
        DeValue::Array(list) => list.iter().find_map(|value| match value.get_ref() {
            DeValue::Table(inner) => key_within(inner, group, part),
            _ => None,
        }),
        _ => None,
    })
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

fn check_format(text: PackText<'_>, format: Option<&Spanned<i64>>) -> Result<(), PackError> {
    match format {
        Some(format) if *format.as_ref() != 1 => Err(text.wrong(
            format.span().start,
            "this program reads format 1; use a newer faceward",
        )),
        _ => Ok(()),
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
