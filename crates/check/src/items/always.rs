//! `always`: facts about the data.

use super::items_of;
use crate::checker::Checker;
use crate::collect::entity_named;
use crate::known;
use crate::lower::Env;
use kamrules_base::{Finding, codes};
use kamrules_model::{Ctx, ExprId, Exprs, Fact, Node};

/// Lowers the facts.
pub(crate) fn always(cx: &mut Checker) {
    for (_, item, always) in items_of!(cx, Always) {
        let Some(entity) = entity_named(cx, &always.entity) else { continue };
        let env = Env::about(Ctx::Entity(entity));
        let filter = always.filter.as_ref().map(|condition| cx.filter(condition, &env));
        let inside = match filter {
            Some(filter) => env.knowing(known::facts(cx.exprs(), filter, true)),
            None => env,
        };
        let holds = cx.condition(&always.fact, &inside, "a fact about the data");
        if let Some(bad) = [filter, Some(holds)].into_iter().flatten().find_map(|id| beyond_the_row(cx.exprs(), id)) {
            let (said, meant) = (always.fact.span, cx.exprs().span(bad));
            let inside = said.file == meant.file && said.start <= meant.start && meant.end <= said.end;
            let finding = Finding::new(
                codes::ALWAYS_BEYOND_ROW,
                if inside { meant } else { said },
                "a fact about the data speaks of the row and of the rows it refers to",
            )
            .here("this looks at other rows")
            .help("say it as an obligation: `must name for entity { … }`");
            cx.report(finding);
            continue;
        }
        if !cx.is_unknown(holds) && filter.is_none_or(|id| !cx.is_unknown(id)) {
            cx.model.facts.push(Fact { entity, filter, holds, span: item.span });
        }
    }
}

/// The first part of an expression that needs other rows than the present one and those it refers to.
fn beyond_the_row(exprs: &Exprs, id: ExprId) -> Option<ExprId> {
    let look = |ids: &[ExprId]| ids.iter().find_map(|&id| beyond_the_row(exprs, id));
    match exprs.node(id) {
        Node::Aggregate(_) | Node::Population(_) | Node::Decide(_) | Node::Ultimate(_) => Some(id),
        Node::Through { reference, value } => look(&[*reference, *value]),
        Node::Not(a) | Node::Negate(a) | Node::IsKnown(a) | Node::OneOf(a, _) | Node::InList(a, _) | Node::LabelIn(a, _) => look(&[*a]),
        Node::Rescale(a) | Node::LabelRow(a, _) => look(&[*a]),
        Node::And(a, b) | Node::Or(a, b) | Node::Arith(_, a, b) | Node::Compare(_, a, b) | Node::OrElse(a, b) | Node::InPeriod(a, b) => {
            look(&[*a, *b])
        }
        Node::If(a, b, c) => look(&[*a, *b, *c]),
        Node::Call(_, args) => look(args),
        _ => None,
    }
}
