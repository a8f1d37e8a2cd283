//! Do two pictures show the same person? Asked once, under a statement; nothing is kept.

use faceward_face::Reader;
use faceward_law::{Operation, Ruling};
use faceward_match::{Decision, Score, Template, Threshold, ThresholdTable, score};

use crate::reading::{Make, Reading};
use crate::verify::ending;
use crate::{Act, Verdict, Ward, WardError};

/// Two pictures were compared.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The answer.
    pub decision: Decision,
    /// Score, -1 to 1.
    pub score: Score,
    /// From which score it is a match.
    pub match_at: Threshold,
    /// From which score it is at least uncertain.
    pub uncertain_at: Threshold,
    /// What was seen in each picture.
    pub readings: [Reading; 2],
}

impl Ward {
    /// Compares the faces in two pictures. `statement` says who agreed to it and how; what is
    /// recorded is that a statement was made, not its words.
    ///
    /// # Errors
    /// [`WardError`] when no decision was reached.
    pub async fn compare(
        &self,
        pictures: [&[u8]; 2],
        statement: &str,
    ) -> Result<Verdict<Compared>, WardError> {
        let table = self.threshold_table()?;
        let of_two = |templates: [Template; 2]| {
            let [first, second] = templates;
            Ok((score(&first, &second)?, ()))
        };
        let verdict = self
            .of_two(&table, pictures, statement, Reader::reference_seen, of_two)
            .await?;
        Ok(verdict.map(|(compared, ())| compared))
    }

    /// Compares what is made of the faces in two pictures; with the score comes what else there is to
    /// tell.
    pub(crate) async fn of_two<T: Send + 'static, U>(
        &self,
        table: &ThresholdTable,
        pictures: [&[u8]; 2],
        statement: &str,
        make: Make<T>,
        compare: impl FnOnce([T; 2]) -> Result<(Score, U), WardError>,
    ) -> Result<Verdict<(Compared, U)>, WardError> {
        let thresholds = self.config.policy()?.for_verification(table)?;
        let permit = match self.rule_on_statement(Operation::Compare, statement)? {
            Ruling::Granted(permit) => permit,
            Ruling::Refused(refusal) => return self.refuse_once(Act::Compare, refusal).await,
        };
        let read = |picture| self.read_with(&permit, Operation::Compare, picture, make);
        let [first, second] = pictures;
        let read = match read(first).await? {
            Ok(first) => read(second).await?.map(|second| (first, second)),
            Err(why) => Err(why),
        };
        let compared = match read {
            Ok(((first, one), (second, other))) => {
                let (score, told) = compare([first, second])?;
                let compared = Compared {
                    decision: thresholds.decide(score),
                    score,
                    match_at: thresholds.match_at,
                    uncertain_at: thresholds.uncertain_at,
                    readings: [one, other],
                };
                Ok((compared, told))
            }
            Err(why) => Err(why),
        };
        self.conclude_once(Act::Compare, &permit, compared, |(compared, _)| {
            ending(compared.decision)
        })
        .await
    }
}
