//! Columns of a batch, written in any order of rows, and views that read them or whole columns alike.

use kamrules_model::{Cell, Cells, Column, Duration, Grain, LabelValue, Period, States, Sym, Type, Value};
use std::borrow::Cow;

/// Where an operand is read: a batch's own column, a slice of a whole one, or one value for all rows.
#[derive(Clone, Copy)]
pub(super) struct View<'v> {
    /// The values.
    pub column: &'v Column,
    /// The index of row 0.
    pub base: usize,
    /// 1, or 0 for one value for all rows.
    pub step: usize,
}

impl View<'_> {
    /// The index in the column of a row of the batch.
    pub fn at(self, row: u32) -> usize {
        self.base + row as usize * self.step
    }

    /// Why a row has no value; none if it has one.
    pub fn trouble(self, row: u32) -> Option<Cell> {
        let (at, states) = (self.at(row), &self.column.states);
        if states.is_missing(at) {
            return Some(Cell::Missing);
        }
        if states.faults.is_empty() && states.unset.is_empty() {
            return None;
        }
        states.fault(at).map(Cell::Fault).or_else(|| states.unset(at).map(Cell::Unset))
    }

    /// Whether every row has a value.
    pub fn all_known(self) -> bool {
        self.column.states.all_known()
    }

    /// What stands in a row.
    pub fn get(self, row: u32) -> Cell {
        self.column.get(self.at(row))
    }

    /// The value of a row that has one.
    pub fn value(self, row: u32) -> Value {
        self.column.cells.get(self.at(row))
    }

    /// The flag of a row that has one.
    pub fn flag(self, row: u32) -> bool {
        match &self.column.cells {
            Cells::Flag(flags) => flags[self.at(row)],
            cells => unreachable!("the checker asks only flags whether they are yes: {:?}", cells.get(self.at(row))),
        }
    }
}

/// A column of a width in which nothing stands yet.
pub(super) fn blank(ty: Type, width: usize) -> Column {
    let cells = match ty {
        Type::Unknown | Type::Flag => Cells::Flag(vec![false; width]),
        Type::Text { .. } => Cells::Text(vec![Sym(0); width]),
        Type::Number { .. } | Type::Money { .. } => Cells::Num(vec![0; width]),
        Type::Date => Cells::Date(vec![0; width]),
        Type::Time => Cells::Time(vec![0; width]),
        Type::Duration(_) => Cells::Duration(vec![Duration::default(); width]),
        Type::Pick(_) => Cells::Pick(vec![0; width]),
        Type::Row(_) => Cells::Row(vec![0; width]),
        Type::Period(_) => Cells::Period(vec![Period::one(Grain::Year, 0); width]),
        Type::Label(_) => Cells::Label(vec![LabelValue { code: 0, row: 0 }; width]),
        Type::Labels(_) => Cells::Labels(vec![Box::default(); width]),
    };
    Column { cells, states: States::default() }
}

/// A column with one cell.
pub(super) fn single(ty: Type, cell: Cell) -> Column {
    let mut column = blank(ty, 1);
    put(&mut column, 0, cell);
    column
}

/// Writes a row that was not written yet.
pub(super) fn put(column: &mut Column, row: u32, cell: Cell) {
    match cell {
        Cell::Known(value) => put_value(&mut column.cells, row as usize, value),
        Cell::Missing => {
            let width = column.cells.len();
            column.states.missing.get_or_insert_with(|| vec![false; width])[row as usize] = true;
        }
        Cell::Fault(fault) => {
            let at = column.states.faults.partition_point(|(other, _)| *other < row);
            column.states.faults.insert(at, (row, fault));
        }
        Cell::Unset(field) => {
            let at = column.states.unset.partition_point(|(other, _)| *other < row);
            column.states.unset.insert(at, (row, field));
        }
    }
}

