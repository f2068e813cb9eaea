//! Entities and their fields: types, keys, references, ranges, picklists.

use crate::checker::Checker;
use kamrules_base::decimal::MAX_SCALE;
use kamrules_base::{Finding, Span, codes, near};
use kamrules_model::{DurationKind, Entity, EntityId, Field, Node, PickId, PickValue, Picklist, Source, Ty, Type, Value};
use kamrules_syntax::ast::{self, FieldType, ItemKind, ModifierKind};

const TYPES: [&str; 9] = ["text", "integer", "number", "percent", "money", "date", "time", "duration", "flag"];

/// Builds the model's entities. Types first, so that references know what they refer to; then what hangs on other entities.
pub(crate) fn entities(cx: &mut Checker) {
    let files = cx.tables.files.clone();
    let items = cx.tables.symbols.entity_items.clone();
    let asts: Vec<(&ast::Item, &ast::Entity)> = items
        .iter()
        .filter_map(|at| {
            let item = &files[at.0 as usize].1.items[at.1 as usize];
            match &item.kind {
                ItemKind::Entity(entity) => Some((item, entity)),
                _ => None,
            }
        })
        .collect();
    for (item, entity) in &asts {
        let built = build(cx, item, entity);
        cx.model.entities.push(built);
    }
    for (index, (_, entity)) in asts.iter().enumerate() {
        link(cx, EntityId(index as u32), entity);
    }
}

fn build(cx: &mut Checker, item: &ast::Item, entity: &ast::Entity) -> Entity {
    let source = entity.source.as_ref().map(|text| Source { path: text.value.clone(), file: text.span.file, span: text.span });
    let fields: Vec<Field> = entity.fields.iter().map(|f| field(cx, &entity.name.text, f)).collect();
    let key = keys(cx, entity);
    if entity.fields.is_empty() {
        let finding = Finding::new(codes::ENTITY_SHAPE, entity.name.span, format!("`{}` has no fields", entity.name.text))
            .help("list the columns that the rules use: `id : text key from \"Account ID\"`");
        cx.report(finding);
    }
    Entity { name: entity.name.text.clone(), doc: item.doc.clone(), source, fields, key, span: entity.name.span }
}

fn keys(cx: &mut Checker, entity: &ast::Entity) -> Vec<u32> {
    let is_key = |field: &ast::Field| field.modifiers.iter().find(|m| matches!(m.kind, ModifierKind::Key)).map(|m| m.span);
    let marked: Vec<(u32, Span)> = entity.fields.iter().enumerate().filter_map(|(i, f)| is_key(f).map(|span| (i as u32, span))).collect();
    if let (Some(first), Some((_, span))) = (entity.key.first(), marked.first()) {
        let finding = Finding::new(codes::ENTITY_SHAPE, *span, "the key is said twice")
            .also(first.span, "here it is said for several fields")
            .help("keep one of them");
        cx.report(finding);
    }
    if let [(_, first), (_, second), ..] = marked.as_slice() {
        let names: Vec<&str> = marked.iter().map(|(i, _)| entity.fields[*i as usize].name.text.as_str()).collect();
        let finding = Finding::new(codes::ENTITY_SHAPE, *second, "two fields are marked `key`").also(*first, "the first").help(format!(
            "a key of two fields is written first in the braces: `key ({})`; a field whose values do not repeat is `unique`",
            names.join(", ")
        ));
        cx.report(finding);
    }
    if entity.key.is_empty() {
        return marked.first().map(|(i, _)| *i).into_iter().collect();
    }
    let mut indices = Vec::new();
    for name in &entity.key {
        match entity.fields.iter().position(|field| field.name.text == name.text) {
            Some(i) => indices.push(i as u32),
            None => {
                let names: Vec<&str> = entity.fields.iter().map(|f| f.name.text.as_str()).collect();
                let mut finding =
                    Finding::new(codes::UNKNOWN_FIELD, name.span, format!("`{}` has no field `{}`", entity.name.text, name.text));
                if let Some(near) = near::nearest(&name.text, names) {
                    finding = finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), name.span, near);
                }
                cx.report(finding);
            }
        }
    }
    indices
}

