//! `bottom`.

use crate::{Example, Function, Kind};
use kamrules_model::PopulationOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "@bottom",
    usage: &["bottom n by value", "bottom p% by value"],
    doc: "Whether a row is among the smallest, by a number of rows or a share of them; equal values share their fate.",
    examples: &[Example { code: "bottom 10 by revenue", gives: "false" }],
    kind: Kind::Population(PopulationOp::Bottom),
};
