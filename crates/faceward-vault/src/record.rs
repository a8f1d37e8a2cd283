//! The bytes that are sealed, by kind. A new version is a new file; old ones stay readable.

mod v1;
mod v2;
mod wire;

pub(crate) use v1::{read_template, write_template};
pub(crate) use v2::{Opened, read_event, read_record, write_event, write_record};
pub use v2::{commitments, event_commitment};
