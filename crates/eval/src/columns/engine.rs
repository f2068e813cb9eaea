//! What a run keeps, and its passes: level by level, first what is made out of whole columns, then the columns in batches.

use super::aggregate::{self, Aggregated};
use super::batch::Batch;
use super::decide::Claimed;
use super::group::{self, Grouping, Matches};
use super::metric::{self, Domain};
use super::plan::{self, Level, Plan};
use super::vector::{View, append, blank, repeat, single};
use super::{follow, population};
use crate::Options;
use kamrules_model::{
    Book, Cell, Column, Condition, Ctx, DecisionId, EntityId, ExprId, Fault, FaultKind, MetricId, Model, Node, Outcome, Value,
};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// How many rows are computed at a time: few enough for their columns to stay in the cache.
const BATCH: usize = 2048;
/// Deep expressions are walked by recursion.
const STACK: usize = 256 << 20;

/// What names a grouping: an entity and expressions about its rows.
pub(super) type GroupingKey = (EntityId, Vec<ExprId>);

/// A run.
pub(super) struct Engine<'a> {
    /// The policy.
    pub model: &'a Model,
    /// The data.
    pub book: &'a Book,
    /// How it is run: the day is the policy's if none is given.
    pub options: Options,
    /// The order.
    pub plan: Plan,
    /// Whole columns, by expression.
    pub whole: Vec<Option<Column>>,
    /// For each decision the expression that is its answer.
    pub decides: FxHashMap<DecisionId, ExprId>,
    /// Aggregates by group.
    pub aggregates: FxHashMap<ExprId, Aggregated>,
    /// Rows by their keys.
    pub groupings: FxHashMap<GroupingKey, Arc<Grouping>>,
    /// What the `each` rungs of decisions match.
    pub matches: FxHashMap<(DecisionId, u32), Matches>,
    /// The groups of metrics.
    pub domains: FxHashMap<MetricId, Domain>,
    /// Rows without a label, per decision, as they come.
    pub claimed: FxHashMap<DecisionId, Vec<Claimed>>,
}

/// Computes what the plan says.
pub(super) fn compute<'a>(model: &'a Model, book: &'a Book, options: &Options, wanted: &[ExprId], metrics: &[MetricId]) -> Engine<'a> {
    let plan = plan::plan(model, wanted, metrics);
    let options = Options { as_of: options.as_of.or(model.settings.as_of), ..*options };
    let mut engine = Engine {
        model,
        book,
        options,
        plan,
        whole: constants(model, &options),
        decides: decides(model),
        aggregates: FxHashMap::default(),
        groupings: FxHashMap::default(),
        matches: FxHashMap::default(),
        domains: FxHashMap::default(),
        claimed: FxHashMap::default(),
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).stack_size(STACK).build();
    match pool {
        Ok(pool) => pool.install(|| engine.run()),
        // A machine that gives no more threads still computes.
        Err(_) => engine.run(),
    }
    engine
}

fn constants(model: &Model, options: &Options) -> Vec<Option<Column>> {
    let column = |id: ExprId| {
        let cell = match model.exprs.node(id) {
            Node::Const(value) => Cell::Known(value.clone()),
            Node::Missing => Cell::Missing,
            Node::Today => match options.as_of {
                Some(day) => Cell::Known(Value::Date(day.0)),
                None => Cell::Fault(Fault { entity: None, row: 0, kind: FaultKind::Argument, expr: id }),
            },
            _ => return None,
        };
        Some(single(model.ty(id).kind, cell))
    };
    (0..model.exprs.len() as u32).map(|id| column(ExprId(id))).collect()
}

/// For each decision the first expression that is its answer.
fn decides(model: &Model) -> FxHashMap<DecisionId, ExprId> {
    let mut out = FxHashMap::default();
    for id in (0..model.exprs.len() as u32).map(ExprId) {
        if let Node::Decide(decision) = model.exprs.node(id) {
            out.entry(*decision).or_insert(id);
        }
    }
    out
}

