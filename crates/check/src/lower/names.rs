//! Bare names and `this`.

use super::{Env, This};
use crate::checker::Checker;
use crate::collect::Global;
use kamrules_base::{Finding, Span, codes, near};
use kamrules_model::{Ctx, ExprId, LabelValue, Node, PickId, SetId, Ty, Type, Value};

impl Checker {
    pub(super) fn this(&mut self, span: Span, env: &Env) -> ExprId {
        match (env.this, env.ctx) {
            (This::Here, Ctx::Entity(entity)) => self.add(Node::Row(entity), Ty::known(Type::Row(entity)), env.ctx, span),
            (This::Here, _) => self.spoil(
                Finding::new(codes::UNKNOWN_NAME, span, "there is no row here that `this` could be")
                    .help("`this` is the row an item is about: give the item an entity (`for account`)"),
            ),
            (This::Outside, _) => self.spoil(crossed(span)),
        }
    }

    /// A bare name: a parameter, the row itself, a value of the wanted picklist, a field of the present row, or something global.
    pub(super) fn name(&mut self, name: &str, span: Span, env: &Env, want: Option<Type>) -> ExprId {
        if name.is_empty() {
            return self.unknown(span);
        }
        if let Some(value) = self.wanted_value(name, span, want) {
            self.warn_of_clash(name, span, env);
            return value;
        }
        if let Some(found) = self.in_reach(name, span, env) {
            return found;
        }
        self.unknown_name(name, span, env, want)
    }

    /// A name as a value of the wanted picklist or a label of the wanted set.
    pub(super) fn wanted_value(&mut self, name: &str, span: Span, want: Option<Type>) -> Option<ExprId> {
        match want? {
            Type::Pick(pick) => {
                let index = self.model.pick(pick).values.iter().position(|value| value.name == name)?;
                Some(self.constant(Value::Pick(index as u32), Type::Pick(pick), span))
            }
            Type::Label(set) | Type::Labels(set) => {
                let code = self.label_code(set, name)?;
                Some(self.constant(Value::Label(LabelValue { code, row: 0 }), Type::Label(set), span))
            }
            _ => None,
        }
    }

    /// The code of a label.
    pub fn label_code(&self, set: SetId, name: &str) -> Option<u32> {
        self.model.set(set).labels.iter().position(|label| label.name == name).map(|code| code as u32)
    }

    fn warn_of_clash(&mut self, name: &str, span: Span, env: &Env) {
        let param = env.params.iter().any(|(param, _)| param == name);
        let member = match env.ctx {
            Ctx::Entity(entity) => self.tables.symbols.members.get(&(entity, name.to_owned())).map(|(_, span)| *span),
            _ => None,
        };
        let global = match self.tables.symbols.globals.get(name) {
            Some((Global::Define(_), at)) if !self.in_library(*at) => Some(*at),
            _ => None,
        };
        if !param && member.is_none() && global.is_none() {
            return;
        }
        let mut finding =
            Finding::new(codes::AMBIGUOUS_NAME, span, format!("`{name}` is a value of the other side and something else as well"));
        if let Some(other) = member.or(global) {
            finding = finding.also(other, format!("`{name}` is also this"));
        }
        self.report(
            finding.help("rename one of them: a value in its picklist can have its spelling behind it, as in `retail_trade \"Retail\"`"),
        );
    }

    fn in_reach(&mut self, name: &str, span: Span, env: &Env) -> Option<ExprId> {
        if let Some((_, value)) = env.params.iter().rev().find(|(param, _)| param == name) {
            return Some(*value);
        }
        if let Some((_, value)) = env.groups.iter().find(|(group, _)| group == name) {
            return Some(*value);
        }
        if name == "today" {
            return Some(self.today(span));
        }
        if let (Some(row), Ctx::Entity(entity)) = (&env.row_name, env.ctx)
            && row == name
        {
            return Some(self.add(Node::Row(entity), Ty::known(Type::Row(entity)), env.ctx, span));
        }
        if let Ctx::Entity(entity) = env.ctx
            && self.has_member(entity, name)
        {
            return Some(self.member(entity, name, &[], span, env));
        }
        match self.global(name, span)? {
            Global::Define(item) => Some(self.define(item, Vec::new(), span)),
            Global::Metric(metric) => Some(self.metric_value(metric, None, span)),
            Global::Obligation(item) => Some(self.obligation_value(item, span)),
        }
    }

    /// Whether a name means something without an expectation.
    pub fn is_in_reach(&self, name: &str, env: &Env) -> bool {
        let row = env.row_name.as_deref() == Some(name);
        let named = env.params.iter().any(|(param, _)| param == name) || env.groups.iter().any(|(group, _)| group == name);
        let member = matches!(env.ctx, Ctx::Entity(entity) if self.has_member(entity, name));
        named || row || name == "today" || member || self.tables.symbols.globals.contains_key(name)
    }

    fn today(&mut self, span: Span) -> ExprId {
        self.tables.uses_today.get_or_insert(span);
        self.add(Node::Today, Ty::known(Type::Date), Ctx::Policy, span)
    }

    fn unknown_name(&mut self, name: &str, span: Span, env: &Env, want: Option<Type>) -> ExprId {
        if want == Some(Type::Unknown) {
            // What stands on the other side has its finding: this may well be one of its values.
            return self.unknown(span);
        }
        let finding = match want {
            Some(Type::Pick(pick)) => self.unknown_pick(name, pick, span, env),
            Some(Type::Label(set) | Type::Labels(set)) => self.unknown_label(name, set, span),
            Some(Type::Text { .. }) => self.text_or_name(name, span, env),
            _ => self.nothing_named(name, span, env),
        };
        self.spoil(finding)
    }

