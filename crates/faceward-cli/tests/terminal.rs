//! The terminal as a stranger meets it: exit codes, sentences, JSON, and files that are no help.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(TempDir::new().unwrap());
        fs::write(
            place.path("notice.txt"),
            "We compare your face at the door.",
        )
        .unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_faceward"))
            .args(arguments)
            .current_dir(self.0.path())
            .env("FACEWARD_HOME", self.path("home"))
            .output()
            .unwrap()
    }

    /// Exit code and everything that was said.
    fn says(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.code().unwrap(),
            String::from_utf8(said).unwrap(),
        )
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {text}"))
    }

    fn consent(&self, who: &str) {
        let (code, said) = self.says(&[
            "consent",
            "give",
            who,
            "--purpose",
            "door",
            "--notice",
            "notice.txt",
            "--how",
            "on paper",
        ]);
        assert_eq!(code, 0, "{said}");
    }
}

fn photo(name: &str) -> String {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    demo.join(name)
        .canonicalize()
        .unwrap()
        .display()
        .to_string()
}

#[test]
fn exit_codes_tell_match_no_match_refused_and_error_apart() {
    let place = Place::new();
    let (obama, other, biden) = (photo("obama.jpg"), photo("obama2.jpg"), photo("biden.jpg"));
    let (code, said) = place.says(&["enroll", "barack", &obama, "--purpose", "door"]);
    assert_eq!(code, 3);
    assert!(
        said.contains("Art. 2(3)") && said.contains("consent give"),
        "{said}"
    );
    place.consent("barack");
    assert_eq!(
        place
            .says(&["enroll", "barack", &obama, "--purpose", "door"])
            .0,
        0
    );
    assert_eq!(
        place
            .says(&["verify", "barack", &other, "--purpose", "door"])
            .0,
        0
    );
    assert_eq!(
        place
            .says(&["verify", "barack", &biden, "--purpose", "door"])
            .0,
        1
    );
    assert_eq!(
        place
            .says(&["verify", "barack", "absent.jpg", "--purpose", "door"])
            .0,
        2
    );
    assert_eq!(
        place
            .says(&["verify", "barack", &other, "--purpose", "gate"])
            .0,
        3
    );
    assert_eq!(
        place
            .says(&["verify", "barack", "notice.txt", "--purpose", "door"])
            .0,
        5
    );
    assert_eq!(
        place
            .says(&["verify", "barack", &other, "--porpoise", "door"])
            .0,
        2
    );
    assert_eq!(place.says(&["audit", "check"]).0, 0);
}

