//! Loads the sources of a policy: opens, reads, links, and says what was wrong.

use crate::cell::Reading;
use crate::header::{column_at, plans, rate_columns, unreadable};
use crate::link::{cascade, link};
use crate::locate::{self, Place, unopened};
use crate::rates::{self, RateTable};
use crate::scan::trim;
use crate::source::{Content, Row, open};
use crate::work::Work;
use crate::{DataFault, Loaded};
use jiff::tz::TimeZone;
use kamrules_base::{Finding, Level, Sources, Span, World, codes};
use kamrules_model::{Book, EntityId, ListSource, Model, Rate, Rates, Source, Value};
use rustc_hash::FxHashSet;
use std::path::PathBuf;

/// Loads every entity from its source, or from what the command line binds it to (relative to the working folder).
///
/// Rows with faults are set aside, and so is what refers to them. Where something keeps the run from being made, it is in
/// [`Loaded::blocking`] and the tables are empty.
pub fn load(model: &Model, sources: &Sources, world: &dyn World, bindings: &[(EntityId, String)]) -> Loaded {
    load_places(model, sources, world, &locate::places(model, sources, bindings))
}

/// Loads some entities from these sources; all others are empty.
pub fn load_some(model: &Model, sources: &Sources, world: &dyn World, wanted: &[(EntityId, Source)]) -> Loaded {
    let places: Vec<(EntityId, Vec<Place>)> = wanted.iter().map(|(entity, source)| (*entity, vec![Place::of(sources, source)])).collect();
    load_places(model, sources, world, &places)
}

/// Reads more rows of an entity into a book that the caller has made, from a file's bytes; references are resolved in the book.
///
/// The rows of other entities stay unless they refer to a row that falls out. Faults are those of this file.
pub fn load_entity_from(model: &Model, sources: &Sources, book: &mut Book, entity: EntityId, shown: &str, bytes: &[u8]) -> Loaded {
    let mut work = Work::new(model, std::mem::take(book));
    let (table, mut faults, _) = listed_rates(model);
    let place = Place { folder: PathBuf::new(), path: shown.to_owned(), span: None };
    let texts = work.book.texts.clone();
    let reading = Reading { model, texts: &texts, rates: &table, zone: zone(model), told: &|_, _| {} };
    let blocking = read_file(&mut work, sources, &reading, entity, &place, (shown, bytes)).err().unwrap_or_default();
    if blocking.is_empty() {
        link(&mut work);
    }
    work.faults.append(&mut faults);
    let mut loaded = work.finish();
    *book = std::mem::take(&mut loaded.book);
    Loaded { blocking, ..loaded }
}

/// Sets rows aside that break what is always true, and what refers to them.
pub fn set_aside(model: &Model, loaded: &mut Loaded, broken: Vec<(EntityId, u32, DataFault)>) {
    if broken.is_empty() {
        return;
    }
    let mut work = Work::new(model, std::mem::take(&mut loaded.book));
    work.faults = std::mem::take(&mut loaded.faults);
    for (entity, row, fault) in broken {
        work.faults.push(fault);
        work.states[entity.index()].drop.insert(row, false);
    }
    cascade(&mut work);
    let blocking = std::mem::take(&mut loaded.blocking);
    *loaded = Loaded { blocking, ..work.finish() };
}

fn load_places(model: &Model, sources: &Sources, world: &dyn World, places: &[(EntityId, Vec<Place>)]) -> Loaded {
    let mut work = Work::new(model, Book::empty(model));
    let texts = work.book.texts.clone();
    let (table, rate_faults, mut blocking) = rate_table(model, sources, world);
    let told = |shown: &str, rows: u64| world.progress(&format!("reading {shown}: rows"), rows, 0);
    let reading = Reading { model, texts: &texts, rates: &table, zone: zone(model), told: &told };
    for (entity, places) in places {
        for place in places {
            blocking.extend(read_place(&mut work, sources, world, &reading, *entity, place));
        }
    }
    lists(model, sources, world, &mut work, &mut blocking);
    if blocking.is_empty() {
        link(&mut work);
    } else {
        let lists = std::mem::take(&mut work.book.lists);
        work.book = Book { texts: work.book.texts.clone(), lists, ..Book::empty(model) };
        work.states = Work::new(model, Book::empty(model)).states;
    }
    work.faults.extend(rate_faults);
    let loaded = work.finish();
    blocking.iter_mut().for_each(|finding| finding.level = Level::Error);
    kamrules_base::finding::sort(&mut blocking);
    Loaded { blocking, ..loaded }
}

fn zone(model: &Model) -> TimeZone {
    model.settings.timezone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
}

