//! What a person takes home: a signed consent receipt, and a signed erasure certificate.
//!
//! A document is JSON in the shape of ISO/IEC TS 27560:2023 with the terms of the Data Privacy
//! Vocabulary 2.3, in its canonical form (RFC 8785), signed as a compact JWS (RFC 7515) with
//! Ed25519 (RFC 8037). There is one algorithm, so there is none to confuse: a header that names
//! another, or carries a key of its own, is refused before the signature is looked at.
//!
//! ```
//! use faceward_receipt::{Kind, SigningKey, open, sign};
//!
//! let key = SigningKey::from_seed(&[7; 32]);
//! let jws = sign(Kind::Consent, &serde_json::json!({ "b": 2, "a": 1 }), &key)?;
//! let opened = open(&jws, Kind::Consent, &key.verifier())?;
//! assert_eq!(opened, serde_json::json!({ "a": 1, "b": 2 }));
//! # Ok::<(), faceward_receipt::ReceiptError>(())
//! ```
//!
//! The crate is pure: no files, no clock, no database, no ledger. The proof that ties a receipt to
//! the ledger is a few texts to it ([`LedgerTie`]); `faceward` checks them.

mod consent;
mod erasure;
mod error;
mod form;
mod jws;
mod key;

pub use consent::{
    ConsentReceipt, Controller, Event, LedgerTie, NoticeShown, Party, PiiInformation, Processing,
    Recipient, consent_context,
};
pub use erasure::{ErasedItem, ErasureCertificate, ErasureException, LedgerPlace, Verified};
pub use error::ReceiptError;
pub use form::{CONSENT_SCHEMA, ERASURE_SCHEMA, check_form};
pub use jws::{Kind, open, peek, sign};
pub use key::{SigningKey, VerifyingKey};
