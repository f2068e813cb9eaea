//! Expressions, from the loosest binding to the tightest, and tests on a value.

use super::{Extra, Fault, In, P, any_word, close, comma, commas, look, look_around, name, name_of, open, place, sign, take, word};
use crate::ast::*;
use crate::lex::TokenKind;
use crate::mistakes;
use crate::tok::Tok;
use chumsky::prelude::*;
use kamrules_base::Span;

/// A whole expression.
pub(crate) fn expr<'t, E: Fault<'t>>() -> P<'t, Expr, E> {
    recursive(|expr| {
        let expr = expr.boxed();
        or(expr.clone()).or(if_then_else(expr)).boxed()
    })
    .boxed()
}

fn if_then_else<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Expr, E> {
    conditional(expr.clone(), expr)
}

fn conditional<'t, E: Fault<'t>>(expr: P<'t, Expr, E>, last: P<'t, Expr, E>) -> P<'t, Expr, E> {
    word("if")
        .ignore_then(expr.clone())
        .then_ignore(word("then"))
        .then(expr)
        .then_ignore(word("else"))
        .then(last)
        .map_with(|((condition, then), otherwise), e| Expr {
            kind: ExprKind::If(Box::new(If { condition, then, otherwise })),
            span: place(e),
        })
        .boxed()
}

/// The value of an attribute: it stops below comparison, unless it is an `if` or in parentheses.
pub(crate) fn value<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Expr, E> {
    let sum = sum(expr.clone());
    conditional(expr, sum.clone()).or(sum).boxed()
}

fn or<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Expr, E> {
    let and = chain(not(expr), take("and", |t| t.is("and").then_some((BinaryOp::And, t.span))));
    chain(and, take("or", |t| t.is("or").then_some((BinaryOp::Or, t.span))))
        .validate(|expr, e, _| {
            let found = mistakes::or_after_equals(&expr, e.state().toks);
            e.state().found.extend(found);
            expr
        })
        .boxed()
}

fn chain<'t, E: Fault<'t>>(operand: P<'t, Expr, E>, op: P<'t, (BinaryOp, Span), E>) -> P<'t, Expr, E> {
    operand.clone().foldl(op.then(operand).repeated(), |left, ((op, op_span), right)| binary(op, op_span, left, right)).boxed()
}

fn binary(op: BinaryOp, op_span: Span, left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    Expr { kind: ExprKind::Binary(Box::new(Binary { op, op_span, left, right })), span }
}

fn not<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Expr, E> {
    let rel = population(expr.clone()).or(relation(expr)).boxed();
    word("not").repeated().collect::<Vec<_>>().then(rel).map(|(nots, inner)| prefixed(UnaryOp::Not, nots, inner)).boxed()
}

fn prefixed(op: UnaryOp, signs: Vec<Span>, inner: Expr) -> Expr {
    signs.into_iter().rev().fold(inner, |inner, sign| {
        let span = sign.to(inner.span);
        Expr { kind: ExprKind::Unary(op, Box::new(inner)), span }
    })
}

/// What may follow the left side of a relation.
#[derive(Clone)]
enum Tail {
    Binary(BinaryOp, Span, Expr, Vec<Span>),
    Known(bool, Span),
}

fn relation<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Expr, E> {
    let range = range(expr.clone());
    let sum = sum(expr.clone());
    let again = compare().then_ignore(range.clone()).map(|(_, span)| span).repeated().collect::<Vec<_>>();
    let compared = compare()
        .then(range.clone())
        .then(again)
        .map(|(((op, span), right), again)| Tail::Binary(BinaryOp::Compare(op), span, right, again));
    let inside = word("not").or_not().then(word("in")).then(range.clone()).map(|((not, word), right)| {
        let op = if not.is_some() { BinaryOp::NotIn } else { BinaryOp::In };
        Tail::Binary(op, not.map_or(word, |not| not.to(word)), right, Vec::new())
    });
    let known = word("is")
        .then(word("known").map(|s| (true, s)).or(word("missing").map(|s| (false, s))))
        .map(|(_, (known, span))| Tail::Known(known, span));
    let textual = choice((
        word("starts with").map(|s| (BinaryOp::StartsWith, s)),
        word("ends with").map(|s| (BinaryOp::EndsWith, s)),
        word("has").map(|s| (BinaryOp::Has, s)),
        word("contains").map(|s| (BinaryOp::Contains, s)),
    ))
    .then(sum)
    .map(|((op, span), right)| Tail::Binary(op, span, right, Vec::new()));
    let any_of = word("has any of").then(list(expr)).map(|(span, right)| Tail::Binary(BinaryOp::HasAnyOf, span, right, Vec::new()));
    let tail = choice((compared, inside, known, any_of, textual)).boxed();
    range
        .then(tail.or_not())
        .validate(|(left, tail), e, _| match tail {
            None => left,
            Some(Tail::Known(known, end)) => {
                let span = left.span.to(end);
                Expr { kind: ExprKind::IsKnown(Box::new(left), known), span }
            }
            Some(Tail::Binary(op, op_span, right, again)) => {
                e.state().found.extend(again.first().map(|second| mistakes::chained(*second)));
                binary(op, op_span, left, right)
            }
        })
        .boxed()
}

