//! What has to be computed for the wanted expressions, and in which order.
//!
//! Most expressions are computed batch by batch. Those whose rows look at whole columns (through a reference, an aggregate, a
//! population) need these columns first: they stand a level higher.

use kamrules_model::{Condition, Ctx, DecisionId, ExprId, MetricId, Model, Node, Outcome};
use rustc_hash::FxHashSet;

/// The order of a run.
pub(super) struct Plan {
    /// Which rows each expression is really about: none for what is the same in every row.
    pub ctx: Vec<Ctx>,
    /// The levels, the lowest first.
    pub levels: Vec<Level>,
}

/// What can be computed when the levels below are.
#[derive(Default)]
pub(super) struct Level {
    /// Expressions that are made out of whole columns: aggregates, populations, `ultimate`, decisions with `each` rungs.
    pub builds: Vec<ExprId>,
    /// Metrics whose groups are sought.
    pub metrics: Vec<MetricId>,
    /// Expressions that are kept as whole columns.
    pub columns: Vec<ExprId>,
}

/// What an expression needs: of the same row, and as whole columns.
#[derive(Default)]
struct Needs {
    same: Vec<ExprId>,
    whole: Vec<ExprId>,
    metric: Option<MetricId>,
}

/// Plans the computation of expressions and of the groups of metrics.
pub(super) fn plan(model: &Model, wanted: &[ExprId], metrics: &[MetricId]) -> Plan {
    let ctx = contexts(model);
    let mut kept: FxHashSet<ExprId> = wanted.iter().copied().collect();
    let mut metrics: FxHashSet<MetricId> = metrics.iter().copied().collect();
    let mut seen = vec![false; model.exprs.len()];
    let mut stack: Vec<ExprId> = wanted.to_vec();
    metrics.iter().for_each(|&metric| stack.extend(of_metric(model, metric)));
    kept.extend(stack.iter().copied());
    while let Some(id) = stack.pop() {
        if std::mem::replace(&mut seen[id.index()], true) {
            continue;
        }
        let needs = needs(model, id);
        kept.extend(needs.whole.iter().copied());
        if matches!(model.exprs.node(id), Node::Decide(decision) if model.decision(*decision).set.is_some()) {
            kept.insert(id);
        }
        metrics.extend(needs.metric);
        stack.extend(needs.same.into_iter().chain(needs.whole));
    }
    let levels = levels(model, &seen, &kept, &metrics);
    Plan { ctx, levels }
}

fn levels(model: &Model, seen: &[bool], kept: &FxHashSet<ExprId>, metrics: &FxHashSet<MetricId>) -> Vec<Level> {
    let mut level = vec![0_usize; model.exprs.len()];
    let mut levels = vec![Level::default()];
    let above = |level: &[usize], ids: &[ExprId]| {
        ids.iter().filter(|id| !is_stored(model.exprs.node(**id))).map(|id| level[id.index()] + 1).max().unwrap_or(0)
    };
    for id in (0..model.exprs.len() as u32).map(ExprId).filter(|id| seen[id.index()]) {
        let needs = needs(model, id);
        let built = above(&level, &needs.whole);
        let own = needs.same.iter().map(|id| level[id.index()]).max().unwrap_or(0).max(built);
        level[id.index()] = own;
        while levels.len() <= own {
            levels.push(Level::default());
        }
        let node = model.exprs.node(id);
        if is_built(node) {
            levels[built].builds.push(id);
        }
        if kept.contains(&id) && !is_stored(node) {
            levels[own].columns.push(id);
        }
    }
    let mut sorted: Vec<MetricId> = metrics.iter().copied().collect();
    sorted.sort_unstable();
    for metric in sorted {
        let at = above(&level, &of_metric(model, metric));
        while levels.len() <= at {
            levels.push(Level::default());
        }
        levels[at].metrics.push(metric);
    }
    levels
}

/// Whether the values of a node lie ready before the run.
pub(super) fn is_stored(node: &Node) -> bool {
    matches!(node, Node::Const(_) | Node::Missing | Node::Today | Node::Field(_))
}

