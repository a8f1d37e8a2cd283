//! What happens to a consent is added and never changed; an older vault tells the same story.

use std::path::Path;

use crate::scene::*;
use faceward_law::*;
use faceward_vault::{Unlock, Vault, VaultError};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

fn asked(subject: SubjectId, previous: Option<ConsentId>) -> Asked {
    let draft = draft(subject, &door());
    Asked {
        subject,
        purpose: draft.purpose,
        scope: draft.details.scope,
        notice: draft.notice,
        previous,
    }
}

fn event(at: i64, by: Actor, what: Happened) -> ConsentEvent {
    let at = later(at);
    ConsentEvent { at, by, what }
}

#[tokio::test]
async fn a_record_is_asked_refused_asked_anew_given_and_renewed_and_reads_back_in_order() {
    let (place, vault) = vault().await;
    let mut act = vault.act().await.unwrap();
    let alice = act.know(&handle("alice")).await.unwrap();
    let (first, second) = (ConsentId([1; 16]), ConsentId([2; 16]));
    let ask = || event(-20, Actor::Controller, Happened::Requested);
    let record = ConsentRecord::open(first, asked(alice, None), ask()).unwrap();
    act.keep_record(&record).await.unwrap();
    let no = event(-10, Actor::Subject, Happened::Refused);
    act.append_event(alice, first, no).await.unwrap();
    assert!(
        act.consents(alice).await.unwrap().is_empty(),
        "asking is no consent"
    );

    let record = ConsentRecord::open(second, asked(alice, Some(first)), ask()).unwrap();
    act.keep_record(&record).await.unwrap();
    let yes = ConsentEvent::given(draft(alice, &door()));
    act.append_event(alice, second, yes).await.unwrap();
    let renewal = Renewal {
        notice: draft(alice, &door()).notice,
        given_by: Giver::Subject,
        relation: None,
        method: Method("signed again".to_owned()),
        age: Age::Adult,
        shown: None,
        until: later(2 * 86_400),
    };
    let again = ConsentEvent::renewed(later(10), renewal);
    let kept = act.append_event(alice, second, again).await.unwrap();
    act.record(b"asked and answered").await.unwrap();
    vault.close().await;

    let vault = open(&place.path().join("vault")).await;
    let mut look = vault.look().await.unwrap();
    let records = look.consent_records(alice).await.unwrap();
    assert_eq!(records.len(), 2);
    assert_eq!(records[0].state(later(20)), ConsentState::Refused);
    assert_eq!(records[1], kept);
    assert_eq!(records[1].asked().previous, Some(first));
    let consents = look.consents(alice).await.unwrap();
    assert_eq!(consents.len(), 1);
    assert_eq!(consents[0].state(later(100_000)), ConsentState::Renewed);
    drop(look);

    let mut act = vault.act().await.unwrap();
    let nobody = act.append_event(alice, ConsentId([9; 16]), ask()).await;
    assert!(matches!(nobody, Err(VaultError::NoSuchConsent(_))));
    let after_no = act.append_event(alice, first, ask()).await;
    assert!(matches!(after_no, Err(VaultError::Law(_))));
}

