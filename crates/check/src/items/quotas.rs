//! Quotas: a target and an actual for each period, and the whole span's total.

use super::head::{self, Parts, suit};
use super::items_of;
use crate::checker::{Checker, ItemRef, Key};
use crate::lower::Env;
use kamrules_base::decimal::pow10;
use kamrules_base::{Decimal, Finding, Span, codes, near};
use kamrules_model::arith::DIVIDE_SCALE;
use kamrules_model::{ArithOp, CompareOp, Ctx, ExprId, Grain, Node, Period, Quota, QuotaCell, Ty, Type, Value};
use kamrules_syntax::ast::{self, ItemKind, QuotaClauseKind};

const PARTS: [&str; 4] = ["target", "actual", "attainment", "remaining"];

/// Lowers every quota.
pub(crate) fn quotas(cx: &mut Checker) {
    for (at, item, quota) in items_of!(cx, Quota) {
        let parts = Parts { display: true, entity: true, by: true, periods: true, filter: true, ..Parts::default() };
        suit(cx, &quota.head, "a `quota`", parts);
        clauses(cx, &quota);
        let Some(holder) = head::entity(cx, &quota.head) else { continue };
        let Some((grain, span)) = grain_and_span(cx, &quota.head) else { continue };
        let Some(periods) = cx.model.settings.calendar.parts(span, grain) else { continue };
        let name = quota.head.name.span;
        let cells: Vec<QuotaCell> = periods.iter().map(|&period| cell(cx, at, period, name)).collect();
        let total = (cells.len() > 1).then(|| cell(cx, at, span, name));
        cx.model.quotas.push(Quota {
            name: quota.head.name.text.clone(),
            display: head::display(&quota.head),
            doc: item.doc.clone(),
            holder,
            periods: cells,
            total,
            split: split(&quota).is_some(),
            span: name,
        });
    }
}

fn clauses(cx: &mut Checker, quota: &ast::Quota) {
    let mut seen: Vec<(std::mem::Discriminant<QuotaClauseKind>, Span)> = Vec::new();
    for clause in &quota.clauses {
        let kind = std::mem::discriminant(&clause.kind);
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == kind) {
            cx.report(Finding::new(codes::CLAUSE_TWICE, clause.span, "this is said twice").also(*first, "the first").help("take one out"));
        }
        seen.push((kind, clause.span));
    }
    if !quota.clauses.iter().any(|clause| matches!(clause.kind, QuotaClauseKind::Target(_))) {
        let finding = Finding::new(codes::CLAUSE_LACKING, quota.head.name.span, format!("`{}` has no target", quota.head.name.text))
            .help("write `target = …` in its braces");
        cx.report(finding);
    }
    check_split(cx, quota);
}

fn split(quota: &ast::Quota) -> Option<(&[(Decimal, Span)], Span)> {
    quota.clauses.iter().find_map(|clause| match &clause.kind {
        QuotaClauseKind::Split(shares) => Some((shares.as_slice(), clause.span)),
        _ => None,
    })
}

fn check_split(cx: &mut Checker, quota: &ast::Quota) {
    let Some((shares, clause)) = split(quota) else { return };
    let span = match shares {
        [(_, first), .., (_, last)] => first.to(*last),
        _ => clause,
    };
    let scale = shares.iter().map(|(share, _)| share.scale).max().unwrap_or(0).max(2);
    let sum: i128 = shares.iter().filter_map(|(share, _)| share.rescale(scale)).map(|share| share.units).sum();
    if sum != pow10(u32::from(scale)) {
        let percent = Decimal::new(sum * 100, scale).normal();
        let rest = Decimal::new((pow10(u32::from(scale)) - sum) * 100, scale).normal();
        let off = if rest.units > 0 {
            format!("{rest}% is not given out")
        } else {
            format!("{}% is given out twice", Decimal::new(-rest.units, rest.scale))
        };
        let finding = Finding::new(codes::SPLIT, span, format!("the parts add up to {percent}%, not 100%"))
            .here(off)
            .help("change one of the parts so that they add up to 100%");
        cx.report(finding);
    }
    if let (Some(grain), Some(whole)) = (head::grain(&quota.head).0, head::periods(cx, &quota.head))
        && let Some(periods) = cx.model.settings.calendar.parts(whole, grain)
        && periods.len() != shares.len()
    {
        let message = format!("there are {} parts for {} {}s", shares.len(), periods.len(), grain.word());
        cx.report(Finding::new(codes::SPLIT, span, message).help(format!("write one share for each {}", grain.word())));
    }
}

