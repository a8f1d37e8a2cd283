//! One rule of a pack: what it says, what it takes, what follows.

use jiff::civil::Date;

use crate::expression::{Expr, Leaf};
use crate::fact::Party;
use crate::law::{ConclusionId, FactId, Law};

/// A rule that can decide something.
#[derive(Debug, PartialEq)]
pub struct Rule {
    /// Name in every record, such as `cn-spc-2021-15/2.3`.
    pub id: String,
    /// How it is cited to a reader, such as `Fa Shi [2021] No. 15, Art. 2(3)`.
    pub citation: String,
    /// The article it belongs to, such as `2`.
    pub article: String,
    /// What it says, in our own words.
    pub gist: String,
    /// Citation and gist in Chinese, where the pack has them.
    pub chinese: Option<Chinese>,
    /// How the court or authority is bound by it.
    pub modality: Modality,
    /// How surely it was read.
    pub mark: Mark,
    /// Whether the live gate asks it.
    pub live: bool,
    /// What is ordered or follows, in words.
    pub orders: Option<String>,
    /// An open point.
    pub note: Option<String>,
    pub(crate) concludes: ConclusionId,
    pub(crate) amounts: Vec<FactId>,
    pub(crate) reports: Vec<FactId>,
    pub(crate) elements: Vec<Clause>,
    pub(crate) assuming: Vec<Clause>,
    pub(crate) unless: Vec<Clause>,
    pub(crate) period: Period,
}

/// What a Chinese reader gets of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chinese {
    /// How it is cited, such as `法释〔2021〕15号第二条第（三）项`.
    pub citation: String,
    /// What it says, in our own words.
    pub gist: String,
}

/// One condition of a rule.
#[derive(Debug, PartialEq)]
pub(crate) struct Clause {
    /// As the pack writes it.
    pub(crate) text: String,
    pub(crate) expr: Expr,
}

/// What several rules may conclude.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    /// Its name in the pack.
    pub name: String,
    /// What kind of thing it is.
    pub effect: Effect,
    /// Whom it helps, if anybody.
    pub favours: Option<Party>,
    /// What it says, in a clause.
    pub meaning: String,
}

/// From which day and before which day something applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// First day.
    pub from: Option<Date>,
    /// First day no longer.
    pub until: Option<Date>,
}

/// The kinds of conclusions, in the order in which an assessment goes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Whether the conduct falls into the period in force.
    Time,
    /// Whether the provisions reach the matter.
    Scope,
    /// Whether this claimant may rely on them.
    Standing,
    /// An independent claim that needs no tort.
    Claim,
    /// An intermediate step.
    Step,
    /// A wrong.
    Infringement,
    /// A defence is taken away.
    Bars,
    /// A defence is made out.
    Exempts,
    /// What remains of wrong and defence.
    Liability,
    /// Joint or several.
    WhoPays,
    /// What the court weighs.
    Weighs,
    /// What is ordered.
    Remedy,
    /// Joinder, acceptance of a filing.
    Procedure,
    /// A public-law duty is broken.
    Breach,
    /// What an authority may do.
    Sanction,
    /// A ground on which the live gate may say yes.
    Permits,
    /// An allocation of the burden of proof.
    Burden,
}

/// How the court or authority is bound by a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modality {
    /// It shall.
    Mandatory,
    /// A claim that is made out is supported.
    Supported,
    /// It may.
    Discretionary,
}

/// The certainty under which a rule is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Read in the primary text.
    Text,
    /// Read in a secondary source.
    Secondary,
    /// Our reading; the text does not say it in terms.
    Inference,
    /// Believed, but found in nothing that was read.
    Unconfirmed,
}

impl Effect {
    /// The word for it in packs and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Scope => "scope",
            Self::Standing => "standing",
            Self::Claim => "claim",
            Self::Step => "step",
            Self::Infringement => "infringement",
            Self::Bars => "bars",
            Self::Exempts => "exempts",
            Self::Liability => "liability",
            Self::WhoPays => "who-pays",
            Self::Weighs => "weighs",
            Self::Remedy => "remedy",
            Self::Procedure => "procedure",
            Self::Breach => "breach",
            Self::Sanction => "sanction",
            Self::Permits => "permits",
            Self::Burden => "burden",
        }
    }
}

impl Modality {
    /// The word for it in packs and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mandatory => "mandatory",
            Self::Supported => "supported",
            Self::Discretionary => "discretionary",
        }
    }
}

impl Mark {
    /// The word for it in packs, records and answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Secondary => "secondary",
            Self::Inference => "inference",
            Self::Unconfirmed => "unconfirmed",
        }
    }
}

impl Rule {
    /// The part of the identifier that names its pack, such as `cn-pipl`.
    pub fn pack(&self) -> &str {
        self.id.split_once('/').map_or("", |(pack, _)| pack)
    }

    /// The part of the identifier after the pack's, such as `2.3`.
    pub fn number(&self) -> &str {
        self.id
            .split_once('/')
            .map_or(&self.id, |(_, number)| number)
    }

    /// Its conditions as the pack writes them, each with what it is to the rule: `element`,
    /// `assumption` or `exception`.
    pub fn conditions(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let lists = [
            ("element", &self.elements),
            ("assumption", &self.assuming),
            ("exception", &self.unless),
        ];
        lists
            .into_iter()
            .flat_map(|(role, clauses)| clauses.iter().map(move |c| (role, c.text.as_str())))
    }

    /// Whether one of its elements reads any of these facts.
    pub(crate) fn reads_any(&self, law: &Law, names: &[&str]) -> bool {
        let named = |fact| names.iter().any(|name| law.fact_id(name) == Some(fact));
        let mut found = false;
        for clause in &self.elements {
            let visit = &mut |leaf: &Leaf| found |= leaf.facts().any(named);
            clause.expr.leaves(visit);
        }
        found
    }

    /// Every condition.
    pub(crate) fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.elements
            .iter()
            .chain(&self.assuming)
            .chain(&self.unless)
    }
}
