//! What stands behind `in`, and the tests on text and labels.

use super::Env;
use super::convert::join;
use crate::checker::Checker;
use kamrules_base::{Finding, Span, codes};
use kamrules_model::{CompareOp, DurationKind, ExprId, Node, Ty, Type, Value};
use kamrules_syntax::ast::{self, ExprKind};

impl Checker {
    pub(super) fn text_test(&mut self, function: &str, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        let left = self.expr(&binary.left, env);
        if let Type::Labels(set) = self.kind(left) {
            return self.labels_contain(left, set, &binary.right, span);
        }
        let right = self.expr(&binary.right, env);
        let (left, right) =
            if function == "contains" || function.starts_with('@') { self.fold_text(left, right, span) } else { (left, right) };
        self.builtin(function, vec![left, right], &[binary.left.span, binary.right.span], span)
    }

    fn fold_text(&mut self, left: ExprId, right: ExprId, span: Span) -> (ExprId, ExprId) {
        let text = |kind| matches!(kind, Type::Text { .. });
        if text(self.kind(left)) && text(self.kind(right)) { self.fold_if_needed(left, right, span) } else { (left, right) }
    }

    fn labels_contain(&mut self, labels: ExprId, set: kamrules_model::SetId, label: &ast::Expr, span: Span) -> ExprId {
        let right = self.expr_as(label, &Self::policy_env(), Some(Type::Label(set)));
        match self.label_constant(right) {
            Some(code) => {
                let codes = self.model.set(set).leaves(code);
                self.label_in(labels, codes, span)
            }
            None if self.is_unknown(right) => right,
            None => self.spoil(Finding::new(codes::WRONG_TYPES, label.span, "a label is wanted here")),
        }
    }

    pub(super) fn has_any_of(&mut self, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        let left = self.expr(&binary.left, env);
        let ExprKind::List(elements) = &binary.right.kind else { return self.unknown(span) };
        let mut any: Option<ExprId> = None;
        for element in elements {
            let one = if let Type::Labels(set) = self.kind(left) {
                self.labels_contain(left, set, element, element.span)
            } else {
                let right = self.expr(element, env);
                self.builtin("has", vec![left, right], &[binary.left.span, element.span], element.span)
            };
            any = Some(match any {
                Some(before) => self.or(before, one, span),
                None => one,
            });
        }
        any.unwrap_or_else(|| self.flag(false, span))
    }

    /// `x in …`.
    pub(super) fn membership(&mut self, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        match &binary.right.kind {
            ExprKind::List(elements) => self.in_elements(&binary.left, elements, span, env),
            ExprKind::Range(range) => self.in_range(&binary.left, range, binary.right.span, span, env),
            _ => self.in_named(binary, span, env),
        }
    }

    fn in_elements(&mut self, left: &ast::Expr, elements: &[ast::Expr], span: Span, env: &Env) -> ExprId {
        let subject = self.expr(left, env);
        let kind = self.kind(subject);
        let mut spoiled = kind == Type::Unknown;
        let (mut values, mut codes, mut rest) = (Vec::new(), Vec::new(), Vec::new());
        for element in elements {
            let id = self.expr_as(element, env, Some(kind));
            if self.is_unknown(id) {
                spoiled = true;
            } else if let Some(code) = self.label_constant(id).filter(|_| matches!(kind, Type::Label(_))) {
                let Type::Label(set) = kind else { continue };
                codes.extend(self.model.set(set).leaves(code));
            } else if let (Node::Const(value), true) = (self.exprs().node(id).clone(), same_units(kind, self.kind(id))) {
                values.push(self.value_at_scale(value, self.kind(id), kind));
            } else {
                let one = self.compare(CompareOp::Equal, (subject, left.span), (id, element.span), element.span);
                spoiled |= self.is_unknown(one);
                rest.push(one);
            }
        }
        if spoiled {
            return self.unknown(span);
        }
        let (ty, ctx) = (Ty { kind: Type::Flag, optional: self.ty(subject).optional }, self.exprs().ctx(subject));
        let mut any: Option<ExprId> = None;
        if !codes.is_empty() {
            any = Some(self.label_in(subject, codes, span));
        }
        if !values.is_empty() {
            any = Some(self.add(Node::OneOf(subject, values.into()), ty, ctx, span));
        }
        for one in rest {
            any = Some(match any {
                Some(before) => self.or(before, one, span),
                None => one,
            });
        }
        any.unwrap_or_else(|| self.flag(false, span))
    }

