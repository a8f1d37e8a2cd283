//! A dossier as a list of blocks, so that a page and a print say the same.

use serde::Serialize;

use crate::case::words::Words;

/// A dossier.
#[derive(Serialize)]
pub(super) struct Document {
    pub(super) title: String,
    pub(super) blocks: Vec<Block>,
}

/// A static text in both languages.
#[derive(Serialize, Clone, Copy)]
pub(super) struct Label {
    pub(super) en: &'static str,
    pub(super) zh: &'static str,
}

/// A piece of a dossier, from top to bottom.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum Block {
    /// Begins a section.
    Section { label: Label },
    /// Begins a part of a section.
    Part { label: Label },
    /// Begins a part that has a name of its own.
    Name { text: String },
    /// What must not be overlooked.
    Notice { label: Label },
    /// A paragraph.
    Text { text: String },
    /// A remark.
    Quiet { text: String },
    /// Names and what they stand for.
    Terms { rows: Vec<Term> },
    /// A table.
    Table {
        heads: Vec<Label>,
        /// Of each column, in hundredths.
        widths: Vec<u8>,
        rows: Vec<Vec<Cell>>,
    },
    /// How a rule came out, and why.
    Finding(Finding),
    /// What the cells of two faces added to their score, side by side.
    Faces { cells: [Cells; 2] },
    /// Sentences.
    List { items: Vec<String> },
    /// What is typed, or compared character by character.
    Code { text: String },
}

/// A row of terms.
#[derive(Serialize)]
pub(super) struct Term {
    pub(super) label: Label,
    pub(super) text: String,
}

/// A cell of a table: what it says, and below it in small what it rests on.
#[derive(Serialize, Default)]
pub(super) struct Cell {
    pub(super) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<Label>,
    /// What it says in Chinese, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) zh: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) below: String,
    pub(super) tone: Tone,
}

/// The same of a rule for a Chinese reader.
#[derive(Serialize)]
pub(super) struct InChinese {
    pub(super) citation: String,
    pub(super) gist: String,
}

/// What the cells of one face added to a score.
#[derive(Serialize)]
pub(super) struct Cells {
    pub(super) caption: String,
    /// Row by row from the top left as the viewer sees it.
    pub(super) shares: Vec<f64>,
    /// The share that is drawn most strongly.
    pub(super) most: f64,
}

/// How a rule came out.
#[derive(Serialize)]
pub(super) struct Finding {
    pub(super) tone: Tone,
    pub(super) outcome: Label,
    pub(super) citation: String,
    pub(super) gist: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) chinese: Option<InChinese>,
    pub(super) reasons: Vec<String>,
    /// On what it turns, and what follows.
    pub(super) consequences: Vec<String>,
    pub(super) rule: String,
}

/// How something is set off; by what it is, not by whom it pleases.
#[derive(Serialize, Clone, Copy, Default, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Tone {
    #[default]
    Plain,
    Yes,
    No,
    /// It turns on something unproven, or something is wrong with it.
    Open,
}

impl Tone {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Yes => "yes",
            Self::No => "no",
            Self::Open => "open",
        }
    }
}

impl From<Words> for Label {
    fn from(words: Words) -> Self {
        Self {
            en: words.en,
            zh: words.zh,
        }
    }
}

pub(super) const fn label(en: &'static str, zh: &'static str) -> Label {
    Label { en, zh }
}

pub(super) fn section(en: &'static str, zh: &'static str) -> Block {
    Block::Section {
        label: label(en, zh),
    }
}

pub(super) fn part(en: &'static str, zh: &'static str) -> Block {
    Block::Part {
        label: label(en, zh),
    }
}

pub(super) fn text(text: impl Into<String>) -> Block {
    Block::Text { text: text.into() }
}

pub(super) fn quiet(text: impl Into<String>) -> Block {
    Block::Quiet { text: text.into() }
}

pub(super) fn term(en: &'static str, zh: &'static str, text: impl Into<String>) -> Term {
    Term {
        label: label(en, zh),
        text: text.into(),
    }
}

/// A plain cell.
pub(super) fn cell(text: impl Into<String>) -> Cell {
    Cell {
        text: text.into(),
        ..Cell::default()
    }
}

impl Cell {
    pub(super) fn zh(mut self, zh: Option<String>) -> Self {
        self.zh = zh;
        self
    }

    pub(super) fn below(mut self, below: impl Into<String>) -> Self {
        self.below = below.into();
        self
    }

    pub(super) fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    pub(super) fn label(label: impl Into<Label>) -> Self {
        Self {
            label: Some(label.into()),
            ..Self::default()
        }
    }
}
