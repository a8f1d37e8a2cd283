//! What is kept of the face, and every time it was compared.

use faceward::{Act, Entry, Event, EventOutcome, Held};

use super::{done_for, none, section, table, time};
use faceward::html::{Html, element, said, text};
use faceward::told::kept_until;

pub(super) fn references(held: &Held) -> Html {
    let told = "A reference is a list of numbers that a model computed from a picture of your face. It lies sealed under a key of your own; the picture was not kept. The numbers are not printed here, because whoever has them could use them to find you elsewhere. A map is a longer list, region by region, from which a score can be explained; it is kept only where the notice said so.";
    if held.references.is_empty() {
        let nothing = none("No reference of your face is held.");
        return section("What is kept of your face", told, [nothing]);
    }
    let rows = held.references.iter().map(|reference| {
        let until = kept_until(held, reference);
        let until = until.map_or_else(|| text("no longer"), time);
        [
            text(reference.purpose.as_str()),
            time(reference.enrolled_at),
            text(format!("{} of 100", reference.quality)),
            said("span", "code", short(&reference.model.to_string())),
            text(if reference.map { "yes" } else { "no" }),
            until,
        ]
    });
    let rows = table(
        "references",
        [
            "For",
            "Made on",
            "Quality of the picture",
            "Model",
            "With its map",
            "Kept until",
        ],
        rows,
    );
    section("What is kept of your face", told, [rows])
}

/// The name of a model without the end of its hash.
fn short(model: &str) -> String {
    match model.split_once(":") {
        Some((name, hash)) => {
            let hash: String = hash.chars().take(12).collect();
            format!("{name}:{hash}…")
        }
        None => model.to_owned(),
    }
}

/// Whether an entry is about looking at a face.
pub(super) fn is_look(entry: &Entry) -> bool {
    matches!(
        entry.event.act,
        Act::Enroll | Act::Verify | Act::Identify | Act::Compare | Act::Detect | Act::Liveness
    )
}

pub(super) fn comparisons(held: &Held) -> Html {
    let told = "Every time your face, or a claim to be you, was put to the test, the law was asked first, and what came of it was written down before anyone got an answer. Attempts that were refused are here too: then no face was looked at.";
    let looks: Vec<&Entry> = held.entries.iter().filter(|entry| is_look(entry)).collect();
    if looks.is_empty() {
        let nothing = none("Your face was never looked at here.");
        return section("Every time your face was looked at", told, [nothing]);
    }
    let rows = looks.iter().rev().map(|entry| {
        let event = &entry.event;
        [
            time(event.at),
            done_for(done(event), event),
            said("span", tone(event.outcome), ending(event)),
            text(cited(held, event)),
        ]
    });
    let rows = table(
        "looks",
        ["When", "What was done", "What came of it", "Under"],
        rows,
    );
    section(
        "Every time your face was looked at",
        told,
        [rows, rules(held, &looks)],
    )
}

fn done(event: &Event) -> String {
    let was = match event.outcome {
        EventOutcome::Refused => "was to be",
        _ => "was",
    };
    match event.act {
        Act::Enroll => "A picture of you was to become a reference".to_owned(),
        Act::Verify => {
            format!("A face {was} compared with your references, to see whether it is you")
        }
        Act::Identify => {
            format!("A face {was} searched for among all who agreed; you were among the nearest")
        }
        Act::Liveness => {
            format!("A face {was} watched, to see whether a living person is there")
        }
        Act::Compare => format!("Two pictures {was} compared once"),
        _ => format!("Faces {was} looked for in a picture"),
    }
}

fn ending(event: &Event) -> String {
    let said = match (event.act, event.outcome) {
        (Act::Enroll, EventOutcome::Done) => "The reference was made",
        (Act::Liveness, EventOutcome::Done) => "A living person was there",
        (_, EventOutcome::Done) => "Done",
        (_, EventOutcome::Refused) => "Refused; no face was looked at",
        (_, EventOutcome::Unusable) => "No answer from the picture",
        (Act::Identify, EventOutcome::Match) => "The search ended with a match",
        (Act::Identify, EventOutcome::NoMatch) => "The search matched nobody",
        (_, EventOutcome::Match) => "It was you, says the comparison",
        (_, EventOutcome::NoMatch) => "It was not you, says the comparison",
        (_, EventOutcome::Uncertain) => "Uncertain: for a person to decide",
    };
    match &event.reason {
        Some(reason) => format!("{said} ({})", reason.replace('-', " ")),
        None => said.to_owned(),
    }
}

fn tone(outcome: EventOutcome) -> &'static str {
    match outcome {
        EventOutcome::Match => "good",
        EventOutcome::Refused => "ended",
        _ => "",
    }
}

/// The rules applied, each document named once: `Fa Shi [2021] No. 15, Art. 2(3), 2(4)`.
fn cited(held: &Held, event: &Event) -> String {
    let known = held
        .rules
        .iter()
        .filter(|rule| event.rules.contains(&rule.id));
    let mut cited = String::new();
    let mut document = "";
    for rule in known {
        match rule.citation.split_once(", Art. ") {
            Some((same, article)) if same == document => cited.push_str(&format!(", {article}")),
            parts => {
                let separator = if cited.is_empty() { "" } else { "; " };
                cited.push_str(&format!("{separator}{}", rule.citation));
                document = parts.map_or("", |(document, _)| document);
            }
        }
    }
    cited
}

/// What the rules say that were applied.
fn rules(held: &Held, looks: &[&Entry]) -> Html {
    let applied = held.rules.iter().filter(|rule| {
        let names = |entry: &&Entry| entry.event.rules.contains(&rule.id);
        looks.iter().any(names)
    });
    let pairs = applied.map(|rule| {
        element(
            "div",
            [],
            [said("dt", "", &rule.citation), said("dd", "", &rule.gist)],
        )
    });
    element("dl", [("class", "rules")], pairs.collect::<Vec<_>>())
}