    /// Beside a text: a name of something else, misspelt, or a text that lacks its quotes.
    fn text_or_name(&self, name: &str, span: Span, env: &Env) -> Finding {
        let finding = self.nothing_named(name, span, env);
        let symbols = &self.tables.symbols;
        if symbols.entities.contains_key(name) || symbols.lists.contains_key(name) || kamrules_builtins::find(name).is_some() {
            return finding;
        }
        if finding.fix.is_some() {
            return finding.help(format!("a text stands in quotes: `\"{name}\"`"));
        }
        let code = finding.code;
        Finding::new(code, span, finding.message).help(format!("a text stands in quotes: write `\"{name}\"`")).fix(
            format!("write `\"{name}\"`"),
            span,
            format!("\"{name}\""),
        )
    }

    fn unknown_pick(&self, name: &str, pick: PickId, span: Span, env: &Env) -> Finding {
        let list = self.model.pick(pick);
        let names: Vec<&str> = list.values.iter().map(|value| value.name.as_str()).collect();
        let reachable = self.reachable(env);
        let mut finding = Finding::new(codes::UNKNOWN_VALUE, span, format!("`{name}` is not a value of `{}`", list.name))
            .also(list.span, "the values are listed here");
        if let Some(value) = list.values.iter().find(|value| value.spellings.iter().any(|s| s.eq_ignore_ascii_case(name))) {
            return finding.help(format!("write `{}`", value.name)).fix(format!("write `{}`", value.name), span, &value.name);
        }
        if let Some(near) = near::nearest(name, names.iter().copied().chain(reachable.iter().map(String::as_str))) {
            finding = finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near);
        }
        finding.help(format!("its values are {}", crate::words::ordered(&names, 12)))
    }

    fn unknown_label(&self, name: &str, set: SetId, span: Span) -> Finding {
        let set = self.model.set(set);
        let names: Vec<&str> = set.labels.iter().map(|label| label.name.as_str()).collect();
        let mut finding =
            Finding::new(codes::UNKNOWN_LABEL, span, format!("`{}` has no label `{name}`", set.name)).also(set.span, "declared here");
        if let Some(near) = near::nearest(name, names.iter().copied()) {
            finding = finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near);
        }
        finding.help(format!("its labels are {}", crate::words::ordered(&names, 12)))
    }

    fn nothing_named(&self, name: &str, span: Span, env: &Env) -> Finding {
        let whose = match env.ctx {
            Ctx::Entity(entity) => format!("`{}` has no field `{name}`", self.model.entity(entity).name),
            _ => format!("there is nothing called `{name}` here"),
        };
        let code = if matches!(env.ctx, Ctx::Entity(_)) { codes::UNKNOWN_FIELD } else { codes::UNKNOWN_NAME };
        let finding = Finding::new(code, span, whose);
        if self.tables.symbols.entities.contains_key(name) {
            return finding
                .help(format!("`{name}` is an entity: count its rows with `count({name})`, or go through a field that refers to it"));
        }
        if self.tables.symbols.lists.contains_key(name) {
            return finding.help(format!("`{name}` is a list: ask `… in {name}`"));
        }
        if kamrules_builtins::find(name).is_some() {
            return finding.help(format!("`{name}` is a function: call it with parentheses, `{name}(…)`"));
        }
        if matches!(name, "true" | "false") {
            let word = if name == "true" { "yes" } else { "no" };
            return finding.help(format!("write `{word}`")).fix(format!("write `{word}`"), span, word);
        }
        let reachable = self.reachable(env);
        match near::nearest(name, reachable.iter().map(String::as_str)) {
            Some(near) => finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near),
            None => self.suggest_elsewhere(finding, name, env),
        }
    }

    /// A name that is no field here may be one of a row that can be reached, or a word that should stand in quotes.
    fn suggest_elsewhere(&self, finding: Finding, name: &str, env: &Env) -> Finding {
        let Ctx::Entity(entity) = env.ctx else {
            return finding.help("define it: `define name = …`; a text stands in quotes: `\"…\"`");
        };
        let through = self.model.entity(entity).fields.iter().find_map(|field| match field.ty.kind {
            Type::Row(other) if self.has_member(other, name) => Some(format!("{}.{name}", field.name)),
            _ => None,
        });
        match through {
            Some(path) => finding.help(format!("did you mean `{path}`?")),
            None => finding.help(format!(
                "add it to `entity {}`, or define it: `define {}.{name} = …`; a text stands in quotes: `\"{name}\"`",
                self.model.entity(entity).name,
                self.model.entity(entity).name
            )),
        }
    }

    /// The names that mean something here.
    pub fn reachable(&self, env: &Env) -> Vec<String> {
        let mut names: Vec<String> = env.params.iter().map(|(name, _)| name.clone()).collect();
        if let Ctx::Entity(entity) = env.ctx {
            names.extend(self.member_names(entity));
        }
        names.extend(self.tables.symbols.globals.iter().filter(|(_, (_, at))| !self.in_library(*at)).map(|(name, _)| name.clone()));
        names.push("today".into());
        names.sort_unstable();
        names
    }
}

/// `this` where the inner rows are looked at.
pub(super) fn crossed(span: Span) -> Finding {
    Finding::new(codes::CORRELATED, span, "`this` can be compared with `=` inside an aggregate, not used in another way")
        .here("this would compare each row with every other")
        .help("write the condition as `field = this.field`, joined to others by `and`; or compute the value outside the aggregate")
}
