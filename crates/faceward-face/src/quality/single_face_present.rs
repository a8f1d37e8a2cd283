//! `SingleFacePresent`: native value is 0 where the picture shows one face, else the square root of the second largest
//! box's area over the largest one's: 1 where both are alike, and where nobody is seen.

use super::{Component, Measure};
use crate::Face;

/// Whether a picture shows one person, from all faces found in it: a property of the picture, not of one face.
pub fn single_face_present(faces: &[Face]) -> Component {
    let mut areas: Vec<f64> = faces
        .iter()
        .map(|face| f64::from(face.rect.width) * f64::from(face.rect.height))
        .collect();
    areas.sort_by(|a, b| b.total_cmp(a));
    let native = match areas[..] {
        [] => 1.0,
        [_] => 0.0,
        [largest, second, ..] => (second / largest).sqrt(),
    };
    Measure::new("SingleFacePresent", native, 100.0 * (1.0 - native)).component
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Point, Rect};

    #[test]
    fn the_more_the_largest_face_stands_out_the_better() {
        let face = |side: f32| Face {
            rect: Rect {
                x: 0.0,
                y: 0.0,
                width: side,
                height: side,
            },
            points: [Point { x: 0.0, y: 0.0 }; 5],
            confidence: 1.0,
        };
        let value = |faces: &[Face]| single_face_present(faces).value;
        assert_eq!(value(&[]), Some(0));
        assert_eq!(value(&[face(50.0)]), Some(100));
        assert_eq!(value(&[face(10.0), face(50.0), face(5.0)]), Some(80));
        assert_eq!(value(&[face(50.0), face(50.0)]), Some(0));
    }
}
