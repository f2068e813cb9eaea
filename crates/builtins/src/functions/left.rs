//! `left`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "left",
    usage: &["left(text, n)"],
    doc: "The first n characters of a text; the whole text when it is shorter.",
    examples: &[
        Example { code: "left(\"98101-2233\", 5)", gives: "98101" },
        Example { code: "left(\"ab\", 5)", gives: "ab" },
        Example { code: "left(\"Zürich\", 2)", gives: "Zü" },
    ],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Text, Want::Whole], args.first().map_or(Type::TEXT, |ty| ty.kind))
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    let count = args::count(args[1].0)?;
    let text = args::text(env, args[0].0);
    Ok(Some(args::intern(env, &text.chars().take(count).collect::<String>())))
}
