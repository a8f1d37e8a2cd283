use crate::{FalseMatchRate, MatchError, ModelId, Score, Threshold, ThresholdTable};

/// Which false match rates a deployment accepts. In a search they hold for the whole gallery: the
/// rate at which a stranger is matched to anyone in it (FPIR, ISO/IEC 19795-1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    match_at: FalseMatchRate,
    uncertain_at: FalseMatchRate,
}

/// The three answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// At or above the threshold for a match.
    Match,
    /// Between the two thresholds: a person should look.
    Uncertain,
    /// Below both.
    NoMatch,
}

/// A policy's rates as scores of one model and one gallery size.
#[derive(Clone, Debug, PartialEq)]
pub struct Thresholds {
    /// The model whose scores they judge.
    pub model: ModelId,
    /// At or above: [`Decision::Match`].
    pub match_at: Threshold,
    /// At or above, but below `match_at`: [`Decision::Uncertain`].
    pub uncertain_at: Threshold,
}

impl Policy {
    /// # Errors
    /// [`MatchError::BadPolicy`] if `match_at` allows more false matches than `uncertain_at`.
    pub fn new(
        match_at: FalseMatchRate,
        uncertain_at: FalseMatchRate,
    ) -> Result<Policy, MatchError> {
        if match_at > uncertain_at {
            return Err(MatchError::BadPolicy {
                match_at,
                uncertain_at,
            });
        }
        Ok(Policy {
            match_at,
            uncertain_at,
        })
    }

    /// Rate at which a stranger may match.
    pub fn match_at(&self) -> FalseMatchRate {
        self.match_at
    }

    /// Rate at which a stranger may at least be uncertain.
    pub fn uncertain_at(&self) -> FalseMatchRate {
        self.uncertain_at
    }

    /// Thresholds for one comparison against one claimed person.
    ///
    /// # Errors
    /// [`MatchError::RateOutOfReach`] if the table supports no threshold for a rate.
    pub fn for_verification(&self, table: &ThresholdTable) -> Result<Thresholds, MatchError> {
        self.for_gallery(table, 1)
    }

    /// Thresholds for a search among `size` templates: each comparison gets the rate that adds up
    /// to the policy's over the gallery (see [`FalseMatchRate::per_comparison`]).
    ///
    /// # Errors
    /// [`MatchError::RateOutOfReach`] if the table supports no threshold for a rate that low.
    pub fn for_gallery(
        &self,
        table: &ThresholdTable,
        size: usize,
    ) -> Result<Thresholds, MatchError> {
        let at = |rate: FalseMatchRate| table.threshold(rate.per_comparison(size));
        Ok(Thresholds {
            model: table.model().clone(),
            match_at: at(self.match_at)?,
            uncertain_at: at(self.uncertain_at)?,
        })
    }
}

impl Default for Policy {
    /// Match at 0.01 %, uncertain at 1 %.
    fn default() -> Policy {
        Policy {
            match_at: FalseMatchRate::ONE_IN_TEN_THOUSAND,
            uncertain_at: FalseMatchRate::ONE_IN_A_HUNDRED,
        }
    }
}

impl Thresholds {
    /// What a score of this model means.
    pub fn decide(&self, score: Score) -> Decision {
        if score >= self.match_at.score {
            Decision::Match
        } else if score >= self.uncertain_at.score {
            Decision::Uncertain
        } else {
            Decision::NoMatch
        }
    }
}
