//! `IlluminationUniformity`: native value is what the luminance histograms of both cheeks have in common, 0 to 1.

use super::region::Region;
use super::{Defect, Measure};

pub(super) fn measure(region: &Region) -> Measure {
    let [left, right] = region.cheek_histograms();
    let common: f64 = left.iter().zip(&right).map(|(l, r)| l.min(*r)).sum();
    let [left, right] = region.cheek_lumas();
    Measure::new("IlluminationUniformity", common, 100.0 * common.powf(0.3)).because(
        Defect::OneSided,
        (left - right).abs() > 80.0,
        false,
    )
}
