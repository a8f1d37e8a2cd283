//! The life of a consent record: what may follow what, what each state permits, when to ask anew.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use faceward_law::*;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

const ALICE: SubjectId = SubjectId([1; 16]);

fn hour(hours: i64) -> Timestamp {
    let base: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    base + SignedDuration::from_hours(hours)
}

fn notice(byte: u8) -> Notice {
    Notice {
        version: format!("notice {byte}"),
        sha256: [byte; 32],
    }
}

fn asked() -> Asked {
    Asked {
        subject: ALICE,
        purpose: "door-access".parse().unwrap(),
        scope: Scope::Processing,
        notice: notice(1),
        previous: None,
    }
}

/// Given at hour 10, valid for 100 hours.
fn draft() -> ConsentDraft {
    ConsentDraft {
        subject: ALICE,
        purpose: "door-access".parse().unwrap(),
        notice: notice(1),
        given_by: Giver::Subject,
        method: Method("signed on paper".to_owned()),
        age: Age::Adult,
        bundled_with: None,
        condition: Condition::Alternative("a card".to_owned()),
        given_at: hour(10),
        from: hour(10),
        until: hour(110),
        details: Details::default(),
    }
}

fn renewal(until: Timestamp) -> Renewal {
    Renewal {
        notice: notice(1),
        given_by: Giver::Subject,
        relation: None,
        method: Method("signed again".to_owned()),
        age: Age::Adult,
        shown: None,
        until,
    }
}

fn by(at: Timestamp, by: Actor, what: Happened) -> ConsentEvent {
    ConsentEvent { at, by, what }
}

fn event(at: Timestamp, what: Happened) -> ConsentEvent {
    by(at, Actor::Controller, what)
}

fn given() -> Consent {
    Consent::record(ConsentId([3; 16]), draft()).unwrap()
}

fn then(consent: &Consent, event: ConsentEvent) -> Result<Consent, LawError> {
    let mut record = consent.history().clone();
    record.append(event)?;
    Ok(Consent::of(record).unwrap())
}

#[test]
fn a_record_goes_from_the_question_to_its_end_and_only_given_and_renewed_permit() {
    let mut record = ConsentRecord::open(
        ConsentId([3; 16]),
        asked(),
        event(hour(0), Happened::Requested),
    )
    .unwrap();
    let mut states = vec![record.state(hour(1))];
    let steps = [
        event(hour(2), Happened::Deferred),
        event(hour(3), Happened::Requested),
        ConsentEvent::given(draft()),
    ];
    for step in steps {
        let at = step.at;
        record.append(step).unwrap();
        states.push(record.state(at));
    }
    states.push(record.state(hour(110)));
    record
        .append(ConsentEvent::renewed(hour(120), renewal(hour(200))))
        .unwrap();
    states.push(record.state(hour(120)));
    record
        .append(ConsentEvent::withdrawn(hour(130), &Giver::Subject))
        .unwrap();
    states.push(record.state(hour(130)));
    use ConsentState::*;
    assert_eq!(
        states,
        [
            Requested, Deferred, Requested, Given, Expired, Renewed, Withdrawn
        ]
    );
    for state in [
        Unknown,
        Requested,
        Deferred,
        Refused,
        Expired,
        Withdrawn,
        Revoked,
        Invalidated,
    ] {
        assert!(!state.is_valid(), "{state}");
    }
    assert!(Given.is_valid() && Renewed.is_valid());
    assert_eq!(fold(&[], hour(0)), Unknown);
}

#[test]
fn what_ends_a_record_is_final_and_names_the_way_on() {
    let court = || Actor::Other("the court".to_owned());
    let reason = || "an order".to_owned();
    let ends = [
        ConsentEvent::withdrawn(hour(20), &Giver::Subject),
        by(hour(20), court(), Happened::Revoked { reason: reason() }),
        event(hour(20), Happened::Invalidated { reason: reason() }),
    ];
    for end in ends {
        let ended = then(&given(), end.clone()).unwrap();
        for next in [
            ConsentEvent::renewed(hour(30), renewal(hour(300))),
            ConsentEvent::withdrawn(hour(30), &Giver::Subject),
            event(hour(30), Happened::Requested),
        ] {
            let error = then(&ended, next).unwrap_err().to_string();
            assert!(error.contains("ask again under a new one"), "{error}");
        }
        // Even with the clock set back.
        for now in [hour(0), hour(15), hour(500)] {
            assert!(!ended.is_live(now) && ended.state(now).is_final());
        }
    }
    assert!(then(&given(), ConsentEvent::withdrawn(hour(0), &Giver::Subject)).is_ok());
}