fn field(cx: &mut Checker, entity: &str, field: &ast::Field) -> Field {
    let kind = field_type(cx, entity, field);
    let mut out = Field {
        name: field.name.text.clone(),
        doc: field.doc.clone(),
        ty: Ty { kind, optional: field.optional },
        column: field.name.text.clone(),
        column_said: false,
        unique: false,
        by: None,
        range: None,
        notation: None,
        blanks: Vec::new(),
        currency: None,
        span: field.name.span,
    };
    let mut seen: Vec<(std::mem::Discriminant<ModifierKind>, Span)> = Vec::new();
    for modifier in &field.modifiers {
        let this = std::mem::discriminant(&modifier.kind);
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == this) {
            cx.report(
                Finding::new(codes::CLAUSE_TWICE, modifier.span, "this is said twice").also(*first, "the first").help("take one out"),
            );
        }
        seen.push((this, modifier.span));
        modify(cx, &mut out, modifier);
    }
    if field.optional && field.modifiers.iter().any(|m| matches!(m.kind, ModifierKind::Key)) {
        cx.report(
            Finding::new(codes::ENTITY_SHAPE, field.span, "a key is never missing")
                .help("take the `?` out: a row without its key is set aside"),
        );
    }
    out
}

fn field_type(cx: &mut Checker, entity: &str, field: &ast::Field) -> Type {
    match &field.ty {
        FieldType::OneOf(picks) => Type::Pick(picklist(cx, &format!("{entity}.{}", field.name.text), picks, field.span)),
        FieldType::Named(name, scale) => named_type(cx, name, *scale),
    }
}

fn named_type(cx: &mut Checker, name: &ast::Name, scale: Option<u32>) -> Type {
    if let Some(scale) = scale {
        if !matches!(name.text.as_str(), "number" | "money" | "percent") {
            cx.report(
                Finding::new(codes::FIELD_TYPE, name.span, format!("`{}` has no number of decimals", name.text)).help("write `number(2)`"),
            );
        } else if scale > u32::from(MAX_SCALE) {
            cx.report(Finding::new(codes::DECIMALS, name.span, "a number has at most 12 decimals"));
        }
    }
    let scale = scale.map_or(6, |scale| scale.min(u32::from(MAX_SCALE)) as u8);
    match name.text.as_str() {
        "text" => Type::TEXT,
        "integer" => Type::INTEGER,
        "number" => Type::Number { scale, percent: false },
        "percent" => Type::Number { scale, percent: true },
        "money" => Type::Money { scale },
        "date" => Type::Date,
        "time" => Type::Time,
        "duration" => Type::Duration(DurationKind::Days),
        "flag" => Type::Flag,
        other => match cx.tables.symbols.entities.get(other) {
            Some(&id) => Type::Row(id),
            None => unknown_type(cx, name),
        },
    }
}

fn unknown_type(cx: &mut Checker, name: &ast::Name) -> Type {
    if name.text.is_empty() {
        return Type::Unknown;
    }
    let known = match name.text.to_lowercase().as_str() {
        "string" | "varchar" | "str" | "char" | "id" => Some("text"),
        "int" | "long" | "whole" => Some("integer"),
        "decimal" | "float" | "double" | "real" => Some("number"),
        "bool" | "boolean" | "checkbox" | "yesno" => Some("flag"),
        "currency" | "amount" => Some("money"),
        "datetime" | "timestamp" => Some("time"),
        "picklist" | "enum" => Some("one of { … }"),
        _ => None,
    };
    let names: Vec<String> = TYPES.iter().map(|t| (*t).to_owned()).chain(cx.tables.symbols.entities.keys().cloned()).collect();
    let near = known.or_else(|| near::nearest(&name.text, names.iter().map(String::as_str)));
    let mut finding = Finding::new(codes::FIELD_TYPE, name.span, format!("there is no type `{}`", name.text));
    if let Some(near) = near {
        finding = finding.help(format!("did you mean `{near}`?"));
        if !near.contains('…') {
            finding = finding.fix(format!("write `{near}`"), name.span, near);
        }
    }
    cx.report(finding.help("types are text, integer, number, percent, money, date, time, duration, flag, `one of { … }`, or an entity"));
    Type::Unknown
}

