//! How alike are two faces, and who in this room is nearest?
//!
//! A [`Template`] is a unit vector bound to the model that made it. [`score`] compares two
//! templates of one model; a [`Gallery`] finds the nearest of many, exactly. What a score means is
//! never a bare number: a [`ThresholdTable`], measured on data, says which score belongs to which
//! false match rate, and a [`Policy`] turns rates into one of three answers.
//!
//! ```
//! use faceward_match::{ModelId, Template, score};
//!
//! # fn main() -> Result<(), faceward_match::MatchError> {
//! let model = ModelId::new("example", [7; 32])?;
//! let a = Template::from_raw(model.clone(), vec![3.0, 4.0])?;
//! let b = Template::from_raw(model, vec![4.0, 3.0])?;
//! assert_eq!(score(&a, &b)?.to_string(), "0.960");
//! # Ok(())
//! # }
//! ```
//!
//! The crate does no I/O and keeps no clock. Templates are biometric data: they are wiped on drop
//! and have no `Debug`. Scores are the same bits on every processor (see [`score`]).

mod covered;
mod decision;
mod error;
mod gallery;
mod kernel;
mod model;
mod rate;
mod score;
mod template;
mod threshold;

pub use decision::{Decision, Policy, Thresholds};
pub use error::MatchError;
pub use gallery::{Candidate, Gallery};
pub use kernel::kernel_in_use;
pub use model::ModelId;
pub use rate::{FalseMatchRate, Interval};
pub use score::{Score, score};
pub use template::Template;
pub use threshold::{Basis, Provenance, Row, Tail, Threshold, ThresholdTable, table_for};
