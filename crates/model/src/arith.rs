//! Exact arithmetic on values: what both walks of the evaluator and the constant folder use.
//!
//! Numbers are integers at a scale known from the type. A result of more than 38 digits, judged before it is rounded to the
//! scale of its type, is a fault; a division by zero is missing.

use crate::{ArithOp, CompareOp, Duration, FaultKind, Type, Value};
use ethnum::I256;
use kamrules_base::Date;
use kamrules_base::decimal::{MAX_SCALE, MAX_UNITS, pow10, rescale};
use std::cmp::Ordering;

/// The scale of a sum or difference.
pub fn add_scale(a: u8, b: u8) -> u8 {
    a.max(b)
}

/// The scale of a product.
pub fn multiply_scale(a: u8, b: u8) -> u8 {
    a.saturating_add(b).min(MAX_SCALE.max(a).max(b))
}

/// The scale of a quotient, an average and a share.
pub const DIVIDE_SCALE: u8 = MAX_SCALE;

/// Adds numbers at their scales, to a scale at least as large as both.
pub fn add(a: i128, a_scale: u8, b: i128, b_scale: u8, out: u8) -> Result<i128, FaultKind> {
    match rescale(a, a_scale, out).zip(rescale(b, b_scale, out)) {
        Some((a, b)) => within(a.checked_add(b)),
        // One of them has more than 38 digits at that scale; the sum may have fewer.
        None => {
            let at_out = |units: i128, scale: u8| I256::from(units) * pow256(u32::from(out.saturating_sub(scale)));
            let sum = at_out(a, a_scale) + at_out(b, b_scale);
            if sum.abs() > I256::from(MAX_UNITS) { Err(FaultKind::Overflow) } else { Ok(sum.as_i128()) }
        }
    }
}

/// Multiplies numbers at their scales.
pub fn multiply(a: i128, a_scale: u8, b: i128, b_scale: u8, out: u8) -> Result<i128, FaultKind> {
    let exact = within(a.checked_mul(b))?;
    within(rescale(exact, a_scale + b_scale, out))
}

/// Divides numbers at their scales, rounded half away from zero; `None` when the divisor is zero.
pub fn divide(a: i128, a_scale: u8, b: i128, b_scale: u8, out: u8) -> Result<Option<i128>, FaultKind> {
    if b == 0 {
        return Ok(None);
    }
    // a / 10^sa ÷ (b / 10^sb) at scale `out` is a · 10^(sb + out) / (b · 10^sa).
    let (up, down) = (u32::from(b_scale) + u32::from(out), u32::from(a_scale));
    let (n, d) =
        if up >= down { (I256::from(a) * pow256(up - down), I256::from(b)) } else { (I256::from(a), I256::from(b) * pow256(down - up)) };
    let (q, r) = (n / d, n % d);
    let away = if r.abs() * 2 >= d.abs() { I256::from(n.signum().as_i128() * d.signum().as_i128()) } else { I256::ZERO };
    let rounded = q + away;
    if rounded.abs() > I256::from(MAX_UNITS) { Err(FaultKind::Overflow) } else { Ok(Some(rounded.as_i128())) }
}

fn pow256(n: u32) -> I256 {
    let high = n.saturating_sub(38);
    I256::from(pow10(n - high)) * I256::from(pow10(high))
}

fn within(units: Option<i128>) -> Result<i128, FaultKind> {
    units.filter(|units| units.abs() <= MAX_UNITS).ok_or(FaultKind::Overflow)
}

/// Compares numbers at their scales.
pub fn compare_numbers(a: i128, a_scale: u8, b: i128, b_scale: u8) -> Ordering {
    match a_scale.cmp(&b_scale) {
        Ordering::Equal => a.cmp(&b),
        Ordering::Less => (I256::from(a) * pow256(u32::from(b_scale - a_scale))).cmp(&I256::from(b)),
        Ordering::Greater => I256::from(a).cmp(&(I256::from(b) * pow256(u32::from(a_scale - b_scale)))),
    }
}

