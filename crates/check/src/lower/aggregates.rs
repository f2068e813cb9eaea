//! Aggregates: whose rows, which of them, and what of them.

use super::names::crossed;
use super::sides::{Rule, Side, conjuncts};
use super::{Env, This};
use crate::checker::Checker;
use crate::known;
use kamrules_base::{Finding, Span, codes};
use kamrules_model::arith::DIVIDE_SCALE;
use kamrules_model::{AggOp, Aggregate, CompareOp, Ctx, EntityId, ExprId, FieldId, Node, Ty, Type, Value};
use kamrules_syntax::ast::{self, BinaryOp, Compare, ExprKind};

/// A condition about two rows, taken apart so that it runs as one grouped pass.
#[derive(Debug, Default)]
pub(crate) struct Correlation {
    /// What must be equal: (inner, outer).
    pub keys: Vec<(ExprId, ExprId)>,
    /// About the inner row: what is written.
    pub filter: Option<ExprId>,
    /// About the inner row: which rows there are at all, where a metric says it.
    pub rows: Option<ExprId>,
    /// About the outer row.
    pub guard: Option<ExprId>,
    /// Whether a finding is made.
    pub spoiled: bool,
}

impl Correlation {
    /// Adds a condition about the inner row.
    pub fn add_filter(&mut self, cx: &mut Checker, more: ExprId, span: Span) {
        self.filter = Some(match self.filter {
            Some(before) => cx.and(before, more, span),
            None => more,
        });
    }
}

/// Takes a condition about two rows apart.
pub(crate) fn keys_and_filter(cx: &mut Checker, condition: &ast::Expr, rule: Rule, inner: &Env, outer: &Env) -> Correlation {
    let mut out = Correlation::default();
    let mut inner = inner.clone();
    for part in conjuncts(condition) {
        match cx.side(part, rule, &inner, outer) {
            Side::Neither | Side::Inner => {
                let id = cx.filter(part, &inner);
                inner = inner.knowing(known::facts(cx.exprs(), id, true));
                out.spoiled |= cx.is_unknown(id);
                out.add_filter(cx, id, condition.span);
            }
            Side::Outer => {
                let before = cx.findings.len();
                let id = cx.filter(part, outer);
                if rule == Rule::InAggregate {
                    blame_the_inner_row(cx, part, before, &inner);
                }
                out.spoiled |= cx.is_unknown(id);
                out.guard = Some(match out.guard {
                    Some(before) => cx.and(before, id, condition.span),
                    None => id,
                });
            }
            Side::Both => match key(cx, part, rule, &inner, outer) {
                Some(key) => out.keys.push(key),
                None => out.spoiled = true,
            },
        }
    }
    out
}

/// A bare name beside `this.field` that means nothing was meant to be the inner row's: the finding speaks of that.
fn blame_the_inner_row(cx: &mut Checker, part: &ast::Expr, before: usize, inner: &Env) {
    let ExprKind::Binary(binary) = &part.kind else { return };
    let guilty = cx.findings.get(before).filter(|f| matches!(f.code, codes::UNKNOWN_FIELD | codes::UNKNOWN_NAME)).and_then(Finding::span);
    let bare = [&binary.left, &binary.right].into_iter().find(|side| Some(side.span) == guilty && matches!(side.kind, ExprKind::Name(_)));
    if let Some(bare) = bare {
        cx.findings.truncate(before);
        cx.expr(bare, inner);
    }
}

