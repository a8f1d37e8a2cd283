//! Who may ask, who asked, and what of it the database gives away.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::Path;

use faceward::*;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

async fn ward(folder: &Path) -> Ward {
    Ward::open_or_create(&Home::at(folder), &Unlock::File)
        .await
        .unwrap()
}

fn terms(rights: &[Right]) -> KeyTerms {
    KeyTerms {
        name: "the gate at the back".to_owned(),
        kind: KeyKind::Api,
        purposes: vec!["door-access".parse().unwrap()],
        rights: rights.iter().copied().collect(),
        collection: None,
        hours: None,
        per_day: None,
        per_minute: None,
        until: None,
        statement: None,
        embeddings: false,
        mass_delete: false,
    }
}

/// Everything the vault's files hold, as bytes.
fn stored(folder: &Path) -> Vec<u8> {
    let vault = folder.join("vault");
    ["vault.db", "vault.db-wal"]
        .iter()
        .flat_map(|name| fs::read(vault.join(name)).unwrap_or_default())
        .collect()
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[tokio::test]
async fn a_key_is_known_by_its_text_alone_and_neither_it_nor_its_name_is_in_the_files() {
    let folder = TempDir::new().unwrap();
    let ward = ward(folder.path()).await;
    let (made, text, _) = ward.create_key(terms(&[Right::Verify])).await.unwrap();
    let shown = text.reveal();
    let again: KeyText = shown.parse().unwrap();
    assert_eq!(ward.key(&again).await.unwrap().unwrap(), made);

    let (head, last) = shown.split_at(35);
    let other = if last == "0" { "1" } else { "0" };
    let wrong: KeyText = format!("{head}{other}").parse().unwrap();
    assert!(ward.key(&wrong).await.unwrap().is_none());
    assert!("not-a-key".parse::<KeyText>().is_err());

    let bytes = stored(folder.path());
    assert!(
        contains(&bytes, b"key-created"),
        "the entry is in the clear"
    );
    assert!(!contains(&bytes, shown.as_bytes()));
    assert!(!contains(&bytes, b"the gate at the back"));
    let raw: Vec<u8> = shown
        .replace('-', "")
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    assert!(!contains(&bytes, &raw));
}

#[tokio::test]
async fn a_key_reaches_what_it_was_made_for_and_says_why_not_beyond() {
    let folder = TempDir::new().unwrap();
    let ward = ward(folder.path()).await;
    let door: Purpose = "door-access".parse().unwrap();
    let payment: Purpose = "payment".parse().unwrap();
    let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
    let (key, text, _) = ward
        .create_key(KeyTerms {
            hours: Some("08:00-18:00+08:00".parse().unwrap()),
            until: Some("2026-12-01T00:00:00Z".parse().unwrap()),
            ..terms(&[Right::Verify])
        })
        .await
        .unwrap();
    let morning: Timestamp = "2026-11-24T01:00:00Z".parse().unwrap();
    assert_eq!(key.allows(Right::Verify, Some(&door), morning), Ok(()));
    let refusals = [
        (
            key.allows(Right::Enroll, Some(&door), morning),
            "may not enroll",
        ),
        (
            key.allows(Right::Verify, Some(&payment), morning),
            "`payment`",
        ),
        (
            key.allows(Right::Verify, Some(&door), now),
            "08:00-18:00+08:00",
        ),
        (
            key.allows(
                Right::Verify,
                Some(&door),
                "2026-12-01T01:00:00Z".parse().unwrap(),
            ),
            "ended on",
        ),
    ];
    for (refused, why) in refusals {
        let said = refused.unwrap_err().to_string();
        assert!(said.contains(why), "{said}");
    }

    // Another process revokes it: it counts at once.
    let other = self::ward(folder.path()).await;
    other.revoke_key(key.id).await.unwrap();
    let revoked = ward.key(&text).await.unwrap().unwrap();
    assert_eq!(
        revoked.allows(Right::Verify, Some(&door), morning),
        Err(KeyRefusal::Revoked)
    );
    assert!(matches!(
        ward.revoke_key(KeyId([9; 16])).await,
        Err(WardError::NoSuchKey(_))
    ));
}

#[tokio::test]
async fn signing_in_takes_the_right_password_of_an_account_in_use() {
    let folder = TempDir::new().unwrap();
    let ward = ward(folder.path()).await;
    assert!(!ward.has_accounts().await.unwrap());
    let password = "a long pass phrase";
    let (ada, _) = ward
        .create_account("Ada", Role::Owner, password)
        .await
        .unwrap();
    assert!(ward.has_accounts().await.unwrap());
    assert_eq!(
        ward.sign_in("Ada", password).await.unwrap(),
        Some(ada.clone())
    );
    for (name, password) in [
        ("Ada", "a long pass phrasE"),
        ("Eve", password),
        ("ada", password),
    ] {
        assert_eq!(ward.sign_in(name, password).await.unwrap(), None, "{name}");
    }
    assert!(matches!(
        ward.create_account("Bob", Role::Auditor, "short").await,
        Err(WardError::Account(_))
    ));
    assert!(matches!(
        ward.create_account("Ada", Role::Auditor, password).await,
        Err(WardError::Vault(VaultError::NameTaken))
    ));
    assert!(!contains(&stored(folder.path()), b"Ada"));
}

#[tokio::test]
async fn the_last_owner_stays_one() {
    let folder = TempDir::new().unwrap();
    let ward = ward(folder.path()).await;
    let password = "a long pass phrase";
    let (ada, _) = ward
        .create_account("Ada", Role::Owner, password)
        .await
        .unwrap();
    let demoted = ward.set_role(ada.id, Role::Operator).await;
    assert!(matches!(demoted, Err(WardError::LastOwner)));
    let disabled = ward.disable_account(ada.id, true).await;
    assert!(matches!(disabled, Err(WardError::LastOwner)));

    let (bob, _) = ward
        .create_account("Bob", Role::Owner, password)
        .await
        .unwrap();
    ward.disable_account(ada.id, true).await.unwrap();
    assert_eq!(ward.sign_in("Ada", password).await.unwrap(), None);
    ward.set_password(bob.id, "another long phrase")
        .await
        .unwrap();
    assert_eq!(ward.sign_in("Bob", password).await.unwrap(), None);
    assert!(
        ward.sign_in("Bob", "another long phrase")
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn a_link_opens_once_and_goes_with_its_person() {
    let folder = TempDir::new().unwrap();
    let ward = ward(folder.path()).await;
    let alice: Handle = "alice".parse().unwrap();
    let purposes: Vec<Purpose> = vec!["door-access".parse().unwrap()];
    let week = SignedDuration::from_hours(24 * 7);
    let (_, text, _) = ward.make_link(&alice, &purposes, week).await.unwrap();
    assert!(ward.link_holds(&text).await.unwrap());
    let opened = ward.open_link(&text).await.unwrap().unwrap();
    assert_eq!(opened.handle.as_str(), "alice");
    assert_eq!(opened.purposes, purposes);
    assert!(ward.open_link(&text).await.unwrap().is_none());

    let over = SignedDuration::ZERO;
    let (_, late, _) = ward.make_link(&alice, &purposes, over).await.unwrap();
    assert!(!ward.link_holds(&late).await.unwrap());
    assert!(ward.open_link(&late).await.unwrap().is_none());

    let (_, kept, _) = ward.make_link(&alice, &purposes, week).await.unwrap();
    assert_eq!(ward.links(&alice).await.unwrap().len(), 1);
    // Searches for what is left, and would say so.
    ward.forget(&alice).await.unwrap();
    assert!(ward.open_link(&kept).await.unwrap().is_none());
}

#[tokio::test]
async fn the_ledger_says_who_asked() {
    let folder = TempDir::new().unwrap();
    let ward = ward(folder.path()).await;
    let (key, ..) = ward.create_key(terms(&[Right::Subjects])).await.unwrap();
    let by = By::Key(key.id);
    ward.asked_by(by)
        .add_subject(&"alice".parse().unwrap())
        .await
        .unwrap();
    let entries = ward.entries(0..10).await.unwrap();
    let told: Vec<(Act, Option<By>)> = entries.iter().map(|e| (e.event.act, e.event.by)).collect();
    assert_eq!(
        told,
        [(Act::KeyCreated, None), (Act::SubjectKnown, Some(by))]
    );
    ward.audit().await.unwrap();
}
