//! `start`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "@start",
    usage: &["period.start"],
    doc: "The first day of a period.",
    examples: &[Example { code: "FY2026-Q2.start", gives: "2026-04-01" }, Example { code: "2026-02.start", gives: "2026-02-01" }],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Period], Type::Date)
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    Ok(Some(Value::Date(args::bounds(env, args[0].0)?.0.0)))
}
