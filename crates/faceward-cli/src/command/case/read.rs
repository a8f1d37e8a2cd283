//! Case files and further packs, read from the disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use faceward::sha256_hex;
use faceward_law::{Case, Law, PackText};

/// The pack that is meant where a case names none.
pub(super) const HOME: &str = "cn-spc-2021-15";

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

/// The built-in packs and further ones; and for each its name and SHA-256.
#[allow(
    clippy::type_complexity,
    reason = "the hashes have no name of their own"
)]
pub(super) fn read_law(more: &[PathBuf]) -> anyhow::Result<(Arc<Law>, Vec<(String, String)>)> {
    let mut texts = Vec::new();
    for path in more {
        texts.push((path.display().to_string(), read(path)?));
    }
    let law = if texts.is_empty() {
        Law::built_in()?
    } else {
        let packs = texts.iter().map(|(name, text)| PackText { name, text });
        Arc::new(Law::with(&packs.collect::<Vec<_>>())?)
    };
    // Further packs follow those that are built in.
    let mut further = texts.iter().map(|(_, text)| text.as_str());
    let mut hashes = Vec::new();
    for pack in law.packs() {
        let text = Law::built_in_text(&pack.id).or_else(|| further.next());
        let sha256 = sha256_hex(text.unwrap_or_default().as_bytes());
        hashes.push((pack.id.clone(), sha256));
    }
    Ok((law, hashes))
}

/// The cases of a file: TOML, or JSON with the same keys.
pub(super) fn read_cases(law: &Law, file: &Path, text: &str) -> anyhow::Result<Vec<Case>> {
    let name = file.display().to_string();
    if file.extension().is_none_or(|ending| ending != "json") {
        let text = PackText { name: &name, text };
        return Ok(Case::read_all(law, home(law, file), text)?);
    }
    // A line of the TOML made from it would say nothing to its author.
    let same: toml::Table = serde_json::from_str(text).with_context(|| name.clone())?;
    let same = toml::to_string(&same).with_context(|| name.clone())?;
    let text = PackText {
        name: &name,
        text: &same,
    };
    Case::read_all(law, home(law, file), text).map_err(|error| anyhow!("{name}: {}", error.why))
}

/// The cases of a pack lie in its folder, and mean it.
fn home<'f>(law: &Law, file: &'f Path) -> &'f str {
    let folder = file.parent().and_then(Path::file_name);
    let folder = folder.and_then(|name| name.to_str());
    folder.filter(|name| law.pack(name).is_ok()).unwrap_or(HOME)
}
