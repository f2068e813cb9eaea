//! Findings as JSON: a list of objects, and for `check` a document with such a list for each policy (`docs/schema/check.schema.json`).
//!
//! Each has `code`, `name`, `level` (`error`, `warning` or `note`), `message`, `places` (the guilty one first; each `file`, `line` and `column` from 1,
//! the column in characters, `start` and `end` as offsets in bytes, and `text`, what is said there), `help` (a list of lines) and `fix`:
//! null, or a `title` and `edits`, each the `file`, `start` and `end` of what is replaced and the `text` that takes its place.

use crate::report::Report;
use kamrules_base::{Finding, Fix, Label, Sources, Span};
use serde_json::{Map, Value, json};

/// The document of `check`: what was found, policy by policy.
pub fn document(reports: &[Report<'_>]) -> Value {
    let one = |report: &Report<'_>| json!({ "policy": report.policy, "findings": render(&report.findings, report.sources), "allowed": report.allowed });
    json!({ "schema": 1, "policies": reports.iter().map(one).collect::<Vec<_>>() })
}

/// The findings as a list.
pub fn render(findings: &[Finding], sources: &Sources) -> Value {
    Value::Array(findings.iter().map(|finding| one(finding, sources)).collect())
}

fn one(finding: &Finding, sources: &Sources) -> Value {
    json!({
        "code": finding.code.to_string(),
        "name": finding.code.info().name,
        "level": finding.level.word(),
        "message": finding.message,
        "places": finding.labels.iter().map(|label| place(label, sources)).collect::<Vec<_>>(),
        "help": finding.help,
        "fix": finding.fix.as_ref().map(|fix| self::fix(fix, sources)),
    })
}

fn place(label: &Label, sources: &Sources) -> Value {
    let (line, column) = sources.line_column(label.span);
    let mut out = Map::new();
    out.insert("file".into(), file(label.span, sources));
    out.insert("line".into(), line.into());
    out.insert("column".into(), column.into());
    out.insert("start".into(), label.span.start.into());
    out.insert("end".into(), label.span.end.into());
    out.insert("text".into(), label.text.clone().into());
    Value::Object(out)
}

fn fix(fix: &Fix, sources: &Sources) -> Value {
    let edit = |edit: &kamrules_base::Edit| json!({ "file": file(edit.span, sources), "start": edit.span.start, "end": edit.span.end, "text": edit.text });
    json!({ "title": fix.title, "edits": fix.edits.iter().map(edit).collect::<Vec<_>>() })
}

fn file(span: Span, sources: &Sources) -> Value {
    sources.get(span.file).path.display().to_string().into()
}
