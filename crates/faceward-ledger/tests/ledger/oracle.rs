//! Another implementation, ported from Go's `sumdb`, reads what we write and writes what we read.

use std::cell::RefCell;

use faceward_ledger::*;
use signed_note::{Note, StandardVerifier, VerifierList};
use tlog_tiles::{
    HashReader, Tile, check_record, check_tree, prove_record, prove_tree, stored_hashes, tree_hash,
};

use crate::grown::{Grown, key};

const SIZE: u64 = 300;

#[test]
fn roots_and_proofs_are_the_same() {
    let log = Grown::of_size(SIZE);
    let other = Oracle::default();
    for entry in &log.entries {
        let size = other.size();
        let stored = stored_hashes(size, entry, &other).unwrap();
        other.hashes.borrow_mut().extend(stored);
        *other.entries.borrow_mut() += 1;
        assert_eq!(
            tree_hash(size + 1, &other).unwrap().0,
            *log.roots[size as usize + 1].as_bytes()
        );
    }
    for size in (1..SIZE).step_by(7).chain([1, 2, 3, 255, 256, 257, SIZE]) {
        for other_size in (1..=size).step_by(5).chain([size]) {
            let index = other_size - 1;
            let ours = theirs(log.inclusion(index, size).path());
            assert_eq!(
                ours,
                prove_record(size, index, &other).unwrap(),
                "entry {index} of {size}"
            );
            check_record(
                &ours,
                size,
                their(log.roots[size as usize]),
                index,
                their(log.leaf(index)),
            )
            .unwrap();

            let ours = theirs(log.consistency(other_size, size).path());
            assert_eq!(
                ours,
                prove_tree(size, other_size, &other).unwrap(),
                "{other_size} to {size}"
            );
            let roots = (
                their(log.roots[size as usize]),
                their(log.roots[other_size as usize]),
            );
            check_tree(&ours, size, roots.0, other_size, roots.1).unwrap();
        }
    }
}

#[test]
fn our_notes_open_there() {
    let checkpoint = Grown::of_size(5).checkpoint(5);
    let signed = key().sign(&checkpoint).unwrap();
    let verifier = StandardVerifier::new(&key().verifier().to_string()).unwrap();
    let note = Note::from_bytes(signed.as_str().as_bytes()).unwrap();
    let (verified, unknown) = note
        .verify(&VerifierList::new(vec![Box::new(verifier)]))
        .unwrap();
    assert_eq!((verified.len(), unknown.len()), (1, 0));
    let read = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
    assert_eq!(
        (read.origin(), read.size(), *read.hash()),
        ("ward.example/log", 5, their(checkpoint.root))
    );
}

/// The oracle writes `tile/8/<level>` and `data` where C2SP has `tile/<level>` and `entries`.
#[test]
fn the_files_of_a_log_are_the_same() {
    for size in [
        1,
        255,
        256,
        257,
        65_535,
        65_536,
        70_000,
        256 * 256 * 1001 + 7,
    ] {
        let mut there: Vec<String> = Tile::new_tiles(8, 0, size).iter().map(Tile::path).collect();
        let bundles: Vec<String> = there
            .iter()
            .filter_map(|path| path.strip_prefix("tile/8/0/"))
            .map(str::to_owned)
            .collect();
        there
            .iter_mut()
            .for_each(|path| *path = path.replacen("tile/8/", "tile/", 1));
        there.extend(bundles.iter().map(|path| format!("tile/entries/{path}")));
        let mut here: Vec<String> = TilePath::all(size).map(|path| path.to_string()).collect();
        here.sort();
        there.sort();
        assert!(here == there, "the files of {size} entries differ");
        assert!(
            here.iter()
                .all(|path| path.parse::<TilePath>().unwrap().to_string() == *path)
        );
    }
}

#[derive(Default)]
struct Oracle {
    hashes: RefCell<Vec<tlog_tiles::Hash>>,
    entries: RefCell<u64>,
}

impl Oracle {
    fn size(&self) -> u64 {
        *self.entries.borrow()
    }
}

impl HashReader for Oracle {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        Ok(indexes
            .iter()
            .map(|index| self.hashes.borrow()[*index as usize])
            .collect())
    }
}

fn their(hash: Hash) -> tlog_tiles::Hash {
    tlog_tiles::Hash(*hash.as_bytes())
}

fn theirs(path: &[Hash]) -> Vec<tlog_tiles::Hash> {
    path.iter().copied().map(their).collect()
}
