//! What is written for a fact, to what it means for that kind of fact.

use jiff::civil::{Date, DateTime};

use crate::fact::{Kind, State, Value};
use crate::suggest::nearest;

/// Reads a value for a fact of this kind.
pub(super) fn read(kind: &Kind, name: &str, written: &toml::Value) -> Result<State, String> {
    use toml::Value as Toml;
    let known = |value| Ok(State::Known(value));
    match (kind, written) {
        (_, Toml::String(word)) if word == "unknown" => Ok(State::Unknown),
        (_, Toml::String(word)) if word == "absent" => Ok(State::NotInIssue),
        (Kind::Date, Toml::String(word)) if word == "ongoing" && name == "conduct_end" => {
            Ok(State::NotInIssue)
        }
        (Kind::Bool, Toml::Boolean(yes)) => known(Value::Bool(*yes)),
        (Kind::OneOf(_), Toml::String(word)) => known(Value::Words(bit(kind, word)?)),
        (Kind::SetOf(_), Toml::String(word)) => known(Value::Words(bit(kind, word)?)),
        (Kind::SetOf(_), Toml::Array(words)) => {
            let mut bits = 0;
            for word in words {
                let word = word.as_str().ok_or_else(|| wrong(kind, written))?;
                bits |= bit(kind, word)?;
            }
            known(Value::Words(bits))
        }
        (Kind::Number(_), Toml::Integer(number)) => known(Value::Number(*number as f64)),
        (Kind::Number(_), Toml::Float(number)) if number.is_finite() => {
            known(Value::Number(*number))
        }
        (Kind::Date, _) => {
            let at = if name == "conduct_end" {
                days(written).map(|(_, last)| DateTime::from(last))
            } else {
                moment(written).or_else(|| days(written).map(|(first, _)| DateTime::from(first)))
            };
            at.map_or_else(|| Err(wrong(kind, written)), |at| known(Value::Date(at)))
        }
        // What no rule reads need not be in quotes.
        (Kind::Text, Toml::Array(_) | Toml::Table(_)) => Err(wrong(kind, written)),
        (Kind::Text, plain) => known(Value::Text(say(plain).into())),
        _ => Err(wrong(kind, written)),
    }
}

/// Reads a value as a person types it after `fact=`.
pub(super) fn of_text(kind: &Kind, name: &str, text: &str) -> Result<State, String> {
    let written = match kind {
        Kind::Bool => text.parse().map(toml::Value::Boolean).ok(),
        Kind::Number(_) => text.parse().map(toml::Value::Float).ok(),
        Kind::SetOf(_) => {
            let words = text.trim_matches(['[', ']']).split(',').map(str::trim);
            let words = words.filter(|word| !word.is_empty());
            let words: Vec<toml::Value> = words.map(|word| word.to_owned().into()).collect();
            (words.len() > 1 || text.starts_with('[')).then_some(toml::Value::Array(words))
        }
        _ => None,
    };
    read(
        kind,
        name,
        &written.unwrap_or_else(|| text.to_owned().into()),
    )
}

/// The first and the last of the days that are meant: a day, or a month or year as text.
pub(super) fn days(written: &toml::Value) -> Option<(Date, Date)> {
    if let Some(at) = moment(written) {
        return Some((at.date(), at.date()));
    }
    let text = written.as_str()?;
    let number = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| text.parse().ok())?
    };
    let (year, month): (i16, Option<i8>) = match text.split_once('-') {
        None => (number(text)?, None),
        Some((year, month)) => (number(year)?, Some(i8::try_from(number(month)?).ok()?)),
    };
    let first = Date::new(year, month.unwrap_or(1), 1).ok()?;
    let last = Date::new(year, month.unwrap_or(12), 1)
        .ok()?
        .last_of_month();
    (text.len() >= 4).then_some((first, last))
}

fn moment(written: &toml::Value) -> Option<DateTime> {
    let text = match written {
        toml::Value::Datetime(at) => at.to_string(),
        toml::Value::String(text) => text.clone(),
        _ => return None,
    };
    let utc = || {
        let at: jiff::Timestamp = text.parse().ok()?;
        Some(at.to_zoned(jiff::tz::TimeZone::UTC).datetime())
    };
    utc().or_else(|| text.parse().ok())
}

/// What is written, as a reader wants it.
pub(super) fn say(written: &toml::Value) -> String {
    match written {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(words) => {
            let words: Vec<String> = words.iter().map(say).collect();
            words.join(", ")
        }
        other => other.to_string(),
    }
}

fn bit(kind: &Kind, word: &str) -> Result<u64, String> {
    kind.bit(word).ok_or_else(|| {
        let known: Vec<&str> = kind.words().iter().map(String::as_str).collect();
        match nearest(word, &known) {
            Some(near) => format!("`{word}` is none of its values; did you mean `{near}`?"),
            None => format!("`{word}` is none of its values: {}", known.join(", ")),
        }
    })
}

fn wrong(kind: &Kind, written: &toml::Value) -> String {
    format!(
        "`{}` is not what it takes; write {}",
        say(written),
        kind.expects()
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_stands_for_its_days() {
        let days = |text: &str| days(&toml::Value::from(text));
        assert_eq!(days("2021-02"), Some((date(2021, 2, 1), date(2021, 2, 28))));
        assert_eq!(days("2021"), Some((date(2021, 1, 1), date(2021, 12, 31))));
        assert_eq!(
            days("2021-02-03"),
            Some((date(2021, 2, 3), date(2021, 2, 3)))
        );
        for wrong in ["", "21", "2021-13", "2021-", "March", "2021-02-30"] {
            assert_eq!(days(wrong), None, "{wrong}");
        }
    }
}
