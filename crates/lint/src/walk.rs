//! Every expression of a policy and every test on a value, with the item it stands in. Chains of operators may be long, so nothing here
//! recurses along them.

use crate::Policy;
use kamrules_syntax::ast::{self, Expr, ExprKind, ItemKind, TestKind};

/// What stands in a policy.
pub(crate) struct Walk<'a> {
    /// Every expression, outer ones before their parts, with its item.
    pub exprs: Vec<(&'a ast::Item, &'a Expr)>,
    /// Every test in a `match`, a table or a tree, with its item and what it tests.
    pub tests: Vec<(&'a ast::Item, &'a Expr, &'a ast::Test)>,
}

impl<'a> Walk<'a> {
    /// Walks the items.
    pub fn of(policy: &Policy<'a>) -> Self {
        let mut walk = Self { exprs: Vec::new(), tests: Vec::new() };
        for item in policy.items() {
            let mut roots = Vec::new();
            walk.roots(item, &mut roots);
            roots.reverse();
            walk.descend(item, roots);
        }
        walk
    }

    fn descend(&mut self, item: &'a ast::Item, mut left: Vec<&'a Expr>) {
        let mut below = Vec::new();
        while let Some(expr) = left.pop() {
            self.exprs.push((item, expr));
            if let ExprKind::Match(chosen) = &expr.kind {
                for arm in &chosen.arms {
                    self.keep_tests(item, &chosen.subject, &arm.tests, &mut below);
                }
            }
            parts(expr, &mut below);
            left.extend(below.drain(..).rev());
        }
    }

    fn keep_tests(&mut self, item: &'a ast::Item, subject: &'a Expr, tests: &'a ast::Tests, out: &mut Vec<&'a Expr>) {
        for test in &tests.alternatives {
            self.tests.push((item, subject, test));
            match &test.kind {
                TestKind::Equals(expr) | TestKind::Compare(_, expr) => out.push(expr),
                TestKind::Range(range) => out.extend([&range.low, &range.high]),
                _ => {}
            }
        }
    }

    /// The expressions of an item that stand in no other.
    fn roots(&mut self, item: &'a ast::Item, out: &mut Vec<&'a Expr>) {
        match &item.kind {
            ItemKind::Policy(_) | ItemKind::Rates(_) | ItemKind::Entity(_) => {}
            ItemKind::List(list) => {
                if let ast::ListValues::Listed(elements) = &list.values {
                    out.extend(elements);
                }
            }
            ItemKind::Always(fact) => out.extend(fact.filter.iter().chain([&fact.fact])),
            ItemKind::Define(define) => out.push(&define.value),
            ItemKind::Set(set) => {
                out.extend(&set.head.filter);
                set.rungs.iter().for_each(|rung| rung_roots(rung, out));
            }
            ItemKind::Table(table) => {
                out.extend(table.head.filter.iter().chain(&table.inputs));
                for row in &table.rows {
                    for (cell, input) in row.cells.iter().zip(&table.inputs) {
                        self.keep_tests(item, input, cell, out);
                    }
                    out.extend(&row.values);
                }
            }
            ItemKind::Tree(tree) => {
                out.extend(&tree.head.filter);
                self.node_roots(item, &tree.root, out);
            }
            ItemKind::Action(action) => out.extend(action.head.filter.iter().chain(action.attrs.iter().map(|attr| &attr.value))),
            ItemKind::Assign(assign) => {
                for clause in &assign.clauses {
                    match &clause.kind {
                        ast::AssignClauseKind::Candidates(_, filter) => out.extend(filter),
                        ast::AssignClauseKind::Capacity(x) | ast::AssignClauseKind::Workload(x) | ast::AssignClauseKind::Prefer(x) => {
                            out.push(x)
                        }
                        ast::AssignClauseKind::Keep(x, when) => out.extend([x, when]),
                    }
                }
            }
            ItemKind::Quota(quota) => {
                out.extend(&quota.head.filter);
                for clause in &quota.clauses {
                    if let ast::QuotaClauseKind::Target(x) | ast::QuotaClauseKind::Actual(x) = &clause.kind {
                        out.push(x);
                    }
                }
            }
            ItemKind::Metric(metric) => {
                out.extend(&metric.head.filter);
                for clause in &metric.clauses {
                    let (ast::MetricClauseKind::Value(x) | ast::MetricClauseKind::Goal(_, x)) = &clause.kind;
                    out.push(x);
                }
            }
            ItemKind::Obligation(duty) => out.extend(duty.head.filter.iter().chain([&duty.condition])),
            ItemKind::Cadence(cadence) => out.extend(cadence.head.filter.iter().chain([&cadence.every, &cadence.since])),
            ItemKind::Test(test) => {
                for clause in &test.clauses {
                    match clause {
                        ast::TestClause::Row { attrs, .. } => out.extend(attrs.iter().map(|attr| &attr.value)),
                        ast::TestClause::Expect(expect) => out.push(&expect.condition),
                        ast::TestClause::Rows(..) => {}
                    }
                }
            }
        }
    }

