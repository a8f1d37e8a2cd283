use std::collections::BTreeMap;

use crate::scene::*;
use faceward_ledger::{
    LedgerError, MAX_ENTRY, SignedCheckpoint, VerifiedLog, VerifyingKey, leaf_hash, verify_log,
};
use faceward_vault::{Receipt, Vault, VaultError};

#[tokio::test]
async fn a_receipt_is_checked_offline_with_the_public_key_alone() {
    let (_place, vault) = vault().await;
    let mut receipts = Vec::new();
    for number in 0..5u64 {
        let receipt = record(&vault, &format!("entry {number}")).await;
        assert_eq!(receipt.position(), number);
        receipts.push(receipt);
    }
    let key: VerifyingKey = vault.ledger_key().to_string().parse().unwrap();
    let mut look = vault.look().await.unwrap();
    for number in 0..5u64 {
        let newest = look.entry_proof(number).await.unwrap();
        for proof in [&*receipts[number as usize], &newest] {
            let checkpoint = SignedCheckpoint::open(proof.checkpoint(), &key).unwrap();
            let leaf = leaf_hash(format!("entry {number}").as_bytes());
            assert_eq!(proof.entry(), leaf);
            proof.proof().verify(&leaf, &checkpoint).unwrap();
            let other = leaf_hash(b"entry 9");
            assert!(proof.proof().verify(&other, &checkpoint).is_err());
        }
    }
    let beyond = look.entry_proof(5).await;
    assert!(matches!(
        beyond,
        Err(VaultError::Ledger(LedgerError::NoSuchEntry { .. }))
    ));
}

#[tokio::test]
async fn an_exported_log_verifies_and_a_changed_byte_is_named() {
    let (_place, vault) = vault().await;
    // More than the 256 entries of one file.
    for number in 0..260 {
        record(&vault, &format!("entry {number}")).await;
    }
    let mut log = export(&vault).await;
    assert_eq!(verify(&log).unwrap().checkpoint.size, 260);

    for (file, changed) in [("tile/entries/000", 3), ("tile/entries/001.p/4", 258)] {
        let needle = format!("entry {changed}");
        let bytes = log.get_mut(file).unwrap();
        let at = bytes
            .windows(needle.len())
            .position(|w| w == needle.as_bytes())
            .unwrap();
        bytes[at] ^= 1;
        let found = verify(&log).unwrap_err();
        assert_eq!(found, LedgerError::EntryChanged { index: changed });
        log.get_mut(file).unwrap()[at] ^= 1;
    }
    assert!(verify(&log).is_ok());
}

#[tokio::test]
async fn an_act_that_was_dropped_never_happened() {
    let (_place, vault) = vault().await;
    record(&vault, "first").await;
    let mut act = vault.act().await.unwrap();
    let ghost = act.know(&handle("ghost")).await.unwrap();
    agree(&mut act, ghost, &door()).await;
    drop(act);

    let mut look = vault.look().await.unwrap();
    assert_eq!(look.subject(&handle("ghost")).await.unwrap(), None);
    assert!(look.consents(ghost).await.unwrap().is_empty());
    assert_eq!(look.head().await.unwrap().0, 1);
    assert_eq!(record(&vault, "second").await.position(), 1);
    assert_eq!(look.head().await.unwrap().0, 1, "a look sees one moment");
}

#[tokio::test]
async fn an_entry_that_no_log_can_export_is_refused_with_its_act() {
    let (_place, vault) = vault().await;
    let mut act = vault.act().await.unwrap();
    act.know(&handle("alice")).await.unwrap();
    let refused = act.record(&vec![b'x'; MAX_ENTRY + 1]).await;
    assert!(matches!(
        refused,
        Err(VaultError::Ledger(LedgerError::EntryTooLong { .. }))
    ));
    assert_eq!(vault.health().await.unwrap().subjects, 0);

    vault
        .act()
        .await
        .unwrap()
        .record(&vec![b'x'; MAX_ENTRY])
        .await
        .unwrap();
    assert!(verify(&export(&vault).await).is_ok());
}

#[tokio::test]
async fn entries_are_listed_as_far_as_they_exist() {
    let (_place, vault) = vault().await;
    for number in 0..3 {
        record(&vault, &format!("entry {number}")).await;
    }
    let mut look = vault.look().await.unwrap();
    let all = look.entries(0..u64::MAX).await.unwrap();
    let read: Vec<_> = all
        .iter()
        .map(|e| (e.position, e.bytes.as_slice()))
        .collect();
    assert_eq!(
        read,
        [(0, &b"entry 0"[..]), (1, b"entry 1"), (2, b"entry 2")]
    );
    assert_eq!(look.entries(1..2).await.unwrap(), all[1..2]);
    assert!(look.entries(3..9).await.unwrap().is_empty());
    assert!(look.entries(u64::MAX..u64::MAX).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_empty_ledger_exports_too() {
    let (_place, vault) = vault().await;
    assert_eq!(verify(&export(&vault).await).unwrap().checkpoint.size, 0);
}

async fn record(vault: &Vault, entry: &str) -> Receipt {
    let act = vault.act().await.unwrap();
    act.record(entry.as_bytes()).await.unwrap()
}

pub(crate) async fn export(vault: &Vault) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut look = vault.look().await.unwrap();
    let write = |path: &str, bytes: &[u8]| {
        files.insert(path.to_owned(), bytes.to_vec());
        Ok(())
    };
    look.export_log(write).await.unwrap();
    files
}

pub(crate) fn verify(log: &BTreeMap<String, Vec<u8>>) -> Result<VerifiedLog, LedgerError> {
    let text = |name: &str| std::str::from_utf8(&log[name]).unwrap();
    let key = text("ledger.pub").trim().parse().unwrap();
    verify_log(text("checkpoint"), &key, |path| {
        log.get(&path.to_string()).cloned()
    })
}
