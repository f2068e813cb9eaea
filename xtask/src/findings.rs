//! Writes `docs/findings/README.md`: every finding, by range, with its title.

use kamrules_base::codes;
use std::fmt::Write;

const RANGES: &[(u16, &str, &str)] = &[
    (100, "Text and grammar", "What is written cannot be read as rules."),
    (200, "Names", "A name that nothing has, or that two things have."),
    (300, "Kinds of value, units and missing values", "Values that do not go together, and values that may be missing."),
    (400, "Items", "Something that an item, a set or a clause needs, or cannot have."),
    (500, "Aggregates and the order of computation", "Values that go round in a circle, and aggregates without rows."),
    (600, "Data", "A cell, a row or a file that is not what the rules say it is."),
    (700, "Running the rules", "What only shows once the data are there."),
    (800, "Tests", "A test that fails or cannot be judged."),
    (900, "The command line", "A command that cannot do what it was asked for."),
    (1000, "Proofs", "Gaps, overlaps and rules that can never fire, each with an example; their levels can be set."),
    (1100, "Lints", "Rules that can be run and are probably not what was meant, and levels that are set wrongly."),
];

/// The page.
pub fn markdown() -> String {
    let mut out = String::from(HEAD);
    for (from, title, about) in RANGES {
        write!(out, "\n## K{from:04}: {title}\n\n{about}\n\n| code | name | level | what it is |\n| --- | --- | --- | --- |\n")
            .expect("writing to text does not fail");
        for info in codes::all().filter(|info| (*from..from + 100).contains(&info.code.0)) {
            writeln!(out, "| [{code}]({code}.md) | `{}` | {} | {} |", info.name, info.level.word(), info.title(), code = info.code)
                .expect("writing to text does not fail");
        }
    }
    out
}

const HEAD: &str = "# Findings\n\n\
<!-- Written by `cargo xtask generate` from the pages in this folder; change them there. -->\n\n\
Everything that `kamrules` finds at fault has a code and a name that stay the same from version to version, and a page. On the\n\
command line, `kamrules check --explain K0301` shows the page, or `--explain money_and_number`. An **error** keeps the rules from being run, a\n\
**warning** and a **note** do not. Many levels can be set: see [levels](../reference/levels.md).\n";
