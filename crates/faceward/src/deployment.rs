//! `deployment.toml`: what a controller declares before the camera is switched on. Its packs and the
//! texts of its notice are files beside it.

mod declare;
mod in_force;

use std::path::Path;
use std::sync::Arc;

use faceward_law::{Deployment, Law, PackText};
use faceward_receipt::Controller;
use sha2::{Digest as _, Sha256};

use crate::{NoticeText, Ward, WardError, hex};

pub(crate) use in_force::InForce;

/// Reads a deployment's file, the packs of one's own that it names, and its notice.
///
/// # Errors
/// [`WardError::Law`] with file, line and what to write instead, [`WardError::File`] for a file that
/// it names and that cannot be read.
pub fn read_deployment(path: &Path) -> Result<(Deployment, Arc<Law>), WardError> {
    let declared = Declaration::at(path)?;
    Ok((declared.deployment, declared.law))
}

/// A declaration with everything it names.
pub(crate) struct Declaration {
    pub(crate) deployment: Deployment,
    pub(crate) law: Arc<Law>,
    pub(crate) digest: Digest,
}

/// SHA-256 of a text with one line for the declaration, then one for each pack and each file of the
/// notice that it names, in its order: the SHA-256 of that file in hexadecimal, as `sha256sum` says it.
pub type Digest = [u8; 32];

impl Declaration {
    pub(crate) fn at(path: &Path) -> Result<Self, WardError> {
        let folder = path.parent().unwrap_or(Path::new("."));
        Self::of(&path.display().to_string(), folder, &read(path)?)
    }

    /// What `text` declares, where a file of this name lies in `folder`.
    pub(crate) fn of(name: &str, folder: &Path, text: &str) -> Result<Self, WardError> {
        let deployment = Deployment::read(PackText { name, text })?;
        let mut lines = hash_line(&sha256(text.as_bytes()));
        let beside = |file: &str| folder.join(file);
        let mut packs = Vec::new();
        for file in &deployment.pack_files {
            let text = read(&beside(file))?;
            lines.push_str(&hash_line(&sha256(text.as_bytes())));
            packs.push((file.as_str(), text));
        }
        let packs: Vec<PackText<'_>> = packs
            .iter()
            .map(|(name, text)| PackText { name, text })
            .collect();
        let law = match packs.as_slice() {
            [] => Law::built_in()?,
            more => Arc::new(Law::with(more)?),
        };
        let mut hashes: Vec<[u8; 32]> = Vec::new();
        if let Some(notice) = &deployment.notice {
            for file in &notice.files {
                let hash = sha256(&bytes(&beside(file))?);
                lines.push_str(&hash_line(&hash));
                hashes.push(hash);
            }
            hashes.extend(notice.text.iter().map(|text| sha256(text.as_bytes())));
        }
        Ok(Self {
            deployment: deployment.with_notice_hashes(hashes),
            law,
            digest: sha256(lines.as_bytes()),
        })
    }
}

fn hash_line(hash: &[u8; 32]) -> String {
    format!("{}\n", hex(hash))
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

impl Ward {
    /// The deployment by which its acts are judged, if one is declared.
    ///
    /// # Errors
    /// [`WardError::Deployment`] when its file is not understood.
    pub fn deployment(&self) -> Result<Option<Arc<Deployment>>, WardError> {
        Ok(self.gate()?.deployment().cloned())
    }

    /// The law by which its acts are judged, with the packs of its own.
    ///
    /// # Errors
    /// As [`Ward::deployment`].
    pub fn law(&self) -> Result<Arc<Law>, WardError> {
        Ok(self.gate()?.law().clone())
    }

    /// Who runs this ward, as receipts name them: the settings say it, or else the deployment.
    ///
    /// # Errors
    /// [`WardError::Config`] when neither does.
    pub fn controller(&self) -> Result<Controller, WardError> {
        let named = self.config.controller();
        let (Err(_), Ok(Some(declared))) = (&named, self.deployment()) else {
            return named;
        };
        let said = &declared.controller;
        let reach = format!("tell the controller: {}", said.contact);
        let or_reach = |text: &Option<String>| text.clone().unwrap_or_else(|| reach.clone());
        Ok(Controller {
            name: said.name.clone(),
            address: said.address.clone().unwrap_or_else(|| said.contact.clone()),
            contact: said.contact.clone(),
            jurisdiction: jurisdictions(&declared)?,
            storage: declared.place.description.clone(),
            withdrawal: or_reach(&declared.requests.withdrawal),
            rights: or_reach(&declared.requests.channel),
        })
    }

    /// The texts of the notice that the deployment declares, as they are shown; none where no
    /// deployment is declared.
    ///
    /// # Errors
    /// [`WardError::Deployment`], [`WardError::File`] for a text that cannot be read.
    pub fn notices(&self) -> Result<Vec<NoticeText>, WardError> {
        let declared = self.deployment()?;
        let Some(notice) = declared.as_ref().and_then(|d| d.notice.as_ref()) else {
            return Ok(Vec::new());
        };
        let mut texts = Vec::new();
        for file in &notice.files {
            texts.push(bytes(&self.home.folder().join(file))?);
        }
        texts.extend(notice.text.iter().map(|text| text.clone().into_bytes()));
        let version = notice.version.get_ref();
        let text = |bytes| NoticeText {
            version: version.clone(),
            bytes,
        };
        Ok(texts.into_iter().map(text).collect())
    }
}

/// Where the packs of a deployment apply, each once; those of one's own are left out.
fn jurisdictions(deployment: &Deployment) -> Result<String, WardError> {
    let law = Law::built_in()?;
    let mut found: Vec<&str> = Vec::new();
    for name in deployment.pack_names() {
        if let Ok(pack) = law.pack(name)
            && !found.contains(&pack.jurisdiction.as_str())
        {
            found.push(&pack.jurisdiction);
        }
    }
    Ok(found.join(", "))
}

fn read(path: &Path) -> Result<String, WardError> {
    std::fs::read_to_string(path).map_err(|error| WardError::File {
        path: path.to_owned(),
        error,
    })
}

fn bytes(path: &Path) -> Result<Vec<u8>, WardError> {
    std::fs::read(path).map_err(|error| WardError::File {
        path: path.to_owned(),
        error,
    })
}
