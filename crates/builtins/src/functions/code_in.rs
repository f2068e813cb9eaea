//! `code_in`.

use super::args::{self, Want};
use crate::{Env, Mismatch};
use crate::{Example, Function, Kind, Scalar};
use kamrules_model::{FaultKind, Ty, Type, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "@code_in",
    usage: &["code in \"low\"..\"high\""],
    doc: "Whether a code such as a ZIP lies between two codes of the same length, both inside. A code of another length does not, nor one that has no digit where both ends have one (or no capital, or no small letter).",
    examples: &[
        Example { code: "\"98101\" in \"98000\"..\"98999\"", gives: "true" },
        Example { code: "\"9810\" in \"98000\"..\"98999\"", gives: "false" },
        Example { code: "\"98X01\" in \"98000\"..\"98999\"", gives: "false" },
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
    let alike = || {
        low.chars()
            .zip(high.chars())
            .zip(code.chars())
            .all(|((low, high), c)| kind(low) != kind(high) || kind(low) == 0 || kind(c) == kind(low))
    };
    Ok(Some(Value::Flag(same && *low <= *code && *code <= *high && alike())))
}

// What a character is, where both ends of a range agree on it: digits stand for digits.
fn kind(c: char) -> u8 {
    match c {
        '0'..='9' => 1,
        'A'..='Z' => 2,
        'a'..='z' => 3,
        _ => 0,
    }
}
