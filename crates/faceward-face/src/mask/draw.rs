//! A mask drawn on an aligned face, as MaskTheFace (Anwar and Raychowdhury 2020) draws them on photographs.

use zeroize::Zeroizing;

use crate::align::SIDE;
use crate::sample;

/// How a drawn mask looks. Lengths are in pixels of the aligned crop.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// The cloth's colour in full light.
    pub colour: [f32; 3],
    /// Stripes of another brightness: how much, how many to a pixel and in which direction, in radians.
    pub stripes: [f32; 3],
    /// How far its upper edge lies below where it usually lies.
    pub lower: f32,
    /// How far it is moved to the right.
    pub aside: f32,
    /// How much wider it is on each side.
    pub wider: f32,
    /// How much brighter its left side is than its right, as a share.
    pub from_left: f32,
}

const fn plain(colour: [f32; 3], lower: f32, wider: f32) -> Style {
    Style {
        colour,
        stripes: [0.0; 3],
        lower,
        aside: 0.0,
        wider,
        from_left: 0.0,
    }
}

/// The masks an enrolled face is also looked at with: surgical blue, white, black, grey-blue, and printed cloth.
pub const STYLES: [Style; 5] = [
    plain([120.0, 170.0, 200.0], 0.0, 0.0),
    plain([225.0, 225.0, 225.0], -2.0, 2.0),
    plain([32.0, 32.0, 36.0], 1.0, 3.0),
    plain([170.0, 180.0, 185.0], 3.0, -2.0),
    Style {
        stripes: [28.0, 0.25, 0.8],
        ..plain([90.0, 70.0, 120.0], -1.0, 1.0)
    },
];

/// The aligned crop with a mask drawn over nose and mouth, shaded as cloth and as bright as the face is lit.
pub fn draw(crop: &[u8], style: &Style) -> Zeroizing<Vec<u8>> {
    let light = 0.5 + 0.5 * brightness(crop) / 128.0;
    let edge = outline(style);
    let mut out = Zeroizing::new(crop.to_vec());
    for (at, pixel) in out.chunks_exact_mut(3).enumerate() {
        let (x, y) = ((at % SIDE) as f32, (at / SIDE) as f32);
        let cover = share(&edge, x, y);
        if cover <= 0.0 {
            continue;
        }
        let cloth = shade(style, x, y) * light.clamp(0.3, 1.3);
        let [much, dense, way] = style.stripes;
        let wave = (std::f32::consts::TAU * dense * (x * way.cos() + y * way.sin())).sin();
        for (value, colour) in pixel.iter_mut().zip(style.colour) {
            let drawn = (colour + much * wave.signum()) * cloth;
            *value = (f32::from(*value) * (1.0 - cover) + drawn * cover).clamp(0.0, 255.0) as u8;
        }
    }
    out
}

/// The mask's outline: over the bridge of the nose, along the cheeks to the ears, below the chin.
fn outline(style: &Style) -> [(f32, f32); 12] {
    let half = [
        (12.0, 2.0 + 64.0),
        (26.0, 69.0),
        (41.0, 70.0),
        (35.0, 88.0),
        (22.0, 104.0),
    ];
    let middle = 56.0 + style.aside;
    let at = |(across, y): (f32, f32), side: f32| {
        let wide = across * (1.0 + style.wider / 37.0);
        let low = if y < 85.0 { style.lower } else { 0.0 };
        (middle + side * wide, y + low)
    };
    let [a, b, c, d, e] = half;
    let top = (middle, 64.0 + style.lower);
    let chin = (middle, 112.0);
    [
        top,
        at(a, 1.0),
        at(b, 1.0),
        at(c, 1.0),
        at(d, 1.0),
        at(e, 1.0),
        chin,
        at(e, -1.0),
        at(d, -1.0),
        at(c, -1.0),
        at(b, -1.0),
        at(a, -1.0),
    ]
}

/// How much of a pixel the outline covers, from nine points of it.
fn share(edge: &[(f32, f32)], x: f32, y: f32) -> f32 {
    let offsets = [-0.5, 0.0, 0.5];
    let points = offsets
        .iter()
        .flat_map(|dy| offsets.map(|dx| (x + dx, y + dy)));
    points.filter(|p| inside(edge, *p)).count() as f32 / 9.0
}

fn inside(edge: &[(f32, f32)], (x, y): (f32, f32)) -> bool {
    let next = edge.iter().cycle().skip(1);
    let crossed = edge.iter().zip(next).filter(|((ax, ay), (bx, by))| {
        (*ay > y) != (*by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
    });
    crossed.count() % 2 == 1
}

/// Round about the face, with three folds.
fn shade(style: &Style, x: f32, y: f32) -> f32 {
    let aside = (x - 56.0) / 30.0;
    let fold = |at: f32| (-((y - at - 1.5 * aside * aside) / 1.2).powi(2)).exp();
    let folds: f32 = [74.0, 83.0, 92.0].into_iter().map(fold).sum();
    1.0 + 0.18 * aside.cos()
        - 0.06 * ((y - 85.0) / 25.0).powi(2)
        - 0.08 * folds
        - style.from_left * aside / 2.0
}

/// Mean luma of what the mask will cover.
fn brightness(crop: &[u8]) -> f32 {
    let covered = crop
        .chunks_exact(3)
        .enumerate()
        .filter(|(at, _)| (25..87).contains(&(at % SIDE)) && (64..110).contains(&(at / SIDE)));
    let (mut sum, mut count) = (0.0, 0.0);
    for (_, pixel) in covered {
        if let [r, g, b] = *pixel {
            sum += f32::from(sample::luma([r, g, b]));
            count += 1.0;
        }
    }
    sum / f32::max(count, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_hides_the_mouth_and_leaves_the_eyes() {
        let crop: Vec<u8> = (0..3 * SIDE * SIDE).map(|i| (i % 251) as u8).collect();
        for style in &STYLES {
            let masked = draw(&crop, style);
            let row = |y: usize| 3 * SIDE * y..3 * SIDE * (y + 1);
            assert_eq!(masked[..row(58).end], crop[..row(58).end]);
            let mouth = 3 * (92 * SIDE + 40)..3 * (92 * SIDE + 72);
            let apart = masked[mouth.clone()]
                .windows(4)
                .map(|w| w[0].abs_diff(w[3]));
            // The crop's pattern jumps by 246 and 3; cloth does not.
            assert!(apart.max().unwrap() < 70, "{style:?}");
        }
    }
}
