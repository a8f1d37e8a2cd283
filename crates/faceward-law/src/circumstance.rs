//! What else is on record about a person that the law asks for: that they died, and what they
//! arranged for that case. Only ever added to; a mistake is taken back by a further entry.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::LawError;

/// One entry about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstance {
    /// When it was recorded.
    pub at: Timestamp,
    /// What.
    pub what: Fate,
}

/// What can be on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The person died.
    Died {
        /// On which day.
        on: Date,
        /// What shows it, such as `death certificate, seen at the desk`.
        evidence: String,
    },
    /// That the person died was recorded by mistake.
    Lives {
        /// How the mistake came about.
        reason: String,
    },
    /// What the person arranged for the case of death; it prevails over what relatives ask
    /// (PIPL Art. 49). The last one counts.
    Arranged {
        /// In words.
        text: String,
        /// Whether it keeps relatives out.
        bars_relatives: bool,
    },
}

impl Circumstance {
    /// Whether it can be added to what is on record.
    ///
    /// # Errors
    /// [`LawError::Circumstance`] when a text is blank, the day of death is to come, a death is
    /// recorded twice, or one that is not on record is taken back.
    pub fn check(&self, before: &[Self]) -> Result<(), LawError> {
        let dead = died(before).is_some();
        let today = self.at.to_zoned(jiff::tz::TimeZone::UTC).date();
        // Somewhere it is a day later than in UTC.
        let latest = today.tomorrow().unwrap_or(today);
        let (text, wrong) = match &self.what {
            Fate::Died { on, .. } if *on > latest => ("", "the day of death is to come"),
            Fate::Died { .. } if dead => ("", "the death is on record already"),
            Fate::Died { evidence, .. } => (evidence.as_str(), "what shows it is not said"),
            Fate::Lives { .. } if !dead => ("", "no death is on record"),
            Fate::Lives { reason } => (reason.as_str(), "how the mistake came about is not said"),
            Fate::Arranged { text, .. } => (text.as_str(), "what was arranged is not said"),
        };
        if text.trim().is_empty() {
            return Err(LawError::Circumstance(wrong.to_owned()));
        }
        Ok(())
    }
}

/// The day the person died, if that is on record and was not taken back.
pub fn died(record: &[Circumstance]) -> Option<Date> {
    record.iter().fold(None, |known, entry| match entry.what {
        Fate::Died { on, .. } => Some(on),
        Fate::Lives { .. } => None,
        Fate::Arranged { .. } => known,
    })
}

/// What the person arranged last, and whether it keeps relatives out.
pub fn arranged(record: &[Circumstance]) -> Option<(&str, bool)> {
    record.iter().rev().find_map(|entry| match &entry.what {
        Fate::Arranged {
            text,
            bars_relatives,
        } => Some((text.as_str(), *bars_relatives)),
        _ => None,
    })
}

impl Fate {
    /// The word used in records.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Died { .. } => "died",
            Self::Lives { .. } => "lives",
            Self::Arranged { .. } => "arranged",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(what: Fate) -> Circumstance {
        let at = "2026-06-01T12:00:00Z".parse().unwrap();
        Circumstance { at, what }
    }

    fn death(day: &str, evidence: &str) -> Circumstance {
        entry(Fate::Died {
            on: day.parse().unwrap(),
            evidence: evidence.to_owned(),
        })
    }

    fn mistake(reason: &str) -> Circumstance {
        entry(Fate::Lives {
            reason: reason.to_owned(),
        })
    }

    #[test]
    fn a_death_is_recorded_once_and_taken_back_only_if_recorded() {
        let dead = [death("2026-05-01", "a certificate")];
        assert!(dead[0].check(&[]).is_ok());
        assert!(dead[0].check(&dead).is_err());
        assert!(death("2026-05-01", " ").check(&[]).is_err());
        assert!(death("2026-06-02", "a certificate").check(&[]).is_ok());
        assert!(death("2026-06-03", "a certificate").check(&[]).is_err());
        assert!(mistake("somebody of the same name").check(&[]).is_err());
        assert!(mistake("").check(&dead).is_err());
        let [death] = dead;
        let back = [death, mistake("somebody of the same name")];
        assert!(back[1].check(&back[..1]).is_ok());
        assert_eq!(died(&back[..1]).unwrap().to_string(), "2026-05-01");
        assert_eq!(died(&back), None);
    }

    #[test]
    fn the_last_arrangement_counts_and_says_nothing_of_death() {
        let arrangement = |text: &str, bars_relatives| {
            entry(Fate::Arranged {
                text: text.to_owned(),
                bars_relatives,
            })
        };
        let record = [arrangement("nobody", true), arrangement("my sister", false)];
        assert_eq!(arranged(&record), Some(("my sister", false)));
        assert_eq!(died(&record), None);
        assert!(arrangement(" ", true).check(&[]).is_err());
    }
}
