//! Cells to days, instants and durations.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kamrules_base::Date;
use kamrules_model::{Duration, DurationKind};

/// How days (and times) are written in a column: what `as` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateNotation {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    /// The least number of digits.
    Month(usize),
    MonthName,
    Day(usize),
    Hour(usize),
    HalfDayHour(usize),
    Minute,
    Second,
    HalfDay,
    Literal(char),
}

/// Why a cell is no day or instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDate {
    /// It does not look like one.
    NotADate,
    /// Its year has two digits.
    TwoDigitYear,
    /// There is no such day.
    NoSuchDay,
    /// There is no such time of day.
    NoSuchTime,
    /// It lies outside of the years 1 to 9999.
    OutOfReach,
    /// The clock was put forward or back there, so that it stands for no instant or two.
    Clock,
}

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

impl DateNotation {
    /// Reads a notation such as `M/D/YYYY`, `DD.MM.YYYY`, `D-MMM-YYYY`, `MMMM D, YYYY` or `M/D/YYYY h:mm AM`.
    /// `None` if it has no year of four digits, month and day.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut rest, mut parts) = (text, Vec::new());
        while let Some(c) = rest.chars().next() {
            let run = rest.chars().take_while(|other| *other == c).count();
            let (part, length) = match c {
                'Y' | 'y' if run == 4 => (Part::Year, 4),
                'M' if run >= 3 => (Part::MonthName, run),
                'M' => (Part::Month(run), run),
                'D' | 'd' if run <= 2 => (Part::Day(run), run),
                'H' if run <= 2 => (Part::Hour(run), run),
                'h' if run <= 2 => (Part::HalfDayHour(run), run),
                'm' if run <= 2 => (Part::Minute, run),
                's' if run <= 2 => (Part::Second, run),
                'A' | 'a' | 'P' | 'p' if rest.get(1..2).is_some_and(|m| m.eq_ignore_ascii_case("m")) => (Part::HalfDay, 2),
                c if c.is_alphabetic() && c != 'T' => return None,
                c => (Part::Literal(c), 1),
            };
            parts.push(part);
            rest = &rest[rest.char_indices().nth(length).map_or(rest.len(), |(at, _)| at)..];
        }
        let has = |test: fn(&Part) -> bool| parts.iter().filter(|part| test(part)).count() == 1;
        let whole = has(|part| matches!(part, Part::Year))
            && has(|part| matches!(part, Part::Month(_) | Part::MonthName))
            && has(|part| matches!(part, Part::Day(_)));
        whole.then_some(Self { parts })
    }

    /// Year, month, day and the seconds of the day that a cell says.
    fn read(&self, text: &str) -> Result<(i32, u32, u32, u32), NoDate> {
        let (mut rest, mut at) = (text, Fields::default());
        for part in &self.parts {
            rest = match part {
                Part::Year => match number(rest, 4, 4) {
                    Some((n, rest)) => at.set_year(n, rest),
                    None if number(rest, 2, 2).is_some_and(|(_, rest)| !rest.starts_with(|c: char| c.is_ascii_digit())) => {
                        return Err(NoDate::TwoDigitYear);
                    }
                    None => return Err(NoDate::NotADate),
                },
                Part::Month(least) => keep(number(rest, *least, 2), &mut at.month)?,
                Part::MonthName => keep(month_name(rest), &mut at.month)?,
                Part::Day(least) => keep(number(rest, *least, 2), &mut at.day)?,
                Part::Hour(least) | Part::HalfDayHour(least) => keep(number(rest, *least, 2), &mut at.hour)?,
                Part::Minute => keep(number(rest, 2, 2), &mut at.minute)?,
                Part::Second => keep(number(rest, 2, 2), &mut at.second)?,
                Part::HalfDay => at.half_day(rest)?,
                Part::Literal(c) => rest.strip_prefix(*c).ok_or(NoDate::NotADate)?,
            };
        }
        if !rest.is_empty() || at.hour > 23 || at.minute > 59 || at.second > 59 {
            return Err(NoDate::NotADate);
        }
        Ok((at.year as i32, at.month, at.day, at.hour * 3600 + at.minute * 60 + at.second))
    }
}

#[derive(Default)]
struct Fields {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
}

impl Fields {
    fn set_year<'a>(&mut self, year: u32, rest: &'a str) -> &'a str {
        self.year = year;
        rest
    }

    fn half_day<'a>(&mut self, text: &'a str) -> Result<&'a str, NoDate> {
        let half = text.get(..2).ok_or(NoDate::NotADate)?;
        let afternoon = match half.to_ascii_lowercase().as_str() {
            "am" => 0,
            "pm" => 12,
            _ => return Err(NoDate::NotADate),
        };
        if !(1..=12).contains(&self.hour) {
            return Err(NoDate::NotADate);
        }
        self.hour = self.hour % 12 + afternoon;
        Ok(&text[2..])
    }
}

