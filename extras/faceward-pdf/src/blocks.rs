//! `dossier.json`, as far as it is printed.

use serde::Deserialize;

/// A dossier.
#[derive(Deserialize)]
pub(crate) struct Dossier {
    pub(crate) format: String,
    pub(crate) lang: String,
    pub(crate) version: String,
    pub(crate) document: Document,
}

/// Its blocks, from top to bottom.
#[derive(Deserialize)]
pub(crate) struct Document {
    pub(crate) title: String,
    pub(crate) blocks: Vec<Block>,
}

/// A text in both languages.
#[derive(Deserialize)]
pub(crate) struct Label {
    pub(crate) en: String,
    pub(crate) zh: String,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Block {
    Section {
        label: Label,
    },
    Part {
        label: Label,
    },
    Name {
        text: String,
    },
    Notice {
        label: Label,
    },
    Text {
        text: String,
    },
    Quiet {
        text: String,
    },
    Terms {
        rows: Vec<Term>,
    },
    Table {
        heads: Vec<Label>,
        widths: Vec<u8>,
        rows: Vec<Vec<Cell>>,
    },
    Finding(Finding),
    List {
        items: Vec<String>,
    },
    Code {
        text: String,
    },
}

#[derive(Deserialize)]
pub(crate) struct Term {
    pub(crate) label: Label,
    pub(crate) text: String,
}

#[derive(Deserialize)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) label: Option<Label>,
    #[serde(default)]
    pub(crate) below: String,
    pub(crate) tone: Tone,
}

#[derive(Deserialize)]
pub(crate) struct Finding {
    pub(crate) tone: Tone,
    pub(crate) outcome: Label,
    pub(crate) citation: String,
    pub(crate) gist: String,
    pub(crate) reasons: Vec<String>,
    pub(crate) consequences: Vec<String>,
    pub(crate) rule: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Tone {
    Plain,
    Yes,
    No,
    Open,
}
