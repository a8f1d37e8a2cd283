//! `EyesVisible`, `MouthOcclusionPrevention` and `FaceOcclusionPrevention`: native values are the shares of the eyes, of
//! the mouth and of the whole face that something covers, 0 to 1, estimated cell by cell. The standard marks pixels.

use super::{Defect, Measure};
use crate::covering::{Covering, is_eye};
use crate::faceprint::Region;

/// Share of a mouth from which on it is not enrolled: surely more than shade or fingers at the lips.
const TOO_MUCH: f32 = 0.6;

/// Nothing is assessed where nothing is known of what covers the face.
pub(super) fn measure(covering: Option<&Covering>) -> [Measure; 3] {
    let share = |among: &dyn Fn(Region) -> bool| {
        covering.map_or(f64::NAN, |covering| f64::from(covering.mean(among)))
    };
    let of = |name, share: f64| Measure::new(name, share, 100.0 * (1.0 - share));
    let eyes = share(&is_eye);
    let mouth = share(&|region| region == Region::Mouth);
    let face = share(&|region| region != Region::Surroundings);
    let regions: Vec<Region> = covering.into_iter().flat_map(Covering::regions).collect();
    [
        of("EyesVisible", eyes).because(
            Defect::EyesCovered,
            regions.iter().any(|region| is_eye(*region)),
            covering.is_some_and(Covering::eyes),
        ),
        of("MouthOcclusionPrevention", mouth).because(
            Defect::MouthCovered,
            regions.contains(&Region::Mouth),
            covering.is_some_and(|covering| covering.of(Region::Mouth) >= TOO_MUCH),
        ),
        of("FaceOcclusionPrevention", face),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(regions: &[Region]) -> Vec<(Defect, bool)> {
        let measures = measure(Some(&Covering::with(regions)));
        let reasons = measures.iter().filter_map(|measure| measure.reason);
        reasons.map(|r| (r.defect, r.prevents_enrolment)).collect()
    }

    #[test]
    fn covered_eyes_and_mouths_are_told_and_one_eye_is_only_advice() {
        let both = [Region::LeftEye, Region::RightEye];
        assert_eq!(reasons(&[Region::Forehead, Region::LeftCheek]), []);
        assert_eq!(reasons(&both), [(Defect::EyesCovered, true)]);
        assert_eq!(reasons(&both[..1]), [(Defect::EyesCovered, false)]);
        assert_eq!(reasons(&[Region::Mouth]), [(Defect::MouthCovered, true)]);
    }

    #[test]
    fn where_nothing_is_known_nothing_is_said() {
        for measure in measure(None) {
            assert!(measure.reason.is_none() && measure.component.value.is_none());
        }
    }
}
