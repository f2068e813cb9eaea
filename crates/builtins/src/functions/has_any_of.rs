//! `has_any_of`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "@has_any_of",
    usage: &["text has any of [word, …]"],
    doc: "Whether a text has one of these words or phrases in it: whole words, whatever their capitals.",
    examples: &[
        Example { code: "\"VP of Sales\" has any of [\"director\", \"vp\"]", gives: "true" },
        Example { code: "\"Student\" has any of [\"director\", \"vp\"]", gives: "false" },
    ],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    if args.len() < 2 {
        return Err(args::wrong_count(&FUNCTION));
    }
    args::fixed(&FUNCTION, args, &vec![Want::Text; args.len()], Type::Flag)
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    let text = args::text(env, args[0].0);
    let any = args[1..].iter().any(|(word, _)| args::has_word(&text, &args::text(env, word)));
    Ok(Some(Value::Flag(any)))
}
