use std::{cmp::Ordering, fmt};

use crate::covered::{Condition, Covers};
use crate::{MatchError, Template, kernel::Kernel};

/// Cosine of two templates of one model: 1 for the same direction, about 0 for strangers, -1 for
/// opposite directions.
///
/// Where mouth and nose of one of them were covered, what is compared leaves them out (see
/// [`Template::veiled`]). There, and where the eyes of both were, the score is brought to the scale of
/// bare faces, so that one threshold serves for all.
///
/// The products are added in one fixed order that every kernel follows, so the same two templates
/// give the same bits on every processor, alone or in a gallery; the distance to the exact cosine
/// is below 1e-5 for templates of up to 4096 values.
///
/// # Errors
/// [`MatchError::ModelMismatch`] if different models made them, [`MatchError::LengthMismatch`] if
/// one model seems to have made two lengths.
pub fn score(a: &Template, b: &Template) -> Result<Score, MatchError> {
    b.comparable(a.model(), a.values().len())?;
    let condition = Condition::of(Covers::of(a), Covers::of(b));
    let dot = Kernel::detect().dot(condition.compared(a), condition.compared(b));
    Ok(Score::from_dot(condition.level(dot)))
}

/// A comparison score, always in -1 to 1 and never NaN, so scores can be sorted. Displays with
/// three decimals.
#[derive(Clone, Copy, Debug)]
pub struct Score(f32);

impl Score {
    /// # Errors
    /// [`MatchError::BadScore`] outside -1 to 1.
    pub fn new(value: f32) -> Result<Score, MatchError> {
        if (-1.0..=1.0).contains(&value) {
            Ok(Score::from_dot(value))
        } else {
            Err(MatchError::BadScore(value))
        }
    }

    /// The cosine itself.
    pub fn value(self) -> f32 {
        self.0
    }

    /// Rounding can carry the dot product of two unit vectors a little past 1; adding zero turns
    /// -0 into 0, so that equal scores have equal bits.
    pub(crate) fn from_dot(dot: f32) -> Score {
        Score(dot.clamp(-1.0, 1.0) + 0.0)
    }
}

impl PartialEq for Score {
    fn eq(&self, other: &Score) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Score {}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Score) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Score) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ModelId;

    fn template(name: &str, values: Vec<f32>) -> Template {
        Template::from_raw(ModelId::new(name, [0; 32]).unwrap(), values).unwrap()
    }

    #[test]
    fn a_template_scores_one_with_itself_and_minus_one_with_its_opposite() {
        let values: Vec<f32> = (0..512).map(|i| (i as f32 * 0.37).sin()).collect();
        let a = template("m", values.clone());
        let b = template("m", values.iter().map(|v| -v * 9.0).collect());
        assert!((score(&a, &a).unwrap().value() - 1.0).abs() < 1e-6);
        assert!((score(&a, &b).unwrap().value() + 1.0).abs() < 1e-6);
        assert!(score(&a, &a).unwrap().value() <= 1.0);
    }

    #[test]
    fn models_and_lengths_never_mix() {
        let a = template("m", vec![1.0, 0.0]);
        let other_model = template("n", vec![1.0, 0.0]);
        let other_weights =
            Template::from_raw(ModelId::new("m", [1; 32]).unwrap(), vec![1.0, 0.0]).unwrap();
        let other_length = template("m", vec![1.0, 0.0, 0.0]);
        assert!(matches!(
            score(&a, &other_model),
            Err(MatchError::ModelMismatch { .. })
        ));
        assert!(matches!(
            score(&a, &other_weights),
            Err(MatchError::ModelMismatch { .. })
        ));
        assert!(matches!(
            score(&a, &other_length),
            Err(MatchError::LengthMismatch { left: 2, right: 3 })
        ));
    }

    #[test]
    fn out_of_range_is_no_score() {
        for wrong in [1.01, -1.01, f32::NAN] {
            assert!(Score::new(wrong).is_err());
        }
        assert_eq!(Score::new(-0.0).unwrap(), Score::new(0.0).unwrap());
    }
}
