//! One look of the detector: a rectangle of the image at a scale, on grey where it reaches beyond the image.

use faceward_nets::{CenterFace, Threads};
use fast_image_resize as resize;
use zeroize::Zeroizing;

use super::{Face, Point, Rect, maps, overlap};
use crate::{FaceError, Image, light};

/// The net takes sides that are multiples of this.
const MULTIPLE: u32 = 32;
/// Largest side of a tile, in net pixels: bounds the net's memory whatever the picture.
const TILE: u32 = 1024;
/// How far tiles overlap, in net pixels: larger faces are seen whole by the overview.
const OVERLAP: u32 = 192;

/// A part of the image (in its pixels, not beyond it), how much it is scaled, and a grey frame around it in net pixels.
pub(super) struct View {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    scale: f64,
    frame: u32,
    /// Whether the image goes on beyond the left, top, right and bottom edge.
    cut: [bool; 4],
    /// Whether the net is shown the view without its light.
    pub(super) even: bool,
}

impl View {
    pub(super) fn whole(image: &Image, scale: f32) -> View {
        View::framed(image, scale, 0.0)
    }

    /// The whole image with grey around it, `frame` times its longer side on each edge.
    pub(super) fn framed(image: &Image, scale: f32, frame: f32) -> View {
        let longest = image.width().max(image.height()) as f32;
        View {
            left: 0.0,
            top: 0.0,
            width: f64::from(image.width()),
            height: f64::from(image.height()),
            scale: f64::from(scale),
            frame: (frame * longest * scale) as u32,
            cut: [false; 4],
            even: false,
        }
    }

    /// Overlapping tiles that together show the whole image at `scale`.
    pub(super) fn tiles(image: &Image, scale: f32) -> Vec<View> {
        let scale = f64::from(scale);
        let mut tiles = Vec::new();
        for (top, height, above, below) in spans(f64::from(image.height()), scale) {
            for (left, width, before, after) in spans(f64::from(image.width()), scale) {
                tiles.push(View {
                    left,
                    top,
                    width,
                    height,
                    scale,
                    frame: 0,
                    cut: [before, above, after, below],
                    even: false,
                });
            }
        }
        tiles
    }

    /// The faces in this view, in pixels of the image, best first. Faces cut off by the view but not by the image are
    /// left to the neighbouring view.
    pub(super) fn faces(
        &self,
        net: &CenterFace,
        image: &Image,
        least: f32,
        threads: &Threads,
    ) -> Result<Vec<Face>, FaceError> {
        let wide = ((self.width * self.scale).round() as u32).max(1);
        let high = ((self.height * self.scale).round() as u32).max(1);
        let width = (wide + 2 * self.frame).next_multiple_of(MULTIPLE);
        let height = (high + 2 * self.frame).next_multiple_of(MULTIPLE);
        let mut scaled = self.scaled(image, wide, high);
        if self.even {
            scaled = light::even(&scaled, wide as usize);
        }
        let canvas = on_grey(&scaled, wide, self.frame, width, height);
        let maps = net.run(&canvas, width as usize, height as usize, threads)?;
        let found = maps::faces(&maps, least);
        let whole = found
            .into_iter()
            .filter(|face| !self.cuts(face, wide, high));
        let (sx, sy) = (self.width / f64::from(wide), self.height / f64::from(high));
        Ok(overlap::best(
            whole.map(|face| self.to_image(face, sx, sy)).collect(),
        ))
    }

