//! Leaving: withdrawal and oblivion. Neither needs a permit; both destroy keys.

use faceward_law::{ConsentId, Purpose};
use faceward_vault::{Forgotten, Handle, Receipt, VaultError};

use crate::{Act, Event, EventOutcome, Ward, WardError};

/// A consent was withdrawn.
#[derive(Debug, Clone)]
pub struct WithdrawReceipt {
    /// The consents that no longer count.
    pub consents: Vec<ConsentId>,
    /// How many references were destroyed with their key.
    pub references: u64,
    /// Why a past key still lies on the disk, if it does; opening the ward tries again.
    pub undestroyed: Option<String>,
    /// Proof that it was recorded.
    pub receipt: Receipt,
}

/// A person was forgotten.
#[derive(Debug, Clone)]
pub struct ForgetReceipt {
    /// What was removed.
    pub forgotten: Forgotten,
    /// Opens the commitment in the ledger entry: with it, and with nothing kept here, the person
    /// can show that the entry is theirs. SHA-256(`faceward-mark-v1` ‖ salt ‖ subject).
    pub salt: [u8; 32],
    /// Why a past key still lies on the disk, if it does; opening the ward tries again.
    pub undestroyed: Option<String>,
    /// The identifier the person had.
    pub subject: faceward_law::SubjectId,
    /// Proof that it was recorded.
    pub receipt: Receipt,
}

impl Ward {
    /// Withdraws every consent of this person for this purpose; from now on nothing matches, and
    /// the references enrolled under it are destroyed.
    ///
    /// # Errors
    /// [`WardError::Unknown`]; [`WardError::Vault`] when there was nothing to withdraw.
    pub async fn withdraw(
        &self,
        handle: &Handle,
        purpose: &Purpose,
    ) -> Result<WithdrawReceipt, WardError> {
        let mut act = self.vault.act().await?;
        let subject = act.subject(handle).await?;
        let subject = subject.ok_or_else(|| WardError::Unknown(handle.to_string()))?;
        let now = self.now();
        let withdrawn = act.withdraw(subject, purpose, now).await?;
        let event = Event::new(now, Act::ConsentWithdrawn, EventOutcome::Done)
            .purpose(purpose)
            .mark(act.marker(subject).await?.fresh(b"")?);
        let (receipt, undestroyed) = stands(act.record(&event.to_bytes()).await)?;
        Ok(WithdrawReceipt {
            undestroyed,
            consents: withdrawn.consents,
            references: withdrawn.templates,
            receipt,
        })
    }

    /// Forgets a person: rows removed, keys destroyed, older copies of the database unreadable.
    ///
    /// # Errors
    /// [`WardError::Unknown`], [`WardError::Vault`].
    pub async fn forget(&self, handle: &Handle) -> Result<ForgetReceipt, WardError> {
        let mut act = self.vault.act().await?;
        let subject = act.subject(handle).await?;
        let subject = subject.ok_or_else(|| WardError::Unknown(handle.to_string()))?;
        let mark = act.marker(subject).await?.fresh(b"")?;
        let forgotten = act.forget(subject).await?;
        let event = Event::new(self.now(), Act::Forgotten, EventOutcome::Done).mark(mark);
        let (receipt, undestroyed) = stands(act.record(&event.to_bytes()).await)?;
        Ok(ForgetReceipt {
            undestroyed,
            forgotten,
            salt: mark.salt,
            subject,
            receipt,
        })
    }
}

/// An act whose past key could not be removed stands all the same; its answer must not be lost.
fn stands(recorded: Result<Receipt, VaultError>) -> Result<(Receipt, Option<String>), WardError> {
    match recorded {
        Ok(receipt) => Ok((receipt, None)),
        Err(VaultError::NotDestroyed {
            path,
            error,
            receipt,
        }) => Ok((*receipt, Some(format!("{}: {error}", path.display())))),
        Err(error) => Err(error.into()),
    }
}
