//! What sets, quotas, obligations and cadences say, out of their columns.

use super::engine::Engine;
use super::vector::{View, blank, put};
use crate::{CadenceAnswer, Conflict, ObligationAnswer, QuotaRow, QuotaStatus, SetAnswer};
use kamrules_base::Date;
use kamrules_model::{Cadence, Cell, Column, Ctx, ExprId, Obligation, Period, Quota, QuotaCell, Set, Type, Value, Version};

/// The version of a set that is in force on `today`.
pub(super) fn in_force(set: &Set, as_of: Option<Date>) -> Option<&Version> {
    match as_of {
        Some(day) => set.versions.iter().rev().find(|version| version.from.is_none_or(|from| from <= day)),
        None => set.versions.iter().rev().find(|version| version.from.is_none()).or(set.versions.first()),
    }
}

/// A set's labels, attributes and conflicts.
pub(super) fn set(engine: &Engine<'_>, set: &Set) -> SetAnswer {
    let ctx = Ctx::Entity(set.entity);
    let version = in_force(set, engine.options.as_of);
    let conflicts: Vec<Conflict> = version.and_then(|version| engine.claimed.get(&version.decision)).cloned().unwrap_or_default();
    SetAnswer {
        answer: engine.column(set.answer, ctx),
        attrs: set.attrs.iter().map(|attr| engine.column(attr.expr, ctx)).collect(),
        conflicts,
    }
}

/// A quota's rows: each holder's periods in order, then the total.
pub(super) fn quota(engine: &Engine<'_>, quota: &Quota) -> Vec<QuotaRow> {
    let cells: Vec<(&QuotaCell, bool)> =
        quota.periods.iter().map(|cell| (cell, false)).chain(quota.total.iter().map(|cell| (cell, true))).collect();
    let mut out = Vec::new();
    for holder in 0..engine.rows(Ctx::Entity(quota.holder)) as u32 {
        out.extend(cells.iter().filter_map(|(cell, total)| quota_row(engine, cell, *total, holder)));
    }
    out
}

fn quota_row(engine: &Engine<'_>, cell: &QuotaCell, total: bool, holder: u32) -> Option<QuotaRow> {
    let get = |id: Option<ExprId>| id.map_or(Cell::Missing, |id| engine.view(id).get(holder));
    if cell.applies.is_some() && !get(cell.applies).is_yes() {
        return None;
    }
    let target = get(cell.target);
    let status = status(engine, cell.period, &target);
    let begun = |id| if status == QuotaStatus::NoActuals { Cell::Missing } else { get(id) };
    let attainment = if status == QuotaStatus::NoTarget { Cell::Missing } else { begun(cell.attainment) };
    let (actual, remaining) = (begun(cell.actual), begun(cell.remaining));
    Some(QuotaRow { holder, period: cell.period, total, status, target, actual, attainment, remaining })
}

fn status(engine: &Engine<'_>, period: Period, target: &Cell) -> QuotaStatus {
    let bounds = engine.model.settings.calendar.bounds(period).zip(engine.options.as_of);
    match bounds {
        Some(((start, _), today)) if start > today => QuotaStatus::NoActuals,
        _ if matches!(target, Cell::Missing | Cell::Known(Value::Num(0))) => QuotaStatus::NoTarget,
        Some(((_, end), today)) if end > today => QuotaStatus::ToDate,
        _ => QuotaStatus::Closed,
    }
}

/// Whether an obligation is about a row: a fault says that this cannot be said.
fn asked(filter: Option<View<'_>>, row: u32) -> Cell {
    filter.map_or(Cell::flag(true), |view| view.get(row))
}

/// What an obligation finds.
pub(super) fn obligation(engine: &Engine<'_>, obligation: &Obligation) -> ObligationAnswer {
    let rows = engine.rows(obligation.entity.map_or(Ctx::Policy, Ctx::Entity));
    let (filter, holds) = (obligation.filter.map(|id| engine.view(id)), engine.view(obligation.holds));
    let mut out = ObligationAnswer::default();
    let mut column = blank(Type::Flag, rows);
    for row in 0..rows as u32 {
        let mut cell = asked(filter, row);
        if cell.is_yes() {
            out.checked += 1;
            cell = holds.get(row);
            if matches!(cell, Cell::Known(Value::Flag(false)) | Cell::Missing) {
                out.failed.push(row);
            }
        } else if cell.known().is_some() {
            cell = Cell::Missing;
        }
        if let Cell::Fault(fault) = cell {
            out.faults.push((row, fault));
        }
        put(&mut column, row, cell);
    }
    out.holds = obligation.entity.is_some().then_some(column);
    out
}

/// What a cadence finds.
pub(super) fn cadence(engine: &Engine<'_>, cadence: &Cadence) -> CadenceAnswer {
    let rows = engine.rows(Ctx::Entity(cadence.entity));
    let (filter, due) = (cadence.filter.map(|id| engine.view(id)), engine.view(cadence.due));
    let mut column: Column = blank(Type::Date, rows);
    let (mut due_rows, mut overdue_rows) = (Vec::new(), Vec::new());
    for row in 0..rows as u32 {
        let cell = match asked(filter, row) {
            Cell::Known(Value::Flag(true)) => due.get(row),
            Cell::Known(_) => Cell::Missing,
            other => other,
        };
        if let (Cell::Known(Value::Date(day)), Some(today)) = (&cell, engine.options.as_of) {
            if *day <= today.0 {
                due_rows.push(row);
            }
            if *day < today.0 {
                overdue_rows.push(row);
            }
        }
        put(&mut column, row, cell);
    }
    CadenceAnswer { due: column, due_rows, overdue_rows }
}