/// `inner = outer`, or `date in period` with a period of a known length.
fn key(cx: &mut Checker, part: &ast::Expr, rule: Rule, inner: &Env, outer: &Env) -> Option<(ExprId, ExprId)> {
    let ExprKind::Binary(binary) = &part.kind else {
        cx.report(correlated(part.span));
        return None;
    };
    let sides = (cx.side(&binary.left, rule, inner, outer), cx.side(&binary.right, rule, inner, outer));
    match (binary.op, sides) {
        (BinaryOp::Compare(Compare::Equal), (Side::Inner, Side::Outer)) => {
            equal_key(cx, &binary.left, &binary.right, part.span, inner, outer)
        }
        (BinaryOp::Compare(Compare::Equal), (Side::Outer, Side::Inner)) => {
            equal_key(cx, &binary.right, &binary.left, part.span, inner, outer)
        }
        (BinaryOp::In, (Side::Inner, Side::Outer)) => period_key(cx, binary, part.span, inner, outer),
        _ => {
            cx.report(correlated(part.span));
            None
        }
    }
}

fn correlated(span: Span) -> Finding {
    Finding::new(codes::CORRELATED, span, "this compares each row with every other, which would take forever on a large book")
        .help("rows of two kinds are matched by `=`: `field = this.field`, joined to other conditions by `and`")
}

fn equal_key(cx: &mut Checker, inner: &ast::Expr, outer: &ast::Expr, span: Span, here: &Env, there: &Env) -> Option<(ExprId, ExprId)> {
    let a = cx.expr(inner, here);
    let want = cx.kind(a);
    let b = cx.expr_as(outer, there, Some(want));
    // The comparison itself is only made to find out whether the two go together; the key replaces it.
    let compared = cx.compare(CompareOp::Equal, (a, inner.span), (b, outer.span), span);
    if cx.is_unknown(compared) {
        return None;
    }
    let (a, b) = match (cx.kind(a).scale(), cx.kind(b).scale()) {
        (Some(x), Some(y)) => (cx.rescale(a, x.max(y)), cx.rescale(b, x.max(y))),
        _ => cx.fold_key(a, b, span),
    };
    Some((a, b))
}

fn period_key(cx: &mut Checker, binary: &ast::Binary, span: Span, inner: &Env, outer: &Env) -> Option<(ExprId, ExprId)> {
    let day = cx.expr(&binary.left, inner);
    let period = cx.expr(&binary.right, outer);
    match cx.kind(period) {
        Type::Unknown => None,
        Type::Period(Some(grain)) if !cx.is_unknown(day) => {
            let own = cx.builtin(&format!("{}_of", grain.word()), vec![day], &[binary.left.span], span);
            (!cx.is_unknown(own)).then_some((own, period))
        }
        _ => {
            cx.report(correlated(span));
            None
        }
    }
}

impl Checker {
    fn fold_key(&mut self, a: ExprId, b: ExprId, span: Span) -> (ExprId, ExprId) {
        let folds = |kind| matches!(kind, Type::Text { fold: true });
        if folds(self.kind(a)) || folds(self.kind(b)) {
            return (self.builtin("@fold", vec![a], &[span], span), self.builtin("@fold", vec![b], &[span], span));
        }
        (a, b)
    }

    /// `sum([all] ENTITY[.path] [via FIELD] [where CONDITION] [by x])`.
    pub(super) fn aggregate(&mut self, op: AggOp, name: &str, args: &[ast::Arg], span: Span, env: &Env) -> ExprId {
        let [arg] = args else {
            let finding = Finding::new(codes::ARGUMENT_COUNT, span, format!("`{name}` is over the rows of one entity"));
            let finding = match op {
                AggOp::Min => finding.help("the smaller of two values is `least(a, b)`"),
                AggOp::Max => finding.help("the greater of two values is `greatest(a, b)`"),
                _ => finding.help(format!("write `{name}(sale.amount where …)`")),
            };
            return self.spoil(finding);
        };
        if let Some(within) = &arg.within {
            return self.spoil(
                Finding::new(codes::WRONG_ARGUMENT, within.span, "`within` goes only into `rank` and `share_of_total`")
                    .help("an aggregate is narrowed by `where`: `where region = this.region`"),
            );
        }
        let Some(root) = self.root_entity(&arg.value, env) else {
            if let Some(misspelt) = self.misspelt_entity(&arg.value, env) {
                return misspelt;
            }
            let names = crate::words::list(self.tables.symbols.entities.keys().map(String::as_str), 8);
            return self.spoil(
                Finding::new(codes::AGGREGATE_ROWS, arg.value.span, format!("`{name}` does not say over whose rows"))
                    .help(format!("name the entity: `{name}(sale.amount)`, `{name}(all account.revenue)`; entities here: {names}")),
            );
        };
        self.aggregate_over(op, name, arg, root, span, env)
    }

