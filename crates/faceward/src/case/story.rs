//! An exported ledger, checked, and the entries in it that a person can show to be theirs.

use std::path::Path;

use faceward_law::SubjectId;
use faceward_ledger::{
    Hash, InclusionProof, NodeId, SignedCheckpoint, TileContent, TilePath, VerifyingKey,
    decode_bundle, inclusion_proof, leaf_hash, node_hash, nodes_for_inclusion,
};

use super::Openings;
use crate::{Audited, Event, Ward, WardError, check_folder};

/// What a ledger tells about one person.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerStory {
    /// The ledger, checked entry by entry.
    pub audited: Audited,
    /// The entries that were opened, oldest first.
    pub own: Vec<OwnEntry>,
    /// Entries of a form this version does not know.
    pub unread: u64,
    /// Openings that opened nothing in this ledger.
    pub idle: usize,
}

/// An entry that a person showed to be theirs.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnEntry {
    /// Position, from 0.
    pub position: u64,
    /// What it says.
    pub event: Event,
    /// Its hash.
    pub leaf: Hash,
    /// Proof that it is in the ledger, under the checkpoint.
    pub proof: InclusionProof,
    /// Whose it was shown to be.
    pub subject: SubjectId,
    /// The consent record that it commits to, if it was handed over.
    pub record: Option<String>,
}

/// Checks an exported ledger and reads what it tells about a person, by what the person holds.
///
/// # Errors
/// [`WardError::Ledger`] when it does not hold together; [`WardError::File`].
pub fn read_story(
    folder: &Path,
    key: &VerifyingKey,
    about: &[Openings],
) -> Result<LedgerStory, WardError> {
    let audited = check_folder(folder, key)?;
    story(audited, key, about, |path| {
        let file = folder.join(path);
        std::fs::read(&file).map_err(|error| WardError::File { path: file, error })
    })
}

impl Ward {
    /// Checks this ward's own ledger, and reads what it tells about a person, by what the person
    /// holds: the ward's keys open nobody's entries for this.
    ///
    /// # Errors
    /// [`WardError::Ledger`] naming the first entry that was changed, [`WardError::Vault`].
    pub async fn ledger_story(&self, about: &[Openings]) -> Result<LedgerStory, WardError> {
        let (audited, files) = self.audited_files().await?;
        story(audited, &self.ledger_key(), about, |path| {
            // A file that is missing fails as an empty one.
            Ok(files.get(path).cloned().unwrap_or_default())
        })
    }
}

fn story(
    audited: Audited,
    key: &VerifyingKey,
    about: &[Openings],
    read: impl Fn(&str) -> Result<Vec<u8>, WardError>,
) -> Result<LedgerStory, WardError> {
    let checkpoint = SignedCheckpoint::open(&audited.checkpoint, key)?;
    let mut reading = Reading::default();
    for path in TilePath::all(checkpoint.size) {
        if path.content() == TileContent::Entries {
            reading.bundle(&path, &read(&path.to_string())?, about)?;
        }
    }
    let mut own = Vec::with_capacity(reading.found.len());
    for (position, event, subject, record) in reading.found {
        let nodes = nodes_for_inclusion(position, checkpoint.size)?;
        let nodes: Vec<Hash> = nodes.iter().map(|id| node(&reading.leaves, *id)).collect();
        let proof = inclusion_proof(position, checkpoint.size, &nodes)?;
        let leaf = node(
            &reading.leaves,
            NodeId {
                level: 0,
                index: position,
            },
        );
        // The files were read twice: what is told is what was signed.
        proof.verify(&leaf, &checkpoint)?;
        own.push(OwnEntry {
            position,
            event,
            leaf,
            proof,
            subject,
            record,
        });
    }
    let all: usize = about.iter().map(|openings| openings.opens.len()).sum();
    Ok(LedgerStory {
        idle: all.saturating_sub(own.len()),
        unread: reading.unread,
        audited,
        own,
    })
}

#[derive(Default)]
struct Reading {
    leaves: Vec<Hash>,
    found: Vec<(u64, Event, SubjectId, Option<String>)>,
    unread: u64,
}

impl Reading {
    fn bundle(
        &mut self,
        path: &TilePath,
        bytes: &[u8],
        about: &[Openings],
    ) -> Result<(), WardError> {
        let opened: Vec<_> = about
            .iter()
            .map(|o| (o.subject, o.by_commitment()))
            .collect();
        for (position, entry) in path.positions().zip(decode_bundle(bytes, path.width())?) {
            self.leaves.push(leaf_hash(entry));
            let Some(event) = Event::parse(entry) else {
                self.unread += 1;
                continue;
            };
            for (subject, by_commitment) in &opened {
                let mut marks = event.marks.iter();
                if let Some(opening) = marks.find_map(|(_, value)| by_commitment.get(value)) {
                    let record = opening.record.clone();
                    self.found.push((position, event.clone(), *subject, record));
                }
            }
        }
        Ok(())
    }
}

/// The hash of a complete subtree, from its leaves.
fn node(leaves: &[Hash], id: NodeId) -> Hash {
    match id.level {
        0 => {
            let at = usize::try_from(id.index).ok();
            let leaf = at.and_then(|at| leaves.get(at));
            // A hash that is not there fails the check that follows.
            leaf.copied().unwrap_or_else(Hash::of_empty_log)
        }
        level => {
            let child = |right| NodeId {
                level: level - 1,
                index: 2 * id.index + right,
            };
            node_hash(&node(leaves, child(0)), &node(leaves, child(1)))
        }
    }
}
