//! What every item declares, before any expression is looked at.

use crate::checker::{Checker, ItemRef};
use kamrules_base::{Finding, Span, codes};
use kamrules_model::{ActionId, EntityId, ListId, MetricId, SetId};
use kamrules_syntax::ast::{self, ItemKind};
use rustc_hash::FxHashMap;

/// Names to what they stand for.
#[derive(Default)]
pub(crate) struct Symbols {
    pub entities: FxHashMap<String, EntityId>,
    /// What is a field of an entity: loaded, defined, or declared for it.
    pub members: FxHashMap<(EntityId, String), (Member, Span)>,
    /// What has no entity.
    pub globals: FxHashMap<String, (Global, Span)>,
    /// The library's own formulas: what it says of itself stays so when a policy has a formula of the same name.
    pub library: FxHashMap<String, Global>,
    pub lists: FxHashMap<String, (ListId, Span)>,
    pub actions: FxHashMap<String, (ActionId, Span)>,
    /// Items of each set, its versions in the order of the files.
    pub set_items: Vec<Vec<ItemRef>>,
    pub metric_items: Vec<ItemRef>,
    pub action_items: Vec<ItemRef>,
    pub entity_items: Vec<ItemRef>,
    pub list_items: Vec<ItemRef>,
}

/// A field of an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Member {
    Field(u32),
    Define(ItemRef),
    Set(SetId),
    Quota(ItemRef),
    Obligation(ItemRef),
    Cadence(ItemRef),
    Assign(ItemRef),
}

/// A name without an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Global {
    Define(ItemRef),
    Metric(MetricId),
    Obligation(ItemRef),
}

/// Lists what every item declares: first the entities and their fields, then all that is declared for them.
pub(crate) fn collect(cx: &mut Checker) {
    let (files, refs) = cx.items();
    let item = |at: ItemRef| &files[at.0 as usize].1.items[at.1 as usize];
    for &at in &refs {
        match &item(at).kind {
            ItemKind::Entity(entity) => declare_entity(cx, at, entity),
            ItemKind::List(list) => declare_list(cx, at, list),
            _ => {}
        }
    }
    for index in 0..cx.tables.symbols.entity_items.len() {
        let at = cx.tables.symbols.entity_items[index];
        if let ItemKind::Entity(entity) = &item(at).kind {
            for (i, field) in entity.fields.iter().enumerate() {
                declare_member(cx, EntityId(index as u32), &field.name, Member::Field(i as u32));
            }
        }
    }
    for &at in &refs {
        declare_item(cx, at, &item(at).kind);
    }
}

fn declare_entity(cx: &mut Checker, at: ItemRef, entity: &ast::Entity) {
    let id = EntityId(cx.tables.symbols.entity_items.len() as u32);
    if let Some(&other) = cx.tables.symbols.entities.get(&entity.name.text) {
        let first = entity_name_span(cx, other);
        return duplicate(cx, &entity.name, first, "an entity");
    }
    cx.tables.symbols.entities.insert(entity.name.text.clone(), id);
    cx.tables.symbols.entity_items.push(at);
}

fn entity_name_span(cx: &Checker, id: EntityId) -> Span {
    let at = cx.tables.symbols.entity_items[id.index()];
    match &cx.tables.files[at.0 as usize].1.items[at.1 as usize].kind {
        ItemKind::Entity(entity) => entity.name.span,
        _ => Span::default(),
    }
}

fn declare_list(cx: &mut Checker, at: ItemRef, list: &ast::List) {
    let id = ListId(cx.tables.symbols.list_items.len() as u32);
    if let Some(&(_, first)) = cx.tables.symbols.lists.get(&list.name.text) {
        return duplicate(cx, &list.name, first, "a list");
    }
    cx.tables.symbols.lists.insert(list.name.text.clone(), (id, list.name.span));
    cx.tables.symbols.list_items.push(at);
}

fn declare_item(cx: &mut Checker, at: ItemRef, kind: &ItemKind) {
    match kind {
        ItemKind::Define(define) => declare_define(cx, at, define),
        ItemKind::Set(set) => declare_set(cx, at, &set.head),
        ItemKind::Table(table) => declare_set(cx, at, &table.head),
        ItemKind::Tree(tree) => declare_set(cx, at, &tree.head),
        ItemKind::Quota(quota) => declare_for(cx, &quota.head, Member::Quota(at), true),
        ItemKind::Cadence(cadence) => declare_for(cx, &cadence.head, Member::Cadence(at), true),
        ItemKind::Assign(assign) => declare_for(cx, &assign.head, Member::Assign(at), true),
        ItemKind::Obligation(duty) if duty.head.entity.is_some() => declare_for(cx, &duty.head, Member::Obligation(at), true),
        ItemKind::Obligation(duty) => declare_global(cx, &duty.head.name, Global::Obligation(at)),
        ItemKind::Metric(metric) => {
            let id = MetricId(cx.tables.symbols.metric_items.len() as u32);
            cx.tables.symbols.metric_items.push(at);
            declare_global(cx, &metric.head.name, Global::Metric(id));
        }
        ItemKind::Action(action) => {
            let id = ActionId(cx.tables.symbols.action_items.len() as u32);
            let name = &action.head.name;
            if let Some(&(_, first)) = cx.tables.symbols.actions.get(&name.text) {
                return duplicate(cx, name, first, "an action");
            }
            cx.tables.symbols.actions.insert(name.text.clone(), (id, name.span));
            cx.tables.symbols.action_items.push(at);
        }
        _ => {}
    }
}

