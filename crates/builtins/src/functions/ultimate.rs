//! `ultimate`.

use crate::{Example, Function, Kind};

/// The function.
pub const FUNCTION: Function = Function {
    name: "ultimate",
    usage: &["ultimate(reference)"],
    doc: "The last row that is reached by following a reference from row to row: the head of the family. The row itself where the reference is missing; a fault where the references run in a circle.",
    examples: &[Example { code: "ultimate(parent)", gives: "1001" }],
    kind: Kind::Ultimate,
};
