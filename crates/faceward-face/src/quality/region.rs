//! The face alone: an aligned luminance picture and a mask of what lies within the outline of jaw and brows.
#![allow(
    clippy::indexing_slicing,
    reason = "rows and columns run over the fixed side of the picture"
)]

use zeroize::Zeroizing;

use super::{LEFT_EYE, RIGHT_EYE, middle};
use crate::sample::{self, Affine};
use crate::{Face, FaceError, Image, Point, align};

/// Side of the aligned picture, in pixels: about 80 between the eyes.
pub(super) const SIDE: usize = 256;

/// What the components over luminance look at.
pub(super) struct Region {
    /// `SIDE`×`SIDE` luma values, 0 to 255; a face smaller than this is enlarged and shows it by its blur.
    pub(super) luma: Zeroizing<Vec<u8>>,
    /// Which pixels belong to the face and to the image.
    mask: Vec<bool>,
    /// Middles of the eyes and of the mouth in this picture.
    pub(super) left_eye: Point,
    pub(super) right_eye: Point,
    pub(super) mouth: Point,
}

impl Region {
    pub(super) fn of(
        image: &Image,
        face: &Face,
        points: &[Point; 68],
    ) -> Result<Region, FaceError> {
        let map = enlarged(&align::to_image(&face.points)?);
        let here = points.map(|p| map.back(p));
        // Jaw from ear to ear, then the brows back from right to left.
        let outline: Vec<Point> = here[..17]
            .iter()
            .chain(here[17..27].iter().rev())
            .copied()
            .collect();
        let mut mask = inside(&outline);
        for (at, inside) in mask.iter_mut().enumerate() {
            let p = map.at((at % SIDE) as f32, (at / SIDE) as f32);
            *inside &= p.x >= 0.0
                && p.y >= 0.0
                && p.x <= (image.width() - 1) as f32
                && p.y <= (image.height() - 1) as f32;
        }
        Ok(Region {
            luma: sample::grey(image, &map, SIDE),
            mask,
            left_eye: middle(&here, LEFT_EYE),
            right_eye: middle(&here, RIGHT_EYE),
            mouth: middle(&here, 48..68),
        })
    }

    /// Luma at a row and column.
    pub(super) fn at(&self, row: usize, column: usize) -> f64 {
        f64::from(self.luma[row * SIDE + column])
    }

    /// Whether a row and column belong to the face.
    pub(super) fn shows(&self, row: usize, column: usize) -> bool {
        self.mask[row * SIDE + column]
    }

    /// The luma of the face's pixels.
    pub(super) fn face(&self) -> impl Iterator<Item = u8> {
        let pixels = self.luma.iter().zip(&self.mask);
        pixels.filter(|(_, inside)| **inside).map(|(luma, _)| *luma)
    }

    /// Share of the face's pixels with a luma in a range, 0 to 1; not a number when no pixel is left.
    pub(super) fn share(&self, range: std::ops::RangeInclusive<u8>) -> f64 {
        let hits = self.face().filter(|luma| range.contains(luma)).count();
        hits as f64 / self.face().count() as f64
    }
}

/// The map of the 112 crop, for a crop of `SIDE`.
fn enlarged(map: &Affine) -> Affine {
    let k = align::SIDE as f32 / SIDE as f32;
    Affine {
        xx: map.xx * k,
        xy: map.xy * k,
        yx: map.yx * k,
        yy: map.yy * k,
        ..*map
    }
}

/// Pixels inside a closed outline (even-odd rule on pixel middles).
fn inside(outline: &[Point]) -> Vec<bool> {
    let mut mask = vec![false; SIDE * SIDE];
    for row in 0..SIDE {
        let y = row as f32;
        let ends = outline.iter().zip(outline.iter().cycle().skip(1));
        let mut crossings: Vec<f32> = ends
            .filter(|(a, b)| (a.y <= y) != (b.y <= y))
            .map(|(a, b)| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
            .collect();
        crossings.sort_by(f32::total_cmp);
        for pair in crossings.chunks_exact(2) {
            let from = pair[0].clamp(0.0, SIDE as f32) as usize;
            let to = pair[1].clamp(0.0, SIDE as f32) as usize;
            mask[row * SIDE + from..row * SIDE + to].fill(true);
        }
    }
    mask
}
