//! Running the tests written in the language, and saying what is wrong where one fails.

use crate::Policy;
use crate::explain::one_line;
use crate::gather;
use kamrules_base::codes::{NO_SUCH_TEST, TEST_FAILS, TEST_FAULT, TEST_HANGS};
use kamrules_base::{Finding, World, finding, near};
use kamrules_eval::Options;
use kamrules_eval::rows::{Held, Trace};
use kamrules_eval::testing::{self, ExpectationOutcome, Failure, TestOutcome, TestProblem, TestReport, Verdict};
use kamrules_model::{Book, ListSource};
use std::cell::RefCell;

/// What the tests gave.
pub struct TestRun {
    /// Test by test, and what they reached.
    pub report: TestReport,
    /// What is wrong, by place.
    pub findings: Vec<Finding>,
}

impl Policy {
    /// Runs the tests whose name holds `filter`; all, those of the standard library among them, without one.
    ///
    /// # Errors
    /// When no test has such a name.
    pub fn tests(&self, world: &dyn World, filter: Option<&str>) -> Result<TestRun, Vec<Finding>> {
        let findings = RefCell::new(Vec::new());
        let book = |index: usize| self.test_book(world, index, &mut findings.borrow_mut());
        let report = testing::run_tests(self.model(), &book, filter);
        if let Some(wanted) = filter.filter(|_| report.tests.is_empty()) {
            return Err(vec![self.no_such_test(wanted)]);
        }
        let mut findings = findings.into_inner();
        findings.extend(report.tests.iter().flat_map(|test| self.test_findings(test)));
        finding::sort(&mut findings);
        Ok(TestRun { report, findings })
    }

    fn no_such_test(&self, wanted: &str) -> Finding {
        let names = self.model().tests.iter().filter(|test| !test.library).map(|test| test.name.as_str());
        let finding = Finding::without_place(NO_SUCH_TEST, format!("no test has `{wanted}` in its name"));
        match near::nearest(wanted, names) {
            Some(meant) => finding.help(format!("did you mean `{meant}`?")),
            None => finding,
        }
    }

    /// The rows that a test loads from files, and the lists that come from files; nothing where there is nothing to load.
    pub(crate) fn test_book(&self, world: &dyn World, index: usize, findings: &mut Vec<Finding>) -> Option<Book> {
        let model = self.model();
        let test = &model.tests[index];
        let lists = model.lists.iter().any(|list| matches!(list.values, ListSource::File(..)));
        if test.files.is_empty() && (test.library || !lists) {
            return None;
        }
        let mut loaded = kamrules_data::load_some(model, &self.sources, world, &test.files);
        findings.append(&mut loaded.blocking);
        self.apply_facts(&mut loaded, &Options { as_of: test.as_of.or(model.settings.as_of), threads: 0 });
        if let Some(first) = loaded.faults.first() {
            let message =
                format!("the data of the test `{}` are at fault: {}, row {}: {}", test.name, first.source, first.row, first.message);
            let more = format!("{} faults in all; the rows are set aside", loaded.faults.len());
            let mut finding = Finding::new(TEST_FAULT, test.span, message).help(more);
            finding.level = kamrules_base::Level::Warning;
            findings.push(finding);
        }
        Some(loaded.book)
    }

    fn test_findings(&self, test: &TestOutcome) -> Vec<Finding> {
        let problem = |problem: &TestProblem| match problem {
            TestProblem::NotLoaded { entity, span } => {
                let entity = &self.model().entity(*entity).name;
                Finding::new(
                    TEST_FAULT,
                    *span,
                    format!("the test `{}` cannot be run: the rows of `{entity}` could not be loaded", test.name),
                )
            }
            TestProblem::NoSuchRow { entity, key, span } => {
                let entity = &self.model().entity(*entity).name;
                Finding::new(
                    TEST_FAULT,
                    *span,
                    format!("the test `{}` cannot be run: it has no `{entity}` with the key `{key}`", test.name),
                )
                .help(format!("add the row before it: `{entity} {{ … }}`"))
            }
        };
        let problems = test.problems.iter().map(problem);
        problems.chain(test.expectations.iter().filter_map(|expectation| self.expectation(test, expectation))).collect()
    }

    fn expectation(&self, test: &TestOutcome, outcome: &ExpectationOutcome) -> Option<Finding> {
        let text = one_line(self.sources.text(outcome.span));
        let finding = |code, message: String| Finding::new(code, outcome.span, message).also(test.span, "in this test");
        Some(match &outcome.verdict {
            Verdict::Pass => return None,
            Verdict::Fail(failure) => {
                let got = &failure.got.text;
                let here = match &failure.expected {
                    Some(expected) => format!("expected {}, got {got}", one_line(expected)),
                    None => format!("this is {got}"),
                };
                let found = finding(TEST_FAILS, format!("the test `{}` fails: `{text}`", test.name)).here(here);
                self.because(failure).into_iter().fold(found, Finding::help)
            }
            Verdict::Unset(field, _) => {
                let field = self.model().field(*field);
                let name = &field.name;
                finding(TEST_HANGS, format!("the test `{}` leaves out `{name}`, and `{text}` hangs on it", test.name))
                    .here(format!("hangs on `{name}`"))
                    .help(format!("say in the row what `{name}` is"))
            }
            Verdict::Fault(fault, _) => {
                let (_, what) = gather::describe(fault.kind);
                finding(TEST_FAULT, format!("the test `{}` cannot be judged: {what}", test.name))
                    .also(self.model().exprs.span(fault.expr), "here")
            }
            Verdict::NoRow => finding(TEST_FAULT, format!("the test `{}` has no such row", test.name))
                .help("the rows of an entity are counted from 1, in the order of the test"),
        })
    }

    /// Which rungs gave what was got.
    fn because(&self, failure: &Failure) -> Vec<String> {
        let lines = failure.traces.iter().take(4).flat_map(|trace| self.trace_lines(trace));
        lines.take(6).collect()
    }

    fn trace_lines(&self, trace: &Trace) -> Vec<String> {
        let decision = self.model().decision(trace.decision);
        let Some(set) = decision.set else { return Vec::new() };
        let set = &self.model().set(set).name;
        let held = |rung: &&kamrules_eval::rows::RungTrace| trace.won.contains(&rung.index) || rung.held == Held::Yes;
        let mut out: Vec<String> = trace
            .rungs
            .iter()
            .filter(held)
            .map(|rung| {
                let (line, _) = self.sources.line_column(rung.span);
                format!("`{set}`: the rung `{}` holds ({}:{line})", rung.name, self.sources.get(rung.span.file).path.display())
            })
            .collect();
        if out.is_empty() {
            out.push(format!("`{set}`: no rung holds"));
        }
        out.extend(trace.rungs.iter().filter_map(|rung| rung.nested.as_deref()).flat_map(|nested| self.trace_lines(nested)));
        out
    }
}
