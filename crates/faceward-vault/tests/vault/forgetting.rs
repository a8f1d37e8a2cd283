use std::fs;
use std::path::Path;

use crate::scene::*;
use faceward_law::{Operation, SubjectId};
use faceward_vault::{Unlock, Vault, VaultError};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

#[tokio::test]
async fn forgetting_one_leaves_the_others_readable() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let bob = enrol(&vault, "bob", &door(), 2).await;
    let carol = enrol(&vault, "carol", &canteen(), 3).await;
    forget(&vault, bob).await;
    forget(&vault, alice).await;
    assert_opens(&vault, carol, &canteen(), 3).await;

    vault.close().await;
    let vault = open(&place.path().join("vault")).await;
    assert_opens(&vault, carol, &canteen(), 3).await;
    let mut look = vault.look().await.unwrap();
    assert_eq!(look.subject(&handle("carol")).await.unwrap(), Some(carol));
    assert_eq!(vault.health().await.unwrap().epoch, 3);
}

#[tokio::test]
async fn a_copy_from_before_a_withdrawal_is_dead_beside_todays_keys() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let bob = enrol(&vault, "bob", &door(), 2).await;
    let copies = Copies::of(place.path());
    withdraw(&vault, alice, &door()).await;
    assert_opens(&vault, bob, &door(), 2).await;
    copies.assert_dead(&[alice, bob]).await;
}

#[tokio::test]
async fn a_copy_from_before_a_forgetting_is_dead_beside_todays_keys() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let bob = enrol(&vault, "bob", &door(), 2).await;
    let copies = Copies::of(place.path());
    forget(&vault, alice).await;
    assert_opens(&vault, bob, &door(), 2).await;
    copies.assert_dead(&[alice, bob]).await;
}

/// Somebody puts the dead person's rows from an old copy back into today's database.
#[tokio::test]
async fn dead_rows_put_back_into_todays_database_do_not_open() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let copies = Copies::of(place.path());
    forget(&vault, alice).await;
    vault.close().await;

    let old = copies.folder.join("vault.db");
    let mut today = connect(&place.path().join("vault/vault.db")).await;
    sqlx::query("ATTACH $1 AS old")
        .bind(old.to_str().unwrap())
        .execute(&mut today)
        .await
        .unwrap();
    for sql in [
        "INSERT INTO subject SELECT * FROM old.subject",
        "INSERT INTO sealing_key SELECT * FROM old.sealing_key",
        "INSERT INTO consent SELECT * FROM old.consent",
        "INSERT INTO consent_event SELECT * FROM old.consent_event",
        "INSERT INTO template SELECT * FROM old.template",
    ] {
        sqlx::query(sql).execute(&mut today).await.unwrap();
    }
    today.close().await.unwrap();
    let vault = open(&place.path().join("vault")).await;
    assert_unreadable(&vault, alice).await;
    assert!(matches!(
        vault.health().await,
        Err(VaultError::Unsealable(_))
    ));
}

#[tokio::test]
async fn an_act_that_forgets_two_and_is_dropped_destroys_nothing() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let bob = enrol(&vault, "bob", &door(), 2).await;
    let mut act = vault.act().await.unwrap();
    act.forget(alice).await.unwrap();
    act.forget(bob).await.unwrap();
    drop(act);
    assert_opens(&vault, alice, &door(), 1).await;
    assert_eq!(epoch_files(&place.path().join("vault")), ["1.key"]);

    let mut act = vault.act().await.unwrap();
    let gone = act.forget(alice).await.unwrap();
    assert_eq!((gone.templates, gone.consents, gone.keys), (1, 1, 2));
    act.forget(bob).await.unwrap();
    act.record(b"forgot two").await.unwrap();
    assert_eq!(epoch_files(&place.path().join("vault")), ["2.key"]);
    assert_eq!(vault.health().await.unwrap().subjects, 0);
}

#[tokio::test]
async fn the_log_is_emptied_when_something_is_destroyed() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let log = place.path().join("vault/vault.db-wal");
    assert!(fs::metadata(&log).unwrap().len() > 0);
    forget(&vault, alice).await;
    assert_eq!(fs::metadata(&log).unwrap().len(), 0);
}

/// A copy of a vault's database, and where today's keys lie.
pub(crate) struct Copies {
    today: std::path::PathBuf,
    folder: std::path::PathBuf,
}

impl Copies {
    /// Copies the database as it lies there now, with its log.
    pub(crate) fn of(place: &Path) -> Self {
        let (today, folder) = (place.join("vault"), place.join("copy"));
        fs::create_dir(&folder).unwrap();
        for name in ["vault.db", "vault.db-wal"] {
            fs::copy(today.join(name), folder.join(name)).unwrap();
        }
        Self { today, folder }
    }

    /// Puts today's keys beside the copy, and reads it as a thief would who has them.
    pub(crate) async fn assert_dead(&self, people: &[SubjectId]) {
        for key in ["root.key", "ledger.key"] {
            fs::copy(self.today.join(key), self.folder.join(key)).unwrap();
        }
        copy(&self.today.join("epochs"), &self.folder.join("epochs"));
        let opened = Vault::open(&self.folder, &Unlock::File).await;
        assert!(matches!(opened, Err(VaultError::Damaged(_))));

        // The copy says that it is of epoch 1, so the thief makes it say 2.
        let mut database = connect(&self.folder.join("vault.db")).await;
        sqlx::query("UPDATE state SET epoch = 2")
            .execute(&mut database)
            .await
            .unwrap();
        database.close().await.unwrap();
        let thiefs = open(&self.folder).await;
        for person in people {
            assert_unreadable(&thiefs, *person).await;
        }
        let mut look = thiefs.look().await.unwrap();
        assert_eq!(look.subject(&handle("alice")).await.unwrap(), None);
        assert!(look.subjects().await.is_err());
    }
}

async fn assert_unreadable(vault: &Vault, person: SubjectId) {
    let unsealable = |error: VaultError| matches!(error, VaultError::Unsealable(_));
    // A thief writes a permit of their own; it is the key that is gone.
    let permit = forged_permit(Operation::Verify, person, &door());
    let mut look = vault.look().await.unwrap();
    assert!(look.templates(&permit, now()).await.is_err_and(unsealable));
    assert!(look.consents(person).await.is_err_and(unsealable));
    assert!(look.handle(person).await.is_err_and(unsealable));
    assert!(look.marker(person).await.is_err_and(unsealable));
}

async fn connect(database: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(database);
    SqliteConnection::connect_with(&options).await.unwrap()
}
