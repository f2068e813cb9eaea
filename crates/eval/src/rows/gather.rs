//! The rows of an entity by the values of their keys, gathered once, so that a row finds its own without a scan.

use super::{Nothing, Walk, node};
use kamrules_model::{Cell, DecisionId, EntityId, ExprId, Fault, FieldId, Value};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// The values of the keys that a group of rows shares.
pub type Key = Box<[Value]>;

/// What rows are gathered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// An aggregate.
    Aggregate(ExprId),
    /// A rung of a decision.
    Each(DecisionId, u32),
}

/// Which rows are gathered, and for which.
#[derive(Clone, Copy)]
pub struct Wanted<'m> {
    /// The entity.
    pub rows: EntityId,
    /// Pairs (about a row of `rows`, about the present row) that must be equal.
    pub keys: &'m [(ExprId, ExprId)],
    /// Which rows count.
    pub filter: Option<ExprId>,
    /// A condition about the present row.
    pub guard: Option<ExprId>,
}

/// The rows of an entity by their keys.
#[derive(Debug, Default)]
pub struct Gathered {
    groups: FxHashMap<Key, Group>,
    // What befell a row of which it cannot be said to whom it belongs: it could be anyone's.
    stray: Group,
}

/// The rows with the same keys, ascending, and what befell others that could be among them.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// The rows for which the filter is yes.
    pub rows: Vec<u32>,
    /// The least fault.
    pub fault: Option<Fault>,
    /// A field that a test left out.
    pub unset: Option<FieldId>,
}

impl Group {
    /// Notes a fault or an unset field. What is missing is nothing to note.
    pub fn note(&mut self, nothing: Nothing) {
        match nothing {
            Nothing::Fault(fault) => self.fault = Some(self.fault.map_or(fault, |least| least.min(fault))),
            Nothing::Unset(field) => self.unset = self.unset.or(Some(field)),
            Nothing::Missing => {}
        }
    }

    /// Takes in what befell other rows.
    fn share(mut self, stray: &Self) -> Self {
        stray.fault.into_iter().for_each(|fault| self.note(Nothing::Fault(fault)));
        self.unset = self.unset.or(stray.unset);
        self
    }
}

/// The rows that are a row's own, with their key; or none at all (then the answer is that of nothing).
pub fn own(walk: &Walk<'_>, place: Place, wanted: Wanted<'_>, row: u32) -> Result<Option<(Key, Group)>, Nothing> {
    match wanted.guard.map(|guard| Nothing::of(walk.value(guard, row))) {
        None | Some(Ok(Value::Flag(true))) => {}
        Some(Ok(_) | Err(Nothing::Missing)) => return Ok(None),
        Some(Err(nothing)) => return Err(nothing),
    }
    let outer: Vec<ExprId> = wanted.keys.iter().map(|(_, outer)| *outer).collect();
    let key: Key = match node::operands(walk, row, &outer) {
        Ok(values) => values.into(),
        Err(Nothing::Missing) => return Ok(None),
        Err(nothing) => return Err(nothing),
    };
    let gathered = gathered(walk, place, wanted);
    let group = gathered.groups.get(&key).cloned().unwrap_or_default().share(&gathered.stray);
    Ok(Some((key, group)))
}

fn gathered(walk: &Walk<'_>, place: Place, wanted: Wanted<'_>) -> Rc<Gathered> {
    if let Some(known) = walk.gathered.borrow().get(&place) {
        return known.clone();
    }
    let gathered = Rc::new(gather(walk, wanted));
    walk.gathered.borrow_mut().insert(place, gathered.clone());
    gathered
}

fn gather(walk: &Walk<'_>, wanted: Wanted<'_>) -> Gathered {
    let inner: Vec<ExprId> = wanted.keys.iter().map(|(inner, _)| *inner).collect();
    let mut out = Gathered::default();
    for row in 0..walk.book.table(wanted.rows).rows as u32 {
        let filter = wanted.filter.map_or(Cell::flag(true), |filter| walk.value(filter, row));
        let counts = match Nothing::of(filter) {
            Ok(Value::Flag(true)) => Ok(()),
            Ok(_) | Err(Nothing::Missing) => continue,
            Err(nothing) => Err(nothing),
        };
        let group = match node::operands(walk, row, &inner) {
            Ok(key) => out.groups.entry(key.into()).or_default(),
            Err(Nothing::Missing) => continue,
            Err(nothing) => {
                out.stray.note(nothing);
                &mut out.stray
            }
        };
        match counts {
            Err(nothing) => group.note(nothing),
            Ok(()) => group.rows.push(row),
        }
    }
    out
}
