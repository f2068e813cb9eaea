//! Drawings as Mermaid flowcharts.

use kamrules_session::{Graph, NodeKind};
use std::fmt::Write;

/// The drawing.
pub fn render(graph: &Graph) -> String {
    let mut out = format!("---\ntitle: {}\n---\nflowchart TD\n", serde_json::Value::from(graph.title.as_str()));
    for (i, node) in graph.nodes.iter().enumerate() {
        let text = text(&node.text);
        let shape = match node.kind {
            NodeKind::Question => format!("{{{{\"{text}\"}}}}"),
            NodeKind::Group | NodeKind::Item => format!("[\"{text}\"]"),
            NodeKind::Answer => format!("([\"{text}\"])"),
            NodeKind::Entity => format!("[(\"{text}\")]"),
        };
        let _ = writeln!(out, "  n{i}{shape}");
    }
    for edge in &graph.edges {
        let label = if edge.text.is_empty() { String::new() } else { format!("|\"{}\"|", text(&edge.text)) };
        let _ = writeln!(out, "  n{} -->{label} n{}", edge.from, edge.to);
    }
    out
}

/// A text without the signs that Mermaid or the HTML around it would read as its own.
fn text(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '#' => out.push_str("#35;"),
            '`' => out.push_str("#96;"),
            '\n' => out.push_str("<br>"),
            other => out.push(other),
        }
    }
    out
}
