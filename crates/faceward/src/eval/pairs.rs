mod attacks;
mod text;

use std::collections::BTreeSet;

use faceward_match::{FalseMatchRate, Thresholds, score};
use serde::Serialize;

use super::curve::{Curve, EqualError, Rate};
use super::discard::{self, DiscardReport, Genuine};
use super::folds::{self, Accuracy, Trial};
use super::protocol::{Kind, Pair};
use super::readings::{Readings, Wanted};
use super::{Options, WhichFace};

pub use attacks::AttackRow;

/// Error rates of one-to-one comparisons.
#[derive(Clone, Debug, Serialize)]
pub struct PairsReport {
    /// Genuine comparisons, those included that could not be made.
    pub genuine: usize,
    /// Impostor comparisons, likewise.
    pub impostor: usize,
    /// Comparisons of either kind that could not be made.
    pub failed: usize,
    /// Error rates at each threshold.
    pub points: Vec<Point>,
    /// Equal error rate, where there are both kinds.
    pub equal_error: Option<EqualError>,
    /// Accuracy over folds, where there are several.
    pub accuracy: Option<Accuracy>,
    /// Each condition at the thresholds of `points`, where there are several conditions.
    pub conditions: Vec<Condition>,
    /// Attacks that show the enrolled person, per condition; they count nowhere above.
    pub attacks: Vec<AttackRow>,
    /// How quality foretells false non-matches, at the strictest rate the set resolves and where one in ten is missed;
    /// only where quality was measured and something is missed.
    pub discard: Vec<DiscardReport>,
    /// Detection error trade-off: `[FMR, FNMR]` from lax to strict.
    pub trade_off: Vec<[f64; 2]>,
}

/// One threshold and the error rates there.
#[derive(Clone, Debug, Serialize)]
pub struct Point {
    /// How the threshold was chosen, in words.
    pub name: String,
    /// Scores at or above it match.
    pub threshold: f32,
    /// Whether the set has enough impostor comparisons for the rate asked; where not, the
    /// threshold only lies above all of them. Absent where the threshold comes from a table.
    pub resolved: Option<bool>,
    /// False match rate.
    pub fmr: Rate,
    /// False non-match rate.
    pub fnmr: Rate,
    /// Genuine comparisons refused when the second picture must also pass for bona fide; only
    /// where there are attacks.
    pub fnmr_with_pad: Option<Rate>,
}

/// One condition of a set.
#[derive(Clone, Debug, Serialize)]
pub struct Condition {
    /// Its name in the protocol.
    pub name: String,
    /// Mean score of the genuine comparisons that could be made.
    pub genuine_mean: Option<f64>,
    /// Mean score of the impostor comparisons that could be made.
    pub impostor_mean: Option<f64>,
    /// False match rate at each point.
    pub fmr: Vec<Rate>,
    /// False non-match rate at each point.
    pub fnmr: Vec<Rate>,
}

/// The rates every set is judged at.
const RATES: [&str; 3] = ["1%", "0.1%", "0.01%"];

pub(super) fn files(rows: &[Pair]) -> BTreeSet<&str> {
    rows.iter()
        .flat_map(|p| [p.a.as_str(), p.b.as_str()])
        .collect()
}

pub(super) fn wanted(options: &Options, rows: &[Pair]) -> Wanted {
    let liveness = rows.iter().any(|p| p.kind == Kind::Attack);
    Wanted::Template {
        face: options.face.unwrap_or(WhichFace::Central),
        liveness,
        enrolled: true,
        quality: options.quality,
    }
}

pub(super) fn evaluate(
    rows: &[Pair],
    readings: &Readings,
    working: Option<&Thresholds>,
    live_at: f32,
) -> PairsReport {
    let scored: Vec<Scored<'_>> = rows
        .iter()
        .map(|row| Scored::new(row, readings, live_at))
        .collect();
    let mut report = report(&scored, working);
    report.discard = discard(&scored, readings, &report.points);
    report
}

