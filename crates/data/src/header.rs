//! Fields to columns: what a header lacks, and which of its columns looks like it.

use crate::cell::{Plan, bad_notation};
use crate::locate::{Place, absent, finding, unopened};
use crate::source::{Content, Unreadable, open};
use crate::decode::NoText;
use crate::{locate, rates};
use kamrules_base::near::nearest;
use kamrules_base::{Finding, Level, Sources, Span, World, codes};
use kamrules_model::{EntityId, ListSource, Model, Rates};

/// Checks the headers of the sources that exist. An absent file is a note; a column that is missing is an error.
pub fn check_headers(model: &Model, sources: &Sources, world: &dyn World) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, places) in locate::places(model, sources, &[]) {
        for place in &places {
            each_file(world, place, &mut findings, &mut |shown, content, findings| {
                findings.extend(plans(model, sources, entity, shown, content).err().unwrap_or_default());
            });
        }
    }
    for list in &model.lists {
        if let ListSource::File(source, Some(column)) = &list.values {
            each_file(world, &Place::of(sources, source), &mut findings, &mut |shown, content, findings| {
                findings.extend(column_at(content, column, shown, source.span, None).err());
            });
        }
    }
    if let Some(Rates::File(source)) = &model.rates {
        each_file(world, &Place::of(sources, source), &mut findings, &mut |shown, content, findings| {
            findings.extend(rate_columns(content, shown, source.span).err());
        });
    }
    for field in model.entities.iter().flat_map(|entity| &entity.fields).filter(|field| bad_notation(model, field)) {
        findings.push(notation_finding(field));
    }
    kamrules_base::finding::sort(&mut findings);
    findings
}

