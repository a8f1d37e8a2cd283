//! Requests as those who ask them would check: due, final, and in the order of relatives.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use faceward_law::*;
use jiff::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn asked(kind: RequestKind, regime: Regime) -> AskedFor {
    AskedFor {
        subject: SubjectId([1; 16]),
        kind,
        asker: Asker::Subject,
        details: None,
        channel: "by letter".to_owned(),
        received: at("2026-01-31T10:00:00Z"),
        regime,
    }
}

fn received(regime: Regime) -> Request {
    let asked = asked(RequestKind::Access, regime);
    Request::receive(RequestId([2; 16]), asked, at("2026-02-02T08:00:00Z")).unwrap()
}

fn event(day: &str, what: RequestHappened) -> RequestEvent {
    let at = at(&format!("{day}T12:00:00Z"));
    RequestEvent { at, what }
}

fn because(reason: &str) -> String {
    reason.to_owned()
}

#[test]
fn an_answer_is_late_from_the_moment_it_is_due() {
    let mut request = received(Regime::Gdpr);
    assert_eq!(request.due(), at("2026-03-01T00:00:00Z"));
    assert!(!request.is_overdue(at("2026-02-28T23:59:59Z")));
    assert!(request.is_overdue(at("2026-03-01T00:00:00Z")));
    let longer = RequestHappened::Extended {
        reason: because("three hundred recordings to look through"),
    };
    request.append(event("2026-02-20", longer.clone())).unwrap();
    assert_eq!(request.due(), at("2026-05-01T00:00:00Z"));
    let error = request.append(event("2026-03-20", longer)).unwrap_err();
    assert!(error.to_string().contains("once"), "{error}");
    request
        .append(event(
            "2026-04-02",
            RequestHappened::Answered { note: None },
        ))
        .unwrap();
    assert!(!request.is_overdue(at("2027-01-01T00:00:00Z")));
}

#[test]
fn time_that_is_over_is_not_extended_and_reasons_are_owed() {
    let late = RequestHappened::Extended {
        reason: because("it was overlooked"),
    };
    let error = received(Regime::Gdpr)
        .append(event("2026-03-01", late))
        .unwrap_err();
    assert!(error.to_string().contains("over"), "{error}");
    for what in [
        RequestHappened::Refused { reason: " ".into() },
        RequestHappened::Extended {
            reason: String::new(),
        },
    ] {
        let error = received(Regime::Gdpr)
            .append(event("2026-02-10", what))
            .unwrap_err();
        assert!(error.to_string().contains("PIPL Art. 50"), "{error}");
    }
}

#[test]
fn nothing_follows_an_end() {
    for end in [
        RequestHappened::Answered { note: None },
        RequestHappened::Refused {
            reason: because("the person is somebody else"),
        },
        RequestHappened::Withdrawn,
    ] {
        let mut request = received(Regime::Pipl { days: 15 });
        request.append(event("2026-02-10", end)).unwrap();
        let after = event("2026-02-11", RequestHappened::Answered { note: None });
        assert!(request.append(after).is_err());
    }
}

#[test]
fn what_could_never_be_answered_for_is_not_recorded() {
    let now = at("2026-02-02T08:00:00Z");
    let receive = |change: fn(&mut AskedFor)| {
        let mut asked = asked(RequestKind::Access, Regime::Gdpr);
        change(&mut asked);
        Request::receive(RequestId([2; 16]), asked, now)
    };
    assert!(receive(|_| {}).is_ok());
    assert!(receive(|a| a.channel = " ".to_owned()).is_err());
    assert!(receive(|a| a.received = Timestamp::MAX).is_err());
    assert!(receive(|a| a.details = Some(" ".to_owned())).is_err());
    assert!(receive(|a| a.asker = Asker::Guardian(" ".to_owned())).is_err());
    assert!(receive(|a| a.kind = RequestKind::Relative).is_err());
    assert!(receive(|a| a.asker = relative(Kin::Child, None)).is_err());
    assert!(receive(|a| a.regime = Regime::Pipl { days: 0 }).is_err());
    assert!(receive(|a| a.regime = Regime::Pipl { days: 91 }).is_err());
}

fn relative(kin: Kin, nearer_alive: Option<bool>) -> Asker {
    Asker::Relative {
        name: "Li Na".to_owned(),
        kin,
        nearer_alive,
        interest: Some("the picture on the grave".to_owned()),
    }
}

fn standing(asker: &Asker, deceased: bool, arranged: bool) -> Relatives {
    let law = Law::built_in().unwrap();
    let today = "2026-06-01".parse().unwrap();
    standing_of(&law, asker, deceased, arranged, today)
        .unwrap()
        .unwrap()
}

#[test]
fn relatives_may_ask_in_the_order_of_cc_994() {
    for (kin, nearer_alive, may) in [
        (Kin::Spouse, Some(true), true),
        (Kin::Child, Some(true), true),
        (Kin::Parent, None, true),
        (Kin::Sibling, Some(true), false),
        (Kin::Sibling, Some(false), true),
        (Kin::Sibling, None, false),
        (Kin::Grandparent, Some(false), true),
        (Kin::Grandchild, Some(false), true),
        (Kin::Grandchild, Some(true), false),
        (Kin::Cousin, Some(false), false),
        (Kin::Other, Some(false), false),
    ] {
        let found = standing(&relative(kin, nearer_alive), true, false);
        assert_eq!(found.may_ask(), may, "{kin} {nearer_alive:?}");
        assert_eq!(found.order.rule.id, "cn-spc-2021-15/15");
        assert!(!found.order.conditions.is_empty());
    }
}

#[test]
fn the_living_have_no_such_relatives_and_what_the_dead_arranged_prevails() {
    let child = relative(Kin::Child, None);
    assert!(standing(&child, true, false).may_ask());
    assert!(!standing(&child, false, false).may_ask());
    let arranged = standing(&child, true, true);
    assert!(!arranged.may_ask());
    assert_eq!(arranged.order.outcome, Outcome::MadeOut);
    let idle = Asker::Relative {
        name: "Li Na".to_owned(),
        kin: Kin::Child,
        nearer_alive: None,
        interest: None,
    };
    assert!(!standing(&idle, true, false).may_ask());
    let law = Law::built_in().unwrap();
    let today = "2026-06-01".parse().unwrap();
    let own = standing_of(&law, &Asker::Subject, true, false, today).unwrap();
    assert!(own.is_none());
}

#[test]
fn no_permit_is_granted_for_the_face_of_somebody_who_died() {
    let purpose: Purpose = "door-access".parse().unwrap();
    for operation in [Operation::Enroll, Operation::Verify, Operation::Identify] {
        let ruling = Gate::undeclared().unwrap().decide(&Facts {
            operation,
            purpose: Some(&purpose),
            basis: Basis::Deceased {
                on: "2026-05-01".parse().unwrap(),
            },
            now: at("2026-06-01T00:00:00Z"),
            persons_held: 0,
        });
        match ruling {
            Ruling::Refused(refusal) => {
                assert!(
                    refusal.to_string().contains("died on 2026-05-01"),
                    "{refusal}"
                );
            }
            Ruling::Granted(_) => panic!("permitted"),
        }
    }
}
