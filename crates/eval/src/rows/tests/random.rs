//! Expressions grown at random, on which both walks must agree.

use super::*;
use kamrules_model::{AggOp, ArithOp, CompareOp, Condition, ExprId, Node, Outcome, PopulationFact, PopulationOp, Rung, SetId, Value, Win};

const NUM: Ty = Ty::maybe(Type::INTEGER);
const FLAG: Ty = Ty::maybe(Type::Flag);

// A plant that grows expressions; the numbers come from a linear congruential generator, so that every run is the same.
struct Plant {
    shop: Shop,
    set: SetId,
    state: u64,
}

impl Plant {
    fn below(&mut self, n: u64) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % n
    }

    fn choose<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    fn add(&mut self, node: Node, ty: Ty, entity: EntityId) -> ExprId {
        self.shop.hand.add(node, ty, Ctx::Entity(entity))
    }

    // A number about a row of an entity.
    fn number(&mut self, entity: EntityId, depth: u32) -> ExprId {
        let account = self.shop.account;
        if depth == 0 {
            return match self.below(6) {
                0 => self.shop.hand.add(Node::Const(Value::Num(10_i128.pow(37))), NUM, Ctx::Policy),
                1 => self.shop.hand.add(Node::Missing, NUM, Ctx::Policy),
                2 => {
                    let n = self.below(9).into();
                    self.shop.hand.add(Node::Const(Value::Num(n)), NUM, Ctx::Policy)
                }
                _ if entity == account => self.shop.hand.field(account, SCORE),
                _ => self.shop.hand.field(entity, 0),
            };
        }
        let below = depth - 1;
        match self.below(9) {
            0 => Node::Negate(self.number(entity, below)),
            1 | 2 => {
                let op = self.choose(&[ArithOp::Add, ArithOp::Subtract, ArithOp::Multiply, ArithOp::Divide]);
                Node::Arith(op, self.number(entity, below), self.number(entity, below))
            }
            3 => Node::OrElse(self.number(entity, below), self.number(entity, below)),
            4 => Node::If(self.flag(entity, below), self.number(entity, below), self.number(entity, below)),
            5 if entity == account => self.above(below),
            6 if entity == account => return self.aggregate(below),
            7 => return self.matched(entity, below),
            8 if entity == account => self.rank(PopulationOp::Rank, below),
            _ => return self.number(entity, below),
        }
        .pipe(|node| self.add(node, NUM, entity))
    }

    fn above(&mut self, depth: u32) -> Node {
        let reference = self.shop.hand.field(self.shop.account, PARENT);
        Node::Through { reference, value: self.number(self.shop.account, depth) }
    }

    fn aggregate(&mut self, depth: u32) -> ExprId {
        let (account, sale) = (self.shop.account, self.shop.sale);
        let op = self.choose(&[AggOp::Count, AggOp::Sum, AggOp::Min, AggOp::Max, AggOp::Only, AggOp::First, AggOp::Last]);
        let value = (op != AggOp::Count).then(|| self.number(sale, depth));
        let ordered = matches!(op, AggOp::First | AggOp::Last);
        let order = ordered.then(|| self.number(sale, depth));
        let filter = (self.below(2) == 0).then(|| self.flag(sale, depth));
        let guard = (self.below(4) == 0).then(|| self.flag(account, depth));
        let keys = match self.below(3) {
            0 => Box::default(),
            1 => [(self.number(sale, depth), self.number(account, depth))].into(),
            _ => {
                let this = self.add(Node::Row(account), Ty::known(Type::Row(account)), account);
                [(self.shop.hand.field(sale, BUYER), this)].into()
            }
        };
        self.shop.hand.aggregate(op, sale, value, NUM, Ctx::Entity(account), |aggregate| {
            (aggregate.order, aggregate.filter, aggregate.guard, aggregate.keys) = (order, filter, guard, keys);
        })
    }

    fn rank(&mut self, op: PopulationOp, depth: u32) -> Node {
        let account = self.shop.account;
        let value = self.number(account, depth);
        let within = (self.below(3) == 0).then(|| self.number(account, depth));
        let population = (self.below(3) == 0).then(|| self.flag(account, depth));
        let percent = self.below(2) == 0;
        let amount = decimal(if percent { "0.6" } else { "2" });
        Node::Population(Box::new(PopulationFact { op, entity: account, value, amount, percent, within, population }))
    }

    fn matched(&mut self, entity: EntityId, depth: u32) -> ExprId {
        let mut rungs: Vec<Rung> = Vec::new();
        for _ in 0..=self.below(2) {
            rungs.push(when("arm", self.flag(entity, depth), Outcome::Value(self.number(entity, depth))));
        }
        if self.below(2) == 0 {
            rungs.push(otherwise(Outcome::Value(self.number(entity, depth))));
        }
        let win = self.choose(&[Win::First, Win::Exclusive]);
        self.shop.hand.decision(Ctx::Entity(entity), NUM, win, None, rungs).1
    }

    // yes or no about a row of an entity.
    fn flag(&mut self, entity: EntityId, depth: u32) -> ExprId {
        if depth == 0 {
            let number = self.number(entity, 0);
            return self.add(Node::IsKnown(number), FLAG, entity);
        }
        let below = depth - 1;
        let account = self.shop.account;
        match self.below(8) {
            0 => Node::Not(self.flag(entity, below)),
            1 => Node::And(self.flag(entity, below), self.flag(entity, below)),
            2 => Node::Or(self.flag(entity, below), self.flag(entity, below)),
            3 | 4 => {
                let op = self.choose(&[CompareOp::Equal, CompareOp::Less, CompareOp::GreaterOrEqual]);
                Node::Compare(op, self.number(entity, below), self.number(entity, below))
            }
            5 if entity == account => {
                let op = self.choose(&[PopulationOp::Top, PopulationOp::Bottom, PopulationOp::First, PopulationOp::Last]);
                self.rank(op, below)
            }
            6 if entity == account => Node::LabelIn(self.labelled(Win::Exclusive, below), [0, 2].into()),
            _ => Node::OneOf(self.number(entity, below), [Value::Num(5), Value::Num(2)].into()),
        }
        .pipe(|node| self.add(node, FLAG, entity))
    }

    // A set of labels about accounts, with a nested one and one out of the sales.
    fn labelled(&mut self, win: Win, depth: u32) -> ExprId {
        let (account, sale, ctx) = (self.shop.account, self.shop.sale, self.shop.ctx);
        let kind = if win == Win::Every { Type::Labels(self.set) } else { Type::Label(self.set) };
        let mut rungs = Vec::new();
        if depth > 0 && self.below(3) == 0 {
            let inner = self.labelled(win, depth - 1);
            let Node::Decide(inner) = self.shop.hand.model.exprs.node(inner).clone() else { panic!("a decision") };
            rungs.push(when("nested", self.flag(account, depth), Outcome::Nested(inner)));
        }
        for code in 0..3 {
            let rung = match self.below(4) {
                0 => {
                    let keys = [(self.number(sale, depth), self.number(account, depth))].into();
                    let filter = (self.below(2) == 0).then(|| self.flag(sale, depth));
                    rung("each", Condition::Each { rows: sale, keys, filter, guard: None }, Outcome::Label(3))
                }
                _ => when("label", self.flag(account, depth), Outcome::Label(code)),
            };
            let overrides = self.below(3) == 0;
            rungs.push(Rung { overrides, ..rung });
        }
        if self.below(2) == 0 {
            rungs.push(otherwise(Outcome::Label(1)));
        }
        let guard = (self.below(4) == 0).then(|| self.flag(account, depth));
        let (id, expr) = self.shop.hand.decision(ctx, Ty::maybe(kind), win, Some(self.set), rungs);
        self.shop.hand.model.decisions[id.index()].guard = guard;
        expr
    }
}

