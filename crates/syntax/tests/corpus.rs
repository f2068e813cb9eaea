//! Holds the cases under `tests/corpus/syntax`: what `parse` finds is exactly what the marks say.
//!
//! A mark is a comment below the guilty line, its carets under the guilty columns: `#    ^^^ K0103 words of the message`;
//! or, where carets cannot stand, a comment anywhere: `# @LINE:COLUMN K0103 words`.

use kamrules_base::{FileId, LineIndex};
use kamrules_syntax::parse;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[derive(Debug)]
struct Mark {
    line: usize,
    column: usize,
    width: Option<usize>,
    code: String,
    words: String,
}

fn marks(text: &str) -> Vec<Mark> {
    let (mut marks, mut guilty) = (Vec::new(), 0);
    for (i, line) in text.lines().enumerate() {
        let Some(comment) = line.strip_prefix('#') else {
            guilty = i + 1;
            continue;
        };
        let told = comment.trim_start();
        let column = line.chars().count() - told.chars().count() + 1;
        if let Some(rest) = told.strip_prefix('@') {
            let (place, rest) = rest.split_once(' ').expect("a place and a code");
            let (line, column) = place.split_once(':').expect("LINE:COLUMN");
            let (code, words) = rest.split_once(' ').unwrap_or((rest, ""));
            let (line, column) = (line.parse().expect("a line"), column.parse().expect("a column"));
            marks.push(Mark { line, column, width: None, code: code.into(), words: words.trim().into() });
        } else if told.starts_with('^') {
            let width = told.chars().take_while(|c| *c == '^').count();
            let rest = told.trim_start_matches('^').trim();
            let (code, words) = rest.split_once(' ').unwrap_or((rest, ""));
            marks.push(Mark { line: guilty, column, width: Some(width), code: code.into(), words: words.trim().into() });
        }
    }
    marks
}

fn check(name: &str, text: &str) -> Vec<String> {
    let (_, findings) = parse(FileId(0), text);
    let index = LineIndex::new(text);
    let (mut marks, mut wrong) = (marks(text), Vec::new());
    for finding in &findings {
        let span = finding.span().expect("every finding of text has a place");
        let (line, column) = index.line_column(text, span.start);
        let width = text[span.range()].chars().count().max(1);
        let fits = |m: &Mark| {
            m.line == line
                && m.column == column
                && m.width.is_none_or(|w| w == width)
                && m.code == finding.code.to_string()
                && finding.message.contains(&m.words)
        };
        match marks.iter().position(fits) {
            Some(at) => drop(marks.remove(at)),
            None => {
                wrong.push(format!("{name}:{line}:{column}+{width} not marked: {} {} {:?}", finding.code, finding.message, finding.help))
            }
        }
    }
    wrong.extend(marks.iter().map(|mark| format!("{name}: not found: {mark:?}")));
    wrong.extend(findings.iter().filter_map(|f| fixed_badly(text, f)).map(|bad| format!("{name}: {bad}")));
    wrong
}

#[test]
fn every_mark_is_found_and_every_finding_is_marked() {
    let folder = root().join("tests/corpus/syntax");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("the corpus is there").map(|f| f.expect("a file").path()).collect();
    files.sort();
    let wrong: Vec<String> = files
        .iter()
        .flat_map(|path| {
            let text = std::fs::read_to_string(path).expect("a text");
            check(&path.file_name().expect("a name").to_string_lossy(), &text)
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(files.len() > 20);
}

/// A fix, once applied, leaves the finding no more.
fn fixed_badly(text: &str, finding: &kamrules_base::Finding) -> Option<String> {
    let fix = finding.fix.as_ref()?;
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|e| std::cmp::Reverse((e.span.start, e.span.end)));
    let mut fixed = text.to_owned();
    for edit in edits {
        fixed.replace_range(edit.span.range(), &edit.text);
    }
    let (_, left) = parse(FileId(0), &fixed);
    left.iter()
        .any(|f| (f.code, &f.message, f.span()) == (finding.code, &finding.message, finding.span()))
        .then(|| format!("{}: {} leaves {fixed:?}", finding.code, fix.title))
}
