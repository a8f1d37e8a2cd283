//! Links that let a person onto their own pages: good once, and for a time.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use faceward_law::{Purpose, SubjectId};
use faceward_vault::{Handle, LinkPass, Look, Receipt, VaultError};
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use super::{BadWord, opaque_id, record};
use crate::facts::known;
use crate::{Act, EventOutcome, Ward, WardError};

opaque_id! {
    /// Identifier of a link; says nothing about its text.
    LinkId
}

/// A link, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its identifier.
    pub id: LinkId,
    /// The purposes the person is asked about.
    pub purposes: Vec<Purpose>,
    /// When it was made.
    pub created: Timestamp,
    /// Until when it can be opened.
    pub until: Timestamp,
}

/// The secret in a link: 32 random bytes, shown once, kept nowhere.
pub struct LinkText(Zeroizing<[u8; 32]>);

/// A link that was opened, and is used up.
pub struct OpenedLink {
    /// Whose it is.
    pub subject: SubjectId,
    /// The name they are known by.
    pub handle: Handle,
    /// The purposes they are asked about.
    pub purposes: Vec<Purpose>,
}

impl LinkText {
    /// The text, to be shown once.
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }
}

impl FromStr for LinkText {
    type Err = BadWord;

    fn from_str(text: &str) -> Result<Self, BadWord> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map(Zeroizing::new);
        let bytes = bytes
            .ok()
            .and_then(|bytes| bytes.as_slice().try_into().ok());
        let bytes = bytes.ok_or_else(|| BadWord::new("", "the 43 characters of a link"))?;
        Ok(Self(Zeroizing::new(bytes)))
    }
}

impl Ward {
    /// Makes a link for a person, known or new, that asks them about these purposes.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn make_link(
        &self,
        handle: &Handle,
        purposes: &[Purpose],
        valid_for: SignedDuration,
    ) -> Result<(Link, LinkText, Receipt), WardError> {
        let mut text = LinkText(Zeroizing::new([0; 32]));
        getrandom::fill(text.0.as_mut_slice()).map_err(VaultError::from)?;
        let created = self.now();
        let until = created.saturating_add(valid_for).unwrap_or(created);
        let mut act = self.act().await?;
        let subject = act.know(handle).await?;
        let plain = record::write_link(purposes, created, until);
        let id = act.keep_link(subject, text.0.as_slice(), &plain).await?;
        let event = self
            .event(Act::LinkCreated, EventOutcome::Done)
            .mark(act.marker(subject).await?.fresh(b"")?);
        let receipt = act.record(&event.to_bytes()).await?;
        let link = Link {
            id: LinkId(id),
            purposes: purposes.to_vec(),
            created,
            until,
        };
        Ok((link, text, receipt))
    }

    /// Whether a link can be opened now; opens nothing.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn link_holds(&self, text: &LinkText) -> Result<bool, WardError> {
        let pass = self.vault.look().await?.link(text.0.as_slice()).await?;
        let Some(pass) = pass else { return Ok(false) };
        let (.., until) = record::read_link(&pass.record).ok_or_else(|| record::damaged("link"))?;
        Ok(self.now() < until)
    }

    /// Opens a link, once; `None` when there is none, or its time is over.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn open_link(&self, text: &LinkText) -> Result<Option<OpenedLink>, WardError> {
        // Whoever tries out texts shall not keep others from acting.
        if self
            .vault
            .look()
            .await?
            .link(text.0.as_slice())
            .await?
            .is_none()
        {
            return Ok(None);
        }
        let mut act = self.act().await?;
        let Some(pass) = act.link(text.0.as_slice()).await? else {
            return Ok(None);
        };
        let (purposes, _, until) =
            record::read_link(&pass.record).ok_or_else(|| record::damaged("link"))?;
        act.drop_link(pass.id).await?;
        let in_time = self.now() < until;
        let handle = act.handle(pass.subject).await?;
        let mut event = self
            .event(Act::LinkUsed, EventOutcome::Done)
            .mark(act.marker(pass.subject).await?.fresh(b"")?);
        if !in_time {
            event = event.because("too-late");
        }
        act.record(&event.to_bytes()).await?;
        Ok(in_time.then_some(OpenedLink {
            subject: pass.subject,
            handle,
            purposes,
        }))
    }

    /// Takes back a link that was not used yet.
    ///
    /// # Errors
    /// [`WardError::NoSuchLink`], [`WardError::Vault`].
    pub async fn cancel_link(&self, id: LinkId) -> Result<Receipt, WardError> {
        let mut act = self.act().await?;
        let subject = act.link_of(id.0).await?.ok_or(WardError::NoSuchLink(id))?;
        act.drop_link(id.0).await?;
        let event = self
            .event(Act::LinkCancelled, EventOutcome::Done)
            .mark(act.marker(subject).await?.fresh(b"")?);
        Ok(act.record(&event.to_bytes()).await?)
    }

    /// The links of a person that were not used yet.
    ///
    /// # Errors
    /// [`WardError::Unknown`], [`WardError::Vault`].
    pub async fn links(&self, handle: &Handle) -> Result<Vec<Link>, WardError> {
        let mut look = self.vault.look().await?;
        let subject = known(&mut look, handle).await?;
        links_of(&mut look, subject).await
    }

    /// Every link that was not used yet, with whose it is; the one that ends first first.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn unopened_links(&self) -> Result<Vec<(SubjectId, Handle, Link)>, WardError> {
        let mut look = self.vault.look().await?;
        let mut all = Vec::new();
        for subject in look.linked().await? {
            let handle = look.handle(subject).await?;
            let links = links_of(&mut look, subject).await?.into_iter();
            all.extend(links.map(|link| (subject, handle.clone(), link)));
        }
        all.sort_by_key(|(.., link)| (link.until, link.id));
        Ok(all)
    }

    /// The handle of a person known by identifier; `None` once they are forgotten.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn handle_of(&self, subject: SubjectId) -> Result<Option<Handle>, WardError> {
        match self.vault.look().await?.handle(subject).await {
            Ok(handle) => Ok(Some(handle)),
            Err(VaultError::UnknownSubject(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

async fn links_of(look: &mut Look, subject: SubjectId) -> Result<Vec<Link>, WardError> {
    let passes = look.links(subject).await?.into_iter();
    let links: Result<Vec<Link>, WardError> = passes.map(link).collect();
    let mut links = links?;
    links.sort_by_key(|link| (link.created, link.id));
    Ok(links)
}

fn link(pass: LinkPass) -> Result<Link, WardError> {
    let (purposes, created, until) =
        record::read_link(&pass.record).ok_or_else(|| record::damaged("link"))?;
    Ok(Link {
        id: LinkId(pass.id),
        purposes,
        created,
        until,
    })
}
