//! What the tests gave, for people.

use crate::paint::Paint;
use crate::table::Table;
use kamrules_base::{Sources, Span};
use kamrules_model::Model;
use kamrules_session::TestRun;
use kamrules_session::testing::{Coverage, TestOutcome};
use std::fmt::Write;

/// A line per test, and how many passed. The tests of the standard library are counted by themselves, and named where they fail.
pub fn render(run: &TestRun, paint: Paint) -> String {
    let mut out = String::new();
    let own: Vec<&TestOutcome> = run.report.tests.iter().filter(|test| !test.library).collect();
    let library: Vec<&TestOutcome> = run.report.tests.iter().filter(|test| test.library).collect();
    for test in own.iter().chain(library.iter().filter(|test| !test.passed())) {
        let word = if test.passed() { paint.good("ok  ") } else { paint.bad("FAIL") };
        let _ = writeln!(out, "{word}  {}", test.name);
    }
    let passed = |tests: &[&TestOutcome]| tests.iter().filter(|test| test.passed()).count();
    let _ = write!(out, "{} of {} tests passed", passed(&own), own.len());
    if !library.is_empty() {
        let _ = write!(out, ", and {} of {} of the standard library", passed(&library), library.len());
    }
    out.push('\n');
    out
}

/// Which rungs and boundaries no test reached, set by set.
pub fn coverage(model: &Model, sources: &Sources, coverage: &Coverage, paint: Paint) -> String {
    let mut out = format!("\n{}\n", paint.head("Coverage"));
    // What has no name is no rung of the user's: the arms behind a table's columns, for one.
    let named = || coverage.decisions.iter().flat_map(|decision| &decision.rungs).filter(|rung| !rung.name.is_empty());
    let (rungs, won) = (named().count(), named().filter(|rung| rung.won).count());
    let (boundaries, touched) = coverage.boundaries();
    let _ = writeln!(out, "  {won} of {rungs} rungs gave an answer, {touched} of {boundaries} boundaries were tried on the point");
    let mut table = Table::new("<<<");
    for decision in &coverage.decisions {
        let set = decision.set.map_or("match", |set| model.set(set).name.as_str());
        for rung in decision.rungs.iter().filter(|rung| !rung.won && !rung.name.is_empty()) {
            table.row([set.to_owned(), format!("no test reaches {}", rung.name), place(sources, rung.span)]);
        }
        for boundary in decision.boundaries.iter().filter(|boundary| !boundary.touched) {
            let text = sources.text(boundary.span).split_whitespace().collect::<Vec<_>>().join(" ");
            table.row([set.to_owned(), format!("no test stands at {text}"), place(sources, boundary.span)]);
        }
    }
    table.write(&mut out, 2);
    out
}

fn place(sources: &Sources, span: Span) -> String {
    format!("{}:{}", sources.get(span.file).path.display(), sources.line_column(span).0)
}
