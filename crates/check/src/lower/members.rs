//! Fields: loaded, defined, or declared for an entity; and what stands behind a dot.

use super::Env;
use crate::checker::{Checker, ItemRef, Key};
use crate::collect::Member;
use kamrules_base::{Finding, Span, codes, near};
use kamrules_model::{Ctx, EntityId, ExprId, FieldId, Node, SetId, Type};
use kamrules_syntax::ast::{self, ItemKind};

/// How often a define may be open at once, with other arguments each time.
const ENDLESS: usize = 12;

impl Checker {
    /// Whether an entity has a field, define or declared item of this name.
    pub fn has_member(&self, entity: EntityId, name: &str) -> bool {
        self.tables.symbols.members.contains_key(&(entity, name.to_owned()))
    }

    /// The names of an entity's fields, sorted.
    pub fn member_names(&self, entity: EntityId) -> Vec<String> {
        let mut names: Vec<String> =
            self.tables.symbols.members.keys().filter(|(of, _)| *of == entity).map(|(_, name)| name.clone()).collect();
        names.sort_unstable();
        names
    }

    /// A field of the present row, which is of `entity`; `args` are already lowered.
    pub(super) fn member(&mut self, entity: EntityId, name: &str, args: &[ExprId], span: Span, env: &Env) -> ExprId {
        let Some(&(member, _)) = self.tables.symbols.members.get(&(entity, name.to_owned())) else {
            return self.unknown_member(entity, name, span);
        };
        if !args.is_empty() && !matches!(member, Member::Define(_) | Member::Set(_) | Member::Quota(_)) {
            return self.spoil(
                Finding::new(codes::ARGUMENT_COUNT, span, format!("`{name}` takes nothing in parentheses")).help(format!("write `{name}`")),
            );
        }
        match member {
            Member::Field(index) => self.loaded(FieldId { entity, index }, span),
            Member::Define(item) => self.define(item, args.to_vec(), span),
            Member::Set(set) => self.set_on(set, args, span),
            Member::Quota(item) => self.quota_needs_part(item, span),
            Member::Obligation(item) => self.obligation_value(item, span),
            Member::Cadence(item) => self.cadence_value(item, span),
            Member::Assign(item) => self.assigned(item, span, env),
        }
    }

