//! Fields that no rule reads, though a bad cell in them sets the whole row aside.

use crate::Policy;
use kamrules_base::{Finding, codes};
use kamrules_model::{Entity, ExprId, FieldId, Node, Type};
use rustc_hash::FxHashSet;

/// How many names are listed.
const SHOWN: usize = 6;

/// Fields of an entity that some rule is about, which are not read themselves. Keys, references, what tells rows apart and names stay.
pub(crate) fn unread_fields(policy: &Policy<'_>) -> Vec<Finding> {
    let model = policy.model;
    let mut read: FxHashSet<FieldId> = FxHashSet::default();
    for id in (0..model.exprs.len() as u32).map(ExprId) {
        if let Node::Field(field) = model.exprs.node(id) {
            read.insert(*field);
        }
    }
    let mut found = Vec::new();
    for (at, entity) in model.entities.iter().enumerate() {
        let id = |index: usize| FieldId { entity: kamrules_model::EntityId(at as u32), index: index as u32 };
        if !(0..entity.fields.len()).any(|index| read.contains(&id(index))) {
            continue;
        }
        let unread: Vec<&str> = (0..entity.fields.len())
            .filter(|&i| !read.contains(&id(i)) && !is_kept(entity, i))
            .map(|i| entity.fields[i].name.as_str())
            .collect();
        if unread.is_empty() {
            continue;
        }
        let names = unread.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let more = if unread.len() > SHOWN { format!(" and {} more", unread.len() - SHOWN) } else { String::new() };
        let finding = Finding::new(codes::UNREAD_FIELDS, entity.span, format!("no rule reads {names}{more} of `{}`", entity.name));
        found.push(finding.help("a cell that cannot be read sets its row aside, wanted or not: leave out the columns that nothing needs"));
    }
    found
}

/// Whether a field is there for another reason than to be read by a rule.
fn is_kept(entity: &Entity, index: usize) -> bool {
    let field = &entity.fields[index];
    let by_index = |at: Option<u32>| at == Some(index as u32);
    entity.key.contains(&(index as u32))
        || field.unique
        || field.name == "name"
        || matches!(field.ty.kind, Type::Row(_))
        || entity.fields.iter().filter_map(|other| other.currency).any(|(currency, day)| by_index(Some(currency)) || by_index(day))
}
