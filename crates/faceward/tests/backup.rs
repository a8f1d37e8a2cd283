//! A ward put away and brought back: whole, or not at all.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

use faceward::*;
use tempfile::TempDir;

mod stage;

use stage::{agree, door, photo, who};

const PHRASE: &str = "correct horse battery staple";

fn phrases(data: &str, keys: &str) -> BackupPhrases {
    BackupPhrases {
        data: data.to_owned().into(),
        keys: keys.to_owned().into(),
    }
}

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(TempDir::new().unwrap());
        fs::create_dir_all(place.at("ward")).unwrap();
        fs::write(
            place.at("ward/faceward.toml"),
            "purpose = \"door-access\"\n",
        )
        .unwrap();
        fs::create_dir(place.at("away")).unwrap();
        fs::create_dir(place.at("safe")).unwrap();
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn home(&self, name: &str) -> Home {
        Home::at(self.at(name))
    }

    async fn ward(&self) -> Ward {
        Ward::open_or_create(&self.home("ward"), &Unlock::File)
            .await
            .unwrap()
    }

    fn files(&self, name: &str) -> BackupFiles {
        BackupFiles {
            data: self.at(&format!("away/{name}.data.fwb")),
            keys: self.at(&format!("safe/{name}.keys.fwb")),
        }
    }

    async fn back_up(&self, ward: &Ward, name: &str) -> BackupFiles {
        let files = self.files(name);
        ward.backup(&files, &phrases(PHRASE, PHRASE), |_, _| ())
            .await
            .unwrap();
        files
    }

    async fn restore(
        &self,
        files: BackupFiles,
        later: Option<&Path>,
    ) -> Result<Restored, WardError> {
        let backup = Backup::open(files, phrases(PHRASE, PHRASE))?;
        restore(&backup, &self.home("new"), &Unlock::File, later, |_, _| ()).await
    }

    fn names(&self) -> Vec<String> {
        let listed = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> = listed
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

#[tokio::test]
async fn a_ward_that_was_put_away_lives_again() {
    let place = Place::new();
    let ward = place.ward().await;
    for name in ["barack", "joe"] {
        agree(&ward, name).await;
    }
    ward.enroll(&who("barack"), &door(), &photo("obama.jpg"))
        .await
        .unwrap();
    let mut seen = (0, 0);
    let files = place.files("b");
    let made = ward
        .backup(
            &files,
            &phrases("one passphrase", "another one"),
            |done, of| seen = (done, of),
        )
        .await
        .unwrap();
    assert!(seen.0 == seen.1 && seen.1 > 0, "{seen:?}");
    let clear = fs::read(&files.data).unwrap();
    for secret in [&b"barack"[..], b"door-access", b"SQLite"] {
        assert!(!clear.windows(secret.len()).any(|bytes| bytes == secret));
    }
    let before = ward.entries(0..u64::MAX).await.unwrap();
    let (key, receipts) = (ward.ledger_key(), ward.receipt_key().unwrap());
    ward.close().await;
    let left = fs::read_dir(place.at("ward/vault")).unwrap();
    assert!(
        left.flatten().all(|file| file.file_name() != "backup.db"),
        "no copy stays"
    );

    let kept = place.at("kept");
    fs::write(&kept, &made.checkpoint).unwrap();
    let backup = Backup::open(files, phrases("one passphrase", "another one")).unwrap();
    let restored = restore(
        &backup,
        &place.home("new"),
        &Unlock::File,
        Some(&kept),
        |_, _| (),
    )
    .await
    .unwrap();
    assert_eq!(
        (restored.entries, restored.since),
        (made.entries, Since::Nothing)
    );
    assert_eq!(place.names(), ["away", "kept", "new", "safe", "ward"]);
    let ward = Ward::open(&place.home("new"), &Unlock::File).await.unwrap();
    ward.health().await.unwrap();
    let after = ward.entries(0..u64::MAX).await.unwrap();
    let (last, same) = after.split_last().unwrap();
    assert_eq!((same, last.event.act), (before.as_slice(), Act::Restored));
    assert_eq!(
        (ward.ledger_key(), ward.receipt_key().unwrap()),
        (key, receipts)
    );
    let verdict = ward
        .verify(&who("barack"), &door(), &photo("obama2.jpg"))
        .await
        .unwrap();
    let Outcome::Done(verified) = verdict.outcome else {
        panic!("no answer");
    };
    assert_eq!(verified.decision, Decision::Match);
}

#[tokio::test]
async fn what_is_not_whole_or_not_ones_own_is_refused_and_nothing_is_left() {
    let place = Place::new();
    let ward = place.ward().await;
    agree(&ward, "alice").await;
    let files = place.back_up(&ward, "b").await;
    let other = place.back_up(&ward, "c").await;
    let again = ward
        .backup(&files, &phrases(PHRASE, PHRASE), |_, _| ())
        .await;
    assert!(
        again
            .unwrap_err()
            .to_string()
            .contains("nothing was overwritten")
    );
    let before = place.names();

    let wrong = Backup::open(files.clone(), phrases("wrong passphrase", PHRASE))
        .err()
        .unwrap();
    assert!(wrong.to_string().contains("does not open"), "{wrong}");
    let swapped = BackupFiles {
        data: files.keys.clone(),
        keys: files.data.clone(),
    };
    let told = place.restore(swapped, None).await.unwrap_err().to_string();
    assert!(told.contains("this is the file of the data"), "{told}");
    let mixed = BackupFiles {
        data: files.data.clone(),
        keys: other.keys,
    };
    let told = place.restore(mixed, None).await.unwrap_err().to_string();
    assert!(told.contains("of another backup"), "{told}");

    let whole = fs::read(&files.data).unwrap();
    for place_of_fault in [0, 16, 17, 20, 35, 60, 75, 100, 120, 70_000, whole.len() - 1] {
        let mut changed = whole.clone();
        changed[place_of_fault] ^= 1;
        fs::write(&files.data, changed).unwrap();
        place.restore(files.clone(), None).await.unwrap_err();
        assert_eq!(place.names(), before, "byte {place_of_fault}");
    }
    fs::write(&files.data, &whole[..whole.len() - 1]).unwrap();
    place.restore(files.clone(), None).await.unwrap_err();
    assert_eq!(place.names(), before);
    fs::write(&files.data, &whole).unwrap();

    let backup = Backup::open(files, phrases(PHRASE, PHRASE)).unwrap();
    let over = restore(&backup, &place.home("ward"), &Unlock::File, None, |_, _| ()).await;
    assert!(matches!(over, Err(WardError::Vault(VaultError::Exists(_)))));
    assert_eq!(ward.health().await.unwrap().subjects, 1);
}

#[tokio::test]
async fn an_older_backup_says_what_has_to_be_done_again() {
    let place = Place::new();
    let ward = place.ward().await;
    agree(&ward, "alice").await;
    let files = place.back_up(&ward, "old").await;
    ward.forget(&who("alice")).await.unwrap();
    let log = place.at("log");
    ward.export_ledger(&log).await.unwrap();

    // The keys of today do not open the data of then: whoever replaces them has forgotten.
    let today = place.back_up(&ward, "today").await;
    let mixed = BackupFiles {
        data: files.data.clone(),
        keys: today.keys,
    };
    assert!(place.restore(mixed, None).await.is_err());

    let restored = place.restore(files.clone(), Some(&log)).await.unwrap();
    let Since::Missing {
        entries: 1,
        told: Some(told),
    } = restored.since
    else {
        panic!("{:?}", restored.since);
    };
    assert_eq!(told[0].event.act, Act::Forgotten);

    let stranger = Ward::create(&place.home("stranger"), &Unlock::File)
        .await
        .unwrap();
    let foreign = place.at("foreign");
    stranger.export_ledger(&foreign).await.unwrap();
    fs::remove_dir_all(place.at("new")).unwrap();
    assert!(place.restore(files, Some(&foreign)).await.is_err());
    assert!(!place.at("new").exists());
}

#[tokio::test]
async fn a_backup_taken_while_others_act_holds_one_moment() {
    let place = Place::new();
    let ward = place.ward().await;
    let other = place.ward().await;
    let files = place.files("b");
    let (phrases, acting) = (phrases(PHRASE, PHRASE), async {
        for number in 0..20 {
            agree(&other, &format!("person {number}")).await;
        }
    });
    let backing = ward.backup(&files, &phrases, |_, _| ());
    let (made, ()) = tokio::join!(backing, acting);
    let made = made.unwrap();
    let restored = place.restore(files, None).await.unwrap();
    assert_eq!(restored.entries, made.entries);
    assert_eq!(ward.ledger_size().await.unwrap(), 21);
}
