//! Rows to rows: keys that repeat, references that lead somewhere, nowhere or in a circle, and what falls with what.

use crate::cell;
use crate::work::{Work, place_of};
use kamrules_base::codes;
use kamrules_model::texts::fold;
use kamrules_model::{Cell, Cells, Column, EntityId, FieldId, Type, Value, show};
use rustc_hash::FxHashMap;

/// Checks keys, resolves the references that wait, and sets aside what hangs on a row that fell out.
pub fn link(work: &mut Work<'_>) {
    for i in 0..work.model.entities.len() {
        let entity = EntityId(i as u32);
        repeated_keys(work, entity);
        repeated_values(work, entity);
    }
    let resolved = resolve(work);
    for (field, column) in resolved {
        let table = &mut work.book.tables[field.entity.index()];
        append(&mut table.columns[field.index as usize], column);
        work.states[field.entity.index()].pending[field.index as usize] = None;
    }
    circles(work);
    cascade(work);
}

fn append(column: &mut Column, more: Column) {
    if column.is_empty() {
        *column = more;
    } else {
        (0..more.len()).for_each(|row| column.push(more.get(row)));
    }
}

fn repeated_keys(work: &mut Work<'_>, entity: EntityId) {
    let key = work.model.entity(entity).key.clone();
    match key[..] {
        [] => {}
        [index] => repeated(work, FieldId { entity, index }, true),
        _ => repeated_tuples(work, entity, &key),
    }
}

fn repeated_values(work: &mut Work<'_>, entity: EntityId) {
    let info = work.model.entity(entity);
    let unique: Vec<u32> = (0..info.fields.len() as u32).filter(|i| info.fields[*i as usize].unique && info.key != [*i]).collect();
    unique.into_iter().for_each(|index| repeated(work, FieldId { entity, index }, false));
}

/// Sets aside all rows that share a value of a field.
fn repeated(work: &mut Work<'_>, field: FieldId, key: bool) {
    let rows = work.book.table(field.entity).rows;
    if rows <= work.states[field.entity.index()].start && work.states[field.entity.index()].lost.is_empty() {
        return;
    }
    let mut first: FxHashMap<Value, u32> = FxHashMap::default();
    first.reserve(rows);
    let mut twice: Vec<(u32, Value, Option<u32>)> = Vec::new();
    for row in 0..rows as u32 {
        let Cell::Known(value) = alike(work, field, work.held(field, row as usize)) else { continue };
        let lost = work.states[field.entity.index()].lost.get(&field.index).is_some_and(|lost| lost.contains(&value));
        match first.get(&value) {
            Some(&before) => {
                twice.push((before, value.clone(), Some(row)));
                twice.push((row, value, Some(before)));
            }
            None if lost => {
                twice.push((row, value.clone(), None));
                first.insert(value, row);
            }
            None => {
                first.insert(value, row);
            }
        }
    }
    twice.sort_by_key(|(row, _, other)| (*row, other.is_none()));
    twice.dedup_by_key(|(row, ..)| *row);
    let ty = cell::plain_type(work.model, work.model.field(field)).unwrap_or(Type::Unknown);
    for (row, value, other) in twice {
        let shown = show::cell(work.model, &work.book, &work.held(field, row as usize), ty);
        let (code, what) = if key { (codes::REPEATED_KEY, "a key") } else { (codes::NOT_UNIQUE, "a unique value") };
        let message = shared(work, field.entity, what, row, other);
        work.drop_row(field.entity, row, Some(field.index), shown, code, message);
        work.states[field.entity.index()].lost.entry(field.index).or_default().insert(value);
    }
}

/// What is said of a row that shares its key: where another such row stands, if it is not one whose cells were at fault.
fn shared(work: &Work<'_>, entity: EntityId, what: &str, row: u32, other: Option<u32>) -> String {
    let table = work.book.table(entity);
    let ((here, _), other) = (place_of(table, row), other.map(|other| place_of(table, other)));
    let other = match other {
        Some((there, number)) if there == here => format!("row {number}"),
        Some((there, number)) => format!("row {number} of `{there}`"),
        None => "a row with faults of its own".to_owned(),
    };
    format!("{what} may stand in one row only, and this one stands in {other} too: all rows that share it are set aside")
}

