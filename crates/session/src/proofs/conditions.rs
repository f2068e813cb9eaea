//! Conditions that are never or always so, in words.

use super::names;
use crate::Policy;
use kamrules_base::codes::{ALWAYS_TRUE, IDLE_PART, NEVER_GIVEN, NEVER_TRUE, NOT_PROVED, OUTSIDE_RANGE};
use kamrules_base::{Finding, Span};
use kamrules_model::{Book, Cell, ExprId, Node, Type, Value};
use kamrules_prove::{Flaw, FlawKind, Setting};

/// What is wrong with single conditions.
pub(super) fn findings(policy: &Policy, setting: &Setting<'_>) -> Vec<Finding> {
    let written = |span: Span, word: &str| {
        let before = policy.sources.get(span.file).text.get(..span.start as usize).unwrap_or_default();
        let before = before.trim_end_matches(|c: char| c.is_whitespace() || c == '(');
        before.ends_with(word)
    };
    kamrules_prove::conditions(setting, &written).iter().filter_map(|flaw| finding(policy, flaw)).collect()
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
            let empty = parts.iter().any(|&part| asks_for_empty(policy, part));
            let finding = if empty { finding.help("an empty text is read as missing: write `is missing`") } else { finding };
            finding.help("mend the condition, or take out what hangs on it")
        }
        FlawKind::Contradiction(parts) => {
            let mut spans = parts.iter().map(|&part| model.exprs.span(part));
            let finding = Finding::new(NEVER_TRUE, spans.next().unwrap_or(flaw.within), "no row can meet all of these facts").here("this");
            spans
                .fold(finding, |finding, span| finding.also(span, "and this cannot be together"))
                .help("mend one of them: as they stand every row is set aside")
        }
        FlawKind::NotProved => {
            Finding::new(NOT_PROVED, at(flaw.condition), "it is not proved that this condition is ever true, or ever false")
                .here("too many cases")
                .help("split it into defines or obligations of their own")
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
            let finding = Finding::new(
                OUTSIDE_RANGE,
                span,
                format!("`{}` compares with a value that the field never has", names::written(policy, span)),
            )
            .here("outside of the declared range")
            .help("mend the value, or widen the range where the field is declared");
            match range(policy, *part) {
                Some(range) => finding.help(range),
                None => finding,
            }
        }
        FlawKind::NeverGiven { part, subject, given } => {
            let span = model.exprs.span(*part);
            Finding::new(NEVER_GIVEN, span, format!("`{}` asks for a value that is never given", names::written(policy, span)))
                .here("never given")
                .help(format!("it can only be {}", values(policy, *subject, given)))
        }
    })
}

/// Whether a part compares with a text that is empty.
pub(super) fn asks_for_empty(policy: &Policy, part: ExprId) -> bool {
    let model = policy.model();
    let Node::Compare(_, a, b) = model.exprs.node(part) else { return false };
    [a, b].into_iter().any(|&side| matches!(model.exprs.node(side), Node::Const(Value::Text(sym)) if model.texts.get(*sym).is_empty()))
}

/// The values that something has, for people.
fn values(policy: &Policy, subject: ExprId, given: &[Value]) -> String {
    let (model, book) = (policy.model(), Book::empty(policy.model()));
    let kind = model.ty(subject).kind;
    let shown: Vec<String> = given.iter().filter_map(|value| names::literal(policy, &book, &Cell::Known(value.clone()), kind)).collect();
    let mut few: Vec<String> = Vec::new();
    for one in shown {
        if !few.contains(&one) {
            few.push(one);
        }
    }
    let more = if few.len() > 8 { format!(" and {} more", few.len() - 8) } else { String::new() };
    let quoted: Vec<String> = few.iter().take(8).map(|one| format!("`{one}`")).collect();
    format!("{}{more}", quoted.join(", "))
}

/// The range of the field that a comparison is about.
fn range(policy: &Policy, part: ExprId) -> Option<String> {
    let (model, book) = (policy.model(), Book::empty(policy.model()));
    let Node::Compare(_, a, b) = model.exprs.node(part) else { return None };
    let field = [a, b].into_iter().find_map(|&side| match model.exprs.node(side) {
        Node::Field(field) => Some(model.field(*field)),
        _ => None,
    })?;
    let (low, high) = field.range?;
    let shown = |units: i128| {
        let value = match field.ty.kind {
            Type::Date => Value::Date(i32::try_from(units).ok()?),
            _ => Value::Num(units),
        };
        names::literal(policy, &book, &Cell::Known(value), field.ty.kind)
    };
    Some(format!("`{}` is declared as {} to {}", field.name, shown(low)?, shown(high)?))
}
