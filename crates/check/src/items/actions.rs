//! Actions.

use super::head::{self, Parts, suit};
use crate::checker::Checker;
use crate::lower::Env;
use kamrules_base::{Finding, Span, codes};
use kamrules_model::{Action, Ctx, EntityId, ExprId, MessagePart, Node, Ty, Type, Value};
use kamrules_syntax::ast::{self, ExprKind, ItemKind, Literal};

fn item(cx: &Checker, index: usize) -> Option<(ast::Item, ast::Action)> {
    let at = cx.tables.symbols.action_items[index];
    let item = cx.tables.files[at.0 as usize].1.items[at.1 as usize].clone();
    match &item.kind {
        ItemKind::Action(action) => Some((item.clone(), action.clone())),
        _ => None,
    }
}

/// Declares the actions, so that trees can lead to them.
pub(crate) fn declare(cx: &mut Checker) {
    for index in 0..cx.tables.symbols.action_items.len() {
        let Some((item, action)) = item(cx, index) else { continue };
        suit(cx, &action.head, "an `action`", Parts { display: true, entity: true, ..Parts::default() });
        let entity = match &action.head.entity {
            Some(name) => crate::collect::entity_named(cx, name),
            None => {
                let finding = Finding::new(
                    codes::HEADER,
                    action.head.name.span,
                    format!("`{}` does not say whose rows it is for", action.head.name.text),
                )
                .help("write `for` and an entity behind the name");
                cx.report(finding);
                None
            }
        };
        let entity = entity.unwrap_or(EntityId(0));
        cx.model.actions.push(Action {
            name: action.head.name.text.clone(),
            display: head::display(&action.head),
            doc: item.doc.clone(),
            entity,
            attrs: Vec::new(),
            span: action.head.name.span,
        });
    }
}

/// Lowers the actions' attributes.
pub(crate) fn actions(cx: &mut Checker) {
    for index in 0..cx.tables.symbols.action_items.len() {
        let Some((_, action)) = item(cx, index) else { continue };
        if cx.model.entities.is_empty() {
            return;
        }
        // Without its entity nothing in it means anything; that has its finding.
        let Some(entity) = head::entity(cx, &action.head) else { continue };
        let env = Env::about(Ctx::Entity(entity));
        let mut attrs: Vec<(String, ExprId)> = Vec::new();
        for attr in &action.attrs {
            if attrs.iter().any(|(name, _)| *name == attr.name.text) {
                cx.report(
                    Finding::new(codes::CLAUSE_TWICE, attr.name.span, format!("`{}` is said twice", attr.name.text)).help("take one out"),
                );
                continue;
            }
            let expr = attribute(cx, &action, attr, &env);
            if attr.name.text == "due" && !matches!(cx.kind(expr), Type::Duration(_) | Type::Date | Type::Unknown) {
                let message = format!("an action is due in a number of days or on a date, but this is {}", cx.kind_of(expr));
                cx.report(Finding::new(codes::WRONG_TYPES, attr.value.span, message).help("write `due = 10 days`"));
            }
            attrs.push((attr.name.text.clone(), expr));
        }
        cx.model.actions[index].attrs = attrs;
    }
}

fn attribute(cx: &mut Checker, action: &ast::Action, attr: &ast::Attr, env: &Env) -> ExprId {
    match &attr.value.kind {
        ExprKind::Literal(Literal::Text(_)) => message(cx, attr.value.span, env),
        ExprKind::Name(word) if !cx.is_in_reach(word, env) => {
            cx.warn_of_slip(word, attr.value.span, env);
            // A bare word that means nothing else stands for itself: `channel = meeting`.
            let name = format!("{}.{}", action.head.name.text, attr.name.text);
            let pick = cx.word_list(&name, vec![word.clone()], attr.value.span);
            cx.constant(Value::Pick(0), Type::Pick(pick), attr.value.span)
        }
        _ => cx.expr(&attr.value, env),
    }
}

/// A message with `{expr}` inside.
fn message(cx: &mut Checker, span: Span, env: &Env) -> ExprId {
    let raw = cx.tables.texts.get(&span.file).and_then(|text| text.get(span.range())).unwrap_or_default().to_owned();
    let (parts, findings) = kamrules_syntax::parse_message(span.file, &raw, span.start);
    cx.findings.extend(findings);
    let mut out = Vec::new();
    let mut operands = Vec::new();
    for part in parts {
        match part {
            kamrules_syntax::MessagePart::Text(text) => out.push(MessagePart::Text(text)),
            kamrules_syntax::MessagePart::Value(expr) => {
                let id = cx.expr(&expr, env);
                if cx.is_unknown(id) {
                    return id;
                }
                operands.push(id);
                out.push(MessagePart::Value(id));
            }
        }
    }
    let ctx = cx.join_ctx(&operands);
    cx.add(Node::Message(out.into()), Ty::TEXT, ctx, span)
}
