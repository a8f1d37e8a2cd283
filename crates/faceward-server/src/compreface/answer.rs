//! What is told of faces, in CompreFace's words and to its number of decimals.

use faceward::{ModelId, Score, SeenFace};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::query::Options;

/// A face in an answer.
#[derive(Serialize)]
pub(crate) struct FaceTold {
    #[serde(rename = "box")]
    place: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    landmarks: Option<[[i64; 2]; 5]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pose: Option<Pose>,
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "embedding_told"
    )]
    embedding: Option<Zeroizing<Vec<f32>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    execution_time: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) similarity: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subjects: Option<Vec<SubjectTold>>,
}

/// A person who is near a face.
#[derive(Serialize)]
pub(crate) struct SubjectTold {
    pub(crate) subject: String,
    pub(crate) similarity: f32,
}

#[derive(Serialize)]
struct Place {
    probability: f64,
    x_max: i64,
    y_max: i64,
    x_min: i64,
    y_min: i64,
}

#[derive(Serialize)]
struct Pose {
    pitch: f64,
    roll: f64,
    yaw: f64,
}

impl FaceTold {
    /// As recognition and verification tell it.
    pub(crate) fn new(seen: SeenFace, options: &Options) -> Self {
        let mut told = Self::unrounded(seen, options, true);
        told.place.probability = rounded(told.place.probability);
        told
    }

    /// As detection tells it, with all decimals of the probability.
    pub(crate) fn detected(seen: SeenFace, options: &Options) -> Self {
        let calculated = options.plugins.calculator;
        Self::unrounded(seen, options, calculated)
    }

    fn unrounded(seen: SeenFace, options: &Options, calculated: bool) -> Self {
        let (rect, points) = (seen.face.rect, seen.face.points);
        let pixel = |value: f32| (value as i64).max(0);
        let posed = options.plugins.pose && options.detect_faces;
        Self {
            place: Place {
                probability: f64::from(seen.face.confidence),
                x_max: pixel(rect.x + rect.width),
                y_max: pixel(rect.y + rect.height),
                x_min: pixel(rect.x),
                y_min: pixel(rect.y),
            },
            landmarks: (options.plugins.landmarks)
                .then(|| points.map(|point| [point.x as i64, point.y as i64])),
            pose: Pose::of(&seen).filter(|_| posed),
            execution_time: options.status.then(|| {
                let mut times = Map::new();
                times.insert("detector".to_owned(), json!(seen.times.detector));
                if calculated {
                    times.insert("calculator".to_owned(), json!(seen.times.calculator));
                }
                if posed {
                    times.insert("pose".to_owned(), json!(seen.times.pose));
                }
                times
            }),
            embedding: seen.embedding,
            subject: None,
            similarity: None,
            subjects: None,
        }
    }
}

impl Pose {
    fn of(seen: &SeenFace) -> Option<Self> {
        let degrees = |name: &str| {
            let components = &seen.quality.components;
            let found = components.iter().find(|component| component.name == name)?;
            found.native.is_finite().then_some(found.native)
        };
        Some(Self {
            pitch: degrees("HeadPosePitch")?,
            roll: degrees("HeadPoseRoll")?,
            yaw: degrees("HeadPoseYaw")?,
        })
    }
}

/// What made an answer, where that was asked for.
pub(crate) fn versions(options: &Options, model: Option<&ModelId>) -> Option<Value> {
    if !options.status {
        return None;
    }
    let mut versions = Map::new();
    versions.insert("detector".to_owned(), json!("faceward.CenterFace"));
    if let Some(model) = model {
        let name = format!("faceward.Calculator@{model}");
        versions.insert("calculator".to_owned(), json!(name));
    }
    if options.plugins.pose && options.detect_faces {
        versions.insert("pose".to_owned(), json!("faceward.HeadPose"));
    }
    Some(Value::Object(versions))
}

/// Similarity as CompreFace computes it for arcface_mobilefacenet: 0.5 at a cosine of 0.199, 0.9 at
/// 0.430. Decisions are made on the score by this ward's measured thresholds, not on this.
pub(crate) fn similarity(score: Score) -> f32 {
    const MIDDLE: f64 = 1.26538905;
    const STEEPNESS: f64 = 5.552089201;
    let distance = (2.0 - 2.0 * f64::from(score.value())).max(0.0).sqrt();
    rounded((((MIDDLE - distance) * STEEPNESS).tanh() + 1.0) / 2.0) as f32
}

/// Half up, to five decimals.
fn rounded(value: f64) -> f64 {
    (value * 100_000.0 + 0.5).floor() / 100_000.0
}

fn embedding_told<S: Serializer>(
    told: &Option<Zeroizing<Vec<f32>>>,
    to: S,
) -> Result<S::Ok, S::Error> {
    told.as_ref().map(|told| told.as_slice()).serialize(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similarity_is_compreface_s_own() {
        for (cosine, told) in [(0.199, 0.5), (0.430, 0.9), (0.582, 0.98)] {
            let similarity = similarity(Score::new(cosine).unwrap());
            assert!((similarity - told).abs() < 0.005, "{cosine}: {similarity}");
        }
        assert_eq!(similarity(Score::new(1.0).unwrap()), 1.0);
        assert_eq!(similarity(Score::new(-1.0).unwrap()), 0.00024);
        assert_eq!(rounded(0.123_455), 0.12346);
    }
}
