//! A whole log written out as files, changed in every way, and checked without the log's store.

use std::collections::BTreeMap;

use faceward_ledger::*;

use crate::grown::{Grown, key};

#[test]
fn an_honest_export_verifies_at_every_kind_of_size() {
    for size in [0, 1, 2, 17, 255, 256, 257, 600] {
        let export = Export::of(&Grown::of_size(size));
        let verified = export.verify().unwrap();
        assert_eq!(verified.checkpoint, Grown::of_size(size).checkpoint(size));
        assert_eq!(verified.files, export.files.len() as u64);
    }
}

#[test]
fn a_changed_byte_names_the_entry_it_lies_in() {
    let log = Grown::of_size(300);
    let honest = Export::of(&log);
    for (index, path) in [
        (0, "tile/entries/000"),
        (17, "tile/entries/000"),
        (255, "tile/entries/000"),
        (299, "tile/entries/001.p/44"),
    ] {
        let in_file = log.entries[index / 256 * 256..index]
            .iter()
            .map(|entry| entry.len() + 2)
            .sum::<usize>();
        // Both bytes of its length, then its first and last byte.
        for offset in [0, 1, 2, 1 + log.entries[index].len()] {
            let mut export = honest.clone();
            export.file(path)[in_file + offset] ^= 1;
            let fault = export.verify().unwrap_err();
            assert_eq!(
                fault.to_string(),
                format!("entry {index} was changed; restore it from another copy of the log")
            );
        }
    }
}

#[test]
fn the_first_of_several_changed_entries_is_named() {
    let mut export = Export::of(&Grown::of_size(300));
    export.file("tile/entries/001.p/44")[2] ^= 1;
    export.file("tile/entries/000")[100] ^= 1;
    let Err(LedgerError::EntryChanged { index }) = export.verify() else {
        panic!("no entry was named")
    };
    assert!(index < 20, "{index}");
}

#[test]
fn an_entry_removed_added_or_swapped_is_found() {
    let log = Grown::of_size(20);
    let with = |entries: Vec<&Vec<u8>>| {
        let mut export = Export::of(&log);
        *export.file("tile/entries/000.p/20") =
            encode_bundle(entries.into_iter().map(Vec::as_slice)).unwrap();
        export.verify().unwrap_err()
    };
    let all = || log.entries.iter();
    assert_eq!(
        with(all().filter(|entry| *entry != b"entry 7").collect()),
        LedgerError::EntryChanged { index: 7 }
    );
    assert_eq!(
        with(all().take(19).collect()),
        LedgerError::EntryChanged { index: 19 }
    );
    let longer = all().chain(log.entries.first()).collect();
    assert_eq!(
        with(longer),
        LedgerError::FileChanged {
            path: "tile/entries/000.p/20".parse().unwrap()
        }
    );
    let mut swapped: Vec<_> = all().collect();
    swapped.swap(3, 12);
    assert_eq!(with(swapped), LedgerError::EntryChanged { index: 3 });
}

#[test]
fn a_changed_tile_is_told_from_a_changed_entry() {
    let honest = Export::of(&Grown::of_size(600));
    for path in ["tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2"] {
        for change in [
            (|tile: &mut Vec<u8>| tile[40] ^= 1) as fn(&mut Vec<u8>),
            |tile| tile.truncate(33),
            |tile| tile.push(0),
        ] {
            let mut export = honest.clone();
            change(export.file(path));
            assert_eq!(
                export.verify(),
                Err(LedgerError::FileChanged {
                    path: path.parse().unwrap()
                })
            );
        }
    }
}

#[test]
fn an_entry_and_a_tile_changed_apart_are_not_passed_over() {
    let mut export = Export::of(&Grown::of_size(300));
    export.file("tile/entries/000")[2] ^= 1;
    export.file("tile/0/001.p/44")[0] ^= 1;
    assert_eq!(export.verify(), Err(LedgerError::RootDiffers { size: 300 }));
}

