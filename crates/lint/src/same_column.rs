//! Two fields of an entity that read one column in the same way.

use crate::Policy;
use kamrules_base::{Finding, codes};

/// Fields whose column another field has taken already.
pub(crate) fn same_column(policy: &Policy<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for entity in &policy.model.entities {
        for (at, field) in entity.fields.iter().enumerate() {
            let same = entity.fields[..at].iter().find(|other| other.column == field.column && other.ty.kind == field.ty.kind);
            if let Some(other) = same.filter(|other| other.notation == field.notation) {
                let message = format!("`{}` and `{}` read the same column, `{}`", other.name, field.name, field.column);
                found.push(
                    Finding::new(codes::SAME_COLUMN, field.span, message)
                        .also(other.span, "the other")
                        .help("name the column that each is in: `from \"…\"`"),
                );
            }
        }
    }
    found
}
