//! `rank`.

use crate::{Example, Function, Kind};
use kamrules_model::PopulationOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "rank",
    usage: &["rank(value)", "rank(value within field)"],
    doc: "Where a row stands in its population: 1 and how many rows have a greater value, so that equal values share a rank. The population is the rows of the item's own `where`, or those of the same `within`. Missing for a row outside.",
    examples: &[Example { code: "rank(sales(FY2020))", gives: "1" }],
    kind: Kind::Population(PopulationOp::Rank),
};
