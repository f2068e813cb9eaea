//! Operators, and what goes with what.

use super::Env;
use crate::checker::Checker;
use crate::known;
use kamrules_base::{Finding, Span, codes};
use kamrules_model::arith::{DIVIDE_SCALE, add_scale, multiply_scale};
use kamrules_model::{ArithOp, CompareOp, DurationKind, ExprId, Node, Ty, Type, Value};
use kamrules_syntax::ast::{self, BinaryOp, Compare, ExprKind, UnaryOp};

pub(crate) fn compare_op(op: Compare) -> CompareOp {
    match op {
        Compare::Equal => CompareOp::Equal,
        Compare::NotEqual => CompareOp::NotEqual,
        Compare::Less => CompareOp::Less,
        Compare::LessOrEqual => CompareOp::LessOrEqual,
        Compare::Greater => CompareOp::Greater,
        Compare::GreaterOrEqual => CompareOp::GreaterOrEqual,
    }
}

impl Checker {
    pub(super) fn unary(&mut self, op: UnaryOp, operand: &ast::Expr, span: Span, env: &Env) -> ExprId {
        let inner = self.expr(operand, env);
        let ty = self.ty(inner);
        let ctx = self.exprs().ctx(inner);
        match (op, ty.kind) {
            (_, Type::Unknown) => inner,
            (UnaryOp::Not, Type::Flag) => self.add(Node::Not(inner), ty, ctx, span),
            (UnaryOp::Not, _) => {
                let message = format!("`not` turns yes into no, but this is {}", self.kind_of(inner));
                self.spoil(Finding::new(codes::NOT_A_CONDITION, operand.span, message))
            }
            (UnaryOp::Negate, Type::Number { .. } | Type::Money { .. } | Type::Duration(_)) => match self.exprs().node(inner) {
                Node::Const(Value::Num(units)) => {
                    let units = -*units;
                    self.constant(Value::Num(units), ty.kind, span)
                }
                _ => self.add(Node::Negate(inner), ty, ctx, span),
            },
            (UnaryOp::Negate, _) => {
                let message = format!("a minus goes before a number, money or a duration, but this is {}", self.kind_of(inner));
                self.spoil(Finding::new(codes::WRONG_TYPES, operand.span, message))
            }
        }
    }

    pub(super) fn binary(&mut self, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        match binary.op {
            BinaryOp::And | BinaryOp::Or => self.and_or(binary, span, env),
            BinaryOp::Compare(op) => self.comparison(compare_op(op), binary, span, env),
            BinaryOp::In => self.membership(binary, span, env),
            BinaryOp::NotIn => {
                let inside = self.membership(binary, span, env);
                self.not(inside, span)
            }
            BinaryOp::StartsWith => self.text_test("@starts_with", binary, span, env),
            BinaryOp::EndsWith => self.text_test("@ends_with", binary, span, env),
            BinaryOp::Has => self.text_test("has", binary, span, env),
            BinaryOp::Contains => self.text_test("contains", binary, span, env),
            BinaryOp::HasAnyOf => self.has_any_of(binary, span, env),
            BinaryOp::OrElse => self.or_else(binary, span, env),
            BinaryOp::Add => self.arith(ArithOp::Add, binary, span, env),
            BinaryOp::Subtract => self.arith(ArithOp::Subtract, binary, span, env),
            BinaryOp::Multiply => self.arith(ArithOp::Multiply, binary, span, env),
            BinaryOp::Divide => self.arith(ArithOp::Divide, binary, span, env),
        }
    }

    /// `not x`.
    pub fn not(&mut self, inner: ExprId, span: Span) -> ExprId {
        let (ty, ctx) = (self.ty(inner), self.exprs().ctx(inner));
        if ty.kind == Type::Unknown { inner } else { self.add(Node::Not(inner), ty, ctx, span) }
    }