trait Pipe: Sized {
    fn pipe<T>(self, f: impl FnOnce(Self) -> T) -> T {
        f(self)
    }
}

impl Pipe for Node {}

#[test]
fn both_walks_agree_on_whatever_grows() {
    let (mut faults, mut known, mut missing) = (0, 0, 0);
    for seed in 0..400 {
        let mut shop = shop();
        let set = shop.hand.set(shop.account, false, &["A", "B", "C", "each"]);
        shop.hand.model.sets[0].labels[3].each = Some(shop.sale);
        let mut plant = Plant { shop, set, state: seed };
        let account = plant.shop.account;
        let grown = [
            plant.number(account, 4),
            plant.flag(account, 4),
            plant.labelled(Win::First, 2),
            plant.labelled(Win::Exclusive, 2),
            plant.labelled(Win::Every, 2),
        ];
        for expr in grown {
            if plant.shop.hand.model.exprs.ctx(expr) == Ctx::Policy {
                continue;
            }
            plant.shop.hand.all(expr);
            let walk = plant.shop.hand.walk();
            for row in 0..4 {
                match walk.value(expr, row) {
                    Cell::Known(_) => known += 1,
                    Cell::Missing => missing += 1,
                    Cell::Fault(_) => faults += 1,
                    Cell::Unset(_) => panic!("nothing is left out"),
                }
            }
        }
    }
    assert!(faults > 500 && missing > 500 && known > 2000, "{faults} faults, {missing} missing, {known} known");
}