fn picklist(cx: &mut Checker, name: &str, picks: &[ast::Pick], span: Span) -> PickId {
    let mut values: Vec<PickValue> = Vec::new();
    let mut other = None;
    let mut spelled: Vec<(String, Span)> = Vec::new();
    for (i, pick) in picks.iter().enumerate() {
        if values.iter().any(|value| value.name == pick.name.text) {
            let finding =
                Finding::new(codes::PICK_TWICE, pick.name.span, format!("`{}` is listed twice", pick.name.text)).help("take one out");
            cx.report(finding);
            continue;
        }
        if pick.name.text == "other" && pick.spellings.is_empty() && i + 1 == picks.len() {
            other = Some(values.len() as u32);
        }
        for spelling in &pick.spellings {
            if let Some((_, first)) = spelled.iter().find(|(text, _)| *text == spelling.value) {
                let message = format!("the data's \"{}\" would be two values", spelling.value);
                cx.report(
                    Finding::new(codes::PICK_TWICE, spelling.span, message)
                        .also(*first, "the first")
                        .help("give each spelling to one value"),
                );
            }
            spelled.push((spelling.value.clone(), spelling.span));
        }
        let spellings = match pick.spellings.as_slice() {
            [] => vec![pick.name.text.clone()],
            several => several.iter().map(|text| text.value.clone()).collect(),
        };
        values.push(PickValue { name: pick.name.text.clone(), spellings });
    }
    let id = PickId(cx.model.picks.len() as u32);
    cx.model.picks.push(Picklist { values, other, name: name.to_owned(), span });
    id
}

fn modify(cx: &mut Checker, field: &mut Field, modifier: &ast::Modifier) {
    let span = modifier.span;
    match &modifier.kind {
        ModifierKind::Key => field.unique = true,
        ModifierKind::Unique => field.unique = true,
        ModifierKind::From(column) => {
            field.column = column.value.clone();
            field.column_said = true;
        }
        ModifierKind::InRange(low, high, half_open) => range(cx, field, low, high, *half_open, span),
        ModifierKind::InCurrency(..) | ModifierKind::By(_) => {}
        ModifierKind::As(notation) => {
            if matches!(field.ty.kind, Type::Text { .. } | Type::Row(_) | Type::Pick(_) | Type::Flag) {
                cx.report(Finding::new(codes::MODIFIER, span, "`as` says how dates, times and numbers are written").help("take it out"));
            }
            field.notation = Some(notation.value.clone());
        }
        ModifierKind::IgnoringCase => match field.ty.kind {
            Type::Text { .. } => field.ty.kind = Type::Text { fold: true },
            Type::Unknown => {}
            _ => cx.report(Finding::new(codes::MODIFIER, span, "only text can ignore case").help("take it out")),
        },
        ModifierKind::BlankAs(texts) => field.blanks = texts.iter().map(|text| text.value.clone()).collect(),
    }
}

fn range(cx: &mut Checker, field: &mut Field, low: &ast::Expr, high: &ast::Expr, half_open: bool, span: Span) {
    let env = Checker::policy_env();
    let low = cx.expr(low, &env);
    let high = cx.expr(high, &env);
    let end = |cx: &mut Checker, id| match (cx.exprs().node(id).clone(), cx.kind(id), field.ty.kind) {
        (Node::Const(Value::Num(units)), Type::Number { scale, .. }, Type::Number { scale: to, .. })
        | (Node::Const(Value::Num(units)), Type::Money { scale }, Type::Money { scale: to }) => {
            crate::lower::units_at(kamrules_base::Decimal::new(units, scale), to)
        }
        (Node::Const(Value::Date(day)), _, Type::Date) => Some(i128::from(day)),
        _ => None,
    };
    let ends = (end(cx, low), end(cx, high));
    match ends {
        (Some(low), Some(high)) => {
            let high = if half_open { high - 1 } else { high };
            if low > high {
                cx.report(
                    Finding::new(codes::EMPTY_RANGE, span, "this range is empty: it starts behind its end")
                        .help("write the smaller end first"),
                );
            }
            field.range = Some((low, high));
        }
        _ if field.ty.kind == Type::Unknown || cx.is_unknown(low) || cx.is_unknown(high) => {}
        _ => {
            let kind = crate::words::kind(&cx.model, field.ty.kind);
            let message = format!("this range does not go with the field, which is {kind}");
            cx.report(
                Finding::new(codes::MODIFIER, span, message).help("both ends are values of the field's type: `1..1_000_000`, `$0..$5M`"),
            );
        }
    }
}

