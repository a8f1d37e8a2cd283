//! 68 points on a face, in the iBUG 300-W markup.

use faceward_nets::{Landmarks68, Threads};

use crate::sample::{self, Affine};
use crate::{Face, FaceError, Image, Point};

/// Finds them in the detector's box; they may lie outside the image where the face does.
pub(crate) fn find(
    net: &Landmarks68,
    image: &Image,
    face: &Face,
    threads: &Threads,
) -> Result<[Point; 68], FaceError> {
    let rect = face.rect;
    let map = Affine::onto(rect.x, rect.y, rect.width, rect.height, SIDE);
    let shares = net.run(&sample::grey(image, &map, SIDE), threads)?;
    let side = SIDE as f32;
    Ok(shares.map(|[x, y]| map.at(x * side - 0.5, y * side - 0.5)))
}

/// Side of the net's input, in pixels.
const SIDE: usize = 64;
