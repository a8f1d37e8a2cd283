use serde::Serialize;

/// Accuracy over folds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Accuracy {
    /// Number of folds.
    pub folds: usize,
    /// Mean over the folds of the share of right answers, 0 to 1.
    pub mean: f64,
    /// Standard error of that mean.
    pub standard_error: f64,
}

/// One comparison: its fold, whether it is genuine, its score (minus infinity if it failed).
pub(super) struct Trial<'a> {
    pub(super) fold: &'a str,
    pub(super) genuine: bool,
    pub(super) score: f32,
}

/// Accuracy as in LFW's View 2 (Huang et al. 2007): each fold is judged at the threshold that is
/// best on the others. Absent with fewer than two folds.
pub(super) fn accuracy(trials: &[Trial<'_>]) -> Option<Accuracy> {
    let mut folds: Vec<&str> = trials.iter().map(|t| t.fold).collect();
    folds.sort_unstable();
    folds.dedup();
    if folds.len() < 2 {
        return None;
    }
    let shares: Vec<f64> = folds
        .iter()
        .map(|fold| {
            let (judged, others): (Vec<_>, Vec<_>) = trials.iter().partition(|t| t.fold == *fold);
            let threshold = best_threshold(&others);
            let right = judged
                .iter()
                .filter(|t| (t.score >= threshold) == t.genuine)
                .count();
            right as f64 / judged.len() as f64
        })
        .collect();
    let n = shares.len() as f64;
    let mean = shares.iter().sum::<f64>() / n;
    let variance = shares.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / (n - 1.0);
    Some(Accuracy {
        folds: folds.len(),
        mean,
        standard_error: (variance / n).sqrt(),
    })
}

/// The threshold with the most right answers: halfway between two neighbouring scores; of several
/// equally good places, the middle one.
fn best_threshold(trials: &[&Trial<'_>]) -> f32 {
    let mut rising: Vec<(f32, bool)> = trials.iter().map(|t| (t.score, t.genuine)).collect();
    rising.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut right = rising.iter().filter(|(_, genuine)| *genuine).count();
    let mut below = -1.0;
    let mut places = Vec::new();
    for (score, genuine) in rising {
        if score > below {
            places.push((right, (below + score) / 2.0));
            below = score;
        }
        right = if genuine { right - 1 } else { right + 1 };
    }
    places.push((right, below.next_up()));
    let most = places.iter().map(|(right, _)| *right).max();
    places.retain(|(right, _)| Some(*right) == most);
    places
        .get(places.len() / 2)
        .map_or(0.0, |(_, threshold)| *threshold)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(fold: &str, genuine: bool, score: f32) -> Trial<'_> {
        Trial {
            fold,
            genuine,
            score,
        }
    }

    #[test]
    fn each_fold_is_judged_at_the_threshold_of_the_others() {
        // Fold 1 is best cut at 0.5; fold 2 at 0.7, where fold 1 loses its genuine at 0.6.
        let trials = [
            trial("1", true, 0.6),
            trial("1", false, 0.4),
            trial("2", true, 0.8),
            trial("2", false, 0.6),
        ];
        let accuracy = accuracy(&trials).unwrap();
        assert_eq!((accuracy.folds, accuracy.mean), (2, 0.5));
        assert_eq!(accuracy.standard_error, 0.0);
    }

    #[test]
    fn mean_and_standard_error_of_three_folds() {
        let mut trials = Vec::new();
        for fold in ["1", "2", "3"] {
            trials.extend([trial(fold, true, 0.9), trial(fold, false, 0.1)]);
        }
        trials.extend([trial("3", true, 0.0), trial("3", false, 0.0)]);
        // Folds 1 and 2 are right throughout, fold 3 in three of four.
        let accuracy = accuracy(&trials).unwrap();
        assert!((accuracy.mean - 2.75 / 3.0).abs() < 1e-12);
        assert!((accuracy.standard_error - 0.25 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_failed_genuine_is_wrong_and_a_failed_impostor_right() {
        let mut trials = Vec::new();
        for fold in ["1", "2"] {
            trials.extend([trial(fold, true, 0.9), trial(fold, false, 0.1)]);
            trials.extend([
                trial(fold, true, f32::NEG_INFINITY),
                trial(fold, false, f32::NEG_INFINITY),
            ]);
        }
        assert_eq!(accuracy(&trials).unwrap().mean, 0.75);
    }

    #[test]
    fn one_fold_has_no_others() {
        assert_eq!(accuracy(&[trial("1", true, 0.9)]), None);
    }
}
