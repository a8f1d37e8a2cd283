//! The gate by a declared deployment: what it grants, what it refuses and under which provision.

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
const NOW: &str = "2027-03-01T00:00:00Z";

/// A worked example, with lines of its file changed.
fn example(name: &str, changes: &[(&str, &str)]) -> Result<Deployment, PackError> {
    let path = format!(
        "{}/../../examples/deployments/{name}.toml",
        env!("CARGO_MANIFEST_DIR")
    );
    let mut text = std::fs::read_to_string(&path).unwrap();
    for (before, after) in changes {
        assert!(text.contains(before), "{name} has no {before}");
        text = text.replacen(before, after, 1);
    }
    let name = format!("{name}.toml");
    Deployment::read(PackText {
        name: &name,
        text: &text,
    })
}

fn gate(name: &str, changes: &[(&str, &str)]) -> Gate {
    let deployment = example(name, changes).unwrap_or_else(|error| panic!("{error}"));
    Gate::declared(deployment, Law::built_in().unwrap()).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn consent(purpose: &str, version: &str, change: impl FnOnce(&mut ConsentDraft)) -> Consent {
    let mut draft = ConsentDraft {
        subject: ALICE,
        purpose: purpose.parse().unwrap(),
        notice: Notice {
            version: version.to_owned(),
            sha256: [9; 32],
        },
        given_by: Giver::Subject,
        method: Method("signed on paper".to_owned()),
        age: Age::Adult,
        bundled_with: None,
        condition: Condition::Alternative("a card".to_owned()),
        given_at: at("2027-01-01T00:00:00Z"),
        from: at("2027-01-01T00:00:00Z"),
        until: at("2028-01-01T00:00:00Z"),
        details: Details::default(),
    };
    change(&mut draft);
    Consent::record(ConsentId([3; 16]), draft).unwrap()
}

struct Ask<'a> {
    operation: Operation,
    purpose: &'a str,
    consents: &'a [Consent],
    persons_held: u64,
}

fn ask(gate: &Gate, asked: &Ask<'_>) -> Ruling {
    gate.decide(&Facts {
        operation: asked.operation,
        purpose: Some(&asked.purpose.parse().unwrap()),
        basis: Basis::Recorded {
            subject: ALICE,
            consents: asked.consents,
        },
        now: at(NOW),
        persons_held: asked.persons_held,
    })
}

fn search(gate: &Gate, purpose: &str) -> Ruling {
    gate.decide(&Facts {
        operation: Operation::Identify,
        purpose: Some(&purpose.parse().unwrap()),
        basis: Basis::Gallery { consenting: 7 },
        now: at(NOW),
        persons_held: 7,
    })
}

fn cited(ruling: Ruling) -> Vec<String> {
    match ruling {
        Ruling::Refused(refusal) => {
            let grounds = refusal.grounds().iter();
            grounds.map(|ground| ground.rule.id.clone()).collect()
        }
        Ruling::Granted(permit) => panic!("granted: {permit:?}"),
    }
}

fn granted(ruling: Ruling) -> Permit {
    match ruling {
        Ruling::Granted(permit) => permit,
        Ruling::Refused(refusal) => panic!("refused: {refusal}"),
    }
}

fn at_the_gym<'a>(operation: Operation, consents: &'a [Consent]) -> Ask<'a> {
    Ask {
        operation,
        purpose: "gym-access",
        consents,
        persons_held: 7,
    }
}

#[test]
fn a_private_gym_searches_among_those_who_agreed() {
    let gate = gate("gym", &[]);
    let agreed = [consent("gym-access", "2026-11", |_| {})];
    let permit = granted(ask(&gate, &at_the_gym(Operation::Identify, &agreed)));
    assert_eq!(permit.subject(), Some(ALICE));
    assert_eq!(permit.consent(), Some(ConsentId([3; 16])));
    assert_eq!(permit.grounds().len(), 3);
    granted(ask(&gate, &at_the_gym(Operation::Enroll, &agreed)));
    granted(search(&gate, "gym-access"));
    let nobody = cited(ask(&gate, &at_the_gym(Operation::Identify, &[])));
    assert!(nobody.contains(&"cn-pipl/13".to_owned()), "{nobody:?}");
}

const COVERS: (&str, &str) = ("\"recipients\",", "\"recipients\", \"face-map\",");

