//! What can be drawn: a decision with its rungs, a tree with its questions, and the layers of the whole policy.

use crate::Policy;
use crate::explain::{name_of, one_line};
use kamrules_base::codes::NOTHING_TO_DRAW;
use kamrules_base::{Finding, Span, near};
use kamrules_model::{Condition, DecisionId, ExprId, MessagePart, Model, Node, Outcome, Set, SetId, SetKind};
use rustc_hash::FxHashSet;

/// Something to draw: boxes and arrows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    /// What it shows.
    pub title: String,
    /// The boxes.
    pub nodes: Vec<GraphNode>,
    /// The arrows.
    pub edges: Vec<GraphEdge>,
}

/// A box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphNode {
    /// What stands in it.
    pub text: String,
    /// What it is.
    pub kind: NodeKind,
}

/// What a box is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// A question of a tree, or the set itself.
    Question,
    /// A rung in which others are nested.
    Group,
    /// An answer.
    Answer,
    /// An item of the policy.
    Item,
    /// An entity.
    Entity,
}

/// An arrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphEdge {
    /// From which box.
    pub from: usize,
    /// To which.
    pub to: usize,
    /// What stands on it; may be empty.
    pub text: String,
}

impl Graph {
    fn node(&mut self, text: impl Into<String>, kind: NodeKind) -> usize {
        self.nodes.push(GraphNode { text: text.into(), kind });
        self.nodes.len() - 1
    }

    fn edge(&mut self, from: usize, to: usize, text: impl Into<String>) {
        self.edges.push(GraphEdge { from, to, text: text.into() });
    }
}

impl Policy {
    /// The drawing of a set, table or tree by its name, or of `layers`.
    ///
    /// # Errors
    /// When there is nothing of this name.
    pub fn graph(&self, name: &str) -> Result<Graph, Vec<Finding>> {
        let model = self.model();
        if let Some(at) = model.sets.iter().position(|set| set.name == name) {
            return Ok(self.set_graph(SetId(at as u32)));
        }
        if name == "layers" {
            return Ok(layers(model, &self.name()));
        }
        let names: Vec<&str> = model.sets.iter().map(|set| set.name.as_str()).chain(["layers"]).collect();
        let finding = Finding::without_place(NOTHING_TO_DRAW, format!("there is no tree, set or table `{name}` to draw"));
        Err(vec![match near::nearest(name, names.iter().copied()) {
            Some(meant) => finding.help(format!("did you mean `{meant}`?")),
            None => finding.help(format!("there are: {}", names.join(", "))),
        }])
    }

    fn set_graph(&self, id: SetId) -> Graph {
        let set = self.model().set(id);
        let mut graph = Graph { title: display(&set.name, set.display.as_deref()), nodes: Vec::new(), edges: Vec::new() };
        for version in &set.versions {
            let root = match (set.kind, version.from) {
                (SetKind::Tree, _) => self.question(&mut graph, version.decision),
                (_, None) => graph.node(graph.title.clone(), NodeKind::Question),
                (_, Some(from)) => graph.node(format!("{} from {from}", graph.title), NodeKind::Question),
            };
            self.rungs(&mut graph, set, version.decision, root);
        }
        graph
    }

    fn question(&self, graph: &mut Graph, id: DecisionId) -> usize {
        let decision = self.model().decision(id);
        let subject = decision.subject.map(|subject| name_of(self.model(), &self.sources, subject)).unwrap_or_default();
        match &decision.question {
            Some(question) => graph.node(format!("{question}\n{subject}"), NodeKind::Question),
            None => graph.node(subject, NodeKind::Question),
        }
    }

    fn rungs(&self, graph: &mut Graph, set: &Set, id: DecisionId, from: usize) {
        let decision = self.model().decision(id);
        for rung in &decision.rungs {
            let tree = set.kind == SetKind::Tree;
            let on_arrow = if tree { rung.name.to_string() } else { self.condition(&rung.when, rung.overrides, rung.span) };
            let to = match &rung.outcome {
                Outcome::Nested(nested) if tree => {
                    let to = self.question(graph, *nested);
                    self.rungs(graph, set, *nested, to);
                    to
                }
                Outcome::Nested(nested) => {
                    let to = graph.node(label_text(self.model(), set, &rung.name), NodeKind::Group);
                    self.rungs(graph, set, *nested, to);
                    to
                }
                Outcome::Label(code) => graph.node(label_text(self.model(), set, &set.labels[*code as usize].name), NodeKind::Answer),
                Outcome::Points(_) => graph.node(label_text(self.model(), set, &rung.name), NodeKind::Answer),
                Outcome::Value(expr) => {
                    let text = self.outcome(set, *expr).unwrap_or_else(|| rung.name.to_string());
                    graph.node(text, NodeKind::Answer)
                }
            };
            graph.edge(from, to, on_arrow);
        }
    }

