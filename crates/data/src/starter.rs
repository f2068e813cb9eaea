//! A guess to a policy: entities as a person would write them, and a first question to build on.

use crate::inspect::{ColumnGuess, FileGuess, Guess, Inspection};
use kamrules_model::Grain;
use std::fmt::Write;

/// A policy that reads these files.
pub fn starter(inspection: &Inspection, name: &str) -> String {
    let mut out = String::new();
    let files = &inspection.files;
    let _ = writeln!(
        out,
        "# A first policy, made from what stands in {}. Read it through: the data can tell what is",
        count(files.len(), "file")
    );
    out.push_str("# there, only you can tell what it means. Then write rules below, and run `kamrules check`.\n\n");
    let _ = writeln!(out, "policy \"{}\" {{", name.replace(['"', '\\', '{', '}', '\n'], " "));
    let lines: Vec<(String, &str)> = std::iter::once(currency(files))
        .chain(latest(files).map(|day| (format!("as of {day}"), "what `today` is: the latest date in the data")))
        .collect();
    let width = lines.iter().map(|(line, _)| line.len()).max().unwrap_or(0);
    for (line, remark) in lines {
        let _ = writeln!(out, "  {line:width$}  # {remark}");
    }
    out.push_str("}\n");
    files.iter().for_each(|file| entity(&mut out, file, files));
    question(&mut out, files);
    out
}

/// A text as it is written in a policy.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// The currency, and how it is known.
fn currency(files: &[FileGuess]) -> (String, &'static str) {
    let said = files
        .iter()
        .flat_map(|file| &file.columns)
        .filter(|column| column.guess == Guess::Money)
        .find_map(|column| column.currency.as_deref());
    let code = match said {
        None => return ("currency USD".to_owned(), "a guess: no file says it"),
        Some("$") => return ("currency USD".to_owned(), "a guess: the amounts have a `$`"),
        Some("US$") => "USD",
        Some("€") => "EUR",
        Some("£") => "GBP",
        Some("¥") => "JPY",
        Some("Fr.") => "CHF",
        Some(code) => code,
    };
    (format!("currency {code}"), "the amounts in the data have it")
}

fn latest(files: &[FileGuess]) -> impl Iterator<Item = kamrules_base::Date> {
    let days = files.iter().flat_map(|file| &file.columns).filter_map(|column| match column.guess {
        Guess::Date(_, latest) => Some(latest),
        _ => None,
    });
    days.max().into_iter()
}

fn entity(out: &mut String, file: &FileGuess, files: &[FileGuess]) {
    let name = file.path.rsplit(['/', '\\']).next().unwrap_or(&file.path);
    let _ = writeln!(out, "\n## One {} per row of {name} ({}).", file.entity.replace('_', " "), count(file.rows, "row"));
    if let Some(remark) = &file.remark {
        let _ = writeln!(out, "# {remark}");
    }
    let _ = writeln!(out, "entity {} from {} {{", file.entity, quoted(&file.path.replace('\\', "/")));
    if let [first, second] = file.key[..] {
        let _ = writeln!(out, "  key ({}, {})", file.columns[first].name, file.columns[second].name);
    }
    let fields: Vec<Line> = file.columns.iter().enumerate().map(|(i, column)| line(column, file.key == [i], files)).collect();
    let wide = |line: &&Line| line.ty.len() <= WIDE;
    let names = fields.iter().map(|line| line.name.len()).max().unwrap_or(0);
    let types = fields.iter().filter(wide).map(|line| line.ty.len()).max().unwrap_or(0);
    let froms = fields.iter().filter(|line| !line.behind.is_empty()).map(|line| line.from.len()).max().unwrap_or(0);
    for field in &fields {
        let Line { name, ty, from, behind, remark } = field;
        let mut text = match ty.len() <= WIDE {
            true => format!("  {name:names$} : {ty:types$} {from:froms$} {behind}"),
            false => format!("  {name:names$} : {}\n  {:names$}   {from:froms$} {behind}", wrapped(ty, names + 7), ""),
        };
        text.truncate(text.trim_end().len());
        if let Some(remark) = remark {
            let _ = write!(text, "   # {remark}");
        }
        let _ = writeln!(out, "{text}");
    }
    for left in &file.left_out {
        let _ = writeln!(out, "  # left out: {left}");
    }
    out.push_str("}\n");
}

