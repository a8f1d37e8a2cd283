//! `faceward.toml`: what a controller decides once. Every key may be left out; unknown keys are
//! refused.

use std::path::{Path, PathBuf};

use faceward_face::Embedder;
use faceward_law::Purpose;
use faceward_match::{FalseMatchRate, Policy, ThresholdTable};
use serde::Deserialize;

use crate::WardError;

/// The settings of a ward.
///
/// ```toml
/// purpose = "door-access"        # used when a command names none
///
/// [matching]
/// match_at = "0.01%"             # false match rate at which a comparison is a match
/// uncertain_at = "1%"            # and at which it is at least uncertain
///
/// [liveness]
/// required = false               # refuse pictures of pictures when enrolling and comparing
/// at_least = 0.5                 # liveness score that counts as a person, 0 to 1
///
/// [embedder]                     # bring your own model; paths are relative to this file
/// onnx = "models/arcface.onnx"
/// thresholds = "models/arcface-thresholds.toml"
/// ```
#[derive(Debug, Clone, Default)]
pub struct Config {
    path: PathBuf,
    file: File,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    purpose: Option<String>,
    matching: Matching,
    liveness: LivenessRule,
    embedder: Option<OwnEmbedder>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Matching {
    match_at: Option<String>,
    uncertain_at: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LivenessRule {
    required: bool,
    at_least: f32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnEmbedder {
    onnx: PathBuf,
    thresholds: PathBuf,
}

impl Default for LivenessRule {
    fn default() -> Self {
        Self {
            required: false,
            at_least: 0.5,
        }
    }
}

impl Config {
    /// Reads the file; the defaults if there is none.
    ///
    /// # Errors
    /// [`WardError::Config`] with the place, when a key or a value is not understood.
    pub fn read(path: &Path) -> Result<Self, WardError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                let path = path.to_owned();
                return Err(WardError::File { path, error });
            }
        };
        let refuse = |why: String| WardError::Config {
            path: path.to_owned(),
            why,
        };
        let file: File = toml::from_str(&text).map_err(|error| refuse(error.to_string()))?;
        let config = Self {
            path: path.to_owned(),
            file,
        };
        if !(0.0..=1.0).contains(&config.file.liveness.at_least) {
            return Err(refuse("liveness.at_least lies between 0 and 1".to_owned()));
        }
        config.purpose()?;
        config.policy()?;
        Ok(config)
    }

    /// The purpose that stands for commands which name none.
    ///
    /// # Errors
    /// [`WardError::Config`] when it is not a purpose.
    pub fn purpose(&self) -> Result<Option<Purpose>, WardError> {
        let stated = self.file.purpose.as_deref();
        stated
            .map(|text| text.parse().map_err(|error| self.refuse(error)))
            .transpose()
    }

    /// The liveness score that is demanded, if one is.
    pub fn liveness_required(&self) -> Option<f32> {
        let rule = &self.file.liveness;
        rule.required.then_some(rule.at_least)
    }

    pub(crate) fn policy(&self) -> Result<Policy, WardError> {
        let rate = |text: &Option<String>, default: FalseMatchRate| match text {
            Some(text) => text.parse().map_err(|error| self.refuse(error)),
            None => Ok(default),
        };
        let matching = &self.file.matching;
        let match_at = rate(&matching.match_at, FalseMatchRate::ONE_IN_TEN_THOUSAND)?;
        let uncertain_at = rate(&matching.uncertain_at, FalseMatchRate::ONE_IN_A_HUNDRED)?;
        Policy::new(match_at, uncertain_at).map_err(|error| self.refuse(error))
    }

    pub(crate) fn embedder(&self) -> Embedder {
        match &self.file.embedder {
            Some(own) => Embedder::Onnx(self.beside(&own.onnx)),
            None => Embedder::Own,
        }
    }

    pub(crate) fn thresholds(&self) -> Result<Option<ThresholdTable>, WardError> {
        let Some(own) = &self.file.embedder else {
            return Ok(None);
        };
        let path = self.beside(&own.thresholds);
        match std::fs::read_to_string(&path) {
            Ok(text) => match ThresholdTable::parse(&text) {
                Ok(table) => Ok(Some(table)),
                Err(error) => Err(WardError::Config {
                    path,
                    why: error.to_string(),
                }),
            },
            Err(error) => Err(WardError::File { path, error }),
        }
    }

    fn beside(&self, path: &Path) -> PathBuf {
        self.path.parent().unwrap_or(Path::new(".")).join(path)
    }

    fn refuse(&self, why: impl ToString) -> WardError {
        WardError::Config {
            path: self.path.clone(),
            why: why.to_string(),
        }
    }
}
