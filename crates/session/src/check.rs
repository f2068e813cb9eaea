//! What `check` says beyond the rules themselves: the headers of the data, and what this version cannot do yet.

use crate::{Policy, levels, lints};
use kamrules_base::codes::{ASSIGN_NOT_YET, TIES};
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
            findings.extend(crate::proofs::findings(self, world, options));
            findings.extend(self.lints(world, options));
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
