//! A copy of the database, made as a backup would be, and attempts to open it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use faceward::{Decision, Home, Outcome, Purpose, ReferenceId, Unlock, Ward, WardError};

use super::cast::Cast;
use super::folder::copy_folder;
use super::photo::OBAMA_SPEAKING;

/// A copy of a ward's database, without the keys that lie beside it.
pub(super) struct Backup {
    folder: PathBuf,
    /// The epoch whose key the copy asks for.
    epoch: u64,
}

/// Under which name the epoch key of today is laid beside the copy.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyName {
    /// Its own.
    Own,
    /// That of the key the copy asks for.
    AskedFor,
}

impl Backup {
    /// Copies the database of a ward that nobody has open.
    pub(super) fn take(home: &Home, epoch: u64, folder: PathBuf) -> anyhow::Result<Self> {
        let context = || format!("cannot make a copy in {}", folder.display());
        fs::create_dir_all(&folder).with_context(context)?;
        fs::copy(home.vault().join(DATABASE), folder.join(DATABASE)).with_context(context)?;
        Ok(Self { folder, epoch })
    }

    /// Lays the keys of `home` as they are now beside a copy of the copy, and verifies with it.
    pub(super) async fn verify_with_keys_of(
        &self,
        home: &Home,
        name: KeyName,
        cast: &Cast,
    ) -> anyhow::Result<Result<Decision, WardError>> {
        let trial = Home::at(self.folder.join("trial"));
        copy_folder(&home.vault(), &trial.vault())?;
        for log in ["vault.db-wal", "vault.db-shm"] {
            // Absent when the ward was closed in order.
            let _ = fs::remove_file(trial.vault().join(log));
        }
        fs::copy(self.folder.join(DATABASE), trial.vault().join(DATABASE))?;
        if name == KeyName::AskedFor {
            rename_epoch_key(&trial.vault().join("epochs"), self.epoch)?;
        }
        let verified = verify(&trial, cast).await;
        // The keys of that day must not outlive the attempt.
        fs::remove_dir_all(trial.folder())?;
        Ok(verified)
    }

    /// The bytes of a sealed reference, found in the file as anyone with a copy would find them.
    pub(super) fn sealed_row(
        &self,
        reference: ReferenceId,
        purpose: &Purpose,
    ) -> anyhow::Result<Option<Vec<u8>>> {
        let bytes = fs::read(self.folder.join(DATABASE))?;
        let row = places(&bytes, reference).find_map(|place| {
            // The row: identifier (16 bytes), person (16 bytes), purpose, sealed template.
            let row = bytes.get(place + 32..)?;
            row.strip_prefix(purpose.as_str().as_bytes())?.get(..SHOWN)
        });
        Ok(row.map(<[u8]>::to_vec))
    }

    /// How often the identifier of a reference occurs in the copy.
    pub(super) fn traces(&self, reference: ReferenceId) -> anyhow::Result<usize> {
        traces_in(&self.folder, reference)
    }
}

const DATABASE: &str = "vault.db";
const SHOWN: usize = 96;

/// How often the identifier of a reference occurs in the files of a folder.
pub(super) fn traces_in(folder: &Path, reference: ReferenceId) -> anyhow::Result<usize> {
    let mut found = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            found += places(&fs::read(path)?, reference).count();
        }
    }
    Ok(found)
}

async fn verify(home: &Home, cast: &Cast) -> Result<Decision, WardError> {
    let ward = Ward::open(home, &Unlock::File).await?;
    let verdict = ward
        .verify(&cast.obama, &cast.door, OBAMA_SPEAKING.bytes)
        .await;
    ward.close().await;
    match verdict?.outcome {
        Outcome::Done(verified) => Ok(verified.decision),
        Outcome::Refused(_) | Outcome::Unusable(_) => Ok(Decision::NoMatch),
    }
}

fn rename_epoch_key(epochs: &Path, epoch: u64) -> anyhow::Result<()> {
    for entry in fs::read_dir(epochs)? {
        fs::rename(entry?.path(), epochs.join(format!("{epoch}.key")))?;
    }
    Ok(())
}

fn places(bytes: &[u8], reference: ReferenceId) -> impl Iterator<Item = usize> {
    let windows = bytes.windows(reference.0.len()).enumerate();
    windows
        .filter(move |(_, window)| *window == reference.0)
        .map(|(place, _)| place)
}
