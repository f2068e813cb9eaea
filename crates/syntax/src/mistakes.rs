//! Findings of mistakes that the grammar reads on from: what was meant is plain, so it is noted and the parser goes on.

use crate::ast::{Binary, BinaryOp, Compare, Expr, ExprKind, Row, TestKind};
use crate::tok::Tok;
use kamrules_base::{Edit, Finding, Fix, Span, codes};

/// Two elements with no comma between; `at` is the place behind the first.
pub(crate) fn comma_missing(next: &Tok<'_>, at: Span) -> Finding {
    Finding::new(codes::COMMA_MISSING, next.span, format!("a comma is missing before `{}`", next.text))
        .help("elements are separated by commas")
        .fix("put a comma", at, ",")
}

/// `1 < x < 5`; `second` is the second comparison.
pub(crate) fn chained(second: Span) -> Finding {
    Finding::new(codes::CHAINED_COMPARISON, second, "two comparisons in a row")
        .help("for a range, write `x in 1..5` (with both ends) or `x in 1..<5` (without the upper one)")
        .help("or write two comparisons with `and` between them")
}

/// `a.` with nothing behind.
pub(crate) fn field_missing(dot: Span) -> Finding {
    Finding::new(codes::FIELD_NAME_MISSING, dot, "a field's name is missing behind the dot")
        .help("write the field, as in `account.revenue`")
}

/// `due: 10 days`
pub(crate) fn colon_for_equals(colon: Span) -> Finding {
    Finding::new(codes::COLON_OR_EQUALS, colon, "a value is given with `=`, not with `:`").fix("write `=`", colon, "=")
}

/// `id = text`
pub(crate) fn equals_for_colon(equals: Span) -> Finding {
    Finding::new(codes::COLON_OR_EQUALS, equals, "a field's type stands behind `:`, not behind `=`").fix("write `:`", equals, ":")
}

/// A keyword where the author's own name should stand.
pub(crate) fn keyword_as_name(tok: &Tok<'_>) -> Finding {
    Finding::new(codes::KEYWORD_AS_NAME, tok.span, format!("`{}` is a word of the language and cannot be a name", tok.text))
        .help(format!("choose another name, such as `{}`", renamed(tok.text)))
}

/// A keyword as a value of a picklist.
pub(crate) fn keyword_as_pick(tok: &Tok<'_>) -> Finding {
    let better = format!("{}_value \"{}\"", tok.text, tok.text);
    Finding::new(codes::KEYWORD_AS_NAME, tok.span, format!("`{}` is a word of the language and cannot name a value", tok.text))
        .help(format!("give it another name, with its spelling in the data behind: `{better}`"))
}

/// A name near a keyword that is none.
pub(crate) fn renamed(word: &str) -> String {
    format!("my_{word}")
}

/// A row whose cells are not as many as the columns.
pub(crate) fn row_length(row: &Row, inputs: usize, outputs: usize, heading: Span) -> Option<Finding> {
    let rest = matches!(row.cells.as_slice(), [only] if matches!(only.alternatives.as_slice(), [t] if t.kind == TestKind::Otherwise));
    let (side, has, wants) = if row.cells.len() != inputs && !rest {
        ("before", row.cells.len(), inputs)
    } else if row.values.len() != outputs {
        ("behind", row.values.len(), outputs)
    } else {
        return None;
    };
    let cells = if has == 1 { "cell" } else { "cells" };
    let columns = if wants == 1 { "column" } else { "columns" };
    let finding = Finding::new(
        codes::ROW_LENGTH,
        row.span,
        format!("this row has {has} {cells} {side} the arrow, the heading has {wants} {columns}"),
    )
    .also(heading, "the heading");
    Some(if side == "before" { finding.help("a cell for which anything will do is `*`") } else { finding })
}

/// `abc = A or B`, where what follows `or` can only be another value for `abc`.
pub(crate) fn or_after_equals(expr: &Expr, toks: &[Tok<'_>]) -> Option<Finding> {
    let (mut operands, mut ors, mut rest) = (Vec::new(), Vec::new(), expr);
    while let ExprKind::Binary(binary) = &rest.kind
        && binary.op == BinaryOp::Or
    {
        operands.push(&binary.right);
        ors.push(binary.op_span);
        rest = &binary.left;
    }
    operands.push(rest);
    operands.reverse();
    ors.reverse();
    let start = operands.windows(2).position(|pair| equality(pair[0]).is_some() && is_bare(pair[1]))?;
    let equality = equality(operands[start])?;
    let bare = operands[start + 1..].iter().take_while(|o| is_bare(o)).count();
    let values = &operands[start + 1..=start + bare];
    let (first, last) = (values.first()?, values.last()?);
    let mut edits = vec![
        Edit { span: equality.op_span, text: "in".to_owned() },
        Edit { span: Span { end: equality.right.span.start, ..equality.right.span }, text: "[".to_owned() },
    ];
    edits.extend(
        ors[start..start + bare]
            .iter()
            .zip(std::iter::once(equality.right.span.end).chain(values.iter().map(|v| v.span.end)))
            .map(|(or, end)| Edit { span: Span { start: end, ..*or }, text: ",".to_owned() }),
    );
    edits.push(Edit { span: last.span.after(), text: "]".to_owned() });
    let text = |span: Span| toks.iter().find(|t| t.span.start == span.start).map_or("…", |t| t.text);
    let listed: Vec<&str> = std::iter::once(equality.right.span).chain(values.iter().map(|v| v.span)).map(text).collect();
    let whole = operands[start].span.to(last.span);
    let mut finding = Finding::new(codes::OR_AFTER_EQUALS, whole, format!("`{}` behind `or` is compared with nothing", text(first.span)))
        .help(format!("to ask for one of several values, write `in [{}]`", listed.join(", ")));
    finding.fix = Some(Fix { title: "write `in […]`".to_owned(), edits });
    Some(finding)
}

/// `x = A`, with a value on the right.
fn equality(expr: &Expr) -> Option<&Binary> {
    match &expr.kind {
        ExprKind::Binary(binary) if binary.op == BinaryOp::Compare(Compare::Equal) => {
            matches!(binary.right.kind, ExprKind::Name(_) | ExprKind::Literal(_)).then_some(&**binary)
        }
        _ => None,
    }
}

/// A capitalised name or a literal: no condition.
fn is_bare(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Name(name) => name.starts_with(char::is_uppercase),
        ExprKind::Literal(_) => true,
        _ => false,
    }
}
