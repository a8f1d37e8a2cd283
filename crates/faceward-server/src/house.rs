//! The wards that are served: the one in the home folder, and those under its `wards/`.
//!
//! A ward is one deployment with its own vault, keys, ledger and people. What one ward's key or
//! session reaches ends at that ward, because nothing else is behind it.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroUsize;
use std::path::Path;
use std::str::FromStr;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::available_parallelism;

use faceward::{Home, Unlock, Ward};

use crate::ServerError;

/// The wards that are served. Cheap to clone; every clone is the same house.
#[derive(Clone)]
pub struct House {
    home: Home,
    wards: Arc<RwLock<BTreeMap<WardName, Ward>>>,
}

/// What a ward is called in addresses and at sign-in: 1 to 40 of a-z, 0-9 and `-`, a letter first.
/// The ward in the home folder itself is `main`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WardName(String);

impl WardName {
    /// The ward in the home folder itself.
    pub fn main() -> Self {
        Self("main".to_owned())
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WardName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for WardName {
    type Err = ServerError;

    fn from_str(text: &str) -> Result<Self, ServerError> {
        let letter = |byte: u8| byte.is_ascii_lowercase();
        let usable = (1..=40).contains(&text.len())
            && text.bytes().next().is_some_and(letter)
            && text
                .bytes()
                .all(|b| letter(b) || b.is_ascii_digit() || b == b'-');
        if usable {
            Ok(Self(text.to_owned()))
        } else {
            Err(ServerError::WardName(
                text.escape_debug().take(80).collect(),
            ))
        }
    }
}

impl House {
    /// Opens the ward in `home`, made at the first start, and every ward under `home/wards`. All
    /// open in the same way.
    ///
    /// # Errors
    /// [`ServerError::Ward`], [`ServerError::WardName`], [`ServerError::Folder`].
    pub async fn open(home: &Home, unlock: &Unlock) -> Result<Self, ServerError> {
        let mut wards = BTreeMap::new();
        let main = Ward::open_or_create(home, unlock).await?;
        wards.insert(WardName::main(), ready(main));
        for (name, home) in further(&home.folder().join("wards"))? {
            wards.insert(name, ready(Ward::open(&home, unlock).await?));
        }
        Ok(Self {
            home: home.clone(),
            wards: Arc::new(RwLock::new(wards)),
        })
    }

    /// The folder of the main ward.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// The ward of this name.
    ///
    /// # Errors
    /// [`ServerError::NoSuchWard`].
    pub fn ward(&self, name: &WardName) -> Result<Ward, ServerError> {
        let wards = self.wards.read().unwrap_or_else(PoisonError::into_inner);
        let ward = wards.get(name).cloned();
        ward.ok_or_else(|| ServerError::NoSuchWard(name.to_string()))
    }

    /// Every ward, by name.
    pub fn wards(&self) -> Vec<(WardName, Ward)> {
        let wards = self.wards.read().unwrap_or_else(PoisonError::into_inner);
        wards.iter().map(|(n, w)| (n.clone(), w.clone())).collect()
    }

    /// Puts a ward in its place: a new one, or one whose settings were read anew. Requests under
    /// way end with the ward they began with.
    pub fn put(&self, name: WardName, ward: Ward) {
        let mut wards = self.wards.write().unwrap_or_else(PoisonError::into_inner);
        wards.insert(name, ready(ward));
    }

    /// Closes every ward in order.
    pub async fn close(self) {
        for (_, ward) in self.wards() {
            ward.close().await;
        }
    }
}

/// A ward that looks at as many pictures at once as there are cores, with its nets loaded, so that
/// the first request waits for nothing.
fn ready(ward: Ward) -> Ward {
    let ward = ward.looking_at_once(available_parallelism().unwrap_or(NonZeroUsize::MIN));
    // Nets that cannot be loaded are told by `/readyz`; people may still leave.
    let _ = ward.model();
    ward
}

/// The wards under a folder, which need not be there.
fn further(folder: &Path) -> Result<Vec<(WardName, Home)>, ServerError> {
    let failed = |error| ServerError::Folder {
        path: folder.to_owned(),
        error,
    };
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let home = Home::at(&path);
        if home.exists() {
            let name = path.file_name().and_then(|name| name.to_str());
            found.push((name.unwrap_or_default().parse()?, home));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ward_is_named_by_what_can_stand_in_an_address() {
        for good in ["main", "gate-2", "a"] {
            assert_eq!(good.parse::<WardName>().unwrap().as_str(), good);
        }
        let long = "a".repeat(41);
        for bad in [
            "",
            "2gate",
            "-gate",
            "Gate",
            "../x",
            "a/b",
            "tor\u{e4}",
            &long,
        ] {
            assert!(bad.parse::<WardName>().is_err(), "{bad}");
        }
    }
}
