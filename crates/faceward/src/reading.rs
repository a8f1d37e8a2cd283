//! Looking at a picture, which only a permit allows.

use faceward_face::{Face, FaceError, Image, Quality, Reader};
use faceward_law::Permit;
use faceward_match::Template;

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

impl Ward {
    /// The eyes of the ward; shown a permit, they open.
    pub(crate) fn eyes(&self, _permit: &Permit) -> Result<&Reader, WardError> {
        self.reader()
    }

    /// Reads the one face in a picture.
    pub(crate) fn read_one(
        &self,
        permit: &Permit,
        picture: &[u8],
    ) -> Result<Result<Sample, Unusable>, WardError> {
        let reader = self.eyes(permit)?;
        let sample = match read(reader, picture) {
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
