//! `end`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "@end",
    usage: &["period.end"],
    doc: "The last day of a period.",
    examples: &[Example { code: "FY2026-Q2.end", gives: "2026-06-30" }, Example { code: "2024-02.end", gives: "2024-02-29" }],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Period], Type::Date)
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    Ok(Some(Value::Date(args::bounds(env, args[0].0)?.1.0)))
}
