//! Image to faces: a box and five points each, in pixels of the upright image.

use faceward_nets::{CenterFace, Threads};

use crate::{FaceError, Image};

mod closer;
mod maps;
mod overlap;
mod shade;
mod view;

use view::View;

/// A rectangle in pixels of the upright image; it may reach beyond the image where a face is cut off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width, above zero.
    pub width: f32,
    /// Height, above zero.
    pub height: f32,
}

impl Rect {
    /// The longer side, in pixels.
    pub fn side(&self) -> f32 {
        self.width.max(self.height)
    }

    /// The middle.
    pub fn centre(&self) -> Point {
        Point {
            x: self.x + self.width / 2.0,
            y: self.y + self.height / 2.0,
        }
    }
}

/// A point in pixels of the upright image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

/// One face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// From forehead to chin, tightly.
    pub rect: Rect,
    /// Left eye, right eye, nose tip, left and right mouth corner, left and right as the viewer sees them.
    pub points: [Point; 5],
    /// The detector's own confidence, 0 to 1. It is no probability.
    pub confidence: f32,
}

/// Which of several faces is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The one nearest the middle of the picture, as LFW's protocol asks.
    MostCentral {
        /// Pixels across the picture.
        width: u32,
        /// Pixels down the picture.
        height: u32,
    },
    /// The one with the largest box.
    Largest,
}

/// Picks one of several faces; `None` when there are none.
pub fn choose(faces: &[Face], choice: Choice) -> Option<&Face> {
    let rank = |face: &Face| match choice {
        Choice::Largest => -face.rect.width * face.rect.height,
        Choice::MostCentral { width, height } => {
            let centre = face.rect.centre();
            (centre.x - width as f32 / 2.0).hypot(centre.y - height as f32 / 2.0)
        }
    };
    faces.iter().min_by(|a, b| rank(a).total_cmp(&rank(b)))
}

/// The one person a picture shows. The largest face is the subject; a second face counts only if its longer side is at
/// least [`SECOND_PERSON`] of the subject's, so passers-by far behind do not.
///
/// # Errors
/// [`FaceError::NoFace`], and [`FaceError::SeveralFaces`] with the number that count.
pub fn alone(faces: &[Face]) -> Result<&Face, FaceError> {
    let main = choose(faces, Choice::Largest).ok_or(FaceError::NoFace)?;
    let enough = SECOND_PERSON * main.rect.side();
    let count = faces.iter().filter(|f| f.rect.side() >= enough).count();
    if count > 1 {
        return Err(FaceError::SeveralFaces { count });
    }
    Ok(main)
}

/// How large another face must be, relative to the largest, to count as a second person.
pub const SECOND_PERSON: f32 = 0.4;

/// Lowest confidence of a face in an ordinary look.
const CONFIDENT: f32 = 0.5;
/// Lowest confidence when nothing was found otherwise: hard light, masks, tight crops.
const DOUBTFUL: f32 = 0.3;
/// Longer side of the picture for the net, in pixels: faces from a fortieth of the picture.
const OVERVIEW: f32 = 640.0;
/// The same for small faces in large pictures; never more pixels than the picture has.
const CLOSE: f32 = 1920.0;
/// The same when one large face is expected.
const GLANCE: f32 = 320.0;
/// A face smaller than this in a glance, in net pixels, is looked at again: others of its size may have been missed.
const SMALL_IN_GLANCE: f32 = 48.0;
/// Most a small picture is enlarged: a 92×112 crop is measured best at two to three times.
const ENLARGE: f32 = 4.0;

/// Everyone in the picture, best first.
pub(crate) fn everyone(
    net: &CenterFace,
    image: &Image,
    threads: &Threads,
) -> Result<Vec<Face>, FaceError> {
    let faces = all(net, image, threads)?;
    faces
        .into_iter()
        .map(|face| closer(net, image, face, threads))
        .collect()
}

/// The one person in the picture, by the rule of [`alone`]: a quick look is enough when it shows one large face, closer
/// looks follow only when it shows none or a small one.
pub(crate) fn subject(
    net: &CenterFace,
    image: &Image,
    threads: &Threads,
) -> Result<Face, FaceError> {
    let scale = (GLANCE / longest(image)).min(ENLARGE);
    let mut faces = View::whole(image, scale).faces(net, image, CONFIDENT, threads)?;
    let large = |main: &Face| main.rect.side() * scale >= SMALL_IN_GLANCE;
    if !choose(&faces, Choice::Largest).is_some_and(large) {
        faces = all(net, image, threads)?;
    }
    closer(net, image, *alone(&faces)?, threads)
}

/// Those in one look at the whole picture, its longer side so many pixels for the net; doubtful ones too.
pub(crate) fn glance(
    net: &CenterFace,
    image: &Image,
    side: f32,
    threads: &Threads,
) -> Result<Vec<Face>, FaceError> {
    let scale = (side / longest(image)).clamp(f32::EPSILON, 1.0);
    View::whole(image, scale).faces(net, image, DOUBTFUL, threads)
}

/// The same face, box and points placed better by a second look at it alone, or by many where its light is hard.
pub(crate) fn closer(
    net: &CenterFace,
    image: &Image,
    face: Face,
    threads: &Threads,
) -> Result<Face, FaceError> {
    if shade::is_in(image, &face) {
        shade::look(net, image, face, threads)
    } else {
        closer::look(net, image, face, threads)
    }
}

fn all(net: &CenterFace, image: &Image, threads: &Threads) -> Result<Vec<Face>, FaceError> {
    let longest = longest(image);
    // Small pictures are enlarged only as far as helps tight crops; further, the net sees faces in the grain.
    let scale = (OVERVIEW / longest).min((GLANCE / longest).clamp(1.0, ENLARGE));
    let mut faces = View::whole(image, scale).faces(net, image, CONFIDENT, threads)?;
    if longest > 1.5 * OVERVIEW {
        for tile in View::tiles(image, (CLOSE / longest).min(1.0)) {
            faces.extend(tile.faces(net, image, CONFIDENT, threads)?);
        }
        faces = overlap::best(faces);
    }
    if faces.is_empty() {
        return rescue(net, image, threads);
    }
    Ok(faces)
}

/// Smaller, larger and framed views at a lower confidence, then such without the light, until one shows a face.
fn rescue(net: &CenterFace, image: &Image, threads: &Threads) -> Result<Vec<Face>, FaceError> {
    const VIEWS: [(f32, f32); 4] = [(160.0, 0.0), (224.0, 0.25), (320.0, 0.0), (480.0, 0.5)];
    for even in [false, true] {
        for (side, frame) in VIEWS {
            let scale = (side / longest(image)).min(ENLARGE);
            let mut view = View::framed(image, scale, frame);
            view.even = even;
            let faces = view.faces(net, image, DOUBTFUL, threads)?;
            if !faces.is_empty() {
                return Ok(faces);
            }
        }
    }
    Ok(Vec::new())
}

fn longest(image: &Image) -> f32 {
    image.width().max(image.height()) as f32
}