    /// Rows of `ordr`, where there is an entity `order`.
    fn misspelt_entity(&mut self, value: &ast::Expr, env: &Env) -> Option<ExprId> {
        let mut root = value;
        while let ExprKind::Field(base, _) | ExprKind::Paren(base) = &root.kind {
            root = base;
        }
        let ExprKind::Name(name) = &root.kind else { return None };
        let near = kamrules_base::near::nearest(name, self.tables.symbols.entities.keys().map(String::as_str));
        if self.is_in_reach(name, env) || near.is_none() {
            return None;
        }
        crate::collect::entity_named(self, &ast::Name { text: name.clone(), span: root.span });
        Some(self.unknown(value.span))
    }

    /// The first entity that an expression names.
    pub(super) fn root_entity(&self, expr: &ast::Expr, env: &Env) -> Option<(EntityId, String)> {
        let first = |exprs: &[&ast::Expr]| exprs.iter().find_map(|expr| self.root_entity(expr, env));
        match &expr.kind {
            ExprKind::Name(name) if !env.params.iter().any(|(param, _)| param == name) => {
                self.tables.symbols.entities.get(name.as_str()).map(|&id| (id, name.clone()))
            }
            ExprKind::Field(base, _) | ExprKind::Paren(base) | ExprKind::Unary(_, base) | ExprKind::IsKnown(base, _) => {
                self.root_entity(base, env)
            }
            ExprKind::Call(callee, args) => {
                self.root_entity(callee, env).or_else(|| args.iter().find_map(|arg| self.root_entity(&arg.value, env)))
            }
            ExprKind::Binary(binary) => first(&[&binary.left, &binary.right]),
            ExprKind::If(parts) => first(&[&parts.condition, &parts.then, &parts.otherwise]),
            ExprKind::Match(parts) => {
                self.root_entity(&parts.subject, env).or_else(|| parts.arms.iter().find_map(|arm| self.root_entity(&arm.value, env)))
            }
            _ => None,
        }
    }

    fn aggregate_over(&mut self, op: AggOp, name: &str, arg: &ast::Arg, root: (EntityId, String), span: Span, env: &Env) -> ExprId {
        let (rows, root_name) = root;
        let inner = Env {
            this: This::Outside,
            params: env.params.iter().filter(|(_, value)| self.exprs().ctx(*value) == Ctx::Policy).cloned().collect(),
            row_name: Some(root_name.clone()),
            ..Env::about(Ctx::Entity(rows))
        };
        let mut narrowed = Correlation::default();
        let own = if arg.all { self.all_rows(arg, span) } else { self.own_rows(rows, &root_name, arg, span, env, &mut narrowed) };
        let inner = self.where_yes(&inner, narrowed.rows);
        let mut found = match &arg.filter {
            Some(condition) => keys_and_filter(self, condition, Rule::InAggregate, &inner, env),
            None => Correlation::default(),
        };
        found.keys.splice(0..0, narrowed.keys);
        let known_rows = self.where_yes(&inner, found.filter);
        let is_rows = matches!(&arg.value.kind, ExprKind::Name(name) if *name == root_name);
        let value = if is_rows { None } else { self.aggregated(&arg.value, &known_rows, env, name) };
        let order = self.aggregate_order(op, arg, &known_rows, name);
        if !own || found.spoiled || value.is_some_and(|id| self.is_unknown(id)) || order.is_some_and(|id| self.is_unknown(id)) {
            return self.unknown(span);
        }
        let (value, filter) = self.tested_rows(op, rows, value, found.filter, span);
        let filter = match (narrowed.rows, filter) {
            (Some(rows), Some(filter)) => Some(self.and(rows, filter, span)),
            (rows, filter) => rows.or(filter),
        };
        let Some(ty) = self.aggregate_type(op, name, value, rows, arg.value.span) else { return self.unknown(span) };
        let value = if op == AggOp::Count { None } else { value };
        let operands: Vec<ExprId> = found.keys.iter().map(|(_, outer)| *outer).chain(found.guard).collect();
        let ctx = self.join_ctx(&operands);
        let node = Aggregate { op, rows, value, filter, order, keys: found.keys.into(), guard: found.guard };
        self.add(Node::Aggregate(Box::new(node)), ty, ctx, span)
    }

