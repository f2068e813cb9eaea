//! Fields to columns: what a header lacks, and which of its columns looks like it.

use crate::cell::{Plan, bad_notation};
use crate::decode::NoText;
use crate::locate::{Place, absent, finding, unopened};
use crate::source::{Content, Unreadable, open, open_head};
use crate::{locate, rates};
use kamrules_base::near::nearest;
use kamrules_base::{Finding, Level, Sources, Span, World, codes};
use kamrules_model::{EntityId, Field, ListSource, Model, Rates};
use rustc_hash::FxHashSet;

/// Checks the headers of the sources that exist. An absent file is a note; a column that is missing is an error.
pub fn check_headers(model: &Model, sources: &Sources, world: &dyn World) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entity, places) in locate::places(model, sources, &[]) {
        for place in &places {
            each_file(world, place, &mut findings, &mut |shown, content| {
                plans(model, sources, entity, shown, content).map_or_else(|findings| findings, |_| doubtful(model, entity, shown, content))
            });
        }
    }
    for list in &model.lists {
        if let ListSource::File(source, Some(column)) = &list.values {
            each_file(world, &Place::of(sources, source), &mut findings, &mut |shown, content| {
                column_at(content, column, shown, source.span, None).err().into_iter().collect()
            });
        }
    }
    if let Some(Rates::File(source)) = &model.rates {
        each_file(world, &Place::of(sources, source), &mut findings, &mut |shown, content| {
            rate_columns(content, shown, source.span).err().into_iter().collect()
        });
    }
    for field in model.entities.iter().flat_map(|entity| &entity.fields).filter(|field| bad_notation(model, field)) {
        findings.push(notation_finding(field));
    }
    kamrules_base::finding::sort(&mut findings);
    findings
}

/// Looks at the header of each file: at first in its first bytes alone, so that a large export costs no time; where they leave
/// something to say, in the whole file.
fn each_file(world: &dyn World, place: &Place, findings: &mut Vec<Finding>, each: &mut dyn FnMut(&str, &Content<'_>) -> Vec<Finding>) {
    let files = match locate::files(world, place) {
        Ok(files) => files,
        Err(finding) => return findings.push(finding),
    };
    for (shown, path) in files {
        match world.read(&path) {
            Ok(bytes) if open_head((*bytes).as_ref()).is_some_and(|content| each(&shown, &content).is_empty()) => {}
            Ok(bytes) => match open((*bytes).as_ref()) {
                Ok(content) => findings.extend(each(&shown, &content)),
                Err(why) => findings.push(unreadable(&why, place, &shown)),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => findings.push(absent(place, &shown)),
            Err(error) => findings.push(unopened(place, &shown, &error)),
        }
    }
}

/// Fields that may be missing and that no object of a JSON file has, while it has a name that looks like theirs.
fn doubtful(model: &Model, entity: EntityId, shown: &str, content: &Content<'_>) -> Vec<Finding> {
    let fields = &model.entity(entity).fields;
    let absent = |field: &&Field| content.absent_cell().is_some() && !content.header.contains(&field.column);
    let finding = |field: &Field| {
        let near = near_to(field, fields, content)?;
        let mut finding = Finding::new(
            codes::MISSING_COLUMN,
            field.span,
            format!("no object in `{shown}` has `{}`: it is missing in every row", field.column),
        );
        finding.level = Level::Warning;
        Some(finding.help(format!("`{near}` looks like it: write `from \"{near}\"` if that is meant")))
    };
    fields.iter().filter(absent).take(SOUGHT).filter_map(finding).collect()
}

/// How an entity's fields are read from a source, or every column that is not there.
///
/// # Errors
/// A finding per field.
pub fn plans<'m>(
    model: &'m Model,
    sources: &Sources,
    entity: EntityId,
    shown: &str,
    content: &Content<'_>,
) -> Result<Vec<Plan<'m>>, Vec<Finding>> {
    let fields = &model.entity(entity).fields;
    let (mut plans, mut findings) = (Vec::with_capacity(fields.len()), Vec::new());
    for (i, field) in fields.iter().enumerate() {
        if bad_notation(model, field) {
            findings.push(notation_finding(field));
        }
        let absent = content.absent_cell().filter(|_| field.ty.optional && !content.header.contains(&field.column));
        match absent.or_else(|| only_place(content, &field.column)) {
            Some(cell) => plans.push(Plan::new(model, i as u32, field, cell)),
            None => {
                let near = if findings.len() < SOUGHT { near_to(field, fields, content) } else { None };
                let said = if field.column_said { written(sources, field.span, &field.column) } else { None };
                findings.extend(column_at(content, &field.column, shown, field.span, Some((near, said))).err());
            }
        }
    }
    if findings.is_empty() { Ok(plans) } else { Err(findings) }
}

