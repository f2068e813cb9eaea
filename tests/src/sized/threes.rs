//! Sets that are hard for any method: whether three of many flags at a time can be left out of all rungs at once.

use crate::generate::rng::Rng;
use std::fmt::Write;

/// A ladder over so many flags, each rung about three of them; 4.26 times as many rungs as flags, where about half of such ladders take
/// every account and none are harder to decide.
pub fn threes(flags: usize) -> String {
    let rng = &mut Rng::new(11);
    let mut text = String::from("policy \"Threes\" {\n  currency USD\n  as of 2026-06-30\n}\n\nentity account {\n  id : text key\n");
    for flag in 0..flags {
        let _ = writeln!(text, "  f{flag:03} : flag");
    }
    text.push_str("}\n\n## Which desk an account belongs to.\nsegments desk \"Desk\" for account first match {\n");
    for rung in 0..flags * 426 / 100 {
        let mut chosen: Vec<usize> = Vec::new();
        while chosen.len() < 3 {
            let flag = rng.below(flags);
            if !chosen.contains(&flag) {
                chosen.push(flag);
            }
        }
        let parts: Vec<String> =
            chosen.iter().map(|flag| if rng.percent(50) { format!("f{flag:03}") } else { format!("not f{flag:03}") }).collect();
        let _ = writeln!(text, "  d{rung:05} when {}", parts.join(" and "));
    }
    text + "}\n"
}
