use faceward_match::{FalseMatchRate, Interval};
use serde::Serialize;

/// Scores whose truth is known, and the error rates at any threshold over them. A comparison that
/// could not be made has a score of minus infinity: if genuine it is a false non-match at every
/// threshold, if impostor it is never a false match, and it counts among the trials.
///
/// For presentation attack detection the bona fide presentations are the genuine side.
pub(super) struct Curve {
    /// Rising.
    genuine: Vec<f32>,
    /// Rising.
    impostor: Vec<f32>,
}

/// An observed share of errors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// Errors.
    pub errors: u64,
    /// Trials.
    pub trials: u64,
    /// Errors among trials, 0 to 1; absent where nothing was tried.
    pub share: Option<f64>,
    /// Wilson 95 % interval, as if trials were independent.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// The equal error rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct EqualError {
    /// Mean of the two rates where they are nearest, 0 to 1.
    pub rate: f64,
    /// The threshold there.
    pub threshold: f32,
}

impl Curve {
    pub(super) fn new(mut genuine: Vec<f32>, mut impostor: Vec<f32>) -> Curve {
        genuine.sort_unstable_by(f32::total_cmp);
        impostor.sort_unstable_by(f32::total_cmp);
        Curve { genuine, impostor }
    }

    /// Genuine scores below the threshold.
    pub(super) fn misses(&self, threshold: f32) -> Rate {
        Rate::new(
            self.genuine.partition_point(|s| *s < threshold),
            self.genuine.len(),
        )
    }

    /// Impostor scores at or above the threshold.
    pub(super) fn false_accepts(&self, threshold: f32) -> Rate {
        let below = self.impostor.partition_point(|s| *s < threshold);
        Rate::new(self.impostor.len() - below, self.impostor.len())
    }

    /// The lowest threshold at which no more than this share of the impostors is accepted.
    pub(super) fn threshold_at(&self, rate: FalseMatchRate) -> f32 {
        let allowed = self.allowed(rate);
        let first_refused = self.impostor.iter().rev().nth(allowed);
        first_refused.map_or(-1.0, |s| s.next_up().max(-1.0))
    }

    /// Whether the rate allows at least one impostor; below that, a threshold only says that none
    /// of those seen was accepted.
    pub(super) fn resolves(&self, rate: FalseMatchRate) -> bool {
        self.allowed(rate) >= 1
    }

    /// Where misses and false accepts are as nearly equal as they get; none without both sides.
    pub(super) fn equal_error(&self) -> Option<EqualError> {
        let nearest = self
            .steps()
            .min_by(|a, b| f64::total_cmp(&a.gap(), &b.gap()))?;
        Some(EqualError {
            rate: (nearest.fmr + nearest.fnmr) / 2.0,
            threshold: nearest.threshold,
        })
    }

    /// Points of the detection error trade-off, `[false accepts, misses]` as shares, from lax to
    /// strict, only where a rate changed.
    pub(super) fn trade_off(&self) -> Vec<[f64; 2]> {
        let mut points: Vec<[f64; 2]> = self.steps().map(|s| [s.fmr, s.fnmr]).collect();
        points.dedup();
        points
    }

    fn allowed(&self, rate: FalseMatchRate) -> usize {
        (rate.share() * self.impostor.len() as f64 * (1.0 + 1e-12)) as usize
    }

    /// Both rates at every score, and just above the highest.
    fn steps(&self) -> impl Iterator<Item = Step> {
        let both = !self.genuine.is_empty() && !self.impostor.is_empty();
        let mut thresholds: Vec<f32> = if both {
            [&self.genuine[..], &self.impostor[..]].concat()
        } else {
            Vec::new()
        };
        thresholds.retain(|t| t.is_finite());
        thresholds.sort_unstable_by(f32::total_cmp);
        thresholds.dedup();
        thresholds.extend(thresholds.last().map(|t| t.next_up()));
        let of = |count: usize, all: &[f32]| count as f64 / all.len() as f64;
        thresholds.into_iter().map(move |threshold| {
            let missed = self.genuine.partition_point(|s| *s < threshold);
            let refused = self.impostor.partition_point(|s| *s < threshold);
            let fmr = of(self.impostor.len() - refused, &self.impostor);
            Step {
                threshold,
                fmr,
                fnmr: of(missed, &self.genuine),
            }
        })
    }
}

