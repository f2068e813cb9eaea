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
