//! `--select` and `--where`: values of the rows of one entity, listed.

use crate::Policy;
use crate::evaluate::{Data, Request};
use kamrules_base::codes::UNCLEAR_ROWS;
use kamrules_base::{Finding, World};
use kamrules_data::{DataFault, SetAside};
use kamrules_eval::columns;
use kamrules_model::{Book, Column, Ctx, EntityId, ExprId, Type};
use kamrules_syntax::ast;

/// Rows, and what was asked of them.
pub struct Selection {
    /// The data.
    pub book: Book,
    /// Whose rows.
    pub entity: EntityId,
    /// Which rows, ascending.
    pub rows: Vec<u32>,
    /// What was asked, as written, with its type and a value for each row of the entity.
    pub columns: Vec<(String, Type, Column)>,
    /// What was wrong with the data.
    pub data_faults: Vec<DataFault>,
    /// How many rows of each source were set aside.
    pub set_aside: Vec<SetAside>,
}

struct Asked {
    names: Vec<String>,
    exprs: Vec<ast::Expr>,
    filter: Option<ast::Expr>,
}

impl Policy {
    /// The values of some expressions for the rows of an entity that satisfy a condition. The list may name the entity first,
    /// `account: id, abc`; otherwise it is the one whose fields they are. Without a list, the key.
    ///
    /// # Errors
    /// What is wrong with the expressions, or keeps the data from being loaded.
    pub fn select(
        &mut self,
        world: &dyn World,
        request: &Request,
        list: Option<&str>,
        filter: Option<&str>,
    ) -> Result<Selection, Vec<Finding>> {
        let (named, asked) = self.parse(list, filter)?;
        let (entity, exprs, filter) = self.resolve(named, &asked)?;
        let Data { options, loaded } = self.load(world, request)?;
        let all: Vec<(ExprId, Ctx)> = exprs.iter().copied().chain(filter).map(|expr| (expr, Ctx::Entity(entity))).collect();
        let mut columns = columns::columns(self.model(), &loaded.book, &options, &all);
        let keep = if filter.is_some() { columns.pop() } else { None };
        let rows = 0..loaded.book.table(entity).rows as u32;
        let rows = rows.filter(|&row| keep.as_ref().is_none_or(|keep| keep.get(row as usize).is_yes())).collect();
        let columns =
            asked.names.into_iter().zip(&exprs).zip(columns).map(|((name, expr), column)| (name, self.model().ty(*expr).kind, column));
        Ok(Selection {
            entity,
            rows,
            columns: columns.collect(),
            book: loaded.book,
            data_faults: loaded.faults,
            set_aside: loaded.set_aside,
        })
    }

    fn parse(&mut self, list: Option<&str>, filter: Option<&str>) -> Result<(Option<EntityId>, Asked), Vec<Finding>> {
        let (mut named, mut asked, mut findings) = (None, Asked { names: Vec::new(), exprs: Vec::new(), filter: None }, Vec::new());
        if let Some(list) = list {
            let file = self.sources.add("--select", list);
            let mut from = 0;
            if let Some((name, _)) = list.split_once(':')
                && let Some(entity) = self.model().entity_named(name.trim())
            {
                named = Some(entity);
                from = name.len() + 1;
            }
            let (exprs, found) = kamrules_syntax::parse_exprs(file, &list[from..], from as u32);
            findings.extend(found);
            asked.names = exprs.iter().map(|expr| self.sources.text(expr.span).to_owned()).collect();
            asked.exprs = exprs;
        }
        if let Some(text) = filter {
            let file = self.sources.add("--where", text);
            let (expr, found) = kamrules_syntax::parse_expr(file, text, 0);
            findings.extend(found);
            asked.filter = expr;
        }
        if findings.iter().any(Finding::is_error) { Err(findings) } else { Ok((named, asked)) }
    }

    /// The entity for whose rows everything that is asked has a meaning, and what it means there.
    fn resolve(&mut self, named: Option<EntityId>, asked: &Asked) -> Result<(EntityId, Vec<ExprId>, Option<ExprId>), Vec<Finding>> {
        let entities = (0..self.model().entities.len() as u32).map(EntityId).filter(|entity| named.is_none_or(|named| named == *entity));
        let (mut good, mut bad): (Vec<_>, Vec<(usize, Vec<Finding>)>) = (Vec::new(), Vec::new());
        for entity in entities.collect::<Vec<_>>() {
            match self.meaning(entity, asked) {
                Ok((exprs, filter)) => good.push((entity, exprs, filter)),
                Err((wrong, findings)) => bad.push((wrong, findings)),
            }
        }
        match (good.len(), bad.into_iter().min_by_key(|(wrong, findings)| (*wrong, findings.len()))) {
            (1, _) => Ok(good.remove(0)),
            (0, Some((_, findings))) => Err(findings),
            _ => {
                let names: Vec<String> = good.iter().map(|(entity, ..)| format!("`{}`", self.model().entity(*entity).name)).collect();
                let finding = Finding::without_place(
                    UNCLEAR_ROWS,
                    format!("it is not clear whose rows are meant: {} have all that is asked", names.join(" and ")),
                );
                Err(vec![finding.help("write the entity and a colon first: `--select account:id,abc`")])
            }
        }
    }

    #[allow(clippy::type_complexity, reason = "the two sides of a result, used once")]
    fn meaning(&mut self, entity: EntityId, asked: &Asked) -> Result<(Vec<ExprId>, Option<ExprId>), (usize, Vec<Finding>)> {
        let (mut exprs, mut wrong, mut findings) = (Vec::new(), 0, Vec::new());
        for expr in asked.exprs.iter().chain(&asked.filter) {
            match self.checked.expr(expr, Some(entity)) {
                Ok(expr) => exprs.push(expr),
                Err(found) => {
                    wrong += 1;
                    findings.extend(found);
                }
            }
        }
        if wrong > 0 {
            return Err((wrong, findings));
        }
        let filter = if asked.filter.is_some() { exprs.pop() } else { None };
        Ok((exprs, filter))
    }
}
