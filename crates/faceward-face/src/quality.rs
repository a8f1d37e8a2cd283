//! How good is a face for recognition, component by component, and what should the person do about it?
//!
//! Components bear the names of ISO/IEC 29794-5:2025 as its open reference implementation OFIQ spells them, and
//! [`COMPONENTS`] lists them all: which follow the standard's formula, which are measured otherwise here, and which are
//! not measured and why. The landmarks are another net's throughout, and covered parts of a face are left out only where
//! it says so, so that even where the formula is the standard's the values may differ a little from OFIQ's.

use std::fmt;

use crate::covering::Covering;
use crate::{Face, FaceError, Image, Point};

mod catalogue;
mod covered;
mod crop_of_the_face;
mod dynamic_range;
mod eyes_open;
mod head_pose;
mod head_size;
mod illumination_uniformity;
mod inter_eye_distance;
mod luminance;
mod mouth_closed;
mod natural_colour;
mod over_exposure;
mod region;
mod scan_lines;
mod sharpness;
mod single_face_present;
mod under_exposure;

pub use catalogue::{COMPONENTS, Known, Measured};
pub use single_face_present::single_face_present;

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
    /// In one number, 0 to 100: the harmonic mean of exposure, contrast, sharpness, open eyes, size, yaw and pitch, so that
    /// one bad property is not hidden by good ones.
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
    /// Hardly any difference between light and shade.
    Flat,
    /// The cheeks, where nothing covers them, have no colour of skin: coloured light, or a filter.
    UnnaturalColour,
    /// Turned to one side.
    TurnedAside,
    /// Looking up or down.
    TiltedUpOrDown,
    /// The head leans to a shoulder.
    Leaning,
    /// One eye at least is shut.
    EyesShut,
    /// The mouth is wide open.
    MouthOpen,
    /// Something hides an eye, or both.
    EyesCovered,
    /// Something hides the mouth.
    MouthCovered,
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
            Defect::Flat => "the face has no contrast: wipe the lens and seek even, brighter light",
            Defect::UnnaturalColour => {
                "the cheeks have no natural colour: use white light and no filter"
            }
            Defect::TurnedAside => "the face is turned aside: look straight into the camera",
            Defect::TiltedUpOrDown => "the face looks up or down: hold the camera at eye level",
            Defect::Leaning => "the head leans to one side: hold it, or the camera, upright",
            Defect::EyesShut => "the eyes are shut: open them",
            Defect::MouthOpen => "the mouth is open: close it",
            Defect::EyesCovered => {
                "the eyes are covered: take off dark glasses, and keep hands and hair away from them"
            }
            Defect::MouthCovered => {
                "the mouth is covered: take off the mask, and keep hands and scarf away from it"
            }
        })
    }
}

/// Measures everything. `points` are the 68 of the iBUG markup, in pixels of the image.
pub(crate) fn assess(
    image: &Image,
    face: &Face,
    points: &[Point; 68],
    covering: Option<&Covering>,
) -> Result<Quality, FaceError> {
    let region = Region::of(image, face, points)?;
    let [eyes_visible, mouth_uncovered, face_uncovered] = covered::measure(covering);
    let pose = head_pose::angles(points);
    let [luminance_mean, luminance_variance] = luminance::measure(&region);
    let measures: Vec<Measure> = [
        illumination_uniformity::measure(&region),
        luminance_mean,
        luminance_variance,
        under_exposure::measure(&region),
        over_exposure::measure(&region),
        dynamic_range::measure(&region),
        sharpness::measure(&region),
        natural_colour::measure(&region, covering),
        eyes_open::measure(points),
        mouth_closed::measure(points),
        eyes_visible,
        mouth_uncovered,
        face_uncovered,
        inter_eye_distance::measure(points, pose.map(|p| p.yaw)),
        head_size::measure(image, points),
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

/// Harmonic mean of the components that recognition depends on, those that cannot be assessed left out. The worst weighs
/// most: a face in the dark is not made up for by its many pixels. Framing, colour, roll and an open mouth hardly matter
/// to recognition and are left out.
fn unified(components: &[Component]) -> u8 {
    let decisive = components.iter().filter(|c| DECISIVE.contains(&c.name));
    let shares: Vec<f64> = decisive
        .filter_map(|c| c.value)
        .map(|value| 1.0 / f64::from(value.max(1)))
        .collect();
    if shares.is_empty() {
        return 0;
    }
    (shares.len() as f64 / shares.iter().sum::<f64>()).round() as u8
}

/// Pixels, focus, pose, light and what is seen of the eyes.
const DECISIVE: [&str; 8] = [
    "UnderExposurePrevention",
    "OverExposurePrevention",
    "DynamicRange",
    "Sharpness",
    "EyesOpen",
    "InterEyeDistance",
    "HeadPoseYaw",
    "HeadPosePitch",
];

/// The rising logistic curve of the standard's mappings, 0 to 100: 50 at `middle`, 73 one `width` above it.
fn rising(native: f64, middle: f64, width: f64) -> f64 {
    100.0 / (1.0 + ((middle - native) / width).exp())
}

/// Distance of two points, in pixels.
fn distance(a: Point, b: Point) -> f64 {
    f64::from(a.x - b.x).hypot(f64::from(a.y - b.y))
}

/// The widest of the gaps between pairs of the 68 points, in pixels.
fn widest(points: &[Point; 68], pairs: &[(usize, usize)]) -> f64 {
    let gap = |(a, b): &(usize, usize)| Some(distance(*points.get(*a)?, *points.get(*b)?));
    pairs.iter().filter_map(gap).fold(f64::NAN, f64::max)
}

/// The middle of two of the 68 points.
fn middle(points: &[Point; 68], two: [usize; 2]) -> Point {
    let [a, b] = two.map(|at| points.get(at).copied().unwrap_or(Point { x: 0.0, y: 0.0 }));
    half_way(a, b)
}

fn half_way(a: Point, b: Point) -> Point {
    Point {
        x: (a.x + b.x) / 2.0,
        y: (a.y + b.y) / 2.0,
    }
}

/// Distance of the middles of both eyes, in pixels.
pub(crate) fn inter_eye(points: &[Point; 68]) -> f64 {
    distance(middle(points, LEFT_EYE), middle(points, RIGHT_EYE))
}

/// The point half-way between the eyes.
fn eye_line(points: &[Point; 68]) -> Point {
    half_way(middle(points, LEFT_EYE), middle(points, RIGHT_EYE))
}

/// The standard's measure of a head: from the eye line to the tip of the chin, in pixels.
fn eye_to_chin(points: &[Point; 68]) -> f64 {
    points
        .get(CHIN)
        .map_or(f64::NAN, |chin| distance(eye_line(points), *chin))
}

/// Corners of the eye on the viewer's left, among the 68 points.
const LEFT_EYE: [usize; 2] = [36, 39];
/// Corners of the eye on the viewer's right.
const RIGHT_EYE: [usize; 2] = [42, 45];
/// The middle of the inner edge of both lips.
const MOUTH: [usize; 2] = [62, 66];
/// The tip of the chin.
const CHIN: usize = 8;
