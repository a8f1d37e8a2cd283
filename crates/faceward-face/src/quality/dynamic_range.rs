//! `DynamicRange`: native value is the entropy of the face's luminance histogram in bits, 0 (one level) to 8.

use super::region::Region;
use super::{Defect, Measure};

pub(super) fn measure(region: &Region) -> Measure {
    let histogram = region.histogram();
    let used = histogram.iter().filter(|share| **share != 0.0);
    let bits = -used.map(|share| share * share.log2()).sum::<f64>();
    Measure::new("DynamicRange", bits, 12.5 * bits).because(Defect::Flat, bits < 3.0, false)
}