#[test]
fn a_signer_cannot_pass_off_a_shorter_log_as_a_longer_one() {
    let mut export = Export::of(&Grown::of_size(300));
    let lie = Checkpoint {
        size: 300,
        ..Grown::of_size(256).checkpoint(256)
    };
    export.checkpoint = key().sign(&lie).unwrap().to_string();
    assert_eq!(export.verify(), Err(LedgerError::RootDiffers { size: 300 }));
    export.file("tile/0/001.p/44").clear();
    assert_eq!(export.verify(), Err(LedgerError::RootDiffers { size: 300 }));
    export.file("tile/entries/001.p/44").clear();
    assert_eq!(export.verify(), Err(LedgerError::RootDiffers { size: 300 }));
}

#[test]
fn a_missing_file_is_named() {
    let honest = Export::of(&Grown::of_size(600));
    for path in honest.files.keys() {
        let mut export = honest.clone();
        export.files.remove(path);
        assert_eq!(
            export.verify(),
            Err(LedgerError::FileMissing {
                path: path.parse().unwrap()
            })
        );
    }
}

#[test]
fn entries_and_tiles_rewritten_alike_do_not_fit_the_signed_root() {
    let mut export = Export::of(&Grown::new(
        (0..300).map(|n| format!("rewritten {n}").into_bytes()),
    ));
    export.checkpoint = Export::of(&Grown::of_size(300)).checkpoint;
    assert_eq!(export.verify(), Err(LedgerError::RootDiffers { size: 300 }));
}

#[test]
fn a_checkpoint_of_another_key_or_with_a_changed_size_is_refused_before_any_file_is_read() {
    let export = Export::of(&Grown::of_size(9));
    let unread = |_: &TilePath| -> Option<Vec<u8>> { panic!("a file was read") };
    let stranger = SigningKey::from_seed(key().name().clone(), &[8; 32]).verifier();
    assert!(matches!(
        verify_log(&export.checkpoint, &stranger, unread),
        Err(LedgerError::NotSigned { .. })
    ));
    let shortened = export.checkpoint.replace("\n9\n", "\n8\n");
    assert!(matches!(
        verify_log(&shortened, &key().verifier(), unread),
        Err(LedgerError::BadSignature { .. })
    ));
}

#[test]
fn a_checkpoint_of_an_absurd_size_asks_for_one_file_and_stops() {
    let absurd = Checkpoint {
        size: u64::MAX,
        ..Grown::of_size(1).checkpoint(1)
    };
    let signed = key().sign(&absurd).unwrap();
    let fault = verify_log(signed.as_str(), &key().verifier(), |_| None).unwrap_err();
    assert_eq!(
        fault,
        LedgerError::FileMissing {
            path: "tile/entries/000".parse().unwrap()
        }
    );
}

#[derive(Clone)]
struct Export {
    checkpoint: String,
    files: BTreeMap<String, Vec<u8>>,
}

impl Export {
    fn of(log: &Grown) -> Export {
        let size = log.entries.len() as u64;
        let files = TilePath::all(size)
            .map(|path| (path.to_string(), content(log, &path)))
            .collect();
        Export {
            checkpoint: key().sign(&log.checkpoint(size)).unwrap().to_string(),
            files,
        }
    }

    fn file(&mut self, path: &str) -> &mut Vec<u8> {
        self.files.get_mut(path).unwrap()
    }

    fn verify(&self) -> Result<VerifiedLog, LedgerError> {
        verify_log(&self.checkpoint, &key().verifier(), |path| {
            self.files.get(&path.to_string()).cloned()
        })
    }
}

fn content(log: &Grown, path: &TilePath) -> Vec<u8> {
    match path.content() {
        TileContent::Entries => {
            encode_bundle(path.positions().map(|n| log.entries[n as usize].as_slice())).unwrap()
        }
        TileContent::Hashes(_) => encode_tile(&log.fetch(&path.nodes())),
    }
}
