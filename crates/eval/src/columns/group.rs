//! Rows grouped by the values of keys, so that rows of another entity find theirs in one look-up.

use super::engine::{Engine, GroupingKey};
use super::vector::View;
use kamrules_model::{Cell, Cells, Ctx, EntityId, ExprId, Fault, LabelValue, Type};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A row that is in no group.
pub(super) const NONE: u32 = u32::MAX;

/// The rows of an entity by their keys.
pub(super) struct Grouping {
    /// The group of each row, or [`NONE`].
    pub of_row: Vec<u32>,
    /// How many groups there are.
    pub count: usize,
    /// Rows whose key cannot be said, ascending.
    pub faults: Vec<(u32, Cell)>,
    /// A step per key: from the group so far and the value to the group.
    steps: Vec<Step>,
}

enum Step {
    /// The first key, when its values are small numbers: groups by value.
    Dense(Vec<u32>),
    /// Any key.
    Sparse(FxHashMap<(u32, Code), u32>),
}

/// A value as a number.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Code {
    Plain(i128),
    Labels(Box<[LabelValue]>),
}

/// The name of the grouping by these keys.
pub(super) fn key(rows: EntityId, keys: &[(ExprId, ExprId)]) -> GroupingKey {
    (rows, keys.iter().map(|key| key.0).collect())
}

/// Groups the rows of an entity.
pub(super) fn group(engine: &Engine<'_>, (entity, keys): &GroupingKey) -> Grouping {
    let rows = engine.rows(Ctx::Entity(*entity));
    let views: Vec<View<'_>> = keys.iter().map(|&key| engine.view(key)).collect();
    let mut grouping = Grouping { of_row: vec![0; rows], count: 1, faults: Vec::new(), steps: Vec::new() };
    for row in 0..rows as u32 {
        match super::vector::first_trouble(&views, row) {
            None => {}
            Some(cell) => {
                grouping.of_row[row as usize] = NONE;
                if cell != Cell::Missing {
                    grouping.faults.push((row, cell));
                }
            }
        }
    }
    for (index, (view, key)) in views.iter().zip(keys).enumerate() {
        let ty = engine.model.ty(*key).kind;
        let step = if index == 0 && dense(engine, ty).is_some() {
            grouping.split_dense(*view, dense(engine, ty).unwrap_or(0))
        } else {
            grouping.split_sparse(*view)
        };
        grouping.steps.push(step);
    }
    grouping
}

/// How many values a type has, if they are numbered from 0.
fn dense(engine: &Engine<'_>, ty: Type) -> Option<usize> {
    match ty {
        Type::Row(entity) => Some(engine.rows(Ctx::Entity(entity))),
        Type::Pick(pick) => Some(engine.model.pick(pick).values.len()),
        Type::Text { .. } => Some(engine.book.texts.len()),
        _ => None,
    }
}

fn small(cells: &Cells, at: usize) -> usize {
    match cells {
        Cells::Row(v) | Cells::Pick(v) => v[at] as usize,
        Cells::Text(v) => v[at].0 as usize,
        other => unreachable!("only rows, picklists and texts are numbered, not this column of {} rows", other.len()),
    }
}

fn code(cells: &Cells, at: usize) -> Code {
    let pair = |high: u32, low: u32| i128::from(high) << 32 | i128::from(low);
    Code::Plain(match cells {
        Cells::Num(v) => v[at],
        Cells::Text(v) => v[at].0.into(),
        Cells::Date(v) => v[at].into(),
        Cells::Time(v) => v[at].into(),
        Cells::Duration(v) => pair(v[at].months as u32, v[at].days as u32) << 64 | i128::from(v[at].seconds as u64),
        Cells::Flag(v) => v[at].into(),
        Cells::Pick(v) | Cells::Row(v) => v[at].into(),
        Cells::Period(v) => i128::from(v[at].grain as u8) << 64 | pair(v[at].first as u32, v[at].last as u32),
        Cells::Label(v) => pair(v[at].code, v[at].row),
        Cells::Labels(v) => return Code::Labels(v[at].clone()),
    })
}

