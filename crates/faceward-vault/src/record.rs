//! The bytes that are sealed, by kind. A new version is a new file; old ones stay readable.

mod v1;

pub use v1::consent_bytes;
pub(crate) use v1::{read_consent, read_template, write_consent, write_template};
