//! The dossier as one page: nothing loaded from anywhere, no scripts, fit to be printed.

use super::document::{Block, Cell, Cells, Document, Finding, InChinese, Label, Tone};
use crate::CELLS;
use crate::html::{Html, Pictures, all, element, head, prose, said, text, void};

/// The language of headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// Chinese.
    Zh,
    /// Both.
    Both,
}

impl Lang {
    /// The word for it in dossier.json.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
            Self::Both => "both",
        }
    }
}

/// The finished page as HTML.
pub(super) fn write(document: &Document, lang: Lang) -> String {
    let main = element(
        "main",
        [],
        [
            element(
                "header",
                [],
                [
                    said("p", "kind", pick(KIND, lang)),
                    said("h1", "", &document.title),
                ],
            ),
            all(document
                .blocks
                .iter()
                .map(|block| one(block, lang, Columns::Set))),
        ],
    );
    let language = if lang == Lang::Zh { "zh-CN" } else { "en" };
    let body = element("body", [], [main]);
    element(
        "html",
        [("lang", language)],
        [
            head(&document.title, Pictures::None, include_str!("dossier.css")),
            body,
        ],
    )
    .document()
}

/// Its sections, for a page that has a frame, a heading and styles of its own.
pub(super) fn within(document: &Document, lang: Lang) -> Html {
    all(document
        .blocks
        .iter()
        .map(|block| one(block, lang, Columns::Free)))
}

/// Whether the columns of tables have widths. They are styles that stand in the markup, and a page
/// that forbids these has none.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Columns {
    Set,
    Free,
}

const KIND: Label = Label {
    en: "Case dossier · decision support, not a judgment",
    zh: "案件材料 · 辅助决策，非裁判文书",
};

fn one(block: &Block, lang: Lang, columns: Columns) -> Html {
    match block {
        Block::Section { label } => heading("h2", *label, lang),
        Block::Part { label } => heading("h3", *label, lang),
        Block::Name { text } => said("h3", "name", text),
        Block::Notice { label } => both("div", "notice", *label, lang),
        Block::Text { text } => element("p", [], [prose(text)]),
        Block::Quiet { text } => element("p", [("class", "quiet")], [prose(text)]),
        Block::Terms { rows } => {
            let rows = rows.iter().map(|row| {
                let term = element("dt", [], [words(row.label, lang)]);
                element("div", [], [term, said("dd", "", &row.text)])
            });
            element("dl", [], rows)
        }
        Block::Table {
            heads,
            widths,
            rows,
        } => {
            let widths = match columns {
                Columns::Set => widths.as_slice(),
                Columns::Free => &[],
            };
            table(heads, widths, rows, lang)
        }
        Block::Finding(it) => finding(it, lang),
        Block::Faces { cells } => element("div", [("class", "cells")], cells.each_ref().map(grid)),
        Block::List { items } => {
            let items = items.iter().map(|item| element("li", [], [prose(item)]));
            element("ul", [], items)
        }
        Block::Code { text } => said("pre", "", text),
    }
}

/// The cells of a face, each with its number; warm where it added to the score, cold where it took from it.
fn grid(cells: &Cells) -> Html {
    let places = cells.shares.iter().enumerate().map(|(at, share)| {
        let (x, y) = (at % CELLS * 40, at / CELLS * 40);
        let class = if *share < 0.0 { "taken" } else { "added" };
        let strength = format!("{:.2}", (share.abs() / cells.most).clamp(0.0, 1.0).sqrt());
        let square = element(
            "rect",
            [
                ("class", class),
                ("x", &*x.to_string()),
                ("y", &*y.to_string()),
                ("width", "39"),
                ("height", "39"),
                ("fill-opacity", &*strength),
            ],
            [],
        );
        let number = element(
            "text",
            [("x", &*(x + 20).to_string()), ("y", &*(y + 24).to_string())],
            [text(format!("{:+.0}", share * 1000.0))],
        );
        all([square, number])
    });
    let attributes = [("viewBox", "0 0 279 279"), ("role", "img")];
    let drawn = element("svg", attributes, places);
    element(
        "figure",
        [],
        [
            drawn,
            said(
                "figcaption",
                "",
                format!("{}; thousandths of the score", cells.caption),
            ),
        ],
    )
}

