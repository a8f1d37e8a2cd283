//! `EyesOpen`: native value is the widest gap between the lids of the eye that is less open, as a share of the distance
//! from the eye line to the chin. The standard measures three pairs of points on the lids; iBUG has two, neither at the
//! very middle, so an open eye reads a little lower.

use super::{Defect, Measure, eye_to_chin, rising, widest};
use crate::Point;

pub(super) fn measure(points: &[Point; 68]) -> Measure {
    let left = widest(points, &[(37, 41), (38, 40)]);
    let right = widest(points, &[(43, 47), (44, 46)]);
    let native = left.min(right) / eye_to_chin(points);
    Measure::new("EyesOpen", native, rising(native, 0.02, 0.01)).because(
        Defect::EyesShut,
        native < 0.02,
        false,
    )
}