fn declare_define(cx: &mut Checker, at: ItemRef, define: &ast::Define) {
    match define.path.parts.as_slice() {
        [name] => declare_global(cx, name, Global::Define(at)),
        [entity, name] => {
            if let Some(id) = entity_named(cx, entity) {
                declare_member(cx, id, name, Member::Define(at));
            }
        }
        _ => {
            let finding = Finding::new(codes::HEADER, define.path.span, "a define is named `name` or `entity.name`")
                .help("take out the parts in the middle: a define belongs to one entity");
            cx.report(finding);
        }
    }
}

fn declare_for(cx: &mut Checker, head: &ast::Head, member: Member, needed: bool) {
    match &head.entity {
        Some(entity) => {
            if let Some(id) = entity_named(cx, entity) {
                declare_member(cx, id, &head.name, member);
            }
        }
        None if needed => missing_entity(cx, head),
        None => {}
    }
}

fn missing_entity(cx: &mut Checker, head: &ast::Head) {
    let names = crate::words::list(cx.tables.symbols.entities.keys().map(String::as_str), 6);
    let message = format!("`{}` does not say whose rows it is about", head.name.text);
    let finding = Finding::new(codes::HEADER, head.name.span, message)
        .help(format!("write `for` and an entity behind the name: `{} for account`; entities here: {names}", head.name.text));
    cx.report(finding);
}

fn declare_set(cx: &mut Checker, at: ItemRef, head: &ast::Head) {
    let Some(entity) = &head.entity else { return missing_entity(cx, head) };
    let Some(id) = entity_named(cx, entity) else { return };
    let known = cx.tables.symbols.members.get(&(id, head.name.text.clone())).copied();
    if let Some((Member::Set(set), first)) = known {
        let versions = &cx.tables.symbols.set_items[set.index()];
        if head.from.is_some() || versions.iter().any(|&at| head_of(cx, at).is_some_and(|head| head.from.is_some())) {
            cx.tables.symbols.set_items[set.index()].push(at);
            return;
        }
        let finding = Finding::new(codes::DUPLICATE_NAME, head.name.span, format!("`{}` is there twice", head.name.text))
            .also(first, "the first")
            .help("rename one of them; or, if it is a later version of the same rules, say from when: `from 2026-07-01`");
        return cx.report(finding);
    }
    let set = SetId(cx.tables.symbols.set_items.len() as u32);
    if declare_member(cx, id, &head.name, Member::Set(set)) {
        cx.tables.symbols.set_items.push(vec![at]);
    }
}

impl Checker {
    /// What a name without an entity stands for at a place.
    pub fn global(&self, name: &str, span: Span) -> Option<Global> {
        let own = if self.in_library(span) { self.tables.symbols.library.get(name).copied() } else { None };
        own.or_else(|| self.tables.symbols.globals.get(name).map(|(global, _)| *global))
    }
}

/// The head of a set, table or tree.
pub(crate) fn head_of(cx: &Checker, at: ItemRef) -> Option<ast::Head> {
    head_of_item(&cx.tables.files[at.0 as usize].1.items[at.1 as usize].kind).cloned()
}

/// The head of a set, table or tree.
pub(crate) fn head_of_item(kind: &ItemKind) -> Option<&ast::Head> {
    match kind {
        ItemKind::Set(set) => Some(&set.head),
        ItemKind::Table(table) => Some(&table.head),
        ItemKind::Tree(tree) => Some(&tree.head),
        _ => None,
    }
}

/// The entity with this name, or a finding.
pub(crate) fn entity_named(cx: &mut Checker, name: &ast::Name) -> Option<EntityId> {
    if let Some(&id) = cx.tables.symbols.entities.get(&name.text) {
        return Some(id);
    }
    if name.text.is_empty() {
        return None;
    }
    let names: Vec<&str> = cx.tables.symbols.entities.keys().map(String::as_str).collect();
    let mut finding = Finding::new(codes::UNKNOWN_ENTITY, name.span, format!("there is no entity `{}`", name.text));
    finding = match kamrules_base::near::nearest(&name.text, names.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), name.span, near),
        None => finding.help(format!("declare it with `entity {} {{ … }}`, or use one of {}", name.text, crate::words::list(names, 6))),
    };
    cx.report(finding);
    None
}

fn declare_member(cx: &mut Checker, entity: EntityId, name: &ast::Name, member: Member) -> bool {
    if name.text.is_empty() {
        return false;
    }
    let key = (entity, name.text.clone());
    if let Some(&(_, first)) = cx.tables.symbols.members.get(&key) {
        duplicate(cx, name, first, "a field of the same entity");
        return false;
    }
    cx.tables.symbols.members.insert(key, (member, name.span));
    true
}

fn declare_global(cx: &mut Checker, name: &ast::Name, global: Global) {
    if name.text.is_empty() {
        return;
    }
    if cx.in_library(name.span) {
        cx.tables.symbols.library.insert(name.text.clone(), global);
    }
    if let Some(&(_, first)) = cx.tables.symbols.globals.get(&name.text) {
        if cx.in_library(first) {
            // A policy's own formula wins over the library's of the same name.
            cx.tables.symbols.globals.insert(name.text.clone(), (global, name.span));
            return;
        }
        return duplicate(cx, name, first, "declared already");
    }
    cx.tables.symbols.globals.insert(name.text.clone(), (global, name.span));
}

fn duplicate(cx: &mut Checker, name: &ast::Name, first: Span, what: &str) {
    let finding = Finding::new(codes::DUPLICATE_NAME, name.span, format!("`{}` is there twice", name.text))
        .here("the second")
        .also(first, format!("`{}` is {what} here", name.text))
        .help("rename one of them");
    cx.report(finding);
}
