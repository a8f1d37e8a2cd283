//! Whatever was done to its files, a vault says what is wrong or tells the truth.

use std::fs;
use std::path::Path;

use crate::ledger::{export, verify};
use crate::scene::*;
use faceward_law::SubjectId;
use faceward_vault::{Unlock, Vault, VaultError};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

#[tokio::test]
async fn a_byte_changed_anywhere_in_the_database_is_found_or_changes_nothing() {
    let (place, people) = closed_vault().await;
    let whole = fs::read(place.path().join("vault/vault.db")).unwrap();
    let (mut found, mut tries) = (0, 0);
    // The header closely, then some of each page, never at the same place in it.
    for at in (0..100).step_by(7).chain((100..whole.len()).step_by(601)) {
        let mut changed = whole.clone();
        changed[at] ^= 0x55;
        tries += 1;
        if let Err(error) = read_with(&place, &changed, &people).await {
            assert!(is_about_the_files(&error), "byte {at}: {error:?}");
            found += 1;
        }
    }
    // Most of a small database is room for more.
    assert!(found * 8 > tries, "{found} of {tries}");
}

#[tokio::test]
async fn a_database_cut_short_is_named() {
    let (place, people) = closed_vault().await;
    let whole = fs::read(place.path().join("vault/vault.db")).unwrap();
    let page = 4096;
    for length in [
        0,
        1,
        50,
        100,
        page - 1,
        page,
        2 * page,
        whole.len() / 2,
        whole.len() - page,
    ] {
        let error = read_with(&place, &whole[..length], &people)
            .await
            .unwrap_err();
        assert!(is_about_the_files(&error), "{length} bytes: {error:?}");
    }
    read_with(&place, &whole, &people).await.unwrap();
}

/// Reads a copy of the vault that has these bytes for its database.
async fn read_with(
    place: &tempfile::TempDir,
    database: &[u8],
    people: &[SubjectId; 2],
) -> Result<(), VaultError> {
    let copied = tempfile::tempdir().unwrap();
    copy(&place.path().join("vault"), copied.path());
    fs::write(copied.path().join("vault.db"), database).unwrap();
    read_everything(copied.path(), people).await
}

#[tokio::test]
async fn another_file_in_place_of_the_database_is_refused_and_left_alone() {
    let (place, _) = closed_vault().await;
    let database = place.path().join("vault/vault.db");
    fs::remove_file(&database).unwrap();
    let options = SqliteConnectOptions::new()
        .filename(&database)
        .create_if_missing(true);
    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("CREATE TABLE recipe (name TEXT)")
        .execute(&mut other)
        .await
        .unwrap();
    other.close().await.unwrap();
    let refused = Vault::open(&place.path().join("vault"), &Unlock::File).await;
    assert!(matches!(refused, Err(VaultError::Damaged(_))));

    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    let mark: i64 = sqlx::query_scalar("PRAGMA application_id")
        .fetch_one(&mut other)
        .await
        .unwrap();
    assert_eq!(mark, 0);
}

#[tokio::test]
async fn a_format_of_the_future_is_named_as_such() {
    let (place, _) = closed_vault().await;
    let folder = place.path().join("vault");
    let options = SqliteConnectOptions::new().filename(folder.join("vault.db"));
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("PRAGMA user_version = 5")
        .execute(&mut database)
        .await
        .unwrap();
    database.close().await.unwrap();
    let refused = Vault::open(&folder, &Unlock::File).await;
    assert!(matches!(
        refused,
        Err(VaultError::Newer { found: 5, known: 4 })
    ));
}

#[tokio::test]
async fn a_key_file_changed_cut_short_or_of_another_vault_is_named() {
    let (place, people) = closed_vault().await;
    let (other, _) = closed_vault().await;
    let folder = place.path().join("vault");
    for name in ["root.key", "ledger.key", "epochs/1.key"] {
        let path = folder.join(name);
        let whole = fs::read(&path).unwrap();
        let mut damaged = vec![
            fs::read(other.path().join("vault").join(name)).unwrap(),
            Vec::new(),
            vec![0; whole.len()],
            vec![0xff; whole.len()],
            whole[..whole.len() / 2].to_vec(),
            whole[..whole.len() - 5].to_vec(),
        ];
        damaged.extend((0..whole.len() - 1).step_by(9).map(|at| {
            let mut changed = whole.clone();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            changed
        }));
        for bytes in damaged {
            fs::write(&path, &bytes).unwrap();
            let error = read_everything(&folder, &people).await.unwrap_err();
            let named = matches!(error, VaultError::KeyFile { .. } | VaultError::File { .. });
            assert!(
                named,
                "{name} {:?}: {error:?}",
                String::from_utf8_lossy(&bytes)
            );
        }
        fs::write(&path, &whole).unwrap();
    }
    read_everything(&folder, &people).await.unwrap();
}

