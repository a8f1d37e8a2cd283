//! Compact JWS (RFC 7515) with one algorithm.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ReceiptError, SigningKey, VerifyingKey};

/// What a signed document is; signed with it, as the header's `typ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A consent receipt.
    Consent,
    /// An erasure certificate.
    Erasure,
}

/// Texts longer than this are refused unread. A receipt is a few kilobytes.
const LONGEST: usize = 256 * 1024;

impl Kind {
    const ALL: [Self; 2] = [Self::Consent, Self::Erasure];

    fn typ(self) -> &'static str {
        match self {
            Self::Consent => "faceward-consent-receipt+jws",
            Self::Erasure => "faceward-erasure-certificate+jws",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Consent => "consent receipt",
            Self::Erasure => "erasure certificate",
        })
    }
}

/// Signs a document in its canonical form (RFC 8785).
///
/// # Errors
/// [`ReceiptError::Form`] when the document has no canonical form, which none of ours causes.
pub fn sign(
    kind: Kind,
    document: &impl Serialize,
    key: &SigningKey,
) -> Result<String, ReceiptError> {
    let header = Header {
        alg: "EdDSA".to_owned(),
        kid: key.verifier().id(),
        typ: kind.typ().to_owned(),
    };
    let header = BASE64URL.encode(canonical(&header)?);
    let signed = format!("{header}.{}", BASE64URL.encode(canonical(document)?));
    let signature = BASE64URL.encode(key.sign(signed.as_bytes()));
    Ok(format!("{signed}.{signature}"))
}

/// The document in a JWS of this kind that this key signed.
///
/// # Errors
/// [`ReceiptError`], the first that applies: no receipt, another algorithm, another header,
/// another kind, another key, a signature that does not fit, no canonical form.
pub fn open(jws: &str, kind: Kind, key: &VerifyingKey) -> Result<Value, ReceiptError> {
    let parts = Parts::of(jws)?;
    let found = parts.kind()?;
    if found != kind {
        return Err(ReceiptError::OtherKind {
            found,
            wanted: kind,
        });
    }
    if parts.header.kid != key.id() {
        return Err(ReceiptError::OtherKey {
            found: parts.header.kid,
            wanted: key.id(),
        });
    }
    key.verify(parts.signed.as_bytes(), &parts.signature)?;
    let document = parts.document()?;
    if canonical(&document)? != parts.payload {
        let why = "it is not in canonical form (RFC 8785)";
        return Err(ReceiptError::Form(why.to_owned()));
    }
    Ok(document)
}

/// What kind of document a text claims to be, and its content, unverified: to find out which key
/// it names before checking with it.
///
/// # Errors
/// As [`open`], as far as no key is needed.
pub fn peek(jws: &str) -> Result<(Kind, Value), ReceiptError> {
    let parts = Parts::of(jws)?;
    Ok((parts.kind()?, parts.document()?))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
}

struct Parts<'a> {
    header: Header,
    payload: Vec<u8>,
    signature: Vec<u8>,
    signed: &'a str,
}

impl<'a> Parts<'a> {
    fn of(jws: &'a str) -> Result<Self, ReceiptError> {
        let jws = jws.trim();
        let none = ReceiptError::NotAReceipt;
        if jws.len() > LONGEST {
            return Err(none("it is longer than 256 KiB"));
        }
        let three = none("it must be three parts with dots between; perhaps it was cut short");
        let (signed, signature) = jws.rsplit_once('.').ok_or(three)?;
        let three = none("it must be three parts with dots between; perhaps it was cut short");
        let (header, payload) = signed.split_once('.').ok_or(three)?;
        let decode = |part: &str| BASE64URL.decode(part).ok();
        let header = decode(header).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let header = header.filter(Value::is_object);
        let header = header.ok_or(none("its first part is no header"))?;
        let payload = decode(payload)
            .filter(|payload| !payload.is_empty())
            .ok_or(none(
                "its second part is not base64url; perhaps it was cut short",
            ))?;
        // A wrong algorithm is said before anything else: `none` leaves the last part empty.
        let header = read_header(header)?;
        let signature = decode(signature).filter(|bytes| bytes.len() == 64);
        let signature = signature.ok_or(ReceiptError::BadSignature)?;
        Ok(Self {
            header,
            payload,
            signature,
            signed,
        })
    }

    fn kind(&self) -> Result<Kind, ReceiptError> {
        let typ = self.header.typ.as_str();
        let kind = Kind::ALL.into_iter().find(|kind| kind.typ() == typ);
        kind.ok_or(ReceiptError::NotAReceipt(
            "it is signed as something else (its `typ` is not ours)",
        ))
    }

    fn document(&self) -> Result<Value, ReceiptError> {
        serde_json::from_slice(&self.payload)
            .ok()
            .filter(Value::is_object)
            .ok_or(ReceiptError::NotAReceipt(
                "its second part is no JSON object",
            ))
    }
}

/// `EdDSA` is what we write; `Ed25519` is its fully specified name (RFC 9864).
fn read_header(header: Value) -> Result<Header, ReceiptError> {
    match header.get("alg").and_then(Value::as_str) {
        Some("EdDSA" | "Ed25519") => {}
        Some(other) => {
            let shown = other.escape_debug().take(40).collect();
            return Err(ReceiptError::Algorithm(shown));
        }
        None => return Err(ReceiptError::NotAReceipt("its header names no algorithm")),
    }
    serde_json::from_value(header).map_err(|error| ReceiptError::Header(error.to_string()))
}

fn canonical(document: &impl Serialize) -> Result<Vec<u8>, ReceiptError> {
    serde_json_canonicalizer::to_vec(document)
        .map_err(|error| ReceiptError::Form(error.to_string()))
}
