use std::fmt;
use std::str::FromStr;

use super::{join_each, nodes_of, read_text, same_size, write_text};
use crate::hash::node_hash;
use crate::tree::Span;
use crate::{Checkpoint, Hash, LedgerError, NodeId};

const VERSION: &str = "faceward/consistency-proof@v1";

/// Evidence that a later log begins with all of an earlier one (RFC 6962, section 2.1.2).
///
/// Its text form is `faceward/consistency-proof@v1`, `old <n>`, `new <n>`, then one base64 hash a
/// line, deepest first; every line ends in a newline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    old: u64,
    new: u64,
    /// As many as the two sizes demand.
    path: Vec<Hash>,
}

/// The stored nodes [`consistency_proof`] needs; none when `old` is 0 or equals `new`.
///
/// # Errors
/// [`LedgerError::NotThePast`] when `old` is larger than `new`.
pub fn nodes_for_consistency(old: u64, new: u64) -> Result<Vec<NodeId>, LedgerError> {
    Ok(nodes_of(&seams(old, new)?))
}

/// Proves that a log of `new` entries continues its own past of `old`, given the hashes of
/// [`nodes_for_consistency`].
///
/// # Errors
/// [`LedgerError::NotThePast`], or [`LedgerError::WrongNodes`] when `fetched` is not as long as
/// the list.
pub fn consistency_proof(
    old: u64,
    new: u64,
    fetched: &[Hash],
) -> Result<ConsistencyProof, LedgerError> {
    let path = join_each(&seams(old, new)?, fetched)?;
    Ok(ConsistencyProof { old, new, path })
}

impl ConsistencyProof {
    /// A proof from its parts, checked for form only; [`verify`](Self::verify) judges it.
    ///
    /// # Errors
    /// [`LedgerError::NotThePast`], or [`LedgerError::Malformed`] when the path has the wrong length.
    pub fn from_parts(
        old: u64,
        new: u64,
        path: Vec<Hash>,
    ) -> Result<ConsistencyProof, LedgerError> {
        if path.len() != seams(old, new)?.len() {
            return Err(malformed(
                "its path is too long or too short for these sizes",
            ));
        }
        Ok(ConsistencyProof { old, new, path })
    }

    /// Entries in the earlier log.
    pub fn old_size(&self) -> u64 {
        self.old
    }

    /// Entries in the later log.
    pub fn new_size(&self) -> u64 {
        self.new
    }

    /// The hashes that lead to both roots, at most 65.
    pub fn path(&self) -> &[Hash] {
        &self.path
    }

    /// Checks that the log of the later checkpoint begins with all of the earlier one
    /// (RFC 9162, section 2.1.4.2). Every log continues the empty one.
    ///
    /// # Errors
    /// [`LedgerError::OtherLog`] when the checkpoints are of two logs, [`LedgerError::OtherSize`]
    /// when one is of another size than the proof, [`LedgerError::NotConsistent`] when the path
    /// misses a root.
    pub fn verify(&self, old: &Checkpoint, new: &Checkpoint) -> Result<(), LedgerError> {
        if old.origin != new.origin {
            return Err(LedgerError::OtherLog {
                expected: old.origin.clone(),
                found: new.origin.clone(),
            });
        }
        same_size(self.old, old)?;
        same_size(self.new, new)?;
        let connected = if self.old == self.new {
            old.root == new.root
        } else if self.old == 0 {
            old.root == Hash::of_empty_log()
        } else {
            self.lead_on(&old.root) == Some((old.root, new.root))
        };
        let refused = LedgerError::NotConsistent {
            old: self.old,
            new: self.new,
        };
        if connected { Ok(()) } else { Err(refused) }
    }

    /// The two roots the path leads to, for 0 < old < new; none when it is empty and must not be.
    fn lead_on(&self, old_root: &Hash) -> Option<(Hash, Hash)> {
        let mut path = self.path.iter();
        // A complete old tree is itself the first node, which the proof then leaves out.
        let first = if self.old.is_power_of_two() {
            *old_root
        } else {
            *path.next()?
        };
        let skipped = (self.old - 1).trailing_ones();
        let (mut node, mut last) = ((self.old - 1) >> skipped, (self.new - 1) >> skipped);
        let (mut old_hash, mut new_hash) = (first, first);
        for sibling in path {
            if node & 1 == 1 || node == last {
                old_hash = node_hash(sibling, &old_hash);
                new_hash = node_hash(sibling, &new_hash);
                let climbed = if node == 0 { 0 } else { node.trailing_zeros() };
                (node, last) = (node >> climbed, last >> climbed);
            } else {
                new_hash = node_hash(&new_hash, sibling);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        Some((old_hash, new_hash))
    }
}

impl fmt::Display for ConsistencyProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_text(
            f,
            VERSION,
            [("old", self.old), ("new", self.new)],
            &self.path,
        )
    }
}

impl FromStr for ConsistencyProof {
    type Err = LedgerError;

    fn from_str(text: &str) -> Result<ConsistencyProof, LedgerError> {
        let ([old, new], path) = read_text(text, VERSION, ["old", "new"]).map_err(malformed)?;
        ConsistencyProof::from_parts(old, new, path)
    }
}

/// The subtrees on both sides of the seam where the old log ended (SUBPROOF of RFC 6962).
fn seams(old: u64, new: u64) -> Result<Vec<Span>, LedgerError> {
    if old > new {
        return Err(LedgerError::NotThePast { old, new });
    }
    let mut spans = Vec::new();
    if old == 0 {
        return Ok(spans);
    }
    let mut here = Span { start: 0, end: new };
    while here.end != old {
        let (left, right) = here.split();
        let (taken, other) = if old <= right.start {
            (left, right)
        } else {
            (right, left)
        };
        spans.push(other);
        here = taken;
    }
    // The old root itself is known to whoever checks.
    if here.start > 0 {
        spans.push(here);
    }
    spans.reverse();
    Ok(spans)
}

fn malformed(why: &'static str) -> LedgerError {
    LedgerError::Malformed {
        what: "consistency proof",
        why,
    }
}
