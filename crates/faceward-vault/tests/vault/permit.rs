use crate::scene::*;
use faceward_law::{Operation, PERMIT_LIFETIME_SECONDS};
use faceward_vault::VaultError;

#[tokio::test]
async fn references_open_only_for_the_person_purpose_operation_and_time_of_the_permit() {
    let (_place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    enrol(&vault, "alice", &canteen(), 2).await;
    enrol(&vault, "bob", &door(), 3).await;
    let mut look = vault.look().await.unwrap();

    for operation in [Operation::Enroll, Operation::Compare, Operation::Detect] {
        let other = permit(&mut look, operation, alice, &door()).await;
        let refused = look.templates(&other, now()).await;
        assert!(
            matches!(refused, Err(VaultError::NotPermitted)),
            "{operation}"
        );
    }
    let verify = permit(&mut look, Operation::Verify, alice, &door()).await;
    for when in [later(-1), later(PERMIT_LIFETIME_SECONDS)] {
        let refused = look.templates(&verify, when).await;
        assert!(matches!(refused, Err(VaultError::NotPermitted)), "{when}");
    }
    let opened = look.templates(&verify, now()).await.unwrap();
    assert_eq!(opened.len(), 1, "neither bob's nor the canteen's");
    assert_eq!(opened[0].subject, alice);
}

#[tokio::test]
async fn a_permit_of_another_kind_enrols_nothing() {
    let (_place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let mut act = vault.act().await.unwrap();
    let verify = permit(&mut act, Operation::Verify, alice, &door()).await;
    let refused = act.keep_template(&verify, &template(2), 80, now()).await;
    assert!(matches!(refused, Err(VaultError::NotPermitted)));
    let stale = permit(&mut act, Operation::Enroll, alice, &door()).await;
    let when = later(PERMIT_LIFETIME_SECONDS);
    let refused = act.keep_template(&stale, &template(2), 80, when).await;
    assert!(matches!(refused, Err(VaultError::NotPermitted)));
    act.record(b"refused twice").await.unwrap();
    assert_opens(&vault, alice, &door(), 1).await;
}

#[tokio::test]
async fn a_permit_got_before_a_withdrawal_or_a_forgetting_enrols_nothing_after_it() {
    let (_place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let bob = enrol(&vault, "bob", &door(), 2).await;
    let mut look = vault.look().await.unwrap();
    let for_alice = permit(&mut look, Operation::Enroll, alice, &door()).await;
    let for_bob = permit(&mut look, Operation::Enroll, bob, &door()).await;
    drop(look);
    withdraw(&vault, alice, &door()).await;
    forget(&vault, bob).await;

    let mut act = vault.act().await.unwrap();
    for permit in [&for_alice, &for_bob] {
        let refused = act.keep_template(permit, &template(3), 80, now()).await;
        assert!(matches!(refused, Err(VaultError::NotPermitted)));
    }
    act.record(b"refused twice").await.unwrap();
    assert_eq!(vault.health().await.unwrap().templates, 0);
}

#[tokio::test]
async fn a_consent_of_somebody_unknown_is_not_kept() {
    let (_place, vault) = vault().await;
    let mut act = vault.act().await.unwrap();
    let nobody = faceward_law::SubjectId([5; 16]);
    let id = faceward_law::ConsentId([6; 16]);
    let consent = faceward_law::Consent::record(id, draft(nobody, &door())).unwrap();
    let refused = act.keep_consent(&consent).await;
    assert!(matches!(refused, Err(VaultError::UnknownSubject(_))));
}
