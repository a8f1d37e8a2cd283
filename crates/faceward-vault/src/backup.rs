//! A copy of a vault to put away: the data in one file, what opens them in another, each under a
//! passphrase.
//!
//! The file of the data opens nothing personal without that of the keys. The file of the keys holds
//! the epoch key in force and no other: once somebody left, it opens nothing that was backed up
//! later, but it still opens what was backed up before. It has to be replaced, not collected.

mod archive;
mod open;
mod stream;
#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter};
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use zeroize::Zeroizing;

use crate::create::failed;
use crate::db::pool;
use crate::epoch::epoch_in_force;
use crate::health::check_stored;
use crate::keyring::Keyring;
use crate::keys::{destroy, read_key, strong_enough, sync_folder, write_new};
use crate::ledger::State;
use crate::{Look, Vault, VaultError, random_id};
use archive::Listed;
use stream::{Chance, Opener, Part, Sealer, fault};

pub use open::{Backup, Unpacked};

/// The two files of a backup. They are to be kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupFiles {
    /// Database and settings.
    pub data: PathBuf,
    /// What opens them.
    pub keys: PathBuf,
}

/// The passphrase of each of the two files; they may be the same.
pub struct BackupPhrases {
    /// Of the data.
    pub data: Zeroizing<String>,
    /// Of the keys.
    pub keys: Zeroizing<String>,
}

/// What was written, and read back again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// Length of the file of the data.
    pub data_bytes: u64,
    /// Length of the file of the keys.
    pub keys_bytes: u64,
    /// Entries in its ledger.
    pub entries: u64,
    /// The signed checkpoint over them.
    pub checkpoint: String,
}

const DATABASE: &str = "vault/vault.db";
const ROOT_KEY: &str = "vault/root.key";
const EPOCHS: &str = "vault/epochs/";
/// How often it is begun again when somebody leaves meanwhile.
const TRIES: u32 = 3;

impl Vault {
    /// Writes a backup of one consistent moment, whoever else acts meanwhile, and of the files
    /// `beside` the vault: the name each has in the ward, and where it lies. What was written is read
    /// back and held against what it was made from before it gets its name.
    ///
    /// `moved` is told how many bytes were done, and of how many. Killed on its way, this leaves at
    /// most a file `backup.db` in the vault, sealed like the database, which the next call removes,
    /// and files ending in `.new` where the backup was to go.
    ///
    /// # Errors
    /// [`VaultError::BackupExists`], [`VaultError::WeakPassphrase`], [`VaultError::LeftMeanwhile`],
    /// [`VaultError::Busy`] while another backup is made, [`VaultError::Damaged`] when what would be
    /// backed up does not hold together, [`VaultError::File`].
    pub async fn back_up(
        &self,
        beside: &[(String, PathBuf)],
        files: &BackupFiles,
        phrases: &BackupPhrases,
        mut moved: impl FnMut(u64, u64),
    ) -> Result<BackedUp, VaultError> {
        strong_enough(&phrases.data)?;
        strong_enough(&phrases.keys)?;
        for path in [&files.data, &files.keys] {
            if path.exists() {
                return Err(VaultError::BackupExists(path.clone()));
            }
        }
        // One at a time, so that what an earlier one left behind can be removed.
        let _alone = lock(&self.shared.paths.0.join("backup.lock"))?;
        let mut tries = 0;
        loop {
            tries += 1;
            match self.back_up_once(beside, files, phrases, &mut moved).await {
                Err(VaultError::LeftMeanwhile) if tries < TRIES => {}
                done => return done,
            }
        }
    }

