//! `policy` and `rates`.

use super::items_of;
use crate::checker::Checker;
use kamrules_base::{Code, Date, Finding, Span, codes, near};
use kamrules_model::{LevelSetting, Rate, Rates, Source};
use kamrules_syntax::ast::{self, PolicyClauseKind};

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// Takes in what `policy` and `rates` say.
pub(crate) fn settings(cx: &mut Checker) {
    let mut first: Option<Span> = None;
    for (_, item, policy) in items_of!(cx, Policy) {
        if let Some(first) = first {
            let finding = Finding::new(codes::POLICY_TWICE, item.keyword, "a policy has one `policy` item")
                .also(first, "the first")
                .help("put both into one, or move this file into a folder of its own");
            cx.report(finding);
            continue;
        }
        first = Some(item.keyword);
        cx.model.settings.name = policy.name.value.clone();
        let mut seen: Vec<(std::mem::Discriminant<PolicyClauseKind>, Span)> = Vec::new();
        for clause in &policy.clauses {
            let kind = std::mem::discriminant(&clause.kind);
            let same = |first: &Span| match &clause.kind {
                // There is a clause for each finding, by its name or its code.
                PolicyClauseKind::Level(_, name, _) => {
                    let levels = cx.model.settings.levels.iter();
                    levels.filter(|level| level.span == *first).any(|level| stands_for(&level.finding) == stands_for(&name.text))
                }
                _ => true,
            };
            if let Some((_, first)) = seen.iter().find(|(other, first)| *other == kind && same(first)) {
                let finding =
                    Finding::new(codes::CLAUSE_TWICE, clause.span, "this is said twice").also(*first, "the first").help("take one out");
                cx.report(finding);
            }
            seen.push((kind, clause.span));
            self::clause(cx, clause);
        }
    }
    rates(cx);
}

/// A finding's name, however it is called.
fn stands_for(finding: &str) -> &str {
    Code::named(finding).map_or(finding, |code| code.info().name)
}

fn clause(cx: &mut Checker, clause: &ast::PolicyClause) {
    let settings = &mut cx.model.settings;
    match &clause.kind {
        PolicyClauseKind::Currency(name) => currency(cx, name),
        PolicyClauseKind::Timezone(zone) => timezone(cx, zone),
        PolicyClauseKind::AsOf(date) => settings.as_of = Some(*date),
        PolicyClauseKind::FiscalCalendar => settings.calendar.start_month = 1,
        PolicyClauseKind::FiscalWeeks(pattern) => {
            if pattern.iter().sum::<u32>() == 13 {
                settings.calendar.weeks = Some(*pattern);
            } else {
                let finding = Finding::new(codes::CALENDAR, clause.span, "the weeks of a quarter's three months add up to 13")
                    .help("write `4-4-5`, `4-5-4` or `5-4-4`");
                cx.report(finding);
            }
        }
        PolicyClauseKind::FiscalStarts(month) => match MONTHS.iter().position(|name| *name == month.text.to_lowercase()) {
            Some(index) => settings.calendar.start_month = index as u32 + 1,
            None => {
                let mut finding = Finding::new(codes::CALENDAR, month.span, format!("`{}` is no month", month.text));
                if let Some(near) = near::nearest(&month.text, MONTHS) {
                    finding = finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), month.span, near);
                }
                cx.report(finding.help("write `january` … `december`"));
            }
        },
        PolicyClauseKind::NamedByEnd(by_end) => settings.calendar.named_by_end = *by_end,
        // Which findings there are, and whether theirs may be set, is for whoever applies them.
        PolicyClauseKind::Level(lever, name, reason) => settings.levels.push(LevelSetting {
            lever: *lever,
            finding: name.text.clone(),
            place: name.span,
            reason: reason.as_ref().map(|reason| reason.value.clone()),
            span: clause.span,
        }),
    }
}

