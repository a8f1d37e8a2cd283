//! `faceward.toml`: what a controller decides once. Every key may be left out; unknown keys are
//! refused.

use std::path::{Path, PathBuf};

use faceward_face::Embedder;
use faceward_law::{DUE_IN_DAYS, Purpose, Regime};
use faceward_match::{FalseMatchRate, Policy, ThresholdTable};
use faceward_receipt::Controller;
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
/// [controller]                   # named in every consent receipt; the deployment's if left out
/// name = "Stadtwerke Beispiel"
/// address = "Hauptstraße 1, 12345 Beispiel"
/// contact = "privacy@example.org"
/// jurisdiction = "CN"            # whose law applies; CN if left out
/// storage = "our server room"    # where the vault stands
/// withdrawal = "at the desk"     # how to withdraw; the contact if left out
/// rights = "at the desk"         # how to ask for access, correction, deletion
///
/// [rights]                       # when somebody asks what is held on them
/// regime = "pipl"                # pipl: promptly; gdpr: within one month (Art. 12(3))
/// answer_within_days = 15        # our target where the law says "promptly", 1 to 90
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
    controller: Option<Responsible>,
    rights: Rights,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Rights {
    regime: RegimeWord,
    answer_within_days: u16,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RegimeWord {
    Pipl,
    Gdpr,
}

impl Default for Rights {
    fn default() -> Self {
        Self {
            regime: RegimeWord::Pipl,
            answer_within_days: DUE_IN_DAYS,
        }
    }
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
struct Responsible {
    name: String,
    address: String,
    contact: String,
    jurisdiction: Option<String>,
    storage: Option<String>,
    withdrawal: Option<String>,
    rights: Option<String>,
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
        config.check_controller()?;
        if !(1..=90).contains(&config.file.rights.answer_within_days) {
            return Err(refuse(
                "rights.answer_within_days lies between 1 and 90".to_owned(),
            ));
        }
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

    /// Who runs this ward, as receipts name them.
    ///
    /// # Errors
    /// [`WardError::Config`] when the settings do not say.
    pub fn controller(&self) -> Result<Controller, WardError> {
        let Some(said) = &self.file.controller else {
            let why = "a receipt names who is responsible: add a table [controller] with name, address and contact, or declare a deployment";
            return Err(self.refuse(why));
        };
        let or = |text: &Option<String>, default: &str| {
            text.clone().unwrap_or_else(|| default.to_owned())
        };
        let reach = format!("tell the controller: {}", said.contact);
        Ok(Controller {
            name: said.name.clone(),
            address: said.address.clone(),
            contact: said.contact.clone(),
            jurisdiction: or(&said.jurisdiction, "CN"),
            storage: or(&said.storage, "on the controller's own device"),
            withdrawal: or(&said.withdrawal, &reach),
            rights: or(&said.rights, &reach),
        })
    }

    /// What says when the answer to a request is due, unless a request names another regime.
    pub fn regime(&self) -> Regime {
        match self.file.rights.regime {
            RegimeWord::Pipl => self.promptly(),
            RegimeWord::Gdpr => Regime::Gdpr,
        }
    }

    /// The target set here where the law says "promptly".
    pub fn promptly(&self) -> Regime {
        Regime::Pipl {
            days: self.file.rights.answer_within_days,
        }
    }

    fn check_controller(&self) -> Result<(), WardError> {
        if self.file.controller.is_none() {
            return Ok(());
        }
        let said = self.controller()?;
        let blank = |text: &String| text.trim().is_empty();
        let parts = [
            &said.name,
            &said.address,
            &said.contact,
            &said.storage,
            &said.withdrawal,
            &said.rights,
        ];
        if parts.into_iter().any(blank) {
            return Err(self.refuse("nothing in [controller] may be blank"));
        }
        let country = &said.jurisdiction;
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(self.refuse("controller.jurisdiction is two capital letters, such as CN"));
        }
        Ok(())
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

    /// The files it names, as it names them.
    pub(crate) fn files(&self) -> Vec<&Path> {
        let own = self.file.embedder.iter();
        own.flat_map(|own| [own.onnx.as_path(), own.thresholds.as_path()])
            .collect()
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
