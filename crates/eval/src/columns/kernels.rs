//! Strict operations on the rows for which all operands are known: the kind of the columns is looked at once, not in every row.

use super::batch::Batch;
use super::vector::{View, put};
use kamrules_base::decimal::pow10;
use kamrules_base::{Date, Decimal};
use kamrules_model::{ArithOp, Cell, Cells, Column, CompareOp, ExprId, FaultKind, Period, Sym, Type, Value, arith as exact};
use rustc_hash::FxHashSet;
use std::cmp::Ordering;

/// An operand and its type.
type Operand<'v> = (View<'v>, Type);

fn flags(out: &mut Column) -> &mut [bool] {
    match &mut out.cells {
        Cells::Flag(flags) => flags,
        other => unreachable!("a test gives a flag, not this column of {} rows", other.len()),
    }
}

/// `not`.
pub(super) fn not(a: View<'_>, rows: &[u32], out: &mut Column) {
    let out = flags(out);
    rows.iter().for_each(|&row| out[row as usize] = !a.flag(row));
}

/// A comparison.
pub(super) fn compare(op: CompareOp, (a, a_type): Operand<'_>, (b, b_type): Operand<'_>, rows: &[u32], out: &mut Column) {
    let out = flags(out);
    match (&a.column.cells, &b.column.cells) {
        (Cells::Num(x), Cells::Num(y)) => {
            let (sa, sb) = (a_type.scale().unwrap_or(0), b_type.scale().unwrap_or(0));
            match sa.cmp(&sb) {
                Ordering::Equal => each(op, (a, x), (b, y), rows, out, i128::cmp),
                Ordering::Less => {
                    let up = pow10(u32::from(sb - sa));
                    each(op, (a, x), (b, y), rows, out, |m, n| match m.checked_mul(up) {
                        Some(m) => m.cmp(n),
                        None => exact::compare_numbers(*m, sa, *n, sb),
                    });
                }
                Ordering::Greater => {
                    let up = pow10(u32::from(sa - sb));
                    each(op, (a, x), (b, y), rows, out, |m, n| match n.checked_mul(up) {
                        Some(n) => m.cmp(&n),
                        None => exact::compare_numbers(*m, sa, *n, sb),
                    });
                }
            }
        }
        (Cells::Date(x), Cells::Date(y)) => each(op, (a, x), (b, y), rows, out, i32::cmp),
        (Cells::Time(x), Cells::Time(y)) => each(op, (a, x), (b, y), rows, out, i64::cmp),
        (Cells::Flag(x), Cells::Flag(y)) => each(op, (a, x), (b, y), rows, out, bool::cmp),
        (Cells::Text(x), Cells::Text(y)) => each(op, (a, x), (b, y), rows, out, Sym::cmp),
        (Cells::Pick(x), Cells::Pick(y)) | (Cells::Row(x), Cells::Row(y)) => each(op, (a, x), (b, y), rows, out, u32::cmp),
        (Cells::Period(x), Cells::Period(y)) => each(op, (a, x), (b, y), rows, out, Period::cmp),
        (Cells::Label(x), Cells::Label(y)) => each(op, (a, x), (b, y), rows, out, |m, n| n.cmp(m)),
        _ => {
            for &row in rows {
                out[row as usize] = exact::compare(op, (&a.value(row), a_type), (&b.value(row), b_type));
            }
        }
    }
}

