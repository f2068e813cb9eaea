//! Findings as workflow commands of GitHub Actions: lines in the log that GitHub shows beside the changed files.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step, so errors come first, whatever policy they are in. A line that
//! counts follows for each policy.

use crate::findings_text;
use crate::paint::printable;
use crate::position::{self, Columns, Region};
use crate::report::{self, Report};
use kamrules_base::{Finding, Level};

/// How many of each kind GitHub shows for a step.
const SHOWN: usize = 10;

/// The lines.
pub fn render(reports: &[Report<'_>]) -> String {
    let mut out = commands(reports);
    for report in reports {
        out.push_str(&format!("kamrules: {}: {}\n", one_line(&report.policy), findings_text::count(&report.findings)));
    }
    printable(out, false)
}

/// The commands alone, and a remark if there are more of them than GitHub shows.
pub(crate) fn commands(reports: &[Report<'_>]) -> String {
    let mut out = String::new();
    let mut more = false;
    for level in [Level::Error, Level::Warning, Level::Note] {
        let all: Vec<String> = reports.iter().flat_map(|report| report.at(level).map(|finding| command(report, finding))).collect();
        more |= all.len() > SHOWN;
        out.extend(all);
    }
    if more {
        out.push_str(&format!("kamrules: GitHub shows {SHOWN} findings of a kind beside the files; all are in this log\n"));
    }
    out
}

fn command(report: &Report<'_>, finding: &Finding) -> String {
    let word = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let mut properties = Vec::new();
    match (finding.span(), report.files.first()) {
        (Some(span), _) => {
            properties.push(("file", position::path(span, report.sources)));
            let region = position::region(span, report.sources, Columns::Characters);
            properties.extend(lines(region).into_iter().map(|(key, number)| (key, number.to_string())));
        }
        (None, Some(&file)) => properties.push(("file", position::slashed(&report.sources.get(file).path))),
        (None, None) => {}
    }
    properties.push(("title", format!("{}: {}", finding.code, finding.code.info().title())));
    let properties: Vec<String> = properties.into_iter().map(|(key, value)| format!("{key}={}", property(&value))).collect();
    let related = finding.labels.iter().skip(1).filter(|label| !label.text.is_empty()).map(|label| {
        let (line, _) = report.sources.line_column(label.span);
        format!("{}:{line}: {}", position::path(label.span, report.sources), label.text)
    });
    let mut words = report::words(finding);
    let at = 1 + usize::from(finding.labels.first().is_some_and(|label| !label.text.is_empty()));
    words.splice(at..at, related);
    format!("::{word} {}::{}\n", properties.join(","), data(&words.join("\n")))
}

/// The place; GitHub takes columns only within one line, and its last column is that of the last character.
fn lines(region: Region) -> Vec<(&'static str, usize)> {
    let Region { start_line, start_column, end_line, end_column } = region;
    if start_line == end_line {
        let last = (end_column - 1).max(start_column);
        vec![("line", start_line), ("endLine", start_line), ("col", start_column), ("endColumn", last)]
    } else {
        // A place that ends where a line begins does not lie on that line.
        let last = if end_column == 1 { end_line - 1 } else { end_line };
        vec![("line", start_line), ("endLine", last)]
    }
}

/// A text of a command, as GitHub reads it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, as GitHub reads it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A text without line breaks: a line of the log that began with `::` would be a command.
pub(crate) fn one_line(text: &str) -> String {
    text.split(['\r', '\n']).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn findings_are_commands_errors_first() {
        insta::assert_snapshot!(samples::with(samples::TEXT, |report| render(std::slice::from_ref(report))));
    }

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("50%\r\nof: a, b"), "50%25%0D%0Aof: a, b");
        assert_eq!(property("50%\r\nof: a, b"), "50%25%0D%0Aof%3A a%2C b");
        let several = samples::with(samples::TEXT, |report| {
            let message = "x\n::error::y";
            let finding = Finding::without_place(kamrules_base::codes::NO_RULES, message);
            let findings = vec![finding; SHOWN + 1];
            render(&[Report { policy: "a\n::error::b".into(), sources: report.sources, files: Vec::new(), findings, allowed: 0 }])
        });
        assert_eq!(several.lines().filter(|line| line.starts_with("::")).count(), SHOWN + 1);
        assert!(several.contains("GitHub shows 10 findings"), "{several}");
    }

    #[test]
    fn a_place_over_several_lines_has_no_columns() {
        let region = Region { start_line: 2, start_column: 3, end_line: 4, end_column: 1 };
        assert_eq!(lines(region), [("line", 2), ("endLine", 3)]);
        let region = Region { start_line: 2, start_column: 3, end_line: 2, end_column: 3 };
        assert_eq!(lines(region), [("line", 2), ("endLine", 2), ("col", 3), ("endColumn", 3)]);
    }
}
