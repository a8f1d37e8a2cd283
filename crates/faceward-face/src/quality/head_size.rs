//! `HeadSize`: native value is the distance from the eye line to the chin as a share of the picture's height; 0.45 is
//! best, as a document's portrait has it. It tells of the framing: a small face in a large picture is well recognised.

use super::{Measure, eye_to_chin, rising};
use crate::{Image, Point};

pub(super) fn measure(image: &Image, points: &[Point; 68]) -> Measure {
    let native = eye_to_chin(points) / f64::from(image.height());
    let off = (native - 0.45).abs();
    Measure::new("HeadSize", native, 2.0 * (100.0 - rising(off, 0.0, 0.05)))
}
