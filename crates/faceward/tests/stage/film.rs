//! Films with the faces of the demo's portraits, made in memory.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    reason = "no one uses all of it, and places are inside"
)]

use std::fs;
use std::path::Path;

use faceward::Image;

/// The head of a portrait, scaled down.
pub(crate) struct Head {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

/// Portrait, left, top, width and height of the head in it, and how many times smaller it becomes.
type Cut = (&'static str, [usize; 4], usize);

pub(crate) const OBAMA: Cut = ("obama.jpg", [250, 0, 490, 560], 4);
pub(crate) const OBAMA_AGAIN: Cut = ("obama2.jpg", [80, 60, 530, 720], 5);
pub(crate) const OBAMA_ONCE_MORE: Cut = ("obama3.jpg", [520, 110, 530, 640], 5);
pub(crate) const BIDEN: Cut = ("biden.jpg", [300, 20, 550, 700], 5);
pub(crate) const COLLINS: Cut = ("astronaut.png", [120, 10, 210, 230], 2);

impl Head {
    pub(crate) fn of((name, [left, top, width, height], by): Cut) -> Self {
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
        let image = Image::decode(&fs::read(demo.join(name)).unwrap()).unwrap();
        let (wide, high) = (width / by, height / by);
        let mut rgb = Vec::with_capacity(3 * wide * high);
        for y in 0..high {
            for x in 0..wide {
                for colour in 0..3 {
                    let mut sum = 0;
                    for (dy, dx) in (0..by).flat_map(|dy| (0..by).map(move |dx| (dy, dx))) {
                        let (px, py) = (left + x * by + dx, top + y * by + dy);
                        sum += usize::from(
                            image.rgb()[3 * (py * image.width() as usize + px) + colour],
                        );
                    }
                    rgb.push((sum / (by * by)) as u8);
                }
            }
        }
        Self {
            width: wide,
            height: high,
            rgb,
        }
    }
}

/// A grey frame with heads at these places.
pub(crate) fn frame((width, height): (u32, u32), heads: &[(&Head, (i32, i32))]) -> Image {
    let (wide, high) = (width as usize, height as usize);
    let mut rgb = vec![120; 3 * wide * high];
    for (head, (left, top)) in heads {
        let (left, top) = ((*left).max(0) as usize, (*top).max(0) as usize);
        for (row, line) in head
            .rgb
            .chunks_exact(3 * head.width)
            .enumerate()
            .take(head.height)
        {
            let at = 3 * ((top + row) * wide + left);
            rgb[at..at + line.len()].copy_from_slice(line);
        }
    }
    Image::from_rgb(width, height, rgb).unwrap()
}
