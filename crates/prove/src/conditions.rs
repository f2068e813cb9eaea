//! Conditions by themselves: never so, always so, parts that decide nothing, values that cannot be.

use crate::Setting;
use crate::formula::Formula;
use crate::scope::Scope;
use crate::solver::Solver;
use crate::subject::Place;
use crate::verdict::{Flaw, FlawKind};
use kamrules_base::Span;
use kamrules_model::{CompareOp, Condition, DecisionId, EntityId, ExprId, LabelValue, Model, Node, Outcome, Type, Value, Win};
use rustc_hash::FxHashSet;

/// What a condition is for: what is asked of it hangs on that.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    // A `where`, an obligation: neither never nor always.
    Filter,
    // A rung that competes with others: that it is never so is said of the rung, that it always is may be meant.
    Rung,
    // A rung that does not compete.
    Score,
}

/// What is wrong with single conditions of a policy. `written` tells whether a condition stands behind `if` or `where` as
/// the author's own: the rules are also made into `if`s that nobody wrote.
pub fn conditions(setting: &Setting<'_>, written: &dyn Fn(Span, &str) -> bool) -> Vec<Flaw> {
    let model = setting.model;
    let mut out = Vec::new();
    let mut seen = FxHashSet::default();
    for (condition, within, why) in all(model) {
        // What a define with parameters says for one argument only is not at fault at the define.
        if seen.insert((condition, within))
            && !model.calls.contains_key(&condition)
            && !matches!(model.exprs.node(condition), Node::Const(_))
        {
            out.extend(look(setting, condition, within, why));
        }
    }
    for (condition, word, occasions) in crate::occasions::occasions(model).conditions {
        let span = model.exprs.span(condition);
        if span.file.0 != 0 && written(span, word) && seen.insert((condition, span)) {
            out.extend(on_occasions(setting, condition, span, &occasions));
        }
    }
    out.extend(contradictions(setting));
    // A value that cannot be says why the whole is always or never so.
    let values = values(model);
    let blamed: FxHashSet<ExprId> = values.iter().map(|flaw| flaw.condition).collect();
    out.retain(|flaw| {
        !matches!(flaw.what, FlawKind::Always | FlawKind::Never(_)) || !contains(model, flaw.condition, &|at| blamed.contains(&at))
    });
    out.extend(values);
    out
}

/// Facts that cannot all be so: then there can be no row at all.
fn contradictions(setting: &Setting<'_>) -> Vec<Flaw> {
    let model = setting.model;
    let mut out = Vec::new();
    for entity in (0..model.entities.len() as u32).map(EntityId) {
        let facts: Vec<_> = model.facts.iter().filter(|fact| fact.entity == entity).collect();
        let Some(first) = facts.first() else { continue };
        let mut scope = Scope::new(setting);
        for fact in &facts {
            scope.truth(&Place { path: Vec::new(), expr: fact.holds }, true);
        }
        let mut solver = Solver::new(scope, Some(entity));
        if solver.is_empty(&Formula::Yes) == Some(true) {
            let mut guilty: Vec<u32> = std::mem::take(&mut solver.used);
            guilty.sort_unstable();
            guilty.dedup();
            let parts: Vec<ExprId> = guilty.iter().map(|&fact| model.facts[fact as usize].holds).collect();
            out.push(Flaw { condition: first.holds, within: first.span, what: FlawKind::Contradiction(parts) });
        }
    }
    out
}

/// What is wrong with a condition on the occasions on which it is asked.
fn on_occasions(setting: &Setting<'_>, condition: ExprId, within: Span, occasions: &[crate::occasions::Occasion]) -> Option<Flaw> {
    if matches!(setting.model.exprs.node(condition), Node::Const(_)) {
        return None;
    }
    let mut scope = Scope::new(setting);
    let mut truth = |expr: ExprId, want: bool| scope.truth(&Place { path: Vec::new(), expr }, want);
    let when = Formula::any(occasions.iter().map(|occasion| Formula::all(occasion.iter().map(|&(expr, want)| truth(expr, want)))));
    let holds = truth(condition, true);
    let entity = setting.model.exprs.ctx(condition).entity();
    let mut solver = Solver::new(scope, entity);
    let flaw = |what| Some(Flaw { condition, within, what });
    if solver.is_empty(&when) == Some(true) {
        return None;
    }
    if solver.is_empty(&when.clone().and(holds.clone())) == Some(true) {
        return flaw(FlawKind::Never(vec![condition]));
    }
    if solver.is_empty(&when.and(holds.not())) == Some(true) {
        return flaw(FlawKind::Always);
    }
    None
}

