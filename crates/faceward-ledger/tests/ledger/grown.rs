//! A log grown in memory, one append after the other, as a store would.

use std::collections::HashMap;

use faceward_ledger::{
    Checkpoint, ConsistencyProof, Hash, InclusionProof, NodeId, Origin, SigningKey, append,
    consistency_proof, inclusion_proof, leaf_hash, nodes_for_append, nodes_for_consistency,
    nodes_for_inclusion,
};

pub(crate) struct Grown {
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) nodes: HashMap<NodeId, Hash>,
    /// The root at each size, from the empty log on.
    pub(crate) roots: Vec<Hash>,
}

impl Grown {
    pub(crate) fn new(entries: impl IntoIterator<Item = Vec<u8>>) -> Grown {
        let mut log = Grown {
            entries: Vec::new(),
            nodes: HashMap::new(),
            roots: vec![Hash::of_empty_log()],
        };
        entries.into_iter().for_each(|entry| log.append(entry));
        log
    }

    pub(crate) fn of_size(size: u64) -> Grown {
        Grown::new((0..size).map(|n| format!("entry {n}").into_bytes()))
    }

    fn append(&mut self, entry: Vec<u8>) {
        let size = self.entries.len() as u64;
        let grown = append(
            size,
            &self.fetch(&nodes_for_append(size)),
            leaf_hash(&entry),
        )
        .unwrap();
        assert_eq!(grown.size, size + 1);
        for (node, hash) in grown.nodes {
            assert!(
                self.nodes.insert(node, hash).is_none(),
                "a stored node never changes"
            );
        }
        self.entries.push(entry);
        self.roots.push(grown.root);
    }

    pub(crate) fn fetch(&self, nodes: &[NodeId]) -> Vec<Hash> {
        nodes.iter().map(|node| self.nodes[node]).collect()
    }

    pub(crate) fn leaf(&self, index: u64) -> Hash {
        leaf_hash(&self.entries[index as usize])
    }

    pub(crate) fn inclusion(&self, index: u64, size: u64) -> InclusionProof {
        inclusion_proof(
            index,
            size,
            &self.fetch(&nodes_for_inclusion(index, size).unwrap()),
        )
        .unwrap()
    }

    pub(crate) fn consistency(&self, old: u64, new: u64) -> ConsistencyProof {
        consistency_proof(
            old,
            new,
            &self.fetch(&nodes_for_consistency(old, new).unwrap()),
        )
        .unwrap()
    }

    pub(crate) fn checkpoint(&self, size: u64) -> Checkpoint {
        Checkpoint {
            origin: origin(),
            size,
            root: self.roots[size as usize],
        }
    }
}

pub(crate) fn origin() -> Origin {
    "ward.example/log".parse().unwrap()
}

pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed(origin(), &[7; 32])
}
