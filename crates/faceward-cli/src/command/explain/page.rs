//! The page: one file, nothing loaded from anywhere, no scripts.

use faceward::told::{FEWEST, LIMITS_OF_A_SCORE};
use faceward::{Decision, Explained, ExplainedSide, Reading, Receipt, ThresholdBasis};

use super::heat;
use super::regions::regions;
use crate::data_uri::data_uri;
use faceward::html::{Html, Pictures, all, element, head, said, text, void};

/// The finished page as HTML.
pub(super) fn write(explained: &Explained, receipt: &Receipt) -> anyhow::Result<String> {
    let title = "Faceward: what made this score";
    let main = element(
        "main",
        [],
        [
            said("p", "name", "Faceward"),
            said("h1", "", "What made this score"),
            score(explained),
            said("h2", "", "Where in the faces it comes from"),
            faces(explained)?,
            said("h2", "", "By region"),
            regions(explained),
            said("h2", "", "The two sides"),
            pictures(explained),
            said("h2", "", "What the score does not say"),
            limits(),
            said(
                "p",
                "entry",
                format!(
                    "Recorded as entry {} of the ledger. Made by faceward {}.",
                    receipt.position(),
                    env!("CARGO_PKG_VERSION")
                ),
            ),
        ],
    );
    let head = head(title, Pictures::OnThePage, include_str!("page.css"));
    let body = element("body", [], [main]);
    Ok(element("html", [("lang", "en")], [head, body]).document())
}

/// What a decision means, in words.
pub(super) fn verdict(decision: Decision) -> &'static str {
    match decision {
        Decision::Match => "match: the same person, by the thresholds in force",
        Decision::Uncertain => "uncertain: a person should look",
        Decision::NoMatch => "no match: two different people, by the thresholds in force",
    }
}

fn score(explained: &Explained) -> Html {
    let class = match explained.decision {
        Decision::Match => "outcome match",
        Decision::Uncertain => "outcome maybe",
        Decision::NoMatch => "outcome no",
    };
    let thresholds = format!(
        "A match is decided from {} (false match rate {}), uncertain from {} ({}).",
        explained.match_at.score,
        explained.match_at.asked,
        explained.uncertain_at.score,
        explained.uncertain_at.asked,
    );
    all([
        said("p", class, verdict(explained.decision)),
        element(
            "p",
            [("class", "score")],
            [
                said("strong", "", format!("{:.3}", explained.score.value())),
                text(" on a scale on which strangers lie about 0 and one person about 0.7"),
            ],
        ),
        said("p", "", rate(explained)),
        said("p", "quiet", thresholds),
        covered(explained),
    ])
}

/// Whose mouth and nose, or eyes, are covered so that a comparison allows for it.
fn covered(explained: &Explained) -> Html {
    let whose = match explained.sides.each_ref().map(ExplainedSide::masked) {
        [false, false] => None,
        [true, false] => Some("of face A are covered"),
        [false, true] => Some("of face B are covered"),
        [true, true] => Some("of both faces are covered"),
    };
    let mask = whose.map(|whose| {
        format!(
            "Mouth and nose {whose}, as by a mask. `faceward compare` and `verify` leave out what a mask does and give another score; this page takes apart the faces as they are."
        )
    });
    let glasses = (explained.sides.each_ref().map(ExplainedSide::eyes_covered) == [true; 2]).then(|| {
        "The eyes of both faces are covered, as by dark glasses. Strangers look more alike so, and `faceward compare` gives a lower score; this page takes apart the faces as they are.".to_owned()
    });
    all([mask, glasses]
        .into_iter()
        .flatten()
        .map(|words| said("p", "quiet", words)))
}

/// How often strangers score as high.
fn rate(explained: &Explained) -> String {
    match explained.rate {
        None => "Strangers score as high more often than the table of thresholds tells: it says nothing for the two being one person.".to_owned(),
        Some((rate, _)) if rate.share() < FEWEST => format!(
            "Of comparisons of strangers, fewer than one in {:.0} scores as high as this, by a tail fitted to those that were made. How many fewer, nobody measured.",
            1.0 / FEWEST
        ),
        Some((rate, basis)) => {
            let known = match basis {
                ThresholdBasis::Measured(row) => {
                    format!("measured: {} comparisons of strangers did", row.false_matches)
                }
                ThresholdBasis::Extrapolated(_) => {
                    "extended beyond what was measured, by a fitted tail".to_owned()
                }
            };
            format!(
                "Of comparisons of strangers, at most one in {:.0} scores as high as this ({known}).",
                1.0 / rate.share()
            )
        }
    }
}