    /// `a and b` of conditions already lowered.
    pub fn and(&mut self, left: ExprId, right: ExprId, span: Span) -> ExprId {
        if self.is_unknown(left) || self.is_unknown(right) {
            return self.unknown(span);
        }
        let optional = self.ty(left).optional || {
            let yes = known::facts(self.exprs(), left, true);
            known::may_be_missing(self.exprs(), right, &yes)
        };
        let ctx = self.join_ctx(&[left, right]);
        self.add(Node::And(left, right), Ty { kind: Type::Flag, optional }, ctx, span)
    }

    /// `a or b` of conditions already lowered.
    pub fn or(&mut self, left: ExprId, right: ExprId, span: Span) -> ExprId {
        if self.is_unknown(left) || self.is_unknown(right) {
            return self.unknown(span);
        }
        let optional = self.ty(left).optional || {
            let no = known::facts(self.exprs(), left, false);
            known::may_be_missing(self.exprs(), right, &no)
        };
        let ctx = self.join_ctx(&[left, right]);
        self.add(Node::Or(left, right), Ty { kind: Type::Flag, optional }, ctx, span)
    }

    fn and_or(&mut self, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        let is_and = binary.op == BinaryOp::And;
        let word = if is_and { "and" } else { "or" };
        if let Some(finding) = self.or_after_equals(binary, span, env) {
            return self.spoil(finding);
        }
        let left = self.side_of_logic(&binary.left, env, word);
        let inner = env.knowing(known::facts(self.exprs(), left, is_and));
        let right = self.side_of_logic(&binary.right, &inner, word);
        if is_and { self.and(left, right, span) } else { self.or(left, right, span) }
    }

    /// `industry = bank or retail`, where `in [bank, retail]` is meant: the right is a bare value of what the left compares.
    fn or_after_equals(&mut self, binary: &ast::Binary, span: Span, env: &Env) -> Option<Finding> {
        let ExprKind::Name(value) = &binary.right.kind else { return None };
        let ExprKind::Binary(equality) = &binary.left.kind else { return None };
        if binary.op != BinaryOp::Or || equality.op != BinaryOp::Compare(Compare::Equal) || self.is_in_reach(value, env) {
            return None;
        }
        let before = self.findings.len();
        let subject = self.expr(&equality.left, env);
        self.findings.truncate(before);
        let want = self.kind(subject);
        self.wanted_value(value, binary.right.span, Some(want))?;
        let (subject, first) = (self.source(equality.left.span), self.source(equality.right.span));
        let mended = format!("{subject} in [{first}, {value}]");
        let finding = Finding::new(codes::OR_AFTER_EQUALS, span, format!("`or` joins conditions, and `{value}` alone is none"));
        Some(finding.help(format!("did you mean `{mended}`?")).fix(format!("write `{mended}`"), span, mended))
    }

    fn side_of_logic(&mut self, side: &ast::Expr, env: &Env, word: &str) -> ExprId {
        let id = self.expr_as(side, env, Some(Type::Flag));
        match self.kind(id) {
            Type::Flag | Type::Unknown => id,
            // `country = "US" or "CA"` has its finding from the text already.
            _ if word == "or" && matches!(side.kind, ExprKind::Literal(_)) => self.unknown(side.span),
            _ => {
                let message = format!("`{word}` joins conditions, but this is {}", self.kind_of(id));
                self.spoil(
                    Finding::new(codes::NOT_A_CONDITION, side.span, message)
                        .help("repeat what is compared: `state = \"CA\" or state = \"OR\"`, or `state in [\"CA\", \"OR\"]`"),
                )
            }
        }
    }

    /// Both sides of a comparison: a bare name is first a value of the other side's picklist.
    fn both_sides(&mut self, left: &ast::Expr, right: &ast::Expr, env: &Env) -> (ExprId, ExprId) {
        let bare = |expr: &ast::Expr| match &expr.kind {
            ExprKind::Name(name) => Some(name.clone()),
            _ => None,
        };
        let right_first = match (bare(left), bare(right)) {
            (Some(left), None) => !self.is_in_reach(&left, env),
            (Some(left), Some(right)) => !self.is_in_reach(&left, env) && self.is_in_reach(&right, env),
            _ => false,
        };
        if right_first {
            let b = self.expr(right, env);
            let want = self.kind(b);
            let a = self.expr_as(left, env, Some(want));
            (a, b)
        } else {
            let a = self.expr(left, env);
            let want = self.kind(a);
            let b = self.expr_as(right, env, Some(want));
            (a, b)
        }
    }

