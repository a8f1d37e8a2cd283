//! `NaturalColour`: native value is how far the mean colour of both cheeks lies outside the range of natural skin in
//! CIELAB (a* 5 to 25, b* 5 to 35), 0 inside; 100 where a* or b* is negative. A grey picture has 7. Where
//! something covers cheeks or mouth, cells that it may touch are left out; of cheeks covered all over nothing is assessed.

use super::region::{Region, linear};
use super::{Defect, Measure, rising};
use crate::covering::Covering;
use crate::faceprint;

/// What is covered where the cheeks are, too, at least at their edge; and from how much on a cell is no skin then.
const NEAR: [faceprint::Region; 3] = [
    faceprint::Region::LeftCheek,
    faceprint::Region::RightCheek,
    faceprint::Region::Mouth,
];
const UNTOUCHED: f32 = 0.2;

pub(super) fn measure(region: &Region, covering: Option<&Covering>) -> Measure {
    let covering = covering.filter(|covering| covering.regions().any(|of| NEAR.contains(&of)));
    let bare = |cell| {
        let much = covering.and_then(|covering| covering.cells().get(cell));
        much.is_none_or(|much| *much < UNTOUCHED)
    };
    let [a, b] = chroma(region.cheeks(bare));
    let outside = |value: f64, most: f64| (5.0 - value).max(value - most).max(0.0);
    // Grey must not become unnatural by rounding.
    let native = if a < -0.01 || b < -0.01 {
        100.0
    } else {
        outside(a, 25.0).hypot(outside(b, 35.0))
    };
    let quality = 2.0 * (100.0 - rising(native, 0.0, 10.0));
    Measure::new("NaturalColour", native, quality).because(
        Defect::UnnaturalColour,
        quality < 50.0,
        false,
    )
}

/// a* and b* (CIE 1976, illuminant D50) of an sRGB colour, 0 to 255.
fn chroma(colour: [f64; 3]) -> [f64; 2] {
    let rgb = colour.map(|value| linear(value / 255.0));
    let xyz = TO_XYZ.map(|row| row.iter().zip(&rgb).map(|(k, v)| k * v).sum::<f64>());
    let [x, y, z] = xyz.map(|t| {
        if t > 216.0 / 24389.0 {
            t.cbrt()
        } else {
            (24389.0 / 27.0 * t + 16.0) / 116.0
        }
    });
    [500.0 * (x - y), 200.0 * (y - z)]
}

/// Linear sRGB to XYZ, adapted to D50 and divided by its white.
const TO_XYZ: [[f64; 3]; 3] = [
    [0.43605 / 0.964221, 0.38508 / 0.964221, 0.14309 / 0.964221],
    [0.22249, 0.71689, 0.06062],
    [0.01393 / 0.825211, 0.09710 / 0.825211, 0.71419 / 0.825211],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colours_have_their_known_chroma() {
        // Reference values for D50: red 80.8 69.9, blue 68.3 −112.0; grey none.
        for (colour, [a, b]) in [
            ([255.0, 0.0, 0.0], [80.8, 69.9]),
            ([0.0, 0.0, 255.0], [68.3, -112.0]),
            ([128.0, 128.0, 128.0], [0.0, 0.0]),
        ] {
            let found = chroma(colour);
            assert!(
                (found[0] - a).abs() < 0.3 && (found[1] - b).abs() < 0.3,
                "{found:?}"
            );
        }
    }
}
