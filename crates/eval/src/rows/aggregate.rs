//! Aggregates over a row's own rows, or over all.

use super::gather::{self, Group, Place, Wanted};
use super::{Nothing, Walk};
use kamrules_model::arith::{self, Sum};
use kamrules_model::{AggOp, Aggregate, Cell, Duration, ExprId, FaultKind, Type, Value};
use std::cmp::Ordering;

/// What a group of rows gives; a fault of the aggregate itself is at the row that asks.
#[derive(Debug, Clone)]
pub enum Outcome {
    Cell(Cell),
    Fault(FaultKind),
}

/// What an aggregate is for a row.
pub fn value(walk: &Walk<'_>, expr: ExprId, row: u32, aggregate: &Aggregate) -> Cell {
    let outcome = match gather::own(walk, Place::Aggregate(expr), wanted(aggregate), row) {
        Err(nothing) => return nothing.into(),
        Ok(None) => of_rows(walk, expr, aggregate, Group::default()),
        Ok(Some((key, group))) => {
            let place = (expr, key);
            let known = walk.aggregates.borrow().get(&place).cloned();
            known.unwrap_or_else(|| {
                let outcome = of_rows(walk, expr, aggregate, group);
                walk.aggregates.borrow_mut().insert(place, outcome.clone());
                outcome
            })
        }
    };
    match outcome {
        Outcome::Cell(cell) => cell,
        Outcome::Fault(kind) => Cell::Fault(walk.fault(expr, row, kind)),
    }
}

/// The rows that an aggregate wants.
pub fn wanted(aggregate: &Aggregate) -> Wanted<'_> {
    Wanted { rows: aggregate.rows, keys: &aggregate.keys, filter: aggregate.filter, guard: aggregate.guard }
}

// A row's part in an aggregate.
struct Part {
    row: u32,
    value: Value,
    order: Option<Value>,
}

fn of_rows(walk: &Walk<'_>, expr: ExprId, aggregate: &Aggregate, mut group: Group) -> Outcome {
    let rows = std::mem::take(&mut group.rows);
    let parts: Vec<Part> = rows.into_iter().filter_map(|row| part(walk, aggregate, row, &mut group)).collect();
    if let Some(fault) = group.fault {
        return Outcome::Cell(Cell::Fault(fault));
    }
    if let Some(field) = group.unset {
        return Outcome::Cell(decided(aggregate.op, &parts).unwrap_or(Cell::Unset(field)));
    }
    match compute(walk, expr, aggregate, &parts) {
        Ok(value) => Outcome::Cell(value.into()),
        Err(kind) => Outcome::Fault(kind),
    }
}

fn part(walk: &Walk<'_>, aggregate: &Aggregate, row: u32, group: &mut Group) -> Option<Part> {
    let mut take = |expr: ExprId| Nothing::of(walk.value(expr, row)).map_err(|nothing| group.note(nothing)).ok();
    let value = aggregate.value.map_or(Some(Value::Row(row)), &mut take);
    let order = aggregate.order.map(take);
    Some(Part { row, value: value?, order: order.map_or(Some(None), |order| order.map(Some))? })
}

// `any` and `every` may be sure whatever a test left out.
fn decided(op: AggOp, parts: &[Part]) -> Option<Cell> {
    let found = |yes: bool| parts.iter().any(|part| part.value == Value::Flag(yes));
    match op {
        AggOp::Any if found(true) => Some(Cell::flag(true)),
        AggOp::Every if found(false) => Some(Cell::flag(false)),
        _ => None,
    }
}

