//! The arithmetic of rules against big rationals.

use kamrules_base::Decimal;
use kamrules_base::decimal::MAX_UNITS;
use kamrules_model::arith::{self, DIVIDE_SCALE, Sum};
use kamrules_model::{FaultKind, Type, Value};
use kamrules_tests::generate::Rng;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};
use std::cmp::Ordering;

const TIMES: usize = 20_000;

fn ten(scale: u8) -> BigInt {
    BigInt::from(10).pow(scale.into())
}

fn exact(units: i128, scale: u8) -> BigRational {
    BigRational::new(units.into(), ten(scale))
}

/// Units at a scale, rounded half away from zero; a fault beyond 38 digits.
fn units(value: &BigRational, scale: u8) -> Result<i128, FaultKind> {
    let scaled = value * ten(scale);
    let half = BigRational::new(1.into(), 2.into());
    let rounded = (scaled.abs() + half).floor().to_integer();
    let signed = if scaled.is_negative() { -rounded } else { rounded };
    signed.to_i128().filter(|units| units.abs() <= MAX_UNITS).ok_or(FaultKind::Overflow)
}

/// Numbers of all sizes, the ends and the halves among them.
fn number(rng: &mut Rng) -> i128 {
    let wide = (i128::from(rng.bits()) << 64) | i128::from(rng.bits());
    let size = 10_i128.pow(rng.below(39) as u32);
    match rng.below(8) {
        0 => rng.between(-3, 3).into(),
        1 => rng.between(-100, 100) as i128 * size.min(10_i128.pow(36)) / 2,
        2 => [MAX_UNITS, -MAX_UNITS, MAX_UNITS - 1, MAX_UNITS / 2, MAX_UNITS / 10][rng.below(5)],
        3 => (size / 2).min(MAX_UNITS),
        _ => wide % size,
    }
}

fn scale(rng: &mut Rng) -> u8 {
    rng.below(13) as u8
}

#[test]
fn sums_are_exact() {
    let mut rng = Rng::new(1);
    for _ in 0..TIMES {
        let (a, b, x, y) = (number(&mut rng), number(&mut rng), scale(&mut rng), scale(&mut rng));
        let out = arith::add_scale(x, y);
        assert_eq!(arith::add(a, x, b, y, out).ok(), units(&(exact(a, x) + exact(b, y)), out).ok(), "{a}e-{x} + {b}e-{y}");
        assert_eq!(arith::compare_numbers(a, x, b, y), exact(a, x).cmp(&exact(b, y)), "{a}e-{x} and {b}e-{y}");
    }
}

#[test]
fn products_are_rounded_once() {
    let mut rng = Rng::new(2);
    for _ in 0..TIMES {
        let (a, b, x, y) = (number(&mut rng), number(&mut rng), scale(&mut rng), scale(&mut rng));
        let out = arith::multiply_scale(x, y);
        // Beyond 38 digits is judged on the exact result.
        let fits = (BigInt::from(a) * BigInt::from(b)).abs() <= BigInt::from(MAX_UNITS);
        let expected = if fits { units(&(exact(a, x) * exact(b, y)), out) } else { Err(FaultKind::Overflow) };
        assert_eq!(arith::multiply(a, x, b, y, out), expected, "{a}e-{x} * {b}e-{y}");
    }
}

#[test]
fn quotients_are_rounded_half_away_from_zero() {
    let mut rng = Rng::new(3);
    for _ in 0..TIMES {
        let (a, b, x, y) = (number(&mut rng), number(&mut rng), scale(&mut rng), scale(&mut rng));
        let out = if rng.percent(70) { DIVIDE_SCALE } else { scale(&mut rng) };
        let expected = if b == 0 { Ok(None) } else { units(&(exact(a, x) / exact(b, y)), out).map(Some) };
        assert_eq!(arith::divide(a, x, b, y, out), expected, "{a}e-{x} / {b}e-{y} at {out}");
    }
}

#[test]
fn other_scales_round_half_away_from_zero() {
    let mut rng = Rng::new(4);
    for _ in 0..TIMES {
        let (a, x, y) = (number(&mut rng), scale(&mut rng), scale(&mut rng));
        let expected = units(&exact(a, x), y).map(Value::Num);
        assert_eq!(arith::rescale_value(&Value::Num(a), Type::number(x), Type::Money { scale: y }), expected, "{a}e-{x} at {y}");
    }
}

