//! Writes `docs/reference/standard-library.md` from the library itself: each formula with what it means, its source and its example.

use std::fmt::Write;

/// The page.
pub fn markdown(library: &str) -> String {
    let mut out = String::from(HEAD);
    let mut doc: Vec<&str> = Vec::new();
    for line in library.lines() {
        if let Some(title) = line.strip_prefix("# ---- ") {
            write!(out, "\n## {title}\n").expect("writing to text does not fail");
        } else if let Some(text) = line.strip_prefix("## ") {
            doc.push(text);
        } else if let Some(formula) = line.strip_prefix("define ") {
            section(&mut out, formula, &std::mem::take(&mut doc));
        }
    }
    out
}

fn section(out: &mut String, formula: &str, doc: &[&str]) {
    let (call, _) = formula.split_once(" = ").unwrap_or((formula, ""));
    let name = call.split('(').next().unwrap_or(call);
    write!(out, "\n### {name}\n\n```text\n{formula}\n```\n\n").expect("writing to text does not fail");
    for line in doc {
        // What the formula is, its source and its example are paragraphs of their own.
        if line.starts_with("Source: ") || line.starts_with("Example: ") {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
    }
}

const HEAD: &str = "# Standard library\n\n\
<!-- Written by `cargo xtask generate` from crates/check/src/stdlib/stdlib.kam; change it there. -->\n\n\
The formulas of key-account work, ready to be used in every policy: `retention_rate(100, 105, 10)` is 95%. Each is written in\n\
the language itself and has a worked example, which `kamrules test` runs with your own tests. A formula takes what it is given: dollars by\n\
dollars or counts by counts. Where it would divide by zero the answer is missing. A policy may define one of these names for itself; then its own is\n\
used.\n";
