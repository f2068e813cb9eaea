//! One cell to one value: what a field wants of its column, and what is wrong when it does not get it.

use crate::advice;
use crate::dates::{self, DateNotation};
use crate::number::{self, NoFit, NoNumber, Notation};
use crate::rates::{NoRate, RateTable};
use crate::scan::{Raw, trim};
use jiff::tz::TimeZone;
use kamrules_base::near::nearest;
use kamrules_base::{Code, Date, Decimal, codes};
use kamrules_model::{DurationKind, Field, FieldId, Model, Picklist, Texts, Type, Value};
use rustc_hash::FxHashMap;

/// What a field wants of its column.
#[derive(Debug, Clone)]
pub struct Plan<'m> {
    /// The field's index in its entity.
    pub index: u32,
    /// The field.
    pub field: &'m Field,
    /// Which cell of a row it reads.
    pub cell: usize,
    /// The type of the value in the cell: for a reference that of the field it goes by.
    pub kind: Type,
    want: Want<'m>,
}

#[derive(Debug, Clone)]
enum Want<'m> {
    Text,
    Number {
        scale: u8,
        notation: Notation,
    },
    Percent {
        scale: u8,
        notation: Notation,
        bare: bool,
    },
    Money {
        scale: u8,
        notation: Notation,
    },
    Date(Option<DateNotation>),
    Time(Option<DateNotation>),
    Duration(DurationKind),
    Flag,
    Pick {
        list: &'m Picklist,
        spellings: FxHashMap<&'m str, u32>,
    },
    /// A reference to an entity that has no key of one column: nothing can be right.
    Nothing,
}

/// What cells are read with.
pub struct Reading<'m> {
    /// The policy.
    pub model: &'m Model,
    /// Where texts go.
    pub texts: &'m Texts,
    /// Exchange rates.
    pub rates: &'m RateTable,
    /// The policy's time zone.
    pub zone: TimeZone,
    /// Told of the rows as they are read.
    pub told: &'m (dyn Fn(&str, u64) + Sync),
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The code.
    pub code: Code,
    /// What was wanted.
    pub message: String,
}

fn wrong<T>(code: Code, message: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { code, message: message.into() })
}

/// The field that a reference's column holds the value of.
pub fn target(model: &Model, field: &Field) -> Option<FieldId> {
    let Type::Row(entity) = field.ty.kind else { return None };
    let key = &model.entity(entity).key;
    let index = field.by.or_else(|| key.first().copied().filter(|_| key.len() == 1))?;
    Some(FieldId { entity, index })
}

/// The type that a column really holds: references are followed to what they go by.
pub fn plain_type(model: &Model, field: &Field) -> Option<Type> {
    let mut field = field;
    for _ in 0..32 {
        match field.ty.kind {
            Type::Row(_) => field = model.field(target(model, field)?),
            kind => return Some(kind),
        }
    }
    None
}

impl<'m> Plan<'m> {
    /// Plans how a field is read from a cell. An `as` that cannot be understood is said by [`bad_notation`].
    pub fn new(model: &'m Model, index: u32, field: &'m Field, cell: usize) -> Self {
        let kind = plain_type(model, field).unwrap_or(Type::Unknown);
        let said = field.notation.as_deref();
        let notation = said.map_or_else(Notation::default, Notation::from_sample);
        let date = || said.and_then(DateNotation::parse);
        let want = match kind {
            Type::Text { .. } => Want::Text,
            Type::Number { scale, percent: true } => Want::Percent { scale, notation, bare: said.is_some_and(|text| !text.contains('%')) },
            Type::Number { scale, percent: false } => Want::Number { scale, notation },
            Type::Money { scale } => Want::Money { scale, notation },
            Type::Date => Want::Date(date()),
            Type::Time => Want::Time(date()),
            Type::Duration(kind) => Want::Duration(kind),
            Type::Flag => Want::Flag,
            Type::Pick(pick) => pick_want(model.pick(pick)),
            Type::Unknown | Type::Row(_) | Type::Period(_) | Type::Label(_) | Type::Labels(_) => Want::Nothing,
        };
        Self { index, field, cell, kind, want }
    }
}

