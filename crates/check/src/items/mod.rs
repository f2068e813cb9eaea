//! Each kind of item: what its header may say, what its parts are, and what it becomes in the model.

mod actions;
mod always;
mod attributes;
mod defines;
mod entities;
mod head;
mod lists;
mod metrics;
mod obligations;
mod quotas;
mod sets;
mod settings;
mod tables;
mod testcases;
mod trees;
mod versions;

use crate::checker::Checker;
use crate::collect::collect;
use kamrules_base::{Finding, codes};

/// Checks every item: first what is declared, then what hangs on it.
pub(crate) fn check_all(cx: &mut Checker) {
    collect(cx);
    settings::settings(cx);
    entities::entities(cx);
    lists::lists(cx);
    actions::declare(cx);
    versions::declare(cx);
    metrics::declare(cx);
    always::always(cx);
    defines::defines(cx);
    versions::lower_all(cx);
    actions::actions(cx);
    quotas::quotas(cx);
    metrics::metrics(cx);
    obligations::obligations(cx);
    testcases::tests(cx);
    today_needs_a_day(cx);
}

/// `today` needs an `as of` somewhere; the command line may give it, so this is said only where it is not.
fn today_needs_a_day(cx: &mut Checker) {
    let Some(span) = cx.tables.uses_today else { return };
    if cx.model.settings.as_of.is_none() && !cx.in_library(span) {
        let finding = Finding::new(codes::NO_AS_OF, span, "the policy does not say which day `today` is")
            .help("write `as of 2026-02-01` in the `policy` item, or run with `--as-of today`");
        cx.report(finding);
    }
}

/// The items of one kind, with their places.
macro_rules! items_of {
    ($cx:expr, $kind:ident) => {{
        let (files, refs) = $cx.items();
        refs.into_iter()
            .filter(|at| matches!(files[at.0 as usize].1.items[at.1 as usize].kind, kamrules_syntax::ast::ItemKind::$kind(_)))
            .map(|at| {
                let item = files[at.0 as usize].1.items[at.1 as usize].clone();
                let kamrules_syntax::ast::ItemKind::$kind(inner) = item.kind.clone() else { unreachable!("filtered above") };
                (at, item, inner)
            })
            .collect::<Vec<_>>()
    }};
}
pub(crate) use items_of;
