//! What the tests of the whole share: policies out of text, and the marks that say which findings a text is to have.

pub mod decisions;

pub mod generate;

pub mod pages;

pub mod sized;

use kamrules_base::world::MemoryWorld;
use kamrules_base::{FileId, Finding, LineIndex, Sources, Span};
use kamrules_check::Checked;
use kamrules_session::CheckOptions;
use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A policy of several files, parsed and checked.
pub struct Policy {
    /// The standard library first, then the files.
    pub sources: Sources,
    /// What parsing and checking found, by place.
    pub findings: Vec<Finding>,
    /// The checked policy.
    pub checked: Checked,
}

/// Parses and checks a policy of these files (name, text).
pub fn policy(files: &[(&str, &str)]) -> Policy {
    let mut sources = Sources::default();
    let mut findings = Vec::new();
    let mut parsed = vec![kamrules_check::library(&mut sources)];
    for (name, text) in files {
        let id = sources.add(*name, *text);
        let (file, found) = kamrules_syntax::parse(id, text);
        findings.extend(found);
        parsed.push((id, file));
    }
    let checked = kamrules_check::check(parsed, &sources);
    findings.extend(checked.findings.iter().cloned());
    kamrules_base::finding::sort(&mut findings);
    Policy { sources, findings, checked }
}

/// Everything `check` says of a policy of these files (name, text), of which those that are no rules are data; with their sources.
pub fn checked(files: &[(&str, &str)], options: &CheckOptions) -> (Sources, Vec<Finding>) {
    let world = MemoryWorld::new(files.iter().map(|(name, text)| (Path::new("policy").join(name), (*text).to_owned())));
    let opened = kamrules_session::Policy::open(&world, Path::new(""), Path::new("policy"));
    let mut policies = opened.unwrap_or_else(|findings| panic!("{:?}", findings.iter().map(told).collect::<Vec<_>>()));
    assert!(policies.len() == 1, "these are {} policies", policies.len());
    let policy = policies.remove(0);
    let findings = policy.check(&world, options).findings;
    (policy.sources, findings)
}

/// A finding that a text is to have.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The guilty line, from 1.
    pub line: usize,
    /// The guilty column, from 1.
    pub column: usize,
    /// How many columns are guilty, if that is said.
    pub width: Option<usize>,
    /// The code.
    pub code: String,
    /// Words that the message or its help holds.
    pub words: String,
}

/// The marks of a text: comments below the guilty line, their carets under the guilty columns (`#    ^^^ K0103 words`), or, where carets
/// cannot stand, anywhere (`# @LINE:COLUMN K0103 words`).
pub fn marks(text: &str) -> Vec<Mark> {
    let (mut marks, mut guilty) = (Vec::new(), 0);
    for (i, line) in text.lines().enumerate() {
        let Some(comment) = line.strip_prefix('#') else {
            guilty = i + 1;
            continue;
        };
        let told = comment.trim_start();
        let column = line.chars().count() - told.chars().count() + 1;
        let code_and_words = |rest: &str| {
            let (code, words) = rest.split_once(' ').unwrap_or((rest, ""));
            (code.to_owned(), words.trim().to_owned())
        };
        if let Some(rest) = told.strip_prefix('@') {
            let (place, rest) = rest.split_once(' ').expect("a place and a code");
            let (line, column) = place.split_once(':').expect("LINE:COLUMN");
            let (code, words) = code_and_words(rest);
            let place = (line.parse().expect("a line"), column.parse().expect("a column"));
            marks.push(Mark { line: place.0, column: place.1, width: None, code, words });
        } else if told.starts_with('^') {
            let width = told.chars().take_while(|c| *c == '^').count();
            let (code, words) = code_and_words(told.trim_start_matches('^').trim());
            marks.push(Mark { line: guilty, column, width: Some(width), code, words });
        }
    }
    marks
}