    async fn back_up_once(
        &self,
        beside: &[(String, PathBuf)],
        files: &BackupFiles,
        phrases: &BackupPhrases,
        moved: &mut dyn FnMut(u64, u64),
    ) -> Result<BackedUp, VaultError> {
        let snapshot = Draft::at(self.shared.paths.0.join("backup.db"))?;
        let state = self.snapshot(&snapshot.0).await?;
        let keys = self.key_texts(&state).await?;
        let mut data = vec![(DATABASE.to_owned(), snapshot.0.clone())];
        data.extend_from_slice(beside);

        let total = 2 * lengths(&data)?;
        let mut done = 0;
        let mut count = |bytes: u64| {
            done += bytes;
            moved(done.min(total), total);
        };
        let pair = random_id()?;
        let drafts = [Draft::beside(&files.data)?, Draft::beside(&files.keys)?];
        let [data_draft, keys_draft] = &drafts;
        let listed = seal_to(&data_draft.0, Part::Data, &phrases.data, pair, |out| {
            put_files(out, &data, &mut count)
        })?;
        check_written(
            &data_draft.0,
            Part::Data,
            &phrases.data,
            &listed,
            &mut count,
        )?;
        let listed = seal_to(&keys_draft.0, Part::Keys, &phrases.keys, pair, |out| {
            put_texts(out, &keys)
        })?;
        check_written(
            &keys_draft.0,
            Part::Keys,
            &phrases.keys,
            &listed,
            &mut |_| (),
        )?;
        // A key destroyed meanwhile must not live on in what was just written.
        self.still_in(state.epoch).await?;
        let made = BackedUp {
            data_bytes: length(&data_draft.0)?,
            keys_bytes: length(&keys_draft.0)?,
            entries: state.size,
            checkpoint: state.checkpoint,
        };
        let [data_draft, keys_draft] = drafts;
        data_draft.place(&files.data)?;
        keys_draft.place(&files.keys).inspect_err(|_| {
            // Half a backup is none.
            let _ = fs::remove_file(&files.data);
        })?;
        Ok(made)
    }

    /// Writes the database as it is at one moment, without free pages, and checks what was written.
    async fn snapshot(&self, path: &Path) -> Result<State, VaultError> {
        // Not one of the connections for acts or looks, which nobody has to wait for then.
        let mut connection = (*self.shared.acts.connect_options())
            .clone()
            .connect()
            .await?;
        let name = path.to_str().ok_or_else(|| VaultError::File {
            path: path.to_owned(),
            error: io::Error::other("the database cannot be copied to a path that is not Unicode"),
        })?;
        sqlx::query("VACUUM INTO $1")
            .bind(name)
            .execute(&mut connection)
            .await?;
        connection.close().await?;

        let options = SqliteConnectOptions::new().filename(path).read_only(true);
        let copy = pool(options.disable_statement_logging(), 1).await?;
        let mut tx = copy.begin().await?;
        let epoch = epoch_in_force(&mut tx).await?;
        self.still_in(epoch).await?;
        let keyring = Keyring::of(&self.shared, epoch)?;
        let mut look = Look::new(self.shared.clone(), tx, keyring);
        let state = check_stored(&mut look).await?;
        drop(look);
        copy.close().await;
        Ok(state)
    }

    async fn still_in(&self, epoch: i64) -> Result<(), VaultError> {
        let mut connection = self.shared.looks.acquire().await?;
        match epoch_in_force(&mut connection).await? {
            now if now == epoch => Ok(()),
            _ => Err(VaultError::LeftMeanwhile),
        }
    }

    /// The key files that open a database in this state, by the name each has in the ward.
    async fn key_texts(
        &self,
        state: &State,
    ) -> Result<Vec<(String, Zeroizing<String>)>, VaultError> {
        let paths = &self.shared.paths;
        let epoch = read_key(&paths.epoch_key(state.epoch));
        if epoch.is_err() {
            self.still_in(state.epoch).await?;
        }
        Ok(vec![
            (ROOT_KEY.to_owned(), read_key(&paths.root_key())?),
            (
                "vault/ledger.key".to_owned(),
                read_key(&paths.ledger_key())?,
            ),
            (
                "vault/receipt.key".to_owned(),
                read_key(&paths.receipt_key())?,
            ),
            (format!("{EPOCHS}{}.key", state.epoch), epoch?),
        ])
    }
}

