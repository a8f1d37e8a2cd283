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
use proptest::prelude::*;
use tempfile::TempDir;

async fn ward(folder: &Path) -> Ward {
    Ward::open_or_create(&Home::at(folder), &Unlock::File)
        .await
        .unwrap()
}

fn terms(rights: &[Right]) -> KeyTerms {
    KeyTerms {
        purposes: vec!["door-access".parse().unwrap()],
        ..KeyTerms::of(KeyKind::Api, "the gate at the back", rights.iter().copied())
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
            "the right `enroll`",
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

    let mut wide = key.clone();
    wide.terms.rights.insert(Right::Ledger);
    assert_eq!(wide.allows(Right::Ledger, None, morning), Ok(()));
    wide.terms.collection = Some("gate".parse().unwrap());
    assert_eq!(
        wide.allows(Right::Ledger, None, morning),
        Err(KeyRefusal::WholeWard)
    );
    assert!(matches!(
        ward.create_key(wide.terms).await,
        Err(WardError::Account(Unfit::WholeWard))
    ));

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

    let (back, taken, _) = ward.make_link(&alice, &purposes, week).await.unwrap();
    ward.cancel_link(back.id).await.unwrap();
    assert!(ward.open_link(&taken).await.unwrap().is_none());
    let again = ward.cancel_link(back.id).await;
    assert!(matches!(again, Err(WardError::NoSuchLink(_))));

    let (_, kept, _) = ward.make_link(&alice, &purposes, week).await.unwrap();
    assert_eq!(ward.links(&alice).await.unwrap().len(), 1);
    let bob: Handle = "bob".parse().unwrap();
    ward.make_link(&bob, &purposes, SignedDuration::from_hours(1))
        .await
        .unwrap();
    let all = ward.unopened_links().await.unwrap();
    let whose: Vec<&str> = all.iter().map(|(_, handle, _)| handle.as_str()).collect();
    assert_eq!(whose, ["bob", "alice"], "the one that ends first is first");
    // Searches for what is left, and would say so.
    ward.forget(&alice).await.unwrap();
    assert!(ward.open_link(&kept).await.unwrap().is_none());
    assert!(!contains(&stored(folder.path()), kept.reveal().as_bytes()));
}

#[tokio::test]
async fn a_key_that_would_be_of_no_use_is_not_made() {
    let folder = TempDir::new().unwrap();
    let ward = ward(folder.path()).await;
    let usable = || terms(&[Right::Compare]);
    let useless = [
        terms(&[]),
        KeyTerms {
            name: "two\nlines".to_owned(),
            ..usable()
        },
        KeyTerms {
            until: Some("2020-01-01T00:00:00Z".parse().unwrap()),
            ..usable()
        },
        KeyTerms {
            statement: Some(" ".to_owned()),
            ..usable()
        },
    ];
    for terms in useless {
        let made = ward.create_key(terms).await;
        assert!(matches!(made, Err(WardError::Account(_))));
    }
    assert!(ward.keys().await.unwrap().is_empty());
    assert_eq!(ward.ledger_size().await.unwrap(), 0);
}

#[tokio::test]
async fn where_there_is_no_owner_yet_other_accounts_can_be_changed() {
    let folder = TempDir::new().unwrap();
    let ward = ward(folder.path()).await;
    let (eve, _) = ward
        .create_account("Eve", Role::Auditor, "a long pass phrase")
        .await
        .unwrap();
    ward.set_role(eve.id, Role::Operator).await.unwrap();
    ward.set_role(eve.id, Role::Owner).await.unwrap();
    let demoted = ward.set_role(eve.id, Role::Operator).await;
    assert!(matches!(demoted, Err(WardError::LastOwner)));
    // What was refused is not on record as done.
    let acts = ward.entries(0..10).await.unwrap();
    assert_eq!(acts.len(), 3);
}

#[tokio::test]
async fn every_administrative_act_is_an_entry_that_names_who_asked_and_nobody_by_name() {
    let folder = TempDir::new().unwrap();
    let plain = ward(folder.path()).await;
    let password = "a long pass phrase";
    let (ada, _) = plain
        .create_account("Ada", Role::Owner, password)
        .await
        .unwrap();
    let by = By::Account(ada.id);
    let asked = plain.asked_by(by);
    let (key, ..) = asked.create_key(terms(&[Right::Verify])).await.unwrap();
    asked.revoke_key(key.id).await.unwrap();
    let (bob, _) = asked
        .create_account("Bob", Role::Operator, password)
        .await
        .unwrap();
    asked.set_role(bob.id, Role::Auditor).await.unwrap();
    asked
        .set_password(bob.id, "another pass phrase")
        .await
        .unwrap();
    asked.disable_account(bob.id, true).await.unwrap();
    let alice: Handle = "alice".parse().unwrap();
    let day = SignedDuration::from_hours(24);
    let purposes: Vec<Purpose> = vec!["door-access".parse().unwrap()];
    let (_, text, _) = asked.make_link(&alice, &purposes, day).await.unwrap();
    let person = plain.asked_by(By::Person);
    person.open_link(&text).await.unwrap().unwrap();
    assert!(
        plain
            .sign_in("Bob", "another pass phrase")
            .await
            .unwrap()
            .is_none()
    );

    let entries = plain.entries(1..100).await.unwrap();
    let told: Vec<_> = entries
        .iter()
        .map(|entry| (entry.event.act, entry.event.by))
        .collect();
    let by = Some(by);
    let expected = [
        (Act::KeyCreated, by),
        (Act::KeyRevoked, by),
        (Act::AccountCreated, by),
        (Act::AccountChanged, by),
        (Act::AccountChanged, by),
        (Act::AccountChanged, by),
        (Act::LinkCreated, by),
        (Act::LinkUsed, Some(By::Person)),
        (Act::SignInRefused, None),
    ];
    assert_eq!(told, expected);
    let (id, reason) = (bob.id.to_string(), |at: usize| {
        entries[at].event.reason.clone()
    });
    assert_eq!(reason(3), Some(format!("role auditor {id}")));
    assert_eq!(reason(8), Some(id), "which account was tried");
    assert_eq!(plain.entries_about(&alice).await.unwrap().len(), 2);

    let export = folder.path().join("log");
    plain.export_ledger(&export).await.unwrap();
    let audited = check_folder(&export, &plain.ledger_key()).unwrap();
    assert_eq!(audited.entries, 10);
}

proptest! {
    #[test]
    fn what_lets_somebody_in_reads_back_as_it_is_shown(mut bytes in any::<[u8; 16]>()) {
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let (a, b, c) = (&digits[..8], &digits[8..12], &digits[12..16]);
        let text = format!("{a}-{b}-{c}-{}-{}", &digits[16..20], &digits[20..]);
        let key: KeyText = text.parse().unwrap();
        prop_assert_eq!(&*key.reveal(), &text);
        let shouted: KeyText = text.to_uppercase().parse().unwrap();
        prop_assert_eq!(&*shouted.reveal(), &text);
        let id: AccountId = digits.parse().unwrap();
        prop_assert_eq!(id.to_string(), digits);
    }

    #[test]
    fn a_collection_gives_back_its_own_people_and_nobody_elses(
        name in "[a-z0-9-]{1,48}",
        other in "[a-z0-9-]{1,48}",
        person in "[a-zA-Z0-9/é.-]{1,40}",
    ) {
        let collection: Collection = name.parse().unwrap();
        prop_assert_eq!(collection.to_string(), name.clone());
        let handle = collection.handle(&person).unwrap();
        prop_assert_eq!(collection.own(&handle), Some(person.as_str()));
        let other: Collection = other.parse().unwrap();
        prop_assert_eq!(other.own(&handle).is_some(), other == collection);
    }

    #[test]
    fn no_text_breaks_the_reading_of_a_key_a_link_or_a_word(text in "\\PC{0,60}") {
        let _ = text.parse::<KeyText>();
        let _ = text.parse::<LinkText>();
        let _ = text.parse::<Collection>();
        if let Ok(by) = text.parse::<By>() {
            prop_assert_eq!(by.to_string(), text.to_lowercase());
        }
    }
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
