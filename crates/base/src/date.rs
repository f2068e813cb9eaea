//! Civil dates as days since 1970-01-01 in the proleptic Gregorian calendar.

use std::fmt;

/// A day, counted from 1970-01-01. The language's dates run from year 1 to year 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(pub i32);

impl Date {
    /// 0001-01-01.
    pub const MIN: Self = Self(-719_162);
    /// 9999-12-31.
    pub const MAX: Self = Self(2_932_896);

    /// The day of a year (1 to 9999), month and day of the month; `None` when there is no such day.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        let real = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        real.then(|| Self(days_from_civil(year, month, day)))
    }

    /// Year, month (1 to 12) and day of the month.
    pub fn ymd(self) -> (i32, u32, u32) {
        civil_from_days(self.0)
    }

    /// Adds days; `None` outside years 1 to 9999.
    pub fn add_days(self, days: i64) -> Option<Self> {
        let day = i64::from(self.0).checked_add(days)?;
        let date = Self(i32::try_from(day).ok()?);
        (Self::MIN..=Self::MAX).contains(&date).then_some(date)
    }

    /// Adds months; a day that the month lacks becomes its last.
    pub fn add_months(self, months: i64) -> Option<Self> {
        let (year, month, day) = self.ymd();
        let index = (i64::from(year) * 12 + i64::from(month) - 1).checked_add(months)?;
        let (year, month) = (i32::try_from(index.div_euclid(12)).ok()?, index.rem_euclid(12) as u32 + 1);
        if !(1..=9999).contains(&year) {
            return None;
        }
        Self::from_ymd(year, month, day.min(days_in_month(year, month)))
    }

    /// The day of the week, Monday being 0.
    pub fn weekday(self) -> u32 {
        (i64::from(self.0) + 3).rem_euclid(7) as u32
    }

    /// Reads `YYYY-MM-DD`.
    pub fn parse_iso(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
        let digits = bytes.iter().enumerate().all(|(i, b)| matches!(i, 4 | 7) || b.is_ascii_digit());
        if !shaped || !digits {
            return None;
        }
        Self::from_ymd(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// Whether February has 29 days.
pub fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days a month (1 to 12) has.
pub fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

// Howard Hinnant, "chrono-compatible low-level date algorithms": days_from_civil.
fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * ((month as i32 + 9) % 12) + 2) / 5 + day as i32 - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    era * 146_097 + doe - 719_468
}

// The same source: civil_from_days.
fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = (doy - (153 * mp + 2) / 5 + 1) as u32;
    let month = if mp < 10 { mp + 3 } else { mp - 9 } as u32;
    (yoe + era * 400 + i32::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_the_calendar_goes_there_and_back() {
        let mut expected = (1, 1, 1);
        for day in Date::MIN.0..=Date::MAX.0 {
            let (y, m, d) = Date(day).ymd();
            assert_eq!((y, m, d), expected);
            assert_eq!(Date::from_ymd(y, m, d), Some(Date(day)));
            expected = if d < days_in_month(y, m) {
                (y, m, d + 1)
            } else if m < 12 {
                (y, m + 1, 1)
            } else {
                (y + 1, 1, 1)
            };
        }
    }

    #[test]
    fn months_clamp_to_the_end_of_the_month() {
        let day = |y, m, d| Date::from_ymd(y, m, d).expect("a day");
        assert_eq!(day(2024, 1, 31).add_months(1), Some(day(2024, 2, 29)));
        assert_eq!(day(2024, 3, 31).add_months(-13), Some(day(2023, 2, 28)));
        assert_eq!(day(9999, 12, 1).add_months(1), None);
        assert_eq!(day(2026, 11, 21).weekday(), 5);
        assert_eq!(Date::parse_iso("2026-02-29"), None);
    }
}