fn read_place(
    work: &mut Work<'_>,
    sources: &Sources,
    world: &dyn World,
    reading: &Reading<'_>,
    entity: EntityId,
    place: &Place,
) -> Vec<Finding> {
    let files = match locate::files(world, place) {
        Ok(files) => files,
        Err(finding) => return vec![finding],
    };
    let mut blocking = Vec::new();
    for (shown, path) in files {
        match world.read(&path) {
            Ok(bytes) => {
                blocking.extend(read_file(work, sources, reading, entity, place, (&shown, (*bytes).as_ref())).err().unwrap_or_default())
            }
            Err(error) => blocking.push(unopened(place, &shown, &error)),
        }
    }
    blocking
}

fn read_file(
    work: &mut Work<'_>,
    sources: &Sources,
    reading: &Reading<'_>,
    entity: EntityId,
    place: &Place,
    (shown, bytes): (&str, &[u8]),
) -> Result<(), Vec<Finding>> {
    let content = open(bytes).map_err(|why| vec![unreadable(&why, place, shown)])?;
    let plans = match plans(work.model, sources, entity, shown, &content) {
        // A JSON file without a sound row has no columns either.
        Err(_) if !content.named => Vec::new(),
        plans => plans?,
    };
    work.read(reading, entity, shown, &content, &plans).map_err(|why| vec![unreadable(&why, place, shown)])
}

fn listed_rates(model: &Model) -> (RateTable, Vec<DataFault>, Vec<Finding>) {
    match &model.rates {
        Some(Rates::Listed(rates)) => (RateTable::new(rates).0, Vec::new(), Vec::new()),
        _ => (RateTable::default(), Vec::new(), Vec::new()),
    }
}

/// The exchange rates; those from a file may be at fault.
fn rate_table(model: &Model, sources: &Sources, world: &dyn World) -> (RateTable, Vec<DataFault>, Vec<Finding>) {
    let Some(Rates::File(source)) = &model.rates else { return listed_rates(model) };
    let place = Place::of(sources, source);
    let (mut rates, mut faults, mut blocking) = (Vec::new(), Vec::new(), Vec::new());
    with_content(world, &place, &mut blocking, &mut |shown, content| {
        let (mut read, mut wrong) = rates::read(content, rate_columns(content, shown, source.span)?, shown);
        rates.append(&mut read);
        faults.append(&mut wrong);
        Ok(())
    });
    let (table, twice) = RateTable::new(&rates);
    blocking.extend(twice.iter().map(|rate| twice_finding(rate, source)));
    (table, faults, blocking)
}

fn twice_finding(rate: &Rate, source: &Source) -> Finding {
    let message = format!("`{}` has two rates for {} from {}", source.path, rate.currency, rate.from);
    Finding::new(codes::BAD_RATES, source.span, message).help("keep one of them")
}

fn with_content(
    world: &dyn World,
    place: &Place,
    blocking: &mut Vec<Finding>,
    each: &mut dyn FnMut(&str, &Content<'_>) -> Result<(), Finding>,
) {
    let files = match locate::files(world, place) {
        Ok(files) => files,
        Err(finding) => return blocking.push(finding),
    };
    for (shown, path) in files {
        let outcome = match world.read(&path) {
            Ok(bytes) => match open((*bytes).as_ref()) {
                Ok(content) => each(&shown, &content),
                Err(why) => Err(unreadable(&why, place, &shown)),
            },
            Err(error) => Err(unopened(place, &shown, &error)),
        };
        blocking.extend(outcome.err());
    }
}

/// The texts of lists: those written out, and those from files.
fn lists(model: &Model, sources: &Sources, world: &dyn World, work: &mut Work<'_>, blocking: &mut Vec<Finding>) {
    let texts = work.book.texts.clone();
    for (at, list) in model.lists.iter().enumerate() {
        let mut found = FxHashSet::default();
        match &list.values {
            ListSource::Values(_, values) => found.extend(values.iter().filter_map(|value| match value {
                Value::Text(sym) => Some(*sym),
                _ => None,
            })),
            ListSource::File(source, column) => {
                with_content(world, &Place::of(sources, source), blocking, &mut |shown, content| {
                    let cell = list_column(content, column.as_deref(), shown, source.span)?;
                    let outcome = content.rows(|_, row| {
                        if let Row::Cells(cells) = row
                            && let text = trim(&cells[cell].text)
                            && !text.is_empty()
                        {
                            found.insert(texts.intern(text));
                        }
                    });
                    outcome.map_err(|why| unreadable(&why, &Place::of(sources, source), shown))
                });
            }
        }
        work.book.lists[at] = found;
    }
}

fn list_column(content: &Content<'_>, column: Option<&str>, shown: &str, span: Span) -> Result<usize, Finding> {
    column.map_or(Ok(0), |column| column_at(content, column, shown, span, None))
}
