//! The published grammar accepts what the product's parser accepts, and refuses what it refuses.

use kamrules_base::{Code, FileId, Finding, codes};
use kamrules_syntax::{Token, TokenKind, lex, parse};
use std::path::{Path, PathBuf};
use xtask::grammar::bnf::WORD;
use xtask::grammar::{Bnf, Candidate, Tables, accepts, build, load};
use xtask::{root, words};

struct Grammar {
    bnf: Bnf,
    tables: Tables,
    units: Vec<String>,
    currencies: Vec<String>,
}

fn grammar() -> Grammar {
    let bnf = load(&root()).expect("the grammar reads");
    let tables = build(&bnf);
    let text = std::fs::read_to_string(root().join("grammar/keywords.toml")).expect("the table is there");
    let words = words::read(&text).expect("the table reads");
    let first = |rows: Vec<(String, String)>| rows.into_iter().map(|(word, _)| word).collect();
    Grammar { bnf, tables, units: first(words.units), currencies: first(words.currencies) }
}

/// The line at which the grammar refuses a text.
fn refused(grammar: &Grammar, text: &str) -> Option<usize> {
    // A comment in the manner of another language is trivia to the parser, which complains of it; here it is a mistake.
    let passed = |kind: TokenKind| kind.is_trivia() && kind != TokenKind::OddComment;
    let tokens: Vec<Token> = lex(FileId(0), text).into_iter().filter(|token| !passed(token.kind)).collect();
    let written: Vec<&str> = tokens.iter().map(|token| &text[token.span.range()]).collect();
    let done =
        accepts(&grammar.bnf, &grammar.tables, tokens.len(), |at| candidates(grammar, &tokens[at..], &written[at..], &written[..at]));
    let refusal = done.err()?;
    let start = tokens.get(refusal.at).map_or(text.len(), |token| token.span.range().start);
    Some(text[..start].matches('\n').count() + 1)
}

/// Whether a number is the value of an attribute and the word behind it the next attribute, though it may be a unit.
fn before_an_attribute(before: &[&str], written: &[&str]) -> bool {
    let value = matches!(before, [.., word, "="] if word.starts_with(|c: char| c.is_alphabetic() || c == '_'));
    let define = matches!(before, [.., "define" | ".", _, "="]);
    value && !define && matches!(written.get(2), Some(&"=" | &":"))
}

fn candidates(grammar: &Grammar, tokens: &[Token], written: &[&str], before: &[&str]) -> Vec<Candidate> {
    let named = |name: &str, length| grammar.bnf.terminal(name).map(|terminal| Candidate { terminal, length });
    let next = written.get(1).copied().unwrap_or_default();
    match tokens[0].kind {
        TokenKind::Word => word(grammar, written),
        TokenKind::Number if grammar.units.iter().any(|unit| unit == next) && !before_an_attribute(before, written) => {
            named("DUR", 2).into_iter().collect()
        }
        TokenKind::Number if grammar.currencies.iter().any(|code| code == next) => named("MONEY", 2).into_iter().collect(),
        kind => named(terminal(kind).unwrap_or(written[0]), 1).into_iter().collect(),
    }
}

fn terminal(kind: TokenKind) -> Option<&'static str> {
    Some(match kind {
        TokenKind::Number => "NUM",
        TokenKind::Percent => "PCT",
        TokenKind::Money => "MONEY",
        TokenKind::Date => "DATE",
        TokenKind::Month | TokenKind::FiscalYear | TokenKind::FiscalQuarter => "PERIOD",
        TokenKind::Calendar => "CAL",
        TokenKind::Text => "S",
        _ => return None,
    })
}

