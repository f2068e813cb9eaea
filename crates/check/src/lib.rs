//! Syntax tree in, model out: names resolved, units and types found, every decision lowered to the one form.
//!
//! In order: `collect` lists what every item declares; `items` checks each item, `lower` its expressions, and what an
//! item needs of another is lowered on demand, so that the order of files means nothing and a cycle is met as one; `known` says what
//! is proved to be there. A finding never stops the pass: what it spoils becomes [`Type::Unknown`], which goes with everything.
//!
//! This crate evaluates nothing and opens no file.
//!
//! [`Type::Unknown`]: kamrules_model::Type::Unknown

mod checker;
mod collect;
mod items;
mod known;
mod lower;
mod words;

use checker::{Checker, Tables};
use kamrules_base::{FileId, Finding, Sources};
use kamrules_model::{Ctx, EntityId, ExprId, Model};
use kamrules_syntax::ast;
use std::sync::Arc;

/// What the standard library's file is called.
pub const LIBRARY: &str = "standard library";
const LIBRARY_TEXT: &str = include_str!("stdlib/stdlib.kam");

/// How much stack the pass has: items that need each other nest.
const STACK: usize = 1 << 30;

/// A checked policy.
pub struct Checked {
    /// The policy.
    pub model: Model,
    /// What was found, by place.
    pub findings: Vec<Finding>,
    tables: Tables,
}

/// Takes the standard library into the sources and parses it; its file goes in front of a policy's own.
pub fn library(sources: &mut Sources) -> (FileId, ast::File) {
    let id = sources.add(LIBRARY, LIBRARY_TEXT);
    (id, kamrules_syntax::parse(id, LIBRARY_TEXT).0)
}

/// Checks a policy: all its files, and [`library`] among them.
pub fn check(files: Vec<(FileId, ast::File)>, sources: &Sources) -> Checked {
    let library = files.iter().map(|(id, _)| *id).find(|id| sources.get(*id).path.as_os_str() == LIBRARY);
    let files = Arc::new(files);
    on_big_stack(move || {
        let mut checker = Checker::new(files, library, sources);
        items::check_all(&mut checker);
        checker.forgive_broken_items();
        kamrules_base::finding::sort(&mut checker.findings);
        Checked { model: checker.model, findings: checker.findings, tables: checker.tables }
    })
}

impl Checked {
    /// The files as they were parsed, the standard library's first.
    pub fn files(&self) -> &[(FileId, ast::File)] {
        &self.tables.files
    }

    /// Lowers one more expression about the rows of an entity, as `--where` and `--select` need it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn expr(&mut self, expr: &ast::Expr, entity: Option<EntityId>) -> Result<ExprId, Vec<Finding>> {
        let mut checker = Checker::resume(std::mem::take(&mut self.model), std::mem::take(&mut self.tables));
        let (id, checker) = std::thread::scope(|scope| {
            let work = move || {
                let ctx = entity.map_or(Ctx::Policy, Ctx::Entity);
                let id = checker.expr(expr, &lower::Env::about(ctx));
                (id, checker)
            };
            join(std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work))
        });
        self.model = checker.model;
        self.tables = checker.tables;
        if checker.findings.iter().any(Finding::is_error) { Err(checker.findings) } else { Ok(id) }
    }
}

fn on_big_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| join(std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)))
}

fn join<T>(handle: std::io::Result<std::thread::ScopedJoinHandle<'_, T>>) -> T {
    let handle = handle.expect("the system gives the pass a thread");
    handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
