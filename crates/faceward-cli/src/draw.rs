//! Boxes and landmarks on a copy of a picture.

use std::path::Path;

use anyhow::Context;
use faceward::{Detected, Point, Rect};
use image::{ImageFormat, Rgb, RgbImage};

mod label;

pub(crate) use label::label;

/// Around somebody who was recognised.
pub(crate) const KNOWN: Rgb<u8> = Rgb([52, 199, 89]);
/// Around anybody else.
pub(crate) const STRANGER: Rgb<u8> = Rgb([170, 170, 170]);
const BOX: Rgb<u8> = Rgb([255, 214, 10]);
const POINT: Rgb<u8> = Rgb([0, 122, 255]);
const LANDMARK: Rgb<u8> = Rgb([52, 199, 89]);

/// Writes a PNG copy of the picture with every face's box, 68 landmarks and five points.
pub(crate) fn faces(detected: &Detected, path: &Path) -> anyhow::Result<()> {
    let source = &detected.image;
    let mut canvas = RgbImage::from_raw(source.width(), source.height(), source.rgb().to_vec())
        .context("the picture has an impossible size")?;
    for (face, landmarks, _) in &detected.faces {
        let thickness = (face.rect.width / 80.0).clamp(1.0, 6.0);
        outline(&mut canvas, &face.rect, thickness, BOX);
        for point in landmarks {
            dot(&mut canvas, *point, thickness * 0.8, LANDMARK);
        }
        for point in face.points {
            dot(&mut canvas, point, thickness * 1.8, POINT);
        }
    }
    canvas.save_with_format(path, ImageFormat::Png)?;
    Ok(())
}

/// The box of a face.
pub(crate) fn outline(canvas: &mut RgbImage, rect: &Rect, thickness: f32, colour: Rgb<u8>) {
    let (left, top) = (rect.x, rect.y);
    let (right, bottom) = (left + rect.width, top + rect.height);
    let sides = [
        (left, top, right, top + thickness),
        (left, bottom - thickness, right, bottom),
        (left, top, left + thickness, bottom),
        (right - thickness, top, right, bottom),
    ];
    for (x0, y0, x1, y1) in sides {
        fill(canvas, (x0, y0, x1, y1), colour, |_, _| true);
    }
}

fn dot(canvas: &mut RgbImage, centre: Point, radius: f32, colour: Rgb<u8>) {
    let radius = radius.max(1.0);
    let around = (
        centre.x - radius,
        centre.y - radius,
        centre.x + radius,
        centre.y + radius,
    );
    fill(canvas, around, colour, |x, y| {
        (x - centre.x).powi(2) + (y - centre.y).powi(2) <= radius * radius
    });
}

/// Colours the pixels of an area whose centres `inside` accepts; what lies off the canvas is left.
fn fill(
    canvas: &mut RgbImage,
    (x0, y0, x1, y1): (f32, f32, f32, f32),
    colour: Rgb<u8>,
    inside: impl Fn(f32, f32) -> bool,
) {
    let within = |value: f32, limit: u32| (value.max(0.0).round() as u32).min(limit);
    for y in within(y0, canvas.height())..within(y1, canvas.height()) {
        for x in within(x0, canvas.width())..within(x1, canvas.width()) {
            if inside(x as f32 + 0.5, y as f32 + 0.5) {
                canvas.put_pixel(x, y, colour);
            }
        }
    }
}
