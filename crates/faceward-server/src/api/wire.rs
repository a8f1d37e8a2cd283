//! Shapes that several answers share.

use std::collections::BTreeMap;

use faceward::told::receipt_json;
use faceward::{Decision, EntryProof, Quality, Reading, Threshold};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Problem;

/// Proof that an act was recorded: whoever knows the ledger's public key can check it offline.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ReceiptSaid {
    /// Position of the entry in the ledger, from 0.
    pub(crate) entry: u64,
    /// Hash of the entry (RFC 6962 leaf hash), base64.
    pub(crate) leaf_hash: String,
    /// The signed checkpoint (C2SP) of a ledger that holds the entry.
    pub(crate) checkpoint: String,
    /// The inclusion proof, one hash a line.
    pub(crate) inclusion_proof: String,
}

impl ReceiptSaid {
    pub(crate) fn of(proof: &EntryProof) -> Self {
        Self {
            entry: proof.position(),
            leaf_hash: proof.entry().to_string(),
            checkpoint: proof.checkpoint().to_owned(),
            inclusion_proof: proof.proof().to_string(),
        }
    }
}

/// An act that was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DoneSaid {
    receipt: ReceiptSaid,
}

impl DoneSaid {
    pub(crate) fn of(proof: &EntryProof) -> Self {
        Self {
            receipt: ReceiptSaid::of(proof),
        }
    }
}

/// What was seen of a face.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SampleSaid {
    /// Left, top, width and height, in pixels of the upright picture.
    #[serde(rename = "box")]
    pub(crate) place: [f32; 4],
    /// How sure the detector is, 0 to 1.
    pub(crate) confidence: f32,
    /// Unified quality, 0 to 100.
    pub(crate) quality: u8,
    /// What it was made from, by the names of ISO/IEC 29794-5.
    pub(crate) components: BTreeMap<&'static str, ComponentSaid>,
    /// What stands against the picture, gravest first, each with what to do about it.
    pub(crate) reasons: Vec<String>,
    /// How much it looks like a person rather than a picture of one, 0 to 1.
    pub(crate) liveness: f32,
    /// What the decoder had to decide.
    pub(crate) notes: Vec<String>,
}

impl SampleSaid {
    pub(crate) fn of(reading: &Reading) -> Self {
        let rect = &reading.face.rect;
        Self {
            place: [rect.x, rect.y, rect.width, rect.height],
            confidence: reading.face.confidence,
            quality: reading.quality.unified,
            components: ComponentSaid::all(&reading.quality),
            reasons: reasons(&reading.quality),
            liveness: reading.liveness,
            notes: reading.notes.clone(),
        }
    }
}

/// One component of a face's quality.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ComponentSaid {
    /// In its own unit.
    native: f64,
    /// 0 (worst) to 100 (best); null where it could not be assessed.
    #[schema(required, maximum = 100)]
    value: Option<u8>,
}

impl ComponentSaid {
    pub(crate) fn all(quality: &Quality) -> BTreeMap<&'static str, Self> {
        let said = |one: &faceward::Component| {
            let (native, value) = (one.native, one.value);
            (one.name, Self { native, value })
        };
        quality.components.iter().map(said).collect()
    }
}

/// What stands against a face, gravest first.
pub(crate) fn reasons(quality: &Quality) -> Vec<String> {
    quality.reasons.iter().map(ToString::to_string).collect()
}

/// A score threshold.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ThresholdSaid {
    /// From which score.
    pub(crate) score: f32,
    /// The false match rate it stands for, as a share.
    pub(crate) false_match_rate: f64,
}

impl ThresholdSaid {
    pub(crate) fn of(threshold: &Threshold) -> Self {
        Self {
            score: threshold.score.value(),
            false_match_rate: threshold.asked.share(),
        }
    }
}

/// What a comparison amounts to.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DecisionSaid {
    Match,
    Uncertain,
    NoMatch,
}

impl From<Decision> for DecisionSaid {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Match => Self::Match,
            Decision::Uncertain => Self::Uncertain,
            Decision::NoMatch => Self::NoMatch,
        }
    }
}

impl Problem {
    /// With the proof that it was recorded.
    pub(crate) fn recorded(mut self, receipt: &EntryProof) -> Self {
        self.receipt = Some(receipt_json(receipt));
        self
    }
}
