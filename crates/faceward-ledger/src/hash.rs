use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::LedgerError;

/// A SHA-256 value: of a leaf, of an inner node or of a whole tree.
///
/// Its text form is standard base64, 44 characters, as in a checkpoint.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

/// The hash of one entry, SHA-256(0x00 ‖ entry) (RFC 6962, section 2.1).
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    let digest = Sha256::new_with_prefix([0x00]).chain_update(leaf);
    Hash(digest.finalize().into())
}

/// The hash of an inner node, SHA-256(0x01 ‖ left ‖ right) (RFC 6962, section 2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let digest = Sha256::new_with_prefix([0x01])
        .chain_update(left.0)
        .chain_update(right.0);
    Hash(digest.finalize().into())
}

impl Hash {
    /// The root of a log without entries: SHA-256 of nothing (RFC 6962, section 2.1).
    pub fn of_empty_log() -> Hash {
        Hash(Sha256::digest([]).into())
    }

    /// A hash read back from where it was stored.
    pub fn from_bytes(bytes: [u8; 32]) -> Hash {
        Hash(bytes)
    }

    /// The 32 bytes to store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = LedgerError;

    /// Reads the 44 characters of standard base64, padding and all.
    fn from_str(text: &str) -> Result<Hash, LedgerError> {
        let malformed = LedgerError::Malformed {
            what: "hash",
            why: "it must be 32 bytes in standard base64",
        };
        let bytes = STANDARD.decode(text).map_err(|_| malformed.clone())?;
        bytes.try_into().map(Hash).map_err(|_| malformed)
    }
}
