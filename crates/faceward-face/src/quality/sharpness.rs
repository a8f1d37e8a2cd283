//! Sharpness: how much of the detail a face of this size could show is there.
//!
//! Native value: 100 minus the blur estimate of Crété-Roffet et al. (SPIE 2007), in percent, of the aligned face at 80
//! pixels between the eyes: the share of the differences between neighbours that blurring takes away, the worse of both
//! directions. Pictures with fewer pixels are enlarged and lose accordingly. The standard has a random forest here.

use super::region::{Region, SIDE};
use super::{Defect, Measure, rising};

pub(super) fn measure(region: &Region) -> Measure {
    let native = lost(region, false).min(lost(region, true));
    Measure::new("Sharpness", native, rising(native, 28.0, 5.0)).because(
        Defect::Blurred,
        native < 25.0,
        native < 16.0,
    )
}

/// Length of the blur, in pixels.
const BLUR: usize = 9;

/// Percent of the differences along rows (or columns) that a running mean removes.
fn lost(region: &Region, along_columns: bool) -> f64 {
    let at = |line: usize, i: usize| {
        if along_columns {
            region.at(i, line)
        } else {
            region.at(line, i)
        }
    };
    let shows = |line: usize, i: usize| {
        if along_columns {
            region.shows(i, line)
        } else {
            region.shows(line, i)
        }
    };
    let reach = BLUR / 2;
    let (mut before, mut removed) = (0.0, 0.0);
    for line in 0..SIDE {
        for i in reach + 1..SIDE - reach {
            if !shows(line, i) {
                continue;
            }
            let here = (at(line, i) - at(line, i - 1)).abs();
            // The running means at i and i - 1 differ by the values that enter and leave.
            let blurred = (at(line, i + reach) - at(line, i - 1 - reach)).abs() / BLUR as f64;
            before += here;
            removed += (here - blurred).max(0.0);
        }
    }
    100.0 * removed / before
}
