//! `MouthClosed`: native value is the widest gap between the inner lips, as a share of the distance from the eye line to
//! the chin.

use super::{Defect, Measure, eye_to_chin, rising, widest};
use crate::Point;

pub(super) fn measure(points: &[Point; 68]) -> Measure {
    let native = widest(points, &[(61, 67), (62, 66), (63, 65)]) / eye_to_chin(points);
    let quality = 100.0 - rising(native, 0.2, 0.06);
    Measure::new("MouthClosed", native, quality).because(Defect::MouthOpen, native > 0.2, false)
}
