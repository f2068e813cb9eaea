//! What was found in each policy, as every format for machines takes it, and what those formats share.

use crate::position;
use kamrules_base::{FileId, Finding, Level, Sources};
use kamrules_session::Policy;
use std::path::Path;

/// What was found in one policy.
pub struct Report<'a> {
    /// What the policy is called; where there is none, the path that was asked for.
    pub policy: String,
    /// The files that places lie in.
    pub sources: &'a Sources,
    /// Those of them that are the policy's own.
    pub files: Vec<FileId>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// How many findings more there are, that the policy or the command line allows.
    pub allowed: usize,
}

impl<'a> Report<'a> {
    /// What was found in a policy.
    pub fn of(policy: &'a Policy, findings: Vec<Finding>) -> Self {
        Self { policy: policy.name(), sources: &policy.sources, files: policy.files().map(|(id, _)| id).collect(), findings, allowed: 0 }
    }

    /// Why nothing could be read at a path.
    pub fn unread(path: &Path, sources: &'a Sources, findings: Vec<Finding>) -> Self {
        Self { policy: position::slashed(path), sources, files: Vec::new(), findings, allowed: 0 }
    }

    /// With so many findings that are allowed.
    #[must_use]
    pub fn allowing(self, allowed: usize) -> Self {
        Self { allowed, ..self }
    }

    /// With its warnings as errors: where warnings are denied, a reader should see that they are what fails.
    #[must_use]
    pub fn denying_warnings(mut self) -> Self {
        for finding in self.findings.iter_mut().filter(|finding| finding.level == Level::Warning) {
            finding.level = Level::Error;
        }
        self
    }

    /// The findings of a level.
    pub(crate) fn at(&self, level: Level) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.level == level)
    }
}

/// A finding in words without its place: the message, what is said at the guilty place, and what to do, a line each.
pub(crate) fn words(finding: &Finding) -> Vec<String> {
    let here = finding.labels.first().map(|label| label.text.clone()).filter(|text| !text.is_empty());
    std::iter::once(finding.message.clone()).chain(here).chain(crate::findings_text::helps(finding)).collect()
}

/// `1 error`, `2 errors`.
pub(crate) fn number(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}

/// The fingerprints of findings, in their order: the code, the file and the line's text without blanks, so that a finding keeps its own when
/// lines are put in above it or moved to the right. Of those that agree in all this, the second is told from the first by a number behind it.
pub(crate) fn fingerprints(report: &Report<'_>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::with_capacity(report.findings.len());
    let mut prints = Vec::with_capacity(report.findings.len());
    for finding in &report.findings {
        let about = match finding.span() {
            Some(span) => {
                let line: String = position::line_text(span, report.sources).split_whitespace().collect();
                format!("{}\n{}\n{line}", finding.code, position::path(span, report.sources))
            }
            None => format!("{}\n{}\n{}", finding.code, report.policy, finding.message),
        };
        let print = format!("{:016x}", fnv(about.as_bytes()));
        let before = seen.iter().filter(|other| **other == print).count();
        prints.push(format!("{print}:{}", before + 1));
        seen.push(print);
    }
    prints
}

/// The hash FNV-1a in 64 bits: the same on every machine and in every version, which the hashes of the language's library are not.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_fingerprint_stays_when_lines_shift_and_no_two_are_alike() {
        assert_eq!(fnv(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv(b"foobar"), 0x8594_4171_f739_67e8);
        let prints = |text: &str| samples::with(text, fingerprints);
        let before = prints(samples::TEXT);
        let after = prints(&format!("# a line more\n\n{}", samples::TEXT.replace("  dach", "      dach")));
        assert_eq!(before, after);
        let mut sorted = before.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), before.len(), "{before:?}");
    }
}
