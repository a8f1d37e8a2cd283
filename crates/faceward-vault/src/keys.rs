//! The keys that lie outside the database: one root key, one epoch key, the ledger's signing key.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use zeroize::Zeroizing;

use crate::VaultError;
use crate::seal::{Bound, SealKey};

/// How the root key is protected.
pub enum Unlock {
    /// By the owner-only rights of its file.
    File,
    /// By a passphrase as well (Argon2id).
    Passphrase(Zeroizing<String>),
}

/// Argon2id cost: 64 MiB, 3 passes, 1 lane (OWASP's and RFC 9106's second recommendation).
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// The same, as the header of a backup names it: KiB, passes, lanes.
pub(crate) const COST: [u32; 3] = [MEMORY_KIB, PASSES, 1];
const SHORTEST_PASSPHRASE: usize = 8;

/// The key above all others; everything personal is lost without it.
pub(crate) struct RootKey(SealKey);

impl RootKey {
    /// Makes a root key and writes it, readable by its owner only.
    pub(crate) fn create(path: &Path, unlock: &Unlock) -> Result<Self, VaultError> {
        let key = SealKey::random()?;
        let line = match unlock {
            Unlock::File => raw_line(&key),
            Unlock::Passphrase(phrase) => {
                strong_enough(phrase)?;
                let mut salt = [0; 16];
                getrandom::fill(&mut salt)?;
                let sealed = stretch(phrase, &salt)?.seal(&locked_root(), key.bytes())?;
                let (salt, sealed) = (BASE64.encode(salt), BASE64.encode(sealed));
                Zeroizing::new(format!("{LOCKED} {salt} {sealed}\n"))
            }
        };
        write_new(path, line.as_bytes())?;
        Ok(Self(key))
    }

    /// Reads the root key.
    ///
    /// # Errors
    /// [`VaultError::PassphraseNeeded`], [`VaultError::WrongPassphrase`] or
    /// [`VaultError::KeyFile`].
    pub(crate) fn load(path: &Path, unlock: &Unlock) -> Result<Self, VaultError> {
        let text = read_key(path)?;
        let unusable = |why| VaultError::KeyFile {
            path: path.to_owned(),
            why,
        };
        if let Some(encoded) = text.trim_end().strip_prefix(RAW) {
            let bytes = decode(encoded).ok_or_else(|| unusable("its key is not base64"))?;
            let key =
                SealKey::from_bytes(&bytes).ok_or_else(|| unusable("its key is not 32 bytes"))?;
            return Ok(Self(key));
        }
        let locked = text.trim_end().strip_prefix(LOCKED);
        let (salt, sealed) = locked
            .and_then(|rest| rest.trim_start().split_once(' '))
            .and_then(|(salt, sealed)| Some((decode(salt)?, decode(sealed)?)))
            .ok_or_else(|| unusable("it begins with no form this version knows"))?;
        let Unlock::Passphrase(phrase) = unlock else {
            return Err(VaultError::PassphraseNeeded);
        };
        let opened = stretch(phrase, &salt)?
            .open(&locked_root(), &sealed)
            .map_err(|_| VaultError::WrongPassphrase)?;
        let key =
            SealKey::from_bytes(&opened).ok_or_else(|| unusable("its key is not 32 bytes"))?;
        Ok(Self(key))
    }

    /// Whether the file at `path` asks for a passphrase.
    pub(crate) fn is_locked(path: &Path) -> Result<bool, VaultError> {
        Ok(Self::asks_for_passphrase(&read_key(path)?))
    }

    /// Whether a root key file with this text asks for a passphrase.
    pub(crate) fn asks_for_passphrase(text: &str) -> bool {
        text.starts_with(LOCKED)
    }

    /// 32 bytes that follow from the root key, a label and an input.
    pub(crate) fn derive(&self, label: &[u8], input: &[u8]) -> Zeroizing<[u8; 32]> {
        self.0.derive(label, input)
    }

    /// Writes a secret under the root key, in a new file readable by its owner only.
    pub(crate) fn write_wrapped(
        &self,
        path: &Path,
        name: &str,
        secret: &SealKey,
    ) -> Result<(), VaultError> {
        let bound = Bound::new("key", &[name.as_bytes()]);
        let sealed = self.0.seal(&bound, secret.bytes())?;
        write_new(
            path,
            format!("{WRAPPED} {}\n", BASE64.encode(sealed)).as_bytes(),
        )
    }

    /// Reads a secret written by [`Self::write_wrapped`] under the same name.
    pub(crate) fn read_wrapped(&self, path: &Path, name: &str) -> Result<SealKey, VaultError> {
        let unusable = |why| VaultError::KeyFile {
            path: path.to_owned(),
            why,
        };
        let text = read_key(path)?;
        let sealed = text
            .trim_end()
            .strip_prefix(WRAPPED)
            .and_then(decode)
            .ok_or_else(|| unusable("it begins with no form this version knows"))?;
        let bound = Bound::new("key", &[name.as_bytes()]);
        let opened = self.0.open(&bound, &sealed);
        let opened = opened.map_err(|_| unusable("the root key of this vault does not open it"))?;
        SealKey::from_bytes(&opened).ok_or_else(|| unusable("its key is not 32 bytes"))
    }
}

const RAW: &str = "faceward-root-key-v1 raw";
const LOCKED: &str = "faceward-root-key-v1 argon2id-m65536-t3-p1";
const WRAPPED: &str = "faceward-wrapped-key-v1";

