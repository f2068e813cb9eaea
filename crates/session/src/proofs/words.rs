//! Verdicts in words.

use super::{names, one};
use crate::Policy;
use kamrules_base::codes::{GAP, NEVER_TRUE, NOT_PROVED, NOTHING_LEFT, OUTSIDE_PARENT, OVERLAP, UNREACHABLE};
use kamrules_base::{Finding, Span};
use kamrules_model::{Condition, Decision, DecisionId, ExprId, Outcome, SetKind, Win};
use kamrules_prove::{Asked, Example, Held, Reason, Verdict, What, Why};

/// What is wrong for an example row; where the example may not be possible, that it was not proved.
pub(super) fn with_example(policy: &Policy, verdict: &Verdict, example: &Example, holds: bool) -> Finding {
    let decision = policy.model().decision(verdict.decision);
    let who = row_with(policy, example);
    match &verdict.what {
        What::Overlap { rungs: [upper, lower], .. } => {
            let [first, second] = [*upper, *lower].map(|rung| names::rung(policy, verdict.decision, rung));
            let [first_at, second_at] = [*upper, *lower].map(|rung| names::rung_span(policy, verdict.decision, rung));
            let finding = if holds {
                Finding::new(OVERLAP, second_at, format!("`{first}` and `{second}` both claim {who}"))
            } else {
                let message = format!("it is not proved that `{first}` and `{second}` never claim the same {}", row_word(policy, decision));
                Finding::new(NOT_PROVED, second_at, message).help(format!("perhaps {who} shows it: what it holds may hang together"))
            };
            out_of_an_overlap(policy, decision, finding.here("and this one").also(first_at, "this one"), &first)
        }
        _ => {
            let (at, what) = place_and_name(policy, verdict.decision);
            let finding = if holds {
                Finding::new(GAP, at, format!("{what} takes {who}"))
            } else {
                let message = format!("it is not proved that {} is always taken", one(policy, decision.ctx.entity()));
                Finding::new(NOT_PROVED, at, message).help(format!("perhaps {what} takes {who}: what it holds may hang together"))
            };
            out_of_a_gap(policy, decision, finding, example)
        }
    }
}

/// What is wrong beyond examples.
pub(super) fn without_example(policy: &Policy, verdict: &Verdict) -> Finding {
    let decision = policy.model().decision(verdict.decision);
    let rung_at = |rung: u32| names::rung_span(policy, verdict.decision, rung);
    let name = |rung: u32| names::rung(policy, verdict.decision, rung);
    match &verdict.what {
        What::Unreachable { rung, why: Why::Never(parts) } => never(policy, verdict.decision, *rung, parts),
        What::Unreachable { rung, why: Why::Swallowed(by) } => {
            let takers: Vec<String> = by.iter().map(|&rung| name(rung)).collect();
            let word = if takers.len() == 1 { "takes" } else { "together take" };
            let message = match takers.is_empty() {
                false => format!(
                    "`{}` is never reached: {} {word} every {} that it is about",
                    name(*rung),
                    listed(&takers),
                    row_word(policy, decision)
                ),
                true => format!("`{}` is never reached: nothing that it is about gets here", name(*rung)),
            };
            let mut finding = Finding::new(UNREACHABLE, rung_at(*rung), message).here("never reached");
            for (i, &taker) in by.iter().enumerate().take(6) {
                finding = finding.also(rung_at(taker), if i == 0 { "takes it first" } else { "and this one" });
            }
            let first = takers.first().map_or_else(String::new, |first| format!(" `{first}`"));
            match decision.win {
                Win::First => finding.help(format!("move `{}` above{first}, narrow what stands above, or take it out", name(*rung))),
                _ => finding.help(format!("narrow what overrides it, or take `{}` out", name(*rung))),
            }
        }
        What::Unreachable { rung, why: Why::Taken(by) } => {
            let takers: Vec<String> = by.iter().map(|&(outer, taker)| names::rung(policy, outer, taker)).collect();
            let word = if takers.len() == 1 { "takes" } else { "together take" };
            let message = format!(
                "`{}` is never reached: {} further out {word} every {} that it is about",
                name(*rung),
                listed(&takers),
                row_word(policy, decision)
            );
            let finding = Finding::new(UNREACHABLE, rung_at(*rung), message).here("never reached");
            let finding = by
                .iter()
                .take(6)
                .fold(finding, |finding, &(outer, taker)| finding.also(names::rung_span(policy, outer, taker), "takes it first"));
            finding.help(format!("narrow what stands further out, or take `{}` out", name(*rung)))
        }
        What::Unreachable { rung, why: Why::Outside } => outside(policy, verdict.decision, *rung),
        What::Unreachable { rung, why: Why::NothingLeft } => {
            let at = otherwise_span(policy, decision, *rung);
            Finding::new(NOTHING_LEFT, at, format!("this `otherwise` is never taken: the others leave no {}", row_word(policy, decision)))
                .help("take it out: that nothing is left over is proved, and stays so whenever the rules are checked")
                .help("or leave it in on purpose: `# kamrules allow nothing_left: a net for what may come`")
        }
        What::NotProved { question, reason } => not_proved(policy, verdict.decision, *question, reason),
        What::Overlap { .. } | What::Gap { .. } => unreachable!("these have examples"),
    }
}

