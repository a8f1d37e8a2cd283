use std::collections::BTreeSet;
use std::fmt;

use faceward_match::{FalseMatchRate, Gallery, MatchError, Thresholds};
use serde::Serialize;

use super::curve::{Curve, Rate};
use super::protocol::{Entry, Role};
use super::readings::{Readings, Wanted};
use super::{EvalError, Options, WhichFace};

/// Error rates of an open-set search.
#[derive(Clone, Debug, Serialize)]
pub struct IdentifyReport {
    /// Templates enrolled.
    pub enrolled: usize,
    /// Gallery pictures that gave none: failure to enrol.
    pub not_enrolled: usize,
    /// Mated searches whose person does not come first, or that could not be made.
    pub rank_1_misses: Rate,
    /// Both error rates at each threshold.
    pub points: Vec<SearchPoint>,
    /// Detection error trade-off: `[FPIR, FNIR]` from lax to strict.
    pub trade_off: Vec<[f64; 2]>,
}

/// One threshold of a search.
#[derive(Clone, Debug, Serialize)]
pub struct SearchPoint {
    /// How the threshold was chosen, in words.
    pub name: String,
    /// Candidates at or above it are named.
    pub threshold: f32,
    /// Whether the set has enough non-mated searches for the rate asked; absent for a table's.
    pub resolved: Option<bool>,
    /// Non-mated searches that name anyone (FPIR).
    pub fpir: Rate,
    /// Mated searches that do not name the right person first (FNIR at rank 1).
    pub fnir: Rate,
}

const RATES: [&str; 2] = ["10%", "1%"];

pub(super) fn files(rows: &[Entry]) -> BTreeSet<&str> {
    rows.iter().map(|e| e.file.as_str()).collect()
}

pub(super) fn wanted(options: &Options) -> Wanted {
    Wanted::Template {
        face: options.face.unwrap_or(WhichFace::Central),
        liveness: false,
        enrolled: true,
        quality: false,
    }
}

/// `working` gives the policy's thresholds for a gallery of so many templates.
pub(super) fn evaluate(
    rows: &[Entry],
    readings: &Readings,
    working: impl FnOnce(usize) -> Result<Option<Thresholds>, EvalError>,
) -> Result<IdentifyReport, EvalError> {
    let of = |role| rows.iter().filter(move |e| e.role == role);
    let gallery = enrol(of(Role::Gallery), readings)?;
    let enrolled = gallery.as_ref().map_or(0, Gallery::len);
    let search = |e: &Entry| top(gallery.as_ref(), e, readings);
    // A mated search that ranks another person first fails at every threshold.
    let right = |e: &Entry| {
        search(e)
            .filter(|(who, _)| *who == e.subject)
            .map_or(f32::NEG_INFINITY, |(_, s)| s)
    };
    let mated: Vec<f32> = of(Role::Mated).map(right).collect();
    let nonmated = of(Role::NonMated)
        .map(|e| search(e).map_or(f32::NEG_INFINITY, |(_, s)| s))
        .collect();
    let rank_1_misses = Rate::new(mated.iter().filter(|s| !s.is_finite()).count(), mated.len());
    let curve = Curve::new(mated, nonmated);
    Ok(IdentifyReport {
        enrolled,
        not_enrolled: of(Role::Gallery).count() - enrolled,
        rank_1_misses,
        points: points(&curve, working(enrolled)?),
        trade_off: curve.trade_off(),
    })
}

fn enrol<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    readings: &Readings,
) -> Result<Option<Gallery<&'a str>>, MatchError> {
    let mut gallery = None;
    for entry in entries {
        let Some(template) = readings.template(&entry.file) else {
            continue;
        };
        let gallery = gallery.get_or_insert_with(|| Gallery::new(template.model().clone()));
        gallery.insert(entry.subject.as_str(), template)?;
    }
    Ok(gallery)
}

