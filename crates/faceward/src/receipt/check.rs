//! Checking a receipt or a certificate: no ward, no network, one or two public keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use faceward_ledger::{
    Hash, InclusionProof, SignedCheckpoint, VerifyingKey as LedgerKey, leaf_hash,
};
use faceward_receipt::{
    ConsentReceipt, ErasureCertificate, Kind, LedgerPlace, LedgerTie, ReceiptError,
    VerifyingKey as ReceiptKey, check_form, consent_context, open, peek,
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::event::unhex;
use crate::{Act, Event, WardError};

/// A document that verifies.
pub enum CheckedReceipt {
    /// A consent receipt.
    Consent {
        /// What it says.
        receipt: Box<ConsentReceipt>,
        /// The key that signed it.
        key: ReceiptKey,
        /// The key whose ledger it is tied to.
        ledger: LedgerKey,
    },
    /// An erasure certificate.
    Erasure {
        /// What it says.
        certificate: Box<ErasureCertificate>,
        /// The key that signed it.
        key: ReceiptKey,
        /// The key whose ledger it is in, where one was given; without it only the proof itself
        /// was checked, not who signed the checkpoint.
        ledger: Option<LedgerKey>,
    },
}

/// Checks a signed receipt or certificate: signature, canonical form, schema, validity at `now`,
/// and the tie to the ledger.
///
/// Without a key, a consent receipt is checked with the keys it names itself. That shows that it
/// is whole and was not changed, not who made it: compare the keys with those that the controller
/// publishes. An erasure certificate names none, and needs `key`.
///
/// # Errors
/// [`WardError::Receipt`], [`WardError::ReceiptExpired`], [`WardError::NotTied`],
/// [`WardError::Ledger`].
pub fn check_receipt(
    signed: &str,
    key: Option<&ReceiptKey>,
    ledger_key: Option<&LedgerKey>,
    now: Timestamp,
) -> Result<CheckedReceipt, WardError> {
    let (kind, claimed) = peek(signed)?;
    let key = match key {
        Some(key) => key.clone(),
        None => named_key(&claimed)?,
    };
    let document = open(signed, kind, &key)?;
    check_form(kind, &document)?;
    match kind {
        Kind::Consent => check_consent(document, key, ledger_key, now),
        Kind::Erasure => check_erasure(document, key, ledger_key),
    }
}

fn check_consent(
    document: Value,
    key: ReceiptKey,
    ledger_key: Option<&LedgerKey>,
    now: Timestamp,
) -> Result<CheckedReceipt, WardError> {
    let receipt: ConsentReceipt = read(document)?;
    if receipt.context != consent_context() {
        let why = "its @context is not the one of this version";
        return Err(ReceiptError::Form(why.to_owned()).into());
    }
    if receipt.receipt_key != key.jwk() {
        let why = "it names another key than the one that signed it";
        return Err(ReceiptError::Form(why.to_owned()).into());
    }
    let ledger = match ledger_key {
        Some(key) => key.clone(),
        None => receipt.ledger_key.parse()?,
    };
    for tie in &receipt.ledger {
        check_tie(tie, &receipt.pii_principal_id, &ledger)?;
    }
    match receipt.valid_until() {
        Some(until) if until <= now => Err(WardError::ReceiptExpired(until)),
        _ => Ok(CheckedReceipt::Consent {
            receipt: Box::new(receipt),
            key,
            ledger,
        }),
    }
}

fn check_erasure(
    document: Value,
    key: ReceiptKey,
    ledger_key: Option<&LedgerKey>,
) -> Result<CheckedReceipt, WardError> {
    let certificate: ErasureCertificate = read(document)?;
    let event = check_place(&certificate.ledger, ledger_key)?;
    let marked = unhex::<32>(&certificate.subject_ref)
        .is_some_and(|subject| event.marks.iter().any(|(_, value)| *value == subject));
    let erases = matches!(
        event.act,
        Act::Erased
            | Act::Forgotten
            | Act::ConsentWithdrawn
            | Act::ConsentRevoked
            | Act::ConsentInvalidated
    );
    if !erases || !marked {
        return Err(not_tied("its entry is not of this erasure"));
    }
    if !certificate.nothing_left() {
        return Err(not_tied(
            "the search after the deletion found something; ask the controller what is left",
        ));
    }
    Ok(CheckedReceipt::Erasure {
        certificate: Box::new(certificate),
        key,
        ledger: ledger_key.cloned(),
    })
}

/// The entry says that this person agreed to what is committed to, and lies in the ledger.
fn check_tie(tie: &LedgerTie, person: &str, key: &LedgerKey) -> Result<(), WardError> {
    let place = LedgerPlace {
        position: tie.position,
        entry: tie.entry.clone(),
        leaf_hash: tie.leaf_hash.clone(),
        inclusion_proof: tie.inclusion_proof.clone(),
        checkpoint: tie.checkpoint.clone(),
    };
    let event = check_place(&place, Some(key))?;
    let mark = || -> Option<[u8; 32]> {
        let mut commitment = Sha256::new();
        commitment.update(b"faceward-mark-v1");
        commitment.update(unhex::<32>(&tie.salt)?);
        commitment.update(unhex::<16>(person)?);
        commitment.update(BASE64URL.decode(&tie.committed).ok()?);
        Some(commitment.finalize().into())
    };
    let mark = mark().ok_or_else(|| not_tied("its salt or commitment cannot be read"))?;
    let agreed = event.act.tells_of_consent();
    if agreed && event.marks.iter().any(|(_, value)| *value == mark) {
        Ok(())
    } else {
        Err(not_tied("the entry is not about this person's consent"))
    }
}

/// The entry, if it lies where the proof says; under a checkpoint of this key, where one is given.
fn check_place(place: &LedgerPlace, key: Option<&LedgerKey>) -> Result<Event, WardError> {
    let leaf: Hash = place.leaf_hash.parse()?;
    if leaf_hash(place.entry.as_bytes()) != leaf {
        return Err(not_tied(
            "the entry does not have the hash it is said to have",
        ));
    }
    let proof: InclusionProof = place.inclusion_proof.parse()?;
    if proof.index() != place.position {
        return Err(not_tied("the proof is of another entry"));
    }
    if let Some(key) = key {
        let checkpoint = SignedCheckpoint::open(&place.checkpoint, key)?;
        proof.verify(&leaf, &checkpoint)?;
    }
    Event::parse(place.entry.as_bytes()).ok_or(WardError::Entry {
        position: place.position,
    })
}

fn named_key(claimed: &Value) -> Result<ReceiptKey, WardError> {
    let named = claimed.get("receipt_key").map(ToString::to_string);
    let none = ReceiptError::Key("this document names no key; give the controller's with --key");
    Ok(named.ok_or(none)?.parse()?)
}

fn read<T: DeserializeOwned>(document: Value) -> Result<T, ReceiptError> {
    serde_json::from_value(document).map_err(|error| ReceiptError::Form(error.to_string()))
}

fn not_tied(why: &str) -> WardError {
    WardError::NotTied(why.to_owned())
}
