//! Data files to a guess: what each column holds, which columns are keys, and which refer to other files.

use crate::dates;
use crate::header::unreadable;
use crate::locate::Place;
use crate::naming::{Reserved, entity_name, free, plain_name, snake};
use crate::number::{self, Notation};
use crate::profile::{NOTATIONS, Profile};
use crate::scan::trim;
use crate::source::{Content, Row, open};
use kamrules_base::world::Bytes;
use kamrules_base::{Date, Finding, codes};
use rustc_hash::FxHashSet;
use std::path::PathBuf;

/// What data files look like.
#[derive(Debug, Clone, Default)]
pub struct Inspection {
    /// The files that could be read.
    pub files: Vec<FileGuess>,
    /// What was wrong with the others.
    pub findings: Vec<Finding>,
}

/// What a file looks like.
#[derive(Debug, Clone)]
pub struct FileGuess {
    /// Its path as shown.
    pub path: String,
    /// A name for its rows: singular, `snake_case`.
    pub entity: String,
    /// How many rows it has.
    pub rows: usize,
    /// Its columns, without those that have no name or the name of another.
    pub columns: Vec<ColumnGuess>,
    /// The columns that make up its key: none, one or two.
    pub key: Vec<usize>,
    /// Columns that cannot be fields, with the reason.
    pub left_out: Vec<String>,
    /// Something a reader should know of the file.
    pub remark: Option<String>,
}

/// What a column looks like.
#[derive(Debug, Clone)]
pub struct ColumnGuess {
    /// Its name in the file.
    pub column: String,
    /// A name for rules.
    pub name: String,
    /// What it holds.
    pub guess: Guess,
    /// How its numbers are written, if not with a point and commas.
    pub marks: Option<&'static str>,
    /// The currency's symbol or code that stands in its cells.
    pub currency: Option<String>,
    /// Whether a cell may be empty.
    pub optional: bool,
    /// What else is empty.
    pub blanks: Vec<&'static str>,
    /// Something a reader should know.
    pub remark: Option<String>,
}

/// What a column's cells are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guess {
    /// Text, or a code that must stay text.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Percentages; with the flag a bare `15` is 15%.
    Percent(bool),
    /// Money.
    Money,
    /// Days, in a notation if they are not ISO, and the latest.
    Date(Option<&'static str>, Date),
    /// Instants.
    Time,
    /// Yes or no.
    Flag,
    /// A few texts that repeat: a name and the spelling of each.
    Pick(Vec<(String, String)>),
    /// The key of another file (or this one), by its index.
    Reference(usize),
}

/// Looks at data files: each with its path as shown and its bytes.
pub fn inspect(files: &[(String, Bytes)], reserved: Reserved<'_>) -> Inspection {
    let (mut out, mut seen) = (Inspection::default(), Vec::new());
    for (path, bytes) in files {
        let place = Place { folder: PathBuf::new(), path: path.clone(), span: None };
        match open((**bytes).as_ref()).and_then(|content| Ok((profile(&content)?, content))) {
            Ok((_, content)) if usable(&content.header).is_empty() => out.findings.push(nameless(path, &content)),
            Ok(((rows, profiles), content)) => {
                let entity = free(entity_name(path, reserved), |name| out.files.iter().any(|file| file.entity == name));
                out.files.push(FileGuess {
                    path: path.clone(),
                    entity,
                    rows,
                    columns: Vec::new(),
                    key: Vec::new(),
                    left_out: left_out(&content),
                    remark: headless(&content),
                });
                seen.push((profiles, content));
            }
            Err(why) => out.findings.push(unreadable(&why, &place, path)),
        }
    }
    let entities: Vec<String> = out.files.iter().map(|file| file.entity.clone()).collect();
    for (file, (profiles, content)) in out.files.iter_mut().zip(&seen) {
        file.key = key(&file.entity, &entities, content, profiles);
    }
    for at in 0..out.files.len() {
        let columns = columns(at, &out.files, &seen, reserved);
        let usable = usable(&seen[at].1.header);
        let place = |key: &usize| usable.iter().position(|column| column == key);
        out.files[at].key = out.files[at].key.iter().filter_map(place).collect();
        out.files[at].columns = columns;
    }
    out
}

