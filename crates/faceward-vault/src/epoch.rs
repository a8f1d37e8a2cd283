//! The epoch key: rotated when a person's key is removed, so that copies of that key die with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::Sqlite;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, QueryBuilder, SqliteConnection};

use crate::db::{CACHE_KIB, Shared};
use crate::keyring::{Keyring, Scope, keys_after};
use crate::keys::destroy;
use crate::seal::SealKey;
use crate::subjects::read_handle;
use crate::{Look, VaultError};

/// Wraps every surviving key under a new epoch key. The old one is destroyed after the commit, and
/// with it every copy of the keys that were just removed, wherever it lies.
pub(crate) async fn rotate(look: &mut Look) -> Result<(), VaultError> {
    // It touches every key, and pages that do not fit are written twice. Every other act touches a few, and would
    // only fill so large a cache with the past of the ledger.
    cache(look, 32 * 1024).await?;
    let rotated = rotate_within(look).await;
    cache(look, CACHE_KIB).await?;
    rotated
}

async fn cache(look: &mut Look, kib: u32) -> Result<(), VaultError> {
    let size = format!("PRAGMA cache_size = -{kib}");
    sqlx::query(AssertSqlSafe(size))
        .persistent(false)
        .execute(&mut *look.tx)
        .await?;
    Ok(())
}

async fn rotate_within(look: &mut Look) -> Result<(), VaultError> {
    let epoch = look.keyring.epoch + 1;
    let path = look.shared.paths.epoch_key(epoch);
    if path.exists() {
        set_aside(&path)?;
    }
    let key = Arc::new(SealKey::random()?);
    look.shared
        .root
        .write_wrapped(&path, &epoch_name(epoch), &key)?;
    let next = Keyring::unheld(epoch, key);
    rewrap(look, &next).await?;
    sqlx::query("UPDATE state SET epoch = $1")
        .bind(epoch)
        .execute(&mut *look.tx)
        .await?;
    look.keyring = next;
    Ok(())
}

/// Moves the key of an epoch that never came out of the way. Nothing tells whether an act that
/// never happened left it, or a newer database needs it in whose place an older one was restored;
/// so it is kept, as `7.key.unused-` and eight digits, and no opening destroys it.
fn set_aside(path: &Path) -> Result<(), VaultError> {
    let mut suffix = [0; 4];
    getrandom::fill(&mut suffix)?;
    let unused = format!("key.unused-{:08x}", u32::from_le_bytes(suffix));
    fs::rename(path, path.with_extension(unused)).map_err(|error| VaultError::File {
        path: path.to_owned(),
        error,
    })
}

async fn rewrap(look: &mut Look, next: &Keyring) -> Result<(), VaultError> {
    let mut page = keys_after(&mut look.tx, None).await?;
    while !page.is_empty() {
        let mut tags = Vec::new();
        for row in &mut page {
            let key = look.keyring.unwrap(row)?;
            row.wrapped = next.wrap(row.subject, &row.scope, &key)?;
            if let (Scope::RECORD, Some(name)) = (row.scope.as_str(), row.name.take()) {
                let handle = read_handle(&key, row.subject, &name)?;
                tags.push((row.subject, next.handle_tag(handle.as_str()), name));
            }
        }
        let mut keys = QueryBuilder::<Sqlite>::new("INSERT INTO sealing_key ");
        keys.push_values(&page, |mut row, key| {
            row.push_bind(key.subject.0.as_slice())
                .push_bind(&key.scope)
                .push_bind(&key.wrapped)
                .push_bind(&key.commitment);
        });
        keys.push(" ON CONFLICT (subject, scope) DO UPDATE SET wrapped = excluded.wrapped");
        keys.build()
            .persistent(false)
            .execute(&mut *look.tx)
            .await?;
        if !tags.is_empty() {
            let columns = "INSERT INTO subject (id, handle_tag, sealed) ";
            let mut subjects = QueryBuilder::<Sqlite>::new(columns);
            subjects.push_values(&tags, |mut row, (subject, tag, name)| {
                row.push_bind(subject.0.as_slice())
                    .push_bind(tag.as_slice())
                    .push_bind(name);
            });
            subjects.push(" ON CONFLICT (id) DO UPDATE SET handle_tag = excluded.handle_tag");
            subjects
                .build()
                .persistent(false)
                .execute(&mut *look.tx)
                .await?;
        }
        page = keys_after(&mut look.tx, page.last()).await?;
    }
    Ok(())
}