    fn value_at_scale(&self, value: Value, from: Type, to: Type) -> Value {
        kamrules_model::arith::rescale_value(&value, from, to).unwrap_or(value)
    }

    fn in_range(&mut self, left: &ast::Expr, range: &ast::Range, at: Span, span: Span, env: &Env) -> ExprId {
        let subject = self.expr(left, env);
        if let Some(run) = self.period_run(range, at) {
            return self.in_period(subject, run, left.span, span);
        }
        let want = self.kind(subject);
        let low = self.expr_as(&range.low, env, Some(want));
        let high = self.expr_as(&range.high, env, Some(want));
        if let Some(done) = self.special_range(subject, low, high, range, left.span, span) {
            return done;
        }
        let upper = if range.half_open { CompareOp::Less } else { CompareOp::LessOrEqual };
        let above = self.compare(CompareOp::GreaterOrEqual, (subject, left.span), (low, range.low.span), span);
        let below = self.compare(upper, (subject, left.span), (high, range.high.span), span);
        self.and(above, below, span)
    }

    /// A range of codes, or one that nothing lies in.
    pub(super) fn special_range(
        &mut self,
        subject: ExprId,
        low: ExprId,
        high: ExprId,
        range: &ast::Range,
        left: Span,
        span: Span,
    ) -> Option<ExprId> {
        if [subject, low, high].iter().all(|&id| matches!(self.kind(id), Type::Text { .. })) {
            return Some(self.code_range(subject, low, high, range, left, span));
        }
        if !self.is_empty_range(low, high, range.half_open) {
            return None;
        }
        let at = range.low.span.to(range.high.span);
        let (first, second) = (self.source(range.low.span), self.source(range.high.span));
        let mended = format!("{second}{}{first}", if range.half_open && first != second { "..<" } else { ".." });
        let finding = Finding::new(codes::EMPTY_RANGE, at, "this range is empty: its end does not lie behind its start");
        Some(self.spoil(finding.help(format!("write the smaller end first: `{mended}`")).fix(format!("write `{mended}`"), at, mended)))
    }

    fn is_empty_range(&self, low: ExprId, high: ExprId, half_open: bool) -> bool {
        let (Node::Const(a @ Value::Num(_)), Node::Const(b @ Value::Num(_))) = (self.exprs().node(low), self.exprs().node(high)) else {
            return false;
        };
        let ordering = kamrules_model::arith::order((a, self.kind(low)), (b, self.kind(high)));
        ordering.is_gt() || (half_open && ordering.is_eq())
    }

    fn code_range(&mut self, subject: ExprId, low: ExprId, high: ExprId, range: &ast::Range, left: Span, span: Span) -> ExprId {
        let written = |cx: &Self, at: Span| cx.source(at).trim_matches('"').chars().count();
        if range.half_open || written(self, range.low.span) != written(self, range.high.span) {
            return self.spoil(
                Finding::new(codes::TEXT_ORDER, span, "a range of codes has two ends of the same length, both inside")
                    .help("write `zip in \"98000\"..\"98999\"`"),
            );
        }
        self.builtin("@code_in", vec![subject, low, high], &[left, range.low.span, range.high.span], span)
    }

