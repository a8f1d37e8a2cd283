//! The record of a consent, written as ISO/IEC TS 27560:2023 has it, in the terms of DPV 2.3.

use faceward_law::{
    Actor, Age, Condition, Consent, ConsentEvent, ConsentState, Functions, Giver, Happened,
    Relation, Retention, Scope,
};
use faceward_ledger::VerifyingKey as LedgerKey;
use faceward_receipt::{
    ConsentReceipt, Controller, Event, LedgerTie, NoticeShown, Party, PiiInformation, Processing,
    Recipient, VerifyingKey as ReceiptKey, consent_context,
};
use jiff::Timestamp;

use crate::WardError;
use crate::consent::fresh_id;
use crate::event::hex;

const BASIS: &str = "dpv:ExplicitlyExpressedConsent";
const GUARDIAN: &str = "guardian";
const CONTROLLER: &str = "controller";
const RECIPIENT: &str = "recipient";
const OTHER: &str = "other";

pub(super) fn consent_receipt(
    consent: &Consent,
    controller: &Controller,
    ties: Vec<LedgerTie>,
    now: Timestamp,
    receipt_key: &ReceiptKey,
    ledger_key: &LedgerKey,
) -> Result<ConsentReceipt, WardError> {
    let terms = consent.terms();
    let person = terms.subject.to_string();
    let events = consent.history().events();
    Ok(ConsentReceipt {
        context: consent_context(),
        kind: "dpv:ConsentReceipt".to_owned(),
        schema_version: ConsentReceipt::SCHEMA_VERSION.to_owned(),
        conforms_to: "ISO/IEC TS 27560:2023".to_owned(),
        receipt_id: fresh_id()?.to_string(),
        issued_at: now,
        record_id: consent.id().to_string(),
        previous_record: consent.history().asked().previous.map(|id| id.to_string()),
        age_band: terms.age.word().to_owned(),
        processing: processing(consent, controller),
        parties: parties(consent, controller),
        events: events
            .iter()
            .map(|event| told(event, consent, &person))
            .collect(),
        pii_principal_id: person,
        ledger: ties,
        receipt_key: receipt_key.jwk(),
        ledger_key: ledger_key.to_string(),
    })
}

fn processing(consent: &Consent, controller: &Controller) -> Processing {
    let terms = consent.terms();
    let details = &terms.details;
    let shown = details.shown.as_ref();
    let (alternative, necessary_because) = match &terms.condition {
        Condition::Alternative(text) => (Some(text.clone()), None),
        Condition::Unstated => (None, None),
        Condition::Required { necessary_because } => (None, necessary_because.clone()),
    };
    let destination = match &details.scope {
        Scope::Abroad { country } => Some(country.clone()),
        _ => None,
    };
    Processing {
        privacy_notice: NoticeShown {
            version: terms.notice.version.clone(),
            sha256: hex(&terms.notice.sha256),
            shown_at: shown.map(|shown| shown.at),
            place: shown.map(|shown| shown.place.clone()),
        },
        language: shown.map_or("und", |shown| &shown.language).to_owned(),
        purpose: terms.purpose.to_string(),
        purpose_types: purpose_types(details.functions),
        scope: details.scope.word().to_owned(),
        functions: details.functions.words().map(str::to_owned).collect(),
        lawful_basis: BASIS.to_owned(),
        pii_information: pii(),
        pii_controllers: vec![CONTROLLER.to_owned()],
        processing_methods: methods(&details.scope),
        storage_locations: vec![controller.storage.clone()],
        retention_period: retention(&details.retention),
        delete_by: consent.keep_until(),
        jurisdiction: controller.jurisdiction.clone(),
        recipient_third_parties: vec![match details.scope {
            Scope::Recipient { .. } => Recipient::Party {
                party_id: RECIPIENT.to_owned(),
            },
            _ => Recipient::None("none".to_owned()),
        }],
        destination,
        alternative,
        alternative_on_equal_terms: details.equal_terms,
        necessary_because,
        withdrawal_method: controller.withdrawal.clone(),
        privacy_rights: controller.rights.clone(),
    }
}

fn pii() -> Vec<PiiInformation> {
    let data = |pii_type: &str, description: &str, kept| PiiInformation {
        pii_type: pii_type.to_owned(),
        description: description.to_owned(),
        kept,
        necessity: "dpv:Required".to_owned(),
        sensitive: true,
    };
    vec![
        data("pd:FacialPrint", "template, kept sealed", true),
        data("pd:Biometric", "picture, looked at and not kept", false),
    ]
}

