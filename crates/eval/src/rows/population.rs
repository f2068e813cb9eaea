//! Facts about a row's place in its population, for all rows at once.

use super::{Nothing, Walk};
use ethnum::I256;
use kamrules_base::Decimal;
use kamrules_base::decimal::pow10;
use kamrules_model::arith::{self, Sum};
use kamrules_model::{Cell, ExprId, FaultKind, PopulationFact, PopulationOp, Type, Value};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::rc::Rc;

/// What a fact is for a row.
pub fn value(walk: &Walk<'_>, expr: ExprId, row: u32, fact: &PopulationFact) -> Cell {
    let known = walk.populations.borrow().get(&expr).cloned();
    let facts = known.unwrap_or_else(|| {
        let facts = Rc::new(of_all(walk, expr, fact));
        walk.populations.borrow_mut().insert(expr, facts.clone());
        facts
    });
    facts[row as usize].clone()
}

// A row in its population.
struct Member {
    row: u32,
    value: Value,
}

fn of_all(walk: &Walk<'_>, expr: ExprId, fact: &PopulationFact) -> Vec<Cell> {
    let rows = walk.book.table(fact.entity).rows;
    let mut groups: FxHashMap<Option<Value>, Vec<Member>> = FxHashMap::default();
    let (mut fault, mut unset) = (None, None);
    let mut out = vec![Cell::Missing; rows];
    for row in 0..rows as u32 {
        match member(walk, fact, row) {
            Ok((within, value)) => groups.entry(within).or_default().push(Member { row, value }),
            Err(Nothing::Missing) => {}
            Err(Nothing::Fault(found)) => fault = Some(fault.map_or(found, |least: kamrules_model::Fault| least.min(found))),
            Err(Nothing::Unset(field)) => {
                unset = unset.or(Some(field));
                out[row as usize] = Cell::Unset(field);
            }
        }
    }
    if let Some(fault) = fault {
        return vec![Cell::Fault(fault); rows];
    }
    let ty = walk.model.ty(fact.value).kind;
    for members in groups.values() {
        for (member, cell) in members.iter().zip(of_group(walk, expr, fact, ty, members)) {
            out[member.row as usize] = unset.map_or(cell, Cell::Unset);
        }
    }
    out
}

fn member(walk: &Walk<'_>, fact: &PopulationFact, row: u32) -> Result<(Option<Value>, Value), Nothing> {
    if let Some(population) = fact.population
        && Nothing::of(walk.value(population, row))? != Value::Flag(true)
    {
        return Err(Nothing::Missing);
    }
    let value = Nothing::of(walk.value(fact.value, row));
    let within = fact.within.map(|within| Nothing::of(walk.value(within, row))).transpose();
    match (value, within) {
        (Ok(value), Ok(within)) => Ok((within, value)),
        (Err(a), Err(b)) => Err(a.with(b)),
        (Err(nothing), Ok(_)) | (Ok(_), Err(nothing)) => Err(nothing),
    }
}

fn of_group(walk: &Walk<'_>, expr: ExprId, fact: &PopulationFact, ty: Type, members: &[Member]) -> Vec<Cell> {
    let ascending = matches!(fact.op, PopulationOp::Bottom | PopulationOp::Last);
    let ahead = |a: &Value, b: &Value| {
        let ordering = arith::order((a, ty), (b, ty));
        if ascending { ordering } else { ordering.reverse() }
    };
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by(|&a, &b| ahead(&members[a].value, &members[b].value));
    let total = members.iter().map(|member| number(&member.value)).fold(Sum::default(), add);
    let positive = members.iter().map(|member| number(&member.value).max(0)).fold(Sum::default(), add);
    let mut out = vec![Cell::Missing; members.len()];
    // What comes strictly before the rows that stand alike, as a count and as a sum of what is above zero.
    let (mut count, mut sum) = (0_u64, Sum::default());
    for tied in order.chunk_by(|&a, &b| ahead(&members[a].value, &members[b].value) == Ordering::Equal) {
        let value = &members[tied[0]].value;
        let scale = ty.scale().unwrap_or(0);
        let cell = match fact.op {
            PopulationOp::Rank => Ok(Some(Value::Num(i128::from(count) + 1))),
            PopulationOp::ShareOfTotal => share(number(value), total, scale),
            PopulationOp::Top | PopulationOp::Bottom => Ok(Some(Value::Flag(few(count, members.len(), fact)))),
            PopulationOp::First | PopulationOp::Last => Ok(Some(Value::Flag(small(sum, positive, scale, fact)))),
        };
        for &i in tied {
            out[i] = walk.known_or_fault(expr, members[i].row, cell.clone());
            count += 1;
            sum = add(sum, number(&members[i].value).max(0));
        }
    }
    out
}

// The number; what has none (a day is ranked as well) adds nothing.
fn number(value: &Value) -> i128 {
    match value {
        Value::Num(n) => *n,
        _ => 0,
    }
}

fn add(mut sum: Sum, n: i128) -> Sum {
    sum.add(n);
    sum
}

fn share(value: i128, total: Sum, scale: u8) -> Result<Option<Value>, FaultKind> {
    let share = arith::divide(value, scale, total.total()?, scale, arith::DIVIDE_SCALE)?;
    Ok(share.map(Value::Num))
}

// Whether a number of rows is under the amount.
fn few(count: u64, rows: usize, fact: &PopulationFact) -> bool {
    let whole = if fact.percent { rows as i128 } else { 1 };
    under(I256::from(count), 0, fact.amount, I256::from(whole))
}

// Whether a sum is under the amount.
fn small(sum: Sum, positive: Sum, scale: u8, fact: &PopulationFact) -> bool {
    if fact.percent { under(sum.exact(), 0, fact.amount, positive.exact()) } else { under(sum.exact(), scale, fact.amount, I256::ONE) }
}

// part / 10^scale < amount × whole, the amount without zeros at its end so that nothing comes near 256 bits.
fn under(part: I256, scale: u8, amount: Decimal, whole: I256) -> bool {
    let amount = amount.normal();
    let left = part.saturating_mul(I256::from(pow10(u32::from(amount.scale))));
    left < I256::from(amount.units).saturating_mul(whole).saturating_mul(I256::from(pow10(u32::from(scale))))
}
