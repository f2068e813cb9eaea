//! What to say of a cell that is not read: what was wanted, and the way out if its notation is a known one.

use crate::dates::{self, DateNotation, NoDate};
use crate::number::{self, NoNumber, Notation};
use jiff::tz::TimeZone;
use kamrules_model::Field;

/// What is said of a cell that is no day.
pub fn no_day(why: NoDate, text: &str, field: &Field) -> String {
    let said = field.notation.as_deref();
    match (why, said) {
        (NoDate::NotADate, None) => {
            let wanted = "a date is wanted, written as `2026-02-01`";
            if let Some(way) = written_as(&dates::day_notations(text)) {
                return format!("{wanted}; {way}");
            }
            if let Some(day) = dates::serial_day(text) {
                return format!(
                    "{wanted}; a spreadsheet means {day} by this number: format the column as a date there and export it again"
                );
            }
            if dates::instant(text, None, &TimeZone::UTC).is_ok() {
                return format!("{wanted}; this one has a time of day: declare the field as `time`");
            }
            if short_year(text) { two_digits("2026-02-01") } else { wanted.to_owned() }
        }
        _ => told(why, text, "a date", said, "2026-02-01"),
    }
}

/// What is said of a cell that is no instant.
pub fn no_instant(why: NoDate, text: &str, field: &Field) -> String {
    const ISO: &str = "2026-02-01T10:00:00Z";
    let said = field.notation.as_deref();
    match (why, said) {
        (NoDate::NotADate, None) => {
            let wanted = format!("a date with a time of day is wanted, written as `{ISO}`");
            if let Some(way) = written_as(&dates::time_notations(text)) {
                return format!("{wanted}; {way}");
            }
            if dates::day(text, None).is_ok() || !dates::day_notations(text).is_empty() {
                return format!("{wanted}; this is a day alone: declare the field as `date`");
            }
            wanted
        }
        _ => told(why, text, "a date with a time of day", said, ISO),
    }
}

fn told(why: NoDate, text: &str, what: &str, said: Option<&str>, iso: &str) -> String {
    let shape = said.unwrap_or(iso);
    match why {
        NoDate::NotADate if dates::day(text, None).is_ok() => {
            format!("{what} is wanted, written as `{shape}`, as the field says; this one is written as `2026-02-01`")
        }
        NoDate::NotADate => format!("{what} is wanted, written as `{shape}`"),
        NoDate::TwoDigitYear => two_digits(shape),
        NoDate::NoSuchDay => no_such_day(text, said),
        NoDate::NoSuchTime => "there is no such time of day: seconds go from 00 to 59".to_owned(),
        NoDate::OutOfReach => format!("{what} in the years 0001 to 9999 is wanted, in UTC too"),
        NoDate::Clock => "clocks are put forward or back at that time: write it with its offset, such as `+01:00`".to_owned(),
    }
}

fn two_digits(shape: &str) -> String {
    format!("a year of four digits is wanted, written as `{shape}`: two digits do not say the century")
}

/// Whether a cell would be a day but for the two digits of its year.
fn short_year(text: &str) -> bool {
    let short =
        |shape: &str| DateNotation::parse(shape).is_some_and(|notation| dates::day(text, Some(&notation)) == Err(NoDate::TwoDigitYear));
    ["M/D/YYYY", "D.M.YYYY", "D-M-YYYY", "D-MMM-YYYY"].iter().any(|shape| short(shape))
}

fn no_such_day(text: &str, said: Option<&str>) -> String {
    let month = said.and_then(|shape| dates::month_said(text, &DateNotation::parse(shape)?));
    match (said, month) {
        (Some(shape), Some(month)) if month > 12 => {
            let way = written_as(&dates::day_notations(text)).map(|way| format!("; {way}")).unwrap_or_default();
            format!("read as `{shape}`, this is month {month}{way}")
        }
        (Some(shape), _) => format!("read as `{shape}`, there is no such day in the calendar"),
        (None, _) => "there is no such day in the calendar".to_owned(),
    }
}

/// The way out for a column in one of these notations.
fn written_as(shapes: &[String]) -> Option<String> {
    let (first, second) = (shapes.first()?, shapes.get(1));
    Some(match second {
        Some(second) if first.starts_with('M') && second.starts_with('D') => {
            format!(
                "if the column is written otherwise, write `as \"{first}\"` (month first) or `as \"{second}\"` (day first) behind the field"
            )
        }
        _ => format!("if the column is written like this, write `as \"{first}\"` behind the field"),
    })
}

/// What is said of a cell that is no number.
pub fn no_number(why: NoNumber, text: &str, what: &str, (notation, said): (&Notation, Option<&str>)) -> String {
    let way = || said.is_none().then(|| other_marks(text)).flatten();
    match why {
        NoNumber::NotANumber => match way() {
            Some(sample) => format!("{what} is wanted; if the column is written like this, write `as \"{sample}\"` behind the field"),
            None => format!("{what} is wanted"),
        },
        NoNumber::Grouping => {
            let mark = notation.thousands.unwrap_or(',');
            let way =
                way().map(|sample| format!("; if it is the decimal mark, write `as \"{sample}\"` behind the field")).unwrap_or_default();
            format!("{what} is wanted: `{mark}` may only mark thousands, with three digits behind each{way}")
        }
        NoNumber::Ambiguous => {
            "this could be thousands or three decimals: write it with the other mark too, or with two decimals".to_owned()
        }
        NoNumber::TooLong => format!("{what} of at most 38 digits is wanted"),
    }
}

/// The sample of a notation under which a cell would be a number.
fn other_marks(text: &str) -> Option<&'static str> {
    let reads = |sample: &&&str| matches!(number::read(text, &Notation::from_sample(sample)), Ok(_) | Err(NoNumber::Ambiguous));
    ["1.234,50", "1 234,50", "1'234.50", "1'234,50"].iter().find(reads).copied()
}
