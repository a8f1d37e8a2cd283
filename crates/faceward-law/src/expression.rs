//! A condition over facts and conclusions, with every `not` moved down to what it negates.

pub(crate) mod parse;
pub(crate) mod resolve;

use jiff::civil::DateTime;
use jiff::{Span, ToSpan};

use crate::fact::{State, Value};
use crate::law::{ConclusionId, FactId, ReadingId};

/// A condition. Negation stands only at its leaves.
#[derive(Debug, PartialEq)]
pub(crate) enum Expr {
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Leaf(Leaf),
}

/// A test of one thing, or its negation.
#[derive(Debug, PartialEq)]
pub(crate) struct Leaf {
    pub(crate) test: Test,
    pub(crate) negated: bool,
}

/// What a leaf tests.
#[derive(Debug, PartialEq)]
pub(crate) enum Test {
    Fact(FactId, Ask),
    Concluded(ConclusionId),
    Reading(ReadingId, u64),
}

/// What is asked of a fact.
#[derive(Debug, PartialEq)]
pub(crate) enum Ask {
    IsTrue,
    HasAny(u64),
    Compares(Order, Operand),
}

/// How two numbers or two dates stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Less,
    AtMost,
    Same,
    AtLeast,
    More,
}

/// What a fact is compared with.
#[derive(Debug, PartialEq)]
pub(crate) enum Operand {
    Number(f64),
    Date(DateTime),
    Fact(FactId, Option<Offset>),
}

/// A length of time added to a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offset {
    pub(crate) count: i64,
    pub(crate) unit: Unit,
}

/// A unit of an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Hours,
    Days,
    /// Monday to Friday; public holidays are not known here, so the true day may lie later.
    WorkingDays,
    Months,
    Years,
}

impl Expr {
    /// Every leaf, left to right.
    pub(crate) fn leaves<'e>(&'e self, visit: &mut impl FnMut(&'e Leaf)) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().for_each(|part| part.leaves(visit));
            }
            Self::Leaf(leaf) => visit(leaf),
        }
    }
}

impl Leaf {
    /// The facts it reads.
    pub(crate) fn facts(&self) -> impl Iterator<Item = FactId> {
        let (first, second) = match &self.test {
            Test::Fact(fact, Ask::Compares(_, Operand::Fact(other, _))) => {
                (Some(*fact), Some(*other))
            }
            Test::Fact(fact, _) => (Some(*fact), None),
            Test::Concluded(_) | Test::Reading(..) => (None, None),
        };
        first.into_iter().chain(second)
    }
}

impl Ask {
    /// The answer for a known value; `None` where the other side of a comparison is not known.
    pub(crate) fn of<'s>(
        &self,
        value: &Value,
        other: impl Fn(FactId) -> &'s State,
    ) -> Option<bool> {
        Some(match (self, value) {
            (Self::IsTrue, Value::Bool(yes)) => *yes,
            (Self::HasAny(words), Value::Words(bits)) => words & bits != 0,
            (Self::Compares(order, Operand::Number(right)), Value::Number(left)) => {
                order.holds(left.partial_cmp(right)?)
            }
            (Self::Compares(order, Operand::Date(right)), Value::Date(left)) => {
                order.holds(left.cmp(right))
            }
            (Self::Compares(order, Operand::Fact(fact, offset)), left) => {
                match (left, other(*fact)) {
                    (Value::Number(left), State::Known(Value::Number(right))) => {
                        order.holds(left.partial_cmp(right)?)
                    }
                    (Value::Date(left), State::Known(Value::Date(right))) => {
                        let right = offset.map_or(*right, |offset| offset.after(*right));
                        order.holds(left.cmp(&right))
                    }
                    _ => return None,
                }
            }
            // Values are checked against the kind of their fact when they are read.
            _ => return None,
        })
    }
}

impl Order {
    fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
            Self::Same => ordering.is_eq(),
            Self::AtLeast => ordering.is_ge(),
            Self::More => ordering.is_gt(),
        }
    }
}

impl Unit {
    /// How many of them may be added: more than any law says, and no more than a calendar takes.
    pub(crate) fn most(self) -> i64 {
        match self {
            Self::Years => 9_999,
            Self::Hours | Self::Days | Self::WorkingDays | Self::Months => 36_600,
        }
    }
}

impl Offset {
    /// The moment that lies this much later; the end of time where it would lie beyond.
    pub(crate) fn after(self, at: DateTime) -> DateTime {
        self.moved(at, 1)
    }

    /// The moment that lies this much earlier; the beginning of time where it would lie before.
    pub(crate) fn before(self, at: DateTime) -> DateTime {
        self.moved(at, -1)
    }

    fn moved(self, at: DateTime, sign: i64) -> DateTime {
        let by = |span: Span| at.saturating_add(span);
        let count = sign * self.count;
        match self.unit {
            Unit::Hours => by(count.hours()),
            Unit::Days => by(count.days()),
            Unit::Months => by(count.months()),
            Unit::Years => by(count.years()),
            Unit::WorkingDays => {
                let mut day = at;
                let mut left = self.count;
                while left > 0 && day < DateTime::MAX && day > DateTime::MIN {
                    day = day.saturating_add(sign.days());
                    if day.weekday().to_monday_zero_offset() < 5 {
                        left -= 1;
                    }
                }
                day
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_length_that_can_be_written_is_added_without_a_panic() {
        use Unit::{Days, Hours, Months, WorkingDays, Years};
        for unit in [Hours, Days, WorkingDays, Months, Years] {
            let most = Offset {
                count: unit.most(),
                unit,
            };
            for at in [
                DateTime::MIN,
                date(2021, 8, 1).at(0, 0, 0, 0),
                DateTime::MAX,
            ] {
                assert!(most.after(at) >= at);
                assert!(most.before(at) <= at);
            }
        }
    }

    #[test]
    fn working_days_run_from_monday_to_friday() {
        let days = |count| Offset {
            count,
            unit: Unit::WorkingDays,
        };
        let at = |day| date(2021, 8, day).at(0, 0, 0, 0);
        // The 6th is a Friday, the 7th a Saturday.
        for (from, count, to) in [
            (6, 1, 9),
            (7, 1, 9),
            (7, 0, 7),
            (2, 4, 6),
            (2, 5, 9),
            (6, 6, 16),
        ] {
            assert_eq!(days(count).after(at(from)), at(to), "{count} after {from}");
        }
    }
}
