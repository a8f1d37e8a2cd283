//! Putting a copy away: what a ward would need to live again, in two files to keep apart.

use std::path::{Component, Path, PathBuf};

use faceward_vault::{BackupFiles, BackupPhrases, Receipt};
use jiff::Timestamp;

use crate::{Act, EventOutcome, Ward, WardError};

/// A backup that was made, and read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupMade {
    /// Where the two parts lie.
    pub files: BackupFiles,
    /// Length of the file of the data.
    pub data_bytes: u64,
    /// Length of the file of the keys.
    pub keys_bytes: u64,
    /// Entries in its ledger.
    pub entries: u64,
    /// The signed checkpoint over them, to keep elsewhere.
    pub checkpoint: String,
    /// What the settings name and the backup does not hold, and why, a clause each.
    pub left_out: Vec<String>,
    /// Proof that the making was recorded.
    pub receipt: Receipt,
}

/// Where a backup made now goes: named by the second, the data in one folder, the keys in another.
pub fn backup_files(data: &Path, keys: &Path, at: Timestamp) -> BackupFiles {
    let name = format!("faceward-{}", at.strftime("%Y%m%dT%H%M%SZ"));
    BackupFiles {
        data: data.join(format!("{name}.data.fwb")),
        keys: keys.join(format!("{name}.keys.fwb")),
    }
}

/// A file beside the vault: its name in the backup, and its place.
type Beside = (String, PathBuf);

impl Ward {
    /// Records that a backup is made, and makes it: the vault at one moment, `faceward.toml`,
    /// `deployment.toml`, the files these name beside them, and `erasures/`. Others may act
    /// meanwhile. It reads and writes files as it goes; a server calls it from a thread of its own.
    ///
    /// # Errors
    /// [`WardError::Vault`] as [`faceward_vault::Vault::back_up`]; the entry then stands, and there
    /// is no backup.
    pub async fn backup(
        &self,
        files: &BackupFiles,
        phrases: &BackupPhrases,
        moved: impl FnMut(u64, u64),
    ) -> Result<BackupMade, WardError> {
        let (beside, left_out) = self.settings()?;
        for path in [&files.data, &files.keys] {
            if path.exists() {
                return Err(faceward_vault::VaultError::BackupExists(path.clone()).into());
            }
        }
        let event = self.event(Act::BackupMade, EventOutcome::Done);
        let receipt = self.vault.act().await?.record(&event.to_bytes()).await?;
        let made = self.vault.back_up(&beside, files, phrases, moved).await?;
        Ok(BackupMade {
            files: files.clone(),
            data_bytes: made.data_bytes,
            keys_bytes: made.keys_bytes,
            entries: made.entries,
            checkpoint: made.checkpoint,
            left_out,
            receipt,
        })
    }

    /// The files beside the vault, by name and place, and what cannot go with them.
    fn settings(&self) -> Result<(Vec<Beside>, Vec<String>), WardError> {
        let (mut taken, mut left_out) = (Vec::new(), Vec::new());
        for path in [self.home.config(), self.home.deployment()] {
            if path.exists() {
                let name = path.file_name().unwrap_or_default();
                taken.push((name.to_string_lossy().into_owned(), path));
            }
        }
        let mut named: Vec<&Path> = self.config.files();
        let deployment = self.deployment();
        match &deployment {
            Ok(Some(declared)) => {
                named.extend(declared.pack_files.iter().map(Path::new));
                let notice = declared.notice.iter();
                named.extend(notice.flat_map(|notice| notice.files.iter().map(Path::new)));
            }
            Ok(None) => {}
            Err(error) => left_out.push(format!("what deployment.toml names ({error})")),
        }
        for path in named {
            match name_inside(path) {
                Some(name) if taken.iter().any(|(known, _)| *known == name) => {}
                Some(name) if self.home.folder().join(path).is_file() => {
                    taken.push((name, self.home.folder().join(path)));
                }
                Some(_) => left_out.push(format!("{} (it is not there)", path.display())),
                None => left_out.push(format!("{} (it lies elsewhere)", path.display())),
            }
        }
        let erasures = self.home.erasures();
        if erasures.is_dir() {
            let failed = |error| WardError::File {
                path: erasures.clone(),
                error,
            };
            for entry in std::fs::read_dir(&erasures).map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                if let (true, Some(name)) = (path.is_file(), path.file_name()) {
                    taken.push((format!("erasures/{}", name.to_string_lossy()), path));
                }
            }
        }
        Ok((taken, left_out))
    }
}

/// The name in a backup of a file that the settings name, unless it lies outside of the ward's
/// folder or in its vault.
fn name_inside(path: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            _ => return None,
        }
    }
    let plain = !path.to_string_lossy().contains(['\\', ':']);
    (plain && parts.first() != Some(&"vault")).then(|| parts.join("/"))
}
