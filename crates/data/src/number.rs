//! Cells to exact numbers: signs, thousands, currencies and percentages as people and spreadsheets write them.

use kamrules_base::decimal::{MAX_DIGITS, MAX_UNITS, pow10, rescale};

/// How numbers are written in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notation {
    /// What stands between the whole and the decimals.
    pub point: char,
    /// What marks the thousands, if anything may.
    pub thousands: Option<char>,
    /// Whether a comma is the point: then `1,234` could be read two ways.
    pub decimal_comma: bool,
}

impl Default for Notation {
    fn default() -> Self {
        Self { point: '.', thousands: Some(','), decimal_comma: false }
    }
}

impl Notation {
    /// Reads a notation from a sample such as `1.234,50`, `1 234,50`, `1'234.50` or `1234,50`.
    pub fn from_sample(sample: &str) -> Self {
        let marks: Vec<(usize, char)> = sample.char_indices().filter(|(_, c)| !c.is_ascii_digit() && !"-+%$€£¥".contains(*c)).collect();
        let (point, thousands) = match marks[..] {
            [] => return Self::default(),
            [(at, only)] if groups_thousands(sample, at, only) => (if only == ',' { '.' } else { ',' }, Some(only)),
            [(_, only)] => (only, None),
            [.., (_, before), (_, last)] if before == last => (if last == ',' { '.' } else { ',' }, Some(last)),
            [(_, first), .., (_, last)] => (last, Some(first)),
        };
        Self { point, thousands, decimal_comma: point == ',' }
    }
}

fn groups_thousands(sample: &str, at: usize, mark: char) -> bool {
    let behind = &sample[at + mark.len_utf8()..];
    behind.len() == 3 && (1..=3).contains(&at) && !sample.starts_with('0')
}

/// A number as it stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written<'a> {
    /// The digits as an integer.
    pub units: i128,
    /// How many of them stand behind the point.
    pub scale: u8,
    /// Whether a percent sign stands behind it.
    pub percent: bool,
    /// The currency's symbol or ISO code, if one stands there.
    pub currency: Option<&'a str>,
}

/// Why a cell is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoNumber {
    /// It does not look like one.
    NotANumber,
    /// Thousands are marked in the wrong places.
    Grouping,
    /// It could be read two ways.
    Ambiguous,
    /// It has more than 38 digits.
    TooLong,
}

/// Reads a trimmed cell.
///
/// # Errors
/// Why it is no number.
pub fn read<'a>(text: &'a str, notation: &Notation) -> Result<Written<'a>, NoNumber> {
    if let Some(plain) = plain(text, notation.point) {
        return Ok(plain);
    }
    let (mut rest, mut negative, mut percent, mut currency) = (text, false, false, None);
    if let Some(inside) = rest.strip_prefix('(').and_then(|inside| inside.strip_suffix(')')) {
        (rest, negative) = (inside.trim(), true);
    }
    let mut signed = negative;
    loop {
        if let Some(behind) = rest.strip_prefix(['-', '\u{2212}', '+']).filter(|_| !signed) {
            (negative, signed) = (!rest.starts_with('+'), true);
            rest = behind.trim_start();
        } else if let Some((code, behind)) = currency_before(rest).filter(|_| currency.is_none()) {
            currency = Some(code);
            rest = behind.trim_start_matches([' ', '\u{a0}']);
        } else {
            break;
        }
    }
    loop {
        if let Some(before) = rest.strip_suffix('%').filter(|_| !percent) {
            (rest, percent) = (before.trim_end(), true);
        } else if let Some(before) = rest.strip_suffix('-').filter(|_| !signed) {
            (rest, negative, signed) = (before, true, true);
        } else if let Some((before, code)) = currency_behind(rest).filter(|_| currency.is_none()) {
            currency = Some(code);
            rest = before.trim_end_matches([' ', '\u{a0}']);
        } else {
            break;
        }
    }
    if percent && currency.is_some() {
        return Err(NoNumber::NotANumber);
    }
    let (units, scale) = digits(rest, notation)?;
    Ok(Written { units: if negative { -units } else { units }, scale, percent, currency })
}

/// The common case: up to 18 digits, perhaps a minus and a point.
fn plain(text: &str, point: char) -> Option<Written<'static>> {
    let bytes = text.as_bytes();
    let (negative, body) = match bytes.first() {
        Some(b'-') => (true, &bytes[1..]),
        _ => (false, bytes),
    };
    if body.is_empty() || body.len() > 18 || !body[0].is_ascii_digit() || !body[body.len() - 1].is_ascii_digit() {
        return None;
    }
    let (mut units, mut scale, mut seen) = (0_i64, 0_u8, false);
    for byte in body {
        match byte {
            b'0'..=b'9' => {
                units = units * 10 + i64::from(byte - b'0');
                scale += u8::from(seen);
            }
            b'.' if !seen && point == '.' => seen = true,
            _ => return None,
        }
    }
    Some(Written { units: i128::from(if negative { -units } else { units }), scale, percent: false, currency: None })
}

