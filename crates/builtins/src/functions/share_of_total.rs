//! `share_of_total`.

use crate::{Example, Function, Kind};
use kamrules_model::PopulationOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "share_of_total",
    usage: &["share_of_total(value)", "share_of_total(value within field)"],
    doc: "A row's value divided by the total of its population, to 12 decimals. Missing when the total is zero, and for a row outside.",
    examples: &[Example { code: "share_of_total(sales(FY2020))", gives: "0.125000000000" }],
    kind: Kind::Population(PopulationOp::ShareOfTotal),
};
