//! What the files in `vectors/vault` were made from.

use faceward_law::*;
use faceward_match::{ModelId, Template};
use jiff::Timestamp;

pub(crate) const KEY: [u8; 32] = [0x42; 32];

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_hexdigit).collect();
    let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16);
    digits.chunks(2).map(|pair| byte(pair).unwrap()).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Four values that are exact in `f32`, of length 1 already.
pub(crate) fn template() -> Template {
    let model = ModelId::new("example", [7; 32]).unwrap();
    Template::from_raw(model, vec![0.5, -0.5, 0.5, 0.5]).unwrap()
}

/// One consent for each form a record can take.
pub(crate) fn consents() -> Vec<Consent> {
    let own = ConsentDraft {
        subject: SubjectId([1; 16]),
        purpose: "door-access".parse().unwrap(),
        notice: Notice {
            version: "2026-11 \"Türen\"".to_owned(),
            sha256: std::array::from_fn(|i| i as u8),
        },
        given_by: Giver::Subject,
        method: Method("signed on paper".to_owned()),
        age: Age::Adult,
        bundled_with: None,
        condition: Condition::Alternative("a card at the desk".to_owned()),
        given_at: at("2026-06-01T08:30:00.25Z"),
        from: at("2026-06-02T00:00:00Z"),
        until: at("2027-06-02T00:00:00Z"),
        details: Details::default(),
    };
    let childs = ConsentDraft {
        given_by: Giver::Guardian("王芳".to_owned()),
        age: Age::Under14,
        bundled_with: Some("the newsletter".to_owned()),
        condition: Condition::Unstated,
        ..own.clone()
    };
    let required = |because: Option<&str>| ConsentDraft {
        condition: Condition::Required {
            necessary_because: because.map(str::to_owned),
        },
        age: Age::Minor,
        ..own.clone()
    };
    let drafts = [
        own.clone(),
        childs,
        required(None),
        required(Some("the lock has no other key")),
    ];
    let record = |draft: ConsentDraft| Consent::record(ConsentId([3; 16]), draft).unwrap();
    let mut consents: Vec<Consent> = drafts.into_iter().map(record).collect();
    consents.push(record(own).withdraw(at("2026-07-01T00:00:00Z")));
    consents
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What the record of version 2 asks for.
pub(crate) fn record_header() -> Asked {
    let given = given_in_version_2();
    Asked {
        subject: given.subject,
        purpose: given.purpose,
        scope: given.details.scope,
        notice: given.notice,
        previous: Some(ConsentId([2; 16])),
    }
}

/// One event for each form an event of version 2 can take; not the story of one record.
pub(crate) fn event_log() -> Vec<ConsentEvent> {
    let event = |by: Actor, what| ConsentEvent {
        at: at("2026-06-01T08:30:00Z"),
        by,
        what,
    };
    let reason = || "the house was sold".to_owned();
    let court = || Actor::Other("the court".to_owned());
    let given = given_in_version_2();
    let plain = ConsentDraft {
        given_by: Giver::Subject,
        age: Age::Adult,
        condition: Condition::Required {
            necessary_because: None,
        },
        details: Details::default(),
        ..given.clone()
    };
    let abroad = ConsentDraft {
        condition: Condition::Unstated,
        details: Details {
            scope: Scope::Abroad {
                country: "DE".to_owned(),
            },
            retention: Retention::Until(at("2026-12-01T00:00:00Z")),
            ..Details::default()
        },
        ..plain.clone()
    };
    let renewal = Renewal {
        notice: given.notice.clone(),
        given_by: Giver::Subject,
        relation: None,
        method: Method("signed again".to_owned()),
        age: Age::Adult,
        shown: given.details.shown.clone(),
        until: at("2028-06-02T00:00:00Z"),
    };
    vec![
        event(Actor::Controller, Happened::Requested),
        event(Actor::Subject, Happened::Deferred),
        event(Actor::Guardian("王芳".to_owned()), Happened::Refused),
        ConsentEvent::given(given),
        ConsentEvent::given(plain),
        ConsentEvent::given(abroad),
        ConsentEvent::renewed(at("2027-06-01T08:00:00Z"), renewal),
        event(
            Actor::Controller,
            Happened::PurposeEnded { reason: reason() },
        ),
        event(Actor::Subject, Happened::Withdrawn),
        event(court(), Happened::Revoked { reason: reason() }),
        event(court(), Happened::Invalidated { reason: reason() }),
    ]
}

fn given_in_version_2() -> ConsentDraft {
    ConsentDraft {
        subject: SubjectId([1; 16]),
        purpose: "door-access".parse().unwrap(),
        notice: Notice {
            version: "2026-11 \"Türen\"".to_owned(),
            sha256: std::array::from_fn(|i| i as u8),
        },
        given_by: Giver::Guardian("王芳".to_owned()),
        method: Method("signed on paper".to_owned()),
        age: Age::Under14,
        bundled_with: Some("the newsletter".to_owned()),
        condition: Condition::Alternative("a card at the desk".to_owned()),
        given_at: at("2026-06-01T08:30:00.25Z"),
        from: at("2026-06-02T00:00:00Z"),
        until: at("2027-06-02T00:00:00Z"),
        details: Details {
            scope: Scope::Recipient {
                name: "the landlord".to_owned(),
                contact: "desk 3".to_owned(),
            },
            functions: "verification,analysis".parse().unwrap(),
            retention: Retention::After {
                event: "the lease ends".to_owned(),
                days: 30,
            },
            shown: Some(Shown {
                language: "zh-Hans".to_owned(),
                at: at("2026-06-01T08:00:00Z"),
                place: "at the desk, on a sheet of its own".to_owned(),
            }),
            equal_terms: Some(true),
            relation: Some(Relation::Parent),
        },
    }
}
