//! `kamrules explain`: why one row's answers are what they are.

use crate::args::{Explain, Report, path_and_word};
use crate::output::{Ended, Shell};
use crate::world::FileWorld;
use kamrules_render::{explain_json, explain_text};

/// Runs the command.
pub fn run(world: &FileWorld, shell: &Shell, args: Explain) -> Ended {
    let request = match super::request(world, &args.data) {
        Ok(request) => request,
        Err(findings) => return shell.give_up(&findings),
    };
    let (path, key) = path_and_word(args.words);
    let mut policies = match super::open(world, shell, &path) {
        Ok(policies) => policies,
        Err(ended) => return ended,
    };
    let (mut ended, mut text, mut all) = (Ended::WELL, String::new(), Vec::new());
    for policy in &mut policies {
        if request.as_of.is_some() {
            policy.today_is_said();
        }
        if let Some(refused) = super::refuse(shell, policy) {
            ended = ended.and(refused);
            continue;
        }
        let (book, whys) = match policy.explain(world, &request, &key) {
            Ok(found) => found,
            Err(findings) => {
                ended = ended.and(super::unable(world, shell, policy, &findings));
                continue;
            }
        };
        world.clear();
        for why in &whys {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&explain_text::render(policy.model(), &policy.sources, &book, why, shell.paint()));
            all.push(explain_json::render(policy.model(), &policy.sources, &book, why));
        }
    }
    if args.format == Report::Json && !all.is_empty() {
        text = format!("{:#}\n", serde_json::json!({ "schema": 1, "rows": all }));
    }
    shell.answer(text).and(ended)
}
