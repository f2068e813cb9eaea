//! The groups of metrics, and their rows.

use super::engine::Engine;
use super::vector::{View, blank, put};
use crate::MetricRow;
use kamrules_model::{Cell, Column, Ctx, ExprId, LabelValue, Metric, MetricId, Type, Value, arith};
use rustc_hash::FxHashSet;
use std::cmp::Ordering;

/// The most groups that are made of every value with every other; above that only those that some row has.
const PRODUCT: usize = 10_000;

/// The groups of a metric.
pub(super) struct Domain {
    /// How many groups there are.
    pub rows: usize,
    /// Their values of each `by`.
    pub columns: Vec<Column>,
}

/// Finds the groups of a metric, in order.
pub(super) fn domain(engine: &Engine<'_>, id: MetricId) -> Domain {
    let metric = engine.model.metric(id);
    let types: Vec<Type> = metric.groups.iter().map(|&by| engine.model.ty(by).kind).collect();
    let combinations = if metric.groups.is_empty() { Vec::new() } else { combinations(engine, metric, &types) };
    let mut columns: Vec<Column> = types.iter().map(|&ty| blank(ty, combinations.len())).collect();
    for (combination, row) in combinations.iter().zip(0..) {
        columns.iter_mut().zip(combination).for_each(|(column, cell)| put(column, row, cell.clone()));
    }
    Domain { rows: combinations.len(), columns }
}

fn combinations(engine: &Engine<'_>, metric: &Metric, types: &[Type]) -> Vec<Vec<Cell>> {
    let found = found(engine, metric);
    let domains: Vec<Vec<Cell>> =
        types.iter().enumerate().map(|(i, &ty)| values(engine, ty, found.iter().map(|group| &group[i]))).collect();
    let size = domains.iter().try_fold(1_usize, |size, domain| size.checked_mul(domain.len()));
    let mut all: FxHashSet<Vec<Cell>> = found;
    if domains.len() == 1 || size.is_some_and(|size| size < PRODUCT) {
        all.extend(product(&domains));
    }
    let mut all: Vec<Vec<Cell>> = all.into_iter().collect();
    let ranks: Vec<_> = domains.iter().map(|domain| rank(domain)).collect();
    let place = |group: &Vec<Cell>| -> Vec<usize> {
        group.iter().zip(&ranks).map(|(cell, rank)| rank.get(cell).copied().unwrap_or(usize::MAX)).collect()
    };
    all.sort_by_cached_key(place);
    all
}

fn rank(domain: &[Cell]) -> rustc_hash::FxHashMap<Cell, usize> {
    domain.iter().cloned().zip(0..).collect()
}

fn product(domains: &[Vec<Cell>]) -> Vec<Vec<Cell>> {
    domains.iter().fold(vec![Vec::new()], |groups, domain| {
        let longer = |group: &Vec<Cell>| domain.iter().map(|cell| [group.clone(), vec![cell.clone()]].concat()).collect::<Vec<_>>();
        groups.iter().flat_map(longer).collect()
    })
}

/// The combinations that some row of the metric has; a row whose group cannot be said has none.
fn found(engine: &Engine<'_>, metric: &Metric) -> FxHashSet<Vec<Cell>> {
    let Some(entity) = metric.entity else { return FxHashSet::default() };
    let filter = metric.filter.map(|id| engine.view(id));
    let views: Vec<View<'_>> = metric.groups.iter().map(|&by| engine.view(by)).collect();
    let counts = |row: &u32| filter.is_none_or(|view| view.trouble(*row).is_none() && view.flag(*row));
    let group = |row: u32| views.iter().map(|view| view.get(row)).collect::<Vec<_>>();
    let sound = |group: &Vec<Cell>| group.iter().all(|cell| matches!(cell, Cell::Known(_) | Cell::Missing));
    (0..engine.rows(Ctx::Entity(entity)) as u32).filter(counts).map(group).filter(sound).collect()
}

/// The values that a group can have, in order: all of a type that has few, else those that occur.
fn values<'c>(engine: &Engine<'_>, ty: Type, found: impl Iterator<Item = &'c Cell>) -> Vec<Cell> {
    let rows = |entity| 0..engine.rows(Ctx::Entity(entity)) as u32;
    match ty {
        Type::Pick(pick) => (0..engine.model.pick(pick).values.len() as u32).map(|i| Cell::Known(Value::Pick(i))).collect(),
        Type::Row(entity) => rows(entity).map(|row| Cell::Known(Value::Row(row))).collect(),
        Type::Flag => vec![Cell::flag(true), Cell::flag(false)],
        Type::Label(set) => {
            let label = |code: u32, row| Cell::Known(Value::Label(LabelValue { code, row }));
            let labels = engine.model.set(set).labels.iter().zip(0..).filter(|(label, _)| !label.group);
            let of = |(info, code): (&kamrules_model::Label, u32)| match info.each {
                Some(entity) => rows(entity).map(|row| label(code, row)).collect(),
                None => vec![label(code, 0)],
            };
            labels.flat_map(of).collect()
        }
        _ => {
            let distinct: FxHashSet<&Value> = found.filter_map(Cell::known).collect();
            let mut distinct: Vec<Value> = distinct.into_iter().cloned().collect();
            distinct.sort_by(|a, b| shown_order(engine, a, b, ty));
            distinct.into_iter().map(Cell::Known).collect()
        }
    }
}

fn shown_order(engine: &Engine<'_>, a: &Value, b: &Value, ty: Type) -> Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => engine.book.texts.get(*a).cmp(&engine.book.texts.get(*b)),
        _ => arith::order((a, ty), (b, ty)),
    }
}

/// The rows of a metric: its groups in order, in each its periods.
pub(super) fn rows(engine: &Engine<'_>, id: MetricId) -> Vec<MetricRow> {
    let metric = engine.model.metric(id);
    let ctx = if metric.groups.is_empty() { Ctx::Policy } else { Ctx::Group(id) };
    let goal = metric.goal.map(|(op, goal)| (op, engine.column(goal, Ctx::Policy).get(0), engine.model.ty(goal).kind));
    let met = |expr: ExprId, value: &Cell| {
        let (op, goal, goal_type) = goal.as_ref()?;
        Some(arith::compare(*op, (value.known()?, engine.model.ty(expr).kind), (goal.known()?, *goal_type)))
    };
    let columns: Vec<Column> = metric.cells.iter().map(|(_, expr)| engine.column(*expr, ctx)).collect();
    let mut out = Vec::new();
    for group in 0..engine.rows(ctx) {
        let by: Vec<Cell> = match engine.domains.get(&id) {
            Some(domain) => domain.columns.iter().map(|column| column.get(group)).collect(),
            None => Vec::new(),
        };
        for ((period, expr), column) in metric.cells.iter().zip(&columns) {
            let value = column.get(group);
            out.push(MetricRow { group: by.clone(), period: *period, met: met(*expr, &value), value });
        }
    }
    out
}
