//! References one by one: listed for whoever runs the ward, and destroyed.

use faceward_law::{Purpose, SubjectId};
use faceward_vault::{Described, Handle, Receipt, ReferenceId, Shelved};

use crate::directory::belongs;
use crate::facts::known;
use crate::forget::stands;
use crate::{Act, Event, EventOutcome, Ward, WardError};

/// A reference in the list. No template leaves the vault for it.
pub struct ListedReference {
    /// Whose it is.
    pub subject: SubjectId,
    /// The name the controller gave them.
    pub handle: Handle,
    /// What can be told of it.
    pub reference: Described,
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many to pass over.
    pub skip: usize,
    /// How many to give.
    pub at_most: usize,
}

/// Some of the references, in the order in which they were kept.
pub struct ReferencePage {
    /// These.
    pub references: Vec<ListedReference>,
    /// How many there are in all.
    pub total: usize,
}

/// A reference was destroyed.
pub struct RemovedReference {
    /// Which.
    pub reference: ReferenceId,
    /// Whose it was.
    pub subject: SubjectId,
    /// The name the controller gave them.
    pub handle: Handle,
    /// For which purpose it was enrolled.
    pub purpose: Purpose,
    /// How many references they still have for it.
    pub left: u64,
    /// Why a past key still lies on the disk, if it does; opening the ward tries again.
    pub undestroyed: Option<String>,
    /// Proof that it was recorded.
    pub receipt: Receipt,
}

/// All references of a person for one purpose were destroyed; their consent stands.
#[derive(Debug)]
pub struct RemovedReferences {
    /// Whose they were.
    pub subject: SubjectId,
    /// How many.
    pub references: u64,
    /// Why a past key still lies on the disk, if it does; opening the ward tries again.
    pub undestroyed: Option<String>,
    /// Proof that it was recorded.
    pub receipt: Receipt,
}

/// What a record says where nothing was left of a person for a purpose.
pub(crate) const NONE_LEFT: &str = "none-left";

impl Ward {
    /// The references for a purpose, of a person, or of those in a collection; none where the
    /// person is unknown.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn references(
        &self,
        purpose: Option<&Purpose>,
        handle: Option<&Handle>,
        within: Option<&str>,
        page: Page,
    ) -> Result<ReferencePage, WardError> {
        let (directory, mut look) = self.directory().await?;
        let mut subject = None;
        if let Some(handle) = handle {
            subject = look.subject(handle).await?;
            if subject.is_none() {
                return Ok(ReferencePage {
                    references: Vec::new(),
                    total: 0,
                });
            }
        }
        let mut found: Vec<(Shelved, Handle)> = Vec::new();
        let mut total = 0;
        for shelved in look.shelved(subject, purpose).await? {
            let owner = directory.name(shelved.subject);
            let Some(handle) = owner.filter(|handle| belongs(handle, within)) else {
                continue;
            };
            if (page.skip..page.skip.saturating_add(page.at_most)).contains(&total) {
                found.push((shelved, handle.clone()));
            }
            total += 1;
        }
        drop(directory);
        let mut references = Vec::with_capacity(found.len());
        for (shelved, handle) in found {
            references.push(ListedReference {
                subject: shelved.subject,
                handle,
                reference: look.describe(&shelved).await?,
            });
        }
        Ok(ReferencePage { references, total })
    }

    /// One reference, as in the list.
    ///
    /// # Errors
    /// [`WardError::UnknownReference`], [`WardError::Vault`].
    pub async fn reference(&self, id: ReferenceId) -> Result<ListedReference, WardError> {
        let mut look = self.vault.look().await?;
        let shelved = look.whose(id).await?;
        let shelved = shelved.ok_or(WardError::UnknownReference(id))?;
        Ok(ListedReference {
            subject: shelved.subject,
            handle: look.handle(shelved.subject).await?,
            reference: look.describe(&shelved).await?,
        })
    }

    /// Destroys one reference. The others that the person has for the same purpose are sealed under
    /// a fresh key, and the key that opened all of them is destroyed.
    ///
    /// # Errors
    /// [`WardError::UnknownReference`], [`WardError::Vault`].
    pub async fn remove_reference(&self, id: ReferenceId) -> Result<RemovedReference, WardError> {
        let mut act = self.act().await?;
        let shelved = act.whose(id).await?;
        let shelved = shelved.ok_or(WardError::UnknownReference(id))?;
        let handle = act.handle(shelved.subject).await?;
        let left = act.remove_template(&shelved).await?;
        let event = self.removed(&shelved.purpose, left);
        let event = event.mark(act.marker(shelved.subject).await?.fresh(b"")?);
        let (receipt, undestroyed) = stands(act.record(&event.to_bytes()).await)?;
        self.show_out(shelved.subject).await;
        Ok(RemovedReference {
            reference: id,
            subject: shelved.subject,
            handle,
            purpose: shelved.purpose,
            left,
            undestroyed,
            receipt,
        })
    }

    /// Destroys every reference of a person for one purpose, with their key. Their consent stands,
    /// so that they can be enrolled again.
    ///
    /// # Errors
    /// [`WardError::Unknown`], [`WardError::Vault`].
    pub async fn remove_references(
        &self,
        handle: &Handle,
        purpose: &Purpose,
    ) -> Result<RemovedReferences, WardError> {
        let mut act = self.act().await?;
        let subject = known(&mut act, handle).await?;
        let references = act.drop_templates(subject, purpose).await?;
        let event = self.removed(purpose, 0);
        let event = event.mark(act.marker(subject).await?.fresh(b"")?);
        let (receipt, undestroyed) = stands(act.record(&event.to_bytes()).await)?;
        self.show_out(subject).await;
        Ok(RemovedReferences {
            subject,
            references,
            undestroyed,
            receipt,
        })
    }

    fn removed(&self, purpose: &Purpose, left: u64) -> Event {
        let removed = self.event(Act::ReferenceRemoved, EventOutcome::Done);
        let removed = removed.purpose(purpose);
        if left == 0 {
            removed.because(NONE_LEFT)
        } else {
            removed
        }
    }
}
