//! `models/manifest.toml` tells the truth about the committed weights.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use sha2::{Digest, Sha256};

#[test]
fn every_file_has_the_digest_licence_and_card_the_manifest_names() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let manifest = std::fs::read_to_string(models.join("manifest.toml")).unwrap();
    let sections: Vec<&str> = manifest.split("\n[").skip(1).collect();
    assert_eq!(sections.len(), 4);
    for section in sections {
        let value = |key: &str| {
            let line = section
                .lines()
                .find_map(|line| line.strip_prefix(&format!("{key} = ")));
            line.unwrap_or_else(|| panic!("no `{key}` in\n{section}"))
                .trim_matches('"')
                .to_owned()
        };
        let bytes = std::fs::read(models.join(value("file"))).unwrap();
        let digest: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(digest, value("sha256"), "{}", value("file"));
        assert_eq!(bytes.len().to_string(), value("bytes"));
        // The file says itself where it is from.
        let header = String::from_utf8_lossy(&bytes[8..2000]).into_owned();
        assert!(header.contains(&format!(r#""source_sha256":"{}""#, value("source_sha256"))));
        assert!(
            std::fs::read_to_string(models.join(value("licence_file")))
                .unwrap()
                .contains("MIT License")
        );
        assert!(
            std::fs::read_to_string(models.join(value("card")))
                .unwrap()
                .contains(&value("source_sha256"))
        );
    }
}
