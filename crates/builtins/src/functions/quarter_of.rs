//! `quarter_of`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Grain, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "quarter_of",
    usage: &["quarter_of(date)"],
    doc: "The quarter that holds a day, in the policy's calendar.",
    examples: &[Example { code: "quarter_of(2026-02-01)", gives: "FY2026-Q1" }],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Date], Type::Period(Some(Grain::Quarter)))
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    args::period_of(env, Grain::Quarter, args[0].0)
}