    /// The rows for which a condition is yes.
    fn where_yes(&self, env: &Env, condition: Option<ExprId>) -> Env {
        condition.map_or_else(|| env.clone(), |id| env.knowing(known::facts(self.exprs(), id, true)))
    }

    fn all_rows(&mut self, arg: &ast::Arg, span: Span) -> bool {
        if let Some(via) = &arg.via {
            self.report(
                Finding::new(codes::AGGREGATE_ROWS, via.span, "`all` takes every row, `via` the row's own: only one of them goes")
                    .help("take one out"),
            );
        }
        let _ = span;
        arg.via.is_none()
    }

    /// What is aggregated: about an inner row, and there.
    fn aggregated(&mut self, value: &ast::Expr, inner: &Env, outer: &Env, name: &str) -> Option<ExprId> {
        if matches!(self.side(value, Rule::InAggregate, inner, outer), Side::Outer | Side::Both) {
            return Some(self.spoil(crossed(value.span)));
        }
        let id = self.expr(value, inner);
        Some(self.require_known(id, inner, value.span, &format!("`{name}`")))
    }

    fn aggregate_order(&mut self, op: AggOp, arg: &ast::Arg, inner: &Env, name: &str) -> Option<ExprId> {
        match (op, &arg.by) {
            (AggOp::First | AggOp::Last, Some(by)) => {
                let id = self.expr(by, inner);
                Some(self.require_known(id, inner, by.span, &format!("the order of `{name}`")))
            }
            (AggOp::First | AggOp::Last, None) => Some(
                self.spoil(
                    Finding::new(codes::WRONG_ARGUMENT, arg.span, format!("`{name}` does not say in what order"))
                        .help(format!("write `{name}(contact.name by influence)`")),
                ),
            ),
            (_, Some(by)) => Some(
                self.spoil(
                    Finding::new(codes::WRONG_ARGUMENT, by.span, format!("`{name}` has no order: `by` goes into `first` and `last`"))
                        .help("a value per group is a metric: `metric name for entity by group { value = … }`"),
                ),
            ),
            (_, None) => None,
        }
    }

    /// `any`, `every` and `share` of bare rows test the `where` on each row; `only`, `first` and `last` give the row itself.
    fn tested_rows(
        &mut self,
        op: AggOp,
        rows: EntityId,
        value: Option<ExprId>,
        filter: Option<ExprId>,
        span: Span,
    ) -> (Option<ExprId>, Option<ExprId>) {
        match (op, value, filter) {
            (AggOp::Any, None, filter) => (Some(self.flag(true, span)), filter),
            (AggOp::Only | AggOp::First | AggOp::Last, None, filter) => {
                let row = self.add(Node::Row(rows), Ty::known(Type::Row(rows)), Ctx::Entity(rows), span);
                (Some(row), filter)
            }
            (AggOp::Every | AggOp::Share, None, Some(filter)) => {
                let no = self.flag(false, span);
                let ctx = self.join_ctx(&[filter]);
                let sure = if self.ty(filter).optional { self.add(Node::OrElse(filter, no), Ty::FLAG, ctx, span) } else { filter };
                (Some(sure), None)
            }
            other => (other.1, other.2),
        }
    }

