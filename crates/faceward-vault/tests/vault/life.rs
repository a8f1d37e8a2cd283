use crate::scene::*;
use faceward_law::{Operation, Ruling};
use faceward_vault::VaultError;

#[tokio::test]
async fn a_person_agrees_is_enrolled_withdraws_and_is_forgotten() {
    let (_place, vault) = vault().await;
    let mut act = vault.act().await.unwrap();
    let alice = act.know(&handle("alice")).await.unwrap();
    act.record(b"known").await.unwrap();
    let mut look = vault.look().await.unwrap();
    let asked = rule(&mut look, Operation::Enroll, alice, &door()).await;
    assert!(matches!(asked, Ruling::Refused(_)));
    drop(look);

    assert_eq!(enrol(&vault, "alice", &door(), 1).await, alice);
    assert_opens(&vault, alice, &door(), 1).await;

    let mut look = vault.look().await.unwrap();
    let permit_before = permit(&mut look, Operation::Verify, alice, &door()).await;
    drop(look);
    withdraw(&vault, alice, &door()).await;
    let mut look = vault.look().await.unwrap();
    let asked = rule(&mut look, Operation::Verify, alice, &door()).await;
    assert!(matches!(asked, Ruling::Refused(_)));
    let opened = look.templates(&permit_before, now()).await.unwrap();
    assert!(opened.is_empty(), "a permit from before opened something");
    let consents = look.consents(alice).await.unwrap();
    assert_eq!(consents.len(), 1);
    assert_eq!(consents[0].withdrawn(), Some(later(10)));
    drop(look);

    forget(&vault, alice).await;
    let mut look = vault.look().await.unwrap();
    assert_eq!(look.subject(&handle("alice")).await.unwrap(), None);
    assert!(look.subjects().await.unwrap().is_empty());
    assert!(look.consents(alice).await.unwrap().is_empty());
    assert!(look.reference_counts(alice).await.unwrap().is_empty());
    assert!(matches!(
        look.handle(alice).await,
        Err(VaultError::UnknownSubject(_))
    ));
    assert!(matches!(
        look.marker(alice).await,
        Err(VaultError::UnknownSubject(_))
    ));
    drop(look);
    let mut act = vault.act().await.unwrap();
    assert!(matches!(
        act.forget(alice).await,
        Err(VaultError::UnknownSubject(_))
    ));
}

#[tokio::test]
async fn what_is_kept_reads_back_as_it_was_given_and_after_reopening_too() {
    let (place, vault) = vault().await;
    let mut act = vault.act().await.unwrap();
    let alice = act.know(&handle("Älice 王")).await.unwrap();
    assert_eq!(act.know(&handle("Älice 王")).await.unwrap(), alice);
    let door_consent = agree(&mut act, alice, &door()).await;
    agree(&mut act, alice, &canteen()).await;
    for (purpose, seed) in [(door(), 1), (door(), 2), (canteen(), 3)] {
        let permit = permit(&mut act, Operation::Enroll, alice, &purpose).await;
        act.keep_template(&permit, &template(seed), 70 + seed as u8, now())
            .await
            .unwrap();
    }
    act.record(b"enrolled thrice").await.unwrap();
    vault.close().await;

    let vault = open(&place.path().join("vault")).await;
    let mut look = vault.look().await.unwrap();
    assert_eq!(look.handle(alice).await.unwrap().as_str(), "Älice 王");
    let all = look.subjects().await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].id, all[0].handle.as_str()), (alice, "Älice 王"));
    assert!(look.consents(alice).await.unwrap().contains(&door_consent));
    let counts = look.reference_counts(alice).await.unwrap();
    assert_eq!(
        counts,
        [("canteen".to_owned(), 1), ("door-access".to_owned(), 2)]
    );
    assert_eq!(look.enrolled_for(&door()).await.unwrap(), [alice]);

    let permit = permit(&mut look, Operation::Identify, alice, &door()).await;
    let mut found = look.templates(&permit, now()).await.unwrap();
    found.sort_by_key(|reference| reference.quality);
    let read: Vec<_> = found
        .iter()
        .map(|r| (r.subject, r.quality, r.enrolled_at))
        .collect();
    assert_eq!(read, [(alice, 71, now()), (alice, 72, now())]);
    for (reference, seed) in found.iter().zip([1, 2]) {
        let (kept, given) = (reference.template.values(), template(seed));
        assert_eq!(reference.template.model(), given.model());
        let apart = kept.iter().zip(given.values()).map(|(a, b)| (a - b).abs());
        assert!(apart.fold(0.0, f32::max) <= f32::EPSILON);
    }
}

#[tokio::test]
async fn withdrawing_one_purpose_leaves_the_other_and_other_people() {
    let (_place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    enrol(&vault, "alice", &canteen(), 2).await;
    let bob = enrol(&vault, "bob", &door(), 3).await;
    withdraw(&vault, alice, &door()).await;

    assert_opens(&vault, alice, &canteen(), 2).await;
    assert_opens(&vault, bob, &door(), 3).await;
    let mut look = vault.look().await.unwrap();
    assert_eq!(look.enrolled_for(&door()).await.unwrap(), [bob]);
    drop(look);

    let mut act = vault.act().await.unwrap();
    let again = act.withdraw(alice, &door(), later(20)).await;
    assert!(matches!(again, Err(VaultError::NoSuchConsent(_))));
    drop(act);
    enrol(&vault, "alice", &door(), 4).await;
    assert_opens(&vault, alice, &door(), 4).await;
}

#[tokio::test]
async fn a_withdrawn_consent_is_not_revived_by_keeping_it_again() {
    let (_place, vault) = vault().await;
    let mut act = vault.act().await.unwrap();
    let alice = act.know(&handle("alice")).await.unwrap();
    let consent = agree(&mut act, alice, &door()).await;
    act.withdraw(alice, &door(), later(1)).await.unwrap();
    act.record(b"agreed and withdrew").await.unwrap();

    let mut act = vault.act().await.unwrap();
    assert!(act.keep_consent(&consent).await.is_err());
    assert_eq!(
        act.consents(alice).await.unwrap()[0].withdrawn(),
        Some(later(1))
    );
}

#[tokio::test]
async fn a_mark_tells_the_person_and_nobody_else() {
    let (_place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let bob = enrol(&vault, "bob", &door(), 2).await;
    let mut look = vault.look().await.unwrap();
    let marker = look.marker(alice).await.unwrap();
    let mark = marker.fresh(b"what").unwrap();
    assert_ne!(mark.value, marker.fresh(b"what").unwrap().value);
    assert_ne!(mark.value, marker.again(mark.nonce, b"other").value);
    let others = look.marker(bob).await.unwrap();
    assert_ne!(mark.value, others.again(mark.nonce, b"what").value);
    drop(look);

    forget(&vault, bob).await;
    let mut look = vault.look().await.unwrap();
    let after_rotation = look.marker(alice).await.unwrap();
    assert_eq!(mark, after_rotation.again(mark.nonce, b"what"));
}
