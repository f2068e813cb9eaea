//! Drawings as Graphviz DOT.

use kamrules_session::{Graph, NodeKind};
use std::fmt::Write;

/// The drawing.
pub fn render(graph: &Graph) -> String {
    let title = quoted(&graph.title);
    let mut out = format!(
        "digraph {title} {{\n  label={title}; labelloc=t; fontname=\"sans-serif\";\n  node [fontname=\"sans-serif\"]; edge [fontname=\"sans-serif\"];\n"
    );
    for (i, node) in graph.nodes.iter().enumerate() {
        let shape = match node.kind {
            NodeKind::Question => "shape=hexagon",
            NodeKind::Group | NodeKind::Item => "shape=box",
            NodeKind::Answer => "shape=box, style=rounded",
            NodeKind::Entity => "shape=cylinder",
        };
        let _ = writeln!(out, "  n{i} [label={}, {shape}];", quoted(&node.text));
    }
    for edge in &graph.edges {
        let label = if edge.text.is_empty() { String::new() } else { format!(" [label={}]", quoted(&edge.text)) };
        let _ = writeln!(out, "  n{} -> n{}{label};", edge.from, edge.to);
    }
    out.push_str("}\n");
    out
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
