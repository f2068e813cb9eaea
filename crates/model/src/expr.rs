//! Expressions: one hash-consed arena for the whole policy, so that what two rules share is one expression.

use crate::{Ctx, DecisionId, EntityId, ExprId, FieldId, FunctionId, ListId, MetricId, Ty, Value};
use kamrules_base::{Decimal, Span};
use rustc_hash::FxHashMap;

/// An expression. Operands are earlier in the arena than what uses them.
///
/// Unless said otherwise an operand that is missing makes the result missing, and a fault makes it that fault.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// A value written out; of the node's type.
    Const(Value),
    /// Always missing.
    Missing,
    /// The day the policy is evaluated as of.
    Today,
    /// The row itself, as a reference to it.
    Row(EntityId),
    /// A loaded field.
    Field(FieldId),
    /// A group's value of one of the metric's `by`.
    GroupKey(MetricId, u32),
    /// `value`, which is about rows of another entity, for the row that `reference` names.
    Through {
        /// A reference, about the present row.
        reference: ExprId,
        /// About the row referred to.
        value: ExprId,
    },
    /// Three-valued `not`.
    Not(ExprId),
    /// `-a`, of numbers, money and durations.
    Negate(ExprId),
    /// Three-valued `and`: no wins over missing, and a left no over a fault on the right.
    And(ExprId, ExprId),
    /// Three-valued `or`.
    Or(ExprId, ExprId),
    /// Arithmetic; see [`crate::arith`] for what goes with what.
    Arith(ArithOp, ExprId, ExprId),
    /// Comparison of two values of one kind; numbers may differ in scale. Labels: an earlier one is greater.
    Compare(CompareOp, ExprId, ExprId),
    /// The left, or the right when the left is missing; both have the node's type.
    OrElse(ExprId, ExprId),
    /// Whether the value is there; never missing itself.
    IsKnown(ExprId),
    /// Whether the value is one of these.
    OneOf(ExprId, Box<[Value]>),
    /// Whether a text is in a list.
    InList(ExprId, ListId),
    /// Whether a label is one of these codes (whatever its row), or labels hold one of them.
    LabelIn(ExprId, Box<[u32]>),
    /// The row of the `each` entity that gave the label with this code; missing if the label is another.
    LabelRow(ExprId, u32),
    /// Whether a day (first) lies in a period (second).
    InPeriod(ExprId, ExprId),
    /// A number or money at the scale of the node's type, rounded half away from zero.
    Rescale(ExprId),
    /// The last row reached by following a reference to rows of its own entity; the row itself where it is missing. The
    /// reference is about the rows of that entity, and so is the result.
    Ultimate(ExprId),
    /// A builtin function.
    Call(FunctionId, Box<[ExprId]>),
    /// The second when the first is yes, the third when it is no; missing when it is missing.
    If(ExprId, ExprId, ExprId),
    /// A decision.
    Decide(DecisionId),
    /// An aggregate over the rows of an entity.
    Aggregate(Box<Aggregate>),
    /// A fact about the row's place in its population.
    Population(Box<PopulationFact>),
    /// One of the parts that an amount is split into, to the cent, by largest remainder; `total` has scale 2.
    Split {
        /// What is split.
        total: ExprId,
        /// The shares, adding up to 1.
        shares: Box<[Decimal]>,
        /// Which part.
        index: u32,
    },
    /// A message: texts and values joined. A missing value reads as nothing.
    Message(Box<[MessagePart]>),
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MessagePart {
    /// As it stands.
    Text(String),
    /// A value, shown for people.
    Value(ExprId),
}

/// Arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the four operations")]
pub enum ArithOp {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the six comparisons")]
pub enum CompareOp {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl CompareOp {
    /// Whether an ordering satisfies the comparison.
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        match self {
            Self::Equal => ordering == Equal,
            Self::NotEqual => ordering != Equal,
            Self::Less => ordering == Less,
            Self::LessOrEqual => ordering != Greater,
            Self::Greater => ordering == Greater,
            Self::GreaterOrEqual => ordering != Less,
        }
    }

