//! Makes an example a row and sees whether the evaluator agrees that it is one.

use super::tables::{Tables, moved};
use crate::Policy;
use kamrules_base::Date;
use kamrules_eval::rows::{Trace, Walk};
use kamrules_model::{Book, Cell, DecisionId, Duration, DurationKind, EntityId, ExprId, FieldId, Model, Node, Type, Value};
use kamrules_prove::{Example, Held, Place, Verdict, What};

/// More fields than these no example needs.
const MOST_FIELDS: usize = 64;

/// What came of a replay.
pub(super) struct Replayed {
    /// Whether the evaluator finds the same.
    pub agrees: bool,
    /// The fields that have to be said for that, with their values; those of the row itself, then those of rows it refers to.
    pub fields: Vec<(FieldId, Cell)>,
    /// Defines and decisions whose value is said.
    pub pins: Vec<(ExprId, Cell)>,
    /// Whether all of the example can be said in a test.
    pub sayable: bool,
    /// The texts of the values.
    pub book: Book,
}

// The rows of an example while they are being made.
struct Rows<'a> {
    model: &'a Model,
    book: Book,
    // By path the entity and the row at its end.
    made: Vec<(Vec<ExprId>, EntityId, u32)>,
    pins: Vec<(ExprId, u32, Cell)>,
    sayable: bool,
}

/// Replays an example: first with every other field left out, and as long as the answer hangs on such a field, with a plain value
/// for it.
pub(super) fn replay(policy: &Policy, tables: &Tables, verdict: &Verdict, example: &Example) -> Replayed {
    let model = policy.model();
    let mut extra: Vec<(FieldId, Cell)> = Vec::new();
    let mut broken = false;
    loop {
        let mut rows = Rows { model, book: copy(tables, model), made: Vec::new(), pins: Vec::new(), sayable: true };
        let at = example.entity.map(|entity| rows.row(entity)).unwrap_or(0);
        if let Some(entity) = example.entity {
            rows.made.push((Vec::new(), entity, at));
        }
        for (place, held) in &example.values {
            rows.hold(place, held);
        }
        for (field, cell) in &extra {
            rows.fill(*field, cell.clone());
        }
        let mut walk = Walk::new(model, &rows.book, model.settings.as_of);
        for (expr, row, cell) in &rows.pins {
            walk.pin(*expr, *row, cell.clone());
        }
        // Of the example itself: plain values that stand in for others may break a fact.
        broken |= extra.is_empty() && breaks_a_fact(&walk, &rows.made);
        let trace = walk.trace(verdict.decision, at);
        let reached =
            outer(model, verdict.decision).is_none_or(|outer| outer == verdict.decision || finds(&walk.trace(outer, at), verdict.decision));
        let unset = trace_unset(&trace);
        if let (Some(field), true) = (unset, extra.len() < MOST_FIELDS)
            && !extra.iter().any(|(known, _)| *known == field)
        {
            let cell = plain(model, &rows.book, field);
            extra.push((field, cell));
            continue;
        }
        let agrees = reached && agrees(&trace, &verdict.what) && !broken;
        let mut fields = Vec::new();
        for (_, entity, row) in &rows.made {
            for index in 0..model.entity(*entity).fields.len() as u32 {
                let field = FieldId { entity: *entity, index };
                match rows.book.cell(field, *row) {
                    Cell::Unset(_) | Cell::Fault(_) => {}
                    cell => fields.push((field, cell)),
                }
            }
        }
        // A reference that a test leaves out is the row above: of two rows of one entity it cannot say which.
        let twice = rows.made.iter().enumerate().any(|(i, (_, entity, _))| rows.made[..i].iter().any(|(_, other, _)| other == entity));
        rows.sayable &= !twice;
        let pins = rows.pins.iter().map(|(expr, _, cell)| (*expr, cell.clone())).collect();
        return Replayed { agrees, fields, pins, sayable: rows.sayable, book: rows.book };
    }
}

fn copy(tables: &Tables, model: &Model) -> Book {
    let mut book = tables.book.clone();
    // Texts that the prover thought of are new to the book.
    let _ = model;
    book.tables.iter_mut().for_each(|table| table.source_rows.clear());
    book
}

/// The decision of the set's version in which a decision is nested.
fn outer(model: &Model, id: DecisionId) -> Option<DecisionId> {
    let set = model.decision(id).set?;
    model.set(set).versions.iter().map(|version| version.decision).find(|&top| holds(model, top, id))
}

/// Whether a decision is another or nested in it.
pub(super) fn holds(model: &Model, top: DecisionId, id: DecisionId) -> bool {
    top == id
        || model.decision(top).rungs.iter().any(|rung| match rung.outcome {
            kamrules_model::Outcome::Nested(inner) => holds(model, inner, id),
            _ => false,
        })
}

pub(super) fn finds(trace: &Trace, id: DecisionId) -> bool {
    trace.rungs.iter().filter_map(|rung| rung.nested.as_ref()).any(|nested| nested.decision == id || finds(nested, id))
}

/// Whether one of the rows made breaks a fact about the data, as far as that can be said.
fn breaks_a_fact(walk: &Walk<'_>, made: &[(Vec<ExprId>, EntityId, u32)]) -> bool {
    made.iter().any(|(_, entity, row)| {
        walk.model.facts.iter().filter(|fact| fact.entity == *entity).any(|fact| {
            let about = fact.filter.is_none_or(|filter| walk.value(filter, *row).is_yes());
            about && walk.value(fact.holds, *row) == Cell::flag(false)
        })
    })
}

