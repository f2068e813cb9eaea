//! Values as text: exact, the same in every format that is read by machines; and friendly, for people.

use crate::{Book, Cell, Duration, DurationKind, LabelValue, Model, SetId, Type, Value};
use kamrules_base::decimal::rescale;
use kamrules_base::{Date, Decimal};

/// A cell as text, exact. Missing is empty; a fault reads `fault`, a value that a test left out `unset`.
pub fn cell(model: &Model, book: &Book, cell: &Cell, ty: Type) -> String {
    match cell {
        Cell::Known(known) => value(model, book, known, ty),
        Cell::Missing => String::new(),
        Cell::Unset(_) => "unset".into(),
        Cell::Fault(_) => "fault".into(),
    }
}

/// A value as text, exact: money to the cent, numbers with the digits of their scale, a picklist's value and a label by name, a
/// row by its key.
pub fn value(model: &Model, book: &Book, value: &Value, ty: Type) -> String {
    match (value, ty) {
        (Value::Num(units), Type::Money { scale }) => money(*units, scale),
        (Value::Num(units), _) => Decimal::new(*units, ty.scale().unwrap_or(0)).to_string(),
        (Value::Text(sym), _) => book.texts.get(*sym).to_string(),
        (Value::Date(day), _) => Date(*day).to_string(),
        (Value::Time(micros), _) => time(*micros),
        (Value::Duration(duration), _) => self::duration(*duration, ty),
        (Value::Flag(yes), _) => yes.to_string(),
        (Value::Pick(index), Type::Pick(pick)) => model.pick(pick).values[*index as usize].name.clone(),
        (Value::Row(row), Type::Row(entity)) => book.key(model, entity, *row),
        (Value::Period(period), _) => model.settings.calendar.name(*period),
        (Value::Label(label), Type::Label(set)) => self::label(model, book, set, *label),
        (Value::Labels(labels), Type::Labels(set)) => labels.iter().map(|l| label(model, book, set, *l)).collect::<Vec<_>>().join(" "),
        (Value::Pick(n) | Value::Row(n), _) => n.to_string(),
        (Value::Label(_) | Value::Labels(_), _) => String::new(),
    }
}

/// A cell as [`cell`] shows it, but money with every digit it has behind the cent.
pub fn exact_cell(model: &Model, book: &Book, cell: &Cell, ty: Type) -> String {
    match (cell, ty) {
        (Cell::Known(Value::Num(units)), Type::Money { scale }) => exact_money(*units, scale),
        _ => self::cell(model, book, cell, ty),
    }
}

/// Money with at least two decimals, and no zeros behind them that say nothing.
pub fn exact_money(units: i128, scale: u8) -> String {
    let amount = Decimal::new(units, scale).normal();
    amount.rescale(amount.scale.max(2)).unwrap_or(amount).to_string()
}

/// A label by name; one of an `each` rung by the key of its row.
pub fn label(model: &Model, book: &Book, set: SetId, label: LabelValue) -> String {
    let info = &model.set(set).labels[label.code as usize];
    match info.each {
        Some(entity) => book.key(model, entity, label.row),
        None => info.name.clone(),
    }
}

/// Money to the cent, rounded half away from zero, without a currency.
pub fn money(units: i128, scale: u8) -> String {
    match rescale(units, scale, 2) {
        Some(cents) => Decimal::new(cents, 2).to_string(),
        None => Decimal::new(units, scale).to_string(),
    }
}

