//! What people ask for is kept sealed, only ever added to, and goes with them; so is what is on
//! record about their death.

use std::path::Path;

use crate::scene::*;
use faceward_law::*;
use faceward_vault::{Vault, VaultError};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

const SECRETS: [&str; 6] = [
    "Li Na the daughter",
    "what is left of my father",
    "by letter of 3 May",
    "we could not tell who wrote",
    "certificate 17 of the registry",
    "nobody but my sister",
];

fn asked(subject: SubjectId) -> AskedFor {
    AskedFor {
        subject,
        kind: RequestKind::Relative,
        asker: Asker::Relative {
            name: SECRETS[0].to_owned(),
            kin: Kin::Child,
            nearer_alive: None,
            interest: Some("the estate".to_owned()),
        },
        details: Some(SECRETS[1].to_owned()),
        channel: SECRETS[2].to_owned(),
        received: now(),
        regime: Regime::Pipl { days: DUE_IN_DAYS },
    }
}

fn happened(seconds: i64, what: RequestHappened) -> RequestEvent {
    let at = later(seconds);
    RequestEvent { at, what }
}

async fn ask(vault: &Vault, subject: SubjectId, id: RequestId) -> Request {
    let request = Request::receive(id, asked(subject), later(5)).unwrap();
    let mut act = vault.act().await.unwrap();
    act.keep_request(&request).await.unwrap();
    act.record(b"asked").await.unwrap();
    request
}

fn circumstance(seconds: i64, what: Fate) -> Circumstance {
    let at = later(seconds);
    Circumstance { at, what }
}

fn death() -> Circumstance {
    circumstance(
        30,
        Fate::Died {
            on: "2026-05-01".parse().unwrap(),
            evidence: SECRETS[4].to_owned(),
        },
    )
}

const FIRST: RequestId = RequestId([1; 16]);

#[tokio::test]
async fn a_request_reads_back_as_it_happened_and_nothing_follows_its_end() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    ask(&vault, alice, FIRST).await;
    let mut act = vault.act().await.unwrap();
    let refused = RequestHappened::Refused {
        reason: SECRETS[3].to_owned(),
    };
    let kept = act
        .append_request(FIRST, happened(60, refused))
        .await
        .unwrap();
    act.record(b"refused").await.unwrap();
    vault.close().await;

    let vault = open(&place.path().join("vault")).await;
    let mut look = vault.look().await.unwrap();
    assert_eq!(
        look.requests(alice).await.unwrap(),
        std::slice::from_ref(&kept)
    );
    assert_eq!(look.asked_about().await.unwrap(), [alice]);
    assert_eq!(look.request_about(FIRST).await.unwrap(), Some(alice));
    assert_eq!(kept.state(), RequestState::Refused);
    drop(look);
    let mut act = vault.act().await.unwrap();
    let again = act
        .append_request(FIRST, happened(70, RequestHappened::Withdrawn))
        .await;
    assert!(matches!(again, Err(VaultError::Law(_))), "{again:?}");
    let other = RequestId([2; 16]);
    let missing = act
        .append_request(other, happened(70, RequestHappened::Withdrawn))
        .await;
    assert!(matches!(missing, Err(VaultError::NoSuchRequest(_))));
}

#[tokio::test]
async fn nothing_asked_lies_on_disk_in_the_clear() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    ask(&vault, alice, FIRST).await;
    let mut act = vault.act().await.unwrap();
    let refused = RequestHappened::Refused {
        reason: SECRETS[3].to_owned(),
    };
    act.append_request(FIRST, happened(60, refused))
        .await
        .unwrap();
    act.add_circumstance(alice, &death()).await.unwrap();
    let arranged = Fate::Arranged {
        text: SECRETS[5].to_owned(),
        bars_relatives: false,
    };
    act.add_circumstance(alice, &circumstance(40, arranged))
        .await
        .unwrap();
    act.record(b"all of it").await.unwrap();
    let mut look = vault.look().await.unwrap();
    assert_eq!(look.circumstances(alice).await.unwrap().len(), 2);
    drop(look);
    for (path, bytes) in files(place.path()) {
        for secret in SECRETS {
            let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!found, "`{secret}` in {path:?}");
        }
    }
}