fn all(model: &Model) -> Vec<(ExprId, Span, Use)> {
    let mut out = Vec::new();
    let span = |expr: ExprId| model.exprs.span(expr);
    let mut filter = |expr: Option<ExprId>| out.extend(expr.map(|expr| (expr, span(expr), Use::Filter)));
    for obligation in &model.obligations {
        filter(obligation.filter);
        filter(Some(obligation.holds));
    }
    model.cadences.iter().for_each(|cadence| filter(cadence.filter));
    model.metrics.iter().for_each(|metric| filter(metric.filter));
    for quota in &model.quotas {
        quota.periods.iter().take(1).for_each(|cell| filter(cell.applies));
    }
    model.facts.iter().for_each(|fact| filter(fact.filter));
    for define in model.defines.iter().filter(|define| !define.library) {
        if model.ty(define.expr).kind == Type::Flag {
            filter(Some(define.expr));
        }
    }
    for decision in &model.decisions {
        filter(decision.guard);
    }
    for decision in model.decisions.iter().filter(|decision| decision.set.is_some()) {
        for rung in &decision.rungs {
            if let Condition::When(condition) = rung.when {
                let why = if matches!(decision.win, Win::Every | Win::Sum) { Use::Score } else { Use::Rung };
                out.push((condition, rung.span, why));
            }
        }
    }
    out
}

fn look(setting: &Setting<'_>, condition: ExprId, within: Span, why: Use) -> Vec<Flaw> {
    let mut scope = Scope::new(setting);
    let here = |expr: ExprId| Place { path: Vec::new(), expr };
    let whole = scope.truth(&here(condition), true);
    let mut parts = Vec::new();
    flatten(&scope, condition, &mut parts);
    let parts: Vec<(ExprId, Formula)> = parts.into_iter().map(|part| (part, scope.truth(&here(part), true))).collect();
    let subjects: Vec<u32> = parts.iter().filter_map(|(_, formula)| subject(formula)).collect();
    if why == Use::Rung && subjects.iter().enumerate().all(|(i, one)| !subjects[..i].contains(one)) {
        return Vec::new();
    }
    let entity = setting.model.exprs.ctx(condition).entity();
    let mut solver = Solver::new(scope, entity);
    let flaw = |what| Flaw { condition, within, what };
    let empty = if why == Use::Rung { Some(false) } else { solver.is_empty(&whole) };
    if why == Use::Filter && empty.is_none() {
        return vec![flaw(FlawKind::NotProved)];
    }
    if empty == Some(true) {
        let all = matches!(setting.model.exprs.node(condition), Node::And(..));
        let guilty = if all { solver.guilty(&parts) } else { vec![condition] };
        // That a rung of an `every match` set or a scorecard is never so is said with the decision.
        return if why == Use::Filter { vec![flaw(FlawKind::Never(guilty))] } else { Vec::new() };
    }
    if why != Use::Rung && solver.is_empty(&whole.not()) == Some(true) {
        return vec![flaw(FlawKind::Always)];
    }
    idle(&mut solver, condition, &parts).map(|part| flaw(FlawKind::Idle(part))).into_iter().collect()
}

/// The parts joined by `and`, or those joined by `or`.
fn flatten(scope: &Scope<'_>, condition: ExprId, out: &mut Vec<ExprId>) {
    let all = matches!(scope.node(condition), Node::And(..));
    match scope.node(condition) {
        Node::And(a, b) | Node::Or(a, b) => {
            for &side in [a, b] {
                if matches!(scope.node(side), Node::And(..)) == all && matches!(scope.node(side), Node::And(..) | Node::Or(..)) {
                    flatten(scope, side, out);
                } else {
                    out.push(side);
                }
            }
        }
        _ => out.push(condition),
    }
}

