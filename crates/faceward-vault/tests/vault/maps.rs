//! Face-print maps lie beside references only where the deployment allows it, and go with them.

use std::fs;
use std::path::Path;

use crate::scene::*;
use faceward_law::*;
use faceward_vault::{ReferenceId, Vault, VaultError};

fn gym() -> Purpose {
    "gym-access".parse().unwrap()
}

/// The gym of the examples, which keeps maps, verifies, and hangs out the notice of spring.
fn gate() -> Gate {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/deployments/gym.toml");
    let mut text = fs::read_to_string(path).unwrap();
    for (before, after) in [
        ("in_use_from = 2026-12-01", "in_use_from = 2026-05-01"),
        ("date = 2026-11-10", "date = 2026-04-10"),
        (
            "version = \"2026-11\"",
            "version = \"the notice of spring\"",
        ),
        ("\"recipients\",", "\"recipients\", \"face-map\","),
        (
            "functions = [\"identification\"]",
            "functions = [\"verification\"]",
        ),
        (
            "retention = {",
            "face_map_because = \"members ask\"\nretention = {",
        ),
    ] {
        assert!(text.contains(before), "{before}");
        text = text.replacen(before, after, 1);
    }
    let text = PackText {
        name: "gym.toml",
        text: &text,
    };
    Gate::declared(Deployment::read(text).unwrap(), Law::built_in().unwrap()).unwrap()
}

async fn allowed(
    act: &mut faceward_vault::Look,
    operation: Operation,
    subject: SubjectId,
) -> Permit {
    let consents = act.consents(subject).await.unwrap();
    let ruling = gate().decide(&Facts {
        operation,
        purpose: Some(&gym()),
        basis: Basis::Recorded {
            subject,
            consents: &consents,
        },
        now: now(),
        persons_held: 1,
    });
    match ruling {
        Ruling::Granted(permit) => permit,
        Ruling::Refused(refusal) => panic!("{refusal}"),
    }
}

async fn enrol_with_map(vault: &Vault, subject: SubjectId, seed: u64, map: &[u8]) -> ReferenceId {
    let mut act = vault.act().await.unwrap();
    let permit = allowed(&mut act, Operation::Enroll, subject).await;
    let id = act
        .keep_template(&permit, &template(seed), 80, now())
        .await
        .unwrap();
    act.keep_map(&permit, id, map, now()).await.unwrap();
    act.record(b"enrolled").await.unwrap();
    id
}

async fn known(vault: &Vault, name: &str, purpose: &Purpose) -> SubjectId {
    let mut act = vault.act().await.unwrap();
    let subject = act.know(&handle(name)).await.unwrap();
    agree(&mut act, subject, purpose).await;
    act.record(b"agreed").await.unwrap();
    subject
}

async fn maps(vault: &Vault, subject: SubjectId) -> Vec<(ReferenceId, Vec<u8>)> {
    let mut look = vault.look().await.unwrap();
    let permit = allowed(&mut look, Operation::Verify, subject).await;
    let maps = look.maps(&permit, now()).await.unwrap();
    let maps = maps
        .iter()
        .map(|map| (map.reference.id, map.record.to_vec()));
    maps.collect()
}

#[tokio::test]
async fn a_map_opens_for_a_comparison_and_moves_under_a_fresh_key_with_its_reference() {
    let (_place, vault) = vault().await;
    let alice = known(&vault, "alice", &gym()).await;
    let gone = enrol_with_map(&vault, alice, 1, b"the map that goes").await;
    let stays = enrol_with_map(&vault, alice, 2, b"the map that stays").await;
    assert_eq!(maps(&vault, alice).await.len(), 2);
    let mut act = vault.act().await.unwrap();
    let shelved = act.whose(gone).await.unwrap().unwrap();
    act.remove_template(&shelved).await.unwrap();
    act.record(b"removed").await.unwrap();
    assert_eq!(
        maps(&vault, alice).await,
        [(stays, b"the map that stays".to_vec())]
    );
    let mut look = vault.look().await.unwrap();
    assert!(look.described(alice).await.unwrap()[0].map);
}

#[tokio::test]
async fn without_a_declaration_no_map_is_kept() {
    let (_place, vault) = vault().await;
    let alice = known(&vault, "alice", &door()).await;
    let mut act = vault.act().await.unwrap();
    let permit = permit(&mut act, Operation::Enroll, alice, &door()).await;
    let id = act
        .keep_template(&permit, &template(1), 80, now())
        .await
        .unwrap();
    let refused = act.keep_map(&permit, id, b"a map", now()).await;
    assert!(matches!(refused, Err(VaultError::NotPermitted)));
    assert!(!act.described(alice).await.unwrap()[0].map);
}

#[tokio::test]
async fn a_map_is_not_kept_with_the_reference_of_somebody_else() {
    let (_place, vault) = vault().await;
    let alice = known(&vault, "alice", &gym()).await;
    let bob = known(&vault, "bob", &gym()).await;
    let of_bob = enrol_with_map(&vault, bob, 1, b"the map of bob").await;
    enrol_with_map(&vault, alice, 2, b"the map of alice").await;
    let mut act = vault.act().await.unwrap();
    let permit = allowed(&mut act, Operation::Enroll, alice).await;
    assert!(
        act.keep_map(&permit, of_bob, b"another", now())
            .await
            .is_err()
    );
    drop(act);
    assert_eq!(
        maps(&vault, bob).await,
        [(of_bob, b"the map of bob".to_vec())]
    );
}

#[tokio::test]
async fn a_forgotten_map_leaves_nothing() {
    let (_place, vault) = vault().await;
    let alice = known(&vault, "alice", &gym()).await;
    enrol_with_map(&vault, alice, 1, &[7; 52_617]).await;
    let mut look = vault.look().await.unwrap();
    let wanted = look.wanted(alice).await.unwrap();
    drop(look);
    let before = vault.search(&wanted).await.unwrap().found.join("; ");
    assert!(
        before.contains("the person's face-print map in vault.db"),
        "{before}"
    );
    forget(&vault, alice).await;
    assert_eq!(vault.search(&wanted).await.unwrap().found, [""; 0]);
}
