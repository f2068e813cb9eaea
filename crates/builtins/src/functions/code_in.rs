//! `code_in`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "@code_in",
    usage: &["code in \"low\"..\"high\""],
    doc: "Whether a code such as a ZIP lies between two codes of the same length, both inside; a code of another length does not.",
    examples: &[
        Example { code: "\"98101\" in \"98000\"..\"98999\"", gives: "true" },
        Example { code: "\"9810\" in \"98000\"..\"98999\"", gives: "false" },
        Example { code: "\"98101-2233\" in \"98000\"..\"98999\"", gives: "false" },
    ],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Text, Want::Text, Want::Text], Type::Flag)
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    let [code, low, high] = [0, 1, 2].map(|i| args::comparable(env, args, i));
    let length = code.chars().count();
    // The order of UTF-8 bytes is the order of code points.
    let same = low.chars().count() == length && high.chars().count() == length;
    Ok(Some(Value::Flag(same && *low <= *code && *code <= *high)))
}
