//! Deployments and the law at the terminal: exit codes, sentences, JSON; the guide shows what is
//! really said.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

const EXAMPLES: [(&str, i32); 6] = [
    ("gym", 0),
    ("residential-gate", 0),
    ("bank-app", 0),
    ("shop", 3),
    ("station", 0),
    ("school", 0),
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Exit code and everything that was said, in this folder.
fn says_in(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_faceward"))
        .args(arguments)
        .current_dir(folder)
        .env("FACEWARD_HOME", folder.join("home"))
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(said).unwrap(),
    )
}

fn says(arguments: &[&str]) -> (i32, String) {
    let folder = TempDir::new().unwrap();
    says_in(folder.path(), arguments)
}

fn check(example: &str) -> (i32, String) {
    let file = format!("examples/deployments/{example}.toml");
    says_in(&repository(), &["deployment", "check", &file])
}

#[test]
fn the_guide_shows_what_the_check_says_of_each_worked_deployment() {
    let guide = fs::read_to_string(repository().join("docs/deploy-lawfully.md")).unwrap();
    for (example, code) in EXAMPLES {
        let (found, said) = check(example);
        assert_eq!(found, code, "{example}: {said}");
        let command = format!("$ faceward deployment check examples/deployments/{example}.toml\n");
        let shown = guide
            .split_once(&command)
            .unwrap_or_else(|| panic!("{example} is not shown"));
        let shown = shown.1.split_once("```").unwrap().0;
        for line in shown.lines().filter(|line| line.trim() != "…") {
            assert!(
                said.lines().any(|real| real == line),
                "{example} does not say: {line}"
            );
        }
    }
}

#[test]
fn a_deployment_is_begun_from_an_example_checked_and_shown() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let (code, said) = says_in(folder, &["deployment", "check"]);
    assert_eq!(code, 2);
    assert!(said.contains("faceward deployment new"), "{said}");
    fs::create_dir(folder.join("home")).unwrap();
    let new = [
        "deployment",
        "new",
        "home/deployment.toml",
        "--like",
        "school",
    ];
    assert_eq!(says_in(folder, &new).0, 0);
    let (code, said) = says_in(folder, &new);
    assert_eq!(code, 2);
    assert!(said.contains("is there already"), "{said}");
    assert_eq!(says_in(folder, &["deployment", "check"]).0, 0);
    let (code, said) = says_in(folder, &["deployment", "show"]);
    assert_eq!(code, 0);
    assert!(
        said.contains("Hillside School") && said.contains("a card"),
        "{said}"
    );
    let (code, said) = says_in(folder, &["doctor"]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("Hillside School, reading room (in order)"),
        "{said}"
    );
}

#[test]
fn a_check_in_json_names_rule_weight_and_key() {
    let file = repository().join("examples/deployments/shop.toml");
    let (code, said) = says(&["deployment", "check", file.to_str().unwrap(), "--json"]);
    assert_eq!(code, 3);
    let json: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(json["outcome"], "refused");
    let findings = json["packs"][2]["findings"].as_array().unwrap();
    let sign = findings
        .iter()
        .find(|f| f["rule"] == "cn-cac-2025/13.sign")
        .unwrap();
    assert_eq!(sign["weight"], "refuses");
    assert_eq!(
        sign["mend"][0],
        "[place] sign: where the sign to the device hangs"
    );
}

#[test]
fn a_deployment_that_is_not_understood_is_refused_with_its_line() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("d.toml");
    let gym = repository().join("examples/deployments/gym.toml");
    let gym = fs::read_to_string(gym).unwrap();
    let changed = |before: &str, after: &str| gym.replace(before, after).into_bytes();
    let wrong = [
        ("did you mean `role`?", changed("role =", "rol =")),
        (
            "expected a boolean",
            changed("public = false", "public = 0"),
        ),
        (
            "there is no pack `cn-spc`",
            changed("cn-spc-2021-15", "cn-spc"),
        ),
        ("line 1", b"format".to_vec()),
        ("UTF-8", b"\xff\xfe".to_vec()),
    ];
    for (says_so, bytes) in wrong {
        fs::write(&file, bytes).unwrap();
        let (code, said) = says(&["deployment", "check", file.to_str().unwrap()]);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(says_so), "{said}");
    }
}

#[test]
fn the_law_is_listed_looked_up_and_a_pack_is_checked() {
    let (code, said) = says(&["law", "list"]);
    assert_eq!(code, 0);
    assert!(said.contains("cn-spc-2021-15") && said.contains("in force from 2021-08-01"));
    let (code, said) = says(&["law", "show", "cn-spc-2021-15/2.3"]);
    assert_eq!(code, 0);
    assert!(
        said.contains("Art. 2(3)") && said.contains("element"),
        "{said}"
    );
    let (code, said) = says(&["law", "show", "cn-spc-2021-15/99"]);
    assert_eq!(code, 2);
    assert!(said.contains("lists its rules"), "{said}");
    let (code, said) = says(&["law", "facts", "--json"]);
    assert_eq!(code, 0);
    let json: Value = serde_json::from_str(&said).unwrap();
    assert!(json["facts"].as_array().unwrap().len() > 300);
}

#[test]
fn a_pack_whose_case_surprises_is_told_apart_from_one_that_is_not_understood() {
    let folder = TempDir::new().unwrap();
    let own = repository().join("laws/us-il-bipa");
    let copy = |name: &str| fs::copy(own.join(name), folder.path().join(name)).unwrap();
    copy("pack.toml");
    copy("cases.toml");
    let check = ["law", "check", folder.path().to_str().unwrap()];
    let (code, said) = says(&check);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("every case comes out as it expects"),
        "{said}"
    );
    let cases = folder.path().join("cases.toml");
    let text = fs::read_to_string(&cases).unwrap();
    let swapped = text
        .replace("not_made_out", "swapped_out")
        .replace("made_out", "not_made_out")
        .replace("swapped_out", "made_out");
    assert_ne!(text, swapped);
    fs::write(&cases, swapped).unwrap();
    let (code, said) = says(&check);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("SURPRISE"), "{said}");
    fs::write(folder.path().join("pack.toml"), "format = 1\n[packs]\n").unwrap();
    let (code, said) = says(&check);
    assert_eq!(code, 2);
    assert!(
        said.contains("line 2") && said.contains("did you mean `pack`?"),
        "{said}"
    );
}