fn purpose_types(functions: Functions) -> Vec<String> {
    let verifies = functions.verification || functions.identification;
    let term = if verifies {
        "dpv:IdentityVerification"
    } else {
        "dpv:Purpose"
    };
    vec![term.to_owned()]
}

fn methods(scope: &Scope) -> Vec<String> {
    let own: &[&str] = match scope {
        Scope::Processing => &[
            "dpv:Collect",
            "dpv:Derive",
            "dpv:Store",
            "dpv:Match",
            "dpv:Destruct",
        ],
        Scope::Recipient { .. } => &["dpv:Share"],
        Scope::Publication => &["dpv:Disclose"],
        Scope::Abroad { .. } | Scope::Egress => &["dpv:Transmit"],
    };
    own.iter().map(|term| (*term).to_owned()).collect()
}

fn retention(retention: &Retention) -> String {
    match retention {
        Retention::WithConsent => {
            "as long as the consent holds, then destroyed with their key".to_owned()
        }
        Retention::Until(end) => format!("until {end}, then destroyed with their key"),
        Retention::After { event, days } => {
            format!("{days} days after: {event}; then destroyed with their key")
        }
    }
}

/// The person and a guardian take part without a name.
fn parties(consent: &Consent, controller: &Controller) -> Vec<Party> {
    let terms = consent.terms();
    let unnamed = |party_id: &str, party_type: &str| Party {
        party_id: party_id.to_owned(),
        party_type: party_type.to_owned(),
        name: None,
        address: None,
        contact: None,
    };
    let person = match terms.age {
        Age::Adult => "dpv:DataSubject",
        Age::Minor | Age::Under14 => "dpv:Child",
    };
    let mut parties = vec![
        Party {
            name: Some(controller.name.clone()),
            address: Some(controller.address.clone()),
            contact: Some(controller.contact.clone()),
            ..unnamed(CONTROLLER, "dpv:DataController")
        },
        unnamed(&terms.subject.to_string(), person),
    ];
    if matches!(terms.given_by, Giver::Guardian(_)) {
        let term = match terms.details.relation {
            Some(Relation::Parent) => "dpv:ParentOfDataSubject",
            Some(Relation::Guardian) | None => "dpv:GuardianOfDataSubject",
        };
        parties.push(unnamed(GUARDIAN, term));
    }
    if let Scope::Recipient { name, contact } = &terms.details.scope {
        parties.push(Party {
            name: Some(name.clone()),
            contact: Some(contact.clone()),
            ..unnamed(RECIPIENT, "dpv:Recipient")
        });
    }
    parties
}

fn told(event: &ConsentEvent, consent: &Consent, person: &str) -> Event {
    let state = match &event.what {
        Happened::Requested => ConsentState::Requested,
        Happened::Deferred => ConsentState::Deferred,
        Happened::Refused => ConsentState::Refused,
        Happened::Given(_) => ConsentState::Given,
        Happened::Renewed(_) => ConsentState::Renewed,
        Happened::PurposeEnded { .. } => ConsentState::Expired,
        Happened::Withdrawn => ConsentState::Withdrawn,
        Happened::Revoked { .. } => ConsentState::Revoked,
        Happened::Invalidated { .. } => ConsentState::Invalidated,
    };
    let agreed = match &event.what {
        Happened::Given(draft) => Some((draft.method.0.clone(), draft.from, draft.until)),
        Happened::Renewed(renewal) => Some((renewal.method.0.clone(), event.at, renewal.until)),
        _ => None,
    };
    let agreed = agreed.map(
        |(method, from, until)| match consent.terms().details.retention {
            Retention::Until(end) => (method, from, until.min(end)),
            _ => (method, from, until),
        },
    );
    let seconds = agreed.as_ref().map_or(0, |(_, from, until)| {
        (until.as_second() - from.as_second()).max(0)
    });
    let entity = match &event.by {
        Actor::Subject => person,
        Actor::Guardian(_) => GUARDIAN,
        Actor::Controller => CONTROLLER,
        Actor::Other(_) => OTHER,
    };
    Event {
        event_time: event.at,
        event_type: BASIS.to_owned(),
        event_state: state.dpv().to_owned(),
        entity_id: entity.to_owned(),
        indication_method: agreed.as_ref().map(|(method, ..)| method.clone()),
        valid_from: agreed.as_ref().map(|(_, from, _)| *from),
        valid_until: agreed.as_ref().map(|(.., until)| *until),
        validity_duration: format!("PT{seconds}S"),
    }
}
