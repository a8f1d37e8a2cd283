//! Planes of brightness and colour to RGB, by ITU-R BT.601.
#![allow(
    clippy::indexing_slicing,
    reason = "the planes were read with the lengths that the indices are made from"
)]

use crate::error::Broken;

/// How many pixels share a colour.
#[derive(Clone, Copy)]
pub(super) enum Sampling {
    /// Two by two (4:2:0).
    Half,
    /// Two beside each other (4:2:2).
    HalfAcross,
    /// One (4:4:4).
    Full,
    /// There is no colour.
    Grey,
}

/// What black and white are.
#[derive(Clone, Copy)]
pub(super) enum Range {
    /// 16 and 235, as in film.
    Limited,
    /// 0 and 255.
    Full,
}

impl Sampling {
    pub(super) fn named(name: &str) -> Result<Self, Broken> {
        match name {
            "420" | "420jpeg" | "420mpeg2" | "420paldv" => Ok(Self::Half),
            "422" => Ok(Self::HalfAcross),
            "444" => Ok(Self::Full),
            "mono" => Ok(Self::Grey),
            other => {
                let other: String = other.chars().take(20).collect();
                Err(Broken::Damaged(format!(
                    "its colours are `{other}`; 420, 422, 444 and mono with eight bits are read"
                )))
            }
        }
    }

    /// By how many places a column and a row are divided for their colour.
    fn shifts(self) -> (usize, usize) {
        match self {
            Self::Half => (1, 1),
            Self::HalfAcross => (1, 0),
            Self::Full | Self::Grey => (0, 0),
        }
    }

    fn chroma(self, width: usize, height: usize) -> (usize, usize) {
        let (x, y) = self.shifts();
        ((width + x) >> x, (height + y) >> y)
    }

    /// Bytes of one frame.
    pub(super) fn bytes(self, width: usize, height: usize) -> usize {
        let (across, down) = self.chroma(width, height);
        match self {
            Self::Grey => width * height,
            _ => width * height + 2 * across * down,
        }
    }

    /// The pixels of one frame.
    pub(super) fn rgb(self, planes: &[u8], width: usize, height: usize, range: Range) -> Vec<u8> {
        let (luma, chroma) = planes.split_at(width * height);
        let (across, down) = self.chroma(width, height);
        let (x_shift, y_shift) = self.shifts();
        let mut rgb = Vec::with_capacity(3 * width * height);
        for (row, line) in luma.chunks_exact(width).enumerate() {
            if matches!(self, Self::Grey) {
                rgb.extend(line.iter().flat_map(|y| pixel(range, *y, 128, 128)));
                continue;
            }
            let (blue, red) = chroma.split_at(across * down);
            let begins = (row >> y_shift) * across;
            let (blue, red) = (
                &blue[begins..begins + across],
                &red[begins..begins + across],
            );
            for (column, y) in line.iter().enumerate() {
                let at = column >> x_shift;
                rgb.extend(pixel(range, *y, blue[at], red[at]));
            }
        }
        rgb
    }
}

/// One pixel, in steps of 1/65536.
#[inline]
fn pixel(range: Range, y: u8, blue: u8, red: u8) -> [u8; 3] {
    let (scale, black, colour) = match range {
        Range::Limited => (76_309, 16, [104_597, -53_279, -25_675, 132_201]),
        Range::Full => (65_536, 0, [91_881, -46_802, -22_554, 116_130]),
    };
    let y = (i32::from(y) - black) * scale + 32_768;
    let (u, v) = (i32::from(blue) - 128, i32::from(red) - 128);
    let [red_v, green_v, green_u, blue_u] = colour;
    [y + red_v * v, y + green_v * v + green_u * u, y + blue_u * u]
        .map(|value| (value >> 16).clamp(0, 255) as u8)
}

/// Brightness and both colours of a pixel, full range.
pub(super) fn yuv([r, g, b]: [u8; 3]) -> [u8; 3] {
    let (r, g, b) = (i32::from(r), i32::from(g), i32::from(b));
    [
        19_595 * r + 38_470 * g + 7_471 * b + 32_768,
        -11_056 * r - 21_712 * g + 32_768 * b + (128 << 16) + 32_767,
        32_768 * r - 27_440 * g - 5_328 * b + (128 << 16) + 32_767,
    ]
    .map(|value| (value >> 16).clamp(0, 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_share_the_colours_that_their_sampling_says_also_at_odd_sizes() {
        let colour = |rgb: &[u8], column: usize, row: usize| rgb[3 * (3 * row + column)] > 128;
        // Three by three pixels; the last colour of each plane is red, the others are grey.
        for (sampling, chroma, red) in [
            (Sampling::Half, 4, vec![(2, 2)]),
            (Sampling::HalfAcross, 6, vec![(2, 2)]),
            (Sampling::Full, 9, vec![(2, 2)]),
        ] {
            let mut planes = vec![100; 9];
            planes.extend(vec![128; chroma]);
            planes.extend(vec![128; chroma - 1]);
            planes.push(220);
            assert_eq!(sampling.bytes(3, 3), planes.len());
            let rgb = sampling.rgb(&planes, 3, 3, Range::Full);
            for (column, row) in (0..9).map(|i| (i % 3, i / 3)) {
                assert_eq!(colour(&rgb, column, row), red.contains(&(column, row)));
            }
        }
        assert_eq!(Sampling::Grey.rgb(&[7; 9], 3, 3, Range::Full), [7; 27]);
    }

    #[test]
    fn colours_come_back_within_rounding() {
        for rgb in [
            [0, 0, 0],
            [255, 255, 255],
            [200, 30, 90],
            [10, 250, 3],
            [1, 2, 254],
        ] {
            let [y, u, v] = yuv(rgb);
            let back = pixel(Range::Full, y, u, v);
            for (a, b) in rgb.iter().zip(back) {
                assert!(a.abs_diff(b) <= 2, "{rgb:?} {back:?}");
            }
        }
        assert_eq!(pixel(Range::Limited, 16, 128, 128), [0, 0, 0]);
        assert_eq!(pixel(Range::Limited, 235, 128, 128), [255, 255, 255]);
    }
}
