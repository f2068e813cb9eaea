//! What conditions are about: fields, and what is computed; each with the tests that the conditions make on it.

use kamrules_model::{DecisionId, ExprId, FunctionId, Sym, Value};

/// An expression about a row, or about a row that is reached from it through references.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The references, the first about the row itself, each further one about the row reached so far.
    pub path: Vec<ExprId>,
    /// The expression, about the row at the end of the path.
    pub expr: ExprId,
}

/// What a subject is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// A field, or something computed that is taken as it comes.
    Leaf(Place),
    /// The first less the second, in units of the scale.
    Difference(Place, Place, u8),
    /// How the first compares with the second.
    Relation(Place, Place),
    /// Whether a text has a part, where it is asked for so many parts that their combinations are not gone through.
    Part(Place, TextTest),
    /// Whether a table whose rows are not at hand has a row for this one: of a rung `each`.
    Each(DecisionId, u32, Vec<ExprId>),
}

/// The values that a subject can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Whole numbers of units, both ends inside: numbers, money, days, instants, durations.
    Units(i128, i128),
    /// So many values: picklists, flags (no and yes), labels by code.
    Values(u32),
    /// Texts.
    Text,
    /// Less, equal or greater; or, where there is no order, equal (1) or not (0).
    Relation {
        /// Whether there is an order.
        ordered: bool,
    },
    /// Nothing is asked of it but whether it is there.
    There,
}

/// A test on a known value of a subject.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Test {
    /// Always passed.
    Any,
    /// The units lie in one of these runs, both ends inside, ascending and apart.
    Units(Vec<(i128, i128)>),
    /// The value is one of these, ascending. Of relations 0 is less (or different), 1 equal, 2 greater.
    Values(Vec<u32>),
    /// A test on a text.
    Text(TextTest),
}

/// A test on a text: some functions, then a question.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TextTest {
    /// Functions of one text and constants, the inner one first: `left(_, 5)`.
    pub views: Vec<(FunctionId, Vec<Value>)>,
    /// What is asked of the result.
    pub ask: TextAsk,
}

/// What is asked of a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum TextAsk {
    /// Whether it is one of these, ascending.
    In(Vec<Sym>),
    /// Whether its length lies in one of these runs.
    Length(Vec<(i128, i128)>),
    /// Whether a function of it and constants is yes.
    Call(FunctionId, Vec<Value>),
}
