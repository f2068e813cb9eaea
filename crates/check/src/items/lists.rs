//! Lists.

use crate::checker::Checker;
use crate::lower::Env;
use kamrules_base::{Finding, Span, codes};
use kamrules_model::{Ctx, List, ListSource, Node, Source, Type, Value};
use kamrules_syntax::ast::{self, ItemKind, ListValues};

/// Builds the model's lists.
pub(crate) fn lists(cx: &mut Checker) {
    let files = cx.tables.files.clone();
    for at in cx.tables.symbols.list_items.clone() {
        let item = &files[at.0 as usize].1.items[at.1 as usize];
        let ItemKind::List(list) = &item.kind else { continue };
        let values = match &list.values {
            ListValues::Listed(elements) => listed(cx, elements),
            ListValues::From(path, column) => ListSource::File(
                Source { path: path.value.clone(), file: path.span.file, span: path.span },
                column.as_ref().map(|text| text.value.clone()),
            ),
        };
        cx.model.lists.push(List { name: list.name.text.clone(), doc: item.doc.clone(), values, span: list.name.span });
    }
}

fn listed(cx: &mut Checker, elements: &[ast::Expr]) -> ListSource {
    let env = Env::about(Ctx::Policy);
    let mut kind: Option<Type> = None;
    let mut values: Vec<Value> = Vec::new();
    let mut ids = Vec::new();
    for element in elements {
        let id = cx.expr(element, &env);
        if cx.is_unknown(id) {
            continue;
        }
        if !matches!(cx.exprs().node(id), Node::Const(_)) {
            cx.report(
                Finding::new(codes::LIST_PLACE, element.span, "a list holds values written out")
                    .help("write numbers, dates or texts in quotes"),
            );
            continue;
        }
        ids.push((id, element.span, &env));
    }
    let (ids, ty) = cx.unify(&ids, "the values of a list");
    if ty.kind != Type::Unknown {
        kind = Some(ty.kind);
        for id in ids {
            if let Node::Const(value) = cx.exprs().node(id) {
                values.push(value.clone());
            }
        }
    }
    let mut seen = rustc_hash::FxHashSet::default();
    for (at, (value, element)) in values.iter().zip(elements).enumerate() {
        if !seen.insert(value.clone()) {
            let written = cx.source(element.span);
            let gone = Span { start: elements[at - 1].span.end, ..element.span };
            let finding = Finding::new(codes::LISTED_TWICE, element.span, format!("{written} is listed twice")).help("take one out");
            cx.report(finding.fix(format!("take the second {written} out"), gone, ""));
        }
    }
    ListSource::Values(kind.unwrap_or(Type::TEXT), values)
}
