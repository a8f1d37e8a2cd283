//! Every honest proof is accepted, every changed one refused, at every size.

use faceward_ledger::*;
use proptest::prelude::*;

use crate::grown::{Grown, key, origin};

const SIZES: u64 = 70;

#[test]
fn every_entry_of_every_size_proves() {
    let log = Grown::of_size(SIZES);
    for size in 1..=SIZES {
        let checkpoint = log.checkpoint(size);
        for index in 0..size {
            let proof = log.inclusion(index, size);
            assert_eq!(
                proof.verify(&log.leaf(index), &checkpoint),
                Ok(()),
                "{index} of {size}"
            );
            assert_eq!(proof.to_string().parse(), Ok(proof));
        }
    }
}

#[test]
fn every_size_continues_every_smaller_one() {
    let log = Grown::of_size(SIZES);
    for new in 0..=SIZES {
        for old in 0..=new {
            let proof = log.consistency(old, new);
            assert_eq!(
                proof.verify(&log.checkpoint(old), &log.checkpoint(new)),
                Ok(()),
                "{old} to {new}"
            );
            assert_eq!(proof.to_string().parse(), Ok(proof));
        }
    }
}

#[test]
fn a_root_can_be_rebuilt_from_stored_nodes_at_every_size() {
    let log = Grown::of_size(SIZES);
    for size in 0..=SIZES {
        assert_eq!(
            root(size, &log.fetch(&nodes_for_root(size))),
            Ok(log.roots[size as usize])
        );
    }
}

#[test]
fn a_history_rewritten_before_the_old_size_is_refused() {
    let honest = Grown::of_size(SIZES);
    for forged in [0, 3, 31, 40] {
        let rewritten = Grown::new((0..SIZES).map(|n| {
            let word = if n == forged { "forged" } else { "entry" };
            format!("{word} {n}").into_bytes()
        }));
        for old in 1..SIZES {
            let verdict = rewritten
                .consistency(old, SIZES)
                .verify(&honest.checkpoint(old), &rewritten.checkpoint(SIZES));
            let expected = if old <= forged {
                Ok(())
            } else {
                Err(LedgerError::NotConsistent { old, new: SIZES })
            };
            assert_eq!(verdict, expected, "entry {forged} forged, old size {old}");
        }
    }
}

#[test]
fn a_proof_says_what_it_needs_and_takes_nothing_else() {
    let log = Grown::of_size(7);
    let nodes = log.fetch(&nodes_for_inclusion(2, 7).unwrap());
    let wrong = LedgerError::WrongNodes {
        asked: nodes.len(),
        given: nodes.len() - 1,
    };
    assert_eq!(inclusion_proof(2, 7, &nodes[1..]), Err(wrong.clone()));
    assert_eq!(
        wrong.to_string(),
        "4 node hashes were asked for but 3 given; pass exactly the listed nodes, in their order"
    );
    let surplus = [nodes.clone(), nodes.clone()].concat();
    assert_eq!(
        inclusion_proof(2, 7, &surplus),
        Err(LedgerError::WrongNodes { asked: 4, given: 8 })
    );
    assert!(consistency_proof(3, 7, &[]).is_err());
    assert!(root(7, &nodes).is_err());
    assert!(append(7, &[], nodes[0]).is_err());
    assert_eq!(
        nodes_for_inclusion(7, 7),
        Err(LedgerError::NoSuchEntry { index: 7, size: 7 })
    );
    assert_eq!(
        nodes_for_consistency(8, 7),
        Err(LedgerError::NotThePast { old: 8, new: 7 })
    );
}

#[test]
fn a_consistency_proof_does_not_join_two_logs() {
    let log = Grown::of_size(5);
    let elsewhere = Checkpoint {
        origin: "other.example/log".parse().unwrap(),
        ..log.checkpoint(3)
    };
    let verdict = log.consistency(3, 5).verify(&elsewhere, &log.checkpoint(5));
    assert!(
        matches!(verdict, Err(LedgerError::OtherLog { .. })),
        "{verdict:?}"
    );
}

#[test]
fn nothing_continues_a_log_of_no_entries_with_some_other_root() {
    let log = Grown::of_size(5);
    let (proof, later) = (log.consistency(0, 5), log.checkpoint(5));
    let odd = Checkpoint {
        root: later.root,
        ..log.checkpoint(0)
    };
    assert_eq!(
        proof.verify(&odd, &later),
        Err(LedgerError::NotConsistent { old: 0, new: 5 })
    );
}

