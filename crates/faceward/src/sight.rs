//! Every face in a picture rather than the one: which of them count, and what was seen of each.

use std::time::Instant;

use faceward_face::{Face, FaceError, Image, Point, Quality, Reader, Rect};
use faceward_law::{Operation, Permit};
use faceward_match::Template;
use zeroize::Zeroizing;

use crate::{Unusable, Ward, WardError};

/// Which faces of a picture count, and how much is told of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    /// At most so many, the largest; 0 for all.
    pub at_most: usize,
    /// Only those of which the detector is surer than this, 0 to 1.
    pub at_least: f32,
    /// How many references to name for each face in a search.
    pub nearest: usize,
    /// Whether the whole picture is one face that was cut out before.
    pub whole_picture: bool,
    /// The collection to search or compare in; everybody where none is named.
    pub within: Option<String>,
    /// Whether the embedding of each face is told. It identifies: only who may be told asks for it.
    pub embedding: bool,
}

impl Default for Sight {
    fn default() -> Self {
        Self {
            at_most: 0,
            at_least: 0.0,
            nearest: 1,
            whole_picture: false,
            within: None,
            embedding: false,
        }
    }
}

/// What was seen of one of the faces in a picture.
pub struct SeenFace {
    /// Where it is, in pixels of the upright picture.
    pub face: Face,
    /// How good the sample is, with the pose of the head.
    pub quality: Quality,
    /// Liveness score, 0 to 1.
    pub liveness: f32,
    /// The embedding, of length 1, where it was asked for; wiped when dropped.
    pub embedding: Option<Zeroizing<Vec<f32>>>,
    /// How long it took.
    pub times: Times,
}

/// Milliseconds that looking at one face took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Times {
    /// Finding it: its share of finding all faces of the picture.
    pub detector: f64,
    /// Quality and pose.
    pub pose: f64,
    /// Its embedding; 0 where none was made.
    pub calculator: f64,
}

/// A face and its template, which stays here.
pub(crate) struct Seen {
    pub(crate) seen: SeenFace,
    pub(crate) template: Option<Template>,
}

impl Ward {
    /// Looks at every face in a picture that counts: at least one, the largest first.
    pub(crate) async fn see_all(
        &self,
        permit: &Permit,
        operation: Operation,
        picture: &[u8],
        how: &Sight,
    ) -> Result<Result<Vec<Seen>, Unusable>, WardError> {
        let templates = operation != Operation::Detect || how.embedding;
        let how = how.clone();
        let look =
            move |reader: &Reader, picture: &[u8]| everyone(reader, picture, &how, templates);
        Ok(match self.see(permit, operation, picture, look).await? {
            Ok(seen) if seen.is_empty() => Err(FaceError::NoFace.into()),
            Ok(seen) => Ok(seen),
            Err(error) => Err(error.into()),
        })
    }

    /// As [`Ward::see_all`], for acts that compare: where the ward asks for liveness, a face that seems
    /// to be a picture of a picture does not count.
    pub(crate) async fn see_live(
        &self,
        permit: &Permit,
        operation: Operation,
        picture: &[u8],
        how: &Sight,
    ) -> Result<Result<Vec<Seen>, Unusable>, WardError> {
        let mut seen = match self.see_all(permit, operation, picture, how).await? {
            Ok(seen) => seen,
            Err(why) => return Ok(Err(why)),
        };
        if let Some(at_least) = self.config().liveness_required() {
            let live = |one: &Seen| one.seen.liveness;
            let best = seen.iter().map(live).fold(0.0, f32::max);
            seen.retain(|one| live(one) >= at_least);
            if seen.is_empty() {
                return Ok(Err(Unusable::NotLive(best)));
            }
        }
        Ok(Ok(seen))
    }
}

fn everyone(
    reader: &Reader,
    picture: &[u8],
    how: &Sight,
    templates: bool,
) -> Result<Vec<Seen>, FaceError> {
    let image = Image::decode(picture)?;
    let began = Instant::now();
    let found = reader.detect(&image)?;
    let mut faces = if how.whole_picture {
        vec![whole(&image, found)]
    } else {
        found
    };
    let detector = millis(began) / faces.len().max(1) as f64;
    faces.retain(|face| how.whole_picture || face.confidence > how.at_least);
    faces.sort_by(|a, b| area(b).total_cmp(&area(a)));
    if how.at_most > 0 {
        faces.truncate(how.at_most);
    }
    let mut seen = Vec::with_capacity(faces.len());
    for face in faces {
        match one(reader, &image, face, how, templates) {
            Ok(mut found) => {
                found.seen.times.detector = detector;
                seen.push(found);
            }
            // Cut off so far that it cannot be compared; the others still can.
            Err(FaceError::Unalignable) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(seen)
}

fn one(
    reader: &Reader,
    image: &Image,
    face: Face,
    how: &Sight,
    templates: bool,
) -> Result<Seen, FaceError> {
    let began = Instant::now();
    let quality = reader.quality(image, &face)?;
    let pose = millis(began);
    let liveness = reader.liveness(image, &face)?.score;
    let began = Instant::now();
    let template = templates
        .then(|| reader.template(image, &face))
        .transpose()?;
    let calculator = if templates { millis(began) } else { 0.0 };
    let told = template.as_ref().filter(|_| how.embedding);
    Ok(Seen {
        seen: SeenFace {
            face,
            quality,
            liveness,
            embedding: told.map(|template| Zeroizing::new(template.values().to_vec())),
            times: Times {
                detector: 0.0,
                pose,
                calculator,
            },
        },
        template,
    })
}

/// The whole picture as one face: with the points of the largest found in it, or else where they
/// lie in a face that was cut out for recognition.
fn whole(image: &Image, found: Vec<Face>) -> Face {
    let (width, height) = (image.width() as f32, image.height() as f32);
    let largest = found
        .into_iter()
        .max_by(|a, b| area(a).total_cmp(&area(b)))
        .map(|face| face.points);
    let usual = USUAL.map(|(x, y)| Point {
        x: x * width,
        y: y * height,
    });
    Face {
        rect: Rect {
            x: 0.0,
            y: 0.0,
            width,
            height,
        },
        points: largest.unwrap_or(usual),
        confidence: 1.0,
    }
}

/// Eyes, nose and corners of the mouth in an aligned face, as parts of its width and height.
const USUAL: [(f32, f32); 5] = [
    (0.342, 0.462),
    (0.657, 0.460),
    (0.500, 0.641),
    (0.371, 0.825),
    (0.631, 0.823),
];

/// Of its box, in square pixels.
pub(crate) fn area(face: &Face) -> f32 {
    face.rect.width * face.rect.height
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_is_one_face_has_points_even_where_none_is_found() {
        let image = Image::from_rgb(100, 200, vec![0; 100 * 200 * 3]).unwrap();
        let face = whole(&image, Vec::new());
        assert_eq!((face.rect.width, face.rect.height), (100.0, 200.0));
        for point in face.points {
            assert!((30.0..70.0).contains(&point.x) && (90.0..170.0).contains(&point.y));
        }
    }
}
