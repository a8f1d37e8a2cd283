//! A pack of rules, read from its file and checked.

mod check;
mod file;
mod order;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use toml::Spanned;
use toml::value::Datetime;

use crate::case::Case;
use crate::conduct::Conduct;
use crate::evaluate::{Evaluation, Mode, Question};
use crate::expression::parse::{Wrong, parse};
use crate::expression::resolve::{Names, resolve};
use crate::expression::{Leaf, Test};
use crate::fact::{Bearer, Burden, Fact, Kind, Party};
use crate::law::{ConclusionId, FactId, Law, ReadingId};
use crate::rule::{Clause, Conclusion, Effect, Period, Rule};
use crate::suggest::{nearest, with_nearest};
use file::{FactFile, PackFile, RuleFile};

/// The provisions of one instrument, as rules.
#[derive(Debug)]
pub struct Pack {
    /// Name, such as `cn-spc-2021-15`.
    pub id: String,
    /// How citations begin.
    pub short: String,
    /// Title in English.
    pub title: String,
    /// Title in Chinese, if it has one.
    pub title_zh: Option<String>,
    /// Who made it.
    pub issuer: String,
    /// Where it applies.
    pub jurisdiction: String,
    /// When it is in force.
    pub period: Period,
    /// Open points.
    pub notes: Vec<String>,
    /// Its articles, in order.
    pub articles: Vec<Article>,
    pub(crate) conclusions: Vec<Conclusion>,
    pub(crate) rules: Vec<Arc<Rule>>,
    pub(crate) readings: Vec<Reading>,
    /// Rules that conclude each conclusion.
    pub(crate) concluding: Vec<Vec<usize>>,
    /// Rules in an order in which everything is concluded before it is read.
    pub(crate) order: Vec<usize>,
    /// Those of them that are live, or that a live one hangs on.
    pub(crate) live_order: Vec<usize>,
    pub(crate) gates: Vec<ConclusionId>,
    /// What cannot be true together.
    pub(crate) contradictions: Vec<Clause>,
    /// Whether each fact of the dictionary is read by a rule.
    pub(crate) read: Vec<bool>,
    /// Who bears each fact of the dictionary in this pack.
    pub(crate) bearers: Vec<Burden>,
    /// The rule that allocates a fact's burden, where one does.
    pub(crate) allocating: HashMap<FactId, usize>,
}

/// An article of an instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Such as `2`.
    pub number: String,
    /// What it is about.
    pub title: String,
    /// The same in Chinese, if known.
    pub title_zh: Option<String>,
}

/// A point that can be read in more than one way.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) name: String,
    pub(crate) values: Vec<String>,
    pub(crate) default: u64,
    pub(crate) meaning: String,
}

/// The text of a pack and the name of its file, for messages.
#[derive(Debug, Clone, Copy)]
pub struct PackText<'t> {
    /// Name of the file.
    pub name: &'t str,
    /// What it says.
    pub text: &'t str,
}

/// What is wrong in a file of the law, where, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {why}")]
pub struct PackError {
    /// Which file.
    pub file: String,
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub why: String,
}

/// A parsed file, its facts entered in the dictionary.
pub(crate) struct Defined<'t> {
    text: PackText<'t>,
    file: PackFile,
}

