//! `InterEyeDistance`: native value is the distance between the middles of the eyes in pixels of the image, as if the
//! face were not turned (divided by the cosine of the yaw).

use super::{Defect, Measure, inter_eye, rising};
use crate::Point;

pub(super) fn measure(points: &[Point; 68], yaw: Option<f64>) -> Measure {
    let seen = inter_eye(points);
    // Beyond 60 degrees the angle is too uncertain to divide by its cosine.
    let turned = yaw.unwrap_or(0.0).abs().min(60.0).to_radians();
    let native = seen / turned.cos();
    Measure::new("InterEyeDistance", native, rising(native, 70.0, 20.0)).because(
        Defect::TooSmall,
        native < 30.0,
        native < 18.0,
    )
}
