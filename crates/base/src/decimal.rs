//! Exact decimals: an integer and how many of its digits stand behind the point.

use std::fmt;

/// The most digits a number may have.
pub const MAX_DIGITS: u32 = 38;
/// The greatest magnitude of [`Decimal::units`]: 38 nines.
pub const MAX_UNITS: i128 = 10_i128.pow(MAX_DIGITS) - 1;
/// The most decimals a computed number keeps.
pub const MAX_SCALE: u8 = 12;

/// `units / 10^scale`, at most 38 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Decimal {
    /// The digits as an integer.
    pub units: i128,
    /// How many of them stand behind the point.
    pub scale: u8,
}

/// Ten to the `n`; `n` is at most 38.
pub fn pow10(n: u32) -> i128 {
    10_i128.pow(n)
}

impl Decimal {
    /// A decimal of `units / 10^scale`.
    pub const fn new(units: i128, scale: u8) -> Self {
        Self { units, scale }
    }

    /// Reads digits with an optional sign, point and `_` between digits. `None` when it is no such text or has more than 38 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mut units, mut scale, mut seen, mut point) = (0_i128, 0_u8, false, false);
        for c in digits.bytes() {
            match c {
                b'0'..=b'9' => {
                    units = units.checked_mul(10)?.checked_add(i128::from(c - b'0'))?;
                    if units > MAX_UNITS {
                        return None;
                    }
                    seen = true;
                    scale = scale.checked_add(u8::from(point))?;
                }
                b'.' if !point => point = true,
                b'_' if seen => {}
                _ => return None,
            }
        }
        let usable = seen && u32::from(scale) <= MAX_DIGITS && !digits.ends_with(['.', '_']) && !digits.starts_with('.');
        usable.then_some(Self { units: if negative { -units } else { units }, scale })
    }

    /// The same value at another scale, rounded half away from zero. `None` beyond 38 digits.
    pub fn rescale(self, scale: u8) -> Option<Self> {
        rescale(self.units, self.scale, scale).map(|units| Self { units, scale })
    }

    /// The same value with no zeros at its end behind the point.
    pub fn normal(self) -> Self {
        let mut out = self;
        while out.scale > 0 && out.units % 10 == 0 {
            out.units /= 10;
            out.scale -= 1;
        }
        out
    }

    /// The product with a power of ten given as an integer factor, as in `250k`.
    pub fn times(self, factor: i128) -> Option<Self> {
        let units = self.units.checked_mul(factor)?;
        (units.abs() <= MAX_UNITS).then_some(Self { units, scale: self.scale }.normal())
    }
}

/// Moves `units` from one scale to another, rounded half away from zero. `None` beyond 38 digits.
pub fn rescale(units: i128, from: u8, to: u8) -> Option<i128> {
    let out = if to >= from {
        units.checked_mul(10_i128.checked_pow(u32::from(to - from))?)?
    } else {
        let by = u32::from(from - to);
        if by > MAX_DIGITS {
            return Some(0);
        }
        round_div(units, pow10(by))
    };
    (out.abs() <= MAX_UNITS).then_some(out)
}

/// `n / d` rounded half away from zero; `d` is positive and at most 10^38.
pub fn round_div(n: i128, d: i128) -> i128 {
    let (q, r) = (n / d, n % d);
    if r.unsigned_abs() >= d.unsigned_abs().div_ceil(2) { q + n.signum() } else { q }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let digits = self.units.unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, part) = padded.split_at(padded.len() - scale);
        write!(f, "{sign}{whole}.{part}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints_what_people_write() {
        for (text, printed) in [("5_000_000", "5000000"), ("2.50", "2.50"), ("-0.05", "-0.05"), ("0", "0"), ("+3", "3")] {
            assert_eq!(Decimal::parse(text).map(|d| d.to_string()).as_deref(), Some(printed));
        }
        for text in ["", "-", ".", "1.", ".5", "1.2.3", "1e5", "_1", "1_", "٣"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert!(Decimal::parse(&"9".repeat(38)).is_some());
        assert!(Decimal::parse(&"9".repeat(39)).is_none());
    }

    #[test]
    fn rounds_half_away_from_zero() {
        for (units, rounded) in [(25, 3), (24, 2), (-25, -3), (-24, -2), (5, 1), (-5, -1), (4, 0)] {
            assert_eq!(rescale(units, 1, 0), Some(rounded));
        }
        assert_eq!(rescale(MAX_UNITS, 0, 1), None);
    }
}
