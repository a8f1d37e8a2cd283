//! The folder and its database: made in one step, opened with checks, repaired after a crash.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use faceward_ledger::{Checkpoint, Hash, Origin, SigningKey, VerifyingKey};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use crate::keyring::{Keyring, sweep_epochs};
use crate::keys::{Paths, RootKey};
use crate::ledger::{check_head, read_state};
use crate::seal::SealKey;
use crate::{Act, Look, Unlock, VaultError};

/// A folder of sealed rows, the keys that open them, and the ledger of what was done.
///
/// Cheap to clone; every clone is the same vault. Several processes may open one vault.
#[derive(Clone)]
pub struct Vault {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) pool: SqlitePool,
    pub(crate) paths: Paths,
    pub(crate) root: RootKey,
    pub(crate) signer: SigningKey,
    pub(crate) epoch: Mutex<Option<(i64, Arc<SealKey>)>>,
}

/// What [`Vault::health`] found; the check itself fails on damage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Persons held.
    pub subjects: u64,
    /// References held, over all purposes.
    pub templates: u64,
    /// Consent records held, live or not.
    pub consents: u64,
    /// Entries in the ledger.
    pub entries: u64,
    /// How many times the epoch key was rotated, plus one.
    pub epoch: u64,
    /// Whether the root key asks for a passphrase.
    pub passphrase: bool,
    /// Files of the vault that others than their owner may read.
    pub exposed: Vec<PathBuf>,
}

const FORMAT: i64 = 1;
const APPLICATION: i64 = 0x4641_4345;
const WAIT: Duration = Duration::from_secs(10);

impl Vault {
    /// Makes a vault in `folder`, all of it or nothing.
    ///
    /// # Errors
    /// [`VaultError::Exists`] when there is one already, [`VaultError::WeakPassphrase`],
    /// [`VaultError::File`].
    pub async fn create(folder: &Path, unlock: &Unlock) -> Result<Self, VaultError> {
        if Self::exists(folder) {
            return Err(VaultError::Exists(folder.to_owned()));
        }
        let mut suffix = [0; 4];
        getrandom::fill(&mut suffix)?;
        let mut draft = folder.as_os_str().to_owned();
        draft.push(format!(".new-{:08x}", u32::from_le_bytes(suffix)));
        let draft = PathBuf::from(draft);
        let built = build(&draft, unlock).await;
        let moved = match built {
            Ok(()) => fs::rename(&draft, folder).map_err(|error| {
                if Self::exists(folder) {
                    VaultError::Exists(folder.to_owned())
                } else {
                    VaultError::File {
                        path: folder.to_owned(),
                        error,
                    }
                }
            }),
            Err(error) => Err(error),
        };
        if moved.is_err() {
            // The draft holds keys of a vault that never was; nothing depends on its removal.
            let _ = fs::remove_dir_all(&draft);
        }
        moved?;
        Self::open(folder, unlock).await
    }

    /// Whether `folder` holds a vault.
    pub fn exists(folder: &Path) -> bool {
        Paths(folder.to_owned()).database().exists()
    }

    /// Whether opening the vault in `folder` takes a passphrase.
    ///
    /// # Errors
    /// [`VaultError::Missing`], [`VaultError::File`].
    pub fn is_locked(folder: &Path) -> Result<bool, VaultError> {
        if !Self::exists(folder) {
            return Err(VaultError::Missing(folder.to_owned()));
        }
        RootKey::is_locked(&Paths(folder.to_owned()).root_key())
    }

    /// Opens the vault in `folder` and completes a destruction of keys that a crash interrupted.
    ///
    /// # Errors
    /// [`VaultError::Missing`], [`VaultError::PassphraseNeeded`], [`VaultError::WrongPassphrase`],
    /// [`VaultError::KeyFile`], [`VaultError::Newer`], [`VaultError::Damaged`].
    pub async fn open(folder: &Path, unlock: &Unlock) -> Result<Self, VaultError> {
        if !Self::exists(folder) {
            return Err(VaultError::Missing(folder.to_owned()));
        }
        let paths = Paths(folder.to_owned());
        let root = RootKey::load(&paths.root_key(), unlock)?;
        let pool = pool(&paths.database(), false).await?;
        let found: i64 = sqlx::query_scalar("PRAGMA user_version")
            .fetch_one(&pool)
            .await?;
        if found > FORMAT {
            return Err(VaultError::Newer {
                found,
                known: FORMAT,
            });
        }
        let mut tx = pool.begin().await?;
        let state = read_state(&mut tx).await?;
        let origin: Origin = state.origin.parse()?;
        let seed = root.read_wrapped(&paths.ledger_key(), state.origin.as_str())?;
        let signer = SigningKey::from_seed(origin, seed.bytes());
        check_head(&mut tx, &state, &signer.verifier()).await?;
        drop(tx);
        let shared = Arc::new(Shared {
            pool,
            paths,
            root,
            signer,
            epoch: Mutex::new(None),
        });
        sweep_epochs(&shared).await?;
        Ok(Self { shared })
    }

