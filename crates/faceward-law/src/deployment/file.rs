//! The deployment's file, format 1, as it is written.

use serde::Deserialize;
use toml::Spanned;

use super::terms::*;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeploymentFile {
    pub(super) format: Spanned<i64>,
    pub(super) name: String,
    pub(super) in_use_from: Day,
    pub(super) packs: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) pack_files: Vec<String>,
    pub(super) controller: Controller,
    pub(super) place: Place,
    #[serde(default)]
    pub(super) storage: Storage,
    pub(super) notice: Option<NoticeTerms>,
    #[serde(default)]
    pub(super) protection: Protection,
    pub(super) assessment: Option<ImpactAssessment>,
    #[serde(default)]
    pub(super) records: Records,
    #[serde(default)]
    pub(super) persons: Persons,
    pub(super) filing: Option<Filing>,
    #[serde(default)]
    pub(super) requests: Requests,
    #[serde(default)]
    pub(super) decisions: Decisions,
    #[serde(default)]
    pub(super) children: Children,
    pub(super) national_channel: Option<String>,
    #[serde(default)]
    pub(super) purposes: Vec<PurposeFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PurposeFile {
    pub(super) name: Spanned<String>,
    pub(super) text: Spanned<String>,
    pub(super) functions: Spanned<Vec<Function>>,
    pub(super) basis: Spanned<Ground>,
    pub(super) citation: Option<String>,
    pub(super) necessary_because: Option<String>,
    pub(super) least_intrusive_because: Option<String>,
    pub(super) service_needs_face_because: Option<String>,
    pub(super) face_map_because: Option<String>,
    pub(super) alternative: Option<String>,
    pub(super) alternative_on_equal_terms: Option<bool>,
    pub(super) no_other_way_because: Option<String>,
    pub(super) face_is_only_way: Option<bool>,
    pub(super) face_required_by: Option<String>,
    pub(super) written_consent_required_by: Option<String>,
    pub(super) written_release: Option<Release>,
    pub(super) retention: Option<Retention>,
    pub(super) recipients: Option<Vec<Recipient>>,
    pub(super) sold: Option<bool>,
    #[serde(default = "nobody")]
    pub(super) minors: Minors,
    pub(super) security: Option<Security>,
    #[serde(default)]
    pub(super) infers: Inference,
    pub(super) at_a_distance: Option<bool>,
    pub(super) law_enforcement: Option<bool>,
}

fn nobody() -> Minors {
    Minors::Nobody
}
