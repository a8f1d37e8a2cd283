//! Names to what they stand for, kinds checked, `not` moved down.

use jiff::civil::{Date, DateTime};

use super::parse::{Asked, Atom, Later, Parsed, Side, Word, Wrong};
use super::{Ask, Expr, Leaf, Offset, Operand, Order, Test, Unit};
use crate::fact::{Fact, Kind};
use crate::law::{FactId, Law, ReadingId};
use crate::pack::Pack;
use crate::suggest::nearest;

/// What names stand for in one pack.
#[derive(Clone, Copy)]
pub(crate) struct Names<'n> {
    pub(crate) law: &'n Law,
    pub(crate) pack: &'n Pack,
    /// Every name there is, for suggestions.
    pub(crate) all: &'n [&'n str],
}

impl<'n> Names<'n> {
    fn fact(&self, name: &str) -> Option<(FactId, &'n Fact)> {
        let id = self.law.fact_id(name)?;
        Some((id, self.law.fact_at(id)))
    }

    fn reading(&self, name: &str) -> Option<(ReadingId, &'n [String])> {
        let id = self.pack.reading_id(name)?;
        Some((id, self.pack.readings.get(id.0)?.values.as_slice()))
    }
}

/// Resolves a condition; `negated` tells whether it stands under an odd number of `not`s.
pub(crate) fn resolve(parsed: &Parsed, names: &Names<'_>, negated: bool) -> Result<Expr, Wrong> {
    let several = |parts: &[Parsed]| -> Result<Vec<Expr>, Wrong> {
        parts.iter().map(|p| resolve(p, names, negated)).collect()
    };
    Ok(match (parsed, negated) {
        (Parsed::Not(inner), _) => resolve(inner, names, !negated)?,
        (Parsed::All(parts), false) | (Parsed::Any(parts), true) => Expr::All(several(parts)?),
        (Parsed::Any(parts), false) | (Parsed::All(parts), true) => Expr::Any(several(parts)?),
        (Parsed::Atom(atom), _) => Expr::Leaf(Leaf {
            test: test(atom, names)?,
            negated,
        }),
    })
}

fn test(atom: &Atom, names: &Names<'_>) -> Result<Test, Wrong> {
    let name = atom.name.text.as_str();
    if let Some((fact, known)) = names.fact(name) {
        return Ok(Test::Fact(fact, ask(atom, known, names)?));
    }
    if let Some(conclusion) = names.pack.conclusion_id(name) {
        return match atom.asked {
            Asked::Itself => Ok(Test::Concluded(conclusion)),
            _ => wrong(
                &atom.name,
                "is a conclusion; it is made out or not and compares with nothing",
            ),
        };
    }
    if let Some((reading, values)) = names.reading(name) {
        let kind = Kind::OneOf(values.to_vec());
        return Ok(Test::Reading(reading, choice(atom, &kind)?));
    }
    let why = match nearest(name, names.all) {
        Some(near) => format!("is neither a fact nor a conclusion; did you mean `{near}`?"),
        None => "is neither a fact nor a conclusion; define it".to_owned(),
    };
    wrong(&atom.name, &why)
}

fn ask(atom: &Atom, fact: &Fact, names: &Names<'_>) -> Result<Ask, Wrong> {
    match (&fact.kind, &atom.asked) {
        (Kind::Bool, Asked::Itself) => Ok(Ask::IsTrue),
        (Kind::Bool, _) => wrong(
            &atom.name,
            "is true or false; write it alone, or after `not`",
        ),
        (Kind::Text, _) => wrong(&atom.name, "is free text, which no rule reads"),
        (Kind::OneOf(_) | Kind::SetOf(_), _) => Ok(Ask::HasAny(choice(atom, &fact.kind)?)),
        (Kind::Number(_) | Kind::Date, Asked::Compared(sign, side, later)) => {
            let operand = operand(&atom.name, fact, side, later.as_ref(), names)?;
            Ok(Ask::Compares(order(sign), operand))
        }
        (Kind::Number(_) | Kind::Date, _) => wrong(
            &atom.name,
            "is a number or a date; compare it, such as with `>=`",
        ),
    }
}

