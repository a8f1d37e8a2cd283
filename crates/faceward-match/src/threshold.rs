mod file;
mod measure;

use crate::{FalseMatchRate, Interval, MatchError, ModelId, Score};

/// The table measured for a model that ships with Faceward. For any other model there is none:
/// measure one (`faceward eval --thresholds`) and read it with [`ThresholdTable::parse`].
pub fn table_for(model: &ModelId) -> Option<ThresholdTable> {
    let shipped = SHIPPED
        .iter()
        .filter_map(|text| ThresholdTable::parse(text).ok());
    shipped.into_iter().find(|table| table.model() == model)
}

/// Which score belongs to which false match rate, for one model, as measured on impostor
/// comparisons. Made by [`ThresholdTable::measure`], read back by [`ThresholdTable::parse`], and
/// written as text by `Display`.
#[derive(Clone, Debug, PartialEq)]
pub struct ThresholdTable {
    model: ModelId,
    provenance: Provenance,
    comparisons: u64,
    /// From the highest rate to the lowest, thresholds rising; at least one.
    rows: Vec<Row>,
    tail: Option<Tail>,
}

/// Where a table's scores come from, in words for a reader of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The data set and which comparisons of it were made.
    pub data: String,
    /// How many different people are in it.
    pub people: u64,
    /// How to measure the table again.
    pub command: String,
}

/// One measured line of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// The rate this row answers for; what was observed is at or below it.
    pub fmr: FalseMatchRate,
    /// Scores at or above it match.
    pub threshold: Score,
    /// Impostor comparisons that scored at or above the threshold.
    pub false_matches: u64,
    /// Wilson 95 % interval of the observed rate.
    pub interval: Interval,
}

/// The highest impostor scores, fitted by an exponential: above `from`, which a share `rate` of
/// the comparisons reaches, the rate falls by e for each `scale` of score. Exponential is the
/// peaks-over-threshold tail of shape 0; scores are bounded, so it errs towards strict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tail {
    /// Score from which the tail was fitted.
    pub from: Score,
    /// Share of the impostor comparisons at or above it.
    pub rate: FalseMatchRate,
    /// Mean excess over `from`.
    pub scale: f64,
    /// How many comparisons the fit saw.
    pub exceedances: u64,
}

/// A threshold and how it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// Scores at or above it are on the matching side.
    pub score: Score,
    /// The rate per comparison that was asked for.
    pub asked: FalseMatchRate,
    /// Whether comparisons support it.
    pub basis: Basis,
}

/// What supports a threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Basis {
    /// A row of the table: the nearest one at or below the rate asked.
    Measured(Row),
    /// The rate lies below the lowest measured one; the threshold follows the fitted tail.
    Extrapolated(Tail),
}

impl ThresholdTable {
    /// The model whose scores were measured.
    pub fn model(&self) -> &ModelId {
        &self.model
    }

    /// Where the scores come from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Number of impostor comparisons behind the table.
    pub fn comparisons(&self) -> u64 {
        self.comparisons
    }

    /// Measured rows, from the highest rate to the lowest.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The fitted tail, where the file has one.
    pub fn tail(&self) -> Option<&Tail> {
        self.tail.as_ref()
    }

    /// The threshold for a rate per comparison: the measured row at or next below it, or, for
    /// rates below every row, the fitted tail (never lower than the last measured threshold).
    ///
    /// # Errors
    /// [`MatchError::RateOutOfReach`] below the rows of a table without a tail, and where the tail
    /// passes a score of 1.
    pub fn threshold(&self, asked: FalseMatchRate) -> Result<Threshold, MatchError> {
        // A rate worked out from a gallery size may miss its row by rounding.
        let close = asked.share() * (1.0 + 1e-9);
        if let Some(row) = self.rows.iter().find(|row| row.fmr.share() <= close) {
            return Ok(Threshold {
                score: row.threshold,
                asked,
                basis: Basis::Measured(*row),
            });
        }
        let last = self.rows.last();
        let Some(tail) = self.tail else {
            let strictest = last.map_or(asked, |row| row.fmr);
            return Err(self.out_of_reach(
                asked,
                strictest,
                "allow a higher rate or measure more comparisons",
            ));
        };
        let floor = last.map_or(-1.0, |row| f64::from(row.threshold.value()));
        let score = (f64::from(tail.from.value())
            + tail.scale * (tail.rate.share() / asked.share()).ln())
        .max(floor);
        match Score::new(score as f32) {
            Ok(score) => Ok(Threshold {
                score,
                asked,
                basis: Basis::Extrapolated(tail),
            }),
            Err(_) => Err(self.out_of_reach(
                asked,
                tail.reach(),
                "allow a higher rate or search a smaller gallery",
            )),
        }
    }

    /// The lowest false match rate at which a score would still match, and how it is known; `None`
    /// for scores below every threshold of the table.
    pub fn rate_at(&self, score: Score) -> Option<(FalseMatchRate, Basis)> {
        let value = f64::from(score.value());
        let mut rows = self.rows.iter().rev();
        let row = rows.find(|row| value >= f64::from(row.threshold.value()))?;
        let last = self.rows.last() == Some(row);
        let beyond = self.tail.filter(|_| last).and_then(|tail| {
            let above = (value - f64::from(tail.from.value())) / tail.scale;
            let rate = FalseMatchRate::new(tail.rate.share() * (-above).exp()).ok()?;
            (rate < row.fmr).then_some((rate, Basis::Extrapolated(tail)))
        });
        Some(beyond.unwrap_or((row.fmr, Basis::Measured(*row))))
    }

    fn out_of_reach(
        &self,
        asked: FalseMatchRate,
        strictest: FalseMatchRate,
        next: &'static str,
    ) -> MatchError {
        MatchError::RateOutOfReach {
            asked,
            model: self.model.clone(),
            strictest,
            next,
        }
    }
}

impl Tail {
    /// The rate at which the threshold would be 1.
    fn reach(&self) -> FalseMatchRate {
        let share = self.rate.share() * (-(1.0 - f64::from(self.from.value())) / self.scale).exp();
        FalseMatchRate::new(share).unwrap_or(self.rate)
    }
}

/// Tables measured for the models that ship with Faceward, one file each.
const SHIPPED: &[&str] = &[include_str!("../tables/mobilefacenet-112-mirror.toml")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_has_the_rate_it_was_asked_for() {
        let table = ThresholdTable::parse(SHIPPED[0]).unwrap();
        for share in [0.01, 0.001, 1e-4, 1e-5] {
            let asked = FalseMatchRate::new(share).unwrap();
            let threshold = table.threshold(asked).unwrap();
            let (rate, basis) = table.rate_at(threshold.score).unwrap();
            assert!((rate.share() / share - 1.0).abs() < 0.01, "{share}: {rate}");
            assert_eq!(
                matches!(basis, Basis::Measured(_)),
                matches!(threshold.basis, Basis::Measured(_))
            );
        }
        assert_eq!(table.rate_at(Score::new(-0.5).unwrap()), None);
    }

    #[test]
    fn every_shipped_table_parses_and_answers_for_its_model() {
        for text in SHIPPED {
            let table = ThresholdTable::parse(text).unwrap();
            assert_eq!(
                table.to_string(),
                *text,
                "written by the program, not by hand"
            );
            assert_eq!(table_for(table.model()), Some(table));
        }
        assert_eq!(
            table_for(&ModelId::new("someone-elses", [0; 32]).unwrap()),
            None
        );
    }
}
