use std::fmt;
use std::str::FromStr;

use super::{join_each, nodes_of, read_text, same_size, write_text};
use crate::hash::node_hash;
use crate::tree::Span;
use crate::{Checkpoint, Hash, LedgerError, NodeId};

const VERSION: &str = "faceward/inclusion-proof@v1";

/// Evidence that one entry is in a log (RFC 6962, section 2.1.1).
///
/// Its text form is `faceward/inclusion-proof@v1`, `index <n>`, `size <n>`, then one base64 hash a
/// line from the leaf's sibling up; every line ends in a newline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    index: u64,
    size: u64,
    /// As many as the index and size demand.
    path: Vec<Hash>,
}

/// The stored nodes [`inclusion_proof`] needs.
///
/// # Errors
/// [`LedgerError::NoSuchEntry`] when the log has no such entry.
pub fn nodes_for_inclusion(index: u64, size: u64) -> Result<Vec<NodeId>, LedgerError> {
    Ok(nodes_of(&siblings(index, size)?))
}

/// Proves entry `index`, from 0, in a log of `size`, given the hashes of [`nodes_for_inclusion`].
///
/// # Errors
/// [`LedgerError::NoSuchEntry`], or [`LedgerError::WrongNodes`] when `fetched` is not as long as
/// the list.
pub fn inclusion_proof(
    index: u64,
    size: u64,
    fetched: &[Hash],
) -> Result<InclusionProof, LedgerError> {
    let path = join_each(&siblings(index, size)?, fetched)?;
    Ok(InclusionProof { index, size, path })
}

impl InclusionProof {
    /// A proof from its parts, checked for form only; [`verify`](Self::verify) judges it.
    ///
    /// # Errors
    /// [`LedgerError::NoSuchEntry`], or [`LedgerError::Malformed`] when the path has the wrong length.
    pub fn from_parts(
        index: u64,
        size: u64,
        path: Vec<Hash>,
    ) -> Result<InclusionProof, LedgerError> {
        if path.len() != siblings(index, size)?.len() {
            return Err(malformed(
                "its path is too long or too short for this entry",
            ));
        }
        Ok(InclusionProof { index, size, path })
    }

    /// Which entry this is about, from 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many entries the log had.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The hashes from the leaf's sibling up to the root's child, at most 64.
    pub fn path(&self) -> &[Hash] {
        &self.path
    }

    /// Checks that the entry with this leaf hash is in the log the checkpoint speaks of
    /// (RFC 9162, section 2.1.3.2).
    ///
    /// It takes the checkpoint and not the root alone, because one path can lead to one root under
    /// several sizes.
    ///
    /// # Errors
    /// [`LedgerError::OtherSize`] when the checkpoint is of another size,
    /// [`LedgerError::NotIncluded`] when the path leads elsewhere.
    pub fn verify(&self, leaf: &Hash, checkpoint: &Checkpoint) -> Result<(), LedgerError> {
        same_size(self.size, checkpoint)?;
        let refused = LedgerError::NotIncluded { index: self.index };
        let (mut node, mut last) = (self.index, self.size - 1);
        let mut hash = *leaf;
        for sibling in &self.path {
            if node & 1 == 1 || node == last {
                hash = node_hash(sibling, &hash);
                // A lone right edge climbs without siblings until it is a right child.
                let climbed = if node == 0 { 0 } else { node.trailing_zeros() };
                (node, last) = (node >> climbed, last >> climbed);
            } else {
                hash = node_hash(&hash, sibling);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        if hash == checkpoint.root {
            Ok(())
        } else {
            Err(refused)
        }
    }
}

impl fmt::Display for InclusionProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_text(
            f,
            VERSION,
            [("index", self.index), ("size", self.size)],
            &self.path,
        )
    }
}

impl FromStr for InclusionProof {
    type Err = LedgerError;

    fn from_str(text: &str) -> Result<InclusionProof, LedgerError> {
        let ([index, size], path) =
            read_text(text, VERSION, ["index", "size"]).map_err(malformed)?;
        InclusionProof::from_parts(index, size, path)
    }
}

/// The subtrees beside the way from the leaf up to the root.
fn siblings(index: u64, size: u64) -> Result<Vec<Span>, LedgerError> {
    if index >= size {
        return Err(LedgerError::NoSuchEntry { index, size });
    }
    let mut here = Span {
        start: 0,
        end: size,
    };
    let mut beside = Vec::new();
    while here.end - here.start > 1 {
        let (left, right) = here.split();
        let (taken, other) = if index < right.start {
            (left, right)
        } else {
            (right, left)
        };
        beside.push(other);
        here = taken;
    }
    beside.reverse();
    Ok(beside)
}

fn malformed(why: &'static str) -> LedgerError {
    LedgerError::Malformed {
        what: "inclusion proof",
        why,
    }
}