#[test]
fn events_that_contradict_are_refused_with_a_sentence() {
    let refused = |event: ConsentEvent, says: &str| {
        let error = then(&given(), event).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    };
    refused(ConsentEvent::given(draft()), "cannot follow `given`");
    refused(event(hour(20), Happened::Deferred), "cannot follow");
    refused(
        by(hour(20), Actor::Subject, Happened::Refused),
        "cannot follow",
    );
    refused(
        by(
            hour(20),
            Actor::Subject,
            Happened::Revoked {
                reason: "x".to_owned(),
            },
        ),
        "somebody other than the person",
    );
    refused(
        event(
            hour(20),
            Happened::PurposeEnded {
                reason: " ".to_owned(),
            },
        ),
        "give a reason",
    );
    refused(
        ConsentEvent::renewed(hour(5), renewal(hour(200))),
        "set the clock right",
    );
    refused(
        ConsentEvent::renewed(hour(20), renewal(hour(100))),
        "a renewal extends",
    );
    let other = Renewal {
        notice: notice(2),
        ..renewal(hour(200))
    };
    refused(ConsentEvent::renewed(hour(20), other), "ask anew");
    let forever = renewal(hour(20) + SignedDuration::from_hours(24 * 3654));
    refused(ConsentEvent::renewed(hour(20), forever), "ten years");
    let mut record = ConsentRecord::open(
        ConsentId([3; 16]),
        asked(),
        event(hour(0), Happened::Requested),
    )
    .unwrap();
    let mut other = draft();
    other.details.scope = Scope::Publication;
    let error = record.append(ConsentEvent::given(other)).unwrap_err();
    assert!(error.to_string().contains("another question"), "{error}");
    let nothing = ConsentEvent::withdrawn(hour(1), &Giver::Subject);
    assert!(record.append(nothing).is_err(), "nothing was given yet");
}

#[test]
fn a_consent_to_one_scope_or_function_carries_no_other() {
    let with = |change: fn(&mut Details)| {
        let mut draft = draft();
        change(&mut draft.details);
        Consent::record(ConsentId([4; 16]), draft).unwrap()
    };
    let permits = |consent: &Consent, operation| {
        let ruling = Gate::undeclared().unwrap().decide(&Facts {
            operation,
            purpose: Some(&consent.terms().purpose),
            basis: Basis::Recorded {
                subject: ALICE,
                consents: std::slice::from_ref(consent),
            },
            now: hour(20),
            persons_held: 0,
        });
        matches!(ruling, Ruling::Granted(_))
    };
    for change in [
        (|d: &mut Details| d.scope = Scope::Publication) as fn(&mut Details),
        |d| d.scope = Scope::Egress,
        |d| {
            d.scope = Scope::Abroad {
                country: "DE".to_owned(),
            }
        },
        |d| {
            d.scope = Scope::Recipient {
                name: "the landlord".to_owned(),
                contact: "desk 3".to_owned(),
            }
        },
    ] {
        for operation in [Operation::Enroll, Operation::Verify, Operation::Identify] {
            assert!(!permits(&with(change), operation));
        }
    }
    let verify_only = with(|d| d.functions = "verification".parse().unwrap());
    assert!(permits(&verify_only, Operation::Enroll) && permits(&verify_only, Operation::Verify));
    assert!(!permits(&verify_only, Operation::Identify));
    assert!("gait".parse::<Functions>().is_err());
}

