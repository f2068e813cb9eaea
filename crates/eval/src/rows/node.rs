//! One expression from its operands.

use super::{Given, Nothing, Walk, logic};
use kamrules_builtins::{Env, Kind};
use kamrules_model::{
    ArithOp, Cell, CompareOp, ExprId, FaultKind, FunctionId, ListId, ListSource, MessagePart, Node, Type, Value, arith, show,
};

/// What an expression is for a row.
pub(super) fn value(walk: &Walk<'_>, expr: ExprId, row: u32) -> Cell {
    let of = |id: ExprId| walk.value(id, row);
    match walk.model.exprs.node(expr) {
        Node::Const(value) => Cell::Known(value.clone()),
        Node::Missing => Cell::Missing,
        Node::Today => match walk.as_of {
            Some(day) => Cell::Known(Value::Date(day.0)),
            None => Cell::Fault(walk.fault(expr, row, FaultKind::Argument)),
        },
        Node::Row(_) => Cell::Known(Value::Row(row)),
        Node::Field(field) => walk.book.cell(*field, row),
        Node::GroupKey(metric, index) => walk.groups(*metric)[row as usize][*index as usize].clone(),
        Node::Through { reference, value } => through(of(*reference), |target| walk.value(*value, target)),
        Node::Not(a) => logic::not(of(*a)),
        Node::And(a, b) => logic::and(of(*a), || of(*b)),
        Node::Or(a, b) => logic::or(of(*a), || of(*b)),
        Node::Negate(a) => strict(walk, expr, row, &[*a], |known| arith::negate(known[0].0).map(Some)),
        Node::Arith(op, a, b) => arithmetic(walk, expr, row, *op, *a, *b),
        Node::Compare(op, a, b) => compare(walk, expr, row, *op, *a, *b),
        Node::OrElse(a, b) => match of(*a) {
            Cell::Missing => of(*b),
            other => other,
        },
        Node::IsKnown(a) => is_known(of(*a), walk.model.ty(*a).optional),
        Node::OneOf(a, values) => flag(of(*a), |value| values.contains(value)),
        Node::InList(a, list) => flag(of(*a), |value| in_list(walk, *list, value)),
        Node::LabelIn(a, codes) => flag(of(*a), |value| label_in(value, codes)),
        Node::LabelRow(a, code) => map(of(*a), |value| label_row(&value, *code)),
        Node::InPeriod(day, period) => strict(walk, expr, row, &[*day, *period], |known| in_period(walk, known[0].0, known[1].0)),
        Node::Rescale(a) => {
            strict(walk, expr, row, &[*a], |known| arith::rescale_value(known[0].0, known[0].1, walk.model.ty(expr).kind).map(Some))
        }
        Node::Ultimate(reference) => ultimate(walk, expr, row, *reference),
        Node::Call(function, args) => call(walk, expr, row, *function, args),
        Node::If(condition, yes, no) => match of(*condition) {
            Cell::Known(Value::Flag(true)) => of(*yes),
            Cell::Known(_) => of(*no),
            unset @ Cell::Unset(_) => logic::either(unset, of(*yes), of(*no)),
            nothing => nothing,
        },
        Node::Decide(decision) => super::decide::decide(walk, *decision, row, expr).answer,
        Node::Aggregate(aggregate) => super::aggregate::value(walk, expr, row, aggregate),
        Node::Population(fact) => super::population::value(walk, expr, row, fact),
        Node::Split { total, shares, index } => strict(walk, expr, row, &[*total], |known| match known[0].0 {
            Value::Num(total) => arith::split(*total, shares).map(|parts| Some(Value::Num(parts[*index as usize]))),
            other => unreachable!("only money is split: {other:?}"),
        }),
        Node::Message(parts) => message(walk, row, parts),
    }
}

/// The values of several operands, all of which are needed.
pub(super) fn operands(walk: &Walk<'_>, row: u32, ids: &[ExprId]) -> Given<Vec<Value>> {
    let mut nothing: Option<Nothing> = None;
    let mut values = Vec::with_capacity(ids.len());
    for &id in ids {
        match Nothing::of(walk.value(id, row)) {
            Ok(value) => values.push(value),
            Err(reason) => nothing = Some(nothing.map_or(reason, |earlier| earlier.with(reason))),
        }
    }
    nothing.map_or(Ok(values), Err)
}

fn strict(
    walk: &Walk<'_>,
    expr: ExprId,
    row: u32,
    ids: &[ExprId],
    compute: impl FnOnce(&[(&Value, Type)]) -> Result<Option<Value>, FaultKind>,
) -> Cell {
    let values = match operands(walk, row, ids) {
        Ok(values) => values,
        Err(nothing) => return nothing.into(),
    };
    let typed: Vec<_> = values.iter().zip(ids).map(|(value, id)| (value, walk.model.ty(*id).kind)).collect();
    walk.known_or_fault(expr, row, compute(&typed))
}

fn map(cell: Cell, f: impl FnOnce(Value) -> Cell) -> Cell {
    match cell {
        Cell::Known(value) => f(value),
        other => other,
    }
}

fn flag(cell: Cell, f: impl FnOnce(&Value) -> bool) -> Cell {
    map(cell, |value| Cell::flag(f(&value)))
}

fn through(reference: Cell, value: impl FnOnce(u32) -> Cell) -> Cell {
    map(reference, |target| match target {
        Value::Row(target) => value(target),
        other => unreachable!("a reference names a row: {other:?}"),
    })
}

