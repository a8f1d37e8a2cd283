//! The folder and its database: opened with checks, repaired after a crash.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use faceward_ledger::{Origin, SigningKey, VerifyingKey};
use sqlx::ConnectOptions;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use crate::epoch::{epoch_in_force, sweep_epochs};
use crate::keyring::Keyring;
use crate::keys::{Paths, RootKey};
use crate::ledger::{check_head, read_state};
use crate::migrate::migrate;
use crate::{Act, Look, Unlock, VaultError};

/// A folder of sealed rows, the keys that open them, and the ledger of what was done.
///
/// Cheap to clone; every clone is the same vault. Several processes may open one vault.
#[derive(Clone)]
pub struct Vault {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    /// For looking; these connections cannot write.
    pub(crate) looks: SqlitePool,
    /// For acting: one connection, so that acts of this process queue in order, and looks that are
    /// held meanwhile cannot keep an act from its connection.
    pub(crate) acts: SqlitePool,
    pub(crate) paths: Paths,
    pub(crate) root: RootKey,
    pub(crate) signer: SigningKey,
    pub(crate) epoch: Mutex<Option<Keyring>>,
}

pub(crate) const FORMAT: i64 = 4;
/// "FACE", in the header of the database.
pub(crate) const APPLICATION: i64 = 0x4641_4345;
const WAIT: Duration = Duration::from_secs(10);
const LOOKS: u32 = 4;
/// Pages of the database that a connection keeps in memory.
pub(crate) const CACHE_KIB: u32 = 2048;
/// Rows that a statement over everybody reads at once.
pub(crate) const PAGE: usize = 1000;

impl Vault {
    /// Whether `folder` holds a vault.
    pub fn exists(folder: &Path) -> bool {
        Paths(folder.to_owned()).database().exists()
    }

    /// What to say of a folder without a database.
    pub(crate) fn missing(folder: &Path) -> VaultError {
        if Paths(folder.to_owned()).root_key().exists() {
            VaultError::Damaged("its database vault.db is missing".to_owned())
        } else {
            VaultError::Missing(folder.to_owned())
        }
    }

    /// Whether opening the vault in `folder` takes a passphrase.
    ///
    /// # Errors
    /// [`VaultError::Missing`], [`VaultError::Damaged`] when only its database is missing,
    /// [`VaultError::KeyFile`], [`VaultError::File`].
    pub fn is_locked(folder: &Path) -> Result<bool, VaultError> {
        if !Self::exists(folder) {
            return Err(Self::missing(folder));
        }
        RootKey::is_locked(&Paths(folder.to_owned()).root_key())
    }

    /// Opens the vault in `folder`, brings an older format up to date, and completes a destruction
    /// of keys that a crash interrupted.
    ///
    /// # Errors
    /// [`VaultError::Missing`], [`VaultError::PassphraseNeeded`], [`VaultError::WrongPassphrase`],
    /// [`VaultError::KeyFile`], [`VaultError::Newer`], [`VaultError::Damaged`].
    pub async fn open(folder: &Path, unlock: &Unlock) -> Result<Self, VaultError> {
        if !Self::exists(folder) {
            return Err(Self::missing(folder));
        }
        let paths = Paths(folder.to_owned());
        let root = RootKey::load(&paths.root_key(), unlock)?;
        let options = options(&paths.database());
        let acts = pool(options.clone(), 1).await?;
        if check_format(&acts).await? < FORMAT {
            migrate(&acts, &paths, &root).await?;
        }
        let mut tx = acts.begin().await?;
        let state = read_state(&mut tx).await?;
        let origin: Origin = state.origin.parse()?;
        let seed = root.read_wrapped(&paths.ledger_key(), state.origin.as_str())?;
        let signer = SigningKey::from_seed(origin, seed.bytes());
        check_head(&mut tx, &state, &signer.verifier()).await?;
        drop(tx);
        let shared = Arc::new(Shared {
            looks: pool(options.pragma("query_only", "ON"), LOOKS).await?,
            acts,
            paths,
            root,
            signer,
            epoch: Mutex::new(None),
        });
        sweep_epochs(&shared, state.epoch).await?;
        let vault = Self { shared };
        vault.look().await?;
        Ok(vault)
    }

    /// Looks, without changing anything; sees one consistent moment.
    ///
    /// # Errors
    /// [`VaultError::Busy`] while too many others look, [`VaultError::File`],
    /// [`VaultError::KeyFile`], [`VaultError::Database`].
    pub async fn look(&self) -> Result<Look, VaultError> {
        let mut tried = None;
        loop {
            let mut tx = self.shared.looks.begin().await?;
            let epoch = epoch_in_force(&mut tx).await?;
            match Keyring::of(&self.shared, epoch) {
                Ok(keyring) => return Ok(Look::new(self.shared.clone(), tx, keyring)),
                // Since the moment seen here, another process may have rotated the epoch and
                // destroyed this key: look again, once for each epoch.
                Err(VaultError::File { .. } | VaultError::KeyFile { .. })
                    if tried != Some(epoch) =>
                {
                    tried = Some(epoch);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Begins an act. Dropped without [`Act::record`], it never happened. Acts wait for each other.
    ///
    /// # Errors
    /// [`VaultError::Busy`] after ten seconds of waiting, [`VaultError::Database`].
    pub async fn act(&self) -> Result<Act, VaultError> {
        let mut tx = self.shared.acts.begin_with("BEGIN IMMEDIATE").await?;
        let epoch = epoch_in_force(&mut tx).await?;
        let keyring = Keyring::of(&self.shared, epoch)?;
        Ok(Act::new(Look::new(self.shared.clone(), tx, keyring)))
    }

    /// The public key with which anyone can check the ledger's checkpoints.
    pub fn ledger_key(&self) -> VerifyingKey {
        self.shared.signer.verifier()
    }

    /// Closes the database in order. A vault that is only dropped loses nothing either.
    pub async fn close(self) {
        self.shared.looks.close().await;
        self.shared.acts.close().await;
    }
}

pub(crate) fn options(database: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(database)
        .journal_mode(SqliteJournalMode::Wal)
        // An answer is given only when its entry would survive a loss of power.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(WAIT)
        // Freed pages are zeroed, so that a deleted row does not linger in the file.
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", format!("-{CACHE_KIB}"))
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .row_buffer_size(PAGE)
        .disable_statement_logging()
}

pub(crate) async fn pool(
    options: SqliteConnectOptions,
    connections: u32,
) -> Result<SqlitePool, VaultError> {
    Ok(SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(WAIT)
        .connect_with(options)
        .await?)
}

/// The format of the database, if it is one this program reads.
async fn check_format(pool: &SqlitePool) -> Result<i64, VaultError> {
    let application: i64 = sqlx::query_scalar("PRAGMA application_id")
        .fetch_one(pool)
        .await?;
    if application != APPLICATION {
        let why = "its database was not made by this program";
        return Err(VaultError::Damaged(why.to_owned()));
    }
    let found: i64 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(pool)
        .await?;
    match found {
        1..=FORMAT => Ok(found),
        newer if newer > FORMAT => Err(VaultError::Newer {
            found,
            known: FORMAT,
        }),
        _ => Err(VaultError::Damaged(format!(
            "no version of this program wrote format {found}"
        ))),
    }
}
