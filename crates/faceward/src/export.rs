//! Everything held on a person, for that person. Needs no permit; giving it out is recorded.

use faceward_law::{Consent, ConsentRecord, SubjectId};
use faceward_vault::{Handle, Receipt};

use crate::audit::entries_of;
use crate::{Act, Entry, Event, EventOutcome, Ward, WardError};

/// Everything held on a person.
pub struct Held {
    /// The name they are known by.
    pub handle: Handle,
    /// Their opaque identifier.
    pub subject: SubjectId,
    /// What they agreed to.
    pub consents: Vec<Consent>,
    /// What they were asked, and everything that happened since.
    pub records: Vec<ConsentRecord>,
    /// References, by purpose. They are described, not handed out: a template in the open could be
    /// used to find the person elsewhere.
    pub references: Vec<HeldReferences>,
    /// What was done about them, as the ledger has it.
    pub entries: Vec<Entry>,
    /// Proof that it was given out.
    pub receipt: Receipt,
}

/// References for one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldReferences {
    /// The purpose.
    pub purpose: String,
    /// How many.
    pub count: u64,
}

impl Ward {
    /// Gathers everything held on a person.
    ///
    /// # Errors
    /// [`WardError::Unknown`], [`WardError::Vault`].
    pub async fn export(&self, handle: Handle) -> Result<Held, WardError> {
        let mut act = self.vault.act().await?;
        let subject = act.subject(&handle).await?;
        let subject = subject.ok_or_else(|| WardError::Unknown(handle.to_string()))?;
        let consents = act.consents(subject).await?;
        let records = act.consent_records(subject).await?;
        let counts = act.reference_counts(subject).await?;
        let entries = entries_of(&mut act, subject, &records).await?;
        let event = Event::new(self.now(), Act::Access, EventOutcome::Done)
            .mark(act.marker(subject).await?.fresh(b"")?);
        let receipt = act.record(&event.to_bytes()).await?;
        let reference = |(purpose, count)| HeldReferences { purpose, count };
        Ok(Held {
            handle,
            subject,
            consents,
            records,
            references: counts.into_iter().map(reference).collect(),
            entries,
            receipt,
        })
    }
}
