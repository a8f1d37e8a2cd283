//! Who is known here, and what is on record of each: read by whoever runs the ward.

use std::collections::BTreeMap;

use faceward_law::{ConsentRecord, ConsentState, Purpose, Scope, SubjectId, died};
use faceward_vault::{Handle, Look, Receipt, VaultError};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::facts::known;
use crate::{Act, EventOutcome, Ward, WardError};

/// A person in the list.
pub struct ListedSubject {
    /// The opaque identifier.
    pub subject: SubjectId,
    /// The name the controller gave.
    pub handle: Handle,
    /// What there is for each purpose, in their order.
    pub purposes: Vec<SubjectPurpose>,
    /// The day they died, if that is on record.
    pub died: Option<Date>,
}

/// What there is of a person for one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectPurpose {
    /// The purpose.
    pub purpose: Purpose,
    /// How many references are kept.
    pub references: u64,
    /// Where their consent to processing stands: the live one, or else the latest; `None` where
    /// they were never asked.
    pub consent: Option<ConsentState>,
    /// Until when they agreed, where that consent is or was given.
    pub until: Option<Timestamp>,
}

/// Some of the people known, in the order of their handles.
pub struct SubjectPage {
    /// These.
    pub subjects: Vec<ListedSubject>,
    /// How many there are in all.
    pub total: usize,
    /// Whether there are more after these.
    pub more: bool,
}

impl Ward {
    /// The people known here, at most so many of those after a handle. A collection holds those
    /// whose handle begins with its name and a slash.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn subjects(
        &self,
        within: Option<&str>,
        after: Option<&Handle>,
        at_most: usize,
    ) -> Result<SubjectPage, WardError> {
        self.subjects_like("", within, after, at_most).await
    }

    /// Of the people known here, those whose handle holds this part, whatever the case of its
    /// letters; as [`Self::subjects`].
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn subjects_like(
        &self,
        part: &str,
        within: Option<&str>,
        after: Option<&Handle>,
        at_most: usize,
    ) -> Result<SubjectPage, WardError> {
        let part = part.to_lowercase();
        let like =
            |handle: &Handle| part.is_empty() || handle.as_str().to_lowercase().contains(&part);
        let (directory, mut look) = self.directory().await?;
        let found = || directory.within(within).filter(|(handle, _)| like(handle));
        let total = found().count();
        let mut rest = found().filter(|(handle, _)| after.is_none_or(|after| *handle > after));
        let these: Vec<(Handle, SubjectId)> = rest
            .by_ref()
            .take(at_most)
            .map(|(handle, id)| (handle.clone(), id))
            .collect();
        let more = rest.next().is_some();
        drop(rest);
        drop(directory);
        let mut subjects = Vec::with_capacity(these.len());
        for (handle, subject) in these {
            subjects.push(listed(&mut look, subject, handle, self.now()).await?);
        }
        Ok(SubjectPage {
            subjects,
            total,
            more,
        })
    }

    /// The handles of everybody known, or of a collection, in their order.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn handles(&self, within: Option<&str>) -> Result<Vec<Handle>, WardError> {
        let (directory, _) = self.directory().await?;
        let handles = directory.within(within);
        Ok(handles.map(|(handle, _)| handle.clone()).collect())
    }

    /// What is on record of one person.
    ///
    /// # Errors
    /// [`WardError::Unknown`], [`WardError::Vault`].
    pub async fn subject(&self, handle: &Handle) -> Result<ListedSubject, WardError> {
        let mut look = self.vault.look().await?;
        let subject = known(&mut look, handle).await?;
        listed(&mut look, subject, handle.clone(), self.now()).await
    }

    /// The handle, as it was first written, that reads like this name whatever the case of its
    /// letters. The name is given without that of the collection, the handle is whole.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn find_subject(
        &self,
        name: &str,
        within: Option<&str>,
    ) -> Result<Option<Handle>, WardError> {
        let (directory, _) = self.directory().await?;
        Ok(directory.find(name, within).cloned())
    }

    /// Makes a person known, without a face or a consent.
    ///
    /// # Errors
    /// [`WardError::Vault`] with [`VaultError::HandleTaken`] when somebody has this handle.
    pub async fn add_subject(&self, handle: &Handle) -> Result<(SubjectId, Receipt), WardError> {
        let mut act = self.act().await?;
        if act.subject(handle).await?.is_some() {
            return Err(VaultError::HandleTaken(handle.to_string()).into());
        }
        let subject = act.know(handle).await?;
        let event = self
            .event(Act::SubjectKnown, EventOutcome::Done)
            .mark(act.marker(subject).await?.fresh(b"")?);
        let receipt = act.record(&event.to_bytes()).await?;
        Ok((subject, receipt))
    }
}

pub(crate) async fn listed(
    look: &mut Look,
    subject: SubjectId,
    handle: Handle,
    now: Timestamp,
) -> Result<ListedSubject, WardError> {
    let mut purposes: BTreeMap<Purpose, SubjectPurpose> = BTreeMap::new();
    let nothing = |purpose: &Purpose| SubjectPurpose {
        purpose: purpose.clone(),
        references: 0,
        consent: None,
        until: None,
    };
    for (purpose, references) in look.reference_counts(subject).await? {
        let purpose: Purpose = purpose.parse()?;
        let mut found = nothing(&purpose);
        found.references = references;
        purposes.insert(purpose, found);
    }
    let records = look.consent_records(subject).await?;
    let processing = |record: &&ConsentRecord| record.asked().scope == Scope::Processing;
    for record in records.iter().filter(processing) {
        let purpose = &record.asked().purpose;
        let found = purposes.entry(purpose.clone());
        let found = found.or_insert_with(|| nothing(purpose));
        // Oldest first: a later one says more, unless an earlier one still counts.
        let state = record.state(now);
        if state.is_valid() || !found.consent.is_some_and(ConsentState::is_valid) {
            found.consent = Some(state);
            found.until = record.agreed_until();
        }
    }
    Ok(ListedSubject {
        subject,
        handle,
        purposes: purposes.into_values().collect(),
        died: died(&look.circumstances(subject).await?),
    })
}