/// The nearest person and the score, if the search could be made.
fn top<'a>(
    gallery: Option<&Gallery<&'a str>>,
    entry: &Entry,
    readings: &Readings,
) -> Option<(&'a str, f32)> {
    let found = gallery?.search(readings.template(&entry.file)?, 1).ok()?;
    found.first().map(|c| (*c.key, c.score.value()))
}

fn points(curve: &Curve, working: Option<Thresholds>) -> Vec<SearchPoint> {
    let point = |name, threshold, resolved| SearchPoint {
        name,
        threshold,
        resolved,
        fpir: curve.false_accepts(threshold),
        fnir: curve.misses(threshold),
    };
    let rates = RATES
        .iter()
        .filter_map(|text| text.parse::<FalseMatchRate>().ok());
    let own = rates.map(|rate| {
        point(
            format!("FPIR {rate}"),
            curve.threshold_at(rate),
            Some(curve.resolves(rate)),
        )
    });
    let from_table = working
        .iter()
        .flat_map(|t| [("match", &t.match_at), ("uncertain", &t.uncertain_at)]);
    let from_table = from_table.map(|(answer, t)| {
        point(
            format!("{answer}, FMR {} (table)", t.asked),
            t.score.value(),
            None,
        )
    });
    own.chain(from_table).collect()
}

impl fmt::Display for IdentifyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} enrolled, {} could not be",
            self.enrolled, self.not_enrolled
        )?;
        writeln!(f, "rank 1 misses {}", self.rank_1_misses)?;
        writeln!(
            f,
            "\n{:<32} {:>9}  {:<34} FNIR",
            "threshold", "score", "FPIR"
        )?;
        for point in &self.points {
            let mark = if point.resolved == Some(false) {
                " *"
            } else {
                ""
            };
            let name = format!("{}{mark}", point.name);
            writeln!(
                f,
                "{name:<32} {:>9.4}  {:<34} {}",
                point.threshold,
                point.fpir.to_string(),
                point.fnir
            )?;
        }
        if self.points.iter().any(|p| p.resolved == Some(false)) {
            writeln!(
                f,
                "* too few non-mated searches for this rate: the threshold lies above all of them"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(file: &str, subject: &str, role: Role) -> Entry {
        Entry {
            file: file.to_owned(),
            subject: subject.to_owned(),
            role,
        }
    }

    #[test]
    fn a_mate_must_come_first_and_a_stranger_should_not_come_at_all() {
        let rows = [
            entry("anna-1", "anna", Role::Gallery),
            entry("ben-1", "ben", Role::Gallery),
            entry("cleo-1", "cleo", Role::Gallery),
            entry("anna-2", "anna", Role::Mated),
            entry("ben-2", "ben", Role::Mated),
            entry("cleo-2", "cleo", Role::Mated),
            entry("anna-3", "anna", Role::Mated),
            entry("near", "x", Role::NonMated),
            entry("far", "y", Role::NonMated),
        ];
        let readings = Readings::of_templates(&[
            ("anna-1", Some([1.0, 0.0])),
            ("ben-1", Some([0.0, 1.0])),
            ("cleo-1", None),
            ("anna-2", Some([1.0, 0.1])),
            // Nearer to anna than to himself.
            ("ben-2", Some([0.9, 0.5])),
            ("cleo-2", Some([-1.0, 0.1])),
            ("anna-3", None),
            ("near", Some([1.0, 0.5])),
            ("far", Some([-1.0, -1.0])),
        ]);
        let report = evaluate(&rows, &readings, |size| {
            assert_eq!(size, 2);
            Ok(None)
        });
        let report = report.unwrap();
        assert_eq!((report.enrolled, report.not_enrolled), (2, 1));
        assert_eq!(
            (report.rank_1_misses.errors, report.rank_1_misses.trials),
            (3, 4)
        );
        // No share of two strangers is 10 %, so the threshold lies just above the nearer one.
        let point = &report.points[0];
        assert_eq!(
            (point.fpir.errors, point.resolved, point.fnir.errors),
            (0, Some(false), 3)
        );
        assert!(
            point.threshold > 0.89 && point.threshold < 0.9,
            "{}",
            point.threshold
        );
    }
}
