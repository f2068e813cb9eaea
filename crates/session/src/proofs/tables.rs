//! What may be opened before a run: lists that come from files, and the tables of rungs `each`.

use crate::Policy;
use kamrules_base::World;
use kamrules_eval::Options;
use kamrules_eval::rows::Walk;
use kamrules_model::{Book, Cell, Condition, DecisionId, EntityId, ListId, ListSource, Model, Source, Sym, Type, Value};
use rustc_hash::FxHashMap;

/// What was opened.
pub(super) struct Tables {
    /// The rows, and the lists.
    pub book: Book,
    opened: Vec<EntityId>,
    lists: bool,
}

/// Opens what the rules name, as far as it is there.
pub(super) fn open(policy: &Policy, world: &dyn World) -> Tables {
    let model = policy.model();
    let mut wanted: Vec<(EntityId, Source)> = Vec::new();
    for rung in model.decisions.iter().flat_map(|decision| &decision.rungs) {
        if let Condition::Each { rows, .. } = rung.when
            && !wanted.iter().any(|(entity, _)| *entity == rows)
            && let Some(source) = &model.entity(rows).source
        {
            wanted.push((rows, source.clone()));
        }
    }
    let lists = model.lists.iter().any(|list| matches!(list.values, ListSource::File(..)));
    if wanted.is_empty() && !lists {
        return Tables { book: Book::empty(model), opened: Vec::new(), lists: false };
    }
    let mut loaded = kamrules_data::load_some(model, &policy.sources, world, &wanted);
    if !loaded.blocking.is_empty() {
        return Tables { book: Book::empty(model), opened: Vec::new(), lists: false };
    }
    policy.apply_facts(&mut loaded, &Options { as_of: model.settings.as_of, threads: 0 });
    Tables { book: loaded.book, opened: wanted.into_iter().map(|(entity, _)| entity).collect(), lists }
}

impl Tables {
    /// The texts of the lists that come from files.
    pub fn lists(&self, model: &Model) -> FxHashMap<ListId, Vec<Sym>> {
        let mut out = FxHashMap::default();
        for (i, list) in model.lists.iter().enumerate().filter(|_| self.lists) {
            if matches!(list.values, ListSource::File(..)) {
                let id = ListId(i as u32);
                let mut texts: Vec<_> = self.book.list(id).iter().map(|&sym| self.book.texts.get(sym)).collect();
                texts.sort_unstable();
                out.insert(id, texts.iter().map(|text| model.texts.intern(text)).collect());
            }
        }
        out
    }

    /// For each rung `each` the values that its keys have in the rows of the table.
    pub fn each(&self, model: &Model) -> FxHashMap<(DecisionId, u32), Vec<Vec<Value>>> {
        let walk = Walk::new(model, &self.book, None);
        let mut out = FxHashMap::default();
        for (d, decision) in model.decisions.iter().enumerate() {
            for (r, rung) in decision.rungs.iter().enumerate() {
                let Condition::Each { rows, keys, filter, .. } = &rung.when else { continue };
                // Rows that refer to others are not whole without those.
                let refers = model.entity(*rows).fields.iter().any(|field| matches!(field.ty.kind, Type::Row(_)));
                if refers || !self.opened.contains(rows) {
                    continue;
                }
                let count = self.book.table(*rows).rows as u32;
                let kept = (0..count).filter(|&row| filter.is_none_or(|filter| walk.value(filter, row).is_yes()));
                let values = kept.filter_map(|row| {
                    keys.iter()
                        .map(|(inner, _)| match walk.value(*inner, row) {
                            Cell::Known(value) => Some(moved(&value, self.book.texts.as_ref(), &model.texts)),
                            _ => None,
                        })
                        .collect::<Option<Vec<Value>>>()
                });
                out.insert((DecisionId(d as u32), r as u32), values.collect());
            }
        }
        out
    }
}

/// A value whose text, if it is one, is known by another table of texts.
pub(super) fn moved(value: &Value, from: &kamrules_model::Texts, to: &kamrules_model::Texts) -> Value {
    match value {
        Value::Text(sym) => Value::Text(to.intern(&from.get(*sym))),
        other => other.clone(),
    }
}
