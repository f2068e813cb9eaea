//! Lists, defines, actions and entities that nothing mentions.

use crate::Policy;
use crate::words::Words;
use kamrules_base::{Code, Finding, Span, codes};
use kamrules_syntax::ast::{ItemKind, Name};

/// Items that could be taken out without anybody noticing.
pub(crate) fn unused(policy: &Policy<'_>, words: &Words) -> Vec<Finding> {
    if policy.items().all(|item| {
        matches!(item.kind, ItemKind::Policy(_) | ItemKind::Rates(_) | ItemKind::Entity(_) | ItemKind::List(_) | ItemKind::Always(_))
    }) {
        return Vec::new(); // The data alone: the rules are still to come.
    }
    policy.items().filter_map(|item| unmentioned(words, &item.kind)).collect()
}

fn unmentioned(words: &Words, item: &ItemKind) -> Option<Finding> {
    let find = |name: &Name, code: Code, message: String, help: &str| {
        let told: &[Span] = &[name.span];
        (!words.elsewhere(&name.text, told)).then(|| Finding::new(code, name.span, message).help(help))
    };
    match item {
        ItemKind::List(list) => {
            let name = &list.name.text;
            let message = format!("nothing asks for the list `{name}`");
            find(&list.name, codes::UNUSED_LIST, message, "use it in a condition with `in`, or take it out")
        }
        ItemKind::Define(define) => match define.path.parts.as_slice() {
            [name] => {
                let message = format!("nothing asks for `{}`", name.text);
                find(name, codes::UNUSED_DEFINE, message, "use it in a rule or a metric, or take it out")
            }
            // Without parameters it is a column of the answers, and for that alone it may be wanted.
            [entity, name] if !define.params.is_empty() => {
                let message = format!("nothing asks for `{}.{}`", entity.text, name.text);
                find(
                    name,
                    codes::UNUSED_DEFINE,
                    message,
                    "use it in a rule, or take it out: only what has no parameters is written with the answers",
                )
            }
            _ => None,
        },
        ItemKind::Action(action) => {
            let message = format!("nothing leads to the action `{}`", action.head.name.text);
            find(&action.head.name, codes::UNUSED_ACTION, message, "name it in a tree or a cadence, or take it out")
        }
        ItemKind::Entity(entity) => {
            let message = format!("no rule is about `{}`, and no other rows refer to it", entity.name.text);
            find(
                &entity.name,
                codes::UNUSED_ENTITY,
                message,
                "its file is read and checked all the same: take it out, or write the rule it is for",
            )
        }
        _ => None,
    }
}
