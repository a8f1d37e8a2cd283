//! Faces, masks by chance, and what the camera does to both.

use std::fs;
use std::path::Path;

use faceward_face::mask::Style;
use faceward_face::{Face, Image, Point, Reader, Rect};
use sha2::{Digest, Sha256};

/// Chance that is the same each time (SplitMix64).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn even(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as f32 / (1_u64 << 24) as f32
    }

    pub(crate) fn between(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * self.even()
    }

    pub(crate) fn often(&mut self, share: f32) -> bool {
        self.even() < share
    }

    /// A whole number below `count`.
    pub(crate) fn one_of(&mut self, count: u32) -> u32 {
        (count as f32 * self.even()) as u32
    }

    /// About normal, of deviation 1.
    pub(crate) fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.even()).sum::<f32>() - 6.0
    }
}

/// The pictures of a folder with their one face, by name.
pub(crate) fn of_folder(reader: &Reader, folder: &Path) -> Vec<(Image, Face)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    files.retain(|file| {
        file.extension()
            .is_some_and(|e| e == "jpg" || e == "png" || e == "jpeg")
    });
    files.sort();
    let open = |file: &std::path::PathBuf| {
        let image = Image::decode(&fs::read(file).unwrap()).unwrap();
        let face = reader.the_face(&image).unwrap();
        (image, face)
    };
    files.iter().map(open).collect()
}

/// The face aligned as by somewhat different points.
pub(crate) fn aligned(reader: &Reader, image: &Image, face: &Face, chance: &mut Chance) -> Vec<u8> {
    let unit = face.rect.side() / 90.0;
    let middle = face.rect.centre();
    let (turn, scale) = (0.07 * chance.normal(), 1.0 + 0.04 * chance.normal());
    let (dx, dy) = (2.2 * unit * chance.normal(), 2.2 * unit * chance.normal());
    let mut moved = *face;
    for point in &mut moved.points {
        let (x, y) = (point.x - middle.x, point.y - middle.y);
        *point = Point {
            x: middle.x + scale * (x * turn.cos() - y * turn.sin()) + dx + unit * chance.normal(),
            y: middle.y + scale * (x * turn.sin() + y * turn.cos()) + dy + unit * chance.normal(),
        };
    }
    reader.aligned(image, &moved).unwrap().rgb().to_vec()
}

/// A mask of any look.
pub(crate) fn any_style(chance: &mut Chance) -> Style {
    let base = match (5.0 * chance.even()) as u32 {
        0 => [120.0, 170.0, 200.0],
        1 => [225.0, 225.0, 225.0],
        2 => [30.0, 30.0, 32.0],
        3 => [170.0, 180.0, 185.0],
        _ => [0; 3].map(|_| chance.between(20.0, 230.0)),
    };
    let stripes = if chance.often(0.25) {
        [
            chance.between(10.0, 60.0),
            chance.between(0.02, 0.09),
            chance.between(0.0, 3.1),
        ]
    } else {
        [0.0; 3]
    };
    Style {
        colour: base.map(|c| c + 10.0 * chance.normal()),
        stripes,
        lower: 3.5 * chance.normal(),
        aside: 1.5 * chance.normal(),
        wider: 4.0 * chance.normal(),
        from_left: 0.15 * chance.normal(),
    }
}