#[test]
fn averages_and_medians_are_those_of_the_exact_numbers() {
    let mut rng = Rng::new(5);
    for round in 0..TIMES / 4 {
        let (count, x) = (rng.below(9), scale(&mut rng));
        let mut numbers: Vec<i128> =
            (0..count).map(|_| if round % 2 == 0 { number(&mut rng) } else { rng.between(-9999, 9999).into() }).collect();
        let (mut sum, mut half) = (Sum::default(), Sum::default());
        numbers.iter().for_each(|&n| sum.add(n));
        numbers.iter().rev().for_each(|&n| half.add(n));
        let mut both = sum;
        both.merge(half);
        let total: BigInt = numbers.iter().map(|&n| BigInt::from(n)).sum();
        let fits = |n: &BigInt| n.to_i128().filter(|n| n.abs() <= MAX_UNITS).ok_or(FaultKind::Overflow);
        assert_eq!(sum.total(), fits(&total));
        assert_eq!(both.total(), fits(&(&total * 2)));
        let mean = |total: &BigInt, n: usize| {
            fits(total)?;
            units(&BigRational::new(total.clone(), ten(x) * n), DIVIDE_SCALE).map(Some)
        };
        let expected = if count == 0 { Ok(None) } else { mean(&total, count) };
        assert_eq!(arith::average(sum, count as u64, x), expected, "{numbers:?} at {x}");
        numbers.sort_unstable();
        let middle = match count {
            0 => Ok(None),
            n if n % 2 == 1 => mean(&(BigInt::from(numbers[n / 2]) * 2), 2),
            n => mean(&(BigInt::from(numbers[n / 2]) + BigInt::from(numbers[n / 2 - 1])), 2),
        };
        assert_eq!(arith::median(&numbers, x), middle, "{numbers:?} at {x}");
    }
}

/// Shares that add up to 1.
fn shares(rng: &mut Rng) -> Vec<Decimal> {
    let scale = 2 + rng.below(5) as u8;
    let mut left = 10_i128.pow(scale.into());
    let mut out = Vec::new();
    for _ in 0..rng.below(12) {
        let part = i128::from(rng.bits() >> 1) % (left + 1);
        out.push(Decimal::new(part, scale));
        left -= part;
    }
    out.push(Decimal::new(left, scale));
    out
}

#[test]
fn parts_are_dealt_out_by_the_largest_remainder() {
    let mut rng = Rng::new(6);
    for _ in 0..TIMES / 4 {
        let (shares, total) = (shares(&mut rng), number(&mut rng) / 10_i128.pow(rng.below(9) as u32));
        let wanted: Vec<BigRational> = shares.iter().map(|share| exact(total.abs(), 0) * exact(share.units, share.scale)).collect();
        let Ok(parts) = arith::split(total, &shares) else {
            assert!(wanted.iter().any(|part| part * ten(6) > BigRational::from(BigInt::from(MAX_UNITS))), "{total} {shares:?}");
            continue;
        };
        assert_eq!(parts.iter().map(|&part| BigInt::from(part)).sum::<BigInt>(), BigInt::from(total), "{total} {shares:?}");
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by(|&a, &b| wanted[b].fract().cmp(&wanted[a].fract()).then(a.cmp(&b)));
        let whole: BigInt = wanted.iter().map(|part| part.floor().to_integer()).sum();
        let left = (BigInt::from(total.abs()) - whole).to_usize().expect("a cent a part at most");
        for (place, &i) in order.iter().enumerate() {
            let expected = wanted[i].floor().to_integer() + usize::from(place < left);
            let expected = if total < 0 { -expected } else { expected };
            assert_eq!(BigInt::from(parts[i]), expected, "part {i} of {total} by {shares:?}");
        }
        assert!(left < parts.len().max(1) || wanted.iter().all(|part| part.fract().is_zero()));
    }
}

#[test]
fn an_order_is_one() {
    let mut rng = Rng::new(7);
    for _ in 0..TIMES / 4 {
        let [a, b, c] = [0; 3].map(|_| (number(&mut rng), scale(&mut rng)));
        let compare = |a: (i128, u8), b: (i128, u8)| arith::compare_numbers(a.0, a.1, b.0, b.1);
        assert_eq!(compare(a, b), compare(b, a).reverse());
        if compare(a, b) != Ordering::Greater && compare(b, c) != Ordering::Greater {
            assert_ne!(compare(a, c), Ordering::Greater, "{a:?} {b:?} {c:?}");
        }
    }
}