/// For how many columns one that looks like it is sought: where more are missing, it is another file.
const SOUGHT: usize = 50;

/// Where a column stands, if it does so once.
fn only_place(content: &Content<'_>, column: &str) -> Option<usize> {
    let mut places = content.header.iter().enumerate().filter(|(_, name)| *name == column).map(|(at, _)| at);
    places.next().filter(|_| places.next().is_none())
}

/// The column that no field reads and that looks like what a field is read from, or like its name.
fn near_to<'c>(field: &Field, fields: &[Field], content: &'c Content<'_>) -> Option<&'c str> {
    let read: FxHashSet<&str> = fields.iter().map(|field| field.column.as_str()).collect();
    let spare: Vec<&str> = content.header.iter().map(String::as_str).filter(|name| !name.is_empty() && !read.contains(name)).collect();
    nearest(&field.column, spare.iter().copied()).or_else(|| nearest(&field.name, spare.iter().copied()))
}

fn notation_finding(field: &Field) -> Finding {
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
pub fn column_at(
    content: &Content<'_>,
    column: &str,
    shown: &str,
    span: Span,
    near: Option<(Option<&str>, Option<Span>)>,
) -> Result<usize, Finding> {
    if let Some(at) = only_place(content, column) {
        return Ok(at);
    }
    if content.header.iter().any(|name| name == column) {
        let message = format!("the column `{column}` stands twice in `{shown}`");
        return Err(Finding::new(codes::REPEATED_COLUMN, span, message).help("rename one of them in the file"));
    }
    let (near, said) = near.unwrap_or_else(|| (nearest(column, content.header.iter().map(String::as_str)), None));
    let message =
        if content.is_json() { format!("no object in `{shown}` has `{column}`") } else { format!("`{shown}` has no column `{column}`") };
    let finding = Finding::new(codes::MISSING_COLUMN, said.unwrap_or(span), message);
    Err(match (near, said) {
        (Some(near), Some(said)) => finding.help(format!("`{near}` looks like it")).fix(format!("write `{near}`"), said, near),
        (Some(near), None) => finding.help(format!("`{near}` looks like it: write `from \"{near}\"`")),
        (None, _) => {
            let names: Vec<String> =
                content.header.iter().filter(|name| !name.is_empty()).take(20).map(|name| format!("`{name}`")).collect();
            finding.help(match &names[..] {
                [] if content.is_json() => "its objects are empty".to_owned(),
                [] => "it has no columns with a name".to_owned(),
                [one] if !content.is_json() => format!(
                    "its only column is {one}; if that is several columns, put a first line `sep=` and the mark between them into the file, such as `sep=;`"
                ),
                _ if content.is_json() => format!("its names are {}", names.join(", ")),
                _ => format!("its columns are {}", names.join(", ")),
            })
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
        Unreadable::NoText { why, at } => {
            let at = at.as_ref().map(|(row, column)| format!(" in row {row}, column `{column}`")).unwrap_or_default();
            let (message, help) = match why {
                NoText::Binary(kind) => (format!("`{shown}` is {kind}"), "open it in the spreadsheet and export it as “CSV UTF-8”"),
                NoText::NotUtf8 { byte, .. } => (
                    format!("`{shown}` is not UTF-8: byte {byte:02X} hex{at} cannot be there"),
                    "it looks like an older Windows encoding (Windows-1252): save it as “CSV UTF-8” in the spreadsheet",
                ),
                NoText::NotUtf16 { .. } => (
                    format!("`{shown}` is broken UTF-16: a character is cut off{at}"),
                    "the file was cut off or damaged on its way: export it again, best as “CSV UTF-8”",
                ),
                NoText::Nul { .. } => (
                    format!("`{shown}` has a NUL character{at}, which no text has"),
                    "the file was damaged on its way: export it again, best as “CSV UTF-8”",
                ),
            };
            make(codes::NO_TEXT_ENCODING, message).help(help)
        }
        Unreadable::NoHeader => make(codes::NO_HEADER, format!("`{shown}` has no header")).help("its first row has to name the columns"),
        Unreadable::Unclosed { row, column } => {
            make(codes::BROKEN_QUOTES, format!("a quote in `{shown}`, row {row}, column `{column}`, is never closed"))
                .help("close it, or double it if it belongs to the text")
        }
        Unreadable::TooWide(columns) => make(codes::UNREADABLE_FILE, format!("`{shown}` names {columns} columns in its first row"))
            .help("a table has at most 16,384: the line breaks between its rows may be lost, export it again"),
        Unreadable::Json(message) => make(codes::BROKEN_JSON, format!("`{shown}` is broken JSON: {message}"))
            .help("a JSON file is a list of objects, an object that holds one such list, or an object on each line: export it again"),
    }
}
