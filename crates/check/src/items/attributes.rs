//! Attributes of labels, and the output columns of tables: one type for all labels, bare words standing for themselves.

use crate::checker::{Checker, Key};
use crate::lower::Env;
use kamrules_base::{Finding, Span, codes, near};
use kamrules_model::{
    Condition, Ctx, Decision, EntityId, ExprId, Node, Outcome, PickId, PickValue, Picklist, Rung, SetId, Ty, Type, Value, Win,
};
use kamrules_syntax::ast::{self, ExprKind, ItemKind, RungKind};

/// An attribute of a label as written: the label's code, the value, and where a label lacks it.
struct Written<'a> {
    code: u32,
    label: Span,
    value: Option<&'a ast::Expr>,
    each: Option<EntityId>,
}

/// The names of a set's attributes, in the order they first stand.
pub(crate) fn names(cx: &Checker, set: SetId) -> Vec<(String, Span)> {
    let mut found: Vec<(String, Span)> = Vec::new();
    let mut add = |name: &ast::Name| {
        if !found.iter().any(|(known, _)| *known == name.text) && !name.text.is_empty() {
            found.push((name.text.clone(), name.span));
        }
    };
    for at in &cx.tables.symbols.set_items[set.index()] {
        match &cx.tables.files[at.0 as usize].1.items[at.1 as usize].kind {
            ItemKind::Set(item) => walk(&item.rungs, &mut |rung| rung.attrs.iter().for_each(|attr| add(&attr.name))),
            ItemKind::Table(item) => item.outputs.iter().for_each(&mut add),
            _ => {}
        }
    }
    if found.is_empty() {
        found = fields_of_each(cx, set);
    }
    found
}

/// Where only rows of a table give labels, their fields are the attributes.
fn fields_of_each(cx: &Checker, set: SetId) -> Vec<(String, Span)> {
    let labels = &cx.model.set(set).labels;
    match labels.iter().find_map(|label| label.each) {
        Some(entity) if labels.iter().all(|label| label.group || label.each == Some(entity)) => {
            cx.model.entity(entity).fields.iter().map(|field| (field.name.clone(), field.span)).collect()
        }
        _ => Vec::new(),
    }
}

fn walk<'a>(rungs: &'a [ast::Rung], visit: &mut impl FnMut(&'a ast::Rung)) {
    for rung in rungs {
        visit(rung);
        walk(&rung.children, visit);
    }
}

impl Checker {
    /// An attribute of the label in force on `today`, or on another day.
    pub fn set_attribute(&mut self, set: SetId, name: &ast::Name, day: Option<ExprId>, span: Span) -> ExprId {
        let known = names(self, set);
        if !known.iter().any(|(attr, _)| *attr == name.text) {
            return self.unknown_attribute(set, name, &known);
        }
        if self.model.set(set).every {
            let of = self.model.set(set).name.clone();
            let finding = Finding::new(
                codes::UNKNOWN_ATTRIBUTE,
                name.span,
                format!("`{of}` gives any number of labels, so there is no one `{}`", name.text),
            );
            return self.spoil(finding.help(format!("ask for a label: `{of} contains …`")));
        }
        let label = match day {
            None => Some(self.set_answer(set, None, span)),
            Some(_) => None,
        };
        self.in_force(set, day, span, |cx, version| {
            let label = label.unwrap_or_else(|| cx.version_answer(set, version, span));
            cx.version_attribute(set, version, &name.text, label, span)
        })
    }

