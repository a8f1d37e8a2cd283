//! A pack of rules, read from its file and checked.

mod check;
mod file;
mod order;
mod read;
mod rules;

use std::collections::HashMap;
use std::sync::Arc;

use toml::Spanned;

use crate::case::Case;
use crate::conduct::Conduct;
use crate::evaluate::{Evaluation, Mode, Question};
use crate::fact::{Bearer, Burden};
use crate::law::{ConclusionId, FactId, Law, ReadingId};
use crate::rule::{Clause, Conclusion, Period, Rule};
use crate::suggest::with_nearest;

pub(crate) use read::{define, read};

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

    /// Whether a rule reads, weighs or adds up a fact.
    pub(crate) fn heeds(&self, fact: FactId) -> bool {
        let named = |rule: &Arc<Rule>| rule.amounts.contains(&fact) || rule.reports.contains(&fact);
        self.reads(fact) || self.rules.iter().any(named)
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