fn raw_line(key: &SealKey) -> Zeroizing<String> {
    let encoded = Zeroizing::new(BASE64.encode(key.bytes()));
    let mut line = Zeroizing::new(String::with_capacity(RAW.len() + 2 + encoded.len()));
    for part in [RAW, " ", &encoded, "\n"] {
        line.push_str(part);
    }
    line
}

fn locked_root() -> Bound {
    Bound::new("root key", &[])
}

/// Where the files of a vault lie.
#[derive(Clone)]
pub(crate) struct Paths(pub(crate) PathBuf);

impl Paths {
    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("vault.db")
    }

    pub(crate) fn root_key(&self) -> PathBuf {
        self.0.join("root.key")
    }

    pub(crate) fn ledger_key(&self) -> PathBuf {
        self.0.join("ledger.key")
    }

    pub(crate) fn receipt_key(&self) -> PathBuf {
        self.0.join("receipt.key")
    }

    pub(crate) fn epochs(&self) -> PathBuf {
        self.0.join("epochs")
    }

    pub(crate) fn epoch_key(&self, epoch: i64) -> PathBuf {
        self.epochs().join(format!("{epoch}.key"))
    }
}

/// Overwrites a key file, makes that durable, and removes it.
///
/// What a drive or a snapshotting file system keeps of the old blocks is beyond a program's reach
/// (SECURITY.md says so).
pub(crate) fn destroy(path: &Path) -> Result<(), VaultError> {
    let overwrite = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).open(path)?;
        let length = file.metadata()?.len();
        std::io::copy(&mut std::io::repeat(0).take(length), &mut file)?;
        file.sync_all()?;
        fs::remove_file(path)?;
        sync_folder(path)
    };
    match overwrite() {
        // Another process was quicker.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done.map_err(|error| VaultError::File {
            path: path.to_owned(),
            error,
        }),
    }
}

/// Writes a file that must not exist yet, readable by its owner only, durable on return; a crash
/// leaves either no file or a whole one.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let attempt = || -> std::io::Result<()> {
        if path.exists() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let unfinished = path.with_extension("new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        sync_folder(path)
    };
    attempt().map_err(|error| VaultError::File {
        path: path.to_owned(),
        error,
    })
}

/// Makes the entry of this path in its folder durable.
pub(crate) fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Reads a key file as it is.
pub(crate) fn read_key(path: &Path) -> Result<Zeroizing<String>, VaultError> {
    const LONGEST: u64 = 1024;
    // Grown once, so that no outgrown copy of a key is left behind unwiped.
    let mut text = Zeroizing::new(String::with_capacity(LONGEST as usize));
    let read = File::open(path).and_then(|file| file.take(LONGEST).read_to_string(&mut text));
    let path = path.to_owned();
    match read {
        Ok(_) => Ok(text),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(VaultError::KeyFile {
            path,
            why: "it is missing; put back its backup",
        }),
        Err(error) => Err(VaultError::File { path, error }),
    }
}

pub(crate) fn strong_enough(phrase: &str) -> Result<(), VaultError> {
    if phrase.chars().count() < SHORTEST_PASSPHRASE {
        return Err(VaultError::WeakPassphrase);
    }
    Ok(())
}

/// 32 bytes that follow from a password and a salt, at the cost of the vault's own passphrase: 64
/// MiB, so that guessing is dear. Takes a tenth of a second of a core or more.
///
/// # Errors
/// [`VaultError::WrongPassphrase`] for a salt or a password that Argon2id does not take.
pub fn stretched(password: &str, salt: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    Ok(Zeroizing::new(*stretch(password, salt)?.bytes()))
}

pub(crate) fn stretch(phrase: &str, salt: &[u8]) -> Result<SealKey, VaultError> {
    let mut key = Zeroizing::new([0; 32]);
    let derived = Params::new(MEMORY_KIB, PASSES, 1, Some(32))
        .map(|params| Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
        .and_then(|argon| argon.hash_password_into(phrase.as_bytes(), salt, key.as_mut_slice()));
    match (derived, SealKey::from_bytes(key.as_slice())) {
        (Ok(()), Some(key)) => Ok(key),
        _ => Err(VaultError::WrongPassphrase),
    }
}

fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    BASE64.decode(text.trim()).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::KEY;

    fn stored(name: &str) -> PathBuf {
        let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/vault");
        vectors.join(name)
    }

    #[test]
    fn key_files_of_version_1_still_open() {
        let raw = RootKey::load(&stored("root-raw-v1.key"), &Unlock::File).unwrap();
        assert_eq!(raw.0.bytes(), &KEY);
        let phrase = Unlock::Passphrase("correct horse battery staple".to_owned().into());
        let locked = RootKey::load(&stored("root-argon2id-v1.key"), &phrase).unwrap();
        assert_eq!(locked.0.bytes(), &KEY);
        let wrapped = raw
            .read_wrapped(&stored("wrapped-v1.key"), "epoch 7")
            .unwrap();
        assert_eq!(wrapped.bytes(), &[0x37; 32]);
        assert!(
            raw.read_wrapped(&stored("wrapped-v1.key"), "epoch 8")
                .is_err()
        );
    }

    #[test]
    fn an_unlocked_root_key_is_written_as_in_version_1() {
        let key = SealKey::from_bytes(&KEY).unwrap();
        let line = fs::read_to_string(stored("root-raw-v1.key")).unwrap();
        assert_eq!(*raw_line(&key), line);
    }
}
