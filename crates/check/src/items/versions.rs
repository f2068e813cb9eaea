//! Named decisions as a whole: their labels, their versions, and which of these is in force.

use super::head;
use crate::checker::{Checker, ItemRef, Key};
use kamrules_base::{Date, Finding, Span, codes};
use kamrules_model::{CompareOp, Ctx, ExprId, Label, Node, Set, SetAttr, SetId, SetKind, Ty, Type, Value, Version};
use kamrules_syntax::ast::{self, ItemKind};

/// Declares every set, table and tree with its labels, so that they can be named before anything is lowered.
pub(crate) fn declare(cx: &mut Checker) {
    let files = cx.tables.files.clone();
    for index in 0..cx.tables.symbols.set_items.len() {
        let mut items = cx.tables.symbols.set_items[index].clone();
        let from =
            |at: &ItemRef| crate::collect::head_of_item(&files[at.0 as usize].1.items[at.1 as usize].kind).and_then(|head| head.from);
        items.sort_by_key(|at| from(at).map(|(date, _)| date));
        versions_agree(cx, &items);
        cx.tables.symbols.set_items[index] = items.clone();
        let first = &files[items[0].0 as usize].1.items[items[0].1 as usize];
        let Some(head) = crate::collect::head_of_item(&first.kind) else { continue };
        let kind = set_kind(&first.kind);
        let Some(entity) = head::entity(cx, head) else { continue };
        let mut labels: Vec<Label> = Vec::new();
        for at in &items {
            let item = &files[at.0 as usize].1.items[at.1 as usize];
            for label in labels_of(cx, &item.kind) {
                match labels.iter_mut().find(|known| known.name == label.name) {
                    // A label that is an answer in one version is one, though others may be nested in it in another.
                    Some(known) => known.group &= label.group,
                    None => labels.push(label),
                }
            }
        }
        let every = matches!(&first.kind, ItemKind::Set(set) if matches!(set.mode, Some((ast::Mode::EveryMatch, _))));
        let every = every || matches!(&first.kind, ItemKind::Table(table) if matches!(table.mode, Some((ast::Mode::EveryMatch, _))));
        let unknown = cx.unknown(head.name.span);
        cx.model.sets.push(Set {
            kind,
            name: head.name.text.clone(),
            display: head::display(head),
            doc: first.doc.clone(),
            entity,
            every,
            labels,
            attrs: Vec::new(),
            versions: Vec::new(),
            answer: unknown,
            span: head.name.span,
        });
    }
}

fn set_kind(kind: &ItemKind) -> SetKind {
    match kind {
        ItemKind::Set(set) => match set.kind {
            ast::SetKind::Tiers => SetKind::Tiers,
            ast::SetKind::Segments => SetKind::Segments,
            ast::SetKind::Territories => SetKind::Territories,
            ast::SetKind::Scorecard => SetKind::Scorecard,
        },
        ItemKind::Table(_) => SetKind::Table,
        _ => SetKind::Tree,
    }
}

/// Versions are of one kind and start on different days.
fn versions_agree(cx: &mut Checker, items: &[ItemRef]) {
    let files = cx.tables.files.clone();
    let item = |at: &ItemRef| &files[at.0 as usize].1.items[at.1 as usize];
    for pair in items.windows(2) {
        let (a, b) = (item(&pair[0]), item(&pair[1]));
        let (Some(first), Some(second)) = (crate::collect::head_of_item(&a.kind), crate::collect::head_of_item(&b.kind)) else { continue };
        if set_kind(&a.kind) != set_kind(&b.kind) {
            let message = format!("two versions of `{}` are of different kinds", second.name.text);
            cx.report(Finding::new(codes::VERSIONS, b.keyword, message).also(a.keyword, "the other").help("rename one of them"));
        }
        if first.from.map(|(date, _)| date) == second.from.map(|(date, _)| date) {
            let message = format!("two versions of `{}` start on the same day", second.name.text);
            let finding = Finding::new(codes::VERSIONS, second.name.span, message)
                .also(first.name.span, "the other")
                .help("say of one of them from when on it holds: `from 2026-07-01`");
            cx.report(finding);
        }
    }
}

fn labels_of(cx: &mut Checker, kind: &ItemKind) -> Vec<Label> {
    let mut labels = Vec::new();
    match kind {
        ItemKind::Set(set) => super::sets::labels(cx, &set.rungs, None, &mut labels),
        ItemKind::Table(table) => super::tables::labels(table, &mut labels),
        ItemKind::Tree(tree) => super::trees::labels(cx, tree, &mut labels, &mut Vec::new()),
        _ => {}
    }
    labels
}

/// Lowers every set, and puts answers and attributes into the model.
pub(crate) fn lower_all(cx: &mut Checker) {
    for index in 0..cx.model.sets.len() {
        let set = SetId(index as u32);
        let span = cx.model.set(set).span;
        let items = cx.tables.symbols.set_items[index].clone();
        let mut versions = Vec::new();
        for (v, _) in items.iter().enumerate() {
            let answer = cx.version_answer(set, v as u32, span);
            if let (Node::Decide(decision), Some((from, at))) = (cx.exprs().node(answer).clone(), version_head(cx, set, v as u32)) {
                versions.push(Version { from, decision, answer, span: at });
            }
        }
        let answer = cx.set_answer(set, None, span);
        let mut attrs = Vec::new();
        if cx.model.set(set).every {
            cx.look_at_attributes(set);
            let slot = &mut cx.model.sets[index];
            (slot.versions, slot.answer) = (versions, answer);
            continue;
        }
        for (name, at) in super::attributes::names(cx, set) {
            let expr = cx.set_attribute(set, &ast::Name { text: name.clone(), span: at }, None, at);
            attrs.push(SetAttr { name, expr, span: at });
        }
        let slot = &mut cx.model.sets[index];
        (slot.versions, slot.answer, slot.attrs) = (versions, answer, attrs);
    }
}

