//! The page: one file, nothing loaded from anywhere, no scripts.

mod exhibit;
mod figure;
mod ledger;
mod scale;

use faceward::EventOutcome;

use super::exhibit::Exhibit;
use super::step::{Chapter, Step};
use super::story::Told;
use crate::html::{Html, Pictures, all, element, head, said, text};

/// The finished page as HTML.
pub(super) fn write(told: &Told) -> String {
    let body = element(
        "body",
        [],
        [
            figure::album(),
            element(
                "main",
                [],
                [header(told), chapters(told), record(told), colophon()],
            ),
        ],
    );
    element(
        "html",
        [("lang", "en")],
        [
            head(
                "Faceward: the demo",
                Pictures::OnThePage,
                include_str!("page/style.css"),
            ),
            body,
        ],
    )
    .document()
}

fn header(told: &Told) -> Html {
    let steps = told.steps.len();
    let astray: Vec<&Step> = told.steps.iter().filter(|step| !step.as_told()).collect();
    let summary = if astray.is_empty() {
        said(
            "p",
            "summary",
            format!("All {steps} steps came out as told."),
        )
    } else {
        said(
            "p",
            "summary astray",
            format!(
                "{} of {steps} steps did not come out as told.",
                astray.len()
            ),
        )
    };
    element(
        "header",
        [],
        [
            said("p", "name", "Faceward"),
            element(
                "h1",
                [],
                [text("Face recognition that asks first, and can prove it")],
            ),
            said(
                "p",
                "lead",
                "What the program did on this machine a moment ago, step by step: it refused, was permitted, recognised, and forgot; and each decision left an entry that anyone can check.",
            ),
            element(
                "p",
                [("class", "invented")],
                [
                    said("strong", "", "The consents on this page are invented."),
                    text(
                        " The photographs are real and public; the people in them were not asked, have nothing to do with Faceward and endorse nothing.",
                    ),
                ],
            ),
            summary,
        ],
    )
}

fn chapters(told: &Told) -> Html {
    const CHAPTERS: [(Chapter, &str); 4] = [
        (Chapter::Asking, "Asking"),
        (Chapter::Recognising, "Recognising"),
        (Chapter::Leaving, "Leaving"),
        (Chapter::Proving, "Proving"),
    ];
    all(CHAPTERS.map(|(chapter, name)| {
        let own = told
            .steps
            .iter()
            .zip(1..)
            .filter(|(step, _)| step.chapter == chapter);
        let steps = own.map(|(step, number)| article(step, number, told));
        element("section", [], [element("h2", [], [text(name)]), all(steps)])
    }))
}

fn article(step: &Step, number: usize, told: &Told) -> Html {
    let mut parts = vec![
        element(
            "h3",
            [],
            [
                said("span", "number", number.to_string()),
                text(" "),
                text(step.title),
            ],
        ),
        said("p", "told", &step.told),
        said("p", &format!("outcome {}", tone(step)), &step.outcome),
    ];
    if !step.as_told() {
        parts.push(said(
            "p",
            "astray",
            format!("The story says: {}.", step.expected),
        ));
    }
    // A single picture stands beside what is said of it, two stand above.
    let (pictures, rest): (Vec<&Exhibit>, _) = step
        .exhibits
        .iter()
        .partition(|exhibit| exhibit.is_one_picture());
    let rest = element("div", [], rest.into_iter().map(exhibit::exhibit));
    parts.push(match pictures.first() {
        Some(picture) => element(
            "div",
            [("class", "beside")],
            [exhibit::exhibit(picture), rest],
        ),
        None => rest,
    });
    parts.extend(step.entry.map(|position| entry(position, told)));
    element("article", [("id", step.id)], parts)
}

/// The way to an entry in the table below, and under which provisions it was permitted.
fn entry(position: u64, told: &Told) -> Html {
    let target = format!("#{}", ledger::anchor(position));
    let link = element(
        "a",
        [("href", target.as_str())],
        [text(format!("Ledger entry {position}"))],
    );
    let recorded = told.entries.iter().find(|entry| entry.position == position);
    let permitted = match recorded.map(|entry| &entry.event) {
        Some(event) if event.outcome != EventOutcome::Refused && !event.rules.is_empty() => {
            format!(", permitted under {}", ledger::provisions(event))
        }
        _ => String::new(),
    };
    element("p", [("class", "entry")], [link, text(permitted)])
}

/// How an outcome is coloured: by what it is, never by whether it pleases.
fn tone(step: &Step) -> &'static str {
    let begins = |word: &str| step.outcome.starts_with(word);
    if !step.as_told() {
        "wrong"
    } else if begins("refused") {
        "refused"
    } else if begins("match") || begins("found") {
        "match"
    } else {
        "plain"
    }
}

fn record(told: &Told) -> Html {
    element(
        "section",
        [("class", "record")],
        [
            element("h2", [], [text("The ledger")]),
            said(
                "p",
                "told",
                "Everything above, as it was recorded. There is no name, picture, template or score in it: a person appears as a salted commitment, different in every entry, which nobody can open once the person is forgotten, unless they kept the salt themselves.",
            ),
            ledger::ledger(&told.entries),
        ],
    )
}

fn colophon() -> Html {
    let version = concat!("Made by faceward ", env!("CARGO_PKG_VERSION"), " demo.");
    element(
        "footer",
        [],
        [
            said(
                "p",
                "",
                "Photographs: Official White House photos by Pete Souza, from the package face_recognition 1.3.0; portrait of Eileen Collins by NASA, from the package scikit-image 0.26.0. Works of the United States government; shown without its approval or endorsement. They are cropped for display, and the marks are drawn over them.",
            ),
            said(
                "p",
                "",
                "Provisions are those of the Supreme People’s Court of China on face recognition, Fa Shi [2021] No. 15, in our own words. They are no legal advice.",
            ),
            said("p", "", version),
        ],
    )
}
