//! Trees: questions to nested decisions.

use super::head::{self, Parts, suit};
use crate::checker::Checker;
use crate::lower::{Env, known_in_branches};
use kamrules_base::{Finding, codes, near};
use kamrules_model::{Ctx, Decision, DecisionId, ExprId, Label, Outcome, Rung, SetId, Ty, Win};
use kamrules_syntax::ast::{self, ItemKind, Target};

/// The labels of a tree: what it gives, and the actions at its leaves and at those of the trees it leads to.
pub(crate) fn labels(cx: &mut Checker, tree: &ast::Tree, out: &mut Vec<Label>, open: &mut Vec<String>) {
    for name in &tree.gives {
        add(out, name, None);
    }
    open.push(tree.head.name.text.clone());
    leaves(cx, tree, &tree.root, out, open);
    open.pop();
}

fn add(out: &mut Vec<Label>, name: &ast::Name, action: Option<kamrules_model::ActionId>) {
    if !out.iter().any(|label| label.name == name.text) && !name.text.is_empty() {
        out.push(Label { name: name.text.clone(), display: None, parent: None, group: false, each: None, action, span: name.span });
    }
}

fn leaves(cx: &mut Checker, tree: &ast::Tree, node: &ast::Node, out: &mut Vec<Label>, open: &mut Vec<String>) {
    for branch in &node.branches {
        match &branch.target {
            Target::Node(node) => leaves(cx, tree, node, out, open),
            Target::Leaf(name) => {
                if tree.gives.iter().any(|label| label.text == name.text) {
                    add(out, name, None);
                } else if let Some(other) = tree_named(cx, &name.text) {
                    if !open.contains(&name.text) {
                        labels(cx, &other, out, open);
                    }
                } else if let Some(&(action, _)) = cx.tables.symbols.actions.get(&name.text) {
                    add(out, name, Some(action));
                }
            }
        }
    }
}

fn tree_named(cx: &Checker, name: &str) -> Option<ast::Tree> {
    let files = &cx.tables.files;
    cx.tables.symbols.set_items.iter().flatten().find_map(|at| match &files[at.0 as usize].1.items[at.1 as usize].kind {
        ItemKind::Tree(tree) if tree.head.name.text == name => Some(tree.clone()),
        _ => None,
    })
}

/// Lowers a tree to its answer.
pub(crate) fn lower(cx: &mut Checker, set: SetId, item: &ast::Tree) -> ExprId {
    suit(cx, &item.head, "a `tree`", Parts { display: true, entity: true, from: true, filter: true, ..Parts::default() });
    let mut open = Vec::new();
    match whole(cx, set, item, &mut open) {
        Some(id) => {
            let decision = cx.model.decision(id).clone();
            cx.decide(decision)
        }
        None => cx.unknown(item.head.name.span),
    }
}

fn whole(cx: &mut Checker, set: SetId, item: &ast::Tree, open: &mut Vec<(String, kamrules_base::Span)>) -> Option<DecisionId> {
    let entity = cx.model.set(set).entity;
    let (guard, env) = head::filtered(cx, &item.head, Ctx::Entity(entity));
    if guard.is_some_and(|id| cx.is_unknown(id)) {
        return None;
    }
    open.push((item.head.name.text.clone(), item.head.name.span));
    let root = node(cx, set, item, &item.root, guard, &env, open);
    open.pop();
    root
}

fn node(
    cx: &mut Checker,
    set: SetId,
    tree: &ast::Tree,
    node: &ast::Node,
    guard: Option<ExprId>,
    env: &Env,
    open: &mut Vec<(String, kamrules_base::Span)>,
) -> Option<DecisionId> {
    let subject = cx.expr(&node.subject, env);
    let branches: Vec<&ast::Tests> = node.branches.iter().map(|branch| &branch.tests).collect();
    let tested = cx.tested(subject, &branches, node.subject.span, env, "this question");
    let mut rungs = Vec::new();
    let mut spoiled = cx.is_unknown(subject);
    let known = known_in_branches(cx.exprs(), &tested);
    for ((branch, when), known) in node.branches.iter().zip(tested).zip(known) {
        let inside = env.knowing(known);
        let outcome = target(cx, set, tree, &branch.target, &inside, open);
        let name = cx.source(branch.tests.span);
        match outcome {
            Some(outcome) if !when.spoiled => {
                rungs.push(Rung { name: name.into(), overrides: false, when: when.condition(), outcome, span: branch.span });
            }
            _ => spoiled = true,
        }
    }
    if spoiled {
        return None;
    }
    let entity = cx.model.set(set).entity;
    let ty = Ty { kind: cx.answer_type(set), optional: guard.is_some() };
    Some(cx.decision(Decision {
        ctx: Ctx::Entity(entity),
        ty,
        win: Win::Exclusive,
        guard,
        rungs,
        set: Some(set),
        span: node.span,
        question: Some(node.question.value.as_str().into()),
        subject: Some(subject),
    }))
}