/// The columns that have no name, or one that others have too.
fn left_out(content: &Content<'_>) -> Vec<String> {
    let usable = usable(&content.header);
    let left = content.header.iter().enumerate().filter(|(at, _)| usable.binary_search(at).is_err());
    left.map(|(at, name)| {
        if name.is_empty() {
            format!("column {}, which has no name", at + 1)
        } else {
            format!("column {}, `{name}`: several have this name", at + 1)
        }
    })
    .collect()
}

/// What is to be said of a first row that looks like data: half of its names or more are numbers or days.
fn headless(content: &Content<'_>) -> Option<String> {
    let valued = |name: &&String| number::read(name, &Notation::default()).is_ok() || dates::day(name, None).is_ok();
    let doubtful = !content.is_json() && content.header.iter().filter(valued).count() * 2 >= content.header.len();
    let shown = || content.header.iter().take(3).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    doubtful.then(|| format!("The first row ({}, …) looks like data: does the file lack the row with the names?", shown()))
}

/// The finding for a file in which nothing has a name.
fn nameless(path: &str, content: &Content<'_>) -> Finding {
    let (message, help) = match content.is_json() {
        true => (format!("no object in `{path}` has a name to make a field of"), "give a file with some rows"),
        false => (format!("no column in `{path}` has a name of its own"), "its first row has to name the columns"),
    };
    Finding::without_place(codes::NO_HEADER, message).help(help)
}

type Seen<'a> = (Vec<Profile>, Content<'a>);

fn profile(content: &Content<'_>) -> Result<(usize, Vec<Profile>), crate::source::Unreadable> {
    let mut profiles = vec![Profile::default(); content.header.len()];
    let mut rows = 0;
    content.rows(|_, row| {
        if let Row::Cells(cells) = row {
            rows += 1;
            profiles.iter_mut().zip(cells).for_each(|(profile, cell)| profile.add(trim(&cell.text)));
        }
    })?;
    profiles.iter_mut().for_each(Profile::settle);
    Ok((rows, profiles))
}

/// The columns that have a name of their own.
fn usable(header: &[String]) -> Vec<usize> {
    (0..header.len()).filter(|at| !header[*at].is_empty() && header.iter().filter(|name| **name == header[*at]).count() == 1).collect()
}

/// The key: a column that names the rows, or two that do so together.
fn key(entity: &str, entities: &[String], content: &Content<'_>, profiles: &[Profile]) -> Vec<usize> {
    let usable = usable(&content.header);
    let names: Vec<String> = content.header.iter().map(|name| snake(name)).collect();
    let foreign = |at: usize| stem(&names[at]).is_some_and(|stem| stem != entity && entities.iter().any(|other| other == stem));
    let joins = usable.iter().filter(|at| foreign(**at)).count() > 1;
    let named = |at: &usize| profiles[*at].is_unique() && is_id(&names[*at]) && !(joins && foreign(*at));
    let own = |at: &usize| names[*at] == "id" || stem(&names[*at]) == Some(entity);
    let ids: Vec<usize> = usable.iter().copied().filter(named).collect();
    if let Some(at) = ids.iter().copied().find(own).or_else(|| ids.first().copied()) {
        return vec![at];
    }
    let coded: Vec<usize> = usable.iter().copied().filter(|at| is_id(&names[*at]) && profiles[*at].empty == 0).take(6).collect();
    for (i, &first) in coded.iter().enumerate() {
        for &second in &coded[i + 1..] {
            if unique_together(content, first, second) {
                return vec![first, second];
            }
        }
    }
    // A first column of distinct plain words, such as a table of codes.
    let first = usable
        .first()
        .copied()
        .filter(|at| profiles[*at].is_unique() && profiles[*at].notation().is_none() && !names[*at].contains("description"));
    first.filter(|at| !profiles[*at].numbers || profiles[*at].whole).into_iter().collect()
}

fn unique_together(content: &Content<'_>, first: usize, second: usize) -> bool {
    let (mut seen, mut unique) = (FxHashSet::default(), true);
    let read = content.rows(|_, row| {
        if let Row::Cells(cells) = row
            && unique
        {
            unique = seen.insert((trim(&cells[first].text).to_owned(), trim(&cells[second].text).to_owned()));
        }
    });
    unique && read.is_ok() && !seen.is_empty()
}