    /// The same comparison with its sides changed over.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            same => same,
        }
    }

    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// An aggregate. The rows it is over are those of `rows` for which `filter` is yes and each inner key equals the outer
/// one (missing equals nothing). Where `guard` is not yes, it is over no rows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Aggregate {
    /// What is computed.
    pub op: AggOp,
    /// Over which entity.
    pub rows: EntityId,
    /// What is aggregated, about a row of `rows`: nothing for `count`, a flag for `any`, `every` and `share`.
    pub value: Option<ExprId>,
    /// Which rows count, about a row of `rows`.
    pub filter: Option<ExprId>,
    /// What `first` and `last` go by, about a row of `rows`; ties by key, then by row.
    pub order: Option<ExprId>,
    /// Pairs (about a row of `rows`, about the present row) of the same type that must be equal.
    pub keys: Box<[(ExprId, ExprId)]>,
    /// A condition about the present row.
    pub guard: Option<ExprId>,
}

/// What an aggregate computes. `sum` and `count` of nothing are 0, `any` no, `every` yes, the others missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is named as it is written")]
pub enum AggOp {
    Count,
    Sum,
    Average,
    Median,
    Min,
    Max,
    Any,
    Every,
    Share,
    Only,
    First,
    Last,
}

/// A fact about the present row's place among the rows of its entity for which `population` is yes (all, if it is not
/// said), or among those with the same `within`. It is missing for a row outside the population.
///
/// Rows whose value or `within` is missing are outside. From the largest down (for `bottom` and `last` from the smallest up)
/// a row belongs while what comes strictly before it is under the amount: a number of rows, a share of the rows, or a
/// share of the total of the values above zero.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PopulationFact {
    /// Which fact.
    pub op: PopulationOp,
    /// Whose rows.
    pub entity: EntityId,
    /// What is ordered or summed.
    pub value: ExprId,
    /// A number of rows, or a share if `percent`; unused by `rank` and `share_of_total`.
    pub amount: Decimal,
    /// Whether the amount is a share.
    pub percent: bool,
    /// The rows' own group.
    pub within: Option<ExprId>,
    /// Which rows belong.
    pub population: Option<ExprId>,
}

/// Facts about a row's place in its population.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PopulationOp {
    /// 1 + how many rows are strictly greater.
    Rank,
    /// The value divided by the total of all, at scale 12; missing when the total is zero.
    ShareOfTotal,
    /// Among the largest, by number of rows.
    Top,
    /// Among the smallest, by number of rows.
    Bottom,
    /// Among the largest that together make a share of the positive total (or, by a number, that reach that total).
    First,
    /// Among the smallest, likewise: those of zero and below have nothing above zero before them, so they belong.
    Last,
}

/// The arena.
#[derive(Debug, Clone, Default)]
pub struct Exprs {
    nodes: Vec<(Node, Ty, Ctx, Span)>,
    ids: FxHashMap<(Node, Ty), ExprId>,
}

impl Exprs {
    /// The id of a node, added if it is new. `span` is kept from the first time.
    pub fn add(&mut self, node: Node, ty: Ty, ctx: Ctx, span: Span) -> ExprId {
        let key = (node, ty);
        if let Some(&id) = self.ids.get(&key) {
            return id;
        }
        let id = ExprId(self.nodes.len() as u32);
        self.nodes.push((key.0.clone(), ty, ctx, span));
        self.ids.insert(key, id);
        id
    }

    /// The node of an id.
    pub fn node(&self, id: ExprId) -> &Node {
        &self.nodes[id.index()].0
    }

    /// The type of an expression.
    pub fn ty(&self, id: ExprId) -> Ty {
        self.nodes[id.index()].1
    }

    /// Which rows an expression is about.
    pub fn ctx(&self, id: ExprId) -> Ctx {
        self.nodes[id.index()].2
    }

    /// Where it was first written.
    pub fn span(&self, id: ExprId) -> Span {
        self.nodes[id.index()].3
    }

    /// How many expressions there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}
