//! Do two pictures show the same person? Asked once, under a statement; nothing is kept.

use faceward_law::{Operation, Ruling};
use faceward_match::{Decision, Score, Threshold, Thresholds, score};

use crate::reading::Reading;
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
        let thresholds = self.thresholds(1)?;
        let permit = match self.rule_on_statement(Operation::Compare, statement)? {
            Ruling::Granted(permit) => permit,
            Ruling::Refused(refusal) => return self.refuse_once(Act::Compare, refusal).await,
        };
        let [first, second] = pictures;
        let first = self.read_one(&permit, Operation::Compare, first).await?;
        let read = match first {
            Ok(first) => self
                .read_one(&permit, Operation::Compare, second)
                .await?
                .map(|second| (first, second)),
            Err(why) => Err(why),
        };
        let compared = match read {
            Ok((first, second)) => {
                let score = score(&first.template, &second.template)?;
                Ok(compared(thresholds, score, [first.reading, second.reading]))
            }
            Err(why) => Err(why),
        };
        self.conclude_once(Act::Compare, &permit, compared, |compared| {
            ending(compared.decision)
        })
        .await
    }
}

/// A score and what it amounts to.
pub(crate) fn compared(thresholds: Thresholds, score: Score, readings: [Reading; 2]) -> Compared {
    Compared {
        decision: thresholds.decide(score),
        score,
        match_at: thresholds.match_at,
        uncertain_at: thresholds.uncertain_at,
        readings,
    }
}