fn target(
    cx: &mut Checker,
    set: SetId,
    tree: &ast::Tree,
    target: &Target,
    env: &Env,
    open: &mut Vec<(String, kamrules_base::Span)>,
) -> Option<Outcome> {
    match target {
        Target::Node(inner) => node(cx, set, tree, inner, None, env, open).map(Outcome::Nested),
        Target::Leaf(name) => leaf(cx, set, tree, name, open),
    }
}

fn leaf(
    cx: &mut Checker,
    set: SetId,
    tree: &ast::Tree,
    name: &ast::Name,
    open: &mut Vec<(String, kamrules_base::Span)>,
) -> Option<Outcome> {
    let given = tree.gives.iter().any(|label| label.text == name.text);
    if !given && let Some(other) = tree_named(cx, &name.text) {
        return subtree(cx, set, name, &other, open);
    }
    if !given && let Some(&(action, _)) = cx.tables.symbols.actions.get(&name.text) {
        action_suits(cx, set, name, action);
    }
    match cx.label_code(set, &name.text) {
        Some(code) => Some(Outcome::Label(code)),
        None => {
            unknown_leaf(cx, tree, name);
            None
        }
    }
}

fn subtree(
    cx: &mut Checker,
    set: SetId,
    name: &ast::Name,
    other: &ast::Tree,
    open: &mut Vec<(String, kamrules_base::Span)>,
) -> Option<Outcome> {
    if let Some(at) = open.iter().position(|(tree, _)| *tree == name.text) {
        let mut names: Vec<String> = open[at..].iter().map(|(tree, _)| tree.clone()).collect();
        let path: Vec<String> = names.iter().map(|tree| format!("`{tree}`")).collect();
        names.sort_unstable();
        if !cx.tables.circles.insert(names) {
            return None;
        }
        let first = &open[at].1;
        let finding =
            Finding::new(codes::CYCLE, name.span, format!("these trees lead round in a circle: {} → `{}`", path.join(" → "), name.text))
                .also(*first, "this tree is asked already")
                .help("end the branch in an action");
        cx.report(finding);
        return None;
    }
    let entity = cx.model.set(set).entity;
    if head::entity(cx, &other.head) != Some(entity) {
        let message = format!("`{}` is a tree for another entity", name.text);
        cx.report(Finding::new(codes::LEAF, name.span, message).also(other.head.name.span, "declared here"));
        return None;
    }
    whole(cx, set, other, open).map(Outcome::Nested)
}

fn action_suits(cx: &mut Checker, set: SetId, name: &ast::Name, action: kamrules_model::ActionId) {
    let entity = cx.model.set(set).entity;
    let Some(of) = cx.model.actions.get(action.index()) else { return };
    if of.entity != entity {
        let (theirs, ours) = (cx.model.entity(of.entity).name.clone(), cx.model.entity(entity).name.clone());
        let message = format!("`{}` is an action for `{theirs}`, this tree is for `{ours}`", name.text);
        let at = of.span;
        cx.report(Finding::new(codes::LEAF, name.span, message).also(at, "declared here").help(format!("write an action `for {ours}`")));
    }
}

fn unknown_leaf(cx: &mut Checker, tree: &ast::Tree, name: &ast::Name) {
    if name.text.is_empty() {
        return;
    }
    let mut names: Vec<String> = tree.gives.iter().map(|label| label.text.clone()).collect();
    names.extend(cx.tables.symbols.actions.keys().cloned());
    let mut finding =
        Finding::new(codes::LEAF, name.span, format!("`{}` is no action, no tree, and not among what this tree gives", name.text));
    if let Some(near) = near::nearest(&name.text, names.iter().map(String::as_str)) {
        finding = finding.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), name.span, near);
    }
    let entity = tree.head.entity.as_ref().map_or("account", |entity| entity.text.as_str());
    cx.report(finding.help(format!("declare it: `action {} for {entity} {{ … }}`, or list it: `gives {{ {}, … }}`", name.text, name.text)));
}
