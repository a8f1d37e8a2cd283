//! Consents and what happened to them.

use faceward_law::{
    Condition, Consent, ConsentEvent, ConsentRecord, Giver, Happened, Retention, Scope, fold,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::event::hex;

/// A consent record as JSON.
pub fn consent_json(consent: &Consent) -> Value {
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
    let shown = details.shown.as_ref().map(|shown| {
        json!({ "language": shown.language, "at": shown.at.to_string(), "place": shown.place })
    });
    json!({
        "id": consent.id().to_string(),
        "state": consent.state(Timestamp::now()).word(),
        "purpose": terms.purpose.as_str(),
        "scope": scope_json(&details.scope),
        "functions": details.functions.words().collect::<Vec<_>>(),
        "notice": {
            "version": terms.notice.version,
            "sha256": hex(&terms.notice.sha256),
            "shown": shown,
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
        "retention": retention_json(&details.retention),
        "keep_until": consent.keep_until().to_string(),
        "previous": consent.history().asked().previous.map(|id| id.to_string()),
        "withdrawn": consent.withdrawn().map(|at| at.to_string()),
    })
}

/// Everything that happened to a record, as JSON.
pub fn record_json(record: &ConsentRecord) -> Value {
    let (asked, events) = (record.asked(), record.events());
    let told = |(place, event): (usize, &ConsentEvent)| {
        let reason = match &event.what {
            Happened::PurposeEnded { reason }
            | Happened::Revoked { reason }
            | Happened::Invalidated { reason } => Some(reason),
            _ => None,
        };
        let state = fold(events.get(..=place).unwrap_or(events), event.at);
        json!({
            "at": event.at.to_string(),
            "what": event.what.word(),
            "by": event.by.word(),
            "name": event.by.name(),
            "reason": reason,
            "state": state.word(),
        })
    };
    json!({
        "id": record.id().to_string(),
        "purpose": asked.purpose.as_str(),
        "scope": scope_json(&asked.scope),
        "notice": { "version": asked.notice.version, "sha256": hex(&asked.notice.sha256) },
        "previous": asked.previous.map(|id| id.to_string()),
        "state": record.state(Timestamp::now()).word(),
        "events": events.iter().enumerate().map(told).collect::<Vec<_>>(),
    })
}

fn scope_json(scope: &Scope) -> Value {
    match scope {
        Scope::Recipient { name, contact } => {
            json!({ "to": scope.word(), "name": name, "contact": contact })
        }
        Scope::Abroad { country } => json!({ "to": scope.word(), "country": country }),
        Scope::Processing | Scope::Publication | Scope::Egress => json!({ "to": scope.word() }),
    }
}

fn retention_json(retention: &Retention) -> Value {
    match retention {
        Retention::WithConsent => json!({ "ends": "with the consent" }),
        Retention::Until(end) => json!({ "ends": end.to_string() }),
        Retention::After { event, days } => json!({ "event": event, "days_after": days }),
    }
}
