//! Cells of what is counted in units: runs between the places where a test changes.

use crate::space::Cells;
use crate::subject::Test;
use kamrules_base::Date;
use kamrules_base::decimal::pow10;
use kamrules_model::Type;

/// The runs from `low` to `high` within which no test changes, ascending.
pub(crate) fn cut(low: i128, high: i128, tests: &[&[(i128, i128)]]) -> Vec<(i128, i128)> {
    let mut starts: Vec<i128> = tests.iter().flat_map(|runs| runs.iter().flat_map(|&(a, b)| [a, b.saturating_add(1)])).collect();
    starts.push(low);
    starts.retain(|&start| low <= start && start <= high);
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([high]);
    let cells: Vec<(i128, i128)> = starts.iter().copied().zip(ends).collect();
    // A range that holds nothing still has a cell: what lies in it then hangs on nothing.
    if cells.is_empty() { vec![(low, low.max(high))] } else { cells }
}

/// The cells that pass a test.
pub(crate) fn passed(cells: &[(i128, i128)], test: &Test, misses: bool) -> Cells {
    let count = cells.len() as u32 + u32::from(misses);
    match test {
        Test::Any => Cells::range(count, 0, cells.len() as u32),
        Test::Units(runs) => {
            let mut out = Cells::none(count);
            for &(a, b) in runs {
                let first = cells.partition_point(|cell| cell.0 < a) as u32;
                let end = cells.partition_point(|cell| cell.1 <= b) as u32;
                if first < end {
                    out = out.or(&Cells::range(count, first, end));
                }
            }
            out
        }
        Test::Values(_) | Test::Text(_) => Cells::none(count),
    }
}

/// The most readable of the units from `low` to `high`: an end that is round, else the roundest number inside, the nearest to zero.
pub(crate) fn readable(kind: Type, low: i128, high: i128) -> i128 {
    match kind {
        Type::Date => day(low, high),
        _ => {
            let scale = u32::from(kind.scale().unwrap_or(0));
            number(low, high, scale)
        }
    }
}

fn number(low: i128, high: i128, scale: u32) -> i128 {
    if low <= 0 && high >= 0 {
        // Negative amounts are rare, and zero is read as nothing in particular; where one lies inside, so is a positive one.
        return if low < 0 && high < 0 { high } else { 0 };
    }
    if high < 0 {
        return -number(-high, -low, scale);
    }
    // The first whole number is what the reader wrote in the rule, or right beside it; else as few decimals as will do.
    for step in (0..=scale).rev() {
        let unit = pow10(step);
        let first = -(-low).div_euclid(unit) * unit;
        if first <= high {
            if step == scale || high - first < 2 * unit {
                return first;
            }
            // Between 69 and 70 lies 69.5.
            return first + (high - first).div_euclid(2).div_euclid(unit) * unit;
        }
    }
    low
}

// The day that the reader wrote in the rule, if there is one; else one of our time.
fn day(low: i128, high: i128) -> i128 {
    let year = |year: i32| i128::from(Date::from_ymd(year, 1, 1).map_or(0, |day| day.0));
    if low >= year(1900) {
        low
    } else if high < year(2200) {
        high
    } else {
        year(2026)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_lie_between_the_places_where_a_test_changes() {
        assert_eq!(cut(0, 10, &[&[(4, 6)], &[(5, 99)]]), [(0, 3), (4, 4), (5, 6), (7, 10)]);
        assert_eq!(cut(0, 10, &[]), [(0, 10)]);
        let cells = cut(0, 10, &[&[(4, 6)]]);
        assert_eq!(passed(&cells, &Test::Units(vec![(4, 6)]), true).iter().collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn examples_are_round() {
        let money = Type::Money { scale: 2 };
        assert_eq!(readable(money, 6901, 6999), 6950);
        assert_eq!(readable(money, 5000, 10_i128.pow(30)), 5000);
        assert_eq!(readable(money, 5001, 10_i128.pow(30)), 5100);
        assert_eq!(readable(Type::Number { scale: 1, percent: false }, 1, 9), 5);
        assert_eq!(readable(money, -10_i128.pow(30), -1), -100);
        assert_eq!(readable(Type::INTEGER, 70, 70), 70);
        assert_eq!(readable(Type::INTEGER, -5, 9), 0);
    }
}
