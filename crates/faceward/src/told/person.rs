//! What is asked about a person, what else is on record of them, and what the ledger has.

use faceward_law::{Asker, Circumstance, Fate, Request, RequestEvent};
use faceward_vault::EntryProof;
use serde_json::{Value, json};

use crate::Entry;
use crate::event::hex;

/// A request as JSON.
pub fn request_json(request: &Request) -> Value {
    let asked = request.asked();
    let (kin, nearer, interest) = match &asked.asker {
        Asker::Relative {
            kin,
            nearer_alive,
            interest,
            ..
        } => (Some(kin.word()), *nearer_alive, interest.as_deref()),
        _ => (None, None, None),
    };
    let event = |event: &RequestEvent| {
        json!({
            "at": event.at.to_string(),
            "what": event.what.word(),
            "said": event.what.said(),
        })
    };
    json!({
        "id": request.id().to_string(),
        "kind": asked.kind.word(),
        "by": asked.asker.word(),
        "name": asked.asker.name(),
        "relation": kin,
        "nearer_alive": nearer,
        "interest": interest,
        "details": asked.details,
        "how": asked.channel,
        "received": asked.received.to_string(),
        "regime": asked.regime.word(),
        "due": request.due().to_string(),
        "due_is": if asked.regime.is_text() { "the law's" } else { "our target" },
        "state": request.state().word(),
        "events": request.events().iter().map(event).collect::<Vec<_>>(),
    })
}

/// An entry about a person as JSON.
pub fn circumstance_json(entry: &Circumstance) -> Value {
    let mut fields = match &entry.what {
        Fate::Died { on, evidence } => json!({ "on": on.to_string(), "evidence": evidence }),
        Fate::Lives { reason } => json!({ "reason": reason }),
        Fate::Arranged {
            text,
            bars_relatives,
        } => json!({ "text": text, "bars_relatives": bars_relatives }),
    };
    if let Some(fields) = fields.as_object_mut() {
        fields.insert("at".to_owned(), json!(entry.at.to_string()));
        fields.insert("what".to_owned(), json!(entry.what.word()));
    }
    fields
}

/// An entry of the ledger as JSON.
pub fn entry_json(entry: &Entry) -> Value {
    let event = &entry.event;
    let mark =
        |(nonce, value): &([u8; 16], [u8; 32])| json!({ "nonce": hex(nonce), "value": hex(value) });
    json!({
        "entry": entry.position,
        "at": event.at.to_string(),
        "act": event.act.word(),
        "outcome": event.outcome.word(),
        "purpose": event.purpose,
        "marks": event.marks.iter().map(mark).collect::<Vec<_>>(),
        "rules": event.rules,
        "model": event.model,
        "reason": event.reason,
        "by": event.by.map(|by| by.to_string()),
    })
}

/// A receipt as JSON: enough to check the entry offline.
pub fn receipt_json(receipt: &EntryProof) -> Value {
    json!({
        "entry": receipt.position(),
        "leaf_hash": receipt.entry().to_string(),
        "checkpoint": receipt.checkpoint(),
        "inclusion_proof": receipt.proof().to_string(),
    })
}
