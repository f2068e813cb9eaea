//! Exchange rates: listed in the policy or read from a file, used once, at load.

use crate::dates::DateNotation;
use crate::number::{self, Notation};
use crate::scan::trim;
use crate::source::{Content, Row};
use crate::{DataFault, dates};
use kamrules_base::{Date, Decimal, codes};
use kamrules_model::{Rate, arith};
use std::collections::BTreeMap;

/// What a unit of each currency is worth from which day on, in the policy's currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RateTable {
    by_currency: BTreeMap<String, Vec<(i32, Decimal)>>,
}

/// Why an amount cannot be converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRate {
    /// The currency has no rate.
    Unknown,
    /// Its first rate is later.
    Before(Date),
    /// The amount would have more than 38 digits.
    TooLong,
}

impl RateTable {
    /// A table of rates, and those that begin on the same day as another of their currency.
    pub fn new(rates: &[Rate]) -> (Self, Vec<Rate>) {
        let (mut table, mut twice) = (Self::default(), Vec::new());
        for rate in rates {
            let days = table.by_currency.entry(rate.currency.clone()).or_default();
            match days.binary_search_by_key(&rate.from.0, |(day, _)| *day) {
                Ok(_) => twice.push(rate.clone()),
                Err(at) => days.insert(at, (rate.from.0, rate.rate)),
            }
        }
        (table, twice)
    }

    /// An amount in the policy's currency at a scale, at the rate of a day (or the last there is).
    ///
    /// # Errors
    /// Why it cannot be converted.
    pub fn convert(&self, currency: &str, day: Option<i32>, amount: Decimal, scale: u8) -> Result<i128, NoRate> {
        let days = self.by_currency.get(currency).ok_or(NoRate::Unknown)?;
        let count = day.map_or(days.len(), |day| days.partition_point(|(from, _)| *from <= day));
        match count.checked_sub(1).and_then(|at| days.get(at)) {
            Some((_, rate)) => arith::multiply(amount.units, amount.scale, rate.units, rate.scale, scale).map_err(|_| NoRate::TooLong),
            None => Err(days.first().map_or(NoRate::Unknown, |(first, _)| NoRate::Before(Date(*first)))),
        }
    }
}

/// The columns of a file of rates.
pub const COLUMNS: [&str; 3] = ["currency", "rate", "from"];

/// Reads the rows of a file of rates, whose columns stand at `places`.
pub fn read(content: &Content<'_>, places: [usize; 3], source: &str) -> (Vec<Rate>, Vec<DataFault>) {
    let (mut rates, mut faults) = (Vec::new(), Vec::new());
    let mut fault = |row: u32, column: &str, value: &str, message: &str| {
        let (source, column, value, message) = (source.to_owned(), column.to_owned(), value.to_owned(), message.to_owned());
        faults.push(DataFault { source, row, column, value, code: codes::BAD_RATES, message, cascaded: false });
    };
    let outcome = content.rows(|row, cells| {
        let Row::Cells(cells) = cells else { return fault(row, "", "", "a currency, a rate and a day are wanted") };
        let [currency, rate, from] = places.map(|at| trim(&cells[at].text));
        let number = number::read(rate, &Notation::default()).ok().filter(|n| n.units > 0 && !n.percent && n.currency.is_none());
        let day = dates::day(from, None::<&DateNotation>);
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return fault(row, COLUMNS[0], currency, "a currency code such as `EUR` is wanted");
        }
        match (number, day) {
            (None, _) => fault(row, COLUMNS[1], rate, "a number above zero is wanted: what one unit is worth in the policy's currency"),
            (_, Err(_)) => fault(row, COLUMNS[2], from, "the first day of the rate is wanted, written as `2026-02-01`"),
            (Some(n), Ok(day)) => {
                rates.push(Rate {
                    currency: currency.to_ascii_uppercase(),
                    from: Date(day),
                    rate: Decimal::new(n.units, n.scale).normal(),
                });
            }
        }
    });
    if outcome.is_err() {
        fault(1, "", "", "the file cannot be read to its end");
    }
    (rates, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_of_the_day_is_used() {
        let rate = |from: &str, rate: &str| Rate {
            currency: "EUR".into(),
            from: Date::parse_iso(from).expect("a day"),
            rate: Decimal::parse(rate).expect("a number"),
        };
        let (table, twice) = RateTable::new(&[rate("2026-02-01", "1.11"), rate("2026-01-01", "1.09"), rate("2026-01-01", "1.10")]);
        assert_eq!(twice.len(), 1);
        let convert = |day: &str| table.convert("EUR", Date::parse_iso(day).map(|day| day.0), Decimal::new(10_050, 2), 6);
        assert_eq!(convert("2026-01-31"), Ok(109_545_000));
        assert_eq!(convert("2026-02-01"), Ok(111_555_000));
        assert_eq!(convert("2025-12-31"), Err(NoRate::Before(Date::parse_iso("2026-01-01").expect("a day"))));
        assert_eq!(table.convert("CHF", None, Decimal::new(1, 0), 2), Err(NoRate::Unknown));
    }
}