const SYMBOLS: [&str; 6] = ["US$", "$", "€", "£", "¥", "Fr."];

fn currency_before(text: &str) -> Option<(&str, &str)> {
    if let Some(symbol) = SYMBOLS.iter().find(|symbol| text.starts_with(*symbol)) {
        return Some(text.split_at(symbol.len()));
    }
    let code = text.get(..3).filter(|code| code.bytes().all(|byte| byte.is_ascii_uppercase()))?;
    let behind = &text[3..];
    (!behind.starts_with(|c: char| c.is_alphabetic())).then_some((code, behind))
}

fn currency_behind(text: &str) -> Option<(&str, &str)> {
    if let Some(symbol) = SYMBOLS.iter().find(|symbol| text.ends_with(*symbol)) {
        return Some(text.split_at(text.len() - symbol.len()));
    }
    let at = text.len().checked_sub(3)?;
    let code = text.get(at..).filter(|code| code.bytes().all(|byte| byte.is_ascii_uppercase()))?;
    let before = &text[..at];
    (!before.ends_with(|c: char| c.is_alphabetic())).then_some((before, code))
}

fn digits(text: &str, notation: &Notation) -> Result<(i128, u8), NoNumber> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, power(exponent)?),
        None => (text, 0),
    };
    let (whole, part) = match mantissa.split_once(notation.point) {
        Some((whole, part)) => (whole, Some(part)),
        None => (mantissa, None),
    };
    let marked = notation.thousands.is_some_and(|mark| whole.contains(|c| same_mark(c, mark)));
    if notation.decimal_comma
        && !marked
        && part.is_some_and(|part| part.len() == 3)
        && (1..=3).contains(&whole.len())
        && !whole.starts_with('0')
    {
        return Err(NoNumber::Ambiguous);
    }
    let part = part.unwrap_or_default();
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(part) || (whole.is_empty() && part.is_empty()) || (mantissa.ends_with(notation.point)) {
        return Err(NoNumber::NotANumber);
    }
    let grouped;
    let whole = match notation.thousands {
        Some(mark) if marked => {
            grouped = ungroup(whole, mark)?;
            grouped.as_str()
        }
        _ => whole,
    };
    if !all_digits(whole) {
        return Err(NoNumber::NotANumber);
    }
    assemble(whole, part, exponent)
}

/// The power of ten behind an `e`; one of more than six digits is only known to be far too large.
fn power(text: &str) -> Result<i32, NoNumber> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NoNumber::NotANumber);
    }
    let size: i32 = digits.parse().unwrap_or(i32::MAX).min(999_999);
    Ok(if text.starts_with('-') { -size } else { size })
}

/// A space as a mark is any of the spaces that spreadsheets write.
fn same_mark(c: char, mark: char) -> bool {
    c == mark
        || (mark.is_whitespace() && matches!(c, ' ' | '\u{a0}' | '\u{202f}'))
        || (matches!(mark, '\'' | '’') && matches!(c, '\'' | '’'))
}

fn ungroup(whole: &str, mark: char) -> Result<String, NoNumber> {
    let groups: Vec<&str> = whole.split(|c| same_mark(c, mark)).collect();
    if !groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(NoNumber::NotANumber);
    }
    let sound = (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3);
    if sound { Ok(groups.concat()) } else { Err(NoNumber::Grouping) }
}

fn assemble(whole: &str, part: &str, exponent: i32) -> Result<(i128, u8), NoNumber> {
    let mut units = 0_i128;
    for byte in whole.bytes().chain(part.bytes()) {
        units = units
            .checked_mul(10)
            .and_then(|n| n.checked_add(i128::from(byte - b'0')))
            .filter(|n| *n <= MAX_UNITS)
            .ok_or(NoNumber::TooLong)?;
    }
    let scale = part.len() as i64 - i64::from(exponent);
    match u32::try_from(scale) {
        Ok(scale) if scale <= MAX_DIGITS => Ok((units, scale as u8)),
        Ok(_) if units == 0 => Ok((0, 0)),
        Ok(_) => Err(NoNumber::TooLong),
        Err(_) => {
            let shifted = u32::try_from(-scale).ok().and_then(|by| 10_i128.checked_pow(by)).and_then(|by| units.checked_mul(by));
            shifted.filter(|n| *n <= MAX_UNITS).map(|n| (n, 0)).ok_or(NoNumber::TooLong)
        }
    }
}

/// Why a number does not fit a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoFit {
    /// It has more decimals.
    Decimals,
    /// It has more than 38 digits there.
    TooLong,
}

