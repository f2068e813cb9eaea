//! The groups of a metric: every combination of values that its rows have, and every value of a picklist or entity even
//! where there is no row. Several `by` are combined, value with value, unless that would make too many groups.

use super::Walk;
use kamrules_model::{Cell, LabelValue, MetricId, Type, Value, arith};
use std::cmp::Ordering;
use std::rc::Rc;

/// From how many groups on only those are made that some row has.
const TOO_MANY: usize = 10_000;

/// For each group its value of each `by`.
pub type Groups = Rc<Vec<Vec<Cell>>>;

impl Walk<'_> {
    /// The groups of a metric in their order; a group's index is the row of what is about the metric's groups.
    pub fn groups(&self, metric: MetricId) -> Groups {
        if let Some(known) = self.groups.borrow().get(&metric) {
            return known.clone();
        }
        let groups: Groups = Rc::new(list(self, metric));
        self.groups.borrow_mut().insert(metric, groups.clone());
        groups
    }

    /// Says which groups a metric has, in which order.
    pub fn set_groups(&mut self, metric: MetricId, groups: Vec<Vec<Cell>>) {
        self.groups.borrow_mut().insert(metric, Rc::new(groups));
    }
}

fn list(walk: &Walk<'_>, id: MetricId) -> Vec<Vec<Cell>> {
    let metric = walk.model.metric(id);
    if metric.groups.is_empty() {
        return Vec::new();
    }
    let types: Vec<Type> = metric.groups.iter().map(|by| walk.model.ty(*by).kind).collect();
    let mut groups = found(walk, id);
    let values: Vec<Vec<Cell>> = types.iter().enumerate().map(|(i, ty)| values(walk, *ty, &groups, i)).collect();
    let size = values.iter().fold(1_usize, |size, values| size.saturating_mul(values.len()));
    if types.len() == 1 || size < TOO_MANY {
        let mut all = vec![Vec::new()];
        for values in &values {
            all = all
                .iter()
                .flat_map(|group: &Vec<Cell>| values.iter().map(|value| [group.as_slice(), std::slice::from_ref(value)].concat()))
                .collect();
        }
        groups.extend(all);
    }
    groups.sort_by(|a, b| order(walk, &types, a, b));
    groups.dedup();
    groups
}

// The combinations that occur among rows that count; a row of which it cannot be said has none.
fn found(walk: &Walk<'_>, id: MetricId) -> Vec<Vec<Cell>> {
    let metric = walk.model.metric(id);
    let rows = metric.entity.map_or(0, |entity| walk.book.table(entity).rows as u32);
    let counts = |row: &u32| metric.filter.is_none_or(|filter| walk.value(filter, *row).is_yes());
    let group = |row: u32| metric.groups.iter().map(|by| walk.value(*by, row)).collect::<Vec<Cell>>();
    let sound = |group: &Vec<Cell>| group.iter().all(|cell| matches!(cell, Cell::Known(_) | Cell::Missing));
    (0..rows).filter(counts).map(group).filter(sound).collect()
}

// The values of a type that has few, or those that occur in the `i`th place.
fn values(walk: &Walk<'_>, ty: Type, found: &[Vec<Cell>], i: usize) -> Vec<Cell> {
    let rows = |entity| 0..walk.book.table(entity).rows as u32;
    let label = |code: u32, row: u32| Value::Label(LabelValue { code, row });
    let values: Vec<Value> = match ty {
        Type::Pick(pick) => (0..walk.model.pick(pick).values.len() as u32).map(Value::Pick).collect(),
        Type::Row(entity) => rows(entity).map(Value::Row).collect(),
        Type::Flag => vec![Value::Flag(true), Value::Flag(false)],
        Type::Label(set) => {
            let labels = walk.model.set(set).labels.iter().zip(0..).filter(|(label, _)| !label.group);
            let of_label = |(info, code): (&kamrules_model::Label, u32)| match info.each {
                Some(entity) => rows(entity).map(|row| label(code, row)).collect::<Vec<_>>(),
                None => vec![label(code, 0)],
            };
            labels.flat_map(of_label).collect()
        }
        ty => {
            let mut values: Vec<Value> = found.iter().filter_map(|group| group[i].known().cloned()).collect();
            values.sort_by(|a, b| order_known(walk, ty, a, b));
            values.dedup();
            values
        }
    };
    values.into_iter().map(Cell::Known).collect()
}

// Missing comes last.
fn order(walk: &Walk<'_>, types: &[Type], a: &[Cell], b: &[Cell]) -> Ordering {
    let each = types.iter().zip(a).zip(b).map(|((ty, a), b)| match (a, b) {
        (Cell::Known(a), Cell::Known(b)) => order_known(walk, *ty, a, b),
        (a, b) => b.known().is_some().cmp(&a.known().is_some()),
    });
    each.into_iter().find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
}

// As the lists of their values stand: rows as in their table, labels as they are written, yes before no.
fn order_known(walk: &Walk<'_>, ty: Type, a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => walk.book.texts.get(*a).cmp(&walk.book.texts.get(*b)),
        (Value::Flag(a), Value::Flag(b)) => b.cmp(a),
        (Value::Label(a), Value::Label(b)) => a.cmp(b),
        (a, b) => arith::order((a, ty), (b, ty)),
    }
}