    fn comparison(&mut self, op: CompareOp, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        let (left, right) = self.both_sides(&binary.left, &binary.right, env);
        self.compare(op, (left, binary.left.span), (right, binary.right.span), span)
    }

    /// A comparison of two values already lowered.
    pub fn compare(&mut self, op: CompareOp, left: (ExprId, Span), right: (ExprId, Span), span: Span) -> ExprId {
        let (a, b) = (self.kind(left.0), self.kind(right.0));
        if a == Type::Unknown || b == Type::Unknown {
            return self.unknown(span);
        }
        if let Some(finding) = self.comparison_fault(op, left, right, span) {
            return self.spoil(finding);
        }
        if let Some(code) = self.label_constant(right.0) {
            return self.compare_label(op, left.0, code, span);
        }
        if let Some(code) = self.label_constant(left.0) {
            return self.compare_label(op.mirrored(), right.0, code, span);
        }
        let (l, r) = self.fold_if_needed(left.0, right.0, span);
        let optional = self.ty(l).optional || self.ty(r).optional;
        let ctx = self.join_ctx(&[l, r]);
        self.add(Node::Compare(op, l, r), Ty { kind: Type::Flag, optional }, ctx, span)
    }

    pub(super) fn label_constant(&self, id: ExprId) -> Option<u32> {
        match (self.exprs().node(id), self.kind(id)) {
            (Node::Const(Value::Label(label)), Type::Label(_)) => Some(label.code),
            _ => None,
        }
    }

    /// A label compared with one written out: earlier labels are greater.
    fn compare_label(&mut self, op: CompareOp, label: ExprId, code: u32, span: Span) -> ExprId {
        let Type::Label(set) = self.kind(label) else { return self.unknown(span) };
        let codes: Vec<u32> = self.model.set(set).leaves_where(|other| op.holds(code.cmp(&other)));
        self.label_in(label, codes, span)
    }

    /// Whether a label is one of these.
    pub fn label_in(&mut self, label: ExprId, codes: Vec<u32>, span: Span) -> ExprId {
        let (ty, ctx) = (self.ty(label), self.exprs().ctx(label));
        self.add(Node::LabelIn(label, codes.into()), Ty { kind: Type::Flag, optional: ty.optional }, ctx, span)
    }

    /// Text of a field that ignores case is folded on both sides.
    pub(super) fn fold_if_needed(&mut self, left: ExprId, right: ExprId, span: Span) -> (ExprId, ExprId) {
        let folds = |kind| matches!(kind, Type::Text { fold: true });
        if !folds(self.kind(left)) && !folds(self.kind(right)) {
            return (left, right);
        }
        (self.builtin("@fold", vec![left], &[span], span), self.builtin("@fold", vec![right], &[span], span))
    }

    fn or_else(&mut self, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        let left = self.expr(&binary.left, env);
        let want = super::convert::literal_type_hint(self.kind(left));
        let right = self.expr_as(&binary.right, env, want);
        let (ids, ty) = self.unify(&[(left, binary.left.span, env), (right, binary.right.span, env)], "both sides of `or else`");
        if ty.kind == Type::Unknown {
            return self.unknown(span);
        }
        let optional = self.ty(right).optional;
        let ctx = self.join_ctx(&ids);
        self.add(Node::OrElse(ids[0], ids[1]), Ty { kind: ty.kind, optional }, ctx, span)
    }

