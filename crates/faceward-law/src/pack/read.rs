//! The file of a pack, read and checked: facts first, then all that may read them.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use toml::Spanned;
use toml::value::Datetime;

use super::file::{FactFile, PackFile};
use super::rules::{allocate, contradiction, rule_of};
use super::{Article, Pack, PackError, PackText, Reading, check, order};
use crate::expression::resolve::Names;
use crate::fact::{Burden, Fact, Kind};
use crate::law::Law;
use crate::rule::{Conclusion, Period};
use crate::suggest::nearest;

/// A parsed file, its facts entered in the dictionary.
pub(crate) struct Defined<'t> {
    text: PackText<'t>,
    file: PackFile,
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

pub(super) fn period(
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

pub(super) fn no_conclusion(text: PackText<'_>, name: &Spanned<String>, pack: &Pack) -> PackError {
    let known: Vec<&str> = pack.conclusions.iter().map(|c| c.name.as_str()).collect();
    no_such(text, name, "conclusion", &known)
}

pub(super) fn no_fact(text: PackText<'_>, name: &Spanned<String>, law: &Law) -> PackError {
    let known: Vec<&str> = law.facts.iter().map(|fact| fact.name.as_str()).collect();
    no_such(text, name, "fact", &known)
}

pub(super) fn no_such(
    text: PackText<'_>,
    name: &Spanned<String>,
    what: &str,
    known: &[&str],
) -> PackError {
    let hint = match nearest(name.as_ref(), known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "define it".to_owned(),
    };
    text.wrong_at(
        name,
        format!("there is no {what} `{}`; {hint}", name.as_ref()),
    )
}