impl Pack {
    /// The rules, in the order of the file.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|rule| &**rule)
    }

    /// What a rule concludes.
    #[allow(
        clippy::indexing_slicing,
        reason = "a ConclusionId is made only for one that is there"
    )]
    pub fn conclusion_of(&self, rule: &Rule) -> &Conclusion {
        &self.conclusions[rule.concludes.0]
    }

    /// The points that can be read in more than one way: name, values, the usual one, meaning.
    pub fn readings(&self) -> impl Iterator<Item = (&str, &[String], &str)> {
        self.readings
            .iter()
            .map(|r| (r.name.as_str(), r.values.as_slice(), r.meaning.as_str()))
    }

    /// The first of its contradictions that a case states.
    pub(crate) fn contradiction(&self, law: &Law, case: &Case) -> Option<&Clause> {
        let known = case.known(law, self);
        let question = Question {
            law,
            pack: self,
            known: &known,
            conduct: &Conduct::undated(),
            mode: Mode::Dispute,
            benefit: &[],
        };
        let nothing = Evaluation::start(question);
        let stated = |clause: &&Clause| question.is_shown(&nothing, &clause.expr);
        self.contradictions.iter().find(stated)
    }

    /// Whether any rule decides by this fact.
    pub(crate) fn reads(&self, fact: FactId) -> bool {
        self.read.get(fact.0).copied().unwrap_or(false)
    }

    /// Who bears a fact in this pack, by its name.
    pub fn burden_of(&self, law: &Law, fact: &str) -> Option<Burden> {
        law.fact_id(fact).map(|id| self.burden(id))
    }

    /// Everything its rules can conclude.
    pub fn conclusions(&self) -> &[Conclusion] {
        &self.conclusions
    }

    pub(crate) fn conclusion_id(&self, name: &str) -> Option<ConclusionId> {
        let at = self.conclusions.iter().position(|c| c.name == name)?;
        Some(ConclusionId(at))
    }

    pub(crate) fn reading_id(&self, name: &str) -> Option<ReadingId> {
        let at = self.readings.iter().position(|r| r.name == name)?;
        Some(ReadingId(at))
    }

    #[allow(
        clippy::indexing_slicing,
        reason = "there is one bearer for each fact of the dictionary"
    )]
    pub(crate) fn burden(&self, fact: FactId) -> Burden {
        self.bearers[fact.0]
    }
}

impl<'t> PackText<'t> {
    /// The name of the pack in it, if it is a pack at all.
    pub fn pack_id(self) -> Option<String> {
        let table: toml::Table = self.text.parse().ok()?;
        let id = table.get("pack")?.get("id")?.as_str()?;
        Some(id.to_owned())
    }

    /// Parses the file as TOML of this shape; unknown keys are refused.
    pub(crate) fn parse<T: serde::de::DeserializeOwned>(self) -> Result<T, PackError> {
        toml::from_str(self.text).map_err(|error| {
            // A newer format may have other keys: that it is newer is what matters.
            if let Err(newer) = self.check_format() {
                return newer;
            }
            let at = error.span().map_or(0, |span| span.start);
            self.wrong(at, with_nearest(error.message()))
        })
    }

    /// Refuses a file that says it is of another format.
    pub(crate) fn check_format(self) -> Result<(), PackError> {
        #[derive(serde::Deserialize)]
        struct Format {
            format: Option<Spanned<i64>>,
        }
        let written: Option<Format> = toml::from_str(self.text).ok();
        match written.and_then(|file| file.format) {
            Some(format) if *format.as_ref() != 1 => {
                let why = "this program reads format 1; use a newer faceward";
                Err(self.wrong_at(&format, why))
            }
            _ => Ok(()),
        }
    }

    /// The byte at which the content of a string begins.
    fn inside(self, written: &Spanned<String>) -> usize {
        let start = written.span().start;
        let raw = self.text.get(start..).unwrap_or_default();
        let quotes = if raw.starts_with("\"\"\"") || raw.starts_with("'''") {
            3
        } else {
            1
        };
        let after = raw.get(quotes..).unwrap_or_default();
        // The line break after three quotes is not part of the string.
        let line_break = match quotes {
            3 if after.starts_with("\r\n") => 2,
            3 if after.starts_with('\n') => 1,
            _ => 0,
        };
        start + quotes + line_break
    }

    /// An error at this byte.
    pub(crate) fn wrong(self, at: usize, why: impl Into<String>) -> PackError {
        let before = self.text.get(..at).unwrap_or(self.text);
        PackError {
            file: self.name.to_owned(),
            line: before.matches('\n').count() + 1,
            why: why.into(),
        }
    }

    pub(crate) fn wrong_at<T>(self, spanned: &Spanned<T>, why: impl Into<String>) -> PackError {
        self.wrong(spanned.span().start, why)
    }
}

impl Defined<'_> {
    pub(crate) fn id(&self) -> &str {
        self.file.pack.id.as_ref()
    }

    /// An error at the pack's name.
    pub(crate) fn wrong(&self, why: &str) -> PackError {
        self.text.wrong_at(&self.file.pack.id, why)
    }
}

