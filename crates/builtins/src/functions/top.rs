//! `top`.

use crate::{Example, Function, Kind};
use kamrules_model::PopulationOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "@top",
    usage: &["top n by value", "top p% by value"],
    doc: "Whether a row is among the largest, by a number of rows or a share of them. From the largest down a row belongs while fewer rows than that stand strictly before it, so equal values share their fate.",
    examples: &[Example { code: "top 10 by revenue", gives: "true" }, Example { code: "top 20% by revenue", gives: "true" }],
    kind: Kind::Population(PopulationOp::Top),
};
