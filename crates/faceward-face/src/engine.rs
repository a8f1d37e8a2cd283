//! What turns an aligned face into an embedding: our own net, or any ONNX file through `rten`.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use faceward_match::ModelId;
use faceward_nets::{Apart, MobileFaceNet, Seen, Threads};
use rten::{RunOptions, ThreadPool};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::align::SIDE;
use crate::covering::Lines;
use crate::mask::Masks;
use crate::{FaceError, models};

/// Which embedder a reader uses. Templates of one never meet those of another: they carry its name and digest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Embedder {
    /// The built-in MobileFaceNet.
    #[default]
    Own,
    /// An ONNX file with one input 1×3×112×112, RGB, `(value - 127.5) / 127.5`, as ArcFace models are published, and
    /// one output: the embedding, of any length.
    Onnx(PathBuf),
}

/// A loaded embedder and the name of what it makes.
pub(crate) struct Engine {
    model: ModelId,
    net: Net,
}

enum Net {
    Own(Own),
    Onnx(Box<Onnx>),
}

/// The built-in embedder and what is known of what it sees.
pub(crate) struct Own {
    net: MobileFaceNet,
    pub(crate) masks: Masks,
    pub(crate) lines: Lines,
}

impl Engine {
    pub(crate) fn new(embedder: &Embedder, threads: NonZeroUsize) -> Result<Engine, FaceError> {
        match embedder {
            Embedder::Own => {
                let (net, digest) = models::embedder()?;
                let model = ModelId::new("mobilefacenet-112-mirror", digest)?;
                let own = Own {
                    net,
                    masks: Masks::built_in()?,
                    lines: Lines::built_in()?,
                };
                Ok(Engine {
                    model,
                    net: Net::Own(own),
                })
            }
            Embedder::Onnx(path) => {
                let (net, digest) = Onnx::load(path, threads)?;
                let model = ModelId::new(&name_of(path), digest)?;
                Ok(Engine {
                    model,
                    net: Net::Onnx(Box::new(net)),
                })
            }
        }
    }

    pub(crate) fn model(&self) -> &ModelId {
        &self.model
    }

    /// The raw embedding of an aligned 112×112 RGB crop, of any length in magnitude.
    pub(crate) fn embed(
        &self,
        crop: &[u8],
        threads: &Threads,
    ) -> Result<Zeroizing<Vec<f32>>, FaceError> {
        match &self.net {
            Net::Own(own) => Ok(Zeroizing::new(own.net.run(crop, threads)?)),
            Net::Onnx(net) => net.run(crop),
        }
    }

    /// The built-in embedder; nothing with an ONNX file.
    pub(crate) fn own(&self) -> Option<&Own> {
        match &self.net {
            Net::Own(own) => Some(own),
            Net::Onnx(_) => None,
        }
    }

    /// As [`Engine::embed`] of a crop and its mirror image, with the map of each and the net that made them; nothing with
    /// an ONNX file.
    pub(crate) fn embed_seen(
        &self,
        [crop, mirrored]: [&[u8]; 2],
        threads: &Threads,
    ) -> Result<Option<([Seen; 2], &Own)>, FaceError> {
        match &self.net {
            Net::Own(own) => {
                let crop = own.net.run_seen(crop, threads)?;
                let mirrored = own.net.run_seen(mirrored, threads)?;
                Ok(Some(([crop, mirrored], own)))
            }
            Net::Onnx(_) => Ok(None),
        }
    }

    /// As [`Engine::embed`], taken apart into what each cell adds.
    pub(crate) fn embed_apart(&self, crop: &[u8], threads: &Threads) -> Result<Apart, FaceError> {
        match &self.net {
            Net::Own(own) => Ok(own.net.run_apart(crop, threads)?),
            Net::Onnx(_) => Err(FaceError::NoMap),
        }
    }
}

struct Onnx {
    path: PathBuf,
    model: rten::Model,
    pool: Arc<ThreadPool>,
}

impl Onnx {
    /// Loads a file and tries it once, so that a wrong model is told of at start and not at the first face.
    fn load(path: &Path, threads: NonZeroUsize) -> Result<(Onnx, [u8; 32]), FaceError> {
        let refuse = |reason: String| FaceError::Embedder {
            path: path.to_owned(),
            reason,
        };
        let bytes = std::fs::read(path).map_err(|e| refuse(e.to_string()))?;
        let digest = Sha256::digest(&bytes).into();
        let model = rten::Model::load(bytes).map_err(|e| refuse(e.to_string()))?;
        let onnx = Onnx {
            path: path.to_owned(),
            model,
            pool: Arc::new(ThreadPool::with_num_threads(threads.get())),
        };
        onnx.run(&[127; 3 * SIDE * SIDE])?;
        Ok((onnx, digest))
    }

    fn run(&self, crop: &[u8]) -> Result<Zeroizing<Vec<f32>>, FaceError> {
        let refuse = |reason: String| FaceError::Embedder {
            path: self.path.clone(),
            reason,
        };
        let planes: Vec<f32> = (0..3)
            .flat_map(|c| crop.iter().skip(c).step_by(3))
            .map(|v| (f32::from(*v) - 127.5) / 127.5)
            .collect();
        let input = NdTensor::from_data([1, 3, SIDE, SIDE], planes);
        let mut options = RunOptions::default();
        options.thread_pool = Some(self.pool.clone());
        let output = self
            .model
            .run_one(input.view().into(), Some(options))
            .map_err(|e| refuse(e.to_string()))?;
        // The embedder's own copies of pixels and activations are freed by it unwiped.
        drop(Zeroizing::new(input.into_data()));
        let embedding = output
            .into_tensor::<f32>()
            .ok_or_else(|| refuse("its output is not of 32-bit floats".to_owned()))?;
        Ok(Zeroizing::new(embedding.into_data()))
    }
}

/// The file's stem in the alphabet of model names; the digest beside it tells apart what this makes alike.
fn name_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name: String = stem
        .chars()
        .take(64)
        .map(|c| c.to_ascii_lowercase())
        .map(|c| {
            if matches!(c, 'a'..='z' | '0'..='9' | '_' | '.') {
                c
            } else {
                '-'
            }
        })
        .collect();
    if name.is_empty() {
        "onnx".to_owned()
    } else {
        name
    }
}