fn population<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Expr, E> {
    let kind = take("a value", |tok| {
        Some(match tok.text {
            _ if tok.kind != TokenKind::Word => return None,
            "top" => PopulationKind::Top,
            "bottom" => PopulationKind::Bottom,
            "first" => PopulationKind::First,
            "last" => PopulationKind::Last,
            _ => return None,
        })
    });
    let amount = take("a number or a percentage", |tok| {
        (tok.is_plain_number() || tok.kind == TokenKind::Percent).then(|| tok.literal().map(|l| (l, tok.span))).flatten()
    });
    look("a value", |toks: In<'_>| matches!(toks, [_, n, ..] if n.is_plain_number() || n.kind == TokenKind::Percent))
        .ignore_then(kind)
        .then(amount)
        .then_ignore(word("by").or(word("of")))
        .then(sum(expr))
        .then(word("within").ignore_then(any_word()).or_not())
        .map_with(|(((kind, (amount, amount_span)), value), within), e| {
            let population = Population { kind, amount, amount_span, value, within };
            Expr { kind: ExprKind::Population(Box::new(population)), span: place(e) }
        })
        .boxed()
}

/// `a..b`, or what binds tighter.
pub(crate) fn range<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Expr, E> {
    let sum = sum(expr);
    sum.clone()
        .then(dots().then(sum).or_not())
        .map(|(low, end)| match end {
            None => low,
            Some((half_open, high)) => {
                let span = low.span.to(high.span);
                Expr { kind: ExprKind::Range(Box::new(Range { low, high, half_open })), span }
            }
        })
        .boxed()
}

/// `..` (false) or `..<` (true).
pub(crate) fn dots<'t, E: Fault<'t>>() -> P<'t, bool, E> {
    take("..", |tok| match tok.kind {
        TokenKind::DotDot => Some(false),
        TokenKind::DotDotLess => Some(true),
        _ => None,
    })
}

/// What binds tighter than a comparison.
pub(crate) fn sum<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Expr, E> {
    sum_of(negated(expr))
}

fn sum_of<'t, E: Fault<'t>>(negated: P<'t, Expr, E>) -> P<'t, Expr, E> {
    let times = take("an operator", |tok| match tok.kind {
        TokenKind::Star => Some((BinaryOp::Multiply, tok.span)),
        TokenKind::Slash => Some((BinaryOp::Divide, tok.span)),
        _ => None,
    });
    let plus = take("an operator", |tok| match tok.kind {
        TokenKind::Plus => Some((BinaryOp::Add, tok.span)),
        TokenKind::Minus => Some((BinaryOp::Subtract, tok.span)),
        _ => None,
    });
    let or_else = take("or else", |tok| tok.is("or else").then_some((BinaryOp::OrElse, tok.span)));
    chain(chain(chain(negated, times), plus), or_else)
}

fn negated<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Expr, E> {
    recursive(|negated| {
        let minus = sign(TokenKind::Minus, "a value");
        let inner = postfix(expr, negated.boxed());
        minus.repeated().collect::<Vec<_>>().then(inner).map(|(signs, inner)| prefixed(UnaryOp::Negate, signs, inner)).boxed()
    })
    .boxed()
}

/// Words that start their line behind a dot with nothing after it.
const ENDS_SENTENCE: &[&str] = &["and", "or", "then", "else", "when", "otherwise", "overrides", "where", "expect"];

fn postfix<'t, E: Fault<'t>>(expr: P<'t, Expr, E>, negated: P<'t, Expr, E>) -> P<'t, Expr, E> {
    let args = args(expr.clone(), negated);
    let field = take("a name", |tok| (tok.is_word() && !(tok.first && ENDS_SENTENCE.contains(&tok.text))).then(|| name_of(tok)))
        .or(empty().validate(|(), e: &mut Extra<'t, '_, E>, _| {
            let range = e.span();
            let span = e.state().span(range);
            let dot = e.state().before(range.start).map_or(span, |t| t.span);
            e.state().found.push(mistakes::field_missing(dot));
            Name { text: String::new(), span }
        }))
        .boxed();
    let step = sign(TokenKind::Dot, ".").ignore_then(field).then(args.clone().or_not()).boxed();
    primary(expr, args)
        .foldl(step.repeated(), |base, (field, args)| {
            let span = base.span.to(field.span);
            call(Expr { kind: ExprKind::Field(Box::new(base), field), span }, args)
        })
        .boxed()
}

