//! Writes `docs/reference/functions.md`: every function, how it is called, what it gives, with its examples.

use kamrules_builtins::{Function, Kind, all};
use std::fmt::Write;

/// The page.
pub fn markdown() -> String {
    let mut out = String::from(HEAD);
    for (title, about, suits) in GROUPS {
        write!(out, "\n## {title}\n\n{about}\n").expect("writing to text does not fail");
        let mut functions: Vec<&Function> = all().iter().filter(|function| suits(&function.kind)).collect();
        functions.sort_by_key(|function| name(function));
        for function in functions {
            section(&mut out, function);
        }
    }
    out
}

type Group = (&'static str, &'static str, fn(&Kind) -> bool);

const GROUPS: &[Group] = &[
    (
        "From values to a value",
        "They take what stands in the parentheses. If one of the values is missing, so is the result. Some have no name: a sign or words of the language stand for them.",
        |kind| matches!(kind, Kind::Scalar(_)),
    ),
    ("From many rows to a value", "See [aggregates](aggregates.md) for which rows are meant.", |kind| matches!(kind, Kind::Aggregate(_))),
    ("A row among the others", "See [ranks and shares](ranks-and-shares.md) for which rows are the others.", |kind| {
        matches!(kind, Kind::Population(_))
    }),
    ("Along references", "From row to row.", |kind| matches!(kind, Kind::Ultimate)),
];

/// What the heading says: the name, or the words that stand for it.
fn name(function: &Function) -> String {
    function.name.strip_prefix('@').map_or_else(|| function.name.to_owned(), |name| name.replace('_', " "))
}

fn section(out: &mut String, function: &Function) {
    let forms: Vec<String> = function.usage.iter().map(|form| format!("`{form}`")).collect();
    write!(out, "\n### {}\n\n{}\n\n{}\n\n| example | gives |\n| --- | --- |\n", name(function), forms.join(" · "), function.doc)
        .expect("writing to text does not fail");
    for example in function.examples {
        let gives = match example.gives {
            "" => "an empty text".to_owned(),
            "true" => "`yes`".to_owned(),
            "false" => "`no`".to_owned(),
            gives => format!("`{gives}`"),
        };
        writeln!(out, "| `{}` | {gives} |", example.code.replace('|', "\\|")).expect("writing to text does not fail");
    }
}

const HEAD: &str = "# Functions\n\n\
<!-- Written by `cargo xtask generate` from crates/builtins; change them there. -->\n\n\
Every function of the language. The formulas of the field, such as retention or lifetime value, are in the\n\
[standard library](standard-library.md).\n";