fn never(policy: &Policy, id: DecisionId, rung: u32, parts: &[ExprId]) -> Finding {
    let within = policy.model().decision(id).rungs[rung as usize].span;
    let name = names::rung(policy, id, rung);
    let spans: Vec<Span> = parts.iter().filter_map(|&part| names::part_span(policy, within, part)).collect();
    let at = spans.first().copied().unwrap_or_else(|| names::rung_span(policy, id, rung));
    let message = format!("the condition of `{name}` is never true");
    let finding = match spans.as_slice() {
        [_, rest @ ..] if !rest.is_empty() => {
            let finding = Finding::new(NEVER_TRUE, at, message).here("this");
            rest.iter().fold(finding, |finding, &span| finding.also(span, "and this cannot be together"))
        }
        _ => Finding::new(NEVER_TRUE, at, message).here("this is never so"),
    };
    let empty = parts.iter().any(|&part| super::conditions::asks_for_empty(policy, part));
    let finding = if empty { finding.help("an empty text is read as missing: write `is missing`") } else { finding };
    finding.help(format!("mend the condition, or take `{name}` out"))
}

fn outside(policy: &Policy, id: DecisionId, rung: u32) -> Finding {
    let model = policy.model();
    let name = names::rung(policy, id, rung);
    let at = names::rung_span(policy, id, rung);
    let parent = parent(policy, id);
    let word = row_word(policy, model.decision(id));
    match parent {
        Some((outer, above)) if model.decision(id).question.is_none() => {
            let parent_name = names::rung(policy, outer, above);
            Finding::new(OUTSIDE_PARENT, at, format!("`{name}` lies outside of `{parent_name}`: no {word} is in both"))
                .here("never holds in here")
                .also(names::rung_span(policy, outer, above), "it is nested in this one")
                .help(format!("move `{name}` out of `{parent_name}`, or widen `{parent_name}`"))
        }
        Some((outer, above)) => Finding::new(
            UNREACHABLE,
            at,
            format!("the branch `{name}` is never reached: no {word} that gets to this question is like that"),
        )
        .here("never reached")
        .also(names::rung_span(policy, outer, above), "only these get here")
        .help(format!("take `{name}` out, or mend the branch above it")),
        None => {
            let finding =
                Finding::new(UNREACHABLE, at, format!("`{name}` is never reached: the `where` leaves out every {word} that it is about"))
                    .here("never reached");
            let guard = model.decision(id).guard.map(|guard| model.exprs.span(guard));
            match guard {
                Some(guard) => finding.also(guard, "only these are decided here"),
                None => finding,
            }
            .help(format!("take `{name}` out, or mend the `where`"))
        }
    }
}

fn not_proved(policy: &Policy, id: DecisionId, question: Asked, reason: &Reason) -> Finding {
    let decision = policy.model().decision(id);
    let (place, _) = place_and_name(policy, id);
    let word = row_word(policy, decision);
    let (at, what) = match question {
        Asked::Exclusive => (place, format!("it is not proved that no {word} is claimed twice")),
        Asked::Complete => (place, format!("it is not proved that every {word} is taken")),
        Asked::Anything => {
            (place, format!("nothing is proved here: neither that every {word} is taken once, nor that every rung is reached"))
        }
        Asked::Reachable(rung) => {
            (names::rung_span(policy, id, rung), format!("it is not proved that `{}` is ever reached", names::rung(policy, id, rung)))
        }
        Asked::SomeReachable(rung, more) => {
            let message = format!("it is not proved that `{}` and {more} others are ever reached", names::rung(policy, id, rung));
            (names::rung_span(policy, id, rung), message)
        }
    };
    let finding = Finding::new(NOT_PROVED, at, what);
    match reason {
        Reason::Steps => finding
            .here("too many cases")
            .help("the conditions hang together in too many ways to be gone through")
            .help("give the set an `otherwise`, make it a `first match`, or split it into nested parts; `eval` watches the data meanwhile"),
        Reason::Cases(expr) => finding
            .also(policy.model().exprs.span(*expr), "this falls into too many cases")
            .help("split the condition into several rungs; `eval` watches the data meanwhile"),
        Reason::Data(expr) => finding
            .also(policy.model().exprs.span(*expr), "which rows there are is known with the data only")
            .help("`eval` watches the data: what two rungs claim, or none, stands in its conflicts"),
    }
}

