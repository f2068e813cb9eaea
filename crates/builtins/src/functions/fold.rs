//! `fold`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "@fold",
    usage: &["text ignoring case"],
    doc: "A text with the difference between capitals and small letters taken away, by Unicode's table of simple case foldings. Fields that ignore case are compared so.",
    examples: &[
        Example { code: "\"ACME Straße\" ignoring case", gives: "acme straße" },
        Example { code: "\"Σίσυφος\" ignoring case", gives: "σίσυφοσ" },
    ],
    kind: Kind::Scalar(Scalar { infer, call }),
};

fn infer(args: &[Ty]) -> Result<Ty, Mismatch> {
    args::fixed(&FUNCTION, args, &[Want::Text], Type::TEXT)
}

fn call(env: &Env<'_>, args: &[(&Value, Type)], _: Type) -> Result<Option<Value>, FaultKind> {
    Ok(Some(args::intern(env, &args::fold(&args::text(env, args[0].0)))))
}