fn keep<'a>(read: Option<(u32, &'a str)>, into: &mut u32) -> Result<&'a str, NoDate> {
    let (n, rest) = read.ok_or(NoDate::NotADate)?;
    *into = n;
    Ok(rest)
}

fn number(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(digits);
    (digits.len() >= least.max(1)).then(|| digits.parse().ok().map(|n| (n, rest))).flatten()
}

fn month_name(text: &str) -> Option<(u32, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let word = text[..length].to_ascii_lowercase();
    let found = MONTHS
        .iter()
        .position(|name| *name == word || (word.len() == 3 && name.starts_with(&word)) || (word == "sept" && *name == "september"))?;
    let rest = &text[length..];
    Some((found as u32 + 1, if length <= 4 { rest.strip_prefix('.').unwrap_or(rest) } else { rest }))
}

/// Reads a day. Without a notation it is ISO, and may carry a midnight behind it, as exports write.
///
/// # Errors
/// Why it is none.
pub fn day(text: &str, notation: Option<&DateNotation>) -> Result<i32, NoDate> {
    let (year, month, day) = match notation {
        Some(notation) => {
            let (year, month, day, _) = notation.read(text)?;
            (year, month, day)
        }
        None => iso_day(text)?,
    };
    Date::from_ymd(year, month, day).map(|date| date.0).ok_or(NoDate::NoSuchDay)
}

fn iso_day(text: &str) -> Result<(i32, u32, u32), NoDate> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() >= 10
        && bytes[..10].iter().enumerate().all(|(i, byte)| if matches!(i, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() });
    let midnight = || bytes[10..].iter().all(|byte| matches!(byte, b'T' | b' ' | b':' | b'.' | b'0'));
    if !shaped || !midnight() {
        return Err(NoDate::NotADate);
    }
    let at = |range: std::ops::Range<usize>| bytes[range].iter().fold(0_u32, |n, byte| n * 10 + u32::from(byte - b'0'));
    Ok((at(0..4) as i32, at(5..7), at(8..10)))
}

/// Reads an instant as microseconds since 1970-01-01T00:00:00Z; one without an offset is in `zone`.
///
/// # Errors
/// Why it is none.
pub fn instant(text: &str, notation: Option<&DateNotation>, zone: &TimeZone) -> Result<i64, NoDate> {
    let local = match notation {
        Some(notation) => {
            let (year, month, day, seconds) = notation.read(text)?;
            Date::from_ymd(year, month, day).ok_or(NoDate::NoSuchDay)?;
            let midnight = DateTime::new(year as i16, month as i8, day as i8, 0, 0, 0, 0).map_err(|_| NoDate::NoSuchDay)?;
            midnight.checked_add(SignedDuration::from_secs(seconds.into())).map_err(|_| NoDate::NotADate)?
        }
        None => {
            if text.len() <= 10 {
                return Err(NoDate::NotADate);
            }
            let spaced = offset_joined(text);
            if leaps(&spaced) {
                return Err(NoDate::NoSuchTime);
            }
            if let Ok(instant) = spaced.parse::<Timestamp>() {
                return in_years(instant);
            }
            let local = spaced.parse::<DateTime>().map_err(|_| NoDate::NotADate)?;
            // With its offset it is beyond what a clock can show: without it, it would be another instant.
            if spaced[10..].contains(['+', '-', 'Z', 'z']) {
                return Err(NoDate::OutOfReach);
            }
            local
        }
    };
    let instant = zone.to_ambiguous_timestamp(local);
    match instant.is_ambiguous() {
        true => Err(NoDate::Clock),
        false => instant.unambiguous().map_err(|_| NoDate::OutOfReach).and_then(in_years),
    }
}

/// Whether a time names a sixtieth second: clocks that show it are not kept, and the second before would be a guess.
fn leaps(text: &str) -> bool {
    text.get(10..).is_some_and(|time| time.split(':').nth(2).is_some_and(|seconds| seconds.starts_with("60")))
}

/// The month that a cell says under a notation, whether or not the calendar has it.
pub fn month_said(text: &str, notation: &DateNotation) -> Option<u32> {
    notation.read(text).ok().map(|(_, month, ..)| month)
}

/// The notations that exports use beside ISO, the shorter first.
const NOTATIONS: [&str; 9] =
    ["M/D/YYYY", "D/M/YYYY", "D.M.YYYY", "D-M-YYYY", "YYYY/M/D", "D-MMM-YYYY", "D MMM YYYY", "MMM D, YYYY", "YYYYMMDD"];
