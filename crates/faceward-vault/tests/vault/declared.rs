//! Which declaration the ledger has last.

use std::path::Path;

use faceward_vault::Vault;

use crate::scene::{copy, door, handle, open, vault};

const FIRST: [u8; 32] = [1; 32];

async fn declared(vault: &Vault) -> Option<[u8; 32]> {
    vault.look().await.unwrap().declared().await.unwrap()
}

#[tokio::test]
async fn a_declaration_stands_with_its_entry_and_not_without() {
    let (place, vault) = vault().await;
    assert_eq!(declared(&vault).await, None);
    let mut dropped = vault.act().await.unwrap();
    dropped.declare(Some(FIRST)).await.unwrap();
    drop(dropped);
    assert_eq!(declared(&vault).await, None);
    let mut act = vault.act().await.unwrap();
    act.declare(Some(FIRST)).await.unwrap();
    act.record(b"declared").await.unwrap();
    // Another process sees it, too.
    let elsewhere = open(&place.path().join("vault")).await;
    assert_eq!(declared(&elsewhere).await, Some(FIRST));
    let mut act = elsewhere.act().await.unwrap();
    act.declare(None).await.unwrap();
    act.record(b"none any more").await.unwrap();
    assert_eq!(declared(&vault).await, None);
}

/// `vectors/vault/format-3`: a vault as the version before format 4 wrote it, with two references.
#[tokio::test]
async fn a_vault_of_format_3_opens_with_its_references_and_nothing_declared() {
    let place = tempfile::tempdir().unwrap();
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/vault/format-3");
    let folder = place.path().join("vault");
    copy(&stored, &folder);
    let vault = open(&folder).await;
    let mut look = vault.look().await.unwrap();
    let barack = look.subject(&handle("barack")).await.unwrap().unwrap();
    let kept = look.shelved(Some(barack), Some(&door())).await.unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!(look.describe(&kept[0]).await.unwrap().quality, 94);
    drop(look);
    assert_eq!(declared(&vault).await, None);
    let mut act = vault.act().await.unwrap();
    act.declare(Some(FIRST)).await.unwrap();
    act.record(b"declared").await.unwrap();
    vault.health().await.unwrap();
    vault.close().await;
    assert_eq!(declared(&open(&folder).await).await, Some(FIRST));
}