fn columns(at: usize, files: &[FileGuess], seen: &[Seen<'_>], reserved: Reserved<'_>) -> Vec<ColumnGuess> {
    let (profiles, content) = &seen[at];
    let mut out: Vec<ColumnGuess> = Vec::new();
    for place in usable(&content.header) {
        let column = content.header[place].clone();
        let words = snake(&column);
        let profile = &profiles[place];
        let lone_key = files[at].key == [place];
        let (reference, remark) = if lone_key { (None, None) } else { reference((at, &words), profile, files, seen) };
        let (guess, said) = match reference {
            Some(file) => (Guess::Reference(file), None),
            None if lone_key => (Guess::Text, None),
            None => guess(&words, profile, reserved),
        };
        let blanks = if matches!(guess, Guess::Text | Guess::Pick(_) | Guess::Reference(_)) { Vec::new() } else { profile.blanks.clone() };
        let name = match guess {
            Guess::Reference(_) => stem(&words).unwrap_or(&words).to_owned(),
            _ if lone_key && is_id(&words) => "id".to_owned(),
            _ => words.strip_prefix(&format!("{}_", files[at].entity)).unwrap_or(&words).to_owned(),
        };
        let name = free(name, |name| out.iter().any(|other| other.name == name));
        let optional = profile.empty > 0 || !blanks.is_empty() || profile.filled == 0;
        let marks = profile.marks.filter(|_| matches!(guess, Guess::Integer | Guess::Number | Guess::Percent(_) | Guess::Money));
        out.push(ColumnGuess { column, name, guess, marks, currency: profile.currency.clone(), optional, blanks, remark: remark.or(said) });
    }
    out
}

/// The file whose key a column holds: told by its name, and by its values being all there.
fn reference((at, words): (usize, &str), profile: &Profile, files: &[FileGuess], seen: &[Seen<'_>]) -> (Option<usize>, Option<String>) {
    if !profile.has_values() || profile.values.len() == profile.blanks.len() {
        return (None, None);
    }
    let upward = words.split('_').any(|word| matches!(word, "parent" | "manager" | "reports" | "supervisor" | "boss" | "superior"));
    let mut missing = None;
    let mut candidates: Vec<(u32, usize)> = Vec::new();
    for (other, file) in files.iter().enumerate() {
        let [key] = file.key[..] else { continue };
        let key_words = snake(&seen[other].1.header[key]);
        let rank = match stem(words) {
            _ if other == at => {
                if upward {
                    1
                } else {
                    continue;
                }
            }
            Some(stem) if stem == file.entity => 0,
            _ if words == key_words && words != "id" => 2,
            Some(stem) if stem.ends_with(&format!("_{}", file.entity)) => 3,
            _ if words == file.entity => 4,
            _ => continue,
        };
        candidates.push((rank, other));
    }
    candidates.sort_unstable();
    for (_, other) in candidates {
        let keys = &seen[other].0[files[other].key[0]].values;
        let lost = profile.values.iter().filter(|value| !keys.contains(*value)).count();
        if lost == 0 {
            return (Some(other), None);
        }
        let mostly = lost * 2 <= profile.values.len();
        missing = missing.or_else(|| {
            mostly.then(|| {
                format!(
                    "refers to `{}`, but {lost} of its {} values are not in {}",
                    files[other].entity,
                    profile.values.len(),
                    files[other].path
                )
            })
        });
    }
    (None, missing)
}

fn guess(words: &str, profile: &Profile, reserved: Reserved<'_>) -> (Guess, Option<String>) {
    if !profile.has_values() {
        return (Guess::Text, None);
    }
    if let Some(at) = profile.notation() {
        let latest = Date(profile.latest[at]);
        let notation = NOTATIONS[at];
        let two_ways = (notation.starts_with('M') && !notation.contains("MMM")) && (profile.days[3] || profile.days[4]);
        let remark = two_ways.then(|| format!("or day first ({})? no cell tells", if at == 1 { NOTATIONS[3] } else { NOTATIONS[4] }));
        return (Guess::Date((at > 0).then_some(notation), latest), remark);
    }
    if profile.numbers && profile.currencies {
        return (
            Guess::Text,
            Some("several currencies in one column: declare it as `money` once they stand in a column of their own".to_owned()),
        );
    }
    if profile.times {
        return (Guess::Time, None);
    }
    if is_flag(profile) {
        return (Guess::Flag, None);
    }
    if profile.numbers && !profile.leading_zero && !is_code(words) {
        return (number_guess(words, profile), None);
    }
    match picklist(words, profile, reserved) {
        Some(values) => (Guess::Pick(values), None),
        None => (Guess::Text, None),
    }
}

fn is_flag(profile: &Profile) -> bool {
    let folded: FxHashSet<String> = profile.values.iter().map(|value| value.to_lowercase()).collect();
    let pairs = [["yes", "no"], ["true", "false"], ["y", "n"], ["1", "0"]];
    // The words alone say it, even where every row has the same one.
    let worded = !folded.is_empty() && folded.iter().all(|word| matches!(word.as_str(), "true" | "false"));
    profile.blanks.is_empty() && (worded || pairs.iter().any(|pair| folded.len() == 2 && pair.iter().all(|word| folded.contains(*word))))
}

fn number_guess(words: &str, profile: &Profile) -> Guess {
    let has = |list: &[&str]| words.split('_').any(|word| list.contains(&word));
    let counted = has(&["units", "quantity", "qty", "count", "number", "days", "year", "month"]);
    if profile.percent {
        return Guess::Percent(false);
    }
    if has(&["percent", "pct", "percentage", "discount", "margin", "rate", "share"]) {
        // A notation that shows no percent sign says that a bare `15` is 15%, which a fraction is not.
        if profile.fractions {
            return if profile.marks.is_some() { Guess::Number } else { Guess::Percent(false) };
        }
        if has(&["percent", "pct", "percentage"]) {
            return Guess::Percent(true);
        }
    }
    let monetary = has(&[
        "price", "amount", "revenue", "sales", "cost", "costs", "freight", "budget", "salary", "fee", "fees", "spend", "balance", "income",
        "arr", "mrr", "acv", "tcv", "invoice", "tax", "profit", "turnover", "value",
    ]);
    if profile.currency.is_some() || (monetary && !counted && profile.decimals <= 6) {
        return Guess::Money;
    }
    if profile.whole {
        Guess::Integer
    } else if profile.decimals <= 6 {
        Guess::Number
    } else {
        Guess::Text
    }
}

/// A few short texts that repeat, unless the column's name says that any text may come.
fn picklist(words: &str, profile: &Profile, reserved: Reserved<'_>) -> Option<Vec<(String, String)>> {
    const MOST: usize = 8;
    let open = [
        "name",
        "city",
        "town",
        "street",
        "address",
        "country",
        "state",
        "region",
        "province",
        "county",
        "description",
        "notes",
        "comment",
        "email",
        "url",
        "owner",
    ];
    let count = profile.first.len();
    let few = (2..=MOST).contains(&count) && profile.filled >= 2 * count;
    let short = profile.first.iter().all(|text| {
        text.chars().count() <= 32 && text.contains(|c: char| c.is_alphabetic()) && !text.contains(['"', '\\', '{', '\n', '\r'])
    });
    if !few || !short || is_code(words) || words.split('_').any(|word| open.contains(&word)) {
        return None;
    }
    let mut values: Vec<(String, String)> = Vec::new();
    for text in &profile.first {
        let name = free(plain_name(&snake(text), "value", reserved), |name| values.iter().any(|(other, _)| other == name));
        values.push((name, text.clone()));
    }
    Some(values)
}

/// Whether a name says that the column holds a code: something to be compared, never counted.
fn is_code(words: &str) -> bool {
    let last = words.rsplit('_').next().unwrap_or_default();
    is_id(words) && last != "number" && last != "no"
        || words
            .split('_')
            .any(|word| matches!(word, "zip" | "postal" | "postcode" | "phone" | "fax" | "mobile" | "extension" | "sku" | "iban" | "duns"))
}

/// Whether a name says that the column names rows.
fn is_id(words: &str) -> bool {
    let last = words.rsplit('_').next().unwrap_or_default();
    matches!(last, "id" | "key" | "code" | "number" | "no" | "uuid" | "guid" | "sku")
}

/// `customer_id` and `customer_key` speak of a `customer`.
fn stem(words: &str) -> Option<&str> {
    ["_id", "_key", "_code", "_number", "_no"].iter().find_map(|end| words.strip_suffix(end)).filter(|stem| !stem.is_empty())
}
