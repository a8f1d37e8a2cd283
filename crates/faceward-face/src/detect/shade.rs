//! Placing the points of a face in hard light, where one look misleads.
//!
//! The face is looked at several times: nearer and nearer, brightened and with its light taken out, as it is and
//! mirrored. Box and points become the median of all looks, which one that went astray does not move.

use faceward_nets::{CenterFace, Threads};

use super::closer::{in_image, nearest, square};
use super::{DOUBTFUL, Face, Point, Rect, maps, overlap};
use crate::sample::{self, Affine};
use crate::{FaceError, Image, align, light};

/// How wide each round looks, in sides of the face, and at how many pixels.
const ROUNDS: [(f32, usize); 3] = [(3.0, 192), (2.0, 160), (1.6, 128)];

/// Whether the face lies in hard light, as far as its points tell.
pub(super) fn is_in(image: &Image, face: &Face) -> bool {
    align::crop(image, &face.points).is_ok_and(|crop| light::hard(&crop))
}

/// The face with box and points from all looks.
pub(super) fn look(
    net: &CenterFace,
    image: &Image,
    face: Face,
    threads: &Threads,
) -> Result<Face, FaceError> {
    let mut seen = vec![face];
    for (around, side) in ROUNDS {
        let middle = median(&seen).unwrap_or(face);
        let (corner, wide) = square(&middle.rect, around);
        let map = Affine::onto(corner.x, corner.y, wide, wide, side);
        let plain = sample::rgb(image, &map, side);
        for copy in [light::brighter(&plain, side), light::even(&plain, side)] {
            for mirrored in [false, true] {
                let copy = if mirrored {
                    align::mirror(&copy, side)
                } else {
                    copy.clone()
                };
                let maps = net.run(&copy, side, side, threads)?;
                let found = overlap::best(maps::faces(&maps, DOUBTFUL)).into_iter();
                let found = found
                    .map(|face| if mirrored { turned(face, side) } else { face })
                    .map(|face| in_image(face, corner, wide / side as f32));
                seen.extend(nearest(found, &middle));
            }
        }
    }
    let mut placed = median(&seen).unwrap_or(face);
    placed.confidence = face.confidence;
    Ok(placed)
}

/// A face of a mirrored picture, where it lies in the picture itself.
fn turned(face: Face, side: usize) -> Face {
    let across = |x: f32| side as f32 - x;
    let [left_eye, right_eye, nose, left_mouth, right_mouth] = face.points.map(|p| Point {
        x: across(p.x),
        y: p.y,
    });
    Face {
        rect: Rect {
            x: across(face.rect.x + face.rect.width),
            ..face.rect
        },
        points: [right_eye, left_eye, nose, right_mouth, left_mouth],
        confidence: face.confidence,
    }
}

/// Each coordinate's median; `None` of no faces.
fn median(faces: &[Face]) -> Option<Face> {
    let middle = |value: &dyn Fn(&Face) -> f32| {
        let mut values: Vec<f32> = faces.iter().map(value).collect();
        values.sort_by(f32::total_cmp);
        let half = values.len() / 2;
        let (_, upper) = values.split_at_checked(half)?;
        let upper = *upper.first()?;
        let lower = *values.get(values.len().checked_sub(1)? / 2)?;
        Some((lower + upper) / 2.0)
    };
    let mut face = *faces.first()?;
    face.rect = Rect {
        x: middle(&|f| f.rect.x)?,
        y: middle(&|f| f.rect.y)?,
        width: middle(&|f| f.rect.width)?,
        height: middle(&|f| f.rect.height)?,
    };
    for (i, point) in face.points.iter_mut().enumerate() {
        let at = |f: &Face| f.points.get(i).copied().unwrap_or(f.rect.centre());
        *point = Point {
            x: middle(&|f| at(f).x)?,
            y: middle(&|f| at(f).y)?,
        };
    }
    Some(face)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(x: f32) -> Face {
        Face {
            rect: Rect {
                x,
                y: 10.0,
                width: 20.0,
                height: 30.0,
            },
            points: [12.0, 18.0, 15.0, 13.0, 17.0].map(|by| Point { x: x + by, y: 20.0 }),
            confidence: 0.5,
        }
    }

    #[test]
    fn one_look_that_went_astray_moves_nothing() {
        let placed = median(&[face(5.0), face(7.0), face(90.0)]).unwrap();
        assert_eq!(placed, face(7.0));
        assert_eq!(median(&[face(5.0), face(7.0)]).unwrap(), face(6.0));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn a_face_turned_twice_is_itself_and_left_stays_left() {
        let once = turned(face(5.0), 64);
        assert_eq!(turned(once, 64), face(5.0));
        assert!(once.points[0].x < once.points[1].x && once.points[3].x < once.points[4].x);
    }
}