#[test]
fn json_answers_carry_outcome_and_a_receipt_that_can_be_checked() {
    let place = Place::new();
    place.consent("barack");
    place.json(&["enroll", "barack", &photo("obama.jpg"), "--purpose", "door"]);
    let answer = place.json(&[
        "verify",
        "barack",
        &photo("obama2.jpg"),
        "--purpose",
        "door",
    ]);
    assert_eq!(answer["outcome"], "match");
    assert!(answer["score"].as_f64().unwrap() > answer["match_at"]["score"].as_f64().unwrap());
    let proof = place.json(&["audit", "proof", "2"]);
    let key: faceward::VerifyingKey = proof["ledger_key"].as_str().unwrap().parse().unwrap();
    let checkpoint = answer["receipt"]["checkpoint"].as_str().unwrap();
    let opened = faceward_ledger::SignedCheckpoint::open(checkpoint, &key).unwrap();
    let inclusion: faceward_ledger::InclusionProof = answer["receipt"]["inclusion_proof"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let leaf = answer["receipt"]["leaf_hash"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    inclusion.verify(&leaf, &opened).unwrap();

    fs::write(place.path("answer.json"), answer.to_string()).unwrap();
    let (code, said) = place.says(&[
        "audit",
        "check",
        "--proof",
        "answer.json",
        "--key",
        &key.to_string(),
    ]);
    assert!(code == 0 && said.contains("entry 2"), "{said}");
    let forged = answer.to_string().replace(
        "inclusion-proof@v1\\nindex 2",
        "inclusion-proof@v1\\nindex 1",
    );
    fs::write(place.path("forged.json"), forged).unwrap();
    let (code, said) = place.says(&[
        "audit",
        "check",
        "--proof",
        "forged.json",
        "--key",
        &key.to_string(),
    ]);
    assert_eq!(code, 2, "{said}");

    let refused = place.json(&["compare", &photo("obama.jpg"), &photo("biden.jpg")]);
    assert_eq!(refused["outcome"], "refused");
    assert_eq!(refused["grounds"][0]["rule"], "cn-spc-2021-15/2.3");
    let error = place.json(&["consent", "show", "nobody"]);
    assert_eq!(error["outcome"], "error");
}

#[test]
fn files_that_are_no_usable_picture_get_a_sentence_and_leave_nothing() {
    let place = Place::new();
    place.consent("barack");
    let whole = fs::read(photo("biden.jpg")).unwrap();
    fs::write(place.path("cut.jpg"), &whole[..whole.len() / 3]).unwrap();
    fs::write(place.path("empty.jpg"), b"").unwrap();
    fs::write(place.path("text.jpg"), b"this is not a picture").unwrap();
    fs::write(place.path("huge.bmp"), huge_bmp()).unwrap();
    image::RgbImage::from_pixel(64, 64, image::Rgb([90, 120, 150]))
        .save(place.path("plain.png"))
        .unwrap();
    two_faces().save(place.path("two.png")).unwrap();
    fs::create_dir(place.path("folder")).unwrap();

    for (file, says, expected) in [
        ("cut.jpg", "", 5),
        ("empty.jpg", "empty", 5),
        ("text.jpg", "not a picture", 5),
        ("huge.bmp", "20000", 5),
        ("plain.png", "no face", 5),
        ("two.png", "2 faces", 5),
        ("folder", "no picture", 2),
        ("missing.jpg", "missing.jpg", 2),
    ] {
        let (code, said) = place.says(&["enroll", "barack", file, "--purpose", "door"]);
        assert_eq!(code, expected, "{file}: {said}");
        assert!(
            said.contains(says) && !said.contains("panicked"),
            "{file}: {said}"
        );
    }
    let health = place.json(&["doctor"]);
    assert_eq!(health["vault"]["references"], 0);
    assert_eq!(place.says(&["audit", "check"]).0, 0);
}

#[test]
fn detect_draws_on_a_copy_where_one_is_named_and_leaves_the_picture() {
    let place = Place::new();
    let before = fs::read(photo("obama.jpg")).unwrap();
    fs::write(place.path("barack.jpg"), &before).unwrap();
    let detect = ["detect", "barack.jpg", "--consent", "public portrait"];
    assert_eq!(place.says(&detect).0, 0);
    assert!(!place.path("barack.jpg.faces.png").exists());
    let (code, said) = place.says(&[&detect[..], &["-o", "."]].concat());
    assert_eq!(code, 0, "{said}");
    assert_eq!(fs::read(place.path("barack.jpg")).unwrap(), before);
    let drawn = image::open(place.path("barack.jpg.faces.png"))
        .unwrap()
        .to_rgb8();
    let plain = image::load_from_memory(&before).unwrap().to_rgb8();
    assert_eq!(drawn.dimensions(), plain.dimensions());
    assert_ne!(drawn, plain);
}

#[test]
fn a_passphrase_locks_the_vault() {
    let place = Place::new();
    fs::write(place.path("right"), "correct horse battery\n").unwrap();
    fs::write(place.path("wrong"), "battery horse correct\n").unwrap();
    fs::write(place.path("short"), "horse\n").unwrap();
    assert_eq!(
        place
            .says(&["init", "--passphrase", "--passphrase-file", "short"])
            .0,
        2
    );
    assert_eq!(
        place
            .says(&["init", "--passphrase", "--passphrase-file", "right"])
            .0,
        0
    );
    assert_eq!(place.says(&["init"]).0, 2, "a ward is not made twice");
    assert_eq!(
        place
            .says(&["audit", "list", "--passphrase-file", "right"])
            .0,
        0
    );
    let (code, said) = place.says(&["audit", "list", "--passphrase-file", "wrong"]);
    assert!(code == 2 && said.contains("does not open"), "{said}");
    let (code, said) = place.says(&["audit", "list"]);
    assert!(code == 2 && said.contains("--passphrase-file"), "{said}");
}

#[test]
fn commands_that_only_look_or_leave_make_no_ward() {
    let place = Place::new();
    for arguments in [
        ["audit", "check", "--json"].as_slice(),
        &["audit", "list"],
        &["forget", "barack"],
        &["consent", "withdraw", "barack", "--purpose", "door"],
        &["verify", "barack", "notice.txt", "--purpose", "door"],
    ] {
        let (code, said) = place.says(arguments);
        assert!(
            code == 2 && said.contains("no vault"),
            "{arguments:?}: {said}"
        );
    }
    assert!(!place.path("home").exists());
    assert_eq!(place.says(&["doctor"]).0, 0);
}

#[test]
fn a_folder_of_pictures_is_gone_through_to_its_end() {
    let place = Place::new();
    place.consent("barack");
    fs::create_dir(place.path("pictures")).unwrap();
    for name in ["obama.jpg", "obama2.jpg"] {
        fs::copy(photo(name), place.path("pictures").join(name)).unwrap();
    }
    fs::write(place.path("pictures/broken.jpg"), b"\xff\xd8\xff broken").unwrap();
    let output = place.run(&[
        "enroll",
        "barack",
        "pictures",
        "--purpose",
        "door",
        "--json",
    ]);
    assert_eq!(output.status.code(), Some(5));
    let said = String::from_utf8(output.stdout).unwrap();
    let outcomes: Vec<String> = said
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["outcome"].to_string())
        .collect();
    assert_eq!(outcomes, ["\"unusable\"", "\"done\"", "\"done\""]);
}

#[test]
fn days_are_days_and_an_export_is_private_and_never_overwrites() {
    let place = Place::new();
    let give = |from: &str| {
        place.says(&[
            "consent",
            "give",
            "barack",
            "--purpose",
            "door",
            "--notice",
            "notice.txt",
            "--how",
            "on paper",
            "--from",
            from,
        ])
    };
    let (code, said) = give("2030-01-01T18:00:00");
    assert!(code == 2 && said.contains("neither a day"), "{said}");
    let today = jiff::Timestamp::now().to_string();
    assert_eq!(give(&today[..10]).0, 0);
    assert_eq!(place.says(&["export", "barack", "--out", "held.json"]).0, 0);
    assert_eq!(place.says(&["export", "barack", "--out", "held.json"]).0, 2);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(place.path("held.json"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn every_command_explains_itself() {
    let place = Place::new();
    let (_, help) = place.says(&["--help"]);
    for verb in [
        "demo",
        "init",
        "consent",
        "enroll",
        "verify",
        "identify",
        "forget",
        "export",
        "audit",
        "receipt",
        "retention",
        "detect",
        "compare",
        "eval",
        "doctor",
        "completions",
    ] {
        assert!(help.contains(verb), "{verb}");
        let (code, said) = place.says(&[verb, "--help"]);
        assert!(code == 0 && said.len() > 200, "{verb}: {said}");
    }
    assert!(place.says(&["completions", "bash"]).1.contains("faceward"));
    assert!(
        !place.path("home").exists(),
        "asking for help makes nothing"
    );
}

/// A bitmap header that promises 20,000 × 20,000 pixels and delivers none.
fn huge_bmp() -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    bytes.extend_from_slice(&1_200_000_054u32.to_le_bytes());
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(&54u32.to_le_bytes());
    bytes.extend_from_slice(&40u32.to_le_bytes());
    bytes.extend_from_slice(&20_000i32.to_le_bytes());
    bytes.extend_from_slice(&20_000i32.to_le_bytes());
    bytes.extend_from_slice(&1u16.to_le_bytes());
    bytes.extend_from_slice(&24u16.to_le_bytes());
    bytes.extend_from_slice(&[0; 24]);
    bytes
}

/// Two portraits side by side.
fn two_faces() -> image::RgbImage {
    let one = image::open(photo("obama.jpg")).unwrap().to_rgb8();
    let two = image::open(photo("biden.jpg")).unwrap().to_rgb8();
    let mut both = image::RgbImage::new(one.width() + two.width(), one.height().max(two.height()));
    image::imageops::replace(&mut both, &one, 0, 0);
    image::imageops::replace(&mut both, &two, i64::from(one.width()), 0);
    both
}

#[test]
fn an_explained_score_is_a_page_of_its_own() {
    let place = Place::new();
    let asked = ["explain", &photo("obama.jpg"), &photo("obama3.jpg")];
    let refused = place.json(&asked);
    assert_eq!(refused["outcome"], "refused");
    assert!(!place.path("explained.html").exists());
    let consent = ["--consent", "in the public domain"];
    let said = place.json(&[&asked[..], &consent].concat());
    assert_eq!(said["outcome"], "match");
    let (mut first, mut second) = (0.0, 0.0);
    for region in said["regions"].as_array().unwrap() {
        first += region["first"].as_f64().unwrap();
        second += region["second"].as_f64().unwrap();
    }
    let cells = said["cells"]["second"].as_array().unwrap();
    let cells: f64 = cells.iter().map(|cell| cell.as_f64().unwrap()).sum();
    assert!((second - cells).abs() < 1e-6 && first > 0.0);
    let page = fs::read_to_string(place.path("explained.html")).unwrap();
    assert_eq!(page.matches("src=\"data:image/png;base64,").count(), 4);
    assert!(!page.contains("://") && !page.contains("<script"));
    assert!(page.contains("What the score does not say") && page.contains("left eye"));
}

/// A deployment under one pack, which keeps maps and tells it.
const KEEPS_MAPS: &str = r#"
format = 1
name = "A door"
in_use_from = 2026-01-01
packs = ["cn-spc-2021-15"]
[controller]
name = "Example Ltd"
contact = "face@example.com"
role = "business"
[place]
kind = "workplace"
description = "the door"
public = false
[notice]
version = "1"
text = "We keep a template of your face, and its map, to open the door and to show what decided."
covers = ["controller", "contact", "purpose", "manner", "scope", "data", "retention", "rights", "face-map"]
published = "beside the door"
shown_before = true
plain = true
[protection]
measures = ["access-control", "authorisation", "intrusion-detection"]
[[purposes]]
name = "door"
text = "open the door"
functions = ["verification"]
basis = "consent"
necessary_because = "hands are full there"
least_intrusive_because = "one to one"
alternative = "a key"
alternative_on_equal_terms = true
face_is_only_way = false
retention = { after = "the lease ends", days = 1 }
recipients = []
sold = false
face_map_because = "a tenant who was turned away can have it shown what decided"
"#;

#[test]
fn a_kept_map_explains_a_score_becomes_evidence_and_goes_with_the_consent() {
    let place = Place::new();
    let (code, said) = place.says(&["init"]);
    assert_eq!(code, 0, "{said}");
    let home = place.path("home");
    fs::write(home.join("deployment.toml"), KEEPS_MAPS).unwrap();
    let notice =
        "We keep a template of your face, and its map, to open the door and to show what decided.";
    fs::write(place.path("notice.txt"), notice).unwrap();
    let (code, said) = place.says(&[
        "consent",
        "give",
        "barack",
        "--purpose",
        "door",
        "--notice",
        "notice.txt",
        "--notice-version",
        "1",
        "--how",
        "on paper",
        "--alternative",
        "a key",
    ]);
    assert_eq!(code, 0, "{said}");
    let enrolled = place.json(&["enroll", "barack", &photo("obama.jpg"), "--purpose", "door"]);
    assert_eq!(enrolled["face_map"], true, "{enrolled}");
    let probe = photo("obama2.jpg");
    let asked = ["explain", "barack", &probe, "--purpose", "door"];
    let told = place.json(&asked);
    assert_eq!(told["outcome"], "match", "{told}");
    assert_eq!(told["sides"][0]["of"], "reference");
    // Of the reference there is a map and no picture.
    let page = fs::read_to_string(place.path("explained.html")).unwrap();
    assert_eq!(page.matches("src=\"data:image/png;base64,").count(), 3);
    let verified = place.json(&["verify", "barack", &probe, "--purpose", "door"]);
    let score = |said: &serde_json::Value| said["score"].as_f64().unwrap();
    assert!((score(&told) - score(&verified)).abs() < 0.002);

    fs::write(place.path("compared.json"), told.to_string()).unwrap();
    let mut changed = told.clone();
    changed["score"] = 0.99.into();
    fs::write(place.path("changed.json"), changed.to_string()).unwrap();
    let case = "[[evidence]]\nid = \"F1\"\nkind = \"comparison\"\ntitle = \"The face at the door\"\nfile = \"compared.json\"\n[[evidence]]\nid = \"F2\"\nkind = \"comparison\"\ntitle = \"The same, improved\"\nfile = \"changed.json\"\n";
    fs::write(place.path("case.toml"), case).unwrap();
    let key = place.json(&["audit", "proof", "0"]);
    let (code, said) = place.says(&[
        "case",
        "dossier",
        "case.toml",
        "-o",
        "dossier",
        "--key",
        key["ledger_key"].as_str().unwrap(),
    ]);
    assert_eq!(code, 0, "{said}");
    let dossier = fs::read_to_string(place.path("dossier/dossier.html")).unwrap();
    assert!(dossier.contains("F1: The face at the door") && dossier.contains("recorded as entry"));
    // In SVG an element that is not closed holds all that follow it.
    assert_eq!(dossier.matches("</rect>").count(), 2 * 49);
    assert!(dossier.contains("do not add up") && !dossier.contains("F2: The same, improved"));

    let (code, said) = place.says(&["consent", "withdraw", "barack", "--purpose", "door"]);
    assert_eq!(code, 0, "{said}");
    let refused = place.json(&asked);
    assert_eq!(refused["outcome"], "refused");
}