#[test]
fn the_face_print_map_may_be_kept_only_where_it_is_declared_and_told() {
    let why = (
        "retention = {",
        "face_map_because = \"shown to who was turned away\"\nretention = {",
    );
    let agreed = [consent("gym-access", "2026-11", |_| {})];
    let permit = |changes: &[(&str, &str)]| {
        let ruling = ask(
            &gate("gym", changes),
            &at_the_gym(Operation::Enroll, &agreed),
        );
        match ruling {
            Ruling::Granted(permit) => Some(permit.allows_map()),
            Ruling::Refused(_) => None,
        }
    };
    assert_eq!(permit(&[]), Some(false));
    assert_eq!(permit(&[COVERS]), Some(false));
    assert_eq!(permit(&[why, COVERS]), Some(true));
    // A notice that does not tell of it is not complete.
    assert_eq!(permit(&[why]), None);
    let undeclared = Gate::undeclared().unwrap();
    let permit = granted(ask(&undeclared, &at_the_gym(Operation::Enroll, &agreed)));
    assert!(!permit.allows_map());
}

#[test]
fn what_the_deployment_does_not_declare_is_refused_as_going_beyond_what_was_stated() {
    let gate = gate("gym", &[]);
    let agreed = [consent("marketing", "2026-11", |_| {})];
    let marketing = Ask {
        purpose: "marketing",
        ..at_the_gym(Operation::Verify, &agreed)
    };
    let refusal = ask(&gate, &marketing);
    assert!(format!("{refusal:?}").contains("declares no purpose `marketing`"));
    assert_eq!(
        cited(refusal),
        ["cn-spc-2021-15/2.4", "cn-pipl/14.ndsr22-scope"]
    );
    let agreed = [consent("gym-access", "2026-11", |_| {})];
    let refusal = ask(&gate, &at_the_gym(Operation::Verify, &agreed));
    assert!(format!("{refusal:?}").contains("for identification only, not to verify"));
    assert_eq!(cited(refusal)[0], "cn-spc-2021-15/2.4");
}

#[test]
fn a_changed_notice_asks_again() {
    let gate = gate("gym", &[("version = \"2026-11\"", "version = \"2027-02\"")]);
    let before = consent("gym-access", "2026-11", |_| {});
    let refusal = ask(
        &gate,
        &at_the_gym(Operation::Identify, std::slice::from_ref(&before)),
    );
    let text = format!("{refusal:?}");
    assert!(text.contains("the notice changed after the consent was given; ask again"));
    assert!(text.contains("after notice `2026-11`"), "{text}");
    let rules = cited(refusal);
    assert!(rules.contains(&"cn-pipl/14.change".to_owned()), "{rules:?}");
    let after = consent("gym-access", "2027-02", |_| {});
    granted(ask(
        &gate,
        &at_the_gym(Operation::Identify, &[before, after]),
    ));
}

#[test]
fn where_the_text_of_the_notice_is_known_its_bytes_decide_and_not_its_name() {
    let gate_of = |hash| {
        let deployment = example("gym", &[]).unwrap().with_notice_hashes(vec![hash]);
        Gate::declared(deployment, Law::built_in().unwrap()).unwrap()
    };
    let agreed = [consent("gym-access", "a scan of it", |_| {})];
    let asked = at_the_gym(Operation::Identify, &agreed);
    granted(ask(&gate_of([9; 32]), &asked));
    assert!(!cited(ask(&gate_of([8; 32]), &asked)).is_empty());
}

#[test]
fn in_a_public_place_consent_carries_one_to_one_and_no_search() {
    let named = consent("ticket-gate", "2027-01", |_| {});
    let asked = Ask {
        operation: Operation::Verify,
        purpose: "ticket-gate",
        consents: std::slice::from_ref(&named),
        persons_held: 7,
    };
    granted(ask(&gate("station", &[]), &asked));
    // Without a need of public security not even that.
    let plain = [(
        "necessary_because = \"who boards",
        "# necessary_because = \"who boards",
    )];
    let rules = cited(ask(&gate("station", &plain), &asked));
    for rule in ["cn-pipl/26.install", "cn-cac-2025/13.necessity"] {
        assert!(rules.contains(&rule.to_owned()), "{rules:?}");
    }
    let searches = [("[\"verification\"]", "[\"identification\"]")];
    let rules = cited(search(&gate("station", &searches), "ticket-gate"));
    for rule in [
        "cn-spc-2021-15/2.3",
        "cn-pipl/26.use",
        "cn-cac-2025/6.separate",
    ] {
        assert!(rules.contains(&rule.to_owned()), "{rules:?}");
    }
}

#[test]
fn no_consent_opens_a_private_space() {
    let gate = gate("gym", &[("private_space = false", "private_space = true ")]);
    let agreed = [consent("gym-access", "2026-11", |_| {})];
    let rules = cited(ask(&gate, &at_the_gym(Operation::Identify, &agreed)));
    for rule in ["cn-spc-2021-15/2.1", "cn-cac-2025/13.private"] {
        assert!(rules.contains(&rule.to_owned()), "{rules:?}");
    }
}