/// What may stand behind them in a column of instants.
const CLOCKS: [&str; 4] = ["H:mm", "H:mm:ss", "h:mm AM", "h:mm:ss AM"];

/// The notations under which a cell would be a day.
pub fn day_notations(text: &str) -> Vec<String> {
    let fits = |shape: &&str| DateNotation::parse(shape).is_some_and(|notation| day(text, Some(&notation)).is_ok());
    NOTATIONS.iter().filter(|shape| fits(shape)).map(ToString::to_string).collect()
}

/// The notations under which a cell would be an instant.
pub fn time_notations(text: &str) -> Vec<String> {
    let shapes = NOTATIONS.iter().flat_map(|day| CLOCKS.iter().map(move |clock| format!("{day} {clock}")));
    shapes
        .filter(|shape| DateNotation::parse(shape).is_some_and(|notation| instant(text, Some(&notation), &TimeZone::UTC).is_ok()))
        .collect()
}

/// The day that a spreadsheet means by a bare number, in the years that business data speak of.
pub fn serial_day(text: &str) -> Option<Date> {
    const FIRST: i32 = -25_569;
    let days: i32 = text.parse().ok().filter(|days| text.len() == 5 && (20_000..80_000).contains(days))?;
    Some(Date(FIRST + days))
}

/// `2026-01-02 03:04 +01:00`, as databases write it, without the second space; and `+0100` with its colon.
fn offset_joined(text: &str) -> String {
    let joined = match text.rfind([' ']) {
        Some(at) if text[at + 1..].starts_with(['+', '-']) => [&text[..at], &text[at + 1..]].concat(),
        _ => text.to_owned(),
    };
    joined.strip_suffix(" UTC").map_or(joined.clone(), |time| format!("{time}Z"))
}

fn in_years(instant: Timestamp) -> Result<i64, NoDate> {
    let micros = instant.as_microsecond();
    let day = micros.div_euclid(86_400_000_000);
    let known = (i64::from(Date::MIN.0)..=i64::from(Date::MAX.0)).contains(&day);
    known.then_some(micros).ok_or(NoDate::OutOfReach)
}

