//! When a person asks: requests and relatives, correction, death, and a forgetting that looks again.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::Path;

use faceward::*;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;

mod stage;

use stage::{agree, door, photo, ward, who};

const SETTINGS: &str = r#"
[controller]
name = "Stadtwerke Beispiel"
address = "Hauptstraße 1"
contact = "privacy@example.org"

[rights]
answer_within_days = 10
"#;

async fn enrolled(ward: &Ward, name: &str) -> Consent {
    let consent = agree(ward, name).await;
    let verdict = ward.enroll(&who(name), &door(), &photo("obama.jpg")).await;
    assert!(matches!(verdict.unwrap().outcome, Outcome::Done(_)));
    consent
}

/// What the law says of a comparison; the bytes are no picture, so that it ends there.
async fn refusal(ward: &Ward, name: &str) -> Option<String> {
    let verdict = ward.verify(&who(name), &door(), b"no picture").await;
    match verdict.unwrap().outcome {
        Outcome::Refused(refusal) => Some(refusal.to_string()),
        Outcome::Unusable(_) => None,
        Outcome::Done(_) => panic!("that was no picture"),
    }
}

fn request(name: &str, kind: RequestKind, asker: Asker) -> RequestAsk {
    RequestAsk {
        handle: who(name),
        kind,
        asker,
        details: None,
        channel: "by letter".to_owned(),
        received: None,
        regime: None,
    }
}

fn relative(kin: Kin, nearer_alive: Option<bool>) -> RequestAsk {
    let asker = Asker::Relative {
        name: "Li Na".to_owned(),
        kin,
        nearer_alive,
        interest: Some("the estate".to_owned()),
    };
    request("alice", RequestKind::Relative, asker)
}

fn death() -> Fate {
    Fate::Died {
        on: "2026-01-05".parse().unwrap(),
        evidence: "a certificate".to_owned(),
    }
}

fn acts(entries: &[Entry]) -> Vec<(&'static str, Option<&str>)> {
    let events = entries.iter().map(|entry| &entry.event);
    events
        .map(|event| (event.act.word(), event.reason.as_deref()))
        .collect()
}

#[tokio::test]
async fn what_was_asked_and_answered_is_in_the_ledger_and_stays_there_when_the_person_goes() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, SETTINGS).await;
    agree(&ward, "alice").await;
    let mut ask = request("alice", RequestKind::Access, Asker::Subject);
    ask.received = Some("2026-01-20T09:00:00Z".parse().unwrap());
    let asked = ward.receive_request(ask).await.unwrap();
    assert_eq!(asked.request.due().to_string(), "2026-01-31T00:00:00Z");
    let listed = ward.requests().await.unwrap();
    assert!(listed[0].overdue);
    let id = asked.request.id();
    let late = ward.extend_request(id, "much to read".to_owned()).await;
    assert!(late.is_err(), "its time is over");
    ward.meet_request(id, Some("handed out".to_owned()))
        .await
        .unwrap();
    let ask = request("alice", RequestKind::Objection, Asker::Subject);
    let second = ward.receive_request(ask).await.unwrap().request.id();
    assert!(ward.refuse_request(second, " ".to_owned()).await.is_err());
    ward.refuse_request(second, "there is nothing to object to".to_owned())
        .await
        .unwrap();
    let before = ward.entries_about(&who("alice")).await.unwrap();
    assert_eq!(
        acts(&before),
        [
            ("consent-given", None),
            ("request-received", Some("access")),
            ("request-answered", Some("access")),
            ("request-received", Some("objection")),
            ("request-refused", Some("objection")),
        ]
    );
    ward.forget(&who("alice")).await.unwrap();
    assert!(ward.requests().await.unwrap().is_empty());
    let entries = ward.entries(0..100).await.unwrap();
    assert_eq!(acts(&entries)[..5], acts(&before), "of nobody now");
}

