//! The one form of decisions: a list of (condition, outcome, why) with a way to win.
//!
//! Tiers, segments, territories, scorecards, tables, the questions of a tree and `match` all lower to it.

use crate::{Ctx, DecisionId, EntityId, ExprId, SetId, Ty};
use kamrules_base::Span;

/// A decision about one row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decision {
    /// The rows it is about.
    pub ctx: Ctx,
    /// The type of its answer: a label, labels, a number of points, or the type of a `match`.
    pub ty: Ty,
    /// How the rungs that hold share the answer.
    pub win: Win,
    /// The rows it decides: the others have no answer, and that is no conflict.
    pub guard: Option<ExprId>,
    /// The rungs in order.
    pub rungs: Vec<Rung>,
    /// The named set it belongs to; none for a `match`.
    pub set: Option<SetId>,
    /// Where it is written.
    pub span: Span,
    /// The question asked, in a tree.
    pub question: Option<Box<str>>,
    /// What a tree's question or a `match` tests.
    pub subject: Option<ExprId>,
}

/// How the rungs that hold share the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Win {
    /// The first that holds, from the top.
    First,
    /// The only one that holds; one that overrides beats every rung below it. Several or none is a conflict: the row
    /// has no label (a `match` without a name: a fault).
    Exclusive,
    /// All that hold, none being no conflict.
    Every,
    /// The sum of the points of those that hold.
    Sum,
}

/// One rung.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rung {
    /// What it is called when it is named: the label, `row 3`, or the branch's test as written.
    pub name: Box<str>,
    /// Whether it beats the rungs below it.
    pub overrides: bool,
    /// When it holds.
    pub when: Condition,
    /// What it gives.
    pub outcome: Outcome,
    /// Where it is written.
    pub span: Span,
}

/// When a rung holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Condition {
    /// When the expression is yes.
    When(ExprId),
    /// When no other rung of the decision holds.
    Otherwise,
    /// Once for each row of an entity for which the filter is yes and the keys are equal, as in [`crate::Aggregate`].
    Each {
        /// The entity.
        rows: EntityId,
        /// Pairs (about a row of `rows`, about the present row) that must be equal; at least one.
        keys: Box<[(ExprId, ExprId)]>,
        /// Which rows count.
        filter: Option<ExprId>,
        /// A condition about the present row.
        guard: Option<ExprId>,
    },
}

/// What a rung gives.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The label with this code; for [`Condition::Each`] together with the row.
    Label(u32),
    /// The answer of another decision about the same row.
    Nested(DecisionId),
    /// A value of the decision's type.
    Value(ExprId),
    /// Points, at the scale of the decision's type.
    Points(i128),
}