/// Spellings come first; a value's own name stands for it where no spelling of another says otherwise.
fn pick_want(list: &Picklist) -> Want<'_> {
    let mut spellings = FxHashMap::default();
    for (i, value) in list.values.iter().enumerate() {
        for spelling in &value.spellings {
            spellings.entry(spelling.as_str()).or_insert(i as u32);
        }
    }
    for (i, value) in list.values.iter().enumerate() {
        spellings.entry(value.name.as_str()).or_insert(i as u32);
    }
    Want::Pick { list, spellings }
}

/// Whether what a field says behind `as` cannot be understood.
pub fn bad_notation(model: &Model, field: &Field) -> bool {
    let dated = matches!(plain_type(model, field), Some(Type::Date | Type::Time));
    dated && field.notation.as_deref().is_some_and(|text| DateNotation::parse(text).is_none())
}

/// What a row's cell holds for a field; `None` where it is empty.
///
/// # Errors
/// What is wrong with it.
pub fn read(reading: &Reading<'_>, plans: &[Plan<'_>], plan: &Plan<'_>, cells: &[Raw<'_>]) -> Result<Option<Value>, Wrong> {
    let raw = &cells[plan.cell];
    let text = trim(&raw.text);
    let field = plan.field;
    if text.is_empty() || field.blanks.iter().any(|blank| trim(blank) == text) {
        return if field.ty.optional {
            Ok(None)
        } else {
            wrong(codes::REQUIRED_BUT_EMPTY, "a value is wanted here: only a type with `?` may be empty")
        };
    }
    let value = match &plan.want {
        Want::Text => Value::Text(reading.texts.intern(text)),
        Want::Number { scale, notation } => Value::Num(plain_number(raw, field, *scale, notation)?),
        Want::Percent { scale, notation, bare } => Value::Num(percent(raw, field, *scale, notation, *bare)?),
        Want::Money { scale, notation } => Value::Num(money(reading, plans, plan, cells, (*scale, notation))?),
        Want::Date(notation) => match dates::day(text, notation.as_ref()) {
            Ok(day) => Value::Date(day),
            Err(why) => return wrong(codes::NOT_A_DATE, advice::no_day(why, text, field)),
        },
        Want::Time(notation) => match dates::instant(text, notation.as_ref(), &reading.zone) {
            Ok(micros) => Value::Time(micros),
            Err(why) => return wrong(codes::NOT_A_TIME, advice::no_instant(why, text, field)),
        },
        Want::Duration(kind) => match dates::duration(text, *kind) {
            Some(duration) => Value::Duration(duration),
            None => return wrong(codes::NOT_A_DURATION, format!("a duration is wanted, such as `{}`", sample_duration(*kind))),
        },
        Want::Flag => {
            Value::Flag(flag(text).map_or_else(|| wrong(codes::NOT_YES_OR_NO, "yes or no is wanted: Yes/No, Y/N, true/false or 1/0"), Ok)?)
        }
        Want::Pick { list, spellings } => Value::Pick(pick(text, list, spellings)?),
        Want::Nothing => return wrong(codes::DANGLING_REFERENCE, "the entity that is referred to has no key of one column"),
    };
    in_range(plan, &value)?;
    Ok(Some(value))
}

fn sample_duration(kind: DurationKind) -> &'static str {
    match kind {
        DurationKind::Months => "6 months",
        DurationKind::Clock => "36 hours",
        DurationKind::Days | DurationKind::Calendar => "14 days",
    }
}

fn flag(text: &str) -> Option<bool> {
    let is = |words: [&str; 5]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["yes", "true", "1", "y", "t"]) {
        Some(true)
    } else if is(["no", "false", "0", "n", "f"]) {
        Some(false)
    } else {
        None
    }
}

