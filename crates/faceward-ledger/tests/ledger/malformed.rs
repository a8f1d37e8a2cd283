//! What is not exactly in its form is refused, with the rule it breaks.

use faceward_ledger::*;

use crate::grown::{Grown, key};

#[test]
fn a_verification_key_is_read_only_whole() {
    let text = key().verifier().to_string();
    assert_eq!(text.parse(), Ok(key().verifier()));
    for cut in 0..text.len() {
        assert!(
            text[..cut].parse::<VerifyingKey>().is_err(),
            "cut after {cut}"
        );
        let mut bytes = text.clone().into_bytes();
        bytes[cut] = if bytes[cut] == b'B' { b'C' } else { b'B' };
        assert!(
            String::from_utf8(bytes)
                .unwrap()
                .parse::<VerifyingKey>()
                .is_err(),
            "changed at {cut}"
        );
    }
    assert!(text.to_uppercase().parse::<VerifyingKey>().is_err());
    assert!(format!("{text} ").parse::<VerifyingKey>().is_err());
}

#[test]
fn a_key_of_another_kind_or_of_small_order_is_refused() {
    let of_go = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    assert!(of_go.parse::<VerifyingKey>().is_ok());
    let refusal = |text: &str| text.parse::<VerifyingKey>().unwrap_err().to_string();
    let witness = refusal("PeterNeumann+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    assert!(
        witness.contains("it must be an Ed25519 key, type 1"),
        "{witness}"
    );
    let small = refusal("PeterNeumann+c74f20a3+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert!(small.contains("no sound Ed25519 key"), "{small}");
}

#[test]
fn a_log_name_is_one_printable_word() {
    assert_eq!(
        "ward.example/七".parse::<Origin>().unwrap().as_str(),
        "ward.example/七"
    );
    for refused in [
        "",
        " ",
        "two words",
        "a+b",
        "line\nbreak",
        "no\u{00a0}break",
        "bell\u{7}",
        "del\u{7f}",
    ] {
        assert!(refused.parse::<Origin>().is_err(), "{refused:?}");
    }
}

#[test]
fn a_key_signs_for_its_own_log_only() {
    let checkpoint = Checkpoint {
        origin: "other.example/log".parse().unwrap(),
        ..Grown::of_size(2).checkpoint(2)
    };
    let refusal = key().sign(&checkpoint).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "this belongs to the log `other.example/log`, not to `ward.example/log`; use the key and checkpoint of the same log"
    );
}

#[test]
fn a_note_that_is_cut_or_too_long_is_refused() {
    let signed = key().sign(&Grown::of_size(3).checkpoint(3)).unwrap();
    let note = signed.as_str();
    for cut in (0..note.len()).filter(|cut| note.is_char_boundary(*cut)) {
        assert!(
            SignedCheckpoint::open(&note[..cut], &key().verifier()).is_err(),
            "cut after {cut}"
        );
    }
    assert!(SignedCheckpoint::open(&note.replace('\n', "\r\n"), &key().verifier()).is_err());
    let line = note.lines().last().unwrap();
    let cosigned = format!("{note}{}", format!("{line}\n").repeat(15));
    assert!(
        SignedCheckpoint::open(&cosigned, &key().verifier()).is_ok(),
        "16 signatures must be read"
    );
    let bloated = format!(
        "{note}{}",
        format!("{line}\n").repeat(MAX_NOTE / line.len())
    );
    let refusal = SignedCheckpoint::open(&bloated, &key().verifier()).unwrap_err();
    assert!(
        refusal.to_string().contains("longer than 256 KiB"),
        "{refusal}"
    );
}

#[test]
fn a_proof_text_has_one_form() {
    let proof = Grown::of_size(8).inclusion(5, 8).to_string();
    for changed in [
        proof.trim_end().to_owned(),
        format!("{proof}\n"),
        format!(" {proof}"),
        proof.replace('\n', "\r\n"),
        proof.replace("@v1", "@v2"),
        proof.replace("inclusion", "consistency"),
        proof.replace("index 5", "index 05"),
        proof.replace("index 5", "index +5"),
        proof.replace("index 5", "index -1"),
        proof.replace("index 5", "index  5"),
        proof.replace("index 5\nsize 8", "size 8\nindex 5"),
        proof.replace("size 8", "size 18446744073709551616"),
        proof.replace('=', ""),
        String::new(),
    ] {
        let read = changed.parse::<InclusionProof>();
        assert!(
            matches!(read, Err(LedgerError::Malformed { .. })),
            "{changed:?} gave {read:?}"
        );
    }
    let endless = proof.replace("size 8", "size 18446744073709551615");
    assert!(endless.parse::<InclusionProof>().is_err());
}

#[test]
fn a_tile_path_has_one_spelling() {
    for (text, start, width) in [
        ("tile/0/000", 0, 256),
        ("tile/7/x001/x234/067", 1_234_067 << 8, 256),
        ("tile/entries/999.p/1", 999 << 8, 1),
        ("tile/63/x001/000.p/255", 1000 << 8, 255),
        ("tile/0/x072/x057/x594/x037/x927/935", u64::MAX - 255, 256),
    ] {
        let path: TilePath = text.parse().unwrap();
        assert_eq!(
            (path.positions().start, path.width()),
            (start, width),
            "{text}"
        );
        assert_eq!(path.to_string(), text);
    }
    for refused in [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/x001/x002",
        "tile/00/000",
        "tile/+1/000",
        "tile/64/000",
        "tile/8/0/000",
        "tile/data/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p/1.p/1",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/../000",
        "tile/0/x072/x057/x594/x037/x927/936",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
    ] {
        assert!(refused.parse::<TilePath>().is_err(), "{refused:?}");
    }
}

#[test]
fn a_bundle_and_a_tile_must_be_as_wide_as_their_path() {
    let entries: [&[u8]; 3] = [b"", b"one", &[0xff; MAX_ENTRY]];
    let bundle = encode_bundle(entries).unwrap();
    assert_eq!(decode_bundle(&bundle, 3).unwrap(), entries);
    for (bytes, width) in [
        (&bundle[..], 2),
        (&bundle[..], 4),
        (&bundle[..bundle.len() - 1], 3),
        (&[][..], 1),
    ] {
        assert!(
            decode_bundle(bytes, width).is_err(),
            "{} bytes as {width}",
            bytes.len()
        );
    }
    let long = vec![0; MAX_ENTRY + 1];
    assert_eq!(
        encode_bundle([&long[..]]),
        Err(LedgerError::EntryTooLong { length: 65_536 })
    );

    let hashes = [leaf_hash(b"a"), leaf_hash(b"b")];
    let tile = encode_tile(&hashes);
    assert_eq!(decode_tile(&tile, 2).unwrap(), hashes);
    for (bytes, width) in [
        (&tile[..], 1),
        (&tile[..], 3),
        (&tile[..63], 2),
        (&tile[..63], 1),
    ] {
        assert!(
            decode_tile(bytes, width).is_err(),
            "{} bytes as {width}",
            bytes.len()
        );
    }
}