    /// What an outcome that is an expression reads: another tree's name, or its text.
    fn outcome(&self, set: &Set, expr: ExprId) -> Option<String> {
        let model = self.model();
        if let Some(other) = model.sets.iter().find(|other| other.answer == expr && other.name != set.name) {
            return Some(display(&other.name, other.display.as_deref()));
        }
        let text = one_line(self.sources.text(model.exprs.span(expr)));
        (!text.is_empty()).then_some(text)
    }

    fn condition(&self, when: &Condition, overrides: bool, span: Span) -> String {
        let text = match when {
            Condition::When(expr) => {
                let at = self.model().exprs.span(*expr);
                let inside = at.file == span.file && span.start <= at.start && at.end <= span.end;
                one_line(self.sources.text(if inside { at } else { span }))
            }
            Condition::Otherwise => "otherwise".into(),
            Condition::Each { rows, .. } => format!("each {}", self.model().entity(*rows).name),
        };
        if overrides { format!("overrides: {text}") } else { text }
    }
}

fn display(name: &str, display: Option<&str>) -> String {
    display.map_or_else(|| name.to_owned(), |display| format!("{display} ({name})"))
}

/// A label by its display name and its own; for an action that of the action.
fn label_text(model: &Model, set: &Set, name: &str) -> String {
    let Some(label) = set.labels.iter().find(|label| label.name == name) else { return name.to_owned() };
    let action = label.action.and_then(|action| model.action(action).display.as_deref());
    display(name, label.display.as_deref().or(action))
}

/// Which item uses which: what the whole policy stands on, from the data up.
fn layers(model: &Model, title: &str) -> Graph {
    let mut graph = Graph { title: title.into(), nodes: Vec::new(), edges: Vec::new() };
    let items = items(model);
    let entities: Vec<usize> = model.entities.iter().map(|entity| graph.node(entity.name.clone(), NodeKind::Entity)).collect();
    let own: Vec<usize> = items.iter().map(|item| graph.node(item.text.clone(), NodeKind::Item)).collect();
    for (i, item) in items.iter().enumerate() {
        let uses = uses(model, &items, i, &item.roots);
        uses.items.iter().for_each(|&other| graph.edge(own[other], own[i], ""));
        uses.entities.iter().for_each(|&entity| graph.edge(entities[entity as usize], own[i], ""));
    }
    graph
}

struct Item {
    text: String,
    /// The expressions by which others use it.
    heads: Vec<ExprId>,
    /// The expressions it is made of.
    roots: Vec<ExprId>,
}

fn items(model: &Model) -> Vec<Item> {
    let item = |word: &str, name: &str, heads: Vec<ExprId>, roots: Vec<ExprId>| Item { text: format!("{word} {name}"), heads, roots };
    let mut out = Vec::new();
    for define in model.defines.iter().filter(|define| !define.library) {
        let name = define.entity.map_or(define.name.clone(), |entity| format!("{}.{}", model.entity(entity).name, define.name));
        out.push(item("define", &name, vec![define.expr], vec![define.expr]));
    }
    for set in &model.sets {
        let heads: Vec<ExprId> = [set.answer]
            .into_iter()
            .chain(set.attrs.iter().map(|attr| attr.expr))
            .chain(set.versions.iter().map(|version| version.answer))
            .collect();
        out.push(item(set.kind.word(), &set.name, heads.clone(), heads));
    }
    for quota in &model.quotas {
        let cells = || {
            quota
                .periods
                .iter()
                .chain(&quota.total)
                .flat_map(|cell| [cell.applies, cell.target, cell.actual, cell.attainment, cell.remaining])
                .flatten()
        };
        out.push(item(
            "quota",
            &quota.name,
            quota.periods.iter().chain(&quota.total).flat_map(|cell| [cell.target, cell.actual, cell.attainment]).flatten().collect(),
            cells().collect(),
        ));
    }
    for metric in &model.metrics {
        let roots =
            metric.filter.into_iter().chain(metric.groups.iter().copied()).chain(metric.cells.iter().map(|(_, cell)| *cell)).collect();
        out.push(item("metric", &metric.name, Vec::new(), roots));
    }
    for obligation in &model.obligations {
        let word = if obligation.must { "must" } else { "should" };
        out.push(item(word, &obligation.name, Vec::new(), obligation.filter.into_iter().chain([obligation.holds]).collect()));
    }
    for cadence in &model.cadences {
        out.push(item("cadence", &cadence.name, Vec::new(), cadence.filter.into_iter().chain([cadence.due]).collect()));
    }
    for action in &model.actions {
        out.push(item("action", &action.name, Vec::new(), action.attrs.iter().map(|(_, expr)| *expr).collect()));
    }
    out
}

