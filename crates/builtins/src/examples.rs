//! Runs the examples of the functions. The reader knows nothing but literals: all else between them it passes over, so that
//! `"98101" starts with "98"` is read like `starts_with("98101", "98")`.

use crate::{Env, Kind, Scalar, all, find};
use kamrules_base::{Date, Decimal};
use kamrules_model::{Book, Calendar, Duration, DurationKind, FaultKind, Grain, Model, Period, Texts, Ty, Type, Value, show};
use std::sync::Arc;

type Literal = (Option<Value>, Ty);

fn literals(code: &str, texts: &Texts) -> Vec<Literal> {
    let mut out: Vec<Literal> = Vec::new();
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        if let Some(quoted) = rest.strip_prefix('"') {
            let (text, after) = quoted.split_once('"').expect("a text ends");
            out.push((Some(Value::Text(texts.intern(text))), Ty::TEXT));
            rest = after;
            continue;
        }
        let inside = |c: char| c.is_alphanumeric() || "_.:-$%".contains(c);
        let end = rest.find(|c| !inside(c)).unwrap_or(rest.len());
        if end == 0 {
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (word, after) = rest.split_at(end);
        rest = word_literal(word, after, &mut out);
    }
    out
}

fn word_literal<'a>(word: &str, after: &'a str, out: &mut Vec<Literal>) -> &'a str {
    let unit: String = after.trim_start().chars().take_while(|c| c.is_alphabetic()).collect();
    if let (Ok(count), true) = (word.parse::<i32>(), ["day", "week", "month"].contains(&unit.trim_end_matches('s'))) {
        let (months, days, kind) = match unit.trim_end_matches('s') {
            "day" => (0, count, DurationKind::Days),
            "week" => (0, 7 * count, DurationKind::Days),
            _ => (count, 0, DurationKind::Months),
        };
        let duration = Value::Duration(Duration { months, days, seconds: 0 });
        out.push((Some(duration), Ty::known(Type::Duration(kind))));
        return after.trim_start().strip_prefix(&unit).expect("it starts so");
    }
    out.extend(plain_literal(word));
    after
}

fn plain_literal(word: &str) -> Option<Literal> {
    let known = |value, kind| Some((Some(value), Ty::known(kind)));
    if word == "missing" {
        return Some((None, Ty::maybe(Type::Unknown)));
    }
    if let Some(period) = run(word.trim_end_matches(".start").trim_end_matches(".end")) {
        return known(Value::Period(period), Type::Period(Some(period.grain)));
    }
    if let Some(date) = Date::parse_iso(word) {
        return known(Value::Date(date.0), Type::Date);
    }
    if let Some(instant) = word.ends_with('Z').then(|| word.parse::<jiff::Timestamp>().ok()).flatten() {
        return known(Value::Time(instant.as_microsecond()), Type::Time);
    }
    if let Some(amount) = word.strip_prefix('$').and_then(Decimal::parse) {
        return known(Value::Num(amount.units), Type::Money { scale: amount.scale });
    }
    let number = Decimal::parse(word)?;
    known(Value::Num(number.units), Type::number(number.scale))
}

fn run(word: &str) -> Option<Period> {
    match word.split_once("..") {
        Some((first, last)) => Some(Period { last: period(last)?.last, ..period(first)? }),
        None => period(word),
    }
}

fn period(word: &str) -> Option<Period> {
    if let Some(name) = word.strip_prefix("FY") {
        return match name.split_once("-Q") {
            Some((year, quarter)) => Some(Period::one(Grain::Quarter, year.parse::<i32>().ok()? * 4 + quarter.parse::<i32>().ok()? - 1)),
            None => Some(Period::one(Grain::Year, name.parse().ok()?)),
        };
    }
    let (year, month) = word.split_once('-')?;
    let month = (word.len() == 7).then(|| month.parse::<i32>().ok())??;
    Some(Period::one(Grain::Month, year.parse::<i32>().ok()? * 12 + month - 1))
}

struct Bench {
    calendar: Calendar,
    timezone: Option<&'static str>,
    texts: Arc<Texts>,
}

impl Bench {
    fn new() -> Self {
        Self { calendar: Calendar::default(), timezone: None, texts: Arc::default() }
    }

    fn call(&self, scalar: &Scalar, args: &[Literal]) -> Result<(Option<Value>, Ty), FaultKind> {
        let types: Vec<Ty> = args.iter().map(|(_, ty)| *ty).collect();
        let out = (scalar.infer)(&types).unwrap_or_else(|mismatch| panic!("{mismatch:?}"));
        let env = Env { calendar: &self.calendar, timezone: self.timezone, texts: &self.texts };
        let known: Option<Vec<_>> = args.iter().map(|(value, ty)| value.as_ref().map(|value| (value, ty.kind))).collect();
        let value = known.map_or(Ok(None), |args| (scalar.call)(&env, &args, out.kind))?;
        assert!(value.is_some() || out.optional, "only an optional result is missing");
        Ok((value, out))
    }