fn put_value(cells: &mut Cells, at: usize, value: Value) {
    match (cells, value) {
        (Cells::Num(v), Value::Num(x)) => v[at] = x,
        (Cells::Text(v), Value::Text(x)) => v[at] = x,
        (Cells::Date(v), Value::Date(x)) => v[at] = x,
        (Cells::Time(v), Value::Time(x)) => v[at] = x,
        (Cells::Duration(v), Value::Duration(x)) => v[at] = x,
        (Cells::Flag(v), Value::Flag(x)) => v[at] = x,
        (Cells::Pick(v), Value::Pick(x)) | (Cells::Row(v), Value::Row(x)) => v[at] = x,
        (Cells::Period(v), Value::Period(x)) => v[at] = x,
        (Cells::Label(v), Value::Label(x)) => v[at] = x,
        (Cells::Labels(v), Value::Labels(x)) => v[at] = x,
        (cells, value) => unreachable!("a {value:?} does not go into this column of {} rows", cells.len()),
    }
}

/// The rows for which every operand has a value; for the others the reason is written: the first fault from the left, else missing.
pub(super) fn live<'s>(operands: &[View<'_>], rows: &'s [u32], out: &mut Column) -> Cow<'s, [u32]> {
    if operands.iter().all(|view| view.all_known()) {
        return Cow::Borrowed(rows);
    }
    let mut live = Vec::with_capacity(rows.len());
    for &row in rows {
        match first_trouble(operands, row) {
            None => live.push(row),
            Some(cell) => put(out, row, cell),
        }
    }
    Cow::Owned(live)
}

/// Why a strict operation has no value in a row: the first fault from the left, else missing.
pub(super) fn first_trouble(operands: &[View<'_>], row: u32) -> Option<Cell> {
    let mut trouble = None;
    for view in operands {
        match view.trouble(row) {
            None => {}
            Some(Cell::Fault(fault)) => return Some(Cell::Fault(fault)),
            Some(Cell::Missing) => trouble = Some(Cell::Missing),
            unset => trouble = trouble.or(unset),
        }
    }
    trouble
}

/// Copies rows, each to the row that it has in the batch.
pub(super) fn copy(out: &mut Column, from: View<'_>, rows: &[u32]) {
    let known = live(&[from], rows, out);
    gather(out, from.column, known.iter().map(|&row| (row as usize, from.at(row))));
}

/// Copies values: pairs of (where to, where from).
pub(super) fn gather(out: &mut Column, from: &Column, pairs: impl Iterator<Item = (usize, usize)>) {
    macro_rules! each {
        ($($kind:ident)*) => {
            match (&mut out.cells, &from.cells) {
                $((Cells::$kind(to), Cells::$kind(from)) => pairs.for_each(|(a, b)| to[a] = from[b]),)*
                (Cells::Labels(to), Cells::Labels(from)) => pairs.for_each(|(a, b)| to[a].clone_from(&from[b])),
                (to, from) => unreachable!("columns of two kinds, of {} and {} rows", to.len(), from.len()),
            }
        };
    }
    each!(Num Text Date Time Duration Flag Pick Row Period Label);
}

/// Puts a column behind another of the same type.
pub(super) fn append(whole: &mut Column, part: Column) {
    let (before, width) = (whole.len(), part.len());
    macro_rules! each {
        ($($kind:ident)*) => {
            match (&mut whole.cells, part.cells) {
                $((Cells::$kind(to), Cells::$kind(mut from)) => to.append(&mut from),)*
                (to, from) => unreachable!("columns of two kinds, of {} and {} rows", to.len(), from.len()),
            }
        };
    }
    each!(Num Text Date Time Duration Flag Pick Row Period Label Labels);
    match (&mut whole.states.missing, part.states.missing) {
        (None, None) => {}
        (Some(to), Some(mut from)) => to.append(&mut from),
        (Some(to), None) => to.resize(before + width, false),
        (none, Some(from)) => {
            let mut flags = vec![false; before];
            flags.extend(from);
            *none = Some(flags);
        }
    }
    let moved = |row: u32| row + before as u32;
    whole.states.faults.extend(part.states.faults.into_iter().map(|(row, fault)| (moved(row), fault)));
    whole.states.unset.extend(part.states.unset.into_iter().map(|(row, field)| (moved(row), field)));
}

/// One cell for all rows.
pub(super) fn repeat(one: &Column, ty: Type, rows: usize) -> Column {
    let mut out = blank(ty, rows);
    let all: Vec<u32> = (0..rows as u32).collect();
    copy(&mut out, View { column: one, base: 0, step: 0 }, &all);
    out
}