fn compute(walk: &Walk<'_>, expr: ExprId, aggregate: &Aggregate, parts: &[Part]) -> Result<Option<Value>, FaultKind> {
    let out = walk.model.ty(expr).kind;
    let ty = aggregate.value.map_or(Type::INTEGER, |value| walk.model.ty(value).kind);
    let yes = || parts.iter().filter(|part| part.value == Value::Flag(true)).count();
    let shown =
        |number: Option<i128>, scale: u8| number.map(|n| arith::rescale_value(&Value::Num(n), out.with_scale(scale), out)).transpose();
    match aggregate.op {
        AggOp::Count => Ok(Some(Value::Num(parts.len() as i128))),
        AggOp::Sum => sum(parts, ty, out).map(Some),
        AggOp::Average => shown(arith::average(total(parts), parts.len() as u64, ty.scale().unwrap_or(0))?, arith::DIVIDE_SCALE),
        AggOp::Median => {
            let mut numbers: Vec<i128> = parts.iter().map(|part| number(&part.value)).collect();
            numbers.sort_unstable();
            shown(arith::median(&numbers, ty.scale().unwrap_or(0))?, arith::DIVIDE_SCALE)
        }
        AggOp::Min => Ok(extreme(parts, ty, Ordering::Less)),
        AggOp::Max => Ok(extreme(parts, ty, Ordering::Greater)),
        AggOp::Any => Ok(Some(Value::Flag(yes() > 0))),
        AggOp::Every => Ok(Some(Value::Flag(yes() == parts.len()))),
        AggOp::Share => {
            let share = arith::divide(yes() as i128, 0, parts.len() as i128, 0, arith::DIVIDE_SCALE)?;
            shown(share, arith::DIVIDE_SCALE)
        }
        AggOp::Only => match parts {
            [] => Ok(None),
            [first, rest @ ..] if rest.iter().all(|part| part.value == first.value) => Ok(Some(first.value.clone())),
            _ => Err(FaultKind::SeveralValues),
        },
        AggOp::First => Ok(parts.iter().min_by(|a, b| before(walk, aggregate, a, b)).map(|part| part.value.clone())),
        AggOp::Last => Ok(parts.iter().max_by(|a, b| before(walk, aggregate, a, b)).map(|part| part.value.clone())),
    }
}

fn number(value: &Value) -> i128 {
    match value {
        Value::Num(n) => *n,
        other => unreachable!("only numbers are added up: {other:?}"),
    }
}

fn total(parts: &[Part]) -> Sum {
    let mut sum = Sum::default();
    parts.iter().for_each(|part| sum.add(number(&part.value)));
    sum
}

fn sum(parts: &[Part], ty: Type, out: Type) -> Result<Value, FaultKind> {
    if !matches!(ty, Type::Duration(_)) {
        return arith::rescale_value(&Value::Num(total(parts).total()?), ty, out);
    }
    let (mut months, mut days, mut seconds) = (0_i128, 0_i128, 0_i128);
    for part in parts {
        let Value::Duration(duration) = part.value else { unreachable!("it is a duration") };
        months += i128::from(duration.months);
        days += i128::from(duration.days);
        seconds += i128::from(duration.seconds);
    }
    let small = |n: i128| i32::try_from(n).map_err(|_| FaultKind::Overflow);
    let seconds = i64::try_from(seconds).map_err(|_| FaultKind::Overflow)?;
    Ok(Value::Duration(Duration { months: small(months)?, days: small(days)?, seconds }))
}

// Of values that stand alike the first.
fn extreme(parts: &[Part], ty: Type, wanted: Ordering) -> Option<Value> {
    let mut best: Option<&Value> = None;
    for part in parts {
        if best.is_none_or(|best| arith::order((&part.value, ty), (best, ty)) == wanted) {
            best = Some(&part.value);
        }
    }
    best.cloned()
}

fn before(walk: &Walk<'_>, aggregate: &Aggregate, a: &Part, b: &Part) -> Ordering {
    let ty = aggregate.order.map_or(Type::Unknown, |order| walk.model.ty(order).kind);
    let by_value = match (&a.order, &b.order) {
        (Some(a), Some(b)) => arith::order((a, ty), (b, ty)),
        _ => Ordering::Equal,
    };
    by_value.then_with(|| walk.book.key_order(walk.model, aggregate.rows, a.row, b.row))
}