/// A sum of many numbers of one scale that cannot overflow on the way, so that the order of the parts does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    high: i128,
    low: i128,
}

impl Sum {
    /// Adds a number.
    pub fn add(&mut self, units: i128) {
        self.high += units >> 64;
        self.low += units & i128::from(u64::MAX);
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: Self) {
        self.high += other.high;
        self.low += other.low;
    }

    /// The total as 256 bits.
    pub fn exact(self) -> I256 {
        (I256::from(self.high) << 64_u32) + I256::from(self.low)
    }

    /// The total.
    ///
    /// # Errors
    /// [`FaultKind::Overflow`] beyond 38 digits.
    pub fn total(self) -> Result<i128, FaultKind> {
        let total = self.exact();
        if total.abs() > I256::from(MAX_UNITS) { Err(FaultKind::Overflow) } else { Ok(total.as_i128()) }
    }
}

/// The mean of numbers of one scale, at [`DIVIDE_SCALE`]; `None` of nothing.
pub fn average(sum: Sum, count: u64, scale: u8) -> Result<Option<i128>, FaultKind> {
    divide(sum.total()?, scale, i128::from(count), 0, DIVIDE_SCALE)
}

/// The middle of sorted numbers of one scale, or the mean of the two in the middle, at [`DIVIDE_SCALE`]; `None` of nothing.
pub fn median(sorted: &[i128], scale: u8) -> Result<Option<i128>, FaultKind> {
    let Some(&upper) = sorted.get(sorted.len() / 2) else { return Ok(None) };
    let lower = if sorted.len().is_multiple_of(2) { sorted[sorted.len() / 2 - 1] } else { upper };
    let mut sum = Sum::default();
    sum.add(lower);
    sum.add(upper);
    average(sum, 2, scale)
}

/// Arithmetic on values of these types, giving a value of type `out`; `None` is missing.
///
/// number ± number, money ± money, date ± duration, time ± clock duration, duration ± duration, date − date (days), time − time
/// (seconds), number × number, money × number, duration × whole number, number ÷ number, money ÷ number, money ÷ money,
/// duration ÷ duration of one kind.
///
/// # Errors
/// [`FaultKind::Overflow`] and [`FaultKind::DateRange`].
pub fn arith(op: ArithOp, left: (&Value, Type), right: (&Value, Type), out: Type) -> Result<Option<Value>, FaultKind> {
    use ArithOp::{Add, Divide, Multiply, Subtract};
    let scales = || (left.1.scale().unwrap_or(0), right.1.scale().unwrap_or(0), out.scale().unwrap_or(0));
    match (op, left.0, right.0) {
        (Add | Subtract, Value::Num(a), Value::Num(b)) => {
            let (sa, sb, so) = scales();
            let b = if op == Add { *b } else { -*b };
            add(*a, sa, b, sb, so).map(|n| Some(Value::Num(n)))
        }
        (Multiply, Value::Num(a), Value::Num(b)) => {
            let (sa, sb, so) = scales();
            multiply(*a, sa, *b, sb, so).map(|n| Some(Value::Num(n)))
        }
        (Divide, Value::Num(a), Value::Num(b)) => {
            let (sa, sb, so) = scales();
            Ok(divide(*a, sa, *b, sb, so)?.map(Value::Num))
        }
        (Subtract, Value::Date(a), Value::Date(b)) => {
            let days = i64::from(*a) - i64::from(*b);
            Ok(Some(Value::Duration(Duration { days: days as i32, ..Duration::default() })))
        }
        (Subtract, Value::Time(a), Value::Time(b)) => {
            let seconds = a.checked_sub(*b).ok_or(FaultKind::DateRange)?.div_euclid(1_000_000);
            Ok(Some(Value::Duration(Duration { seconds, ..Duration::default() })))
        }
        (Add | Subtract, Value::Date(a), Value::Duration(d)) => shift_date(*a, *d, if op == Add { 1 } else { -1 }).map(Some),
        (Add, Value::Duration(d), Value::Date(a)) => shift_date(*a, *d, 1).map(Some),
        (Add | Subtract, Value::Time(a), Value::Duration(d)) => shift_time(*a, d.seconds, if op == Add { 1 } else { -1 }).map(Some),
        (Add, Value::Duration(d), Value::Time(a)) => shift_time(*a, d.seconds, 1).map(Some),
        (Add, Value::Duration(a), Value::Duration(b)) => combine(*a, *b, 1).map(Some),
        (Subtract, Value::Duration(a), Value::Duration(b)) => combine(*a, *b, -1).map(Some),
        (Multiply, Value::Duration(d), Value::Num(n)) | (Multiply, Value::Num(n), Value::Duration(d)) => {
            combine(Duration::default(), *d, *n).map(Some)
        }
        (Divide, Value::Duration(a), Value::Duration(b)) => Ok(divide(amount(*a), 0, amount(*b), 0, DIVIDE_SCALE)?.map(Value::Num)),
        _ => unreachable!("the checker lets no other operands through: {op:?} {left:?} {right:?}"),
    }
}

