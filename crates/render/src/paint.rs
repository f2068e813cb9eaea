//! Colours, where they are wanted.

/// Whether words are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Paint {
    /// Whether they are.
    pub on: bool,
}

impl Paint {
    /// A heading.
    pub fn head(self, text: &str) -> String {
        self.with("1", text)
    }

    /// Something good.
    pub fn good(self, text: &str) -> String {
        self.with("32", text)
    }

    /// Something bad.
    pub fn bad(self, text: &str) -> String {
        self.with("31", text)
    }

    /// Something that matters less.
    pub fn faint(self, text: &str) -> String {
        self.with("2", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// A text for a terminal: control characters that stand in data would move its cursor or rename its window, and are shown as
/// signs instead. Line breaks and tabs stay, and colours where there are any.
pub fn printable(text: String, colored: bool) -> String {
    let tame = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    if text.chars().all(tame) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            _ if tame(c) || (colored && is_colour(&text[at..])) => out.push(c),
            '\r' if text[at + 1..].starts_with('\n') => {}
            '\u{7f}' => out.push('\u{2421}'),
            // The signs for control characters stand in their order.
            '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}')),
            _ => out.push('\u{fffd}'),
        }
    }
    out
}

/// Whether a text begins with a colour: an escape, a bracket, numbers and an `m`.
fn is_colour(text: &str) -> bool {
    let behind = text.strip_prefix("\u{1b}[").map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';'));
    behind.is_some_and(|rest| rest.starts_with('m'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_command_the_terminal() {
        let wild = "a\u{1b}]0;x\u{7}\tb\r\u{9b}2J\u{7f}\n";
        assert_eq!(printable(wild.to_owned(), false), "a␛]0;x␇\tb␍\u{fffd}2J␡\n");
        let coloured = Paint { on: true }.bad("x");
        assert_eq!(printable(coloured.clone(), true), coloured);
        assert_eq!(printable(coloured, false), "␛[31mx␛[0m");
    }
}
