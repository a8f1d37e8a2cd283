//! What a face may be used for.

use std::fmt;
use std::str::FromStr;

use crate::LawError;

/// What a face may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Functions {
    /// Comparing with the references of one claimed person.
    pub verification: bool,
    /// Searching among everyone who agreed.
    pub identification: bool,
    /// Telling something about the person from the face.
    pub analysis: bool,
}

impl Default for Functions {
    fn default() -> Self {
        Self {
            verification: true,
            identification: true,
            analysis: false,
        }
    }
}

impl Functions {
    /// Whether nothing is allowed here that `other` does not allow.
    pub fn within(self, other: Self) -> bool {
        self.words().all(|word| other.words().any(|o| o == word))
    }

    /// The words used in records and on the command line.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        [
            (self.verification, "verification"),
            (self.identification, "identification"),
            (self.analysis, "analysis"),
        ]
        .into_iter()
        .filter_map(|(allowed, word)| allowed.then_some(word))
    }
}

impl fmt::Display for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().collect::<Vec<_>>().join(","))
    }
}

impl FromStr for Functions {
    type Err = LawError;

    fn from_str(text: &str) -> Result<Self, LawError> {
        let mut functions = Self {
            verification: false,
            identification: false,
            analysis: false,
        };
        for word in text.split(',') {
            match word.trim() {
                "verification" => functions.verification = true,
                "identification" => functions.identification = true,
                "analysis" => functions.analysis = true,
                other => {
                    return Err(LawError::Consent(format!(
                        "`{other}` is no function; say verification, identification, analysis, or several with commas"
                    )));
                }
            }
        }
        Ok(functions)
    }
}
