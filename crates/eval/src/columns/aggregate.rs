//! Aggregates: one pass over the inner rows gives a result per group, which the outer rows look up by their keys.

use super::batch::Batch;
use super::engine::Engine;
use super::group::{self, Grouping, NONE, worsen};
use super::vector::{View, first_trouble, put};
use kamrules_model::arith::{self, Sum};
use kamrules_model::{AggOp, Aggregate, Cell, Cells, Column, Ctx, Duration, ExprId, Fault, FaultKind, Type, Value};
use std::cmp::Ordering;
use std::sync::Arc;

/// An aggregate by group.
pub(super) struct Aggregated {
    grouping: Arc<Grouping>,
    /// A fault of one of the rows, or the result; a fault of the result is one of the row that asks.
    groups: Vec<Result<Result<Cell, FaultKind>, Fault>>,
    /// What it is over no rows.
    nothing: Cell,
    /// A fault in a key may belong to any group.
    poison: Option<Fault>,
}

impl Aggregated {
    fn of_nothing(&self) -> Cell {
        self.nothing.clone()
    }

    fn of(&self, views: &[View<'_>], row: u32) -> Result<Cell, FaultKind> {
        let group = self.grouping.find(views, row).map(|group| &self.groups[group as usize]);
        let own = group.and_then(|group| group.as_ref().err().copied());
        if let Some(fault) = self.poison.into_iter().chain(own).min() {
            return Ok(Cell::Fault(fault));
        }
        match group {
            Some(Ok(result)) => result.clone(),
            _ => Ok(self.of_nothing()),
        }
    }
}

impl Batch<'_> {
    /// Looks up an aggregate for rows: first the guard, then the outer keys.
    pub(super) fn aggregate(&mut self, id: ExprId, aggregate: &Aggregate, rows: &[u32], out: &mut Column) {
        let done = &self.engine.aggregates[&id];
        let mut rows = rows.to_vec();
        if let Some(guard) = aggregate.guard {
            self.ensure(guard, &rows);
            let view = self.view(guard);
            rows.retain(|&row| match view.trouble(row) {
                None if view.flag(row) => true,
                None | Some(Cell::Missing) => {
                    put(out, row, done.of_nothing());
                    false
                }
                Some(bad) => {
                    put(out, row, bad);
                    false
                }
            });
        }
        aggregate.keys.iter().for_each(|key| self.ensure(key.1, &rows));
        let views: Vec<View<'_>> = aggregate.keys.iter().map(|key| self.view(key.1)).collect();
        for row in rows {
            let cell = match first_trouble(&views, row) {
                Some(Cell::Missing) => done.of_nothing(),
                Some(bad) => bad,
                None => done.of(&views, row).unwrap_or_else(|kind| self.fault(id, row, kind)),
            };
            put(out, row, cell);
        }
    }
}

/// The rows that count, each with its group, and the faults among them.
struct Rows {
    of_group: Vec<(u32, u32)>,
    faults: Vec<Option<Fault>>,
    poison: Option<Fault>,
}

/// Computes an aggregate for every group of its inner rows.
pub(super) fn aggregate(engine: &Engine<'_>, id: ExprId, aggregate: &Aggregate) -> Aggregated {
    let grouping = engine.groupings[&group::key(aggregate.rows, &aggregate.keys)].clone();
    let rows = counted(engine, aggregate, &grouping);
    let types = (aggregate.value.map_or(Type::Flag, |value| engine.model.ty(value).kind), engine.model.ty(id).kind);
    let results = results(engine, aggregate, &rows.of_group, grouping.count, types);
    let groups = results.into_iter().zip(&rows.faults).map(|(result, fault)| fault.map_or(Ok(result), Err)).collect();
    Aggregated { grouping, groups, nothing: of_nothing(aggregate.op, types.0), poison: rows.poison }
}

fn of_nothing(op: AggOp, ty: Type) -> Cell {
    match op {
        AggOp::Sum if matches!(ty, Type::Duration(_)) => Cell::Known(Value::Duration(Duration::default())),
        AggOp::Count | AggOp::Sum => Cell::Known(Value::Num(0)),
        AggOp::Any => Cell::flag(false),
        AggOp::Every => Cell::flag(true),
        AggOp::Average | AggOp::Median | AggOp::Min | AggOp::Max | AggOp::Share | AggOp::Only | AggOp::First | AggOp::Last => Cell::Missing,
    }
}

