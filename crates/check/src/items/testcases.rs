//! Tests written in the language.

use super::items_of;
use crate::checker::Checker;
use crate::collect::{Member, entity_named};
use crate::lower::Env;
use kamrules_base::{Finding, Span, codes, near};
use kamrules_model::{Ctx, EntityId, Expectation, ExprId, FieldId, Node, Source, TestCase, TestRow, TestValue, Type, Value, arith};
use kamrules_syntax::ast::{self, BinaryOp, ExprKind, Literal, TestClause};

/// Lowers the tests.
pub(crate) fn tests(cx: &mut Checker) {
    for (_, _, test) in items_of!(cx, Test) {
        let mut case = TestCase {
            name: test.name.value.clone(),
            as_of: test.as_of.map(|(date, _)| date),
            rows: Vec::new(),
            files: Vec::new(),
            expects: Vec::new(),
            span: test.name.span,
            library: cx.in_library(test.name.span),
        };
        let today = cx.tables.uses_today;
        for clause in &test.clauses {
            match clause {
                TestClause::Row { entity, attrs, span } => {
                    if let Some(id) = entity_named(cx, entity) {
                        let row = row(cx, id, attrs, *span);
                        case.rows.push(row);
                    }
                }
                TestClause::Rows(entity, path) => {
                    if let Some(id) = entity_named(cx, entity) {
                        case.files.push((id, Source { path: path.value.clone(), file: path.span.file, span: path.span }));
                    }
                }
                TestClause::Expect(_) => {}
            }
        }
        for clause in &test.clauses {
            if let TestClause::Expect(expect) = clause
                && let Some(expectation) = expectation(cx, &case, expect)
            {
                case.expects.push(expectation);
            }
        }
        if test.as_of.is_some() {
            // A test with its own day may ask for `today` though the policy has none.
            cx.tables.uses_today = today;
        }
        if case.expects.is_empty() && !test.clauses.iter().any(|clause| matches!(clause, TestClause::Expect(_))) {
            let finding = Finding::new(codes::TEST_WITHOUT_EXPECT, test.name.span, "this test expects nothing")
                .help("write what is to hold: `expect abc = A`");
            cx.report(finding);
        }
        cx.model.tests.push(case);
    }
}

fn row(cx: &mut Checker, entity: EntityId, attrs: &[ast::Attr], span: Span) -> TestRow {
    let mut out = TestRow { entity, fields: Vec::new(), pins: Vec::new(), span };
    for attr in attrs {
        let name = &attr.name;
        match cx.tables.symbols.members.get(&(entity, name.text.clone())).map(|(member, _)| *member) {
            Some(Member::Field(index)) => {
                let field = FieldId { entity, index };
                if let Some(value) = field_value(cx, field, &attr.value) {
                    out.fields.push((field, value, attr.span));
                }
            }
            Some(Member::Quota(_)) => pin_fault(cx, name, "a quota hangs on a period: set the rows it counts"),
            Some(_) => pin(cx, &mut out, entity, attr),
            None => unknown_field(cx, entity, name),
        }
    }
    out
}

fn pin_fault(cx: &mut Checker, name: &ast::Name, help: &str) {
    cx.report(Finding::new(codes::TEST_ROW, name.span, format!("`{}` cannot be set in a test", name.text)).help(help));
}

fn unknown_field(cx: &mut Checker, entity: EntityId, name: &ast::Name) {
    let whose = cx.model.entity(entity).name.clone();
    let names = cx.member_names(entity);
    let mut finding = Finding::new(codes::UNKNOWN_FIELD, name.span, format!("`{whose}` has no field `{}`", name.text));
    if let Some(near) = near::nearest(&name.text, names.iter().map(String::as_str)) {
        finding = finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), name.span, near);
    }
    cx.report(finding);
}

fn says_missing(value: &ast::Expr) -> bool {
    matches!(&value.kind, ExprKind::Name(word) if word == "missing")
}

fn pin(cx: &mut Checker, out: &mut TestRow, entity: EntityId, attr: &ast::Attr) {
    let env = Env::about(Ctx::Entity(entity));
    let pinned = cx.expr(&ast::Expr { kind: ExprKind::Name(attr.name.text.clone()), span: attr.name.span }, &env);
    if cx.is_unknown(pinned) {
        return;
    }
    match cx.exprs().node(pinned).clone() {
        Node::Field(field) => {
            // A define that only names a field: setting it is setting the field.
            if let Some(value) = field_value(cx, field, &attr.value) {
                out.fields.push((field, value, attr.span));
            }
            return;
        }
        Node::Const(_) | Node::Row(_) | Node::Today => {
            return pin_fault(cx, &attr.name, "it is the same for every row, whatever a test says");
        }
        _ => {}
    }
    if says_missing(&attr.value) {
        out.pins.push((pinned, TestValue::Missing, attr.span));
        return;
    }
    let kind = cx.kind(pinned);
    if let Some(value) = constant_of(cx, &attr.value, kind) {
        out.pins.push((pinned, TestValue::Value(value), attr.span));
    }
}

