//! Findings as a Code Quality report of GitLab, which it shows in merge requests: a list of `description`, `check_name`, `fingerprint`,
//! `severity` (`major`, `minor`, `info`) and `location`.

use crate::position::{self, Columns};
use crate::report::{self, Report};
use kamrules_base::{Finding, Level};
use serde_json::{Value, json};

/// The list.
pub fn document(reports: &[Report<'_>]) -> Value {
    let of = |report: &Report<'_>| -> Vec<Value> {
        let prints = report::fingerprints(report);
        report.findings.iter().zip(prints).map(|(finding, print)| one(report, finding, print)).collect()
    };
    Value::Array(reports.iter().flat_map(of).collect())
}

fn one(report: &Report<'_>, finding: &Finding, print: String) -> Value {
    let severity = match finding.level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Note => "info",
    };
    let (path, begin, end) = match (finding.span(), report.files.first()) {
        (Some(span), _) => {
            let region = position::region(span, report.sources, Columns::Characters);
            (position::path(span, report.sources), region.start_line, region.end_line)
        }
        (None, Some(&file)) => (position::slashed(&report.sources.get(file).path), 1, 1),
        (None, None) => (report.policy.clone(), 1, 1),
    };
    json!({
        "description": format!("{}: {}", finding.code, report::words(finding).join("; ")),
        "check_name": finding.code.info().name,
        "fingerprint": print,
        "severity": severity,
        "location": { "path": path, "lines": { "begin": begin, "end": end } },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn findings_are_a_list_for_gitlab() {
        insta::assert_snapshot!(samples::with(samples::TEXT, |report| format!("{:#}", document(std::slice::from_ref(report)))));
    }
}