fn each<T>(
    op: CompareOp,
    (a, x): (View<'_>, &[T]),
    (b, y): (View<'_>, &[T]),
    rows: &[u32],
    out: &mut [bool],
    order: impl Fn(&T, &T) -> Ordering,
) {
    macro_rules! with {
        ($holds:expr) => {
            rows.iter().for_each(|&row| out[row as usize] = $holds(order(&x[a.at(row)], &y[b.at(row)])))
        };
    }
    match op {
        CompareOp::Equal => with!(Ordering::is_eq),
        CompareOp::NotEqual => with!(Ordering::is_ne),
        CompareOp::Less => with!(Ordering::is_lt),
        CompareOp::LessOrEqual => with!(Ordering::is_le),
        CompareOp::Greater => with!(Ordering::is_gt),
        CompareOp::GreaterOrEqual => with!(Ordering::is_ge),
    }
}

/// Arithmetic.
pub(super) fn arith(
    batch: &Batch<'_>,
    id: ExprId,
    op: ArithOp,
    (a, a_type): Operand<'_>,
    (b, b_type): Operand<'_>,
    rows: &[u32],
    out: &mut Column,
) {
    let kind = batch.engine.model.ty(id).kind;
    let (Cells::Num(x), Cells::Num(y)) = (&a.column.cells, &b.column.cells) else {
        for &row in rows {
            let result = exact::arith(op, (&a.value(row), a_type), (&b.value(row), b_type), kind);
            put(out, row, result.map_or_else(|kind| batch.fault(id, row, kind), Cell::from));
        }
        return;
    };
    let scale = |ty: Type| ty.scale().unwrap_or(0);
    let (sa, sb, so) = (scale(a_type), scale(b_type), scale(kind));
    let some = |result: Result<i128, FaultKind>| result.map(Some);
    let run = |out: &mut Column, calculate: &dyn Fn(i128, i128) -> Result<Option<i128>, FaultKind>| {
        for &row in rows {
            match calculate(x[a.at(row)], y[b.at(row)]) {
                Ok(Some(n)) => number(out)[row as usize] = n,
                Ok(None) => put(out, row, Cell::Missing),
                Err(kind) => put(out, row, batch.fault(id, row, kind)),
            }
        }
    };
    match op {
        ArithOp::Add => run(out, &|x, y| some(exact::add(x, sa, y, sb, so))),
        ArithOp::Subtract => run(out, &|x, y| some(exact::add(x, sa, -y, sb, so))),
        ArithOp::Multiply => run(out, &|x, y| some(exact::multiply(x, sa, y, sb, so))),
        ArithOp::Divide => run(out, &|x, y| exact::divide(x, sa, y, sb, so)),
    }
}

fn number(out: &mut Column) -> &mut [i128] {
    match &mut out.cells {
        Cells::Num(numbers) => numbers,
        other => unreachable!("a calculation gives a number, not this column of {} rows", other.len()),
    }
}

/// `-a`.
pub(super) fn negate(batch: &Batch<'_>, id: ExprId, a: View<'_>, rows: &[u32], out: &mut Column) {
    for &row in rows {
        put(out, row, exact::negate(&a.value(row)).map_or_else(|kind| batch.fault(id, row, kind), Cell::Known));
    }
}

/// A number at another scale.
pub(super) fn rescale(batch: &Batch<'_>, id: ExprId, (from, to): (Type, Type), a: View<'_>, rows: &[u32], out: &mut Column) {
    for &row in rows {
        let result = exact::rescale_value(&a.value(row), from, to);
        put(out, row, result.map_or_else(|kind| batch.fault(id, row, kind), Cell::Known));
    }
}

/// Whether values are among these.
pub(super) fn one_of(values: &[Value], a: View<'_>, rows: &[u32], out: &mut Column) {
    macro_rules! among {
        ($kind:ident, $cells:expr) => {{
            let wanted: Vec<_> = values.iter().filter_map(|v| if let Value::$kind(x) = v { Some(*x) } else { None }).collect();
            let out = flags(out);
            if wanted.len() <= 8 {
                rows.iter().for_each(|&row| out[row as usize] = wanted.contains(&$cells[a.at(row)]));
            } else {
                let wanted: FxHashSet<_> = wanted.into_iter().collect();
                rows.iter().for_each(|&row| out[row as usize] = wanted.contains(&$cells[a.at(row)]));
            }
        }};
    }
    match &a.column.cells {
        Cells::Num(v) => among!(Num, v),
        Cells::Text(v) => among!(Text, v),
        Cells::Date(v) => among!(Date, v),
        Cells::Time(v) => among!(Time, v),
        Cells::Duration(v) => among!(Duration, v),
        Cells::Flag(v) => among!(Flag, v),
        Cells::Pick(v) => among!(Pick, v),
        Cells::Row(v) => among!(Row, v),
        Cells::Period(v) => among!(Period, v),
        Cells::Label(v) => among!(Label, v),
        Cells::Labels(_) => rows.iter().for_each(|&row| flags(out)[row as usize] = values.contains(&a.value(row))),
    }
}

/// Whether texts are in a list.
pub(super) fn in_list(list: &FxHashSet<Sym>, a: View<'_>, rows: &[u32], out: &mut Column) {
    let Cells::Text(texts) = &a.column.cells else { unreachable!("a list holds texts") };
    let out = flags(out);
    rows.iter().for_each(|&row| out[row as usize] = list.contains(&texts[a.at(row)]));
}

/// Whether labels have one of the codes.
pub(super) fn label_in(codes: &[u32], a: View<'_>, rows: &[u32], out: &mut Column) {
    let out = flags(out);
    match &a.column.cells {
        Cells::Label(labels) => rows.iter().for_each(|&row| out[row as usize] = codes.contains(&labels[a.at(row)].code)),
        Cells::Labels(labels) => {
            for &row in rows {
                out[row as usize] = labels[a.at(row)].iter().any(|label| codes.contains(&label.code));
            }
        }
        other => unreachable!("only labels have codes, not this column of {} rows", other.len()),
    }
}

/// The row that gave a label.
pub(super) fn label_row(code: u32, a: View<'_>, rows: &[u32], out: &mut Column) {
    for &row in rows {
        let labels = match &a.column.cells {
            Cells::Label(labels) => std::slice::from_ref(&labels[a.at(row)]),
            Cells::Labels(labels) => &labels[a.at(row)],
            other => unreachable!("only labels have rows, not this column of {} rows", other.len()),
        };
        let found = labels.iter().find(|label| label.code == code);
        put(out, row, found.map(|label| Value::Row(label.row)).into());
    }
}

/// Whether days lie in periods.
pub(super) fn in_period(batch: &Batch<'_>, id: ExprId, day: View<'_>, period: View<'_>, rows: &[u32], out: &mut Column) {
    let calendar = &batch.engine.model.settings.calendar;
    let (Cells::Date(days), Cells::Period(periods)) = (&day.column.cells, &period.column.cells) else {
        unreachable!("a day lies in a period")
    };
    // Neighbouring rows mostly ask for one period.
    let mut last: Option<(Period, Option<(Date, Date)>)> = None;
    for &row in rows {
        let wanted = periods[period.at(row)];
        let bounds = match last {
            Some((period, bounds)) if period == wanted => bounds,
            _ => calendar.bounds(wanted),
        };
        last = Some((wanted, bounds));
        let day = days[day.at(row)];
        match bounds {
            Some((first, last)) => flags(out)[row as usize] = first.0 <= day && day <= last.0,
            None => put(out, row, batch.fault(id, row, FaultKind::DateRange)),
        }
    }
}

/// A part of a split amount.
pub(super) fn split(batch: &Batch<'_>, id: ExprId, shares: &[Decimal], index: usize, total: View<'_>, rows: &[u32], out: &mut Column) {
    let Cells::Num(totals) = &total.column.cells else { unreachable!("an amount is a number") };
    for &row in rows {
        let parts = exact::split(totals[total.at(row)], shares);
        put(out, row, parts.map_or_else(|kind| batch.fault(id, row, kind), |parts| Cell::Known(Value::Num(parts[index]))));
    }
}
