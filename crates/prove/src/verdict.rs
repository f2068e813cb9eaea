//! What is proved of decisions and conditions.

use crate::Place;
use kamrules_base::Span;
use kamrules_model::{DecisionId, EntityId, ExprId, Value};

/// Something that is wrong with a decision, or was not found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The decision; of nested ones the inner one.
    pub decision: DecisionId,
    /// What is wrong.
    pub what: What,
    /// The policy's facts that it hangs on, by their place in the model.
    pub facts: Vec<u32>,
}

/// What is wrong with a decision, or was not found out. Rungs go by their place in the decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Two rungs of an exclusive decision hold for one row, and none above overrides them.
    Overlap {
        /// The two, the upper one first.
        rungs: [u32; 2],
        /// A row for which both hold.
        example: Example,
        /// Whether the example surely can exist: it does not hang on values that are computed from one another.
        sure: bool,
    },
    /// No rung holds for a row that the decision is about.
    Gap {
        /// Such a row.
        example: Example,
        /// As for an overlap.
        sure: bool,
    },
    /// A rung never gives an answer.
    Unreachable {
        /// Which.
        rung: u32,
        /// Why.
        why: Why,
    },
    /// Something could not be proved.
    NotProved {
        /// What was asked.
        question: Asked,
        /// Why it was not found out.
        reason: Reason,
    },
}

/// Why a rung never gives an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Its condition is never yes: these parts of it cannot be together (one, if it is never yes by itself).
    Never(Vec<ExprId>),
    /// Its condition is never yes for the rows that the decision is about, or inside the rung that it is nested in.
    Outside,
    /// Wherever it holds, one of these rungs takes the row: those that are needed for that.
    Swallowed(Vec<u32>),
    /// Wherever it holds, one of these rungs further out takes the row before it gets here.
    Taken(Vec<(DecisionId, u32)>),
    /// It is `otherwise`, and the other rungs leave nothing.
    NothingLeft,
}

/// A question about a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Whether at most one rung holds.
    Exclusive,
    /// Whether always one holds.
    Complete,
    /// Whether a rung is ever reached.
    Reachable(u32),
    /// Everything there is to ask of it.
    Anything,
    /// Whether a rung is ever reached, and so many more of its decision.
    SomeReachable(u32, u32),
}

/// Why something was not proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It would have taken too many steps.
    Steps,
    /// A condition falls into too many cases.
    Cases(ExprId),
    /// It hangs on rows that are known with the data only.
    Data(ExprId),
}

/// An example row: what must be known of it. What is not said does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Whose row; none for a decision about the policy as a whole.
    pub entity: Option<EntityId>,
    /// Values of expressions about that row: fields, fields through references, and what is computed.
    pub values: Vec<(Place, Held)>,
}

/// What an expression holds in an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// This value, of the expression's type.
    Value(Value),
    /// Nothing.
    Missing,
    /// Something, whatever it is: a reference.
    There,
}

/// Something that is wrong with a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The condition.
    pub condition: ExprId,
    /// The text that it stands in: a rung, an item's clause.
    pub within: Span,
    /// What is wrong.
    pub what: FlawKind,
}

/// What is wrong with a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlawKind {
    /// It is never yes: these parts cannot be together (one, if it is never yes by itself).
    Never(Vec<ExprId>),
    /// These facts about one entity cannot all be so: it can have no rows.
    Contradiction(Vec<ExprId>),
    /// It was not found out: it falls into too many cases, or would take too many steps.
    NotProved,
    /// It is always yes.
    Always,
    /// A part that decides nothing beside the others: without it the condition is the same.
    Idle(ExprId),
    /// A part compares with a value that lies outside of the declared range of the field, so it is always the same.
    OutOfRange(ExprId),
    /// A part compares with a value that the other side never has.
    NeverGiven {
        /// The part.
        part: ExprId,
        /// The other side.
        subject: ExprId,
        /// The values that it has.
        given: Vec<Value>,
    },
}
