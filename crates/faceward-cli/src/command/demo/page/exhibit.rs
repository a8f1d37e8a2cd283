//! What can be seen of a step, as markup.

use faceward::{Ground, Health};

use super::figure::figures;
use super::scale::scale;
use crate::command::demo::exhibit::Exhibit;
use faceward::html::{Html, all, element, prose, said, text};

pub(super) fn exhibit(exhibit: &Exhibit) -> Html {
    match exhibit {
        Exhibit::Pictures(pictures) => figures(pictures),
        Exhibit::Comparison(comparison) => scale(comparison),
        Exhibit::Refusal(grounds) => refusal(grounds),
        Exhibit::Particulars(rows) => particulars(rows),
        Exhibit::Held { before, after } => held(before, after),
        Exhibit::Message { to, said: words } => element(
            "div",
            [("class", "message")],
            [said("p", "to", to), said("pre", "words", words)],
        ),
        Exhibit::Sealed(row) => sealed(row),
    }
}

fn refusal(grounds: &[Ground]) -> Html {
    let ground = |ground: &Ground| {
        let provision = [
            said("cite", "citation", format!("{}:", ground.rule.citation)),
            text(" "),
            said("span", "gist", format!("{}.", ground.rule.gist)),
        ];
        element(
            "div",
            [("class", "ground")],
            [
                element(
                    "p",
                    [("class", "finding")],
                    [prose(&sentence(&ground.finding))],
                ),
                element("p", [], provision),
            ],
        )
    };
    element("div", [("class", "ruling")], grounds.iter().map(ground))
}

fn particulars(rows: &[(&'static str, String)]) -> Html {
    let row = |(label, value): &(&'static str, String)| {
        // What has no blanks is made for machines: identifiers, keys, paths.
        let class = if value.contains(' ') { "words" } else { "code" };
        let label = element("dt", [], [text(label)]);
        element("div", [], [label, said("dd", class, value)])
    };
    element("dl", [], rows.iter().map(row))
}

fn held(before: &Health, after: &Health) -> Html {
    let row = |label: &str, before: u64, after: u64| {
        let class = if before == after { "same" } else { "changed" };
        let cells = [
            element("th", [("scope", "row")], [text(label)]),
            element("td", [], [text(before.to_string())]),
            element("td", [("class", class)], [text(after.to_string())]),
        ];
        element("tr", [], cells)
    };
    let heads = ["in the vault", "before", "after"];
    let heads = heads.map(|head| element("th", [("scope", "col")], [text(head)]));
    let rows = [
        row("persons", before.subjects, after.subjects),
        row("references", before.templates, after.templates),
        row("consent records", before.consents, after.consents),
    ];
    element(
        "table",
        [("class", "held")],
        [
            element("thead", [], [element("tr", [], heads)]),
            element("tbody", [], rows),
        ],
    )
}

/// Hexadecimal bytes, with the parts of a sealed row told apart.
fn sealed(row: &[u8]) -> Html {
    const PER_LINE: usize = 16;
    let part = |place: usize| match place {
        0 => "version",
        1..25 => "nonce",
        _ => "cipher",
    };
    let byte = |(place, byte): (usize, &u8)| {
        let gap = if (place + 1).is_multiple_of(PER_LINE) {
            "\n"
        } else {
            " "
        };
        all([said("span", part(place), format!("{byte:02x}")), text(gap)])
    };
    let legend = [
        said("span", "version", "version"),
        text(", "),
        said("span", "nonce", "nonce"),
        text(", "),
        said(
            "span",
            "cipher",
            "first bytes of the ciphertext (XChaCha20-Poly1305)",
        ),
    ];
    element(
        "div",
        [("class", "sealed")],
        [
            element("pre", [], row.iter().enumerate().map(byte)),
            element("p", [("class", "legend")], legend),
        ],
    )
}

/// With a capital and a full stop.
fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}
