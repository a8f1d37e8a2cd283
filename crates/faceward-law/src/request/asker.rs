//! What can be asked for, and who may ask.

use std::fmt;
use std::str::FromStr;

use super::refuse_if;
use crate::LawError;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// To see what is held (PIPL Art. 45, GDPR Art. 15).
    Access,
    /// To get a copy of it (the same).
    Copy,
    /// To have it corrected or completed (PIPL Art. 46, GDPR Art. 16).
    Correction,
    /// To have it deleted (PIPL Art. 47, GDPR Art. 17).
    Deletion,
    /// To have its handling restricted (PIPL Art. 44, GDPR Art. 18).
    Restriction,
    /// To object to its handling (PIPL Art. 44, GDPR Art. 21).
    Objection,
    /// To have the rules of handling, or a decision, explained (PIPL Art. 24 and 48).
    Explanation,
    /// What a relative asks about the data of somebody who died (PIPL Art. 49).
    Relative,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asker {
    /// The person.
    Subject,
    /// A parent or other guardian, named.
    Guardian(String),
    /// A relative of somebody who died.
    Relative {
        /// Who.
        name: String,
        /// What they are to the person.
        kin: Kin,
        /// Whether a spouse, child or parent of the person lives; `None` where nobody has shown it.
        nearer_alive: Option<bool>,
        /// Their own lawful and legitimate interest, in words.
        interest: Option<String>,
    },
    /// Somebody the person authorised, named.
    Authorised(String),
}

/// What a relative is to the person, in the words of the rule packs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kin {
    /// Wife or husband.
    Spouse,
    /// Daughter or son.
    Child,
    /// Mother or father.
    Parent,
    /// Sister or brother.
    Sibling,
    /// Grandmother or grandfather.
    Grandparent,
    /// Grandchild.
    Grandchild,
    /// Cousin.
    Cousin,
    /// Somebody else.
    Other,
}

impl Asker {
    /// The kind of asker, without a name.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Subject => "person",
            Self::Guardian(_) => "guardian",
            Self::Relative { .. } => "relative",
            Self::Authorised(_) => "authorised",
        }
    }

    /// The name, where it is not the person.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Subject => None,
            Self::Guardian(name) | Self::Authorised(name) | Self::Relative { name, .. } => {
                Some(name)
            }
        }
    }

    pub(super) fn check(&self, kind: RequestKind) -> Result<(), LawError> {
        refuse_if(
            self.name().is_some_and(|name| name.trim().is_empty()),
            "whoever asks has no name; say it with --name",
        )?;
        let relative = matches!(self, Self::Relative { .. });
        refuse_if(
            relative != (kind == RequestKind::Relative),
            "a relative's request is of the kind `relative`, and nobody else's is",
        )?;
        let blank = |text: &String| text.trim().is_empty();
        let no_interest =
            matches!(self, Self::Relative { interest, .. } if interest.as_ref().is_some_and(blank));
        refuse_if(
            no_interest,
            "the relative's interest is blank; leave it out or say it",
        )
    }
}

const KINDS: [(RequestKind, &str); 8] = [
    (RequestKind::Access, "access"),
    (RequestKind::Copy, "copy"),
    (RequestKind::Correction, "correction"),
    (RequestKind::Deletion, "deletion"),
    (RequestKind::Restriction, "restriction"),
    (RequestKind::Objection, "objection"),
    (RequestKind::Explanation, "explanation"),
    (RequestKind::Relative, "relative"),
];

/// The first word of each is the one that is written.
const KIN: [(Kin, &[&str]); 8] = [
    (Kin::Spouse, &["spouse", "wife", "husband"]),
    (Kin::Child, &["child", "daughter", "son"]),
    (Kin::Parent, &["parent", "mother", "father"]),
    (Kin::Sibling, &["sibling", "sister", "brother"]),
    (
        Kin::Grandparent,
        &["grandparent", "grandmother", "grandfather"],
    ),
    (
        Kin::Grandchild,
        &["grandchild", "granddaughter", "grandson"],
    ),
    (Kin::Cousin, &["cousin"]),
    (Kin::Other, &["other"]),
];

impl RequestKind {
    /// The word used in records and on the command line.
    pub fn word(self) -> &'static str {
        let found = KINDS.iter().find(|(kind, _)| *kind == self);
        found.map_or("", |(_, word)| word)
    }
}

impl FromStr for RequestKind {
    type Err = LawError;

    fn from_str(text: &str) -> Result<Self, LawError> {
        let found = KINDS.iter().find(|(_, word)| *word == text);
        found.map(|(kind, _)| *kind).ok_or_else(|| {
            let words = KINDS.map(|(_, word)| word).join(", ");
            LawError::Request(format!("`{text}` cannot be asked for; there are {words}"))
        })
    }
}

impl fmt::Display for RequestKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Kin {
    /// The word used in records, on the command line and in the rule packs.
    pub fn word(self) -> &'static str {
        let found = KIN.iter().find(|(kin, _)| *kin == self);
        found
            .and_then(|(_, words)| words.first())
            .copied()
            .unwrap_or_default()
    }
}

impl FromStr for Kin {
    type Err = LawError;

    fn from_str(text: &str) -> Result<Self, LawError> {
        let found = KIN.iter().find(|(_, words)| words.contains(&text));
        found.map(|(kin, _)| *kin).ok_or_else(|| {
            let words = KIN.map(|(kin, _)| kin.word()).join(", ");
            LawError::Request(format!("`{text}` is no relation; there are {words}"))
        })
    }
}

impl fmt::Display for Kin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_as_written() {
        for (kind, word) in KINDS {
            assert_eq!(kind.word(), word);
            assert_eq!(word.parse(), Ok(kind));
        }
        for (kin, words) in KIN {
            assert!(words.contains(&kin.word()));
            assert!(words.iter().all(|word| word.parse() == Ok(kin)));
        }
        assert!("everything".parse::<RequestKind>().is_err());
        assert!("neighbour".parse::<Kin>().is_err());
    }
}
