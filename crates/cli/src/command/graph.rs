//! `kamrules graph`: drawings.

use crate::args::{Drawing, Graph, path_and_word};
use crate::output::{Ended, Shell};
use crate::world::FileWorld;
use kamrules_render::{dot, mermaid};

/// Runs the command.
pub fn run(world: &FileWorld, shell: &Shell, args: Graph) -> Ended {
    let (path, name) = path_and_word(args.words);
    let policies = match super::open(world, shell, &path) {
        Ok(policies) => policies,
        Err(ended) => return ended,
    };
    let (mut ended, mut text) = (Ended::WELL, String::new());
    for policy in &policies {
        if let Some(refused) = super::refuse(shell, policy) {
            ended = ended.and(refused);
            continue;
        }
        match policy.graph(&name) {
            Ok(graph) => text.push_str(&match args.format {
                Drawing::Mermaid => mermaid::render(&graph),
                Drawing::Dot => dot::render(&graph),
            }),
            Err(findings) => ended = ended.and(shell.give_up(&findings)),
        }
    }
    shell.answer(text).and(ended)
}