/// What hangs on other entities: `by` another unique field, money in a currency that a field names.
fn link(cx: &mut Checker, id: EntityId, entity: &ast::Entity) {
    for (index, field) in entity.fields.iter().enumerate() {
        let kind = cx.model.entities[id.index()].fields[index].ty.kind;
        let by = field.modifiers.iter().find_map(|m| match &m.kind {
            ModifierKind::By(name) => Some(name),
            _ => None,
        });
        if let Type::Row(to) = kind {
            let target = referred(cx, to, by, field.span);
            cx.model.entities[id.index()].fields[index].by = target;
        } else if let Some(name) = by {
            cx.report(
                Finding::new(codes::MODIFIER, name.span, "`by` belongs to a field that refers to another entity").help("take it out"),
            );
        }
        for modifier in &field.modifiers {
            if let ModifierKind::InCurrency(currency, day) = &modifier.kind {
                let pair = money_in(cx, id, kind, currency, day.as_ref());
                cx.model.entities[id.index()].fields[index].currency = pair;
            }
        }
    }
}

/// The field of the other entity whose values a reference holds.
fn referred(cx: &mut Checker, to: EntityId, by: Option<&ast::Name>, span: Span) -> Option<u32> {
    let target = &cx.model.entities[to.index()];
    let Some(name) = by else {
        if let [only] = target.key.as_slice() {
            return Some(*only);
        }
        let finding = match target.key.len() {
            0 => Finding::new(codes::REFERENCE, span, format!("`{}` has no key that this could hold", target.name))
                .help(format!("mark a field of `{}` with `key`, or say by which unique field: `{} by number`", target.name, target.name)),
            _ => {
                Finding::new(codes::REFERENCE, span, format!("`{}` has a key of several fields, which one column cannot hold", target.name))
                    .help(format!("say by which unique field: `{} by number`", target.name))
            }
        };
        cx.report(finding);
        return None;
    };
    let names: Vec<String> = target.fields.iter().map(|field| field.name.clone()).collect();
    let Some(index) = names.iter().position(|field| *field == name.text) else {
        let mut finding = Finding::new(codes::UNKNOWN_FIELD, name.span, format!("`{}` has no field `{}`", target.name, name.text));
        if let Some(near) = near::nearest(&name.text, names.iter().map(String::as_str)) {
            finding = finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), name.span, near);
        }
        cx.report(finding);
        return None;
    };
    let field = &target.fields[index];
    if !field.unique && target.key != [index as u32] {
        let finding = Finding::new(codes::REFERENCE, name.span, format!("`{}` may repeat, so it does not name one row", name.text))
            .also(field.span, "declared here")
            .help("mark that field `unique`");
        cx.report(finding);
    }
    Some(index as u32)
}

fn money_in(cx: &mut Checker, id: EntityId, kind: Type, currency: &ast::Name, day: Option<&ast::Name>) -> Option<(u32, Option<u32>)> {
    if !matches!(kind, Type::Money { .. }) {
        cx.report(
            Finding::new(codes::MODIFIER, currency.span, "only money is in a currency")
                .help("make the field `money`, or write a range: `in 1..10`"),
        );
        return None;
    }
    let find = |cx: &mut Checker, name: &ast::Name, wanted: fn(Type) -> bool, what: &str| {
        let entity = &cx.model.entities[id.index()];
        let index = entity.fields.iter().position(|field| field.name == name.text);
        match index {
            Some(i) if wanted(entity.fields[i].ty.kind) => Some(i as u32),
            _ => {
                let message = format!("`{}` is no field of `{}` that holds {what}", name.text, entity.name);
                cx.report(
                    Finding::new(codes::MODIFIER, name.span, message)
                        .help("write `money in currency_code at date`, with the names of two fields"),
                );
                None
            }
        }
    };
    let code = find(cx, currency, |kind| matches!(kind, Type::Text { .. } | Type::Pick(_)), "a currency code")?;
    let day = match day {
        Some(name) => Some(find(cx, name, |kind| kind == Type::Date, "a date")?),
        None => None,
    };
    Some((code, day))
}