fn choice(atom: &Atom, kind: &Kind) -> Result<u64, Wrong> {
    let words = match &atom.asked {
        Asked::OneOf(words) => words.as_slice(),
        Asked::Compared("=", Side::Word(word), None) => std::slice::from_ref(word),
        _ => {
            let example = kind.words().first().map_or("…", String::as_str);
            return wrong(
                &atom.name,
                &format!("is a choice; ask it like `{} = {example}`", atom.name.text),
            );
        }
    };
    words.iter().try_fold(0, |bits, word| {
        kind.bit(&word.text).map(|bit| bits | bit).map_or_else(
            || {
                let known: Vec<&str> = kind.words().iter().map(String::as_str).collect();
                let hint = nearest(&word.text, &known).map_or_else(
                    || known.join(", "),
                    |near| format!("did you mean `{near}`?"),
                );
                wrong(
                    word,
                    &format!("is no value of `{}`: {hint}", atom.name.text),
                )
            },
            Ok,
        )
    })
}

fn operand(
    name: &Word,
    fact: &Fact,
    side: &Side,
    later: Option<&Later>,
    names: &Names<'_>,
) -> Result<Operand, Wrong> {
    let word = match side {
        Side::Number(number) if fact.kind == Kind::Date => {
            return wrong(
                name,
                &format!("is a date and cannot be compared with {number}"),
            );
        }
        Side::Number(number) => {
            return match later {
                None => Ok(Operand::Number(*number)),
                Some(later) => wrong(&later.unit, "can only be added to a date"),
            };
        }
        Side::Word(word) => word,
    };
    if let Some((other, known)) = names.fact(&word.text) {
        let alike = matches!(
            (&fact.kind, &known.kind),
            (Kind::Number(_), Kind::Number(_)) | (Kind::Date, Kind::Date)
        );
        return match (alike, later) {
            (false, _) => wrong(word, &format!("is of another kind than `{}`", fact.name)),
            (true, Some(later)) if known.kind != Kind::Date => {
                wrong(&later.unit, "can only be added to a date")
            }
            (true, later) => Ok(Operand::Fact(other, later.map(offset).transpose()?)),
        };
    }
    match (word.text.parse::<Date>(), &fact.kind) {
        (Ok(day), Kind::Date) => {
            let day = DateTime::from(day);
            let offset = later.map(offset).transpose()?;
            Ok(Operand::Date(
                offset.map_or(day, |offset| offset.after(day)),
            ))
        }
        (Ok(_), _) => wrong(word, &format!("is a date, and `{}` a number", fact.name)),
        (Err(_), kind) => {
            let what = match kind {
                Kind::Date => "a date such as 2021-08-01",
                _ => "a number",
            };
            let why = match nearest(&word.text, names.all) {
                Some(near) => format!("is neither a fact nor {what}; did you mean `{near}`?"),
                None => format!("is neither a fact nor {what}"),
            };
            wrong(word, &why)
        }
    }
}

fn offset(later: &Later) -> Result<Offset, Wrong> {
    let unit = match later.unit.text.as_str() {
        "hour" | "hours" => Unit::Hours,
        "day" | "days" => Unit::Days,
        "working days" => Unit::WorkingDays,
        "month" | "months" => Unit::Months,
        "year" | "years" => Unit::Years,
        _ => {
            return wrong(
                &later.unit,
                "is no length of time: hours, days, working days, months or years",
            );
        }
    };
    let count = later.count;
    if (0..=unit.most()).contains(&count) {
        Ok(Offset { count, unit })
    } else {
        let why = format!("can be added 0 to {} times, not {count}", unit.most());
        wrong(&later.unit, &why)
    }
}

fn order(sign: &str) -> Order {
    match sign {
        "<" => Order::Less,
        "<=" => Order::AtMost,
        ">" => Order::More,
        ">=" => Order::AtLeast,
        _ => Order::Same,
    }
}

fn wrong<T>(word: &Word, why: &str) -> Result<T, Wrong> {
    Err(Wrong {
        at: word.at,
        why: format!("`{}` {why}", word.text),
    })
}
