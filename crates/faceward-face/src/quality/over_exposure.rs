//! `OverExposurePrevention`: native value is the share of the face's pixels with a luminance of at least 247 of 255.

use super::region::Region;
use super::{Defect, Measure};

pub(super) fn measure(region: &Region) -> Measure {
    let burnt: f64 = region.histogram().iter().skip(247).sum();
    let white = region.luma_share(247..=255);
    // The standard's mapping: 100 without burnt pixels, 50 at 1 %, 9 at 10 %.
    Measure::new("OverExposurePrevention", burnt, 1.0 / (burnt + 0.01)).because(
        Defect::TooBright,
        white > 0.15,
        white > 0.5,
    )
}
