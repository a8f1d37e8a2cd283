//! The wire format as it is pinned in `vectors/receipts`, and what is refused.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use faceward_receipt::*;
use serde_json::{Value, json};

const CONSENT: &str = include_str!("../../../vectors/receipts/consent-v1.jws");
const CONSENT_JSON: &str = include_str!("../../../vectors/receipts/consent-v1.json");
const ERASURE: &str = include_str!("../../../vectors/receipts/erasure-v1.jws");
const ERASURE_JSON: &str = include_str!("../../../vectors/receipts/erasure-v1.json");
const KEY: &str = include_str!("../../../vectors/receipts/key.txt");
const JWK: &str = include_str!("../../../vectors/receipts/key.jwk");

/// The invented key of the vectors.
fn key() -> SigningKey {
    SigningKey::from_seed(&[0x52; 32])
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn receipts_and_certificates_of_version_1_are_these_bytes() {
    let receipt: ConsentReceipt = serde_json::from_str(CONSENT_JSON).unwrap();
    assert_eq!(receipt.context, consent_context());
    assert_eq!(
        sign(Kind::Consent, &receipt, &key()).unwrap(),
        CONSENT.trim()
    );
    let certificate: ErasureCertificate = serde_json::from_str(ERASURE_JSON).unwrap();
    assert_eq!(
        sign(Kind::Erasure, &certificate, &key()).unwrap(),
        ERASURE.trim()
    );

    let published: VerifyingKey = KEY.parse().unwrap();
    assert_eq!(published, key().verifier());
    assert_eq!(published.to_string(), KEY.trim());
    assert_eq!(JWK.parse::<VerifyingKey>().unwrap(), published);
    assert_eq!(published.jwk(), json_of(JWK));
    for (kind, jws, text) in [
        (Kind::Consent, CONSENT, CONSENT_JSON),
        (Kind::Erasure, ERASURE, ERASURE_JSON),
    ] {
        let document = open(jws, kind, &published).unwrap();
        assert_eq!(document, json_of(text));
        check_form(kind, &document).unwrap();
    }
}

/// RFC 8037, appendix A: its key, its thumbprint and its signature.
#[test]
fn keys_and_identifiers_are_those_of_rfc_8037() {
    let secret = BASE64URL
        .decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
        .unwrap();
    let key = SigningKey::from_seed(&secret.try_into().unwrap());
    let jwk = key.verifier().jwk();
    assert_eq!(jwk["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    assert_eq!(
        key.verifier().id(),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
}

#[test]
fn the_schema_and_the_types_agree_on_what_must_be_there() {
    for (kind, text) in [(Kind::Consent, CONSENT_JSON), (Kind::Erasure, ERASURE_JSON)] {
        let whole = json_of(text);
        for field in whole.as_object().unwrap().keys() {
            let mut without = whole.clone();
            without.as_object_mut().unwrap().remove(field);
            let fits = check_form(kind, &without).is_ok();
            let reads = match kind {
                Kind::Consent => serde_json::from_value::<ConsentReceipt>(without).is_ok(),
                Kind::Erasure => serde_json::from_value::<ErasureCertificate>(without).is_ok(),
            };
            assert_eq!(fits, reads, "{kind} without {field}");
            assert_eq!(fits, field == "previous_record", "{field}");
        }
        let mut more = whole.clone();
        more["face"] = json!("a picture");
        assert!(check_form(kind, &more).is_err());
    }
}

#[test]
fn another_algorithm_is_refused_before_anything_is_verified() {
    let payload = CONSENT.split('.').nth(1).unwrap();
    let forged = |header: Value, signature: &str| {
        let header = BASE64URL.encode(header.to_string());
        let jws = format!("{header}.{payload}.{signature}");
        open(&jws, Kind::Consent, &key().verifier()).unwrap_err()
    };
    let typ = "faceward-consent-receipt+jws";
    let kid = key().verifier().id();
    for alg in ["none", "HS256", "RS256", "ES256", "eddsa", ""] {
        let error = forged(json!({ "alg": alg, "kid": kid, "typ": typ }), "");
        assert_eq!(error, ReceiptError::Algorithm(alg.to_owned()));
        assert!(!error.is_no_receipt() && error.to_string().contains("only EdDSA"));
    }
    for extra in ["jwk", "jku", "x5c", "crit", "b64"] {
        let mut header = json!({ "alg": "EdDSA", "kid": kid, "typ": typ });
        header[extra] = json!([]);
        assert!(
            matches!(forged(header, "AA"), ReceiptError::Header(_)),
            "{extra}"
        );
    }
    let unsigned = forged(json!({ "alg": "EdDSA", "kid": kid, "typ": typ }), "");
    assert_eq!(unsigned, ReceiptError::BadSignature);
}

#[test]
fn the_full_name_of_the_algorithm_is_read_too() {
    // Signed here by hand, because we never write it.
    let header = json!({
        "alg": "Ed25519", "kid": key().verifier().id(), "typ": "faceward-consent-receipt+jws",
    });
    let payload = CONSENT.split('.').nth(1).unwrap();
    let signed = format!("{}.{payload}", BASE64URL.encode(header.to_string()));
    use ed25519_dalek::Signer as _;
    let raw = ed25519_dalek::SigningKey::from_bytes(&[0x52; 32]);
    let signature = BASE64URL.encode(raw.sign(signed.as_bytes()).to_bytes());
    let jws = format!("{signed}.{signature}");
    assert_eq!(
        open(&jws, Kind::Consent, &key().verifier()).unwrap(),
        json_of(CONSENT_JSON)
    );
}

#[test]
fn what_is_cut_short_changed_or_something_else_is_told_apart() {
    let verifier = key().verifier();
    let jws = CONSENT.trim();
    for length in (0..jws.len()).step_by(97) {
        let error = open(&jws[..length], Kind::Consent, &verifier).unwrap_err();
        let cut = matches!(
            error,
            ReceiptError::NotAReceipt(_) | ReceiptError::BadSignature | ReceiptError::Form(_)
        );
        assert!(cut, "{length}: {error}");
    }
    for at in (0..jws.len()).step_by(41) {
        let mut changed = jws.as_bytes().to_vec();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(
            open(&changed, Kind::Consent, &verifier).is_err(),
            "byte {at}"
        );
    }
    for text in ["", "hello", "a.b.c", "{}", "e30.e30.", &"x".repeat(300_000)] {
        let error = open(text, Kind::Consent, &verifier).unwrap_err();
        assert!(error.is_no_receipt(), "{error}");
        assert!(peek(text).is_err());
    }
    let other = SigningKey::from_seed(&[1; 32]).verifier();
    let error = open(jws, Kind::Consent, &other).unwrap_err();
    assert!(matches!(error, ReceiptError::OtherKey { .. }), "{error}");
    let error = open(jws, Kind::Erasure, &verifier).unwrap_err();
    assert!(matches!(error, ReceiptError::OtherKind { .. }), "{error}");
}

#[test]
fn a_signed_text_that_is_not_canonical_is_refused() {
    let header = CONSENT.split('.').next().unwrap();
    let loose = BASE64URL.encode(CONSENT_JSON);
    let signed = format!("{header}.{loose}");
    use ed25519_dalek::Signer as _;
    let raw = ed25519_dalek::SigningKey::from_bytes(&[0x52; 32]);
    let signature = BASE64URL.encode(raw.sign(signed.as_bytes()).to_bytes());
    let error = open(
        &format!("{signed}.{signature}"),
        Kind::Consent,
        &key().verifier(),
    );
    assert!(error.unwrap_err().to_string().contains("canonical"));
}

#[test]
fn a_key_that_is_none_is_named_as_such() {
    for bad in [
        "",
        "faceward-receipt-key:",
        "faceward-receipt-key:AAAA",
        // A point of small order.
        "faceward-receipt-key:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        r#"{"kty":"RSA","n":"AQAB"}"#,
        r#"{"kty":"OKP","crv":"Ed25519"}"#,
        "faceward.ledger/414baddfa3e24fcc+00000000+AAAA",
    ] {
        assert!(
            matches!(bad.parse::<VerifyingKey>(), Err(ReceiptError::Key(_))),
            "{bad}"
        );
    }
}
