//! A face with what its cells added laid over it.

use std::io::Cursor;

use anyhow::Context;
use faceward::{CELLS, Image};
use image::{ImageFormat, Rgb, RgbImage};

/// Pixels drawn for one of the model's.
const ENLARGED: u32 = 4;
/// Added to the score; taken from it.
const ADDED: [f32; 3] = [230.0, 120.0, 20.0];
const TAKEN: [f32; 3] = [30.0, 90.0, 220.0];

/// Pixels from one line of the hatching to the next, and how many of them the line and its light edge take.
const HATCHED: f64 = 16.0;
const LINE: f64 = 2.5;

/// A PNG of the face, greyed, each place coloured by its share: `most` is the share that is coloured
/// most strongly. Between the middles of cells the colour runs over. Cells that are `hidden` are hatched. Without a
/// face, of the colours alone.
pub(super) fn face(
    face: Option<&Image>,
    shares: &[f64],
    most: f64,
    hidden: impl Fn(usize) -> bool,
) -> anyhow::Result<Vec<u8>> {
    let blank;
    let face = match face {
        Some(face) => face,
        None => {
            blank = Image::from_rgb(112, 112, vec![200; 3 * 112 * 112])?;
            &blank
        }
    };
    let side = f64::from(face.width() * ENLARGED);
    draw(face, |x, y, [r, g, b]| {
        let grey = 0.30 * r + 0.59 * g + 0.11 * b;
        let share = (between(shares, x, y) / most).clamp(-1.0, 1.0) as f32;
        let colour = if share >= 0.0 { ADDED } else { TAKEN };
        // By the root, so that a small share can be seen beside a large one.
        let weight = 0.75 * share.abs().sqrt();
        let place = colour.map(|c| grey * (1.0 - weight) + c * weight);
        let cell = |at: f64| (at * CELLS as f64) as usize;
        if !hidden(cell(y) * CELLS + cell(x)) {
            return place;
        }
        // A dark line with a light edge shows on every face.
        match ((x + y) * side).rem_euclid(HATCHED) {
            at if at < LINE => place.map(|c| 0.2 * c),
            at if at < 2.0 * LINE => place.map(|c| 0.3 * c + 0.7 * 255.0),
            _ => place,
        }
    })
}

/// A PNG of the face as it is.
pub(super) fn plain(face: &Image) -> anyhow::Result<Vec<u8>> {
    draw(face, |_, _, rgb| rgb)
}

fn draw(face: &Image, colour: impl Fn(f64, f64, [f32; 3]) -> [f32; 3]) -> anyhow::Result<Vec<u8>> {
    let (width, height) = (face.width(), face.height());
    let source = RgbImage::from_raw(width, height, face.rgb().to_vec());
    let source = source.context("the face has an impossible size")?;
    let filter = image::imageops::FilterType::Triangle;
    let (wide, high) = (width * ENLARGED, height * ENLARGED);
    let mut large = image::imageops::resize(&source, wide, high, filter);
    for (x, y, pixel) in large.enumerate_pixels_mut() {
        let at = |place: u32, of: u32| (f64::from(place) + 0.5) / f64::from(of);
        let drawn = colour(at(x, wide), at(y, high), pixel.0.map(f32::from));
        *pixel = Rgb(drawn.map(|value| value.round().clamp(0.0, 255.0) as u8));
    }
    let mut png = Cursor::new(Vec::new());
    large.write_to(&mut png, ImageFormat::Png)?;
    Ok(png.into_inner())
}

/// The share at a place of the face, 0 to 1 across and down, between the middles of four cells.
fn between(shares: &[f64], x: f64, y: f64) -> f64 {
    let last = (CELLS - 1) as f64;
    let place = |at: f64| (at * CELLS as f64 - 0.5).clamp(0.0, last);
    let (x, y) = (place(x), place(y));
    let (left, top) = (x.floor(), y.floor());
    let share = |row: f64, column: f64| {
        let cell = row.min(last) as usize * CELLS + column.min(last) as usize;
        shares.get(cell).copied().unwrap_or_default()
    };
    let across = |row| share(row, left) * (1.0 - x + left) + share(row, left + 1.0) * (x - left);
    across(top) * (1.0 - y + top) + across(top + 1.0) * (y - top)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_middle_of_a_cell_its_own_share_stands() {
        let shares: Vec<f64> = (0..CELLS * CELLS).map(|cell| cell as f64).collect();
        let middle = |place: usize| (place as f64 + 0.5) / CELLS as f64;
        assert_eq!(between(&shares, middle(3), middle(2)), 17.0);
        assert_eq!(between(&shares, middle(6), middle(6)), 48.0);
        assert_eq!(between(&shares, 0.0, 0.0), 0.0);
        assert_eq!(
            between(&shares, (middle(0) + middle(1)) / 2.0, middle(0)),
            0.5
        );
    }

    #[test]
    fn what_added_to_the_score_is_warm_and_what_took_from_it_is_cold() {
        let grey = Image::from_rgb(112, 112, vec![128; 3 * 112 * 112]).unwrap();
        let mut shares = [0.0; CELLS * CELLS];
        shares[0] = 0.1;
        shares[48] = -0.1;
        let png = face(Some(&grey), &shares, 0.1, |_| false).unwrap();
        let drawn = image::load_from_memory(&png).unwrap().into_rgb8();
        let (first, last) = (drawn.get_pixel(20, 20), drawn.get_pixel(427, 427));
        assert!(first[0] > first[2] + 60 && last[2] > last[0] + 60);
        assert_eq!(drawn.get_pixel(224, 224).0, [128; 3]);
    }

    #[test]
    fn what_is_covered_is_hatched_and_nothing_else() {
        let grey = Image::from_rgb(112, 112, vec![128; 3 * 112 * 112]).unwrap();
        let shares = [0.0; CELLS * CELLS];
        let png = face(Some(&grey), &shares, 0.1, |cell| cell == 9).unwrap();
        let drawn = image::load_from_memory(&png).unwrap().into_rgb8();
        let side = 64; // of a cell, drawn
        for row in 0..7 {
            for column in 0..7 {
                let inside = |x: u32, y: u32| drawn.get_pixel(column * side + x, row * side + y).0;
                let places = (0..side).flat_map(|x| (0..side).map(move |y| (x, y)));
                let values: Vec<u8> = places.map(|(x, y)| inside(x, y)[0]).collect();
                let hatched = values.iter().any(|v| *v < 50) && values.iter().any(|v| *v > 200);
                assert_eq!(hatched, (row, column) == (1, 2));
                assert!(hatched || values.iter().all(|v| *v == 128));
            }
        }
    }
}
