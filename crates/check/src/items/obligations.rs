//! `must`, `should`, `cadence` and `assign`.

use super::head::{self, Parts, suit};
use super::items_of;
use crate::checker::{Checker, ItemRef, Key};
use crate::lower::{Env, Rule, This, keys_and_filter};
use kamrules_base::{Finding, Span, codes, near};
use kamrules_model::{ArithOp, Assign, Cadence, Ctx, DurationKind, ExprId, Node, Obligation, SetId, Ty, Type};
use kamrules_syntax::ast::{self, AssignClauseKind, ItemKind};

/// Lowers obligations, cadences and assignments.
pub(crate) fn obligations(cx: &mut Checker) {
    for (at, item, duty) in items_of!(cx, Obligation) {
        let what = if duty.must { "a `must`" } else { "a `should`" };
        suit(cx, &duty.head, what, Parts { display: true, entity: true, filter: true, ..Parts::default() });
        obligation(cx, at, &item, &duty);
    }
    for (at, item, cadence) in items_of!(cx, Cadence) {
        suit(cx, &cadence.head, "a `cadence`", Parts { display: true, entity: true, filter: true, ..Parts::default() });
        self::cadence(cx, at, &item, &cadence);
    }
    for (_, _, assign) in items_of!(cx, Assign) {
        suit(cx, &assign.head, "an `assign`", Parts { display: true, entity: true, set: true, filter: true, ..Parts::default() });
        self::assign(cx, &assign);
    }
}

fn ctx_of(cx: &Checker, head: &ast::Head) -> Ctx {
    head::entity(cx, head).map_or(Ctx::Policy, Ctx::Entity)
}

fn obligation(cx: &mut Checker, at: ItemRef, item: &ast::Item, duty: &ast::Obligation) {
    let ctx = ctx_of(cx, &duty.head);
    if duty.head.entity.is_some() && ctx == Ctx::Policy {
        return;
    }
    if let (Some(filter), Ctx::Policy) = (&duty.head.filter, ctx) {
        cx.report(
            Finding::new(codes::HEADER, filter.span, "a `where` needs rows: this does not say whose")
                .help("write `for` and an entity behind the name"),
        );
        return;
    }
    let (filter, env) = head::filtered(cx, &duty.head, ctx);
    let holds = cx.condition(&duty.condition, &env, "an obligation");
    cx.obligation_value(at, duty.head.name.span);
    if cx.is_unknown(holds) || filter.is_some_and(|id| cx.is_unknown(id)) {
        return;
    }
    let entity = match ctx {
        Ctx::Entity(entity) => Some(entity),
        _ => None,
    };
    cx.model.obligations.push(Obligation {
        name: duty.head.name.text.clone(),
        display: head::display(&duty.head),
        doc: item.doc.clone(),
        must: duty.must,
        entity,
        filter,
        holds,
        span: duty.head.name.span,
    });
}

fn cadence(cx: &mut Checker, at: ItemRef, item: &ast::Item, cadence: &ast::Cadence) {
    let Some(entity) = head::entity(cx, &cadence.head) else { return };
    let due = cx.cadence_value(at, cadence.head.name.span);
    let Some(&(action, _)) = cx.tables.symbols.actions.get(&cadence.action.text) else {
        let name = &cadence.action;
        if !name.text.is_empty() {
            let mut finding = Finding::new(codes::LEAF, name.span, format!("there is no action `{}`", name.text));
            let names: Vec<&str> = cx.tables.symbols.actions.keys().map(String::as_str).collect();
            if let Some(near) = near::nearest(&name.text, names) {
                finding = finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), name.span, near);
            }
            let entity = cx.model.entity(entity).name.clone();
            cx.report(finding.help(format!("declare it: `action {} for {entity} {{ … }}`", name.text)));
        }
        return;
    };
    let (filter, _) = head::filtered(cx, &cadence.head, Ctx::Entity(entity));
    if cx.is_unknown(due) || filter.is_some_and(|id| cx.is_unknown(id)) {
        return;
    }
    cx.model.cadences.push(Cadence {
        name: cadence.head.name.text.clone(),
        display: head::display(&cadence.head),
        doc: item.doc.clone(),
        entity,
        filter,
        due,
        action,
        span: cadence.head.name.span,
    });
}

