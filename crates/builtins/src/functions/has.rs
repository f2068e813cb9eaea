//! `has`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "has",
    usage: &["text has word", "has(text, word)"],
    doc: "Whether a text has a word, or a phrase, in it: whole words, whatever their capitals. A word ends where letters and digits end.",
    examples: &[
        Example { code: "has(\"VP of Sales\", \"vp\")", gives: "true" },
        Example { code: "has(\"Vice-President\", \"president\")", gives: "true" },
        Example { code: "has(\"Presidential Suites\", \"president\")", gives: "false" },
        Example { code: "has(\"Head of Key Accounts\", \"key accounts\")", gives: "true" },
    ],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Text, Want::Text], Type::Flag)
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    let (text, word) = (args::text(env, args[0].0), args::text(env, args[1].0));
    Ok(Some(Value::Flag(args::has_word(&text, &word))))
}
