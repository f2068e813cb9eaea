//! `length`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "length",
    usage: &["length(text)"],
    doc: "How many characters a text has.",
    examples: &[Example { code: "length(\"98101\")", gives: "5" }, Example { code: "length(\"Zürich\")", gives: "6" }],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Text], Type::INTEGER)
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    let characters = args::text(env, args[0].0).chars().count();
    Ok(Some(Value::Num(characters as i128)))
}