fn operand_name<'t, E: Fault<'t>>() -> P<'t, Name, E> {
    take("a value", |tok| tok.is_name().then(|| name_of(tok)))
}

fn call(callee: Expr, args: Option<(Vec<Arg>, Span)>) -> Expr {
    match args {
        None => callee,
        Some((args, end)) => {
            let span = callee.span.to(end);
            Expr { kind: ExprKind::Call(Box::new(callee), args), span }
        }
    }
}

fn primary<'t, E: Fault<'t>>(expr: P<'t, Expr, E>, args: P<'t, (Vec<Arg>, Span), E>) -> P<'t, Expr, E> {
    // A label that starts the next rung's line is no operand: the condition before it is missing. Only in `assign` a
    // `when` may follow an operand.
    let operand = look_around("a value", |all: In<'_>, at| {
        let rungs = !all.first().is_some_and(|t| t.is("assign"));
        !matches!(&all[at..], [a, b, ..] if rungs && a.first && ["when", "otherwise", "overrides"].iter().any(|w| b.is(w)))
    });
    let named = operand
        .ignore_then(operand_name())
        .then(args.or_not())
        .map(|(name, args)| call(Expr { kind: ExprKind::Name(name.text), span: name.span }, args));
    let paren = sign(TokenKind::LParen, "a value")
        .ignore_then(expr.clone())
        .then_ignore(sign(TokenKind::RParen, ")"))
        .map_with(|inner, e| Expr { kind: ExprKind::Paren(Box::new(inner)), span: place(e) });
    choice((named.boxed(), literal(), this(), paren.boxed(), list(expr.clone()), matching(expr))).boxed()
}

fn this<'t, E: Fault<'t>>() -> P<'t, Expr, E> {
    take("a value", |tok| tok.is("this").then_some(Expr { kind: ExprKind::This, span: tok.span }))
}

/// A literal; a bad one, reported before, is an error node.
pub(crate) fn literal<'t, E: Fault<'t>>() -> P<'t, Expr, E> {
    take("a value", |tok| {
        let kind = match tok.literal() {
            Some(literal) => ExprKind::Literal(literal),
            None if tok.is_literal() => ExprKind::Error,
            None => return None,
        };
        Some(Expr { kind, span: tok.span })
    })
}

/// `[a, b]`
pub(crate) fn list<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Expr, E> {
    sign(TokenKind::LBracket, "a value")
        .ignore_then(commas(expr, |tok| tok.is_name() || tok.is_literal()))
        .then_ignore(sign(TokenKind::RBracket, "]"))
        .map_with(|elements, e| Expr { kind: ExprKind::List(elements), span: place(e) })
        .boxed()
}

fn matching<'t, E: Fault<'t>>(expr: P<'t, Expr, E>) -> P<'t, Expr, E> {
    let arm = tests()
        .then_ignore(sign(TokenKind::Arrow, "->"))
        .then(expr.clone())
        .map_with(|(tests, value), e| Arm { tests, value, span: place(e) })
        .boxed();
    let behind = |toks: In<'_>| matches!(toks, [t, ..] if t.kind == TokenKind::Comma);
    let broken = super::skip(behind).map_with(|(), e| broken_arm(place(e)));
    let arm = super::not_closing().ignore_then(arm.recover_with(via_parser(broken))).boxed();
    let arms = commas(arm, starts_test).then_ignore(comma().or_not());
    take("a value", |tok| tok.is("match").then_some(()))
        .ignore_then(expr)
        .then_ignore(open())
        .then(arms)
        .then_ignore(close())
        .map_with(|(subject, arms), e| Expr { kind: ExprKind::Match(Box::new(Match { subject, arms })), span: place(e) })
        .boxed()
}

fn broken_arm(span: Span) -> Arm {
    let tests = Tests { alternatives: vec![Test { kind: TestKind::Error, span }], span };
    Arm { tests, value: Expr { kind: ExprKind::Error, span }, span }
}

/// `(a, b where c)` with its place.
fn args<'t, E: Fault<'t>>(expr: P<'t, Expr, E>, negated: P<'t, Expr, E>) -> P<'t, (Vec<Arg>, Span), E> {
    sign(TokenKind::LParen, "(")
        .ignore_then(arg(expr, negated).separated_by(comma()).at_least(1).collect::<Vec<_>>())
        .then_ignore(sign(TokenKind::RParen, ")"))
        .map_with(|args, e| (args, place(e)))
        .boxed()
}

