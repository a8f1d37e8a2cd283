//! Authenticated sealing of a row, bound to where it lies and whose it is.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::VaultError;

/// Version byte of a sealed row: `1 ‖ nonce (24) ‖ XChaCha20-Poly1305 ciphertext and tag`.
const VERSION: u8 = 1;
const NONCE: usize = 24;

/// A 256-bit key, wiped on drop and never printed.
pub(crate) struct SealKey(Zeroizing<[u8; 32]>);

impl SealKey {
    /// A fresh random key.
    pub(crate) fn random() -> Result<Self, VaultError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    /// The key with these bytes; `None` unless there are 32.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    /// The bytes themselves, to be sealed under another key.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// 32 bytes that follow from this key, a label and an input (HKDF-SHA256, RFC 5869), and from
    /// which the key does not follow.
    pub(crate) fn derive(&self, label: &[u8], input: &[u8]) -> Zeroizing<[u8; 32]> {
        hkdf(
            b"faceward-key-v1",
            self.0.as_slice(),
            &[label, b"\0", input],
        )
    }

    /// A public value only this key gives; stored beside what it wraps, because a ciphertext of
    /// this cipher can be made to open under two keys.
    pub(crate) fn commitment(&self) -> [u8; 32] {
        *self.derive(b"commitment", b"")
    }

    /// Seals `plain` for the place `bound` names.
    pub(crate) fn seal(&self, bound: &Bound, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce)?;
        let payload = Payload {
            msg: plain,
            aad: &bound.aad,
        };
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| VaultError::Unsealable(bound.kind))?;
        Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`Self::seal`] made for the same place.
    ///
    /// # Errors
    /// [`VaultError::Unsealable`] when a byte of it, its place or the key is another.
    pub(crate) fn open(
        &self,
        bound: &Bound,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let unsealable = || VaultError::Unsealable(bound.kind);
        let rest = sealed.strip_prefix(&[VERSION]).ok_or_else(unsealable)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE>().ok_or_else(unsealable)?;
        let payload = Payload {
            msg: body,
            aad: &bound.aad,
        };
        let plain = self.cipher().decrypt(&XNonce::from(*nonce), payload);
        plain.map(Zeroizing::new).map_err(|_| unsealable())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }
}

/// Where a sealed thing lies: its kind and whatever identifies it there. A row moved to another
/// place, person or purpose does not open.
pub(crate) struct Bound {
    kind: &'static str,
    aad: Vec<u8>,
}

impl Bound {
    pub(crate) fn new(kind: &'static str, place: &[&[u8]]) -> Self {
        // Length-prefixed, so that no two places have the same bytes.
        let mut aad = b"faceward-seal-v1".to_vec();
        for part in std::iter::once(&kind.as_bytes()).chain(place) {
            aad.extend_from_slice(&(part.len() as u64).to_le_bytes());
            aad.extend_from_slice(part);
        }
        Self { kind, aad }
    }
}

/// The first block of HKDF-SHA256's output, in the one form that has no way to fail: a failure
/// answered with some default would be a key that everybody knows.
fn hkdf<const S: usize>(salt: &[u8; S], secret: &[u8], info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let extracted = hmac(salt, [secret]);
    hmac(&extracted, info.iter().copied().chain([[1].as_slice()]))
}

fn hmac<'a, const K: usize>(
    key: &[u8; K],
    message: impl IntoIterator<Item = &'a [u8]>,
) -> Zeroizing<[u8; 32]> {
    const BLOCK: usize = 64;
    const { assert!(K <= BLOCK, "a longer key would have to be hashed first") };
    let mut block = Zeroizing::new([0; BLOCK]);
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    message.into_iter().for_each(|part| mac.update(part));
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::{KEY, hex, unhex};

    fn here() -> Bound {
        Bound::new("test", &[b"row 1", b"person"])
    }

    #[test]
    fn what_was_sealed_opens_only_in_its_place_and_unchanged() {
        let key = SealKey::random().unwrap();
        let sealed = key.seal(&here(), b"a template").unwrap();
        assert_eq!(
            key.open(&here(), &sealed).unwrap().as_slice(),
            b"a template"
        );

        let moved = Bound::new("test", &[b"row 2", b"person"]);
        let shifted = Bound::new("test", &[b"row 1perso", b"n"]);
        assert!(key.open(&moved, &sealed).is_err());
        assert!(key.open(&shifted, &sealed).is_err());
        assert!(SealKey::random().unwrap().open(&here(), &sealed).is_err());
        for byte in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[byte] ^= 1;
            assert!(key.open(&here(), &changed).is_err(), "byte {byte}");
        }
        for length in 0..sealed.len() {
            assert!(key.open(&here(), &sealed[..length]).is_err());
        }
    }

    #[test]
    fn derivation_is_that_of_rfc_5869() {
        // Appendix A.1, whose output is one block and ten bytes.
        let derived = hkdf(
            &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
            &[0x0b; 22],
            &[
                &[0xf0, 0xf1, 0xf2, 0xf3],
                &[0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9],
            ],
        );
        assert_eq!(
            hex(derived.as_slice()),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
        );
    }

    #[test]
    fn a_sealed_row_of_version_1_still_opens() {
        let key = SealKey::from_bytes(&KEY).unwrap();
        let bytes = unhex(include_str!("../../../vectors/vault/sealed-v1.hex"));
        assert_eq!(
            key.open(&here(), &bytes).unwrap().as_slice(),
            b"a template of version 1"
        );
    }
}
