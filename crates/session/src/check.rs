//! What `check` says beyond the rules themselves: the headers of the data, and what this version cannot do yet.

use crate::{Policy, levels, lints};
use kamrules_base::codes::{ASSIGN_NOT_YET, OUTSIDE_RANGE, PERCENT_OF_WHOLE, TIES};
use kamrules_base::{Code, Finding, Lever, World, finding};

/// What is asked of a check besides.
#[derive(Debug, Clone, Default)]
pub struct CheckOptions {
    /// Whether the data are read as well, to say how many rows a finding is about.
    pub data: bool,
    /// Levels that come before those the policy sets; of several for one code the last holds.
    pub levels: Vec<(Code, Lever)>,
}

/// What a check says.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// What is told, at its level, sorted by place.
    pub findings: Vec<Finding>,
    /// What the policy or the command line allows, sorted by place.
    pub allowed: Vec<Finding>,
}

impl Policy {
    /// Everything there is to say about the policy before it is run.
    pub fn check(&self, world: &dyn World, options: &CheckOptions) -> Said {
        let mut findings = self.findings.clone();
        findings.extend(kamrules_data::check_headers(self.model(), &self.sources, world));
        findings.extend(self.not_yet());
        if !self.has_errors() {
            let (proofs, lints) = (crate::proofs::findings(self, world, options), self.lints(world, options));
            // A percentage for a whole number lies outside of any range: the slip is told, and not what follows from it.
            let slip = |at: &Finding| lints.iter().any(|lint| lint.code == PERCENT_OF_WHOLE && touches(lint, at));
            findings.extend(proofs.into_iter().filter(|finding| finding.code != OUTSIDE_RANGE || !slip(finding)));
            findings.extend(lints);
        }
        finding::sort(&mut findings);
        let mut said = levels::apply(self, findings, &options.levels, &|code| code != TIES || options.data);
        said.findings.retain(|finding| !lints::is_unasked(finding));
        said
    }

    /// A warning for each item that is read and not yet computed.
    pub fn not_yet(&self) -> Vec<Finding> {
        let warn = |assign: &kamrules_model::Assign| {
            Finding::new(ASSIGN_NOT_YET, assign.span, format!("evaluating owners is not there yet: `{}` is passed over", assign.name))
        };
        self.model().assigns.iter().map(warn).collect()
    }
}

/// Whether two findings are about one place.
fn touches(a: &Finding, b: &Finding) -> bool {
    a.span().zip(b.span()).is_some_and(|(a, b)| a.file == b.file && a.start < b.end && b.start < a.end)
}