#[test]
fn what_the_record_must_say_of_notice_recipient_and_retention_is_demanded() {
    let refused = |change: fn(&mut ConsentDraft), says: &str| {
        let mut draft = draft();
        change(&mut draft);
        let error = Consent::record(ConsentId([3; 16]), draft).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    };
    fn shown(language: &str, at: Timestamp, place: &str) -> Option<Shown> {
        Some(Shown {
            language: language.to_owned(),
            at,
            place: place.to_owned(),
        })
    }
    refused(
        |c| c.details.shown = shown("de", hour(11), "at the desk"),
        "before",
    );
    refused(
        |c| c.details.shown = shown("d e", hour(9), "at the desk"),
        "zh-Hans",
    );
    refused(|c| c.details.shown = shown("de", hour(9), " "), "where");
    refused(
        |c| {
            c.details.scope = Scope::Abroad {
                country: "de".to_owned(),
            }
        },
        "capital",
    );
    refused(
        |c| {
            c.details.scope = Scope::Recipient {
                name: "X".to_owned(),
                contact: String::new(),
            }
        },
        "PIPL Art. 23",
    );
    refused(
        |c| c.details.retention = Retention::Until(hour(500)),
        "longer than the consent",
    );
    refused(
        |c| {
            c.details.equal_terms = Some(true).filter(|_| {
                c.condition = Condition::Unstated;
                true
            })
        },
        "names none",
    );
    refused(
        |c| c.details.relation = Some(Relation::Parent),
        "no guardian",
    );
}

#[test]
fn a_changed_notice_purpose_or_extent_asks_anew_and_says_why() {
    let offer = || Offer {
        purpose: "door-access".parse().unwrap(),
        notice: notice(1),
        scope: Scope::Processing,
        functions: Functions::default(),
        retention: Retention::WithConsent,
    };
    let why = |offer: &Offer, now| -> Vec<String> {
        ask_anew(&given(), offer, now)
            .iter()
            .map(ToString::to_string)
            .collect()
    };
    assert!(why(&offer(), hour(20)).is_empty());
    let less = Offer {
        functions: "verification".parse().unwrap(),
        ..offer()
    };
    assert!(why(&less, hour(20)).is_empty());
    let more = Offer {
        functions: "verification,analysis".parse().unwrap(),
        ..offer()
    };
    assert!(why(&more, hour(20))[0].contains("covers only verification,identification"));
    let text = Offer {
        notice: notice(2),
        ..offer()
    };
    assert!(why(&text, hour(20))[0].contains("`notice 1` was agreed to"));
    let purpose = Offer {
        purpose: "canteen".parse().unwrap(),
        ..offer()
    };
    assert!(why(&purpose, hour(20))[0].contains("door-access"));
    assert_eq!(why(&offer(), hour(500)), ["it is expired"]);
}

#[test]
fn nobody_is_asked_again_after_a_no_unless_the_notice_changed() {
    let refused = by(hour(5), Actor::Subject, Happened::Refused);
    let no = ConsentRecord::open(ConsentId([5; 16]), asked(), refused).unwrap();
    let ask = |records: &[ConsentRecord], byte| {
        may_ask(records, &asked().purpose, &Scope::Processing, &notice(byte))
    };
    let error = ask(std::slice::from_ref(&no), 1).unwrap_err().to_string();
    assert!(
        error.contains("NDSR Art. 22") && error.contains("door-access"),
        "{error}"
    );
    assert_eq!(ask(std::slice::from_ref(&no), 2), Ok(()));
    assert_eq!(
        ask(&[no.clone(), given().history().clone()], 1),
        Ok(()),
        "agreed since"
    );
    let open = ConsentRecord::open(
        ConsentId([6; 16]),
        asked(),
        event(hour(1), Happened::Requested),
    );
    assert!(
        ask(&[open.unwrap()], 1)
            .unwrap_err()
            .to_string()
            .contains("has not answered")
    );
}

