//! Packs read together, with one dictionary of facts.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use crate::fact::Fact;
use crate::pack::{Pack, PackText, define, read};
use crate::suggest::nearest;
use crate::{LawError, PackError};

/// Position of a fact in the dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FactId(pub(crate) usize);
/// Position of a conclusion in its pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ConclusionId(pub(crate) usize);
/// Position of a reading in its pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ReadingId(pub(crate) usize);

/// Rule packs that were read together and share one dictionary of facts.
#[derive(Debug)]
pub struct Law {
    pub(crate) facts: Vec<Fact>,
    by_name: HashMap<String, FactId>,
    /// The fact that is computed for each pack, where one defines it.
    pub(crate) apply: Option<FactId>,
    /// The facts from whose dates it is computed.
    pub(crate) dates: Vec<FactId>,
    pub(crate) packs: Vec<Pack>,
}

/// The fact that the engine computes for each pack from the dates of the conduct.
pub(crate) const APPLY: &str = "provisions_apply";
/// The facts that say when the conduct took place.
pub(crate) const DATES: [&str; 2] = ["conduct_start", "conduct_end"];

macro_rules! built_in {
    ($($id:literal),*) => {
        static BUILT_IN: &[(&str, &str, &str)] = &[$((
            $id,
            include_str!(concat!("../../../laws/", $id, "/pack.toml")),
            include_str!(concat!("../../../laws/", $id, "/cases.toml")),
        )),*];
    };
}

built_in!(
    "cn-spc-2021-15",
    "cn-pipl",
    "cn-cac-2025",
    "eu-gdpr-ai-act",
    "us-il-bipa"
);

static LAW: LazyLock<Result<Arc<Law>, PackError>> = LazyLock::new(|| Law::with(&[]).map(Arc::new));

impl Law {
    /// The packs that come with the program.
    ///
    /// # Errors
    /// [`LawError::Pack`] when one cannot be read, which the tests of this crate rule out.
    pub fn built_in() -> Result<Arc<Self>, LawError> {
        Ok(LAW.clone()?)
    }

    /// The built-in packs and further ones, whose rules may read the facts of all. One that bears
    /// the name of a built-in pack takes its place.
    ///
    /// # Errors
    /// [`PackError`] with the file, the line and what to write instead.
    pub fn with(more: &[PackText<'_>]) -> Result<Self, PackError> {
        let replaced: Vec<Option<String>> = more.iter().map(|text| text.pack_id()).collect();
        let own = BUILT_IN
            .iter()
            .filter(|(id, ..)| !replaced.iter().flatten().any(|other| other == id))
            .map(|(id, text, _)| (format!("laws/{id}/pack.toml"), *text));
        let own: Vec<(String, &str)> = own.collect();
        let mut texts: Vec<PackText<'_>> = own
            .iter()
            .map(|(name, text)| PackText { name, text })
            .collect();
        texts.extend_from_slice(more);
        Self::read(&texts)
    }

    /// These packs and no others.
    ///
    /// # Errors
    /// [`PackError`] with the file, the line and what to write instead.
    pub fn read(texts: &[PackText<'_>]) -> Result<Self, PackError> {
        let mut facts = Vec::new();
        let mut files = Vec::new();
        for text in texts {
            files.push(define(*text, &mut facts)?);
        }
        let by_name = facts.iter().enumerate();
        let by_name = by_name.map(|(at, fact): (usize, &Fact)| (fact.name.clone(), FactId(at)));
        let by_name: HashMap<String, FactId> = by_name.collect();
        let mut law = Self {
            apply: by_name.get(APPLY).copied(),
            dates: DATES
                .iter()
                .filter_map(|name| by_name.get(*name).copied())
                .collect(),
            by_name,
            facts,
            packs: Vec::new(),
        };
        for file in files {
            let twice = law.packs.iter().any(|known| known.id == file.id());
            if twice {
                return Err(file.wrong("there is another pack of this name; name it otherwise"));
            }
            let pack = read(file, &law)?;
            law.packs.push(pack);
        }
        Ok(law)
    }

    /// The packs, in the order in which they were read.
    pub fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// The pack of this name.
    ///
    /// # Errors
    /// [`LawError::NoPack`] with the nearest name.
    pub fn pack(&self, id: &str) -> Result<&Pack, LawError> {
        let found = self.packs.iter().find(|pack| pack.id == id);
        found.ok_or_else(|| {
            let known: Vec<&str> = self.packs.iter().map(|pack| pack.id.as_str()).collect();
            LawError::NoPack {
                named: id.to_owned(),
                hint: nearest(id, &known).map_or_else(
                    || format!("there are {}", known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                ),
            }
        })
    }

    /// The rule of this full identifier, such as `cn-spc-2021-15/2.3`, if there is one.
    pub fn rule(&self, id: &str) -> Option<&Arc<crate::Rule>> {
        let mut rules = self.packs.iter().flat_map(|pack| &pack.rules);
        rules.find(|rule| rule.id == id)
    }

    /// Every fact that a case may state, pack by pack, sorted by name.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The fact of this name.
    pub fn fact(&self, name: &str) -> Option<&Fact> {
        self.fact_id(name).map(|id| self.fact_at(id))
    }

    pub(crate) fn fact_id(&self, name: &str) -> Option<FactId> {
        self.by_name.get(name).copied()
    }

    /// Facts are numbered by the dictionary that is asked here.
    #[allow(
        clippy::indexing_slicing,
        reason = "a FactId is made only for a fact that is there"
    )]
    pub(crate) fn fact_at(&self, id: FactId) -> &Fact {
        &self.facts[id.0]
    }

    /// A built-in pack, as written.
    pub fn built_in_text(id: &str) -> Option<&'static str> {
        let found = BUILT_IN.iter().find(|(known, ..)| *known == id);
        found.map(|(_, text, _)| *text)
    }

    /// The cases of a built-in pack, as written.
    pub fn built_in_cases(id: &str) -> Option<&'static str> {
        let found = BUILT_IN.iter().find(|(known, ..)| *known == id);
        found.map(|(_, _, cases)| *cases)
    }
}
