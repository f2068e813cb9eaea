//! Expressions and tests.

use super::cursor::Cursor;
use super::doc::{Doc, LINE, SOFT, concat, group, indent, join, nil, space, text};
use crate::ast::{Arg, Arm, Binary, BinaryOp, Expr, ExprKind, If, Match, Population, Range, Test, TestKind, Tests, UnaryOp};

/// An expression.
pub(super) fn expr(c: &mut Cursor, e: &Expr) -> Doc {
    match &e.kind {
        ExprKind::Error | ExprKind::Name(_) | ExprKind::This | ExprKind::Literal(_) => c.place(e.span),
        ExprKind::List(items) => list(c, items),
        ExprKind::Paren(inner) => {
            let open = c.word("(");
            let inner = expr(c, inner);
            concat([open, inner, c.word(")")])
        }
        ExprKind::Field(base, name) => {
            let base = expr(c, base);
            let dot = c.word(".");
            concat([base, dot, if name.text.is_empty() { nil() } else { c.token() }])
        }
        ExprKind::Call(callee, args) => call(c, callee, args),
        ExprKind::Unary(op, inner) => {
            let sign = c.token();
            let inner = expr(c, inner);
            concat([sign, if *op == UnaryOp::Not { space() } else { nil() }, inner])
        }
        ExprKind::Binary(binary) => chain(c, binary),
        ExprKind::Range(it) => range(c, it),
        ExprKind::IsKnown(inner, known) => {
            let inner = expr(c, inner);
            let is = c.words(&["is", if *known { "known" } else { "missing" }]);
            concat([inner, space(), is])
        }
        ExprKind::If(it) => conditional(c, it),
        ExprKind::Match(it) => matching(c, it),
        ExprKind::Population(it) => population(c, it),
    }
}

/// An expression behind `=`: below it if it does not fit beside it.
pub(super) fn value(c: &mut Cursor, e: &Expr) -> Doc {
    let doc = expr(c, e);
    match e.kind {
        ExprKind::Binary(_) | ExprKind::If(_) => group([indent([LINE, doc])]),
        _ => concat([space(), doc]),
    }
}

/// `[a, b]`: as many on a line as fit.
pub(super) fn list(c: &mut Cursor, items: &[Expr]) -> Doc {
    let open = c.word("[");
    let mut pieces = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let item = expr(c, item);
        let comma = if index + 1 < items.len() { c.comma() } else { c.optional_comma() };
        pieces.push(concat([item, comma]));
    }
    group([open, indent([SOFT, Doc::Fill(pieces)]), SOFT, c.word("]")])
}

fn call(c: &mut Cursor, callee: &Expr, args: &[Arg]) -> Doc {
    let callee = expr(c, callee);
    let open = c.word("(");
    let mut inner = vec![SOFT];
    for (index, it) in args.iter().enumerate() {
        inner.push(arg(c, it));
        if index + 1 < args.len() {
            inner.extend([c.comma(), LINE]);
        } else {
            inner.push(c.optional_comma());
        }
    }
    concat([callee, group([open, indent(inner), SOFT, c.word(")")])])
}

fn arg(c: &mut Cursor, it: &Arg) -> Doc {
    let all = if it.all { concat([c.word("all"), space()]) } else { nil() };
    let value = expr(c, &it.value);
    let mut parts = Vec::new();
    for (word, name) in [("within", &it.within), ("via", &it.via)] {
        if name.is_some() {
            parts.extend([LINE, c.word(word), space(), c.token()]);
        }
    }
    for (word, tail) in [("where", &it.filter), ("by", &it.by)] {
        if let Some(tail) = tail {
            parts.extend([LINE, c.word(word), space(), expr(c, tail)]);
        }
    }
    group([all, value, indent(parts)])
}

/// Operands that one kind of operator joins, a line each when they do not fit on one: the operator leads the line.
fn chain(c: &mut Cursor, it: &Binary) -> Doc {
    let mut parts = Vec::new();
    links(c, it, &mut parts);
    let first = parts.remove(0);
    group([first, indent(parts)])
}

