//! `only`.

use crate::{Example, Function, Kind};
use kamrules_model::AggOp;

/// The function.
pub const FUNCTION: Function = Function {
    name: "only",
    usage: &["only(entity.value where condition)"],
    doc: "The value of the one row there is, as a look-up gives it. Missing when there is no row, a fault when the rows give several different values.",
    examples: &[Example { code: "only(all state_region.region where code = this.state)", gives: "west" }],
    kind: Kind::Aggregate(AggOp::Only),
};
