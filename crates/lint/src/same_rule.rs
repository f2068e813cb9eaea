//! Two obligations, or two fields of an entity, that say the same.

use crate::Policy;
use kamrules_base::{Finding, Span, codes};
use kamrules_model::Node;

/// Rules that are there twice under two names.
pub(crate) fn same_rule(policy: &Policy<'_>) -> Vec<Finding> {
    let model = policy.model;
    let twice = |place: Span, name: &str, first: Span, other: &str| {
        Finding::new(codes::SAME_RULE, place, format!("`{name}` says the same as `{other}`"))
            .also(first, "the other")
            .help("keep one of them, or change what was meant to differ")
    };
    let mut found = Vec::new();
    for (at, duty) in model.obligations.iter().enumerate() {
        let same = model.obligations[..at].iter().find(|o| (o.entity, o.filter, o.holds) == (duty.entity, duty.filter, duty.holds));
        found.extend(same.map(|other| twice(duty.span, &duty.name, other.span, &other.name)));
    }
    let own: Vec<_> = model.defines.iter().filter(|define| !define.library && define.entity.is_some()).collect();
    for (at, define) in own.iter().enumerate() {
        // Another name for a field is no rule.
        let is_rule = !matches!(model.exprs.node(define.expr), Node::Field(_) | Node::Const(_) | Node::Through { .. } | Node::Decide(_));
        let same = own[..at].iter().find(|other| (other.entity, other.expr) == (define.entity, define.expr));
        found.extend(same.filter(|_| is_rule).map(|other| twice(define.span, &define.name, other.span, &other.name)));
    }
    found
}