/// An instant in UTC, `2026-02-01T10:00:00Z`, with as many decimals of a second as it needs.
pub fn time(micros: i64) -> String {
    let (day, rest) = (micros.div_euclid(86_400_000_000), micros.rem_euclid(86_400_000_000));
    let (seconds, part) = (rest / 1_000_000, rest % 1_000_000);
    let part = if part == 0 { String::new() } else { format!(".{part:06}").trim_end_matches('0').to_owned() };
    format!("{}T{:02}:{:02}:{:02}{part}Z", Date(day as i32), seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A duration in words: `14 days`, `1 month`, `36 hours`.
pub fn duration(duration: Duration, ty: Type) -> String {
    let count = |n: i64, unit: &str| if n.abs() == 1 { format!("{n} {unit}") } else { format!("{n} {unit}s") };
    let mut parts = Vec::new();
    if duration.months != 0 {
        parts.push(count(duration.months.into(), "month"));
    }
    if duration.days != 0 {
        parts.push(count(duration.days.into(), "day"));
    }
    if duration.seconds != 0 {
        let (n, unit) = match duration.seconds {
            s if s % 3600 == 0 => (s / 3600, "hour"),
            s if s % 60 == 0 => (s / 60, "minute"),
            s => (s, "second"),
        };
        parts.push(count(n, unit));
    }
    match (parts.is_empty(), ty) {
        (false, _) => parts.join(" "),
        (true, Type::Duration(DurationKind::Months)) => "0 months".into(),
        (true, Type::Duration(DurationKind::Clock)) => "0 hours".into(),
        (true, _) => "0 days".into(),
    }
}

/// A value for people: thousands marked, money with its currency, percentages, no zeros that say nothing.
pub fn friendly(model: &Model, book: &Book, value: &Value, ty: Type) -> String {
    match (value, ty) {
        (Value::Num(units), Type::Money { scale }) => friendly_money(model.settings.currency.as_deref(), *units, scale),
        (Value::Num(units), Type::Number { scale, percent: true }) => percent(*units, scale),
        (Value::Num(units), Type::Number { scale, .. }) => {
            let short = rescale(*units, scale, scale.min(4)).map_or(Decimal::new(*units, scale), |n| Decimal::new(n, scale.min(4)));
            thousands(&short.normal().to_string())
        }
        (Value::Flag(yes), _) => if *yes { "yes" } else { "no" }.into(),
        (Value::Label(LabelValue { code, .. }), Type::Label(set)) => {
            let info = &model.set(set).labels[*code as usize];
            match (&info.display, info.each) {
                (Some(display), None) => format!("{} ({display})", info.name),
                _ => self::value(model, book, value, ty),
            }
        }
        _ => self::value(model, book, value, ty),
    }
}

/// A cell for people.
pub fn friendly_cell(model: &Model, book: &Book, cell: &Cell, ty: Type) -> String {
    match cell {
        Cell::Known(known) => friendly(model, book, known, ty),
        Cell::Missing => "missing".into(),
        Cell::Unset(field) => format!("unset (`{}` is left out)", model.field(*field).name),
        Cell::Fault(_) => "fault".into(),
    }
}

/// A cell for people who compare it with another: as [`friendly_cell`], but with every digit that says something.
pub fn precise_cell(model: &Model, book: &Book, cell: &Cell, ty: Type) -> String {
    let Cell::Known(Value::Num(units)) = cell else { return friendly_cell(model, book, cell, ty) };
    match ty {
        Type::Money { scale } => {
            let exact = exact_money(*units, scale);
            let decimals = exact.rsplit_once('.').map_or(0, |(_, part)| part.len()) as u8;
            let units = rescale(*units, scale, decimals).unwrap_or(*units);
            money_with_symbol(model.settings.currency.as_deref(), &Decimal::new(units, decimals).to_string())
        }
        Type::Number { scale, percent: true } => match units.checked_mul(100) {
            Some(hundreds) => format!("{}%", thousands(&Decimal::new(hundreds, scale).normal().to_string())),
            None => Decimal::new(*units, scale).to_string(),
        },
        _ => thousands(&Decimal::new(*units, ty.scale().unwrap_or(0)).normal().to_string()),
    }
}

/// Money for people: `$1,234.50`, `-€5.00`, `CHF 1,000.00`.
pub fn friendly_money(currency: Option<&str>, units: i128, scale: u8) -> String {
    money_with_symbol(currency, &money(units, scale))
}

fn money_with_symbol(currency: Option<&str>, text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let symbol = match currency {
        None => String::new(),
        Some("USD") => "$".into(),
        Some("EUR") => "€".into(),
        Some("GBP") => "£".into(),
        Some("JPY") => "¥".into(),
        Some(code) => format!("{code} "),
    };
    format!("{sign}{symbol}{}", thousands(digits))
}

/// A fraction as a percentage with two decimals: 0.1292427 is `12.92%`.
pub fn percent(units: i128, scale: u8) -> String {
    match units.checked_mul(100).and_then(|n| rescale(n, scale, 2)) {
        Some(hundredths) => format!("{}%", thousands(&Decimal::new(hundredths, 2).to_string())),
        None => Decimal::new(units, scale).to_string(),
    }
}

/// Marks the thousands of a number already written out.
pub fn thousands(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, part) = rest.split_once('.').map_or((rest, None), |(whole, part)| (whole, Some(part)));
    let mut out = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(part) = part {
        out.push('.');
        out.push_str(part);
    }
    out
}