/// A duration of one kind as a plain number of months, days or seconds.
pub fn amount(duration: Duration) -> i128 {
    i128::from(duration.months) + i128::from(duration.days) + i128::from(duration.seconds)
}

fn shift_date(day: i32, by: Duration, sign: i64) -> Result<Value, FaultKind> {
    let shifted = Date(day).add_months(sign * i64::from(by.months)).and_then(|date| date.add_days(sign * i64::from(by.days)));
    shifted.map(|date| Value::Date(date.0)).ok_or(FaultKind::DateRange)
}

fn shift_time(time: i64, seconds: i64, sign: i64) -> Result<Value, FaultKind> {
    let by = seconds.checked_mul(1_000_000).and_then(|micros| micros.checked_mul(sign));
    by.and_then(|by| time.checked_add(by)).map(Value::Time).ok_or(FaultKind::DateRange)
}

fn combine(a: Duration, b: Duration, times: i128) -> Result<Value, FaultKind> {
    let part = |a: i64, b: i64| i128::from(b).checked_mul(times).and_then(|b| b.checked_add(i128::from(a)));
    let month = part(a.months.into(), b.months.into()).and_then(|n| i32::try_from(n).ok());
    let day = part(a.days.into(), b.days.into()).and_then(|n| i32::try_from(n).ok());
    let second = part(a.seconds, b.seconds).and_then(|n| i64::try_from(n).ok());
    match (month, day, second) {
        (Some(months), Some(days), Some(seconds)) => Ok(Value::Duration(Duration { months, days, seconds })),
        _ => Err(FaultKind::Overflow),
    }
}

/// `-a`.
pub fn negate(value: &Value) -> Result<Value, FaultKind> {
    match value {
        Value::Num(n) => Ok(Value::Num(-n)),
        Value::Duration(d) => combine(Duration::default(), *d, -1),
        other => unreachable!("the checker negates only numbers and durations: {other:?}"),
    }
}

/// The same number at the scale of another type.
pub fn rescale_value(value: &Value, from: Type, to: Type) -> Result<Value, FaultKind> {
    match (value, from.scale(), to.scale()) {
        (Value::Num(n), Some(a), Some(b)) if a != b => within(rescale(*n, a, b)).map(Value::Num),
        _ => Ok(value.clone()),
    }
}