fn grain_and_span(cx: &mut Checker, head: &ast::Head) -> Option<(Grain, Period)> {
    let (grain, rest) = head::grain(head);
    if let Some(path) = rest.first() {
        let finding = Finding::new(codes::HEADER, path.span, "a quota goes by `year`, `quarter`, `month` or `week`")
            .help("its holders are the rows of the entity behind `for`");
        cx.report(finding);
        return None;
    }
    let span = head::periods(cx, head);
    if span.is_none() && head.within.is_none() {
        let finding = Finding::new(codes::HEADER, head.name.span, format!("`{}` does not say which periods it is for", head.name.text))
            .help(format!("write `quota {} for rep by quarter in FY2026`", head.name.text));
        cx.report(finding);
    }
    let span = span?;
    Some((grain.unwrap_or(span.grain), span))
}

fn cell(cx: &mut Checker, at: ItemRef, period: Period, span: Span) -> QuotaCell {
    let mut part = |name| {
        let id = part(cx, at, period, name, span);
        (!cx.is_unknown(id)).then_some(id)
    };
    let (target, actual) = (part("target"), part("actual"));
    let (attainment, remaining) = (part("attainment"), part("remaining"));
    let applies = part("applies").filter(|&id| !matches!(cx.exprs().node(id), Node::Const(Value::Flag(true))));
    QuotaCell { period, applies, target, actual, attainment, remaining }
}

/// A part of a quota in a period: `target`, `actual`, `attainment`, `remaining`, and `applies`. Unknown when the quota does not have it.
fn part(cx: &mut Checker, at: ItemRef, period: Period, name: &'static str, span: Span) -> ExprId {
    let files = cx.tables.files.clone();
    let ItemKind::Quota(quota) = &files[at.0 as usize].1.items[at.1 as usize].kind else { return cx.unknown(span) };
    let title = format!("{}({}).{name}", quota.head.name.text, cx.model.settings.calendar.name(period));
    cx.once(Key::Quota(at, period, name), &title, span, |cx| lower(cx, at, quota, period, name, span))
}

fn lower(cx: &mut Checker, at: ItemRef, quota: &ast::Quota, period: Period, name: &'static str, span: Span) -> ExprId {
    let Some(holder) = head::entity(cx, &quota.head) else { return cx.unknown(span) };
    let grain = head::grain(&quota.head).0.unwrap_or(period.grain);
    let one = period.grain == grain && period.first == period.last;
    match name {
        "attainment" => {
            let (actual, target) = (part(cx, at, period, "actual", span), part(cx, at, period, "target", span));
            attainment(cx, actual, target, span)
        }
        "remaining" => {
            let (actual, target) = (part(cx, at, period, "actual", span), part(cx, at, period, "target", span));
            remaining(cx, actual, target, span)
        }
        "applies" if one => applies(cx, quota, holder, period, span),
        "target" if one && split(quota).is_some() => split_part(cx, quota, holder, period, span),
        "target" if split(quota).is_some() => whole_target(cx, quota, holder, period, span),
        _ if one => in_period(cx, quota, holder, period, name, span),
        _ => sum_of_parts(cx, at, quota, period, grain, name, span),
    }
}

fn env_of(cx: &mut Checker, quota: &ast::Quota, holder: kamrules_model::EntityId, period: Period, span: Span) -> (Option<ExprId>, Env) {
    let value = cx.constant(Value::Period(period), Type::Period(Some(period.grain)), span);
    let env = Env::about(Ctx::Entity(holder)).with_param("period", value);
    let Some(condition) = &quota.head.filter else { return (None, env) };
    let filter = cx.filter(condition, &env);
    let mut env = env.knowing(crate::known::facts(cx.exprs(), filter, true));
    env.population = (!cx.is_unknown(filter)).then_some(filter);
    (Some(filter), env)
}

fn applies(cx: &mut Checker, quota: &ast::Quota, holder: kamrules_model::EntityId, period: Period, span: Span) -> ExprId {
    match env_of(cx, quota, holder, period, span).0 {
        Some(filter) => filter,
        None => cx.flag(true, span),
    }
}

