//! What the names, values and types of a pack must look like.

use toml::Spanned;

use super::file::FactFile;
use super::{PackError, PackText};
use crate::fact::{Kind, MOST_WORDS};
use crate::law::{APPLY, DATES};

/// Words that mean something of their own in conditions.
const RESERVED: [&str; 4] = ["and", "or", "not", "in"];

/// Refuses a name that no condition could read.
pub(super) fn name(
    text: PackText<'_>,
    what: &str,
    name: &Spanned<String>,
) -> Result<(), PackError> {
    let written = name.as_ref().as_str();
    let well_named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
    if !written.starts_with(|c: char| c.is_ascii_lowercase()) || !written.chars().all(well_named) {
        let why = format!(
            "`{written}` cannot name a {what}: use lower-case letters, digits, `_` and `.`, a letter first"
        );
        return Err(text.wrong_at(name, why));
    }
    if RESERVED.contains(&written) {
        let why =
            format!("`{written}` has its own meaning in conditions; name the {what} otherwise");
        return Err(text.wrong_at(name, why));
    }
    Ok(())
}

/// Refuses an identifier of a rule that could not be cited.
pub(super) fn rule_id(text: PackText<'_>, id: &Spanned<String>) -> Result<(), PackError> {
    let written = id.as_ref();
    if written.is_empty() || written.contains(|c: char| c == '/' || c.is_whitespace()) {
        let why = "number the rule with letters, digits, dots and hyphens, such as `2.3-minor`";
        return Err(text.wrong_at(id, why));
    }
    Ok(())
}

/// Refuses lists of values that a condition or a case could not tell apart.
pub(super) fn values(
    text: PackText<'_>,
    at: &Spanned<String>,
    values: &[String],
) -> Result<(), PackError> {
    if !(2..=MOST_WORDS).contains(&values.len()) {
        return Err(text.wrong_at(at, format!("list 2 to {MOST_WORDS} `values`")));
    }
    for (position, value) in values.iter().enumerate() {
        let in_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ':');
        let readable = value.starts_with(|c: char| c.is_alphanumeric() || c == '_')
            && value.chars().all(in_word)
            && !RESERVED.contains(&value.as_str());
        if !readable {
            let why = format!(
                "the value `{value}` cannot be read in a condition; use letters, digits, `_`, `-`, `.` and `:`"
            );
            return Err(text.wrong_at(at, why));
        }
        if ["unknown", "absent"].contains(&value.as_str()) {
            let why = format!(
                "a case writes `{value}` where a fact is not known; name the value otherwise"
            );
            return Err(text.wrong_at(at, why));
        }
        if values.iter().take(position).any(|known| known == value) {
            return Err(text.wrong_at(
                at,
                format!("the value `{value}` is listed twice; take one out"),
            ));
        }
    }
    Ok(())
}

/// What kind of answer a fact takes.
pub(super) fn kind(
    text: PackText<'_>,
    name: &Spanned<String>,
    file: &FactFile,
) -> Result<Kind, PackError> {
    let written = file.kind.as_ref().as_str();
    let kind = match written {
        "bool" => Kind::Bool,
        "one of" => Kind::OneOf(file.values.clone()),
        "set of" => Kind::SetOf(file.values.clone()),
        "number" => Kind::Number(file.unit.clone()),
        "date" => Kind::Date,
        "text" => Kind::Text,
        other => {
            let why = format!("`{other}` is no type: bool, one of, set of, number, date or text");
            return Err(text.wrong_at(&file.kind, why));
        }
    };
    if matches!(kind, Kind::OneOf(_) | Kind::SetOf(_)) {
        values(text, &file.kind, &file.values)?;
    } else if !file.values.is_empty() {
        let why = format!(
            "a fact of type `{written}` lists no `values`; write `one of` or `set of`, or take them out"
        );
        return Err(text.wrong_at(&file.kind, why));
    }
    if file.unit.is_some() && !matches!(kind, Kind::Number(_)) {
        let why =
            format!("a fact of type `{written}` has no `unit`; take it out, or write `number`");
        return Err(text.wrong_at(&file.kind, why));
    }
    let written = name.as_ref().as_str();
    if DATES.contains(&written) && kind != Kind::Date {
        let why = format!("`{written}` says when the conduct took place; its type is `date`");
        return Err(text.wrong_at(&file.kind, why));
    }
    let computed = ["yes", "no", "partial"];
    let is_computed = matches!(&kind, Kind::OneOf(words) if computed.iter().all(|word| kind.bit(word).is_some()) && words.len() == 3);
    if written == APPLY && !is_computed {
        let why =
            format!("`{APPLY}` is computed; its type is `one of`, its values yes, no and partial");
        return Err(text.wrong_at(&file.kind, why));
    }
    Ok(kind)
}
