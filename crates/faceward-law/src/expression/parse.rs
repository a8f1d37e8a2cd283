//! Text to a tree of names, with the place of each.

/// A parsed condition whose names are not resolved yet.
#[derive(Debug, PartialEq)]
pub(crate) enum Parsed {
    Any(Vec<Parsed>),
    All(Vec<Parsed>),
    Not(Box<Parsed>),
    Atom(Atom),
}

/// A name and what is asked of it.
#[derive(Debug, PartialEq)]
pub(crate) struct Atom {
    pub(crate) name: Word,
    pub(crate) asked: Asked,
}

/// What is asked of a name.
#[derive(Debug, PartialEq)]
pub(crate) enum Asked {
    Itself,
    OneOf(Vec<Word>),
    Compared(&'static str, Side, Option<Later>),
}

/// The right side of a comparison.
#[derive(Debug, PartialEq)]
pub(crate) enum Side {
    Number(f64),
    Word(Word),
}

/// `+ 30 working days`.
#[derive(Debug, PartialEq)]
pub(crate) struct Later {
    pub(crate) count: i64,
    pub(crate) unit: Word,
}

/// A word and the byte at which it begins.
#[derive(Debug, PartialEq, Clone)]
pub(crate) struct Word {
    pub(crate) at: usize,
    pub(crate) text: String,
}

/// What is wrong with a condition, and at which byte.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) at: usize,
    pub(crate) why: String,
}

/// Deeper nesting than any person would write.
const DEEPEST: usize = 32;

/// Parses a condition.
pub(crate) fn parse(text: &str) -> Result<Parsed, Wrong> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        depth: 0,
        end: text.len(),
    };
    let parsed = parser.any()?;
    match parser.peek() {
        None => Ok(parsed),
        Some(token) => Err(Wrong {
            at: token.at,
            why: format!(
                "`{}` is not expected here; join conditions with `and` or `or`",
                token.text
            ),
        }),
    }
}

struct Parser {
    tokens: Vec<Word>,
    next: usize,
    depth: usize,
    end: usize,
}

impl Parser {
    fn any(&mut self) -> Result<Parsed, Wrong> {
        let mut parts = vec![self.all()?];
        while self.take("or") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Parsed::Any))
    }

    fn all(&mut self) -> Result<Parsed, Wrong> {
        let mut parts = vec![self.unary()?];
        while self.take("and") {
            parts.push(self.unary()?);
        }
        Ok(one_or(parts, Parsed::All))
    }

    fn unary(&mut self) -> Result<Parsed, Wrong> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.wrong("it is nested too deeply; split it into steps"));
        }
        let parsed = if self.take("not") {
            Parsed::Not(Box::new(self.unary()?))
        } else if self.take("(") {
            let inner = self.any()?;
            self.expect(")")?;
            inner
        } else {
            Parsed::Atom(self.atom()?)
        };
        self.depth -= 1;
        Ok(parsed)
    }

    fn atom(&mut self) -> Result<Atom, Wrong> {
        let name = self.word("the name of a fact or conclusion")?;
        let asked = if self.take("in") {
            self.expect("[")?;
            let mut words = vec![self.word("a value")?];
            while self.take(",") {
                words.push(self.word("a value")?);
            }
            self.expect("]")?;
            Asked::OneOf(words)
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| self.take(sign)) {
            let side = self.word("what it is compared with")?;
            let side = match side.text.parse() {
                Ok(number) if f64::is_finite(number) => Side::Number(number),
                _ => Side::Word(side),
            };
            Asked::Compared(sign, side, self.later()?)
        } else {
            Asked::Itself
        };
        Ok(Atom { name, asked })
    }

    fn later(&mut self) -> Result<Option<Later>, Wrong> {
        if !self.take("+") {
            return Ok(None);
        }
        let count = self.word("how much later")?;
        let count = count.text.parse().map_err(|_| Wrong {
            at: count.at,
            why: format!("`{}` is not a whole number", count.text),
        })?;
        let mut unit = self.word("hours, days, working days, months or years")?;
        if unit.text == "working" {
            self.expect("days")?;
            unit.text = "working days".to_owned();
        }
        Ok(Some(Later { count, unit }))
    }

    fn word(&mut self, what: &str) -> Result<Word, Wrong> {
        match self.peek() {
            Some(token) if is_word(&token.text) && !RESERVED.contains(&token.text.as_str()) => {
                let token = token.clone();
                self.next += 1;
                Ok(token)
            }
            _ => Err(self.wrong(&format!("{what} is expected here"))),
        }
    }

    fn expect(&mut self, text: &str) -> Result<(), Wrong> {
        if self.take(text) {
            Ok(())
        } else {
            Err(self.wrong(&format!("`{text}` is expected here")))
        }
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.text == text);
        if found {
            self.next += 1;
        }
        found
    }

    fn peek(&self) -> Option<&Word> {
        self.tokens.get(self.next)
    }

    fn wrong(&self, why: &str) -> Wrong {
        Wrong {
            at: self.peek().map_or(self.end, |token| token.at),
            why: why.to_owned(),
        }
    }
}

const RESERVED: [&str; 4] = ["and", "or", "not", "in"];
const SIGNS: [&str; 5] = ["<=", ">=", "<", ">", "="];

fn one_or(mut parts: Vec<Parsed>, several: fn(Vec<Parsed>) -> Parsed) -> Parsed {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            parts.push(last);
            several(parts)
        }
        (None, _) => several(parts),
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

fn tokens(text: &str) -> Result<Vec<Word>, Wrong> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let at = text.len() - rest.len();
        let in_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ':');
        let length = if first.is_whitespace() {
            first.len_utf8()
        } else if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !in_word(c)).unwrap_or(rest.len())
        } else if rest.starts_with("<=") || rest.starts_with(">=") {
            2
        } else if "()[],<>=+".contains(first) {
            1
        } else {
            return Err(Wrong {
                at,
                why: format!("`{first}` has no meaning in a condition"),
            });
        };
        let (token, after) = rest.split_at(length);
        if !first.is_whitespace() {
            found.push(Word {
                at,
                text: token.to_owned(),
            });
        }
        rest = after;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atom(name: &str, at: usize) -> Parsed {
        let text = name.to_owned();
        Parsed::Atom(Atom {
            name: Word { at, text },
            asked: Asked::Itself,
        })
    }

    #[test]
    fn not_binds_strongest_and_or_weakest() {
        let both = Parsed::All(vec![Parsed::Not(Box::new(atom("a", 4))), atom("b", 10)]);
        assert_eq!(
            parse("not a and b or c"),
            Ok(Parsed::Any(vec![both, atom("c", 15)]))
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, at, why) in [
            ("", 0, "the name"),
            ("a and", 5, "the name"),
            ("a b", 2, "join"),
            ("(a", 2, "`)`"),
            ("a in [", 6, "a value"),
            ("a & b", 2, "no meaning"),
            ("a <= b + x days", 9, "whole number"),
        ] {
            let wrong = parse(text).unwrap_err();
            assert_eq!(wrong.at, at, "{text}");
            assert!(wrong.why.contains(why), "{text}: {}", wrong.why);
        }
        let deep = format!("{}a{}", "(".repeat(500), ")".repeat(500));
        assert!(parse(&deep).unwrap_err().why.contains("nested"));
    }
}