impl Grouping {
    fn split_dense(&mut self, view: View<'_>, values: usize) -> Step {
        let mut groups = vec![NONE; values];
        self.count = 0;
        for (row, group) in self.of_row.iter_mut().enumerate().filter(|(_, group)| **group != NONE) {
            let value = small(&view.column.cells, view.at(row as u32));
            if value >= groups.len() {
                groups.resize(value + 1, NONE);
            }
            if groups[value] == NONE {
                groups[value] = self.count as u32;
                self.count += 1;
            }
            *group = groups[value];
        }
        Step::Dense(groups)
    }

    fn split_sparse(&mut self, view: View<'_>) -> Step {
        let mut groups = FxHashMap::default();
        self.count = 0;
        for (row, group) in self.of_row.iter_mut().enumerate().filter(|(_, group)| **group != NONE) {
            let next = self.count as u32;
            let found = *groups.entry((*group, code(&view.column.cells, view.at(row as u32)))).or_insert(next);
            self.count += usize::from(found == next);
            *group = found;
        }
        Step::Sparse(groups)
    }

    /// The group whose keys equal these known values.
    pub(super) fn find(&self, views: &[View<'_>], row: u32) -> Option<u32> {
        let mut group = 0;
        for (step, view) in self.steps.iter().zip(views) {
            let (cells, at) = (&view.column.cells, view.at(row));
            group = match step {
                Step::Dense(groups) => *groups.get(small(cells, at))?,
                Step::Sparse(groups) => *groups.get(&(group, code(cells, at)))?,
            };
            if group == NONE {
                return None;
            }
        }
        Some(group)
    }

    /// What is wrong with the key of a row.
    pub(super) fn key_fault(&self, row: u32) -> Option<&Cell> {
        let at = self.faults.binary_search_by_key(&row, |(row, _)| *row).ok()?;
        Some(&self.faults[at].1)
    }
}

/// The rows of a table by their keys, for an `each` rung.
pub(super) struct Matches {
    grouping: Arc<Grouping>,
    rows: Vec<Vec<u32>>,
    faults: Vec<Option<Fault>>,
    poison: Option<Fault>,
}

/// Sorts the rows of a table for which a filter is yes by their keys.
pub(super) fn matches(engine: &Engine<'_>, entity: EntityId, keys: &[(ExprId, ExprId)], filter: Option<ExprId>) -> Matches {
    let grouping = engine.groupings[&key(entity, keys)].clone();
    let filter = filter.map(|filter| engine.view(filter));
    let mut out = Matches { rows: vec![Vec::new(); grouping.count], faults: vec![None; grouping.count], poison: None, grouping };
    for row in 0..engine.rows(Ctx::Entity(entity)) as u32 {
        let trouble = match filter.map(|view| (view, view.trouble(row))) {
            None => None,
            Some((view, None)) if view.flag(row) => None,
            Some((_, None | Some(Cell::Missing))) => continue,
            Some((_, bad)) => bad,
        };
        if let Some(bad) = out.grouping.key_fault(row) {
            worsen(&mut out.poison, bad);
            if let Some(trouble) = &trouble {
                worsen(&mut out.poison, trouble);
            }
            continue;
        }
        match (out.grouping.of_row[row as usize], trouble) {
            (NONE, _) => {}
            (group, None) => out.rows[group as usize].push(row),
            (group, Some(bad)) => worsen(&mut out.faults[group as usize], &bad),
        }
    }
    out
}

/// Keeps the least fault.
pub(super) fn worsen(fault: &mut Option<Fault>, cell: &Cell) {
    if let Cell::Fault(other) = cell {
        *fault = Some(fault.map_or(*other, |fault| fault.min(*other)));
    }
}

impl Matches {
    /// The rows that match known keys, ascending.
    pub(super) fn of(&self, views: &[View<'_>], row: u32) -> Result<&[u32], Fault> {
        let group = self.grouping.find(views, row);
        let own = group.and_then(|group| self.faults[group as usize]);
        match self.poison.into_iter().chain(own).min() {
            Some(fault) => Err(fault),
            None => Ok(group.map_or(&[], |group| &self.rows[group as usize])),
        }
    }
}
