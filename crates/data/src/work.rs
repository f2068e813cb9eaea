//! Tables while they are being loaded: which rows fell out, and what references wait for.

use crate::cell::{self, Plan, Reading};
use crate::scan::trim;
use crate::source::{Content, Row, Unreadable};
use crate::{DataFault, Loaded, SetAside};
use kamrules_base::{Code, codes};
use kamrules_model::{Book, Cell, Column, EntityId, FieldId, Model, Type, Value};
use rustc_hash::{FxHashMap, FxHashSet};

/// After how many rows it is told how many are read.
const TOLD_EVERY: u64 = 20_000;

/// A book that is being loaded.
#[derive(Debug)]
pub struct Work<'m> {
    /// The policy.
    pub model: &'m Model,
    /// The tables.
    pub book: Book,
    /// What is not in the tables, per entity.
    pub states: Vec<State>,
    /// What is wrong so far.
    pub faults: Vec<DataFault>,
}

/// What is known of an entity beside its table.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// The row that the pending columns begin at.
    pub start: usize,
    /// For a reference the values its cells hold, from row `start` on.
    pub pending: Vec<Option<Column>>,
    /// Of rows that were set aside while being read: the values of keys and of fields that are referred to.
    pub lost: FxHashMap<u32, FxHashSet<Value>>,
    /// Of such rows the keys of several columns.
    pub lost_keys: FxHashSet<Vec<Value>>,
    /// The rows to drop, and whether only because of another row.
    pub drop: FxHashMap<u32, bool>,
}

impl<'m> Work<'m> {
    /// Starts from a book whose tables are whole.
    pub fn new(model: &'m Model, book: Book) -> Self {
        let state = |i: usize| State {
            start: book.tables[i].rows,
            pending: model.entities[i].fields.iter().map(|_| None).collect(),
            ..State::default()
        };
        Self { model, states: (0..model.entities.len()).map(state).collect(), book, faults: Vec::new() }
    }

