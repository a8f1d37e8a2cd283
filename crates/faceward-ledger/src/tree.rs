use crate::hash::node_hash;
use crate::{Hash, LedgerError};

/// A stored node: the hash of the 2^`level` entries from `index` × 2^`level` on.
///
/// Only complete subtrees have a node, so a stored node never changes. Level 0 are the leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    /// Height above the leaves, 0 to 63.
    pub level: u8,
    /// Position within the level, from 0.
    pub index: u64,
}

/// What one more entry changes: store the nodes, then publish size and root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// The nodes that became complete, the leaf itself (level 0) first.
    pub nodes: Vec<(NodeId, Hash)>,
    /// Root of the log with the entry.
    pub root: Hash,
    /// Entries in the log with the entry.
    pub size: u64,
}

/// The stored nodes [`append`] needs of a log of `size` entries: its right edge, at most 64.
pub fn nodes_for_append(size: u64) -> Vec<NodeId> {
    nodes_for_root(size)
}

/// Appends a leaf to a log of `size` entries, given the hashes of [`nodes_for_append`].
///
/// # Errors
/// [`LedgerError::WrongNodes`] when `fetched` is not as long as the list,
/// [`LedgerError::Full`] when `size` is the largest there is.
pub fn append(size: u64, fetched: &[Hash], leaf: Hash) -> Result<Append, LedgerError> {
    if size == u64::MAX {
        return Err(LedgerError::Full);
    }
    check_count(size.count_ones() as usize, fetched)?;
    let mut edge = Edge {
        size,
        subtrees: fetched.to_vec(),
    };
    let mut nodes = Vec::new();
    edge.push(leaf, |node, hash| nodes.push((node, hash)));
    Ok(Append {
        nodes,
        root: edge.root(),
        size: edge.size,
    })
}

/// The stored nodes [`root`] needs: the complete subtrees that `size` entries fall into, at most 64.
pub fn nodes_for_root(size: u64) -> Vec<NodeId> {
    Span {
        start: 0,
        end: size,
    }
    .nodes()
    .collect()
}

/// The root of a log of `size` entries, given the hashes of [`nodes_for_root`] (RFC 6962, section 2.1).
///
/// # Errors
/// [`LedgerError::WrongNodes`] when `fetched` is not as long as the list.
pub fn root(size: u64, fetched: &[Hash]) -> Result<Hash, LedgerError> {
    check_count(size.count_ones() as usize, fetched)?;
    Ok(join(fetched))
}

/// The right edge of a log: the complete subtrees its entries fall into, from the left.
#[derive(Default)]
pub(crate) struct Edge {
    size: u64,
    subtrees: Vec<Hash>,
}

impl Edge {
    /// Adds a leaf to a log that is not full, and tells each node that it completes, from the leaf up.
    pub(crate) fn push(&mut self, leaf: Hash, mut complete: impl FnMut(NodeId, Hash)) {
        let mut newest = leaf;
        complete(
            NodeId {
                level: 0,
                index: self.size,
            },
            leaf,
        );
        // Each trailing one of the size is a subtree as large as what stands to its right by then.
        for level in 1..=self.size.trailing_ones() as u8 {
            let Some(left) = self.subtrees.pop() else {
                break;
            };
            newest = node_hash(&left, &newest);
            complete(
                NodeId {
                    level,
                    index: self.size >> level,
                },
                newest,
            );
        }
        self.subtrees.push(newest);
        self.size += 1;
    }

    /// Entries in the log.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Root of the log.
    pub(crate) fn root(&self) -> Hash {
        join(&self.subtrees)
    }
}

/// The entries from `start` to before `end`, as RFC 6962 splits a tree: `start` is a multiple of
/// the smallest power of two that is at least the length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

impl Span {
    /// The complete subtrees of the span, from the left, which is from the largest.
    pub(crate) fn nodes(self) -> impl Iterator<Item = NodeId> {
        let length = self.end - self.start;
        let levels = (0..64u8)
            .rev()
            .filter(move |level| length >> level & 1 == 1);
        levels.map(move |level| NodeId {
            level,
            index: (self.start >> level) + (length >> level) - 1,
        })
    }

    /// The two halves of a span of two entries or more: the left is the largest power of two below the length.
    pub(crate) fn split(self) -> (Span, Span) {
        let length = self.end - self.start;
        let middle = self.start + (1 << (length - 1).ilog2());
        (
            Span {
                start: self.start,
                end: middle,
            },
            Span {
                start: middle,
                end: self.end,
            },
        )
    }
}

/// The hash of a span from those of its complete subtrees; of nothing, the empty root.
pub(crate) fn join(subtrees: &[Hash]) -> Hash {
    let from_the_right = subtrees.iter().copied().rev();
    from_the_right
        .reduce(|right, left| node_hash(&left, &right))
        .unwrap_or_else(Hash::of_empty_log)
}

fn check_count(asked: usize, fetched: &[Hash]) -> Result<(), LedgerError> {
    let wrong = LedgerError::WrongNodes {
        asked,
        given: fetched.len(),
    };
    if fetched.len() == asked {
        Ok(())
    } else {
        Err(wrong)
    }
}