fn arg<'t, E: Fault<'t>>(expr: P<'t, Expr, E>, negated: P<'t, Expr, E>) -> P<'t, Arg, E> {
    let all = word("all").ignore_then(negated.clone()).map(|value| (true, value));
    let one = expr.clone().map(|value| (false, value));
    all.or(one)
        .then(word("within").ignore_then(any_word()).or_not())
        .then(word("via").ignore_then(any_word()).or_not())
        .then(word("where").ignore_then(expr.clone()).or_not())
        .then(word("by").ignore_then(sum_of(negated)).or_not())
        .map_with(|(((((all, value), within), via), filter), by), e| Arg { all, value, within, via, filter, by, span: place(e) })
        .boxed()
}

/// `=`, `<` and their kin.
pub(crate) fn compare<'t, E: Fault<'t>>() -> P<'t, (Compare, Span), E> {
    take("a comparison", |tok| compare_of(tok).map(|op| (op, tok.span)))
}

fn compare_of(tok: &Tok<'_>) -> Option<Compare> {
    Some(match tok.kind {
        TokenKind::Equal => Compare::Equal,
        TokenKind::NotEqual => Compare::NotEqual,
        TokenKind::Less => Compare::Less,
        TokenKind::LessEqual => Compare::LessOrEqual,
        TokenKind::Greater => Compare::Greater,
        TokenKind::GreaterEqual => Compare::GreaterOrEqual,
        _ => return None,
    })
}

/// Whether a test can start with it.
pub(crate) fn starts_test(tok: &Tok<'_>) -> bool {
    tok.is_name()
        || tok.is_literal()
        || tok.kind == TokenKind::Minus
        || compare_of(tok).is_some()
        || ["known", "missing", "otherwise", "yes", "no"].iter().any(|w| tok.is(w))
}

/// `A or B`, `< 50`, `known`: tests on a value.
pub(crate) fn tests<'t, E: Fault<'t>>() -> P<'t, Tests, E> {
    test()
        .separated_by(word("or"))
        .at_least(1)
        .collect::<Vec<_>>()
        .map_with(|alternatives, e| Tests { alternatives, span: place(e) })
        .boxed()
}

/// The same in a cell of a table, where `*` is anything.
pub(crate) fn cell<'t, E: Fault<'t>>() -> P<'t, Tests, E> {
    let any = take("a test", |tok| (tok.kind == TokenKind::Star).then_some(TestKind::Any))
        .map_with(|kind, e| Tests { alternatives: vec![Test { kind, span: place(e) }], span: place(e) });
    any.or(tests()).boxed()
}

fn test<'t, E: Fault<'t>>() -> P<'t, Test, E> {
    let fixed = take("a test", |tok| {
        Some(match tok.text {
            _ if tok.kind != TokenKind::Word => return None,
            "known" => TestKind::Known,
            "missing" => TestKind::Missing,
            "otherwise" => TestKind::Otherwise,
            _ => return None,
        })
    });
    let compared = compare().then(test_value()).map(|((op, _), value)| TestKind::Compare(op, value));
    let plain = test_value().then(dots().then(test_value()).or_not()).map(|(low, end)| match end {
        None if low.kind == ExprKind::Error => TestKind::Error,
        None => TestKind::Equals(low),
        Some((half_open, high)) => TestKind::Range(Range { low, high, half_open }),
    });
    choice((plain.boxed(), compared.boxed(), fixed)).map_with(|kind, e| Test { kind, span: place(e) }).boxed()
}

/// A name or a literal, a number with a minus included.
fn test_value<'t, E: Fault<'t>>() -> P<'t, Expr, E> {
    let named = name().map(|name| Expr { kind: ExprKind::Name(name.text), span: name.span });
    named.or(signed_literal()).boxed()
}

/// A literal, perhaps with a minus.
pub(crate) fn signed_literal<'t, E: Fault<'t>>() -> P<'t, Expr, E> {
    sign(TokenKind::Minus, "a value")
        .or_not()
        .then(literal())
        .map(|(minus, inner)| prefixed(UnaryOp::Negate, minus.into_iter().collect(), inner))
        .boxed()
}