/// The one subject that a formula is about, if it is about just one.
fn subject(formula: &Formula) -> Option<u32> {
    let (mut one, mut more) = (None, false);
    formula.literals(&mut |literal| more |= *one.get_or_insert(literal.subject) != literal.subject);
    one.filter(|_| !more)
}

/// A part that another part about the same thing makes superfluous.
fn idle(solver: &mut Solver<'_>, condition: ExprId, parts: &[(ExprId, Formula)]) -> Option<ExprId> {
    if parts.len() < 2 {
        return None;
    }
    let all = matches!(solver.scope.node(condition), Node::And(..));
    for (i, (part, mine)) in parts.iter().enumerate() {
        if matches!(solver.scope.node(*part), Node::IsKnown(_) | Node::Not(_) | Node::Const(_)) {
            continue;
        }
        let Some(one) = subject(mine) else { continue };
        for (j, (other, theirs)) in parts.iter().enumerate() {
            if i == j || subject(theirs) != Some(one) || matches!(solver.scope.node(*other), Node::IsKnown(_) | Node::Const(_)) {
                continue;
            }
            // A `match` without an arm for a value is a fault, which another part may be there to keep away.
            if has_match(solver, *part) || has_match(solver, *other) {
                continue;
            }
            // Of two that say the same the later is told.
            let (narrow, wide) = if all { (theirs, mine) } else { (mine, theirs) };
            // A part that is always (or never) so by itself is not idle on account of the other: `40..100` of a score up to 100.
            let alone = if all { mine.not() } else { mine.clone() };
            if solver.is_empty(&alone) == Some(true) {
                continue;
            }
            let implied = solver.is_empty(&narrow.clone().and(wide.not())) == Some(true);
            let same = solver.is_empty(&wide.clone().and(narrow.not())) == Some(true);
            if implied && (!same || i > j) {
                return Some(*part);
            }
        }
    }
    None
}

fn has_match(solver: &Solver<'_>, expr: ExprId) -> bool {
    let model = solver.scope.setting.model;
    contains(model, expr, &|at| matches!(model.exprs.node(at), Node::Decide(id) if model.decision(*id).set.is_none()))
}

/// Whether an expression, or what it is made of about the same row, meets a condition.
fn contains(model: &Model, expr: ExprId, meets: &dyn Fn(ExprId) -> bool) -> bool {
    let (mut open, mut seen) = (vec![expr], FxHashSet::default());
    while let Some(at) = open.pop() {
        if meets(at) {
            return true;
        }
        if seen.insert(at) {
            operands(model.exprs.node(at), &mut |operand| open.push(operand));
        }
    }
    false
}

/// Calls for each expression about the same row that another is made of.
pub(crate) fn operands(node: &Node, found: &mut impl FnMut(ExprId)) {
    match node {
        Node::Not(a) | Node::Negate(a) | Node::IsKnown(a) | Node::Rescale(a) | Node::OneOf(a, _) | Node::InList(a, _) => found(*a),
        Node::LabelIn(a, _) | Node::LabelRow(a, _) | Node::Ultimate(a) => found(*a),
        Node::And(a, b) | Node::Or(a, b) | Node::Arith(_, a, b) | Node::Compare(_, a, b) | Node::OrElse(a, b) | Node::InPeriod(a, b) => {
            found(*a);
            found(*b);
        }
        Node::If(a, b, c) => [*a, *b, *c].into_iter().for_each(found),
        Node::Call(_, args) => args.iter().copied().for_each(found),
        Node::Split { total, .. } => found(*total),
        Node::Through { reference, .. } => found(*reference),
        _ => {}
    }
}