fn field_value(cx: &mut Checker, field: FieldId, value: &ast::Expr) -> Option<TestValue> {
    let of = cx.model.field(field).clone();
    if says_missing(value) {
        if !of.ty.optional {
            let message = format!("`{}` is never missing", of.name);
            cx.report(
                Finding::new(codes::TEST_ROW, value.span, message)
                    .also(of.span, "declared here")
                    .help("give it a value, or write `?` behind its type"),
            );
            return None;
        }
        return Some(TestValue::Missing);
    }
    if let Type::Row(to) = of.ty.kind {
        let by = FieldId { entity: to, index: of.by? };
        let kind = cx.model.field(by).ty.kind;
        return constant_of(cx, value, kind).map(|value| TestValue::Key(value, kind));
    }
    let constant = constant_of(cx, value, of.ty.kind)?;
    if let (Some((low, high)), Value::Num(units)) = (of.range, &constant)
        && !(low..=high).contains(units)
    {
        let message = format!("`{}` lies outside the range of its field", of.name);
        cx.report(
            Finding::new(codes::TEST_ROW, value.span, message)
                .also(of.span, "the range is declared here")
                .help("such a row would be set aside at load"),
        );
        return None;
    }
    Some(TestValue::Value(constant))
}

/// A constant of a type, brought to its scale.
fn constant_of(cx: &mut Checker, value: &ast::Expr, kind: Type) -> Option<Value> {
    let env = Env::about(Ctx::Policy);
    let id = cx.expr_as(value, &env, Some(kind));
    if cx.is_unknown(id) || kind == Type::Unknown {
        return None;
    }
    let Node::Const(constant) = cx.exprs().node(id).clone() else {
        cx.report(
            Finding::new(codes::TEST_ROW, value.span, "a test's row holds values written out")
                .help("write a number, a date, a text in quotes, or a value of a picklist"),
        );
        return None;
    };
    let got = cx.kind(id);
    let suits = match (kind, got) {
        (Type::Time, Type::Text { .. }) => return time(cx, &constant, value.span),
        (Type::Labels(a), Type::Label(b)) if a == b => {
            let Value::Label(label) = constant else { return None };
            return Some(Value::Labels([label].into()));
        }
        (Type::Duration(_), Type::Duration(_)) => true,
        (a, b) => crate::lower::join(a, b).is_some(),
    };
    if !suits {
        let wanted = stand_in(cx, kind, value.span);
        let fault = cx.compare(kamrules_model::CompareOp::Equal, (wanted, value.span), (id, value.span), value.span);
        if !cx.is_unknown(fault) {
            cx.say(codes::TEST_ROW, value.span, "this value does not go with the field");
        }
        return None;
    }
    match (arith::rescale_value(&constant, got, kind), kind.scale(), got.scale()) {
        (Ok(rescaled), Some(to), Some(from)) if to < from && arith::rescale_value(&rescaled, kind, got).as_ref() != Ok(&constant) => {
            cx.report(
                Finding::new(codes::DECIMALS, value.span, format!("the field has {to} decimal{}", if to == 1 { "" } else { "s" }))
                    .help("round the value"),
            );
            None
        }
        (Ok(rescaled), ..) => Some(rescaled),
        (Err(_), ..) => {
            cx.say(codes::DECIMALS, value.span, "this number is too large");
            None
        }
    }
}

fn stand_in(cx: &mut Checker, kind: Type, span: Span) -> ExprId {
    cx.add(Node::Missing, kamrules_model::Ty::known(kind), Ctx::Policy, span)
}

/// An instant written as text: `"2026-02-01T10:00:00Z"`.
fn time(cx: &mut Checker, constant: &Value, span: Span) -> Option<Value> {
    let Value::Text(sym) = constant else { return None };
    let text = cx.model.texts.get(*sym);
    let zone = cx.model.settings.timezone.clone();
    match kamrules_model::zone::read_time(&text, zone.as_deref()) {
        Some(micros) => Some(Value::Time(micros)),
        None => {
            cx.report(Finding::new(codes::TEST_ROW, span, "this is no time").help("write it as `\"2026-02-01T10:00:00Z\"`"));
            None
        }
    }
}