    /// `x in name`: a list, a label with what is below it, or a period.
    fn in_named(&mut self, binary: &ast::Binary, span: Span, env: &Env) -> ExprId {
        let subject = self.expr(&binary.left, env);
        let kind = self.kind(subject);
        if let (ExprKind::Name(name), false) = (&binary.right.kind, kind == Type::Unknown) {
            if let Type::Label(set) = kind
                && let Some(code) = self.label_code(set, name)
            {
                let codes = self.model.set(set).leaves(code);
                return self.label_in(subject, codes, span);
            }
            if let Some(&(list, _)) = self.tables.symbols.lists.get(name.as_str())
                && !env.params.iter().any(|(param, _)| param == name)
            {
                return self.in_list(subject, list, &binary.left, span);
            }
        }
        let right = self.expr_as(&binary.right, env, Some(kind));
        match self.kind(right) {
            Type::Unknown => right,
            Type::Period(_) => self.in_period(subject, right, binary.left.span, span),
            _ if kind == Type::Unknown => subject,
            _ => {
                let names = crate::words::list(self.tables.symbols.lists.keys().map(String::as_str), 6);
                let message = format!("behind `in` stands a list, a range or a period, but this is {}", self.kind_of(right));
                self.spoil(
                    Finding::new(codes::LIST_PLACE, binary.right.span, message).help(format!("write `in [a, b]`; the lists here: {names}")),
                )
            }
        }
    }

    /// Whether a day lies in a period.
    pub fn in_period(&mut self, subject: ExprId, period: ExprId, left: Span, span: Span) -> ExprId {
        match self.kind(subject) {
            Type::Unknown => subject,
            Type::Date => {
                let optional = self.ty(subject).optional || self.ty(period).optional;
                let ctx = self.join_ctx(&[subject, period]);
                self.add(Node::InPeriod(subject, period), Ty { kind: Type::Flag, optional }, ctx, span)
            }
            Type::Time => {
                let day = self.builtin("date", vec![subject], &[left], span);
                self.in_period(day, period, left, span)
            }
            _ => {
                let message = format!("a date lies in a period, but this is {}", self.kind_of(subject));
                self.spoil(Finding::new(codes::WRONG_TYPES, left, message))
            }
        }
    }

    fn in_list(&mut self, subject: ExprId, list: kamrules_model::ListId, left: &ast::Expr, span: Span) -> ExprId {
        let (optional, ctx) = (self.ty(subject).optional, self.exprs().ctx(subject));
        let source = self.model.list(list).values.clone();
        match source {
            kamrules_model::ListSource::Values(kind, values) if !matches!(kind, Type::Text { .. }) => {
                if !same_units(self.kind(subject), kind) && join(self.kind(subject), kind).is_none() {
                    let (x, name) = (self.kind_of(subject), self.model.list(list).name.clone());
                    let message = format!("`{name}` lists {}, but this is {x}", crate::words::kind(&self.model, kind));
                    return self.spoil(Finding::new(codes::WRONG_TYPES, left.span, message));
                }
                let to = self.kind(subject);
                let values: Vec<Value> = values.into_iter().map(|value| self.value_at_scale(value, kind, to)).collect();
                self.add(Node::OneOf(subject, values.into()), Ty { kind: Type::Flag, optional }, ctx, span)
            }
            _ => match self.kind(subject) {
                Type::Unknown => subject,
                Type::Text { .. } => self.add(Node::InList(subject, list), Ty { kind: Type::Flag, optional }, ctx, span),
                _ => {
                    let message = format!("`{}` is a list of texts, but this is {}", self.model.list(list).name, self.kind_of(subject));
                    self.spoil(Finding::new(codes::WRONG_TYPES, left.span, message))
                }
            },
        }
    }
}

/// Whether a constant of one type can stand as a value of the other after rescaling.
fn same_units(subject: Type, constant: Type) -> bool {
    match (subject, constant) {
        (Type::Number { scale: a, .. }, Type::Number { scale: b, .. }) | (Type::Money { scale: a }, Type::Money { scale: b }) => a >= b,
        (Type::Text { fold: a }, Type::Text { .. }) => !a,
        (Type::Duration(a), Type::Duration(b)) => a == b && a != DurationKind::Calendar,
        (Type::Label(_) | Type::Labels(_), _) => false,
        (a, b) => a == b,
    }
}
