//! Alternating lines: a capture with torn or interlaced rows looks sharp to every other measure. No component of the
//! standard.

use super::region::{Region, SIDE};
use super::{Defect, Reason};

/// Whether neighbouring rows of the face differ far more than neighbouring columns.
pub(super) fn find(region: &Region) -> Option<Reason> {
    let (mut down, mut across) = (0.0, 0.0);
    for row in 1..SIDE - 1 {
        for column in 1..SIDE - 1 {
            if region.shows(row, column) {
                let twice = 2.0 * region.at(row, column);
                down += (region.at(row - 1, column) + region.at(row + 1, column) - twice).abs();
                across += (region.at(row, column - 1) + region.at(row, column + 1) - twice).abs();
            }
        }
    }
    (down > RATIO * across).then_some(Reason {
        defect: Defect::ScanLines,
        prevents_enrolment: true,
    })
}

/// Whole pictures stay below 2; a picture with torn lines reaches 28.
const RATIO: f64 = 4.0;