#[test]
fn what_is_kept_goes_when_the_agreed_retention_is_over() {
    assert_eq!(given().keep_until(), hour(110));
    let with = |retention| {
        let mut draft = draft();
        draft.details.retention = retention;
        Consent::record(ConsentId([4; 16]), draft).unwrap()
    };
    let short = with(Retention::Until(hour(50)));
    assert_eq!(short.keep_until(), hour(50));
    assert!(short.is_live(hour(49)) && !short.is_live(hour(50)));
    let contract = with(Retention::After {
        event: "the contract ends".to_owned(),
        days: 2,
    });
    assert_eq!(contract.keep_until(), hour(110));
    let ended = event(
        hour(30),
        Happened::PurposeEnded {
            reason: "it ended".to_owned(),
        },
    );
    let over = then(&contract, ended.clone()).unwrap();
    assert_eq!(over.keep_until(), hour(78));
    assert!(over.is_live(hour(29)) && !over.is_live(hour(30)));
    assert_eq!(then(&given(), ended).unwrap().keep_until(), hour(30));
}

fn any_event() -> impl Strategy<Value = ConsentEvent> {
    (0i64..400, 0u8..9, 1i64..200).prop_map(|(at, kind, length)| {
        let at = hour(at);
        let reason = || "a reason".to_owned();
        match kind {
            0 => event(at, Happened::Requested),
            1 => by(at, Actor::Subject, Happened::Deferred),
            2 => by(at, Actor::Subject, Happened::Refused),
            3 => ConsentEvent::given(ConsentDraft {
                given_at: at,
                from: at,
                until: at + SignedDuration::from_hours(length),
                ..draft()
            }),
            4 | 5 => ConsentEvent::renewed(at, renewal(at + SignedDuration::from_hours(length))),
            6 => event(at, Happened::PurposeEnded { reason: reason() }),
            7 => ConsentEvent::withdrawn(at, &Giver::Subject),
            _ => event(at, Happened::Revoked { reason: reason() }),
        }
    })
}

/// The record that the acceptable ones of these events make, and each of its stages.
fn stages(events: Vec<ConsentEvent>) -> Vec<ConsentRecord> {
    let mut stages: Vec<ConsentRecord> = Vec::new();
    for event in events {
        match stages.last().cloned() {
            None => stages.extend(ConsentRecord::open(ConsentId([3; 16]), asked(), event)),
            Some(mut record) => {
                if record.append(event).is_ok() {
                    stages.push(record);
                }
            }
        }
    }
    stages
}

proptest! {
    #[test]
    fn the_fold_keeps_to_the_order_and_an_end_stays(
        events in prop::collection::vec(any_event(), 0..30), now in 0i64..800,
    ) {
        let now = hour(now);
        let stages = stages(events);
        let mut ended = None;
        for (count, record) in stages.iter().enumerate() {
            prop_assert_eq!(record.events().len(), count + 1, "one event a stage");
            prop_assert_eq!(record.state(now), fold(record.events(), now));
            if count > 0 {
                prop_assert_eq!(&record.events()[..count], stages[count - 1].events());
            }
            prop_assert!(ended.is_none(), "something followed {ended:?}");
            ended = Some(record.state(now)).filter(|state| state.is_final());
        }
    }

    #[test]
    fn no_state_is_valid_after_the_end_nor_before_a_yes(
        events in prop::collection::vec(any_event(), 0..30), now in 0i64..800,
    ) {
        let now = hour(now);
        for record in stages(events) {
            let state = record.state(now);
            let Some(until) = record.agreed_until() else {
                prop_assert!(!state.is_valid());
                continue;
            };
            prop_assert!(now < until || !state.is_valid());
            prop_assert!(record.purpose_ended().is_none_or(|at| now < at) || !state.is_valid());
            let consent = Consent::of(record).unwrap();
            prop_assert_eq!(consent.is_live(now), consent.state(now).is_valid());
            prop_assert!(!consent.is_live(now) || now < consent.terms().until);
            prop_assert!(consent.is_live(now) <= (now < consent.keep_until()));
        }
    }

    #[test]
    fn withdrawing_at_any_stage_leaves_nothing_valid_at_any_time(
        events in prop::collection::vec(any_event(), 0..30), at in 0i64..800, now in 0i64..800,
    ) {
        for record in stages(events) {
            if let Some(consent) = Consent::of(record) {
                let consent = consent.withdraw(hour(at));
                prop_assert!(!consent.is_live(hour(now)));
                prop_assert!(!consent.state(hour(now)).is_valid());
            }
        }
    }
}
