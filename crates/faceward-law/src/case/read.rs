//! A case file, read and checked: every name known, every value of its kind, nothing that cannot be
//! true together.

use std::collections::BTreeMap;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::{self, CaseFile, EvidenceFile, ExpectFile, Given};
use super::{
    Case, ClaimAsked, DatedAct, Evidence, Expectation, Footing, Stated, Variant, find_answer,
    is_conclusion, unknown_fact, value,
};
use crate::PackError;
use crate::fact::{Kind, State, Value};
use crate::law::{FactId, Law};
use crate::pack::PackText;
use crate::suggest::nearest;

/// Facts as a file writes them, with their places.
type Places = BTreeMap<Spanned<String>, Spanned<toml::Value>>;

/// What reads a file.
pub(super) struct Reader<'r> {
    pub(super) law: &'r Law,
    pub(super) home: &'r str,
    pub(super) text: PackText<'r>,
}

impl Reader<'_> {
    /// Reads a case, and its variants.
    pub(super) fn case(&self, file: &CaseFile) -> Result<Case, PackError> {
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
        for pack in case.packs.iter().filter_map(|id| self.law.pack(id).ok()) {
            let mut judged: BTreeMap<FactId, &State> = BTreeMap::new();
            let acts = case.acts.iter().filter(|act| act.reaches(pack.period));
            for (id, stated) in acts.flat_map(|act| &act.facts) {
                if *judged.entry(*id).or_insert(&stated.state) != &stated.state {
                    let why = format!(
                        "two acts in the time of {} say different things of `{}`; judge them in a case each",
                        pack.id,
                        self.law.fact_at(*id).name
                    );
                    return Err(self.wrong_at_fact(places, &[*id], why));
                }
            }
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

/// Refuses a later format.
pub(super) fn check_format(
    text: PackText<'_>,
    format: Option<&Spanned<i64>>,
) -> Result<(), PackError> {
    match format {
        Some(format) if *format.as_ref() != 1 => Err(text.wrong(
            format.span().start,
            "this program reads format 1; use a newer faceward",
        )),
        _ => Ok(()),
    }
}