/// Reads a duration: `14 days`, `2 weeks`, `36 hours`, `1 year`; `None` if it is none of the kind.
pub fn duration(text: &str, kind: DurationKind) -> Option<Duration> {
    let (count, unit) = text.split_once(' ')?;
    let count: i64 = count.parse().ok()?;
    let unit = unit.trim().to_ascii_lowercase();
    let unit = unit.strip_suffix('s').unwrap_or(&unit);
    let (months, days, seconds) = match unit {
        "day" => (0, 1, 0),
        "week" => (0, 7, 0),
        "month" => (1, 0, 0),
        "quarter" => (3, 0, 0),
        "year" => (12, 0, 0),
        "hour" => (0, 0, 3600),
        "minute" => (0, 0, 60),
        "second" => (0, 0, 1),
        _ => return None,
    };
    let suits = match kind {
        DurationKind::Days => days > 0,
        DurationKind::Months => months > 0,
        DurationKind::Calendar => seconds == 0,
        DurationKind::Clock => seconds > 0,
    };
    let times = |n: i64| count.checked_mul(n).and_then(|n| i32::try_from(n).ok());
    let whole = Duration { months: times(months)?, days: times(days)?, seconds: count.checked_mul(seconds)? };
    suits.then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_every_notation() {
        let cases = [
            ("", "2020-06-30", "2020-06-30"),
            ("", "2020-06-30 00:00:00.000", "2020-06-30"),
            ("", "2020-06-30T00:00:00", "2020-06-30"),
            ("M/D/YYYY", "7/4/1996", "1996-07-04"),
            ("M/D/YYYY", "07/04/1996", "1996-07-04"),
            ("MM/DD/YYYY", "12/08/1948", "1948-12-08"),
            ("D/M/YYYY", "4/7/1996", "1996-07-04"),
            ("D.M.YYYY", "4.7.1996", "1996-07-04"),
            ("DD.MM.YYYY", "04.07.1996", "1996-07-04"),
            ("YYYY/MM/DD", "1996/07/04", "1996-07-04"),
            ("YYYYMMDD", "19960704", "1996-07-04"),
            ("D-MMM-YYYY", "4-Jul-1996", "1996-07-04"),
            ("MMMM D, YYYY", "July 4, 1996", "1996-07-04"),
            ("MMM D YYYY", "Sept. 4 1996", "1996-09-04"),
            ("M/D/YYYY H:mm", "7/4/1996 0:00", "1996-07-04"),
        ];
        for (notation, text, expected) in cases {
            let notation = (!notation.is_empty()).then(|| DateNotation::parse(notation).expect("a notation"));
            assert_eq!(day(text, notation.as_ref()).map(|day| Date(day).to_string()).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_says_why() {
        let notation = |text: &str| (!text.is_empty()).then(|| DateNotation::parse(text).expect("a notation"));
        for (form, text, why) in [
            ("", "7/4/1996", NoDate::NotADate),
            ("", "2020-02-30", NoDate::NoSuchDay),
            ("", "2020-06-30T10:00:00", NoDate::NotADate),
            ("M/D/YYYY", "13/4/1996", NoDate::NoSuchDay),
            ("M/D/YYYY", "7/4/96", NoDate::TwoDigitYear),
            ("MM/DD/YYYY", "7/4/1996", NoDate::NotADate),
            ("M/D/YYYY", "7/4/1996x", NoDate::NotADate),
            ("M/D/YYYY", "7/4/0000", NoDate::NoSuchDay),
            ("", "É020-06-30", NoDate::NotADate),
        ] {
            assert_eq!(day(text, notation(form).as_ref()), Err(why), "{text}");
        }
        for text in ["M/D/YY", "D/YYYY", "hello", ""] {
            assert_eq!(DateNotation::parse(text), None, "{text}");
        }
    }

    #[test]
    fn instants_heed_offset_and_zone() {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone that is bundled");
        let show = |text: &str, notation: Option<&str>| {
            let notation = notation.map(|text| DateNotation::parse(text).expect("a notation"));
            instant(text, notation.as_ref(), &zone).map(kamrules_model::show::time)
        };
        for (text, expected) in [
            ("2026-02-01T10:00:00Z", "2026-02-01T10:00:00Z"),
            ("2026-02-01T10:00:00+02:00", "2026-02-01T08:00:00Z"),
            ("2026-02-01T10:00:00.000+0000", "2026-02-01T10:00:00Z"),
            ("2026-02-01 10:00:00 +02:00", "2026-02-01T08:00:00Z"),
            ("2026-02-01 10:00:00 UTC", "2026-02-01T10:00:00Z"),
            ("2026-02-01 10:00", "2026-02-01T09:00:00Z"),
            ("2026-07-01T10:00:00.5", "2026-07-01T08:00:00.5Z"),
        ] {
            assert_eq!(show(text, None).as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(show("7/1/2026 1:30 PM", Some("M/D/YYYY h:mm AM")).as_deref(), Ok("2026-07-01T11:30:00Z"));
        assert_eq!(show("2026-03-29T02:30:00", None), Err(NoDate::Clock));
        assert_eq!(show("2026-10-25T02:30:00", None), Err(NoDate::Clock));
        assert_eq!(show("2026-03-29", None), Err(NoDate::NotADate));
        for text in ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"] {
            assert_eq!(show(text, None), Err(NoDate::OutOfReach), "{text}");
        }
        assert_eq!(show("2026-02-01T23:59:60Z", None), Err(NoDate::NoSuchTime));
        assert_eq!(show("2026-02-01T10:00:00+99:00", None), Err(NoDate::NotADate));
    }

    #[test]
    fn other_notations_are_recognised() {
        assert_eq!(day_notations("1/2/2026"), ["M/D/YYYY", "D/M/YYYY"]);
        assert_eq!(day_notations("13/2/2026"), ["D/M/YYYY"]);
        assert_eq!(day_notations("2026-02-01"), Vec::<String>::new());
        assert_eq!(time_notations("13/2/2026 10:30"), ["D/M/YYYY H:mm"]);
        assert_eq!(serial_day("45000").map(|day| day.to_string()).as_deref(), Some("2023-03-15"));
        assert_eq!(serial_day("00001"), None);
    }

    #[test]
    fn durations_are_counts_of_units_of_one_kind() {
        assert_eq!(duration("2 weeks", DurationKind::Days), Some(Duration { days: 14, ..Duration::default() }));
        assert_eq!(duration("1 Quarter", DurationKind::Months), Some(Duration { months: 3, ..Duration::default() }));
        assert_eq!(duration("36 hours", DurationKind::Clock), Some(Duration { seconds: 129_600, ..Duration::default() }));
        for (text, kind) in [
            ("2 months", DurationKind::Days),
            ("14", DurationKind::Days),
            ("x days", DurationKind::Days),
            ("99999999999 years", DurationKind::Months),
        ] {
            assert_eq!(duration(text, kind), None, "{text}");
        }
    }
}
