//! A consent receipt for the person, and how anyone checks one offline.

mod check;
mod document;

pub use check::{CheckedReceipt, check_receipt};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use faceward_law::{Consent, ConsentRecord, Purpose, SubjectId};
use faceward_receipt::{ConsentReceipt, Kind, LedgerTie, sign};
use faceward_vault::{Committed, Handle, Look, Receipt, commitments};

use crate::event::hex;
use crate::facts::known;
use crate::{Act, Event, EventOutcome, Ward, WardError};

/// A receipt that was made out.
pub struct IssuedReceipt {
    /// The document.
    pub document: ConsentReceipt,
    /// The document, signed: a compact JWS, which is what the person takes home.
    pub signed: String,
    /// Proof that its making was recorded.
    pub receipt: Receipt,
}

/// How many entries of the ledger are read at once.
const PAGE: u64 = 1024;

impl Ward {
    /// Makes out a signed receipt of the newest consent of a person for a purpose, live or not.
    ///
    /// # Errors
    /// [`WardError::Unknown`]; [`WardError::Vault`] when there is no such consent;
    /// [`WardError::Config`] when the settings do not say who the controller is.
    pub async fn consent_receipt(
        &self,
        handle: &Handle,
        purpose: &Purpose,
    ) -> Result<IssuedReceipt, WardError> {
        let controller = self.controller()?;
        let key = self.vault.receipt_key()?;
        let mut act = self.act().await?;
        let subject = known(&mut act, handle).await?;
        let consent = newest(act.consents(subject).await?, purpose)?;
        let ties = ties(&mut act, subject, consent.history()).await?;
        let document = document::consent_receipt(
            &consent,
            &controller,
            ties,
            self.now(),
            &key.verifier(),
            &self.ledger_key(),
        )?;
        let signed = sign(Kind::Consent, &document, &key)?;
        let event = self
            .event(Act::ReceiptIssued, EventOutcome::Done)
            .purpose(purpose)
            .mark(act.marker(subject).await?.fresh(b"")?);
        let receipt = act.record(&event.to_bytes()).await?;
        Ok(IssuedReceipt {
            document,
            signed,
            receipt,
        })
    }
}

/// The newest consent for the purpose, to processing if there is one.
fn newest(consents: Vec<Consent>, purpose: &Purpose) -> Result<Consent, WardError> {
    let processing =
        |consent: &Consent| consent.terms().details.scope == faceward_law::Scope::Processing;
    let newest = consents
        .into_iter()
        .filter(|consent| consent.terms().purpose == *purpose)
        .max_by_key(|consent| (processing(consent), consent.terms().given_at));
    newest.ok_or_else(|| faceward_vault::VaultError::NoSuchConsent(purpose.to_string()).into())
}

/// What ties each agreement in this record to its entry in the ledger.
async fn ties(
    look: &mut Look,
    subject: SubjectId,
    record: &ConsentRecord,
) -> Result<Vec<LedgerTie>, WardError> {
    let committed = commitments(record)?;
    let marker = look.marker(subject).await?;
    let (size, _) = look.head().await?;
    let mut ties = Vec::new();
    for start in (0..size).step_by(PAGE as usize) {
        for entry in look.entries(start..start.saturating_add(PAGE)).await? {
            let position = entry.position;
            let event = Event::parse(&entry.bytes).ok_or(WardError::Entry { position })?;
            if !event.act.tells_of_consent() {
                continue;
            }
            let opened = event.marks.iter().find_map(|(nonce, value)| {
                let opens = |known: &&Committed| marker.again(*nonce, &known.what).value == *value;
                let known = committed.iter().find(opens)?;
                Some((marker.again(*nonce, &known.what).salt, &known.what))
            });
            if let (Some((salt, what)), Ok(text)) = (opened, String::from_utf8(entry.bytes)) {
                let proof = look.entry_proof(position).await?;
                ties.push(LedgerTie {
                    position,
                    entry: text,
                    leaf_hash: proof.entry().to_string(),
                    inclusion_proof: proof.proof().to_string(),
                    checkpoint: proof.checkpoint().to_owned(),
                    salt: hex(&salt),
                    committed: BASE64URL.encode(what),
                });
            }
        }
    }
    if ties.is_empty() {
        let why = "the ledger holds no entry of this consent";
        return Err(faceward_vault::VaultError::Damaged(why.to_owned()).into());
    }
    Ok(ties)
}
