//! Decisions: who wins.

use super::*;
use kamrules_model::{CompareOp, Condition, ExprId, FieldId, Outcome, Rung, SetId, Win};

struct Rules {
    shop: Shop,
    set: SetId,
    ty: Ty,
}

fn rules(every: bool) -> Rules {
    let mut shop = shop();
    let set = shop.hand.set(shop.account, every, &["A", "B", "C"]);
    let kind = if every { Type::Labels(set) } else { Type::Label(set) };
    Rules { shop, set, ty: Ty::maybe(kind) }
}

impl Rules {
    // revenue > n
    fn above(&mut self, n: i128) -> ExprId {
        let revenue = self.shop.hand.field(self.shop.account, REVENUE);
        let n = self.shop.hand.constant(num(n * 100), MONEY);
        self.shop.hand.compare(CompareOp::Greater, revenue, n)
    }

    // score = n, which may be missing
    fn score(&mut self, n: i128) -> ExprId {
        let score = self.shop.hand.field(self.shop.account, SCORE);
        let n = self.shop.hand.constant(num(n), NUMBER);
        self.shop.hand.compare(CompareOp::Equal, score, n)
    }

    fn all(&mut self, win: Win, rungs: Vec<Rung>) -> String {
        let (_, expr) = self.shop.hand.decision(self.shop.ctx, self.ty, win, Some(self.set), rungs);
        self.shop.hand.all(expr)
    }
}

#[test]
fn the_first_rung_that_holds_wins() {
    let mut rules = rules(false);
    let (large, seven) = (rules.above(200), rules.score(7));
    let rungs = vec![when("A", large, Outcome::Label(0)), when("B", seven, Outcome::Label(1)), otherwise(Outcome::Label(2))];
    assert_eq!(rules.all(Win::First, rungs.clone()), "C A B C");
    assert_eq!(rules.all(Win::First, rungs[..2].to_vec()), "missing A B missing");
}

#[test]
fn an_exclusive_rung_wins_alone_or_by_overriding() {
    let mut rules = rules(false);
    let (large, seven) = (rules.above(200), rules.score(7));
    let rungs = vec![when("A", large, Outcome::Label(0)), when("B", seven, Outcome::Label(1)), otherwise(Outcome::Label(2))];
    assert_eq!(rules.all(Win::Exclusive, rungs.clone()), "C missing B C");
    let mut over = rungs.clone();
    over[0].overrides = true;
    assert_eq!(rules.all(Win::Exclusive, over), "C A B C");
    let mut below = rungs;
    below[1].overrides = true;
    assert_eq!(rules.all(Win::Exclusive, below), "C missing B C");
}

#[test]
fn all_that_hold_are_gathered_or_added_up() {
    let mut rules = rules(true);
    let (large, seven) = (rules.above(50), rules.score(7));
    let rungs = vec![when("B", seven, Outcome::Label(1)), when("A", large, Outcome::Label(0))];
    assert_eq!(rules.all(Win::Every, rungs), "A A B B ");
    rules.ty = NUMBER;
    let rungs = vec![when("x", seven, Outcome::Points(15)), when("y", large, Outcome::Points(-5))];
    assert_eq!(rules.all(Win::Sum, rungs), "-5 10 15 0");
}

#[test]
fn nested_rungs_and_guards() {
    let mut rules = rules(false);
    let (large, seven, positive) = (rules.above(200), rules.score(7), rules.above(0));
    let (ctx, ty, set) = (rules.shop.ctx, rules.ty, Some(rules.set));
    let inner = vec![when("A", large, Outcome::Label(0)), otherwise(Outcome::Label(1))];
    let (nested, _) = rules.shop.hand.decision(ctx, ty, Win::Exclusive, set, inner);
    let outer = vec![when("seven", seven, Outcome::Nested(nested)), otherwise(Outcome::Label(2))];
    assert_eq!(rules.all(Win::Exclusive, outer.clone()), "C A B C");
    let (guarded, expr) = rules.shop.hand.decision(ctx, ty, Win::Exclusive, set, outer);
    rules.shop.hand.model.decisions[guarded.index()].guard = Some(positive);
    // The expression is the same as before for the arena, but the decision has its guard now.
    assert_eq!(rules.shop.hand.all(expr), "C A missing missing");
}

#[test]
fn a_match_without_an_arm_is_a_fault() {
    let mut rules = rules(false);
    let (large, seven) = (rules.above(200), rules.score(7));
    let [one, two] = [1, 2].map(|n| rules.shop.hand.constant(num(n), NUMBER));
    let rungs = vec![when("a", large, Outcome::Value(one)), when("b", seven, Outcome::Value(two))];
    let (_, expr) = rules.shop.hand.decision(rules.shop.ctx, NUMBER, Win::Exclusive, None, rungs);
    assert_eq!(rules.shop.hand.all(expr), "fault fault 2 fault");
}

#[test]
fn the_rows_of_a_table_are_rungs() {
    let mut rules = rules(false);
    let sale = rules.shop.sale;
    let buyer = rules.shop.hand.field(sale, BUYER);
    let this = rules.shop.hand.add(kamrules_model::Node::Row(rules.shop.account), Ty::known(Type::Row(rules.shop.account)), rules.shop.ctx);
    rules.shop.hand.model.sets[0].labels[1].each = Some(sale);
    let each = Condition::Each { rows: sale, keys: [(buyer, this)].into(), filter: None, guard: None };
    let rungs = vec![rung("sale", each, Outcome::Label(1)), otherwise(Outcome::Label(2))];
    assert_eq!(rules.all(Win::Exclusive, rungs.clone()), "missing 2 5 C");
    assert_eq!(rules.all(Win::First, rungs), "1 2 5 C");
}

#[test]
fn a_rung_that_hangs_on_what_was_left_out() {
    let mut rules = rules(false);
    let field = FieldId { entity: rules.shop.account, index: SCORE };
    let id = rules.shop.hand.text("x");
    let row = vec![id, Cell::Missing, num(300_00), pick(0), day("2026-01-01"), Cell::Unset(field)];
    rules.shop.hand.row(rules.shop.account, row);
    let (large, seven) = (rules.above(200), rules.score(7));
    let (ctx, ty, set) = (rules.shop.ctx, rules.ty, Some(rules.set));
    let value = |rules: &mut Rules, rungs: Vec<Rung>| {
        let (_, expr) = rules.shop.hand.decision(ctx, ty, Win::First, set, rungs);
        rules.shop.hand.walk().value(expr, 4)
    };
    let (a, b) = (|expr| when("A", expr, Outcome::Label(0)), |expr| when("B", expr, Outcome::Label(1)));
    assert_eq!(value(&mut rules, vec![a(large), b(seven)]), label(0));
    assert_eq!(value(&mut rules, vec![b(seven), a(large)]), Cell::Unset(field));
    assert_eq!(value(&mut rules, vec![a(seven), a(large)]), label(0));
}
