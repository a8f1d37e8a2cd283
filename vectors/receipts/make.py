"""Writes the receipts beside it, without our code: the documents by hand, their canonical form by
`rfc8785`, their signature by `pyjwt`, the ledger of two entries by RFC 6962 and C2SP.

Needs the PyPI packages `pyjwt[crypto]` and `rfc8785`. All keys are invented.
"""
import base64
import hashlib
import json
import pathlib

import jwt
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = pathlib.Path(__file__).parent
KEY = Ed25519PrivateKey.from_private_bytes(bytes([0x52] * 32))
LEDGER = Ed25519PrivateKey.from_private_bytes(bytes([0x4C] * 32))
ORIGIN = "faceward.ledger/vectors"
PERSON, RECORD, SALT, NONCE = bytes([1] * 16), "03" * 16, bytes([5] * 32), bytes([6] * 16)


def b64u(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def b64(data):
    return base64.b64encode(data).decode()


def raw(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


X = b64u(raw(KEY))
KID = b64u(sha(rfc8785.dumps({"crv": "Ed25519", "kty": "OKP", "x": X})))
JWK = {"kty": "OKP", "crv": "Ed25519", "x": X, "kid": KID, "alg": "EdDSA", "use": "sig"}
LEDGER_ID = sha(ORIGIN.encode(), b"\n\x01", raw(LEDGER))[:4]
LEDGER_KEY = f"{ORIGIN}+{LEDGER_ID.hex()}+{b64(bytes([1]) + raw(LEDGER))}"


def entry(at, act, mark, **more):
    event = {"v": 1, "at": at, "act": act, "outcome": "done", "purpose": "door-access",
             "marks": [{"nonce": NONCE.hex(), "value": mark.hex()}], **more}
    return json.dumps(event, separators=(",", ":"))


def ledger(entries, position):
    """Where an entry of a log of two lies (RFC 6962), and the signed head (C2SP)."""
    leaves = [sha(b"\0", text.encode()) for text in entries]
    text = f"{ORIGIN}\n2\n{b64(sha(bytes([1]), *leaves))}\n"
    signature = b64(LEDGER_ID + LEDGER.sign(text.encode()))
    return {
        "position": position, "entry": entries[position], "leaf_hash": b64(leaves[position]),
        "inclusion_proof": f"faceward/inclusion-proof@v1\nindex {position}\nsize 2\n{b64(leaves[1 - position])}\n",
        "checkpoint": f"{text}\n\u2014 {ORIGIN} {signature}\n",
    }


# The event that gave the consent, as the vault keeps it (vectors/vault/consent-v2.jsonl).
GIVEN = (HERE / "../vault/consent-v2.jsonl").read_text().splitlines()[5]
COMMITTED = sha(GIVEN.encode())
MARK = sha(b"faceward-mark-v1", SALT, PERSON, COMMITTED)
ERASED = sha(b"faceward-mark-v1", bytes([7] * 32), PERSON)
ENTRIES = [entry("2026-06-01T08:30:00Z", "consent-given", MARK),
           entry("2027-06-02T00:00:05Z", "erased", ERASED, reason="consent-ended")]
BASIS = "dpv:ExplicitlyExpressedConsent"

CONSENT = {
    "@context": json.loads((HERE / "context.json").read_text()),
    "@type": "dpv:ConsentReceipt",
    "schema_version": "faceward-consent-receipt@v1",
    "conforms_to": "ISO/IEC TS 27560:2023",
    "receipt_id": "0a" * 16, "issued_at": "2026-06-01T08:31:00Z",
    "record_id": RECORD, "previous_record": "02" * 16,
    "pii_principal_id": PERSON.hex(), "age_band": "adult",
    "processing": {
        "privacy_notice": {"version": "2026-11 \"Türen\"", "sha256": bytes(range(32)).hex(),
                           "shown_at": "2026-06-01T08:00:00Z", "place": "at the desk, on a sheet of its own"},
        "language": "zh-Hans", "purpose": "door-access", "purpose_types": ["dpv:IdentityVerification"],
        "scope": "processing", "functions": ["verification", "identification"], "lawful_basis": BASIS,
        "pii_information": [
            {"pii_type": "pd:FacialPrint", "description": "template, kept sealed", "kept": True,
             "necessity": "dpv:Required", "sensitive": True},
            {"pii_type": "pd:Biometric", "description": "picture, looked at and not kept", "kept": False,
             "necessity": "dpv:Required", "sensitive": True}],
        "pii_controllers": ["controller"],
        "processing_methods": ["dpv:Collect", "dpv:Derive", "dpv:Store", "dpv:Match", "dpv:Destruct"],
        "storage_locations": ["on the controller's own device"],
        "retention_period": "as long as the consent holds, then destroyed with their key",
        "delete_by": "2027-06-02T00:00:00Z", "jurisdiction": "CN", "recipient_third_parties": ["none"],
        "alternative": "a card at the desk", "alternative_on_equal_terms": True,
        "withdrawal_method": "at the desk, 8 to 16", "privacy_rights": "tell the controller: privacy@example.org",
    },
    "parties": [
        {"party_id": "controller", "party_type": "dpv:DataController", "name": "Stadtwerke Beispiel",
         "address": "Hauptstraße 1, 12345 Beispiel", "contact": "privacy@example.org"},
        {"party_id": PERSON.hex(), "party_type": "dpv:DataSubject"}],
    "events": [
        {"event_time": "2026-06-01T08:00:00Z", "event_type": BASIS, "event_state": "dpv:ConsentRequested",
         "entity_id": "controller", "validity_duration": "PT0S"},
        {"event_time": "2026-06-01T08:30:00Z", "event_type": BASIS, "event_state": "dpv:ConsentGiven",
         "entity_id": PERSON.hex(), "indication_method": "signed on paper",
         "valid_from": "2026-06-02T00:00:00Z", "valid_until": "2027-06-02T00:00:00Z",
         "validity_duration": "PT31536000S"}],
    "ledger": [{**ledger(ENTRIES, 0), "salt": SALT.hex(), "committed": b64u(COMMITTED)}],
    "receipt_key": JWK, "ledger_key": LEDGER_KEY,
}

CERTIFICATE = {
    "schema_version": "faceward-erasure-certificate@v1",
    "certificate_id": "0b" * 16, "issued_at": "2027-06-02T00:00:06Z",
    "subject_ref": ERASED.hex(), "record_ids": [RECORD], "purpose": "door-access",
    "trigger": "consent-ended", "trigger_time": "2027-06-02T00:00:00Z", "requested_by": "retention-sweep",
    "items": [
        {"kind": "template", "store_id": "vault.db", "count": 2, "method": "overwrite",
         "done_at": "2027-06-02T00:00:05Z"},
        {"kind": "key", "store_id": "vault.db and every copy of it", "count": 1, "method": "crypto_erase",
         "done_at": "2027-06-02T00:00:05Z"}],
    "recipients_notified": [], "exceptions": [],
    "verified_by": {"method": "search of the vault for templates, their keys and keys of past epochs",
                    "at": "2027-06-02T00:00:06Z", "templates_found": 0, "keys_found": 0,
                    "past_epoch_keys_found": 0},
    "ledger": ledger(ENTRIES, 1),
    "hash_of_previous_log_entry": b64(sha(b"\0", ENTRIES[0].encode())),
}


def write(name, text):
    (HERE / name).write_text(text + "\n")


def main():
    jws = jwt.PyJWS()
    for name, typ, document in (
        ("consent-v1", "faceward-consent-receipt+jws", CONSENT),
        ("erasure-v1", "faceward-erasure-certificate+jws", CERTIFICATE),
    ):
        signed = jws.encode(rfc8785.dumps(document), KEY, "EdDSA",
                            headers={"kid": KID, "typ": typ}, sort_headers=True)
        write(f"{name}.jws", signed)
        write(f"{name}.json", json.dumps(document, indent=1, ensure_ascii=False))
    write("key.txt", f"faceward-receipt-key:{X}")
    write("key.jwk", json.dumps(JWK))
    write("ledger.pub", LEDGER_KEY)


main()
