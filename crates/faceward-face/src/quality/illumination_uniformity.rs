//! `IlluminationUniformity`: native value is what the luminance histograms of both cheeks have in common, 0 to 1.

use super::region::{Region, SIDE};
use super::{Defect, Measure};
use crate::Point;

pub(super) fn measure(region: &Region) -> Measure {
    let left = histogram(region, region.left_eye);
    let right = histogram(region, region.right_eye);
    let common: f64 = left.iter().zip(&right).map(|(l, r)| l.min(*r)).sum();
    let apart = (brightness(&left) - brightness(&right)).abs();
    Measure::new("IlluminationUniformity", common, 100.0 * common.powf(0.3)).because(
        Defect::OneSided,
        apart > 80.0,
        false,
    )
}

/// Normalised histogram over 256 levels of a square below one eye, half-way to the mouth, 0.3 inter-eye distances
/// wide, as the standard lays it.
fn histogram(region: &Region, eye: Point) -> Vec<f64> {
    let side = 0.3 * (region.right_eye.x - region.left_eye.x);
    let middle = (eye.y + region.mouth.y) / 2.0;
    let span = |from: f32| {
        let start = from.clamp(0.0, (SIDE - 1) as f32) as usize;
        start..(start + side.max(1.0) as usize).min(SIDE)
    };
    let mut counts = vec![0_u32; 256];
    for row in span(middle - side / 2.0) {
        for column in span(eye.x - side / 2.0) {
            if let Some(count) = counts.get_mut(region.at(row, column) as usize) {
                *count += 1;
            }
        }
    }
    let all = f64::from(counts.iter().sum::<u32>());
    counts
        .into_iter()
        .map(|count| f64::from(count) / all)
        .collect()
}

fn brightness(histogram: &[f64]) -> f64 {
    histogram
        .iter()
        .enumerate()
        .map(|(level, share)| level as f64 * share)
        .sum()
}