    fn node_roots(&mut self, item: &'a ast::Item, node: &'a ast::Node, out: &mut Vec<&'a Expr>) {
        out.push(&node.subject);
        for branch in &node.branches {
            self.keep_tests(item, &node.subject, &branch.tests, out);
            if let ast::Target::Node(node) = &branch.target {
                self.node_roots(item, node, out);
            }
        }
    }
}

fn rung_roots<'a>(rung: &'a ast::Rung, out: &mut Vec<&'a Expr>) {
    if let ast::When::Condition(condition) = &rung.when {
        out.push(condition);
    }
    out.extend(rung.attrs.iter().map(|attr| &attr.value));
    rung.children.iter().for_each(|child| rung_roots(child, out));
}

/// The expressions right below one, in order; the tests of a `match` are not among them.
pub(crate) fn parts<'a>(expr: &'a Expr, out: &mut Vec<&'a Expr>) {
    match &expr.kind {
        ExprKind::Error | ExprKind::Name(_) | ExprKind::This | ExprKind::Literal(_) => {}
        ExprKind::List(elements) => out.extend(elements),
        ExprKind::Paren(inner) | ExprKind::Field(inner, _) | ExprKind::Unary(_, inner) | ExprKind::IsKnown(inner, _) => out.push(inner),
        ExprKind::Call(callee, args) => {
            out.push(callee);
            for arg in args {
                out.extend([&arg.value].into_iter().chain(&arg.filter).chain(&arg.by));
            }
        }
        ExprKind::Binary(binary) => out.extend([&binary.left, &binary.right]),
        ExprKind::Range(range) => out.extend([&range.low, &range.high]),
        ExprKind::If(choice) => out.extend([&choice.condition, &choice.then, &choice.otherwise]),
        ExprKind::Match(chosen) => {
            out.push(&chosen.subject);
            out.extend(chosen.arms.iter().map(|arm| &arm.value));
        }
        ExprKind::Population(fact) => out.push(&fact.value),
    }
}

/// Every expression in one, itself first.
pub(crate) fn within(expr: &Expr) -> Vec<&Expr> {
    let (mut all, mut left, mut below) = (Vec::new(), vec![expr], Vec::new());
    while let Some(expr) = left.pop() {
        all.push(expr);
        parts(expr, &mut below);
        left.extend(below.drain(..).rev());
    }
    all
}

/// Every rung of a set, outer ones first.
pub(crate) fn rungs(set: &ast::Set) -> Vec<&ast::Rung> {
    let (mut all, mut left) = (Vec::new(), set.rungs.iter().rev().collect::<Vec<_>>());
    while let Some(rung) = left.pop() {
        all.push(rung);
        left.extend(rung.children.iter().rev());
    }
    all
}

/// Every question of a tree, outer ones first.
pub(crate) fn nodes(tree: &ast::Tree) -> Vec<&ast::Node> {
    let (mut all, mut left) = (Vec::new(), vec![&tree.root]);
    while let Some(node) = left.pop() {
        all.push(node);
        left.extend(node.branches.iter().rev().filter_map(|branch| match &branch.target {
            ast::Target::Node(node) => Some(&**node),
            ast::Target::Leaf(_) => None,
        }));
    }
    all
}