    /// Reads the rows of a source into an entity's table.
    ///
    /// # Errors
    /// Why it cannot be read to its end.
    pub fn read(
        &mut self,
        reading: &Reading<'_>,
        entity: EntityId,
        shown: &str,
        content: &Content<'_>,
        plans: &[Plan<'_>],
    ) -> Result<(), Unreadable> {
        let source = self.add_source(entity, shown);
        let watched = self.watched(entity);
        let model = self.model;
        let state = &mut self.states[entity.index()];
        let table = &mut self.book.tables[entity.index()];
        for plan in plans.iter().filter(|plan| matches!(plan.field.ty.kind, Type::Row(_))) {
            state.pending[plan.index as usize].get_or_insert_with(|| Column::new(plan.kind));
        }
        let faults = &mut self.faults;
        let mut values: Vec<Option<Value>> = vec![None; plans.len()];
        let mut good: Vec<bool> = vec![true; plans.len()];
        let mut read = 0_u64;
        content.rows(|row, cells| {
            read += 1;
            if read.is_multiple_of(TOLD_EVERY) {
                (reading.told)(shown, read);
            }
            let mut fault = |column: &str, value: &str, code: Code, message: String| {
                let (source, column, value) = (shown.to_owned(), column.to_owned(), value.to_owned());
                faults.push(DataFault { source, row, column, value, code, message, cascaded: false });
            };
            let cells = match cells {
                Row::Cells(cells) => cells,
                Row::Count(count) => {
                    let wanted = content.header.len();
                    return fault(
                        "",
                        "",
                        codes::WRONG_CELL_COUNT,
                        format!("{wanted} cells are wanted, as in the header; there are {count}"),
                    );
                }
                Row::Stray(cell, text) => {
                    let column = content.header.get(cell).map_or("", String::as_str);
                    return fault(column, text, codes::BROKEN_QUOTES, "a quote inside a text has to be doubled".into());
                }
                Row::Broken(why) => return fault("", "", codes::BROKEN_JSON, format!("a sound JSON object is wanted: {why}")),
            };
            let mut sound = true;
            for ((plan, value), good) in plans.iter().zip(&mut values).zip(&mut good) {
                match cell::read(reading, plans, plan, cells) {
                    Ok(read) => (*value, *good) = (read, true),
                    Err(wrong) => {
                        (*value, *good, sound) = (None, false, false);
                        fault(&plan.field.column, trim(&cells[plan.cell].text), wrong.code, wrong.message);
                    }
                }
            }
            if sound {
                for (plan, value) in plans.iter().zip(&mut values) {
                    let column = match &mut state.pending[plan.index as usize] {
                        Some(pending) => pending,
                        None => &mut table.columns[plan.index as usize],
                    };
                    column.push(value.take().into());
                }
                table.rows += 1;
                table.source_rows.push(row);
                if let Some(source) = source {
                    table.source_of.push(source);
                }
            } else {
                remember(model, entity, state, &watched, plans, &values);
            }
        })
    }

    /// Names a source of a table; its number, once there are several.
    fn add_source(&mut self, entity: EntityId, shown: &str) -> Option<u16> {
        let table = &mut self.book.tables[entity.index()];
        table.sources.push(shown.to_owned());
        if table.sources.len() == 1 {
            return None;
        }
        table.source_of.resize(table.rows, 0);
        Some((table.sources.len() - 1).min(usize::from(u16::MAX)) as u16)
    }

    /// The fields of an entity whose values matter even for rows that are set aside: unique ones, and those that references go by.
    fn watched(&self, entity: EntityId) -> FxHashSet<u32> {
        let own = self.model.entity(entity);
        let unique = own.fields.iter().enumerate().filter(|(_, field)| field.unique).map(|(i, _)| i as u32);
        let fields = self.model.entities.iter().flat_map(|entity| &entity.fields);
        let referred = fields.filter_map(|field| cell::target(self.model, field)).filter(|id| id.entity == entity).map(|id| id.index);
        own.key.iter().copied().chain(unique).chain(referred).collect()
    }

    /// The values that a field's cells held: for a reference those it waits with, else the table's own.
    pub fn held(&self, field: FieldId, row: usize) -> Cell {
        let state = &self.states[field.entity.index()];
        match &state.pending[field.index as usize] {
            Some(pending) if row >= state.start => pending.get(row - state.start),
            _ => self.book.tables[field.entity.index()].columns[field.index as usize].get(row),
        }
    }

    /// Sets a row aside and says why.
    pub fn drop_row(&mut self, entity: EntityId, row: u32, field: Option<u32>, value: String, code: Code, message: String) {
        let cascaded = code == codes::REFERS_TO_SET_ASIDE;
        let table = &self.book.tables[entity.index()];
        let (source, number) = place_of(table, row);
        let column = field.map_or_else(String::new, |index| self.model.entity(entity).fields[index as usize].column.clone());
        self.faults.push(DataFault { source, row: number, column, value, code, message, cascaded });
        let state = self.states[entity.index()].drop.entry(row).or_insert(cascaded);
        *state &= cascaded;
    }

    /// The book without the rows that fell out, what was wrong in order, and the counts.
    pub fn finish(mut self) -> Loaded {
        let kept: Vec<Vec<u32>> = self.book.tables.iter().zip(&self.states).map(|(table, state)| kept_rows(table.rows, state)).collect();
        for (i, rows) in kept.iter().enumerate() {
            compact(self.model, &mut self.book, i, rows);
        }
        renumber(self.model, &mut self.book, &kept, &self.states);
        let mut loaded = Loaded { book: self.book, faults: self.faults, ..Loaded::default() };
        order_and_count(self.model, &mut loaded);
        loaded
    }
}

fn remember(model: &Model, entity: EntityId, state: &mut State, watched: &FxHashSet<u32>, plans: &[Plan<'_>], values: &[Option<Value>]) {
    let value_of = |index: u32| plans.iter().position(|plan| plan.index == index).and_then(|at| values[at].clone());
    for &index in watched {
        if let Some(value) = value_of(index) {
            state.lost.entry(index).or_default().insert(value);
        }
    }
    let key = &model.entity(entity).key;
    if key.len() > 1
        && let Some(parts) = key.iter().map(|index| value_of(*index)).collect::<Option<Vec<_>>>()
    {
        state.lost_keys.insert(parts);
    }
}

/// The source and spreadsheet row of a row.
pub fn place_of(table: &kamrules_model::Table, row: u32) -> (String, u32) {
    let source = table.source_of.get(row as usize).map_or(0, |at| usize::from(*at));
    let number = table.source_rows.get(row as usize).copied().unwrap_or(row + 1);
    (table.sources.get(source).cloned().unwrap_or_default(), number)
}

fn kept_rows(rows: usize, state: &State) -> Vec<u32> {
    (0..rows as u32).filter(|row| !state.drop.contains_key(row)).collect()
}

fn compact(model: &Model, book: &mut Book, entity: usize, kept: &[u32]) {
    let table = &mut book.tables[entity];
    if kept.len() == table.rows {
        return;
    }
    for (column, field) in table.columns.iter_mut().zip(&model.entities[entity].fields) {
        *column = column.take(kept, field.ty.kind);
    }
    table.source_rows = pick(&table.source_rows, kept);
    table.source_of = pick(&table.source_of, kept);
    table.rows = kept.len();
}

fn pick<T: Copy>(values: &[T], kept: &[u32]) -> Vec<T> {
    kept.iter().filter_map(|row| values.get(*row as usize).copied()).collect()
}

/// References point to the rows' new places.
fn renumber(model: &Model, book: &mut Book, kept: &[Vec<u32>], states: &[State]) {
    let mut places: Vec<Option<Vec<u32>>> = vec![None; kept.len()];
    for (i, state) in states.iter().enumerate().filter(|(_, state)| !state.drop.is_empty()) {
        let mut place = vec![0; kept[i].len() + state.drop.len()];
        kept[i].iter().enumerate().for_each(|(new, old)| place[*old as usize] = new as u32);
        places[i] = Some(place);
    }
    for (table, entity) in book.tables.iter_mut().zip(&model.entities) {
        for (column, field) in table.columns.iter_mut().zip(&entity.fields) {
            let Type::Row(target) = field.ty.kind else { continue };
            if let (Some(place), kamrules_model::Cells::Row(rows)) = (&places[target.index()], &mut column.cells) {
                let known = |i: usize| column.states.missing.as_ref().is_none_or(|missing| !missing[i]);
                for (i, row) in rows.iter_mut().enumerate() {
                    *row = if known(i) { place.get(*row as usize).copied().unwrap_or(0) } else { 0 };
                }
            }
        }
    }
}

/// Sorts faults by source, row and column, and counts the rows they set aside.
pub fn order_and_count(model: &Model, loaded: &mut Loaded) {
    let (mut sources, mut columns) = (Vec::<&str>::new(), FxHashMap::<(&str, &str), usize>::default());
    let mut numbers = FxHashMap::<&str, usize>::default();
    for (table, entity) in loaded.book.tables.iter().zip(&model.entities) {
        for source in &table.sources {
            numbers.entry(source).or_insert_with(|| {
                sources.push(source);
                sources.len() - 1
            });
            for (i, field) in entity.fields.iter().enumerate() {
                columns.entry((source, &field.column)).or_insert(i + 1);
            }
        }
    }
    let place = |fault: &DataFault| {
        let source = numbers.get(fault.source.as_str()).copied().unwrap_or(usize::MAX);
        (source, fault.row, columns.get(&(fault.source.as_str(), fault.column.as_str())).copied().unwrap_or(0))
    };
    loaded.faults.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| (a.code, &a.value).cmp(&(b.code, &b.value))));
    loaded.faults.dedup();
    let mut counts: Vec<SetAside> = sources.iter().map(|source| SetAside { source: (*source).to_owned(), own: 0, cascaded: 0 }).collect();
    for row in loaded.faults.chunk_by(|a, b| (&a.source, a.row) == (&b.source, b.row)) {
        let Some(count) = numbers.get(row[0].source.as_str()).and_then(|at| counts.get_mut(*at)) else { continue };
        if row.iter().all(|fault| fault.cascaded) {
            count.cascaded += 1;
        } else {
            count.own += 1;
        }
    }
    loaded.set_aside = counts;
}
