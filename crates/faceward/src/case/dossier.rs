//! A dossier that a judge can read: one page, or the same as data.

mod annex;
mod compared;
mod document;
mod findings;
mod page;
mod write;

use faceward_law::Law;
use serde_json::{Value, json};

use super::{Worked, case_json};
use crate::html::Html;
use document::Document;

pub use page::Lang;

/// A case, written out.
pub struct Dossier {
    document: Document,
    case: Value,
    lang: Lang,
}

impl Dossier {
    /// Writes a case out, its headings in this language.
    pub fn of(law: &Law, worked: &Worked, lang: Lang) -> Self {
        Self {
            document: write::document(law, worked),
            case: case_json(law, worked),
            lang,
        }
    }

    /// What the case is about.
    pub fn title(&self) -> &str {
        &self.document.title
    }

    /// The whole page: nothing loaded from anywhere, no scripts, fit to be printed.
    pub fn page(&self) -> String {
        page::write(&self.document, self.lang)
    }

    /// What stands on the page, for one that has a frame, a heading and styles of its own.
    pub fn within(&self) -> Html {
        page::within(&self.document, self.lang)
    }

    /// The same as data, beside all that was found out about the case.
    pub fn json(&self) -> Value {
        json!({
            "format": "faceward-dossier@v1",
            "notice": "Decision support and not a judgment.",
            "version": env!("CARGO_PKG_VERSION"),
            "lang": self.lang.word(),
            "case": self.case,
            "document": self.document,
        })
    }
}