#[tokio::test]
async fn a_relative_is_answered_only_where_the_packs_give_it_to_them() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, SETTINGS).await;
    agree(&ward, "alice").await;
    let asked = ward.receive_request(relative(Kin::Child, None)).await;
    let alive = asked.unwrap();
    assert!(!alive.relatives.unwrap().may_ask(), "alice lives");
    let refused = ward.meet_request(alive.request.id(), None).await;
    let why = refused.err().unwrap().to_string();
    assert!(why.contains("subject_deceased"), "{why}");

    ward.record_fate(&who("alice"), death()).await.unwrap();
    ward.meet_request(alive.request.id(), None).await.unwrap();
    let sister = ward
        .receive_request(relative(Kin::Sibling, Some(true)))
        .await
        .unwrap();
    let refused = ward.meet_request(sister.request.id(), None).await;
    let why = refused.err().unwrap().to_string();
    assert!(why.contains("CC 994"), "{why}");
    let still = &ward.requests().await.unwrap()[0].request;
    assert_eq!(still.state(), RequestState::Open, "nothing was recorded");

    let arranged = Fate::Arranged {
        text: "nobody shall have it".to_owned(),
        bars_relatives: true,
    };
    ward.record_fate(&who("alice"), arranged).await.unwrap();
    let child = ward.receive_request(relative(Kin::Child, None)).await;
    let child = child.unwrap();
    assert_eq!(child.arrangement.as_deref(), Some("nobody shall have it"));
    let found = child.relatives.unwrap();
    assert_eq!(found.order.outcome, RuleOutcome::MadeOut);
    assert!(!found.may_ask(), "what she arranged prevails");
    let last = ward.entries_about(&who("alice")).await.unwrap();
    let rules = &last.last().unwrap().event.rules;
    assert_eq!(rules, &["cn-spc-2021-15/15", "cn-pipl/49"]);
}

#[tokio::test]
async fn nobody_is_permitted_the_face_of_the_dead_until_the_mistake_is_taken_back() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, SETTINGS).await;
    enrolled(&ward, "alice").await;
    assert_eq!(refusal(&ward, "alice").await, None);
    ward.record_fate(&who("alice"), death()).await.unwrap();
    let why = refusal(&ward, "alice").await.unwrap();
    assert!(why.contains("died on 2026-01-05"), "{why}");
    let enroll = ward
        .enroll(&who("alice"), &door(), &photo("obama.jpg"))
        .await;
    assert!(matches!(enroll.unwrap().outcome, Outcome::Refused(_)));
    let search = ward.identify(&door(), &photo("obama2.jpg")).await.unwrap();
    assert!(
        matches!(search.outcome, Outcome::Refused(_)),
        "nobody is left to search among"
    );
    let mistake = Fate::Lives {
        reason: "another of this name".to_owned(),
    };
    ward.record_fate(&who("alice"), mistake).await.unwrap();
    assert_eq!(refusal(&ward, "alice").await, None);
    let search = ward.identify(&door(), &photo("obama2.jpg")).await.unwrap();
    assert!(matches!(search.outcome, Outcome::Done(_)));
}

#[tokio::test]
async fn a_corrected_age_takes_effect_at_once_in_a_record_that_names_the_wrong_one() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, SETTINGS).await;
    let wrong = enrolled(&ward, "alice").await;
    let child = Correction {
        age: Some(Age::Under14),
        ..Correction::default()
    };
    let corrected = ward
        .correct_consents(&who("alice"), Some(&door()), &child)
        .await
        .unwrap();
    let (before, after) = &corrected.consents[0];
    assert_eq!(*before, wrong.id());
    assert_eq!(after.history().asked().previous, Some(wrong.id()));
    assert_eq!(after.terms().given_at, wrong.terms().given_at);
    let why = refusal(&ward, "alice").await.unwrap();
    assert!(why.contains("no guardian agreed"), "{why}");
    let again = ward.correct_consents(&who("alice"), None, &child).await;
    assert!(matches!(again, Err(WardError::NothingToCorrect(_))));

    let guardian = Correction {
        given_by: Some(Giver::Guardian("Wang Fang".to_owned())),
        relation: Some(Relation::Parent),
        ..Correction::default()
    };
    ward.correct_consents(&who("alice"), None, &guardian)
        .await
        .unwrap();
    assert_eq!(refusal(&ward, "alice").await, None);
    let held = ward.export(who("alice")).await.unwrap();
    assert_eq!(held.references.len(), 1, "what was enrolled stays");
    let ends: Vec<_> = held.records.iter().map(|r| r.end().is_some()).collect();
    assert_eq!(ends.iter().filter(|ended| **ended).count(), 2);

    let receipt = ward.consent_receipt(&who("alice"), &door()).await.unwrap();
    let (key, ledger) = (ward.receipt_key().unwrap(), ward.ledger_key());
    let now = jiff::Timestamp::now();
    let checked = check_receipt(&receipt.signed, Some(&key), Some(&ledger), now);
    assert!(matches!(checked, Ok(CheckedReceipt::Consent { .. })));
}