struct Uses {
    items: Vec<usize>,
    entities: Vec<u32>,
}

/// The items that an item uses directly, and the entities whose fields it reads itself.
fn uses(model: &Model, items: &[Item], own: usize, roots: &[ExprId]) -> Uses {
    let (mut used, mut entities) = (Vec::new(), Vec::new());
    let mut seen = FxHashSet::default();
    let mut open: Vec<(ExprId, bool)> = roots.iter().map(|root| (*root, true)).collect();
    while let Some((expr, root)) = open.pop() {
        if !seen.insert(expr) {
            continue;
        }
        let head = |(i, item): (usize, &Item)| (i != own && item.heads.contains(&expr)).then_some(i);
        if let Some(other) = items.iter().enumerate().find_map(head).filter(|_| !root || !items[own].heads.contains(&expr)) {
            used.push(other);
            continue;
        }
        match model.exprs.node(expr) {
            Node::Field(field) => entities.push(field.entity.0),
            Node::Aggregate(aggregate) => entities.push(aggregate.rows.0),
            _ => {}
        }
        open.extend(operands(model, expr).into_iter().map(|operand| (operand, false)));
    }
    used.sort_unstable();
    used.dedup();
    entities.sort_unstable();
    entities.dedup();
    Uses { items: used, entities }
}

/// The expressions directly below an expression, those of its decision included.
fn operands(model: &Model, expr: ExprId) -> Vec<ExprId> {
    match model.exprs.node(expr) {
        Node::Const(_) | Node::Missing | Node::Today | Node::Row(_) | Node::Field(_) | Node::GroupKey(..) => Vec::new(),
        Node::Through { reference, value } => vec![*reference, *value],
        Node::Not(a)
        | Node::Negate(a)
        | Node::IsKnown(a)
        | Node::OneOf(a, _)
        | Node::InList(a, _)
        | Node::LabelIn(a, _)
        | Node::LabelRow(a, _)
        | Node::Rescale(a)
        | Node::Ultimate(a) => vec![*a],
        Node::And(a, b) | Node::Or(a, b) | Node::Arith(_, a, b) | Node::Compare(_, a, b) | Node::OrElse(a, b) | Node::InPeriod(a, b) => {
            vec![*a, *b]
        }
        Node::If(a, b, c) => vec![*a, *b, *c],
        Node::Call(_, args) => args.to_vec(),
        Node::Split { total, .. } => vec![*total],
        Node::Population(fact) => [fact.value].into_iter().chain(fact.within).chain(fact.population).collect(),
        Node::Message(parts) => {
            parts.iter().filter_map(|part| if let MessagePart::Value(value) = part { Some(*value) } else { None }).collect()
        }
        Node::Aggregate(a) => {
            let keys = a.keys.iter().flat_map(|(inner, outer)| [*inner, *outer]);
            a.value.into_iter().chain(a.filter).chain(a.order).chain(a.guard).chain(keys).collect()
        }
        Node::Decide(id) => decision_operands(model, *id),
    }
}

fn decision_operands(model: &Model, id: DecisionId) -> Vec<ExprId> {
    let decision = model.decision(id);
    let mut out: Vec<ExprId> = decision.guard.into_iter().chain(decision.subject).collect();
    for rung in &decision.rungs {
        match &rung.when {
            Condition::When(when) => out.push(*when),
            Condition::Otherwise => {}
            Condition::Each { keys, filter, guard, .. } => {
                out.extend(keys.iter().flat_map(|(inner, outer)| [*inner, *outer]));
                out.extend(filter.iter().chain(guard));
            }
        }
        match &rung.outcome {
            Outcome::Value(value) => out.push(*value),
            Outcome::Nested(nested) => out.extend(decision_operands(model, *nested)),
            Outcome::Label(_) | Outcome::Points(_) => {}
        }
    }
    out
}
