//! Rulings a user would notice, and properties that hold for every consent.

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

fn gate() -> Gate {
    Gate::undeclared().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn door() -> Purpose {
    "door-access".parse().unwrap()
}

fn draft() -> ConsentDraft {
    ConsentDraft {
        subject: ALICE,
        purpose: door(),
        notice: Notice {
            version: "1".to_owned(),
            sha256: [9; 32],
        },
        given_by: Giver::Subject,
        method: Method("signed on paper".to_owned()),
        age: Age::Adult,
        bundled_with: None,
        condition: Condition::Alternative("a card at the desk".to_owned()),
        given_at: at("2026-01-01T00:00:00Z"),
        from: at("2026-01-01T00:00:00Z"),
        until: at("2027-01-01T00:00:00Z"),
        details: Details::default(),
    }
}

fn consent(change: impl FnOnce(&mut ConsentDraft)) -> Consent {
    let mut draft = draft();
    change(&mut draft);
    Consent::record(ConsentId([3; 16]), draft).unwrap()
}

fn ask(consents: &[Consent], purpose: &Purpose, now: &str) -> Ruling {
    gate().decide(&Facts {
        operation: Operation::Verify,
        purpose: Some(purpose),
        basis: Basis::Recorded {
            subject: ALICE,
            consents,
        },
        now: at(now),
        persons_held: 1,
    })
}

fn refusal(ruling: Ruling) -> Refusal {
    match ruling {
        Ruling::Refused(refusal) => refusal,
        Ruling::Granted(permit) => panic!("granted: {permit:?}"),
    }
}

fn cited(ruling: Ruling) -> Vec<String> {
    let grounds = refusal(ruling).grounds().to_vec();
    grounds
        .iter()
        .map(|ground| ground.rule.id.clone())
        .collect()
}

#[test]
fn without_a_consent_the_answer_is_no_and_cites_the_article() {
    let refused = refusal(ask(&[], &door(), "2026-06-01T00:00:00Z"));
    let text = refused.to_string();
    assert!(text.contains("Fa Shi [2021] No. 15, Art. 2(3)"), "{text}");
    assert!(text.contains("Art. 6(2)"), "{text}");
}

#[test]
fn a_live_separate_consent_is_enough_for_its_purpose_and_for_no_other() {
    let given = [consent(|_| {})];
    let Ruling::Granted(permit) = ask(&given, &door(), "2026-06-01T00:00:00Z") else {
        panic!("refused");
    };
    assert_eq!(permit.consent(), Some(ConsentId([3; 16])));
    assert!(permit.covers(
        Operation::Verify,
        ALICE,
        &door(),
        at("2026-06-01T00:00:59Z")
    ));
    assert!(!permit.covers(
        Operation::Verify,
        ALICE,
        &door(),
        at("2026-06-01T00:01:00Z")
    ));
    assert!(!permit.covers(
        Operation::Enroll,
        ALICE,
        &door(),
        at("2026-06-01T00:00:00Z")
    ));
    assert!(!permit.covers(
        Operation::Verify,
        SubjectId([2; 16]),
        &door(),
        at("2026-06-01T00:00:00Z")
    ));

    let marketing: Purpose = "marketing".parse().unwrap();
    let rules = cited(ask(&given, &marketing, "2026-06-01T00:00:00Z"));
    assert_eq!(
        rules,
        [
            "cn-spc-2021-15/2.4",
            "cn-spc-2021-15/2.3",
            "cn-spc-2021-15/6.2"
        ]
    );
}

#[test]
fn each_defect_is_named_by_its_article() {
    let june = "2026-06-01T00:00:00Z";
    let case = |change: fn(&mut ConsentDraft), rule: &str| {
        let rules = cited(ask(&[consent(change)], &door(), june));
        assert_eq!(rules.first().map(String::as_str), Some(rule));
    };
    case(
        |c| c.bundled_with = Some("marketing mail".to_owned()),
        "cn-spc-2021-15/4.2-defect",
    );
    case(
        |c| {
            c.condition = Condition::Required {
                necessary_because: None,
            }
        },
        "cn-spc-2021-15/4.1-defect",
    );
    case(|c| c.age = Age::Minor, "cn-spc-2021-15/2.3-minor");
    case(
        |c| c.from = at("2026-07-01T00:00:00Z"),
        "cn-spc-2021-15/2.3",
    );

    let expired = cited(ask(&[consent(|_| {})], &door(), "2027-01-01T00:00:00Z"));
    assert_eq!(expired[0], "cn-spc-2021-15/2.3");
    let withdrawn = consent(|_| {}).withdraw(at(june));
    assert_eq!(
        cited(ask(&[withdrawn], &door(), june))[0],
        "cn-spc-2021-15/2.3"
    );
}

#[test]
fn what_the_law_excuses_is_granted() {
    let june = "2026-06-01T00:00:00Z";
    let granted = |change: fn(&mut ConsentDraft)| {
        assert!(matches!(
            ask(&[consent(change)], &door(), june),
            Ruling::Granted(_)
        ));
    };
    granted(|c| {
        c.condition = Condition::Required {
            necessary_because: Some("account recovery compares faces and nothing else".to_owned()),
        };
    });
    granted(|c| {
        c.age = Age::Under14;
        c.given_by = Giver::Guardian("her mother".to_owned());
    });
    granted(|c| c.condition = Condition::Unstated);
}

#[test]
fn a_search_needs_someone_who_agreed() {
    let purpose = door();
    let search = |consenting| {
        gate().decide(&Facts {
            operation: Operation::Identify,
            purpose: Some(&purpose),
            basis: Basis::Gallery { consenting },
            now: at("2026-06-01T00:00:00Z"),
            persons_held: 1,
        })
    };
    assert!(matches!(search(1), Ruling::Granted(_)));
    assert_eq!(cited(search(0))[0], "cn-spc-2021-15/2.3");
}

#[test]
fn a_statement_covers_a_one_off_act_and_nothing_that_keeps_a_face() {
    let declared = |operation, statement| {
        gate().decide(&Facts {
            operation,
            purpose: None,
            basis: Basis::Declared { statement },
            now: at("2026-06-01T00:00:00Z"),
            persons_held: 1,
        })
    };
    assert!(matches!(
        declared(Operation::Compare, "both agreed in person"),
        Ruling::Granted(_)
    ));
    assert_eq!(
        cited(declared(Operation::Compare, "  "))[0],
        "cn-spc-2021-15/2.3"
    );
    for keeps in [Operation::Enroll, Operation::Verify, Operation::Identify] {
        assert_eq!(
            cited(declared(keeps, "they agreed"))[0],
            "cn-spc-2021-15/2.3"
        );
    }
}

#[test]
fn a_consent_that_could_never_count_is_not_recorded() {
    let refused = |change: fn(&mut ConsentDraft), says: &str| {
        let mut draft = draft();
        change(&mut draft);
        let error = Consent::record(ConsentId([3; 16]), draft).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    };
    refused(|c| c.until = c.from, "ends before it begins");
    refused(|c| c.until = at("9999-01-01T00:00:00Z"), "ten years");
    refused(
        |c| c.given_at = at("2026-02-01T00:00:00Z"),
        "before it was given",
    );
    refused(|c| c.notice.version = " ".to_owned(), "notice");
    refused(
        |c| c.method = Method(String::new()),
        "how the person agreed",
    );
    refused(|c| c.given_by = Giver::Guardian(String::new()), "guardian");
}

prop_compose! {
    fn any_consent()(
        start in 0i64..1_000, length in 1i64..1_000, tied: bool, tie in 0u8..3, age in 0u8..3,
        guardian: bool, same_purpose: bool,
    ) -> Consent {
        consent(|c| {
            let base = at("2026-01-01T00:00:00Z");
            c.from = base + SignedDuration::from_hours(start);
            c.until = c.from + SignedDuration::from_hours(length);
            c.bundled_with = tied.then(|| "newsletter".to_owned());
            c.condition = match tie {
                0 => Condition::Unstated,
                1 => Condition::Required { necessary_because: None },
                _ => Condition::Alternative("card".to_owned()),
            };
            c.age = [Age::Adult, Age::Minor, Age::Under14][usize::from(age)];
            if guardian { c.given_by = Giver::Guardian("a parent".to_owned()); }
            if !same_purpose { c.purpose = "other".parse().unwrap(); }
        })
    }
}

fn decide_at(consents: &[Consent], now: Timestamp) -> Ruling {
    let purpose = door();
    gate().decide(&Facts {
        operation: Operation::Enroll,
        purpose: Some(&purpose),
        basis: Basis::Recorded {
            subject: ALICE,
            consents,
        },
        now,
        persons_held: 1,
    })
}

proptest! {
    #[test]
    fn withdrawing_never_enables_anything(
        consents in prop::collection::vec(any_consent(), 0..5), which: prop::sample::Index,
        now in 0i64..2_500, when in 0i64..2_500,
    ) {
        let base = at("2026-01-01T00:00:00Z");
        let now = base + SignedDuration::from_hours(now);
        let before = matches!(decide_at(&consents, now), Ruling::Granted(_));
        let mut fewer = consents;
        if !fewer.is_empty() {
            let at = which.index(fewer.len());
            fewer[at] = fewer[at].clone().withdraw(base + SignedDuration::from_hours(when));
        }
        let after = matches!(decide_at(&fewer, now), Ruling::Granted(_));
        prop_assert!(before || !after);
    }

    #[test]
    fn no_permit_outlives_its_consent_and_every_refusal_cites(
        consents in prop::collection::vec(any_consent(), 0..5), now in 0i64..9_000_000,
    ) {
        let now = at("2026-01-01T00:00:00Z") + SignedDuration::from_secs(now);
        match decide_at(&consents, now) {
            Ruling::Granted(permit) => {
                let backed = |c: &Consent| {
                    c.is_live(now) && permit.expires() <= c.terms().until && permit.expires() > now
                };
                prop_assert!(consents.iter().any(backed));
            }
            Ruling::Refused(refusal) => prop_assert!(!refusal.grounds().is_empty()),
        }
    }
}

#[test]
fn a_refusal_speaks_of_the_consent_that_can_be_mended_and_not_of_one_that_ended() {
    let corrected = consent(|d| d.age = Age::Under14);
    let wrong = Consent::record(ConsentId([4; 16]), draft()).unwrap();
    let wrong = wrong.withdraw(at("2026-03-01T00:00:00Z"));
    for consents in [[corrected.clone(), wrong.clone()], [wrong, corrected]] {
        let Ruling::Refused(refusal) = ask(&consents, &door(), "2026-06-01T00:00:00Z") else {
            panic!("permitted for a child without a guardian");
        };
        assert!(refusal.to_string().contains("guardian"), "{refusal}");
    }
}
