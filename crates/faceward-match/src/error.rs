use crate::{FalseMatchRate, ModelId};

/// What can go wrong, one variant per thing a caller can do about it. No variant holds a template
/// value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MatchError {
    /// Two templates of different models: enrol again with the model in use.
    #[error("templates of `{left}` and `{right}` cannot be compared; make both with one model")]
    ModelMismatch {
        /// Model of the first template, or of the gallery.
        left: ModelId,
        /// Model of the other.
        right: ModelId,
    },
    /// One model, two lengths: one of the templates was damaged or made by a changed file.
    #[error("templates of {left} and {right} values claim the same model; enrol the person again")]
    LengthMismatch {
        /// Values in the first template, or in a gallery row.
        left: usize,
        /// Values in the other.
        right: usize,
    },
    /// These numbers are no template.
    #[error("not a template: {0}; read the face again or discard the stored values")]
    BadTemplate(&'static str),
    /// A model name or digest is not in the expected form.
    #[error("`{0}` is not a model id; write `name@sha256:` and 64 hexadecimal digits")]
    BadModelId(String),
    /// A rate is not a number strictly between 0 and 1.
    #[error("`{0}` is not a false match rate; write 0.0001, 0.01% or 1e-4")]
    BadRate(String),
    /// A threshold table's text is wrong.
    #[error("threshold table: {0}")]
    BadTable(String),
    /// The policy's rates are in the wrong order.
    #[error("a match at rate {match_at} must be at least as strict as uncertain at {uncertain_at}")]
    BadPolicy {
        /// Rate asked for a match.
        match_at: FalseMatchRate,
        /// Rate asked for an uncertain answer.
        uncertain_at: FalseMatchRate,
    },
    /// The table says nothing about so low a rate.
    #[error("rate {asked} is below what the table of `{model}` supports ({strictest}); {next}")]
    RateOutOfReach {
        /// Rate per comparison that was needed.
        asked: FalseMatchRate,
        /// The table's model.
        model: ModelId,
        /// Lowest rate the table can answer.
        strictest: FalseMatchRate,
        /// What to do.
        next: &'static str,
    },
    /// The score is not a cosine.
    #[error("{0} is not a score; scores lie in -1 to 1")]
    BadScore(f32),
}
