//! The answers of a run as one JSON document, `"schema": 1`. Keys stand in the order of the files; money and decimals are strings, exact.

use kamrules_base::Decimal;
use kamrules_model::{Book, Cell, ExprId, Model, SetKind, Type, Value as Known, show};
use kamrules_session::{Policy, Run};
use serde_json::{Map, Value, json};

/// The document.
pub fn render(policy: &Policy, run: &Run) -> Value {
    let model = policy.model();
    let mut out = Map::new();
    out.insert("schema".into(), 1.into());
    out.insert("policy".into(), policy.name().into());
    out.insert("as_of".into(), run.options.as_of.map(|day| day.to_string()).into());
    let rows = model.entities.iter().zip(&run.book.tables).map(|(entity, table)| (entity.name.clone(), Value::from(table.rows)));
    out.insert("rows".into(), Value::Object(rows.collect()));
    let aside = |source: &kamrules_session::SetAside| (source.source.clone(), json!({ "own": source.own, "cascaded": source.cascaded }));
    out.insert("set_aside".into(), run.set_aside.iter().map(aside).collect());
    let kinds = [
        ("tiers", SetKind::Tiers),
        ("segments", SetKind::Segments),
        ("territories", SetKind::Territories),
        ("scorecards", SetKind::Scorecard),
        ("tables", SetKind::Table),
        ("trees", SetKind::Tree),
    ];
    for (key, kind) in kinds {
        let of_kind = (0..model.sets.len()).filter(|&i| model.sets[i].kind == kind);
        out.insert(key.into(), of_kind.map(|i| (model.sets[i].name.clone(), set(model, run, i))).collect());
    }
    out.insert(
        "quotas".into(),
        model.quotas.iter().enumerate().map(|(i, quota)| (quota.name.clone(), quota_rows(model, run, i))).collect(),
    );
    out.insert(
        "metrics".into(),
        model.metrics.iter().enumerate().map(|(i, metric)| (metric.name.clone(), metric_rows(model, run, i))).collect(),
    );
    out.insert("obligations".into(), obligations(model, run));
    let cadence = |(i, cadence): (usize, &kamrules_model::Cadence)| {
        let answer = &run.answers.cadences[i];
        (cadence.name.clone(), json!({ "due": answer.due_rows.len(), "overdue": answer.overdue_rows.len() }))
    };
    out.insert("cadences".into(), model.cadences.iter().enumerate().map(cadence).collect());
    out.insert("owners".into(), json!({}));
    out.insert("conflicts".into(), conflicts(model, run));
    out.insert("faults".into(), faults(run));
    Value::Object(out)
}

fn set(model: &Model, run: &Run, at: usize) -> Value {
    let (set, answer) = (&model.sets[at], &run.answers.sets[at].answer);
    if set.kind == SetKind::Scorecard {
        let points = crate::summary::points(answer, model.ty(set.answer).kind);
        return json!({ "rows": points.rows, "min": points.min, "median": points.median, "max": points.max });
    }
    let (counts, none) = crate::summary::label_counts(model, &run.book, at, answer);
    let mut out: Map<String, Value> = counts.into_iter().map(|(name, count)| (name, count.into())).collect();
    if none > 0 {
        out.insert("none".into(), none.into());
    }
    Value::Object(out)
}

fn cell(model: &Model, book: &Book, cell: &Cell, ty: Type) -> Value {
    match cell {
        Cell::Missing => Value::Null,
        Cell::Known(Known::Flag(yes)) => (*yes).into(),
        other => show::exact_cell(model, book, other, ty).into(),
    }
}

fn quota_rows(model: &Model, run: &Run, at: usize) -> Value {
    let quota = &model.quotas[at];
    let ty = |expr: Option<ExprId>| expr.map_or(Type::Unknown, |expr| model.ty(expr).kind);
    let one = |row: &kamrules_session::QuotaRow| {
        let cells = quota.periods.iter().chain(&quota.total).find(|cell| cell.period == row.period);
        let show = |value: &Cell, of: Option<ExprId>| cell(model, &run.book, value, ty(of));
        json!({
            "holder": run.book.key(model, quota.holder, row.holder),
            "period": model.settings.calendar.name(row.period),
            "status": row.status.word(),
            "target": show(&row.target, cells.and_then(|cell| cell.target)),
            "actual": show(&row.actual, cells.and_then(|cell| cell.actual)),
            "attainment": show(&row.attainment, cells.and_then(|cell| cell.attainment)),
            "remaining": show(&row.remaining, cells.and_then(|cell| cell.remaining)),
        })
    };
    run.answers.quotas[at].iter().map(one).collect()
}

fn metric_rows(model: &Model, run: &Run, at: usize) -> Value {
    let metric = &model.metrics[at];
    let ty = metric.cells.first().map_or(Type::Unknown, |(_, cell)| model.ty(*cell).kind);
    let goal = metric.goal.map(|(op, expr)| format!("{} {}", op.symbol(), plain(model, run, &run.goals[at], model.ty(expr).kind)));
    let one = |row: &kamrules_session::MetricRow| {
        let groups: Vec<Value> =
            row.group.iter().zip(&metric.groups).map(|(group, expr)| cell(model, &run.book, group, model.ty(*expr).kind)).collect();
        let group = match groups.len() {
            0 => Value::Null,
            1 => groups[0].clone(),
            _ => Value::Array(groups),
        };
        json!({
            "group": group,
            "period": row.period.map(|period| model.settings.calendar.name(period)),
            "value": cell(model, &run.book, &row.value, ty),
            "goal": goal,
            "met": row.met,
        })
    };
    run.answers.metrics[at].iter().map(one).collect()
}

/// A goal's number without zeros at its end.
fn plain(model: &Model, run: &Run, cell: &Cell, ty: Type) -> String {
    match (cell, ty) {
        (Cell::Known(Known::Num(units)), Type::Number { scale, .. }) => Decimal::new(*units, scale).normal().to_string(),
        (other, _) => show::exact_cell(model, &run.book, other, ty),
    }
}

fn obligations(model: &Model, run: &Run) -> Value {
    let one = |(obligation, answer): (&kamrules_model::Obligation, &kamrules_session::ObligationAnswer)| {
        let level = if obligation.must { "must" } else { "should" };
        (obligation.name.clone(), json!({ "level": level, "checked": answer.checked, "failed": answer.failed.len() }))
    };
    model.obligations.iter().zip(&run.answers.obligations).map(one).collect()
}

fn conflicts(model: &Model, run: &Run) -> Value {
    let one = |conflict: &kamrules_session::ConflictRow| {
        let mut out = json!({ "decision": model.set(conflict.set).name, "key": conflict.key, "rungs": conflict.rungs });
        if !conflict.within.is_empty() {
            out["within"] = conflict.within.clone().into();
        }
        out
    };
    run.conflicts.iter().map(one).collect()
}

fn faults(run: &Run) -> Value {
    let data = run.data_faults.iter().map(|fault| {
        json!({ "source": fault.source, "row": fault.row, "column": fault.column, "value": fault.value, "code": fault.code.to_string(), "message": fault.message })
    });
    let value = run.value_faults.iter().map(|fault| {
        json!({ "source": fault.source, "row": fault.source_row, "column": "", "value": "", "code": fault.code.to_string(), "message": fault.message })
    });
    data.chain(value).collect()
}
