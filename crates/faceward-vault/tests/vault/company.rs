//! Several who use one vault at the same time.

use std::path::PathBuf;

use crate::ledger::{export, verify};
use crate::scene::*;
use faceward_vault::{Vault, VaultError};

#[tokio::test]
async fn acts_of_clones_and_of_other_processes_lose_nothing_and_leave_no_gap() {
    let (place, vault) = vault().await;
    let folder = place.path().join("vault");
    // A vault opened once more in its own thread and runtime is to SQLite what a process is.
    let elsewhere = |who: &'static str| {
        let folder = folder.clone();
        std::thread::spawn(move || block_on(async move { live(open(&folder).await, who).await }))
    };
    let threads = [elsewhere("ada"), elsewhere("ben")];
    let tasks = ["cyd", "dan"].map(|who| tokio::spawn(live(vault.clone(), who)));
    for task in tasks {
        task.await.unwrap();
    }
    tokio::task::spawn_blocking(|| threads.map(|thread| thread.join().unwrap()))
        .await
        .unwrap();

    let mut look = vault.look().await.unwrap();
    let entries = look.entries(0..100).await.unwrap();
    assert_eq!(entries.len(), 4 * ACTS);
    for who in ["ada", "ben", "cyd", "dan"] {
        let own = entries
            .iter()
            .filter(|e| e.bytes.starts_with(who.as_bytes()));
        let own: Vec<_> = own
            .map(|e| String::from_utf8_lossy(&e.bytes).into_owned())
            .collect();
        let expected: Vec<_> = (0..ACTS).map(|number| format!("{who} {number}")).collect();
        assert_eq!(own, expected);
        assert!(look.subject(&handle(who)).await.unwrap().is_some());
    }
    drop(look);
    let health = vault.health().await.unwrap();
    assert_eq!(
        (health.subjects, health.epoch),
        (4, 5),
        "four forgettings in between"
    );
    assert_eq!(epoch_files(&folder), ["5.key"]);
    verify(&export(&vault).await).unwrap();
}

const ACTS: usize = 7;

/// Knows somebody, forgets them half-way, and knows them again, under one entry each time.
async fn live(vault: Vault, who: &'static str) {
    for number in 0..ACTS {
        let mut act = vault.act().await.unwrap();
        let subject = act.know(&handle(who)).await.unwrap();
        if number == ACTS / 2 {
            act.forget(subject).await.unwrap();
        }
        let entry = format!("{who} {number}");
        let receipt = act.record(entry.as_bytes()).await.unwrap();
        let mut look = vault.look().await.unwrap();
        let read = look
            .entries(receipt.position()..receipt.position() + 1)
            .await
            .unwrap();
        assert_eq!(read[0].bytes, entry.as_bytes());
    }
}

#[tokio::test]
async fn the_later_act_waits_and_sees_what_the_earlier_one_did() {
    let (place, vault) = vault().await;
    let second = open(&place.path().join("vault")).await;
    for later in [vault.clone(), second] {
        let mut act = vault.act().await.unwrap();
        let waiting = tokio::spawn(async move {
            let mut act = later.act().await.unwrap();
            act.subject(&handle("alice")).await.unwrap()
        });
        let alice = act.know(&handle("alice")).await.unwrap();
        assert!(!waiting.is_finished());
        act.record(b"known").await.unwrap();
        assert_eq!(waiting.await.unwrap(), Some(alice));
    }
}

#[tokio::test]
async fn many_looks_held_open_neither_block_an_act_nor_see_it() {
    let (_place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let mut looks = Vec::new();
    for _ in 0..4 {
        looks.push(vault.look().await.unwrap());
    }
    forget(&vault, alice).await;
    for look in &mut looks {
        let found = look.subject(&handle("alice")).await.unwrap();
        assert_eq!(found, Some(alice), "a look sees one moment");
    }
    drop(looks);
    let mut look = vault.look().await.unwrap();
    assert_eq!(look.subject(&handle("alice")).await.unwrap(), None);
}

#[tokio::test]
async fn a_vault_open_elsewhere_follows_a_rotation() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let bob = enrol(&vault, "bob", &door(), 2).await;
    let second = open(&place.path().join("vault")).await;
    assert_opens(&second, bob, &door(), 2).await;
    forget(&vault, alice).await;
    assert_opens(&second, bob, &door(), 2).await;
    forget(&second, bob).await;
    assert_eq!(vault.health().await.unwrap().subjects, 0);
}

#[tokio::test]
async fn of_two_who_make_a_vault_in_one_place_one_succeeds() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("vault");
    let attempt = |folder: PathBuf| {
        std::thread::spawn(move || {
            block_on(async move {
                let made = Vault::create(&folder, &faceward_vault::Unlock::File).await;
                made.map(|_| ())
            })
        })
    };
    let attempts = [attempt(folder.clone()), attempt(folder.clone())];
    let made = attempts.map(|thread| thread.join().unwrap());
    assert_eq!(
        made.iter().filter(|made| made.is_ok()).count(),
        1,
        "{made:?}"
    );
    assert!(
        made.iter()
            .any(|made| matches!(made, Err(VaultError::Exists(_))))
    );
    let left: Vec<_> = std::fs::read_dir(place.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}
