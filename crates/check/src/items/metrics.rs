//! Metrics: a value, by group and by period, with a goal.

use super::head::{self, Parts, suit};
use super::items_of;
use crate::checker::{Checker, Key};
use crate::lower::Env;
use kamrules_base::{Finding, Span, codes};
use kamrules_model::{CompareOp, Ctx, ExprId, Metric, MetricId, Node, Period, Ty, Type, Value};
use kamrules_syntax::ast::{self, ExprKind, ItemKind, MetricClauseKind};

/// Declares the metrics, their rows and groups.
pub(crate) fn declare(cx: &mut Checker) {
    for (_, item, metric) in items_of!(cx, Metric) {
        let parts = Parts { display: true, entity: true, by: true, periods: true, filter: true, ..Parts::default() };
        suit(cx, &metric.head, "a `metric`", parts);
        let entity = match &metric.head.entity {
            Some(name) => crate::collect::entity_named(cx, name),
            None => None,
        };
        cx.model.metrics.push(Metric {
            name: metric.head.name.text.clone(),
            display: head::display(&metric.head),
            doc: item.doc.clone(),
            entity,
            filter: None,
            groups: Vec::new(),
            cells: Vec::new(),
            goal: None,
            span: metric.head.name.span,
        });
    }
}

/// Lowers the metrics.
pub(crate) fn metrics(cx: &mut Checker) {
    for (index, (_, _, metric)) in items_of!(cx, Metric).into_iter().enumerate() {
        let id = MetricId(index as u32);
        groups(cx, id, &metric);
        clauses(cx, &metric);
        let periods = periods(cx, &metric);
        let mut cells = Vec::new();
        for period in periods {
            let value = cell(cx, id, period, metric.head.name.span);
            if !cx.is_unknown(value) {
                cells.push((period, value));
            }
        }
        let kind = cells.first().map(|(_, value)| cx.kind(*value));
        if kind == Some(Type::Flag) {
            let finding = Finding::new(
                codes::METRIC_VALUE,
                metric.head.name.span,
                format!("`{}` is a figure, but its value is yes or no", metric.head.name.text),
            );
            cx.report(
                finding
                    .help("put what it should reach behind its value: `goal >= 90%`; what must hold is an obligation: `must name { … }`"),
            );
        }
        cx.model.metrics[index].cells = cells;
        cx.model.metrics[index].goal = kind.and_then(|kind| goal(cx, &metric, kind));
    }
}

fn clauses(cx: &mut Checker, metric: &ast::Metric) {
    let values: Vec<Span> = metric.clauses.iter().filter(|c| matches!(c.kind, MetricClauseKind::Value(_))).map(|c| c.span).collect();
    let goals: Vec<Span> = metric.clauses.iter().filter(|c| matches!(c.kind, MetricClauseKind::Goal(..))).map(|c| c.span).collect();
    if values.is_empty() {
        let finding = Finding::new(codes::CLAUSE_LACKING, metric.head.name.span, format!("`{}` has no value", metric.head.name.text))
            .help("write `value = …` in its braces");
        cx.report(finding);
    }
    for list in [values, goals] {
        if let [first, second, ..] = list.as_slice() {
            cx.report(Finding::new(codes::CLAUSE_TWICE, *second, "this is said twice").also(*first, "the first").help("take one out"));
        }
    }
}

fn groups(cx: &mut Checker, id: MetricId, metric: &ast::Metric) {
    let (_, paths) = head::grain(&metric.head);
    let Some(entity) = cx.model.metric(id).entity else {
        if let Some(path) = paths.first() {
            let finding = Finding::new(codes::HEADER, path.span, "a group needs rows: the metric does not say whose")
                .help("write `metric name for customer by contract`");
            cx.report(finding);
        }
        if let Some(filter) = &metric.head.filter {
            cx.report(
                Finding::new(codes::HEADER, filter.span, "a `where` needs rows: the metric does not say whose")
                    .help("write `for` and an entity behind the name"),
            );
        }
        return;
    };
    let env = Env::about(Ctx::Entity(entity));
    let filter = metric.head.filter.as_ref().map(|condition| cx.filter(condition, &env));
    let mut found = Vec::new();
    for path in paths {
        let expr = path_expr(path);
        let group = cx.expr(&expr, &env);
        if !cx.is_unknown(group) {
            found.push(group);
        }
    }
    let slot = &mut cx.model.metrics[id.index()];
    (slot.filter, slot.groups) = (filter.filter(|_| true), found);
}

