//! The keys of `pack.toml`, version 1, as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackFile {
    #[expect(
        dead_code,
        reason = "it must be there; `PackText::check_format` reads it"
    )]
    pub(super) format: i64,
    pub(super) pack: Head,
    #[serde(default)]
    pub(super) articles: Vec<ArticleFile>,
    #[serde(default)]
    pub(super) facts: BTreeMap<Spanned<String>, FactFile>,
    #[serde(default)]
    pub(super) readings: BTreeMap<Spanned<String>, ReadingFile>,
    #[serde(default)]
    pub(super) burdens: Vec<BurdenFile>,
    #[serde(default)]
    pub(super) conclusions: BTreeMap<Spanned<String>, ConclusionFile>,
    #[serde(default)]
    pub(super) rules: Vec<RuleFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub(super) id: Spanned<String>,
    pub(super) short: String,
    pub(super) title: String,
    pub(super) title_zh: Option<String>,
    pub(super) issuer: String,
    pub(super) jurisdiction: String,
    pub(super) from: Option<Spanned<Datetime>>,
    pub(super) until: Option<Spanned<Datetime>>,
    #[serde(default)]
    pub(super) gates: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) contradictions: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) notes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArticleFile {
    pub(super) number: Spanned<String>,
    pub(super) title: String,
    pub(super) title_zh: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FactFile {
    #[serde(rename = "type")]
    pub(super) kind: Spanned<String>,
    #[serde(default)]
    pub(super) values: Vec<String>,
    pub(super) unit: Option<String>,
    pub(super) meaning: String,
    pub(super) burden: BearerFile,
    pub(super) basis: Option<BasisFile>,
    pub(super) standard: Option<String>,
    pub(super) note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadingFile {
    pub(super) values: Vec<String>,
    pub(super) default: Spanned<String>,
    pub(super) meaning: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BurdenFile {
    pub(super) rule: Spanned<String>,
    pub(super) on: BearerFile,
    pub(super) basis: BasisFile,
    pub(super) facts: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConclusionFile {
    pub(super) effect: EffectFile,
    pub(super) favours: FavoursFile,
    pub(super) meaning: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub(super) id: Spanned<String>,
    pub(super) article: Spanned<String>,
    pub(super) cite: String,
    pub(super) gist: String,
    pub(super) cite_zh: Option<String>,
    pub(super) gist_zh: Option<String>,
    pub(super) concludes: Spanned<String>,
    pub(super) modality: ModalityFile,
    pub(super) mark: MarkFile,
    #[serde(default)]
    pub(super) live: bool,
    #[serde(default)]
    pub(super) elements: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) assuming: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) unless: Vec<Spanned<String>>,
    pub(super) orders: Option<String>,
    #[serde(default)]
    pub(super) amounts: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) reports: Vec<Spanned<String>>,
    pub(super) from: Option<Spanned<Datetime>>,
    pub(super) until: Option<Spanned<Datetime>>,
    pub(super) note: Option<String>,
}

macro_rules! words {
    ($name:ident, $to:ty, $($variant:ident => $value:expr),* $(,)?) => {
        #[derive(Debug, Clone, Copy, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub(super) enum $name { $($variant),* }
        impl $name {
            pub(super) fn read(self) -> $to {
                match self { $(Self::$variant => $value),* }
            }
        }
    };
}

use crate::fact::{Bearer, Party};
use crate::rule::{Effect, Mark, Modality};

words! { BearerFile, Bearer,
Claimant => Bearer::Claimant, Processor => Bearer::Processor, Joint => Bearer::Joint,
Court => Bearer::Court, Law => Bearer::Law }
words! { BasisFile, bool, Explicit => true, Inferred => false }
words! { FavoursFile, Option<Party>,
Claimant => Some(Party::Claimant), Processor => Some(Party::Processor), Nobody => None }
words! { ModalityFile, Modality,
Mandatory => Modality::Mandatory, Supported => Modality::Supported,
Discretionary => Modality::Discretionary }
words! { MarkFile, Mark,
Text => Mark::Text, Secondary => Mark::Secondary, Inference => Mark::Inference,
Unconfirmed => Mark::Unconfirmed }
words! { EffectFile, Effect,
Time => Effect::Time, Scope => Effect::Scope, Standing => Effect::Standing,
Claim => Effect::Claim, Step => Effect::Step, Infringement => Effect::Infringement,
Bars => Effect::Bars, Exempts => Effect::Exempts, Liability => Effect::Liability,
WhoPays => Effect::WhoPays, Weighs => Effect::Weighs, Remedy => Effect::Remedy,
Procedure => Effect::Procedure, Breach => Effect::Breach, Sanction => Effect::Sanction,
Permits => Effect::Permits, Burden => Effect::Burden }
