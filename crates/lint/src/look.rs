//! What an expression is: without parentheses, without blanks, and of what kind its values are where that is plain.

use crate::Policy;
use kamrules_base::Span;
use kamrules_model::Type;
use kamrules_syntax::ast::{self, BinaryOp, Expr, ExprKind, TestKind};
use kamrules_syntax::{TokenKind, lex};

/// An expression without the parentheses around it.
pub(crate) fn bare(mut expr: &Expr) -> &Expr {
    while let ExprKind::Paren(inner) = &expr.kind {
        expr = inner;
    }
    expr
}

/// What is written at a place, letter by letter as the language reads it: equal texts mean the same where names mean the same.
pub(crate) fn key(policy: &Policy<'_>, span: Span) -> String {
    let text = policy.sources.text(span);
    let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if is_word(text) || quoted.is_some_and(is_word) {
        return text.to_owned(); // Most are a single word, and there may be many.
    }
    let idle = |kind| matches!(kind, TokenKind::Space | TokenKind::Newline | TokenKind::Comment | TokenKind::DocComment);
    let solid = lex(span.file, text).into_iter().filter(|token| !idle(token.kind));
    solid.map(|token| &text[token.span.range()]).collect::<Vec<_>>().join(" ")
}

/// Whether a comment stands in a part of the text, so that a change there would lose it.
pub(crate) fn has_comment(policy: &Policy<'_>, span: Span) -> bool {
    policy.sources.text(span).contains('#')
}

/// The operands of a chain of one operator, in order, parentheses left out.
pub(crate) fn chain(expr: &Expr, op: BinaryOp) -> Vec<&Expr> {
    let (mut out, mut left) = (Vec::new(), vec![expr]);
    while let Some(expr) = left.pop() {
        match &bare(expr).kind {
            ExprKind::Binary(binary) if binary.op == op => left.extend([&binary.right, &binary.left]),
            _ => out.push(bare(expr)),
        }
    }
    out
}

/// The kind of a field or define, by its last name, when everything of that name has the same.
pub(crate) fn kind_of(policy: &Policy<'_>, expr: &Expr) -> Option<Type> {
    let name = match &bare(expr).kind {
        ExprKind::Name(name) => name,
        ExprKind::Field(_, name) => &name.text,
        _ => return None,
    };
    let model = policy.model;
    if model.sets.iter().any(|set| set.name == *name || set.attrs.iter().any(|attr| attr.name == *name)) {
        return None;
    }
    let fields = model.entities.iter().flat_map(|entity| &entity.fields).filter(|field| field.name == *name).map(|field| field.ty.kind);
    let defines = model.defines.iter().filter(|define| define.name == *name).map(|define| model.ty(define.expr).kind);
    let mut kinds = fields.chain(defines);
    let first = kinds.next()?;
    kinds.all(|kind| kind == first).then_some(first)
}

/// Whether an expression is a field as it was loaded.
pub(crate) fn is_loaded(policy: &Policy<'_>, expr: &Expr) -> bool {
    let name = match &bare(expr).kind {
        ExprKind::Name(name) => name,
        ExprKind::Field(_, name) => &name.text,
        _ => return false,
    };
    let model = policy.model;
    let loaded = model.entities.iter().any(|entity| entity.fields.iter().any(|field| field.name == *name));
    loaded && !model.defines.iter().any(|define| define.name == *name) && !model.sets.iter().any(|set| set.name == *name)
}

/// Whether tests name single values: `A or "B"`.
pub(crate) fn names_values(tests: &ast::Tests) -> bool {
    tests.alternatives.iter().all(|test| matches!(test.kind, TestKind::Equals(_)))
}

/// Whether tests are the one word `otherwise`.
pub(crate) fn is_otherwise(tests: &ast::Tests) -> bool {
    matches!(tests.alternatives.as_slice(), [only] if only.kind == TestKind::Otherwise)
}

/// The head of an item that has one, with the word for its kind.
pub(crate) fn head(item: &ast::Item) -> Option<(&ast::Head, &'static str)> {
    use ast::{ItemKind, SetKind};
    Some(match &item.kind {
        ItemKind::Set(set) => (
            &set.head,
            match set.kind {
                SetKind::Tiers => "tiers",
                SetKind::Segments => "segments",
                SetKind::Territories => "territories",
                SetKind::Scorecard => "scorecard",
            },
        ),
        ItemKind::Table(table) => (&table.head, "table"),
        ItemKind::Tree(tree) => (&tree.head, "tree"),
        ItemKind::Action(action) => (&action.head, "action"),
        ItemKind::Assign(assign) => (&assign.head, "assign"),
        ItemKind::Quota(quota) => (&quota.head, "quota"),
        ItemKind::Metric(metric) => (&metric.head, "metric"),
        ItemKind::Obligation(duty) => (&duty.head, if duty.must { "must" } else { "should" }),
        ItemKind::Cadence(cadence) => (&cadence.head, "cadence"),
        _ => return None,
    })
}