fn faces(explained: &Explained) -> anyhow::Result<Html> {
    let (left, right) = (explained.shares.of_left(), explained.shares.of_right());
    let every = left.iter().chain(&right);
    let most = every.fold(1e-6_f64, |most, share| most.max(share.abs()));
    let [first, second] = &explained.sides;
    let mut figures = Vec::new();
    for (side, shares, name) in [(first, &left, "A"), (second, &right, "B")] {
        let face = match side {
            ExplainedSide::Seen(seen) => Some(&seen.face),
            ExplainedSide::Kept { .. } => None,
        };
        let hidden = |cell| {
            let covering = side.covering();
            covering.is_some_and(|covering| covering.covers(cell))
        };
        if let Some(face) = face {
            let plain = data_uri("image/png", &heat::plain(face)?);
            let seen = format!("Face {name}, aligned, as the model saw it");
            figures.push(figure(&plain, &seen, &seen));
        }
        let heat = data_uri("image/png", &heat::face(face, shares, most, hidden)?);
        let coloured = format!("Face {name}, coloured by what each place added to the score");
        figures.push(figure(
            &heat,
            &coloured,
            &match face {
                Some(_) => format!("What {name} added, and took away"),
                None => format!("What the map kept as {name} added, and took away"),
            },
        ));
    }
    Ok(all([
        element("div", [("class", "faces")], figures),
        element(
            "p",
            [("class", "key")],
            [
                said("span", "added", "added to the score"),
                said("span", "taken", "took from it"),
                said("span", "hatched", "covered, by an estimate"),
                said("span", "quiet", format!("strongest colour: {most:.3}")),
            ],
        ),
    ]))
}

fn figure(uri: &str, alt: &str, caption: &str) -> Html {
    let picture = void("img", [("src", uri), ("alt", alt), ("width", "448")]);
    element("figure", [], [picture, said("figcaption", "", caption)])
}

fn pictures(explained: &Explained) -> Html {
    let [first, second] = &explained.sides;
    element(
        "div",
        [("class", "pictures")],
        [side("A", first), side("B", second)],
    )
}

fn side(name: &str, side: &ExplainedSide) -> Html {
    match side {
        ExplainedSide::Seen(face) => seen(name, &face.reading),
        ExplainedSide::Kept {
            reference,
            enrolled_at,
            quality,
            ..
        } => element(
            "section",
            [],
            [
                said("h3", "", format!("Map {name}")),
                said(
                    "p",
                    "",
                    format!("Quality {quality} of 100 · enrolled {enrolled_at:.0}"),
                ),
                said(
                    "p",
                    "quiet",
                    format!(
                        "Of the reference {reference}. The picture it was made from was not kept. Its values are stored in eight bits each, so the score may differ by 0.002 from that of the pictures."
                    ),
                ),
            ],
        ),
    }
}

fn seen(name: &str, reading: &Reading) -> Html {
    let mut pieces = vec![
        said("h3", "", format!("Picture {name}")),
        said(
            "p",
            "",
            format!(
                "Quality {} of 100 · liveness {:.2} of 1",
                reading.quality.unified, reading.liveness
            ),
        ),
    ];
    let reasons = reading.quality.reasons.iter().map(ToString::to_string);
    let notes: Vec<Html> = reasons
        .chain(reading.notes.iter().cloned())
        .map(|note| said("li", "", note))
        .collect();
    if notes.is_empty() {
        pieces.push(said("p", "quiet", "Nothing stands against it."));
    } else {
        pieces.push(element("ul", [], notes));
    }
    let rows = reading.quality.components.iter().map(|component| {
        let value = component
            .value
            .map_or("not assessable".to_owned(), |value| value.to_string());
        element(
            "tr",
            [],
            [said("th", "", component.name), said("td", "", value)],
        )
    });
    let rows: Vec<Html> = rows.collect();
    pieces.push(element("table", [("class", "quality")], rows));
    element("section", [], pieces)
}

fn limits() -> Html {
    let items = LIMITS_OF_A_SCORE.map(|limit| said("li", "", limit));
    element("ul", [("class", "limits")], items)
}