/// A path as an expression.
pub(crate) fn path_expr(path: &ast::Path) -> ast::Expr {
    let mut parts = path.parts.iter();
    let first = parts.next().expect("a path has a name");
    let mut expr = ast::Expr { kind: ExprKind::Name(first.text.clone()), span: first.span };
    for part in parts {
        expr = ast::Expr { span: path.span, kind: ExprKind::Field(Box::new(expr), part.clone()) };
    }
    expr
}

fn periods(cx: &mut Checker, metric: &ast::Metric) -> Vec<Option<Period>> {
    let (grain, _) = head::grain(&metric.head);
    match (grain, head::periods(cx, &metric.head)) {
        (None, None) => vec![None],
        (None, Some(span)) => vec![Some(span)],
        (Some(grain), Some(span)) => {
            let parts = cx.model.settings.calendar.parts(span, grain).unwrap_or_default();
            parts.into_iter().map(Some).collect()
        }
        (Some(grain), None) => {
            if metric.head.within.is_none() {
                let finding = Finding::new(
                    codes::HEADER,
                    metric.head.name.span,
                    format!("`{}` does not say which {}s", metric.head.name.text, grain.word()),
                )
                .help(format!("write `by {} in FY2025..FY2026`", grain.word()));
                cx.report(finding);
            }
            Vec::new()
        }
    }
}

fn cell(cx: &mut Checker, id: MetricId, period: Option<Period>, span: Span) -> ExprId {
    let at = cx.tables.symbols.metric_items[id.index()];
    let files = cx.tables.files.clone();
    let ItemKind::Metric(metric) = &files[at.0 as usize].1.items[at.1 as usize].kind else { return cx.unknown(span) };
    let name = metric.head.name.text.clone();
    cx.once(Key::Metric(at, period), &name, span, |cx| {
        let of = cx.model.metric(id).clone();
        let grouped = !of.groups.is_empty() || of.entity.is_some();
        let mut env = Env::about(if grouped { Ctx::Group(id) } else { Ctx::Policy });
        for (i, &group) in of.groups.iter().enumerate() {
            let (_, paths) = head::grain(&metric.head);
            let ty = cx.ty(group);
            let key = cx.add(Node::GroupKey(id, i as u32), ty, Ctx::Group(id), span);
            if let Some(last) = paths.get(i).and_then(|path| path.parts.last()) {
                env.groups.push((last.text.clone(), key));
            }
        }
        if let Some(period) = period {
            let value = cx.constant(Value::Period(period), Type::Period(Some(period.grain)), span);
            env = env.with_param("period", value);
        }
        let value = metric.clauses.iter().find_map(|clause| match &clause.kind {
            MetricClauseKind::Value(expr) => Some(expr),
            _ => None,
        });
        match value {
            Some(expr) => cx.expr(expr, &env),
            None => cx.unknown(span),
        }
    })
}

fn goal(cx: &mut Checker, metric: &ast::Metric, kind: Type) -> Option<(CompareOp, ExprId)> {
    let (op, expr) = metric.clauses.iter().find_map(|clause| match &clause.kind {
        MetricClauseKind::Goal(op, expr) => Some((*op, expr)),
        _ => None,
    })?;
    let env = Env::about(Ctx::Policy);
    let goal = cx.expr(expr, &env);
    let op = crate::lower::compare_op(op);
    // A stand-in of the metric's type: only whether the two can be compared matters here.
    let stand_in = cx.add(Node::Missing, Ty::known(kind), Ctx::Policy, metric.head.name.span);
    let compared = cx.compare(op, (stand_in, metric.head.name.span), (goal, expr.span), expr.span);
    (!cx.is_unknown(compared)).then_some((op, goal))
}

impl Checker {
    /// A metric as a value: one without groups, in a period if it goes by any.
    pub fn metric_value(&mut self, id: MetricId, period: Option<ExprId>, span: Span) -> ExprId {
        let of = self.model.metric(id).clone();
        if of.entity.is_some() {
            return self.spoil(
                Finding::new(codes::METRIC_VALUE, span, format!("`{}` has a value for each group, not one", of.name))
                    .also(of.span, "declared here")
                    .help("put its formula into a `define`"),
            );
        }
        let period = match period.map(|id| self.exprs().node(id).clone()) {
            None => None,
            Some(Node::Const(Value::Period(period))) => Some(period),
            Some(_) => {
                return self.spoil(
                    Finding::new(codes::METRIC_VALUE, span, "the period of a metric is written out")
                        .help(format!("write `{}(FY2026)`", of.name)),
                );
            }
        };
        cell(self, id, period, span)
    }
}
