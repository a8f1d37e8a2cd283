//! Who may ask: API keys and what each reaches, accounts of the console and their roles, links that
//! let a person onto their own pages.

mod account;
mod hours;
mod key;
mod link;
mod record;

pub use account::{Account, AccountId, ConsoleRight, Role};
pub use hours::Hours;
pub use key::{ApiKey, Collection, KeyId, KeyKind, KeyRefusal, KeyTerms, KeyText, Right};
pub use link::{Link, LinkId, LinkText, OpenedLink};

use std::fmt;
use std::str::FromStr;

/// Who asked for an act, as the ledger has it. Somebody at the terminal is not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Whoever holds this API key.
    Key(KeyId),
    /// Whoever signed in with this account.
    Account(AccountId),
    /// The person themselves, through their link.
    Person,
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(id) => write!(f, "key:{id}"),
            Self::Account(id) => write!(f, "account:{id}"),
            Self::Person => f.write_str("person"),
        }
    }
}

impl FromStr for By {
    type Err = BadWord;

    fn from_str(text: &str) -> Result<Self, BadWord> {
        match text.split_once(':') {
            Some(("key", id)) => Ok(Self::Key(id.parse()?)),
            Some(("account", id)) => Ok(Self::Account(id.parse()?)),
            None if text == "person" => Ok(Self::Person),
            _ => Err(BadWord::new(text, "key:ID, account:ID or person")),
        }
    }
}

/// What is wrong with a name, a password or the terms of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A name of an account or a key.
    #[error("a name has 1 to 64 characters, no control characters, and no blanks around it")]
    Name,
    /// A password that would be guessed.
    #[error("a password has at least 12 characters")]
    ShortPassword,
    /// A password that cannot be stretched.
    #[error("this password cannot be used")]
    Password,
    /// Stretching it broke off.
    #[error("the password could not be worked out; try again")]
    NotWorkedOut,
    /// A key that could ask for nothing.
    #[error("a key needs at least one right")]
    NoRight,
    /// A key of a collection that would read everybody's entries.
    #[error(
        "the ledger tells of everybody in the ward: give a key either a collection or the right `ledger`"
    )]
    WholeWard,
    /// A key that would be over before it begins.
    #[error("the end of this key lies in the past")]
    PastEnd,
    /// A key whose statement says nothing.
    #[error("a statement says who agreed and how; leave it out or fill it in")]
    BlankStatement,
}

/// A word that stands for nothing here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is none of these: {known}")]
pub struct BadWord {
    word: String,
    known: String,
}

impl BadWord {
    pub(crate) fn new(word: &str, known: &str) -> Self {
        Self {
            word: word.escape_debug().take(80).collect(),
            known: known.to_owned(),
        }
    }
}

/// An enum whose values are named by words, in both directions.
macro_rules! words {
    ($name:ident { $($value:ident = $word:literal),+ $(,)? }) => {
        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// The word for it.
            pub fn word(self) -> &'static str {
                match self { $(Self::$value => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::access::BadWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$value),)+
                    _ => {
                        let known: Vec<&str> = Self::ALL.iter().map(|v| v.word()).collect();
                        Err(crate::access::BadWord::new(text, &known.join(", ")))
                    }
                }
            }
        }
    };
}
pub(crate) use words;

/// An opaque identifier, shown in hexadecimal.
macro_rules! opaque_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 16]);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&crate::event::hex(&self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::access::BadWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let id = crate::event::unhex(text).map(Self);
                id.ok_or_else(|| crate::access::BadWord::new(text, "32 hexadecimal digits"))
            }
        }
    };
}
pub(crate) use opaque_id;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asked_is_written_and_read_again() {
        let id = [7; 16];
        for by in [By::Key(KeyId(id)), By::Account(AccountId(id)), By::Person] {
            assert_eq!(by.to_string().parse::<By>().unwrap(), by);
        }
        for bad in ["", "key:", "key:zz", "account", "robot:00", "person:1"] {
            assert!(bad.parse::<By>().is_err(), "{bad}");
        }
    }
}
