//! `LuminanceMean` and `LuminanceVariance`: native values are mean and variance of the face's luminance, both on a scale
//! from 0 (black) to 1 (white).

use std::f64::consts::PI;

use super::region::Region;
use super::{Measure, rising};

pub(super) fn measure(region: &Region) -> [Measure; 2] {
    let histogram = region.histogram();
    let levels = || {
        histogram
            .iter()
            .zip(0..)
            .map(|(share, level)| (share, f64::from(level) / 255.0))
    };
    let mean: f64 = levels().map(|(share, level)| share * level).sum();
    let variance: f64 = levels()
        .map(|(share, level)| share * (level - mean).powi(2))
        .sum();
    // Neither dark nor bright: a curve that rises about 0.2 and one that falls about 0.8.
    let middling = rising(mean, 0.2, 0.05) * (1.0 - rising(mean, 0.8, 0.05) / 100.0);
    let spread = 60.0 * variance / (60.0 * variance + 1.0);
    [
        Measure::new("LuminanceMean", mean, middling),
        Measure::new("LuminanceVariance", variance, 100.0 * (PI * spread).sin()),
    ]
}
