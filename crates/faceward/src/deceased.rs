//! Somebody died: from then on no permit is granted for their face, and what they arranged is kept.

use faceward_law::{Circumstance, Fate};
use faceward_vault::{Handle, Receipt};

use crate::facts::known;
use crate::{Act, EventOutcome, Ward, WardError};

impl Ward {
    /// Puts on record that a person died, that this was a mistake, or what they arranged.
    ///
    /// # Errors
    /// [`WardError::Unknown`]; [`WardError::Vault`] when it contradicts what is on record.
    pub async fn record_fate(&self, handle: &Handle, fate: Fate) -> Result<Receipt, WardError> {
        let mut act = self.act().await?;
        let subject = known(&mut act, handle).await?;
        let word = match fate {
            Fate::Died { .. } => Act::DeathRecorded,
            Fate::Lives { .. } => Act::DeathRetracted,
            Fate::Arranged { .. } => Act::ArrangementRecorded,
        };
        let entry = Circumstance {
            at: self.now(),
            what: fate,
        };
        act.add_circumstance(subject, &entry).await?;
        let event = self
            .event_at(entry.at, word, EventOutcome::Done)
            .mark(act.marker(subject).await?.fresh(b"")?);
        Ok(act.record(&event.to_bytes()).await?)
    }

    /// What is on record about a person beside consents and requests, oldest first.
    ///
    /// # Errors
    /// [`WardError::Unknown`], [`WardError::Vault`].
    pub async fn fate(&self, handle: &Handle) -> Result<Vec<Circumstance>, WardError> {
        let mut look = self.vault.look().await?;
        let subject = known(&mut look, handle).await?;
        Ok(look.circumstances(subject).await?)
    }
}
