//! The row walk over models made by hand. Wherever nothing is unset, the columns are asked as well.

#![allow(clippy::inconsistent_digit_grouping, reason = "cents stand apart: 250_00 is 250.00")]

mod decisions;
mod gathered;
mod nodes;
mod random;
mod reasons;

use super::hand::*;
use kamrules_model::{Cell, Ctx, EntityId, Ty, Type};

/// Accounts and their sales.
pub struct Shop {
    pub hand: Hand,
    pub account: EntityId,
    pub sale: EntityId,
    pub ctx: Ctx,
}

// account: id, parent?, revenue, kind, since, score?
pub const PARENT: u32 = 1;
pub const REVENUE: u32 = 2;
pub const KIND: u32 = 3;
pub const SINCE: u32 = 4;
pub const SCORE: u32 = 5;
// sale: id, account?, amount, day
pub const BUYER: u32 = 1;
pub const AMOUNT: u32 = 2;
pub const SOLD: u32 = 3;

/// Four accounts: c's parent is b, b's is a; d has no score, no sale.
pub fn shop() -> Shop {
    let mut hand = Hand::new();
    let kind = hand.picklist(&["shop", "warehouse"]);
    let account = EntityId(0);
    let fields = [
        ("id", Ty::TEXT),
        ("parent", Ty::maybe(Type::Row(account))),
        ("revenue", MONEY),
        ("kind", kind),
        ("since", DAY),
        ("score", Ty::maybe(Type::INTEGER)),
    ];
    hand.entity("account", &fields);
    let sale = hand.entity("sale", &[("id", NUMBER), ("account", Ty::maybe(Type::Row(account))), ("amount", MONEY), ("day", DAY)]);
    hand.open();
    let rows = [
        ("a", Cell::Missing, 100_00, 0, "2024-02-29", num(5)),
        ("b", to_row(0), 250_00, 1, "2025-12-31", num(7)),
        ("c", to_row(1), -50_00, 0, "2026-02-01", num(7)),
        ("d", Cell::Missing, 0, 1, "2020-01-15", Cell::Missing),
    ];
    for (id, parent, revenue, kind, since, score) in rows {
        let id = hand.text(id);
        hand.row(account, vec![id, parent, num(revenue), pick(kind), day(since), score]);
    }
    let sales = [
        (1, to_row(0), 10_00, "2026-01-01"),
        (2, to_row(1), 20_00, "2026-01-02"),
        (3, to_row(0), 40_00, "2026-01-01"),
        (4, Cell::Missing, 80_00, "2026-01-04"),
        (5, to_row(2), 5_00, "2025-01-01"),
    ];
    for (id, buyer, amount, sold) in sales {
        hand.row(sale, vec![num(id), buyer, num(amount), day(sold)]);
    }
    Shop { hand, account, sale, ctx: Ctx::Entity(account) }
}
