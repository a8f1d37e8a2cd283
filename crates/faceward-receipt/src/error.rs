//! What a reader can do about a receipt that does not verify.

use crate::Kind;

/// Why a text is no receipt, or does not verify.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReceiptError {
    /// The text is nothing of ours, or not all of it.
    #[error("this is not a receipt: {0}")]
    NotAReceipt(&'static str),
    /// It is signed as something else.
    #[error("this is a {found}, not a {wanted}")]
    OtherKind {
        /// What it is.
        found: Kind,
        /// What it should be.
        wanted: Kind,
    },
    /// The header names an algorithm that is not ours.
    #[error(
        "the receipt names the algorithm `{0}`; only EdDSA is accepted, so it proves nothing. Ask the controller for a genuine one"
    )]
    Algorithm(String),
    /// The header carries what it should not.
    #[error("the receipt's header is not of our form ({0}), so it proves nothing")]
    Header(String),
    /// Another key signed it.
    #[error(
        "the receipt was signed by the key {found}, not by {wanted}; compare with the key that the controller publishes (`faceward receipt key`)"
    )]
    OtherKey {
        /// The key identifier in the receipt.
        found: String,
        /// The key identifier it was checked with.
        wanted: String,
    },
    /// The signature does not fit the text.
    #[error("the signature does not fit: the receipt was changed after it was signed, or forged")]
    BadSignature,
    /// The signed text is not in canonical form, or not of the form this kind has.
    #[error("it is signed, but not of the form such a document has: {0}")]
    Form(String),
    /// A key that cannot be read.
    #[error("this is not a receipt key: {0}")]
    Key(&'static str),
}

impl ReceiptError {
    /// Whether the text is no receipt at all, as against one that does not verify.
    pub fn is_no_receipt(&self) -> bool {
        matches!(self, Self::NotAReceipt(_) | Self::Key(_))
    }
}
