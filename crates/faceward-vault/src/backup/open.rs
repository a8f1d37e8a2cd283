//! A backup, opened and unpacked beside the place where it shall go.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::archive;
use super::stream::{Opener, Part, fault, invalid};
use super::{BackupFiles, BackupPhrases, DATABASE, EPOCHS, ROOT_KEY};
use crate::VaultError;
use crate::create::{create_for_owner, draft_beside, failed};
use crate::keys::{RootKey, destroy, sync_folder};

/// A backup whose two parts belong together and whose keys were read. The data are read, and found
/// whole or not, when it is unpacked.
pub struct Backup {
    files: BackupFiles,
    data_phrase: Zeroizing<String>,
    keys: Vec<(String, Zeroizing<Vec<u8>>)>,
}

impl Backup {
    /// Opens both parts.
    ///
    /// # Errors
    /// [`VaultError::NotABackup`], also when the two are not of one backup;
    /// [`VaultError::BackupPassphrase`], [`VaultError::File`].
    pub fn open(files: BackupFiles, phrases: BackupPhrases) -> Result<Self, VaultError> {
        let mut opener = begin(&files.keys, Part::Keys, &phrases.keys)?;
        let mut keys = Vec::new();
        archive::each(
            &mut opener,
            &mut |_| (),
            |name, length| match is_key(name) && length <= LONGEST_KEY {
                // Grown once, so that no outgrown copy of a key is left behind unwiped.
                true => Ok(Held(Zeroizing::new(Vec::with_capacity(
                    LONGEST_KEY as usize,
                )))),
                false => Err(invalid("it holds something that is no key of a ward")),
            },
            |name, held| {
                keys.push((name.to_owned(), held.0));
                Ok(())
            },
        )
        .map_err(|error| fault(&files.keys, error))?;
        let data = begin(&files.data, Part::Data, &phrases.data)?;
        if data.pair != opener.pair {
            return Err(VaultError::NotABackup {
                path: files.keys,
                why: "these are the keys of another backup; use the file with the same name as that of the data",
            });
        }
        Ok(Self {
            files,
            data_phrase: phrases.data,
            keys,
        })
    }

    /// Whether its root key asks for the passphrase of the vault as well.
    pub fn is_locked(&self) -> bool {
        let root = self.keys.iter().find(|(name, _)| name == ROOT_KEY);
        root.and_then(|(_, bytes)| std::str::from_utf8(bytes).ok())
            .is_some_and(RootKey::asks_for_passphrase)
    }

    /// Unpacks it into a draft beside `folder`, the folder of a ward to be. `moved` is told how many
    /// bytes were done, and of about how many.
    ///
    /// # Errors
    /// [`VaultError::Exists`], [`VaultError::Occupied`], [`VaultError::NotABackup`],
    /// [`VaultError::File`]; nothing is left of it then.
    pub fn unpack(
        &self,
        folder: &Path,
        mut moved: impl FnMut(u64, u64),
    ) -> Result<Unpacked, VaultError> {
        is_free(folder)?;
        let path = &self.files.data;
        let mut opener = begin(path, Part::Data, &self.data_phrase)?;
        let total = fs::metadata(path).map_err(failed(path))?.len();
        let draft = Unpacked::beside(folder)?;
        let mut done = 0;
        let mut count = |bytes| {
            done += bytes;
            moved(done, total);
        };
        archive::each(
            &mut opener,
            &mut count,
            |name, _| match name == DATABASE || !name.starts_with("vault/") {
                true => draft.file(name),
                false => Err(invalid(
                    "it holds something that is not of the data of a ward",
                )),
            },
            |_, file| file.sync_all(),
        )
        .map_err(|error| fault(path, error))?;
        for (name, bytes) in &self.keys {
            let write = || {
                let mut file = draft.file(name)?;
                file.write_all(bytes)?;
                file.sync_all()
            };
            write().map_err(failed(&draft.draft.join(name)))?;
        }
        Ok(draft)
    }
}

/// A ward that was unpacked and is not in its place yet; dropped, it is removed.
///
/// Killed meanwhile, it stays beside its place, named like it with `.new-` and eight digits, keys
/// and all; it can be deleted.
pub struct Unpacked {
    draft: PathBuf,
    folder: PathBuf,
    placed: bool,
}

impl Unpacked {
    fn beside(folder: &Path) -> Result<Self, VaultError> {
        let draft = draft_beside(folder)?;
        if let Some(above) = draft.parent() {
            fs::create_dir_all(above).map_err(failed(above))?;
        }
        create_for_owner(&draft).map_err(failed(&draft))?;
        Ok(Self {
            draft,
            folder: folder.to_owned(),
            placed: false,
        })
    }

    /// Where it lies for now.
    pub fn lies_in(&self) -> &Path {
        &self.draft
    }

    /// Puts it in its place, in one step. Nobody may have it open.
    ///
    /// # Errors
    /// As [`Backup::unpack`]; nothing is left of it then.
    pub fn place(mut self) -> Result<(), VaultError> {
        is_free(&self.folder)?;
        fs::rename(&self.draft, &self.folder).map_err(failed(&self.folder))?;
        self.placed = true;
        sync_folder(&self.draft).map_err(failed(&self.folder))
    }

    /// A new file in it for its owner alone, with the folders it lies in.
    fn file(&self, name: &str) -> io::Result<File> {
        let path = self.draft.join(name);
        let mut folder = self.draft.clone();
        for part in Path::new(name)
            .parent()
            .into_iter()
            .flat_map(Path::components)
        {
            folder.push(part);
            match create_for_owner(&folder) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        if self.placed {
            return;
        }
        // Keys first: overwritten, as far as that reaches.
        let vault = self.draft.join("vault");
        for folder in [vault.join("epochs"), vault] {
            for file in fs::read_dir(folder).into_iter().flatten().flatten() {
                if file
                    .path()
                    .extension()
                    .is_some_and(|ending| ending == "key")
                {
                    let _ = destroy(&file.path());
                }
            }
        }
        let _ = fs::remove_dir_all(&self.draft);
    }
}

const LONGEST_KEY: u64 = 1024;

/// Bytes of a key, as they come.
struct Held(Zeroizing<Vec<u8>>);

impl Write for Held {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn begin(path: &Path, part: Part, phrase: &str) -> Result<Opener<BufReader<File>>, VaultError> {
    let file = File::open(path).map_err(failed(path))?;
    Opener::begin(BufReader::new(file), path, part, phrase)
}

fn is_key(name: &str) -> bool {
    let epoch = |name: &str| {
        let number = name.strip_prefix(EPOCHS)?.strip_suffix(".key")?;
        number.parse::<u32>().ok()
    };
    [ROOT_KEY, "vault/ledger.key", "vault/receipt.key"].contains(&name) || epoch(name).is_some()
}

/// Whether a ward can be put there: the folder is empty, or not there.
fn is_free(folder: &Path) -> Result<(), VaultError> {
    if folder.join(DATABASE).exists() {
        return Err(VaultError::Exists(folder.to_owned()));
    }
    match fs::read_dir(folder) {
        Ok(mut inside) => match inside.next() {
            None => Ok(()),
            Some(_) => Err(VaultError::Occupied(folder.to_owned())),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(folder)(error)),
    }
}
