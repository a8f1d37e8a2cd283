//! Looking at a picture, which only a permit allows.

use std::num::NonZeroUsize;
use std::sync::OnceLock;

use faceward_face::{Embedder, Face, FaceError, Image, Quality, Reader, ReaderOptions};
use faceward_law::{Operation, Permit};
use faceward_match::{ModelId, Template};
use faceward_vault::VaultError;

use crate::{Unusable, Ward, WardError};

/// What was seen of one face; it outlives the picture and holds nothing that identifies.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Where the face is, in pixels of the upright picture.
    pub face: Face,
    /// How good the sample is.
    pub quality: Quality,
    /// Liveness score, 0 to 1: how much this looks like a person rather than a picture of one.
    pub liveness: f32,
    /// What the decoder had to decide, such as taking the first frame of an animation.
    pub notes: Vec<String>,
}

/// A face read from a picture: its template and what was seen.
pub(crate) struct Sample {
    pub(crate) template: Template,
    pub(crate) reading: Reading,
}

/// The nets, loaded when a face is first looked at, and shown to nobody without a permit.
pub(crate) struct Eyes {
    embedder: Embedder,
    reader: OnceLock<Reader>,
}

impl Eyes {
    pub(crate) fn new(embedder: Embedder) -> Self {
        Self {
            embedder,
            reader: OnceLock::new(),
        }
    }

    pub(crate) fn model(&self) -> Result<&ModelId, WardError> {
        Ok(self.reader()?.model())
    }

    fn reader(&self) -> Result<&Reader, WardError> {
        if let Some(reader) = self.reader.get() {
            return Ok(reader);
        }
        let options = ReaderOptions {
            threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            embedder: self.embedder.clone(),
        };
        let reader = Reader::new(options).map_err(WardError::Reader)?;
        Ok(self.reader.get_or_init(|| reader))
    }
}

impl Ward {
    /// Opens the eyes for this operation, if the permit allows it now.
    pub(crate) fn eyes(&self, permit: &Permit, operation: Operation) -> Result<&Reader, WardError> {
        if permit.operation() != operation || self.now() >= permit.expires() {
            return Err(VaultError::NotPermitted.into());
        }
        self.eyes.reader()
    }

    /// Reads the one face in a picture.
    pub(crate) fn read_one(
        &self,
        permit: &Permit,
        operation: Operation,
        picture: &[u8],
    ) -> Result<Result<Sample, Unusable>, WardError> {
        let sample = match read(self.eyes(permit, operation)?, picture) {
            Ok(sample) => sample,
            Err(error) => return Ok(Err(error.into())),
        };
        let live = sample.reading.liveness;
        match self.config.liveness_required() {
            Some(at_least) if live < at_least => Ok(Err(Unusable::NotLive(live))),
            _ => Ok(Ok(sample)),
        }
    }
}

fn read(reader: &Reader, picture: &[u8]) -> Result<Sample, FaceError> {
    let image = Image::decode(picture)?;
    let face = reader.the_face(&image)?;
    let quality = reader.quality(&image, &face)?;
    let liveness = reader.liveness(&image, &face)?.score;
    let template = reader.template(&image, &face)?;
    let notes = image.notes().to_vec();
    let reading = Reading {
        face,
        quality,
        liveness,
        notes,
    };
    Ok(Sample { template, reading })
}
