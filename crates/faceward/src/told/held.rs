//! Everything held on a person: the file they take along, `faceward-export@v1`.

use std::collections::BTreeMap;

use faceward_law::{Rule, Scope};
use faceward_receipt::Controller;
use faceward_vault::Described;
use serde_json::{Value, json};

use super::{circumstance_json, consent_json, entry_json, receipt_json, record_json, request_json};
use crate::event::hex;
use crate::{Held, Opening, Openings};

/// Everything held on a person as JSON.
pub fn held_json(held: &Held, openings: &Openings, controller: Option<&Controller>) -> Value {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for reference in &held.references {
        *counts.entry(reference.purpose.as_str()).or_default() += 1;
    }
    let counted = |(purpose, count)| json!({ "purpose": purpose, "count": count });
    json!({
        "format": "faceward-export@v1",
        "outcome": "done",
        "who": held.handle.as_str(),
        "subject": held.subject.to_string(),
        "controller": controller.map(controller_json),
        "consents": held.consents.iter().map(consent_json).collect::<Vec<_>>(),
        "consent_records": held.records.iter().map(record_json).collect::<Vec<_>>(),
        "references": counts.into_iter().map(counted).collect::<Vec<_>>(),
        "reference_details": held.references.iter().map(|r| described(held, r)).collect::<Vec<_>>(),
        "requests": held.requests.iter().map(request_json).collect::<Vec<_>>(),
        "circumstances": held.circumstances.iter().map(circumstance_json).collect::<Vec<_>>(),
        "recipients": recipients(held),
        "opens": openings.opens.iter().map(opening).collect::<Vec<_>>(),
        "ledger_entries": held.entries.iter().map(entry_json).collect::<Vec<_>>(),
        "rules": held.rules.iter().map(|rule| rule_json(rule)).collect::<Vec<_>>(),
        "receipt": receipt_json(&held.receipt),
    })
}

/// What lets the person show, without us, that an entry is theirs.
fn opening(opening: &Opening) -> Value {
    json!({
        "entry": opening.entry,
        "salt": hex(&opening.salt),
        "record": opening.record,
    })
}

fn described(held: &Held, reference: &Described) -> Value {
    json!({
        "id": reference.id.to_string(),
        "purpose": reference.purpose.as_str(),
        "model": reference.model.to_string(),
        "quality": reference.quality,
        "enrolled_at": reference.enrolled_at.to_string(),
        "face_map": reference.map,
        "kept_until": kept_until(held, reference).map(|until| until.to_string()),
    })
}

/// Until when a reference may be kept: as long as the consent allows that carries it longest.
pub fn kept_until(held: &Held, reference: &Described) -> Option<jiff::Timestamp> {
    let carrying = held.consents.iter().filter(|consent| {
        let terms = consent.terms();
        terms.purpose == reference.purpose && terms.details.scope == Scope::Processing
    });
    carrying.map(|consent| consent.keep_until()).max()
}

/// Everybody to whom the person agreed that data may be given.
fn recipients(held: &Held) -> Vec<Value> {
    let mut recipients = Vec::new();
    for consent in &held.consents {
        let terms = consent.terms();
        if let Scope::Recipient { name, contact } = &terms.details.scope {
            recipients.push(json!({
                "name": name,
                "contact": contact,
                "purpose": terms.purpose.as_str(),
                "consent": consent.id().to_string(),
            }));
        }
    }
    recipients
}

fn controller_json(controller: &Controller) -> Value {
    json!({
        "name": controller.name,
        "address": controller.address,
        "contact": controller.contact,
        "jurisdiction": controller.jurisdiction,
        "storage": controller.storage,
        "withdrawal": controller.withdrawal,
        "rights": controller.rights,
    })
}

fn rule_json(rule: &Rule) -> Value {
    json!({
        "rule": rule.id,
        "citation": rule.citation,
        "gist": rule.gist,
        "mark": rule.mark.word(),
    })
}
