use std::{fmt, str::FromStr};

use crate::MatchError;

/// How often strangers may match: the share of impostor comparisons at or above a threshold
/// (FMR, ISO/IEC 19795-1), strictly between 0 and 1.
///
/// Parses `0.0001`, `0.01%` and `1e-4`; displays as `0.01 %`, below a ten-thousandth of a per cent
/// as `1e-7`.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct FalseMatchRate(f64);

impl FalseMatchRate {
    /// 1 %.
    pub const ONE_IN_A_HUNDRED: FalseMatchRate = FalseMatchRate(1e-2);

    /// 0.01 %.
    pub const ONE_IN_TEN_THOUSAND: FalseMatchRate = FalseMatchRate(1e-4);

    /// # Errors
    /// [`MatchError::BadRate`] unless the share lies strictly between 0 and 1.
    pub fn new(share: f64) -> Result<FalseMatchRate, MatchError> {
        if share > 0.0 && share < 1.0 {
            Ok(FalseMatchRate(share))
        } else {
            Err(MatchError::BadRate(share.to_string()))
        }
    }

    /// The rate as a share of 1.
    pub fn share(self) -> f64 {
        self.0
    }

    /// The rate each of `size` independent comparisons may have so that at least one of them
    /// matches at this rate: solves FPIR = 1 - (1 - FMR)^size for FMR. A size of 0 counts as 1.
    pub fn per_comparison(self, size: usize) -> FalseMatchRate {
        if size <= 1 {
            return self;
        }
        let share = -(f64::ln_1p(-self.0) / size as f64).exp_m1();
        FalseMatchRate(share.max(f64::MIN_POSITIVE))
    }
}

impl FromStr for FalseMatchRate {
    type Err = MatchError;

    fn from_str(text: &str) -> Result<FalseMatchRate, MatchError> {
        let wrong = || MatchError::BadRate(text.to_owned());
        let (number, scale) = match text.trim().strip_suffix('%') {
            Some(number) => (number.trim_end(), 100.0),
            None => (text.trim(), 1.0),
        };
        let share: f64 = number.parse().map_err(|_| wrong())?;
        FalseMatchRate::new(share / scale).map_err(|_| wrong())
    }
}

impl fmt::Display for FalseMatchRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = |x: f64| format!("{x:.2e}").parse::<f64>().unwrap_or(x);
        if self.0 < 1e-6 {
            write!(f, "{:e}", rounded(self.0))
        } else {
            write!(f, "{} %", rounded(self.0 * 100.0))
        }
    }
}

/// A two-sided 95 % confidence interval of a share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower bound, 0 to 1.
    pub low: f64,
    /// Upper bound, 0 to 1.
    pub high: f64,
}

impl Interval {
    /// Wilson's score interval for `events` among `trials` independent trials (Wilson 1927); all
    /// of 0 to 1 where nothing was tried. Comparisons that share a face are not independent: the
    /// interval is then too narrow.
    pub fn wilson(events: u64, trials: u64) -> Interval {
        if trials == 0 {
            return Interval {
                low: 0.0,
                high: 1.0,
            };
        }
        let z = 1.959_963_984_540_054;
        let n = trials as f64;
        let p = events as f64 / n;
        let scale = 1.0 + z * z / n;
        let centre = (p + z * z / (2.0 * n)) / scale;
        let half = z / scale * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        let low = if events == 0 {
            0.0
        } else {
            (centre - half).max(0.0)
        };
        let high = if events == trials {
            1.0
        } else {
            (centre + half).min(1.0)
        };
        Interval { low, high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_spellings_are_one_rate() {
        for text in ["0.0001", "0.01%", "0.01 %", "1e-4", " 1E-4 "] {
            assert!(
                (text.parse::<FalseMatchRate>().unwrap().share() - 1e-4).abs() < 1e-18,
                "{text}"
            );
        }
        for wrong in [
            "", "%", "0", "1", "100%", "-1e-4", "nan", "inf", "1e-4x", "0,01%",
        ] {
            assert_eq!(
                wrong.parse::<FalseMatchRate>(),
                Err(MatchError::BadRate(wrong.to_owned()))
            );
        }
    }

    #[test]
    fn display_is_readable_and_parses_back() {
        let cases = [
            (1e-2, "1 %"),
            (1e-4, "0.01 %"),
            (3e-4, "0.03 %"),
            (0.123, "12.3 %"),
            (2e-8, "2e-8"),
        ];
        for (share, text) in cases {
            let rate = FalseMatchRate::new(share).unwrap();
            assert_eq!(rate.to_string(), text);
            assert!((text.parse::<FalseMatchRate>().unwrap().share() / share - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_gallery_divides_the_rate() {
        let rate = FalseMatchRate::new(0.01).unwrap();
        assert_eq!(rate.per_comparison(0), rate);
        assert_eq!(rate.per_comparison(1), rate);
        let each = rate.per_comparison(1000).share();
        assert!((1.0 - (1.0 - each).powi(1000) - 0.01).abs() < 1e-12);
    }

    #[test]
    fn wilson_agrees_with_values_worked_by_hand() {
        let half = Interval::wilson(5, 10);
        assert!((half.low - 0.236_593).abs() < 1e-6 && (half.high - 0.763_407).abs() < 1e-6);
        let none = Interval::wilson(0, 100);
        assert!(none.low == 0.0 && (none.high - 0.036_994).abs() < 1e-6);
        assert_eq!(Interval::wilson(7, 7).high, 1.0);
        assert_eq!(
            Interval::wilson(0, 0),
            Interval {
                low: 0.0,
                high: 1.0
            }
        );
    }
}