fn is_built(node: &Node) -> bool {
    matches!(node, Node::Aggregate(_) | Node::Population(_) | Node::Ultimate(_) | Node::Decide(_))
}

fn of_metric(model: &Model, metric: MetricId) -> Vec<ExprId> {
    let metric = model.metric(metric);
    metric.groups.iter().copied().chain(metric.filter).collect()
}

fn contexts(model: &Model) -> Vec<Ctx> {
    let mut ctx: Vec<Ctx> = Vec::with_capacity(model.exprs.len());
    for id in (0..model.exprs.len() as u32).map(ExprId) {
        let own = match model.exprs.node(id) {
            Node::Row(entity) => Ctx::Entity(*entity),
            Node::Field(field) => Ctx::Entity(field.entity),
            Node::GroupKey(metric, _) => Ctx::Group(*metric),
            Node::Decide(decision) => model.decision(*decision).ctx,
            Node::Population(fact) => Ctx::Entity(fact.entity),
            _ => needs(model, id).same.iter().map(|id| ctx[id.index()]).find(|ctx| *ctx != Ctx::Policy).unwrap_or(Ctx::Policy),
        };
        ctx.push(own);
    }
    ctx
}

fn needs(model: &Model, id: ExprId) -> Needs {
    let mut needs = Needs::default();
    match model.exprs.node(id) {
        Node::Const(_) | Node::Missing | Node::Today | Node::Row(_) | Node::Field(_) => {}
        Node::GroupKey(metric, _) => {
            needs.whole = of_metric(model, *metric);
            needs.metric = Some(*metric);
        }
        Node::Through { reference, value } => (needs.same, needs.whole) = (vec![*reference], vec![*value]),
        Node::Ultimate(reference) => (needs.same, needs.whole) = (vec![*reference], vec![*reference]),
        Node::Not(a)
        | Node::Negate(a)
        | Node::IsKnown(a)
        | Node::OneOf(a, _)
        | Node::InList(a, _)
        | Node::LabelIn(a, _)
        | Node::LabelRow(a, _)
        | Node::Rescale(a)
        | Node::Split { total: a, .. } => needs.same.push(*a),
        Node::And(a, b) | Node::Or(a, b) | Node::Arith(_, a, b) | Node::Compare(_, a, b) | Node::OrElse(a, b) | Node::InPeriod(a, b) => {
            needs.same.extend([*a, *b])
        }
        Node::If(a, b, c) => needs.same.extend([*a, *b, *c]),
        Node::Call(_, arguments) => needs.same.extend(arguments.iter().copied()),
        Node::Decide(decision) => of_decision(model, *decision, &mut needs),
        Node::Aggregate(aggregate) => {
            needs.same.extend(aggregate.guard.into_iter().chain(aggregate.keys.iter().map(|key| key.1)));
            needs.whole.extend(aggregate.filter.into_iter().chain(aggregate.value).chain(aggregate.order));
            needs.whole.extend(aggregate.keys.iter().map(|key| key.0));
        }
        Node::Population(fact) => needs.whole.extend(fact.population.into_iter().chain([fact.value]).chain(fact.within)),
        Node::Message(parts) => needs.same.extend(parts.iter().filter_map(|part| match part {
            kamrules_model::MessagePart::Value(id) => Some(*id),
            kamrules_model::MessagePart::Text(_) => None,
        })),
    }
    needs
}

fn of_decision(model: &Model, id: DecisionId, needs: &mut Needs) {
    let decision = model.decision(id);
    needs.same.extend(decision.guard);
    for rung in &decision.rungs {
        match &rung.when {
            Condition::When(id) => needs.same.push(*id),
            Condition::Otherwise => {}
            Condition::Each { keys, filter, guard, .. } => {
                needs.same.extend(guard.iter().copied().chain(keys.iter().map(|key| key.1)));
                needs.whole.extend(filter.iter().copied().chain(keys.iter().map(|key| key.0)));
            }
        }
        match rung.outcome {
            Outcome::Nested(nested) => of_decision(model, nested, needs),
            Outcome::Value(id) => needs.same.push(id),
            Outcome::Label(_) | Outcome::Points(_) => {}
        }
    }
}