/// Which rows count: first the filter, then the key, then what is ordered by and aggregated.
fn counted(engine: &Engine<'_>, aggregate: &Aggregate, grouping: &Grouping) -> Rows {
    let filter = aggregate.filter.map(|id| engine.view(id));
    let used: Vec<View<'_>> = aggregate.order.iter().chain(&aggregate.value).map(|&id| engine.view(id)).collect();
    let all_known = used.iter().all(|view| view.all_known());
    let mut out = Rows { of_group: Vec::new(), faults: vec![None; grouping.count], poison: None };
    for row in 0..engine.rows(Ctx::Entity(aggregate.rows)) as u32 {
        let mut trouble = None;
        if let Some(view) = filter {
            match view.trouble(row) {
                None if view.flag(row) => {}
                None | Some(Cell::Missing) => continue,
                bad => trouble = bad,
            }
        }
        if !grouping.faults.is_empty()
            && let Some(bad) = grouping.key_fault(row)
        {
            worsen(&mut out.poison, bad);
            if let Some(bad) = trouble {
                worsen(&mut out.poison, &bad);
            }
            continue;
        }
        let group = grouping.of_row[row as usize];
        if group == NONE {
            continue;
        }
        match trouble {
            Some(bad) => worsen(&mut out.faults[group as usize], &bad),
            None if all_known => out.of_group.push((group, row)),
            None => {
                let mut whole = true;
                for bad in used.iter().filter_map(|view| view.trouble(row)) {
                    whole = false;
                    worsen(&mut out.faults[group as usize], &bad);
                }
                if whole {
                    out.of_group.push((group, row));
                }
            }
        }
    }
    out
}

type Results = Vec<Result<Cell, FaultKind>>;

fn results(engine: &Engine<'_>, aggregate: &Aggregate, rows: &[(u32, u32)], count: usize, types: (Type, Type)) -> Results {
    let value = || engine.view(aggregate.value.expect("only `count` aggregates nothing"));
    let scale = types.0.scale().unwrap_or(0);
    match aggregate.op {
        AggOp::Count => counts(rows, count).into_iter().map(|n| Ok(Cell::Known(Value::Num(n.into())))).collect(),
        AggOp::Sum if matches!(types.0, Type::Duration(_)) => durations(value(), rows, count),
        AggOp::Sum => {
            let total = |(sum, _): (Sum, u64)| at_scale(Some(sum.total()?), scale, types.1);
            sums(value(), rows, count).into_iter().map(total).collect()
        }
        AggOp::Average => {
            let mean = |(sum, n)| at_scale(arith::average(sum, n, scale)?, arith::DIVIDE_SCALE, types.1);
            sums(value(), rows, count).into_iter().map(mean).collect()
        }
        AggOp::Median => medians(value(), rows, count, (scale, types.1)),
        AggOp::Min => best(value(), types.0, rows, count, Ordering::Less),
        AggOp::Max => best(value(), types.0, rows, count, Ordering::Greater),
        AggOp::Any => yes_of(value(), rows, count).into_iter().map(|(yes, _)| Ok(Cell::flag(yes > 0))).collect(),
        AggOp::Every => yes_of(value(), rows, count).into_iter().map(|(yes, all)| Ok(Cell::flag(yes == all))).collect(),
        AggOp::Share => {
            let share = |(yes, all): (u64, u64)| {
                let share = arith::divide(yes.into(), 0, all.into(), 0, arith::DIVIDE_SCALE)?;
                at_scale(share, arith::DIVIDE_SCALE, types.1)
            };
            yes_of(value(), rows, count).into_iter().map(share).collect()
        }
        AggOp::Only => only(value(), rows, count),
        AggOp::First => ends(engine, aggregate, value(), rows, count, Ordering::Less),
        AggOp::Last => ends(engine, aggregate, value(), rows, count, Ordering::Greater),
    }
}

/// A number at the scale of the result's type.
fn at_scale(units: Option<i128>, scale: u8, out: Type) -> Result<Cell, FaultKind> {
    let rescaled = units.map(|units| arith::rescale_value(&Value::Num(units), out.with_scale(scale), out));
    Ok(rescaled.transpose()?.into())
}

fn counts(rows: &[(u32, u32)], count: usize) -> Vec<u64> {
    let mut counts = vec![0; count];
    rows.iter().for_each(|(group, _)| counts[*group as usize] += 1);
    counts
}

