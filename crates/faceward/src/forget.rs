//! Leaving: withdrawal, revocation and oblivion. None needs a permit; all destroy keys.

use faceward_law::{Actor, Consent, ConsentEvent, ConsentId, Happened, Purpose, Scope};
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

/// How somebody other than the person ends a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// From now on.
    Revoked,
    /// It never counted.
    Invalidated,
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
        self.withdraw_scope(handle, purpose, None).await
    }

    /// Withdraws only what this person agreed to beside processing, such as giving the data to a
    /// recipient; with no scope, everything for the purpose.
    ///
    /// # Errors
    /// As [`Self::withdraw`].
    pub async fn withdraw_scope(
        &self,
        handle: &Handle,
        purpose: &Purpose,
        scope: Option<&Scope>,
    ) -> Result<WithdrawReceipt, WardError> {
        let now = self.now();
        let end = |consent: &Consent| ConsentEvent::withdrawn(now, &consent.terms().given_by);
        self.end(handle, purpose, scope, Act::ConsentWithdrawn, end)
            .await
    }

    /// Ends every consent of this person for this purpose on behalf of somebody else, for a
    /// reason; like a withdrawal it takes effect at once and destroys the references.
    ///
    /// # Errors
    /// As [`Self::withdraw`]; [`WardError::Vault`] without a reason or a name.
    pub async fn revoke(
        &self,
        handle: &Handle,
        purpose: &Purpose,
        by: &Actor,
        reason: &str,
        ending: Ending,
    ) -> Result<WithdrawReceipt, WardError> {
        let at = self.now();
        let reason = || reason.to_owned();
        let (word, what) = match ending {
            Ending::Revoked => (Act::ConsentRevoked, Happened::Revoked { reason: reason() }),
            Ending::Invalidated => (
                Act::ConsentInvalidated,
                Happened::Invalidated { reason: reason() },
            ),
        };
        let end = |_: &Consent| ConsentEvent {
            at,
            by: by.clone(),
            what: what.clone(),
        };
        self.end(handle, purpose, None, word, end).await
    }

    async fn end(
        &self,
        handle: &Handle,
        purpose: &Purpose,
        scope: Option<&Scope>,
        word: Act,
        end: impl Fn(&Consent) -> ConsentEvent,
    ) -> Result<WithdrawReceipt, WardError> {
        let mut act = self.vault.act().await?;
        let subject = act.subject(handle).await?;
        let subject = subject.ok_or_else(|| WardError::Unknown(handle.to_string()))?;
        let withdrawn = act.end_consents(subject, purpose, scope, end).await?;
        let event = Event::new(self.now(), word, EventOutcome::Done)
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
pub(crate) fn stands(
    recorded: Result<Receipt, VaultError>,
) -> Result<(Receipt, Option<String>), WardError> {
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
