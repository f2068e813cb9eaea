//! Ranks, shares, and the readable tests `top 10 by x`, `first 80% of x`.

use super::Env;
use crate::checker::Checker;
use crate::known;
use kamrules_base::{Decimal, Finding, Span, codes};
use kamrules_model::arith::DIVIDE_SCALE;
use kamrules_model::{Ctx, EntityId, ExprId, Node, PopulationFact, PopulationOp, Ty, Type};
use kamrules_syntax::ast::{self, Literal, PopulationKind};

impl Checker {
    /// `rank(x)`, `rank(x within FIELD)`, `share_of_total(x)`.
    pub(super) fn population_call(&mut self, op: PopulationOp, name: &str, args: &[ast::Arg], span: Span, env: &Env) -> ExprId {
        let [arg] = args else {
            return self.spoil(
                Finding::new(codes::ARGUMENT_COUNT, span, format!("`{name}` is of one value")).help(format!("write `{name}(revenue)`")),
            );
        };
        if let Some(misplaced) = self.population_without_row(span, env) {
            return misplaced;
        }
        let plain = ast::Arg { within: None, ..arg.clone() };
        let value = self.plain_args(std::slice::from_ref(&plain), env)[0];
        let fact = PopulationFact {
            op,
            entity: EntityId(0),
            value,
            amount: Decimal::new(0, 0),
            percent: false,
            within: None,
            population: env.population,
        };
        self.population(fact, arg.value.span, arg.within.as_ref(), span, env)
    }

    /// `top 10 by x`, `first 80% of x within region`.
    pub(super) fn population_test(&mut self, parts: &ast::Population, span: Span, env: &Env) -> ExprId {
        if let Some(misplaced) = self.population_without_row(span, env) {
            return misplaced;
        }
        let value = self.expr(&parts.value, env);
        let op = match parts.kind {
            PopulationKind::Top => PopulationOp::Top,
            PopulationKind::Bottom => PopulationOp::Bottom,
            PopulationKind::First => PopulationOp::First,
            PopulationKind::Last => PopulationOp::Last,
        };
        let (amount, percent) = match &parts.amount {
            Literal::Number(number) => (*number, false),
            Literal::Percent(number) => (*number, true),
            _ => return self.unknown(span),
        };
        let whole = amount.normal().scale == 0;
        let sums = matches!(op, PopulationOp::First | PopulationOp::Last);
        if sums && !percent {
            return self.spoil(
                Finding::new(codes::POPULATION_AMOUNT, parts.amount_span, "`first … of` and `last … of` take a share of the total")
                    .help("write `first 80% of x`; so many rows are `top 10 by x`"),
            );
        }
        if amount.units <= 0
            || (percent && amount > Decimal::new(10_i128.pow(u32::from(amount.scale)), amount.scale))
            || (!percent && !whole)
        {
            return self.spoil(
                Finding::new(
                    codes::POPULATION_AMOUNT,
                    parts.amount_span,
                    "a number of rows is a whole number above zero, a share lies above 0% and up to 100%",
                )
                .help("write `top 10 by x`, `top 20% by x`, `first 80% of x`"),
            );
        }
        let fact = PopulationFact { op, entity: EntityId(0), value, amount, percent, within: None, population: env.population };
        self.population(fact, parts.value.span, parts.within.as_ref(), span, env)
    }

    /// Said before the value is looked at: without a row its fields are not in reach either.
    fn population_without_row(&mut self, span: Span, env: &Env) -> Option<ExprId> {
        if matches!(env.ctx, Ctx::Entity(_)) {
            return None;
        }
        Some(
            self.spoil(
                Finding::new(codes::POPULATION_PLACE, span, "a rank is a row's place among the others, but there is no row here")
                    .help("use it in an item or a define that belongs to an entity"),
            ),
        )
    }

    fn population(&mut self, mut fact: PopulationFact, at: Span, within: Option<&ast::Name>, span: Span, env: &Env) -> ExprId {
        let Ctx::Entity(entity) = env.ctx else { return self.unknown(span) };
        fact.entity = entity;
        if self.is_unknown(fact.value) {
            return self.unknown(span);
        }
        if !matches!(self.kind(fact.value), Type::Number { .. } | Type::Money { .. }) {
            let message = format!("rows are ranked by a number or money, but this is {}", self.kind_of(fact.value));
            return self.spoil(Finding::new(codes::WRONG_TYPES, at, message));
        }
        if self.exprs().ctx(fact.value) == Ctx::Policy {
            return self
                .spoil(Finding::new(codes::POPULATION_PLACE, at, "this is the same for every row").help("rank by a field of the row"));
        }
        let facts = fact.population.map(|filter| known::facts(self.exprs(), filter, true)).unwrap_or_default();
        let inside = Env { known: facts, ..env.clone() };
        self.require_known(fact.value, &inside, at, "a place among all rows");
        if let Some(field) = within {
            let id = self.expr(&ast::Expr { kind: ast::ExprKind::Name(field.text.clone()), span: field.span }, env);
            if self.is_unknown(id) {
                return id;
            }
            fact.within = Some(id);
        }
        let kind = match fact.op {
            PopulationOp::Rank => Type::INTEGER,
            PopulationOp::ShareOfTotal => Type::Number { scale: DIVIDE_SCALE, percent: true },
            _ => Type::Flag,
        };
        // Rows outside the population have no place; within the item's own `where` every row has one.
        let optional = fact.within.is_some_and(|id| known::may_be_missing(self.exprs(), id, &env.known))
            || fact.op == PopulationOp::ShareOfTotal
            || (fact.population.is_some() && env.population != fact.population);
        self.add(Node::Population(Box::new(fact)), Ty { kind, optional }, env.ctx, span)
    }
}
