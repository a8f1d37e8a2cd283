//! Pictures inside a page.

/// A `data:` URI with these bytes (RFC 2397, base64 of RFC 4648).
pub(crate) fn data_uri(media: &str, bytes: &[u8]) -> String {
    let mut uri = format!("data:{media};base64,");
    uri.reserve(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, place| {
            bits << 8 | u32::from(chunk.get(place).copied().unwrap_or(0))
        });
        for place in 0..4 {
            uri.push(if place <= chunk.len() {
                digit(bits >> (18 - 6 * place))
            } else {
                '='
            });
        }
    }
    uri
}

fn digit(bits: u32) -> char {
    let value = (bits & 63) as u8;
    char::from(match value {
        0..26 => b'A' + value,
        26..52 => b'a' + value - 26,
        52..62 => b'0' + value - 52,
        62 => b'+',
        _ => b'/',
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648_come_out() {
        let vectors = [
            "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy",
        ];
        for (length, expected) in vectors.iter().enumerate() {
            assert_eq!(
                data_uri("a/b", &b"foobar"[..length]),
                format!("data:a/b;base64,{expected}")
            );
        }
        assert_eq!(data_uri("a/b", &[0xfb, 0xff, 0xbf]), "data:a/b;base64,+/+/");
    }
}