/// Comparisons with values that a field's range leaves out, or that are never given.
fn values(model: &Model) -> Vec<Flaw> {
    let mut out = Vec::new();
    // What a test expects is no rule.
    let tested = |span: Span| {
        let mut expects = model.tests.iter().flat_map(|test| &test.expects);
        expects.any(|expect| expect.span.file == span.file && expect.span.start <= span.start && span.end <= expect.span.end)
    };
    for id in (0..model.exprs.len() as u32).map(ExprId) {
        let span = model.exprs.span(id);
        if span.file.0 == 0 || tested(span) {
            continue;
        }
        let flaw = |what| Flaw { condition: id, within: span, what };
        match model.exprs.node(id) {
            Node::Compare(op, a, b) => {
                if out_of_range(model, *a, *b) || out_of_range(model, *b, *a) {
                    out.push(flaw(FlawKind::OutOfRange(id)));
                } else if matches!(op, CompareOp::Equal | CompareOp::NotEqual) {
                    let never = [(*a, *b), (*b, *a)].into_iter().find(|&(subject, constant)| never_given(model, subject, constant));
                    out.extend(never.map(|(subject, _)| flaw(never_among(model, id, subject))));
                }
            }
            Node::OneOf(subject, values) => {
                if let Some(given) = given(model, *subject)
                    && let Some(_unknown) = values.iter().find(|value| !given.contains(value))
                {
                    out.push(flaw(never_among(model, id, *subject)));
                }
            }
            Node::LabelIn(subject, codes) => {
                if let Some(given) = given(model, *subject)
                    && !codes.is_empty()
                    && codes.iter().all(|&code| !given.contains(&Value::Label(LabelValue { code, row: 0 })))
                {
                    out.push(flaw(never_among(model, id, *subject)));
                }
            }
            _ => {}
        }
    }
    out
}

fn never_among(model: &Model, part: ExprId, subject: ExprId) -> FlawKind {
    FlawKind::NeverGiven { part, subject, given: given(model, subject).unwrap_or_default() }
}

fn out_of_range(model: &Model, field: ExprId, constant: ExprId) -> bool {
    let (Node::Field(id), Node::Const(value)) = (model.exprs.node(field), model.exprs.node(constant)) else { return false };
    let (Some((low, high)), Some(units)) = (model.field(*id).range, crate::truth::units_of(value)) else { return false };
    let scale = |expr: ExprId| model.ty(expr).kind.scale().unwrap_or(0);
    let order = |bound: i128| kamrules_model::arith::compare_numbers(units, scale(constant), bound, scale(field));
    order(low).is_lt() || order(high).is_gt()
}

fn never_given(model: &Model, subject: ExprId, constant: ExprId) -> bool {
    let Node::Const(value) = model.exprs.node(constant) else { return false };
    if matches!(model.exprs.node(subject), Node::Const(_)) || model.ty(subject).kind.scale() != model.ty(constant).kind.scale() {
        return false;
    }
    given(model, subject).is_some_and(|given| !given.is_empty() && !given.contains(value))
}

/// The values that an expression can have, when they are few and written out.
fn given(model: &Model, expr: ExprId) -> Option<Vec<Value>> {
    match model.exprs.node(expr) {
        Node::Const(value) => Some(vec![value.clone()]),
        Node::Missing => Some(Vec::new()),
        Node::If(_, a, b) | Node::OrElse(a, b) => {
            let mut all = given(model, *a)?;
            all.extend(given(model, *b)?);
            Some(all)
        }
        Node::Decide(id) => given_by(model, *id),
        _ => None,
    }
}

fn given_by(model: &Model, id: DecisionId) -> Option<Vec<Value>> {
    let mut all = Vec::new();
    for rung in &model.decision(id).rungs {
        match rung.outcome {
            Outcome::Label(code) => all.push(Value::Label(LabelValue { code, row: 0 })),
            Outcome::Nested(inner) => all.extend(given_by(model, inner)?),
            Outcome::Value(value) => {
                if model.ty(value).kind.scale() != model.decision(id).ty.kind.scale() {
                    return None;
                }
                all.extend(given(model, value)?);
            }
            Outcome::Points(_) => return None,
        }
    }
    Some(all)
}
