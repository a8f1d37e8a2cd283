//! Case files as text, and the packs they are judged under.

use std::path::Path;
use std::sync::Arc;

use faceward_law::{Case, Law, PackText};

use super::sha256_hex;
use crate::WardError;

/// The pack that is meant where a case names none.
pub const HOME: &str = "cn-spc-2021-15";

/// A case file to fill in, with a comment at every part, judged under these packs.
///
/// # Errors
/// [`WardError::Law`] for a pack that there is not.
pub fn template(packs: &[String]) -> Result<String, WardError> {
    let law = Law::built_in()?;
    for pack in packs {
        law.pack(pack)?;
    }
    let quoted: Vec<String> = packs.iter().map(|pack| format!("{pack:?}")).collect();
    Ok(include_str!("template.toml").replace("@PACKS@", &quoted.join(", ")))
}

/// A pack's name, and the SHA-256 of its text.
pub(super) type PackHash = (String, String);

/// The built-in packs and further ones, with their hashes.
pub(super) fn read_law(more: &[PackText<'_>]) -> Result<(Arc<Law>, Vec<PackHash>), WardError> {
    let law = match more {
        [] => Law::built_in()?,
        more => Arc::new(Law::with(more)?),
    };
    // Further packs follow those that are built in.
    let mut further = more.iter().map(|pack| pack.text);
    let mut hashes = Vec::new();
    for pack in law.packs() {
        let text = Law::built_in_text(&pack.id).or_else(|| further.next());
        let sha256 = sha256_hex(text.unwrap_or_default().as_bytes());
        hashes.push((pack.id.clone(), sha256));
    }
    Ok((law, hashes))
}

/// The cases of a file: TOML, or JSON with the same keys if its name ends in `.json`.
pub(super) fn read_cases(law: &Law, file: &Path, text: &str) -> Result<Vec<Case>, WardError> {
    let name = file.display().to_string();
    if file.extension().is_none_or(|ending| ending != "json") {
        let text = PackText { name: &name, text };
        return Ok(Case::read_all(law, home(law, file), text)?);
    }
    let wrong = |why: String| WardError::Case {
        file: name.clone(),
        why,
    };
    // A line of the TOML made from it would say nothing to its author.
    let same: toml::Table = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
    let same = toml::to_string(&same).map_err(|error| wrong(error.to_string()))?;
    let text = PackText {
        name: &name,
        text: &same,
    };
    Case::read_all(law, home(law, file), text).map_err(|error| wrong(error.why))
}

/// The cases of a pack lie in its folder, and mean it.
fn home<'f>(law: &Law, file: &'f Path) -> &'f str {
    let folder = file.parent().and_then(Path::file_name);
    let folder = folder.and_then(|name| name.to_str());
    folder.filter(|name| law.pack(name).is_ok()).unwrap_or(HOME)
}
