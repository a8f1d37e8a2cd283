//! The whole ledger as a table.

use faceward::{Act, Entry, EventOutcome};

use super::html::{Html, element, said, text};
use crate::command::demo::step::hex;

pub(super) fn ledger(entries: &[Entry]) -> Html {
    let heads = [
        "entry",
        "time (UTC)",
        "act",
        "came to",
        "purpose",
        "provisions",
        "person",
    ];
    let heads = heads.map(|head| element("th", [("scope", "col")], [text(head)]));
    let table = element(
        "table",
        [("class", "ledger")],
        [
            element("thead", [], [element("tr", [], heads)]),
            element("tbody", [], entries.iter().map(row)),
        ],
    );
    element(
        "div",
        [
            ("class", "wide"),
            ("tabindex", "0"),
            ("role", "region"),
            ("aria-label", "Ledger entries"),
        ],
        [table],
    )
}

/// Where an entry stands on the page.
pub(super) fn anchor(position: u64) -> String {
    format!("entry-{position}")
}

fn row(entry: &Entry) -> Html {
    let event = &entry.event;
    let rules: Vec<String> = event.rules.iter().map(|id| article(id)).collect();
    let person = event
        .mark
        .map_or_else(String::new, |(_, value)| format!("{}…", hex(&value[..6])));
    let outcome = outcome(event.outcome);
    let time = event.at.to_string().replace(['T', 'Z'], " ");
    let cells = [
        element("th", [("scope", "row")], [text(entry.position.to_string())]),
        said("td", "time", time.trim()),
        element("td", [], [text(act(event.act))]),
        said("td", outcome, outcome),
        element("td", [], [text(event.purpose.as_deref().unwrap_or(""))]),
        element("td", [], [text(rules.join(", "))]),
        said("td", "mark", person),
    ];
    element("tr", [("id", &anchor(entry.position))], cells)
}

/// The identifier of a provision as a reader cites it: `cn-spc-2021-15/2.3` is Art. 2(3).
fn article(id: &str) -> String {
    match id
        .strip_prefix("cn-spc-2021-15/")
        .map(|rest| rest.split_once('.'))
    {
        Some(Some((article, paragraph))) => format!("Art. {article}({paragraph})"),
        Some(None) => format!("Art. {}", id.rsplit('/').next().unwrap_or(id)),
        None => id.to_owned(),
    }
}

fn act(act: Act) -> &'static str {
    match act {
        Act::ConsentGiven => "consent given",
        Act::ConsentWithdrawn => "consent withdrawn",
        Act::Enroll => "enrol",
        Act::Verify => "verify",
        Act::Identify => "identify",
        Act::Compare => "compare",
        Act::Detect => "detect",
        Act::Access => "access",
        Act::Forgotten => "forgotten",
    }
}

fn outcome(outcome: EventOutcome) -> &'static str {
    match outcome {
        EventOutcome::Done => "done",
        EventOutcome::Refused => "refused",
        EventOutcome::Unusable => "unusable",
        EventOutcome::Match => "match",
        EventOutcome::Uncertain => "uncertain",
        EventOutcome::NoMatch => "no match",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provisions_read_as_they_are_cited() {
        assert_eq!(article("cn-spc-2021-15/2.3"), "Art. 2(3)");
        assert_eq!(article("cn-spc-2021-15/11"), "Art. 11");
        assert_eq!(article("elsewhere/1"), "elsewhere/1");
    }
}