fn clause<'a>(quota: &'a ast::Quota, name: &str) -> Option<&'a ast::Expr> {
    quota.clauses.iter().find_map(|clause| match (&clause.kind, name) {
        (QuotaClauseKind::Target(expr), "target") | (QuotaClauseKind::Actual(expr), "actual") => Some(expr),
        _ => None,
    })
}

/// A clause in one period, money to the cent; missing where the quota does not apply.
fn in_period(cx: &mut Checker, quota: &ast::Quota, holder: kamrules_model::EntityId, period: Period, name: &str, span: Span) -> ExprId {
    let Some(expr) = clause(quota, name) else { return cx.unknown(span) };
    let (filter, env) = env_of(cx, quota, holder, period, span);
    let value = cx.expr(expr, &env);
    let value = to_the_cent(cx, value, expr.span);
    let value = if name == "actual" { once_begun(cx, value, period, quota.head.name.span) } else { value };
    where_it_applies(cx, filter, value, span)
}

/// A period that begins after `today` has no actual yet.
fn once_begun(cx: &mut Checker, value: ExprId, period: Period, span: Span) -> ExprId {
    let Some((start, _)) = cx.model.settings.calendar.bounds(period) else { return value };
    if cx.is_unknown(value) {
        return value;
    }
    cx.tables.uses_today.get_or_insert(span);
    let today = cx.add(Node::Today, Ty::known(Type::Date), Ctx::Policy, span);
    let first = cx.constant(Value::Date(start.0), Type::Date, span);
    let begun = cx.add(Node::Compare(CompareOp::GreaterOrEqual, today, first), Ty::FLAG, Ctx::Policy, span);
    let kind = cx.kind(value);
    let nothing = cx.add(Node::Missing, Ty::maybe(kind), Ctx::Policy, span);
    let ctx = cx.exprs().ctx(value);
    cx.add(Node::If(begun, value, nothing), Ty::maybe(kind), ctx, span)
}

fn to_the_cent(cx: &mut Checker, value: ExprId, span: Span) -> ExprId {
    match cx.kind(value) {
        Type::Money { .. } => cx.rescale(value, 2),
        Type::Number { .. } | Type::Unknown => value,
        _ => {
            let message = format!("a quota counts money or a number, but this is {}", cx.kind_of(value));
            cx.spoil(Finding::new(codes::WRONG_TYPES, span, message))
        }
    }
}

fn where_it_applies(cx: &mut Checker, filter: Option<ExprId>, value: ExprId, span: Span) -> ExprId {
    let Some(filter) = filter else { return value };
    if cx.is_unknown(filter) || cx.is_unknown(value) {
        return cx.unknown(span);
    }
    let kind = cx.kind(value);
    let nothing = cx.add(Node::Missing, Ty::maybe(kind), Ctx::Policy, span);
    let no = cx.flag(false, span);
    let ctx = cx.join_ctx(&[filter, value]);
    let sure = if cx.ty(filter).optional { cx.add(Node::OrElse(filter, no), Ty::FLAG, ctx, span) } else { filter };
    cx.add(Node::If(sure, value, nothing), Ty::maybe(kind), ctx, span)
}

/// The target of the whole span, before it is split: the target's formula with the whole as its period.
fn whole_target(cx: &mut Checker, quota: &ast::Quota, holder: kamrules_model::EntityId, period: Period, span: Span) -> ExprId {
    match head::periods(cx, &quota.head) {
        Some(whole) if whole == period => in_period(cx, quota, holder, whole, "target", span),
        _ => cx.spoil(split_period(quota, span)),
    }
}

fn split_period(quota: &ast::Quota, span: Span) -> Finding {
    Finding::new(
        codes::QUOTA_PERIOD,
        span,
        format!("the target of `{}` is split over its own span, and only known for that and its parts", quota.head.name.text),
    )
    .also(quota.head.name.span, "declared here")
}