#[test]
fn minors_take_part_as_the_deployment_says_and_with_their_guardians() {
    let child = |guardian: bool| {
        consent("gym-access", "2026-11", |c| {
            c.age = Age::Under14;
            if guardian {
                c.given_by = Giver::Guardian("her mother".to_owned());
            }
        })
    };
    let asked =
        |gate: &Gate, consent: Consent| ask(gate, &at_the_gym(Operation::Identify, &[consent]));
    let refusal = asked(&gate("gym", &[]), child(true));
    assert!(format!("{refusal:?}").contains("nobody under 18 takes part"));
    assert_eq!(cited(refusal)[0], "cn-spc-2021-15/2.4");
    let children = [
        ("minors = \"none\"", "minors = \"guardian\"\n"),
        (
            "[[purposes]]",
            "[children]\nrules = \"posted\"\n\n[[purposes]]",
        ),
    ];
    let with_rules = gate("gym", &children);
    granted(asked(&with_rules, child(true)));
    let rules = cited(asked(&with_rules, child(false)));
    for rule in [
        "cn-spc-2021-15/2.3-minor",
        "cn-pipl/31.guardian",
        "cn-cac-2025/7.guardian",
    ] {
        assert!(rules.contains(&rule.to_owned()), "{rules:?}");
    }
    let without_rules = gate("gym", &children[..1]);
    let rules = cited(asked(&without_rules, child(true)));
    assert!(rules.contains(&"cn-pipl/31.rules".to_owned()), "{rules:?}");
}

#[test]
fn what_never_ends_is_refused() {
    let line = "retention = { after = \"the membership ends\", days = 30 }";
    let gate = gate("gym", &[(line, "")]);
    let agreed = [consent("gym-access", "2026-11", |_| {})];
    let rules = cited(ask(&gate, &at_the_gym(Operation::Identify, &agreed)));
    for rule in [
        "cn-spc-2021-15/11-live",
        "cn-pipl/19",
        "cn-cac-2025/8.retention",
    ] {
        assert!(rules.contains(&rule.to_owned()), "{rules:?}");
    }
}

#[test]
fn at_100_000_persons_the_filing_is_due_after_30_working_days() {
    let agreed = [consent("gym-access", "2026-11", |_| {})];
    let asked = |gate: &Gate, persons_held| {
        ask(
            gate,
            &Ask {
                persons_held,
                ..at_the_gym(Operation::Identify, &agreed)
            },
        )
    };
    let unfiled = gate("gym", &[]);
    granted(asked(&unfiled, 99_999));
    let rules = cited(asked(&unfiled, 100_000));
    assert!(rules.contains(&"cn-cac-2025/15".to_owned()), "{rules:?}");
    let reached = |day: &str| {
        let line = format!("expected = 1800\nreached_100000 = {day}");
        gate("gym", &[("expected = 1800", &line)])
    };
    // Thirty working days before 2027-03-01 is 2027-01-18.
    granted(asked(&reached("2027-01-18"), 100_000));
    let rules = cited(asked(&reached("2027-01-15"), 100_000));
    assert_eq!(rules, ["cn-cac-2025/15", "cn-cac-2025/15.parts"]);
    let filed = "expected = 1800\nreached_100000 = 2027-01-15\n\n[filing]\nreference = \"1\"\ndate = 2027-02-01\ncomplete = true";
    granted(asked(&gate("gym", &[("expected = 1800", filed)]), 100_000));
}

#[test]
fn a_search_for_public_security_rests_on_its_provision_and_serves_nothing_else() {
    let on_law = [
        ("[\"verification\"]", "[\"identification\"]"),
        (
            "basis = \"consent\"",
            "basis = \"exception\"\ncitation = \"the railway security provisions\"",
        ),
        ("nothing_else = false", "nothing_else = true"),
    ];
    let asked = Ask {
        operation: Operation::Identify,
        purpose: "ticket-gate",
        consents: &[],
        persons_held: 7,
    };
    let permit = granted(ask(&gate("station", &on_law), &asked));
    assert_eq!((permit.subject(), permit.consent()), (Some(ALICE), None));
    assert!(
        permit.grounds()[0]
            .finding
            .contains("railway security provisions")
    );
    granted(search(&gate("station", &on_law), "ticket-gate"));
    let rules = cited(search(&gate("station", &on_law[..2]), "ticket-gate"));
    assert!(rules.contains(&"cn-pipl/26.use".to_owned()), "{rules:?}");
}

