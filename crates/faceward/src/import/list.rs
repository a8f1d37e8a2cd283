//! The consent work-list: what there is to do about each person, in words.

use std::fmt;

use super::{ImportNext, ImportedPerson, LeftAside};

impl fmt::Display for ImportNext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ask => "ask for consent, then import again",
            Self::Nothing => "nothing",
            Self::HereAlready => "nothing: references are here already",
            Self::NewPicture => "take a new picture",
            Self::OtherName => "this name cannot be a handle; choose another",
        })
    }
}

/// The work-list as CSV (RFC 4180): a line for each person, and what there is to do about them.
pub fn work_list(people: &[ImportedPerson]) -> String {
    let mut text = String::from("name,examples,enrolled,next,failed\n");
    for person in people {
        let aside = person.left_aside.iter().map(LeftAside::to_string);
        let fields = [
            quoted(&person.name),
            person.examples.to_string(),
            person.enrolled.to_string(),
            quoted(&person.next.to_string()),
            quoted(&aside.collect::<Vec<_>>().join("; ")),
        ];
        text.push_str(&fields.join(","));
        text.push('\n');
    }
    text
}

impl fmt::Display for LeftAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.example, self.why)
    }
}

/// A field of a CSV file. One that a spreadsheet would take for a formula is made text.
fn quoted(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_the_work_list_is_neither_a_formula_nor_two_fields() {
        assert_eq!(quoted("Ann, \"Lee\""), "\"Ann, \"\"Lee\"\"\"");
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
    }
}
