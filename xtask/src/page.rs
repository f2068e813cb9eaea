//! Writes `docs/reference/grammar.md`: the rules grouped by construct, and the words.

use crate::words::Words;
use std::fmt::Write;

/// The page.
pub fn markdown(ebnf: &str, words: &Words) -> String {
    let mut out = String::from(INTRODUCTION);
    rules(&mut out, ebnf);
    out.push_str("\n## Words\n\nReserved words cannot be bare names; they can name a field, an attribute, or stand behind a dot.\n");
    table(&mut out, "Words that start an item", &words.items);
    table(&mut out, "Other reserved words", &words.reserved);
    clauses(&mut out, words);
    table(&mut out, "Words read as one", &words.joined);
    units(&mut out, words);
    out
}

const INTRODUCTION: &str = "# Grammar\n\n\
<!-- Written by `cargo xtask generate` from grammar/kam.ebnf and grammar/keywords.toml; change them there. -->\n\n\
The whole language in one page, for looking up. How to read a rule: `\"…\"` is that word or sign, `?` at most once,\n\
`*` any number of times, `+` at least once, `|` or; a name in small letters is another rule. Line breaks and comments\n\
mean nothing, but that a row of a table stands on a line of its own.\n\n\
| written | is |\n| --- | --- |\n\
| `N` | a word that is not reserved |\n\
| `ANY` | any word |\n\
| `FIELD` | any word and the `:` behind it |\n\
| `S` | a text in quotes |\n\
| `NUM` | a number: `42`, `5_000_000`, `2.5`, `250k`, `5M` |\n\
| `PCT` | a percentage: `12%` |\n\
| `MONEY` | an amount: `$5M`, `5M USD` |\n\
| `DUR` | a duration: `14 days` |\n\
| `DATE` | a day: `2026-02-01` |\n\
| `PERIOD` | a period: `FY2026`, `FY2026-Q1`, `2026-02` |\n\
| `CAL` | the weeks of a quarter's months: `4-4-5` |\n\
| `OR_ELSE` `STARTS_WITH` `ENDS_WITH` `HAS_ANY_OF` `ONE_OF` | `or else`, `starts with`, `ends with`, `has any of`, `one of` |\n";

/// Each `(* # Title *)` of the grammar opens a section with the rules up to the next.
fn rules(out: &mut String, ebnf: &str) {
    for section in ebnf.split("(* # ").skip(1) {
        let (title, rules) = section.split_once(" *)").unwrap_or((section, ""));
        write!(out, "\n## {title}\n\n```text\n{}\n```\n", rules.trim()).expect("writing to text does not fail");
    }
}

fn table(out: &mut String, title: &str, rows: &[(String, String)]) {
    write!(out, "\n### {title}\n\n| word | meaning |\n| --- | --- |\n").expect("writing to text does not fail");
    for (word, meaning) in rows {
        writeln!(out, "| `{word}` | {} |", cell(meaning)).expect("writing to text does not fail");
    }
}

fn clauses(out: &mut String, words: &Words) {
    out.push_str("\n### Words that are keywords in one construct only\n\n| construct | word | meaning |\n| --- | --- | --- |\n");
    for clause in &words.clauses {
        writeln!(out, "| {} | `{}` | {} |", clause.construct, clause.word, cell(&clause.meaning)).expect("writing to text does not fail");
    }
}

fn units(out: &mut String, words: &Words) {
    let units: Vec<String> = words.units.iter().map(|(word, _)| format!("`{word}`")).collect();
    let signs: Vec<String> = words.signs.iter().map(|(sign, code)| format!("`{sign}` ({code})")).collect();
    let codes: Vec<&str> = words.currencies.iter().map(|(code, _)| code.as_str()).collect();
    write!(
        out,
        "\n### Units and currencies\n\nUnits of a duration: {}.\n\nSigns before an amount: {}.\n\nCodes behind an amount: {}.\n",
        units.join(", "),
        signs.join(", "),
        codes.join(" ")
    )
    .expect("writing to text does not fail");
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
