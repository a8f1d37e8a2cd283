//! The bytes that are sealed, by kind. A new version is a new file; old ones stay readable.

mod request;
mod v1;
mod v2;
mod wire;

pub(crate) use request::{
    read_circumstance, read_request, read_request_event, write_circumstance, write_request,
    write_request_event,
};
pub use request::{request_commitments, request_texts};
pub(crate) use v1::{read_template, write_template};
pub(crate) use v2::{Opened, read_event, read_record, write_event, write_record};
pub use v2::{commitments, committed_texts, event_commitment};