fn out_of_an_overlap(policy: &Policy, decision: &Decision, finding: Finding, first: &str) -> Finding {
    let set = decision.set.map(|set| policy.model().set(set).kind);
    match set {
        Some(SetKind::Table) => finding.help("narrow one of the rows, or make the table a `first match` when the upper row is to win"),
        Some(SetKind::Tree) | None => finding.help("narrow one of them: a branch holds for what no other takes"),
        _ => finding.help("narrow one of the two conditions").help(format!(
            "or say who wins: `{first} … overrides when …` beats all rungs below it, and in a `first match` set the upper one wins"
        )),
    }
}

fn out_of_a_gap(policy: &Policy, decision: &Decision, finding: Finding, example: &Example) -> Finding {
    let missing = example.values.iter().find(|(_, held)| *held == Held::Missing);
    let set = decision.set.map(|set| policy.model().set(set).kind);
    let finding = match (missing, set) {
        (Some((place, _)), Some(SetKind::Table)) => {
            finding.help(format!("add a row for what is missing: `missing` in the column of `{}`", names::place(policy, place)))
        }
        (Some((place, _)), Some(SetKind::Tree) | None) => {
            finding.help(format!("add a branch for what is missing: `missing -> …` where `{}` is asked", names::place(policy, place)))
        }
        (Some((place, _)), Some(_)) => {
            finding.help(format!("add a rung for what is missing: `… when {} is missing`", names::place(policy, place)))
        }
        (None, _) => finding,
    };
    match set {
        Some(SetKind::Table) => finding.help("widen a row or add one; or add a row that begins with `otherwise`"),
        Some(SetKind::Tree) | None => finding.help("widen a branch or add one; or add `otherwise -> …`"),
        Some(_) => finding.help("widen a condition or add a rung; or add one that takes the rest: `… otherwise`"),
    }
}

/// An example in words: `an account with state = "AU"`.
fn row_with(policy: &Policy, example: &Example) -> String {
    let mut said: Vec<String> = example.values.iter().map(|(place, held)| names::held(policy, place, held)).collect();
    said.dedup();
    let who = one(policy, example.entity).replace('`', "");
    match said.len() {
        0 => match example.entity {
            Some(_) => who.replacen("an ", "any ", 1).replacen("a ", "any ", 1),
            None => who,
        },
        _ => format!("{who} with {}", and(&said)),
    }
}

/// Where a decision is named, and what it is called when it takes nothing.
fn place_and_name(policy: &Policy, id: DecisionId) -> (Span, String) {
    let model = policy.model();
    let decision = model.decision(id);
    if let Some(question) = &decision.question {
        return (first_line(policy, decision.span), format!("no branch of \"{question}\""));
    }
    let Some(set) = decision.set else { return (first_line(policy, decision.span), "no arm of this `match`".into()) };
    let set = model.set(set);
    match (parent(policy, id), set.kind) {
        (Some((outer, rung)), SetKind::Tree) => {
            (first_line(policy, decision.span), format!("no branch below `{}`", names::rung(policy, outer, rung)))
        }
        (Some((outer, rung)), _) => {
            (names::rung_span(policy, outer, rung), format!("no rung inside `{}`", names::rung(policy, outer, rung)))
        }
        (None, SetKind::Table) => (decision.span, format!("no row of `{}`", set.name)),
        (None, SetKind::Tree) => (first_line(policy, decision.span), format!("no branch of `{}`", set.name)),
        (None, _) => (decision.span, format!("no rung of `{}`", set.name)),
    }
}

fn first_line(policy: &Policy, span: Span) -> Span {
    let text = policy.sources.get(span.file).text.get(span.range()).unwrap_or_default();
    let line = text.lines().next().unwrap_or_default().trim_end();
    Span { end: span.start + line.len() as u32, ..span }
}

/// The rung that a decision is nested in.
fn parent(policy: &Policy, id: DecisionId) -> Option<(DecisionId, u32)> {
    policy.model().decisions.iter().enumerate().find_map(|(outer, decision)| {
        let rung = decision.rungs.iter().position(|rung| rung.outcome == Outcome::Nested(id))?;
        Some((DecisionId(outer as u32), rung as u32))
    })
}

fn otherwise_span(policy: &Policy, decision: &Decision, rung: u32) -> Span {
    let rung = &decision.rungs[rung as usize];
    debug_assert!(rung.when == Condition::Otherwise);
    let text = policy.sources.get(rung.span.file).text.get(rung.span.range()).unwrap_or_default();
    match text.find("otherwise") {
        Some(at) => Span { start: rung.span.start + at as u32, end: rung.span.start + at as u32 + "otherwise".len() as u32, ..rung.span },
        None => first_line(policy, rung.span),
    }
}

fn row_word(policy: &Policy, decision: &Decision) -> String {
    decision.ctx.entity().map_or_else(|| "case".to_owned(), |entity| policy.model().entity(entity).name.replace('_', " "))
}

fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().take(6).map(|name| format!("`{name}`")).collect();
    let more = names.len() - quoted.len();
    if more > 0 { format!("{} and {more} more", quoted.join(", ")) } else { and(&quoted) }
}

pub(super) fn and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
