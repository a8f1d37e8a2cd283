//! The page a person can read: one file, nothing loaded from anywhere, no scripts.

mod agreed;
mod face;
mod record;
mod rights;

use faceward::{Act, By, Controller, Entry, Event, EventOutcome, Held};
use jiff::Timestamp;

use crate::answer::counted;
use faceward::html::{Html, Pictures, all, element, head, said, text};

/// The finished page as HTML.
pub(super) fn write(held: &Held, controller: Option<&Controller>, now: Timestamp) -> String {
    let main = element(
        "main",
        [],
        [
            header(held, controller, now),
            agreed::section(held, now),
            face::references(held),
            face::comparisons(held),
            agreed::recipients(held),
            record::requests(held, now),
            record::rest(held),
            rights::section(controller),
            colophon(held),
        ],
    );
    let body = element("body", [], [main]);
    let title = format!("What is held on {}", held.handle);
    let head = head(title, Pictures::None, include_str!("page/style.css"));
    element("html", [("lang", "en")], [head, body]).document()
}

fn header(held: &Held, controller: Option<&Controller>, now: Timestamp) -> Html {
    let by = match controller {
        Some(controller) => format!("{}, {}", controller.name, controller.address),
        None => "whoever handed you this page".to_owned(),
    };
    let lead = format!(
        "This is everything held on you here, as of {} UTC. It is yours to keep. Responsible for it is {by}.",
        when(now)
    );
    element(
        "header",
        [],
        [
            said("p", "name", "Your face, on record"),
            element(
                "h1",
                [],
                [
                    text("What is held on "),
                    said("span", "who", held.handle.as_str()),
                ],
            ),
            said("p", "lead", lead),
            element("ul", [("class", "short")], in_short(held, now)),
        ],
    )
}

/// The four things a person wants to know first.
fn in_short(held: &Held, now: Timestamp) -> [Html; 4] {
    let live = held.consents.iter().filter(|c| c.is_live(now)).count();
    let compared = held.entries.iter().filter(|entry| was_compared(entry));
    let given = agreed::recipient_names(held);
    let fact = |big: String, small: &str| {
        element("li", [], [said("strong", "", big), said("span", "", small)])
    };
    [
        fact(
            counted(live as u64, "consent"),
            "in force: what you agreed to, and did not take back",
        ),
        fact(
            counted(held.references.len() as u64, "reference"),
            "of your face: numbers computed from a picture, sealed; no picture",
        ),
        fact(
            counted(compared.count() as u64, "comparison"),
            "in which your face, or a claim to be you, came to an answer",
        ),
        match given.as_slice() {
            [] => fact(
                "Nobody".to_owned(),
                "else may be given your data; you agreed to no recipient",
            ),
            given => fact(given.join(", "), "may be given your data, as you agreed"),
        },
    ]
}

/// Whether a face was compared, and there was an answer.
fn was_compared(entry: &Entry) -> bool {
    let compares = matches!(entry.event.act, Act::Verify | Act::Identify);
    let answered = matches!(
        entry.event.outcome,
        EventOutcome::Match | EventOutcome::Uncertain | EventOutcome::NoMatch
    );
    compares && answered
}

fn colophon(held: &Held) -> Html {
    let entry = format!(
        "That this page was made out is entry {} of the ledger. With the file held.json beside it, anyone can check that the entry is there and unchanged: `faceward audit check --proof held.json --key …`, with the key the controller published.",
        held.receipt.position()
    );
    element(
        "footer",
        [],
        [
            element("p", [], [faceward::html::prose(&entry)]),
            said(
                "p",
                "",
                "Rules are told in our own words and are no legal advice. All times are UTC.",
            ),
            said(
                "p",
                "",
                concat!("Made by faceward ", env!("CARGO_PKG_VERSION"), "."),
            ),
        ],
    )
}

fn section(title: &str, told: &str, parts: impl IntoIterator<Item = Html>) -> Html {
    element(
        "section",
        [],
        [
            element("h2", [], [text(title)]),
            said("p", "told", told),
            all(parts),
        ],
    )
}

/// A table whose cells say on a narrow screen which column they are of.
fn table<const N: usize>(
    class: &str,
    columns: [&str; N],
    rows: impl IntoIterator<Item = [Html; N]>,
) -> Html {
    let heads = columns.map(|column| element("th", [("scope", "col")], [text(column)]));
    let row = |cells: [Html; N]| {
        let cells = columns.into_iter().zip(cells);
        let cells = cells.map(|(column, cell)| element("td", [("data-of", column)], [cell]));
        element("tr", [], cells)
    };
    element(
        "table",
        [("class", class)],
        [
            element("thead", [], [element("tr", [], heads)]),
            element("tbody", [], rows.into_iter().map(row)),
        ],
    )
}

/// Pairs of a term and what it is.
fn pairs(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Html {
    let pair = |(term, what): (&'static str, String)| {
        element("div", [], [said("dt", "", term), said("dd", "", what)])
    };
    element("dl", [], pairs.into_iter().map(pair))
}

fn none(words: &str) -> Html {
    said("p", "none", words)
}

/// A moment as a person writes it.
fn when(at: Timestamp) -> String {
    at.strftime("%-d %B %Y, %H:%M").to_string()
}

/// The same in a column.
fn time(at: Timestamp) -> Html {
    said("time", "", at.strftime("%-d %b %Y, %H:%M").to_string())
}

/// What was done, and for which purpose.
/// What was done, for what, and who asked, unless it was the operator at the terminal.
fn done_for(what: String, event: &Event) -> Html {
    let purpose = event.purpose.as_deref();
    let purpose = purpose.map(|purpose| said("span", "for", format!("for {purpose}")));
    let by = event.by.map(|by| match by {
        By::Key(id) => format!("asked by a program with the key {id}"),
        By::Account(id) => format!("asked by somebody with the account {id}"),
        By::Person => "asked by you, through your link".to_owned(),
    });
    let by = by.map(|by| said("span", "for", format!(" {by}")));
    all([text(what)].into_iter().chain(purpose).chain(by))
}
