use std::{fmt, str::FromStr, sync::Arc};

use crate::MatchError;

/// Which net made a template: its name and the SHA-256 of its weights. Templates of different
/// models never meet, because the same name with other weights is another model.
///
/// Text form, for display and parsing: `name@sha256:<64 hexadecimal digits>`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelId {
    name: Arc<str>,
    digest: [u8; 32],
}

impl ModelId {
    /// A name of 1 to 64 characters, each of `a-z`, `0-9`, `-`, `_` or `.`, and the SHA-256 of the
    /// file the weights were read from.
    ///
    /// # Errors
    /// [`MatchError::BadModelId`] for any other name.
    pub fn new(name: &str, digest: [u8; 32]) -> Result<ModelId, MatchError> {
        let allowed = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-' | '_' | '.');
        if name.is_empty() || name.len() > 64 || !name.chars().all(allowed) {
            return Err(MatchError::BadModelId(name.to_owned()));
        }
        Ok(ModelId {
            name: name.into(),
            digest,
        })
    }

    /// The name alone, for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of the weights file.
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@sha256:", self.name)?;
        self.digest
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ModelId {
    type Err = MatchError;

    fn from_str(text: &str) -> Result<ModelId, MatchError> {
        let wrong = || MatchError::BadModelId(text.to_owned());
        let (name, hex) = text.split_once("@sha256:").ok_or_else(wrong)?;
        ModelId::new(name, digest_from_hex(hex).ok_or_else(wrong)?).map_err(|_| wrong())
    }
}

fn digest_from_hex(hex: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = hex
        .chars()
        .map(|c| c.to_digit(16).map(|d| d as u8))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0, |b, d| b << 4 | d))
        .collect();
    if digits.len() == 64 {
        bytes.try_into().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips() {
        let id = ModelId::new(
            "mobilefacenet-112-mirror",
            std::array::from_fn(|i| i as u8 * 8),
        )
        .unwrap();
        assert!(
            id.to_string()
                .starts_with("mobilefacenet-112-mirror@sha256:000810")
        );
        assert_eq!(id.to_string().parse::<ModelId>().unwrap(), id);
        let upper = id.to_string().replace("f8", "F8");
        assert_eq!(upper.parse::<ModelId>().unwrap(), id);
    }

    #[test]
    fn malformed_ids_are_refused_with_the_text_in_the_message() {
        let hex = "0".repeat(64);
        for wrong in [
            String::new(),
            "name".to_owned(),
            format!("@sha256:{hex}"),
            format!("Upper@sha256:{hex}"),
            format!("a b@sha256:{hex}"),
            format!("name@sha256:{hex}0"),
            format!("name@sha256:{}", &hex[1..]),
            format!("name@sha256:{}é", &hex[1..]),
        ] {
            let error = wrong.parse::<ModelId>().unwrap_err();
            assert_eq!(error, MatchError::BadModelId(wrong));
        }
        assert!(ModelId::new(&"x".repeat(65), [0; 32]).is_err());
    }
}
