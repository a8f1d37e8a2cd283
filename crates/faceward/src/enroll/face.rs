//! A face on its way to becoming a reference: what is made of it, and whether it may.

use faceward_face::{Covering, Face, FaceError, FacePrint, Image, Reader, Reason};
use faceward_match::Template;

use crate::Unusable;
use crate::reading::Sample;

/// A face that is to become a reference.
pub(super) struct Enrolling {
    pub(super) sample: Sample,
    pub(super) map: Option<FacePrint>,
}

pub(super) type Made = Result<((Template, Option<FacePrint>), Option<Covering>), FaceError>;

pub(super) fn without_map(reader: &Reader, image: &Image, face: &Face) -> Made {
    let (template, covering) = reader.reference_seen(image, face)?;
    Ok(((template, None), covering))
}

/// An embedder of one's own has no map, and enrols all the same.
pub(super) fn with_map(reader: &Reader, image: &Image, face: &Face) -> Made {
    let (template, covering) = reader.reference_seen(image, face)?;
    let map = match reader.faceprint(image, face) {
        Ok(map) => Some(map),
        Err(FaceError::NoMap) => None,
        Err(error) => return Err(error),
    };
    Ok(((template, map), covering))
}

/// The least product of two templates that one picture gave; kernels differ by less than 0.0001, and two pictures of
/// one face by far more.
const SAME_PICTURE: f32 = 0.9999;

pub(super) fn of_one_picture(a: &Template, b: &Template) -> bool {
    let product: f32 = a.values().iter().zip(b.values()).map(|(a, b)| a * b).sum();
    a.model() == b.model() && a.values().len() == b.values().len() && product > SAME_PICTURE
}

pub(super) fn sure_enough(face: Enrolling, at_least: f32) -> Result<Enrolling, Unusable> {
    if face.sample.reading.face.confidence > at_least {
        Ok(face)
    } else {
        Err(FaceError::NoFace.into())
    }
}

pub(super) fn good_enough(face: Enrolling) -> Result<Enrolling, Unusable> {
    let obstacles: Vec<Reason> = face.sample.reading.quality.obstacles().copied().collect();
    if obstacles.is_empty() {
        Ok(face)
    } else {
        Err(Unusable::PoorQuality(obstacles))
    }
}
