//! How good is a face for recognition, component by component, and what should the person do about it?
//!
//! Components bear the names of ISO/IEC 29794-5:2025 as its open reference implementation OFIQ spells them. Where the
//! standard prescribes a formula over landmarks or luminance, native value and mapping follow it; `Sharpness` and the
//! unified score use learnt models there and plain formulas here, so their numbers are not comparable with OFIQ's. The
//! landmarks are another net's throughout.

use std::fmt;

use crate::{Face, FaceError, Image, Point};

mod crop_of_the_face;
mod head_pose;
mod illumination_uniformity;
mod inter_eye_distance;
mod over_exposure;
mod region;
mod scan_lines;
mod sharpness;
mod under_exposure;

use region::Region;

/// One measured property.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Component {
    /// Name in ISO/IEC 29794-5.
    pub name: &'static str,
    /// The measured value in its own unit, which the component's file states.
    pub native: f64,
    /// 0 (worst) to 100 (best); `None` where it could not be assessed.
    pub value: Option<u8>,
}

/// What was measured of one face.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    /// The components in the order of the standard.
    pub components: Vec<Component>,
    /// All of them in one number, 0 to 100: their geometric mean, so that one bad property is not hidden by good ones.
    pub unified: u8,
    /// What stands against the face, gravest first.
    pub reasons: Vec<Reason>,
}

impl Quality {
    /// The reasons that make the face unusable for enrolment. An empty answer means it may be enrolled.
    pub fn obstacles(&self) -> impl Iterator<Item = &Reason> {
        self.reasons.iter().filter(|r| r.prevents_enrolment)
    }
}

/// A defect of one face and how grave it is. Its text says what is wrong and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What is wrong.
    pub defect: Defect,
    /// Whether the face must not be enrolled because of it. Otherwise it is advice.
    pub prevents_enrolment: bool,
}

/// What can be wrong with a face picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Defect {
    /// Alternating scan lines, from a damaged or interlaced capture.
    ScanLines,
    /// Part of the face lies outside the picture.
    CutOff,
    /// Too few pixels between the eyes.
    TooSmall,
    /// Blurred, or enlarged from fewer pixels.
    Blurred,
    /// Too dark.
    TooDark,
    /// Burnt out.
    TooBright,
    /// Light from one side.
    OneSided,
    /// Turned to one side.
    TurnedAside,
    /// Looking up or down.
    TiltedUpOrDown,
    /// The head leans to a shoulder.
    Leaning,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.defect {
            Defect::ScanLines => "the picture is torn into lines: take or export it again",
            Defect::CutOff => "part of the face is outside the picture: move into the middle",
            Defect::TooSmall => "the face is too small: come closer or use a larger picture",
            Defect::Blurred => "the face is blurred: hold still and clean the lens",
            Defect::TooDark => "the face is too dark: turn towards the light",
            Defect::TooBright => "the face is burnt out: move out of the glaring light",
            Defect::OneSided => "the light comes from one side: turn towards the light",
            Defect::TurnedAside => "the face is turned aside: look straight into the camera",
            Defect::TiltedUpOrDown => "the face looks up or down: hold the camera at eye level",
            Defect::Leaning => "the head leans to one side: hold it, or the camera, upright",
        })
    }
}

/// Measures everything. `points` are the 68 of the iBUG markup, in pixels of the image.
pub(crate) fn assess(
    image: &Image,
    face: &Face,
    points: &[Point; 68],
) -> Result<Quality, FaceError> {
    let region = Region::of(image, face, points)?;
    let pose = head_pose::angles(points);
    let measures: Vec<Measure> = [
        illumination_uniformity::measure(&region),
        under_exposure::measure(&region),
        over_exposure::measure(&region),
        sharpness::measure(&region),
        inter_eye_distance::measure(points, pose.map(|p| p.yaw)),
    ]
    .into_iter()
    .chain(crop_of_the_face::measure(image, points))
    .chain(head_pose::measure(pose))
    .collect();
    let mut reasons: Vec<Reason> = Vec::new();
    for reason in measures
        .iter()
        .filter_map(|m| m.reason)
        .chain(scan_lines::find(&region))
    {
        if !reasons.iter().any(|known| known.defect == reason.defect) {
            reasons.push(reason);
        }
    }
    reasons.sort_by_key(|reason| !reason.prevents_enrolment);
    let components: Vec<Component> = measures.into_iter().map(|m| m.component).collect();
    Ok(Quality {
        unified: unified(&components),
        components,
        reasons,
    })
}

/// A component and what stands against the face because of it.
struct Measure {
    component: Component,
    reason: Option<Reason>,
}

impl Measure {
    /// A native value and its quality, rounded to 0–100; not assessable when the value is not finite.
    fn new(name: &'static str, native: f64, quality: f64) -> Measure {
        let value = (native.is_finite() && quality.is_finite())
            .then_some(quality.round().clamp(0.0, 100.0) as u8);
        Measure {
            component: Component {
                name,
                native,
                value,
            },
            reason: None,
        }
    }

    /// Adds the defect as advice, or as an obstacle to enrolment.
    fn because(mut self, defect: Defect, advice: bool, obstacle: bool) -> Measure {
        self.reason = (advice || obstacle).then_some(Reason {
            defect,
            prevents_enrolment: obstacle,
        });
        self
    }
}

/// Geometric mean of the assessable values. Values below ten count as ten: a tight crop alone, which recognition hardly
/// minds, must not push a good face to the bottom.
fn unified(components: &[Component]) -> u8 {
    let values = components.iter().filter_map(|c| c.value);
    let logs: Vec<f64> = values.map(|v| f64::from(v.max(10)).ln()).collect();
    if logs.is_empty() {
        return 0;
    }
    (logs.iter().sum::<f64>() / logs.len() as f64).exp().round() as u8
}

/// The rising logistic curve of the standard's mappings, 0 to 100: 50 at `middle`, 73 one `width` above it.
fn rising(native: f64, middle: f64, width: f64) -> f64 {
    100.0 / (1.0 + ((middle - native) / width).exp())
}

/// Distance of two points, in pixels.
fn distance(a: Point, b: Point) -> f64 {
    f64::from(a.x - b.x).hypot(f64::from(a.y - b.y))
}

/// The middle of some of the 68 points.
fn middle(points: &[Point; 68], range: std::ops::Range<usize>) -> Point {
    let some = points.get(range).unwrap_or_default();
    let count = some.len().max(1) as f32;
    Point {
        x: some.iter().map(|p| p.x).sum::<f32>() / count,
        y: some.iter().map(|p| p.y).sum::<f32>() / count,
    }
}

/// Where the eye on the viewer's left lies among the 68 points.
const LEFT_EYE: std::ops::Range<usize> = 36..42;
/// Where the eye on the viewer's right lies.
const RIGHT_EYE: std::ops::Range<usize> = 42..48;
/// The tip of the chin.
const CHIN: usize = 8;
