//! `country = "DE "`: a text with blanks around it, which no cell is equal to.

use crate::Policy;
use crate::look::is_loaded;
use crate::walk::Walk;
use kamrules_base::{Finding, codes};
use kamrules_syntax::ast::{self, BinaryOp, Compare, Expr, ExprKind, Literal, TestKind};

const BLANKS: [char; 5] = [' ', '\t', '\r', '\n', '\u{a0}'];

/// Texts that a loaded field is compared with and that begin or end with a blank: fields are read without them.
pub(crate) fn padded_text(policy: &Policy<'_>, walk: &Walk<'_>) -> Vec<Finding> {
    let mut texts: Vec<&ast::Text> = Vec::new();
    for (_, expr) in &walk.exprs {
        let ExprKind::Binary(binary) = &expr.kind else { continue };
        match binary.op {
            BinaryOp::Compare(Compare::Equal | Compare::NotEqual) => {
                for (subject, value) in [(&binary.left, &binary.right), (&binary.right, &binary.left)] {
                    texts.extend(text(value).filter(|_| is_loaded(policy, subject)));
                }
            }
            BinaryOp::In | BinaryOp::NotIn if is_loaded(policy, &binary.left) => {
                if let ExprKind::List(elements) = &binary.right.kind {
                    texts.extend(elements.iter().filter_map(text));
                }
            }
            _ => {}
        }
    }
    for (_, subject, test) in &walk.tests {
        if let TestKind::Equals(value) = &test.kind {
            texts.extend(text(value).filter(|_| is_loaded(policy, subject)));
        }
    }
    texts.into_iter().filter_map(|text| padded(policy, text)).collect()
}

fn text(expr: &Expr) -> Option<&ast::Text> {
    match &expr.kind {
        ExprKind::Literal(Literal::Text(text)) => Some(text),
        _ => None,
    }
}

fn padded(policy: &Policy<'_>, text: &ast::Text) -> Option<Finding> {
    let value = text.value.as_str();
    if value.trim_matches(BLANKS).is_empty() || !value.starts_with(BLANKS) && !value.ends_with(BLANKS) {
        return None;
    }
    let inside = policy.sources.text(text.span).strip_prefix('"')?.strip_suffix('"')?;
    let mended = format!("\"{}\"", inside.trim_matches(BLANKS));
    let finding = Finding::new(codes::PADDED_TEXT, text.span, "no cell is equal to a text with a blank at its end or beginning")
        .help("cells are read without the blanks around them");
    Some(finding.fix(format!("write `{mended}`"), text.span, mended))
}