#[test]
fn what_is_wrong_in_a_file_is_said_with_its_line() {
    let wrong = |before: &str, after: &str, says: &str| {
        let error = example("gym", &[(before, after)]).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("gym.toml, line "), "{text}");
        assert!(text.contains(says), "{text}");
        assert!(error.line > 1 || says.contains("format"), "{text}");
    };
    wrong("format = 1", "format = 2", "format 1");
    wrong(
        "public = false ",
        "publik = false",
        "did you mean `public`?",
    );
    wrong("public = false ", "public = \"no\"", "expected a boolean");
    wrong(
        "kind = \"entertainment\"",
        "kind = \"entertainments\"",
        "did you mean `entertainment`?",
    );
    wrong("name = \"gym-access\"", "name = \"Gym\"", "lower-case");
    wrong("basis = \"consent\"", "basis = \"exception\"", "citation");
    wrong(
        "functions = [\"identification\"]",
        "functions = []",
        "say what is done",
    );
    wrong(
        "date = 2026-11-10",
        "date = \"2026-11-10\"",
        "without quotes",
    );
    wrong("days = 30", "days = -30", "write either \"consent\"");
    wrong(
        "covers = [\"lawfulness\"",
        "covers = [\"lawfulnes\"",
        "did you mean `lawfulness`?",
    );
    let packs = "packs = [\"cn-spc-2021-15\", \"cn-pipl\", \"cn-cac-2025\"]";
    wrong(packs, "packs = []", "at least one pack");
    let error = example("gym", &[("[[purposes]]", "[[purpose]]")]).unwrap_err();
    assert!(
        error.to_string().contains("did you mean `purposes`?"),
        "{error}"
    );
    let no_such = example("gym", &[("\"cn-pipl\"", "\"cn-pip\"")]).unwrap();
    let error = Gate::declared(no_such, Law::built_in().unwrap()).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("line 7") && text.contains("did you mean `cn-pipl`?"),
        "{text}"
    );
}

fn any_consent() -> impl Strategy<Value = Consent> {
    (0i64..3_000, 1i64..3_000, 0usize..3, any::<[bool; 5]>()).prop_map(
        |(start, length, age, [tied, guardian, purpose, notice, withdrawn])| {
            let name = if purpose { "gym-access" } else { "other" };
            let version = if notice { "2026-11" } else { "2025-01" };
            let given = consent(name, version, |c| {
                c.from = c.given_at + SignedDuration::from_hours(start);
                c.until = c.from + SignedDuration::from_hours(length);
                c.bundled_with = tied.then(|| "the newsletter".to_owned());
                c.age = [Age::Adult, Age::Minor, Age::Under14][age];
                if guardian {
                    c.given_by = Giver::Guardian("a parent".to_owned());
                }
            });
            if withdrawn {
                let at = given.terms().from;
                given.withdraw(at)
            } else {
                given
            }
        },
    )
}

/// Deployments that differ in whether a line is there.
fn any_gate() -> impl Strategy<Value = Gate> {
    let lines = [
        "sign = ",
        "published = ",
        "shown_before = ",
        "channel = ",
        "alternative = ",
        "retention = ",
        "necessary_because = ",
        "recipients = ",
        "abroad = ",
    ];
    prop::collection::vec(prop::bool::weighted(0.05), lines.len()).prop_map(move |missing| {
        let gone: Vec<(&str, String)> = lines
            .iter()
            .zip(missing)
            .filter(|(_, gone)| *gone)
            .map(|(line, _)| (*line, format!("# {line}")))
            .collect();
        let minors = ("minors = \"none\"", "minors = \"guardian\"".to_owned());
        let changes: Vec<(&str, &str)> = gone
            .iter()
            .chain([&minors])
            .map(|(before, after)| (*before, after.as_str()))
            .collect();
        gate("gym", &changes)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn no_permit_outlives_its_consent_and_a_search_decides_as_one_by_one(
        gate in any_gate(), consents in prop::collection::vec(any_consent(), 0..4),
        hours in 0i64..6_000,
    ) {
        let now = at("2027-01-01T00:00:00Z") + SignedDuration::from_hours(hours);
        let purpose: Purpose = "gym-access".parse().unwrap();
        let ruling = gate.decide(&Facts {
            operation: Operation::Identify,
            purpose: Some(&purpose),
            basis: Basis::Recorded { subject: ALICE, consents: &consents },
            now,
            persons_held: 7,
        });
        let mut sitting = gate.sitting(Operation::Identify, &purpose, now, 7).unwrap();
        let again = [sitting.permit(ALICE, &consents), sitting.permit(ALICE, &consents)];
        match ruling {
            Ruling::Granted(permit) => {
                let backed = |c: &Consent| {
                    c.is_live(now)
                        && c.terms().purpose == purpose
                        && c.terms().notice.version == "2026-11"
                        && permit.expires() <= c.terms().until
                        && permit.expires() > now
                };
                prop_assert!(consents.iter().any(backed));
                for again in again {
                    let again = again.unwrap();
                    prop_assert_eq!(again.expires(), permit.expires());
                    prop_assert_eq!(again.consent(), permit.consent());
                    prop_assert_eq!(again.subject(), permit.subject());
                }
            }
            Ruling::Refused(refusal) => {
                prop_assert!(!refusal.grounds().is_empty());
                prop_assert!(again.iter().all(Option::is_none));
            }
        }
    }
}
