//! Everything held, as JSON to take along: the form that `faceward export` writes.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use faceward::{
    Circumstance, Condition, Consent, ConsentEvent, ConsentRecord, Described, Entry, Fate, Giver,
    Held, Opening, Request, Retention, Scope, fold,
};
use serde_json::{Value, json};

use super::Here;
use crate::Problem;
use crate::limits::now;

pub(super) async fn download(here: Here) -> Result<Response, Problem> {
    let ward = &here.me.ward;
    let held = ward.export(here.me.handle.clone()).await?;
    let openings = ward.openings(&here.me.handle).await?;
    let controller = ward.controller().ok().map(|controller| {
        json!({
            "name": controller.name, "address": controller.address, "contact": controller.contact,
            "jurisdiction": controller.jurisdiction, "storage": controller.storage,
            "withdrawal": controller.withdrawal, "rights": controller.rights,
        })
    });
    let mut told = everything(&held);
    if let Some(told) = told.as_object_mut() {
        told.insert("controller".to_owned(), json!(controller));
        let opens = openings.opens.iter().map(opening).collect();
        told.insert("opens".to_owned(), opens);
    }
    let text = serde_json::to_string_pretty(&told).map_err(|_| Problem::failed())?;
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CONTENT_DISPOSITION, "attachment; filename=\"held.json\""),
    ];
    Ok((headers, text).into_response())
}

fn everything(held: &Held) -> Value {
    json!({
        "format": "faceward-export@v1",
        "outcome": "done",
        "who": held.handle.as_str(),
        "subject": held.subject.to_string(),
        "consents": held.consents.iter().map(consent).collect::<Vec<_>>(),
        "consent_records": held.records.iter().map(record).collect::<Vec<_>>(),
        "reference_details": held.references.iter().map(reference).collect::<Vec<_>>(),
        "requests": held.requests.iter().map(request).collect::<Vec<_>>(),
        "circumstances": held.circumstances.iter().map(circumstance).collect::<Vec<_>>(),
        "ledger_entries": held.entries.iter().map(entry).collect::<Vec<_>>(),
        "rules": held.rules.iter().map(|rule| json!({
            "rule": rule.id, "citation": rule.citation, "gist": rule.gist, "mark": rule.mark.word(),
        })).collect::<Vec<_>>(),
        "receipt": {
            "entry": held.receipt.position(),
            "leaf_hash": held.receipt.entry().to_string(),
            "checkpoint": held.receipt.checkpoint(),
            "inclusion_proof": held.receipt.proof().to_string(),
        },
    })
}

fn consent(consent: &Consent) -> Value {
    let terms = consent.terms();
    let details = &terms.details;
    let guardian = match &terms.given_by {
        Giver::Subject => None,
        Giver::Guardian(name) => Some(name),
    };
    let (alternative, required, necessary_because) = match &terms.condition {
        Condition::Alternative(text) => (Some(text), Some(false), None),
        Condition::Unstated => (None, None, None),
        Condition::Required { necessary_because } => (None, Some(true), necessary_because.as_ref()),
    };
    json!({
        "id": consent.id().to_string(),
        "state": consent.state(now()).word(),
        "purpose": terms.purpose.as_str(),
        "scope": scope(&details.scope),
        "functions": details.functions.words().collect::<Vec<_>>(),
        "notice": {
            "version": terms.notice.version,
            "sha256": hex(&terms.notice.sha256),
            "shown": details.shown.as_ref().map(|shown| json!({
                "language": shown.language, "at": shown.at.to_string(), "place": shown.place,
            })),
        },
        "guardian": guardian,
        "relation": details.relation.map(|relation| relation.word()),
        "how": terms.method.0,
        "age": terms.age.word(),
        "bundled_with": terms.bundled_with,
        "alternative": alternative,
        "equal_terms": details.equal_terms,
        "required_for_service": required,
        "necessary_because": necessary_because,
        "given_at": terms.given_at.to_string(),
        "from": terms.from.to_string(),
        "until": terms.until.to_string(),
        "retention": match &details.retention {
            Retention::WithConsent => json!({ "ends": "with the consent" }),
            Retention::Until(end) => json!({ "ends": end.to_string() }),
            Retention::After { event, days } => json!({ "event": event, "days_after": days }),
        },
        "keep_until": consent.keep_until().to_string(),
        "previous": consent.history().asked().previous.map(|id| id.to_string()),
        "withdrawn": consent.withdrawn().map(|at| at.to_string()),
    })
}

fn record(record: &ConsentRecord) -> Value {
    let (asked, events) = (record.asked(), record.events());
    let told = |(place, event): (usize, &ConsentEvent)| {
        json!({
            "at": event.at.to_string(),
            "what": event.what.word(),
            "by": event.by.word(),
            "name": event.by.name(),
            "state": fold(events.get(..=place).unwrap_or(events), event.at).word(),
        })
    };
    json!({
        "id": record.id().to_string(),
        "purpose": asked.purpose.as_str(),
        "scope": scope(&asked.scope),
        "notice": { "version": asked.notice.version, "sha256": hex(&asked.notice.sha256) },
        "previous": asked.previous.map(|id| id.to_string()),
        "state": record.state(now()).word(),
        "events": events.iter().enumerate().map(told).collect::<Vec<_>>(),
    })
}

fn scope(scope: &Scope) -> Value {
    match scope {
        Scope::Recipient { name, contact } => {
            json!({ "to": scope.word(), "name": name, "contact": contact })
        }
        Scope::Abroad { country } => json!({ "to": scope.word(), "country": country }),
        Scope::Processing | Scope::Publication | Scope::Egress => json!({ "to": scope.word() }),
    }
}

fn reference(reference: &Described) -> Value {
    json!({
        "id": reference.id.to_string(),
        "purpose": reference.purpose.as_str(),
        "model": reference.model.to_string(),
        "quality": reference.quality,
        "enrolled_at": reference.enrolled_at.to_string(),
    })
}

fn request(request: &Request) -> Value {
    let asked = request.asked();
    json!({
        "id": request.id().to_string(),
        "kind": asked.kind.word(),
        "by": asked.asker.word(),
        "name": asked.asker.name(),
        "details": asked.details,
        "how": asked.channel,
        "received": asked.received.to_string(),
        "regime": asked.regime.word(),
        "due": request.due().to_string(),
        "state": request.state().word(),
        "events": request.events().iter().map(|event| json!({
            "at": event.at.to_string(), "what": event.what.word(), "said": event.what.said(),
        })).collect::<Vec<_>>(),
    })
}

fn circumstance(entry: &Circumstance) -> Value {
    let (on, said) = match &entry.what {
        Fate::Died { on, evidence } => (Some(on.to_string()), evidence),
        Fate::Lives { reason } => (None, reason),
        Fate::Arranged { text, .. } => (None, text),
    };
    json!({ "at": entry.at.to_string(), "what": entry.what.word(), "on": on, "said": said })
}

fn entry(entry: &Entry) -> Value {
    let event = &entry.event;
    json!({
        "entry": entry.position,
        "at": event.at.to_string(),
        "act": event.act.word(),
        "outcome": event.outcome.word(),
        "purpose": event.purpose,
        "rules": event.rules,
        "model": event.model,
        "reason": event.reason,
        "by": event.by.map(|by| by.to_string()),
    })
}

/// What lets the person show, without us, that an entry is theirs.
fn opening(opening: &Opening) -> Value {
    json!({ "entry": opening.entry, "salt": hex(&opening.salt), "record": opening.record })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
