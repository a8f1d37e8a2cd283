//! What lets somebody in: found by what is shown, opened only where it belongs.

use crate::scene::*;
use faceward_vault::{Drawer, VaultError};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

#[tokio::test]
async fn a_link_moved_to_somebody_else_opens_for_nobody() {
    let (place, vault) = vault().await;
    let mut act = vault.act().await.unwrap();
    let alice = act.know(&handle("alice")).await.unwrap();
    let bob = act.know(&handle("bob")).await.unwrap();
    let id = act.keep_link(alice, b"shown once", b"asked").await.unwrap();
    act.record(b"a link").await.unwrap();
    let mut look = vault.look().await.unwrap();
    let link = look.link(b"shown once").await.unwrap().unwrap();
    assert_eq!((link.id, link.subject), (id, alice));
    assert_eq!(link.record.as_slice(), b"asked");
    assert_eq!(look.link_of(id).await.unwrap(), Some(alice));
    assert!(look.link(b"never shown").await.unwrap().is_none());
    drop(look);

    let options = SqliteConnectOptions::new().filename(place.path().join("vault/vault.db"));
    let mut outside = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("UPDATE link SET subject = $1")
        .bind(bob.0.as_slice())
        .execute(&mut outside)
        .await
        .unwrap();
    let moved = vault.look().await.unwrap().link(b"shown once").await;
    assert!(matches!(moved, Err(VaultError::Unsealable("link"))));
}

#[tokio::test]
async fn a_link_outlives_a_change_of_keys_but_not_its_person() {
    let (_place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let bob = enrol(&vault, "bob", &door(), 2).await;
    let mut act = vault.act().await.unwrap();
    for (person, text) in [(alice, b"alice's"), (bob, b"bobslnk")] {
        act.keep_link(person, text, b"asked").await.unwrap();
    }
    act.record(b"links").await.unwrap();
    let mut look = vault.look().await.unwrap();
    let wanted = look.wanted(bob).await.unwrap();
    drop(look);
    let found = vault.search(&wanted).await.unwrap().found.join("; ");
    for what in [
        "1 row of the table `link`",
        "the person's link in vault.db",
        "the person's link's tag in vault.db",
    ] {
        assert!(found.contains(what), "`{what}` is not in `{found}`");
    }

    let mut act = vault.act().await.unwrap();
    act.forget(bob).await.unwrap();
    act.record(b"forgotten").await.unwrap();
    let searched = vault.search(&wanted).await.unwrap();
    assert!(searched.found.is_empty(), "{:?}", searched.found);
    let mut look = vault.look().await.unwrap();
    assert!(look.link(b"bobslnk").await.unwrap().is_none());
    assert_eq!(look.link(b"alice's").await.unwrap().unwrap().subject, alice);
}

#[tokio::test]
async fn a_pass_opens_in_its_own_drawer_and_place_only() {
    let (place, vault) = vault().await;
    let mut act = vault.act().await.unwrap();
    let ours = act.keep_pass(Drawer::Callers, b"text", b"a").await.unwrap();
    act.keep_pass(Drawer::Callers, b"other", b"b")
        .await
        .unwrap();
    let again = act.keep_pass(Drawer::Callers, b"text", b"c").await;
    assert!(matches!(again, Err(VaultError::NameTaken)));
    act.record(b"keys").await.unwrap();
    let mut look = vault.look().await.unwrap();
    let found = look.pass(Drawer::Callers, b"text").await.unwrap().unwrap();
    assert_eq!((found.id, found.record.as_slice()), (ours, b"a".as_slice()));
    assert!(
        look.pass(Drawer::Accounts, b"text")
            .await
            .unwrap()
            .is_none()
    );
    drop(look);

    // Somebody gives their own key what another may do.
    let options = SqliteConnectOptions::new().filename(place.path().join("vault/vault.db"));
    let mut outside = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query(
        "UPDATE caller SET sealed = (SELECT sealed FROM caller WHERE id <> $1) WHERE id = $1",
    )
    .bind(ours.as_slice())
    .execute(&mut outside)
    .await
    .unwrap();
    let swapped = vault
        .look()
        .await
        .unwrap()
        .pass(Drawer::Callers, b"text")
        .await;
    assert!(matches!(swapped, Err(VaultError::Unsealable("caller"))));
}
