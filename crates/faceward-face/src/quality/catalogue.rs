//! Every component of the standard, by OFIQ's names and in its order, and what becomes of it here.

/// One component of ISO/IEC 29794-5:2025.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name in OFIQ.
    pub name: &'static str,
    /// Whether and how it is measured.
    pub measured: Measured,
}

/// Whether and how a component is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measured {
    /// By the standard's formula and mapping.
    AsStandard,
    /// By another one, so that its numbers are not comparable with OFIQ's; how it differs.
    Otherwise(&'static str),
    /// Not, and why.
    Not(&'static str),
}

/// The components of the standard that OFIQ implements, in its order. What the standard names beyond them, such as the
/// distortion of a lens, is not measured either.
pub const COMPONENTS: &[Known] = &[
    otherwise(
        "UnifiedQualityScore",
        "the harmonic mean of eight components; the standard has a net that foretells recognition",
    ),
    not("BackgroundUniformity", PARTS),
    standard("IlluminationUniformity"),
    standard("LuminanceMean"),
    standard("LuminanceVariance"),
    standard("UnderExposurePrevention"),
    standard("OverExposurePrevention"),
    standard("DynamicRange"),
    otherwise(
        "Sharpness",
        "the blur estimate of Crété-Roffet et al.; the standard has a learnt forest",
    ),
    not(
        "CompressionArtifacts",
        "needs a net that judges compression, which is not built in",
    ),
    standard("NaturalColour"),
    standard("SingleFacePresent"),
    standard("EyesOpen"),
    standard("MouthClosed"),
    otherwise("EyesVisible", COVERED),
    otherwise("MouthOcclusionPrevention", COVERED),
    otherwise("FaceOcclusionPrevention", COVERED),
    standard("InterEyeDistance"),
    standard("HeadSize"),
    standard("LeftwardCropOfTheFaceImage"),
    standard("RightwardCropOfTheFaceImage"),
    standard("MarginAboveOfTheFaceImage"),
    standard("MarginBelowOfTheFaceImage"),
    otherwise("HeadPoseYaw", POSE),
    otherwise("HeadPosePitch", POSE),
    otherwise("HeadPoseRoll", POSE),
    not(
        "ExpressionNeutrality",
        "needs a net that judges expressions, which is not built in",
    ),
    not("NoHeadCoverings", PARTS),
];

const PARTS: &str = "needs a net that tells the parts of a picture apart (skin, hair, glasses, cap, background), which is not built in";
const COVERED: &str =
    "what covers a face is estimated for 7 × 7 cells; the standard has a net that marks pixels";
const POSE: &str = "the angles come from six landmarks and a rigid head; the standard has a net";

const fn standard(name: &'static str) -> Known {
    let measured = Measured::AsStandard;
    Known { name, measured }
}

const fn otherwise(name: &'static str, how: &'static str) -> Known {
    let measured = Measured::Otherwise(how);
    Known { name, measured }
}

const fn not(name: &'static str, why: &'static str) -> Known {
    let measured = Measured::Not(why);
    Known { name, measured }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_on_quality_lists_the_same() {
        let page = include_str!("../../../../docs/quality.md");
        let listed = page.lines().filter(|line| line.starts_with("| `"));
        let told = COMPONENTS.iter().map(|known| {
            let how = match known.measured {
                Measured::AsStandard => "as the standard".to_owned(),
                Measured::Otherwise(how) => format!("otherwise: {how}"),
                Measured::Not(why) => format!("not: {why}"),
            };
            format!("| `{}` | {how} |", known.name)
        });
        assert!(listed.eq(told));
    }
}