fn version_head(cx: &Checker, set: SetId, version: u32) -> Option<(Option<Date>, Span)> {
    let at = cx.tables.symbols.set_items[set.index()][version as usize];
    let head = crate::collect::head_of(cx, at)?;
    Some((head.from.map(|(date, _)| date), head.name.span))
}

impl Checker {
    /// The type of a set's answer.
    pub fn answer_type(&self, set: SetId) -> Type {
        let of = self.model.set(set);
        match of.kind {
            SetKind::Scorecard => Type::number(super::sets::points_scale(self, set)),
            _ if of.every => Type::Labels(set),
            _ => Type::Label(set),
        }
    }

    /// The answer of a set in force on `today`, or on another day.
    pub fn set_answer(&mut self, set: SetId, day: Option<ExprId>, span: Span) -> ExprId {
        if set.index() >= self.model.sets.len() {
            return self.unknown(span);
        }
        let name = self.model.set(set).name.clone();
        match day {
            None => self.once(Key::Set(set.0), &name, span, |cx| cx.in_force(set, None, span, |cx, v| cx.version_answer(set, v, span))),
            Some(day) => self.in_force(set, Some(day), span, |cx, v| cx.version_answer(set, v, span)),
        }
    }

    /// Of one value per version, the one in force on a day.
    pub fn in_force(&mut self, set: SetId, day: Option<ExprId>, span: Span, mut value: impl FnMut(&mut Self, u32) -> ExprId) -> ExprId {
        let count = self.tables.symbols.set_items[set.index()].len() as u32;
        let mut chosen: Option<ExprId> = None;
        for version in 0..count {
            let this = value(self, version);
            if self.is_unknown(this) {
                return this;
            }
            let from = version_head(self, set, version).and_then(|(from, _)| from);
            chosen = Some(match (from, chosen) {
                (None, _) => this,
                (Some(from), before) => {
                    // Before the first version there is no answer.
                    let before = before.unwrap_or_else(|| {
                        let ty = self.ty(this);
                        self.add(Node::Missing, ty, Ctx::Policy, span)
                    });
                    let day = day.unwrap_or_else(|| self.add(Node::Today, Ty::known(Type::Date), Ctx::Policy, span));
                    let start = self.constant(Value::Date(from.0), Type::Date, span);
                    let ctx = self.exprs().ctx(day);
                    let in_force = self.add(Node::Compare(CompareOp::GreaterOrEqual, day, start), Ty::FLAG, ctx, span);
                    self.choose(in_force, this, before, span)
                }
            });
        }
        chosen.unwrap_or_else(|| self.unknown(span))
    }

    fn choose(&mut self, condition: ExprId, then: ExprId, otherwise: ExprId, span: Span) -> ExprId {
        let (a, b) = (self.ty(then), self.ty(otherwise));
        let Some(kind) = crate::lower::join(a.kind, b.kind) else {
            return self.spoil(
                Finding::new(codes::VERSIONS, span, "two versions give this different types").help("give it one type in all versions"),
            );
        };
        let (then, otherwise) = (self.at_scale_of(then, kind), self.at_scale_of(otherwise, kind));
        let ctx = self.join_ctx(&[condition, then, otherwise]);
        self.add(Node::If(condition, then, otherwise), Ty { kind, optional: a.optional || b.optional }, ctx, span)
    }

    /// The answer of one version.
    pub fn version_answer(&mut self, set: SetId, version: u32, span: Span) -> ExprId {
        let name = self.model.set(set).name.clone();
        self.once(Key::Version(set.0, version), &name, span, |cx| {
            let answer = cx.lower_version(set, version, false);
            cx.answer_or_nothing(set, answer, span)
        })
    }

    /// What hangs on a set whose own findings are made is still looked at with the type that the set's answer has.
    fn answer_or_nothing(&mut self, set: SetId, answer: ExprId, span: Span) -> ExprId {
        if !self.is_unknown(answer) {
            return answer;
        }
        let ty = Ty::known(self.answer_type(set));
        self.add(Node::Missing, ty, Ctx::Policy, span)
    }

    /// The answer of one version without its rungs `same as`.
    pub fn own_rungs(&mut self, set: SetId, version: u32, span: Span) -> ExprId {
        let name = format!("{} (its own rungs)", self.model.set(set).name);
        self.once(Key::OwnRungs(set.0, version), &name, span, |cx| cx.lower_version(set, version, true))
    }

    fn lower_version(&mut self, set: SetId, version: u32, own: bool) -> ExprId {
        let files = self.tables.files.clone();
        let at = self.tables.symbols.set_items[set.index()][version as usize];
        match &files[at.0 as usize].1.items[at.1 as usize].kind {
            ItemKind::Set(item) => super::sets::lower(self, set, version, item, own),
            ItemKind::Table(item) => super::tables::lower(self, set, item),
            ItemKind::Tree(item) => super::trees::lower(self, set, item),
            _ => self.unknown(Span::default()),
        }
    }
}
