//! Calls: defines, functions, and what asks for another day or period.

use super::Env;
use crate::checker::Checker;
use crate::collect::Global;
use kamrules_base::{Finding, Span, codes, near};
use kamrules_builtins::Kind;
use kamrules_model::{Ctx, ExprId, Node, Ty, Type};
use kamrules_syntax::ast::{self, ExprKind};

impl Checker {
    pub(super) fn call(&mut self, callee: &ast::Expr, args: &[ast::Arg], span: Span, env: &Env) -> ExprId {
        match &callee.kind {
            ExprKind::Name(name) => self.call_named(name, callee.span, args, span, env),
            ExprKind::Field(base, name) => self.field_call(base, name, Some(args), span, env),
            _ => {
                self.spoil(Finding::new(codes::UNKNOWN_FUNCTION, callee.span, "only a name can be called").help("take the parentheses out"))
            }
        }
    }

    fn call_named(&mut self, name: &str, at: Span, args: &[ast::Arg], span: Span, env: &Env) -> ExprId {
        // `define account.average = average(order.amount)`: over rows of an entity the name is the aggregate's.
        if let (Some(Kind::Aggregate(op)), [arg]) = (kamrules_builtins::find(name).map(|(_, function)| &function.kind), args)
            && self.root_entity(&arg.value, env).is_some()
        {
            return self.aggregate(*op, name, args, span, env);
        }
        if let Ctx::Entity(entity) = env.ctx
            && self.has_member(entity, name)
        {
            let lowered = self.plain_args(args, env);
            return self.member(entity, name, &lowered, span, env);
        }
        match self.global(name, at) {
            Some(Global::Define(item)) => {
                let lowered = self.plain_args(args, env);
                return self.define(item, lowered, span);
            }
            Some(Global::Metric(metric)) => {
                let lowered = self.plain_args(args, env);
                return self.metric_value(metric, lowered.first().copied(), span);
            }
            _ => {}
        }
        match kamrules_builtins::find(name).map(|(_, function)| &function.kind) {
            Some(Kind::Aggregate(op)) => self.aggregate(*op, name, args, span, env),
            Some(Kind::Population(op)) => self.population_call(*op, name, args, span, env),
            Some(Kind::Ultimate) => self.ultimate(args, span, env),
            Some(Kind::Scalar(_)) => {
                let spans: Vec<Span> = args.iter().map(|arg| arg.value.span).collect();
                let lowered = self.plain_args(args, env);
                self.builtin(name, lowered, &spans, span)
            }
            None => self.unknown_function(name, at, env),
        }
    }

    fn unknown_function(&mut self, name: &str, at: Span, env: &Env) -> ExprId {
        let mut names: Vec<String> = kamrules_builtins::all().iter().map(|f| f.name.to_owned()).filter(|n| !n.starts_with('@')).collect();
        names.extend(self.reachable(env));
        let mut finding = Finding::new(codes::UNKNOWN_FUNCTION, at, format!("there is no function `{name}`"));
        let spreadsheet = match name.to_ascii_lowercase().as_str() {
            "avg" | "mean" => Some("average"),
            "countif" | "countifs" => Some("count"),
            "sumif" | "sumifs" => Some("sum"),
            "vlookup" | "xlookup" | "hlookup" | "lookup" | "index" => {
                return self.spoil(finding.help(
                    "look a value up by `only(all regions.name where code = this.country)`: the one row of another table that matches",
                ));
            }
            "iferror" | "ifna" | "coalesce" | "nvl" | "isnull" => {
                return self.spoil(finding.help("write `x or else y`: y where x is missing"));
            }
            "datediff" => Some("days_between"),
            "max" => Some("greatest"),
            "len" => Some("length"),
            _ => None,
        };
        let near = spreadsheet.or_else(|| near::nearest(name, names.iter().map(String::as_str)));
        if let Some(near) = near {
            finding = finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), at, near);
        }
        self.spoil(finding.help("a formula of your own is a define: `define name(x) = …`"))
    }

    /// A builtin function of values.
    pub(super) fn builtin(&mut self, name: &str, args: Vec<ExprId>, spans: &[Span], span: Span) -> ExprId {
        if args.iter().any(|&arg| self.is_unknown(arg)) {
            return self.unknown(span);
        }
        let Some((id, function)) = kamrules_builtins::find(name) else { return self.unknown(span) };
        let Kind::Scalar(scalar) = &function.kind else { return self.unknown(span) };
        let types: Vec<Ty> = args.iter().map(|&arg| self.ty(arg)).collect();
        match (scalar.infer)(&types) {
            Ok(ty) => {
                let args = self.bring_to_common(name, args, ty.kind);
                let ctx = self.join_ctx(&args);
                self.add(Node::Call(id, args.into()), ty, ctx, span)
            }
            Err(mismatch) => {
                let at = mismatch.argument.and_then(|i| spans.get(i).copied()).unwrap_or(span);
                let usage: Vec<String> = function.usage.iter().map(|form| format!("`{form}`")).collect();
                let finding =
                    Finding::new(codes::WRONG_ARGUMENT, at, mismatch.message).help(format!("it is called {}", usage.join(" or ")));
                self.spoil(finding)
            }
        }
    }

    /// `least` and `greatest` compare at one scale.
    fn bring_to_common(&mut self, name: &str, args: Vec<ExprId>, kind: Type) -> Vec<ExprId> {
        if !matches!(name, "least" | "greatest") {
            return args;
        }
        args.into_iter().map(|arg| self.at_scale_of(arg, kind)).collect()
    }

    fn ultimate(&mut self, args: &[ast::Arg], span: Span, env: &Env) -> ExprId {
        let lowered = self.plain_args(args, env);
        let [reference] = lowered.as_slice() else {
            return self
                .spoil(Finding::new(codes::ARGUMENT_COUNT, span, "`ultimate` follows one reference").help("write `ultimate(parent)`"));
        };
        match (self.kind(*reference), self.exprs().ctx(*reference)) {
            (Type::Unknown, _) => *reference,
            (Type::Row(to), Ctx::Entity(of)) if to == of => {
                self.add(Node::Ultimate(*reference), Ty::known(Type::Row(of)), Ctx::Entity(of), span)
            }
            _ => self.spoil(
                Finding::new(
                    codes::WRONG_ARGUMENT,
                    span,
                    "`ultimate` follows a reference from rows of an entity to rows of the same entity",
                )
                .help("as in `parent: account?` of `entity account`: `ultimate(parent)`"),
            ),
        }
    }
}
