//! Tiers, segments, territories and scorecards: rungs to the one form of decisions.

use super::head::{self, Parts, suit};
use crate::checker::Checker;
use crate::known;
use crate::lower::{Env, Rule, This, keys_and_filter};
use kamrules_base::{Decimal, Finding, codes};
use kamrules_model::{Condition, Ctx, Decision, ExprId, Label, Outcome, Rung, SetId, Ty, Type, Win};
use kamrules_syntax::ast::{self, Mode, RungKind, SetKind, When};

/// The labels of rungs, the outer ones first.
pub(crate) fn labels(cx: &mut Checker, rungs: &[ast::Rung], parent: Option<u32>, out: &mut Vec<Label>) {
    for rung in rungs {
        let label = match &rung.kind {
            RungKind::Label { name, display, .. } => Label {
                name: name.text.clone(),
                display: display.as_ref().map(|text| text.value.clone()),
                parent,
                group: !rung.children.is_empty(),
                each: None,
                action: None,
                span: name.span,
            },
            RungKind::Each(entity) => Label {
                name: entity.text.clone(),
                display: None,
                parent,
                group: false,
                each: crate::collect::entity_named(cx, entity),
                action: None,
                span: entity.span,
            },
            RungKind::SameAs(_) => continue,
        };
        if let Some(first) = out.iter().find(|known| known.name == label.name && !label.name.is_empty()) {
            let finding = Finding::new(codes::LABEL_TWICE, label.span, format!("the label `{}` is there twice", label.name))
                .also(first.span, "the first")
                .help("rename one of them, or join their conditions with `or`");
            cx.report(finding);
            continue;
        }
        let at = out.len() as u32;
        out.push(label);
        labels(cx, &rung.children, Some(at), out);
    }
}

/// How many decimals a scorecard's points have.
pub(crate) fn points_scale(cx: &Checker, set: SetId) -> u8 {
    let files = &cx.tables.files;
    let rungs = cx.tables.symbols.set_items[set.index()].iter().flat_map(|at| match &files[at.0 as usize].1.items[at.1 as usize].kind {
        ast::ItemKind::Set(set) => set.rungs.as_slice(),
        _ => &[],
    });
    rungs
        .filter_map(|rung| match &rung.kind {
            RungKind::Label { points: Some((points, _)), .. } => Some(points.scale),
            _ => None,
        })
        .max()
        .unwrap_or(0)
}

struct Lowering {
    set: SetId,
    version: u32,
    win: Win,
    ty: Ty,
    own: bool,
    scorecard: bool,
}

/// Lowers one version of a set to its answer; `own` leaves the rungs `same as` out.
pub(crate) fn lower(cx: &mut Checker, set: SetId, version: u32, item: &ast::Set, own: bool) -> ExprId {
    let entity = cx.model.set(set).entity;
    if !own {
        suit(cx, &item.head, word(item.kind), Parts { display: true, entity: true, from: true, filter: true, ..Parts::default() });
    }
    let win = way_to_win(cx, item, own);
    let (guard, env) = head::filtered(cx, &item.head, Ctx::Entity(entity));
    let ty = Ty { kind: cx.answer_type(set), optional: guard.is_some() };
    let how = Lowering { set, version, win, ty, own, scorecard: item.kind == SetKind::Scorecard };
    let rungs = rungs(cx, &how, &item.rungs, &env);
    if guard.is_some_and(|id| cx.is_unknown(id)) {
        return cx.unknown(item.head.name.span);
    }
    let decision = Decision {
        ctx: Ctx::Entity(entity),
        ty,
        win,
        guard,
        rungs,
        set: Some(set),
        span: item.head.name.span,
        question: None,
        subject: None,
    };
    cx.decide(decision)
}

fn word(kind: SetKind) -> &'static str {
    match kind {
        SetKind::Tiers => "`tiers`",
        SetKind::Segments => "`segments`",
        SetKind::Territories => "`territories`",
        SetKind::Scorecard => "a `scorecard`",
    }
}

