//! Boxes as segments, as a table, and as a ladder.

use super::boxes::{FIELDS, Field, Kind, Side, boxes};
use std::fmt::Write;

const SEED: u64 = 7;

/// A complete and exclusive set of so many rungs over so many fields.
pub fn segments(rungs: usize, fields: usize) -> String {
    let mut text = head(fields);
    text.push_str("## Which desk an account belongs to.\nsegments desk \"Desk\" for account {\n");
    for (i, part) in boxes(rungs, fields, SEED).iter().enumerate() {
        let _ = writeln!(text, "  d{i:05} when {}", condition(&part.sides));
    }
    text + "}\n"
}

/// The same as a table with as many rows.
pub fn table(rungs: usize, fields: usize) -> String {
    let mut text = head(fields);
    let names: Vec<&str> = FIELDS[..fields].iter().map(|field| field.name).collect();
    let _ = writeln!(
        text,
        "## Which desk an account belongs to.\ntable desk \"Desk\" for account {{\n  | {} | -> | points |",
        names.join(" | ")
    );
    for (i, part) in boxes(rungs, fields, SEED).iter().enumerate() {
        let cells: Vec<String> = FIELDS.iter().zip(&part.sides).map(|(field, side)| cell(field, side)).collect();
        let _ = writeln!(text, "  | {} | -> | {i} |", cells.join(" | "));
    }
    text + "}\n"
}

/// A ladder of so many rungs, each reached: what those above have taken already need not be said, and the last takes the rest.
pub fn ladder(rungs: usize, fields: usize) -> String {
    let mut text = head(fields);
    text.push_str("## Which desk an account belongs to.\nsegments desk \"Desk\" for account first match {\n");
    let boxes = boxes(rungs, fields, SEED);
    for (i, part) in boxes.iter().enumerate().take(rungs - 1) {
        let _ = writeln!(text, "  d{i:05} when {}", condition(&part.rest));
    }
    text + "  rest otherwise\n}\n"
}

fn head(fields: usize) -> String {
    let mut text = String::from("policy \"Sized\" {\n  currency USD\n  as of 2026-06-30\n}\n\nentity account {\n  id : text key\n");
    for field in &FIELDS[..fields] {
        let kind = match field.kind {
            Kind::Integer => "integer".to_owned(),
            Kind::Money => "money".to_owned(),
            Kind::Date => "date".to_owned(),
            Kind::Number => "number(1)".to_owned(),
            Kind::Pick(count) => {
                let values: Vec<String> = (0..count).map(|value| pick(field, value)).collect();
                format!("one of {{ {} }}", values.join(", "))
            }
            Kind::Flag => "flag".to_owned(),
        };
        let _ = writeln!(text, "  {} : {kind}", field.name);
    }
    text + "}\n\n"
}

fn pick(field: &Field, value: u32) -> String {
    format!("{}{value:02}", &field.name[..2])
}

/// The value at a mark.
fn mark(field: &Field, at: u32) -> String {
    match field.kind {
        Kind::Integer => format!("{}", at * 100),
        Kind::Money => format!("${}", at * 10_000),
        Kind::Number => format!("{}.{}", at / 6, at % 6),
        _ => {
            // 2000-01-01, 2000-01-06 and so on, in months of thirty days.
            let day = at * 5 % 360;
            format!("{}-{:02}-{:02}", 2000 + at * 5 / 360, 1 + day / 30, (1 + day % 30).min(28))
        }
    }
}

/// The condition of a rung.
pub fn condition(sides: &[Side]) -> String {
    let parts: Vec<String> =
        FIELDS.iter().zip(sides).filter(|(field, side)| **side != Side::all(field.kind)).map(|(field, side)| part(field, side)).collect();
    if parts.is_empty() { "yes".to_owned() } else { parts.join(" and ") }
}

fn part(field: &Field, side: &Side) -> String {
    let name = field.name;
    match side {
        Side::Run(Some(from), Some(to)) => format!("{name} in {}..<{}", mark(field, *from), mark(field, *to)),
        Side::Run(Some(from), None) => format!("{name} >= {}", mark(field, *from)),
        Side::Run(None, Some(to)) => format!("{name} < {}", mark(field, *to)),
        Side::Run(None, None) => "yes".to_owned(),
        Side::Among(values) => match (field.kind, values.as_slice()) {
            (Kind::Flag, [0]) => format!("not {name}"),
            (Kind::Flag, _) => name.to_owned(),
            (_, [one]) => format!("{name} = {}", pick(field, *one)),
            (_, several) => format!("{name} in [{}]", several.iter().map(|&value| pick(field, value)).collect::<Vec<_>>().join(", ")),
        },
    }
}

fn cell(field: &Field, side: &Side) -> String {
    match side {
        side if *side == Side::all(field.kind) => "*".to_owned(),
        Side::Run(Some(from), Some(to)) => format!("{}..<{}", mark(field, *from), mark(field, *to)),
        Side::Run(Some(from), None) => format!(">= {}", mark(field, *from)),
        Side::Run(None, Some(to)) => format!("< {}", mark(field, *to)),
        Side::Run(None, None) => "*".to_owned(),
        Side::Among(values) if field.kind == Kind::Flag => if values == &[0] { "no" } else { "yes" }.to_owned(),
        Side::Among(values) => values.iter().map(|&value| pick(field, value)).collect::<Vec<_>>().join(" or "),
    }
}
