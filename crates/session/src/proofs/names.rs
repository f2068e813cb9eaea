//! Expressions and values as the author writes them.

use crate::Policy;
use kamrules_base::{Decimal, Span};
use kamrules_model::{Book, Cell, DecisionId, ExprId, Node, Outcome, Type, Value, show};
use kamrules_prove::{Held, Place};

/// What a place is called: its field, define or decision, or what is written there.
pub(super) fn place(policy: &Policy, place: &Place) -> String {
    let mut parts: Vec<String> = place.path.iter().map(|&step| expr(policy, step)).collect();
    parts.push(expr(policy, place.expr));
    parts.join(".")
}

/// What an expression is called.
pub(super) fn expr(policy: &Policy, id: ExprId) -> String {
    let model = policy.model();
    match model.exprs.node(id) {
        Node::Field(field) => return model.field(*field).name.clone(),
        Node::Today => return "today".into(),
        _ => {}
    }
    if let Some(define) = model.defines.iter().find(|define| define.expr == id && !define.library) {
        return define.name.clone();
    }
    if let Some(set) = model.sets.iter().find(|set| set.answer == id || set.versions.iter().any(|version| version.answer == id)) {
        return set.name.clone();
    }
    if let Some(call) = model.calls.get(&id) {
        return call.clone();
    }
    written(policy, model.exprs.span(id))
}

/// What is written at a place, on one line.
pub(super) fn written(policy: &Policy, span: Span) -> String {
    let text = policy.sources.get(span.file).text.get(span.range()).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A value as it is written in rules; none, if it cannot be.
pub(super) fn literal(policy: &Policy, book: &Book, cell: &Cell, ty: Type) -> Option<String> {
    let model = policy.model();
    let value = match cell {
        Cell::Known(value) => value,
        Cell::Missing => return Some("missing".into()),
        Cell::Unset(_) | Cell::Fault(_) => return None,
    };
    Some(match (value, ty) {
        (Value::Num(units), Type::Money { scale }) => money(model.settings.currency.as_deref(), *units, scale),
        (Value::Num(units), Type::Number { scale, percent: true }) => {
            let shown = show::percent(*units, scale);
            if Decimal::parse(shown.trim_end_matches('%').trim()).is_some() { shown } else { digits(*units, scale) }
        }
        (Value::Num(units), Type::Number { scale, .. }) => digits(*units, scale),
        (Value::Text(sym), _) => format!("\"{}\"", book.texts.get(*sym).replace('\\', "\\\\").replace('"', "\\\"")),
        (Value::Flag(yes), _) => if *yes { "yes" } else { "no" }.into(),
        (Value::Pick(index), Type::Pick(pick)) => model.pick(pick).values[*index as usize].name.clone(),
        (Value::Label(label), Type::Label(set)) => model.set(set).labels[label.code as usize].name.clone(),
        (Value::Time(_) | Value::Row(_) | Value::Period(_) | Value::Labels(_), _) => return None,
        _ => show::value(model, book, value, ty),
    })
}

/// A value of an example, for a message.
pub(super) fn held(policy: &Policy, place: &Place, held: &Held) -> String {
    let (model, ty) = (policy.model(), policy.model().ty(place.expr).kind);
    let book = Book::empty(model);
    let name = self::place(policy, place);
    match held {
        Held::Missing => format!("no {name}"),
        Held::There => format!("some {name}"),
        Held::Value(Value::Flag(yes)) if !matches!(model.exprs.node(place.expr), Node::Field(_)) => {
            if *yes {
                format!("`{name}` being so")
            } else {
                format!("`{name}` not being so")
            }
        }
        Held::Value(value) => {
            let cell = Cell::Known(value.clone());
            let text = literal(policy, &book, &cell, ty).unwrap_or_else(|| show::value(model, &book, value, ty));
            format!("{name} = {text}")
        }
    }
}

fn money(currency: Option<&str>, units: i128, scale: u8) -> String {
    let number = digits(units, scale);
    let (sign, number) = number.strip_prefix('-').map_or(("", number.as_str()), |rest| ("-", rest));
    match currency {
        Some("USD") | None => format!("{sign}${number}"),
        Some("EUR") => format!("{sign}€{number}"),
        Some("GBP") => format!("{sign}£{number}"),
        Some(other) => format!("{sign}{number} {other}"),
    }
}

/// Digits in groups of three.
fn digits(units: i128, scale: u8) -> String {
    let plain = Decimal::new(units, scale).normal().to_string();
    let (whole, rest) = plain.split_once('.').map_or((plain.as_str(), String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |rest| ("-", rest));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 && whole.len() > 4 {
            out.push('_');
        }
        out.push(digit);
    }
    format!("{sign}{out}{rest}")
}

/// A rung as it is called, with the rungs it is nested in: `north_america / northwest`.
pub(super) fn rung(policy: &Policy, decision: DecisionId, rung: u32) -> String {
    policy.model().decision(decision).rungs[rung as usize].name.to_string()
}

/// Where a rung is named: its label, or the whole of it where it has none.
pub(super) fn rung_span(policy: &Policy, decision: DecisionId, rung: u32) -> Span {
    let model = policy.model();
    let of = model.decision(decision);
    let rung = &of.rungs[rung as usize];
    let text = policy.sources.get(rung.span.file).text.get(rung.span.range()).unwrap_or_default();
    let named = text.starts_with(&*rung.name);
    if let (Some(_), true, Outcome::Label(_) | Outcome::Nested(_) | Outcome::Points(_)) = (of.set, named, &rung.outcome) {
        return Span { end: rung.span.start + rung.name.len() as u32, ..rung.span };
    }
    // The first line of what is longer than one.
    let line = text.lines().next().unwrap_or_default().trim_end();
    Span { end: rung.span.start + line.len() as u32, ..rung.span }
}

/// Where a part of a rung's condition is written: the expression's own place if it lies in the rung, else where the rung repeats it.
pub(super) fn part_span(policy: &Policy, within: Span, part: ExprId) -> Option<Span> {
    let span = policy.model().exprs.span(part);
    if span.file == within.file && within.start <= span.start && span.end <= within.end {
        return Some(span);
    }
    let text = policy.sources.get(within.file).text.get(within.range())?;
    let wanted = policy.sources.get(span.file).text.get(span.range())?;
    // A test of a branch says the value only; a condition says the field as well.
    let spelled = match policy.model().exprs.node(part) {
        Node::Compare(op, field, _) => Some(format!("{} {} {wanted}", expr(policy, *field), op.symbol())),
        _ => None,
    };
    if let Some(spelled) = spelled
        && let Some(at) = text.find(&spelled)
    {
        let start = within.start + at as u32;
        return Some(Span { file: within.file, start, end: start + spelled.len() as u32 });
    }
    let at = text.find(wanted).filter(|_| !wanted.is_empty())?;
    let start = within.start + at as u32;
    Some(Span { file: within.file, start, end: start + wanted.len() as u32 })
}
