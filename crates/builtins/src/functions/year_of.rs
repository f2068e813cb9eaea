//! `year_of`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Grain, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "year_of",
    usage: &["year_of(date)"],
    doc: "The year that holds a day, in the policy's calendar.",
    examples: &[Example { code: "year_of(2026-02-01)", gives: "FY2026" }],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Date], Type::Period(Some(Grain::Year)))
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    args::period_of(env, Grain::Year, args[0].0)
}
