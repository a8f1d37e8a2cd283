//! Where a test of the terminal takes place.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const SETTINGS: &str = r#"
purpose = "door"
[controller]
name = "Stadtwerke Beispiel"
address = "Hauptstraße 1"
contact = "privacy@example.org"
"#;

/// A folder with a ward's settings and notices, and the program run in it.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self(TempDir::new().unwrap());
        fs::create_dir(place.path("home")).unwrap();
        fs::write(place.path("home/faceward.toml"), SETTINGS).unwrap();
        fs::write(
            place.path("notice.txt"),
            "We compare your face at the door.",
        )
        .unwrap();
        fs::write(place.path("new.txt"), "We compare your face at the gate.").unwrap();
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn run(&self, line: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_faceward"))
            .args(line.split_whitespace())
            .current_dir(self.0.path())
            .env("FACEWARD_HOME", self.path("home"))
            .output()
            .unwrap()
    }

    /// Exit code and everything that was said.
    pub(crate) fn says(&self, line: &str) -> (i32, String) {
        let output = self.run(line);
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.code().unwrap(),
            String::from_utf8(said).unwrap(),
        )
    }

    pub(crate) fn done(&self, line: &str) -> String {
        let (code, said) = self.says(line);
        assert_eq!(code, 0, "{line}: {said}");
        said
    }

    pub(crate) fn json(&self, line: &str) -> Value {
        let output = self.run(&format!("{line} --json"));
        let text = String::from_utf8(output.stdout).unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{line}: {error}: {text}"))
    }
}