fn assign(cx: &mut Checker, assign: &ast::Assign) {
    let Some(entity) = head::entity(cx, &assign.head) else { return };
    let env = Env::about(Ctx::Entity(entity));
    let set = match &assign.head.within {
        Some(ast::InClause::Set(name)) => set_named(cx, entity, name),
        _ => None,
    };
    let mut candidates = None;
    for clause in &assign.clauses {
        match &clause.kind {
            AssignClauseKind::Candidates(name, condition) => {
                candidates = crate::collect::entity_named(cx, name);
                if let (Some(rows), Some(condition)) = (candidates, condition) {
                    let candidate = Env { this: This::Outside, row_name: Some(name.text.clone()), ..Env::about(Ctx::Entity(rows)) };
                    keys_and_filter(cx, condition, Rule::OnCandidates, &candidate, &env);
                }
            }
            AssignClauseKind::Capacity(range) => capacity(cx, range),
            AssignClauseKind::Workload(value) => {
                let id = cx.expr(value, &env);
                if !matches!(cx.kind(id), Type::Number { .. } | Type::Money { .. } | Type::Unknown) {
                    let message = format!("a workload is a number or money, but this is {}", cx.kind_of(id));
                    cx.report(Finding::new(codes::WRONG_TYPES, value.span, message));
                }
            }
            AssignClauseKind::Keep(value, condition) => {
                cx.expr(value, &env);
                cx.filter(condition, &env);
            }
            AssignClauseKind::Prefer(value) => {
                cx.expr(value, &env);
            }
        }
    }
    let Some(candidates) = candidates else {
        let finding = Finding::new(
            codes::CLAUSE_LACKING,
            assign.head.name.span,
            format!("`{}` does not say who can be assigned", assign.head.name.text),
        )
        .help("write `candidates rep where …` in its braces");
        return cx.report(finding);
    };
    cx.model.assigns.push(Assign { name: assign.head.name.text.clone(), entity, set, candidates, span: assign.head.name.span });
}

fn set_named(cx: &mut Checker, entity: kamrules_model::EntityId, name: &ast::Name) -> Option<SetId> {
    let found = cx.model.sets.iter().position(|set| set.name == name.text && set.entity == entity);
    if found.is_none() && !name.text.is_empty() {
        let names: Vec<String> = cx.model.sets.iter().filter(|set| set.entity == entity).map(|set| set.name.clone()).collect();
        let mut finding = Finding::new(codes::UNKNOWN_NAME, name.span, format!("there is no set `{}`", name.text));
        if let Some(near) = near::nearest(&name.text, names.iter().map(String::as_str)) {
            finding = finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), name.span, near);
        }
        cx.report(finding);
    }
    found.map(|at| SetId(at as u32))
}

fn capacity(cx: &mut Checker, range: &ast::Expr) {
    let env = Env::about(Ctx::Policy);
    let ends: Vec<&ast::Expr> = match &range.kind {
        ast::ExprKind::Range(range) => vec![&range.low, &range.high],
        _ => vec![range],
    };
    for end in ends {
        let id = cx.expr(end, &env);
        if !matches!(cx.kind(id), Type::Number { scale: 0, .. } | Type::Unknown) {
            cx.report(Finding::new(codes::WRONG_TYPES, end.span, "a capacity is a whole number of rows").help("write `capacity 5..10`"));
        }
    }
}

impl Checker {
    /// Whether an obligation holds: missing outside its `where`.
    pub fn obligation_value(&mut self, item: ItemRef, span: Span) -> ExprId {
        let files = self.tables.files.clone();
        let ItemKind::Obligation(duty) = &files[item.0 as usize].1.items[item.1 as usize].kind else { return self.unknown(span) };
        let name = duty.head.name.text.clone();
        self.once(Key::Item(item), &name, span, |cx| {
            let before = cx.findings.len();
            let ctx = ctx_of(cx, &duty.head);
            let (filter, env) = head::filtered(cx, &duty.head, ctx);
            let holds = cx.expr(&duty.condition, &env);
            // The item itself makes the findings.
            cx.findings.truncate(before);
            cx.only_where(filter, holds, span)
        })
    }

