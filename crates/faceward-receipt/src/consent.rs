//! A consent receipt: header, processing, parties and events of ISO/IEC TS 27560:2023.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What a person is given of the record of their consent. The person is an opaque identifier; no
/// picture, no template, no name of theirs or of a guardian is in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentReceipt {
    /// Always [`consent_context`]; read as it stands, never processed.
    #[serde(rename = "@context")]
    pub context: Value,
    /// Always `dpv:ConsentReceipt`.
    #[serde(rename = "@type")]
    pub kind: String,
    /// Always `faceward-consent-receipt@v1`.
    pub schema_version: String,
    /// The structure it follows: `ISO/IEC TS 27560:2023`.
    pub conforms_to: String,
    /// Identifier of this receipt, random.
    pub receipt_id: String,
    /// When it was made.
    pub issued_at: Timestamp,
    /// Identifier of the consent record.
    pub record_id: String,
    /// The record before it, for the same purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_record: Option<String>,
    /// The person, opaque.
    pub pii_principal_id: String,
    /// `adult`, `minor` or `under-14`.
    pub age_band: String,
    /// What is done with what.
    pub processing: Processing,
    /// Who takes part: controller, person, guardian, recipients.
    pub parties: Vec<Party>,
    /// What happened to the consent, in order.
    pub events: Vec<Event>,
    /// Ties to the ledger, one for each time the person agreed.
    pub ledger: Vec<LedgerTie>,
    /// The public key that signed this, as a JWK.
    pub receipt_key: Value,
    /// The public key that signs the ledger's checkpoints (C2SP).
    pub ledger_key: String,
}

/// The processing section.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Processing {
    /// The notice that was shown.
    pub privacy_notice: NoticeShown,
    /// Language of the notice (BCP 47); `und` where the record does not say.
    pub language: String,
    /// The one purpose, by its name.
    pub purpose: String,
    /// Purposes of DPV that come nearest.
    pub purpose_types: Vec<String>,
    /// What was agreed to: `processing`, `recipient`, `publication`, `abroad` or `egress`.
    pub scope: String,
    /// What the face may be used for.
    pub functions: Vec<String>,
    /// Always `dpv:ExplicitlyExpressedConsent`.
    pub lawful_basis: String,
    /// What is processed.
    pub pii_information: Vec<PiiInformation>,
    /// The controllers, by party identifier.
    pub pii_controllers: Vec<String>,
    /// What is done (DPV).
    pub processing_methods: Vec<String>,
    /// Where it lies.
    pub storage_locations: Vec<String>,
    /// How long, in words.
    pub retention_period: String,
    /// Templates are destroyed at this moment at the latest.
    pub delete_by: Timestamp,
    /// Whose law applies (ISO 3166-1).
    pub jurisdiction: String,
    /// Who gets the data; `none` where nobody does.
    pub recipient_third_parties: Vec<Recipient>,
    /// To which country, where it is sent abroad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// The other way that was open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<String>,
    /// Whether it was on equal terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative_on_equal_terms: Option<bool>,
    /// Why the service could not be given without a face, where it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub necessary_because: Option<String>,
    /// How to withdraw.
    pub withdrawal_method: String,
    /// How to exercise the other rights.
    pub privacy_rights: String,
}

/// The notice as it was shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeShown {
    /// The controller's name for the version.
    pub version: String,
    /// SHA-256 of its exact bytes, hexadecimal.
    pub sha256: String,
    /// When it was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_at: Option<Timestamp>,
    /// Where it was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// One kind of data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PiiInformation {
    /// DPV-PD term.
    pub pii_type: String,
    /// What it is here.
    pub description: String,
    /// Whether it is kept.
    pub kept: bool,
    /// Whether the purpose cannot do without (DPV).
    pub necessity: String,
    /// Biometric data are a special category.
    pub sensitive: bool,
}

/// Who gets the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Recipient {
    /// Nobody, said in terms: the text `none`.
    None(String),
    /// A recipient, by party identifier.
    Party {
        /// Which.
        party_id: String,
    },
}

