//! Covering a face so that nothing of it can be brought back.
//!
//! The whole head with a margin becomes an ellipse of sixteen colours that run into each other: the means of a 4×4 grid,
//! drawn half towards their common mean and rounded to sixteen steps, about 190 bits in all. What lay there cannot be
//! computed from them as it can from a mosaic of small tiles. In a video one cover serves all frames of a person: fresh
//! means for each frame would add up to more than sixteen values.

#![allow(clippy::indexing_slicing, reason = "all arrays are of three colours")]

use crate::{Face, Image, Rect};

/// Cells along a side.
const GRID: usize = 4;
/// Colours are rounded to multiples of this.
const STEP: f32 = 16.0;

/// What a face is replaced by.
#[derive(Clone, Copy)]
pub struct Cover([[f32; 3]; GRID * GRID]);

impl Cover {
    /// For a face in this picture.
    pub fn of(image: &Image, face: &Face) -> Self {
        let head = head(&face.rect, 1.0);
        let mut sums = [[0.0_f64; 4]; GRID * GRID];
        let (width, height) = (image.width() as usize, image.height() as usize);
        for y in inside(head.y, head.height, height) {
            let row = image.rgb().chunks_exact(3 * width).nth(y);
            for x in inside(head.x, head.width, width) {
                let cell = |at: f32, begins: f32, length: f32| {
                    ((at - begins) / length * GRID as f32).clamp(0.0, GRID as f32 - 1.0) as usize
                };
                let (across, down) = (
                    cell(x as f32, head.x, head.width),
                    cell(y as f32, head.y, head.height),
                );
                let pixel = row
                    .and_then(|row| row.get(3 * x..3 * x + 3))
                    .unwrap_or(&[127; 3]);
                if let Some([sum @ .., count]) = sums.get_mut(down * GRID + across) {
                    for (sum, value) in sum.iter_mut().zip(pixel) {
                        *sum += f64::from(*value);
                    }
                    *count += 1.0;
                }
            }
        }
        let all = sums.iter().fold([0.0; 4], |all, cell| {
            std::array::from_fn(|i| all[i] + cell[i])
        });
        let common = mean(all, [127.0; 3]);
        Self(sums.map(|sum| {
            let here = mean(sum, common);
            std::array::from_fn(|i| ((here[i] + common[i]) / 2.0 / STEP).round() * STEP)
        }))
    }

    /// The colour at a place of the box, both 0 to 1.
    fn at(&self, x: f32, y: f32) -> [u8; 3] {
        let place = |share: f32| {
            let at = (share * GRID as f32 - 0.5).clamp(0.0, GRID as f32 - 1.0);
            let first = (at as usize).min(GRID - 2);
            (first, at - first as f32)
        };
        let ((column, right), (row, low)) = (place(x), place(y));
        let cell = |row: usize, column: usize| {
            self.0
                .get(row * GRID + column)
                .copied()
                .unwrap_or([127.0; 3])
        };
        let (a, b) = (cell(row, column), cell(row, column + 1));
        let (c, d) = (cell(row + 1, column), cell(row + 1, column + 1));
        std::array::from_fn(|i| {
            let above = a[i] * (1.0 - right) + b[i] * right;
            let below = c[i] * (1.0 - right) + d[i] * right;
            (above * (1.0 - low) + below * low).clamp(0.0, 255.0) as u8
        })
    }
}

impl Image {
    /// Covers the head that belongs to a face's box; `wider` above 1 covers more around it.
    pub fn cover(&mut self, rect: &Rect, with: &Cover, wider: f32) {
        let head = head(rect, wider);
        let (width, height) = (self.width() as usize, self.height() as usize);
        let middle = head.centre();
        let rgb = self.rgb_mut();
        for y in inside(head.y, head.height, height) {
            for x in inside(head.x, head.width, width) {
                let across = (x as f32 + 0.5 - middle.x) / (head.width / 2.0);
                let down = (y as f32 + 0.5 - middle.y) / (head.height / 2.0);
                let at = 3 * (y * width + x);
                if across * across + down * down <= 1.0
                    && let Some(pixel) = rgb.get_mut(at..at + 3)
                {
                    pixel.copy_from_slice(&with.at((across + 1.0) / 2.0, (down + 1.0) / 2.0));
                }
            }
        }
    }
}

