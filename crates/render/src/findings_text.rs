//! Findings for the terminal, through ariadne.

use crate::paint::printable;
use crate::position;
use crate::report::number;
use ariadne::{CharSet, Color, Config, IndexType, Label, Report, ReportKind};
use kamrules_base::{Finding, Level, Sources, Span};
use std::ops::Range;

/// The findings, one below the other.
pub fn render(findings: &[Finding], sources: &Sources, color: bool) -> String {
    let texts = sources.files.iter().map(|file| (file.path.display().to_string(), drawable(&file.text)));
    let mut cache = ariadne::sources(texts);
    let mut out = String::new();
    for finding in findings {
        if finding.labels.is_empty() {
            out.push_str(&without_place(finding, color));
            continue;
        }
        if finding.labels.iter().any(|label| line_length(sources, label.span) > LONGEST_LINE) {
            out.push_str(&undrawn(finding, sources, color));
            continue;
        }
        let mut bytes = Vec::new();
        // Writing into memory cannot fail; if the drawing did, the line itself still says what is wrong.
        match report(finding, sources, color).write(&mut cache, &mut bytes) {
            Ok(()) => out.push_str(&trimmed(&String::from_utf8_lossy(&bytes), color)),
            Err(_) => out.push_str(&without_place(finding, color)),
        }
        out.push('\n');
    }
    printable(out, color)
}

/// The text with a blank for each byte of what ends a line for some and for us does not, so that lines are counted as we count them.
fn drawable(text: &str) -> String {
    let other_end = |c: char| matches!(c, '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    if !text.contains(other_end) {
        return text.to_owned();
    }
    text.chars().flat_map(|c| if other_end(c) { [' '].repeat(c.len_utf8()) } else { vec![c] }).collect()
}

/// A line longer than this is not drawn: nobody could read it.
const LONGEST_LINE: usize = 1_000;

fn line_length(sources: &Sources, span: Span) -> usize {
    let file = sources.get(span.file);
    let line = file.lines.line(span.start);
    let end = file.lines.start(line + 1).unwrap_or(file.text.len() as u32);
    file.lines.start(line).map_or(0, |start| (end - start) as usize)
}

/// A finding with its place in words.
fn undrawn(finding: &Finding, sources: &Sources, color: bool) -> String {
    let place = finding.span().map_or_else(String::new, |span| {
        let (line, column) = sources.line_column(span);
        format!("  at {}:{line}:{column}\n", sources.get(span.file).path.display())
    });
    format!("{}{place}", without_place(finding, color))
}

/// How many errors and warnings there are, in a sentence.
pub fn count(findings: &[Finding]) -> String {
    let of = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    match (of(Level::Error), of(Level::Warning)) {
        (0, 0) => "no errors".into(),
        (0, warnings) => format!("no errors, {}", number(warnings, "warning")),
        (errors, 0) => number(errors, "error"),
        (errors, warnings) => format!("{}, {}", number(errors, "error"), number(warnings, "warning")),
    }
}

type Place = (String, Range<usize>);

fn report(finding: &Finding, sources: &Sources, color: bool) -> Report<'static, Place> {
    let kind = match finding.level {
        Level::Error => ReportKind::Custom("error", Color::Red),
        Level::Warning => ReportKind::Custom("warning", Color::Yellow),
        Level::Note => ReportKind::Custom("note", Color::Blue),
    };
    let config = Config::default().with_index_type(IndexType::Byte).with_color(color).with_char_set(CharSet::Unicode);
    let first = finding.labels.first().map(|label| place(sources, label.span)).unwrap_or_default();
    let mut report = Report::build(kind, first).with_config(config).with_code(finding.code).with_message(&finding.message);
    // Down the page, the guilty file first: a place above the one before would be drawn as a snippet of its own.
    let mut labels: Vec<(usize, &kamrules_base::Label)> = finding.labels.iter().enumerate().collect();
    let file = finding.labels.first().map(|label| label.span.file);
    // On one line the last comes first: its words stand above the strokes of the others.
    labels.sort_by_key(|(_, label)| {
        let Span { file: of, start, .. } = label.span;
        (Some(of) != file, of, sources.get(of).lines.line(start), std::cmp::Reverse(start))
    });
    for (n, (i, label)) in labels.into_iter().enumerate() {
        let color = if i == 0 { Color::Red } else { Color::Cyan };
        let text = if i == 0 && label.text.is_empty() { "here" } else { &label.text };
        report = report.with_label(Label::new(place(sources, label.span)).with_message(text).with_color(color).with_order(n as i32));
    }
    for help in helps(finding) {
        report = report.with_help(help);
    }
    report.finish()
}

/// The help lines, the fix among them when none of them says it.
pub(crate) fn helps(finding: &Finding) -> Vec<String> {
    let said = |fix: &&kamrules_base::Fix| {
        finding.help.iter().any(|help| *help == fix.title || fix.edits.iter().any(|edit| help.contains(&format!("`{}`", edit.text))))
    };
    let fix = finding.fix.as_ref().filter(|fix| !said(fix)).map(|fix| fix.title.clone());
    finding.help.iter().cloned().chain(fix).collect()
}

/// The file's name and the bytes of a span.
fn place(sources: &Sources, span: Span) -> Place {
    (sources.get(span.file).path.display().to_string(), position::bytes(span, sources))
}

fn without_place(finding: &Finding, color: bool) -> String {
    let paint = crate::paint::Paint { on: color };
    let word = format!("[{}] {}:", finding.code, finding.level.word());
    let word = if finding.level == Level::Error { paint.bad(&word) } else { paint.head(&word) };
    let help: String = helps(finding).iter().map(|help| format!("  help: {help}\n")).collect();
    format!("{word} {}\n{help}", finding.message)
}

/// Without blanks at the ends of lines; and without colours, which the drawing of a level of our own has in any case.
fn trimmed(text: &str, color: bool) -> String {
    text.lines().map(|line| if color { format!("{}\n", line.trim_end()) } else { format!("{}\n", plain(line).trim_end()) }).collect()
}

fn plain(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use kamrules_base::{FileId, codes};

    fn drawn(text: &str, spans: &[(usize, usize)]) -> String {
        let mut sources = Sources::default();
        let file: FileId = sources.add("rules.kam", text);
        let mut finding =
            Finding::new(codes::TWO_RUNGS, Span::new(file, spans[0].0, spans[0].1), "`dach` and `germany` claim the same row");
        for (start, end) in &spans[1..] {
            finding = finding.also(Span::new(file, *start, *end), "and this");
        }
        render(&[finding.here("claims it").help("say which wins with `overrides`")], &sources, false)
    }

    #[test]
    fn places_are_right_behind_wide_characters_and_emoji() {
        let text = "# 北京 🚲\nzone 🚲 {\n  dach    when country = \"北京\"\n  germany otherwise\n}\n";
        let at = |part: &str| (text.find(part).expect("it is there"), text.find(part).expect("it is there") + part.len());
        insta::assert_snapshot!(drawn(text, &[at("\"北京\""), at("germany")]));
    }

    #[test]
    fn no_place_is_too_odd_to_be_drawn() {
        let text = "a北🚲\r\nb";
        for start in 0..=text.len() + 2 {
            for end in [start, start + 1, text.len() + 5] {
                assert!(drawn(text, &[(start, end)]).contains("K0701"));
            }
        }
        assert!(drawn("", &[(0, 0)]).contains("K0701"));
        assert!(drawn("\n\n", &[(2, 2)]).contains("K0701"));
    }
}
