//! Facts about a row's place in its population.

use super::engine::Engine;
use super::group::worsen;
use super::vector::{View, blank, first_trouble, put};
use ethnum::I256;
use kamrules_base::decimal::pow10;
use kamrules_model::arith::{self, Sum};
use kamrules_model::{Cell, Column, Ctx, ExprId, Fault, FaultKind, PopulationFact, PopulationOp, Type, Value};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// Computes a fact for every row of its entity.
pub(super) fn population(engine: &Engine<'_>, id: ExprId, fact: &PopulationFact) -> Column {
    let rows = engine.rows(Ctx::Entity(fact.entity));
    let kind = engine.model.ty(id).kind;
    let mut out = blank(kind, rows);
    let groups = match members(engine, fact, rows) {
        Ok(groups) => groups,
        Err(fault) => {
            (0..rows as u32).for_each(|row| put(&mut out, row, Cell::Fault(fault)));
            return out;
        }
    };
    let mut inside = vec![false; rows];
    for group in groups {
        group.iter().for_each(|&row| inside[row as usize] = true);
        for (row, result) in place(engine, fact, group, kind) {
            let fault = |kind| Cell::Fault(Fault { entity: Some(fact.entity), row, kind, expr: id });
            put(&mut out, row, result.unwrap_or_else(fault));
        }
    }
    (0..rows as u32).filter(|&row| !inside[row as usize]).for_each(|row| put(&mut out, row, Cell::Missing));
    out
}

/// The rows of the population, those with the same `within` together.
fn members(engine: &Engine<'_>, fact: &PopulationFact, rows: usize) -> Result<Vec<Vec<u32>>, Fault> {
    let population = fact.population.map(|id| engine.view(id));
    let used: Vec<View<'_>> = [fact.value].into_iter().chain(fact.within).map(|id| engine.view(id)).collect();
    let (mut poison, mut kept) = (None, Vec::new());
    for row in 0..rows as u32 {
        let asked = population.and_then(|view| view.trouble(row).or_else(|| (!view.flag(row)).then_some(Cell::Missing)));
        match asked.or_else(|| first_trouble(&used, row)) {
            None => kept.push(row),
            Some(cell) => worsen(&mut poison, &cell),
        }
    }
    let Some(within) = fact.within.map(|id| engine.view(id)) else { return poison.map_or(Ok(vec![kept]), Err) };
    let mut groups: Vec<Vec<u32>> = Vec::new();
    let mut index: FxHashMap<Value, usize> = FxHashMap::default();
    for row in kept {
        let at = *index.entry(within.value(row)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[at].push(row);
    }
    poison.map_or(Ok(groups), Err)
}

type Placed = Vec<(u32, Result<Cell, FaultKind>)>;

/// The fact for the rows of one population.
fn place(engine: &Engine<'_>, fact: &PopulationFact, mut rows: Vec<u32>, kind: Type) -> Placed {
    let (view, ty) = (engine.view(fact.value), engine.model.ty(fact.value).kind);
    if fact.op == PopulationOp::ShareOfTotal {
        return shares(view, ty, &rows, kind);
    }
    let upward = matches!(fact.op, PopulationOp::Bottom | PopulationOp::Last);
    let compare = |a: u32, b: u32| {
        let order = arith::order((&view.value(a), ty), (&view.value(b), ty));
        if upward { order } else { order.reverse() }
    };
    rows.sort_by(|&a, &b| compare(a, b));
    let limit = Limit { fact, count: rows.len(), scale: ty.scale().unwrap_or(0), total: positive_total(fact, view, &rows) };
    let (mut out, mut before, mut at) = (Placed::with_capacity(rows.len()), Sum::default(), 0);
    while at < rows.len() {
        let ties = rows[at..].iter().take_while(|&&row| compare(row, rows[at]) == Ordering::Equal).count();
        let tied = &rows[at..at + ties];
        let cell = match fact.op {
            PopulationOp::Rank => Cell::Known(Value::Num(at as i128 + 1)),
            PopulationOp::Top | PopulationOp::Bottom => Cell::flag(limit.holds_rows(at)),
            PopulationOp::First | PopulationOp::Last => Cell::flag(limit.holds_sum(before)),
            PopulationOp::ShareOfTotal => unreachable!("shares need no order"),
        };
        out.extend(tied.iter().map(|&row| (row, Ok(cell.clone()))));
        if matches!(fact.op, PopulationOp::First | PopulationOp::Last) {
            tied.iter().for_each(|&row| before.add(units(view, row).max(0)));
        }
        at += ties;
    }
    out
}

fn units(view: View<'_>, row: u32) -> i128 {
    match view.value(row) {
        Value::Num(units) => units,
        other => unreachable!("only numbers and money have a total, not {other:?}"),
    }
}

fn positive_total(fact: &PopulationFact, view: View<'_>, rows: &[u32]) -> Sum {
    let mut total = Sum::default();
    if matches!(fact.op, PopulationOp::First | PopulationOp::Last) {
        rows.iter().for_each(|&row| total.add(units(view, row).max(0)));
    }
    total
}

fn shares(view: View<'_>, ty: Type, rows: &[u32], kind: Type) -> Placed {
    let mut total = Sum::default();
    rows.iter().for_each(|&row| total.add(units(view, row)));
    let (scale, out) = (ty.scale().unwrap_or(0), kind.scale().unwrap_or(arith::DIVIDE_SCALE));
    let share = |row: u32| {
        let share = arith::divide(units(view, row), scale, total.total()?, scale, out)?;
        Ok(share.map(Value::Num).into())
    };
    rows.iter().map(|&row| (row, share(row))).collect()
}

/// How far down the order rows belong.
struct Limit<'f> {
    fact: &'f PopulationFact,
    count: usize,
    scale: u8,
    total: Sum,
}

impl Limit<'_> {
    /// Whether a row belongs before which this many rows come.
    fn holds_rows(&self, before: usize) -> bool {
        let of = if self.fact.percent { self.count as i128 } else { 1 };
        let amount = self.fact.amount;
        I256::from(before as i128) * I256::from(pow10(amount.scale.into())) < I256::from(amount.units) * I256::from(of)
    }

    /// Whether a row belongs before which rows of this total come.
    fn holds_sum(&self, before: Sum) -> bool {
        let amount = self.fact.amount;
        let before = before.exact() * I256::from(pow10(amount.scale.into()));
        let of = if self.fact.percent { self.total.exact() } else { I256::from(pow10(self.scale.into())) };
        before < I256::from(amount.units) * of
    }
}
