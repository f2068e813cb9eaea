//! What `check` says beyond the rules themselves: the headers of the data, and what this version cannot do yet.

use crate::Policy;
use kamrules_base::codes::ASSIGN_NOT_YET;
use kamrules_base::{Finding, World, finding};

impl Policy {
    /// Everything there is to say about the policy before it is run.
    pub fn check(&self, world: &dyn World) -> Vec<Finding> {
        let mut findings = self.findings.clone();
        findings.extend(kamrules_data::check_headers(self.model(), &self.sources, world));
        findings.extend(self.not_yet());
        finding::sort(&mut findings);
        findings
    }

    /// A warning for each item that is read and not yet computed.
    pub fn not_yet(&self) -> Vec<Finding> {
        let warn = |assign: &kamrules_model::Assign| {
            Finding::new(ASSIGN_NOT_YET, assign.span, format!("evaluating owners is not there yet: `{}` is passed over", assign.name))
        };
        self.model().assigns.iter().map(warn).collect()
    }
}
