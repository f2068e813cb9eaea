//! The pieces of a file that a person would point at: items, and the rungs, rows, branches, fields, attributes and clauses in them.

use crate::ast::{Attr, File, ItemKind, Node, Rates, Rung, Target, TestClause, TestItem};
use kamrules_base::Span;

/// Where each item of a file and each rung, row, branch, field, attribute and clause in it stands, every one before what it holds.
pub fn constructs(file: &File, text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    for item in &file.items {
        out.push(item.span);
        match &item.kind {
            ItemKind::Policy(it) => out.extend(it.clauses.iter().map(|clause| clause.span)),
            ItemKind::Rates(Rates::Listed(rates)) => out.extend(rates.iter().map(|rate| rate.span)),
            ItemKind::Entity(it) => out.extend(it.fields.iter().map(|field| field.span)),
            ItemKind::Set(it) => rungs(&it.rungs, &mut out),
            ItemKind::Table(it) => {
                out.push(it.heading);
                out.extend(it.rows.iter().map(|row| row.span));
            }
            ItemKind::Tree(it) => node(&it.root, &mut out),
            ItemKind::Action(it) => attrs(&it.attrs, &mut out),
            ItemKind::Assign(it) => out.extend(it.clauses.iter().map(|clause| clause.span)),
            ItemKind::Quota(it) => out.extend(it.clauses.iter().map(|clause| clause.span)),
            ItemKind::Metric(it) => out.extend(it.clauses.iter().map(|clause| clause.span)),
            ItemKind::Test(it) => clauses(it, text, &mut out),
            ItemKind::Rates(Rates::From(_))
            | ItemKind::List(_)
            | ItemKind::Always(_)
            | ItemKind::Define(_)
            | ItemKind::Obligation(_)
            | ItemKind::Cadence(_) => {}
        }
    }
    out
}

fn attrs(all: &[Attr], out: &mut Vec<Span>) {
    out.extend(all.iter().map(|attr| attr.span));
}

fn rungs(all: &[Rung], out: &mut Vec<Span>) {
    for rung in all {
        out.push(rung.span);
        attrs(&rung.attrs, out);
        rungs(&rung.children, out);
    }
}

fn node(it: &Node, out: &mut Vec<Span>) {
    out.push(it.span);
    for branch in &it.branches {
        out.push(branch.span);
        if let Target::Node(next) = &branch.target {
            node(next, out);
        }
    }
}

/// The clauses of a test. An `expect` with several conditions is one clause with each of them in it.
fn clauses(it: &TestItem, text: &str, out: &mut Vec<Span>) {
    let mut end = it.name.span.end;
    let mut open: Option<usize> = None;
    for clause in &it.clauses {
        let span = match clause {
            TestClause::Row { attrs: all, span, .. } => {
                out.push(*span);
                attrs(all, out);
                open = None;
                *span
            }
            TestClause::Rows(entity, file) => {
                out.push(entity.span.to(file.span));
                open = None;
                entity.span.to(file.span)
            }
            TestClause::Expect(expect) => {
                let between = text.get(end as usize..expect.span.start as usize).unwrap_or_default();
                match (between.rfind("expect"), open) {
                    (None, Some(whole)) => out[whole] = out[whole].to(expect.span),
                    (keyword, _) => {
                        open = Some(out.len());
                        out.push(Span { start: keyword.map_or(expect.span.start, |at| end + at as u32), ..expect.span });
                    }
                }
                out.push(expect.span);
                expect.span
            }
        };
        end = span.end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kamrules_base::FileId;

    #[test]
    fn each_piece_is_found_before_what_it_holds() {
        let text = "tiers abc for account {\n  A when x > 1 { a = 1 }\n  B otherwise\n}\n\
            tree t for account {\n  \"Big?\" x {\n    > 1 -> call\n    otherwise -> \"Old?\" y { yes -> call }\n  }\n}\n\
            test \"t\" {\n  account { x = 1 }\n  expect abc = A,\n    x = 1\n  expect x = 2\n}\n";
        let (file, findings) = crate::parse(FileId(0), text);
        assert!(findings.is_empty(), "{findings:?}");
        let firsts: Vec<&str> = constructs(&file, text).into_iter().map(|span| text[span.range()].lines().next().unwrap_or("")).collect();
        let wanted = [
            "tiers abc for account {",
            "A when x > 1 { a = 1 }",
            "a = 1",
            "B otherwise",
            "tree t for account {",
            "\"Big?\" x {",
            "> 1 -> call",
            "otherwise -> \"Old?\" y { yes -> call }",
            "\"Old?\" y { yes -> call }",
            "yes -> call",
            "test \"t\" {",
            "account { x = 1 }",
            "x = 1",
            "expect abc = A,",
            "abc = A",
            "x = 1",
            "expect x = 2",
            "x = 2",
        ];
        assert_eq!(firsts, wanted);
    }
}