    fn only_where(&mut self, filter: Option<ExprId>, value: ExprId, span: Span) -> ExprId {
        let Some(filter) = filter else { return value };
        if self.is_unknown(filter) || self.is_unknown(value) {
            return self.unknown(span);
        }
        let kind = self.kind(value);
        let nothing = self.add(Node::Missing, Ty::maybe(kind), Ctx::Policy, span);
        let no = self.flag(false, span);
        let ctx = self.join_ctx(&[filter, value]);
        let sure = if self.ty(filter).optional { self.add(Node::OrElse(filter, no), Ty::FLAG, ctx, span) } else { filter };
        self.add(Node::If(sure, value, nothing), Ty::maybe(kind), ctx, span)
    }

    /// The day a cadence is next due: `today` when there was never a contact; missing outside its `where`.
    pub fn cadence_value(&mut self, item: ItemRef, span: Span) -> ExprId {
        let files = self.tables.files.clone();
        let ItemKind::Cadence(cadence) = &files[item.0 as usize].1.items[item.1 as usize].kind else { return self.unknown(span) };
        let name = cadence.head.name.text.clone();
        self.once(Key::Item(item), &name, span, |cx| {
            let (filter, env) = head::filtered(cx, &cadence.head, ctx_of(cx, &cadence.head));
            let due = cx.next_due(cadence, &env, span);
            cx.only_where(filter, due, span)
        })
    }

    fn next_due(&mut self, cadence: &ast::Cadence, env: &Env, span: Span) -> ExprId {
        let every = self.expr(&cadence.every, env);
        let every = self.require_known(every, env, cadence.every.span, "a cadence");
        let since = self.expr(&cadence.since, env);
        match (self.kind(every), self.kind(since)) {
            (Type::Unknown, _) => return every,
            (_, Type::Unknown) => return since,
            (Type::Duration(kind), Type::Date) if kind != DurationKind::Clock => {}
            (Type::Duration(_), Type::Date) | (_, Type::Date) => {
                let message = format!("`every` is a number of days, weeks or months, but this is {}", self.kind_of(every));
                return self
                    .spoil(Finding::new(codes::WRONG_TYPES, cadence.every.span, message).help("write `every 2 weeks since last_contact`"));
            }
            _ => {
                let message = format!("`since` is a date, but this is {}", self.kind_of(since));
                return self
                    .spoil(Finding::new(codes::WRONG_TYPES, cadence.since.span, message).help("write `every 2 weeks since last_contact`"));
            }
        }
        let ctx = self.join_ctx(&[every, since]);
        let optional = self.ty(since).optional;
        let next = self.add(Node::Arith(ArithOp::Add, since, every), Ty { kind: Type::Date, optional }, ctx, span);
        if !optional {
            return next;
        }
        self.tables.uses_today.get_or_insert(cadence.since.span);
        let today = self.add(Node::Today, Ty::known(Type::Date), Ctx::Policy, span);
        self.add(Node::OrElse(next, today), Ty::known(Type::Date), ctx, span)
    }

    /// The owner that an `assign` gives: not evaluated yet, so always missing.
    pub fn assigned(&mut self, item: ItemRef, span: Span, env: &Env) -> ExprId {
        let files = self.tables.files.clone();
        let ItemKind::Assign(assign) = &files[item.0 as usize].1.items[item.1 as usize].kind else { return self.unknown(span) };
        let candidates = assign.clauses.iter().find_map(|clause| match &clause.kind {
            AssignClauseKind::Candidates(name, _) => self.tables.symbols.entities.get(&name.text).copied(),
            _ => None,
        });
        match candidates {
            Some(entity) => self.add(Node::Missing, Ty::maybe(Type::Row(entity)), env.ctx, span),
            None => self.unknown(span),
        }
    }
}
