//! The page: one file, nothing loaded from anywhere, no scripts.

use faceward::{Decision, Explained, Reading, Receipt, ThresholdBasis};

use super::heat;
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
            said("h2", "", "The two pictures"),
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
    let compared = &explained.compared;
    let class = match compared.decision {
        Decision::Match => "outcome match",
        Decision::Uncertain => "outcome maybe",
        Decision::NoMatch => "outcome no",
    };
    let thresholds = format!(
        "A match is decided from {} (false match rate {}), uncertain from {} ({}).",
        compared.match_at.score,
        compared.match_at.asked,
        compared.uncertain_at.score,
        compared.uncertain_at.asked,
    );
    all([
        said("p", class, verdict(compared.decision)),
        element(
            "p",
            [("class", "score")],
            [
                said("strong", "", format!("{:.3}", compared.score.value())),
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
    let whose = match explained.masked {
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
    let glasses = (explained.eyes_covered == [true; 2]).then(|| {
        "The eyes of both faces are covered, as by dark glasses. Strangers look more alike so, and `faceward compare` gives a lower score; this page takes apart the faces as they are.".to_owned()
    });
    all([mask, glasses]
        .into_iter()
        .flatten()
        .map(|words| said("p", "quiet", words)))
}

/// Below this rate the fitted tail is not trusted with a number.
const FEWEST: f64 = 1e-6;

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
    let [first, second] = &explained.faces;
    let mut figures = Vec::new();
    let [one, other] = &explained.covering;
    for (face, shares, covering, name) in [(first, &left, one, "A"), (second, &right, other, "B")] {
        let hidden = |cell| covering.is_some_and(|covering| covering.covers(cell));
        let plain = data_uri("image/png", &heat::plain(face)?);
        let heat = data_uri("image/png", &heat::face(face, shares, most, hidden)?);
        let seen = format!("Face {name}, aligned, as the model saw it");
        let coloured = format!("Face {name}, coloured by what each place added to the score");
        figures.push(figure(&plain, &seen, &seen));
        figures.push(figure(
            &heat,
            &coloured,
            &format!("What {name} added, and took away"),
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

fn regions(explained: &Explained) -> Html {
    let rows: Vec<_> = explained.shares.by_region().collect();
    let most = rows.iter().fold(1e-6_f64, |most, (_, first, second)| {
        most.max(first.abs()).max(second.abs())
    });
    let mut body: Vec<Html> = rows
        .iter()
        .map(|(region, first, second)| {
            let hidden = explained.covering.map(|covering| {
                covering.is_some_and(|covering| covering.regions().any(|of| of == *region))
            });
            row(region.name(), [*first, *second], hidden, most)
        })
        .collect();
    let (first, second) = explained.shares.of_no_cell();
    let constant = "no region (the model’s constant)";
    body.push(row(constant, [first, second], [false; 2], most));
    let score = explained.shares.score();
    body.push(element(
        "tr",
        [("class", "sum")],
        [
            said("th", "", "together: the score"),
            said("td", "", format!("{score:.3}")),
            said("td", "", format!("{score:.3}")),
        ],
    ));
    let heads = ["Region", "of face A", "of face B"].map(|head| said("th", "", head));
    all([
        element(
            "table",
            [("class", "regions")],
            [
                element("thead", [], [element("tr", [], heads)]),
                element("tbody", [], body),
            ],
        ),
        said(
            "p",
            "quiet",
            "Left and right are the viewer’s. Each column adds up to the score without remainder. What covers a region is estimated from the picture, for places as large as an eye; what a covered region adds is what the model made of the cover.",
        ),
    ])
}

fn row(name: &str, shares: [f64; 2], hidden: [bool; 2], most: f64) -> Html {
    let cell = |(share, hidden): (f64, bool)| {
        let class = if share < 0.0 {
            "bar taken"
        } else {
            "bar added"
        };
        let width = format!("{:.0}", 100.0 * (share.abs() / most).min(1.0));
        let bar = element(
            "svg",
            [
                ("class", class),
                ("viewBox", "0 0 100 10"),
                ("preserveAspectRatio", "none"),
                ("aria-hidden", "true"),
            ],
            [void("rect", [("width", &*width), ("height", "10")])],
        );
        let mut pieces = vec![text(format!("{share:+.3}")), bar];
        if hidden {
            pieces.push(said("span", "covered", "covered"));
        }
        element("td", [], pieces)
    };
    let mut pieces = vec![said("th", "", name)];
    pieces.extend(shares.into_iter().zip(hidden).map(cell));
    element("tr", [], pieces)
}

fn pictures(explained: &Explained) -> Html {
    let [first, second] = &explained.compared.readings;
    element(
        "div",
        [("class", "pictures")],
        [side("A", first), side("B", second)],
    )
}

fn side(name: &str, reading: &Reading) -> Html {
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
    const LIMITS: [&str; 5] = [
        "It is no probability that the two are one person. That depends also on who else they could be, which no comparison of pictures knows.",
        "False match rates were measured on one set of photographs. Relatives, twins, children, masks, hard light and other cameras have others, and higher ones.",
        "The colours show arithmetic, not anatomy: what the model’s numbers for a place added to the sum. A place sees a good part of the face around it, and one that adds little is not one in which two faces differ.",
        "No distances between points of the faces were measured: they do not identify people (ASTM E3149).",
        "A score is not a finding of fact. Where something turns on it, a trained examiner should look at the pictures.",
    ];
    let items = LIMITS.map(|limit| said("li", "", limit));
    element("ul", [("class", "limits")], items)
}