fn expectation(cx: &mut Checker, case: &TestCase, expect: &ast::Expect) -> Option<Expectation> {
    let (ctx, row) = match &expect.row {
        Some((entity, which, span)) => {
            let id = entity_named(cx, entity)?;
            (Ctx::Entity(id), row_number(cx, case, id, which, *span)?)
        }
        None => (context_of(cx, case, &expect.condition), 0),
    };
    let env = Env::about(ctx);
    let condition = cx.filter(&expect.condition, &env);
    if cx.is_unknown(condition) {
        return None;
    }
    if let Ctx::Entity(entity) = ctx
        && expect.row.is_none()
        && cx.exprs().ctx(condition) == ctx
        && !has_rows(case, entity)
    {
        let name = cx.model.entity(entity).name.clone();
        cx.report(
            Finding::new(codes::TEST_ROW, expect.span, format!("this test has no row of `{name}` to ask"))
                .help(format!("write one: `{name} {{ … }}`")),
        );
        return None;
    }
    let sides = sides(cx, &expect.condition, &env);
    Some(Expectation { condition, row, ctx, sides, span: expect.span })
}

fn has_rows(case: &TestCase, entity: EntityId) -> bool {
    case.rows.iter().any(|row| row.entity == entity) || case.files.iter().any(|(of, _)| *of == entity)
}

fn row_number(cx: &mut Checker, case: &TestCase, entity: EntityId, which: &Literal, span: Span) -> Option<u32> {
    let number = match which {
        Literal::Number(number) if number.scale == 0 && number.units >= 1 => number.units,
        _ => {
            cx.report(Finding::new(codes::TEST_ROW, span, "rows of a test are counted 1, 2, 3 …").help("write `for contact 1`"));
            return None;
        }
    };
    let count = case.rows.iter().filter(|row| row.entity == entity).count() as i128;
    let from_file = case.files.iter().any(|(of, _)| *of == entity);
    if number > count && !from_file {
        let name = cx.model.entity(entity).name.clone();
        let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
        cx.say(codes::TEST_ROW, span, format!("this test has {rows} of `{name}`"));
        return None;
    }
    u32::try_from(number - 1).ok()
}

/// About which rows an expectation is: of the entities in the test, the first that has the names it speaks of.
fn context_of(cx: &mut Checker, case: &TestCase, condition: &ast::Expr) -> Ctx {
    let mut entities: Vec<EntityId> = Vec::new();
    for entity in case.rows.iter().map(|row| row.entity).chain(case.files.iter().map(|(entity, _)| *entity)) {
        if !entities.contains(&entity) {
            entities.push(entity);
        }
    }
    let mut candidates = vec![Ctx::Policy];
    candidates.extend(entities.iter().map(|&entity| Ctx::Entity(entity)));
    for &ctx in &candidates {
        let before = cx.findings.len();
        let today = cx.tables.uses_today;
        cx.filter(condition, &Env::about(ctx));
        let clean = cx.findings.len() == before;
        cx.findings.truncate(before);
        cx.tables.uses_today = today;
        if clean {
            return ctx;
        }
    }
    entities.first().map_or_else(|| guess(cx, condition), |&entity| Ctx::Entity(entity))
}

/// Without rows to go by, the entity that has the first name of the condition as a field.
fn guess(cx: &Checker, condition: &ast::Expr) -> Ctx {
    let name = first_name(condition);
    let found =
        name.and_then(|name| cx.tables.symbols.members.keys().filter(|(_, member)| *member == name).map(|(entity, _)| *entity).min());
    found.map_or(Ctx::Policy, Ctx::Entity)
}

fn first_name(expr: &ast::Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name.clone()),
        ExprKind::Field(inner, _) | ExprKind::Paren(inner) | ExprKind::Unary(_, inner) | ExprKind::IsKnown(inner, _) => first_name(inner),
        ExprKind::Call(callee, _) => first_name(callee),
        ExprKind::Binary(binary) => first_name(&binary.left),
        _ => None,
    }
}

/// The left side of a comparison, and what is expected of it, as written.
fn sides(cx: &mut Checker, condition: &ast::Expr, env: &Env) -> Option<(ExprId, String)> {
    let ExprKind::Binary(binary) = &condition.kind else { return None };
    if !matches!(binary.op, BinaryOp::Compare(_) | BinaryOp::In | BinaryOp::NotIn | BinaryOp::Contains | BinaryOp::Has) {
        return None;
    }
    let before = cx.findings.len();
    let left = cx.expr(&binary.left, env);
    cx.findings.truncate(before);
    let expected = Span { start: binary.op_span.start, ..condition.span };
    (!cx.is_unknown(left)).then(|| (left, cx.source(expected)))
}
