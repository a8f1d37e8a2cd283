//! Taking a small picture out of a large one through an affine map, without aliasing.
#![allow(
    clippy::indexing_slicing,
    reason = "coordinates are clamped to the picture before they index it"
)]

use zeroize::Zeroizing;

use crate::Image;
use crate::detect::Point;

/// An affine map of points of an output picture to points of an [`Image`]:
/// `x = xx·u + xy·v + x0`, `y = yx·u + yy·v + y0`, in pixels whose centres have whole coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Affine {
    pub(crate) xx: f32,
    pub(crate) xy: f32,
    pub(crate) x0: f32,
    pub(crate) yx: f32,
    pub(crate) yy: f32,
    pub(crate) y0: f32,
}

impl Affine {
    /// Maps a `side`×`side` output onto an upright rectangle of the picture, corner on corner.
    pub(crate) fn onto(left: f32, top: f32, width: f32, height: f32, side: usize) -> Affine {
        let (xx, yy) = (width / side as f32, height / side as f32);
        let x0 = left + 0.5 * xx - 0.5;
        let y0 = top + 0.5 * yy - 0.5;
        Affine {
            xx,
            xy: 0.0,
            x0,
            yx: 0.0,
            yy,
            y0,
        }
    }

    /// Where the output point `(u, v)` lies in the picture.
    pub(crate) fn at(&self, u: f32, v: f32) -> Point {
        Point {
            x: self.xx * u + self.xy * v + self.x0,
            y: self.yx * u + self.yy * v + self.y0,
        }
    }

    /// The output point that lies at a point of the picture.
    pub(crate) fn back(&self, p: Point) -> Point {
        let (x, y) = (p.x - self.x0, p.y - self.y0);
        let area = self.xx * self.yy - self.xy * self.yx;
        Point {
            x: (self.yy * x - self.xy * y) / area,
            y: (self.xx * y - self.yx * x) / area,
        }
    }

    /// Picture pixels between neighbouring output pixels, the larger of both directions.
    fn step(&self) -> f32 {
        self.xx.hypot(self.yx).max(self.xy.hypot(self.yy))
    }
}

/// `side`×`side` interleaved RGB. Bilinear; where output pixels lie far apart in the picture each is the mean of a grid
/// of bilinear samples about one picture pixel apart, so that nothing aliases. Beyond the picture its edge goes on.
pub(crate) fn rgb(image: &Image, map: &Affine, side: usize) -> Zeroizing<Vec<u8>> {
    // A step of up to 1.25 is plain bilinear sampling, as the embedder was measured with; 64 bounds the work on faces
    // of more than 7000 pixels.
    sampled(
        image,
        map,
        side,
        (map.step() - 0.25).ceil().clamp(1.0, 64.0) as usize,
    )
}

/// The same with one bilinear sample for each output pixel, aliasing and all: what a net sees that was trained on
/// pictures shrunk so.
pub(crate) fn rgb_plain(image: &Image, map: &Affine, side: usize) -> Zeroizing<Vec<u8>> {
    sampled(image, map, side, 1)
}

fn sampled(image: &Image, map: &Affine, side: usize, grid: usize) -> Zeroizing<Vec<u8>> {
    let inner: Vec<f32> = (0..grid)
        .map(|i| (i as f32 + 0.5) / grid as f32 - 0.5)
        .collect();
    let share = 1.0 / (grid * grid) as f32;
    let mut out = Zeroizing::new(Vec::with_capacity(side * side * 3));
    for v in 0..side {
        for u in 0..side {
            let mut sum = [0.0; 3];
            for dv in &inner {
                for du in &inner {
                    let pixel = bilinear(image, map.at(u as f32 + du, v as f32 + dv));
                    for (sum, value) in sum.iter_mut().zip(pixel) {
                        *sum += value;
                    }
                }
            }
            out.extend(sum.map(|s| (s * share).round().clamp(0.0, 255.0) as u8));
        }
    }
    out
}

/// The same in grey, by the luma weights of ITU-R BT.601 that photo tools use.
pub(crate) fn grey(image: &Image, map: &Affine, side: usize) -> Zeroizing<Vec<u8>> {
    let colour = rgb(image, map, side);
    Zeroizing::new(
        colour
            .chunks_exact(3)
            .map(|p| luma([p[0], p[1], p[2]]))
            .collect(),
    )
}

/// Luma of one pixel, ITU-R BT.601, 0 to 255.
pub(crate) fn luma([r, g, b]: [u8; 3]) -> u8 {
    ((u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114 + 500) / 1000) as u8
}

fn bilinear(image: &Image, at: Point) -> [f32; 3] {
    let (width, height) = (image.width() as usize, image.height() as usize);
    // A NaN would become 0 in the casts below.
    let x = at.x.clamp(0.0, (width - 1) as f32);
    let y = at.y.clamp(0.0, (height - 1) as f32);
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
    let (fx, fy) = (x - left as f32, y - top as f32);
    let pixels = image.rgb();
    let pixel = |x: usize, y: usize, c: usize| f32::from(pixels[3 * (y * width + x) + c]);
    std::array::from_fn(|c| {
        let above = pixel(left, top, c) * (1.0 - fx) + pixel(right, top, c) * fx;
        let below = pixel(left, bottom, c) * (1.0 - fx) + pixel(right, bottom, c) * fx;
        above * (1.0 - fy) + below * fy
    })
}
