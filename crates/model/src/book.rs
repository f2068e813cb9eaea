//! The data a policy runs on, as columns: a table per entity, a column per field.

use crate::{Cell, Duration, EntityId, Fault, FieldId, LabelValue, ListId, Model, Period, Sym, Texts, Type, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// All data of a run.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// The texts of rules and data; symbols in the model are valid here.
    pub texts: Arc<Texts>,
    /// A table per entity, by [`EntityId`].
    pub tables: Vec<Table>,
    /// The values of the lists that come from files (and of the others that are texts), by [`ListId`].
    pub lists: Vec<FxHashSet<Sym>>,
}

/// The rows of an entity that were kept.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// How many rows there are.
    pub rows: usize,
    /// A column per field of the entity.
    pub columns: Vec<Column>,
    /// For each row the number a spreadsheet shows for it in its source (the header is 1).
    pub source_rows: Vec<u32>,
    /// For each row which of `sources` it came from; empty when there is at most one.
    pub source_of: Vec<u16>,
    /// The names of the sources, as shown.
    pub sources: Vec<String>,
}

/// Values of one type, one per row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The values; where a state says that there is none, anything may stand.
    pub cells: Cells,
    /// Which rows have no value, and why.
    pub states: States,
}

/// Which rows have no value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct States {
    /// Whether each row is missing; `None` when no row is.
    pub missing: Option<Vec<bool>>,
    /// Rows at fault, ascending. They are not marked as missing.
    pub faults: Vec<(u32, Fault)>,
    /// Rows that a test left unset, ascending, with the field. They are not marked as missing.
    pub unset: Vec<(u32, FieldId)>,
}

/// The values of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cells {
    /// Numbers and money at the scale of the type.
    Num(Vec<i128>),
    /// Texts.
    Text(Vec<Sym>),
    /// Days.
    Date(Vec<i32>),
    /// Microseconds.
    Time(Vec<i64>),
    /// Durations.
    Duration(Vec<Duration>),
    /// Flags.
    Flag(Vec<bool>),
    /// Values of a picklist.
    Pick(Vec<u32>),
    /// References: row indices.
    Row(Vec<u32>),
    /// Periods.
    Period(Vec<Period>),
    /// Labels.
    Label(Vec<LabelValue>),
    /// Labels, any number.
    Labels(Vec<Box<[LabelValue]>>),
}