    fn run(&self, name: &str, code: &str) -> String {
        let Kind::Scalar(scalar) = &find(name).expect("a function").1.kind else { panic!("`{name}` computes no value") };
        match self.call(scalar, &literals(code, &self.texts)) {
            Err(kind) => format!("{kind:?}"),
            Ok((None, _)) => "missing".into(),
            Ok((Some(value), ty)) => {
                let book = Book { texts: self.texts.clone(), ..Book::default() };
                show::value(&Model::default(), &book, &value, ty.kind)
            }
        }
    }
}

#[test]
fn examples_give_what_they_say() {
    let bench = Bench::new();
    for function in all() {
        assert!(!function.doc.is_empty() && !function.usage.is_empty() && !function.examples.is_empty(), "{}", function.name);
        for example in function.examples {
            if matches!(function.kind, Kind::Scalar(_)) {
                assert_eq!(bench.run(function.name, example.code), example.gives, "{}", example.code);
            }
        }
    }
}

#[test]
fn names_are_said_once() {
    let mut names: Vec<_> = all().iter().map(|function| function.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn a_day_is_the_one_of_the_policys_zone() {
    let mut bench = Bench::new();
    bench.timezone = Some("Europe/Berlin");
    assert_eq!(bench.run("date", "date(2026-02-01T23:30:00Z)"), "2026-02-02");
    bench.timezone = Some("America/New_York");
    assert_eq!(bench.run("date", "date(2026-02-01T03:30:00Z)"), "2026-01-31");
}

#[test]
fn the_edges_of_values() {
    let bench = Bench::new();
    for (name, code, gives) in [
        ("round", "round(1.005, 2)", "1.010"),
        ("round", "round(1.5, 13)", "Argument"),
        ("round", "round(99999999999999999999999999999999999999, 2)", "99999999999999999999999999999999999999"),
        ("left", "left(\"abc\", -1)", "Argument"),
        ("left", "left(\"\", 3)", ""),
        ("next", "next(FY9999)", "FY10000"),
        ("days_in", "days_in(FY9999)", "DateRange"),
        ("months_between", "months_between(0001-01-31, 0001-01-01)", "-1"),
        ("months_between", "months_between(2024-02-29, 2025-02-28)", "12"),
        ("has", "has(\"C++ developer\", \"c++\")", "true"),
        ("has", "has(\"c3po\", \"c\")", "false"),
        ("has", "has(\"vp\", \"\")", "false"),
        ("greatest", "greatest(1 month, 2 months)", "2 months"),
    ] {
        assert_eq!(bench.run(name, code), gives, "{code}");
    }
}

#[test]
fn months_between_is_what_it_says() {
    let bench = Bench::new();
    let Kind::Scalar(scalar) = &find("months_between").expect("it is there").1.kind else { panic!("a scalar") };
    for a in (18_000..18_800).step_by(7) {
        for b in (17_900..18_900).step_by(13) {
            let args = [a, b].map(|day| (Some(Value::Date(day)), Ty::known(Type::Date)));
            let Ok((Some(Value::Num(n)), _)) = bench.call(scalar, &args) else { panic!("a number") };
            let after = |n: i128| Date(a).add_months(n as i64).expect("a day").0;
            assert!(after(n) <= b && after(n + 1) > b);
        }
    }
}

#[test]
fn text_that_ignores_case_is_compared_so() {
    let bench = Bench::new();
    let text = |text: &str, fold| (Some(Value::Text(bench.texts.intern(text))), Ty::known(Type::Text { fold }));
    for (name, part, gives) in [("contains", "SON", true), ("@starts_with", "smith", true), ("@ends_with", "x", false)] {
        let Kind::Scalar(scalar) = &find(name).expect("it is there").1.kind else { panic!("a scalar") };
        let given = bench.call(scalar, &[text("Smithson", true), text(part, false)]);
        assert_eq!(given.map(|(value, _)| value), Ok(Some(Value::Flag(gives))), "{name}");
    }
}

#[test]
fn arguments_that_do_not_suit_are_named() {
    let mismatch = |name: &str, args: &[Ty]| match &find(name).expect("it is there").1.kind {
        Kind::Scalar(scalar) => (scalar.infer)(args).expect_err("it does not suit").argument,
        _ => panic!("a scalar"),
    };
    assert_eq!(mismatch("left", &[Ty::TEXT, Ty::TEXT]), Some(1));
    assert_eq!(mismatch("left", &[Ty::TEXT]), None);
    assert_eq!(mismatch("least", &[Ty::INTEGER, Ty::known(Type::Money { scale: 2 })]), Some(1));
    assert_eq!(mismatch("round", &[Ty::FLAG]), Some(0));
    assert_eq!(mismatch("has", &[Ty::known(Type::Unknown), Ty::INTEGER]), Some(1));
}
