//! The small language of tests on a value: `A or B`, `< 50`, `40..<70`, `known`, `missing`, `otherwise`, `*`.

use super::Env;
use super::operators::compare_op;
use crate::checker::Checker;
use crate::known::{self, Known};
use kamrules_base::{Finding, Span, codes};
use kamrules_model::{CompareOp, Condition, ExprId, Exprs, Node, Type, Value};
use kamrules_syntax::ast::{self, TestKind};

/// A test on a value, lowered.
#[derive(Debug, Clone)]
pub(crate) struct Tested {
    /// The condition; none for `otherwise` and `*`.
    pub when: Option<ExprId>,
    /// Whether it is `otherwise`.
    pub otherwise: bool,
    /// Whether a finding is made.
    pub spoiled: bool,
}

impl Tested {
    /// When a rung with this test holds.
    pub fn condition(&self) -> Condition {
        match self.when {
            Some(id) => Condition::When(id),
            None => Condition::Otherwise,
        }
    }

    /// What is proved where the test holds.
    fn known(&self, exprs: &Exprs) -> Known {
        self.when.map(|id| known::facts(exprs, id, true)).unwrap_or_default()
    }
}

/// What is proved in each branch: that its test holds, and under `otherwise` that no other does.
pub(crate) fn known_in_branches(exprs: &Exprs, tested: &[Tested]) -> Vec<Known> {
    let others = || tested.iter().filter_map(|one| one.when).fold(Known::default(), |known, id| known.and(known::facts(exprs, id, false)));
    tested.iter().map(|one| if one.otherwise { others() } else { one.known(exprs) }).collect()
}

impl Checker {
    /// Lowers the tests on one value, a branch each. If any of them asks whether the value is `missing` or `known`, the others need
    /// not fear that it is missing.
    pub fn tested(&mut self, subject: ExprId, branches: &[&ast::Tests], at: Span, env: &Env, what: &str) -> Vec<Tested> {
        let kinds = || branches.iter().flat_map(|tests| &tests.alternatives).map(|test| &test.kind);
        let guarded = kinds().any(|kind| matches!(kind, TestKind::Known | TestKind::Missing));
        let reads = kinds().any(|kind| !matches!(kind, TestKind::Known | TestKind::Missing | TestKind::Any | TestKind::Otherwise));
        let missing = known::may_be_missing(self.exprs(), subject, &env.known);
        if !guarded && reads && missing {
            let name = self.source(at);
            let finding = Finding::new(codes::MAY_BE_MISSING, at, format!("`{name}` may be missing, and {what} has no branch for that"))
                .help("add a branch `missing -> …`")
                .help(format!("or leave such rows out: `where {name} is known` in the header"));
            self.report(finding);
        }
        self.otherwise_once(branches);
        branches.iter().map(|tests| self.tests(subject, tests, at, guarded && missing)).collect()
    }

    fn otherwise_once(&mut self, branches: &[&ast::Tests]) {
        let is_otherwise = |tests: &&&ast::Tests| matches!(tests.alternatives.as_slice(), [only] if only.kind == TestKind::Otherwise);
        let mut found = branches.iter().filter(is_otherwise).map(|tests| tests.span);
        if let (Some(first), Some(second)) = (found.next(), found.next()) {
            let finding = Finding::new(codes::OTHERWISE_PLACE, second, "`otherwise` is there twice")
                .also(first, "the first")
                .help("keep one of them");
            self.report(finding);
        }
    }

    fn tests(&mut self, subject: ExprId, tests: &ast::Tests, at: Span, guard: bool) -> Tested {
        let lone = |kind: &TestKind| matches!(kind, TestKind::Otherwise | TestKind::Any);
        if let [only] = tests.alternatives.as_slice()
            && lone(&only.kind)
        {
            return Tested { when: None, otherwise: only.kind == TestKind::Otherwise, spoiled: false };
        }
        let mut any: Option<ExprId> = None;
        for test in &tests.alternatives {
            let one = self.test(subject, test, at, guard);
            any = Some(match any {
                Some(before) => self.or(before, one, tests.span),
                None => one,
            });
        }
        let id = any.unwrap_or_else(|| self.flag(true, tests.span));
        Tested { when: Some(id), otherwise: false, spoiled: self.is_unknown(id) }
    }

    fn test(&mut self, subject: ExprId, test: &ast::Test, at: Span, guard: bool) -> ExprId {
        let span = test.span;
        let tested = match &test.kind {
            TestKind::Error => return self.unknown(span),
            TestKind::Known => return self.is_known(subject, true, span),
            TestKind::Missing => return self.is_known(subject, false, span),
            TestKind::Otherwise | TestKind::Any => {
                return self.spoil(
                    Finding::new(codes::OTHERWISE_PLACE, span, "`otherwise` and `*` stand alone: they hold whatever the value is")
                        .help("take them out of the `or`"),
                );
            }
            TestKind::Equals(value) => self.equals(subject, value, at, span),
            TestKind::Compare(op, value) => {
                let right = self.test_value(subject, value);
                self.compare(compare_op(*op), (subject, at), (right, value.span), span)
            }
            TestKind::Range(range) => {
                if let Some(run) = self.period_run(range, span)
                    && !matches!(self.kind(subject), Type::Period(_))
                {
                    self.in_period(subject, run, at, span)
                } else {
                    let low = self.test_value(subject, &range.low);
                    let high = self.test_value(subject, &range.high);
                    if let Some(done) = self.special_range(subject, low, high, range, at, span) {
                        return done;
                    }
                    let upper = if range.half_open { CompareOp::Less } else { CompareOp::LessOrEqual };
                    let above = self.compare(CompareOp::GreaterOrEqual, (subject, at), (low, range.low.span), span);
                    let below = self.compare(upper, (subject, at), (high, range.high.span), span);
                    self.and(above, below, span)
                }
            }
        };
        if !guard || self.is_unknown(tested) {
            return tested;
        }
        let there = self.is_known(subject, true, span);
        self.and(there, tested, span)
    }

    fn test_value(&mut self, subject: ExprId, value: &ast::Expr) -> ExprId {
        let want = self.kind(subject);
        let env = Self::policy_env();
        self.expr_as(value, &env, Some(want))
    }

    /// `A`: equal to it; a label with labels nested in it stands for all of them; a period holds the days in it.
    fn equals(&mut self, subject: ExprId, value: &ast::Expr, at: Span, span: Span) -> ExprId {
        let right = self.test_value(subject, value);
        match (self.kind(subject), self.exprs().node(right), self.kind(right)) {
            (Type::Label(set), Node::Const(Value::Label(label)), _) => {
                let codes = self.model.set(set).leaves(label.code);
                self.label_in(subject, codes, span)
            }
            (Type::Labels(set), Node::Const(Value::Label(label)), _) => {
                let codes = self.model.set(set).leaves(label.code);
                self.label_in(subject, codes, span)
            }
            (Type::Date | Type::Time, _, Type::Period(_)) => self.in_period(subject, right, at, span),
            (Type::Flag, Node::Const(Value::Flag(yes)), _) => {
                if *yes {
                    subject
                } else {
                    self.not(subject, span)
                }
            }
            _ => self.compare(CompareOp::Equal, (subject, at), (right, value.span), span),
        }
    }
}
