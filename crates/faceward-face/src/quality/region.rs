//! The face alone: an aligned picture and a mask of what lies within the outline of jaw and brows.
#![allow(
    clippy::indexing_slicing,
    reason = "rows and columns run over the fixed side of the picture"
)]

use zeroize::Zeroizing;

use super::{LEFT_EYE, MOUTH, RIGHT_EYE, middle};
use crate::faceprint::CELLS;
use crate::sample::{self, Affine};
use crate::{Face, FaceError, Image, Point, align};

/// Side of the aligned picture, in pixels: about 80 between the eyes.
pub(super) const SIDE: usize = 256;

/// What the components over light and colour look at; a face smaller than this is enlarged and shows it by its blur.
pub(super) struct Region {
    /// `SIDE`×`SIDE` interleaved RGB.
    rgb: Zeroizing<Vec<u8>>,
    /// Its luma (ITU-R BT.601), as the eye grades grey, 0 to 255.
    luma: Zeroizing<Vec<u8>>,
    /// Which pixels belong to the face and to the image.
    mask: Vec<bool>,
    /// Left and top of the squares of [`Region::cheeks`], and their side.
    cheeks: [(usize, usize); 2],
    side: usize,
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
        let (cheeks, side) = squares(&here);
        let rgb = sample::rgb(image, &map, SIDE);
        let grey = rgb
            .chunks_exact(3)
            .map(|p| sample::luma([p[0], p[1], p[2]]));
        Ok(Region {
            luma: Zeroizing::new(grey.collect()),
            rgb,
            mask,
            cheeks,
            side,
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

    /// Share of the face's pixels with a luma in a range, 0 to 1; not a number when no pixel is left.
    pub(super) fn luma_share(&self, range: std::ops::RangeInclusive<u8>) -> f64 {
        let face = || {
            self.luma
                .iter()
                .zip(&self.mask)
                .filter(|(_, inside)| **inside)
        };
        face().filter(|(luma, _)| range.contains(luma)).count() as f64 / face().count() as f64
    }

    /// Shares of the face's pixels by luminance: the standard's, linear in light, from the primaries of ITU-R BT.709,
    /// at 256 levels. Not a number when no pixel is left.
    pub(super) fn histogram(&self) -> [f64; 256] {
        let pixels = self.rgb.chunks_exact(3).zip(&self.mask);
        shares(
            pixels
                .filter(|(_, inside)| **inside)
                .map(|(pixel, _)| pixel),
        )
    }

    /// The same of both cheeks.
    pub(super) fn cheek_histograms(&self) -> [[f64; 256]; 2] {
        self.cheeks.map(|cheek| {
            let pixels = self.square(cheek);
            shares(pixels.map(|at| &self.rgb[3 * at..3 * at + 3]))
        })
    }

    /// Mean luma of both cheeks, 0 to 255.
    pub(super) fn cheek_lumas(&self) -> [f64; 2] {
        self.cheeks
            .map(|cheek| mean(self.square(cheek).map(|at| self.luma[at])))
    }

    /// Mean colour of both cheeks together, 0 to 255, over the cells of a face's last map that count; not numbers when
    /// none does.
    pub(super) fn cheeks(&self, counts: impl Fn(usize) -> bool) -> [f64; 3] {
        let cell = |at: usize| at / SIDE * CELLS / SIDE * CELLS + at % SIDE * CELLS / SIDE;
        let squares = || self.cheeks.into_iter().flat_map(|cheek| self.square(cheek));
        let both = || squares().filter(|at| counts(cell(*at)));
        [0, 1, 2].map(|channel| mean(both().map(|at| self.rgb[3 * at + channel])))
    }

    /// The pixels of a cheek's square.
    fn square(&self, (left, top): (usize, usize)) -> impl Iterator<Item = usize> {
        let (right, bottom) = ((left + self.side).min(SIDE), (top + self.side).min(SIDE));
        (top..bottom).flat_map(move |row| (left..right).map(move |column| row * SIDE + column))
    }
}

/// The standard's squares on both cheeks: 0.3 inter-eye distances wide, from the middle of each eye outwards, and
/// downwards from half-way between eyes and mouth.
fn squares(points: &[Point; 68]) -> ([(usize, usize); 2], usize) {
    let [left, right, mouth] = [LEFT_EYE, RIGHT_EYE, MOUTH].map(|two| middle(points, two));
    let side = (0.3 * (right.x - left.x)).max(1.0);
    let half = (mouth.y - (left.y + right.y) / 2.0) / 2.0;
    let at = |x: f32, y: f32| {
        [x, y]
            .map(|v| v.clamp(0.0, (SIDE - 1) as f32) as usize)
            .into()
    };
    (
        [
            at(left.x - side, left.y + half),
            at(right.x, right.y + half),
        ],
        side as usize,
    )
}

/// A value of sRGB in linear light, both 0 to 1.
pub(super) fn linear(value: f64) -> f64 {
    if value <= 0.04045 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

fn shares<'a>(pixels: impl Iterator<Item = &'a [u8]>) -> [f64; 256] {
    let light: Vec<f64> = (0..256).map(|v| linear(f64::from(v) / 255.0)).collect();
    let mut shares = [0.0; 256];
    let mut count = 0.0;
    for pixel in pixels {
        let [r, g, b] = [0, 1, 2].map(|channel| light[usize::from(pixel[channel])]);
        let level = 255.0 * (0.2126 * r + 0.7152 * g + 0.0722 * b);
        shares[level.round() as usize] += 1.0;
        count += 1.0;
    }
    shares.map(|pixels| pixels / count)
}

fn mean(values: impl Iterator<Item = u8>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), v| {
        (sum + f64::from(v), count + 1.0)
    });
    sum / count
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