impl Cells {
    /// Room for values of a type.
    pub fn with_capacity(ty: Type, rows: usize) -> Self {
        match ty {
            Type::Unknown | Type::Flag => Self::Flag(Vec::with_capacity(rows)),
            Type::Text { .. } => Self::Text(Vec::with_capacity(rows)),
            Type::Number { .. } | Type::Money { .. } => Self::Num(Vec::with_capacity(rows)),
            Type::Date => Self::Date(Vec::with_capacity(rows)),
            Type::Time => Self::Time(Vec::with_capacity(rows)),
            Type::Duration(_) => Self::Duration(Vec::with_capacity(rows)),
            Type::Pick(_) => Self::Pick(Vec::with_capacity(rows)),
            Type::Row(_) => Self::Row(Vec::with_capacity(rows)),
            Type::Period(_) => Self::Period(Vec::with_capacity(rows)),
            Type::Label(_) => Self::Label(Vec::with_capacity(rows)),
            Type::Labels(_) => Self::Labels(Vec::with_capacity(rows)),
        }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Num(v) => v.len(),
            Self::Text(v) => v.len(),
            Self::Date(v) => v.len(),
            Self::Time(v) => v.len(),
            Self::Duration(v) => v.len(),
            Self::Flag(v) => v.len(),
            Self::Pick(v) | Self::Row(v) => v.len(),
            Self::Period(v) => v.len(),
            Self::Label(v) => v.len(),
            Self::Labels(v) => v.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a row.
    pub fn get(&self, row: usize) -> Value {
        match self {
            Self::Num(v) => Value::Num(v[row]),
            Self::Text(v) => Value::Text(v[row]),
            Self::Date(v) => Value::Date(v[row]),
            Self::Time(v) => Value::Time(v[row]),
            Self::Duration(v) => Value::Duration(v[row]),
            Self::Flag(v) => Value::Flag(v[row]),
            Self::Pick(v) => Value::Pick(v[row]),
            Self::Row(v) => Value::Row(v[row]),
            Self::Period(v) => Value::Period(v[row]),
            Self::Label(v) => Value::Label(v[row]),
            Self::Labels(v) => Value::Labels(v[row].clone()),
        }
    }

    /// Adds a value of the column's kind.
    pub fn push(&mut self, value: Value) {
        match (self, value) {
            (Self::Num(v), Value::Num(x)) => v.push(x),
            (Self::Text(v), Value::Text(x)) => v.push(x),
            (Self::Date(v), Value::Date(x)) => v.push(x),
            (Self::Time(v), Value::Time(x)) => v.push(x),
            (Self::Duration(v), Value::Duration(x)) => v.push(x),
            (Self::Flag(v), Value::Flag(x)) => v.push(x),
            (Self::Pick(v), Value::Pick(x)) | (Self::Row(v), Value::Row(x)) => v.push(x),
            (Self::Period(v), Value::Period(x)) => v.push(x),
            (Self::Label(v), Value::Label(x)) => v.push(x),
            (Self::Labels(v), Value::Labels(x)) => v.push(x),
            (cells, value) => unreachable!("a {value:?} does not go into this column of {} rows", cells.len()),
        }
    }

    /// Adds a placeholder for a row that has no value.
    pub fn push_nothing(&mut self) {
        match self {
            Self::Num(v) => v.push(0),
            Self::Text(v) => v.push(Sym(0)),
            Self::Date(v) => v.push(0),
            Self::Time(v) => v.push(0),
            Self::Duration(v) => v.push(Duration::default()),
            Self::Flag(v) => v.push(false),
            Self::Pick(v) | Self::Row(v) => v.push(0),
            Self::Period(v) => v.push(Period::one(crate::Grain::Year, 0)),
            Self::Label(v) => v.push(LabelValue { code: 0, row: 0 }),
            Self::Labels(v) => v.push(Box::default()),
        }
    }
}

impl Column {
    /// An empty column for values of a type.
    pub fn new(ty: Type) -> Self {
        Self { cells: Cells::with_capacity(ty, 0), states: States::default() }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Adds a row.
    pub fn push(&mut self, cell: Cell) {
        let row = self.len();
        self.states.push_missing(row, matches!(cell, Cell::Missing));
        match cell {
            Cell::Known(value) => self.cells.push(value),
            Cell::Missing => self.cells.push_nothing(),
            Cell::Unset(field) => {
                self.cells.push_nothing();
                self.states.unset.push((row as u32, field));
            }
            Cell::Fault(fault) => {
                self.cells.push_nothing();
                self.states.faults.push((row as u32, fault));
            }
        }
    }

    /// What stands in a row.
    pub fn get(&self, row: usize) -> Cell {
        if self.states.is_missing(row) {
            return Cell::Missing;
        }
        if let Some(fault) = self.states.fault(row) {
            return Cell::Fault(fault);
        }
        match self.states.unset(row) {
            Some(field) => Cell::Unset(field),
            None => Cell::Known(self.cells.get(row)),
        }
    }

    /// The rows with these indices, in their order.
    #[must_use]
    pub fn take(&self, rows: &[u32], ty: Type) -> Self {
        let mut out = Self { cells: Cells::with_capacity(ty, rows.len()), states: States::default() };
        rows.iter().for_each(|&row| out.push(self.get(row as usize)));
        out
    }
}

impl States {
    /// Says of the next row, which is `row`, whether it is missing.
    pub fn push_missing(&mut self, row: usize, missing: bool) {
        match &mut self.missing {
            Some(flags) => flags.push(missing),
            None if missing => {
                let mut flags = vec![false; row];
                flags.push(true);
                self.missing = Some(flags);
            }
            None => {}
        }
    }