fn each_file(world: &dyn World, place: &Place, findings: &mut Vec<Finding>, each: &mut dyn FnMut(&str, &Content<'_>, &mut Vec<Finding>)) {
    let files = match locate::files(world, place) {
        Ok(files) => files,
        Err(finding) => return findings.push(finding),
    };
    for (shown, path) in files {
        match world.read(&path) {
            Ok(bytes) => match open((*bytes).as_ref()) {
                Ok(content) => each(&shown, &content, findings),
                Err(why) => findings.push(unreadable(&why, place, &shown)),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => findings.push(absent(place, &shown)),
            Err(error) => findings.push(unopened(place, &shown, &error)),
        }
    }
}

/// How an entity's fields are read from a source, or every column that is not there.
///
/// # Errors
/// A finding per field.
pub fn plans<'m>(model: &'m Model, sources: &Sources, entity: EntityId, shown: &str, content: &Content<'_>) -> Result<Vec<Plan<'m>>, Vec<Finding>> {
    let fields = &model.entity(entity).fields;
    let (mut plans, mut findings) = (Vec::with_capacity(fields.len()), Vec::new());
    for (i, field) in fields.iter().enumerate() {
        if bad_notation(model, field) {
            findings.push(notation_finding(field));
        }
        let spare = |name: &str| !fields.iter().any(|other| other.column == name);
        let said = if field.column_said { written(sources, field.span, &field.column) } else { None };
        let spare: Vec<&str> = content.header.iter().map(String::as_str).filter(|name| !name.is_empty() && spare(name)).collect();
        let near = nearest(&field.column, spare.iter().copied()).or_else(|| nearest(&field.name, spare.iter().copied()));
        match column_at(content, &field.column, shown, field.span, Some((near, said))) {
            Ok(cell) => plans.push(Plan::new(model, i as u32, field, cell)),
            Err(finding) => findings.push(finding),
        }
    }
    if findings.is_empty() { Ok(plans) } else { Err(findings) }
}

fn notation_finding(field: &kamrules_model::Field) -> Finding {
    let text = field.notation.as_deref().unwrap_or_default();
    Finding::new(codes::BAD_NOTATION, field.span, format!("`{text}` does not show how a date is written"))
        .help("write it like `M/D/YYYY`, `DD.MM.YYYY` or `D-MMM-YYYY`, with a year of four digits")
}

/// Where the name of a column is written behind a field's name: the span of the text in its quotes.
fn written(sources: &Sources, field: Span, column: &str) -> Option<Span> {
    const REACH: usize = 2000;
    let text = &sources.files.get(field.file.0 as usize)?.text;
    let start = field.end as usize;
    let behind = text.get(start..)?;
    let quoted = format!("\"{column}\"");
    let at = behind.find(&quoted).filter(|at| *at < REACH)?;
    Some(Span::new(field.file, start + at + 1, start + at + 1 + column.len()))
}

/// Where a column stands in a header. `near` is the column that looks like it, and where the name is written.
///
/// # Errors
/// A finding that names the file, the column, and the one that looks like it.
pub fn column_at(content: &Content<'_>, column: &str, shown: &str, span: Span, near: Option<(Option<&str>, Option<Span>)>) -> Result<usize, Finding> {
    let mut places = content.header.iter().enumerate().filter(|(_, name)| *name == column).map(|(at, _)| at);
    let (first, second) = (places.next(), places.next());
    if let (Some(at), None) = (first, second) {
        return Ok(at);
    }
    if first.is_some() {
        let message = format!("the column `{column}` stands twice in `{shown}`");
        return Err(Finding::new(codes::REPEATED_COLUMN, span, message).help("rename one of them in the file"));
    }
    let (near, said) = near.unwrap_or_else(|| (nearest(column, content.header.iter().map(String::as_str)), None));
    let finding = Finding::new(codes::MISSING_COLUMN, span, format!("`{shown}` has no column `{column}`"));
    Err(match (near, said) {
        (Some(near), Some(said)) => finding.help(format!("`{near}` looks like it")).fix(format!("write `{near}`"), said, near),
        (Some(near), None) => finding.help(format!("`{near}` looks like it: write `from \"{near}\"`")),
        (None, _) => {
            let names: Vec<String> = content.header.iter().filter(|name| !name.is_empty()).take(20).map(|name| format!("`{name}`")).collect();
            finding.help(if names.is_empty() { "it has no columns with a name".to_owned() } else { format!("its columns are {}", names.join(", ")) })
        }
    })
}

/// Where the columns of a file of rates stand.
///
/// # Errors
/// The first column that is missing.
pub fn rate_columns(content: &Content<'_>, shown: &str, span: Span) -> Result<[usize; 3], Finding> {
    let mut places = [0; 3];
    for (place, column) in places.iter_mut().zip(rates::COLUMNS) {
        *place = column_at(content, column, shown, span, None)?;
    }
    Ok(places)
}

/// The finding for a source that cannot be read.
pub fn unreadable(why: &Unreadable, place: &Place, shown: &str) -> Finding {
    let make = |code, message: String| {
        let mut finding = finding(code, place.span, message);
        finding.level = Level::Error;
        finding
    };
    match why {
        Unreadable::NoText { why: NoText::Binary(kind), .. } => {
            make(codes::NO_TEXT_ENCODING, format!("`{shown}` is {kind}")).help("export it as “CSV UTF-8”")
        }
        Unreadable::NoText { why, at } => {
            let at = at.as_ref().map(|(row, column)| format!(" in row {row}, column `{column}`")).unwrap_or_default();
            let message = match why {
                NoText::NotUtf8 { byte, .. } => format!("`{shown}` is not UTF-8: byte {byte:02X} hex{at} cannot be there"),
                _ => format!("`{shown}` is broken UTF-16: a character is cut off{at}"),
            };
            make(codes::NO_TEXT_ENCODING, message)
                .help("it looks like an older Windows encoding (Windows-1252): save it as “CSV UTF-8” in the spreadsheet")
        }
        Unreadable::NoHeader => make(codes::NO_HEADER, format!("`{shown}` has no header")).help("its first row has to name the columns"),
        Unreadable::Unclosed { row, column } => {
            make(codes::BROKEN_QUOTES, format!("a quote in `{shown}`, row {row}, column `{column}`, is never closed"))
                .help("close it, or double it if it belongs to the text")
        }
        Unreadable::Json(message) => make(codes::BROKEN_JSON, format!("`{shown}` is broken JSON: {message}")),
    }
}