#[tokio::test]
async fn a_revocation_ends_and_destroys_and_one_scope_can_be_ended_alone() {
    let (_place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let mut act = vault.act().await.unwrap();
    let mut other = draft(alice, &door());
    other.details.scope = Scope::Publication;
    let publication = Consent::record(ConsentId([7; 16]), other).unwrap();
    act.keep_consent(&publication).await.unwrap();
    let withdrawn =
        |consent: &Consent| ConsentEvent::withdrawn(later(5), &consent.terms().given_by);
    let ended = act
        .end_consents(alice, &door(), Some(&Scope::Publication), withdrawn)
        .await
        .unwrap();
    assert_eq!(
        (ended.consents, ended.templates),
        (vec![publication.id()], 0)
    );
    act.record(b"not to be published").await.unwrap();
    assert_opens(&vault, alice, &door(), 1).await;

    let mut act = vault.act().await.unwrap();
    let court = || Actor::Other("the court".to_owned());
    let reason = || Happened::Revoked {
        reason: "an order".to_owned(),
    };
    let ended = act
        .end_consents(alice, &door(), None, |_| event(20, court(), reason()))
        .await
        .unwrap();
    assert_eq!((ended.consents.len(), ended.templates), (1, 1));
    act.record(b"revoked").await.unwrap();
    let mut look = vault.look().await.unwrap();
    let states: Vec<_> = look.consents(alice).await.unwrap();
    let states: Vec<_> = states.iter().map(|c| c.state(later(30))).collect();
    assert!(states.contains(&ConsentState::Revoked));
    let traces = look.traces(alice, &door()).await.unwrap();
    assert_eq!(
        (traces.templates, traces.keys, traces.past_epoch_keys),
        (0, 0, 0)
    );
    drop(look);
    let mut act = vault.act().await.unwrap();
    let again = act.withdraw(alice, &door(), later(40)).await;
    assert!(matches!(again, Err(VaultError::NoSuchConsent(_))));
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_or_drop_what_happened() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    withdraw(&vault, alice, &door()).await;
    let mut database = connect(&place.path().join("vault/vault.db")).await;
    for sql in [
        "UPDATE consent_event SET sealed = zeroblob(1)",
        "UPDATE consent SET sealed = zeroblob(1)",
        "DELETE FROM consent_event WHERE position = 1",
        "DELETE FROM consent_event",
        "DELETE FROM consent",
        "INSERT OR REPLACE INTO consent_event SELECT consent, position, subject, zeroblob(1) FROM consent_event",
        "INSERT OR REPLACE INTO consent SELECT id, subject, zeroblob(1) FROM consent",
    ] {
        let error = sqlx::query(sql).execute(&mut database).await.unwrap_err();
        assert!(error.to_string().contains("a consent "), "{sql}: {error}");
    }
    database.close().await.unwrap();
    forget(&vault, alice).await;
    let mut database = connect(&place.path().join("vault/vault.db")).await;
    for table in ["consent", "consent_event"] {
        let count = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let left: i64 = sqlx::query_scalar(count)
            .fetch_one(&mut database)
            .await
            .unwrap();
        assert_eq!(left, 0, "{table}");
    }
}

/// Somebody who gets past the triggers still cannot move, swap or leave out an event.
#[tokio::test]
async fn an_event_moved_or_missing_in_the_middle_is_found() {
    for sql in [
        "UPDATE consent_event SET position = position + 10",
        "UPDATE consent_event SET position = 5 WHERE position = 1",
        "UPDATE consent_event SET sealed = (SELECT sealed FROM consent_event WHERE position = 0)",
        "DELETE FROM consent_event WHERE position = 0",
    ] {
        let (place, vault) = vault().await;
        let alice = enrol(&vault, "alice", &door(), 1).await;
        withdraw(&vault, alice, &door()).await;
        vault.close().await;
        let folder = place.path().join("vault");
        let mut database = connect(&folder.join("vault.db")).await;
        for trigger in ["consent_event_stays", "consent_event_goes_with_its_key"] {
            let drop = sqlx::AssertSqlSafe(format!("DROP TRIGGER {trigger}"));
            sqlx::query(drop).execute(&mut database).await.unwrap();
        }
        sqlx::query(sql).execute(&mut database).await.unwrap();
        database.close().await.unwrap();
        let vault = open(&folder).await;
        let error = vault
            .look()
            .await
            .unwrap()
            .consents(alice)
            .await
            .unwrap_err();
        assert!(
            matches!(error, VaultError::Damaged(_) | VaultError::Unsealable(_)),
            "{sql}: {error:?}"
        );
    }
}

/// `vectors/vault/format-1`: a vault as version 0.1.0 wrote it, with a consent of alice's that was
/// withdrawn and one of a guardian for bob.
#[tokio::test]
async fn a_vault_of_format_1_opens_and_its_consents_fold_to_the_right_state() {
    let place = tempfile::tempdir().unwrap();
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/vault/format-1");
    let folder = place.path().join("vault");
    copy(&stored, &folder);
    let then: jiff::Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
    for _ in 0..2 {
        let vault = open(&folder).await;
        let mut look = vault.look().await.unwrap();
        let mut consents = Vec::new();
        for name in ["alice", "bob"] {
            let subject = look.subject(&handle(name)).await.unwrap().unwrap();
            consents.extend(look.consents(subject).await.unwrap());
        }
        let [alice, bob] = &consents[..] else {
            panic!("{consents:?}");
        };
        assert_eq!(alice.state(then), ConsentState::Withdrawn);
        assert!(alice.withdrawn().is_some());
        assert_eq!(bob.state(then), ConsentState::Given);
        assert_eq!(
            bob.terms().given_by,
            Giver::Guardian("his mother".to_owned())
        );
        assert_eq!(bob.terms().details, Details::default());
        drop(look);
        vault.receipt_key().unwrap();
        vault.health().await.unwrap();
        vault.close().await;
    }

    let vault = open(&folder).await;
    let mut act = vault.act().await.unwrap();
    let bob = act.subject(&handle("bob")).await.unwrap().unwrap();
    let later = "2026-12-02T00:00:00Z".parse().unwrap();
    act.withdraw(bob, &door(), later).await.unwrap();
    act.record(b"withdrawn in format 2").await.unwrap();
    let consents = vault.look().await.unwrap().consents(bob).await.unwrap();
    assert_eq!(consents[0].withdrawn(), Some(later));
    assert!(!consents[0].is_live(then));
}

#[tokio::test]
async fn the_receipt_key_stays_the_same_and_its_loss_is_named() {
    let (place, vault) = vault().await;
    let key = vault.receipt_key().unwrap().verifier();
    vault.close().await;
    let folder = place.path().join("vault");
    let vault = open(&folder).await;
    assert_eq!(vault.receipt_key().unwrap().verifier(), key);
    std::fs::remove_file(folder.join("receipt.key")).unwrap();
    assert!(matches!(
        vault.receipt_key(),
        Err(VaultError::KeyFile { .. })
    ));
    vault.close().await;
    Vault::open(&folder, &Unlock::File).await.unwrap();
}

async fn connect(database: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(database);
    SqliteConnection::connect_with(&options).await.unwrap()
}
