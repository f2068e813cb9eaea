//! An example as a test that can stand in the file: it fails until the rules are mended, and holds them to it afterwards.

use super::names;
use super::replay::Replayed;
use crate::Policy;
use kamrules_base::{Date, Edit, Finding, Fix, Span};
use kamrules_model::{Cell, EntityId, FieldId, Type};
use kamrules_prove::{Verdict, What};

/// A test, and where it goes.
pub(super) struct Block {
    text: String,
    at: Span,
}

impl Block {
    /// Offers the test with a finding.
    pub fn add_to(self, policy: &Policy, finding: Finding) -> Finding {
        let text = &policy.sources.get(self.at.file).text;
        let before = if text.is_empty() || text.ends_with('\n') { "\n" } else { "\n\n" };
        let end = Span::new(self.at.file, text.len(), text.len());
        let added = format!("{before}{}", self.text);
        let edit = Edit { span: end, text: if text.contains("\r\n") { added.replace('\n', "\r\n") } else { added } };
        Finding { fix: Some(Fix { title: "write the example as a test".into(), edits: vec![edit] }), ..finding }
    }
}

/// The test of an example; none, if the example cannot be said in one, or the policy has it already.
pub(super) fn test_block(policy: &Policy, verdict: &Verdict, replayed: &Replayed) -> Option<Block> {
    let model = policy.model();
    let decision = model.decision(verdict.decision);
    let set = model.set(decision.set?);
    let entity = set.entity;
    if !replayed.sayable {
        return None;
    }
    // Each entity once: then a reference that is left out is the row above.
    let mut rows: Vec<(EntityId, Vec<(FieldId, Cell)>)> = Vec::new();
    for (field, cell) in &replayed.fields {
        match rows.iter_mut().find(|(of, _)| *of == field.entity) {
            Some((_, fields)) if fields.iter().any(|(known, _)| known == field) => return None,
            Some((_, fields)) => fields.push((*field, cell.clone())),
            None => rows.push((field.entity, vec![(*field, cell.clone())])),
        }
    }
    if !rows.iter().any(|(of, _)| *of == entity) {
        rows.push((entity, Vec::new()));
    }
    rows.sort_by_key(|(of, _)| *of == entity);
    let mut lines = Vec::new();
    for (of, fields) in &rows {
        let mut parts = Vec::new();
        for (field, cell) in fields {
            let ty = model.field(*field).ty.kind;
            if matches!((ty, cell), (Type::Row(_), Cell::Known(_))) {
                continue;
            }
            parts.push(format!("{} = {}", model.field(*field).name, names::literal(policy, &replayed.book, cell, ty)?));
        }
        if *of == entity {
            for (expr, cell) in &replayed.pins {
                parts.push(format!(
                    "{} = {}",
                    names::expr(policy, *expr),
                    names::literal(policy, &replayed.book, cell, model.ty(*expr).kind)?
                ));
            }
        }
        let inside = if parts.is_empty() { String::new() } else { format!(" {} ", parts.join(", ")) };
        lines.push(format!("  {} {{{inside}}}", model.entity(*of).name));
    }
    let version = set.versions.iter().position(|version| super::replay::holds(model, version.decision, verdict.decision))?;
    let as_of = day_of(policy, set, version)?;
    let of = names::expr(policy, set.answer);
    let (What::Overlap { example, .. } | What::Gap { example, .. }) = &verdict.what else { return None };
    let values: Vec<String> = example.values.iter().map(|(place, held)| names::held(policy, place, held)).collect();
    let with = if values.is_empty() { String::new() } else { format!(" with {}", super::words::and(&values)) };
    let name = format!("{of} has one answer for {}{with}", super::one(policy, Some(entity)).replace('`', "")).replace('"', "'");
    // A brace in a text would be read as a value to fill in.
    let name = name.replace('{', "(").replace('}', ")");
    if model.tests.iter().any(|test| test.name == name) {
        return None;
    }
    let text = format!("test \"{}\"{as_of} {{\n{}\n  expect {of} is known\n}}\n", name.replace('\\', "\\\\"), lines.join("\n"));
    Some(Block { text, at: set.span })
}

/// The day on which a version is in force, where the test has to say it.
fn day_of(policy: &Policy, set: &kamrules_model::Set, version: usize) -> Option<String> {
    if set.versions.len() == 1 && set.versions[0].from.is_none() {
        return Some(String::new());
    }
    let day = match (set.versions[version].from, set.versions.get(version + 1)) {
        (Some(from), _) => from,
        (None, Some(next)) => Date(next.from?.0 - 1),
        (None, None) => policy.model().settings.as_of?,
    };
    let (year, month, date) = day.ymd();
    Some(format!(" as of {year:04}-{month:02}-{date:02}"))
}
