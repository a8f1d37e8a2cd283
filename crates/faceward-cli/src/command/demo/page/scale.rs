//! A score on the scale of all scores, with the two thresholds marked.

use crate::command::demo::exhibit::Comparison;
use faceward::html::{Html, all, element, said, text};

/// The drawn part of the scale, in scores; strangers lie about 0.
const LOWEST: f32 = -0.2;
const HIGHEST: f32 = 1.0;

/// The scale, and beneath it the same in words.
pub(super) fn scale(comparison: &Comparison) -> Html {
    let Comparison {
        score,
        match_at,
        uncertain_at,
    } = comparison;
    let (low, high) = (
        place(uncertain_at.score.value()),
        place(match_at.score.value()),
    );
    let at = place(score.value());
    let label = format!(
        "Score {score} on a scale from {LOWEST} to {HIGHEST}; uncertain from {}, a match from {}.",
        uncertain_at.score, match_at.score
    );
    let drawing = element(
        "svg",
        [("class", "scale"), ("role", "img"), ("aria-label", &label)],
        [
            zone("zone no", 0.0, low),
            zone("zone maybe", low, high),
            zone("zone yes", high, 100.0),
            words(0.0, "start", "no match"),
            words(100.0, "end", "match"),
            tick(low, &uncertain_at.score.to_string()),
            tick(high, &match_at.score.to_string()),
            needle(at),
            value(at, &score.to_string()),
        ],
    );
    let reading = element(
        "p",
        [("class", "reading")],
        [
            said("strong", "", format!("score {score}")),
            text(format!(
                " · uncertain from {} (one stranger in {}) · match from {} (one in {})",
                uncertain_at.score,
                one_in(uncertain_at.asked.share()),
                match_at.score,
                one_in(match_at.asked.share()),
            )),
        ],
    );
    element("div", [("class", "comparison")], [drawing, reading])
}

/// Where a score lies, in per cent of the width.
fn place(score: f32) -> f32 {
    ((score - LOWEST) / (HIGHEST - LOWEST)).clamp(0.0, 1.0) * 100.0
}

fn percent(place: f32) -> String {
    format!("{place:.2}%")
}

fn zone(class: &str, from: f32, to: f32) -> Html {
    let (x, width) = (percent(from), percent(to - from));
    element(
        "rect",
        [
            ("class", class),
            ("x", &x),
            ("width", &width),
            ("y", "26"),
            ("height", "10"),
        ],
        [],
    )
}

fn tick(place: f32, threshold: &str) -> Html {
    let x = percent(place);
    let mark = [
        ("class", "tick"),
        ("x1", &*x),
        ("x2", &*x),
        ("y1", "20"),
        ("y2", "42"),
    ];
    all([element("line", mark, []), words(place, "middle", threshold)])
}

fn needle(place: f32) -> Html {
    element(
        "circle",
        [
            ("class", "needle"),
            ("cx", &percent(place)),
            ("cy", "31"),
            ("r", "8"),
        ],
        [],
    )
}

fn value(place: f32, score: &str) -> Html {
    let anchor = match place {
        ..6.0 => "start",
        94.0.. => "end",
        _ => "middle",
    };
    element(
        "text",
        [
            ("class", "value"),
            ("x", &percent(place)),
            ("y", "14"),
            ("text-anchor", anchor),
        ],
        [text(score)],
    )
}

fn words(place: f32, anchor: &str, words: &str) -> Html {
    element(
        "text",
        [
            ("class", "end"),
            ("x", &percent(place)),
            ("y", "56"),
            ("text-anchor", anchor),
        ],
        [text(words)],
    )
}

/// A rate as the number of strangers among whom one is expected, such as `10,000`, to two digits.
fn one_in(share: f64) -> String {
    let strangers = 1.0 / share;
    let unit = 10f64
        .powf((strangers.log10() + 1e-9).floor() - 1.0)
        .max(1.0);
    let digits = format!("{:.0}", (strangers / unit).round() * unit);
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_reads_as_one_in_so_many() {
        assert_eq!(one_in(0.0001), "10,000");
        assert_eq!(one_in(0.01), "100");
        assert_eq!(one_in(0.000_05 + 1e-9), "20,000");
        assert_eq!(one_in(0.3), "3");
    }
}