/// A word that begins joined words is read as those; before `:` it is a field first.
fn word(grammar: &Grammar, written: &[&str]) -> Vec<Candidate> {
    let joined = [
        ("OR_ELSE", ["or", "else"].as_slice()),
        ("STARTS_WITH", &["starts", "with"]),
        ("ENDS_WITH", &["ends", "with"]),
        ("HAS_ANY_OF", &["has", "any", "of"]),
        ("ONE_OF", &["one", "of"]),
    ];
    let named = |name: &str, length| grammar.bnf.terminal(name).map(|terminal| Candidate { terminal, length });
    let field = if written.get(1) == Some(&":") { named("FIELD", 2) } else { None };
    let joined = joined.iter().find(|(_, words)| written.starts_with(words)).and_then(|(name, words)| named(name, words.len()));
    field.into_iter().chain(joined).chain(named(written[0], 1).or(Some(Candidate { terminal: WORD, length: 1 }))).collect()
}

/// Every `.kam` file below a folder.
fn policies(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    let below = |path: PathBuf| if path.is_dir() { policies(&path) } else { vec![path] };
    paths.into_iter().flat_map(below).filter(|path| path.extension().is_some_and(|ending| ending == "kam")).collect()
}

#[test]
fn the_design_document_is_accepted() {
    let grammar = grammar();
    let paths = policies(&root().join("crates/syntax/tests/language"));
    assert!(!paths.is_empty());
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("the fixture reads");
        assert_eq!(refused(&grammar, &text), None, "{}", path.display());
    }
}

#[test]
fn mistakes_are_refused_where_they_stand() {
    let grammar = grammar();
    for (text, line) in [
        ("policy \"p\" {\n  currency\n}", 3),
        ("define a = 1 +\ndefine b = 2", 2),
        ("define a = b = c = d", 1),
        ("tiers t for a {\n}", 2),
        ("must x { a > 1 ", 1),
        ("define a.big =\n", 2),
        ("table t for a {\n | a -> | b |\n}", 2),
    ] {
        assert_eq!(refused(&grammar, text), Some(line), "{text}");
    }
}

/// Mistakes that the grammar may let pass: a value is wrong and not the form, or the words read as something else that no
/// one means (`true` as a name, `01/15/2026` as a division, `IF(a, b, c)` as a call, `1,000` as two elements).
const MAY_PASS: &[Code] = &[
    codes::NO_SUCH_DATE,
    codes::OR_AFTER_EQUALS,
    codes::ROW_LENGTH,
    codes::TRUE_FALSE,
    codes::NULL,
    codes::CAPITAL_KEYWORD,
    codes::BAD_NUMBER,
    codes::IF_INCOMPLETE,
    codes::THOUSANDS_COMMA,
    codes::TOO_DEEP,
    codes::MESSAGE_BRACE,
];

/// The `.kam` files of the repository and the examples in the pages of findings.
fn corpus() -> Vec<(String, String)> {
    let folders = ["examples", "tests", "crates"].map(|folder| root().join(folder));
    let paths = folders.iter().flat_map(|folder| policies(folder));
    let mut texts: Vec<(String, String)> =
        paths.map(|path| (path.display().to_string(), std::fs::read_to_string(&path).expect("the policy reads"))).collect();
    for entry in std::fs::read_dir(root().join("docs/findings")).into_iter().flatten().filter_map(Result::ok) {
        let page = std::fs::read_to_string(entry.path()).unwrap_or_default();
        let blocks = page.split("\n```kam").skip(1).filter_map(|block| block.split_once('\n')?.1.split_once("\n```"));
        texts.extend(blocks.enumerate().map(|(index, (block, _))| (format!("{} {index}", entry.path().display()), format!("{block}\n"))));
    }
    texts
}

#[test]
fn both_parsers_agree_on_the_corpus() {
    let grammar = grammar();
    let corpus = corpus();
    assert!(!corpus.is_empty());
    let mut faults = Vec::new();
    for (name, text) in corpus {
        let errors: Vec<Finding> = parse(FileId(0), &text).1.into_iter().filter(Finding::is_error).collect();
        let of_form = errors.first().filter(|_| !errors.iter().any(|finding| MAY_PASS.contains(&finding.code)));
        match refused(&grammar, &text) {
            Some(line) if errors.is_empty() => faults.push(format!("{name}:{line}: the grammar refuses what the parser takes")),
            None => faults.extend(of_form.map(|finding| format!("{name}: the grammar takes what the parser refuses: {}", finding.message))),
            Some(_) => {}
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
