//! How far the picture goes on beyond the face. Native values, as in OFIQ: `LeftwardCropOfTheFaceImage` and
//! `RightwardCrop…`, the distance of the nearer eye to the left and right edge in inter-eye distances;
//! `MarginAboveOfTheFaceImage` and `MarginBelow…`, the distance of the eye line to the upper and the lower edge, both
//! in distances from the eye line to the chin.

use super::{
    Defect, LEFT_EYE, Measure, RIGHT_EYE, eye_line, eye_to_chin, inter_eye, middle, rising,
};
use crate::{Image, Point};

pub(super) fn measure(image: &Image, points: &[Point; 68]) -> [Measure; 4] {
    let (left, right) = (middle(points, LEFT_EYE), middle(points, RIGHT_EYE));
    let eyes = eye_line(points);
    let apart = inter_eye(points);
    let to_chin = eye_to_chin(points);
    let (width, height) = (f64::from(image.width()), f64::from(image.height()));
    [
        sideways("LeftwardCropOfTheFaceImage", f64::from(left.x) / apart),
        sideways(
            "RightwardCropOfTheFaceImage",
            (width - f64::from(right.x)) / apart,
        ),
        upright(
            "MarginAboveOfTheFaceImage",
            f64::from(eyes.y) / to_chin,
            1.4,
            0.3,
        ),
        upright(
            "MarginBelowOfTheFaceImage",
            (height - f64::from(eyes.y)) / to_chin,
            1.8,
            0.85,
        ),
    ]
}

/// Beyond the eye the cheek and temple need about half an inter-eye distance.
fn sideways(name: &'static str, native: f64) -> Measure {
    Measure::new(name, native, rising(native, 0.9, 0.1)).because(
        Defect::CutOff,
        false,
        native < 0.45,
    )
}

/// `least` is where brows or mouth begin to be cut.
fn upright(name: &'static str, native: f64, middle: f64, least: f64) -> Measure {
    Measure::new(name, native, rising(native, middle, 0.1)).because(
        Defect::CutOff,
        false,
        native < least,
    )
}
