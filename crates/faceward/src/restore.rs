//! Living again from a backup: all of it or nothing, and how old it is said plainly.

use std::path::Path;

use faceward_ledger::{
    Checkpoint, SignedCheckpoint, TileContent, TilePath, decode_bundle, leaf_hash,
};
use faceward_vault::{Backup, Look, Receipt, Unlock};

use crate::{Act, Entry, Event, EventOutcome, Home, Ward, WardError, check_folder};

/// A ward that lives again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Entries that the ledger of the backup had, each of them checked.
    pub entries: u64,
    /// What is known of the time after the backup.
    pub since: Since,
    /// Proof that the restoring was recorded, as the next entry.
    pub receipt: Receipt,
}

/// What a ledger kept elsewhere says of the time after a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// Nothing was compared.
    Unknown,
    /// The backup continues what was kept elsewhere: it is not older.
    Nothing,
    /// There were more entries, and what they recorded is lost: withdrawals and forgettings among
    /// them have to be done again.
    Missing {
        /// How many.
        entries: u64,
        /// They themselves, once it is proven that they continue the backup: where a whole ledger
        /// was given and not only its checkpoint.
        told: Option<Vec<Entry>>,
    },
}

/// Restores a backup into a home that has no ward. `later` is a checkpoint kept elsewhere, or a
/// folder with an exported ledger.
///
/// Killed on its way, it leaves a draft beside the home and no home.
///
/// # Errors
/// [`WardError::Vault`] when there is a ward, when the backup is not whole or does not open;
/// [`WardError::Ledger`], [`WardError::OtherPast`] when `later` is not of the same ledger. Nothing
/// is restored then.
pub async fn restore(
    backup: &Backup,
    home: &Home,
    unlock: &Unlock,
    later: Option<&Path>,
    moved: impl FnMut(u64, u64),
) -> Result<Restored, WardError> {
    let draft = backup.unpack(home.folder(), moved)?;
    let ward = Ward::open(&Home::at(draft.lies_in()), unlock).await?;
    let recorded = record(&ward, later).await;
    // Also where it failed: an open database would keep its draft from going.
    ward.close().await;
    let restored = recorded?;
    draft.place()?;
    Ok(restored)
}

/// Checks the ward in the draft, compares its ledger, and records the restoring.
async fn record(ward: &Ward, later: Option<&Path>) -> Result<Restored, WardError> {
    ward.health().await?;
    let entries = ward.audit().await?.entries;
    let since = match later {
        Some(path) => since(ward, path).await?,
        None => Since::Unknown,
    };
    let mut event = Event::new(ward.now(), Act::Restored, EventOutcome::Done);
    if let Since::Missing { .. } = since {
        event = event.because("entries-missing");
    }
    let receipt = ward.vault.act().await?.record(&event.to_bytes()).await?;
    Ok(Restored {
        entries,
        since,
        receipt,
    })
}

async fn since(ward: &Ward, path: &Path) -> Result<Since, WardError> {
    let key = ward.ledger_key();
    let exported = path.is_dir();
    let text = if exported {
        check_folder(path, &key)?.checkpoint
    } else {
        let path = path.to_owned();
        let read = std::fs::read_to_string(&path);
        let text = read.map_err(|error| WardError::File { path, error })?;
        // Copied from a screen, it may have lost or gained space around it.
        format!("{}\n", text.trim())
    };
    let kept = SignedCheckpoint::open(&text, &key)?;
    let mut look = ward.vault.look().await?;
    let (size, own) = look.head().await?;
    let own = SignedCheckpoint::open(&own, &key)?;
    if kept.size <= size {
        look.consistency(kept.size).await?.verify(&kept, &own)?;
        return Ok(Since::Nothing);
    }
    let told = match exported {
        true => Some(compare(&mut look, path, &kept, size).await?),
        false => None,
    };
    Ok(Since::Missing {
        entries: kept.size - size,
        told,
    })
}

/// Holds every entry of the backup against an exported ledger that was checked, and gives the entries
/// that follow.
async fn compare(
    look: &mut Look,
    folder: &Path,
    kept: &Checkpoint,
    size: u64,
) -> Result<Vec<Entry>, WardError> {
    let mut following = Vec::new();
    for tile in TilePath::all(kept.size) {
        if tile.content() != TileContent::Entries {
            continue;
        }
        let path = folder.join(tile.to_string());
        let bytes = std::fs::read(&path).map_err(|error| WardError::File { path, error })?;
        let exported = decode_bundle(&bytes, tile.width())?;
        let own = look.entries(tile.positions()).await?;
        let mut own = own.iter();
        for (position, entry) in tile.positions().zip(exported) {
            match own.next() {
                Some(own) if leaf_hash(&own.bytes) == leaf_hash(entry) => {}
                None if position >= size => following.push(Entry {
                    position,
                    event: Event::parse(entry).ok_or(WardError::Entry { position })?,
                }),
                _ => return Err(WardError::OtherPast(position)),
            }
        }
    }
    Ok(following)
}
