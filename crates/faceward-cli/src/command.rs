//! One file per command; each is its arguments, its help and its page of story.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod case;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod consent;
pub(crate) mod correct;
pub(crate) mod deceased;
pub(crate) mod demo;
pub(crate) mod deployment;
pub(crate) mod detect;
pub(crate) mod doctor;
pub(crate) mod enroll;
pub(crate) mod eval;
pub(crate) mod export;
pub(crate) mod forget;
pub(crate) mod identify;
pub(crate) mod init;
pub(crate) mod law;
pub(crate) mod receipt;
pub(crate) mod request;
pub(crate) mod restore;
pub(crate) mod retention;
pub(crate) mod verify;