/// Parses a pack's file and enters its facts in the dictionary.
pub(crate) fn define<'t>(
    text: PackText<'t>,
    facts: &mut Vec<Fact>,
) -> Result<Defined<'t>, PackError> {
    let file: PackFile = text.parse()?;
    text.check_format()?;
    let id = file.pack.id.as_ref();
    if id.is_empty()
        || !id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    {
        let why = "a pack is named with lower-case letters, digits and hyphens";
        return Err(text.wrong_at(&file.pack.id, why));
    }
    for (name, fact) in &file.facts {
        let defined = fact_of(text, id, name, fact)?;
        match facts.iter().find(|known| known.name == defined.name) {
            None => facts.push(defined),
            Some(known) if known.kind == defined.kind => {}
            Some(known) => {
                let why = format!(
                    "`{}` is defined differently in {}; use its type, or another name",
                    known.name, known.pack
                );
                return Err(text.wrong_at(name, why));
            }
        }
    }
    Ok(Defined { text, file })
}

fn fact_of(
    text: PackText<'_>,
    pack: &str,
    name: &Spanned<String>,
    file: &FactFile,
) -> Result<Fact, PackError> {
    check::name(text, "fact", name)?;
    let kind = check::kind(text, name, file)?;
    let standard = file
        .standard
        .iter()
        .map(|s| format!("standard of proof: {s}"));
    let notes: Vec<String> = file.note.iter().cloned().chain(standard).collect();
    Ok(Fact {
        name: name.as_ref().clone(),
        kind,
        meaning: file.meaning.clone(),
        burden: burden_of(file),
        pack: pack.to_owned(),
        note: (!notes.is_empty()).then(|| notes.join("; ")),
    })
}

fn burden_of(file: &FactFile) -> Burden {
    Burden {
        on: file.burden.read(),
        explicit: file.basis.is_some_and(|basis| basis.read()),
    }
}

/// Reads a pack whose facts, and those of its company, are in the dictionary.
pub(crate) fn read(defined: Defined<'_>, law: &Law) -> Result<Pack, PackError> {
    let Defined { text, file } = defined;
    let mut pack = frame(text, &file, law)?;
    let all_names = names_of(&pack, law);
    let all_names: Vec<&str> = all_names.iter().map(String::as_str).collect();
    let mut spans = Vec::new();
    for rule in &file.rules {
        let read = rule_of(text, rule, &pack, law, &all_names)?;
        check::rule_id(text, &rule.id)?;
        if pack.rules.iter().any(|known| known.id == read.id) {
            let why = format!(
                "there is another rule `{}`; number one of them otherwise",
                read.number()
            );
            return Err(text.wrong_at(&rule.id, why));
        }
        pack.rules.push(Arc::new(read));
        spans.push(rule.id.span().start);
    }
    for (at, rule) in pack.rules.iter().enumerate() {
        if let Some(concluding) = pack.concluding.get_mut(rule.concludes.0) {
            concluding.push(at);
        }
    }
    let names = Names {
        law,
        pack: &pack,
        all: &all_names,
    };
    let contradictions = file.pack.contradictions.iter();
    let contradictions = contradictions.map(|c| contradiction(text, c, &names, &pack));
    pack.contradictions = contradictions.collect::<Result<_, _>>()?;
    allocate(text, &file, &mut pack, law)?;
    order::order(text, &spans, &mut pack)?;
    let mut read = Vec::new();
    for clause in pack.rules.iter().flat_map(|rule| rule.clauses()) {
        clause.expr.leaves(&mut |leaf| read.extend(leaf.facts()));
    }
    for fact in read {
        if let Some(place) = pack.read.get_mut(fact.0) {
            *place = true;
        }
    }
    Ok(pack)
}