    fn aggregate_type(&mut self, op: AggOp, name: &str, value: Option<ExprId>, rows: EntityId, at: Span) -> Option<Ty> {
        let kind = value.map(|id| self.kind(id));
        let wide = |kind: Type| Ty::maybe(kind.with_scale(DIVIDE_SCALE));
        let ty = match (op, kind) {
            (AggOp::Count, _) => Some(Ty::INTEGER),
            (AggOp::Sum, Some(kind @ (Type::Number { .. } | Type::Money { .. } | Type::Duration(_)))) => Some(Ty::known(kind)),
            (AggOp::Average | AggOp::Median, Some(kind @ (Type::Number { .. } | Type::Money { .. }))) => Some(wide(kind)),
            (AggOp::Min | AggOp::Max, Some(kind)) if is_ordered(kind) => Some(Ty::maybe(kind)),
            (AggOp::Any | AggOp::Every, Some(Type::Flag)) => Some(Ty::FLAG),
            (AggOp::Share, Some(Type::Flag)) => Some(Ty::maybe(Type::Number { scale: DIVIDE_SCALE, percent: true })),
            (AggOp::Only | AggOp::First | AggOp::Last, Some(kind)) => Some(Ty::maybe(kind)),
            _ => None,
        };
        if ty.is_none() {
            let entity = self.model.entity(rows).name.clone();
            let wants = match op {
                AggOp::Sum => "numbers, money or durations",
                AggOp::Average | AggOp::Median => "numbers or money",
                AggOp::Min | AggOp::Max => "values that have an order",
                _ => "yes or no of each row",
            };
            let got = kind.map_or_else(|| format!("rows of `{entity}`"), |kind| crate::words::kind(&self.model, kind));
            let help = match op {
                AggOp::Any | AggOp::Every | AggOp::Share => format!("write `{name}({entity} where …)`"),
                _ => format!("name a field: `{name}({entity}.field)`"),
            };
            self.report(Finding::new(codes::WRONG_ARGUMENT, at, format!("`{name}` is over {wants}, but these are {got}")).help(help));
        }
        ty
    }

    /// Narrows an aggregate to the present row's own rows.
    fn own_rows(&mut self, rows: EntityId, name: &str, arg: &ast::Arg, span: Span, env: &Env, found: &mut Correlation) -> bool {
        match env.ctx {
            Ctx::Policy => true,
            Ctx::Entity(entity) => {
                let Some(reference) = self.reference_to(rows, name, entity, arg, span) else { return false };
                let inner = self.loaded(reference, span);
                let outer = self.add(Node::Row(entity), Ty::known(Type::Row(entity)), env.ctx, span);
                found.keys.insert(0, (inner, outer));
                true
            }
            Ctx::Group(metric) => self.group_rows(metric, rows, name, arg, span, found),
        }
    }

    fn group_rows(
        &mut self,
        metric: kamrules_model::MetricId,
        rows: EntityId,
        name: &str,
        arg: &ast::Arg,
        span: Span,
        found: &mut Correlation,
    ) -> bool {
        let of = self.model.metric(metric).clone();
        let Some(entity) = of.entity else { return true };
        let reference = if rows == entity && arg.via.is_none() {
            None
        } else {
            let Some(field) = self.reference_to(rows, name, entity, arg, span) else { return false };
            Some(self.loaded(field, span))
        };
        let there = |cx: &mut Self, id: ExprId| reference.map_or(id, |reference| cx.at_row(reference, id, span));
        for (i, &group) in of.groups.iter().enumerate() {
            let inner = there(self, group);
            let ty = self.ty(group);
            let outer = self.add(Node::GroupKey(metric, i as u32), ty, Ctx::Group(metric), span);
            let loaded = |id: ExprId| match self.exprs().node(id) {
                Node::Through { value, .. } => matches!(self.exprs().node(*value), Node::Field(_)),
                node => matches!(node, Node::Field(_) | Node::Row(_)),
            };
            if !self.ty(inner).optional && loaded(inner) {
                found.keys.push((inner, outer));
                continue;
            }
            // Missing equals nothing, but rows without a value are a group of their own, such as those that two rungs claim: whether there is a
            // value is a key too.
            let there = (self.is_known(inner, true, span), self.is_known(outer, true, span));
            found.keys.push(there);
            let nothing = self.any_value(ty.kind, span);
            let mut filled = |id: ExprId| {
                let ctx = self.exprs().ctx(id);
                self.add(Node::OrElse(id, nothing), Ty::known(ty.kind), ctx, span)
            };
            let pair = (filled(inner), filled(outer));
            found.keys.push(pair);
        }
        if let Some(filter) = of.filter {
            found.rows = Some(there(self, filter));
        }
        true
    }

