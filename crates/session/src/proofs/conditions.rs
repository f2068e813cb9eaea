//! Conditions that are never or always so, in words.

use super::names;
use crate::Policy;
use kamrules_base::codes::{ALWAYS_TRUE, IDLE_PART, NEVER_GIVEN, NEVER_TRUE, OUTSIDE_RANGE};
use kamrules_base::{Finding, Span};
use kamrules_model::ExprId;
use kamrules_prove::{Flaw, FlawKind, Setting};

/// What is wrong with single conditions.
pub(super) fn findings(policy: &Policy, setting: &Setting<'_>) -> Vec<Finding> {
    kamrules_prove::conditions(setting).iter().filter_map(|flaw| finding(policy, flaw)).collect()
}

fn finding(policy: &Policy, flaw: &Flaw) -> Option<Finding> {
    let model = policy.model();
    let within = model.exprs.span(flaw.condition);
    let at = |part: ExprId| names::part_span(policy, flaw.within, part).unwrap_or(within);
    Some(match &flaw.what {
        FlawKind::Never(parts) => {
            let spans: Vec<Span> = parts.iter().map(|&part| at(part)).collect();
            let first = spans.first().copied().unwrap_or(within);
            let finding = Finding::new(NEVER_TRUE, first, "this condition is never true");
            let finding = match spans.get(1..) {
                Some(rest) if !rest.is_empty() => {
                    rest.iter().fold(finding.here("this"), |finding, &span| finding.also(span, "and this cannot be together"))
                }
                _ => finding.here("never so"),
            };
            finding.help("mend the condition, or take out what hangs on it")
        }
        FlawKind::Always => Finding::new(ALWAYS_TRUE, at(flaw.condition), "this condition is always true")
            .here("always so")
            .help("take it out, or mend it: as it stands it tests nothing"),
        FlawKind::Idle(part) => {
            let span = at(*part);
            let written = names::written(policy, span);
            Finding::new(IDLE_PART, span, format!("`{written}` decides nothing here: the rest of the condition says as much"))
                .here("makes no difference")
                .help("take it out, or mend it")
        }
        FlawKind::OutOfRange(part) => {
            let span = model.exprs.span(*part);
            Finding::new(OUTSIDE_RANGE, span, format!("`{}` compares with a value that the field never has", names::written(policy, span)))
                .here("outside of the declared range")
                .help("mend the value, or widen the range where the field is declared")
        }
        FlawKind::NeverGiven(part) => {
            let span = model.exprs.span(*part);
            Finding::new(NEVER_GIVEN, span, format!("`{}` asks for a value that is never given", names::written(policy, span)))
                .here("never given")
                .help("mend the value, or what gives it")
        }
    })
}