/// Everything of a pack but its rules.
fn frame(text: PackText<'_>, file: &PackFile, law: &Law) -> Result<Pack, PackError> {
    let mut conclusions = Vec::new();
    for (name, conclusion) in &file.conclusions {
        check::name(text, "conclusion", name)?;
        if law.fact_id(name.as_ref()).is_some() {
            return Err(text.wrong_at(name, "there is a fact of this name; name it otherwise"));
        }
        conclusions.push(Conclusion {
            name: name.as_ref().clone(),
            effect: conclusion.effect.read(),
            favours: conclusion.favours.read(),
            meaning: conclusion.meaning.clone(),
        });
    }
    let mut readings = Vec::new();
    for (name, reading) in &file.readings {
        check::name(text, "reading", name)?;
        check::values(text, &reading.default, &reading.values)?;
        if law.fact_id(name.as_ref()).is_some()
            || file.conclusions.contains_key(name.as_ref().as_str())
        {
            let why = "there is a fact or conclusion of this name; name it otherwise";
            return Err(text.wrong_at(name, why));
        }
        let kind = Kind::OneOf(reading.values.clone());
        let default = kind.bit(reading.default.as_ref()).ok_or_else(|| {
            let why = format!(
                "the default is not among the values: {}",
                reading.values.join(", ")
            );
            text.wrong_at(&reading.default, why)
        })?;
        readings.push(Reading {
            name: name.as_ref().clone(),
            values: reading.values.clone(),
            default,
            meaning: reading.meaning.clone(),
        });
    }
    let mut pack = Pack {
        id: file.pack.id.as_ref().clone(),
        short: file.pack.short.clone(),
        title: file.pack.title.clone(),
        title_zh: file.pack.title_zh.clone(),
        issuer: file.pack.issuer.clone(),
        jurisdiction: file.pack.jurisdiction.clone(),
        period: period(text, &file.pack.from, &file.pack.until)?,
        notes: file.pack.notes.clone(),
        articles: Vec::new(),
        concluding: vec![Vec::new(); conclusions.len()],
        conclusions,
        rules: Vec::new(),
        readings,
        order: Vec::new(),
        live_order: Vec::new(),
        gates: Vec::new(),
        contradictions: Vec::new(),
        read: vec![false; law.facts.len()],
        bearers: law.facts.iter().map(|fact| fact.burden).collect(),
        allocating: HashMap::new(),
    };
    // A fact that is defined again in this pack has the burden that this pack gives it.
    for (name, fact) in &file.facts {
        if let Some(id) = law.fact_id(name.as_ref())
            && let Some(bearer) = pack.bearers.get_mut(id.0)
        {
            *bearer = burden_of(fact);
        }
    }
    for article in &file.articles {
        if pack
            .articles
            .iter()
            .any(|known| known.number == *article.number.as_ref())
        {
            let why = "this article is listed twice; take one out";
            return Err(text.wrong_at(&article.number, why));
        }
        pack.articles.push(Article {
            number: article.number.as_ref().clone(),
            title: article.title.clone(),
            title_zh: article.title_zh.clone(),
        });
    }
    for gate in &file.pack.gates {
        let id = pack.conclusion_id(gate.as_ref());
        pack.gates
            .push(id.ok_or_else(|| no_conclusion(text, gate, &pack))?);
    }
    Ok(pack)
}

fn rule_of(
    text: PackText<'_>,
    file: &RuleFile,
    pack: &Pack,
    law: &Law,
    all_names: &[&str],
) -> Result<Rule, PackError> {
    let concludes = pack.conclusion_id(file.concludes.as_ref());
    let concludes = concludes.ok_or_else(|| no_conclusion(text, &file.concludes, pack))?;
    let conclusion = pack.conclusions.get(concludes.0);
    let favours = conclusion.and_then(|c| c.favours);
    if !pack
        .articles
        .iter()
        .any(|article| article.number == *file.article.as_ref())
    {
        let why = format!(
            "there is no article `{}` in [[articles]]; add it there, or correct the number",
            file.article.as_ref()
        );
        return Err(text.wrong_at(&file.article, why));
    }
    let names = Names {
        law,
        pack,
        all: all_names,
    };
    let clauses = |sources: &[Spanned<String>], helped| -> Result<Vec<Clause>, PackError> {
        let read = |source| clause(text, source, &names, pack, helped);
        sources.iter().map(read).collect()
    };
    let facts = |named: &[Spanned<String>]| -> Result<Vec<FactId>, PackError> {
        let find = |name: &Spanned<String>| {
            law.fact_id(name.as_ref())
                .ok_or_else(|| no_fact(text, name, law))
        };
        named.iter().map(find).collect()
    };
    let amounts = facts(&file.amounts)?;
    for (id, name) in amounts.iter().zip(&file.amounts) {
        if !matches!(law.fact_at(*id).kind, Kind::Number(_)) {
            let why = format!("`{}` is no number and cannot be added up", name.as_ref());
            return Err(text.wrong_at(name, why));
        }
    }
    let rule = Rule {
        id: format!("{}/{}", pack.id, file.id.as_ref()),
        citation: format!("{}, {}", pack.short, file.cite),
        article: file.article.as_ref().clone(),
        gist: file.gist.clone(),
        modality: file.modality.read(),
        mark: file.mark.read(),
        live: file.live,
        orders: file.orders.clone(),
        note: file.note.clone(),
        concludes,
        amounts,
        reports: facts(&file.reports)?,
        elements: clauses(&file.elements, favours)?,
        assuming: clauses(&file.assuming, favours)?,
        unless: clauses(&file.unless, favours.map(Party::opponent))?,
        period: own_period(text, file, pack.period)?,
    };
    let empty = rule.elements.is_empty() && rule.assuming.is_empty() && rule.unless.is_empty();
    if empty && conclusion.is_some_and(|c| c.effect != Effect::Burden) {
        let why = "it has no condition at all; write `elements`, `assuming` or `unless`";
        return Err(text.wrong_at(&file.id, why));
    }
    Ok(rule)
}

