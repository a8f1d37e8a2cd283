//! An answer, which exists only together with the receipt of its record.

use faceward_law::Refusal;
use faceward_vault::Receipt;

use crate::Unusable;

/// What was decided, and the proof that it was recorded. There is no way to make one without the
/// receipt, which only the append to the ledger makes; outside this crate there is none at all.
#[derive(Debug)]
#[non_exhaustive]
pub struct Verdict<T> {
    /// The decision.
    pub outcome: Outcome<T>,
    /// Proof of its record.
    pub receipt: Receipt,
}

impl<T> Verdict<T> {
    /// The same verdict, what was done told otherwise.
    pub(crate) fn map<U>(self, told: impl FnOnce(T) -> U) -> Verdict<U> {
        let outcome = match self.outcome {
            Outcome::Done(done) => Outcome::Done(told(done)),
            Outcome::Refused(refusal) => Outcome::Refused(refusal),
            Outcome::Unusable(why) => Outcome::Unusable(why),
        };
        Verdict {
            outcome,
            receipt: self.receipt,
        }
    }
}

/// How a verb ended.
#[derive(Debug)]
pub enum Outcome<T> {
    /// It was permitted and done.
    Done(T),
    /// The law forbids it, and says why.
    Refused(Refusal),
    /// It was permitted, but the picture gave no answer.
    Unusable(Unusable),
}
