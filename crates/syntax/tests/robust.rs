//! Whatever the text, parsing ends in findings: no panic, no hang.

use kamrules_base::{FileId, codes};
use kamrules_syntax::{lex, parse, parse_expr, parse_exprs, parse_message};
use std::path::Path;
use std::time::{Duration, Instant};

fn sample() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("the folder is there").map(|f| f.expect("a file").path()).collect();
    files.sort();
    files.iter().map(|path| std::fs::read_to_string(path).expect("a text")).collect()
}

/// Places lie in the text and at its characters' edges.
fn sound(text: &str) {
    let (_, findings) = parse(FileId(0), text);
    for finding in findings {
        let places = finding.labels.iter().map(|l| l.span).chain(finding.fix.iter().flat_map(|f| f.edits.iter().map(|e| e.span)));
        for span in places {
            assert!(text.get(span.range()).is_some(), "{finding:?} in {text:?}");
        }
    }
}

/// A small generator of numbers, so that a failure comes again (Marsaglia, "Xorshift RNGs", 2003).
fn numbers(mut state: u64) -> impl FnMut() -> u64 {
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    }
}

#[test]
fn random_bytes_and_random_words() {
    let mut next = numbers(0x9e37_79b9_7f4a_7c15);
    let sample = sample();
    let words: Vec<&str> = lex(FileId(0), &sample).iter().map(|t| &sample[t.span.range()]).collect();
    for round in 0..300 {
        let bytes: Vec<u8> = (0..next() % 200).map(|_| next() as u8).collect();
        sound(&String::from_utf8_lossy(&bytes));
        let mixed: String = (0..round).map(|_| words[next() as usize % words.len()]).collect();
        sound(&mixed);
        let _ = parse_exprs(FileId(0), &mixed, 7);
        let _ = parse_message(FileId(0), &mixed, 7);
    }
}

#[test]
fn every_truncation_and_every_single_loss() {
    let sample = sample();
    let ends: Vec<usize> = sample.char_indices().map(|(i, _)| i).collect();
    for (n, end) in ends.iter().enumerate() {
        if n % 7 == 0 {
            let start = sample[..end.saturating_sub(1500)].rfind("\n\n").unwrap_or(0);
            sound(&sample[start..*end]);
        }
    }
    let tokens = lex(FileId(0), &sample);
    for token in tokens.iter().step_by(5) {
        let start = sample[..token.span.range().start].char_indices().rev().nth(500).map_or(0, |(i, _)| i);
        let end = sample[token.span.range().end..].char_indices().nth(500).map_or(sample.len(), |(i, _)| i + token.span.range().end);
        sound(&format!("{}{}", &sample[start..token.span.range().start], &sample[token.span.range().end..end]));
    }
}

#[test]
fn deep_nesting_ends_in_a_finding() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("f(", ")"),
        ("match x { a -> ", "}"),
        ("if a then b else ", ""),
        ("not ", ""),
        ("- ", ""),
        ("a.", ""),
        ("a + ", ""),
        ("a = 1 or ", ""),
        ("a\n+ ", ""),
        ("a or\n", ""),
        ("a < ", ""),
        ("a = ", ""),
        ("a is known ", ""),
    ] {
        for depth in [100, 250, 900, 5_000, 100_000] {
            let text = format!("define a.x = {}b{}", open.repeat(depth), close.repeat(depth));
            let (_, findings) = parse(FileId(0), &text);
            if depth >= 5_000 && open != "a < " && open != "a = " && open != "a is known " {
                assert!(findings.iter().any(|f| f.code == codes::TOO_DEEP), "{open} {depth}: {findings:?}");
            }
            let _ = parse_expr(FileId(0), &text[13..], 13);
        }
    }
}

#[test]
fn ten_megabytes_of_parentheses_end_fast() {
    let text = "(".repeat(10_000_000);
    let start = Instant::now();
    let (_, findings) = parse(FileId(0), &text);
    assert!(findings.len() == 1 && findings[0].code == codes::TOO_DEEP);
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

#[test]
fn what_stands_beside_something_too_deep_is_parsed() {
    let text = format!("define a.x = 1\ndefine a.y = {}\ndefine a.z = 3\n", "(".repeat(1000));
    let (file, findings) = parse(FileId(0), &text);
    assert_eq!((file.items.len(), findings.len()), (2, 1));
}
