//! The whole ledger as a table.

use faceward::hex;
use faceward::{Act, Entry, Event, EventOutcome, Law};

use faceward::html::{Html, element, said, text};

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

/// The provisions that decided, as a reader cites them: `Art. 2(3), 6(2)`.
pub(super) fn provisions(event: &Event) -> String {
    let articles: Vec<String> = event.rules.iter().map(|id| article(id)).collect();
    if articles.is_empty() {
        return String::new();
    }
    format!("Art. {}", articles.join(", "))
}

fn row(entry: &Entry) -> Html {
    let event = &entry.event;
    let person = event
        .marks
        .first()
        .map_or_else(String::new, |(_, value)| format!("{}…", hex(&value[..5])));
    let outcome = outcome(event.outcome);
    let time = event.at.strftime("%H:%M:%S").to_string();
    let cells = [
        element("th", [("scope", "row")], [text(entry.position.to_string())]),
        said("td", "time", time),
        element("td", [], [text(act(event.act))]),
        said("td", &outcome.replace(' ', "-"), outcome),
        element("td", [], [text(event.purpose.as_deref().unwrap_or(""))]),
        element("td", [], [text(provisions(event))]),
        said("td", "mark", person),
    ];
    element("tr", [("id", &anchor(entry.position))], cells)
}

/// The article an identifier stands for, as it is cited: `cn-spc-2021-15/2.3` is 2(3).
fn article(id: &str) -> String {
    let law = Law::built_in().ok();
    let cited = law.as_ref().and_then(|law| law.rule(id));
    let cited = cited.and_then(|rule| rule.citation.split_once(", Art. "));
    match cited.and_then(|(_, article)| article.split(';').next()) {
        Some(article) => article.to_owned(),
        None => id.to_owned(),
    }
}

fn act(act: Act) -> String {
    act.word().replace('-', " ")
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
        assert_eq!(article("cn-spc-2021-15/2.3"), "2(3)");
        assert_eq!(article("cn-spc-2021-15/permit-consent"), "5(4)");
        assert_eq!(article("cn-spc-2021-15/6.2"), "6(2)");
        assert_eq!(article("unknown/11"), "unknown/11");
    }
}