fn split_part(cx: &mut Checker, quota: &ast::Quota, holder: kamrules_model::EntityId, period: Period, span: Span) -> ExprId {
    let (Some(whole), Some((shares, _))) = (head::periods(cx, &quota.head), split(quota)) else { return cx.unknown(span) };
    let parts = cx.model.settings.calendar.parts(whole, period.grain).unwrap_or_default();
    let Some(index) = parts.iter().position(|part| *part == period) else { return cx.spoil(split_period(quota, span)) };
    if index >= shares.len() {
        return cx.unknown(span);
    }
    let total = in_period(cx, quota, holder, whole, "target", span);
    let total = if cx.is_unknown(total) { total } else { cx.rescale(total, 2) };
    if cx.is_unknown(total) {
        return total;
    }
    let (ty, ctx) = (cx.ty(total), cx.exprs().ctx(total));
    let shares = shares.iter().map(|(share, _)| *share).collect();
    cx.add(Node::Split { total, shares, index: index as u32 }, ty, ctx, span)
}

/// The total of several periods adds their parts, those in which the quota does not apply counting nothing.
fn sum_of_parts(cx: &mut Checker, at: ItemRef, quota: &ast::Quota, period: Period, grain: Grain, name: &'static str, span: Span) -> ExprId {
    let parts = cx.model.settings.calendar.parts(period, grain).unwrap_or_default();
    if parts.is_empty() || (period.grain != grain && period.grain > grain) {
        let finding = Finding::new(
            codes::QUOTA_PERIOD,
            span,
            format!("`{}` goes by {}, which this period is no whole number of", quota.head.name.text, grain.word()),
        )
        .also(quota.head.name.span, "declared here");
        return cx.spoil(finding);
    }
    let ids: Vec<ExprId> = parts.iter().map(|&p| part(cx, at, p, name, span)).collect();
    if ids.iter().any(|&id| cx.is_unknown(id)) {
        return cx.unknown(span);
    }
    if name == "applies" {
        return ids.into_iter().reduce(|a, b| cx.or(a, b, span)).unwrap_or_else(|| cx.flag(true, span));
    }
    let mut sum: Option<ExprId> = None;
    for id in ids {
        let id = or_zero(cx, id, span);
        sum = Some(match sum {
            None => id,
            Some(before) => add(cx, before, id, span),
        });
    }
    sum.unwrap_or_else(|| cx.unknown(span))
}

fn or_zero(cx: &mut Checker, id: ExprId, span: Span) -> ExprId {
    let ty = cx.ty(id);
    if !ty.optional {
        return id;
    }
    let zero = cx.constant(Value::Num(0), ty.kind, span);
    let ctx = cx.exprs().ctx(id);
    cx.add(Node::OrElse(id, zero), Ty::known(ty.kind), ctx, span)
}

fn add(cx: &mut Checker, a: ExprId, b: ExprId, span: Span) -> ExprId {
    let (x, y) = (cx.kind(a), cx.kind(b));
    let Some(kind) = crate::lower::join(x, y) else { return cx.unknown(span) };
    let ctx = cx.join_ctx(&[a, b]);
    cx.add(Node::Arith(ArithOp::Add, a, b), Ty::known(kind), ctx, span)
}

fn attainment(cx: &mut Checker, actual: ExprId, target: ExprId, span: Span) -> ExprId {
    let suits =
        matches!((cx.kind(actual), cx.kind(target)), (Type::Money { .. }, Type::Money { .. }) | (Type::Number { .. }, Type::Number { .. }));
    if !suits {
        return cx.unknown(span);
    }
    let ctx = cx.join_ctx(&[actual, target]);
    let ty = Ty::maybe(Type::Number { scale: DIVIDE_SCALE, percent: true });
    cx.add(Node::Arith(ArithOp::Divide, actual, target), ty, ctx, span)
}

fn remaining(cx: &mut Checker, actual: ExprId, target: ExprId, span: Span) -> ExprId {
    let (a, t) = (cx.kind(actual), cx.kind(target));
    let Some(kind) = crate::lower::join(a, t).filter(|kind| kind.scale().is_some()) else {
        if !cx.is_unknown(actual) && !cx.is_unknown(target) {
            let message = format!("target and actual are of one kind, here {} and {}", cx.kind_of(target), cx.kind_of(actual));
            return cx.spoil(Finding::new(codes::WRONG_TYPES, span, message));
        }
        return cx.unknown(span);
    };
    let optional = cx.ty(actual).optional || cx.ty(target).optional;
    let ctx = cx.join_ctx(&[actual, target]);
    cx.add(Node::Arith(ArithOp::Subtract, target, actual), Ty { kind, optional }, ctx, span)
}