fn arithmetic(walk: &Walk<'_>, expr: ExprId, row: u32, op: ArithOp, a: ExprId, b: ExprId) -> Cell {
    strict(walk, expr, row, &[a, b], |known| arith::arith(op, known[0], known[1], walk.model.ty(expr).kind))
}

fn compare(walk: &Walk<'_>, expr: ExprId, row: u32, op: CompareOp, a: ExprId, b: ExprId) -> Cell {
    strict(walk, expr, row, &[a, b], |known| {
        if let Some(seen) = &walk.seen {
            let beside = is_const(walk, b) && near(known[0], known[1]) || is_const(walk, a) && near(known[1], known[0]);
            if beside {
                seen.borrow_mut().near.insert(expr);
            }
        }
        Ok(Some(Value::Flag(arith::compare(op, known[0], known[1]))))
    })
}

fn is_const(walk: &Walk<'_>, expr: ExprId) -> bool {
    matches!(walk.model.exprs.node(expr), Node::Const(_))
}

// Whether a number is the constant or at most one away from it in the last digit that the constant has; of dates a day.
fn near((value, ty): (&Value, Type), (constant, constant_ty): (&Value, Type)) -> bool {
    match (value, constant) {
        (Value::Date(a), Value::Date(b)) => a.abs_diff(*b) <= 1,
        (Value::Num(a), Value::Num(b)) => {
            let (scale, constant_scale) = (ty.scale().unwrap_or(0), constant_ty.scale().unwrap_or(0));
            let inside = |bound: i128, order: std::cmp::Ordering| arith::compare_numbers(*a, scale, bound, constant_scale) != order;
            inside(b - 1, std::cmp::Ordering::Less) && inside(b + 1, std::cmp::Ordering::Greater)
        }
        _ => value == constant,
    }
}

fn is_known(cell: Cell, optional: bool) -> Cell {
    match cell {
        Cell::Known(_) => Cell::flag(true),
        Cell::Missing => Cell::flag(false),
        // Whatever a test would have put there, it would not have been missing.
        Cell::Unset(_) if !optional => Cell::flag(true),
        other => other,
    }
}

fn in_list(walk: &Walk<'_>, list: ListId, value: &Value) -> bool {
    match (&walk.model.list(list).values, value) {
        (ListSource::Values(_, values), _) => values.contains(value),
        (ListSource::File(..), Value::Text(sym)) => walk.book.list(list).contains(sym),
        (ListSource::File(..), other) => unreachable!("lists in files are of texts: {other:?}"),
    }
}

fn label_in(value: &Value, codes: &[u32]) -> bool {
    match value {
        Value::Label(label) => codes.contains(&label.code),
        Value::Labels(labels) => labels.iter().any(|label| codes.contains(&label.code)),
        other => unreachable!("only labels are asked for: {other:?}"),
    }
}

fn label_row(value: &Value, code: u32) -> Cell {
    let labels = match value {
        Value::Label(label) => std::slice::from_ref(label),
        Value::Labels(labels) => labels,
        other => unreachable!("only labels have rows: {other:?}"),
    };
    labels.iter().find(|label| label.code == code).map(|label| Value::Row(label.row)).into()
}

fn in_period(walk: &Walk<'_>, day: &Value, period: &Value) -> Result<Option<Value>, FaultKind> {
    let (Value::Date(day), Value::Period(period)) = (day, period) else {
        unreachable!("a day lies in a period: {day:?} {period:?}");
    };
    let (start, end) = walk.model.settings.calendar.bounds(*period).ok_or(FaultKind::DateRange)?;
    Ok(Some(Value::Flag(start.0 <= *day && *day <= end.0)))
}

fn ultimate(walk: &Walk<'_>, expr: ExprId, row: u32, reference: ExprId) -> Cell {
    let mut at = row;
    // A way longer than there are rows has come by one of them twice.
    for _ in 0..=walk.book.tables.iter().map(|table| table.rows).max().unwrap_or(0) {
        match walk.value(reference, at) {
            Cell::Known(Value::Row(next)) => at = next,
            Cell::Missing => return Cell::Known(Value::Row(at)),
            other => return other,
        }
    }
    Cell::Fault(walk.fault(expr, row, FaultKind::Circle))
}

fn call(walk: &Walk<'_>, expr: ExprId, row: u32, function: FunctionId, args: &[ExprId]) -> Cell {
    let function = kamrules_builtins::get(function);
    let Kind::Scalar(scalar) = &function.kind else { unreachable!("`{}` has a node of its own", function.name) };
    strict(walk, expr, row, args, |known| {
        let settings = &walk.model.settings;
        let env = Env { calendar: &settings.calendar, timezone: settings.timezone.as_deref(), texts: &walk.book.texts };
        (scalar.call)(&env, known, walk.model.ty(expr).kind)
    })
}

fn message(walk: &Walk<'_>, row: u32, parts: &[MessagePart]) -> Cell {
    let mut text = String::new();
    let mut nothing: Option<Nothing> = None;
    for part in parts {
        match part {
            MessagePart::Text(words) => text.push_str(words),
            MessagePart::Value(id) => match Nothing::of(walk.value(*id, row)) {
                Ok(value) => text.push_str(&show::friendly(walk.model, walk.book, &value, walk.model.ty(*id).kind)),
                Err(Nothing::Missing) => {}
                Err(reason) => nothing = Some(nothing.map_or(reason, |earlier| earlier.with(reason))),
            },
        }
    }
    nothing.map_or_else(|| Cell::Known(Value::Text(walk.book.texts.intern(&text))), Cell::from)
}
