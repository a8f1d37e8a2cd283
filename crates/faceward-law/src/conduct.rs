//! When the acts complained of took place, and which provisions were in force then.

use jiff::civil::Date;

use crate::rule::Period;

/// The days of the conduct, as spans of whole days, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conduct {
    spans: Vec<(Date, Date)>,
    /// The spans as far as they may reach, where an end of one is unproven; empty where none is.
    perhaps: Vec<(Date, Date)>,
    dates_unknown: bool,
}

/// How a period in force and the conduct lie to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applies {
    /// All of the conduct falls into it, or nobody put the dates in issue.
    Yes,
    /// None of it does.
    No,
    /// Part of it does; only that part is judged.
    Partial,
    /// The dates are in issue, and unproven.
    Unknown,
}

impl Conduct {
    /// Conduct whose dates nobody put in issue: taken to fall into the period in force.
    pub fn undated() -> Self {
        Self::default()
    }

    /// Conduct whose dates are in issue and unproven.
    pub fn of_unknown_date() -> Self {
        Self {
            dates_unknown: true,
            ..Self::default()
        }
    }

    /// Conduct on one day.
    pub fn on(day: Date) -> Self {
        Self::over(vec![(day, day)])
    }

    /// Conduct over these spans; the later day of each comes second.
    pub fn over(spans: Vec<(Date, Date)>) -> Self {
        Self {
            spans,
            ..Self::default()
        }
    }

    /// Conduct that is shown over `spans` and, an end being unproven, may reach as far as `perhaps`.
    pub(crate) fn between(spans: Vec<(Date, Date)>, perhaps: Vec<(Date, Date)>) -> Self {
        Self {
            spans,
            perhaps,
            dates_unknown: false,
        }
    }

    /// Whether provisions of this period apply to the conduct.
    pub fn applies(&self, period: Period) -> Applies {
        if self.dates_unknown {
            return Applies::Unknown;
        }
        let shown = reach(period, &self.spans);
        match reach(period, &self.perhaps) {
            _ if self.perhaps.is_empty() => shown,
            perhaps if perhaps == shown => shown,
            _ if shown == Applies::No => Applies::Unknown,
            _ => Applies::Partial,
        }
    }

    /// Whether any of it falls into the period.
    pub(crate) fn reaches(&self, period: Period) -> bool {
        matches!(self.applies(period), Applies::Yes | Applies::Partial)
    }
}

impl Period {
    /// Whether a day lies in it.
    pub fn holds(self, day: Date) -> bool {
        covers(self, (day, day))
    }
}

fn reach(period: Period, spans: &[(Date, Date)]) -> Applies {
    let touched = spans.iter().filter(|span| touches(period, **span));
    let covered = spans.iter().filter(|span| covers(period, **span));
    match (spans.len(), touched.count(), covered.count()) {
        (all, _, covered) if covered == all => Applies::Yes,
        (_, 0, _) => Applies::No,
        _ => Applies::Partial,
    }
}

fn touches(period: Period, (first, last): (Date, Date)) -> bool {
    period.from.is_none_or(|from| last >= from) && period.until.is_none_or(|until| first < until)
}

fn covers(period: Period, (first, last): (Date, Date)) -> bool {
    period.from.is_none_or(|from| first >= from) && period.until.is_none_or(|until| last < until)
}

impl Applies {
    /// The word for it in cases and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Partial => "partial",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn conduct_is_split_at_the_first_day_in_force() {
        let period = Period {
            from: Some(date(2021, 8, 1)),
            until: None,
        };
        let over = |first, last| Conduct::over(vec![(first, last)]).applies(period);
        assert_eq!(over(date(2021, 7, 1), date(2021, 7, 31)), Applies::No);
        assert_eq!(over(date(2021, 7, 31), date(2021, 8, 1)), Applies::Partial);
        assert_eq!(over(date(2021, 8, 1), date(2026, 1, 1)), Applies::Yes);
        assert_eq!(Conduct::undated().applies(period), Applies::Yes);
        assert_eq!(Conduct::of_unknown_date().applies(period), Applies::Unknown);
    }

    #[test]
    fn conduct_with_an_unproven_end_counts_as_far_as_it_is_shown() {
        let period = Period {
            from: Some(date(2021, 8, 1)),
            until: Some(date(2022, 1, 1)),
        };
        let today = date(2026, 11, 24);
        let begun = |day| Conduct::between(vec![(day, day)], vec![(day, today)]).applies(period);
        assert_eq!(begun(date(2021, 7, 31)), Applies::Unknown);
        assert_eq!(begun(date(2021, 8, 1)), Applies::Partial);
        assert_eq!(begun(date(2022, 1, 1)), Applies::No);
    }
}
