//! Literals that are not quite: `5mil`, `2026-2-1`, `1,000,000`, the thirtieth of February.

use super::{Mending, Open};
use crate::keywords::{is_currency, unit};
use crate::lex::TokenKind as T;
use crate::tok::{Tok, number, percent, period};
use kamrules_base::{Date, Finding, Span, codes, date};

pub(super) fn mend<'t>(m: &mut Mending<'t, '_>, toks: &[Tok<'t>]) -> usize {
    let tok = toks[0];
    if let Some((whole, taken)) = thousands(m, toks) {
        m.put(whole);
        return taken;
    }
    if let Some(taken) = slashed_date(m, toks) {
        return taken;
    }
    let finding = match tok.kind {
        T::BadNumber => Some(bad(tok)),
        T::Date if Date::parse_iso(tok.text).is_none() => Some(no_day(tok)),
        T::Month | T::FiscalQuarter if period(tok.text).is_none() => Some(no_period(tok)),
        T::Number | T::Money if number(tok.text.trim_start_matches(['$', '€', '£', '¥'])).is_none() => Some(too_long(tok)),
        T::Percent if percent(tok.text).is_none() => Some(too_long(tok)),
        T::Number => broken_duration(toks),
        _ => None,
    };
    let Some(finding) = finding else {
        m.put(tok);
        return 1;
    };
    let duration = tok.kind == T::Number && toks.get(1).is_some_and(|t| t.kind == T::Word && unit(t.text).is_some());
    m.found.push(finding);
    m.put(Tok { kind: T::BadNumber, ..tok });
    if duration { 2 } else { 1 }
}

/// `1,000,000` as one number, and how many tokens that is.
fn thousands<'t>(m: &mut Mending<'t, '_>, toks: &[Tok<'t>]) -> Option<(Tok<'t>, usize)> {
    let first = toks[0];
    let digits = first.text.trim_start_matches(['$', '€', '£', '¥']);
    let head = matches!(first.kind, T::Number | T::Money)
        && digits.len() <= 3
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0');
    if !head {
        return None;
    }
    let (mut taken, mut last, mut zeros) = (1, first, false);
    while let [comma, group, ..] = &toks[taken..] {
        let whole = group.text.get(..3).is_some_and(|g| g.bytes().all(|b| b.is_ascii_digit()))
            && matches!(group.text.as_bytes().get(3), None | Some(b'.' | b'%'));
        let close = comma.kind == T::Comma && comma.span.start == last.span.end && group.span.start == comma.span.end;
        if !close || !whole || !matches!(group.kind, T::Number | T::Percent) {
            break;
        }
        zeros |= group.text.starts_with("000");
        last = *group;
        taken += 2;
    }
    let listed = matches!(m.open.last(), Some(Open::List | Open::Paren | Open::Match));
    if taken == 1 || (listed && !zeros && first.kind != T::Money) {
        return None;
    }
    let span = first.span.to(last.span);
    let text = m.slice(span);
    let better = text.replace(',', "_");
    let finding = Finding::new(codes::THOUSANDS_COMMA, span, format!("thousands are grouped with `_`: `{better}`"));
    m.found.push(finding.fix(format!("write `{better}`"), span, better));
    let kind = if last.kind == T::Percent { T::BadNumber } else { first.kind };
    Some((Tok { kind, text, span, ..first }, taken))
}