#[tokio::test]
async fn a_missing_key_file_is_named_and_nothing_is_destroyed() {
    for name in ["root.key", "ledger.key", "epochs/1.key"] {
        let (place, people) = closed_vault().await;
        let folder = place.path().join("vault");
        let path = folder.join(name);
        fs::rename(&path, place.path().join("kept")).unwrap();
        let error = read_everything(&folder, &people).await.unwrap_err();
        let named = match &error {
            VaultError::KeyFile { path: named, .. } => *named == path,
            VaultError::Damaged(why) => why.contains("the key of its epoch 1 is missing"),
            _ => false,
        };
        assert!(named, "{name}: {error:?}");
        fs::rename(place.path().join("kept"), &path).unwrap();
        read_everything(&folder, &people).await.unwrap();
    }
}

#[tokio::test]
async fn keys_without_a_database_are_a_damaged_vault_not_a_missing_one() {
    let (place, _) = closed_vault().await;
    let folder = place.path().join("vault");
    fs::remove_file(folder.join("vault.db")).unwrap();
    let before = files(&folder);
    let opened = Vault::open(&folder, &Unlock::File).await.err();
    let made = Vault::create(&folder, &Unlock::File).await.err();
    for error in [opened, made, Vault::is_locked(&folder).err()] {
        let error = error.expect("refused").to_string();
        assert!(
            error.contains("its database vault.db is missing"),
            "{error}"
        );
    }
    assert_eq!(files(&folder), before);
}

#[tokio::test]
async fn a_removed_entry_of_the_ledger_is_named() {
    for missing in [0, 1] {
        let (place, _) = closed_vault().await;
        let folder = place.path().join("vault");
        let options = SqliteConnectOptions::new().filename(folder.join("vault.db"));
        let mut database = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query("DELETE FROM ledger_entry WHERE position = $1")
            .bind(missing)
            .execute(&mut database)
            .await
            .unwrap();
        database.close().await.unwrap();
        let exported = match Vault::open(&folder, &Unlock::File).await {
            Ok(vault) => {
                let mut look = vault.look().await.unwrap();
                look.export_log(|_, _| Ok(())).await.map(|_| ())
            }
            Err(error) => Err(error),
        };
        let error = exported.unwrap_err().to_string();
        let named = format!("the ledger lacks entry {missing}");
        assert!(error.contains(&named), "{error}");
    }
}

#[tokio::test]
async fn rows_that_contradict_each_other_fail_the_check_of_health() {
    for sql in [
        "DELETE FROM sealing_key WHERE scope = 'door-access'",
        "DELETE FROM sealing_key WHERE scope = '.record'",
        "UPDATE sealing_key SET commitment = zeroblob(32)",
        "UPDATE template SET subject = zeroblob(16)",
        "UPDATE state SET size = size - 1",
        "UPDATE state SET root = zeroblob(32)",
        "UPDATE ledger_node SET hash = zeroblob(32) WHERE level = 1",
        "DELETE FROM ledger_entry WHERE position = 1",
        "DELETE FROM state",
    ] {
        let (place, _) = closed_vault().await;
        let folder = place.path().join("vault");
        let options = SqliteConnectOptions::new()
            .filename(folder.join("vault.db"))
            .foreign_keys(false);
        let mut database = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query(sql).execute(&mut database).await.unwrap();
        database.close().await.unwrap();
        let checked = match Vault::open(&folder, &Unlock::File).await {
            Ok(vault) => vault.health().await.map(|_| ()),
            Err(error) => Err(error),
        };
        let error = checked.expect_err(sql);
        let named = matches!(
            error,
            VaultError::Damaged(_) | VaultError::Unsealable(_) | VaultError::Ledger(_)
        );
        assert!(named, "{sql}: {error:?}");
    }
}

async fn closed_vault() -> (tempfile::TempDir, [SubjectId; 2]) {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let bob = enrol(&vault, "bob", &door(), 2).await;
    vault.close().await;
    (place, [alice, bob])
}

/// Opens the vault and reads all there is; what reads must be the truth.
async fn read_everything(folder: &Path, people: &[SubjectId; 2]) -> Result<(), VaultError> {
    let vault = Vault::open(folder, &Unlock::File).await?;
    vault.health().await?;
    let mut look = vault.look().await?;
    for (person, (name, seed)) in people.iter().zip([("alice", 1), ("bob", 2)]) {
        assert_eq!(look.subject(&handle(name)).await?, Some(*person));
        assert_eq!(look.handle(*person).await?.as_str(), name);
        let consents = look.consents(*person).await?;
        assert_eq!(*consents[0].terms(), draft(*person, &door()));
        let permit = forged_permit(faceward_law::Operation::Verify, *person, &door());
        let found = look.templates(&permit, now()).await?;
        let score = faceward_match::score(&found[0].template, &template(seed)).unwrap();
        assert_eq!(score.to_string(), "1.000");
    }
    let log = export(&vault).await;
    drop(look);
    verify(&log)?;
    vault.close().await;
    Ok(())
}

/// Whether an error blames what lies on disk, rather than the caller.
fn is_about_the_files(error: &VaultError) -> bool {
    matches!(
        error,
        VaultError::Damaged(_)
            | VaultError::Unsealable(_)
            | VaultError::Ledger(_)
            | VaultError::KeyFile { .. }
            | VaultError::Newer { .. }
            | VaultError::Database(_)
    )
}