impl Engine<'_> {
    fn run(&mut self) {
        for level in std::mem::take(&mut self.plan.levels) {
            self.build(&level);
            self.columns(&level);
        }
        for claimed in self.claimed.values_mut() {
            claimed.sort_by_key(|claim| claim.row);
        }
    }

    /// The values of an expression that is kept, and whether there is one for all rows.
    pub(super) fn stored(&self, id: ExprId) -> Option<(&Column, bool)> {
        match self.model.exprs.node(id) {
            Node::Field(field) => Some((&self.book.table(field.entity).columns[field.index as usize], false)),
            Node::GroupKey(metric, index) => Some((&self.domains.get(metric)?.columns[*index as usize], false)),
            _ => Some((self.whole[id.index()].as_ref()?, self.plan.ctx[id.index()] == Ctx::Policy)),
        }
    }

    /// A whole column, which is there by the order of levels.
    pub(super) fn view(&self, id: ExprId) -> View<'_> {
        let (column, one) = self.stored(id).expect("a whole column is computed on a lower level");
        View { column, base: 0, step: usize::from(!one) }
    }

    /// How many rows a context has.
    pub(super) fn rows(&self, ctx: Ctx) -> usize {
        match ctx {
            Ctx::Policy => 1,
            Ctx::Entity(entity) => self.book.table(entity).rows,
            Ctx::Group(metric) => self.domains.get(&metric).map_or(0, |domain| domain.rows),
        }
    }

    /// The values of a wanted expression over all rows of a context.
    pub(super) fn column(&self, id: ExprId, ctx: Ctx) -> Column {
        let (column, one) = self.stored(id).expect("a wanted expression is computed");
        if one && ctx != Ctx::Policy { repeat(column, self.model.ty(id).kind, self.rows(ctx)) } else { column.clone() }
    }

    fn build(&mut self, level: &Level) {
        for &metric in &level.metrics {
            let domain = metric::domain(self, metric);
            self.domains.insert(metric, domain);
        }
        self.group(level);
        let node = |id: &ExprId| self.model.exprs.node(*id);
        let aggregates: Vec<_> = level
            .builds
            .par_iter()
            .filter_map(|id| match node(id) {
                Node::Aggregate(aggregate) => Some((*id, aggregate::aggregate(self, *id, aggregate))),
                _ => None,
            })
            .collect();
        let columns: Vec<_> = level
            .builds
            .par_iter()
            .filter_map(|id| match node(id) {
                Node::Population(fact) => Some((*id, population::population(self, *id, fact))),
                Node::Ultimate(reference) => Some((*id, follow::ultimate(self, *id, *reference))),
                _ => None,
            })
            .collect();
        let mut matches = Vec::new();
        for id in &level.builds {
            if let Node::Decide(decision) = node(id) {
                self.match_rows(*decision, &mut matches);
            }
        }
        self.aggregates.extend(aggregates);
        self.matches.extend(matches);
        for (id, column) in columns {
            self.whole[id.index()] = Some(column);
        }
    }

    /// Groups rows by the keys that aggregates and `each` rungs of this level use, each combination once.
    fn group(&mut self, level: &Level) {
        let mut wanted: Vec<GroupingKey> = Vec::new();
        for id in &level.builds {
            match self.model.exprs.node(*id) {
                Node::Aggregate(aggregate) => wanted.push(group::key(aggregate.rows, &aggregate.keys)),
                Node::Decide(decision) => self.wanted_by(*decision, &mut wanted),
                _ => {}
            }
        }
        let mut seen = FxHashSet::default();
        wanted.retain(|key| !self.groupings.contains_key(key) && seen.insert(key.clone()));
        let made: Vec<_> = wanted.into_par_iter().map(|key| (key.clone(), Arc::new(group::group(self, &key)))).collect();
        self.groupings.extend(made);
    }

    fn wanted_by(&self, id: DecisionId, wanted: &mut Vec<GroupingKey>) {
        for rung in &self.model.decision(id).rungs {
            if let Condition::Each { rows, keys, .. } = &rung.when {
                wanted.push(group::key(*rows, keys));
            }
            if let Outcome::Nested(nested) = rung.outcome {
                self.wanted_by(nested, wanted);
            }
        }
    }

    fn match_rows(&self, id: DecisionId, matches: &mut Vec<((DecisionId, u32), Matches)>) {
        for (index, rung) in self.model.decision(id).rungs.iter().enumerate() {
            if let Condition::Each { rows, keys, filter, .. } = &rung.when {
                matches.push(((id, index as u32), group::matches(self, *rows, keys, *filter)));
            }
            if let Outcome::Nested(nested) = rung.outcome {
                self.match_rows(nested, matches);
            }
        }
    }

    /// Computes the columns of a level, those about the same rows together.
    fn columns(&mut self, level: &Level) {
        let mut by_ctx: Vec<(Ctx, Vec<ExprId>)> = Vec::new();
        for &id in level.columns.iter().filter(|id| self.stored(**id).is_none()) {
            let ctx = self.plan.ctx[id.index()];
            match by_ctx.iter_mut().find(|(other, _)| *other == ctx) {
                Some((_, ids)) => ids.push(id),
                None => by_ctx.push((ctx, vec![id])),
            }
        }
        for (ctx, ids) in by_ctx {
            self.pass(ctx, &ids);
        }
    }

    fn pass(&mut self, ctx: Ctx, ids: &[ExprId]) {
        let rows = self.rows(ctx);
        let starts: Vec<usize> = (0..rows).step_by(BATCH).collect();
        let parts: Vec<_> =
            starts.into_par_iter().map(|start| Batch::new(self, ctx, start, BATCH.min(rows - start)).columns(ids)).collect();
        let mut columns: Vec<Column> = ids.iter().map(|id| blank(self.model.ty(*id).kind, 0)).collect();
        for (part, claimed) in parts {
            columns.iter_mut().zip(part).for_each(|(whole, part)| append(whole, part));
            claimed.into_iter().for_each(|(decision, claim)| self.claimed.entry(decision).or_default().push(claim));
        }
        for (id, column) in ids.iter().zip(columns) {
            self.whole[id.index()] = Some(column);
        }
    }
}