fn links(c: &mut Cursor, it: &Binary, parts: &mut Vec<Doc>) {
    match &it.left.kind {
        ExprKind::Binary(left) if strength(left.op) == strength(it.op) => links(c, left, parts),
        _ => parts.push(expr(c, &it.left)),
    }
    let operator = c.place(it.op_span);
    let right = expr(c, &it.right);
    parts.push(concat([LINE, operator, space(), right]));
}

/// Operators of one strength stand in one chain.
fn strength(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => 0,
        BinaryOp::And => 1,
        BinaryOp::OrElse => 3,
        BinaryOp::Add | BinaryOp::Subtract => 4,
        BinaryOp::Multiply | BinaryOp::Divide => 5,
        _ => 2,
    }
}

/// `40..70`; blanks around the dots where an end is more than a word.
fn range(c: &mut Cursor, it: &Range) -> Doc {
    let low = expr(c, &it.low);
    let dots = c.word(if it.half_open { "..<" } else { ".." });
    let high = expr(c, &it.high);
    if simple(&it.low) && simple(&it.high) {
        return concat([low, dots, high]);
    }
    group([low, indent([LINE, dots, space(), high])])
}

fn simple(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Name(_) | ExprKind::This | ExprKind::Literal(_) => true,
        ExprKind::Unary(UnaryOp::Negate, inner) => simple(inner),
        ExprKind::Field(base, _) => simple(base),
        _ => false,
    }
}

fn conditional(c: &mut Cursor, it: &If) -> Doc {
    let start = concat([c.word("if"), space(), expr(c, &it.condition)]);
    let then = concat([LINE, c.word("then"), space(), expr(c, &it.then)]);
    let otherwise = concat([LINE, c.word("else"), space(), expr(c, &it.otherwise)]);
    group([start, indent([then, otherwise])])
}

fn matching(c: &mut Cursor, it: &Match) -> Doc {
    let start = concat([c.word("match"), space(), expr(c, &it.subject), space(), c.word("{")]);
    let mut arms = Vec::new();
    for (index, one) in it.arms.iter().enumerate() {
        let doc = arm(c, one);
        let comma = if index + 1 < it.arms.len() { c.comma() } else { c.optional_comma() };
        arms.push(concat([LINE, doc, comma]));
    }
    group([start, indent(arms), LINE, c.word("}")])
}

fn arm(c: &mut Cursor, it: &Arm) -> Doc {
    let left = tests(c, &it.tests);
    let arrow = c.word("->");
    concat([left, space(), arrow, space(), indent([expr(c, &it.value)])])
}

fn population(c: &mut Cursor, it: &Population) -> Doc {
    let start = concat([c.token(), space(), c.place(it.amount_span), space(), c.token(), space()]);
    let measure = expr(c, &it.value);
    let within = if it.within.is_some() { concat([LINE, c.word("within"), space(), c.token()]) } else { nil() };
    group([start, measure, indent([within])])
}

/// Tests joined by `or`.
pub(super) fn tests(c: &mut Cursor, it: &Tests) -> Doc {
    let mut parts = Vec::new();
    for (index, one) in it.alternatives.iter().enumerate() {
        if index > 0 {
            parts.push(concat([LINE, c.word("or"), space(), test(c, one)]));
        } else {
            parts.push(test(c, one));
        }
    }
    let first = parts.remove(0);
    group([first, indent(parts)])
}

fn test(c: &mut Cursor, it: &Test) -> Doc {
    match &it.kind {
        TestKind::Compare(_, operand) => concat([c.token(), space(), expr(c, operand)]),
        TestKind::Range(it) => range(c, it),
        TestKind::Equals(operand) => expr(c, operand),
        TestKind::Error | TestKind::Known | TestKind::Missing | TestKind::Otherwise | TestKind::Any => c.place(it.span),
    }
}

/// `where CONDITION`.
pub(super) fn filter(c: &mut Cursor, condition: &Expr) -> Doc {
    concat([c.word("where"), space(), expr(c, condition)])
}

/// Words with blanks between.
pub(super) fn spaced(docs: impl IntoIterator<Item = Doc>) -> Doc {
    join(docs.into_iter().filter(|doc| !super::doc::is_nil(doc)), &text(" "))
}