    fn scaled(&self, image: &Image, wide: u32, high: u32) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(vec![0; 3 * wide as usize * high as usize]);
        let filter = resize::ResizeAlg::Convolution(resize::FilterType::Bilinear);
        let options = resize::ResizeOptions::new().resize_alg(filter).crop(
            self.left,
            self.top,
            self.width,
            self.height,
        );
        // With the pixel type named, only its kernels are compiled.
        type Pixels<'p> = resize::images::TypedImageRef<'p, resize::pixels::U8x3>;
        let source = Pixels::from_buffer(image.width(), image.height(), image.rgb());
        let target = resize::images::TypedImage::from_buffer(wide, high, &mut out);
        // Both buffers were made for their sizes and the crop lies inside, so neither can fail; a black view that
        // shows no face is the harmless answer if one did.
        if let (Ok(source), Ok(mut target)) = (source, target) {
            let _ = resize::Resizer::new().resize_typed(&source, &mut target, &options);
        }
        out
    }

    fn cuts(&self, face: &Face, wide: u32, high: u32) -> bool {
        let Rect {
            x,
            y,
            width,
            height,
        } = face.rect;
        let [left, top, right, bottom] = self.cut;
        (left && x < 1.0)
            || (top && y < 1.0)
            || (right && x + width > wide as f32 - 1.0)
            || (bottom && y + height > high as f32 - 1.0)
    }

    fn to_image(&self, face: Face, sx: f64, sy: f64) -> Face {
        let frame = f64::from(self.frame);
        let x = |x: f32| ((f64::from(x) - frame) * sx + self.left) as f32;
        let y = |y: f32| ((f64::from(y) - frame) * sy + self.top) as f32;
        Face {
            rect: Rect {
                x: x(face.rect.x),
                y: y(face.rect.y),
                width: (f64::from(face.rect.width) * sx) as f32,
                height: (f64::from(face.rect.height) * sy) as f32,
            },
            points: face.points.map(|p| Point {
                x: x(p.x),
                y: y(p.y),
            }),
            confidence: face.confidence,
        }
    }
}

/// Start, length, and whether the image goes on before and after, in image pixels, of tiles along one side.
fn spans(length: f64, scale: f64) -> Vec<(f64, f64, bool, bool)> {
    let scaled = length * scale;
    let (tile, overlap) = (f64::from(TILE), f64::from(OVERLAP));
    let count = ((scaled - overlap) / (tile - overlap)).ceil().max(1.0) as u32;
    let each = (scaled + overlap * f64::from(count - 1)) / f64::from(count);
    let span = |i: u32| {
        let start = (f64::from(i) * (each - overlap) / scale).clamp(0.0, length - 1.0);
        let end = (start + each / scale).min(length);
        (start, end - start, i > 0, i + 1 < count)
    };
    (0..count).map(span).collect()
}

/// Lays the scaled view on a grey canvas of the net's size.
fn on_grey(rgb: &[u8], wide: u32, frame: u32, width: u32, height: u32) -> Zeroizing<Vec<u8>> {
    const GREY: u8 = 127;
    let mut canvas = Zeroizing::new(vec![GREY; 3 * width as usize * height as usize]);
    let rows = canvas
        .chunks_exact_mut(3 * width as usize)
        .skip(frame as usize);
    for (row, line) in rows.zip(rgb.chunks_exact(3 * wide as usize)) {
        let at = 3 * frame as usize;
        if let Some(place) = row.get_mut(at..at + line.len()) {
            place.copy_from_slice(line);
        }
    }
    canvas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_a_line_and_overlap() {
        for (length, scale) in [
            (1920.0, 1.0),
            (4000.0, 0.48),
            (1000.0, 1.0),
            (65_000.0, 0.03),
            (3.0, 1.0),
        ] {
            let spans = spans(length, scale);
            assert_eq!(spans.first().map(|s| s.0), Some(0.0));
            let (start, size, _, more) = *spans.last().unwrap();
            assert!((start + size - length).abs() < 0.5 && !more);
            for pair in spans.windows(2) {
                let shared = (pair[0].0 + pair[0].1 - pair[1].0) * scale;
                assert!(
                    (shared - f64::from(OVERLAP)).abs() < 1.0,
                    "overlap {shared}"
                );
            }
            assert!(spans.iter().all(|s| s.1 * scale <= f64::from(TILE) + 1.0));
        }
    }
}