/// A log of 2⁶⁴ − 1 equal entries needs one hash a level, so the largest sizes can be really proven.
#[test]
fn the_largest_log_there_is_appends_and_proves() {
    let mut levels = vec![leaf_hash(b"again")];
    for level in 1..64 {
        levels.push(node_hash(&levels[level - 1], &levels[level - 1]));
    }
    let fetch = |nodes: Vec<NodeId>| {
        nodes
            .iter()
            .map(|node| levels[usize::from(node.level)])
            .collect::<Vec<_>>()
    };
    let at = |size| Checkpoint {
        origin: origin(),
        size,
        root: root(size, &fetch(nodes_for_root(size))).unwrap(),
    };
    let last = at(u64::MAX);

    let grown = append(
        u64::MAX - 1,
        &fetch(nodes_for_append(u64::MAX - 1)),
        levels[0],
    )
    .unwrap();
    assert_eq!((grown.size, grown.root), (last.size, last.root));
    assert_eq!(
        append(u64::MAX, &fetch(nodes_for_append(u64::MAX)), levels[0]),
        Err(LedgerError::Full)
    );

    for index in [0, 1, 1 << 63, (1 << 63) - 1, u64::MAX - 2, u64::MAX - 1] {
        let proof = inclusion_proof(
            index,
            u64::MAX,
            &fetch(nodes_for_inclusion(index, u64::MAX).unwrap()),
        )
        .unwrap();
        assert_eq!(proof.verify(&levels[0], &last), Ok(()), "{index}");
    }
    for old in [
        0,
        1,
        1 << 63,
        (1 << 63) - 1,
        (1 << 63) + 1,
        u64::MAX - 1,
        u64::MAX,
    ] {
        let proof = consistency_proof(
            old,
            u64::MAX,
            &fetch(nodes_for_consistency(old, u64::MAX).unwrap()),
        )
        .unwrap();
        assert_eq!(proof.verify(&at(old), &last), Ok(()), "{old}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_flipped_bit_anywhere_in_an_inclusion_proof_is_refused(
        size in 1..SIZES, index in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), bit in 0..256usize,
    ) {
        let log = Grown::of_size(size);
        let index = index.index(size as usize) as u64;
        let (proof, leaf, checkpoint) = (log.inclusion(index, size), log.leaf(index), log.checkpoint(size));
        prop_assert!(proof.verify(&flip(leaf, bit), &checkpoint).is_err());
        let other_root = Checkpoint { root: flip(checkpoint.root, bit), ..checkpoint.clone() };
        prop_assert!(proof.verify(&leaf, &other_root).is_err());
        let other_size = Checkpoint { size: size ^ 1 << (bit % 64), ..checkpoint.clone() };
        prop_assert!(proof.verify(&leaf, &other_size).is_err());
        let read_as = |index, size, path| {
            InclusionProof::from_parts(index, size, path).and_then(|proof| proof.verify(&leaf, &checkpoint))
        };
        prop_assert!(read_as(index ^ 1 << (bit % 64), size, proof.path().to_vec()).is_err());
        for path in mangled(proof.path(), place, bit) {
            prop_assert!(read_as(index, size, path).is_err());
        }
    }

    #[test]
    fn a_flipped_bit_anywhere_in_a_consistency_proof_is_refused(
        new in 1..SIZES, old in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), bit in 0..256usize,
    ) {
        let log = Grown::of_size(new);
        let old = 1 + old.index(new as usize) as u64;
        let (proof, earlier, later) = (log.consistency(old, new), log.checkpoint(old), log.checkpoint(new));
        for (earlier, later) in [
            (Checkpoint { root: flip(earlier.root, bit), ..earlier.clone() }, later.clone()),
            (earlier.clone(), Checkpoint { root: flip(later.root, bit), ..later.clone() }),
            (Checkpoint { size: old ^ 1 << (bit % 64), ..earlier.clone() }, later.clone()),
            (earlier.clone(), Checkpoint { size: new ^ 1 << (bit % 64), ..later.clone() }),
        ] {
            prop_assert!(proof.verify(&earlier, &later).is_err());
        }
        for path in mangled(proof.path(), place, bit) {
            let read = ConsistencyProof::from_parts(old, new, path);
            prop_assert!(read.and_then(|proof| proof.verify(&earlier, &later)).is_err());
        }
    }

    #[test]
    fn a_changed_byte_in_a_signed_checkpoint_never_yields_another_checkpoint(
        size in 0..SIZES, place in any::<prop::sample::Index>(), byte in 0..128u8,
    ) {
        let checkpoint = Grown::of_size(size).checkpoint(size);
        let signed = key().sign(&checkpoint).unwrap();
        prop_assert_eq!(SignedCheckpoint::open(signed.as_str(), &key().verifier()), Ok(checkpoint.clone()));
        let place = place.index(signed.as_str().len());
        let mut bytes = signed.as_str().as_bytes().to_vec();
        prop_assume!(bytes[place].is_ascii() && bytes[place] != byte);
        bytes[place] = byte;
        prop_assert!(SignedCheckpoint::open(&String::from_utf8(bytes).unwrap(), &key().verifier()).is_err());
    }
}

fn flip(hash: Hash, bit: usize) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    Hash::from_bytes(bytes)
}

/// The path with a bit flipped, a hash removed, one doubled and one added.
fn mangled(path: &[Hash], place: prop::sample::Index, bit: usize) -> Vec<Vec<Hash>> {
    let mut longer = path.to_vec();
    longer.push(leaf_hash(b"one too many"));
    if path.is_empty() {
        return vec![longer];
    }
    let place = place.index(path.len());
    let (mut flipped, mut shorter, mut doubled) = (path.to_vec(), path.to_vec(), path.to_vec());
    flipped[place] = flip(flipped[place], bit);
    shorter.remove(place);
    doubled.insert(place, path[place]);
    vec![flipped, shorter, doubled, longer]
}
