//! Base64 as clients really write it.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode::Indifferent;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

/// The bytes of a text in either alphabet, with or without padding and line breaks.
pub(crate) fn decoded(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(Indifferent);
    const ENGINE: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    for c in text.chars().filter(|c| !c.is_ascii_whitespace()) {
        plain.push(match c {
            '-' => '+',
            '_' => '/',
            other => other,
        });
    }
    ENGINE.decode(plain.as_bytes()).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_in_every_common_spelling() {
        for text in ["+/8=", "-_8", "+/\n8=", " -_8= "] {
            assert_eq!(decoded(text).unwrap().as_slice(), [0xfb, 0xff], "{text}");
        }
        assert!(decoded("data:image/png;base64,+/8=").is_none());
    }
}