#[tokio::test]
async fn a_corrected_handle_finds_the_same_person_and_never_somebody_else() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, SETTINGS).await;
    agree(&ward, "alice").await;
    agree(&ward, "bob").await;
    let subject = ward.export(who("alice")).await.unwrap().subject;
    let taken = ward.correct_handle(&who("alice"), &who("bob")).await;
    assert!(taken.err().unwrap().to_string().contains("already"));
    let size = ward.ledger_size().await.unwrap();
    let (from, to) = (who("alice"), who("alicia"));
    let late = ward.correct_handle_if(&from, &to, |now| {
        assert_eq!(now.handle.as_str(), "alice");
        false
    });
    assert!(matches!(late.await, Err(WardError::ChangedMeanwhile)));
    assert_eq!(ward.ledger_size().await.unwrap(), size);
    let same = ward.correct_handle(&who("alice"), &who("alice")).await;
    assert!(matches!(same, Err(WardError::NothingToCorrect(_))));
    ward.correct_handle(&who("alice"), &who("alicia"))
        .await
        .unwrap();
    let held = ward.export(who("alicia")).await.unwrap();
    assert_eq!(held.subject, subject);
    assert_eq!(
        acts(&held.entries),
        [
            ("consent-given", None),
            ("access", None),
            ("corrected", Some("handle"))
        ]
    );
    assert!(matches!(
        ward.export(who("alice")).await,
        Err(WardError::Unknown(_))
    ));
}

#[tokio::test]
async fn a_forgetting_that_was_asked_for_says_so_in_ledger_and_certificate() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, SETTINGS).await;
    let consent = enrolled(&ward, "alice").await;
    agree(&ward, "bob").await;
    for kind in [RequestKind::Deletion, RequestKind::Explanation] {
        let ask = request("alice", kind, Asker::Subject);
        ward.receive_request(ask).await.unwrap();
    }
    let done = ward.forget(&who("alice")).await.unwrap();
    assert_eq!(done.open.len(), 2);
    assert_eq!((done.forgotten.templates, done.forgotten.requests), (1, 2));
    assert!(done.derived.iter().any(|kind| kind.kind == "backups"));
    let entries = ward.entries(0..100).await.unwrap();
    assert_eq!(
        acts(&entries).last(),
        Some(&("forgotten", Some("deletion-asked")))
    );
    let erasure = done.erasure.as_ref().unwrap();
    let kept = std::fs::read_to_string(erasure.kept.as_ref().unwrap()).unwrap();
    assert_eq!(kept.trim_end(), erasure.signed);
    let (key, ledger) = (ward.receipt_key().unwrap(), ward.ledger_key());
    let now = jiff::Timestamp::now();
    let checked = check_receipt(&erasure.signed, Some(&key), Some(&ledger), now).unwrap();
    let CheckedReceipt::Erasure { certificate, .. } = checked else {
        panic!("a certificate of something else");
    };
    assert_eq!(certificate.requested_by, "person");
    assert_eq!(certificate.record_ids, [consent.id().to_string()]);
    let text = serde_json::to_string(&certificate).unwrap();
    assert!(!text.contains("alice") && !text.contains(&done.subject.to_string()));
    assert!(text.contains("every column"), "{text}");
}

#[tokio::test]
async fn something_that_stays_behind_is_an_error_that_names_it() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, SETTINGS).await;
    enrolled(&ward, "alice").await;
    agree(&ward, "bob").await;
    // Somebody keeps a map of the faces beside the vault's own tables.
    let mut side = database(folder.path()).await;
    let map = "CREATE TABLE map (face BLOB, print BLOB);
        CREATE TRIGGER remember AFTER DELETE ON template
        BEGIN INSERT INTO map VALUES (OLD.subject, OLD.sealed); END";
    sqlx::raw_sql(map).execute(&mut side).await.unwrap();
    side.close().await.unwrap();
    let Err(WardError::Remains { found, forgotten }) = ward.forget(&who("alice")).await else {
        panic!("called forgotten with a row left");
    };
    let found = found.join("; ");
    assert!(found.contains("1 row of the table `map`"), "{found}");
    assert!(
        found.contains("the person's reference in vault.db"),
        "{found}"
    );
    assert!(forgotten.erasure.is_none(), "nothing to certify");
    let gone = ward.export(who("alice")).await;
    assert!(matches!(gone, Err(WardError::Unknown(_))), "the act stands");
    ward.forget(&who("bob")).await.unwrap();
}

#[tokio::test]
async fn a_past_key_that_cannot_be_removed_is_an_error_too() {
    let folder = TempDir::new().unwrap();
    let ward = ward(&folder, SETTINGS).await;
    agree(&ward, "alice").await;
    let stuck = folder.path().join("vault/epochs/0.key");
    fs::create_dir(&stuck).unwrap();
    let Err(WardError::Remains { found, forgotten }) = ward.forget(&who("alice")).await else {
        panic!("called forgotten with a past key left");
    };
    assert!(found.join("; ").contains("past epoch"), "{found:?}");
    assert!(forgotten.undestroyed.is_some());
    fs::remove_dir(&stuck).unwrap();
    ward.audit().await.unwrap();
}

async fn database(folder: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.join("vault/vault.db"));
    SqliteConnection::connect_with(&options).await.unwrap()
}
