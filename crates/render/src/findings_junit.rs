//! Findings as JUnit XML: a suite for each policy, a case for each of its files, and one for what lies in no file.
//!
//! A case fails if a finding of level error is in it; what else was found stands in its `system-out`. Some readers take one failure of a case
//! only, so it has one, with all findings in its text.

use crate::findings_text;
use crate::position;
use crate::report::{self, Report};
use crate::xml::Element;
use kamrules_base::{FileId, Finding, Sources};

/// The document.
pub fn render(reports: &[Report<'_>]) -> String {
    let suites: Vec<Suite> = reports.iter().map(|report| Suite { name: report.policy.clone(), file: None, cases: cases(report) }).collect();
    document("kamrules check", &suites)
}

/// A suite.
pub(crate) struct Suite {
    pub(crate) name: String,
    /// Its file, if it has one.
    pub(crate) file: Option<String>,
    pub(crate) cases: Vec<Case>,
}

/// A case.
pub(crate) struct Case {
    /// What its class is called: the policy.
    pub(crate) class: String,
    pub(crate) name: String,
    /// Why it fails: what kind of fault, a line, a text.
    pub(crate) failure: Option<[String; 3]>,
    /// What else there is to say.
    pub(crate) remarks: String,
}

impl Case {
    /// A case with these findings: the errors fail it.
    pub(crate) fn of(class: &str, name: String, findings: &[&Finding], sources: &Sources) -> Self {
        let (errors, others): (Vec<&Finding>, Vec<&Finding>) = findings.iter().partition(|finding| finding.is_error());
        let told = |findings: &[&Finding]| {
            let findings: Vec<Finding> = findings.iter().map(|&finding| finding.clone()).collect();
            findings_text::render(&findings, sources, false)
        };
        let failure = errors.first().map(|first| {
            let more = if errors.len() > 1 { format!(" (and {})", report::number(errors.len() - 1, "more error")) } else { String::new() };
            [first.code.to_string(), format!("{}{more}", first.message), format!("\n{}", told(&errors))]
        });
        let remarks = if others.is_empty() { String::new() } else { format!("\n{}", told(&others)) };
        Self { class: class.to_owned(), name, failure, remarks }
    }

    fn element(&self) -> Element {
        let failure = self
            .failure
            .as_ref()
            .map(|[kind, message, text]| Element::new("failure").with("message", message).with("type", kind).text(text));
        let remarks = Some(&self.remarks).filter(|remarks| !remarks.is_empty()).map(|remarks| Element::new("system-out").text(remarks));
        Element::new("testcase").with("classname", &self.class).with("name", &self.name).with("time", 0).children(failure).children(remarks)
    }
}

/// The document of some suites.
pub(crate) fn document(name: &str, suites: &[Suite]) -> String {
    let counted = |element: Element, suites: &[Suite]| {
        let cases = || suites.iter().flat_map(|suite| &suite.cases);
        let failed = cases().filter(|case| case.failure.is_some()).count();
        element.with("tests", cases().count()).with("failures", failed).with("errors", 0)
    };
    let suite = |suite: &Suite| {
        let element =
            counted(Element::new("testsuite").with("name", &suite.name), std::slice::from_ref(suite)).with("skipped", 0).with("time", 0);
        let element = suite.file.iter().fold(element, |element, file| element.with("file", file));
        element.children(suite.cases.iter().map(Case::element))
    };
    counted(Element::new("testsuites").with("name", name), suites).with("time", 0).children(suites.iter().map(suite)).document()
}

/// What a case is called whose findings lie in no file of the policy.
pub(crate) const WHOLE: &str = "the policy as a whole";

fn cases(report: &Report<'_>) -> Vec<Case> {
    let within = |file: FileId| move |finding: &&Finding| finding.span().is_some_and(|span| span.file == file);
    let mut cases: Vec<Case> = report
        .files
        .iter()
        .map(|&file| {
            let findings: Vec<&Finding> = report.findings.iter().filter(within(file)).collect();
            Case::of(&report.policy, position::slashed(&report.sources.get(file).path), &findings, report.sources)
        })
        .collect();
    let apart = |finding: &&Finding| finding.span().is_none_or(|span| !report.files.contains(&span.file));
    let rest: Vec<&Finding> = report.findings.iter().filter(apart).collect();
    if !rest.is_empty() || cases.is_empty() {
        cases.push(Case::of(&report.policy, WHOLE.to_owned(), &rest, report.sources));
    }
    cases
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn files_are_cases() {
        insta::assert_snapshot!(samples::with(samples::TEXT, |report| render(std::slice::from_ref(report))));
    }
}