fn repeated_tuples(work: &mut Work<'_>, entity: EntityId, key: &[u32]) {
    let rows = work.book.table(entity).rows;
    let mut first: FxHashMap<Vec<Value>, u32> = FxHashMap::default();
    let mut twice: Vec<(u32, Option<u32>)> = Vec::new();
    for row in 0..rows as u32 {
        let part = |&index: &u32| {
            let field = FieldId { entity, index };
            alike(work, field, work.held(field, row as usize)).known().cloned()
        };
        let Some(parts) = key.iter().map(part).collect::<Option<Vec<_>>>() else { continue };
        match first.get(&parts) {
            Some(&before) => twice.extend([(before, Some(row)), (row, Some(before))]),
            None => {
                if work.states[entity.index()].lost_keys.contains(&parts) {
                    twice.push((row, None));
                }
                first.insert(parts, row);
            }
        }
    }
    twice.sort_by_key(|(row, other)| (*row, other.is_none()));
    twice.dedup_by_key(|(row, _)| *row);
    for (row, other) in twice {
        let shown: Vec<String> = key.iter().map(|&index| held_text(work, FieldId { entity, index }, row)).collect();
        let message = shared(work, entity, "a key", row, other);
        work.drop_row(entity, row, key.first().copied(), shown.join("/"), codes::REPEATED_KEY, message);
    }
}

fn held_text(work: &Work<'_>, field: FieldId, row: u32) -> String {
    let ty = cell::plain_type(work.model, work.model.field(field)).unwrap_or(Type::Unknown);
    show::cell(work.model, &work.book, &work.held(field, row as usize), ty)
}

/// What a field holds, made the same for texts that the field takes for equal.
fn alike(work: &Work<'_>, field: FieldId, cell: Cell) -> Cell {
    match (&cell, work.model.field(field).ty.kind) {
        (Cell::Known(Value::Text(sym)), Type::Text { fold: true }) => {
            let texts = &work.book.texts;
            Cell::Known(Value::Text(texts.intern(&fold(&texts.get(*sym)))))
        }
        _ => cell,
    }
}

/// The columns of references, with the rows they lead to.
fn resolve(work: &mut Work<'_>) -> Vec<(FieldId, Column)> {
    let (mut resolved, mut rows_by) = (Vec::new(), FxHashMap::<FieldId, FxHashMap<Value, u32>>::default());
    for i in 0..work.model.entities.len() {
        let entity = EntityId(i as u32);
        for index in 0..work.model.entity(entity).fields.len() as u32 {
            let field = FieldId { entity, index };
            let Some(pending) = work.states[i].pending[index as usize].clone() else { continue };
            let Some(target) = cell::target(work.model, work.model.field(field)) else { continue };
            let by = rows_by.entry(target).or_insert_with(|| by_value(work, target));
            let column = follow(work, field, target, &pending, by);
            resolved.push((field, column));
        }
    }
    resolved
}

fn by_value(work: &Work<'_>, field: FieldId) -> FxHashMap<Value, u32> {
    let rows = work.book.table(field.entity).rows;
    let mut by = FxHashMap::default();
    by.reserve(rows);
    for row in 0..rows {
        if let Cell::Known(value) = alike(work, field, work.held(field, row)) {
            by.entry(value).or_insert(row as u32);
        }
    }
    by
}

fn follow(work: &mut Work<'_>, field: FieldId, target: FieldId, pending: &Column, by: &FxHashMap<Value, u32>) -> Column {
    let start = work.states[field.entity.index()].start;
    let mut column = Column { cells: Cells::Row(Vec::with_capacity(pending.len())), states: kamrules_model::States::default() };
    for at in 0..pending.len() {
        let row = (start + at) as u32;
        match alike(work, target, pending.get(at)) {
            Cell::Known(value) => match by.get(&value) {
                Some(&to) => column.push(Cell::Known(Value::Row(to))),
                None => {
                    // The row falls out; until then nothing may follow the reference.
                    column.push(Cell::Missing);
                    nowhere(work, field, target, row, &value);
                }
            },
            other => column.push(other),
        }
    }
    column
}

fn nowhere(work: &mut Work<'_>, field: FieldId, target: FieldId, row: u32, value: &Value) {
    let lost = work.states[target.entity.index()].lost.get(&target.index).is_some_and(|lost| lost.contains(value));
    let shown = held_text(work, field, row);
    let name = &work.model.entity(target.entity).name;
    let (code, message) = if lost {
        (codes::REFERS_TO_SET_ASIDE, format!("the `{name}` it refers to was set aside"))
    } else {
        let column = &work.model.field(target).column;
        (codes::DANGLING_REFERENCE, format!("no `{name}` has `{shown}` in its column `{column}`"))
    };
    work.drop_row(field.entity, row, Some(field.index), shown, code, message);
}

/// Sets aside the rows on each circle of references from an entity to itself.
fn circles(work: &mut Work<'_>) {
    for i in 0..work.model.entities.len() {
        let entity = EntityId(i as u32);
        for index in 0..work.model.entity(entity).fields.len() as u32 {
            if work.model.entity(entity).fields[index as usize].ty.kind == Type::Row(entity) {
                for row in on_circles(work, FieldId { entity, index }) {
                    let to = work.book.cell(FieldId { entity, index }, row);
                    let shown = match to.known() {
                        Some(Value::Row(to)) => work.book.key(work.model, entity, *to),
                        _ => String::new(),
                    };
                    let message = "references from row to row lead back to this one".to_owned();
                    work.drop_row(entity, row, Some(index), shown, codes::REFERENCE_CIRCLE, message);
                }
            }
        }
    }
}

