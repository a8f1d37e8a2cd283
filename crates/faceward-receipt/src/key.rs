//! The key that signs receipts, and the one that checks them.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use ed25519_dalek::{Signature, Signer as _};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::ReceiptError;

/// The key that signs a ward's receipts. It is wiped when dropped and cannot be printed.
pub struct SigningKey(ed25519_dalek::SigningKey);

/// The public half: whoever has it can check a receipt.
///
/// Its text form is `faceward-receipt-key:` and the 32 bytes in base64url; it also reads and
/// writes as a JWK (RFC 8037).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

const TEXT: &str = "faceward-receipt-key:";

impl SigningKey {
    /// The Ed25519 key (RFC 8032) of a 32-byte secret seed. The caller wipes its own copy.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The public half.
    pub fn verifier(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, text: &[u8]) -> [u8; 64] {
        self.0.sign(text).to_bytes()
    }
}

impl VerifyingKey {
    /// The public key as a JWK (RFC 8037).
    pub fn jwk(&self) -> Value {
        json!({
            "kty": "OKP", "crv": "Ed25519", "x": BASE64URL.encode(self.0.as_bytes()),
            "kid": self.id(), "alg": "EdDSA", "use": "sig",
        })
    }

    /// The key identifier: the thumbprint of the JWK (RFC 7638), SHA-256 in base64url.
    pub fn id(&self) -> String {
        let x = BASE64URL.encode(self.0.as_bytes());
        let required = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        BASE64URL.encode(Sha256::digest(required))
    }

    pub(crate) fn verify(&self, text: &[u8], signature: &[u8]) -> Result<(), ReceiptError> {
        let signature = Signature::from_slice(signature).map_err(|_| ReceiptError::BadSignature)?;
        self.0
            .verify_strict(text, &signature)
            .map_err(|_| ReceiptError::BadSignature)
    }

    fn from_base64url(text: &str) -> Result<Self, ReceiptError> {
        let bytes = BASE64URL
            .decode(text)
            .map_err(|_| ReceiptError::Key("its 32 bytes must be in base64url"))?;
        let bytes = bytes
            .try_into()
            .map_err(|_| ReceiptError::Key("an Ed25519 key is 32 bytes"))?;
        ed25519_dalek::VerifyingKey::from_bytes(&bytes)
            .ok()
            .filter(|point| !point.is_weak())
            .map(Self)
            .ok_or(ReceiptError::Key("its bytes are no sound Ed25519 key"))
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{TEXT}{}", BASE64URL.encode(self.0.as_bytes()))
    }
}

impl FromStr for VerifyingKey {
    type Err = ReceiptError;

    fn from_str(text: &str) -> Result<Self, ReceiptError> {
        let text = text.trim();
        if let Some(encoded) = text.strip_prefix(TEXT) {
            return Self::from_base64url(encoded);
        }
        let jwk: Value = serde_json::from_str(text).map_err(|_| {
            ReceiptError::Key("write `faceward-receipt-key:` and 43 characters, or a JWK")
        })?;
        let field = |name: &str| jwk.get(name).and_then(Value::as_str);
        if (field("kty"), field("crv")) != (Some("OKP"), Some("Ed25519")) {
            return Err(ReceiptError::Key("the JWK is not of an Ed25519 key"));
        }
        Self::from_base64url(field("x").ok_or(ReceiptError::Key("the JWK has no `x`"))?)
    }
}