fn agrees(trace: &Trace, what: &What) -> bool {
    match (what, &trace.conflict) {
        (What::Overlap { rungs, .. }, Some(conflict)) => rungs.iter().all(|rung| conflict.claims.iter().any(|claim| claim.0 == *rung)),
        (What::Gap { .. }, Some(conflict)) => conflict.claims.is_empty(),
        _ => false,
    }
}

/// The field that an answer hangs on.
fn trace_unset(trace: &Trace) -> Option<FieldId> {
    use kamrules_eval::rows::Held;
    if let Cell::Unset(field) = trace.answer {
        return Some(field);
    }
    trace.rungs.iter().find_map(|rung| match rung.held {
        Held::Unset(field) => Some(field),
        _ => None,
    })
}

impl Rows<'_> {
    /// A new row with nothing said.
    fn row(&mut self, entity: EntityId) -> u32 {
        let table = &mut self.book.tables[entity.index()];
        for (index, column) in table.columns.iter_mut().enumerate() {
            column.push(Cell::Unset(FieldId { entity, index: index as u32 }));
        }
        table.rows += 1;
        table.rows as u32 - 1
    }

    fn hold(&mut self, place: &Place, held: &Held) {
        let Some((entity, row)) = self.reach(&place.path) else { return };
        let cell = match held {
            Held::Missing => Cell::Missing,
            Held::Value(value) => Cell::Known(moved(value, &self.model.texts, &self.book.texts)),
            Held::There => {
                // A row to refer to, whatever it is.
                let mut path = place.path.clone();
                path.push(place.expr);
                if matches!(self.model.ty(place.expr).kind, Type::Row(_)) {
                    self.reach(&path);
                }
                return;
            }
        };
        match self.model.exprs.node(place.expr) {
            Node::Field(field) if Some(field.entity) == entity => self.put(*field, row, cell),
            _ => {
                let named = self.model.defines.iter().any(|define| define.expr == place.expr)
                    || self.model.sets.iter().any(|set| set.answer == place.expr);
                self.sayable &= named && place.path.is_empty();
                self.pins.push((place.expr, row, cell));
            }
        }
    }

    /// The row at the end of a path, made if need be.
    fn reach(&mut self, path: &[ExprId]) -> Option<(Option<EntityId>, u32)> {
        if let Some((_, entity, row)) = self.made.iter().find(|(known, ..)| known == path) {
            return Some((Some(*entity), *row));
        }
        let Some((&last, before)) = path.split_last() else { return Some((None, 0)) };
        let (_, from) = self.reach(before)?;
        let Type::Row(entity) = self.model.ty(last).kind else { return None };
        let row = self.row(entity);
        let cell = Cell::Known(Value::Row(row));
        match self.model.exprs.node(last) {
            Node::Field(field) => self.put(*field, from, cell),
            _ => {
                self.sayable = false;
                self.pins.push((last, from, cell));
            }
        }
        self.made.push((path.to_vec(), entity, row));
        Some((Some(entity), row))
    }

    fn put(&mut self, field: FieldId, row: u32, cell: Cell) {
        let column = &mut self.book.tables[field.entity.index()].columns[field.index as usize];
        let kept: Vec<Cell> = (0..column.len()).map(|at| if at as u32 == row { cell.clone() } else { column.get(at) }).collect();
        let mut new = kamrules_model::Column::new(self.model.field(field).ty.kind);
        kept.into_iter().for_each(|cell| new.push(cell));
        *column = new;
    }

    /// A plain value for a field of the rows made that does not hold one.
    fn fill(&mut self, field: FieldId, cell: Cell) {
        let rows: Vec<u32> = self.made.iter().filter(|(_, entity, _)| *entity == field.entity).map(|(.., row)| *row).collect();
        for row in rows {
            if matches!(self.book.cell(field, row), Cell::Unset(_)) {
                let cell = match (&cell, self.model.field(field).ty.kind) {
                    // A row to refer to, which is all that is said of it.
                    (Cell::Fault(_), Type::Row(entity)) => {
                        let new = self.row(entity);
                        self.made.push((vec![ExprId(u32::MAX)], entity, new));
                        Cell::Known(Value::Row(new))
                    }
                    _ => cell.clone(),
                };
                self.put(field, row, cell);
            }
        }
    }
}

/// A plain value of a field: missing where that may be, else the least of its range, or zero, or the first of a list.
fn plain(model: &Model, book: &Book, field: FieldId) -> Cell {
    let of = model.field(field);
    if of.ty.optional {
        return Cell::Missing;
    }
    let low = of.range.map(|(low, high)| if low <= 0 && 0 <= high { 0 } else { low });
    let units = low.unwrap_or(0);
    Cell::Known(match of.ty.kind {
        Type::Number { .. } | Type::Money { .. } => Value::Num(units),
        Type::Date => {
            let day = model.settings.as_of.or_else(|| Date::from_ymd(2026, 1, 1)).map_or(0, |day| day.0);
            Value::Date(of.range.map_or(day, |(low, high)| i128::from(day).clamp(low, high) as i32))
        }
        Type::Time => Value::Time(0),
        Type::Duration(DurationKind::Months) => Value::Duration(Duration { months: 1, ..Duration::default() }),
        Type::Duration(DurationKind::Clock) => Value::Duration(Duration { seconds: 3600, ..Duration::default() }),
        Type::Duration(_) => Value::Duration(Duration { days: 1, ..Duration::default() }),
        Type::Flag => Value::Flag(false),
        Type::Pick(_) => Value::Pick(0),
        Type::Text { .. } => Value::Text(book.texts.intern("X")),
        // Made where it is filled in.
        Type::Row(_) => {
            return Cell::Fault(kamrules_model::Fault { entity: None, row: 0, kind: kamrules_model::FaultKind::Argument, expr: ExprId(0) });
        }
        _ => return Cell::Missing,
    })
}