    fn arith(&mut self, op: ArithOp, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        let left = self.expr(&binary.left, env);
        let right = self.expr(&binary.right, env);
        let (a, b) = (self.kind(left), self.kind(right));
        if a == Type::Unknown || b == Type::Unknown {
            return self.unknown(span);
        }
        let Some(kind) = arith_type(op, a, b) else {
            let finding = self.arith_fault(op, (left, binary.left.span), (right, binary.right.span), span);
            return self.spoil(finding);
        };
        let zero = op == ArithOp::Divide && !known::constant_nonzero(self.exprs(), right) && !self.range_excludes_zero(right);
        let optional = self.ty(left).optional || self.ty(right).optional || zero;
        let ctx = self.join_ctx(&[left, right]);
        self.add(Node::Arith(op, left, right), Ty { kind, optional }, ctx, span)
    }

    /// Whether a loaded field is never zero: `employees : integer in 1..1_000_000`.
    fn range_excludes_zero(&self, id: ExprId) -> bool {
        match self.exprs().node(id) {
            Node::Field(field) => self.model.field(*field).range.is_some_and(|(low, high)| low > 0 || high < 0),
            Node::Rescale(inner) | Node::Negate(inner) | Node::Through { value: inner, .. } => self.range_excludes_zero(*inner),
            _ => false,
        }
    }
}

/// The type of a sum, difference, product or quotient, if there is one.
pub(crate) fn arith_type(op: ArithOp, a: Type, b: Type) -> Option<Type> {
    use DurationKind::{Calendar, Clock, Days};
    let number = |scale, percent| Some(Type::Number { scale, percent });
    match (op, a, b) {
        (ArithOp::Add | ArithOp::Subtract, Type::Number { scale: x, percent: p }, Type::Number { scale: y, percent: q }) => {
            number(add_scale(x, y), p || q)
        }
        (ArithOp::Add | ArithOp::Subtract, Type::Money { scale: x }, Type::Money { scale: y }) => {
            Some(Type::Money { scale: add_scale(x, y) })
        }
        (ArithOp::Subtract, Type::Date, Type::Date) => Some(Type::Duration(Days)),
        (ArithOp::Subtract, Type::Time, Type::Time) => Some(Type::Duration(Clock)),
        (ArithOp::Add | ArithOp::Subtract, Type::Date, Type::Duration(kind)) if kind != Clock => Some(Type::Date),
        (ArithOp::Add, Type::Duration(kind), Type::Date) if kind != Clock => Some(Type::Date),
        (ArithOp::Add | ArithOp::Subtract, Type::Time, Type::Duration(Clock)) => Some(Type::Time),
        (ArithOp::Add, Type::Duration(Clock), Type::Time) => Some(Type::Time),
        (ArithOp::Add | ArithOp::Subtract, Type::Duration(x), Type::Duration(y)) if x == y => Some(Type::Duration(x)),
        (ArithOp::Add | ArithOp::Subtract, Type::Duration(x), Type::Duration(y)) if x != Clock && y != Clock => {
            Some(Type::Duration(Calendar))
        }
        (ArithOp::Multiply, Type::Number { scale: x, .. }, Type::Number { scale: y, .. }) => number(multiply_scale(x, y), false),
        (ArithOp::Multiply, Type::Money { scale: x }, Type::Number { scale: y, .. }) => Some(Type::Money { scale: multiply_scale(x, y) }),
        (ArithOp::Multiply, Type::Number { scale: x, .. }, Type::Money { scale: y }) => Some(Type::Money { scale: multiply_scale(x, y) }),
        (ArithOp::Multiply, Type::Duration(kind), Type::Number { scale: 0, .. }) => Some(Type::Duration(kind)),
        (ArithOp::Multiply, Type::Number { scale: 0, .. }, Type::Duration(kind)) => Some(Type::Duration(kind)),
        (ArithOp::Divide, Type::Number { .. }, Type::Number { .. }) => number(DIVIDE_SCALE, false),
        (ArithOp::Divide, Type::Money { .. }, Type::Number { .. }) => Some(Type::Money { scale: DIVIDE_SCALE }),
        (ArithOp::Divide, Type::Money { .. }, Type::Money { .. }) => number(DIVIDE_SCALE, true),
        (ArithOp::Divide, Type::Duration(x), Type::Duration(y)) if x == y && x != Calendar => number(DIVIDE_SCALE, false),
        _ => None,
    }
}
