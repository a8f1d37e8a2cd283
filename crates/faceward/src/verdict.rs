//! An answer, which exists only together with the receipt of its record.

use faceward_law::Refusal;
use faceward_vault::Receipt;

use crate::Unusable;

/// What was decided, and the proof that it was recorded. There is no way to make one without the
/// receipt, and no way to make a receipt without the record.
#[derive(Debug)]
pub struct Verdict<T> {
    /// The decision.
    pub outcome: Outcome<T>,
    /// Proof of its record.
    pub receipt: Receipt,
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