fn heading(name: &'static str, label: Label, lang: Lang) -> Html {
    element(name, [], [words(label, lang)])
}

/// A label, its Chinese behind the English where both are wanted.
fn words(label: Label, lang: Lang) -> Html {
    let zh = || element("span", [("lang", "zh-CN")], [text(label.zh)]);
    match lang {
        Lang::En => text(label.en),
        Lang::Zh => zh(),
        Lang::Both => all([text(label.en), text(" "), zh()]),
    }
}

/// Paragraphs, one for each language.
fn both(name: &'static str, class: &str, label: Label, lang: Lang) -> Html {
    let en = (lang != Lang::Zh).then(|| said("p", "", label.en));
    let zh = (lang != Lang::En).then(|| element("p", [("lang", "zh-CN")], [text(label.zh)]));
    element(name, [("class", class)], en.into_iter().chain(zh))
}

fn pick(label: Label, lang: Lang) -> String {
    match lang {
        Lang::En => label.en.to_owned(),
        Lang::Zh => label.zh.to_owned(),
        Lang::Both => format!("{} · {}", label.en, label.zh),
    }
}

fn table(heads: &[Label], widths: &[u8], rows: &[Vec<Cell>], lang: Lang) -> Html {
    let heads = heads
        .iter()
        .map(|head| element("th", [("scope", "col")], [words(*head, lang)]));
    let rows = rows
        .iter()
        .map(|row| element("tr", [], row.iter().map(|of_row| cell(of_row, lang))));
    let columns = widths.iter().map(|width| {
        let width = format!("width: {width}%");
        void("col", [("style", width.as_str())])
    });
    let columns = (!widths.is_empty()).then(|| element("colgroup", [], columns));
    let parts = [
        element("thead", [], [element("tr", [], heads)]),
        element("tbody", [], rows),
    ];
    element("table", [], columns.into_iter().chain(parts))
}

fn cell(cell: &Cell, lang: Lang) -> Html {
    let label = cell.label.map(|label| words(label, lang));
    let below = (!cell.below.is_empty()).then(|| said("small", "", &cell.below));
    let tone = if cell.tone == Tone::Plain {
        ""
    } else {
        cell.tone.word()
    };
    let said = label.unwrap_or_else(|| in_both(&cell.text, cell.zh.as_deref(), lang));
    element(
        "td",
        [("class", tone)],
        [Some(said), below].into_iter().flatten(),
    )
}

/// What a rule says, in the languages that are wanted; in English where there is no other.
fn in_both(en: &str, zh: Option<&str>, lang: Lang) -> Html {
    let chinese = zh.map(|zh| element("span", [("lang", "zh-CN")], [text(zh)]));
    match (lang, chinese) {
        (Lang::Zh, Some(chinese)) => chinese,
        (Lang::Both, Some(chinese)) => all([text(en), void("br", []), chinese]),
        _ => text(en),
    }
}

fn finding(it: &Finding, lang: Lang) -> Html {
    let zh = |of: fn(&InChinese) -> &String| it.chinese.as_ref().map(|it| of(it).as_str());
    let list = |class: &str, sentences: &[String]| match sentences {
        [] => Html::default(),
        sentences => {
            let items = sentences.iter().map(|sentence| said("li", "", sentence));
            element("ul", [("class", class)], items)
        }
    };
    let outcome = element("span", [("class", "outcome")], [words(it.outcome, lang)]);
    let head = [
        outcome,
        text(" "),
        element(
            "strong",
            [],
            [in_both(&it.citation, zh(|of| &of.citation), lang)],
        ),
        text(" "),
        said("code", "", &it.rule),
    ];
    element(
        "article",
        [("class", it.tone.word())],
        [
            element("p", [("class", "head")], head),
            element(
                "p",
                [("class", "gist")],
                [in_both(&it.gist, zh(|of| &of.gist), lang)],
            ),
            list("reasons", &it.reasons),
            list("consequences", &it.consequences),
        ],
    )
}
