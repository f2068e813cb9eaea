//! What stands behind dots, from the left: fields through references, attributes of labels, parts of quotas.

use super::Env;
use crate::checker::{Checker, ItemRef};
use crate::collect::Member;
use kamrules_base::{Finding, Span, codes};
use kamrules_model::{Ctx, EntityId, ExprId, SetId, Type};
use kamrules_syntax::ast::{self, Arg, ExprKind, Name};

/// A name behind a dot, what it is called with, and the whole up to there.
type Link<'a> = (&'a Name, Option<&'a [Arg]>, Span);

/// How far a chain of dots has come.
enum At<'a> {
    /// At a value.
    Value(ExprId),
    /// At a set, of the present row or of the row that a reference names; an attribute may follow.
    Set(Held<'a>, SetId),
    /// At a quota; a part has to follow.
    Quota(Held<'a>, ItemRef),
}

/// A set or quota that is named: of which row, with which arguments.
struct Held<'a> {
    row: Option<(ExprId, EntityId)>,
    name: Name,
    args: Option<&'a [Arg]>,
    span: Span,
}

impl Checker {
    /// `base.name` or `base.name(args)`: the chain is taken apart once and walked from its root.
    pub(super) fn field_call(&mut self, base: &ast::Expr, name: &Name, args: Option<&[Arg]>, span: Span, env: &Env) -> ExprId {
        let mut links: Vec<Link<'_>> = vec![(name, args, span)];
        let mut root = base;
        loop {
            match &root.kind {
                ExprKind::Field(inner, name) => {
                    links.push((name, None, root.span));
                    root = inner;
                }
                ExprKind::Call(callee, args) if matches!(callee.kind, ExprKind::Field(..)) => {
                    let ExprKind::Field(inner, name) = &callee.kind else { break };
                    links.push((name, Some(args.as_slice()), root.span));
                    root = inner;
                }
                ExprKind::Paren(inner) => root = inner,
                _ => break,
            }
        }
        let mut at = self.root_of_chain(root, env);
        for link in links.into_iter().rev() {
            at = self.follow(at, link, env);
        }
        match at {
            At::Value(id) => id,
            At::Set(held, _) | At::Quota(held, _) => self.whole(held, env),
        }
    }

    fn root_of_chain<'a>(&mut self, root: &'a ast::Expr, env: &Env) -> At<'a> {
        let (name, args) = match &root.kind {
            ExprKind::Name(name) => (name, None),
            ExprKind::Call(callee, args) => match &callee.kind {
                ExprKind::Name(name) => (name, Some(args.as_slice())),
                _ => return At::Value(self.expr(root, env)),
            },
            _ => return At::Value(self.expr(root, env)),
        };
        let shadowed = env.params.iter().any(|(param, _)| param == name) || env.row_name.as_ref() == Some(name);
        let member = match env.ctx {
            Ctx::Entity(entity) if !shadowed => self.tables.symbols.members.get(&(entity, name.clone())).map(|(member, _)| *member),
            _ => None,
        };
        let held = Held { row: None, name: Name { text: name.clone(), span: root.span }, args, span: root.span };
        match member {
            Some(Member::Set(set)) => At::Set(held, set),
            Some(Member::Quota(item)) => At::Quota(held, item),
            _ => At::Value(self.expr(root, env)),
        }
    }

    fn follow<'a>(&mut self, at: At<'a>, (name, args, span): Link<'a>, env: &Env) -> At<'a> {
        let (held, value) = match at {
            At::Value(left) => return self.follow_value(left, (name, args, span), env),
            At::Set(held, set) => {
                let day = match held.args {
                    Some(args) => match self.day_argument(args, held.span, env) {
                        Some(day) => Some(day),
                        None => return At::Value(self.unknown(span)),
                    },
                    None => None,
                };
                (held, self.set_attribute(set, name, day, span))
            }
            At::Quota(held, item) => {
                let value = self.quota_value(item, held.args.unwrap_or_default(), name, held.span, env);
                (held, value)
            }
        };
        At::Value(match held.row {
            Some((reference, _)) => self.at_row(reference, value, span),
            None => value,
        })
    }

    fn follow_value<'a>(&mut self, left: ExprId, (name, args, span): Link<'a>, env: &Env) -> At<'a> {
        match self.kind(left) {
            Type::Unknown => At::Value(left),
            Type::Row(entity) => {
                let held = Held { row: Some((left, entity)), name: name.clone(), args, span };
                match self.tables.symbols.members.get(&(entity, name.text.clone())).map(|(member, _)| *member) {
                    Some(Member::Set(set)) => At::Set(held, set),
                    Some(Member::Quota(item)) => At::Quota(held, item),
                    _ => At::Value(self.whole(held, env)),
                }
            }
            Type::Period(_) if matches!(name.text.as_str(), "start" | "end") => {
                let function = if name.text == "start" { "@start" } else { "@end" };
                At::Value(self.builtin(function, vec![left], &[span], span))
            }
            _ if name.text.is_empty() => At::Value(self.unknown(span)),
            _ => {
                let message = format!("{} has no `{}`", self.kind_of(left), name.text);
                let finding = Finding::new(codes::UNKNOWN_FIELD, name.span, message);
                At::Value(self.spoil(finding.help("a dot goes through a reference to the fields of the row it refers to")))
            }
        }
    }

    /// A field of the row that a reference names, a set or quota without anything behind it among them.
    fn whole(&mut self, held: Held<'_>, env: &Env) -> ExprId {
        let args = held.args.map(|args| self.plain_args(args, env)).unwrap_or_default();
        match held.row {
            Some((reference, entity)) => self.through(reference, entity, &held.name, &args, held.span, env),
            None => self.unknown(held.span),
        }
    }
}
