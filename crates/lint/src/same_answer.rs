//! Neighbours with the same answer that could be one, and an `otherwise` that gives what the line above it gives.

use crate::Policy;
use crate::decides_nothing::all_alike;
use crate::look::{has_comment, is_otherwise, key, names_values};
use crate::walk::{Walk, nodes};
use kamrules_base::{Edit, Finding, Fix, Span, codes};
use kamrules_syntax::ast::{ExprKind, ItemKind, Row, Table, Target, TestKind, Tests};

/// A line of a `match` or of a tree's question: its tests, its answer as written, and the whole.
struct Line<'a> {
    tests: &'a Tests,
    answer: Span,
    whole: Span,
}

/// Lines that say what the line below them says.
pub(crate) fn same_answer(policy: &Policy<'_>, walk: &Walk<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (_, expr) in &walk.exprs {
        if let ExprKind::Match(chosen) = &expr.kind {
            let lines = chosen.arms.iter().map(|arm| Line { tests: &arm.tests, answer: arm.value.span, whole: arm.span });
            neighbours(policy, &lines.collect::<Vec<_>>(), &mut found);
        }
    }
    for item in policy.items() {
        match &item.kind {
            ItemKind::Tree(tree) => {
                for node in nodes(tree) {
                    let lines = node.branches.iter().map(|branch| {
                        let answer = match &branch.target {
                            Target::Leaf(name) => name.span,
                            Target::Node(node) => node.span,
                        };
                        Line { tests: &branch.tests, answer, whole: branch.span }
                    });
                    neighbours(policy, &lines.collect::<Vec<_>>(), &mut found);
                }
            }
            ItemKind::Table(table) => rows(policy, table, &mut found),
            _ => {}
        }
    }
    found
}

fn neighbours(policy: &Policy<'_>, lines: &[Line<'_>], found: &mut Vec<Finding>) {
    if all_alike(policy, lines.iter().map(|line| line.answer)) {
        return; // Said of the whole.
    }
    for pair in lines.windows(2) {
        let [above, below] = pair else { continue };
        if key(policy, above.answer) != key(policy, below.answer) {
            continue;
        }
        let between = Span { start: above.tests.span.end, end: below.tests.span.start, ..above.whole };
        if is_otherwise(below.tests) {
            found.extend(before_otherwise(policy, above, below));
        } else if names_values(above.tests) && names_values(below.tests) {
            let (first, second) = (policy.sources.text(above.tests.span), policy.sources.text(below.tests.span));
            let finding = Finding::new(codes::SAME_ANSWER, below.tests.span, "the same answer as the line above")
                .help(format!("one line says both: `{first} or {second}`"));
            found.push(match has_comment(policy, between) {
                true => finding,
                false => finding.fix(format!("write `{first} or {second}`"), between, " or "),
            });
        }
    }
}

fn before_otherwise(policy: &Policy<'_>, above: &Line<'_>, otherwise: &Line<'_>) -> Option<Finding> {
    // A line for what is missing may have to be there.
    if above.tests.alternatives.iter().any(|test| test.kind == TestKind::Missing) {
        return None;
    }
    let line = policy.sources.text(above.tests.span);
    let finding = Finding::new(codes::SAME_AS_OTHERWISE, otherwise.tests.span, format!("`otherwise` gives what `{line}` gives"))
        .also(above.tests.span, "this line changes nothing")
        .help("take the line above out, or change one of the two answers");
    let gone = Span { end: otherwise.whole.start, ..above.whole };
    Some(if has_comment(policy, gone) { finding } else { finding.fix(format!("take the line of `{line}` out"), gone, "") })
}

/// Rows of a table that differ in one column alone, where both name values.
fn rows(policy: &Policy<'_>, table: &Table, found: &mut Vec<Finding>) {
    for pair in table.rows.windows(2) {
        let [above, below] = pair else { continue };
        if table.rows.len() > 2 && same_values(policy, above, below) && above.cells.len() == below.cells.len() {
            found.extend(one_row(policy, above, below));
        }
    }
}

fn same_values(policy: &Policy<'_>, above: &Row, below: &Row) -> bool {
    let values = |row: &Row| row.values.iter().map(|value| key(policy, value.span)).collect::<Vec<_>>();
    values(above) == values(below)
}

fn one_row(policy: &Policy<'_>, above: &Row, below: &Row) -> Option<Finding> {
    let differ = |(a, b): &(&Tests, &Tests)| key(policy, a.span) != key(policy, b.span);
    let mut different = above.cells.iter().zip(&below.cells).filter(differ);
    let (Some((first, second)), None) = (different.next(), different.next()) else { return None };
    if !names_values(first) || !names_values(second) {
        return None;
    }
    let both = format!("{} or {}", policy.sources.text(first.span), policy.sources.text(second.span));
    let finding = Finding::new(codes::SAME_ANSWER, second.span, "this row differs from the one above in this cell alone")
        .help(format!("one row says both: `{both}`"));
    let gone = Span { start: above.span.end, ..below.span };
    let edits = vec![Edit { span: first.span, text: both.clone() }, Edit { span: gone, text: String::new() }];
    Some(match has_comment(policy, above.span.to(below.span)) {
        true => finding,
        false => Finding { fix: Some(Fix { title: format!("write one row with `{both}`"), edits }), ..finding },
    })
}
