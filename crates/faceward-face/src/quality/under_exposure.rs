//! `UnderExposurePrevention`: native value is the share of the face's pixels with a luminance of at most 25 of 255.

use super::region::Region;
use super::{Defect, Measure};

pub(super) fn measure(region: &Region) -> Measure {
    let dark: f64 = region.histogram().iter().take(26).sum();
    // The standard's falling curve: 100 without dark pixels, 40 at 92 %, 0 when all are dark.
    let quality = 120.0 * (0.832 - 1.0 / (1.0 + ((0.92 - dark) / 0.05).exp()));
    // Luminance is linear in light, and 25 of it is a grey that is well seen. Black to the eye is a luma of 25.
    let black = region.luma_share(0..=25);
    Measure::new("UnderExposurePrevention", dark, quality).because(
        Defect::TooDark,
        black > 0.3,
        black > 0.7,
    )
}
