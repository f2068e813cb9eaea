//! Findings as SARIF 2.1.0, the format that code scanning of GitHub, Azure DevOps and editors read: one run, however many policies.
//!
//! Columns count units of UTF-16, as those readers do, and the run says so. The rules are the codes that occur, each with its page.
//! Paths are relative to the folder that the command runs in.

use crate::position::{self, Columns, Region};
use crate::report::{self, Report};
use kamrules_base::{Code, CodeInfo, FileId, Finding, Fix, Label, Level, Sources, Span};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");
/// What relative paths are relative to, under the name that readers know for it.
const BASE: &str = "%SRCROOT%";

/// The document; `able` says whether all policies could be read.
pub fn document(reports: &[Report<'_>], able: bool) -> Value {
    let codes: Vec<Code> =
        reports.iter().flat_map(|report| &report.findings).map(|finding| finding.code).collect::<BTreeSet<_>>().into_iter().collect();
    let results: Vec<Value> = reports.iter().flat_map(|report| results(report, &codes)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "kamrules",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": REPOSITORY,
                "rules": codes.iter().map(|code| rule(code.info())).collect::<Vec<_>>(),
            } },
            "invocations": [{ "executionSuccessful": able }],
            "columnKind": "utf16CodeUnits",
            "newlineSequences": ["\r\n", "\n", "\r"],
            "originalUriBaseIds": { BASE: { "description": { "text": "The folder that kamrules was run in." } } },
            "results": results,
        }],
    })
}

fn rule(info: &CodeInfo) -> Value {
    let code = info.code.to_string();
    let body = info.page.split_once('\n').map_or("", |(_, body)| body).trim();
    let first = body.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let full = if first.is_empty() || first.starts_with("```") { info.title() } else { &first };
    json!({
        "id": code,
        "name": info.name,
        "shortDescription": { "text": info.title() },
        "fullDescription": { "text": full },
        "help": { "text": info.page, "markdown": info.page },
        "helpUri": format!("{REPOSITORY}/blob/main/docs/findings/{code}.md"),
        "defaultConfiguration": { "level": level(info.level) },
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

fn results(report: &Report<'_>, codes: &[Code]) -> Vec<Value> {
    let prints = report::fingerprints(report);
    report.findings.iter().zip(prints).map(|(finding, print)| result(report, finding, codes, print)).collect()
}

fn result(report: &Report<'_>, finding: &Finding, codes: &[Code], print: String) -> Value {
    let mut out = Map::new();
    out.insert("ruleId".into(), finding.code.to_string().into());
    out.insert("ruleIndex".into(), codes.binary_search(&finding.code).map_or(-1, |at| at as i64).into());
    out.insert("level".into(), level(finding.level).into());
    out.insert("message".into(), json!({ "text": report::words(finding).join("\n") }));
    out.insert("locations".into(), locations(report, finding));
    let related = finding.labels.iter().skip(1).enumerate().map(|(i, label)| related(i + 1, label, report.sources));
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        out.insert("relatedLocations".into(), related.into());
    }
    out.insert("partialFingerprints".into(), json!({ "kamrules/v1": print }));
    if let Some(fix) = finding.fix.as_ref().filter(|fix| !fix.edits.is_empty()) {
        out.insert("fixes".into(), json!([self::fix(fix, report.sources)]));
    }
    out.insert("properties".into(), json!({ "policy": report.policy }));
    out.into()
}

/// Where a finding is; one without a place is about the policy, and is told at the top of its first file, for readers such as GitHub
/// refuse what lies nowhere.
fn locations(report: &Report<'_>, finding: &Finding) -> Value {
    match (finding.span(), report.files.first()) {
        (Some(span), _) => json!([{ "physicalLocation": physical(span, report.sources) }]),
        (None, Some(&file)) => {
            json!([{ "physicalLocation": { "artifactLocation": artifact(file, report.sources), "region": { "startLine": 1 } } }])
        }
        (None, None) => json!([]),
    }
}

fn related(id: usize, label: &Label, sources: &Sources) -> Value {
    let mut out = Map::new();
    out.insert("id".into(), id.into());
    out.insert("physicalLocation".into(), physical(label.span, sources));
    if !label.text.is_empty() {
        out.insert("message".into(), json!({ "text": label.text }));
    }
    out.into()
}

fn physical(span: Span, sources: &Sources) -> Value {
    json!({ "artifactLocation": artifact(span.file, sources), "region": region(span, sources) })
}

fn region(span: Span, sources: &Sources) -> Value {
    let Region { start_line, start_column, end_line, end_column } = position::region(span, sources, Columns::Utf16);
    json!({ "startLine": start_line, "startColumn": start_column, "endLine": end_line, "endColumn": end_column })
}

fn artifact(file: FileId, sources: &Sources) -> Value {
    let uri = position::uri(&sources.get(file).path);
    if uri.starts_with("file:") { json!({ "uri": uri }) } else { json!({ "uri": uri, "uriBaseId": BASE }) }
}

/// A change, by file.
fn fix(fix: &Fix, sources: &Sources) -> Value {
    let files: BTreeSet<FileId> = fix.edits.iter().map(|edit| edit.span.file).collect();
    let changes = files.into_iter().map(|file| {
        let edits = fix.edits.iter().filter(|edit| edit.span.file == file);
        let replacements =
            edits.map(|edit| json!({ "deletedRegion": region(edit.span, sources), "insertedContent": { "text": edit.text } }));
        json!({ "artifactLocation": artifact(file, sources), "replacements": replacements.collect::<Vec<_>>() })
    });
    json!({ "description": { "text": fix.title }, "artifactChanges": changes.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn findings_are_results_of_one_run() {
        let text = samples::with(samples::TEXT, |report| {
            let mut document = document(std::slice::from_ref(report), true);
            for rule in document["runs"][0]["tool"]["driver"]["rules"].as_array_mut().expect("rules") {
                rule["help"] = "the page".into();
            }
            format!("{document:#}").replace(env!("CARGO_PKG_VERSION"), "VERSION")
        });
        insta::assert_snapshot!(text);
    }

    #[test]
    fn a_fix_put_in_place_gives_what_it_promises() {
        samples::with(samples::TEXT, |report| {
            let document = document(std::slice::from_ref(report), true);
            let fix = &document["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
            let region = &fix["deletedRegion"];
            let number = |key: &str| region[key].as_u64().expect("a number") as usize;
            let line = samples::TEXT.lines().nth(number("startLine") - 1).expect("the line");
            let units: Vec<u16> = line.encode_utf16().collect();
            let gone = String::from_utf16(&units[number("startColumn") - 1..number("endColumn") - 1]).expect("whole characters");
            assert_eq!(gone, "\"北京 🚲\"");
        });
    }

    #[test]
    fn what_could_not_be_read_is_told_without_a_place() {
        let sources = Sources::default();
        let finding = Finding::without_place(kamrules_base::codes::NO_RULES, "there is no `.kam` file in `x`");
        let report = Report::unread(std::path::Path::new("x"), &sources, vec![finding]);
        let run = &document(&[report], false)["runs"][0];
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
        assert_eq!(run["results"][0]["locations"], json!([]));
    }
}
