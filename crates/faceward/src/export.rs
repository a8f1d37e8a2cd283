//! Everything held on a person, for that person. Needs no permit; giving it out is recorded.

use std::collections::BTreeSet;
use std::sync::Arc;

use faceward_law::{Circumstance, Consent, ConsentRecord, Law, Request, Rule, SubjectId};
use faceward_vault::{Described, Handle, Receipt};

use crate::audit::entries_of;
use crate::facts::known;
use crate::{Act, Entry, EventOutcome, Ward, WardError};

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
    /// References. They are described, not handed out: a template in the open could be used to
    /// find the person elsewhere.
    pub references: Vec<Described>,
    /// What was asked about them, and what became of it.
    pub requests: Vec<Request>,
    /// What else is on record: that they died, what they arranged.
    pub circumstances: Vec<Circumstance>,
    /// What was done about them, as the ledger has it.
    pub entries: Vec<Entry>,
    /// The rules under which these entries were decided.
    pub rules: Vec<Arc<Rule>>,
    /// Proof that it was given out.
    pub receipt: Receipt,
}

impl Ward {
    /// Gathers everything held on a person.
    ///
    /// # Errors
    /// [`WardError::Unknown`], [`WardError::Vault`].
    pub async fn export(&self, handle: Handle) -> Result<Held, WardError> {
        let mut act = self.act().await?;
        let subject = known(&mut act, &handle).await?;
        let consents = act.consents(subject).await?;
        let records = act.consent_records(subject).await?;
        let references = act.described(subject).await?;
        let requests = act.requests(subject).await?;
        let circumstances = act.circumstances(subject).await?;
        let entries = entries_of(&mut act, subject, &records).await?;
        let event = self
            .event(Act::Access, EventOutcome::Done)
            .mark(act.marker(subject).await?.fresh(b"")?);
        let receipt = act.record(&event.to_bytes()).await?;
        Ok(Held {
            handle,
            subject,
            consents,
            records,
            references,
            requests,
            circumstances,
            rules: rules_of(&entries)?,
            entries,
            receipt,
        })
    }
}

/// The rules named in these entries; one of a pack that is no longer here is left out.
fn rules_of(entries: &[Entry]) -> Result<Vec<Arc<Rule>>, WardError> {
    let law = Law::built_in()?;
    let named: BTreeSet<&String> = entries.iter().flat_map(|e| &e.event.rules).collect();
    let known = named.into_iter().filter_map(|id| law.rule(id).cloned());
    Ok(known.collect())
}
