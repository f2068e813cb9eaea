//! `month_of`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Grain, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "month_of",
    usage: &["month_of(date)"],
    doc: "The month that holds a day, in the policy's calendar.",
    examples: &[Example { code: "month_of(2026-02-01)", gives: "2026-02" }],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Date], Type::Period(Some(Grain::Month)))
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    args::period_of(env, Grain::Month, args[0].0)
}