/// The box of the whole head, with hair, ears, chin and a margin, for the tight box of a face.
fn head(rect: &Rect, wider: f32) -> Rect {
    let width = (1.75 * rect.width).max(1.35 * rect.height) * wider;
    let height = 1.7 * rect.height * wider;
    let middle = rect.centre();
    Rect {
        x: middle.x - width / 2.0,
        y: middle.y - 0.1 * rect.height - height / 2.0,
        width,
        height,
    }
}

/// The whole places of a span that lie in the picture.
fn inside(begins: f32, length: f32, most: usize) -> std::ops::Range<usize> {
    let place = |at: f32| (at.max(0.0) as usize).min(most);
    place(begins.floor())..place((begins + length).ceil())
}

fn mean([r, g, b, count]: [f64; 4], otherwise: [f32; 3]) -> [f32; 3] {
    match count > 0.0 {
        true => [r, g, b].map(|sum| (sum / count) as f32),
        false => otherwise,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Point;

    fn face(x: f32, y: f32, side: f32) -> Face {
        let rect = Rect {
            x,
            y,
            width: 0.8 * side,
            height: side,
        };
        Face {
            rect,
            points: [Point { x, y }; 5],
            confidence: 1.0,
        }
    }

    #[test]
    fn two_faces_that_differ_only_in_detail_become_the_same_pixels() {
        // Stripes of two pixels against stripes of one. The head of this face is 112 pixels wide, so that each cell
        // holds whole stripes of both, and their means are the same.
        let striped = |wide: usize| {
            let pixels = (0..200 * 200_usize).flat_map(|i| {
                [if (i % 200 / wide).is_multiple_of(2) {
                    200
                } else {
                    40
                }; 3]
            });
            Image::from_rgb(200, 200, pixels.collect()).unwrap()
        };
        let face = face(70.0, 70.0, 80.0);
        assert_eq!(head(&face.rect, 1.0).width, 112.0);
        let covered = [1, 2].map(|wide| {
            let mut image = striped(wide);
            let cover = Cover::of(&image, &face);
            image.cover(&face.rect, &cover, 1.0);
            image
        });
        let box_of = |image: &Image| -> Vec<u8> {
            let rows = image.rgb().chunks_exact(600).skip(70).take(80);
            rows.flat_map(|row| row[3 * 70..3 * 134].to_vec()).collect()
        };
        assert_eq!(box_of(&covered[0]), box_of(&covered[1]));
        assert_eq!(
            covered[0].rgb()[..3],
            [200; 3],
            "the corner of the picture is left alone"
        );
    }

    #[test]
    fn the_box_of_a_face_is_covered_to_its_corners_wherever_it_lies() {
        for (x, y, side) in [
            (60.0, 60.0, 50.0),
            (-20.0, -10.0, 50.0),
            (150.0, 170.0, 60.0),
            (-300.0, 0.0, 40.0),
        ] {
            let face = face(x, y, side);
            let mut image = Image::from_rgb(200, 200, [255, 0, 255].repeat(200 * 200)).unwrap();
            let cover = Cover([[16.0; 3]; 16]);
            image.cover(&face.rect, &cover, 1.0);
            for row in inside(y, side, 200) {
                for column in inside(x, 0.8 * side, 200) {
                    let at = 3 * (200 * row + column);
                    assert_eq!(image.rgb()[at..at + 3], [16; 3], "{x} {y}: {column} {row}");
                }
            }
        }
    }
}
