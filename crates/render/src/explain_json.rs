//! Why one row's answers are what they are, as JSON.
//!
//! An object with `entity`, `key`, `source`, `row`, `data`, `derived` (name to value), `decisions` (each `decision`, `answer`, `outside`, `steps`, `attributes`,
//! `action`), `quotas`, `obligations` and `cadences`. A step has `rung`, `depth`, `question`, `state`, `file`, `line` and `reasons`, each `text`, `holds` and `values`.

use kamrules_base::Sources;
use kamrules_model::{Book, Cell, Model, Type, Value as Known, show};
use kamrules_session::{DecisionWhy, Explanation, Reason, Shown, Step};
use serde_json::{Map, Value, json};

/// The explanation.
pub fn render(model: &Model, sources: &Sources, book: &Book, why: &Explanation) -> Value {
    let all = |values: &[Shown]| values.iter().map(|value| (value.name.clone(), shown(model, book, value))).collect::<Map<_, _>>();
    let quota = |why: &kamrules_session::explain::QuotaWhy| {
        let mut out = Map::new();
        out.insert("quota".into(), model.quotas[why.quota].name.clone().into());
        out.insert("period".into(), model.settings.calendar.name(why.period).into());
        out.insert("ahead".into(), why.ahead.into());
        out.extend(all(&why.values));
        Value::Object(out)
    };
    let obligation = |why: &kamrules_session::explain::ObligationWhy| {
        let obligation = &model.obligations[why.obligation];
        let level = if obligation.must { "must" } else { "should" };
        json!({ "obligation": obligation.name, "level": level, "holds": value(model, book, &why.holds, Type::Flag), "reasons": reasons(model, book, &why.reasons) })
    };
    let cadence = |why: &kamrules_session::explain::CadenceWhy| json!({ "cadence": model.cadences[why.cadence].name, "due": value(model, book, &why.due, Type::Date) });
    json!({
        "entity": model.entity(why.at.entity).name,
        "key": why.key,
        "source": why.source.0,
        "row": why.source.1,
        "data": all(&why.fields),
        "derived": all(&why.defines),
        "decisions": why.decisions.iter().map(|why| decision(model, sources, book, why)).collect::<Vec<_>>(),
        "quotas": why.quotas.iter().map(quota).collect::<Vec<_>>(),
        "obligations": why.obligations.iter().map(obligation).collect::<Vec<_>>(),
        "cadences": why.cadences.iter().map(cadence).collect::<Vec<_>>(),
    })
}

fn value(model: &Model, book: &Book, cell: &Cell, ty: Type) -> Value {
    match cell {
        Cell::Missing => Value::Null,
        Cell::Known(Known::Flag(yes)) => (*yes).into(),
        other => show::exact_cell(model, book, other, ty).into(),
    }
}

fn shown(model: &Model, book: &Book, shown: &Shown) -> Value {
    value(model, book, &shown.cell, shown.ty)
}

fn decision(model: &Model, sources: &Sources, book: &Book, why: &DecisionWhy) -> Value {
    let all = |values: &[Shown]| values.iter().map(|value| (value.name.clone(), shown(model, book, value))).collect::<Map<_, _>>();
    let action = why.action.as_ref().map(|(action, attrs)| json!({ "action": model.action(*action).name, "attributes": all(attrs) }));
    json!({
        "decision": model.set(why.set).name,
        "answer": value(model, book, &why.answer, why.ty),
        "outside": why.outside.as_ref().map(|reason| self::reason(model, book, reason)),
        "steps": why.steps.iter().map(|step| self::step(model, sources, book, step)).collect::<Vec<_>>(),
        "attributes": all(&why.attrs),
        "action": action,
    })
}

fn step(model: &Model, sources: &Sources, book: &Book, step: &Step) -> Value {
    json!({
        "rung": step.name,
        "depth": step.depth,
        "question": step.question,
        "state": step.state.word(),
        "file": sources.get(step.span.file).path.display().to_string(),
        "line": sources.line_column(step.span).0,
        "reasons": reasons(model, book, &step.reasons),
    })
}

fn reasons(model: &Model, book: &Book, reasons: &[Reason]) -> Value {
    reasons.iter().map(|reason| self::reason(model, book, reason)).collect()
}

fn reason(model: &Model, book: &Book, reason: &Reason) -> Value {
    let holds = match &reason.holds {
        Cell::Known(Known::Flag(yes)) => (*yes).into(),
        _ => Value::Null,
    };
    let values: Map<String, Value> = reason.values.iter().map(|value| (value.name.clone(), shown(model, book, value))).collect();
    json!({ "text": reason.text, "holds": holds, "values": values })
}
