//! The folder a ward lives in.

use std::path::{Path, PathBuf};

use faceward_vault::Vault;

use crate::WardError;

/// The folder of a ward: `faceward.toml` and `deployment.toml`, if they are there, and `vault/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// The ward in this folder, existing or not.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Its configuration file.
    pub fn config(&self) -> PathBuf {
        self.0.join("faceward.toml")
    }

    /// Its deployment, if one is declared.
    pub fn deployment(&self) -> PathBuf {
        self.0.join("deployment.toml")
    }

    /// Its vault.
    pub fn vault(&self) -> PathBuf {
        self.0.join("vault")
    }

    /// Where the certificates of what was erased lie.
    pub fn erasures(&self) -> PathBuf {
        self.0.join("erasures")
    }

    /// Whether there is a ward.
    pub fn exists(&self) -> bool {
        Vault::exists(&self.vault())
    }

    /// Whether opening the ward takes a passphrase; a ward not made yet takes none.
    ///
    /// # Errors
    /// [`WardError::Vault`] when its root key cannot be read.
    pub fn is_locked(&self) -> Result<bool, WardError> {
        Ok(self.exists() && Vault::is_locked(&self.vault())?)
    }

    pub(crate) fn make(&self) -> Result<(), WardError> {
        std::fs::create_dir_all(&self.0).map_err(|error| WardError::File {
            path: self.0.clone(),
            error,
        })
    }
}
