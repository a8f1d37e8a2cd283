//! The form of a document, as its JSON Schema (2020-12) has it.

use serde_json::Value;

use crate::{Kind, ReceiptError};

/// The schema of a consent receipt.
pub const CONSENT_SCHEMA: &str =
    include_str!("../../../docs/schema/consent-receipt-v1.schema.json");

/// The schema of an erasure certificate.
pub const ERASURE_SCHEMA: &str =
    include_str!("../../../docs/schema/erasure-certificate-v1.schema.json");

/// Checks a document against the schema of its kind.
///
/// # Errors
/// [`ReceiptError::Form`] with the first place that does not fit.
pub fn check_form(kind: Kind, document: &Value) -> Result<(), ReceiptError> {
    let schema = match kind {
        Kind::Consent => CONSENT_SCHEMA,
        Kind::Erasure => ERASURE_SCHEMA,
    };
    let unfit = |error: String| ReceiptError::Form(error);
    let schema: Value = serde_json::from_str(schema).map_err(|error| unfit(error.to_string()))?;
    let validator = jsonschema::validator_for(&schema).map_err(|error| unfit(error.to_string()))?;
    validator.validate(document).map_err(|error| {
        let place = match error.instance_path().to_string() {
            top if top.is_empty() => "at its top".to_owned(),
            path => format!("at {path}"),
        };
        let why: String = error.to_string().chars().take(160).collect();
        unfit(format!("{place}, {why}"))
    })
}
