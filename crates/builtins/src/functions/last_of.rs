//! `last`.

use crate::{Example, Function, Kind};
use kamrules_model::PopulationOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "@last",
    usage: &["last p% of value"],
    doc: "Whether a row is one of the smallest that together make a share of the total of the values above zero.",
    examples: &[Example { code: "last 5% of sales(FY2020)", gives: "false" }],
    kind: Kind::Population(PopulationOp::Last),
};
