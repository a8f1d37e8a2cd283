//! References by their identifiers, and whether what was read of people still stands.

use std::path::Path;

use crate::forgetting::Copies;
use crate::scene::*;
use faceward_law::{Operation, SubjectId};
use faceward_vault::{ReferenceId, Vault};

async fn one_more(vault: &Vault, subject: SubjectId, seed: u64) -> ReferenceId {
    let mut act = vault.act().await.unwrap();
    let permit = permit(&mut act, Operation::Enroll, subject, &door()).await;
    let kept = act
        .keep_template(&permit, &template(seed), 80, now())
        .await
        .unwrap();
    act.record(b"one more").await.unwrap();
    kept
}

async fn remove(vault: &Vault, id: ReferenceId) -> u64 {
    let mut act = vault.act().await.unwrap();
    let shelved = act.whose(id).await.unwrap().unwrap();
    let left = act.remove_template(&shelved).await.unwrap();
    act.record(b"removed").await.unwrap();
    left
}

#[tokio::test]
async fn a_copy_from_before_a_removal_is_dead_and_the_other_reference_opens() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let bob = enrol(&vault, "bob", &door(), 2).await;
    let second = one_more(&vault, alice, 3).await;
    let copies = Copies::of(place.path());
    assert_eq!(remove(&vault, second).await, 1);
    assert_opens(&vault, alice, &door(), 1).await;
    assert_opens(&vault, bob, &door(), 2).await;
    copies.assert_dead(&[alice, bob]).await;
    vault.health().await.unwrap();
    let mut look = vault.look().await.unwrap();
    assert_eq!(look.whose(second).await.unwrap(), None);
}

#[tokio::test]
async fn a_removal_that_is_dropped_removes_nothing() {
    let (_place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let mut act = vault.act().await.unwrap();
    let shelved = act.shelved(Some(alice), None).await.unwrap();
    assert_eq!(act.remove_template(&shelved[0]).await.unwrap(), 0);
    drop(act);
    assert_opens(&vault, alice, &door(), 1).await;
}

#[tokio::test]
async fn references_come_in_the_order_in_which_they_were_kept_also_after_a_removal() {
    let (_place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let mut kept = Vec::new();
    for seed in 2..12 {
        kept.push(one_more(&vault, alice, seed).await);
    }
    let gone = kept.remove(4);
    assert_eq!(remove(&vault, gone).await, 10);
    let mut look = vault.look().await.unwrap();
    let listed = look.shelved(Some(alice), Some(&door())).await.unwrap();
    let listed: Vec<ReferenceId> = listed.iter().skip(1).map(|one| one.id).collect();
    assert_eq!(listed, kept);
    assert!(
        look.shelved(None, Some(&canteen()))
            .await
            .unwrap()
            .is_empty()
    );
}

/// Whatever decides about a person moves the moment and names the person; asking does neither.
#[tokio::test]
async fn a_moment_passes_when_something_about_people_changes_and_only_then() {
    let (place, vault) = vault().await;
    let elsewhere = open(&place.path().join("vault")).await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let bob = enrol(&vault, "bob", &door(), 2).await;
    let before = vault.look().await.unwrap().moment().await.unwrap();
    let act = elsewhere.act().await.unwrap();
    act.record(b"only asked").await.unwrap();
    let mut look = vault.look().await.unwrap();
    assert_eq!(look.moment().await.unwrap(), before);
    assert_eq!(look.changed_since(before).await.unwrap(), Some(vec![]));
    drop(look);

    one_more(&elsewhere, bob, 3).await;
    let mut look = vault.look().await.unwrap();
    assert_eq!(look.changed_since(before).await.unwrap(), Some(vec![bob]));
    let then = look.moment().await.unwrap();
    assert!(then != before && then.nobody_left_since(before));
    drop(look);
    withdraw(&elsewhere, alice, &door()).await;
    let mut look = vault.look().await.unwrap();
    assert_eq!(look.changed_since(then).await.unwrap(), Some(vec![alice]));
    let then = look.moment().await.unwrap();
    drop(look);
    forget(&elsewhere, alice).await;
    let mut look = vault.look().await.unwrap();
    let today = look.moment().await.unwrap();
    assert!(today != then && !today.nobody_left_since(then));
    // The later moment is not an earlier one of anybody who looks before it.
    assert_eq!(look.changed_since(then).await.unwrap(), Some(vec![]));
}

/// `vectors/vault/format-2` and `format-3`: vaults as older versions wrote them, with two references.
#[tokio::test]
async fn a_vault_of_an_older_format_opens_and_its_references_are_listed_opened_and_removed() {
    for (format, qualities) in [("format-2", [80, 91]), ("format-3", [94, 96])] {
        opens(format, qualities).await;
    }
}

async fn opens(format: &str, expected: [u8; 2]) {
    let place = tempfile::tempdir().unwrap();
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/vault");
    let stored = stored.join(format);
    let folder = place.path().join("vault");
    copy(&stored, &folder);
    open(&folder).await.close().await;
    let vault = open(&folder).await;
    let mut look = vault.look().await.unwrap();
    let barack = look.subject(&handle("barack")).await.unwrap().unwrap();
    let kept = look.shelved(Some(barack), Some(&door())).await.unwrap();
    assert_eq!(kept.len(), 2);
    let mut qualities = [
        look.describe(&kept[0]).await.unwrap().quality,
        look.describe(&kept[1]).await.unwrap().quality,
    ];
    qualities.sort_unstable();
    assert_eq!(qualities, expected, "{format}");
    assert!(!look.describe(&kept[0]).await.unwrap().map);
    let before = look.moment().await.unwrap();
    drop(look);
    assert_eq!(remove(&vault, kept[0].id).await, 1);
    let mut look = vault.look().await.unwrap();
    assert_eq!(
        look.changed_since(before).await.unwrap(),
        Some(vec![barack])
    );
    assert_eq!(look.described(barack).await.unwrap()[0].id, kept[1].id);
    vault.health().await.unwrap();
}
