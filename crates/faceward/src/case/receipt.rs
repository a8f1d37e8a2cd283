//! Receipts that somebody hands in: of a ledger entry, and of a consent.

use faceward_ledger::{
    Hash, InclusionProof, LedgerError, SignedCheckpoint, VerifyingKey, leaf_hash,
};
use faceward_receipt::VerifyingKey as ReceiptKey;
use jiff::Timestamp;
use serde_json::Value;

use crate::{CheckedReceipt, Event, check_receipt};

/// What a receipt of a ledger entry proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenEntry {
    /// Position of the entry.
    pub position: u64,
    /// Name of the log.
    pub origin: String,
    /// Entries under the checkpoint.
    pub entries: u64,
    /// What the entry says, if the receipt brings it along and its hash is the one proven.
    pub event: Option<Event>,
}

/// Checks the receipt of an entry offline: JSON as any answer or `faceward audit proof --json`
/// carries it.
///
/// # Errors
/// A sentence that says what does not hold.
pub fn check_entry_proof(text: &str, key: &VerifyingKey) -> Result<ProvenEntry, String> {
    let answer: Value = serde_json::from_str(text)
        .map_err(|error| format!("it is not the JSON of an answer: {error}"))?;
    let receipt = answer.get("receipt").unwrap_or(&answer);
    let field = |name: &str| {
        let field = receipt.get(name).and_then(Value::as_str);
        field.ok_or_else(|| format!("it has no receipt: `{name}` is missing"))
    };
    let said = |error: LedgerError| error.to_string();
    let checkpoint = SignedCheckpoint::open(field("checkpoint")?, key).map_err(said)?;
    let leaf: Hash = field("leaf_hash")?.parse().map_err(said)?;
    let proof: InclusionProof = field("inclusion_proof")?.parse().map_err(said)?;
    proof.verify(&leaf, &checkpoint).map_err(said)?;
    let event = match answer.get("entry").filter(|entry| entry.is_object()) {
        None => None,
        Some(entry) => Some(hashed_event(entry, &leaf)?),
    };
    Ok(ProvenEntry {
        position: proof.index(),
        origin: checkpoint.origin.to_string(),
        entries: checkpoint.size,
        event,
    })
}

/// The event that an answer shows beside a proof, if it is the one whose hash was proven.
fn hashed_event(shown: &Value, leaf: &Hash) -> Result<Event, String> {
    let mut fields = shown.as_object().cloned().unwrap_or_default();
    fields.remove("entry");
    fields.retain(|_, value| !value.is_null());
    fields.insert("v".to_owned(), Value::from(1));
    let event = Event::parse(Value::Object(fields).to_string().as_bytes());
    let event = event.filter(|event| leaf_hash(&event.to_bytes()) == *leaf);
    event.ok_or_else(|| "the entry it shows is not the one whose hash it proves".to_owned())
}

/// Checks a signed consent receipt: with the controller's published key, or, where there is none,
/// with the key it names itself. Says what it shows, and whether it shows who made it.
///
/// # Errors
/// A sentence that says what does not hold.
pub(super) fn check_consent_receipt(
    text: &str,
    key: Option<&ReceiptKey>,
    ledger: Option<&VerifyingKey>,
) -> Result<(bool, String), String> {
    // What was agreed to in the past is in question: that it has run out since is no fault.
    let whenever = Timestamp::MIN;
    let checked = check_receipt(text, key, ledger, whenever).map_err(|error| error.to_string())?;
    let CheckedReceipt::Consent { receipt, .. } = checked else {
        return Err("it is an erasure certificate, not a consent receipt".to_owned());
    };
    let entries: Vec<String> = receipt
        .ledger
        .iter()
        .map(|t| t.position.to_string())
        .collect();
    let state = receipt.events.last().map_or("", |event| &event.event_state);
    let shown = format!(
        "consent to `{}`, last {state}, tied to ledger entries {}",
        receipt.processing.purpose,
        entries.join(", ")
    );
    Ok((key.is_some(), shown))
}
