//! Records as JSON, in the words that programs and people's own files get, whichever door they come
//! through. The file of everything held has a version of its own; the rest are parts of answers.

mod consent;
mod explained;
mod held;
mod person;

pub use consent::{consent_json, record_json};
pub use explained::{
    FEWEST, LIMITS_OF_A_SCORE, ToldCells, ToldComparison, ToldRegion, ToldSide, explained_json,
};
pub use held::{held_json, kept_until};
pub use person::{circumstance_json, entry_json, receipt_json, request_json};