fn way_to_win(cx: &mut Checker, item: &ast::Set, quiet: bool) -> Win {
    let (win, bad) = match (item.kind, item.mode.map(|(mode, _)| mode)) {
        (SetKind::Scorecard, None | Some(Mode::Sum)) => (Win::Sum, None),
        (SetKind::Scorecard, Some(_)) => (Win::Sum, Some("a scorecard adds the points of all rungs that hold")),
        (SetKind::Tiers, None | Some(Mode::FirstMatch)) => (Win::First, None),
        (SetKind::Tiers, Some(_)) => (Win::First, Some("tiers are always a ladder: the first rung that holds wins")),
        (_, Some(Mode::FirstMatch)) => (Win::First, None),
        (_, Some(Mode::EveryMatch)) => (Win::Every, None),
        (_, Some(Mode::Sum)) => (Win::Exclusive, Some("only a scorecard adds points")),
        (_, None) => (Win::Exclusive, None),
    };
    if let (Some(message), Some((_, span)), false) = (bad, item.mode, quiet) {
        cx.report(Finding::new(codes::MODE, span, message).help("take it out"));
    }
    win
}

fn rungs(cx: &mut Checker, how: &Lowering, rungs: &[ast::Rung], env: &Env) -> Vec<Rung> {
    let mut out = Vec::new();
    // What a rung further down may rely on: a ladder's earlier rungs did not hold, nor did those that override.
    let mut below = env.clone();
    let mut otherwise: Option<kamrules_base::Span> = None;
    for rung in rungs {
        if let (Some(first), Win::First, false) = (otherwise, how.win, how.own) {
            let finding = Finding::new(codes::OTHERWISE_PLACE, rung.span, "nothing gets here: the rung above takes whatever is left")
                .also(first, "`otherwise` stands here")
                .help("put `otherwise` last");
            cx.report(finding);
        }
        if let When::Otherwise(span) = rung.when {
            if let (Some(first), false) = (otherwise, how.own) {
                let finding = Finding::new(codes::OTHERWISE_PLACE, span, "`otherwise` is there twice")
                    .also(first, "the first")
                    .help("keep one of them");
                cx.report(finding);
            }
            otherwise = otherwise.or(Some(span));
        }
        if how.own && matches!(rung.kind, RungKind::SameAs(_)) {
            continue;
        }
        if let Some(span) = rung.overrides
            && how.win != Win::Exclusive
            && !how.own
        {
            let message = "`overrides` has no effect here: only in an exclusive set do rungs compete";
            cx.report(Finding::new(codes::IDLE_OVERRIDES, span, message).help("take it out"));
        }
        if !how.own {
            attributes_once(cx, rung);
        }
        let Some(lowered) = lower_rung(cx, how, rung, &below) else { continue };
        if let Condition::When(id) = lowered.when
            && (how.win == Win::First || lowered.overrides)
        {
            below = below.knowing(known::facts(cx.exprs(), id, false));
        }
        out.push(lowered);
    }
    out
}

fn attributes_once(cx: &mut Checker, rung: &ast::Rung) {
    for (i, attr) in rung.attrs.iter().enumerate() {
        if let Some(first) = rung.attrs[..i].iter().find(|other| other.name.text == attr.name.text) {
            let finding = Finding::new(codes::CLAUSE_TWICE, attr.name.span, format!("`{}` is said twice", attr.name.text))
                .also(first.name.span, "the first")
                .help("take one out");
            cx.report(finding);
        }
    }
}

fn lower_rung(cx: &mut Checker, how: &Lowering, rung: &ast::Rung, env: &Env) -> Option<Rung> {
    let when = match (&rung.kind, &rung.when) {
        (RungKind::Each(entity), when) => each(cx, how, entity, when, env)?,
        (_, When::Condition(condition)) => {
            let id = cx.condition(condition, env, "the condition of a rung");
            if cx.is_unknown(id) {
                // The rung stays out, but what it gives is still looked at.
                outcome(cx, how, rung, env);
                return None;
            }
            Condition::When(id)
        }
        (_, When::Otherwise(_)) => Condition::Otherwise,
        // The text has its finding.
        (_, When::Unsaid) => return None,
    };
    let inside = match when {
        Condition::When(id) => env.knowing(known::facts(cx.exprs(), id, true)),
        _ => env.clone(),
    };
    let outcome = outcome(cx, how, rung, &inside)?;
    let name = match &rung.kind {
        RungKind::Label { name, .. } => name.text.clone(),
        RungKind::Each(entity) => format!("each {}", entity.text),
        RungKind::SameAs(path) => format!("same as {}", cx.source(path.span)),
    };
    Some(Rung { name: name.into(), overrides: rung.overrides.is_some(), when, outcome, span: rung.span })
}