pub(crate) fn epoch_name(epoch: i64) -> String {
    format!("epoch {epoch}")
}

pub(crate) async fn epoch_in_force(tx: &mut SqliteConnection) -> Result<i64, VaultError> {
    let epoch = sqlx::query_scalar("SELECT epoch FROM state")
        .fetch_optional(tx)
        .await?;
    epoch.ok_or_else(|| VaultError::Damaged("it has no state row".to_owned()))
}

/// Destroys the keys of epochs before this committed one. Epochs only grow, so nobody can be about
/// to use one of them, and no lock is needed.
pub(crate) async fn destroy_before(shared: &Shared, epoch: i64) -> Result<(), VaultError> {
    for file in epoch_files(shared)? {
        if file.epoch < epoch {
            destroy(&file.path)?;
        }
    }
    empty_log(shared, Duration::ZERO).await;
    Ok(())
}

/// How many keys of epochs before this one are still there.
pub(crate) fn past_keys(shared: &Shared, epoch: i64) -> Result<u64, VaultError> {
    let past = |file: &EpochFile| file.epoch < epoch;
    Ok(epoch_files(shared)?.into_iter().filter(past).count() as u64)
}

/// Destroys the keys of epochs before the one in force, `epoch` when last looked, and files whose
/// writing was cut short: what a crash in a rotation leaves behind. The key of the epoch to come
/// stays, see [`set_aside`].
///
/// # Errors
/// [`VaultError::Damaged`] when the key in force is missing, or when there are keys that a crash
/// does not explain: then nothing is destroyed.
pub(crate) async fn sweep_epochs(shared: &Shared, epoch: i64) -> Result<(), VaultError> {
    if left_over(epoch_files(shared)?, epoch).is_ok_and(|left| left.is_empty()) {
        return Ok(());
    }
    // Under the write lock no rotation is under way whose files could be mistaken for left-overs.
    let mut tx = shared.acts.begin_with("BEGIN IMMEDIATE").await?;
    let epoch = epoch_in_force(&mut tx).await?;
    for file in left_over(epoch_files(shared)?, epoch)? {
        destroy(&file.path)?;
    }
    drop(tx);
    empty_log(shared, Duration::ZERO).await;
    Ok(())
}

/// Those of the files that a crash left behind, if they are the files of a vault in this epoch.
fn left_over(files: Vec<EpochFile>, epoch: i64) -> Result<Vec<EpochFile>, VaultError> {
    let mut keys = files.iter().filter(|file| file.whole);
    if !keys.clone().any(|key| key.epoch == epoch) {
        return Err(VaultError::Damaged(format!(
            "the key of its epoch {epoch} is missing"
        )));
    }
    if keys.any(|key| key.epoch > epoch + 1) {
        return Err(VaultError::Damaged(format!(
            "its database is of epoch {epoch}, but there are keys of later ones"
        )));
    }
    let left = |file: &EpochFile| file.epoch < epoch || !file.whole;
    Ok(files.into_iter().filter(left).collect())
}

/// `7.key`, or the `7.new` of a write that was cut short.
struct EpochFile {
    path: PathBuf,
    epoch: i64,
    whole: bool,
}

impl EpochFile {
    /// `None` for a file of any other name, which is not ours to destroy.
    fn named(path: PathBuf) -> Option<Self> {
        let epoch = path.file_stem()?.to_str()?.parse().ok()?;
        let whole = match path.extension()?.to_str()? {
            "key" => true,
            "new" => false,
            _ => return None,
        };
        Some(Self { path, epoch, whole })
    }
}

fn epoch_files(shared: &Shared) -> Result<Vec<EpochFile>, VaultError> {
    let folder = shared.paths.epochs();
    let list = || -> std::io::Result<Vec<_>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&folder)? {
            files.extend(EpochFile::named(entry?.path()));
        }
        Ok(files)
    };
    list().map_err(|error| VaultError::File {
        path: folder.clone(),
        error,
    })
}

/// Moves the log's pages into the database and empties the log. Waits no longer than it is told
/// to: while a look still needs the log this does nothing, and what lies in it are keys wrapped
/// under a dead epoch.
pub(crate) async fn empty_log(shared: &Shared, patience: Duration) {
    let options = (*shared.acts.connect_options()).clone();
    if let Ok(mut connection) = options.busy_timeout(patience).connect().await {
        let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&mut connection)
            .await;
        let _ = connection.close().await;
    }
}