/// The units of a number at a scale. What has more decimals is rounded half away from zero if `round` says so.
///
/// # Errors
/// Why it does not fit.
pub fn fit(units: i128, from: u8, to: u8, round: bool) -> Result<i128, NoFit> {
    if from == to {
        return Ok(units);
    }
    if from > to && !round && units % pow10(u32::from(from - to).min(MAX_DIGITS)) != 0 {
        return Err(NoFit::Decimals);
    }
    rescale(units, from, to).ok_or(NoFit::TooLong)
}

/// The ISO codes that a symbol or code in a cell may stand for.
pub fn stands_for(written: &str, currency: &str) -> bool {
    match written {
        "$" => matches!(currency, "USD" | "CAD" | "AUD" | "NZD" | "SGD" | "HKD" | "MXN" | "TWD"),
        "US$" => currency == "USD",
        "€" => currency == "EUR",
        "£" => currency == "GBP",
        "¥" => matches!(currency, "JPY" | "CNY"),
        "Fr." => currency == "CHF",
        code => code == currency,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str, notation: &Notation) -> Result<String, NoNumber> {
        read(text, notation).map(|n| {
            let number = kamrules_base::Decimal::new(n.units, n.scale);
            format!("{number}{}{}", if n.percent { "%" } else { "" }, n.currency.map(|c| format!(" {c}")).unwrap_or_default())
        })
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let cases = [
            ("1", "1"),
            ("-5", "-5"),
            ("+5", "5"),
            ("1,234.50", "1234.50"),
            ("$1,234.50", "1234.50 $"),
            ("(500)", "-500"),
            ("($500)", "-500 $"),
            ("-$5", "-5 $"),
            ("$-5", "-5 $"),
            ("$ 5", "5 $"),
            ("USD 5", "5 USD"),
            ("5 USD", "5 USD"),
            ("5 €", "5 €"),
            ("€5", "5 €"),
            ("500-", "-500"),
            ("15%", "15%"),
            ("15 %", "15%"),
            ("-2.5%", "-2.5%"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("1e3", "1000"),
            ("1.5E-3", "0.0015"),
            ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
            ("\u{2212}7", "-7"),
            ("US$3", "3 US$"),
            ("007", "7"),
        ];
        for (text, expected) in cases {
            assert_eq!(show(text, &Notation::default()).as_deref(), Ok(expected), "{text}");
        }
        for text in
            ["", "-", "x", "12,0x", "1.2.3", "--5", "(-5)", "5.", "$", "1 234", "1_000", "٣", "1e", "e5", "5 % $", "ABCD5", "$$5", "12%%"]
        {
            assert_eq!(show(text, &Notation::default()), Err(NoNumber::NotANumber), "{text}");
        }
        for text in ["1,23", ",5", "12,34,567", "1234,567", "1,2345"] {
            assert_eq!(show(text, &Notation::default()), Err(NoNumber::Grouping), "{text}");
        }
        for text in ["123456789012345678901234567890123456789", "1e99", "1e-99", "1e400", "1e+9999999999"] {
            assert_eq!(show(text, &Notation::default()), Err(NoNumber::TooLong), "{text}");
        }
    }

    #[test]
    fn a_sample_says_the_notation() {
        type Cell = (&'static str, Result<&'static str, NoNumber>);
        let cases: [(&str, &[Cell]); 5] = [
            (
                "1.234,50",
                &[
                    ("1.234,50", Ok("1234.50")),
                    ("5", Ok("5")),
                    ("0,125", Ok("0.125")),
                    ("1,234", Err(NoNumber::Ambiguous)),
                    ("1.234", Ok("1234")),
                    ("12,5", Ok("12.5")),
                    ("1.23", Err(NoNumber::Grouping)),
                ],
            ),
            ("1234,50", &[("1234,5", Ok("1234.5")), ("1.234,5", Err(NoNumber::NotANumber)), ("1234567,891", Ok("1234567.891"))]),
            ("1 234,50", &[("1\u{202f}234,50", Ok("1234.50")), ("1 234 567", Ok("1234567"))]),
            ("1'234.50", &[("1'234.50", Ok("1234.50")), ("1,234", Err(NoNumber::NotANumber))]),
            ("1,234", &[("1,234.5", Ok("1234.5"))]),
        ];
        for (sample, cells) in cases {
            let notation = Notation::from_sample(sample);
            for (text, expected) in cells {
                assert_eq!(show(text, &notation).as_deref(), expected.as_ref().copied(), "{text} as {sample}");
            }
        }
    }

    #[test]
    fn more_decimals_fit_only_as_zeros_or_rounded() {
        assert_eq!(fit(125, 2, 1, false), Err(NoFit::Decimals));
        assert_eq!(fit(125, 2, 1, true), Ok(13));
        assert_eq!(fit(1200, 3, 1, false), Ok(12));
        assert_eq!(fit(12, 1, 3, false), Ok(1200));
        assert_eq!(fit(MAX_UNITS, 0, 1, false), Err(NoFit::TooLong));
    }
}