const WIDE: usize = 28;

/// A picklist over several lines, where it is too long for one.
fn wrapped(ty: &str, indent: usize) -> String {
    if ty.len() <= 90 {
        return ty.to_owned();
    }
    let pad = " ".repeat(indent);
    let Some((values, behind)) = ty.strip_prefix("one of { ").and_then(|rest| rest.rsplit_once(" }")) else { return ty.to_owned() };
    // No spelling holds a quote, so that every `", ` stands between two values.
    let values: Vec<(&str, &str)> = values.split("\", ").map(|value| value.split_once(" \"").unwrap_or((value, ""))).collect();
    let names = values.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let lines: Vec<String> =
        values.iter().map(|(name, spelling)| format!("{pad}{name:names$} \"{}\"", spelling.trim_end_matches('"'))).collect();
    format!("one of {{\n{}\n{}}}{behind}", lines.join(",\n"), &pad[2..])
}

struct Line {
    name: String,
    ty: String,
    from: String,
    behind: String,
    remark: Option<String>,
}

fn line(column: &ColumnGuess, key: bool, files: &[FileGuess]) -> Line {
    let mut behind = String::new();
    let ty = match &column.guess {
        Guess::Text => "text".to_owned(),
        Guess::Integer => "integer".to_owned(),
        Guess::Number => "number".to_owned(),
        Guess::Percent(bare) => {
            behind.push_str(if *bare && column.marks.is_none() { "as \"15\"" } else { "" });
            "percent".to_owned()
        }
        Guess::Money => "money".to_owned(),
        Guess::Date(notation, _) => {
            if let Some(notation) = notation {
                let _ = write!(behind, "as \"{notation}\"");
            }
            "date".to_owned()
        }
        Guess::Time => "time".to_owned(),
        Guess::Flag => "flag".to_owned(),
        Guess::Pick(values) => {
            let values: Vec<String> = values.iter().map(|(name, spelling)| format!("{name} \"{spelling}\"")).collect();
            format!("one of {{ {} }}", values.join(", "))
        }
        Guess::Reference(file) => files[*file].entity.clone(),
    };
    if let Some(marks) = column.marks {
        let _ = write!(behind, "as \"{marks}\"");
    }
    if !column.blanks.is_empty() {
        let words: Vec<String> = column.blanks.iter().map(|blank| format!("\"{blank}\"")).collect();
        let _ = write!(behind, "{}blank as {}", if behind.is_empty() { "" } else { " " }, words.join(" or "));
    }
    let optional = if column.optional && !key { "?" } else { "" };
    let key = if key { " key" } else { "" };
    Line {
        name: column.name.clone(),
        ty: format!("{ty}{optional}{key}"),
        from: format!("from {}", quoted(&column.column)),
        behind,
        remark: column.remark.clone(),
    }
}

/// A metric that counts the rows by a picklist, if there is one, and what could come next.
fn question(out: &mut String, files: &[FileGuess]) {
    let picked = files.iter().filter_map(|file| {
        let column = file
            .columns
            .iter()
            .find(|column| matches!(column.guess, Guess::Pick(_)) && !column.optional && Grain::parse(&column.name).is_none())?;
        Some((file.rows, file, column))
    });
    if let Some((_, file, column)) = picked.max_by_key(|(rows, ..)| *rows) {
        let (entity, by) = (&file.entity, &column.name);
        let _ = writeln!(out, "\n## A first question: the rows of `{entity}`, counted by {}.", by.replace('_', " "));
        let _ = writeln!(out, "metric {entity}_by_{by} for {entity} by {by} {{ value = count({entity}) }}");
    }
    let Some(file) = files.iter().max_by_key(|file| file.rows) else { return };
    out.push_str("\n# What comes next is yours: tiers, territories, quotas, obligations. A fact that every row has to meet,\n# for example; a row that breaks it is reported and set aside:\n#\n");
    let fact = file.columns.iter().find_map(|column| match column.guess {
        Guess::Money if !column.optional => Some(format!("{} >= $0", column.name)),
        Guess::Integer if !column.optional => Some(format!("{} >= 0", column.name)),
        _ => None,
    });
    let _ = writeln!(out, "#   always {}: {}", file.entity, fact.unwrap_or_else(|| "yes".to_owned()));
}
