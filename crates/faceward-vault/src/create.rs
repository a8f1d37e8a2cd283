//! A vault is made whole, beside its place, and then put there in one step.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use faceward_ledger::{Checkpoint, Hash, SigningKey};

use crate::db::{APPLICATION, FORMAT, options, pool};
use crate::epoch::epoch_name;
use crate::keys::{Paths, RootKey, sync_folder, write_new};
use crate::migrate::{SCHEMA, write_receipt_key};
use crate::seal::SealKey;
use crate::{Unlock, Vault, VaultError};

impl Vault {
    /// Makes a vault in `folder`, all of it or nothing. The folder may exist if it is empty.
    ///
    /// Killed on its way, it leaves a draft beside the folder, named like it with `.new-` and eight
    /// digits at the end. Nothing tells such a draft from that of another process at work, so the
    /// next call leaves it; while no vault is being made it can be deleted.
    ///
    /// # Errors
    /// [`VaultError::Exists`] when there is one already, [`VaultError::Occupied`] when the folder
    /// holds something else, [`VaultError::Damaged`] when it holds the keys of a vault without its
    /// database, [`VaultError::WeakPassphrase`], [`VaultError::File`].
    pub async fn create(folder: &Path, unlock: &Unlock) -> Result<Self, VaultError> {
        if Self::exists(folder) {
            return Err(VaultError::Exists(folder.to_owned()));
        }
        let draft = draft_beside(folder)?;
        let built = build(&draft, unlock).await;
        let placed = built.and_then(|()| place(&draft, folder));
        if placed.is_err() {
            // The draft holds keys of a vault that never was; nothing depends on its removal.
            let _ = fs::remove_dir_all(&draft);
        }
        placed?;
        Self::open(folder, unlock).await
    }
}

/// A name next to `folder` that nobody else uses.
pub(crate) fn draft_beside(folder: &Path) -> Result<PathBuf, VaultError> {
    let whole = std::path::absolute(folder).map_err(failed(folder))?;
    let mut suffix = [0; 4];
    getrandom::fill(&mut suffix)?;
    // Taken apart and put together again, a path loses the slash at its end.
    let mut draft = whole.components().collect::<PathBuf>().into_os_string();
    draft.push(format!(".new-{:08x}", u32::from_le_bytes(suffix)));
    Ok(draft.into())
}

fn place(draft: &Path, folder: &Path) -> Result<(), VaultError> {
    match fs::rename(draft, folder) {
        Ok(()) => sync_folder(draft).map_err(failed(folder)),
        Err(_) if Vault::exists(folder) => Err(VaultError::Exists(folder.to_owned())),
        Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Err(occupied(folder)),
        Err(error) => Err(failed(folder)(error)),
    }
}

fn occupied(folder: &Path) -> VaultError {
    match Vault::missing(folder) {
        VaultError::Missing(folder) => VaultError::Occupied(folder),
        damaged => damaged,
    }
}

/// Writes a whole, empty vault into `draft`.
async fn build(draft: &Path, unlock: &Unlock) -> Result<(), VaultError> {
    let paths = Paths(draft.to_owned());
    if let Some(above) = draft.parent() {
        fs::create_dir_all(above).map_err(failed(above))?;
    }
    create_for_owner(draft).map_err(failed(draft))?;
    create_for_owner(&paths.epochs()).map_err(failed(draft))?;

    let root = RootKey::create(&paths.root_key(), unlock)?;
    root.write_wrapped(&paths.epoch_key(1), &epoch_name(1), &SealKey::random()?)?;
    let mut tag = [0; 8];
    getrandom::fill(&mut tag)?;
    let origin = format!("faceward.ledger/{:016x}", u64::from_le_bytes(tag));
    let seed = SealKey::random()?;
    root.write_wrapped(&paths.ledger_key(), &origin, &seed)?;

    write_receipt_key(&paths, &root)?;

    let signer = SigningKey::from_seed(origin.parse()?, seed.bytes());
    write_new(&paths.database(), b"")?;
    write_schema(&paths, &signer).await
}

async fn write_schema(paths: &Paths, signer: &SigningKey) -> Result<(), VaultError> {
    let root = Hash::of_empty_log();
    let empty = Checkpoint {
        origin: signer.name().clone(),
        size: 0,
        root,
    };
    let pool = pool(options(&paths.database()), 1).await?;
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    for step in SCHEMA {
        sqlx::raw_sql(step).execute(&mut *tx).await?;
    }
    sqlx::query("INSERT INTO state (id, origin, epoch, size, root, checkpoint) VALUES (1, $1, 1, 0, $2, $3)")
        .bind(signer.name().to_string())
        .bind(root.as_bytes().as_slice())
        .bind(signer.sign(&empty)?.as_str())
        .execute(&mut *tx)
        .await?;
    for (pragma, value) in [("user_version", FORMAT), ("application_id", APPLICATION)] {
        // Both are our own constants; a pragma takes no parameters.
        let statement = sqlx::AssertSqlSafe(format!("PRAGMA {pragma} = {value}"));
        sqlx::query(statement).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    pool.close().await;
    Ok(())
}

pub(crate) fn create_for_owner(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

pub(crate) fn failed(path: &Path) -> impl FnOnce(io::Error) -> VaultError {
    let path = path.to_owned();
    move |error| VaultError::File { path, error }
}
