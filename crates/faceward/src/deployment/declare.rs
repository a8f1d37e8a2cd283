//! Another declaration put in force, without a restart.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use faceward_law::{Deployment, Law, PackText};
use faceward_vault::Receipt;

use super::in_force::{InForce, named};
use super::{Declaration, Digest, read};
use crate::{Act, EventOutcome, Ward, WardError};

/// What a text is called where it is told what is wrong with it.
const NAME: &str = "deployment.toml";

impl Ward {
    /// Digest of the declaration in the ward's file as it lies there now; `None` where nothing is
    /// declared, or the file is not understood.
    pub fn declared(&self) -> Option<Digest> {
        InForce::read(&self.home).digest()
    }

    /// What `text` would declare. Whoever can only write a text reads no file with it: it may name
    /// packs and files of the notice only as the ward's own file does.
    ///
    /// # Errors
    /// [`WardError::Law`] with line and what to write instead; [`WardError::NewFile`];
    /// [`WardError::File`] for a file that it names and that cannot be read.
    pub fn tried(&self, text: &str) -> Result<(Deployment, Arc<Law>), WardError> {
        let declared = self.declaration(text)?;
        Ok((declared.deployment, declared.law))
    }

    /// Puts `text` in force in place of the declaration with the digest `instead_of`: the file is
    /// replaced, the old one kept beside it as `deployment.toml.before`, and the entry written. From
    /// then on every decision of every process is under it.
    ///
    /// Killed between the two, it leaves the new file without its entry; the next act records it
    /// before anything is decided.
    ///
    /// # Errors
    /// As [`Ward::tried`]; [`WardError::ChangedMeanwhile`] where another declaration lies there than
    /// the caller saw, [`WardError::NothingToCorrect`] where this one does; [`WardError::File`],
    /// [`WardError::Vault`]. Nothing is changed then.
    pub async fn declare(
        &self,
        text: &str,
        instead_of: Option<Digest>,
    ) -> Result<Receipt, WardError> {
        let declared = self.declaration(text)?;
        let digest = Some(declared.digest);
        let read = InForce::of(declared);
        let mut act = self.vault.act().await?;
        let lies_there = self.declared();
        if lies_there != instead_of {
            return Err(WardError::ChangedMeanwhile);
        }
        if lies_there == digest {
            let why = "this is what is declared already";
            return Err(WardError::NothingToCorrect(why));
        }
        let placed = Placed::at(self.home.deployment(), text)?;
        act.declare(digest).await?;
        let event = self.event(Act::DeploymentDeclared, EventOutcome::Done);
        let event = event.because(&named(digest));
        let receipt = act.record(&event.to_bytes()).await?;
        placed.stays();
        self.put_in_force(read);
        Ok(receipt)
    }

    fn declaration(&self, text: &str) -> Result<Declaration, WardError> {
        let named = Deployment::read(PackText { name: NAME, text })?;
        let saved = read(&self.home.deployment()).ok();
        let saved = saved.and_then(|text| {
            let text = PackText {
                name: NAME,
                text: &text,
            };
            Deployment::read(text).ok()
        });
        let known: Vec<&String> = saved.iter().flat_map(files).collect();
        match files(&named).find(|file| !known.contains(file)) {
            Some(new) => Err(WardError::NewFile(new.clone())),
            None => Declaration::of(NAME, self.home.folder(), text),
        }
    }
}

/// The files that a declaration names.
fn files(deployment: &Deployment) -> impl Iterator<Item = &String> {
    let notice = deployment.notice.iter().flat_map(|notice| &notice.files);
    deployment.pack_files.iter().chain(notice)
}

/// A file that was replaced. Dropped before [`Placed::stays`], the old one is there again.
struct Placed {
    path: PathBuf,
    before: Option<String>,
    stays: bool,
}

impl Placed {
    fn at(path: PathBuf, text: &str) -> Result<Self, WardError> {
        let before = path.exists().then(|| read(&path)).transpose()?;
        if let Some(before) = &before {
            replace(&beside(&path, ".before"), before)?;
        }
        replace(&path, text)?;
        Ok(Self {
            path,
            before,
            stays: false,
        })
    }

    fn stays(mut self) {
        self.stays = true;
    }
}

impl Drop for Placed {
    fn drop(&mut self) {
        if self.stays {
            return;
        }
        // Where even this fails, the next act records what lies there before it decides by it.
        let _ = match &self.before {
            Some(text) => replace(&self.path, text),
            None => fs::remove_file(&self.path).map_err(failed(&self.path)),
        };
    }
}

/// Writes a whole file in one step.
fn replace(path: &Path, text: &str) -> Result<(), WardError> {
    let new = beside(path, ".new");
    let write = || -> std::io::Result<()> {
        let mut file = fs::File::create(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        match path.parent() {
            Some(folder) if cfg!(unix) => fs::File::open(folder)?.sync_all(),
            _ => Ok(()),
        }
    };
    write().map_err(failed(path))
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> WardError {
    let path = path.to_owned();
    move |error| WardError::File { path, error }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