/// Something else in the picture, on a bare face: dark glasses, a cap, a beard, a hand beside the mouth.
pub(crate) fn disturbed(crop: &mut [u8], chance: &mut Chance) {
    let colour = [0; 3].map(|_| chance.between(0.0, 120.0));
    let (kind, reach) = ((4.0 * chance.even()) as u32, chance.between(0.0, 1.0));
    let strength = chance.between(0.4, 0.9);
    for (at, pixel) in crop.chunks_exact_mut(3).enumerate() {
        let (x, y) = ((at % 112) as f32, (at / 112) as f32);
        let round = |cx: f32, cy: f32, rx: f32, ry: f32| {
            ((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2) < 1.0
        };
        let (cover, grain) = match kind {
            0 => (
                round(38.0, 51.0, 15.0, 9.0) || round(74.0, 51.0, 15.0, 9.0),
                0.0,
            ),
            1 => (y < 15.0 + 22.0 * reach, 0.0),
            2 => (
                y > 78.0 && round(56.0, 96.0, 38.0, 26.0) && !round(56.0, 92.0, 17.0, 7.0),
                25.0,
            ),
            _ => (
                round(112.0 * reach, 96.0, 12.0, 30.0) && (reach - 0.5).abs() > 0.25,
                0.0,
            ),
        };
        if cover {
            let much = if kind == 2 { strength } else { 1.0 };
            let noise = grain * chance.normal();
            for (value, colour) in pixel.iter_mut().zip(colour) {
                *value = (f32::from(*value) * (1.0 - much) + (colour + noise) * much) as u8;
            }
        }
    }
}

/// Exposure, colour, contrast, light from a side or from above, few pixels, and noise.
pub(crate) fn taken(crop: &mut [u8], chance: &mut Chance) {
    let power = (0.35 * chance.normal()).exp();
    let tint = [0; 3].map(|_| (0.12 * chance.normal()).exp());
    let grey = chance.often(0.4);
    let contrast = (0.2 * chance.normal()).exp();
    let hard = if chance.often(0.5) { 1.2 } else { 0.3 };
    let (across, down) = (hard * chance.normal(), hard * chance.normal());
    let noise = chance.between(0.0, 6.0);
    for (at, pixel) in crop.chunks_exact_mut(3).enumerate() {
        let (x, y) = (
            (at % 112) as f32 / 56.0 - 1.0,
            (at / 112) as f32 / 56.0 - 1.0,
        );
        let light = (across * x + down * y).exp().min(1.6);
        let values: Vec<f32> = pixel.iter().map(|v| f32::from(*v) / 255.0).collect();
        let mean = values.iter().sum::<f32>() / 3.0;
        for ((out, value), tint) in pixel.iter_mut().zip(values).zip(tint) {
            let value = if grey { mean } else { value * tint };
            let value = (value.max(0.0).powf(power) - 0.5) * contrast + 0.5;
            let value = 255.0 * value * light + noise * chance.normal();
            *out = value.clamp(0.0, 255.0) as u8;
        }
    }
    if chance.often(0.4) {
        few_pixels(crop, chance.between(1.5, 4.0));
    }
}

/// As if the face had fewer pixels by a factor.
fn few_pixels(crop: &mut [u8], factor: f32) {
    let before = crop.to_vec();
    let nearest = |at: usize| {
        let middle = ((at as f32 / factor).floor() + 0.5) * factor;
        (middle as usize).min(111)
    };
    for (at, pixel) in crop.chunks_exact_mut(3).enumerate() {
        let from = 3 * (nearest(at / 112) * 112 + nearest(at % 112));
        pixel.copy_from_slice(&before[from..from + 3]);
    }
}

/// An aligned crop as a picture with the face where the template has it.
pub(crate) fn as_picture(crop: Vec<u8>) -> (Image, Face) {
    let at = |x, y| Point { x, y };
    let face = Face {
        rect: Rect {
            x: 20.0,
            y: 20.0,
            width: 72.0,
            height: 90.0,
        },
        points: [
            at(38.2946, 51.6963),
            at(73.5318, 51.5014),
            at(56.0252, 71.7366),
            at(41.5493, 92.3655),
            at(70.7299, 92.2041),
        ],
        confidence: 1.0,
    };
    (Image::from_rgb(112, 112, crop).unwrap(), face)
}

/// A crop seen in a mirror.
pub(crate) fn mirrored(crop: &[u8]) -> Vec<u8> {
    crop.chunks_exact(3 * 112)
        .flat_map(|row| row.rchunks_exact(3).flatten().copied())
        .collect()
}

/// The manifest of what is fitted: both tables.
pub(crate) fn manifest(masks: &[u8], covers: &[u8]) -> String {
    let entry = |name: &str, role: &str, table: &[u8], on: &str| {
        let digest: String = Sha256::digest(table)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        format!(
            "\n[{name}]\nrole = \"{role}\"\nfile = \"{name}.f32\"\nsha256 = \"{digest}\"\nbytes = {}\nfitted_on = \"the pictures of demo/, {on} drawn on them\"\nlicence = \"Apache-2.0 or MIT\"\ncard = \"masks.md\"\n",
            table.len()
        )
    };
    let masked = "faces behind masks: seeing a mask, and leaving out what it does";
    let covered = "what covers a face, cell by cell";
    format!(
        "# Written by the example `masks` of faceward-face. What was fitted here, on what, and its digest.\nversion = 1\n{}{}",
        entry("masks", masked, masks, "masks"),
        entry(
            "covers",
            covered,
            covers,
            "masks, dark glasses, caps, scarves, hands and things"
        )
    )
}
