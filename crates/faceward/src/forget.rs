//! Leaving: withdrawal, revocation and oblivion. None needs a permit; all destroy keys.

mod proof;

pub use proof::Derived;

use faceward_law::{
    Actor, Consent, ConsentEvent, ConsentId, Happened, Purpose, Request, RequestId, RequestKind,
    Scope,
};
use faceward_vault::{Forgotten, Handle, Receipt, Traces, VaultError};

use crate::facts::known;
use crate::retention::Facts;
use crate::{Act, EventOutcome, SignedErasure, Ward, WardError};

/// A consent was withdrawn.
#[derive(Debug, Clone)]
pub struct WithdrawReceipt {
    /// The consents that no longer count.
    pub consents: Vec<ConsentId>,
    /// How many references were destroyed with their key.
    pub references: u64,
    /// The erasure certificate, where references were destroyed.
    pub erasure: Option<SignedErasure>,
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
    /// Requests that were open and went with the person. One for deletion is met by this.
    pub open: Vec<(RequestId, RequestKind)>,
    /// Where was looked for what might be left.
    pub verified: String,
    /// What became of what was derived from the person.
    pub derived: Vec<Derived>,
    /// The certificate; none where something was left, or the key that signs it cannot be had.
    pub erasure: Option<SignedErasure>,
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
        let mut act = self.act().await?;
        let subject = known(&mut act, handle).await?;
        let withdrawn = act.end_consents(subject, purpose, scope, end).await?;
        let (now, mark) = (self.now(), act.marker(subject).await?.fresh(b"")?);
        let event = self
            .event_at(now, word, EventOutcome::Done)
            .purpose(purpose)
            .mark(mark);
        let entry = event.to_bytes();
        let (receipt, undestroyed) = stands(act.record(&entry).await)?;
        self.show_out(subject).await;
        let by_person = word == Act::ConsentWithdrawn;
        let facts = Facts {
            subject,
            purpose,
            references: withdrawn.templates,
            consents: &withdrawn.consents,
            trigger: word.word(),
            since: now,
            requested_by: if by_person { "person" } else { "controller" },
            mark,
            entry: &entry,
            receipt: &receipt,
            at: now,
        };
        // The withdrawal stands whether or not it can be certified.
        let erasure = match self.vault.receipt_key() {
            Ok(key) if withdrawn.templates > 0 => self.certify(facts, &key).await.ok(),
            _ => None,
        };
        Ok(WithdrawReceipt {
            erasure,
            undestroyed,
            consents: withdrawn.consents,
            references: withdrawn.templates,
            receipt,
        })
    }

    /// Searches for references of a person for one purpose, and for what could open a copy of them.
    ///
    /// # Errors
    /// [`WardError::Unknown`], [`WardError::Vault`].
    pub async fn traces(&self, handle: &Handle, purpose: &Purpose) -> Result<Traces, WardError> {
        let mut look = self.vault.look().await?;
        let subject = known(&mut look, handle).await?;
        Ok(look.traces(subject, purpose).await?)
    }

    /// Forgets a person: rows removed, keys destroyed, older copies of the database unreadable.
    /// Then looks for whatever is left of them, and signs that nothing is.
    ///
    /// # Errors
    /// [`WardError::Unknown`], [`WardError::Vault`]; [`WardError::Remains`] when something is left:
    /// the person is forgotten all the same, and the answer is in the error.
    pub async fn forget(&self, handle: &Handle) -> Result<ForgetReceipt, WardError> {
        let mut act = self.act().await?;
        let subject = known(&mut act, handle).await?;
        let wanted = act.wanted(subject).await?;
        let records = act.consent_records(subject).await?;
        let open = open_requests(&act.requests(subject).await?);
        let asked_for = open.iter().any(|(_, kind)| *kind == RequestKind::Deletion);
        let mark = act.marker(subject).await?.fresh(b"")?;
        let forgotten = act.forget(subject).await?;
        let at = self.now();
        let mut event = self
            .event_at(at, Act::Forgotten, EventOutcome::Done)
            .mark(mark);
        if asked_for {
            event = event.because("deletion-asked");
        }
        let entry = event.to_bytes();
        let (receipt, undestroyed) = stands(act.record(&entry).await)?;
        self.show_out(subject).await;
        let (verified, found) = proof::told(self.vault.search(&wanted).await);
        let mut done = ForgetReceipt {
            undestroyed,
            forgotten,
            salt: mark.salt,
            subject,
            open,
            verified,
            derived: proof::derived(&forgotten),
            erasure: None,
            receipt,
        };
        if !found.is_empty() {
            return Err(WardError::Remains {
                found,
                forgotten: Box::new(done),
            });
        }
        let facts = proof::Facts {
            forgotten,
            records: &records,
            asked_for,
            mark,
            entry: &entry,
            receipt: &done.receipt,
            at,
            verified: &done.verified,
        };
        // The forgetting stands whether or not it can be certified.
        done.erasure = self.certify_forgetting(facts).await.ok();
        Ok(done)
    }
}

fn open_requests(requests: &[Request]) -> Vec<(RequestId, RequestKind)> {
    let open = requests
        .iter()
        .filter(|request| !request.state().is_final());
    open.map(|request| (request.id(), request.asked().kind))
        .collect()
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