    fn unknown_attribute(&mut self, set: SetId, name: &ast::Name, known: &[(String, Span)]) -> ExprId {
        let of = self.model.set(set);
        let names: Vec<&str> = known.iter().map(|(attr, _)| attr.as_str()).collect();
        let mut finding =
            Finding::new(codes::UNKNOWN_ATTRIBUTE, name.span, format!("the labels of `{}` have no attribute `{}`", of.name, name.text))
                .also(of.span, "declared here");
        if let Some(near) = near::nearest(&name.text, names.iter().copied()) {
            finding = finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), name.span, near);
        }
        self.spoil(finding.help(format!("they have {}", crate::words::ordered(&names, 12))))
    }

    /// Looks at the attributes of a set that gives any number of labels: they have types, but no one value.
    pub fn look_at_attributes(&mut self, set: SetId) {
        let files = self.tables.files.clone();
        let entity = self.model.set(set).entity;
        for at in self.tables.symbols.set_items[set.index()].clone() {
            let ItemKind::Set(item) = &files[at.0 as usize].1.items[at.1 as usize].kind else { continue };
            let (_, env) = super::head::filtered(self, &item.head, Ctx::Entity(entity));
            let mut values = Vec::new();
            walk(&item.rungs, &mut |rung| values.extend(rung.attrs.iter().map(|attr| &attr.value)));
            for value in values {
                if !matches!(&value.kind, ExprKind::Name(name) if !self.is_in_reach(name, &env)) {
                    self.expr(value, &env);
                }
            }
        }
    }

    fn version_attribute(&mut self, set: SetId, version: u32, attr: &str, label: ExprId, span: Span) -> ExprId {
        if self.is_unknown(label) {
            return label;
        }
        let title = format!("{}.{attr}", self.model.set(set).name);
        let key = Key::Attr(set.0, version, format!("{attr} of {}", label.0));
        self.once(key, &title, span, |cx| cx.lower_attribute(set, version, attr, label, span))
    }

    fn lower_attribute(&mut self, set: SetId, version: u32, attr: &str, label: ExprId, span: Span) -> ExprId {
        let files = self.tables.files.clone();
        let at = self.tables.symbols.set_items[set.index()][version as usize];
        let item = &files[at.0 as usize].1.items[at.1 as usize].kind;
        let Some(head) = crate::collect::head_of_item(item) else { return self.unknown(span) };
        let entity = self.model.set(set).entity;
        let (_, env) = super::head::filtered(self, head, Ctx::Entity(entity));
        let mut written = Vec::new();
        match item {
            ItemKind::Set(item) => self.written_on_rungs(set, &item.rungs, attr, None, &mut written),
            ItemKind::Table(item) => written_in_column(item, attr, &mut written),
            _ => {}
        }
        let words = self.words(set, attr, &written, &env);
        let mut values = Vec::new();
        for one in &written {
            if let Some(value) = self.attribute_value(set, attr, one, label, words, &env) {
                values.push((one.code, value, one.value.map_or(one.label, |value| value.span)));
            }
        }
        let arms: Vec<(ExprId, Span, &Env)> = values.iter().map(|(_, id, span)| (*id, *span, &env)).collect();
        let (ids, ty) = self.unify(&arms, &format!("the values of `{attr}`"));
        if ty.kind == Type::Unknown {
            return self.unknown(span);
        }
        self.by_label(label, values.iter().map(|(code, ..)| *code).zip(ids).collect(), ty, span)
    }

    /// A value by label.
    fn by_label(&mut self, label: ExprId, values: Vec<(u32, ExprId)>, ty: Ty, span: Span) -> ExprId {
        let ctx = self.exprs().ctx(label);
        let rungs = values
            .into_iter()
            .map(|(code, value)| {
                let when = self.label_in(label, vec![code], span);
                Rung { name: "".into(), overrides: false, when: Condition::When(when), outcome: Outcome::Value(value), span }
            })
            .collect();
        let decision = Decision { ctx, ty, win: Win::First, guard: None, rungs, set: None, span, question: None, subject: Some(label) };
        let value = self.decide(decision);
        // A row without a label, be it that two rungs claim it, has no attribute either; that is no fault of the attribute's.
        let has_label = self.is_known(label, true, span);
        let nothing = self.add(Node::Missing, Ty::maybe(ty.kind), Ctx::Policy, span);
        let optional = ty.optional || self.ty(label).optional;
        self.add(Node::If(has_label, value, nothing), Ty { optional, ..ty }, ctx, span)
    }

    fn written_on_rungs<'a>(
        &mut self,
        set: SetId,
        rungs: &'a [ast::Rung],
        attr: &str,
        inherited: Option<&'a ast::Expr>,
        out: &mut Vec<Written<'a>>,
    ) {
        for rung in rungs {
            let own = rung.attrs.iter().find(|one| one.name.text == attr).map(|one| &one.value).or(inherited);
            let (name, each) = match &rung.kind {
                RungKind::Label { name, .. } => (name, None),
                RungKind::Each(entity) => (entity, self.tables.symbols.entities.get(&entity.text).copied()),
                RungKind::SameAs(_) => continue,
            };
            if !rung.children.is_empty() {
                self.written_on_rungs(set, &rung.children, attr, own, out);
            } else if let Some(code) = self.label_code(set, &name.text) {
                out.push(Written { code, label: name.span, value: own, each });
            }
        }
    }

    fn attribute_value(
        &mut self,
        set: SetId,
        attr: &str,
        one: &Written<'_>,
        label: ExprId,
        words: Option<PickId>,
        env: &Env,
    ) -> Option<ExprId> {
        if let (Some(pick), Some(ExprKind::Name(word))) = (words, one.value.map(|value| &value.kind)) {
            let index = self.model.pick(pick).values.iter().position(|value| value.name == *word)?;
            return Some(self.constant(Value::Pick(index as u32), Type::Pick(pick), one.label));
        }
        if let Some(value) = one.value {
            return Some(self.expr(value, env));
        }
        if let Some(entity) = one.each
            && self.has_member(entity, attr)
        {
            let ctx = self.exprs().ctx(label);
            let row = self.add(Node::LabelRow(label, one.code), Ty::known(Type::Row(entity)), ctx, one.label);
            let field = ast::Name { text: attr.to_owned(), span: one.label };
            let value = self.member_of(entity, &field);
            return Some(self.at_row(row, value, one.label));
        }
        let of = self.model.set(set);
        let name = &of.labels[one.code as usize].name;
        let finding =
            Finding::new(codes::ATTRIBUTE_LACKING, one.label, format!("`{name}` lacks `{attr}`, which other labels of `{}` have", of.name))
                .help(format!("write `{{ {attr} = … }}` behind it: all labels of a set give the same attributes"));
        self.report(finding);
        None
    }

    /// When bare words that mean nothing else are what the labels give, they become a picklist of their own.
    fn words(&mut self, set: SetId, attr: &str, written: &[Written<'_>], env: &Env) -> Option<PickId> {
        let word = |cx: &Self, value: &ast::Expr| match &value.kind {
            ExprKind::Name(name) if !cx.is_in_reach(name, env) => Some(name.clone()),
            _ => None,
        };
        let mut words: Vec<String> = Vec::new();
        for value in written.iter().filter_map(|one| one.value) {
            let found = word(self, value)?;
            if !words.contains(&found) {
                words.push(found);
            }
        }
        for value in written.iter().filter_map(|one| one.value) {
            if let ExprKind::Name(name) = &value.kind {
                self.warn_of_slip(name, value.span, env);
            }
        }
        let first = written.iter().find_map(|one| one.value)?;
        let name = format!("{}.{attr}", self.model.set(set).name);
        Some(self.word_list(&name, words, first.span))
    }

    /// A bare word that means nothing stands for itself; one letter off a name that does mean something it is probably a slip.
    pub fn warn_of_slip(&mut self, word: &str, span: Span, env: &Env) {
        let names = self.reachable(env);
        let Some(near) = names.iter().find(|name| word.len() >= 4 && near::distance(word, name) == 1) else { return };
        let finding = Finding::new(codes::UNKNOWN_NAME, span, format!("`{word}` stands for itself here, a word like any other"))
            .help(format!("did you mean `{near}`? if not, write it in quotes: `\"{word}\"`"))
            .fix(format!("write `{near}`"), span, near);
        self.report(Finding { level: kamrules_base::Level::Warning, ..finding });
    }

    /// A picklist of words, or the same one as before, with the new words added.
    pub fn word_list(&mut self, name: &str, words: Vec<String>, span: Span) -> PickId {
        let known = self.model.picks.iter().position(|pick| pick.name == name && pick.other.is_none());
        let id = known.map_or(PickId(self.model.picks.len() as u32), |at| PickId(at as u32));
        if known.is_none() {
            self.model.picks.push(Picklist { values: Vec::new(), other: None, name: name.to_owned(), span });
        }
        let values = &mut self.model.picks[id.index()].values;
        for word in words {
            if !values.iter().any(|value| value.name == word) {
                values.push(PickValue { spellings: vec![word.clone()], name: word });
            }
        }
        id
    }

    /// A field of an entity's own row.
    pub fn member_of(&mut self, entity: EntityId, name: &ast::Name) -> ExprId {
        let env = Env::about(Ctx::Entity(entity));
        self.expr(&ast::Expr { kind: ExprKind::Name(name.text.clone()), span: name.span }, &env)
    }
}

fn written_in_column<'a>(table: &'a ast::Table, attr: &str, out: &mut Vec<Written<'a>>) {
    let Some(column) = table.outputs.iter().position(|name| name.text == attr) else { return };
    for (i, row) in table.rows.iter().enumerate() {
        if let Some(value) = row.values.get(column) {
            out.push(Written { code: i as u32, label: row.span, value: Some(value), each: None });
        }
    }
}
