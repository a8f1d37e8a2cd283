use std::fmt;

use crate::{Hash, LedgerError, Origin, SigningKey, VerifyingKey, decimal};

/// What a log vouches for: its name, how many entries it has, and the root over all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: Origin,
    /// Entries in the log.
    pub size: u64,
    /// Root of the tree over all entries (RFC 6962, section 2.1).
    pub root: Hash,
}

/// A checkpoint as a signed note (C2SP tlog-checkpoint): the bytes to store and to hand out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint(String);

impl SigningKey {
    /// Signs a checkpoint of the log this key belongs to.
    ///
    /// A log must sign no two checkpoints that are not consistent; the caller sees to that.
    ///
    /// # Errors
    /// [`LedgerError::OtherLog`] when the origin is not the name of this key.
    pub fn sign(&self, checkpoint: &Checkpoint) -> Result<SignedCheckpoint, LedgerError> {
        same_log(self.name(), &checkpoint.origin)?;
        let Checkpoint { origin, size, root } = checkpoint;
        Ok(SignedCheckpoint(
            self.sign_text(&format!("{origin}\n{size}\n{root}\n")),
        ))
    }
}

impl SignedCheckpoint {
    /// The whole note.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The checkpoint in a note, if the known key signed it and it is of that key's log.
    ///
    /// Signatures by other keys and extension lines are read over.
    ///
    /// # Errors
    /// [`LedgerError::Malformed`], [`LedgerError::NotSigned`], [`LedgerError::BadSignature`], and
    /// [`LedgerError::OtherLog`] when the signed origin is not the key's name.
    pub fn open(note: &str, key: &VerifyingKey) -> Result<Checkpoint, LedgerError> {
        let checkpoint = read_checkpoint(key.open(note)?)?;
        same_log(key.name(), &checkpoint.origin)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn same_log(expected: &Origin, found: &Origin) -> Result<(), LedgerError> {
    let other = || LedgerError::OtherLog {
        expected: expected.clone(),
        found: found.clone(),
    };
    if expected == found {
        Ok(())
    } else {
        Err(other())
    }
}

fn read_checkpoint(text: &str) -> Result<Checkpoint, LedgerError> {
    let malformed = |why| LedgerError::Malformed {
        what: "checkpoint",
        why,
    };
    let mut lines = text.lines();
    let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
        return Err(malformed(
            "it must have a line each for origin, size and root",
        ));
    };
    if lines.any(str::is_empty) {
        return Err(malformed("it must not have empty lines"));
    }
    let origin = origin.parse()?;
    let size = decimal::parse(size).ok_or(malformed(
        "its size must be a decimal without leading zeros",
    ))?;
    let root = root.parse()?;
    if size == 0 && root != Hash::of_empty_log() {
        return Err(malformed(
            "a log without entries has the hash of nothing as its root",
        ));
    }
    Ok(Checkpoint { origin, size, root })
}
