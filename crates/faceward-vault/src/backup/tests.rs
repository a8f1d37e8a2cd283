//! The form of a backup, pinned by `vectors/backup`, and what does not open.

use std::io::Write;
use std::path::Path;

use super::archive;
use super::stream::{Chance, Opener, Part, Sealer, fault};
use crate::VaultError;

const PHRASE: &str = "correct horse battery staple";
const PAIR: [u8; 16] = [3; 16];

fn chance() -> Chance {
    Chance {
        salt: [1; 16],
        prefix: [2; 19],
    }
}

fn sealed(part: Part, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Sealer::begin(Vec::new(), part, PHRASE, PAIR, &chance()).unwrap();
    for (name, bytes) in files {
        let length = bytes.len() as u64;
        archive::put(&mut out, name, length, &mut &bytes[..], &mut |_| ()).unwrap();
    }
    archive::end(&mut out).unwrap();
    out.finish().unwrap()
}

/// Names and lengths of the files in it, or why it does not open.
fn opened(bytes: &[u8], part: Part) -> Result<Vec<(String, u64)>, VaultError> {
    let path = Path::new("a file");
    let mut opener = Opener::begin(bytes, path, part, PHRASE)?;
    let listed = archive::each(
        &mut opener,
        &mut |_| (),
        |_, _| Ok(Vec::new()),
        |_, _| Ok(()),
    );
    let listed = listed.map_err(|error| fault(path, error))?;
    Ok(listed
        .into_iter()
        .map(|file| (file.name, file.length))
        .collect())
}

fn long() -> Vec<u8> {
    (0..200_000u32).map(|i| (i % 251) as u8).collect()
}

const DATA: [(&str, &[u8]); 2] = [
    ("vault/vault.db", b"not really a database"),
    ("faceward.toml", b"purpose = \"door\"\n"),
];
const KEYS: [(&str, &[u8]); 1] = [("vault/epochs/7.key", b"faceward-wrapped-key-v1 AAAA\n")];

#[test]
fn backups_of_version_1_are_written_and_read_as_pinned() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/backup");
    for (name, part, files) in [
        ("v1.data.fwb", Part::Data, &DATA[..]),
        ("v1.keys.fwb", Part::Keys, &KEYS[..]),
    ] {
        let pinned = std::fs::read(vectors.join(name)).unwrap();
        assert!(sealed(part, files) == pinned, "{name} is written otherwise");
        let named = files.iter().map(|(n, b)| ((*n).to_owned(), b.len() as u64));
        let expected: Vec<_> = named.collect();
        assert_eq!(opened(&pinned, part).unwrap(), expected);
    }
}

#[test]
fn the_length_of_a_file_does_not_matter() {
    for length in [0, 1, 65_507, 65_508, 65_509, 65_510, 131_044, 200_000] {
        let bytes = vec![7; length];
        let whole = sealed(Part::Data, &[("f", &bytes)]);
        assert_eq!(
            opened(&whole, Part::Data).unwrap(),
            [("f".to_owned(), length as u64)]
        );
    }
}

#[test]
fn a_file_cut_short_put_together_or_of_the_other_part_does_not_open() {
    const CHUNK: usize = 65_536 + 16;
    let whole = sealed(Part::Data, &[("f", &long())]);
    let (header, chunks) = whole.split_at(113);
    let chunks: Vec<&[u8]> = chunks.chunks(CHUNK).collect();
    let made = |order: &[usize]| {
        let chunks: Vec<&[u8]> = order.iter().map(|i| chunks[*i]).collect();
        [header, &chunks.concat()].concat()
    };
    assert!(opened(&made(&[0, 1, 2, 3]), Part::Data).is_ok());
    for order in [
        &[][..],
        &[0],
        &[0, 1, 2],
        &[1, 0, 2, 3],
        &[0, 2, 3],
        &[0, 1, 2, 3, 3],
    ] {
        let error = opened(&made(order), Part::Data).unwrap_err();
        assert!(
            matches!(error, VaultError::NotABackup { .. }),
            "{order:?}: {error}"
        );
    }
    for length in [0, 5, 112, 113, 114, 113 + 16, CHUNK, whole.len() - 1] {
        assert!(opened(&whole[..length], Part::Data).is_err(), "{length}");
    }
    let mut other = whole.clone();
    other[17] = 2;
    assert!(opened(&whole, Part::Keys).is_err());
    assert!(opened(&other, Part::Keys).is_err(), "the part is bound");
    let longer = [&whole[..], b"x"].concat();
    assert!(opened(&longer, Part::Data).is_err());
}

#[test]
fn names_that_lead_out_of_the_ward_are_refused() {
    for name in ["../x", "/x", "a/../../x", "c:x", "a\\x", "./x/.."] {
        let error = opened(&sealed(Part::Data, &[(name, b"")]), Part::Data).unwrap_err();
        assert!(error.to_string().contains("outside"), "{name}: {error}");
    }
    let twice = sealed(Part::Data, &[("a", b""), ("a", b"")]);
    assert!(opened(&twice, Part::Data).is_err());
}

#[test]
fn what_follows_the_end_of_the_list_is_refused() {
    let mut out = Sealer::begin(Vec::new(), Part::Data, PHRASE, PAIR, &chance()).unwrap();
    archive::end(&mut out).unwrap();
    out.write_all(b"more").unwrap();
    assert!(opened(&out.finish().unwrap(), Part::Data).is_err());
}
