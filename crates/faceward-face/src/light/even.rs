//! A copy of a picture without its light: each pixel against its surroundings.
#![allow(
    clippy::indexing_slicing,
    reason = "indices are clamped to the line they run over"
)]

use zeroize::Zeroizing;

use crate::sample;

/// Standard deviation of the surroundings, as a share of the longer side.
const SURROUNDINGS: f32 = 1.0 / 13.0;
/// Added to the deviation in logarithms of luma, so that noise in flat parts stays small.
const NOISE: f32 = 0.08;
/// Grey levels that one deviation becomes.
const CONTRAST: f32 = 50.0;

/// Local normalisation of the logarithm of luma: how many deviations of its surroundings a pixel lies above their mean,
/// in grey about 127. Interleaved RGB in and out; `width` in pixels.
pub(crate) fn even(rgb: &[u8], width: usize) -> Zeroizing<Vec<u8>> {
    let logs: Zeroizing<Vec<f32>> = Zeroizing::new(
        rgb.chunks_exact(3)
            .map(|p| f32::from(sample::luma([p[0], p[1], p[2]])).ln_1p())
            .collect(),
    );
    let longer = width.max(logs.len() / width.max(1));
    let radius = box_radius(SURROUNDINGS * longer as f32);
    let mean = smooth(&logs, width, radius);
    let apart: Zeroizing<Vec<f32>> =
        Zeroizing::new(logs.iter().zip(mean.iter()).map(|(l, m)| l - m).collect());
    let squares: Zeroizing<Vec<f32>> = Zeroizing::new(apart.iter().map(|a| a * a).collect());
    let variance = smooth(&squares, width, radius);
    let grey = apart.iter().zip(variance.iter()).map(|(apart, variance)| {
        let value = 127.0 + CONTRAST * apart / (variance.max(0.0).sqrt() + NOISE);
        value.round().clamp(0.0, 255.0) as u8
    });
    Zeroizing::new(grey.flat_map(|value| [value; 3]).collect())
}

/// The radius of a box that, applied three times, is as wide as a Gaussian (Wells, PAMI 1986).
fn box_radius(deviation: f32) -> usize {
    (((4.0 * deviation * deviation + 1.0).sqrt() - 1.0) / 2.0)
        .round()
        .max(1.0) as usize
}

/// Three box filters in each direction; beyond the edge its value goes on.
fn smooth(values: &[f32], width: usize, radius: usize) -> Zeroizing<Vec<f32>> {
    let height = values.len() / width.max(1);
    let mut out = Zeroizing::new(values.to_vec());
    let mut line = Zeroizing::new(vec![0.0; width.max(height)]);
    for _ in 0..3 {
        for row in 0..height {
            run(&mut out, row * width, 1, width, radius, &mut line);
        }
        for column in 0..width {
            run(&mut out, column, width, height, radius, &mut line);
        }
    }
    out
}

/// One box filter along `count` values from `start`, `step` apart.
fn run(
    values: &mut [f32],
    start: usize,
    step: usize,
    count: usize,
    radius: usize,
    line: &mut [f32],
) {
    for (i, value) in line.iter_mut().enumerate().take(count) {
        *value = values[start + i * step];
    }
    let last = count - 1;
    let span = (2 * radius + 1) as f64;
    // In double precision, so that the running sum does not drift.
    let mut sum: f64 = (0..=2 * radius)
        .map(|i| f64::from(line[i.saturating_sub(radius).min(last)]))
        .sum();
    for i in 0..count {
        values[start + i * step] = (sum / span) as f32;
        sum += f64::from(line[(i + radius + 1).min(last)]);
        sum -= f64::from(line[i.saturating_sub(radius)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pattern of stripes under a light that falls from left to right by so much.
    fn lit(falls: f32) -> Vec<u8> {
        let value = |x: usize, y: usize| {
            let light = (-falls * x as f32 / 96.0).exp();
            let stripe = if (x / 4 + y / 4).is_multiple_of(2) {
                1.0
            } else {
                0.7
            };
            (220.0 * light * stripe).round() as u8
        };
        (0..96 * 64)
            .flat_map(|i| [value(i % 96, i / 96); 3])
            .collect()
    }

    #[test]
    fn the_same_scene_looks_alike_whatever_the_light() {
        let (flat, steep) = (even(&lit(0.0), 96), even(&lit(2.0), 96));
        let apart: f64 = flat
            .iter()
            .zip(steep.iter())
            .map(|(a, b)| f64::from(a.abs_diff(*b)))
            .sum::<f64>()
            / flat.len() as f64;
        assert!(apart < 12.0, "{apart}");
        // Both keep the stripes: bright ones well above dark ones.
        assert!(steep[3 * (96 * 9 + 41)].abs_diff(steep[3 * (96 * 9 + 45)]) > 60);
    }

    #[test]
    fn a_mean_of_equal_values_is_that_value_up_to_the_edges() {
        let values = vec![3.5; 7 * 5];
        assert!(smooth(&values, 7, 4).iter().all(|v| (v - 3.5).abs() < 1e-5));
    }
}
