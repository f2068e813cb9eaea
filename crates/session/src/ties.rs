//! Ranks that end between rows that tie, in the data at hand.

use crate::Policy;
use crate::evaluate::columns;
use crate::explain::one_line;
use kamrules_base::codes::TIES;
use kamrules_base::decimal::pow10;
use kamrules_base::{Finding, Span};
use kamrules_eval::Options;
use kamrules_model::{Book, Cell, Column, CompareOp, ExprId, Model, Node, PopulationFact, PopulationOp, Value, arith};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// `top 10 by x` and its like that take in more rows than they say, because rows tie at their end.
pub(crate) fn ties(policy: &Policy, book: &Book, options: &Options) -> Vec<Finding> {
    let model = policy.model();
    let own = |span: Span| policy.files().any(|(id, _)| id == span.file);
    let nodes = (0..model.exprs.len() as u32).map(ExprId).filter(|&id| own(model.exprs.span(id)));
    nodes
        .filter_map(|id| {
            let (fact, (rows, tied)) = match model.exprs.node(id) {
                Node::Population(fact) => (fact, beyond(model, book, options, id, fact)?),
                Node::Compare(op, left, right) => {
                    let (Node::Population(fact), Node::Const(Value::Num(last))) = (model.exprs.node(*left), model.exprs.node(*right))
                    else {
                        return None;
                    };
                    (fact, beyond_rank(model, book, options, *left, fact, *op, *last)?)
                }
                _ => return None,
            };
            let (text, entity) = (one_line(policy.sources.text(model.exprs.span(id))), &model.entity(fact.entity).name);
            let message = format!("`{text}` is yes for {rows} rows of `{entity}`: {tied} of them tie where it ends");
            let finding = Finding::new(TIES, model.exprs.span(id), message).here("rows that tie are all in");
            Some(finding.help("rank by something that tells them apart, if it is to end sooner"))
        })
        .collect()
}

/// The rows for which a fact is yes and how many of them tie at its end, where fewer would do; of groups the first.
fn beyond(model: &Model, book: &Book, options: &Options, id: ExprId, fact: &PopulationFact) -> Option<(usize, usize)> {
    if matches!(fact.op, PopulationOp::Rank | PopulationOp::ShareOfTotal) {
        return None;
    }
    let groups = groups(model, book, options, id, fact);
    groups.into_iter().find_map(|group| {
        let kind = model.ty(fact.value).kind;
        let mut inside: Vec<&Value> = group.iter().filter(|(holds, _)| holds.is_yes()).map(|(_, value)| value).collect();
        let order = |a: &Value, b: &Value| arith::order((a, kind), (b, kind));
        let upward = matches!(fact.op, PopulationOp::Bottom | PopulationOp::Last);
        inside.sort_by(|a, b| if upward { order(a, b) } else { order(b, a) });
        let end = *inside.last()?;
        let tied = inside.iter().filter(|value| order(value, end) == Ordering::Equal).count();
        // Whether the last of those that tie would be in though the others come before it.
        let before = &inside[..inside.len() - 1];
        let needed = match fact.op {
            PopulationOp::Top | PopulationOp::Bottom => {
                let of = if fact.percent { group.len() as i128 } else { 1 };
                (before.len() as i128).checked_mul(pow10(fact.amount.scale.into()))? < fact.amount.units.checked_mul(of)?
            }
            _ => {
                let units = |value: &Value| if let Value::Num(units) = value { (*units).max(0) } else { 0 };
                let total: i128 = group.iter().map(|(_, value)| units(value)).sum();
                let of = if fact.percent { total } else { pow10(kind.scale().unwrap_or(0).into()) };
                let sum: i128 = before.iter().map(|value| units(value)).sum();
                sum.checked_mul(pow10(fact.amount.scale.into()))? < fact.amount.units.checked_mul(of)?
            }
        };
        (tied > 1 && !needed).then_some((inside.len(), tied))
    })
}

/// The same of `rank(x) <= 10`.
fn beyond_rank(
    model: &Model,
    book: &Book,
    options: &Options,
    id: ExprId,
    fact: &PopulationFact,
    op: CompareOp,
    last: i128,
) -> Option<(usize, usize)> {
    let last = match op {
        CompareOp::LessOrEqual | CompareOp::Equal => last,
        CompareOp::Less => last - 1,
        _ => return None,
    };
    if fact.op != PopulationOp::Rank {
        return None;
    }
    let groups = groups(model, book, options, id, fact);
    groups.into_iter().find_map(|group| {
        let ranks: Vec<i128> =
            group.iter().filter_map(|(rank, _)| if let Cell::Known(Value::Num(rank)) = rank { Some(*rank) } else { None }).collect();
        let inside: Vec<i128> =
            ranks.into_iter().filter(|&rank| if op == CompareOp::Equal { rank == last } else { rank <= last }).collect();
        let end = inside.iter().copied().max()?;
        let tied = inside.iter().filter(|&&rank| rank == end).count();
        let more = if op == CompareOp::Equal { tied > 1 } else { inside.len() as i128 > last };
        (tied > 1 && more).then_some((inside.len(), tied))
    })
}

/// The rows of a fact's population, group by group: the fact and the value that is ranked.
fn groups(model: &Model, book: &Book, options: &Options, id: ExprId, fact: &PopulationFact) -> Vec<Vec<(Cell, Value)>> {
    let exprs: Vec<ExprId> = [id, fact.value].into_iter().chain(fact.within).collect();
    let columns: Vec<Column> = columns(model, book, options, &exprs);
    let mut groups: Vec<Vec<(Cell, Value)>> = Vec::new();
    let mut index: FxHashMap<Option<Value>, usize> = FxHashMap::default();
    for row in 0..columns[0].len() {
        let (Cell::Known(holds), Cell::Known(value)) = (columns[0].get(row), columns[1].get(row)) else { continue };
        let group = columns.get(2).and_then(|column| column.get(row).known().cloned());
        let at = *index.entry(group).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[at].push((Cell::Known(holds), value));
    }
    groups
}
