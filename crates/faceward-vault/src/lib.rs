//! Where do sealed things lie, and who may open them?
//!
//! A [`Vault`] is a folder: a SQLite database whose personal rows are sealed, and beside it the
//! keys that open them. Four rules hold:
//!
//! - **Sealed.** Every template, consent, request and name lies under a key of its own person, templates
//!   under one key per person and purpose. Those keys lie wrapped under an *epoch key*, which lies
//!   outside the database, wrapped under the *root key*.
//! - **No opening without a permit.** [`Act::keep_template`] and [`Look::templates`] demand a
//!   [`faceward_law::Permit`] that covers person, purpose and operation.
//! - **No act without a record.** Changes are made inside an [`Act`]; only [`Act::record`] commits
//!   them, together with their ledger entry, and it alone makes a [`Receipt`].
//! - **Forgetting is destruction of a key.** [`Act::forget`] and [`Act::withdraw`] drop keys and
//!   rotate the epoch, so that copies of the database made earlier die with them. A rotation wraps
//!   every person's keys anew, so its cost grows with their number.
//!
//! | in the folder | what it is |
//! |---|---|
//! | `vault.db`, `-wal`, `-shm` | SQLite: sealed rows, and the ledger, which is not sealed |
//! | `root.key` | the root key, bare or under a passphrase; without it nothing opens |
//! | `epochs/7.key` | the key of epoch 7, wrapped; those of past epochs are destroyed |
//! | `epochs/8.key.unused-…` | a key that lay where the next one had to go; no database here needs it |
//! | `ledger.key` | the seed of the ledger's signing key, wrapped |
//! | `backup.lock`, `backup.db` | while a [backup](Vault::back_up) is made: that only one is, and its snapshot |
//! | `receipt.key` | the seed of the key that signs receipts, wrapped |
//!
//! A backup of `vault.db` is dead once the epoch it was made in is over. A backup of `epochs/` is
//! not, and whoever keeps one together with `root.key` undoes every forgetting since.
//!
//! Where an older backup is restored over a newer vault, the key of the next epoch may be that of
//! the newer database. It is never destroyed, only moved aside when its name is needed; once no
//! database that was set aside is wanted any more, `*.unused-*` can be deleted.

mod act;
mod backup;
mod circumstances;
mod consents;
mod create;
mod db;
mod declared;
mod desk;
mod ending;
mod epoch;
mod forget;
mod health;
mod keyring;
mod keys;
mod ledger;
mod look;
mod maps;
mod migrate;
mod moment;
mod record;
mod remains;
mod requests;
mod seal;
mod shelf;
mod subjects;
mod templates;
#[cfg(test)]
mod vectors;

pub use act::{Act, Receipt};
pub use backup::{BackedUp, Backup, BackupFiles, BackupPhrases, Unpacked};
pub use db::Vault;
pub use desk::{DeskId, Drawer, LinkPass, Pass};
pub use ending::Withdrawn;
pub use forget::{Forgotten, Traces};
pub use health::Health;
pub use keys::{Unlock, stretched};
pub use ledger::{EntryProof, ExportedLog, LedgerEntry};
pub use look::Look;
pub use maps::KeptMap;
pub use moment::Moment;
pub use record::{Committed, commitments, event_commitment, request_commitments};
pub use remains::{Searched, Wanted};
pub use shelf::{ReferenceId, Shelved};
pub use subjects::{Handle, Mark, Marker, Subject, commitment};
pub use templates::{Described, Reference};

use std::path::PathBuf;

