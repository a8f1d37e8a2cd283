//! Consents end, and with them the references that rest on them.

use faceward_law::{Consent, ConsentEvent, ConsentId, Purpose, Scope, SubjectId};
use jiff::Timestamp;

use crate::{Act, VaultError};

/// What a withdrawal, or another end of consents, did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The consents that no longer count.
    pub consents: Vec<ConsentId>,
    /// How many references were destroyed.
    pub templates: u64,
}

impl Act {
    /// Marks every consent of this person for this purpose as withdrawn, and destroys the
    /// references enrolled under it together with their key. Needs no permit.
    ///
    /// # Errors
    /// [`VaultError::NoSuchConsent`] when none is left to withdraw, [`VaultError::Database`].
    pub async fn withdraw(
        &mut self,
        subject: SubjectId,
        purpose: &Purpose,
        at: Timestamp,
    ) -> Result<Withdrawn, VaultError> {
        self.end_consents(subject, purpose, None, |consent| {
            ConsentEvent::withdrawn(at, &consent.terms().given_by)
        })
        .await
    }

    /// Ends every consent of this person for this purpose, or only those to one scope, with the
    /// event that `end` makes of each. Where consents to processing are among them, the references
    /// are destroyed with their key. Needs no permit.
    ///
    /// # Errors
    /// [`VaultError::NoSuchConsent`] when none is left to end, [`VaultError::Law`],
    /// [`VaultError::Database`].
    pub async fn end_consents(
        &mut self,
        subject: SubjectId,
        purpose: &Purpose,
        scope: Option<&Scope>,
        end: impl Fn(&Consent) -> ConsentEvent,
    ) -> Result<Withdrawn, VaultError> {
        let concerned = |consent: &Consent| {
            let terms = consent.terms();
            terms.purpose == *purpose
                && scope.is_none_or(|scope| terms.details.scope == *scope)
                && consent.history().end().is_none()
        };
        let consents = self.consents(subject).await?;
        let ended: Vec<Consent> = consents.into_iter().filter(concerned).collect();
        if ended.is_empty() {
            return Err(VaultError::NoSuchConsent(purpose.to_string()));
        }
        for consent in &ended {
            self.append_event(subject, consent.id(), end(consent))
                .await?;
        }
        let processing = |consent: &Consent| consent.terms().details.scope == Scope::Processing;
        let templates = if ended.iter().any(processing) {
            self.drop_templates(subject, purpose).await?
        } else {
            0
        };
        Ok(Withdrawn {
            consents: ended.iter().map(Consent::id).collect(),
            templates,
        })
    }
}