/// A file that is removed, overwritten first, unless it is put in its place.
struct Draft(PathBuf);

impl Draft {
    /// An empty file for its owner alone, in place of what an earlier attempt left.
    fn at(path: PathBuf) -> Result<Self, VaultError> {
        destroy(&path)?;
        write_new(&path, b"")?;
        Ok(Self(path))
    }

    fn beside(path: &Path) -> Result<Self, VaultError> {
        let mut draft = path.to_owned().into_os_string();
        draft.push(".new");
        Self::at(draft.into())
    }

    fn place(self, path: &Path) -> Result<(), VaultError> {
        if path.exists() {
            return Err(VaultError::BackupExists(path.to_owned()));
        }
        let placed = fs::rename(&self.0, path).and_then(|()| sync_folder(path));
        placed.map_err(failed(path))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Sealed, so that what cannot be removed gives nothing away.
        let _ = destroy(&self.0);
    }
}

fn lock(path: &Path) -> Result<File, VaultError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(failed(path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(VaultError::Busy),
        Err(fs::TryLockError::Error(error)) => Err(failed(path)(error)),
    }
}

fn length(path: &Path) -> Result<u64, VaultError> {
    Ok(fs::metadata(path).map_err(failed(path))?.len())
}

fn lengths(files: &[(String, PathBuf)]) -> Result<u64, VaultError> {
    files.iter().map(|(_, path)| length(path)).sum()
}

type Out = Sealer<BufWriter<File>>;

/// Writes one part into the draft at `path`, durable on return.
fn seal_to(
    path: &Path,
    part: Part,
    phrase: &str,
    pair: [u8; 16],
    fill: impl FnOnce(&mut Out) -> Result<Vec<Listed>, VaultError>,
) -> Result<Vec<Listed>, VaultError> {
    let file = OpenOptions::new().write(true).open(path);
    let file = BufWriter::new(file.map_err(failed(path))?);
    let mut out = Sealer::begin(file, part, phrase, pair, &Chance::random()?)?;
    let listed = fill(&mut out)?;
    let finish = || -> io::Result<()> {
        archive::end(&mut out)?;
        out.finish()?.into_inner()?.sync_all()
    };
    finish().map_err(failed(path))?;
    Ok(listed)
}

fn put_files(
    out: &mut Out,
    files: &[(String, PathBuf)],
    moved: &mut dyn FnMut(u64),
) -> Result<Vec<Listed>, VaultError> {
    let mut put = |(name, path): &(String, PathBuf)| {
        let mut file = File::open(path).map_err(failed(path))?;
        let length = file.metadata().map_err(failed(path))?.len();
        archive::put(out, name, length, &mut file, moved).map_err(failed(path))
    };
    files.iter().map(&mut put).collect()
}

fn put_texts(
    out: &mut Out,
    texts: &[(String, Zeroizing<String>)],
) -> Result<Vec<Listed>, VaultError> {
    let mut put = |(name, text): &(String, Zeroizing<String>)| {
        let mut bytes = text.as_bytes();
        let length = bytes.len() as u64;
        archive::put(out, name, length, &mut bytes, &mut |_| ()).map_err(failed(Path::new(name)))
    };
    texts.iter().map(&mut put).collect()
}

/// Opens what was written with the passphrase, as a restore would, and holds it against what went in.
fn check_written(
    path: &Path,
    part: Part,
    phrase: &str,
    expected: &[Listed],
    moved: &mut dyn FnMut(u64),
) -> Result<(), VaultError> {
    let file = BufReader::new(File::open(path).map_err(failed(path))?);
    let mut opener = Opener::begin(file, path, part, phrase)?;
    let found = archive::each(&mut opener, moved, |_, _| Ok(io::sink()), |_, _| Ok(()));
    if found.map_err(|error| fault(path, error))? == expected {
        return Ok(());
    }
    Err(VaultError::NotABackup {
        path: path.to_owned(),
        why: "what was written does not read back as it was; look after the disk and make it again",
    })
}
