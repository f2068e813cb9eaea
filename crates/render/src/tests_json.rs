//! What the tests gave, as JSON (`docs/schema/test.schema.json`): the `policy`, `passed` and `failed` counts, `tests` (each `name`, `library`, `passed`, `file`, `line`), `findings`, and on request `coverage`
//! with `rungs`, `boundaries` and per decision what no test reached.

use crate::findings_json;
use crate::report::Report;
use kamrules_base::{Sources, Span};
use kamrules_model::Model;
use kamrules_session::TestRun;
use kamrules_session::testing::{Coverage, DecisionCoverage, TestOutcome};
use serde_json::{Value, json};

/// The report; with coverage where the model is given.
pub fn render(report: &Report<'_>, run: &TestRun, covered: Option<&Model>) -> Value {
    let sources = report.sources;
    let test = |test: &TestOutcome| json!({ "name": test.name, "library": test.library, "passed": test.passed(), "file": file(sources, test.span), "line": sources.line_column(test.span).0 });
    let passed = run.report.passed();
    json!({
        "schema": 1,
        "policy": report.policy,
        "passed": passed,
        "failed": run.report.tests.len() - passed,
        "tests": run.report.tests.iter().map(test).collect::<Vec<_>>(),
        "findings": findings_json::render(&report.findings, sources),
        "coverage": covered.map(|model| coverage(model, sources, &run.report.coverage)),
    })
}

/// The report on a policy whose tests could not be run.
pub fn without_tests(report: &Report<'_>) -> Value {
    let findings = findings_json::render(&report.findings, report.sources);
    json!({ "schema": 1, "policy": report.policy, "passed": 0, "failed": 0, "tests": [], "findings": findings, "coverage": null })
}

fn coverage(model: &Model, sources: &Sources, coverage: &Coverage) -> Value {
    let named = || coverage.decisions.iter().flat_map(|decision| &decision.rungs).filter(|rung| !rung.name.is_empty());
    let (rungs, won) = (named().count(), named().filter(|rung| rung.won).count());
    let (boundaries, touched) = coverage.boundaries();
    json!({
        "rungs": { "all": rungs, "reached": won },
        "boundaries": { "all": boundaries, "reached": touched },
        "decisions": coverage.decisions.iter().map(|one| decision(model, sources, one)).collect::<Vec<_>>(),
    })
}

fn decision(model: &Model, sources: &Sources, decision: &DecisionCoverage) -> Value {
    let place = |span: Span| json!({ "file": file(sources, span), "line": sources.line_column(span).0, "text": sources.text(span) });
    let rungs: Vec<Value> = decision
        .rungs
        .iter()
        .filter(|rung| !rung.won && !rung.name.is_empty())
        .map(|rung| json!({ "rung": rung.name, "file": file(sources, rung.span), "line": sources.line_column(rung.span).0 }))
        .collect();
    let boundaries: Vec<Value> =
        decision.boundaries.iter().filter(|boundary| !boundary.touched).map(|boundary| place(boundary.span)).collect();
    json!({
        "decision": decision.set.map(|set| model.set(set).name.clone()),
        "file": file(sources, decision.span),
        "line": sources.line_column(decision.span).0,
        "unreached_rungs": rungs,
        "unreached_boundaries": boundaries,
    })
}

fn file(sources: &Sources, span: Span) -> String {
    sources.get(span.file).path.display().to_string()
}