struct Step {
    threshold: f32,
    fmr: f64,
    fnmr: f64,
}

impl Step {
    fn gap(&self) -> f64 {
        (self.fmr - self.fnmr).abs()
    }
}

impl Rate {
    pub(super) fn new(errors: usize, trials: usize) -> Rate {
        let (errors, trials) = (errors as u64, trials as u64);
        let Interval { low, high } = Interval::wilson(errors, trials);
        let share = (trials > 0).then(|| errors as f64 / trials as f64);
        Rate {
            errors,
            trials,
            share,
            low,
            high,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten genuine 0.05 … 0.95, one of them a failure; ten impostors 0.0 … 0.9, one a failure.
    fn curve() -> Curve {
        let mut genuine: Vec<f32> = (0..10).map(|i| i as f32 / 10.0 + 0.05).collect();
        let mut impostor: Vec<f32> = (0..10).map(|i| i as f32 / 10.0).collect();
        genuine[9] = f32::NEG_INFINITY;
        impostor[0] = f32::NEG_INFINITY;
        Curve::new(genuine, impostor)
    }

    fn counts(rate: Rate) -> (u64, u64) {
        (rate.errors, rate.trials)
    }

    #[test]
    fn failures_are_misses_and_never_false_accepts() {
        let curve = curve();
        assert_eq!(counts(curve.misses(-1.0)), (1, 10));
        assert_eq!(counts(curve.false_accepts(-1.0)), (9, 10));
        assert_eq!(counts(curve.misses(0.5)), (6, 10));
        assert_eq!(counts(curve.false_accepts(0.5)), (5, 10));
    }

    #[test]
    fn the_threshold_for_a_rate_accepts_just_that_many() {
        let curve = curve();
        let rate = |share: f64| FalseMatchRate::new(share).unwrap();
        for (share, accepted) in [(0.1, 1), (0.3, 3), (0.39, 3), (0.01, 0)] {
            let threshold = curve.threshold_at(rate(share));
            assert_eq!(curve.false_accepts(threshold).errors, accepted, "{share}");
            assert!(curve.false_accepts(threshold.next_down()).errors > accepted);
        }
        assert!(curve.resolves(rate(0.1)) && !curve.resolves(rate(0.09)));
    }

    #[test]
    fn equal_scores_are_accepted_or_refused_together() {
        let curve = Curve::new(vec![0.9], vec![0.5, 0.5, 0.5, 0.1]);
        let threshold = curve.threshold_at(FalseMatchRate::new(0.5).unwrap());
        assert_eq!(curve.false_accepts(threshold).errors, 0);
    }

    #[test]
    fn the_equal_error_rate_of_a_hand_made_set() {
        // At 0.4: one of four genuine is below, one of four impostors is not.
        let curve = Curve::new(vec![0.3, 0.6, 0.7, 0.8], vec![0.0, 0.1, 0.2, 0.4]);
        let eer = curve.equal_error().unwrap();
        assert_eq!((eer.rate, eer.threshold), (0.25, 0.4));
        assert_eq!(
            Curve::new(vec![0.9], vec![0.1]).equal_error().unwrap().rate,
            0.0
        );
        assert_eq!(Curve::new(vec![], vec![0.1]).equal_error(), None);
    }

    #[test]
    fn the_trade_off_runs_from_all_accepted_to_all_missed() {
        let curve = Curve::new(vec![0.3, 0.6], vec![0.1, 0.4]);
        assert_eq!(
            curve.trade_off(),
            [[1.0, 0.0], [0.5, 0.0], [0.5, 0.5], [0.0, 0.5], [0.0, 1.0]]
        );
    }
}