fn pick(text: &str, list: &Picklist, spellings: &FxHashMap<&str, u32>) -> Result<u32, Wrong> {
    if let Some(index) = spellings.get(text).copied().or(list.other) {
        return Ok(index);
    }
    let known = list.values.iter().flat_map(|value| value.spellings.iter().map(String::as_str));
    let message = match nearest(text, known.clone()) {
        Some(near) => format!("a value of `{}` is wanted: `{near}`?", list.name),
        None => {
            let shown: Vec<String> = known.take(8).map(|text| format!("`{text}`")).collect();
            format!("a value of `{}` is wanted, one of {}", list.name, shown.join(", "))
        }
    };
    wrong(codes::NOT_IN_PICKLIST, message)
}

fn no_number<T>(why: NoNumber, text: &str, what: &str, read: (&Notation, Option<&str>)) -> Result<T, Wrong> {
    let code = if why == NoNumber::Ambiguous { codes::READ_TWO_WAYS } else { codes::NOT_A_NUMBER };
    wrong(code, advice::no_number(why, text, what, read))
}

fn no_fit<T>(why: NoFit, what: &str, scale: u8) -> Result<T, Wrong> {
    match (why, scale) {
        (NoFit::Decimals, 0) => wrong(codes::NOT_A_NUMBER, "a whole number is wanted"),
        (NoFit::Decimals, _) => wrong(codes::TOO_MANY_DECIMALS, format!("{what} with at most {scale} decimals is wanted")),
        (NoFit::TooLong, _) => wrong(codes::NOT_A_NUMBER, format!("{what} of at most 38 digits is wanted")),
    }
}

fn plain_number(raw: &Raw<'_>, field: &Field, scale: u8, notation: &Notation) -> Result<i128, Wrong> {
    let (text, float) = (trim(&raw.text), raw.number);
    let what = if scale == 0 { "a whole number" } else { "a number" };
    let notation = &if float { Notation::default() } else { *notation };
    let written = number::read(text, notation).or_else(|why| no_number(why, text, what, (notation, field.notation.as_deref())))?;
    if written.percent {
        return wrong(codes::NOT_A_NUMBER, format!("{what} is wanted, not a percentage: declare the field as `percent` if it is one"));
    }
    if written.currency.is_some() {
        return wrong(codes::NOT_A_NUMBER, format!("{what} is wanted, not an amount: declare the field as `money` if it is one"));
    }
    number::fit(written.units, written.scale, scale, float && scale > 0).or_else(|why| no_fit(why, what, scale))
}

fn percent(raw: &Raw<'_>, field: &Field, scale: u8, notation: &Notation, bare: bool) -> Result<i128, Wrong> {
    let (text, float) = (trim(&raw.text), raw.number);
    let what = "a percentage such as `15%`";
    let notation = &if float { Notation::default() } else { *notation };
    let written = number::read(text, notation).or_else(|why| no_number(why, text, what, (notation, field.notation.as_deref())))?;
    if written.currency.is_some() {
        return wrong(codes::NOT_A_NUMBER, format!("{what} is wanted, not an amount"));
    }
    if !bare && !written.percent && written.scale == 0 && written.units.abs() > 1 {
        return wrong(codes::READ_TWO_WAYS, format!("write `{text}%` if that is meant, or declare the field as `percent as \"15\"`"));
    }
    let hundredths = if bare || written.percent { 2 } else { 0 };
    match written.scale.checked_add(hundredths) {
        Some(from) => number::fit(written.units, from, scale, float).or_else(|why| no_fit(why, what, scale)),
        None => no_fit(NoFit::TooLong, what, scale),
    }
}