fn sums(value: View<'_>, rows: &[(u32, u32)], count: usize) -> Vec<(Sum, u64)> {
    let mut sums = vec![(Sum::default(), 0); count];
    let Cells::Num(numbers) = &value.column.cells else { unreachable!("only numbers and money are summed") };
    for &(group, row) in rows {
        let (sum, n) = &mut sums[group as usize];
        sum.add(numbers[value.at(row)]);
        *n += 1;
    }
    sums
}

fn durations(value: View<'_>, rows: &[(u32, u32)], count: usize) -> Results {
    let mut sums = vec![(0_i128, 0_i128, 0_i128); count];
    let Cells::Duration(durations) = &value.column.cells else { unreachable!("they are durations") };
    for &(group, row) in rows {
        let (duration, (months, days, seconds)) = (durations[value.at(row)], &mut sums[group as usize]);
        *months += i128::from(duration.months);
        *days += i128::from(duration.days);
        *seconds += i128::from(duration.seconds);
    }
    let small = |n: i128| i32::try_from(n).map_err(|_| FaultKind::Overflow);
    let duration = |(months, days, seconds): (i128, i128, i128)| {
        let seconds = i64::try_from(seconds).map_err(|_| FaultKind::Overflow)?;
        Ok(Cell::Known(Value::Duration(Duration { months: small(months)?, days: small(days)?, seconds })))
    };
    sums.into_iter().map(duration).collect()
}

fn medians(value: View<'_>, rows: &[(u32, u32)], count: usize, (scale, out): (u8, Type)) -> Results {
    let mut lists: Vec<Vec<i128>> = vec![Vec::new(); count];
    let Cells::Num(numbers) = &value.column.cells else { unreachable!("only numbers and money have a median") };
    rows.iter().for_each(|&(group, row)| lists[group as usize].push(numbers[value.at(row)]));
    let median = |mut list: Vec<i128>| {
        list.sort_unstable();
        at_scale(arith::median(&list, scale)?, arith::DIVIDE_SCALE, out)
    };
    lists.into_iter().map(median).collect()
}

fn best(value: View<'_>, ty: Type, rows: &[(u32, u32)], count: usize, wanted: Ordering) -> Results {
    let mut best: Vec<Option<Value>> = vec![None; count];
    for &(group, row) in rows {
        let other = value.value(row);
        let best = &mut best[group as usize];
        if best.as_ref().is_none_or(|best| arith::order((&other, ty), (best, ty)) == wanted) {
            *best = Some(other);
        }
    }
    best.into_iter().map(|best| Ok(best.into())).collect()
}

fn yes_of(value: View<'_>, rows: &[(u32, u32)], count: usize) -> Vec<(u64, u64)> {
    let mut counts = vec![(0, 0); count];
    for &(group, row) in rows {
        let (yes, all) = &mut counts[group as usize];
        *yes += u64::from(value.flag(row));
        *all += 1;
    }
    counts
}

fn only(value: View<'_>, rows: &[(u32, u32)], count: usize) -> Results {
    let mut found: Results = vec![Ok(Cell::Missing); count];
    for &(group, row) in rows {
        let found = &mut found[group as usize];
        match found {
            Ok(Cell::Missing) => *found = Ok(Cell::Known(value.value(row))),
            Ok(Cell::Known(known)) if *known != value.value(row) => *found = Err(FaultKind::SeveralValues),
            _ => {}
        }
    }
    found
}

/// The value of the row that comes first or last by order, then key, then row.
fn ends(engine: &Engine<'_>, aggregate: &Aggregate, value: View<'_>, rows: &[(u32, u32)], count: usize, wanted: Ordering) -> Results {
    let order = aggregate.order.map(|id| (engine.view(id), engine.model.ty(id).kind));
    let compare = |a: u32, b: u32| {
        let by_order = order.map_or(Ordering::Equal, |(view, ty)| arith::order((&view.value(a), ty), (&view.value(b), ty)));
        by_order.then_with(|| engine.book.key_order(engine.model, aggregate.rows, a, b))
    };
    let mut best: Vec<Option<u32>> = vec![None; count];
    for &(group, row) in rows {
        let best = &mut best[group as usize];
        if best.is_none_or(|best| compare(row, best) == wanted) {
            *best = Some(row);
        }
    }
    best.into_iter().map(|row| Ok(row.map(|row| value.value(row)).into())).collect()
}
