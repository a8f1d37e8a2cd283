//! No arrow of the house points where ARCHITECTURE.md does not draw one, and its links lead
//! somewhere.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

const ALLOWED: [(&str, &[&str]); 11] = [
    ("faceward-nets", &[]),
    ("faceward-match", &[]),
    ("faceward-law", &[]),
    ("faceward-ledger", &[]),
    ("faceward-receipt", &[]),
    ("faceward-video", &[]),
    ("faceward-face", &["faceward-nets", "faceward-match"]),
    (
        "faceward-vault",
        &[
            "faceward-match",
            "faceward-law",
            "faceward-ledger",
            "faceward-receipt",
        ],
    ),
    (
        "faceward",
        &[
            "faceward-face",
            "faceward-match",
            "faceward-law",
            "faceward-ledger",
            "faceward-receipt",
            "faceward-vault",
            "faceward-video",
        ],
    ),
    ("faceward-server", &["faceward"]),
    (
        "faceward-cli",
        &[
            "faceward",
            "faceward-server",
            "faceward-law",
            "faceward-ledger",
        ],
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn every_crate_depends_on_no_other_than_the_plan_allows() {
    let mut crates: Vec<String> = fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    crates.sort();
    let mut planned: Vec<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    planned.sort_unstable();
    assert_eq!(
        crates, planned,
        "a crate came or went: draw it in ARCHITECTURE.md"
    );

    for (name, allowed) in ALLOWED {
        let manifest = fs::read_to_string(root().join("crates").join(name).join("Cargo.toml"));
        let manifest: toml::Table = manifest.unwrap().parse().unwrap();
        let dependencies = manifest.get("dependencies").and_then(|d| d.as_table());
        for dependency in dependencies.into_iter().flat_map(toml::Table::keys) {
            let ours = dependency.starts_with("faceward");
            assert!(
                !ours || allowed.contains(&dependency.as_str()),
                "{name} may not depend on {dependency}"
            );
        }
    }
}

#[test]
fn every_link_in_the_documents_leads_to_a_file() {
    let mut documents = vec![root().join("docs")];
    let mut checked = 0;
    for name in [
        "README.md",
        "ARCHITECTURE.md",
        "SECURITY.md",
        "CHANGELOG.md",
    ] {
        documents.push(root().join(name));
    }
    while let Some(path) = documents.pop() {
        if path.is_dir() {
            documents.extend(fs::read_dir(path).unwrap().map(|e| e.unwrap().path()));
            continue;
        }
        if path.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let file = target.split('#').next().unwrap();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            let linked = path.parent().unwrap().join(file);
            assert!(
                linked.exists(),
                "{}: {target} leads nowhere",
                path.display()
            );
            checked += 1;
        }
    }
    assert!(checked > 0, "no link was found at all");
}
