//! Small cases of what the parser holds: each finding is marked at its place, and what is not marked is clean; a fix, once applied,
//! takes its finding away.

use kamrules_base::{FileId, Finding};
use kamrules_syntax::parse;
use kamrules_tests::{is_again, mended, root, texts, told, unmarked};

fn fixed_badly(name: &str, text: &str, finding: &Finding) -> Option<String> {
    let fixed = mended(text, FileId(0), finding)?;
    let left = parse(FileId(0), &fixed).1.iter().any(|left| is_again(left, finding));
    left.then(|| format!("{name}: {}: its fix leaves {fixed:?}", told(finding)))
}

#[test]
fn every_mark_is_found_and_every_finding_is_marked() {
    let files = texts(&root().join("tests/corpus/syntax"), "kam");
    let mut wrong = Vec::new();
    for (name, text) in &files {
        let (_, findings) = parse(FileId(0), text);
        wrong.extend(unmarked(name, text, FileId(0), &findings));
        wrong.extend(findings.iter().filter_map(|finding| fixed_badly(name, text, finding)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(files.len() > 20);
}
