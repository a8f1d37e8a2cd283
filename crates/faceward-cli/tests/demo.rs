//! The demo tells its whole story with the real nets, and stays in its own folder.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails may panic"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

#[test]
fn the_story_comes_out_as_told() {
    let folder = fresh("story");
    let run = demo(&folder, &["--json"]);
    let told: Value = serde_json::from_slice(&run.stdout).unwrap();
    let steps = told["steps"].as_array().unwrap();
    let outcomes: Vec<(&str, &str)> = steps
        .iter()
        .map(|step| {
            (
                step["step"].as_str().unwrap(),
                step["outcome"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        outcomes,
        [
            (
                "no-consent",
                "refused under Fa Shi [2021] No. 15, Art. 2(3)"
            ),
            ("consent", "recorded"),
            ("enrolled", "enrolled"),
            ("same-person", "match"),
            ("other-person", "no match"),
            (
                "other-purpose",
                "refused under Fa Shi [2021] No. 15, Art. 2(4)"
            ),
            ("second-person", "enrolled"),
            ("search", "found barack-obama"),
            ("stranger", "unknown, nothing kept"),
            ("backup", "the copy opens, and matches"),
            ("withdrawn", "withdrawn, references destroyed: 1"),
            (
                "after-withdrawal",
                "refused under Fa Shi [2021] No. 15, Art. 2(3)"
            ),
            ("searched-again", "unknown"),
            (
                "forgotten",
                "forgotten, consents removed: 1, keys destroyed: 1"
            ),
            (
                "old-copy",
                "the copy does not open, and nothing of the row is in today's vault"
            ),
            ("ledger", "all 14 entries hold"),
            ("one-byte", "the check names entry 10"),
        ]
    );
    assert_eq!(told["outcome"], "as-told");
    assert_eq!(told["consents"], "invented");
    assert_eq!(run.status.code(), Some(0));

    let page = fs::read_to_string(told["page"].as_str().unwrap()).unwrap();
    assert!(page.contains("Art. 2(3)"));
    assert!(page.contains("The consents on this page are invented."));
    assert_self_contained(&page);
    assert_keeps_no_keys_of_the_copy(&folder);
}

#[test]
fn a_second_demo_replaces_the_first_and_spares_what_is_not_its_own() {
    let folder = fresh("again");
    assert!(demo(&folder, &[]).status.success());
    fs::write(folder.join("mine.txt"), "kept").unwrap();
    let key = || fs::read(folder.join("ledger/ledger.pub")).unwrap();
    let first = key();
    let run = demo(&folder, &[]);
    assert!(run.status.success());
    assert_ne!(first, key(), "the ward of the second demo is a new one");
    assert_eq!(fs::read_to_string(folder.join("mine.txt")).unwrap(), "kept");
    let said = String::from_utf8(run.stdout).unwrap();
    assert!(said.contains("The consents are invented"), "{said}");
    assert!(said.contains("index.html"), "{said}");
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let folder = fresh("foreign");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("index.html"), "a page of mine").unwrap();
    let run = demo(&folder, &[]);
    assert_eq!(run.status.code(), Some(2));
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(
        said.contains("was left as it is") && said.contains("--out"),
        "{said}"
    );
    assert_eq!(
        fs::read_to_string(folder.join("index.html")).unwrap(),
        "a page of mine"
    );
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

fn demo(folder: &Path, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_faceward"))
        .args(["demo", "--out"])
        .arg(folder)
        .args(options)
        .output()
        .unwrap()
}

/// A place for one test in which nothing lies yet.
fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("demo-{name}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    folder
}

/// Whatever the page refers to lies in the page: every reference is a picture or an anchor in it.
fn assert_self_contained(page: &str) {
    assert!(page.contains("default-src 'none'"));
    for attribute in [
        "href=\"",
        "src=\"",
        "srcset=\"",
        "action=\"",
        "data=\"",
        "poster=\"",
    ] {
        for reference in page.split(attribute).skip(1) {
            let shown: String = reference.chars().take(40).collect();
            assert!(
                shown.starts_with('#') || shown.starts_with("data:image/"),
                "{shown}"
            );
        }
    }
    for loader in [
        "<script", "<link", "<iframe", "<object", "<embed", " onload=", " style=",
    ] {
        assert!(!page.contains(loader), "the page has {loader}");
    }
    let styles = page
        .split("<style>")
        .nth(1)
        .unwrap()
        .split("</style>")
        .next()
        .unwrap();
    assert!(!styles.contains("url(") && !styles.contains("@import"));
}

/// Keys that open the copy must not have stayed behind, or the proof would be worth nothing.
fn assert_keeps_no_keys_of_the_copy(folder: &Path) {
    let left: Vec<_> = fs::read_dir(folder.join("backup"))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, ["vault.db"]);
    assert_eq!(
        fs::read_dir(folder.join("ward/vault/epochs"))
            .unwrap()
            .count(),
        1
    );
}
