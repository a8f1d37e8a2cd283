//! The parts of which terms and renewals are made.

use faceward_law::{Condition, Notice, Retention, Scope, Shown};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{hex, unhex};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoticeWire {
    version: String,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShownWire {
    language: String,
    at: Timestamp,
    place: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum ScopeWire {
    Processing,
    Recipient { name: String, contact: String },
    Publication,
    Abroad { country: String },
    Egress,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum RetentionWire {
    WithConsent,
    Until(Timestamp),
    After { event: String, days: u16 },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum ConditionWire {
    Alternative(String),
    Unstated,
    Required { necessary_because: Option<String> },
}

impl NoticeWire {
    pub(super) fn of(notice: &Notice) -> Self {
        Self {
            version: notice.version.clone(),
            sha256: hex(&notice.sha256),
        }
    }

    pub(super) fn read(self) -> Option<Notice> {
        Some(Notice {
            sha256: unhex(&self.sha256)?,
            version: self.version,
        })
    }
}

impl ShownWire {
    pub(super) fn of(shown: &Shown) -> Self {
        Self {
            language: shown.language.clone(),
            at: shown.at,
            place: shown.place.clone(),
        }
    }

    pub(super) fn read(self) -> Shown {
        let Self {
            language,
            at,
            place,
        } = self;
        Shown {
            language,
            at,
            place,
        }
    }
}

impl ScopeWire {
    pub(super) fn of(scope: &Scope) -> Self {
        match scope.clone() {
            Scope::Processing => Self::Processing,
            Scope::Recipient { name, contact } => Self::Recipient { name, contact },
            Scope::Publication => Self::Publication,
            Scope::Abroad { country } => Self::Abroad { country },
            Scope::Egress => Self::Egress,
        }
    }

    pub(super) fn read(self) -> Scope {
        match self {
            Self::Processing => Scope::Processing,
            Self::Recipient { name, contact } => Scope::Recipient { name, contact },
            Self::Publication => Scope::Publication,
            Self::Abroad { country } => Scope::Abroad { country },
            Self::Egress => Scope::Egress,
        }
    }
}

impl RetentionWire {
    pub(super) fn of(retention: &Retention) -> Self {
        match retention.clone() {
            Retention::WithConsent => Self::WithConsent,
            Retention::Until(end) => Self::Until(end),
            Retention::After { event, days } => Self::After { event, days },
        }
    }

    pub(super) fn read(self) -> Retention {
        match self {
            Self::WithConsent => Retention::WithConsent,
            Self::Until(end) => Retention::Until(end),
            Self::After { event, days } => Retention::After { event, days },
        }
    }
}

impl ConditionWire {
    pub(super) fn of(condition: &Condition) -> Self {
        match condition.clone() {
            Condition::Alternative(text) => Self::Alternative(text),
            Condition::Unstated => Self::Unstated,
            Condition::Required { necessary_because } => Self::Required { necessary_because },
        }
    }

    pub(super) fn read(self) -> Condition {
        match self {
            Self::Alternative(text) => Condition::Alternative(text),
            Self::Unstated => Condition::Unstated,
            Self::Required { necessary_because } => Condition::Required { necessary_because },
        }
    }
}
