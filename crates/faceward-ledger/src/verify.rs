use std::collections::BTreeMap;

use crate::tiles::next_entry;
use crate::tree::Edge;
use crate::{Checkpoint, Hash, LedgerError, SignedCheckpoint, TileContent, TilePath, VerifyingKey};
use crate::{decode_tile, encode_tile, leaf_hash};

/// A log whose every entry is the one its checkpoint was signed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedLog {
    /// What the log signed.
    pub checkpoint: Checkpoint,
    /// Bytes in all entries together.
    pub entry_bytes: u64,
    /// Files read: bundles of entries and tiles of hashes.
    pub files: u64,
}

/// Checks a whole exported log against the key that signed it, without network or storage.
///
/// `read` gives the bytes of a file of the log, or nothing when it is absent; it is asked once for
/// each file of [`TilePath::all`]. Beside one pair of files an eighth of a byte per entry is kept.
///
/// # Errors
/// The checkpoint's own faults as in [`SignedCheckpoint::open`]; [`LedgerError::FileMissing`];
/// [`LedgerError::EntryChanged`] naming the first entry that is not the one recorded, as long as
/// the tiles still are; [`LedgerError::FileChanged`] for a tile that is not, as long as the entries
/// still are; [`LedgerError::RootDiffers`] when both were changed.
pub fn verify_log(
    checkpoint: &str,
    key: &VerifyingKey,
    mut read: impl FnMut(&TilePath) -> Option<Vec<u8>>,
) -> Result<VerifiedLog, LedgerError> {
    let checkpoint = SignedCheckpoint::open(checkpoint, key)?;
    let mut audit = Audit::default();
    let mut bundle = Vec::new();
    for path in TilePath::all(checkpoint.size) {
        let bytes = read(&path).ok_or(LedgerError::FileMissing { path })?;
        audit.files += 1;
        match path.content() {
            TileContent::Entries => bundle = bytes,
            TileContent::Hashes(0) => audit.bundle_and_leaves(&path, &bundle, &bytes),
            TileContent::Hashes(level) => audit.upper_tile(&path, level, &bytes),
        }
    }
    let (entry_bytes, files) = (audit.entry_bytes, audit.files);
    audit.verdict(&checkpoint)?;
    Ok(VerifiedLog {
        checkpoint,
        entry_bytes,
        files,
    })
}

/// The log rebuilt twice, from its entries and from its tiles, so that when the two disagree the
/// signed root tells which one is still as recorded.
#[derive(Default)]
struct Audit {
    by_entries: Edge,
    by_tiles: Edge,
    /// Hashes of the upper tile levels, as the tiles of leaves demand them.
    upper: BTreeMap<u8, Vec<Hash>>,
    changed_entry: Option<LedgerError>,
    changed_leaves: Option<LedgerError>,
    changed_upper: Option<LedgerError>,
    entry_bytes: u64,
    files: u64,
}

impl Audit {
    fn bundle_and_leaves(&mut self, path: &TilePath, bundle: &[u8], tile: &[u8]) {
        let leaves = decode_tile(tile, path.width()).unwrap_or_default();
        if leaves.is_empty() {
            self.changed_leaves
                .get_or_insert(LedgerError::FileChanged { path: *path });
        }
        for leaf in &leaves {
            self.by_tiles.push(*leaf, |node, hash| {
                if node.level > 0 && node.level.is_multiple_of(8) {
                    self.upper.entry(node.level / 8).or_default().push(hash);
                }
            });
        }
        self.bundle(path, bundle, &leaves);
    }

    /// Compares the entries of a bundle with the leaves of its tile, none when that is unreadable.
    fn bundle(&mut self, path: &TilePath, bundle: &[u8], leaves: &[Hash]) {
        let mut rest = bundle;
        for (index, place) in path.positions().zip(0..) {
            let Some((entry, after)) = next_entry(rest) else {
                self.changed_entry
                    .get_or_insert(LedgerError::EntryChanged { index });
                return;
            };
            let hash = leaf_hash(entry);
            if leaves.get(place).is_some_and(|leaf| *leaf != hash) {
                self.changed_entry
                    .get_or_insert(LedgerError::EntryChanged { index });
                self.changed_leaves
                    .get_or_insert(LedgerError::FileChanged { path: *path });
            }
            self.by_entries.push(hash, |_, _| ());
            self.entry_bytes += entry.len() as u64;
            rest = after;
        }
        if !rest.is_empty() {
            let path = path.beside(TileContent::Entries);
            self.changed_entry
                .get_or_insert(LedgerError::FileChanged { path });
        }
    }

    fn upper_tile(&mut self, path: &TilePath, level: u8, tile: &[u8]) {
        let start = usize::try_from(path.positions().start).unwrap_or(usize::MAX);
        let hashes = self.upper.get(&level).map_or(&[][..], Vec::as_slice);
        let demanded = hashes
            .iter()
            .skip(start)
            .take(path.width().into())
            .copied()
            .collect::<Vec<_>>();
        if tile != encode_tile(&demanded) {
            self.changed_upper
                .get_or_insert(LedgerError::FileChanged { path: *path });
        }
    }

    fn verdict(self, checkpoint: &Checkpoint) -> Result<(), LedgerError> {
        if leads_to(&self.by_tiles, checkpoint) {
            let fault = self.changed_entry.or(self.changed_upper);
            return fault.map_or(Ok(()), Err);
        }
        let entries_hold = leads_to(&self.by_entries, checkpoint);
        let fault = self.changed_leaves.filter(|_| entries_hold);
        let size = checkpoint.size;
        Err(fault.unwrap_or(LedgerError::RootDiffers { size }))
    }
}

/// Whether the rebuilt log is the signed one. The size counts too: an unreadable file leaves the
/// rebuilt log shorter, and a dishonest signer could have signed the shorter root.
fn leads_to(rebuilt: &Edge, checkpoint: &Checkpoint) -> bool {
    rebuilt.size() == checkpoint.size && rebuilt.root() == checkpoint.root
}