fn outcome(cx: &mut Checker, how: &Lowering, rung: &ast::Rung, env: &Env) -> Option<Outcome> {
    match &rung.kind {
        RungKind::SameAs(path) => same_as(cx, how, path, env),
        RungKind::Each(entity) => cx.label_code(how.set, &entity.text).map(Outcome::Label),
        RungKind::Label { name, points, .. } => {
            if how.scorecard {
                return self::points(cx, how, name, *points);
            }
            if let Some((_, span)) = points {
                cx.report(Finding::new(codes::POINTS, *span, "only a scorecard gives points").help("take them out, or write `scorecard`"));
            }
            if rung.children.is_empty() {
                return cx.label_code(how.set, &name.text).map(Outcome::Label);
            }
            let children = rungs(cx, how, &rung.children, env);
            let entity = cx.model.set(how.set).entity;
            let nested = Decision {
                ctx: Ctx::Entity(entity),
                ty: how.ty,
                win: how.win,
                guard: None,
                rungs: children,
                set: Some(how.set),
                span: rung.span,
                question: None,
                subject: None,
            };
            Some(Outcome::Nested(cx.decision(nested)))
        }
    }
}

fn points(cx: &mut Checker, how: &Lowering, name: &ast::Name, points: Option<(Decimal, kamrules_base::Span)>) -> Option<Outcome> {
    let scale = how.ty.kind.scale().unwrap_or(0);
    match points {
        Some((points, _)) => crate::lower::units_at(points, scale).map(Outcome::Points),
        None => {
            let finding = Finding::new(codes::POINTS, name.span, format!("`{}` does not say how many points it gives", name.text))
                .help(format!("write `{} +10 when …`", name.text));
            cx.report(finding);
            None
        }
    }
}

/// `same as hq`: the label that the other row's own rungs give it.
fn same_as(cx: &mut Checker, how: &Lowering, path: &ast::Path, env: &Env) -> Option<Outcome> {
    let mut expr = ast::Expr { kind: ast::ExprKind::Name(path.parts.first()?.text.clone()), span: path.parts.first()?.span };
    for part in &path.parts[1..] {
        expr = ast::Expr { span: path.span, kind: ast::ExprKind::Field(Box::new(expr), part.clone()) };
    }
    let reference = cx.expr(&expr, env);
    let entity = cx.model.set(how.set).entity;
    match cx.kind(reference) {
        Type::Unknown => None,
        Type::Row(to) if to == entity => {
            cx.require_known(reference, env, path.span, "`same as`");
            let own = cx.own_rungs(how.set, how.version, path.span);
            let label = cx.at_row(reference, own, path.span);
            (!cx.is_unknown(label)).then_some(Outcome::Value(label))
        }
        _ => {
            let message =
                format!("`same as` names another row of `{}`, but this is {}", cx.model.entity(entity).name, cx.kind_of(reference));
            cx.report(Finding::new(codes::WRONG_TYPES, path.span, message).help("name a reference such as `parent` or `hq`"));
            None
        }
    }
}

/// `each zip_rep when …`: once for each matching row of a table.
fn each(cx: &mut Checker, how: &Lowering, entity: &ast::Name, when: &When, env: &Env) -> Option<Condition> {
    let rows = *cx.tables.symbols.entities.get(&entity.text)?;
    if how.scorecard {
        cx.report(Finding::new(codes::EACH, entity.span, "a scorecard has no `each`").help("count the rows with a condition instead"));
        return None;
    }
    let When::Condition(condition) = when else {
        let help = format!("write `each {0} when field = {0}.field`", entity.text);
        cx.report(
            Finding::new(codes::EACH, entity.span, format!("`each {}` does not say which row goes with which", entity.text)).help(help),
        );
        return None;
    };
    let inner = Env { this: This::Outside, row_name: Some(entity.text.clone()), ..Env::about(Ctx::Entity(rows)) };
    let found = keys_and_filter(cx, condition, Rule::InEachRung, &inner, env);
    if found.spoiled {
        return None;
    }
    if found.keys.is_empty() {
        let help = format!("join them with `=`: `each {0} when field = {0}.field`", entity.text);
        cx.report(
            Finding::new(codes::EACH, condition.span, format!("nothing says which row of `{}` goes with which", entity.text)).help(help),
        );
        return None;
    }
    Some(Condition::Each { rows, keys: found.keys.into(), filter: found.filter, guard: found.guard })
}