/// Where the findings about a file differ from its marks, a line each; empty when each is marked and every mark is met.
pub fn unmarked(name: &str, text: &str, file: FileId, findings: &[Finding]) -> Vec<String> {
    let index = LineIndex::new(text);
    let (mut marks, mut wrong) = (marks(text), Vec::new());
    for finding in findings {
        let Some(span) = finding.span().filter(|span| span.file == file) else {
            wrong.push(format!("{name}: elsewhere: {}", told(finding)));
            continue;
        };
        let (line, column) = index.line_column(text, span.start);
        let width = width(text, span);
        let said = format!("{} {}", finding.message, finding.help.join(" "));
        let fits = |mark: &Mark| {
            let place = mark.line == line && mark.column == column && mark.width.is_none_or(|w| w == width);
            place && mark.code == finding.code.to_string() && said.contains(&mark.words)
        };
        match marks.iter().position(fits) {
            Some(at) => drop(marks.remove(at)),
            None => wrong.push(format!("{name}:{line}:{column}+{width} not marked: {}", told(finding))),
        }
    }
    wrong.extend(marks.iter().map(|mark| format!("{name}: not found: {mark:?}")));
    wrong
}

/// What is wrong with a finding's fix, if it has one: once applied, the finding must be gone.
pub fn fixed_badly(name: &str, text: &str, file: FileId, finding: &Finding) -> Option<String> {
    let (fix, fixed) = (finding.fix.as_ref()?, mended(text, file, finding)?);
    let left = policy(&[("fixed.kam", &fixed)]).findings.iter().any(|left| is_again(left, finding));
    left.then(|| format!("{name}: {}: the fix `{}` leaves it", told(finding), fix.title))
}

/// A text with a finding's fix applied.
pub fn mended(text: &str, file: FileId, finding: &Finding) -> Option<String> {
    let mut edits: Vec<_> = finding.fix.as_ref()?.edits.iter().filter(|edit| edit.span.file == file).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse((edit.span.start, edit.span.end)));
    let mut fixed = text.to_owned();
    for edit in edits {
        fixed.replace_range(edit.span.range(), &edit.text);
    }
    Some(fixed)
}

/// Whether a finding is the same as another.
pub fn is_again(left: &Finding, finding: &Finding) -> bool {
    (left.code, &left.message, left.span()) == (finding.code, &finding.message, finding.span())
}

fn width(text: &str, span: Span) -> usize {
    text.get(span.range()).map_or(0, |part| part.chars().count()).max(1)
}

/// A finding on one line.
pub fn told(finding: &Finding) -> String {
    format!("{} {}: {} {:?}", finding.code, finding.level.word(), finding.message, finding.help)
}

/// The code blocks of a Markdown page: what stands behind the fence, and the text.
pub fn blocks(page: &str) -> Vec<(String, String)> {
    let (mut blocks, mut open): (Vec<(String, String)>, bool) = (Vec::new(), false);
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(mark) => {
                blocks.push((mark.to_owned(), String::new()));
                open = true;
            }
            None if open => {
                let text = &mut blocks.last_mut().expect("one is open").1;
                text.push_str(line);
                text.push('\n');
            }
            None => {}
        }
    }
    blocks
}

/// A file may hold several policies, each under a line `#== what it shows`; what stands above the first is part of all.
pub fn cases(name: &str, text: &str) -> Vec<(String, String)> {
    let mut pieces = text.split("\n#== ");
    let shared = pieces.next().unwrap_or_default();
    let cases: Vec<(String, String)> = pieces
        .map(|piece| {
            let (title, rest) = piece.split_once('\n').unwrap_or((piece, ""));
            (format!("{name} ({title})"), format!("{shared}\n{rest}"))
        })
        .collect();
    if cases.is_empty() { vec![(name.to_owned(), text.to_owned())] } else { cases }
}

/// The files of a folder with an ending, sorted, with their texts.
pub fn texts(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|e| e == ending))
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.file_name().expect("a file's name").to_string_lossy().into_owned(), text)
    };
    paths.into_iter().map(read).collect()
}

/// The seeds that `KAMRULES_SEEDS=from..to` names; otherwise the first so many.
pub fn seeds(usual: u64) -> std::ops::Range<u64> {
    let said = std::env::var("KAMRULES_SEEDS").ok();
    let parsed = said.as_deref().and_then(|text| text.split_once("..")).and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    parsed.unwrap_or(0..usual)
}
