//! What the cells of one column have in common: which types they could all be read as.

use crate::dates::{self, DateNotation};
use crate::number::{self, Notation};
use jiff::tz::TimeZone;
use rustc_hash::FxHashSet;

/// The notations of days that are tried, the stricter before the looser; the first is ISO.
pub const NOTATIONS: [&str; 11] = [
    "",
    "MM/DD/YYYY",
    "M/D/YYYY",
    "DD/MM/YYYY",
    "D/M/YYYY",
    "DD.MM.YYYY",
    "D.M.YYYY",
    "YYYY/MM/DD",
    "D-MMM-YYYY",
    "MMM D, YYYY",
    "MMMM D, YYYY",
];

/// The ways to write numbers that are tried where a point and commas do not do.
pub const MARKS: [&str; 3] = ["1.234,50", "1 234,50", "1'234.50"];

/// What stands for nothing in exports.
pub const BLANKS: [&str; 7] = ["-", "n/a", "N/A", "#N/A", "NULL", "null", "--"];

/// What is known of a column.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Cells with a value.
    pub filled: usize,
    /// Empty cells.
    pub empty: usize,
    /// The distinct values.
    pub values: FxHashSet<String>,
    /// The values in the order they were met, up to a dozen and one.
    pub first: Vec<String>,
    /// The words for nothing that were met.
    pub blanks: Vec<&'static str>,
    /// Whether every value is a number, but for [`Profile::blanks`].
    pub numbers: bool,
    /// How its numbers are written, if not with a point and commas: one of [`MARKS`].
    pub marks: Option<&'static str>,
    /// Whether every number is whole.
    pub whole: bool,
    /// The most decimals.
    pub decimals: u8,
    /// Whether every number is at least 0 and at most 1.
    pub fractions: bool,
    /// Whether a percent sign was met.
    pub percent: bool,
    /// Whether a currency was met.
    pub currency: Option<String>,
    /// Whether several were.
    pub currencies: bool,
    /// Whether a number begins with a zero that would be lost.
    pub leading_zero: bool,
    /// For each of [`NOTATIONS`] whether every value is a day in it.
    pub days: [bool; NOTATIONS.len()],
    /// Whether every value is an instant.
    pub times: bool,
    /// The latest day under each notation.
    pub latest: [i32; NOTATIONS.len()],
    notations: Vec<Option<DateNotation>>,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            filled: 0,
            empty: 0,
            values: FxHashSet::default(),
            first: Vec::new(),
            blanks: Vec::new(),
            numbers: true,
            marks: None,
            whole: true,
            decimals: 0,
            fractions: true,
            percent: false,
            currency: None,
            currencies: false,
            leading_zero: false,
            days: [true; NOTATIONS.len()],
            times: true,
            latest: [i32::MIN; NOTATIONS.len()],
            notations: NOTATIONS.iter().map(|text| DateNotation::parse(text)).collect(),
        }
    }
}

impl Profile {
    /// Takes in a trimmed cell.
    pub fn add(&mut self, text: &str) {
        if text.is_empty() {
            self.empty += 1;
            return;
        }
        self.filled += 1;
        if !self.values.contains(text) {
            self.values.insert(text.to_owned());
            if self.first.len() <= 12 {
                self.first.push(text.to_owned());
            }
        }
        if let Some(blank) = BLANKS.iter().find(|blank| **blank == text) {
            if !self.blanks.contains(blank) {
                self.blanks.push(blank);
            }
            return;
        }
        if self.numbers {
            self.add_number(text, &Notation::default());
        }
        for (i, notation) in self.notations.iter().enumerate() {
            if !self.days[i] {
                continue;
            }
            match dates::day(text, notation.as_ref()) {
                Ok(day) => self.latest[i] = self.latest[i].max(day),
                Err(_) => self.days[i] = false,
            }
        }
        self.times = self.times && dates::instant(text, None, &TimeZone::UTC).is_ok();
    }

    /// Looks once more at a column whose values are no numbers with a point: perhaps they all are under another notation.
    pub fn settle(&mut self) {
        if self.numbers || !self.has_values() {
            return;
        }
        let values: Vec<String> = self.values.iter().filter(|value| !BLANKS.contains(&value.as_str())).cloned().collect();
        let fits = |sample: &&str| values.iter().all(|value| number::read(value, &Notation::from_sample(sample)).is_ok());
        let Some(sample) = MARKS.into_iter().find(|sample| fits(sample)) else { return };
        (self.numbers, self.marks) = (true, Some(sample));
        (self.whole, self.fractions, self.decimals, self.percent, self.leading_zero, self.currency) = (true, true, 0, false, false, None);
        values.iter().for_each(|value| self.add_number(value, &Notation::from_sample(sample)));
    }

    fn add_number(&mut self, text: &str, notation: &Notation) {
        let Ok(written) = number::read(text, notation) else {
            self.numbers = false;
            return;
        };
        let significant = kamrules_base::Decimal::new(written.units, written.scale).normal();
        self.whole &= significant.scale == 0 && !text.contains(['e', 'E']);
        self.decimals = self.decimals.max(significant.scale);
        self.percent |= written.percent;
        self.fractions &=
            !significant.units.is_negative() && significant.units <= kamrules_base::decimal::pow10(u32::from(significant.scale));
        self.currencies |= matches!((&self.currency, written.currency), (Some(before), Some(now)) if before != now);
        if self.currency.is_none() {
            self.currency = written.currency.map(str::to_owned);
        }
        let digits = text.trim_start_matches(['-', '+']).as_bytes();
        self.leading_zero |= digits.len() > 1 && digits[0] == b'0' && digits[1].is_ascii_digit();
    }

    /// Cells that hold a value and no word for nothing.
    pub fn has_values(&self) -> bool {
        self.values.len() > self.blanks.len()
    }

    /// Whether no two cells hold the same and none is empty.
    pub fn is_unique(&self) -> bool {
        self.empty == 0 && self.filled > 0 && self.values.len() == self.filled
    }

    /// The first notation under which every value is a day.
    pub fn notation(&self) -> Option<usize> {
        self.days.iter().position(|fits| *fits).filter(|_| self.has_values())
    }
}
