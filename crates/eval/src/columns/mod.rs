//! Whole columns.
//!
//! `plan` puts what is needed in levels; `engine` computes them: first what is made out of whole columns (`group`, `aggregate`,
//! `population`, `follow`, the groups of `metric`), then columns in batches of rows and in parallel (`batch`, with `kernels` and
//! `decide`, over `vector`). `report` makes answers out of the columns. Nothing hangs on which thread computes what: batches are
//! put together in order, and sums do not depend on it.

mod aggregate;
mod batch;
mod decide;
mod engine;
mod follow;
mod group;
mod kernels;
mod metric;
mod plan;
mod population;
mod report;
#[cfg(test)]
mod tests;
mod vector;

use crate::{Answers, Options};
use kamrules_model::{Book, Column, Ctx, ExprId, MetricId, Model};

/// Everything a policy says of a book.
pub fn run(model: &Model, book: &Book, options: &Options) -> Answers {
    let metrics: Vec<MetricId> = ids(model).filter(|id| !model.metric(*id).groups.is_empty()).collect();
    let engine = engine::compute(model, book, options, &wanted(model, options), &metrics);
    Answers {
        defines: model.defines.iter().map(|define| engine.column(define.expr, of(define.entity))).collect(),
        sets: model.sets.iter().map(|set| report::set(&engine, set)).collect(),
        quotas: model.quotas.iter().map(|quota| report::quota(&engine, quota)).collect(),
        metrics: ids(model).map(|id| metric::rows(&engine, id)).collect(),
        obligations: model.obligations.iter().map(|obligation| report::obligation(&engine, obligation)).collect(),
        cadences: model.cadences.iter().map(|cadence| report::cadence(&engine, cadence)).collect(),
    }
}

/// Expressions over all rows of their context; about the policy as a whole that is one row.
pub fn columns(model: &Model, book: &Book, options: &Options, exprs: &[(ExprId, Ctx)]) -> Vec<Column> {
    let wanted: Vec<ExprId> = exprs.iter().map(|(id, _)| *id).collect();
    let metrics: Vec<MetricId> = exprs.iter().filter_map(|(_, ctx)| group_of(*ctx)).collect();
    let engine = engine::compute(model, book, options, &wanted, &metrics);
    exprs.iter().map(|(id, ctx)| engine.column(*id, *ctx)).collect()
}

/// How many rows a context has.
pub fn rows_in(model: &Model, book: &Book, ctx: Ctx) -> usize {
    match ctx {
        Ctx::Policy => 1,
        Ctx::Entity(entity) => book.table(entity).rows,
        Ctx::Group(metric) => {
            let options = Options { as_of: model.settings.as_of, threads: 1 };
            engine::compute(model, book, &options, &[], &[metric]).rows(ctx)
        }
    }
}

fn ids(model: &Model) -> impl Iterator<Item = MetricId> {
    (0..model.metrics.len() as u32).map(MetricId)
}

fn group_of(ctx: Ctx) -> Option<MetricId> {
    match ctx {
        Ctx::Group(metric) => Some(metric),
        Ctx::Policy | Ctx::Entity(_) => None,
    }
}

fn of(entity: Option<kamrules_model::EntityId>) -> Ctx {
    entity.map_or(Ctx::Policy, Ctx::Entity)
}

/// Every expression that the answers show.
fn wanted(model: &Model, options: &Options) -> Vec<ExprId> {
    let mut out: Vec<ExprId> = model.defines.iter().map(|define| define.expr).collect();
    for set in &model.sets {
        out.push(set.answer);
        out.extend(set.attrs.iter().map(|attr| attr.expr));
        out.extend(report::in_force(set, options.as_of).map(|version| version.answer));
    }
    for cell in model.quotas.iter().flat_map(|quota| quota.periods.iter().chain(&quota.total)) {
        out.extend([cell.applies, cell.target, cell.actual, cell.attainment, cell.remaining].into_iter().flatten());
    }
    for metric in &model.metrics {
        out.extend(metric.cells.iter().map(|(_, expr)| *expr).chain(metric.goal.map(|(_, goal)| goal)));
    }
    out.extend(model.obligations.iter().flat_map(|obligation| obligation.filter.into_iter().chain([obligation.holds])));
    out.extend(model.cadences.iter().flat_map(|cadence| cadence.filter.into_iter().chain([cadence.due])));
    out
}