/// A party.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Identifier within this receipt; the person's is opaque.
    pub party_id: String,
    /// DPV term.
    pub party_type: String,
    /// Name; of the controller and of recipients only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Address; of the controller only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// How to reach it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// Who runs the ward, as its settings say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Controller {
    /// Name.
    pub name: String,
    /// Postal address.
    pub address: String,
    /// How to reach them: mail, telephone or page.
    pub contact: String,
    /// Whose law applies (ISO 3166-1).
    pub jurisdiction: String,
    /// Where templates lie.
    pub storage: String,
    /// How to withdraw.
    pub withdrawal: String,
    /// How to exercise the other rights.
    pub rights: String,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// When.
    pub event_time: Timestamp,
    /// Always `dpv:ExplicitlyExpressedConsent`.
    pub event_type: String,
    /// The state it brought about (DPV 2.3).
    pub event_state: String,
    /// Who acted, by party identifier.
    pub entity_id: String,
    /// How it was expressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indication_method: Option<String>,
    /// Valid from, where the person agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// Valid until, exclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// How long that is (ISO 8601); `PT0S` where nothing became valid.
    pub validity_duration: String,
}

/// What ties one agreement to an entry of the ledger, in texts anyone can check offline.
///
/// The entry holds SHA-256(`faceward-mark-v1` ‖ salt ‖ person ‖ committed) among its marks; its
/// hash (RFC 6962) is under the signed checkpoint (C2SP) by the inclusion proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerTie {
    /// Position of the entry, from 0.
    pub position: u64,
    /// The exact bytes of the entry, as text.
    pub entry: String,
    /// Their leaf hash.
    pub leaf_hash: String,
    /// Proof that the entry is under the checkpoint.
    pub inclusion_proof: String,
    /// The signed checkpoint.
    pub checkpoint: String,
    /// Opens this one mark; hexadecimal.
    pub salt: String,
    /// What the mark commits to beside the person, in base64url: SHA-256 of the event as it is
    /// kept, or the record itself where it is of version 1.
    pub committed: String,
}

/// The constant JSON-LD context: what our names mean in the Data Privacy Vocabulary.
pub fn consent_context() -> Value {
    json!({
        "@version": 1.1,
        "dct": "http://purl.org/dc/terms/",
        "dpv": "https://w3id.org/dpv#",
        "pd": "https://w3id.org/dpv/pd#",
        "conforms_to": "dct:conformsTo",
        "record_id": "dpv:hasIdentifier",
        "pii_principal_id": "dpv:hasDataSubject",
        "privacy_notice": "dpv:hasNotice",
        "language": "dct:language",
        "purpose": "dpv:hasPurpose",
        "purpose_types": { "@id": "dpv:hasPurpose", "@type": "@vocab" },
        "lawful_basis": { "@id": "dpv:hasLegalBasis", "@type": "@vocab" },
        "pii_information": "dpv:hasPersonalData",
        "pii_controllers": "dpv:hasDataController",
        "processing_methods": { "@id": "dpv:hasProcessing", "@type": "@vocab" },
        "storage_locations": "dpv:hasStorageCondition",
        "retention_period": "dpv:hasStorageCondition",
        "jurisdiction": "dpv:hasJurisdiction",
        "recipient_third_parties": "dpv:hasRecipient",
        "withdrawal_method": "dpv:hasConsentControl",
        "privacy_rights": "dpv:hasRight",
        "necessity": { "@id": "dpv:hasNecessity", "@type": "@vocab" },
        "event_time": "dpv:isIndicatedAtTime",
        "validity_duration": "dpv:hasDuration",
        "entity_id": "dpv:isIndicatedBy",
        "event_type": { "@id": "dpv:hasLegalBasis", "@type": "@vocab" },
        "event_state": { "@id": "dpv:hasConsentStatus", "@type": "@vocab" },
        "indication_method": "dpv:hasIndicationMethod"
    })
}

impl ConsentReceipt {
    /// The one schema version there is.
    pub const SCHEMA_VERSION: &'static str = "faceward-consent-receipt@v1";

    /// Until when the consent holds, where it is given or renewed and nothing ended it since.
    pub fn valid_until(&self) -> Option<Timestamp> {
        let last = self.events.last()?;
        last.valid_until
    }
}
