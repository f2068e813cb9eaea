//! A parameter that its define does not use.

use crate::Policy;
use crate::words::Words;
use kamrules_base::{Finding, codes};
use kamrules_syntax::ast::ItemKind;

/// Parameters that change nothing.
pub(crate) fn unused_parameter(policy: &Policy<'_>, words: &Words) -> Vec<Finding> {
    let mut found = Vec::new();
    for item in policy.items() {
        let ItemKind::Define(define) = &item.kind else { continue };
        let name = define.path.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".");
        for param in define.params.iter().filter(|param| !words.inside(&param.name.text, define.value.span)) {
            let message = format!("`{name}` is the same whatever `{}` is", param.name.text);
            let finding = Finding::new(codes::UNUSED_PARAMETER, param.name.span, message);
            found.push(finding.help("use it in the value, or take it out here and wherever the define is asked for"));
        }
    }
    found
}
