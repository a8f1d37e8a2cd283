//! Five points to the crop the embedder asks for, by similarity transform.

use zeroize::Zeroizing;

use crate::detect::Point;
use crate::sample::{self, Affine};
use crate::{FaceError, Image, light};

/// Side of the aligned crop, in pixels.
pub(crate) const SIDE: usize = 112;

/// Where the five points lie in the aligned 112×112 crop: left and right eye, nose tip, left and right mouth corner as
/// the viewer sees them. The template of ArcFace (Deng et al., CVPR 2019).
pub(crate) const TEMPLATE: [Point; 5] = [
    Point {
        x: 38.2946,
        y: 51.6963,
    },
    Point {
        x: 73.5318,
        y: 51.5014,
    },
    Point {
        x: 56.0252,
        y: 71.7366,
    },
    Point {
        x: 41.5493,
        y: 92.3655,
    },
    Point {
        x: 70.7299,
        y: 92.2041,
    },
];

/// The aligned crop: 112×112 interleaved RGB.
///
/// # Errors
/// [`FaceError::Unalignable`] when the points coincide or are not finite.
pub(crate) fn crop(image: &Image, points: &[Point; 5]) -> Result<Zeroizing<Vec<u8>>, FaceError> {
    Ok(sample::rgb(image, &to_image(points)?, SIDE))
}

/// The aligned crop as the embedder sees it: a dark one is brightened.
///
/// # Errors
/// As [`crop`].
pub(crate) fn lit(image: &Image, points: &[Point; 5]) -> Result<Zeroizing<Vec<u8>>, FaceError> {
    let mut crop = crop(image, points)?;
    light::level(&mut crop);
    Ok(crop)
}

/// A picture of interleaved RGB seen in a mirror; `width` in pixels.
pub(crate) fn mirror(rgb: &[u8], width: usize) -> Zeroizing<Vec<u8>> {
    let rows = rgb.chunks_exact(3 * width);
    Zeroizing::new(
        rows.flat_map(|row| row.rchunks_exact(3).flatten().copied())
            .collect(),
    )
}

/// The map from the aligned crop back to the image: the least-squares similarity of Umeyama (PAMI 1991), which in the
/// plane and without reflection needs no singular value decomposition.
pub(crate) fn to_image(points: &[Point; 5]) -> Result<Affine, FaceError> {
    let (from, to) = (mean(points), mean(&TEMPLATE));
    let (mut along, mut across, mut spread) = (0.0, 0.0, 0.0);
    for (p, q) in points.iter().zip(&TEMPLATE) {
        let (px, py) = (f64::from(p.x) - from.0, f64::from(p.y) - from.1);
        let (qx, qy) = (f64::from(q.x) - to.0, f64::from(q.y) - to.1);
        along += px * qx + py * qy;
        across += px * qy - py * qx;
        spread += px * px + py * py;
    }
    // Image to crop is [[a, -b], [b, a]]; what sampling needs is the way back.
    let (a, b) = (along / spread, across / spread);
    let scale = a * a + b * b;
    if !scale.is_normal() || !(1.0 / scale).is_normal() {
        return Err(FaceError::Unalignable);
    }
    let (c, s) = (a / scale, b / scale);
    Ok(Affine {
        xx: c as f32,
        xy: s as f32,
        x0: (from.0 - c * to.0 - s * to.1) as f32,
        yx: -s as f32,
        yy: c as f32,
        y0: (from.1 + s * to.0 - c * to.1) as f32,
    })
}

fn mean(points: &[Point; 5]) -> (f64, f64) {
    let sum = |f: fn(&Point) -> f32| points.iter().map(|p| f64::from(f(p))).sum::<f64>() / 5.0;
    (sum(|p| p.x), sum(|p| p.y))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(scale: f32, turn: f32, by: (f32, f32)) -> [Point; 5] {
        let (s, c) = turn.sin_cos();
        TEMPLATE.map(|p| Point {
            x: scale * (c * p.x - s * p.y) + by.0,
            y: scale * (s * p.x + c * p.y) + by.1,
        })
    }

    #[test]
    fn a_turned_and_scaled_face_comes_back_onto_the_template() {
        for (scale, turn, by) in [
            (1.0, 0.0, (0.0, 0.0)),
            (7.5, 0.6, (300.0, -20.0)),
            (0.2, -2.9, (4.0, 9.0)),
        ] {
            let points = moved(scale, turn, by);
            let map = to_image(&points).unwrap();
            for (at, point) in TEMPLATE.iter().zip(&points) {
                let back = map.at(at.x, at.y);
                assert!((back.x - point.x).abs() < 1e-2 && (back.y - point.y).abs() < 1e-2);
            }
        }
    }

    #[test]
    fn points_that_coincide_or_are_not_finite_are_refused() {
        let same = [Point { x: 3.0, y: 4.0 }; 5];
        assert!(matches!(to_image(&same), Err(FaceError::Unalignable)));
        let mut wild = TEMPLATE;
        wild[2].x = f32::NAN;
        assert!(matches!(to_image(&wild), Err(FaceError::Unalignable)));
    }

    #[test]
    fn a_mirror_image_swaps_left_and_right_and_keeps_the_colours() {
        let crop: Vec<u8> = (0..3 * 112 * 112).map(|i| (i % 251) as u8).collect();
        let once = mirror(&crop, SIDE);
        assert_eq!(once[..3], crop[3 * 111..3 * 112]);
        assert_eq!(*mirror(&once, SIDE), crop);
    }

    #[test]
    fn the_mirror_image_of_one_pixel_of_another_width_keeps_its_colours() {
        let mut crop = vec![0; 3 * 128 * 128];
        crop[..3].copy_from_slice(&[1, 2, 3]);
        let crop = mirror(&crop, 128);
        assert_eq!(crop[3 * 128 - 3..3 * 128], [1, 2, 3]);
        assert_eq!(crop[..3], [0, 0, 0]);
    }

    #[test]
    fn a_face_far_larger_than_the_crop_is_averaged_and_not_picked_from() {
        // A checkerboard of single pixels is grey from afar; picking pixels would give black and white.
        let side = 1200_u32;
        let board = (0..side * side).flat_map(|i| {
            let white = (i % side + i / side).is_multiple_of(2);
            [if white { 255 } else { 0 }; 3]
        });
        let image = Image::from_rgb(side, side, board.collect()).unwrap();
        let crop = crop(&image, &moved(9.7, 0.3, (20.0, 20.0))).unwrap();
        let middle = &crop[3 * (56 * SIDE)..3 * (57 * SIDE)];
        assert!(middle.iter().all(|v| (110..=145).contains(v)));
    }
}