/// `01/15/2026`: a date as spreadsheets show it.
fn slashed_date(m: &mut Mending<'_, '_>, toks: &[Tok<'_>]) -> Option<usize> {
    let parts = toks.get(..5)?;
    let close = parts.windows(2).all(|pair| pair[0].span.end == pair[1].span.start);
    let digits = |t: &Tok<'_>| t.kind == T::Number && t.text.bytes().all(|b| b.is_ascii_digit());
    let shaped = digits(&parts[0]) && parts[1].kind == T::Slash && digits(&parts[2]) && parts[3].kind == T::Slash && digits(&parts[4]);
    if !close || !shaped || parts[4].text.len() != 4 {
        return None;
    }
    let span = parts[0].span.to(parts[4].span);
    m.found.push(foreign_date(m.slice(span), span, [parts[0].text, parts[2].text, parts[4].text]));
    let text = m.slice(span);
    m.put(Tok { kind: T::BadNumber, text, unit: "", span, first: parts[0].first, doc: parts[0].doc });
    Some(5)
}

/// A day with its year last; which of the other two is the month may be open.
fn foreign_date(text: &str, span: Span, [a, b, year]: [&str; 3]) -> Finding {
    let day = |month: &str, day: &str| {
        let (month, day): (u32, u32) = (month.parse().ok()?, day.parse().ok()?);
        let iso = format!("{year}-{month:02}-{day:02}");
        Date::parse_iso(&iso).map(|_| iso)
    };
    let finding = Finding::new(codes::BAD_NUMBER, span, format!("a date is written year-month-day, not `{text}`"));
    match (day(a, b), day(b, a)) {
        (Some(one), Some(other)) if one != other => finding.help(format!("did you mean `{one}` or `{other}`?")),
        (Some(one), _) | (None, Some(one)) => finding.help(format!("did you mean `{one}`?")).fix(format!("write `{one}`"), span, one),
        (None, None) => finding.help("as in `2026-02-28`"),
    }
}

fn bad(tok: Tok<'_>) -> Finding {
    let dotted: Vec<&str> = tok.text.split('.').collect();
    if let [a, b, year] = dotted[..]
        && year.len() == 4
        && year.bytes().all(|b| b.is_ascii_digit())
    {
        return foreign_date(tok.text, tok.span, [a, b, year]);
    }
    let finding = Finding::new(codes::BAD_NUMBER, tok.span, format!("`{}` is not a number, an amount, a date or a duration", tok.text));
    match better(tok.text) {
        Some(text) => finding.help(format!("did you mean `{text}`?")).fix(format!("write `{text}`"), tok.span, text),
        None if tok.text.contains('-') => finding.help("a date is written `2026-02-01`, a subtraction with blanks: `5 - 3`"),
        None => finding
            .help("a name cannot start with a digit; numbers are written `42`, `2.5`, `250k`, `5M`, money `$5M`, durations `14 days`"),
    }
}

/// What was probably meant by digits that run into letters.
fn better(text: &str) -> Option<String> {
    if let Some(day) = padded_date(text) {
        return Some(day);
    }
    let sign = text.chars().next().filter(|c| !c.is_ascii_digit());
    let rest = sign.map_or(text, |c| &text[c.len_utf8()..]);
    let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '_' | '.'))).unwrap_or(rest.len());
    let (digits, tail) = rest.split_at(end);
    let sign = sign.map(String::from).unwrap_or_default();
    if digits.parse::<f64>().is_ok() || digits.bytes().all(|b| b.is_ascii_digit() || b == b'_') {
        let factor = match tail.to_lowercase().as_str() {
            "k" | "t" | "tsd" | "thousand" => "k",
            "m" | "mil" | "mio" | "mill" | "mm" | "mln" | "million" | "millions" => "M",
            "b" | "bn" | "bil" | "mrd" | "billion" | "billions" => "B",
            _ => "",
        };
        if !factor.is_empty() {
            return Some(format!("{sign}{digits}{factor}"));
        }
        if unit(tail).is_some() || is_currency(tail) {
            return Some(format!("{sign}{digits} {tail}"));
        }
        let short = match tail {
            "d" => "days",
            "w" => "weeks",
            "h" => "hours",
            "y" => "years",
            "mo" => "months",
            _ => "",
        };
        if !short.is_empty() {
            return Some(format!("{digits} {short}"));
        }
    }
    let currency = rest.len().checked_sub(3).and_then(|at| rest.get(at..)).filter(|c| is_currency(c));
    if let Some(currency) = currency {
        return Some(format!("{} {currency}", &rest[..rest.len() - 3]));
    }
    let (a, b) = text.split_once('-')?;
    let plain = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    (plain(a) && plain(b) && a.len() != 4).then(|| format!("{a} - {b}"))
}

fn padded_date(text: &str) -> Option<String> {
    let parts: Vec<u32> = text.split('-').map(|p| p.parse().ok()).collect::<Option<_>>()?;
    match parts.as_slice() {
        [year @ 1900..=2999, month, day] => Some(format!("{year}-{month:02}-{day:02}")).filter(|d| Date::parse_iso(d).is_some()),
        [year @ 1900..=2999, month @ 1..=9] => Some(format!("{year}-{month:02}")),
        [day, month, year @ 1900..=2999] => Some(format!("{year}-{month:02}-{day:02}")).filter(|d| Date::parse_iso(d).is_some()),
        _ => None,
    }
}

fn no_day(tok: Tok<'_>) -> Finding {
    let finding = Finding::new(codes::NO_SUCH_DATE, tok.span, format!("there is no day `{}`", tok.text));
    let (year, month) = (tok.text[..4].parse().unwrap_or(0), tok.text[5..7].parse().unwrap_or(0));
    if (1..=12).contains(&month) && year > 0 {
        let last = format!("{}-{:02}", &tok.text[..7], date::days_in_month(year, month));
        return finding.help(format!("the last day of that month is `{last}`"));
    }
    finding.help("a date is written year-month-day: `2026-02-28`")
}

fn no_period(tok: Tok<'_>) -> Finding {
    let what = if tok.kind == T::Month { "month" } else { "quarter" };
    let range = if tok.kind == T::Month { "months go from `01` to `12`" } else { "quarters go from `Q1` to `Q4`" };
    Finding::new(codes::NO_SUCH_DATE, tok.span, format!("there is no {what} `{}`", tok.text)).help(range)
}

fn too_long(tok: Tok<'_>) -> Finding {
    Finding::new(codes::BAD_NUMBER, tok.span, "this number cannot be read")
        .help("a number has at most 38 digits, and digits on both sides of its point")
}

/// `2.5 days`: a duration is a whole number of its unit.
fn broken_duration(toks: &[Tok<'_>]) -> Option<Finding> {
    let (tok, next) = (toks[0], toks.get(1)?);
    let attribute = toks.get(2).is_some_and(|t| t.kind == T::Equal);
    let whole = tok.text.replace('_', "").parse::<u32>().is_ok();
    if next.kind != T::Word || unit(next.text).is_none() || attribute || whole {
        return None;
    }
    let span: Span = tok.span.to(next.span);
    Some(
        Finding::new(codes::BAD_NUMBER, span, format!("`{} {}` is not a whole number of {}", tok.text, next.text, next.text))
            .help("take a smaller unit: `36 hours` for a day and a half"),
    )
}