impl Checker {
    /// `quota` without a period or a part.
    pub fn quota_needs_part(&mut self, item: ItemRef, span: Span) -> ExprId {
        let name = quota_name(self, item);
        self.spoil(
            Finding::new(codes::QUOTA_PERIOD, span, format!("`{name}` is a quota: say of which period, and what of it"))
                .help(format!("write `{name}(FY2026-Q1).target`, or `.actual`, `.attainment`, `.remaining`")),
        )
    }

    /// `quota(PERIOD).part`.
    pub fn quota_value(&mut self, item: ItemRef, args: &[ast::Arg], part: &ast::Name, span: Span, env: &Env) -> ExprId {
        let name = quota_name(self, item);
        let Some(known) = PARTS.iter().find(|known| **known == part.text) else {
            let mut finding = Finding::new(codes::UNKNOWN_FIELD, part.span, format!("a quota has no `{}`", part.text));
            if let Some(near) = near::nearest(&part.text, PARTS) {
                finding = finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), part.span, near);
            }
            return self.spoil(finding.help("it has `target`, `actual`, `attainment` and `remaining`"));
        };
        if *known != "target" && !has_actual(self, item) {
            let finding = Finding::new(codes::CLAUSE_LACKING, part.span, format!("`{name}` says no actual, so it has no `{known}`"));
            return self.spoil(finding.help("write `actual = …` in its braces"));
        }
        let lowered = self.plain_args(args, env);
        match lowered.as_slice() {
            [id] => match (self.exprs().node(*id).clone(), self.kind(*id)) {
                (Node::Const(Value::Period(period)), _) => self::part(self, item, period, known, span),
                (_, Type::Unknown) => *id,
                (_, Type::Period(Some(grain))) => self.part_of_the_day(item, *id, grain, known, span),
                _ => self.spoil(
                    Finding::new(codes::QUOTA_PERIOD, span, format!("`{name}` is asked for by a period"))
                        .help(format!("write `{name}(FY2026-Q1).{known}`, or `{name}(quarter_of(today)).{known}`")),
                ),
            },
            _ => self.quota_needs_part(item, span),
        }
    }
}

impl Checker {
    /// A part of a quota in a period that is only known with the row or the day: one of the quota's own; outside of them it is missing.
    fn part_of_the_day(&mut self, item: ItemRef, asked: ExprId, grain: Grain, name: &'static str, span: Span) -> ExprId {
        let files = self.tables.files.clone();
        let ItemKind::Quota(quota) = &files[item.0 as usize].1.items[item.1 as usize].kind else { return self.unknown(span) };
        let Some((own, whole)) = grain_and_span(self, &quota.head) else { return self.unknown(span) };
        let periods = self.model.settings.calendar.parts(whole, grain).unwrap_or_default();
        if periods.is_empty() || grain > own {
            let message = format!("`{}` goes by {}, not by {}", quota.head.name.text, own.word(), grain.word());
            return self.spoil(Finding::new(codes::QUOTA_PERIOD, span, message).also(quota.head.name.span, "declared here"));
        }
        let mut chosen: Option<ExprId> = None;
        for period in periods.into_iter().rev() {
            let value = part(self, item, period, name, span);
            if self.is_unknown(value) {
                return value;
            }
            let ty = Ty::maybe(self.kind(value));
            let otherwise = chosen.unwrap_or_else(|| self.add(Node::Missing, ty, Ctx::Policy, span));
            let this = self.constant(Value::Period(period), Type::Period(Some(grain)), span);
            let optional = self.ty(asked).optional;
            let ctx = self.exprs().ctx(asked);
            let same = self.add(Node::Compare(CompareOp::Equal, asked, this), Ty { kind: Type::Flag, optional }, ctx, span);
            let ctx = self.join_ctx(&[same, value, otherwise]);
            chosen = Some(self.add(Node::If(same, value, otherwise), ty, ctx, span));
        }
        chosen.unwrap_or_else(|| self.unknown(span))
    }
}

fn has_actual(cx: &Checker, at: ItemRef) -> bool {
    match &cx.tables.files[at.0 as usize].1.items[at.1 as usize].kind {
        ItemKind::Quota(quota) => clause(quota, "actual").is_some(),
        _ => false,
    }
}

fn quota_name(cx: &Checker, at: ItemRef) -> String {
    match &cx.tables.files[at.0 as usize].1.items[at.1 as usize].kind {
        ItemKind::Quota(quota) => quota.head.name.text.clone(),
        _ => String::new(),
    }
}
