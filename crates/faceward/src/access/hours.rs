//! When a key may ask: a window of the day, on some days of the week.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::Offset;

use super::BadWord;

/// A window in which a key may ask, at a fixed offset from UTC: `08:00-18:00+08:00`, or on some days
/// only, `mon-fri 08:00-18:00+08:00`. One that ends before it begins goes over midnight, and belongs
/// to the day on which it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// Monday first.
    days: [bool; 7],
    /// Minutes after midnight; the end, at most 24:00, is no longer in the window.
    from: u16,
    to: u16,
    offset: Offset,
}

const DAY: u16 = 24 * 60;
const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Hours {
    pub(super) fn hold(&self, now: Timestamp) -> bool {
        let local = self.offset.to_datetime(now);
        let minute = local.hour().unsigned_abs() as u16 * 60 + local.minute().unsigned_abs() as u16;
        let today = self.on(local.weekday());
        if self.from < self.to {
            return today && (self.from..self.to).contains(&minute);
        }
        let yesterday = self.on(local.weekday().previous());
        (today && minute >= self.from) || (yesterday && minute < self.to)
    }

    fn on(&self, day: Weekday) -> bool {
        let place = usize::try_from(day.to_monday_zero_offset()).ok();
        let on = place.and_then(|place| self.days.get(place));
        on.copied().unwrap_or(false)
    }
}

impl FromStr for Hours {
    type Err = BadWord;

    fn from_str(text: &str) -> Result<Self, BadWord> {
        let form = "HH:MM-HH:MM with an offset, as 08:00-18:00+08:00, and days before it if not all, as mon-fri";
        read(text).ok_or_else(|| BadWord::new(text, form))
    }
}

fn read(text: &str) -> Option<Hours> {
    let (days, window) = match text.split_once(' ') {
        Some((days, window)) => (read_days(days)?, window),
        None => ([true; 7], text),
    };
    let (from, rest) = window.split_at_checked(5)?;
    let (to, offset) = rest.strip_prefix('-')?.split_at_checked(5)?;
    let (from, to) = (clock(from)?, clock(to)?);
    (from != to && from != DAY).then_some(())?;
    Some(Hours {
        days,
        from,
        to,
        offset: read_offset(offset)?,
    })
}

/// Minutes after midnight, of two digits, a colon and two digits.
fn clock(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let two = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    (two(hour) && two(minute)).then_some(())?;
    let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
    Some(hour * 60 + minute).filter(|all| minute < 60 && *all <= DAY)
}

fn read_offset(text: &str) -> Option<Offset> {
    let (sign, distance) = match text.split_at_checked(1) {
        None => return Some(Offset::UTC),
        Some(("+", distance)) => (1, distance),
        Some(("-", distance)) => (-1, distance),
        Some(_) => return None,
    };
    Offset::from_seconds(sign * 60 * i32::from(clock(distance)?)).ok()
}

/// `mon-fri`, `mon,wed,sat-sun`.
fn read_days(text: &str) -> Option<[bool; 7]> {
    let place = |name: &str| NAMES.iter().position(|known| *known == name);
    let mut days = [false; 7];
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (place(first)?, place(last)?);
        let length = last.checked_sub(first)? + 1;
        let named = days.iter_mut().skip(first).take(length);
        named.for_each(|day| *day = true);
    }
    Some(days)
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.days != [true; 7] {
            write!(f, "{} ", told_days(self.days))?;
        }
        let seconds = self.offset.seconds();
        let sign = if seconds < 0 { '-' } else { '+' };
        let distance = seconds.abs() / 60;
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}{sign}{:02}:{:02}",
            self.from / 60,
            self.from % 60,
            self.to / 60,
            self.to % 60,
            distance / 60,
            distance % 60
        )
    }
}

/// Three days and more in a row as `mon-wed`, others one by one.
fn told_days(days: [bool; 7]) -> String {
    let mut rows: Vec<Vec<&str>> = Vec::new();
    let mut before = false;
    for (name, on) in NAMES.into_iter().zip(days) {
        match rows.last_mut() {
            Some(row) if on && before => row.push(name),
            _ if on => rows.push(vec![name]),
            _ => {}
        }
        before = on;
    }
    let told = rows.iter().map(|row| match row.as_slice() {
        [first, _, .., last] => format!("{first}-{last}"),
        few => few.join(","),
    });
    told.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_window_knows_its_days_and_its_offset() {
        // 2026-11-24 is a Tuesday.
        for (hours, at, expected) in [
            ("08:00-18:00", "2026-11-24T08:00:00Z", true),
            ("08:00-18:00", "2026-11-24T07:59:59Z", false),
            ("08:00-18:00", "2026-11-24T18:00:00Z", false),
            ("08:00-18:00+08:00", "2026-11-24T00:00:00Z", true),
            ("08:00-18:00+08:00", "2026-11-24T10:00:00Z", false),
            ("wed 00:00-24:00+08:00", "2026-11-24T16:00:00Z", true),
            ("wed 00:00-24:00+08:00", "2026-11-24T15:59:59Z", false),
            ("mon,thu-sun 08:00-18:00", "2026-11-24T09:00:00Z", false),
            ("mon 22:00-06:00", "2026-11-24T05:59:59Z", true),
            ("mon 22:00-06:00", "2026-11-24T22:30:00Z", false),
            ("tue 22:00-06:00", "2026-11-24T05:59:59Z", false),
            ("sun 22:00-06:00-05:00", "2026-11-23T10:59:00Z", true),
        ] {
            let read: Hours = hours.parse().unwrap();
            assert_eq!(read.hold(at.parse().unwrap()), expected, "{hours} at {at}");
        }
    }

    #[test]
    fn what_is_no_window_is_refused_with_an_example() {
        for bad in [
            "",
            "8-18",
            "08:00",
            "08:00-08:00",
            "24:00-06:00",
            "08:00-24:01",
            "08:60-09:00",
            "+8:00-18:00",
            "08:00-18:00 +08:00",
            "08:00-18:00+27:00",
            "08:00-18:00+0é:00",
            "fri-mon 08:00-18:00",
            "someday 08:00-18:00",
        ] {
            let error = bad.parse::<Hours>().unwrap_err();
            assert!(error.to_string().contains("08:00-18:00+08:00"), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_window_reads_back_as_it_is_told(
            days in prop::array::uniform7(any::<bool>()),
            from in 0u16..DAY,
            to in 0u16..=DAY,
            offset in -900i32..=900,
        ) {
            prop_assume!(days.contains(&true) && from != to);
            let offset = Offset::from_seconds(offset * 60).unwrap();
            let hours = Hours { days, from, to, offset };
            prop_assert_eq!(hours.to_string().parse::<Hours>(), Ok(hours));
        }

        #[test]
        fn any_text_is_a_window_or_refused(text in "\\PC{0,30}") {
            if let Ok(hours) = text.parse::<Hours>() {
                prop_assert_eq!(hours.to_string().parse::<Hours>(), Ok(hours));
            }
        }
    }
}