/// The order of two values of one kind; of labels the earlier is the greater, of texts and flags only equality means something.
pub fn order(left: (&Value, Type), right: (&Value, Type)) -> Ordering {
    match (left.0, right.0) {
        (Value::Num(a), Value::Num(b)) => compare_numbers(*a, left.1.scale().unwrap_or(0), *b, right.1.scale().unwrap_or(0)),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) => a.cmp(b),
        (Value::Duration(a), Value::Duration(b)) => amount(*a).cmp(&amount(*b)).then(if a == b { Ordering::Equal } else { Ordering::Less }),
        (Value::Flag(a), Value::Flag(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Pick(a), Value::Pick(b)) | (Value::Row(a), Value::Row(b)) => a.cmp(b),
        (Value::Period(a), Value::Period(b)) => a.cmp(b),
        (Value::Label(a), Value::Label(b)) => b.cmp(a),
        (Value::Labels(a), Value::Labels(b)) => a.cmp(b),
        (a, b) => unreachable!("the checker compares only values of one kind: {a:?} {b:?}"),
    }
}

/// Whether a comparison of two values of one kind holds.
pub fn compare(op: CompareOp, left: (&Value, Type), right: (&Value, Type)) -> bool {
    op.holds(order(left, right))
}

/// Splits an amount of cents by shares that add up to 1, the parts adding up to the whole: each part is cut down to the cent, and
/// the cents left over go one each to the parts that lost most, the earlier first.
///
/// # Errors
/// [`FaultKind::Overflow`] when a share of the total has more than 38 digits.
pub fn split(total: i128, shares: &[kamrules_base::Decimal]) -> Result<Vec<i128>, FaultKind> {
    let scale = shares.iter().map(|share| share.scale).max().unwrap_or(0);
    let one = pow10(u32::from(scale));
    let exact = shares
        .iter()
        .map(|share| within(rescale(share.units, share.scale, scale).and_then(|units| total.abs().checked_mul(units))))
        .collect::<Result<Vec<_>, _>>()?;
    let mut parts: Vec<i128> = exact.iter().map(|units| units / one).collect();
    let mut left = total.abs() - parts.iter().sum::<i128>();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(exact[i] % one));
    for i in order {
        if left > 0 {
            parts[i] += 1;
            left -= 1;
        }
    }
    Ok(parts.into_iter().map(|part| part * total.signum().max(-1)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kamrules_base::Decimal;

    #[test]
    fn quotients_round_half_away_from_zero() {
        for (a, b, expected) in [(1, 3, 333_333_333_333), (2, 3, 666_666_666_667), (-2, 3, -666_666_666_667), (1, 8, 125_000_000_000)] {
            assert_eq!(divide(a, 0, b, 0, 12), Ok(Some(expected)));
        }
        assert_eq!(divide(1, 0, 0, 3, 12), Ok(None));
        assert_eq!(divide(-5, 1, 1, 0, 0), Ok(Some(-1)));
        assert_eq!(divide(MAX_UNITS, 0, 1, 12, 12), Err(FaultKind::Overflow));
        assert_eq!(divide(MAX_UNITS, 12, MAX_UNITS, 0, 12), Ok(Some(1)));
    }

    #[test]
    fn a_sum_does_not_hang_on_the_order() {
        let numbers = [MAX_UNITS, MAX_UNITS, -MAX_UNITS, -1, -MAX_UNITS, 7];
        let mut forward = Sum::default();
        let mut backward = Sum::default();
        numbers.iter().for_each(|&n| forward.add(n));
        numbers.iter().rev().for_each(|&n| backward.add(n));
        assert_eq!(forward.total(), Ok(6));
        assert_eq!(backward.total(), Ok(6));
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let shares = ["0.2", "0.25", "0.25", "0.3"].map(|text| Decimal::parse(text).expect("a number"));
        assert_eq!(split(100_001, &shares), Ok(vec![20_000, 25_000, 25_000, 30_001]));
        for total in [-12_345, 0, 1, 2, 3, 999_999_999] {
            assert_eq!(split(total, &shares).map(|parts| parts.iter().sum::<i128>()), Ok(total));
        }
    }
}
