//! Columns against the row walk, over policies made at random; and what only columns say.

mod answers;
mod support;

use super::{columns, rows_in};
use crate::Options;
use crate::rows::Walk;
use kamrules_base::Date;
use kamrules_model::{Cell, Ctx, ExprId, MetricId, Node, show};
use support::{A, B, GROUPS, Made};

const OPTIONS: Options = Options { as_of: Some(Date(18_290)), threads: 1 };

fn agree(made: &Made, seed: u64, rows: [usize; 2]) -> usize {
    let model = &made.model;
    let book = support::book(model, seed, rows);
    let found = columns(model, &book, &OPTIONS, &made.pool);
    let mut walk = Walk::new(model, &book, OPTIONS.as_of);
    let of_group =
        |index| (0..model.exprs.len() as u32).map(ExprId).find(|id| *model.exprs.node(*id) == Node::GroupKey(MetricId(0), index));
    let keys: Vec<_> = (0..2).filter_map(of_group).map(|id| (id, GROUPS)).collect();
    let keys = columns(model, &book, &OPTIONS, &keys);
    let groups = rows_in(model, &book, GROUPS);
    walk.set_groups(MetricId(0), (0..groups).map(|group| keys.iter().map(|key| key.get(group)).collect()).collect());
    let mut faults = 0;
    for ((id, ctx), column) in made.pool.iter().zip(&found) {
        let rows = match ctx {
            Ctx::Policy => 1,
            Ctx::Entity(entity) => book.table(*entity).rows,
            Ctx::Group(_) => groups,
        };
        assert_eq!(column.len(), rows, "seed {seed}: {:?}", model.exprs.node(*id));
        for row in 0..rows {
            let (got, expected) = (column.get(row), walk.value(*id, row as u32));
            let shown = |cell: &Cell| show::cell(model, &book, cell, model.ty(*id).kind);
            let (a, b) = (shown(&got), shown(&expected));
            assert_eq!(got, expected, "seed {seed}, row {row} of {ctx:?}: {a} {b} for {id:?} {:?}", model.exprs.node(*id));
            faults += usize::from(matches!(got, Cell::Fault(_)));
        }
    }
    faults
}

#[test]
fn both_walks_agree_on_every_kind_of_expression() {
    let mut faults = 0;
    for seed in 0..150 {
        let made = support::policy(seed, 250);
        faults += agree(&made, seed, [9 + seed as usize % 7, 1 + seed as usize % 12]);
    }
    assert!(faults > 1000, "too few faults to speak of: {faults}");
}

#[test]
fn tables_without_rows_have_columns_without_rows() {
    for seed in 500..520 {
        agree(&support::policy(seed, 150), seed, [0, 0]);
        agree(&support::policy(seed, 150), seed, [5, 0]);
    }
}

#[test]
fn every_kind_of_expression_occurs() {
    let mut kinds = rustc_hash::FxHashSet::default();
    for seed in 0..150 {
        let model = support::policy(seed, 250).model;
        let kind = |id: u32| std::mem::discriminant(model.exprs.node(ExprId(id)));
        kinds.extend((0..model.exprs.len() as u32).map(kind));
    }
    assert_eq!(kinds.len(), 29, "as many as `Node` has");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    for seed in 0..3 {
        let made = support::policy(seed, 120);
        let book = support::book(&made.model, seed, [4500, 2100]);
        let run = |threads| columns(&made.model, &book, &Options { threads, ..OPTIONS }, &made.pool);
        let one = run(1);
        assert!(one == run(2) && one == run(7), "seed {seed}");
    }
}

#[test]
fn rows_of_entities_are_those_of_the_book() {
    let made = support::policy(1, 10);
    let book = support::book(&made.model, 1, [7, 3]);
    let rows = [Ctx::Policy, Ctx::Entity(A), Ctx::Entity(B)].map(|ctx| rows_in(&made.model, &book, ctx));
    assert_eq!(rows, [1, 7, 3]);
}