    fn unknown_member(&mut self, entity: EntityId, name: &str, span: Span) -> ExprId {
        if name.is_empty() {
            return self.unknown(span);
        }
        let whose = self.model.entity(entity).name.clone();
        let names = self.member_names(entity);
        let mut finding = Finding::new(codes::UNKNOWN_FIELD, span, format!("`{whose}` has no field `{name}`"));
        finding = match near::nearest(name, names.iter().map(String::as_str)) {
            Some(near) => finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near),
            None => finding.help(format!("its fields are {}", crate::words::list(names.iter().map(String::as_str), 12))),
        };
        self.spoil(finding)
    }

    /// A loaded field.
    pub fn loaded(&mut self, field: FieldId, span: Span) -> ExprId {
        let ty = self.model.field(field).ty;
        self.add(Node::Field(field), ty, Ctx::Entity(field.entity), span)
    }

    /// A define with its arguments, lowered once for each list of them.
    pub fn define(&mut self, item: ItemRef, args: Vec<ExprId>, span: Span) -> ExprId {
        let files = self.tables.files.clone();
        let ItemKind::Define(define) = &files[item.0 as usize].1.items[item.1 as usize].kind else { return self.unknown(span) };
        let name = define.path.parts.last().map(|part| part.text.clone()).unwrap_or_default();
        if args.len() != define.params.len() {
            let wanted: Vec<&str> = define.params.iter().map(|param| param.name.text.as_str()).collect();
            let form = if wanted.is_empty() { format!("`{name}`") } else { format!("`{name}({})`", wanted.join(", ")) };
            let message = format!("`{name}` takes {}, here there {}", count(wanted.len()), are(args.len()));
            return self.spoil(Finding::new(codes::ARGUMENT_COUNT, span, message).help(format!("write {form}")));
        }
        if args.iter().any(|&arg| self.is_unknown(arg)) {
            return self.unknown(span);
        }
        if self.is_endless(item, &name, span) {
            return self.unknown(span);
        }
        let shown: Vec<String> = args.iter().map(|&arg| self.source(self.exprs().span(arg))).collect();
        let title = if shown.is_empty() { name.clone() } else { format!("{name}({})", shown.join(", ")) };
        let key = Key::Define(item, args.clone());
        let value = self.once(key, &title, span, |cx| {
            let mut env = Env::about(cx.define_ctx(define));
            for (param, &arg) in define.params.iter().zip(&args) {
                if let Some(ty) = &param.ty
                    && !cx.param_suits(ty, arg)
                {
                    let message = format!("`{}` of `{name}` is {}, but this is {}", param.name.text, article(&ty.text), cx.kind_of(arg));
                    return cx.spoil(Finding::new(codes::WRONG_ARGUMENT, span, message).also(param.name.span, "declared here"));
                }
                env.params.push((param.name.text.clone(), arg));
            }
            cx.expr(&define.value, &env)
        });
        if !args.is_empty() && !matches!(self.exprs().node(value), Node::Field(_) | Node::Const(_)) {
            self.model.calls.entry(value).or_insert(title);
        }
        value
    }

    /// Whether a define needs itself for ever other arguments, as in `sales(p) = sales(previous(p))`; says so once.
    fn is_endless(&mut self, item: ItemRef, name: &str, span: Span) -> bool {
        let open = self.stack.iter().filter(|(key, ..)| matches!(key, Key::Define(of, _) if *of == item)).count();
        if open < ENDLESS {
            return self.tables.endless.contains(&item);
        }
        if self.tables.endless.insert(item) {
            let finding = Finding::new(codes::CYCLE, span, format!("`{name}` needs itself again and again, each time for something else"))
                .help("a define does not repeat itself: name the periods that it adds, or use an aggregate over the rows");
            self.report(finding);
        }
        true
    }

    /// What rows a define is about.
    pub fn define_ctx(&self, define: &ast::Define) -> Ctx {
        match define.path.parts.as_slice() {
            [entity, _] => self.tables.symbols.entities.get(&entity.text).map_or(Ctx::Policy, |&id| Ctx::Entity(id)),
            _ => Ctx::Policy,
        }
    }

    /// A type for messages.
    pub fn kind_of(&self, id: ExprId) -> String {
        crate::words::kind(&self.model, self.kind(id))
    }

    fn param_suits(&self, wanted: &ast::Name, arg: ExprId) -> bool {
        let kind = self.kind(arg);
        match wanted.text.as_str() {
            "number" | "percent" | "integer" => matches!(kind, Type::Number { .. }),
            "money" => matches!(kind, Type::Money { .. }),
            "period" => matches!(kind, Type::Period(_)),
            "date" => kind == Type::Date,
            "time" => kind == Type::Time,
            "duration" => matches!(kind, Type::Duration(_)),
            "text" => matches!(kind, Type::Text { .. }),
            "flag" => kind == Type::Flag,
            _ => true,
        }
    }

    /// A field of the row that a reference names.
    pub(super) fn through(
        &mut self,
        reference: ExprId,
        entity: EntityId,
        name: &ast::Name,
        args: &[ExprId],
        span: Span,
        env: &Env,
    ) -> ExprId {
        let there = Env::about(Ctx::Entity(entity));
        let is_present_row = matches!(self.exprs().node(reference), Node::Row(_)) && self.exprs().ctx(reference) == env.ctx;
        if !is_present_row && args.iter().any(|&arg| self.exprs().ctx(arg) != Ctx::Policy) {
            return self.spoil(
                Finding::new(
                    codes::WRONG_ARGUMENT,
                    span,
                    format!("what is handed to `{}` must not hang on the present row here", name.text),
                )
                .help(format!("define it on `{}`, where it is computed for its own rows", self.model.entity(entity).name)),
            );
        }
        let at = if name.text.is_empty() { span } else { name.span };
        let value = self.member(entity, &name.text, args, at, &there);
        self.at_row(reference, value, span)
    }

    /// A value about the rows of an entity, for the row that a reference names.
    pub fn at_row(&mut self, reference: ExprId, value: ExprId, span: Span) -> ExprId {
        if self.is_unknown(value) || self.is_unknown(reference) {
            return self.unknown(span);
        }
        let own_row = matches!(self.exprs().node(reference), Node::Row(entity) if self.exprs().ctx(reference) == Ctx::Entity(*entity));
        if own_row || self.exprs().ctx(value) == Ctx::Policy {
            return value;
        }
        let ty = self.ty(value).or_missing(self.ty(reference).optional);
        let ctx = self.exprs().ctx(reference);
        self.add(Node::Through { reference, value }, ty, ctx, span)
    }

    pub(super) fn day_argument(&mut self, args: &[ast::Arg], span: Span, env: &Env) -> Option<ExprId> {
        let args = self.plain_args(args, env);
        match args.as_slice() {
            [day] if self.kind(*day) == Type::Date => Some(*day),
            _ => {
                self.report(
                    Finding::new(codes::WRONG_ARGUMENT, span, "the version of another day is asked for by a date")
                        .help("write `coverage(2026-09-01)`"),
                );
                None
            }
        }
    }

    /// `set` or `set(DATE)`.
    fn set_on(&mut self, set: SetId, args: &[ExprId], span: Span) -> ExprId {
        match args {
            [] => self.set_answer(set, None, span),
            [day] if self.kind(*day) == Type::Date => self.set_answer(set, Some(*day), span),
            _ => self.spoil(
                Finding::new(codes::WRONG_ARGUMENT, span, "the version of another day is asked for by a date")
                    .help("write `coverage(2026-09-01)`"),
            ),
        }
    }

    /// Arguments without a tail.
    pub fn plain_args(&mut self, args: &[ast::Arg], env: &Env) -> Vec<ExprId> {
        args.iter()
            .map(|arg| {
                if arg.all || arg.via.is_some() || arg.filter.is_some() || arg.by.is_some() || arg.within.is_some() {
                    return self.spoil(
                        Finding::new(
                            codes::WRONG_ARGUMENT,
                            arg.span,
                            "`all`, `where`, `via`, `by` and `within` go only into aggregates and ranks",
                        )
                        .help("aggregates are count, sum, average, median, min, max, any, every, share, only, first, last"),
                    );
                }
                self.expr(&arg.value, env)
            })
            .collect()
    }
}

fn count(n: usize) -> String {
    match n {
        0 => "nothing in parentheses".into(),
        1 => "one value".into(),
        n => format!("{n} values"),
    }
}

fn are(n: usize) -> String {
    match n {
        0 => "is none".into(),
        1 => "is one".into(),
        n => format!("are {n}"),
    }
}

fn article(word: &str) -> String {
    match word {
        "money" | "text" => word.to_owned(),
        "integer" => "an integer".into(),
        other => format!("a {other}"),
    }
}
