//! The moments at which a crash leaves something behind, made by hand. The kill test finds them by
//! chance.

use std::fs;

use crate::scene::*;
use faceward_vault::{Unlock, Vault, VaultError};

#[tokio::test]
async fn an_epoch_key_whose_writing_was_cut_short_is_destroyed() {
    let (place, vault) = vault().await;
    let folder = place.path().join("vault");
    let alice = enrol(&vault, "alice", &door(), 1).await;
    vault.close().await;
    fs::write(folder.join("epochs/2.new"), b"cut short").unwrap();

    let vault = open(&folder).await;
    assert_eq!(epoch_files(&folder), ["1.key"]);
    assert_opens(&vault, alice, &door(), 1).await;
}

#[tokio::test]
async fn a_key_of_an_epoch_that_never_came_is_kept_and_not_in_the_way() {
    let (place, vault) = vault().await;
    let folder = place.path().join("vault");
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let bob = enrol(&vault, "bob", &door(), 2).await;
    fs::write(folder.join("epochs/2.key"), b"of nobody knows whom").unwrap();
    open(&folder).await.close().await;
    assert_eq!(epoch_files(&folder), ["1.key", "2.key"]);

    forget(&vault, alice).await;
    vault.close().await;
    assert_opens(&open(&folder).await, bob, &door(), 2).await;
    let left = epoch_files(&folder);
    let [in_force, aside] = left.as_slice() else {
        panic!("{left:?}");
    };
    assert_eq!(in_force, "2.key");
    assert!(aside.starts_with("2.key.unused-"), "{aside}");
    let kept = fs::read(folder.join("epochs").join(aside)).unwrap();
    assert_eq!(kept, b"of nobody knows whom");
}

#[tokio::test]
async fn a_past_epoch_key_that_outlived_its_act_is_destroyed() {
    for content in [None, Some(&b""[..]), Some(&[0; 120])] {
        let (place, vault) = vault().await;
        let folder = place.path().join("vault");
        let alice = enrol(&vault, "alice", &door(), 1).await;
        let bob = enrol(&vault, "bob", &door(), 2).await;
        let past = folder.join("epochs/1.key");
        let whole = fs::read(&past).unwrap();
        forget(&vault, alice).await;
        vault.close().await;
        // Not yet touched, cut short, or overwritten and not yet removed.
        fs::write(&past, content.unwrap_or(&whole)).unwrap();

        let vault = open(&folder).await;
        assert_eq!(epoch_files(&folder), ["2.key"]);
        assert_opens(&vault, bob, &door(), 2).await;
    }
}

#[tokio::test]
async fn an_act_whose_past_key_cannot_be_destroyed_stands_and_hands_over_its_receipt() {
    let (place, vault) = vault().await;
    let folder = place.path().join("vault");
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let past = folder.join("epochs/1.key");
    fs::remove_file(&past).unwrap();
    fs::create_dir(&past).unwrap();
    let mut act = vault.act().await.unwrap();
    act.forget(alice).await.unwrap();
    let told = act.record(b"forgot alice").await;
    let Err(VaultError::NotDestroyed { receipt, path, .. }) = told else {
        panic!("{told:?}");
    };
    assert_eq!(path, past);
    let mut look = vault.look().await.unwrap();
    assert_eq!(look.entry_proof(1).await.unwrap(), **receipt);
    assert_eq!(look.subject(&handle("alice")).await.unwrap(), None);
}

#[tokio::test]
async fn a_folder_copied_in_the_middle_of_an_act_holds_all_before_it_and_nothing_of_it() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let mut act = vault.act().await.unwrap();
    act.know(&handle("bob")).await.unwrap();
    act.forget(alice).await.unwrap();
    let copied = place.path().join("copy");
    copy(&place.path().join("vault"), &copied);
    act.record(b"forgot alice").await.unwrap();

    let copied = open(&copied).await;
    assert_opens(&copied, alice, &door(), 1).await;
    let health = copied.health().await.unwrap();
    assert_eq!((health.subjects, health.entries), (1, 1));
}

#[tokio::test]
async fn a_backup_restored_over_a_newer_vault_does_not_cost_that_one_its_key() {
    let (place, vault) = vault().await;
    let folder = place.path().join("vault");
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let bob = enrol(&vault, "bob", &door(), 2).await;
    vault.close().await;
    let backup = place.path().join("backup");
    copy(&folder, &backup);
    let vault = open(&folder).await;
    forget(&vault, alice).await;
    vault.close().await;
    let today = place.path().join("today.db");
    fs::rename(folder.join("vault.db"), &today).unwrap();
    copy(&backup, &folder);

    let restored = open(&folder).await;
    assert_opens(&restored, alice, &door(), 1).await;
    restored.close().await;
    fs::rename(&today, folder.join("vault.db")).unwrap();
    let vault = open(&folder).await;
    assert_opens(&vault, bob, &door(), 2).await;
    assert_eq!(epoch_files(&folder), ["2.key"]);
}

/// An old database put beside newer keys must not cost the newer database its key.
#[tokio::test]
async fn keys_that_no_crash_explains_are_not_destroyed() {
    let (place, vault) = vault().await;
    let folder = place.path().join("vault");
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let bob = enrol(&vault, "bob", &door(), 2).await;
    vault.clone().close().await;
    let old = place.path().join("old");
    copy(&folder, &old);
    let vault = open(&folder).await;
    forget(&vault, alice).await;
    forget(&vault, bob).await;
    fs::copy(folder.join("epochs/3.key"), old.join("epochs/3.key")).unwrap();

    let refused = Vault::open(&old, &Unlock::File).await;
    let Err(VaultError::Damaged(why)) = refused else {
        panic!("opened");
    };
    assert!(why.contains("epoch 1"), "{why}");
    assert_eq!(epoch_files(&old), ["1.key", "3.key"]);
}
