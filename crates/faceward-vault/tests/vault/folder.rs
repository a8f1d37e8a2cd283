use std::fs;
use std::path::Path;

use crate::scene::*;
use faceward_vault::{Unlock, Vault, VaultError};

#[tokio::test]
async fn a_vault_is_not_made_over_another() {
    let (place, vault) = vault().await;
    enrol(&vault, "alice", &door(), 1).await;
    vault.close().await;
    let before = files(place.path());
    let refused = Vault::create(&place.path().join("vault"), &Unlock::File).await;
    assert!(matches!(refused, Err(VaultError::Exists(_))));
    assert_eq!(files(place.path()), before);
}

#[tokio::test]
async fn a_vault_is_made_whole_or_not_at_all() {
    let place = tempfile::tempdir().unwrap();
    let taken = place.path().join("taken");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("letter"), b"not a vault").unwrap();
    let file = place.path().join("file");
    fs::write(&file, b"not a folder").unwrap();
    let before = files(place.path());
    let refused = Vault::create(&taken, &Unlock::File).await;
    assert!(matches!(refused, Err(VaultError::Occupied(_))));
    let refused = Vault::create(&file, &Unlock::File).await;
    assert!(matches!(refused, Err(VaultError::File { .. })));
    let weak = Unlock::Passphrase("1234567".to_owned().into());
    let refused = Vault::create(&place.path().join("weak"), &weak).await;
    assert!(matches!(refused, Err(VaultError::WeakPassphrase)));
    assert_eq!(files(place.path()), before);
    assert_eq!(
        fs::read_dir(place.path()).unwrap().count(),
        2,
        "no draft is left"
    );
}

#[tokio::test]
async fn a_vault_can_be_made_in_an_empty_folder_or_a_new_one_however_the_path_is_written() {
    let place = tempfile::tempdir().unwrap();
    let empty = place.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let slash = place.path().join("with/slash/");
    for folder in [&empty, &slash, &place.path().join("a/b/../c")] {
        assert!(!Vault::exists(folder));
        Vault::create(folder, &Unlock::File).await.unwrap();
        assert!(Vault::exists(folder));
        open(folder).await;
    }
}

#[tokio::test]
async fn where_there_is_no_vault_none_is_opened_or_made() {
    let place = tempfile::tempdir().unwrap();
    for folder in [place.path().to_owned(), place.path().join("nowhere")] {
        let missing = Vault::open(&folder, &Unlock::File).await;
        assert!(matches!(missing, Err(VaultError::Missing(_))));
        assert!(matches!(
            Vault::is_locked(&folder),
            Err(VaultError::Missing(_))
        ));
    }
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_and_what_others_may_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let (place, vault) = vault().await;
    let folder = place.path().join("vault");
    let alice = enrol(&vault, "alice", &door(), 1).await;
    forget(&vault, alice).await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for (path, _) in files(&folder) {
        assert_eq!(mode(&path), 0o600, "{path:?}");
    }
    for path in [folder.clone(), folder.join("epochs")] {
        assert_eq!(mode(&path), 0o700, "{path:?}");
    }
    assert!(vault.health().await.unwrap().exposed.is_empty());

    let key = folder.join("epochs/2.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(vault.health().await.unwrap().exposed, [key]);
}

#[tokio::test]
async fn a_passphrase_opens_the_vault_and_no_other_does() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("vault");
    let phrase = |text: &str| Unlock::Passphrase(text.to_owned().into());
    let vault = Vault::create(&folder, &phrase("小狗 and a tree"))
        .await
        .unwrap();
    let alice = enrol(&vault, "alice", &door(), 1).await;
    assert!(vault.health().await.unwrap().passphrase);
    vault.close().await;

    assert!(Vault::is_locked(&folder).unwrap());
    let absent = Vault::open(&folder, &Unlock::File).await;
    assert!(matches!(absent, Err(VaultError::PassphraseNeeded)));
    for wrong in ["小狗 and a tre", "小狗 and a tree ", "short", ""] {
        let refused = Vault::open(&folder, &phrase(wrong)).await;
        assert!(
            matches!(refused, Err(VaultError::WrongPassphrase)),
            "{wrong}"
        );
    }
    let vault = Vault::open(&folder, &phrase("小狗 and a tree"))
        .await
        .unwrap();
    assert_opens(&vault, alice, &door(), 1).await;
}

#[tokio::test]
async fn a_vault_without_a_passphrase_says_so() {
    let (place, vault) = vault().await;
    assert!(!Vault::is_locked(&place.path().join("vault")).unwrap());
    assert!(!vault.health().await.unwrap().passphrase);
}

#[test]
fn a_handle_is_short_plain_text() {
    for good in ["alice", "张伟", "a b", &"é".repeat(128)] {
        assert_eq!(handle(good).as_str(), good);
    }
    for bad in ["", " alice", "alice\t", "a\nb", "a\0b", &"x".repeat(129)] {
        let refused = bad.parse::<faceward_vault::Handle>();
        assert!(matches!(refused, Err(VaultError::Handle(_))), "{bad:?}");
    }
}
