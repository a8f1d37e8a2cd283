//! The keys of a case file, version 1, as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Value};

use super::{EvidenceKind, Footing};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ManyFile {
    pub(super) format: Option<Spanned<i64>>,
    pub(super) cases: Vec<CaseFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseFile {
    pub(super) format: Option<Spanned<i64>>,
    pub(super) id: Option<String>,
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) parties: PartiesFile,
    pub(super) packs: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) articles: Vec<String>,
    pub(super) as_of: Option<Spanned<Value>>,
    #[serde(default)]
    pub(super) facts: BTreeMap<Spanned<String>, Spanned<Value>>,
    #[serde(default)]
    pub(super) acts: Vec<ActFile>,
    #[serde(default)]
    pub(super) evidence: Vec<EvidenceFile>,
    #[serde(default)]
    pub(super) claims: Vec<ClaimFile>,
    #[serde(default)]
    pub(super) readings: BTreeMap<Spanned<String>, Spanned<String>>,
    pub(super) expect: Option<ExpectFile>,
    #[serde(default)]
    pub(super) variants: Vec<VariantFile>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartiesFile {
    pub(super) claimant: Option<String>,
    pub(super) respondent: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActFile {
    pub(super) date: Option<Spanned<Value>>,
    pub(super) from: Option<Spanned<Value>>,
    pub(super) to: Option<Spanned<Value>>,
    pub(super) what: Spanned<String>,
    #[serde(default)]
    pub(super) facts: BTreeMap<Spanned<String>, Spanned<Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EvidenceFile {
    pub(super) id: Spanned<String>,
    pub(super) kind: KindFile,
    pub(super) title: String,
    pub(super) file: Option<String>,
    pub(super) sha256: Option<Spanned<String>>,
    pub(super) key: Option<String>,
    pub(super) note: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum KindFile {
    Document,
    LedgerEntry,
    ConsentReceipt,
    Comparison,
    Testimony,
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClaimFile {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) asks: Vec<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ExpectFile {
    pub(super) made_out: Vec<Spanned<String>>,
    pub(super) not_made_out: Vec<Spanned<String>>,
    pub(super) not_in_issue: Vec<Spanned<String>>,
    pub(super) provisions_apply: Option<Spanned<String>>,
    pub(super) turns_on: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VariantFile {
    pub(super) title: String,
    #[serde(default)]
    pub(super) change: BTreeMap<Spanned<String>, Spanned<Value>>,
    pub(super) acts: Option<Vec<ActFile>>,
    pub(super) packs: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) readings: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    pub(super) expect: ExpectFile,
}

/// A fact with what stands behind it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    pub(super) value: Value,
    #[serde(default)]
    pub(super) evidence: Vec<String>,
    #[serde(default)]
    pub(super) state: FootingFile,
    pub(super) note: Option<String>,
}

#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum FootingFile {
    #[default]
    Proven,
    Admitted,
    Disputed,
    Alleged,
}

impl Given {
    pub(super) fn plain(value: Value) -> Self {
        Self {
            value,
            evidence: Vec::new(),
            state: FootingFile::Proven,
            note: None,
        }
    }
}

impl FootingFile {
    pub(super) fn read(self) -> Footing {
        match self {
            Self::Proven => Footing::Proven,
            Self::Admitted => Footing::Admitted,
            Self::Disputed | Self::Alleged => Footing::Disputed,
        }
    }
}

impl KindFile {
    pub(super) fn read(self) -> EvidenceKind {
        match self {
            Self::Document => EvidenceKind::Document,
            Self::LedgerEntry => EvidenceKind::LedgerEntry,
            Self::ConsentReceipt => EvidenceKind::ConsentReceipt,
            Self::Comparison => EvidenceKind::Comparison,
            Self::Testimony => EvidenceKind::Testimony,
            Self::Other => EvidenceKind::Other,
        }
    }
}
