//! `ultimate`: the last row that a chain of references reaches.

use super::engine::Engine;
use super::vector::{blank, put};
use kamrules_model::{Cell, Column, ExprId, Fault, FaultKind, Value};

/// Follows a reference from every row, each row once.
pub(super) fn ultimate(engine: &Engine<'_>, id: ExprId, reference: ExprId) -> Column {
    let ctx = engine.plan.ctx[reference.index()];
    let rows = engine.rows(ctx);
    let entity = ctx.entity();
    let view = engine.view(reference);
    let mut ends: Vec<Option<Cell>> = vec![None; rows];
    let mut on_path = vec![false; rows];
    for start in 0..rows as u32 {
        let (mut path, mut at) = (Vec::new(), start);
        let end = loop {
            if let Some(end) = &ends[at as usize] {
                break Some(end.clone());
            }
            if std::mem::replace(&mut on_path[at as usize], true) {
                break None;
            }
            path.push(at);
            match view.get(at) {
                Cell::Known(Value::Row(next)) => at = next,
                Cell::Missing => break Some(Cell::Known(Value::Row(at))),
                other => break Some(other),
            }
        };
        for row in path {
            on_path[row as usize] = false;
            ends[row as usize] = Some(match &end {
                // A circle has no end: each row on it, or leading into it, is at fault itself.
                None => Cell::Fault(Fault { entity, row, kind: FaultKind::Circle, expr: id }),
                Some(Cell::Fault(fault)) if fault.kind == FaultKind::Circle && fault.expr == id => {
                    Cell::Fault(Fault { entity, row, kind: FaultKind::Circle, expr: id })
                }
                Some(end) => end.clone(),
            });
        }
    }
    let mut out = blank(engine.model.ty(id).kind, rows);
    ends.into_iter().zip(0..).for_each(|(end, row)| put(&mut out, row, end.unwrap_or(Cell::Missing)));
    out
}
