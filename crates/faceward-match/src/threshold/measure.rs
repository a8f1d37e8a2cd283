use super::{Provenance, Row, Tail, ThresholdTable};
use crate::{FalseMatchRate, Interval, MatchError, ModelId, Score};

/// Fewest false matches a row may rest on: ten give a 95 % interval of about half to twice the
/// rate. Lower rates are left to the tail.
const FEWEST: u64 = 10;

/// The tail is fitted above the threshold of this rate.
const TAIL_RATE: f64 = 0.01;

impl ThresholdTable {
    /// Measures a table from the scores of impostor comparisons: one row for each of 10, 5, 2, 1 %
    /// and so on down to the lowest rate that ten comparisons reach, and a tail fitted to the
    /// highest hundredth (maximum likelihood: the mean excess).
    ///
    /// Thresholds are rounded up to four decimals, so the file is exact.
    ///
    /// # Errors
    /// [`MatchError::BadTable`] with fewer than 1,000 scores.
    pub fn measure(
        model: ModelId,
        provenance: Provenance,
        mut impostors: Vec<Score>,
    ) -> Result<ThresholdTable, MatchError> {
        let comparisons = impostors.len() as u64;
        if comparisons < 1000 {
            return Err(MatchError::BadTable(format!(
                "{comparisons} impostor comparisons are too few; give at least 1000"
            )));
        }
        impostors.sort_unstable_by(|a, b| b.cmp(a));
        let usable = |rate: &FalseMatchRate| rate.share() * comparisons as f64 >= FEWEST as f64;
        let rows: Vec<Row> = ladder()
            .take_while(usable)
            .map(|rate| row(&impostors, rate))
            .collect();
        let tail = FalseMatchRate::new(TAIL_RATE)
            .ok()
            .and_then(|rate| tail(&impostors, rate));
        Ok(ThresholdTable {
            model,
            provenance,
            comparisons,
            rows,
            tail,
        })
    }
}

/// 10 %, 5 %, 2 %, 1 % and so on.
fn ladder() -> impl Iterator<Item = FalseMatchRate> {
    let decades = (1..=12).map(|d: i32| format!("e-{d}"));
    let steps = decades.flat_map(|d| ["1", "0.5", "0.2"].map(|s| format!("{s}{d}")));
    steps.filter_map(|text| text.parse().ok())
}

/// The lowest threshold of four decimals that no more than the rate's share of scores reaches.
fn row(descending: &[Score], fmr: FalseMatchRate) -> Row {
    let allowed = (fmr.share() * descending.len() as f64 * (1.0 + 1e-12)) as usize;
    let first_refused = descending.get(allowed).map_or(-1.0, |s| s.value());
    let threshold = above(first_refused);
    let false_matches = at_or_above(descending, threshold);
    let interval = Interval::wilson(false_matches, descending.len() as u64);
    Row {
        fmr,
        threshold,
        false_matches,
        interval,
    }
}

fn tail(descending: &[Score], rate: FalseMatchRate) -> Option<Tail> {
    let Row {
        threshold: from,
        false_matches: exceedances,
        ..
    } = row(descending, rate);
    let excess = |s: &Score| f64::from(s.value()) - f64::from(from.value());
    let scale = descending
        .iter()
        .map_while(|s| (*s >= from).then(|| excess(s)))
        .sum::<f64>()
        / exceedances as f64;
    let rate = FalseMatchRate::new(exceedances as f64 / descending.len() as f64).ok()?;
    (scale > 0.0).then_some(Tail {
        from,
        rate,
        scale,
        exceedances,
    })
}

/// The next number of four decimals, or the one after where rounding made that the same.
fn above(score: f32) -> Score {
    let next = ((f64::from(score) * 1e4).floor() + 1.0) as f32 / 1e4;
    let step = if next > score { 0.0 } else { 1e-4 };
    Score::from_dot(next + step)
}

fn at_or_above(descending: &[Score], threshold: Score) -> u64 {
    descending.partition_point(|s| *s >= threshold) as u64
}
