//! `week_of`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Grain, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "week_of",
    usage: &["week_of(date)"],
    doc: "The week that holds a day, in the policy's calendar (a week runs from Monday to Sunday).",
    examples: &[Example { code: "week_of(2026-02-01)", gives: "2026-W05" }],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Date], Type::Period(Some(Grain::Week)))
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    args::period_of(env, Grain::Week, args[0].0)
}
