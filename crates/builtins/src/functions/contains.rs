//! `contains`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "contains",
    usage: &["text contains part", "contains(text, part)"],
    doc: "Whether a text has another in it, anywhere, also in the middle of a word. Capitals matter, unless the field ignores case.",
    examples: &[
        Example { code: "contains(\"Smithson\", \"son\")", gives: "true" },
        Example { code: "contains(\"Smithson\", \"Son\")", gives: "false" },
    ],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Text, Want::Text], Type::Flag)
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    let (text, part) = (args::comparable(env, args, 0), args::comparable(env, args, 1));
    Ok(Some(Value::Flag(text.contains(&*part))))
}
