//! `deployment.toml`: what a controller declares before the camera is switched on. Its packs and the
//! texts of its notice are files beside it.

use std::path::Path;
use std::sync::Arc;

use faceward_law::{Deployment, Gate, Law, PackText};
use faceward_receipt::Controller;
use sha2::{Digest, Sha256};

use crate::{Home, NoticeText, Ward, WardError};

/// Reads a deployment's file, the packs of one's own that it names, and its notice.
///
/// # Errors
/// [`WardError::Law`] with file, line and what to write instead, [`WardError::File`] for a file that
/// it names and that cannot be read.
pub fn read_deployment(path: &Path) -> Result<(Deployment, Arc<Law>), WardError> {
    let text = read(path)?;
    let name = path.display().to_string();
    let deployment = Deployment::read(PackText {
        name: &name,
        text: &text,
    })?;
    let beside = |file: &str| path.parent().unwrap_or(Path::new(".")).join(file);
    let mut packs = Vec::new();
    for file in &deployment.pack_files {
        packs.push((file.as_str(), read(&beside(file))?));
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
            hashes.push(Sha256::digest(bytes(&beside(file))?).into());
        }
        hashes.extend(
            notice
                .text
                .iter()
                .map(|text| <[u8; 32]>::from(Sha256::digest(text))),
        );
    }
    Ok((deployment.with_notice_hashes(hashes), law))
}

/// The gate of a ward: of its deployment if it declares one.
pub(crate) fn gate(home: &Home) -> Result<Gate, WardError> {
    let path = home.deployment();
    if !path.exists() {
        return Ok(Gate::undeclared()?);
    }
    let (deployment, law) = read_deployment(&path)?;
    Ok(Gate::declared(deployment, law)?)
}

impl Ward {
    /// The deployment by which its acts are judged, if one is declared.
    ///
    /// # Errors
    /// [`WardError::Deployment`] when its file is not understood.
    pub fn deployment(&self) -> Result<Option<&Deployment>, WardError> {
        Ok(self.gate()?.deployment())
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
            jurisdiction: jurisdictions(declared)?,
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
        let declared = self.deployment()?.and_then(|d| d.notice.as_ref());
        let Some(notice) = declared else {
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

    pub(crate) fn gate(&self) -> Result<&Gate, WardError> {
        let unread = |error: &WardError| WardError::Deployment(error.to_string());
        self.gate.as_ref().as_ref().map_err(unread)
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
