//! `OverExposurePrevention`: native value is the share of the face's pixels with a luma of at least 247, 0 to 1.

use super::region::Region;
use super::{Defect, Measure};

pub(super) fn measure(region: &Region) -> Measure {
    let burnt = region.share(247..=255);
    // The standard's mapping: 100 without burnt pixels, 50 at 1 %, 9 at 10 %.
    Measure::new("OverExposurePrevention", burnt, 1.0 / (burnt + 0.01)).because(
        Defect::TooBright,
        burnt > 0.15,
        burnt > 0.5,
    )
}
