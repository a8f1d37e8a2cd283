//! The built-in weights, loaded only if their digest matches the manifest.

use faceward_nets::{CenterFace, Landmarks68, MiniFasNet, MobileFaceNet, NetError};
use sha2::{Digest, Sha256};

use crate::FaceError;

/// The detector.
pub(crate) fn detector() -> Result<CenterFace, FaceError> {
    Ok(load(&CENTERFACE, CenterFace::from_safetensors)?.0)
}

/// The net that places 68 points.
pub(crate) fn landmarks() -> Result<Landmarks68, FaceError> {
    Ok(load(&LANDMARKS68, Landmarks68::from_safetensors)?.0)
}

/// The net that tells prints and screens from people.
pub(crate) fn liveness() -> Result<MiniFasNet, FaceError> {
    Ok(load(&MINIFASNET, MiniFasNet::from_safetensors)?.0)
}

/// The embedder and the digest of its weights, which names the model.
pub(crate) fn embedder() -> Result<(MobileFaceNet, [u8; 32]), FaceError> {
    load(&MOBILEFACENET, MobileFaceNet::from_safetensors)
}

/// A net that is part of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its file in `models/`.
    pub file: &'static str,
    /// SHA-256 of what this program holds, in hexadecimal.
    pub sha256: String,
    /// Whether that is what the manifest says.
    pub intact: bool,
}

/// The nets in this program, each held against the manifest.
pub fn built_in() -> Vec<BuiltIn> {
    let nets = [
        &CENTERFACE,
        &MOBILEFACENET,
        &LANDMARKS68,
        &MINIFASNET,
        &MASKS,
        &COVERS,
    ];
    let held = nets.map(|weights| {
        let sha256 = hex(&Sha256::digest(weights.bytes));
        BuiltIn {
            file: weights.file,
            intact: weights.listed().as_ref() == Some(&sha256),
            sha256,
        }
    });
    held.to_vec()
}

pub(crate) struct Weights {
    pub(crate) file: &'static str,
    pub(crate) bytes: &'static [u8],
}

impl Weights {
    /// The bytes, if they are those of the manifest.
    pub(crate) fn trusted(&self) -> Result<&'static [u8], FaceError> {
        let digest = hex(&Sha256::digest(self.bytes));
        if self.listed() == Some(digest) {
            Ok(self.bytes)
        } else {
            Err(FaceError::WeightsAltered { file: self.file })
        }
    }

    fn listed(&self) -> Option<String> {
        [MANIFEST, FITTED]
            .into_iter()
            .find_map(|manifest| trusted(manifest, self.file))
    }
}

macro_rules! weights {
    ($file:literal) => {
        Weights {
            file: $file,
            bytes: include_bytes!(concat!("../../../models/", $file)),
        }
    };
}

const MANIFEST: &str = include_str!("../../../models/manifest.toml");
/// What was fitted here and not converted.
const FITTED: &str = include_str!("../../../models/fitted.toml");
static CENTERFACE: Weights = weights!("centerface.safetensors");
static MOBILEFACENET: Weights = weights!("mobilefacenet.safetensors");
static LANDMARKS68: Weights = weights!("landmarks68.safetensors");
static MINIFASNET: Weights = weights!("minifasnet.safetensors");
/// What masks do to the embedder: see [`crate::mask`].
pub(crate) static MASKS: Weights = weights!("masks.f32");
/// What covers a face, cell by cell: see [`crate::covering`].
pub(crate) static COVERS: Weights = weights!("covers.f32");

fn load<N>(
    weights: &Weights,
    build: fn(&[u8]) -> Result<N, NetError>,
) -> Result<(N, [u8; 32]), FaceError> {
    let bytes = weights.trusted()?;
    Ok((build(bytes)?, Sha256::digest(bytes).into()))
}

/// The digest the manifest gives for a file: of its table, which names the file before the digest.
fn trusted(manifest: &str, file: &str) -> Option<String> {
    let mut lines = manifest.lines();
    lines.find(|line| value(line, "file") == Some(file))?;
    let digest = lines
        .take_while(|line| !line.starts_with('['))
        .find_map(|line| value(line, "sha256"))?;
    Some(digest.to_owned())
}

fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let (name, quoted) = line.split_once('=')?;
    let value = quoted.trim().strip_prefix('"')?.strip_suffix('"')?;
    (name.trim() == key).then_some(value)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn altered_weights_are_refused_by_name() {
        let altered = Weights {
            file: "centerface.safetensors",
            bytes: b"other bytes",
        };
        let refusal = load(&altered, CenterFace::from_safetensors).err();
        assert!(matches!(
            refusal,
            Some(FaceError::WeightsAltered {
                file: "centerface.safetensors"
            })
        ));
    }

    #[test]
    fn the_manifest_gives_each_file_its_own_digest_and_unknown_files_none() {
        let files = [&CENTERFACE, &MOBILEFACENET, &LANDMARKS68, &MINIFASNET];
        let digests: std::collections::BTreeSet<_> = files
            .iter()
            .map(|w| trusted(MANIFEST, w.file).unwrap())
            .collect();
        assert_eq!(digests.len(), 4);
        assert_eq!(trusted(MANIFEST, "other.safetensors"), None);
    }
}
