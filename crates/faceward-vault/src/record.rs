//! The bytes that are sealed, by kind. A new version is a new file; old ones stay readable.

mod request;
mod template;
mod v1;
mod v2;
mod wire;

use zeroize::Zeroizing;

pub use request::request_commitments;
pub(crate) use request::{
    read_circumstance, read_request, read_request_event, write_circumstance, write_request,
    write_request_event,
};
pub(crate) use template::{read_template, write_template};
pub(crate) use v2::{Opened, read_event, read_record, write_event, write_record};
pub use v2::{commitments, event_commitment};

/// What a ledger entry commits to beside a person, and the text that it stands for.
pub struct Committed {
    /// The bytes that go into the mark.
    pub what: Vec<u8>,
    /// The record behind them: whoever is given it can tell what the entry is about.
    pub text: Zeroizing<String>,
}
