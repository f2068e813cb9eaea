//! The row walk: one expression for one row at a time, with reasons.
//!
//! It is written for plainness, not speed: `context` tells which rows an expression is about, `node` computes an expression
//! from its operands, `logic` holds the rules of three-valued logic, `gather` finds a row's own rows for `aggregate`,
//! `population` ranks whole populations, `decide` goes through rungs, `groups` lists a metric's groups; `trace` and `why` say
//! how an answer came about. It shares nothing with the columns but the arithmetic and the builtin functions, so that each
//! checks the other.

mod aggregate;
mod context;
mod decide;
mod gather;
mod groups;
#[cfg(test)]
pub(crate) mod hand;
mod logic;
mod node;
mod population;
#[cfg(test)]
mod tests;
mod trace;
mod why;

pub use trace::{Held, Operand, Reason, RungTrace, Trace, TraceConflict};
pub use why::Why;

use kamrules_base::Date;
use kamrules_model::{Book, Cell, Ctx, DecisionId, ExprId, Fault, FaultKind, FieldId, MetricId, Model, Node, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::rc::Rc;

/// Room that must be left on the stack before an operand is computed, and what is added when it is not.
const RED_ZONE: usize = 128 * 1024;
const MORE_STACK: usize = 4 * 1024 * 1024;

/// The values of a model over a book, computed as they are asked for and remembered.
pub struct Walk<'a> {
    /// The rules.
    pub model: &'a Model,
    /// The data.
    pub book: &'a Book,
    as_of: Option<Date>,
    contexts: Vec<Ctx>,
    known: RefCell<FxHashMap<(ExprId, u32), Cell>>,
    pins: FxHashMap<(ExprId, u32), Cell>,
    gathered: RefCell<FxHashMap<gather::Place, Rc<gather::Gathered>>>,
    aggregates: RefCell<FxHashMap<(ExprId, gather::Key), aggregate::Outcome>>,
    populations: RefCell<FxHashMap<ExprId, Rc<Vec<Cell>>>>,
    groups: RefCell<FxHashMap<MetricId, groups::Groups>>,
    decides: FxHashMap<DecisionId, ExprId>,
    seen: Option<RefCell<Seen>>,
}

/// What a walk came by, for the coverage of tests.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The rungs that gave an answer.
    pub won: FxHashSet<(DecisionId, u32)>,
    /// The comparisons with a constant whose other side was that constant or right beside it.
    pub near: FxHashSet<ExprId>,
}

impl<'a> Walk<'a> {
    /// A walk of a model over a book, with the day that `today` is (the policy's if none is given).
    pub fn new(model: &'a Model, book: &'a Book, as_of: Option<Date>) -> Self {
        let mut decides = FxHashMap::default();
        for id in (0..model.exprs.len() as u32).map(ExprId) {
            if let Node::Decide(decision) = model.exprs.node(id) {
                decides.entry(*decision).or_insert(id);
            }
        }
        Self {
            model,
            book,
            as_of: as_of.or(model.settings.as_of),
            contexts: context::contexts(model),
            known: RefCell::default(),
            pins: FxHashMap::default(),
            gathered: RefCell::default(),
            aggregates: RefCell::default(),
            populations: RefCell::default(),
            groups: RefCell::default(),
            decides,
            seen: None,
        }
    }

    /// From here on the walk notes what it comes by.
    pub fn watch(&mut self) {
        self.seen = Some(RefCell::default());
    }

    /// What it came by since [`Walk::watch`].
    pub fn seen(&self) -> Seen {
        self.seen.as_ref().map(|seen| seen.borrow().clone()).unwrap_or_default()
    }

    /// Says what an expression is for a row, whatever it would be. To be called before any value is asked for.
    pub fn pin(&mut self, expr: ExprId, row: u32, cell: Cell) {
        let row = self.place(expr, row);
        self.pins.insert((expr, row), cell);
    }

    /// What an expression is for a row (of the entity it is about, or a group's index; any, if it is about the policy).
    pub fn value(&self, expr: ExprId, row: u32) -> Cell {
        let key = (expr, self.place(expr, row));
        if let Some(pinned) = self.pins.get(&key) {
            return pinned.clone();
        }
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let cell = stacker::maybe_grow(RED_ZONE, MORE_STACK, || node::value(self, expr, key.1));
        self.known.borrow_mut().insert(key, cell.clone());
        cell
    }

    // What is about the policy is the same for every row.
    fn place(&self, expr: ExprId, row: u32) -> u32 {
        if self.ctx(expr) == Ctx::Policy { 0 } else { row }
    }

    /// Which rows an expression is about.
    pub fn ctx(&self, expr: ExprId) -> Ctx {
        self.contexts[expr.index()]
    }

    /// A fault of an expression at a row.
    fn fault(&self, expr: ExprId, row: u32, kind: FaultKind) -> Fault {
        match self.ctx(expr) {
            Ctx::Entity(entity) => Fault { entity: Some(entity), row, kind, expr },
            Ctx::Policy | Ctx::Group(_) => Fault { entity: None, row: 0, kind, expr },
        }
    }

    fn known_or_fault(&self, expr: ExprId, row: u32, value: Result<Option<Value>, FaultKind>) -> Cell {
        match value {
            Ok(value) => value.into(),
            Err(kind) => Cell::Fault(self.fault(expr, row, kind)),
        }
    }
}

/// The value, or why there is none: a fault first, then what is missing, then what a test left out.
type Given<T> = Result<T, Nothing>;

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nothing {
    Fault(Fault),
    Missing,
    Unset(FieldId),
}

impl Nothing {
    fn of(cell: Cell) -> Given<Value> {
        match cell {
            Cell::Known(value) => Ok(value),
            Cell::Fault(fault) => Err(Self::Fault(fault)),
            Cell::Missing => Err(Self::Missing),
            Cell::Unset(field) => Err(Self::Unset(field)),
        }
    }

    // Of two reasons the one that decides; of two faults the first.
    fn with(self, later: Self) -> Self {
        match (self, later) {
            (Self::Fault(_), _) => self,
            (_, Self::Fault(_)) => later,
            (Self::Missing, _) | (_, Self::Unset(_)) => self,
            (Self::Unset(_), Self::Missing) => later,
        }
    }
}

impl From<Nothing> for Cell {
    fn from(nothing: Nothing) -> Self {
        match nothing {
            Nothing::Fault(fault) => Self::Fault(fault),
            Nothing::Missing => Self::Missing,
            Nothing::Unset(field) => Self::Unset(field),
        }
    }
}
