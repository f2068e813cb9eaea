//! `first`.

use crate::{Example, Function, Kind};
use kamrules_model::PopulationOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "@first",
    usage: &["first p% of value"],
    doc: "Whether a row is one of the largest that together make a share of the total (of the values above zero). From the largest down a row belongs while what stands strictly before it makes less than that share.",
    examples: &[Example { code: "first 80% of sales(FY2020)", gives: "true" }],
    kind: Kind::Population(PopulationOp::First),
};