    /// Whether a row is missing.
    pub fn is_missing(&self, row: usize) -> bool {
        self.missing.as_ref().is_some_and(|flags| flags[row])
    }

    /// The fault of a row.
    pub fn fault(&self, row: usize) -> Option<Fault> {
        let at = self.faults.binary_search_by_key(&(row as u32), |(row, _)| *row).ok()?;
        Some(self.faults[at].1)
    }

    /// The field that a test left unset, on which a row hangs.
    pub fn unset(&self, row: usize) -> Option<FieldId> {
        let at = self.unset.binary_search_by_key(&(row as u32), |(row, _)| *row).ok()?;
        Some(self.unset[at].1)
    }

    /// Whether every row has a value.
    pub fn all_known(&self) -> bool {
        self.missing.is_none() && self.faults.is_empty() && self.unset.is_empty()
    }
}

impl Book {
    /// A book without rows for a model.
    pub fn empty(model: &Model) -> Self {
        let table = |entity: &crate::Entity| Table {
            columns: entity.fields.iter().map(|field| Column::new(field.ty.kind)).collect(),
            ..Table::default()
        };
        let texts = Arc::new(model.texts.clone());
        Self { texts, tables: model.entities.iter().map(table).collect(), lists: vec![FxHashSet::default(); model.lists.len()] }
    }

    /// The table of an entity.
    pub fn table(&self, entity: EntityId) -> &Table {
        &self.tables[entity.index()]
    }

    /// What a field holds in a row.
    pub fn cell(&self, field: FieldId, row: u32) -> Cell {
        self.tables[field.entity.index()].columns[field.index as usize].get(row as usize)
    }

    /// The texts of a list.
    pub fn list(&self, list: ListId) -> &FxHashSet<Sym> {
        &self.lists[list.index()]
    }

    /// The key of a row as it is shown: its parts joined by `/`; for an entity without a key the number of the source row.
    pub fn key(&self, model: &Model, entity: EntityId, row: u32) -> String {
        let fields = &model.entity(entity).key;
        if fields.is_empty() {
            let table = self.table(entity);
            return table.source_rows.get(row as usize).map_or_else(|| (row + 1).to_string(), |n| format!("row {n}"));
        }
        let show = |&index: &u32| {
            let field = FieldId { entity, index };
            crate::show::cell(model, self, &self.cell(field, row), model.field(field).ty.kind)
        };
        fields.iter().map(show).collect::<Vec<_>>().join("/")
    }

    /// The rows of an entity by the value of one of its fields; of equal values the first row. Missing values are left out.
    pub fn rows_by(&self, field: FieldId) -> FxHashMap<Value, u32> {
        let table = self.table(field.entity);
        let column = &table.columns[field.index as usize];
        let mut rows = FxHashMap::default();
        for row in 0..table.rows {
            if let Cell::Known(value) = column.get(row) {
                rows.entry(value).or_insert(row as u32);
            }
        }
        rows
    }

    /// Whether the first of two rows of an entity comes before the second: by key, then by row.
    pub fn key_order(&self, model: &Model, entity: EntityId, a: u32, b: u32) -> std::cmp::Ordering {
        for &index in &model.entity(entity).key {
            let field = FieldId { entity, index };
            let ordering = self.compare_shown(&self.cell(field, a), &self.cell(field, b), model.field(field).ty.kind);
            if ordering.is_ne() {
                return ordering;
            }
        }
        a.cmp(&b)
    }

    fn compare_shown(&self, a: &Cell, b: &Cell, ty: Type) -> std::cmp::Ordering {
        match (a, b) {
            (Cell::Known(Value::Text(a)), Cell::Known(Value::Text(b))) => self.texts.get(*a).cmp(&self.texts.get(*b)),
            (Cell::Known(a), Cell::Known(b)) => crate::arith::order((a, ty), (b, ty)),
            _ => std::cmp::Ordering::Equal,
        }
    }
}