fn money(
    reading: &Reading<'_>,
    plans: &[Plan<'_>],
    plan: &Plan<'_>,
    cells: &[Raw<'_>],
    (scale, notation): (u8, &Notation),
) -> Result<i128, Wrong> {
    let raw = &cells[plan.cell];
    let (text, said) = (trim(&raw.text), plan.field.notation.as_deref());
    let what = "an amount of money such as `1,234.50`";
    let notation = &if raw.number { Notation::default() } else { *notation };
    let written = number::read(text, notation).or_else(|why| no_number(why, text, what, (notation, said)))?;
    if written.percent {
        return wrong(codes::NOT_A_NUMBER, format!("{what} is wanted, not a percentage"));
    }
    let home = reading.model.settings.currency.as_deref();
    let Some((code, at)) = plan.field.currency else {
        if let (Some(symbol), Some(home)) = (written.currency, home)
            && !number::stands_for(symbol, home)
        {
            return wrong(codes::WRONG_CURRENCY, format!("an amount in {home} is wanted: `{symbol}` is another currency"));
        }
        return number::fit(written.units, written.scale, scale, raw.number).or_else(|why| no_fit(why, what, scale));
    };
    let currency = currency_of(plans, code, cells)?;
    if let Some(symbol) = written.currency
        && !number::stands_for(symbol, &currency)
    {
        return wrong(codes::WRONG_CURRENCY, format!("the row says {currency}, but `{symbol}` is another currency"));
    }
    if Some(currency.as_str()) == home {
        return number::fit(written.units, written.scale, scale, raw.number).or_else(|why| no_fit(why, what, scale));
    }
    let day = day_of(reading, plans, at, cells)?;
    match reading.rates.convert(&currency, day, Decimal::new(written.units, written.scale), scale) {
        Ok(units) => Ok(units),
        Err(NoRate::Unknown) => wrong(codes::NO_RATE, format!("the policy's `rates` have none for {currency}")),
        Err(NoRate::Before(first)) => wrong(codes::NO_RATE, format!("the first rate for {currency} is from {first}, which is later")),
        Err(NoRate::TooLong) => no_fit(NoFit::TooLong, what, scale),
    }
}

fn currency_of(plans: &[Plan<'_>], code: u32, cells: &[Raw<'_>]) -> Result<String, Wrong> {
    let plan = plans.iter().find(|plan| plan.index == code);
    let text = plan.map_or("", |plan| trim(&cells[plan.cell].text));
    let iso = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let name = plan.map_or("", |plan| plan.field.column.as_str());
    if iso {
        Ok(text.to_ascii_uppercase())
    } else {
        wrong(codes::WRONG_CURRENCY, format!("a currency code such as `EUR` is wanted in `{name}`, not `{text}`"))
    }
}

/// The day of the rate; without a field that says it, the policy's day.
fn day_of(reading: &Reading<'_>, plans: &[Plan<'_>], at: Option<u32>, cells: &[Raw<'_>]) -> Result<Option<i32>, Wrong> {
    let Some(at) = at else { return Ok(reading.model.settings.as_of.map(|day| day.0)) };
    let plan = plans.iter().find(|plan| plan.index == at);
    let name = plan.map_or("", |plan| plan.field.column.as_str());
    let value = plan.map(|plan| read(reading, plans, plan, cells)).transpose();
    match value {
        Ok(Some(Some(Value::Date(day)))) => Ok(Some(day)),
        Ok(Some(Some(Value::Time(micros)))) => Ok(Some(day_in_zone(&reading.zone, micros))),
        _ => wrong(codes::NO_RATE, format!("the day of the rate is wanted in `{name}`")),
    }
}

fn day_in_zone(zone: &TimeZone, micros: i64) -> i32 {
    let offset = jiff::Timestamp::from_microsecond(micros).map_or(0, |instant| zone.to_offset(instant).seconds());
    (micros + i64::from(offset) * 1_000_000).div_euclid(86_400_000_000) as i32
}

fn in_range(plan: &Plan<'_>, value: &Value) -> Result<(), Wrong> {
    let Some((least, most)) = plan.field.range else { return Ok(()) };
    let at = match value {
        Value::Num(units) => *units,
        Value::Date(day) => i128::from(*day),
        _ => return Ok(()),
    };
    if (least..=most).contains(&at) {
        return Ok(());
    }
    let show = |bound: i128| match plan.kind {
        Type::Date => i32::try_from(bound).map_or_else(|_| bound.to_string(), |day| Date(day.clamp(Date::MIN.0, Date::MAX.0)).to_string()),
        Type::Number { scale, percent: true } => format!("{}%", Decimal::new(bound.saturating_mul(100), scale).normal()),
        kind => Decimal::new(bound, kind.scale().unwrap_or(0)).normal().to_string(),
    };
    wrong(codes::OUT_OF_RANGE, format!("a value in {}..{} is wanted", show(least), show(most)))
}
