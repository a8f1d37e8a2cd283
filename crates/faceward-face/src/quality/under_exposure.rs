//! `UnderExposurePrevention`: native value is the share of the face's pixels with a luma of at most 25, 0 to 1.

use super::region::Region;
use super::{Defect, Measure};

pub(super) fn measure(region: &Region) -> Measure {
    let dark = region.share(0..=25);
    // The standard's falling curve: 100 without dark pixels, 40 at 92 %, 0 when all are dark.
    let quality = 120.0 * (0.832 - 1.0 / (1.0 + ((0.92 - dark) / 0.05).exp()));
    Measure::new("UnderExposurePrevention", dark, quality).because(
        Defect::TooDark,
        dark > 0.3,
        dark > 0.7,
    )
}