fn clause(
    text: PackText<'_>,
    source: &Spanned<String>,
    names: &Names<'_>,
    pack: &Pack,
    helped: Option<Party>,
) -> Result<Clause, PackError> {
    let place = |wrong: Wrong| {
        let at = text.inside(source) + wrong.at;
        text.wrong(
            at,
            format!("in `{}`: {}", source.as_ref().trim(), wrong.why),
        )
    };
    let parsed = parse(source.as_ref()).map_err(place)?;
    let expr = resolve(&parsed, names, false).map_err(place)?;
    let mut astray = None;
    expr.leaves(&mut |leaf: &Leaf| {
        let Test::Concluded(conclusion) = leaf.test else {
            return;
        };
        let Some(conclusion) = pack.conclusions.get(conclusion.0) else {
            return;
        };
        if conclusion.effect == Effect::Burden {
            astray = Some(format!(
                "`{}` allocates a burden, which no rule reads; read the facts it allocates",
                conclusion.name
            ));
        }
        let Some(helped) = helped else {
            return;
        };
        let where_it_helps = match conclusion.favours {
            None => format!("favours nobody, and the {} here", helped.word()),
            Some(favours) if (favours == helped) == leaf.negated => {
                let word = favours.word();
                format!(
                    "favours the {word}, and here the {}",
                    favours.opponent().word()
                )
            }
            Some(_) => return,
        };
        astray = Some(format!(
            "`{}` {where_it_helps}: an unknown could then help whoever has to prove it; \
             make it favour the side that it helps, or read the facts themselves",
            conclusion.name
        ));
    });
    match astray {
        Some(why) => Err(text.wrong_at(source, format!("in `{}`: {why}", source.as_ref().trim()))),
        None => Ok(Clause {
            text: source.as_ref().trim().to_owned(),
            expr,
        }),
    }
}

/// A condition that a case can never state; it reads facts only, as it is asked before any rule.
fn contradiction(
    text: PackText<'_>,
    source: &Spanned<String>,
    names: &Names<'_>,
    pack: &Pack,
) -> Result<Clause, PackError> {
    let clause = clause(text, source, names, pack, None)?;
    let mut concluded = None;
    clause.expr.leaves(&mut |leaf| {
        if let Test::Concluded(conclusion) = leaf.test {
            concluded = pack.conclusions.get(conclusion.0);
        }
    });
    match concluded {
        Some(conclusion) => {
            let why = format!(
                "in `{}`: a contradiction reads facts, and `{}` is a conclusion",
                clause.text, conclusion.name
            );
            Err(text.wrong_at(source, why))
        }
        None => Ok(clause),
    }
}

