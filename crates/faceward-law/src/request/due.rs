//! Until when an answer is owed. What the text says and what is ours is said here, once.
//!
//! | regime | the text | what is counted here |
//! |---|---|---|
//! | GDPR Art. 12(3) | one month from receipt; two more where it is complex, told with reasons within the first | to the end (UTC) of the same day of the month, or of the month's last day; weekends and holidays extend nothing |
//! | PIPL Art. 45 to 47, 50 | "promptly", no number | a target of our own in days, to the end of the last (UTC); extended once by as much, which is ours too |

use std::fmt;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use super::refuse_if;
use crate::LawError;

/// The target where the law says "promptly": our own number, not one of the text.
pub const DUE_IN_DAYS: u16 = 15;

/// What says when an answer is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regime {
    /// PIPL: promptly; the target in days is the controller's own.
    Pipl {
        /// Days from receipt.
        days: u16,
    },
    /// GDPR Art. 12(3): one month, three where it was extended.
    Gdpr,
}

impl Regime {
    /// The first moment at which an answer to what came in then is late.
    pub fn due(self, received: Timestamp, extended: bool) -> Timestamp {
        let span: Span = match (self, extended) {
            (Self::Pipl { days }, false) => i64::from(days).days(),
            (Self::Pipl { days }, true) => (2 * i64::from(days)).days(),
            (Self::Gdpr, false) => 1.month(),
            (Self::Gdpr, true) => 3.months(),
        };
        let last = received.to_zoned(TimeZone::UTC).date().checked_add(span);
        // Calendar arithmetic stops at the last day of a shorter month, as the period does.
        let after = last.and_then(|last| last.tomorrow());
        let midnight =
            after.and_then(|day| day.to_datetime(Time::midnight()).to_zoned(TimeZone::UTC));
        midnight.map_or(Timestamp::MAX, |midnight| midnight.timestamp())
    }

    /// The word used in records and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pipl { .. } => "pipl",
            Self::Gdpr => "gdpr",
        }
    }

    /// Whether the number is the law's; otherwise it is the controller's.
    pub fn is_text(self) -> bool {
        self == Self::Gdpr
    }

    pub(super) fn check(self) -> Result<(), LawError> {
        let usable = !matches!(self, Self::Pipl { days } if !(1..=90).contains(&days));
        refuse_if(
            !usable,
            "an answer is due within 1 to 90 days; \"promptly\" is no longer than that",
        )
    }
}

impl fmt::Display for Regime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pipl { days } => {
                write!(f, "PIPL says promptly; {days} days are the target set here")
            }
            Self::Gdpr => f.write_str("GDPR Art. 12(3): one month, with reasons three"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_on_its_day_or_on_the_last_of_a_shorter_one() {
        for (received, due, extended) in [
            ("2026-01-05T09:30:00Z", "2026-02-06", "2026-04-06"),
            ("2026-01-31T23:59:59Z", "2026-03-01", "2026-05-01"),
            ("2028-01-31T00:00:00Z", "2028-03-01", "2028-05-01"),
            ("2028-01-30T00:00:00Z", "2028-03-01", "2028-05-01"),
            ("2026-08-31T12:00:00Z", "2026-10-01", "2026-12-01"),
            ("2026-11-30T12:00:00Z", "2026-12-31", "2027-03-01"),
            ("2026-12-15T00:00:00Z", "2027-01-16", "2027-03-16"),
        ] {
            let received: Timestamp = received.parse().unwrap();
            let day = |due: Timestamp| due.to_string();
            assert_eq!(
                day(Regime::Gdpr.due(received, false)),
                format!("{due}T00:00:00Z")
            );
            assert_eq!(
                day(Regime::Gdpr.due(received, true)),
                format!("{extended}T00:00:00Z")
            );
        }
    }

    #[test]
    fn the_target_counts_whole_days() {
        let regime = Regime::Pipl { days: DUE_IN_DAYS };
        let received: Timestamp = "2026-02-20T22:00:00Z".parse().unwrap();
        assert_eq!(
            regime.due(received, false).to_string(),
            "2026-03-08T00:00:00Z"
        );
        assert_eq!(
            regime.due(received, true).to_string(),
            "2026-03-23T00:00:00Z"
        );
        assert_eq!(regime.due(Timestamp::MAX, false), Timestamp::MAX);
    }
}
