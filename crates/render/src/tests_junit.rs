//! What the tests gave as JUnit XML: a suite for each file with tests, a case for each test, and one for what belongs to no test.
//!
//! The tests of the standard library are a suite only where one of them fails.

use crate::findings_junit::{self, Case, Suite, WHOLE};
use crate::position;
use crate::report::Report;
use kamrules_base::{FileId, Finding, Span};
use kamrules_session::testing::TestOutcome;

/// The document. Each report goes with the tests that were run; none of them where the rules are at fault.
pub fn render(reports: &[(&Report<'_>, &[TestOutcome])]) -> String {
    let suites: Vec<Suite> = reports.iter().flat_map(|(report, tests)| suites(report, tests)).collect();
    findings_junit::document("kamrules test", &suites)
}

fn suites(report: &Report<'_>, tests: &[TestOutcome]) -> Vec<Suite> {
    let file = |test: &TestOutcome| test.span.file;
    let mut files: Vec<FileId> = tests.iter().filter(|test| !test.library || !test.passed()).map(file).collect();
    files.sort();
    files.dedup();
    let mut all: Vec<Suite> = files.into_iter().map(|file| suite(report, tests, file)).collect();
    let rest: Vec<&Finding> = report.findings.iter().filter(|finding| owner(tests, finding.span()).is_none()).collect();
    if !rest.is_empty() || tests.is_empty() {
        let case = Case::of(&report.policy, WHOLE.to_owned(), &rest, report.sources);
        all.push(Suite { name: report.policy.clone(), file: None, cases: vec![case] });
    }
    all
}

fn suite(report: &Report<'_>, tests: &[TestOutcome], file: FileId) -> Suite {
    let case = |test: &TestOutcome| {
        let own = report.findings.iter().filter(|finding| owner(tests, finding.span()).is_some_and(|owner| owner.index == test.index));
        let case = Case::of(&report.policy, test.name.clone(), &own.collect::<Vec<_>>(), report.sources);
        // A test fails for its own reasons, and they are all told; should one not be, it has failed all the same.
        let silent = !test.passed() && case.failure.is_none();
        let failure = if silent { Some(["K0801".into(), format!("the test `{}` fails", test.name), String::new()]) } else { case.failure };
        Case { failure, ..case }
    };
    let path = position::slashed(&report.sources.get(file).path);
    Suite { name: path.clone(), file: Some(path), cases: tests.iter().filter(|test| test.span.file == file).map(case).collect() }
}

/// The test that a place belongs to: the last whose name stands before it in its file.
fn owner(tests: &[TestOutcome], span: Option<Span>) -> Option<&TestOutcome> {
    let span = span?;
    let before = tests.iter().filter(|test| test.span.file == span.file && test.span.start <= span.start);
    before.max_by_key(|test| test.span.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn tests_are_cases() {
        samples::tested(|report, tests| insta::assert_snapshot!(render(&[(report, tests)])));
    }
}
