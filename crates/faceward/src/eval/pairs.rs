use std::collections::BTreeSet;
use std::fmt;

use faceward_match::{FalseMatchRate, Thresholds, score};
use serde::Serialize;

use super::curve::{Curve, EqualError, Rate};
use super::folds::{self, Accuracy, Trial};
use super::protocol::{Kind, Pair};
use super::readings::{Readings, Wanted};
use super::report::percent;
use super::{Options, WhichFace};

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

/// Attacks of one condition: how many are accepted as the enrolled person (IAPAR, ISO/IEC 30107-3).
#[derive(Clone, Debug, Serialize)]
pub struct AttackRow {
    /// The condition.
    pub name: String,
    /// Accepted at each point by recognition alone.
    pub accepted: Vec<Rate>,
    /// Accepted at each point when the attack must also pass for bona fide.
    pub accepted_with_pad: Vec<Rate>,
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
    report(&scored, working)
}

fn report(scored: &[Scored<'_>], working: Option<&Thresholds>) -> PairsReport {
    let curve = curve(scored);
    let has_attacks = scored.iter().any(|s| s.row.kind == Kind::Attack);
    let mut points = points(&curve, working);
    if has_attacks {
        for point in &mut points {
            let accepted = |s: &Scored<'_>| s.live && s.score >= point.threshold;
            point.fnmr_with_pad = Some(share(scored, Kind::Genuine, |s| !accepted(s)));
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
        attacks: attacks(scored, &thresholds),
        trade_off: curve.trade_off(),
    }
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

fn attacks(scored: &[Scored<'_>], thresholds: &[f32]) -> Vec<AttackRow> {
    let attacks = scored.iter().filter(|s| s.row.kind == Kind::Attack);
    let names: BTreeSet<&str> = attacks.map(|s| s.row.cond.as_str()).collect();
    let row = |name: &str| {
        let accepted = |with_pad: bool| {
            let at = |t: &f32| {
                let passes = |s: &&Scored<'_>| s.score >= *t && (s.live || !with_pad);
                let rows: Vec<_> = scored
                    .iter()
                    .filter(|s| s.row.kind == Kind::Attack && s.row.cond == name)
                    .collect();
                Rate::new(rows.iter().filter(|s| passes(s)).count(), rows.len())
            };
            thresholds.iter().map(at).collect()
        };
        AttackRow {
            name: name.to_owned(),
            accepted: accepted(false),
            accepted_with_pad: accepted(true),
        }
    };
    names.into_iter().map(row).collect()
}

fn share(scored: &[Scored<'_>], kind: Kind, wrong: impl Fn(&Scored<'_>) -> bool) -> Rate {
    let of_kind: Vec<_> = scored.iter().filter(|s| s.row.kind == kind).collect();
    Rate::new(of_kind.iter().filter(|s| wrong(s)).count(), of_kind.len())
}

fn mean(scores: &[f32]) -> Option<f64> {
    let made: Vec<f64> = scores
        .iter()
        .filter(|s| **s != FAILED)
        .map(|s| f64::from(*s))
        .collect();
    (!made.is_empty()).then(|| made.iter().sum::<f64>() / made.len() as f64)
}

impl fmt::Display for PairsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} genuine and {} impostor comparisons, {} could not be made",
            self.genuine, self.impostor, self.failed
        )?;
        writeln!(
            f,
            "\n{:<28} {:>9}  {:<34} FNMR",
            "threshold", "score", "FMR"
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
                "{name:<28} {:>9.4}  {:<34} {}",
                point.threshold,
                point.fmr.to_string(),
                point.fnmr
            )?;
        }
        if self.points.iter().any(|p| p.resolved == Some(false)) {
            writeln!(
                f,
                "* too few impostor comparisons for this rate: the threshold lies above all of them"
            )?;
        }
        if let Some(eer) = &self.equal_error {
            writeln!(f, "\nEER {} at {:.4}", percent(eer.rate), eer.threshold)?;
        }
        if let Some(a) = &self.accuracy {
            let (mean, error) = (percent(a.mean), percent(a.standard_error));
            writeln!(f, "accuracy over {} folds {mean} ± {error}", a.folds)?;
        }
        self.write_conditions(f)?;
        self.write_attacks(f)
    }
}

impl PairsReport {
    fn write_conditions(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, point) in self.points.iter().enumerate() {
            if self.conditions.is_empty() {
                break;
            }
            writeln!(f, "\n{:<28} {:>9}  {:<34} FNMR", point.name, "means", "FMR")?;
            for c in &self.conditions {
                let number = |mean: Option<f64>| mean.map_or("-".to_owned(), |m| format!("{m:.2}"));
                let means = format!("{} {}", number(c.genuine_mean), number(c.impostor_mean));
                let (Some(fmr), Some(fnmr)) = (c.fmr.get(at), c.fnmr.get(at)) else {
                    continue;
                };
                writeln!(
                    f,
                    "  {:<26} {means:>9}  {:<34} {fnmr}",
                    c.name,
                    fmr.to_string()
                )?;
            }
        }
        Ok(())
    }

    fn write_attacks(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for attack in &self.attacks {
            writeln!(
                f,
                "\n{:<28} {:<34} with PAD",
                format!("{} accepted", attack.name),
                "by recognition alone"
            )?;
            for ((point, alone), with) in self
                .points
                .iter()
                .zip(&attack.accepted)
                .zip(&attack.accepted_with_pad)
            {
                writeln!(f, "  {:<26} {:<34} {with}", point.name, alone.to_string())?;
            }
        }
        if !self.attacks.is_empty() {
            writeln!(f, "\n{:<28} FNMR with PAD", "genuine refused")?;
            for (point, rate) in self
                .points
                .iter()
                .filter_map(|p| Some((p, p.fnmr_with_pad?)))
            {
                writeln!(f, "  {:<26} {rate}", point.name)?;
            }
        }
        Ok(())
    }
}