fn on_circles(work: &Work<'_>, field: FieldId) -> Vec<u32> {
    let table = work.book.table(field.entity);
    let column = &table.columns[field.index as usize];
    let next = |row: u32| match column.get(row as usize) {
        Cell::Known(Value::Row(to)) if (to as usize) < table.rows => Some(to),
        _ => None,
    };
    // 0: not visited; else the number of the walk that came by.
    let (mut walk_of, mut out) = (vec![0_u32; table.rows], Vec::new());
    for start in 0..table.rows as u32 {
        let (walk, mut at) = (start + 1, Some(start));
        while let Some(row) = at.filter(|row| walk_of[*row as usize] == 0) {
            walk_of[row as usize] = walk;
            at = next(row);
        }
        let Some(first) = at.filter(|row| walk_of[*row as usize] == walk) else { continue };
        let mut row = first;
        loop {
            out.push(row);
            match next(row) {
                Some(to) if to != first => row = to,
                _ => break,
            }
        }
    }
    out.sort_unstable();
    out
}

/// Sets aside every row that refers to one that fell out, and so on.
pub fn cascade(work: &mut Work<'_>) {
    let mut waiting: Vec<(EntityId, u32)> = Vec::new();
    for (i, state) in work.states.iter().enumerate() {
        waiting.extend(state.drop.keys().map(|row| (EntityId(i as u32), *row)));
    }
    if waiting.is_empty() {
        return;
    }
    let referring = referring_fields(work);
    let mut reverse: FxHashMap<FieldId, Reverse> = FxHashMap::default();
    let mut fallen: Vec<(EntityId, u32)> = Vec::new();
    while let Some((entity, row)) = waiting.pop() {
        for &field in &referring[entity.index()] {
            let reverse = reverse.entry(field).or_insert_with(|| Reverse::new(work, field));
            for &from in reverse.of(row) {
                if let std::collections::hash_map::Entry::Vacant(entry) = work.states[field.entity.index()].drop.entry(from) {
                    entry.insert(true);
                    waiting.push((field.entity, from));
                    fallen.push((field.entity, from));
                }
            }
        }
    }
    fallen.sort_unstable();
    fallen.into_iter().for_each(|(entity, row)| explain_fall(work, entity, row));
}

/// Says of a row that fell with another which field refers to it: the first.
fn explain_fall(work: &mut Work<'_>, entity: EntityId, row: u32) {
    let fields = &work.model.entity(entity).fields;
    for (index, info) in fields.iter().enumerate() {
        let Type::Row(target) = info.ty.kind else { continue };
        let field = FieldId { entity, index: index as u32 };
        let Cell::Known(Value::Row(to)) = work.book.cell(field, row) else { continue };
        if work.states[target.index()].drop.contains_key(&to) {
            let shown = work.book.key(work.model, target, to);
            let message = format!("the `{}` it refers to was set aside", work.model.entity(target).name);
            return work.drop_row(entity, row, Some(index as u32), shown, codes::REFERS_TO_SET_ASIDE, message);
        }
    }
}

fn referring_fields(work: &Work<'_>) -> Vec<Vec<FieldId>> {
    let mut out = vec![Vec::new(); work.model.entities.len()];
    for (i, entity) in work.model.entities.iter().enumerate() {
        for (index, field) in entity.fields.iter().enumerate() {
            if let Type::Row(target) = field.ty.kind {
                out[target.index()].push(FieldId { entity: EntityId(i as u32), index: index as u32 });
            }
        }
    }
    out
}

/// For each row of a reference's target the rows that refer to it.
struct Reverse {
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Reverse {
    fn new(work: &Work<'_>, field: FieldId) -> Self {
        let Type::Row(target) = work.model.field(field).ty.kind else { return Self { starts: vec![0], rows: Vec::new() } };
        let (to_rows, table) = (work.book.table(target).rows, work.book.table(field.entity));
        let column = &table.columns[field.index as usize];
        let links = || {
            (0..table.rows).filter_map(|row| match column.get(row) {
                Cell::Known(Value::Row(to)) if (to as usize) < to_rows => Some((to as usize, row as u32)),
                _ => None,
            })
        };
        let mut starts = vec![0_u32; to_rows + 1];
        links().for_each(|(to, _)| starts[to + 1] += 1);
        (0..to_rows).for_each(|i| starts[i + 1] += starts[i]);
        let (mut next, mut rows) = (starts.clone(), vec![0; starts[to_rows] as usize]);
        for (to, row) in links() {
            rows[next[to] as usize] = row;
            next[to] += 1;
        }
        Self { starts, rows }
    }

    fn of(&self, row: u32) -> &[u32] {
        match self.starts.get(row as usize..row as usize + 2) {
            Some(ends) => &self.rows[ends[0] as usize..ends[1] as usize],
            None => &[],
        }
    }
}
