//! One question about the world, what kind of answer it takes, and who must prove it.

use jiff::civil::DateTime;

/// A fact as a pack defines it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Name, the same in every pack.
    pub name: String,
    /// What kind of answer it takes.
    pub kind: Kind,
    /// What it asks, in a clause.
    pub meaning: String,
    /// Who must prove it where a pack does not say otherwise.
    pub burden: Burden,
    /// The pack that defines it.
    pub pack: String,
    /// An open point about it, such as the standard of proof.
    pub note: Option<String>,
}

/// What kind of answer a fact takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Bool,
    /// One of these words.
    OneOf(Vec<String>),
    /// Any number of these words.
    SetOf(Vec<String>),
    /// A number, with its unit.
    Number(Option<String>),
    /// A day or a moment.
    Date,
    /// Free text, which no rule reads.
    Text,
}

/// Who must prove a fact, and how surely that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burden {
    /// Who bears it.
    pub on: Bearer,
    /// Whether a text says so; otherwise it is inferred.
    pub explicit: bool,
}

/// Who bears a burden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearer {
    /// The person who complains.
    Claimant,
    /// Whoever processed the face.
    Processor,
    /// Either may be called on.
    Joint,
    /// Nobody proves it: the court weighs it.
    Court,
    /// Nobody proves it: a question of law, or something to be pleaded or asked for.
    Law,
}

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// The person who complains.
    Claimant,
    /// Whoever processed the face.
    Processor,
}

/// What is known of a fact.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum State {
    /// Nobody mentioned it.
    #[default]
    NotInIssue,
    /// It is in issue, and unproven.
    Unknown,
    /// Its value.
    Known(Value),
}

/// The answer to a fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of [`Kind::Bool`].
    Bool(bool),
    /// Of [`Kind::OneOf`] and [`Kind::SetOf`]: a bit for each word that applies, in their order.
    Words(u64),
    /// Of [`Kind::Number`].
    Number(f64),
    /// Of [`Kind::Date`]; a day is its first moment.
    Date(DateTime),
    /// Of [`Kind::Text`].
    Text(Box<str>),
}

/// Most words a kind may have: they are bits of a [`Value::Words`].
pub(crate) const MOST_WORDS: usize = 64;

impl Kind {
    /// The words it knows, if it is a choice.
    pub fn words(&self) -> &[String] {
        match self {
            Self::OneOf(words) | Self::SetOf(words) => words,
            _ => &[],
        }
    }

    /// The bit that stands for a word.
    pub(crate) fn bit(&self, word: &str) -> Option<u64> {
        let position = self.words().iter().position(|known| known == word)?;
        Some(1 << position)
    }

    /// What may be written for it, for messages.
    pub fn expects(&self) -> String {
        match self {
            Self::Bool => "true, false or \"unknown\"".to_owned(),
            Self::OneOf(words) => format!("one of {}", words.join(", ")),
            Self::SetOf(words) => format!("a list of any of {}", words.join(", ")),
            Self::Number(Some(unit)) => format!("a number ({unit})"),
            Self::Number(None) => "a number".to_owned(),
            Self::Date => "a day such as 2023-05-10".to_owned(),
            Self::Text => "text in quotes".to_owned(),
        }
    }

    /// A value as a reader wants it.
    pub fn say(&self, value: &Value) -> String {
        match value {
            Value::Bool(yes) => yes.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Date(at) if at.time() == jiff::civil::Time::midnight() => at.date().to_string(),
            Value::Date(at) => at.to_string(),
            Value::Text(text) => text.to_string(),
            Value::Words(0) => "none of them".to_owned(),
            Value::Words(bits) => {
                let said = self.words().iter().enumerate();
                let said = said.filter(|(at, _)| bits & (1 << at) != 0);
                said.map(|(_, word)| word.as_str())
                    .collect::<Vec<_>>()
                    .join(", ")
            }
        }
    }
}

impl State {
    /// The state as a reader wants it.
    pub fn say(&self, kind: &Kind) -> String {
        match self {
            Self::NotInIssue => "not in issue".to_owned(),
            Self::Unknown => "unknown".to_owned(),
            Self::Known(value) => kind.say(value),
        }
    }
}

impl Bearer {
    /// The word for it in packs and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Claimant => "claimant",
            Self::Processor => "processor",
            Self::Joint => "joint",
            Self::Court => "court",
            Self::Law => "law",
        }
    }

    /// Whether a point that is left unknown counts as shown, where showing it would help `helped`.
    pub(crate) fn unproven_holds(self, helped: Option<Party>) -> bool {
        matches!(
            (self, helped),
            (Self::Claimant, Some(Party::Processor)) | (Self::Processor, Some(Party::Claimant))
        )
    }
}

impl Party {
    /// The other side.
    pub fn opponent(self) -> Self {
        match self {
            Self::Claimant => Self::Processor,
            Self::Processor => Self::Claimant,
        }
    }

    /// The word for it in packs and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Claimant => "claimant",
            Self::Processor => "processor",
        }
    }
}