    /// Looks, without changing anything; sees one consistent moment.
    ///
    /// # Errors
    /// [`VaultError::Busy`], [`VaultError::Database`].
    pub async fn look(&self) -> Result<Look, VaultError> {
        // Between reading the epoch and its key, another process may rotate it: look again.
        for _ in 0..8 {
            let mut tx = self.shared.pool.begin().await?;
            match Keyring::of(&self.shared, &mut tx).await {
                Ok(keyring) => return Ok(Look::new(self.shared.clone(), tx, keyring)),
                Err(VaultError::File { .. }) => continue,
                Err(error) => return Err(error),
            }
        }
        Err(VaultError::Damaged(
            "the epoch key it names is missing".to_owned(),
        ))
    }

    /// Begins an act. Dropped without [`Act::record`], it never happened. Acts wait for each other.
    ///
    /// # Errors
    /// [`VaultError::Busy`] after ten seconds of waiting, [`VaultError::Database`].
    pub async fn act(&self) -> Result<Act, VaultError> {
        let mut tx = self.shared.pool.begin_with("BEGIN IMMEDIATE").await?;
        let keyring = Keyring::of(&self.shared, &mut tx).await?;
        Ok(Act::new(Look::new(self.shared.clone(), tx, keyring)))
    }

    /// The public key with which anyone can check the ledger's checkpoints.
    pub fn ledger_key(&self) -> VerifyingKey {
        self.shared.signer.verifier()
    }

    /// Checks the database and the head of the ledger, and counts what is held.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when the database or the ledger's head does not hold together.
    pub async fn health(&self) -> Result<Health, VaultError> {
        let report: String = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_one(&self.shared.pool)
            .await?;
        if report != "ok" {
            return Err(VaultError::Damaged(report));
        }
        let mut tx = self.shared.pool.begin().await?;
        let state = read_state(&mut tx).await?;
        check_head(&mut tx, &state, &self.ledger_key()).await?;
        let mut counts = [0u64; 3];
        for (count, sql) in counts.iter_mut().zip(COUNTS) {
            let rows: i64 = sqlx::query_scalar(sql).fetch_one(&mut *tx).await?;
            *count = rows.unsigned_abs();
        }
        let [subjects, templates, consents] = counts;
        Ok(Health {
            subjects,
            templates,
            consents,
            entries: state.size,
            epoch: state.epoch.unsigned_abs(),
            passphrase: RootKey::is_locked(&self.shared.paths.root_key())?,
            exposed: exposed(&self.shared.paths),
        })
    }

    /// Closes the database in order. A vault that is only dropped loses nothing either.
    pub async fn close(self) {
        self.shared.pool.close().await;
    }
}

static COUNTS: [&str; 3] = [
    "SELECT count(*) FROM subject",
    "SELECT count(*) FROM template",
    "SELECT count(*) FROM consent",
];

/// Writes a whole, empty vault into `draft`.
async fn build(draft: &Path, unlock: &Unlock) -> Result<(), VaultError> {
    let paths = Paths(draft.to_owned());
    let epochs = paths.epochs();
    let failed = |error| VaultError::File {
        path: epochs.clone(),
        error,
    };
    fs::create_dir_all(&epochs).map_err(failed)?;
    owner_only(draft).map_err(failed)?;

    let root = RootKey::create(&paths.root_key(), unlock)?;
    root.write_wrapped(&paths.epoch_key(1), &epoch_name(1), &SealKey::random()?)?;
    let mut tag = [0; 8];
    getrandom::fill(&mut tag)?;
    let origin = format!("faceward.ledger/{:016x}", u64::from_le_bytes(tag));
    let seed = SealKey::random()?;
    root.write_wrapped(&paths.ledger_key(), &origin, &seed)?;

    let signer = SigningKey::from_seed(origin.parse()?, seed.bytes());
    let root_hash = Hash::of_empty_log();
    let empty = Checkpoint {
        origin: signer.name().clone(),
        size: 0,
        root: root_hash,
    };
    let pool = pool(&paths.database(), true).await?;
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::raw_sql(include_str!("schema/0001.sql"))
        .execute(&mut *tx)
        .await?;
    sqlx::query("INSERT INTO state VALUES (1, $1, 1, 0, $2, $3)")
        .bind(&origin)
        .bind(root_hash.as_bytes().as_slice())
        .bind(signer.sign(&empty)?.as_str())
        .execute(&mut *tx)
        .await?;
    sqlx::query("PRAGMA user_version = 1")
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    pool.close().await;
    Ok(())
}

async fn pool(database: &Path, create: bool) -> Result<SqlitePool, VaultError> {
    if create {
        crate::keys::write_new(database, b"")?;
    }
    let options = SqliteConnectOptions::new()
        .filename(database)
        .journal_mode(SqliteJournalMode::Wal)
        // An answer is given only when its entry would survive a loss of power.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(WAIT)
        // Freed pages are zeroed, so that a deleted row does not linger in the file.
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        .pragma("trusted_schema", "OFF")
        .pragma("application_id", APPLICATION.to_string());
    Ok(SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(WAIT)
        .connect_with(options)
        .await?)
}

pub(crate) fn epoch_name(epoch: i64) -> String {
    format!("epoch {epoch}")
}

#[cfg(unix)]
fn owner_only(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn owner_only(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn exposed(paths: &Paths) -> Vec<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let files = [
        paths.0.clone(),
        paths.root_key(),
        paths.ledger_key(),
        paths.database(),
    ];
    let open =
        |path: &PathBuf| fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o077 != 0);
    files.into_iter().filter(open).collect()
}

#[cfg(not(unix))]
fn exposed(_: &Paths) -> Vec<PathBuf> {
    Vec::new()
}
