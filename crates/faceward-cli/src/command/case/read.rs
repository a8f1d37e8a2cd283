//! Case files and further packs, read from the disk.

use std::path::Path;

use anyhow::{Context, bail};

/// The longest file that is read, in bytes.
const LONGEST: u64 = 4 << 20;

/// Reads a text file of sensible length.
pub(super) fn read(path: &Path) -> anyhow::Result<String> {
    let name = path.display();
    let about = std::fs::metadata(path).with_context(|| format!("cannot read {name}"))?;
    if about.len() > LONGEST {
        bail!("{name} is longer than 4 MiB; that is no file of a case");
    }
    std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))
}
