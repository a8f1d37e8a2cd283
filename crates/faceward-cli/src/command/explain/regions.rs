//! The table by region: what each added to the score, and what of each face was covered.

use faceward::Explained;
use faceward::html::{Html, all, element, said, text, void};

pub(super) fn regions(explained: &Explained) -> Html {
    let rows: Vec<_> = explained.shares.by_region().collect();
    let most = rows.iter().fold(1e-6_f64, |most, (_, first, second)| {
        most.max(first.abs()).max(second.abs())
    });
    let mut body: Vec<Html> = rows
        .iter()
        .map(|(region, first, second)| {
            let hidden = explained.sides.each_ref().map(|side| {
                let covering = side.covering();
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