/// Enters the pack's own allocations of burdens.
fn allocate(
    text: PackText<'_>,
    file: &PackFile,
    pack: &mut Pack,
    law: &Law,
) -> Result<(), PackError> {
    for burden in &file.burdens {
        let id = format!("{}/{}", pack.id, burden.rule.as_ref());
        let rule = pack.rules.iter().position(|rule| rule.id == id);
        let rule = rule.ok_or_else(|| {
            let known: Vec<&str> = pack.rules.iter().map(|rule| rule.number()).collect();
            no_such(text, &burden.rule, "rule", &known)
        })?;
        let allocates = |rule: &Arc<Rule>| pack.conclusion_of(rule).effect == Effect::Burden;
        if !pack.rules.get(rule).is_some_and(allocates) {
            let why = format!(
                "rule `{}` does not conclude anything of effect `burden`; name one that does",
                burden.rule.as_ref()
            );
            return Err(text.wrong_at(&burden.rule, why));
        }
        for name in &burden.facts {
            let fact = law.fact_id(name.as_ref());
            let fact = fact.ok_or_else(|| no_fact(text, name, law))?;
            if let Some(bearer) = pack.bearers.get_mut(fact.0) {
                *bearer = Burden {
                    on: burden.on.read(),
                    explicit: burden.basis.read(),
                };
            }
            if pack.allocating.insert(fact, rule).is_some() {
                let why = format!(
                    "the burden of `{}` is allocated twice; take it out of one list",
                    name.as_ref()
                );
                return Err(text.wrong_at(name, why));
            }
        }
    }
    // Without an article that says otherwise, a fact's own burden stands.
    Ok(())
}

/// The period of a rule that has one of its own: it never reaches beyond the pack's.
fn own_period(text: PackText<'_>, file: &RuleFile, of_pack: Period) -> Result<Period, PackError> {
    let own = period(text, &file.from, &file.until)?;
    if own == Period::default() {
        return Ok(own);
    }
    let within = Period {
        from: own.from.max(of_pack.from),
        until: match (own.until, of_pack.until) {
            (Some(own), Some(of_pack)) => Some(own.min(of_pack)),
            (own, of_pack) => own.or(of_pack),
        },
    };
    match (
        within.from,
        within.until,
        file.from.as_ref().or(file.until.as_ref()),
    ) {
        (Some(from), Some(until), Some(written)) if until <= from => {
            let why = "the rule would never be in force while the pack is; correct its period";
            Err(text.wrong_at(written, why))
        }
        _ => Ok(within),
    }
}

fn period(
    text: PackText<'_>,
    from: &Option<Spanned<Datetime>>,
    until: &Option<Spanned<Datetime>>,
) -> Result<Period, PackError> {
    let day = |written: &Option<Spanned<Datetime>>| match written {
        None => Ok(None),
        Some(written) => {
            let day: Option<Date> = written.as_ref().to_string().parse().ok();
            let day = day.filter(|_| written.as_ref().time.is_none());
            day.map(Some)
                .ok_or_else(|| text.wrong_at(written, "write a day, such as 2021-08-01"))
        }
    };
    let period = Period {
        from: day(from)?,
        until: day(until)?,
    };
    match (period, until) {
        (
            Period {
                from: Some(from),
                until: Some(end),
            },
            Some(written),
        ) if end <= from => {
            let why = "`until` is the first day no longer in force, and comes after `from`";
            Err(text.wrong_at(written, why))
        }
        _ => Ok(period),
    }
}

fn names_of(pack: &Pack, law: &Law) -> Vec<String> {
    let facts = law.facts.iter().map(|fact| fact.name.clone());
    let conclusions = pack.conclusions.iter().map(|c| c.name.clone());
    let readings = pack.readings.iter().map(|r| r.name.clone());
    facts.chain(conclusions).chain(readings).collect()
}

fn no_conclusion(text: PackText<'_>, name: &Spanned<String>, pack: &Pack) -> PackError {
    let known: Vec<&str> = pack.conclusions.iter().map(|c| c.name.as_str()).collect();
    no_such(text, name, "conclusion", &known)
}

fn no_fact(text: PackText<'_>, name: &Spanned<String>, law: &Law) -> PackError {
    let known: Vec<&str> = law.facts.iter().map(|fact| fact.name.as_str()).collect();
    no_such(text, name, "fact", &known)
}

fn no_such(text: PackText<'_>, name: &Spanned<String>, what: &str, known: &[&str]) -> PackError {
    let hint = match nearest(name.as_ref(), known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "define it".to_owned(),
    };
    text.wrong_at(
        name,
        format!("there is no {what} `{}`; {hint}", name.as_ref()),
    )
}

impl Burden {
    /// Who bears it, and on what footing, in words.
    pub fn say(self) -> String {
        match (self.on, self.explicit) {
            (Bearer::Court, _) => "weighed by the court".to_owned(),
            (Bearer::Law, _) => "a question of law or pleading".to_owned(),
            (on, true) => format!("{} (explicit)", on.word()),
            (on, false) => format!("{} (inferred)", on.word()),
        }
    }
}
