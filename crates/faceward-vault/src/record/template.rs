//! Templates, binary and little-endian.
//!
//! Version 1: `1 ‖ quality u8 ‖ enrolled at, seconds i64 ‖ model text u16-prefixed ‖ f32 values`. Version 2 also tells
//! how the face looks with mouth and nose left out: `2 ‖ … as version 1 … ‖ covered u8, 0 or 1 ‖ f32 values ‖ as many
//! f32 values of the veil`. A template without a veil is still written as version 1.

use faceward_law::SubjectId;
use faceward_match::Template;
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::v1::unreadable;
use crate::{Reference, ReferenceId, VaultError};

const BARE: u8 = 1;
const VEILED: u8 = 2;

pub(crate) fn write_template(
    template: &Template,
    quality: u8,
    enrolled_at: Timestamp,
) -> Zeroizing<Vec<u8>> {
    let model = template.model().to_string();
    let veil = template.veil().unwrap_or_default();
    // Grown once, so that no outgrown copy of the values is left behind unwiped.
    let length = 2 + 8 + 2 + model.len() + 1 + 4 * (template.values().len() + veil.len());
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    let version = if veil.is_empty() { BARE } else { VEILED };
    bytes.extend_from_slice(&[version, quality]);
    bytes.extend_from_slice(&enrolled_at.as_second().to_le_bytes());
    bytes.extend_from_slice(&(model.len() as u16).to_le_bytes());
    bytes.extend_from_slice(model.as_bytes());
    if version == VEILED {
        bytes.push(template.covered().into());
    }
    for value in template.values().iter().chain(veil) {
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes
}

pub(crate) fn read_template(
    id: ReferenceId,
    subject: SubjectId,
    bytes: &[u8],
) -> Result<Reference, VaultError> {
    let parse = || -> Option<Reference> {
        let (version, rest) = bytes.split_first()?;
        let (quality, rest) = rest.split_first()?;
        let (at, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (model, rest) = rest.split_at_checked(u16::from_le_bytes(*length).into())?;
        let model = std::str::from_utf8(model).ok()?.parse().ok()?;
        let template = match *version {
            BARE => Template::from_raw(model, floats(rest)?).ok()?,
            VEILED => {
                let (covered, rest) = rest.split_first()?;
                let (values, veil) = rest.split_at_checked(rest.len() / 2)?;
                let covered = match *covered {
                    0 => false,
                    1 => true,
                    _ => return None,
                };
                let template = Template::from_raw(model, floats(values)?).ok()?;
                template.veiled(covered, floats(veil)?).ok()?
            }
            _ => return None,
        };
        Some(Reference {
            id,
            subject,
            template,
            enrolled_at: Timestamp::from_second(i64::from_le_bytes(*at)).ok()?,
            quality: *quality,
        })
    };
    parse().ok_or_else(|| unreadable("template"))
}

fn floats(bytes: &[u8]) -> Option<Vec<f32>> {
    let (values, odd) = bytes.as_chunks::<4>();
    let values = values.iter().map(|value| f32::from_le_bytes(*value));
    odd.is_empty().then(|| values.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::{template, unhex};

    const ID: [u8; 16] = [3; 16];
    const PERSON: SubjectId = SubjectId([1; 16]);

    fn pinned(template: &Template, stored: &[u8]) {
        let at = Timestamp::from_second(1_780_272_000).unwrap();
        assert_eq!(write_template(template, 87, at).as_slice(), stored);
        let read = read_template(ReferenceId(ID), PERSON, stored).unwrap();
        assert_eq!((read.quality, read.enrolled_at), (87, at));
        assert_eq!(read.template.model(), template.model());
        assert_eq!(read.template.values(), template.values());
        assert_eq!(read.template.veil(), template.veil());
        assert_eq!(read.template.covered(), template.covered());
    }

    #[test]
    fn a_template_record_of_version_1_is_these_bytes() {
        let stored = unhex(include_str!("../../../../vectors/vault/template-v1.hex"));
        pinned(&template(), &stored);
        for length in 0..stored.len() {
            let cut = read_template(ReferenceId(ID), PERSON, &stored[..length]);
            // A record that ends on a whole value is a shorter template, and the seal around it
            // is what tells that it was cut.
            let whole = length + 8 >= stored.len() && (stored.len() - length).is_multiple_of(4);
            assert_eq!(cut.is_ok(), whole, "{length} bytes");
        }
    }

    #[test]
    fn a_template_record_of_version_2_is_these_bytes() {
        let stored = unhex(include_str!("../../../../vectors/vault/template-v2.hex"));
        let veiled = template().veiled(true, vec![0.5, 0.5, 0.5, -0.5]).unwrap();
        pinned(&veiled, &stored);
        let mut unclear = stored.clone();
        let flag = stored.len() - 4 * 8 - 1;
        unclear[flag] = 2;
        assert!(read_template(ReferenceId(ID), PERSON, &unclear).is_err());
    }
}
