//! Several boxes on one face become the best of them (non-maximum suppression).

use super::{Face, Rect};

/// Two boxes whose common area is at least this share of their union are the same face.
const SAME: f32 = 0.3;
/// A box with this share of its own area inside a better one is part of the same face, as when a closer view shows
/// only half of a large face.
const INSIDE: f32 = 0.75;

/// Best first; of overlapping faces only the most confident.
pub(super) fn best(mut faces: Vec<Face>) -> Vec<Face> {
    faces.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut kept: Vec<Face> = Vec::new();
    for face in faces {
        if kept.iter().all(|better| !same(&better.rect, &face.rect)) {
            kept.push(face);
        }
    }
    kept
}

fn same(a: &Rect, b: &Rect) -> bool {
    let width = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
    let height = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
    if width <= 0.0 || height <= 0.0 {
        return false;
    }
    let common = width * height;
    let (first, second) = (a.width * a.height, b.width * b.height);
    common >= SAME * (first + second - common) || common >= INSIDE * first.min(second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Point;

    fn face(x: f32, y: f32, side: f32, confidence: f32) -> Face {
        Face {
            rect: Rect {
                x,
                y,
                width: side,
                height: side,
            },
            points: [Point { x, y }; 5],
            confidence,
        }
    }

    #[test]
    fn the_most_confident_of_overlapping_boxes_stays() {
        let faces = vec![
            face(0.0, 0.0, 100.0, 0.6),
            face(10.0, 5.0, 100.0, 0.9),
            face(300.0, 0.0, 80.0, 0.7),
        ];
        let kept: Vec<f32> = best(faces).iter().map(|f| f.confidence).collect();
        assert_eq!(kept, [0.9, 0.7]);
    }

    #[test]
    fn a_part_of_a_large_face_is_not_a_second_face() {
        let faces = vec![face(0.0, 0.0, 400.0, 0.8), face(50.0, 50.0, 120.0, 0.6)];
        assert_eq!(best(faces).len(), 1);
    }

    #[test]
    fn neighbours_that_touch_both_stay() {
        let faces = vec![face(0.0, 0.0, 100.0, 0.8), face(70.0, 0.0, 100.0, 0.6)];
        assert_eq!(best(faces).len(), 2);
    }
}
