//! Formatting twice changes nothing, keeps every comment and keeps the meaning: over every policy of the repository, and
//! over policies with comments and line breaks strewn into them.

use kamrules_base::{FileId, Finding};
use kamrules_syntax::ast::{File, strip_spans};
use kamrules_syntax::format::format;
use kamrules_syntax::{TokenKind, lex, parse};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// Every `.kam` file below a folder.
fn policies(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    let below = |path: PathBuf| if path.is_dir() { policies(&path) } else { vec![path] };
    paths.into_iter().flat_map(below).filter(|path| path.extension().is_some_and(|ending| ending == "kam")).collect()
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The policies of the repository, with the right examples in the pages of findings, that have no grammar errors.
fn corpus() -> Vec<(String, String)> {
    let root = here().join("../..");
    let folders = [here().join("tests"), root.join("tests"), root.join("examples"), root.join("crates")];
    let paths: Vec<PathBuf> = folders.iter().flat_map(|folder| policies(folder)).collect();
    let read = |path: PathBuf| Some((path.display().to_string(), std::fs::read_to_string(path).ok()?));
    let mut texts: Vec<(String, String)> = paths.into_iter().filter_map(read).collect();
    for entry in std::fs::read_dir(root.join("docs/findings")).into_iter().flatten().filter_map(Result::ok) {
        let page = std::fs::read_to_string(entry.path()).unwrap_or_default();
        let blocks = page
            .split("\n```kam right")
            .skip(1)
            .filter_map(|block| block.split_once('\n'))
            .filter_map(|(_, block)| block.split_once("\n```"));
        texts.extend(blocks.enumerate().map(|(index, (block, _))| (format!("{} {index}", entry.path().display()), format!("{block}\n"))));
    }
    texts.retain(|(_, text)| !parse(FileId(0), text).1.iter().any(Finding::is_error));
    texts
}

fn meaning(text: &str) -> File {
    let (mut tree, findings) = parse(FileId(0), text);
    assert!(!findings.iter().any(Finding::is_error), "{findings:#?}\n{text}");
    strip_spans(&mut tree);
    tree
}

fn comments(text: &str) -> Vec<String> {
    let tokens = lex(FileId(0), text);
    let kinds = [TokenKind::Comment, TokenKind::DocComment];
    let found = tokens.iter().filter(|token| kinds.contains(&token.kind));
    let mut found: Vec<String> = found.map(|token| text[token.span.range()].trim_end().to_owned()).collect();
    found.sort();
    found
}

/// Shows the first lines that differ.
fn same(what: &str, left: &str, right: &str) {
    let at = left.lines().zip(right.lines()).take_while(|(left, right)| left == right).count();
    let near = |text: &str| text.lines().skip(at.saturating_sub(4)).take(9).collect::<Vec<_>>().join("\n");
    assert!(left == right, "{what}\n--- once\n{}\n--- again\n{}", near(left), near(right));
}

/// What must hold of any text without grammar errors.
fn check(name: &str, text: &str) {
    let once = format(FileId(0), text).unwrap_or_else(|findings| panic!("{name}: {findings:#?}\n{text}"));
    let twice = format(FileId(0), &once).unwrap_or_else(|findings| panic!("{name}: {findings:#?}\n{once}"));
    same(&format!("{name}: formatting twice changes something"), &once, &twice);
    assert_eq!(comments(text), comments(&once), "{name}: comments");
    assert_eq!(meaning(text), meaning(&once), "{name}: meaning");
    // A formatter that gives the text back as it is would pass all of this: an untidy one must come out the same.
    let untidy = untidy(text);
    let tidied = format(FileId(0), &untidy).unwrap_or_else(|findings| panic!("{name}: {findings:#?}\n{untidy}"));
    same(&format!("{name}: blanks change something"), &once, &tidied);
    for line in once.lines() {
        assert_eq!(line, line.trim_end(), "{name}: blanks at the end of a line");
    }
    assert!(!once.contains("\n\n\n"), "{name}: two empty lines");
}

#[test]
fn the_repository_stays_what_it_is() {
    let corpus = corpus();
    assert!(corpus.len() >= 8);
    for (name, text) in corpus {
        check(&name, &text);
        // A text in one line, as far as its comments let it, shows that nothing hangs on how it was laid out.
        check(&name, &text.replace('\n', "\r\n"));
        check(&name, &text.replace("{\n", "{ "));
    }
}

/// The same tokens and line breaks, with three blanks between any two; where lines begin stays, since rows of a test may
/// be set in below one another.
fn untidy(text: &str) -> String {
    let mut out = String::new();
    for token in lex(FileId(0), text) {
        let line_begins = out.is_empty() || out.ends_with('\n');
        match token.kind {
            TokenKind::Space if !line_begins => {}
            TokenKind::Space | TokenKind::Newline => out.push_str(&text[token.span.range()]),
            _ => out.extend([&text[token.span.range()], "   "]),
        }
    }
    out
}

#[test]
fn a_text_with_errors_is_left_alone() {
    for text in ["tiers abc for account {", "define a =", "policy \"p\" { currency }"] {
        let findings = format(FileId(0), text).expect_err("a grammar error");
        assert!(findings.iter().any(Finding::is_error));
    }
}

#[test]
fn pages() {
    for path in policies(&here().join("tests/language")).into_iter().chain(policies(&here().join("tests/layout"))) {
        let text = std::fs::read_to_string(&path).expect("the text is there");
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        let formatted = format(FileId(0), &text).expect("the text has no errors");
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("format_{name}"), formatted);
        });
    }
}

/// What is strewn between tokens.
fn strewn() -> impl Strategy<Value = Vec<(prop::sample::Index, usize)>> {
    prop::collection::vec((any::<prop::sample::Index>(), 0..8_usize), 1..12)
}

fn strew(text: &str, places: &[(prop::sample::Index, usize)]) -> String {
    let mut pieces: Vec<String> = lex(FileId(0), text).iter().map(|token| text[token.span.range()].to_owned()).collect();
    let ends: Vec<usize> = (0..pieces.len()).filter(|at| !pieces[*at].starts_with('#') && !inside_row(&pieces, *at)).collect();
    for (number, (place, what)) in places.iter().enumerate() {
        let piece = &mut pieces[ends[place.index(ends.len())]];
        match what {
            0 => piece.push('\n'),
            1 => piece.push_str("\n\n\n"),
            2 => piece.push_str("    "),
            3 => piece.push_str(&format!("\n# own {number}\n")),
            4 => piece.push_str(&format!("\n\n\t# own {number}  \n\n\n")),
            _ => piece.push_str(&format!(" # trailing {number}\n")),
        }
    }
    pieces.concat()
}

/// A row of a table stands on one line: nothing is strewn behind its pieces but the last.
fn inside_row(pieces: &[String], at: usize) -> bool {
    let before = pieces[..=at].iter().rev().take_while(|piece| *piece != "\n");
    let first = before.filter(|piece| !piece.trim().is_empty()).last();
    first.is_some_and(|piece| piece == "|") && pieces.get(at + 1).is_some_and(|piece| piece != "\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn comments_may_stand_anywhere(which in any::<prop::sample::Index>(), places in strewn()) {
        let corpus = cached();
        let (name, text) = &corpus[which.index(corpus.len())];
        let strewn = strew(text, &places);
        prop_assume!(!parse(FileId(0), &strewn).1.iter().any(Finding::is_error));
        check(name, &strewn);
    }
}

fn cached() -> &'static [(String, String)] {
    static CORPUS: std::sync::OnceLock<Vec<(String, String)>> = std::sync::OnceLock::new();
    CORPUS.get_or_init(corpus)
}