/// What a caller can do about a vault that would not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is no vault in this folder yet.
    #[error("there is no vault in {0}; make one with `faceward init`")]
    Missing(PathBuf),
    /// There is a vault already.
    #[error("{0} already holds a vault; nothing was changed")]
    Exists(PathBuf),
    /// A vault cannot be made here, among other files.
    #[error("{0} holds other files; choose a new or an empty folder for the vault")]
    Occupied(PathBuf),
    /// A file could not be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// An act was recorded, but the past epoch key it should have destroyed is still there. The act
    /// stands, so its receipt is here.
    #[error(
        "the act is recorded, but the key it ended could not be destroyed ({path}: {error}); see that it can be removed, then open the vault again"
    )]
    NotDestroyed {
        /// The receipt of the act.
        receipt: Box<Receipt>,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A key file is not what it should be.
    #[error("{path} is not a usable key file: {why}")]
    KeyFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The root key is locked with a passphrase and none was given.
    #[error(
        "this vault is locked with a passphrase; give it with --passphrase-file or at the prompt"
    )]
    PassphraseNeeded,
    /// The passphrase does not open the root key.
    #[error("this passphrase does not open the vault")]
    WrongPassphrase,
    /// A passphrase that would not protect anything.
    #[error("this passphrase is too short; use at least 8 characters")]
    WeakPassphrase,
    /// A sealed row does not open: it was changed, or its key is gone.
    #[error("a sealed {0} does not open: it was changed, or its key was destroyed")]
    Unsealable(&'static str),
    /// A file is no usable part of a backup, or not this one.
    #[error("{path}: {why}")]
    NotABackup {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        why: &'static str,
    },
    /// The passphrase does not open this part of a backup.
    #[error(
        "this passphrase does not open {0}; the two files of a backup may have been given different ones"
    )]
    BackupPassphrase(PathBuf),
    /// Somebody left while the backup was made, so that it would keep what was destroyed.
    #[error(
        "somebody was forgotten or withdrew while the backup was made; it was thrown away, make it again"
    )]
    LeftMeanwhile,
    /// There is a file where a part of the backup would go.
    #[error("{0} is there already; nothing was overwritten: name another folder, or move it away")]
    BackupExists(PathBuf),
    /// The permit shown does not cover the act.
    #[error("the permit does not cover this act")]
    NotPermitted,
    /// No such person.
    #[error("nobody is known here as `{0}`")]
    UnknownSubject(String),
    /// No such consent on this person.
    #[error("there is no consent of this person to withdraw for `{0}`")]
    NoSuchConsent(String),
    /// No such request.
    #[error("there is no request {0}; `faceward request list` shows those there are")]
    NoSuchRequest(String),
    /// Somebody else has this handle.
    #[error("somebody is known here as `{0}` already; choose another handle")]
    HandleTaken(String),
    /// An account has this name already.
    #[error("an account has this name already; choose another")]
    NameTaken,
    /// A handle that cannot be used.
    #[error("`{0}` cannot be a handle: use 1 to 128 characters without control characters")]
    Handle(String),
    /// No identifier of a reference.
    #[error("`{0}` is no identifier of a reference: it has 32 hexadecimal digits, or is a UUID")]
    ReferenceId(String),
    /// Another process holds the vault for longer than we are ready to wait.
    #[error("another process is using the vault; try again in a moment")]
    Busy,
    /// The database was made by a newer version.
    #[error("the vault has format {found}, this program reads up to {known}; use a newer faceward")]
    Newer {
        /// Format of the database.
        found: i64,
        /// Newest format this program knows.
        known: i64,
    },
    /// What is stored contradicts itself.
    #[error("the vault is damaged: {0}; restore a backup, and keep the damaged copy as evidence")]
    Damaged(String),
    /// What would be recorded of a consent contradicts what is.
    #[error(transparent)]
    Law(#[from] faceward_law::LawError),
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] faceward_ledger::LedgerError),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(sqlx::Error),
    /// The system gave no random bytes.
    #[error("the system gave no random bytes: {0}")]
    Random(#[from] getrandom::Error),
}

impl From<sqlx::Error> for VaultError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error::{ColumnDecode, Decode, PoolTimedOut};
        match error {
            PoolTimedOut => Self::Busy,
            ColumnDecode { .. } | Decode(_) => Self::Damaged(error.to_string()),
            _ => match primary_code(&error) {
                Some(SQLITE_BUSY | SQLITE_LOCKED) => Self::Busy,
                Some(SQLITE_CORRUPT | SQLITE_NOTADB) => Self::Damaged(error.to_string()),
                _ => Self::Database(error),
            },
        }
    }
}

const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_CORRUPT: u32 = 11;
const SQLITE_NOTADB: u32 = 26;

/// SQLite's result code without its extension, which lies above the low byte
/// (sqlite.org/rescode.html).
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    Some(code.parse::<u32>().ok()? & 0xff)
}

/// 16 fresh random bytes.
fn random_id() -> Result<[u8; 16], VaultError> {
    let mut id = [0; 16];
    getrandom::fill(&mut id)?;
    Ok(id)
}