    /// Some value of a type, whichever.
    fn any_value(&mut self, kind: Type, span: Span) -> ExprId {
        let value = match kind {
            Type::Text { .. } => Value::Text(self.model.texts.intern("")),
            Type::Date => Value::Date(0),
            Type::Time => Value::Time(0),
            Type::Duration(_) => Value::Duration(kamrules_model::Duration::default()),
            Type::Flag | Type::Unknown => Value::Flag(false),
            Type::Pick(_) => Value::Pick(0),
            Type::Row(_) => Value::Row(0),
            Type::Period(_) => Value::Period(kamrules_model::Period::one(kamrules_model::Grain::Year, 0)),
            Type::Label(_) => Value::Label(kamrules_model::LabelValue { code: 0, row: 0 }),
            Type::Labels(_) => Value::Labels(Box::default()),
            Type::Number { .. } | Type::Money { .. } => Value::Num(0),
        };
        self.constant(value, kind, span)
    }

    /// The field by which rows of one entity refer to rows of another.
    fn reference_to(&mut self, rows: EntityId, name: &str, to: EntityId, arg: &ast::Arg, span: Span) -> Option<FieldId> {
        let of = self.model.entity(rows);
        let refers = |field: &kamrules_model::Field| field.ty.kind == Type::Row(to);
        if let Some(via) = &arg.via {
            let index = of.fields.iter().position(|field| field.name == via.text);
            return match index {
                Some(index) if refers(&of.fields[index]) => Some(FieldId { entity: rows, index: index as u32 }),
                _ => {
                    let message = format!("`{}` of `{name}` is no reference to `{}`", via.text, self.model.entity(to).name);
                    self.report(
                        Finding::new(codes::AGGREGATE_ROWS, via.span, message).help("`via` names the field that refers to this row"),
                    );
                    None
                }
            };
        }
        let references: Vec<u32> = (0..of.fields.len() as u32).filter(|&i| refers(&of.fields[i as usize])).collect();
        let target = self.model.entity(to).name.clone();
        let finding =
            match references.as_slice() {
                [index] => return Some(FieldId { entity: rows, index: *index }),
                [] => Finding::new(codes::AGGREGATE_ROWS, arg.value.span, format!("rows of `{name}` do not refer to `{target}`"))
                    .help(format!("for every row there is, write `all {name}…`; match them with `where field = this.field`"))
                    .help(format!("or give `entity {name}` a field whose type is `{target}`")),
                several => {
                    let fields: Vec<&str> = several.iter().map(|&i| of.fields[i as usize].name.as_str()).collect();
                    Finding::new(codes::AGGREGATE_ROWS, span, format!("rows of `{name}` refer to `{target}` in several ways"))
                        .help(format!("say which: `via {}`; there are {}", fields[0], crate::words::ordered(&fields, 6)))
                }
            };
        self.report(finding);
        None
    }
}

fn is_ordered(kind: Type) -> bool {
    use kamrules_model::DurationKind::Calendar;
    matches!(kind, Type::Number { .. } | Type::Money { .. } | Type::Date | Type::Time | Type::Period(_))
        || matches!(kind, Type::Duration(duration) if duration != Calendar)
}
