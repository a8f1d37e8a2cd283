//! A few words on a picture, in letters five pixels wide.

use image::{Rgb, RgbImage};

use super::fill;

const GROUND: Rgb<u8> = Rgb([20, 20, 20]);
const WIDE: f32 = 6.0;
const HIGH: f32 = 9.0;

/// Writes a text above a place, or below it where the picture ends.
pub(crate) fn label(canvas: &mut RgbImage, (x, y): (f32, f32), text: &str, colour: Rgb<u8>) {
    let scale = (canvas.width() as f32 / 640.0).round().clamp(1.0, 4.0);
    let (wide, high) = (WIDE * scale, HIGH * scale);
    let length = text.chars().count() as f32 * wide + scale;
    let left = x.min(canvas.width() as f32 - length).max(0.0).round();
    let top = if y < high { y + scale } else { y - high }.round();
    fill(
        canvas,
        (left, top, left + length, top + high),
        GROUND,
        |_, _| true,
    );
    for (place, letter) in text.chars().enumerate() {
        let begins = left + scale + place as f32 * wide;
        for (row, bits) in glyph(letter.to_ascii_uppercase()).iter().enumerate() {
            for column in (0..5).filter(|column| bits >> (4 - column) & 1 == 1) {
                let at = (
                    begins + column as f32 * scale,
                    top + (row as f32 + 1.0) * scale,
                );
                fill(
                    canvas,
                    (at.0, at.1, at.0 + scale, at.1 + scale),
                    colour,
                    |_, _| true,
                );
            }
        }
    }
}

/// Seven rows of five bits.
fn glyph(letter: char) -> [u8; 7] {
    match letter {
        'A' => [14, 17, 17, 31, 17, 17, 17],
        'B' => [30, 17, 17, 30, 17, 17, 30],
        'C' => [14, 17, 16, 16, 16, 17, 14],
        'D' => [30, 17, 17, 17, 17, 17, 30],
        'E' => [31, 16, 16, 30, 16, 16, 31],
        'F' => [31, 16, 16, 30, 16, 16, 16],
        'G' => [14, 17, 16, 23, 17, 17, 15],
        'H' => [17, 17, 17, 31, 17, 17, 17],
        'I' => [14, 4, 4, 4, 4, 4, 14],
        'J' => [7, 2, 2, 2, 2, 18, 12],
        'K' => [17, 18, 20, 24, 20, 18, 17],
        'L' => [16, 16, 16, 16, 16, 16, 31],
        'M' => [17, 27, 21, 21, 17, 17, 17],
        'N' => [17, 25, 21, 19, 17, 17, 17],
        'O' => [14, 17, 17, 17, 17, 17, 14],
        'P' => [30, 17, 17, 30, 16, 16, 16],
        'Q' => [14, 17, 17, 17, 21, 18, 13],
        'R' => [30, 17, 17, 30, 20, 18, 17],
        'S' => [15, 16, 16, 14, 1, 1, 30],
        'T' => [31, 4, 4, 4, 4, 4, 4],
        'U' => [17, 17, 17, 17, 17, 17, 14],
        'V' => [17, 17, 17, 17, 17, 10, 4],
        'W' => [17, 17, 17, 21, 21, 27, 17],
        'X' => [17, 17, 10, 4, 10, 17, 17],
        'Y' => [17, 17, 10, 4, 4, 4, 4],
        'Z' => [31, 1, 2, 4, 8, 16, 31],
        '0' => [14, 17, 19, 21, 25, 17, 14],
        '1' => [4, 12, 4, 4, 4, 4, 14],
        '2' => [14, 17, 1, 6, 8, 16, 31],
        '3' => [14, 17, 1, 6, 1, 17, 14],
        '4' => [2, 6, 10, 18, 31, 2, 2],
        '5' => [31, 16, 30, 1, 1, 17, 14],
        '6' => [14, 16, 30, 17, 17, 17, 14],
        '7' => [31, 1, 2, 4, 8, 8, 8],
        '8' => [14, 17, 17, 14, 17, 17, 14],
        '9' => [14, 17, 17, 15, 1, 1, 14],
        '.' => [0, 0, 0, 0, 0, 12, 12],
        ':' => [0, 12, 12, 0, 12, 12, 0],
        '-' => [0, 0, 0, 31, 0, 0, 0],
        '_' => [0, 0, 0, 0, 0, 0, 31],
        '@' => [14, 17, 23, 21, 23, 16, 14],
        ' ' => [0; 7],
        _ => [31, 17, 17, 17, 17, 17, 31],
    }
}