fn report(scored: &[Scored<'_>], working: Option<&Thresholds>) -> PairsReport {
    let curve = curve(scored);
    let mut points = points(&curve, working);
    if scored.iter().any(|s| s.row.kind == Kind::Attack) {
        for point in &mut points {
            point.fnmr_with_pad = Some(attacks::genuine_refused(scored, point.threshold));
        }
    }
    let thresholds: Vec<f32> = points.iter().map(|p| p.threshold).collect();
    let count = |kind| scored.iter().filter(|s| s.row.kind == kind).count();
    let trials: Vec<Trial<'_>> = scored.iter().filter_map(Scored::trial).collect();
    PairsReport {
        genuine: count(Kind::Genuine),
        impostor: count(Kind::Impostor),
        failed: scored.iter().filter(|s| s.score == FAILED).count(),
        points,
        equal_error: curve.equal_error(),
        accuracy: folds::accuracy(&trials),
        conditions: conditions(scored, &thresholds),
        attacks: attacks::rows(scored, &thresholds),
        discard: Vec::new(),
        trade_off: curve.trade_off(),
    }
}

/// At the strictest rate that the set resolves, or the first; and as Grother and Tabassi do, where a tenth is missed.
fn discard(scored: &[Scored<'_>], readings: &Readings, points: &[Point]) -> Vec<DiscardReport> {
    let genuine: Vec<&Scored<'_>> = scored
        .iter()
        .filter(|s| s.row.kind == Kind::Genuine)
        .collect();
    let quality = |file: &str| readings.get(file).and_then(|r| r.quality.as_ref());
    if !genuine.iter().any(|s| quality(&s.row.a).is_some()) {
        return Vec::new();
    }
    let resolved = points.iter().rfind(|p| p.resolved == Some(true));
    let chosen = resolved.or(points.first());
    let mut sorted: Vec<f32> = genuine.iter().map(|s| s.score).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    let tenth = sorted.get(sorted.len() / 10);
    let thresholds = chosen.map(|p| (p.name.as_str(), p.threshold));
    let thresholds = thresholds.into_iter();
    let thresholds = thresholds.chain(tenth.map(|score| ("FNMR 10 %", *score)));
    let report = |(name, threshold): (&str, f32)| {
        let genuine: Vec<Genuine<'_>> = genuine
            .iter()
            .map(|s| Genuine {
                missed: s.score < threshold,
                qualities: [quality(&s.row.a), quality(&s.row.b)],
            })
            .collect();
        discard::evaluate(name, threshold, &genuine)
    };
    thresholds.filter_map(report).collect()
}

/// A comparison that was made, or failed.
struct Scored<'a> {
    row: &'a Pair,
    score: f32,
    /// The second picture passes for bona fide, or nobody asked.
    live: bool,
}

/// The score of a comparison that could not be made.
const FAILED: f32 = f32::NEG_INFINITY;

impl<'a> Scored<'a> {
    fn new(row: &'a Pair, readings: &Readings, live_at: f32) -> Scored<'a> {
        let made = readings.template(&row.a).zip(readings.template(&row.b));
        let score = made
            .and_then(|(a, b)| score(a, b).ok())
            .map_or(FAILED, |s| s.value());
        let live = readings.liveness(&row.b).is_none_or(|l| l >= live_at);
        Scored { row, score, live }
    }

    fn trial(&self) -> Option<Trial<'a>> {
        let genuine = match self.row.kind {
            Kind::Genuine => true,
            Kind::Impostor => false,
            Kind::Attack => return None,
        };
        Some(Trial {
            fold: &self.row.fold,
            genuine,
            score: self.score,
        })
    }
}

fn scores<'a>(scored: &'a [Scored<'a>], kind: Kind) -> impl Iterator<Item = f32> + 'a {
    scored
        .iter()
        .filter(move |s| s.row.kind == kind)
        .map(|s| s.score)
}

fn curve(scored: &[Scored<'_>]) -> Curve {
    Curve::new(
        scores(scored, Kind::Genuine).collect(),
        scores(scored, Kind::Impostor).collect(),
    )
}

fn points(curve: &Curve, working: Option<&Thresholds>) -> Vec<Point> {
    let point = |name, threshold, resolved| Point {
        name,
        threshold,
        resolved,
        fmr: curve.false_accepts(threshold),
        fnmr: curve.misses(threshold),
        fnmr_with_pad: None,
    };
    let rates = RATES
        .iter()
        .filter_map(|text| text.parse::<FalseMatchRate>().ok());
    let own = rates.map(|rate| {
        point(
            format!("FMR {rate}"),
            curve.threshold_at(rate),
            Some(curve.resolves(rate)),
        )
    });
    let from_table = working.map(|t| [("match", &t.match_at), ("uncertain", &t.uncertain_at)]);
    let from_table = from_table.into_iter().flatten();
    let from_table = from_table.map(|(answer, t)| {
        point(
            format!("{answer} at {} (table)", t.asked),
            t.score.value(),
            None,
        )
    });
    own.chain(from_table).collect()
}

fn conditions(scored: &[Scored<'_>], thresholds: &[f32]) -> Vec<Condition> {
    let of_kind = scored.iter().filter(|s| s.row.kind != Kind::Attack);
    let names: BTreeSet<&str> = of_kind.map(|s| s.row.cond.as_str()).collect();
    if names.len() < 2 {
        return Vec::new();
    }
    let condition = |name: &str| {
        let rows = || scored.iter().filter(|s| s.row.cond == name);
        let of = |kind| {
            rows()
                .filter(move |s| s.row.kind == kind)
                .map(|s| s.score)
                .collect::<Vec<_>>()
        };
        let (genuine, impostor) = (of(Kind::Genuine), of(Kind::Impostor));
        let (genuine_mean, impostor_mean) = (mean(&genuine), mean(&impostor));
        let curve = Curve::new(genuine, impostor);
        Condition {
            name: if name.is_empty() {
                "(none)".to_owned()
            } else {
                name.to_owned()
            },
            genuine_mean,
            impostor_mean,
            fmr: thresholds.iter().map(|t| curve.false_accepts(*t)).collect(),
            fnmr: thresholds.iter().map(|t| curve.misses(*t)).collect(),
        }
    };
    names.into_iter().map(condition).collect()
}

fn mean(scores: &[f32]) -> Option<f64> {
    let made: Vec<f64> = scores
        .iter()
        .filter(|s| **s != FAILED)
        .map(|s| f64::from(*s))
        .collect();
    (!made.is_empty()).then(|| made.iter().sum::<f64>() / made.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(kind: Kind, cond: &str) -> Pair {
        let [a, b, fold] = [const { String::new() }; 3];
        Pair {
            a,
            b,
            kind,
            fold,
            cond: cond.to_owned(),
        }
    }

    /// Genuine 0.9, 0.5 and a failure; impostor 0.4, 0.2; prints 0.8 and 0.7, of which PAD lets
    /// the first pass. PAD also refuses the genuine 0.5.
    fn evaluated() -> PairsReport {
        let rows = [
            (pair(Kind::Genuine, "day"), 0.9, true),
            (pair(Kind::Genuine, "night"), 0.5, false),
            (pair(Kind::Genuine, "night"), FAILED, true),
            (pair(Kind::Impostor, "day"), 0.4, true),
            (pair(Kind::Impostor, "night"), 0.2, true),
            (pair(Kind::Attack, "live-print"), 0.8, true),
            (pair(Kind::Attack, "live-print"), 0.7, false),
        ];
        let scored = rows.iter().map(|(row, score, live)| Scored {
            row,
            score: *score,
            live: *live,
        });
        report(&scored.collect::<Vec<_>>(), None)
    }

    fn counts(rates: &[Rate]) -> (u64, u64) {
        (rates[0].errors, rates[0].trials)
    }

    #[test]
    fn one_threshold_from_all_impostors_judges_every_condition() {
        let report = evaluated();
        let point = &report.points[0];
        assert_eq!(
            (point.threshold, point.resolved),
            (0.4f32.next_up(), Some(false))
        );
        assert_eq!(counts(&[point.fnmr]), (1, 3));
        let [day, night] = &report.conditions[..] else {
            panic!("two conditions")
        };
        assert_eq!(
            (day.name.as_str(), counts(&day.fnmr), counts(&day.fmr)),
            ("day", (0, 1), (0, 1))
        );
        assert_eq!(
            (night.name.as_str(), counts(&night.fnmr)),
            ("night", (1, 2))
        );
        assert_eq!((night.genuine_mean, report.failed), (Some(0.5), 1));
    }

    #[test]
    fn attacks_count_apart_and_pad_stops_some_of_them_and_of_the_genuine() {
        let report = evaluated();
        assert_eq!((report.genuine, report.impostor), (3, 2));
        let print = &report.attacks[0];
        assert_eq!(
            (print.name.as_str(), counts(&print.accepted)),
            ("live-print", (2, 2))
        );
        assert_eq!(counts(&print.accepted_with_pad), (1, 2));
        assert_eq!(report.points[0].fnmr_with_pad.map(|r| r.errors), Some(2));
    }

    #[test]
    fn the_text_names_what_the_set_is_too_small_for() {
        let text = evaluated().to_string();
        assert!(text.contains("FMR 1 % *") && text.contains("too few impostor comparisons"));
        assert!(
            text.contains("1/3 = 33.33 %") && text.contains("IAPAR live-print"),
            "{text}"
        );
    }
}