fn currency(cx: &mut Checker, name: &ast::Name) {
    if name.text.len() == 3 && name.text.bytes().all(|b| b.is_ascii_uppercase()) {
        cx.model.settings.currency = Some(name.text.clone());
        return;
    }
    let upper = name.text.to_uppercase();
    let mut finding = Finding::new(codes::CURRENCY, name.span, format!("`{}` is no currency code", name.text));
    if upper.len() == 3 {
        finding = finding.fix(format!("write `{upper}`"), name.span, upper);
    }
    cx.report(finding.help("write the three capitals of ISO 4217: `USD`, `EUR`, `GBP`"));
}

fn timezone(cx: &mut Checker, zone: &ast::Text) {
    if kamrules_model::zone::is_timezone(&zone.value) {
        cx.model.settings.timezone = Some(zone.value.clone());
        return;
    }
    let finding = Finding::new(codes::CALENDAR, zone.span, format!("`{}` is no time zone", zone.value))
        .help("write a place of the time zone database: `\"Europe/Berlin\"`, `\"America/New_York\"`, `\"UTC\"`");
    cx.report(finding);
}

fn rates(cx: &mut Checker) {
    let mut first: Option<Span> = None;
    for (_, item, rates) in items_of!(cx, Rates) {
        if let Some(first) = first {
            cx.report(
                Finding::new(codes::CLAUSE_TWICE, item.keyword, "rates are said twice").also(first, "the first").help("put them into one"),
            );
            continue;
        }
        first = Some(item.keyword);
        let Some(currency) = cx.model.settings.currency.clone() else {
            let finding = Finding::new(codes::NO_CURRENCY, item.keyword, "rates need the policy's currency")
                .help("write it in the `policy` item: `currency USD`");
            cx.report(finding);
            continue;
        };
        cx.model.rates = Some(match rates {
            ast::Rates::From(path) => Rates::File(Source { path: path.value.clone(), file: path.span.file, span: path.span }),
            ast::Rates::Listed(rows) => {
                let mut listed: Vec<(Rate, Span)> =
                    rows.iter().filter_map(|row| rate(cx, row, &currency).map(|rate| (rate, row.span))).collect();
                listed.sort_by(|(a, _), (b, _)| (&a.currency, a.from).cmp(&(&b.currency, b.from)));
                twice(cx, &listed);
                Rates::Listed(listed.into_iter().map(|(rate, _)| rate).collect())
            }
        });
    }
}

fn twice(cx: &mut Checker, listed: &[(Rate, Span)]) {
    for pair in listed.windows(2) {
        let [(a, first), (b, second)] = pair else { continue };
        if a.currency == b.currency && a.from == b.from {
            let message = format!("two rates of {} hold from {}", a.currency, a.from);
            cx.report(Finding::new(codes::RATES, *second, message).also(*first, "the other").help("take one out"));
        }
    }
}

/// `1 EUR = 1.09 USD from 2026-01-01`, one side being the policy's currency.
fn rate(cx: &mut Checker, row: &ast::Rate, currency: &str) -> Option<Rate> {
    let is_policy = |money: &ast::Money| crate::lower::is_currency(&money.currency, currency);
    let fault = |cx: &mut Checker, message: &str| {
        let help = format!("write `1 EUR = 1.09 {currency} from 2026-01-01`: what one unit of the other currency is worth in {currency}");
        cx.report(Finding::new(codes::RATES, row.span, message).help(help));
        None
    };
    if !is_policy(&row.right) || is_policy(&row.left) {
        return fault(cx, "a rate says what another currency is worth in the policy's own");
    }
    let one = row.left.amount.normal();
    if one.units != 1 || one.scale != 0 || row.right.amount.units <= 0 {
        return fault(cx, "a rate is of one unit, and above zero");
    }
    let code = match row.left.currency.as_str() {
        "€" => "EUR",
        "£" => "GBP",
        "¥" => "JPY",
        "$" => "USD",
        code => code,
    };
    let from: Date = row.from;
    Some(Rate { currency: code.to_owned(), from, rate: row.right.amount })
}
