//! Why one row's answers are what they are, for people.

use crate::paint::{Paint, printable};
use crate::table::Table;
use kamrules_base::Sources;
use kamrules_model::{Book, Cell, Model, Type, Value, show};
use kamrules_session::{DecisionWhy, Explanation, Reason, Shown, Step, StepState};
use std::fmt::Write;

/// The explanation.
pub fn render(model: &Model, sources: &Sources, book: &Book, why: &Explanation, paint: Paint) -> String {
    let text = Text { model, sources, book, paint };
    let mut out = String::new();
    text.head(&mut out, why);
    text.values(&mut out, "Data", &why.fields);
    text.values(&mut out, "Derived", &why.defines);
    why.decisions.iter().for_each(|decision| text.decision(&mut out, decision));
    text.quotas(&mut out, why);
    text.obligations(&mut out, why);
    text.cadences(&mut out, why);
    printable(out, paint.on)
}

struct Text<'a> {
    model: &'a Model,
    sources: &'a Sources,
    book: &'a Book,
    paint: Paint,
}

impl Text<'_> {
    fn head(&self, out: &mut String, why: &Explanation) {
        let entity = &self.model.entity(why.at.entity).name;
        let name = crate::summary::name_of(self.model, self.book, why.at.entity, why.at.row);
        let name = name.map(|name| format!(" {name}")).unwrap_or_default();
        let (source, row) = &why.source;
        let from = if source.is_empty() { String::new() } else { format!(" ({source}, row {row})") };
        let _ = writeln!(out, "{}{}", self.paint.head(&format!("{entity} {}{name}", why.key)), self.paint.faint(&from));
    }

    fn show(&self, shown: &Shown) -> String {
        // A whole number may be a year or a code as well as a count: its thousands are not marked.
        match shown.ty {
            Type::Number { scale: 0, percent: false } if matches!(shown.cell, Cell::Known(_)) => {
                show::cell(self.model, self.book, &shown.cell, shown.ty)
            }
            _ => show::friendly_cell(self.model, self.book, &shown.cell, shown.ty),
        }
    }

    fn values(&self, out: &mut String, title: &str, values: &[Shown]) {
        if values.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", self.paint.head(title));
        let mut table = Table::new("<<");
        values.iter().for_each(|value| table.row([value.name.clone(), self.show(value)]));
        table.write(out, 2);
    }

    fn decision(&self, out: &mut String, why: &DecisionWhy) {
        let set = self.model.set(why.set);
        let answer = match (&why.answer, &why.outside) {
            (Cell::Missing, Some(_)) => "not decided".into(),
            (Cell::Missing, None) => "no answer".into(),
            (cell, _) => show::friendly_cell(self.model, self.book, cell, why.ty),
        };
        let _ = writeln!(out, "\n{}", self.paint.head(&format!("{} {}: {answer}", set.kind.word(), set.name)));
        if let Some(reason) = &why.outside {
            let _ = writeln!(out, "  the row is outside: {}", self.reason(reason));
        }
        why.steps.iter().for_each(|step| self.step(out, step));
        if !why.attrs.is_empty() {
            let attrs: Vec<String> = why.attrs.iter().map(|attr| format!("{} = {}", attr.name, self.show(attr))).collect();
            let _ = writeln!(out, "  → {}", attrs.join(", "));
        }
        if let Some((action, attrs)) = &why.action {
            let action = self.model.action(*action);
            let _ = writeln!(out, "  → {}", action.display.as_deref().unwrap_or(&action.name));
            let mut table = Table::new("<<");
            attrs.iter().for_each(|attr| table.row([attr.name.clone(), self.show(attr)]));
            table.write(out, 6);
        }
    }

    fn step(&self, out: &mut String, step: &Step) {
        let indent = "  ".repeat(step.depth + 1);
        if let Some(question) = &step.question {
            let _ = writeln!(out, "{indent}{question}");
        }
        let state = match step.state {
            StepState::Won => self.paint.good(step.state.word()),
            StepState::Conflict | StepState::Fault => self.paint.bad(step.state.word()),
            StepState::Beaten | StepState::No | StepState::NotReached => self.paint.faint(step.state.word()),
        };
        let (line, _) = self.sources.line_column(step.span);
        let place = self.paint.faint(&format!("({}:{line})", self.sources.get(step.span.file).path.display()));
        let _ = writeln!(out, "{indent}{}: {state} {place}", step.name);
        for reason in &step.reasons {
            let _ = writeln!(out, "{indent}    {}", self.reason(reason));
        }
    }

    fn reason(&self, reason: &Reason) -> String {
        let values: Vec<String> = reason
            .values
            .iter()
            .filter(|value| value.name != reason.text)
            .map(|value| format!("{} is {}", value.name, self.show(value)))
            .collect();
        let values = if values.is_empty() { String::new() } else { format!(" ({})", values.join(", ")) };
        let holds = match &reason.holds {
            Cell::Known(Value::Flag(true)) => "yes".to_owned(),
            Cell::Known(Value::Flag(false)) => "no".to_owned(),
            Cell::Missing => "missing".into(),
            Cell::Fault(_) => "fault".into(),
            Cell::Known(_) | Cell::Unset(_) => reason.values.first().map(|value| self.show(value)).unwrap_or_default(),
        };
        format!("{}: {holds}{values}", reason.text)
    }

    fn quotas(&self, out: &mut String, why: &Explanation) {
        if why.quotas.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", self.paint.head("Quotas"));
        let mut table = Table::new("<<<");
        for quota in &why.quotas {
            let ahead = quota.ahead.then(|| "no actuals yet".to_owned());
            let values: Vec<String> =
                quota.values.iter().map(|value| format!("{} {}", value.name, self.quota_value(value))).chain(ahead).collect();
            let period = self.model.settings.calendar.name(quota.period);
            table.row([self.model.quotas[quota.quota].name.clone(), period, values.join(", ")]);
        }
        table.write(out, 2);
    }

    fn quota_value(&self, value: &Shown) -> String {
        match (&value.cell, value.ty) {
            (Cell::Known(Value::Num(units)), Type::Number { scale, .. }) if value.name == "attainment" => show::percent(*units, scale),
            _ => self.show(value),
        }
    }

    fn obligations(&self, out: &mut String, why: &Explanation) {
        if why.obligations.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", self.paint.head("Obligations"));
        for item in &why.obligations {
            let obligation = &self.model.obligations[item.obligation];
            let level = if obligation.must { "must" } else { "should" };
            let state = match &item.holds {
                Cell::Known(Value::Flag(true)) => self.paint.good("holds"),
                Cell::Known(Value::Flag(false)) => self.paint.bad("broken"),
                _ => self.paint.bad("cannot be said"),
            };
            let _ = writeln!(out, "  {level} {}: {state}", obligation.name);
            item.reasons.iter().for_each(|reason| {
                let _ = writeln!(out, "      {}", self.reason(reason));
            });
        }
    }

    fn cadences(&self, out: &mut String, why: &Explanation) {
        if why.cadences.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", self.paint.head("Cadences"));
        let mut table = Table::new("<<");
        for item in &why.cadences {
            let due = show::friendly_cell(self.model, self.book, &item.due, Type::Date);
            table.row([self.model.cadences[item.cadence].name.clone(), format!("due {due}")]);
        }
        table.write(out, 2);
    }
}