#[tokio::test]
async fn forgetting_takes_requests_and_entries_along() {
    let (_place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    ask(&vault, alice, FIRST).await;
    let mut act = vault.act().await.unwrap();
    act.add_circumstance(alice, &death()).await.unwrap();
    act.record(b"died").await.unwrap();
    let mut act = vault.act().await.unwrap();
    assert_eq!(act.forget(alice).await.unwrap().requests, 1);
    act.record(b"forgotten").await.unwrap();
    let mut look = vault.look().await.unwrap();
    assert!(look.requests(alice).await.unwrap().is_empty());
    assert!(look.circumstances(alice).await.unwrap().is_empty());
    assert_eq!(look.request_about(FIRST).await.unwrap(), None);
}

#[tokio::test]
async fn the_database_only_adds_to_requests_and_entries() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    ask(&vault, alice, FIRST).await;
    let mut act = vault.act().await.unwrap();
    act.add_circumstance(alice, &death()).await.unwrap();
    act.record(b"died").await.unwrap();
    vault.close().await;
    let mut database = connect(&place.path().join("vault/vault.db")).await;
    for sql in [
        "UPDATE request SET sealed = x'00'",
        "UPDATE request_event SET sealed = x'00'",
        "UPDATE circumstance SET sealed = x'00'",
        "DELETE FROM request_event",
        "DELETE FROM request",
        "DELETE FROM circumstance",
        "INSERT OR REPLACE INTO request SELECT * FROM request",
        "INSERT OR REPLACE INTO request_event SELECT * FROM request_event",
        "INSERT OR REPLACE INTO circumstance SELECT * FROM circumstance",
    ] {
        let done = sqlx::query(sql).execute(&mut database).await;
        let error = done.expect_err(sql).to_string();
        assert!(
            error.contains("never") || error.contains("only when"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_event_moved_to_another_request_or_left_out_is_noticed() {
    for sql in [
        "UPDATE request_event SET request = x'02020202020202020202020202020202' WHERE position = 1",
        "DELETE FROM request_event WHERE position = 0",
    ] {
        let (place, vault) = vault().await;
        let alice = enrol(&vault, "alice", &door(), 1).await;
        ask(&vault, alice, FIRST).await;
        ask(&vault, alice, RequestId([2; 16])).await;
        let mut act = vault.act().await.unwrap();
        act.append_request(FIRST, happened(60, RequestHappened::Withdrawn))
            .await
            .unwrap();
        act.record(b"withdrawn").await.unwrap();
        vault.close().await;
        let mut database = connect(&place.path().join("vault/vault.db")).await;
        for trigger in ["stays", "goes_with_its_key"] {
            let drop = format!("DROP TRIGGER request_event_{trigger}");
            let drop = sqlx::AssertSqlSafe(drop);
            sqlx::query(drop).execute(&mut database).await.unwrap();
        }
        sqlx::query(sql).execute(&mut database).await.unwrap();
        database.close().await.unwrap();
        let vault = open(&place.path().join("vault")).await;
        let read = vault.look().await.unwrap().requests(alice).await;
        assert!(read.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn nobody_agrees_for_the_dead_until_the_mistake_is_taken_back() {
    let (_place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let mut act = vault.act().await.unwrap();
    act.add_circumstance(alice, &death()).await.unwrap();
    assert!(act.add_circumstance(alice, &death()).await.is_err());
    let died = act.died(alice).await.unwrap().unwrap();
    assert_eq!(died.to_string(), "2026-05-01");
    let fresh = || Consent::record(ConsentId([9; 16]), draft(alice, &canteen())).unwrap();
    let error = act.keep_consent(&fresh()).await.unwrap_err();
    assert!(error.to_string().contains("died on 2026-05-01"), "{error}");
    let mistake = Fate::Lives {
        reason: "another of this name".to_owned(),
    };
    act.add_circumstance(alice, &circumstance(50, mistake))
        .await
        .unwrap();
    act.keep_consent(&fresh()).await.unwrap();
    act.record(b"a mistake").await.unwrap();
}

#[tokio::test]
async fn another_handle_finds_the_same_person_with_the_same_marks() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    enrol(&vault, "bob", &door(), 2).await;
    let before = vault.look().await.unwrap().marker(alice).await.unwrap();
    let mut act = vault.act().await.unwrap();
    let taken = act.rename(alice, &handle("bob")).await;
    assert!(matches!(taken, Err(VaultError::HandleTaken(_))));
    act.rename(alice, &handle("alicia")).await.unwrap();
    act.record(b"corrected").await.unwrap();
    vault.close().await;

    let vault = open(&place.path().join("vault")).await;
    let mut look = vault.look().await.unwrap();
    assert_eq!(look.subject(&handle("alice")).await.unwrap(), None);
    assert_eq!(look.subject(&handle("alicia")).await.unwrap(), Some(alice));
    assert_eq!(look.handle(alice).await.unwrap().as_str(), "alicia");
    let after = look.marker(alice).await.unwrap();
    assert_eq!(after.again([5; 16], b"x"), before.again([5; 16], b"x"));
    drop(look);
    // A rotation reads the new name out of the same row.
    let bob = vault.look().await.unwrap().subject(&handle("bob")).await;
    forget(&vault, bob.unwrap().unwrap()).await;
    let found = vault.look().await.unwrap().subject(&handle("alicia")).await;
    assert_eq!(found.unwrap(), Some(alice));
}

async fn connect(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(false);
    SqliteConnection::connect_with(&options).await.unwrap()
}
