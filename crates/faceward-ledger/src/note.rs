use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _};
use sha2::{Digest, Sha256};

use crate::LedgerError;

/// Notes longer than this are refused unread: room for 16 post-quantum cosignatures of 5 kB each,
/// which the specification asks for, and as much again.
pub const MAX_NOTE: usize = 256 * 1024;

/// Signature type "Ed25519 over the note text".
const ED25519: u8 = 0x01;

/// The name of a log and of the key it signs with, such as `faceward.example/ward-7`.
///
/// It has at least one character and neither spaces, plus signs nor control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

/// The key that signs a log's checkpoints. It is wiped when dropped and cannot be printed.
pub struct SigningKey {
    name: Origin,
    secret: ed25519_dalek::SigningKey,
}

/// The public half: whoever has it can check what the log signed.
///
/// Its text form is the C2SP verification key `<name>+<key id>+<base64>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: Origin,
    point: ed25519_dalek::VerifyingKey,
}

impl SigningKey {
    /// The Ed25519 key (RFC 8032) of a 32-byte secret seed. The caller wipes its own copy.
    pub fn from_seed(name: Origin, seed: &[u8; 32]) -> SigningKey {
        SigningKey {
            name,
            secret: ed25519_dalek::SigningKey::from_bytes(seed),
        }
    }

    /// The name it signs under, which is the log's origin.
    pub fn name(&self) -> &Origin {
        &self.name
    }

    /// The public half.
    pub fn verifier(&self) -> VerifyingKey {
        VerifyingKey {
            name: self.name.clone(),
            point: self.secret.verifying_key(),
        }
    }

    /// The note of a text that ends in a newline.
    pub(crate) fn sign_text(&self, text: &str) -> String {
        let signature = self.secret.sign(text.as_bytes());
        let signed = [&self.verifier().id()[..], &signature.to_bytes()].concat();
        format!("{text}\n— {} {}\n", self.name, STANDARD.encode(signed))
    }
}

impl VerifyingKey {
    /// The name it signs under, which is the log's origin.
    pub fn name(&self) -> &Origin {
        &self.name
    }

    /// The text of a signed note (C2SP signed-note), if this key signed it.
    ///
    /// Signatures of other keys, witnesses' cosignatures among them, are read over.
    ///
    /// # Errors
    /// [`LedgerError::Malformed`] when it is no signed note, [`LedgerError::NotSigned`] when no
    /// line is by this key, [`LedgerError::BadSignature`] when one is and does not fit.
    pub fn open<'a>(&self, note: &'a str) -> Result<&'a str, LedgerError> {
        let (text, signatures) = split_note(note)?;
        let mut signed = false;
        for line in signatures.lines() {
            let (name, id, signature) = read_signature(line)?;
            if name == self.name.0 && id == self.id() {
                self.check(text, &signature)?;
                signed = true;
            }
        }
        if signed {
            Ok(text)
        } else {
            Err(LedgerError::NotSigned {
                key: self.name.clone(),
            })
        }
    }

    fn check(&self, text: &str, signature: &[u8]) -> Result<(), LedgerError> {
        let bad = || LedgerError::BadSignature {
            key: self.name.clone(),
        };
        let signature = Signature::from_slice(signature).map_err(|_| bad())?;
        self.point
            .verify_strict(text.as_bytes(), &signature)
            .map_err(|_| bad())
    }

    /// The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key).
    fn id(&self) -> [u8; 4] {
        let digest = Sha256::new_with_prefix(self.name.0.as_bytes())
            .chain_update([b'\n', ED25519])
            .chain_update(self.point.as_bytes());
        let [a, b, c, d, ..] = <[u8; 32]>::from(digest.finalize());
        [a, b, c, d]
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[ED25519][..], self.point.as_bytes()].concat();
        write!(
            f,
            "{}+{:08x}+{}",
            self.name,
            u32::from_be_bytes(self.id()),
            STANDARD.encode(key)
        )
    }
}

impl FromStr for VerifyingKey {
    type Err = LedgerError;

    fn from_str(text: &str) -> Result<VerifyingKey, LedgerError> {
        let malformed = |why| LedgerError::Malformed {
            what: "verification key",
            why,
        };
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed("it must read `<name>+<key id>+<base64>`"));
        };
        let name = name.parse()?;
        let key = STANDARD
            .decode(key)
            .map_err(|_| malformed("its last part must be standard base64"))?;
        let Some((&ED25519, point)) = key.split_first() else {
            return Err(malformed("it must be an Ed25519 key, type 1"));
        };
        let point = point
            .try_into()
            .map_err(|_| malformed("an Ed25519 key is 32 bytes"))?;
        let point = ed25519_dalek::VerifyingKey::from_bytes(point)
            .ok()
            .filter(|point| !point.is_weak())
            .ok_or(malformed("its bytes are no sound Ed25519 key"))?;
        let key = VerifyingKey { name, point };
        if format!("{:08x}", u32::from_be_bytes(key.id())) != id {
            return Err(malformed("its key id does not fit its name and key"));
        }
        Ok(key)
    }
}

impl Origin {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Origin {
    type Err = LedgerError;

    fn from_str(text: &str) -> Result<Origin, LedgerError> {
        if is_key_name(text) && !text.contains(char::is_control) {
            return Ok(Origin(text.to_owned()));
        }
        let why = "it must not be empty nor hold spaces, plus signs or control characters";
        Err(LedgerError::Malformed {
            what: "log name",
            why,
        })
    }
}

fn is_key_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c == '+' || c.is_whitespace())
}

/// The signed text, its newline included, and the signature lines.
fn split_note(note: &str) -> Result<(&str, &str), LedgerError> {
    if note.len() > MAX_NOTE {
        return Err(malformed("it is longer than 256 KiB"));
    }
    if note.bytes().any(|byte| byte < b' ' && byte != b'\n') {
        return Err(malformed(
            "it must not hold control characters other than newlines",
        ));
    }
    let blank = note
        .rfind("\n\n")
        .ok_or(malformed("a blank line must stand before the signatures"))?;
    let (text, rest) = note.split_at(blank + 1);
    match rest.strip_prefix('\n') {
        Some(signatures) if signatures.ends_with('\n') => Ok((text, signatures)),
        _ => Err(malformed(
            "it must have signature lines that end in a newline",
        )),
    }
}

/// Key name, key id and signature bytes of one line.
fn read_signature(line: &str) -> Result<(&str, [u8; 4], Vec<u8>), LedgerError> {
    let why = "a signature line must read `— <key name> <base64>`";
    let fields = line
        .strip_prefix("— ")
        .and_then(|fields| fields.split_once(' '));
    let (name, signed) = fields
        .filter(|(name, _)| is_key_name(name))
        .ok_or(malformed(why))?;
    let signed = STANDARD.decode(signed).map_err(|_| malformed(why))?;
    match signed.split_first_chunk() {
        Some((id, signature)) if !signature.is_empty() => Ok((name, *id, signature.to_vec())),
        _ => Err(malformed("a signature must be longer than its key id")),
    }
}

fn malformed(why: &'static str) -> LedgerError {
    LedgerError::Malformed {
        what: "signed note",
        why,
    }
}
