//! The folder the demo leaves behind. A later demo replaces what an earlier one made, and nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use faceward::Home;

/// A fresh folder of our own.
pub(super) struct Folder(PathBuf);

const MARKER: &str = ".made-by-faceward-demo";
const PARTS: [&str; 5] = ["index.html", "ward", "backup", "ledger", "ledger-changed"];

impl Folder {
    /// Makes the folder, or clears one that an earlier demo made.
    ///
    /// # Errors
    /// When something else is there already, or cannot be written.
    pub(super) fn prepare(path: &Path) -> anyhow::Result<Self> {
        let folder = Self(path.to_owned());
        let marker = path.join(MARKER);
        if marker.is_file() {
            for part in PARTS {
                clear(&path.join(part))?;
            }
        } else if path.symlink_metadata().is_ok() {
            bail!(
                "{} exists and was not made by a demo, so it was left as it is; choose another place with --out",
                path.display()
            );
        } else {
            fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()))?;
            fs::write(&marker, MARKER_TEXT)
                .with_context(|| format!("cannot write {}", marker.display()))?;
        }
        Ok(folder)
    }

    /// The finished page.
    pub(super) fn page(&self) -> PathBuf {
        self.0.join("index.html")
    }

    /// The ward the story happens in.
    pub(super) fn ward(&self) -> Home {
        Home::at(self.0.join("ward"))
    }

    /// Where the copy of the database is kept, as in a nightly backup.
    pub(super) fn backup(&self) -> PathBuf {
        self.0.join("backup")
    }

    /// The exported ledger.
    pub(super) fn ledger(&self) -> PathBuf {
        self.0.join("ledger")
    }

    /// The copy of it in which one byte is changed.
    pub(super) fn changed_ledger(&self) -> PathBuf {
        self.0.join("ledger-changed")
    }
}

const MARKER_TEXT: &str = "\
`faceward demo` made this folder. As long as this file is here, the next demo replaces what it made.
";

fn clear(path: &Path) -> anyhow::Result<()> {
    let cleared = match path.symlink_metadata() {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    };
    cleared.with_context(|| format!("cannot replace {}", path.display()))
}

/// Copies a folder with everything in it.
pub(super) fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    let context = || format!("cannot copy {} to {}", from.display(), to.display());
    fs::create_dir_all(to).with_context(context)?;
    for entry in fs::read_dir(from).with_context(context)? {
        let path = entry.with_context(context)?.path();
        let Some(name) = path.file_name() else {
            continue;
        };
        if path.is_dir() {
            copy_folder(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name)).with_context(context)?;
        }
    }
    Ok(())
}
