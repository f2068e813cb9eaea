//! Printing, and how a run ends.

use crate::args::When;
use kamrules_base::{Finding, Sources};
use kamrules_render::findings_text;
use kamrules_render::paint::Paint;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// How a run ended. Of several, 2 comes before 1 before 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ended {
    rules: bool,
    unable: bool,
    data: bool,
}

impl Ended {
    /// All well.
    pub const WELL: Self = Self { rules: false, unable: false, data: false };
    /// The rules are at fault.
    pub const RULES: Self = Self { rules: true, ..Self::WELL };
    /// It could not be run.
    pub const UNABLE: Self = Self { unable: true, ..Self::WELL };
    /// The data are at fault.
    pub const DATA: Self = Self { data: true, ..Self::WELL };

    /// This, if it is so.
    pub fn when(self, so: bool) -> Self {
        if so { self } else { Self::WELL }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { rules: self.rules || other.rules, unable: self.unable || other.unable, data: self.data || other.data }
    }

    /// Whether something could not be run.
    pub fn is_unable(self) -> bool {
        self.unable
    }

    /// The exit status.
    pub fn code(self) -> ExitCode {
        match self {
            Self { unable: true, .. } => ExitCode::from(2),
            Self { rules: true, .. } => ExitCode::from(1),
            Self { data: true, .. } => ExitCode::from(3),
            _ => ExitCode::SUCCESS,
        }
    }
}

/// Where text goes, and whether it is coloured there.
pub struct Shell {
    color: When,
}

impl Shell {
    /// A shell.
    pub fn new(color: When) -> Self {
        Self { color }
    }

    fn coloured(&self, terminal: bool) -> bool {
        match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }

    /// Colours for the answer.
    pub fn paint(&self) -> Paint {
        Paint { on: self.coloured(std::io::stdout().is_terminal()) }
    }

    /// Prints the answer. Whoever reads it may stop reading.
    pub fn answer(&self, text: impl AsRef<[u8]>) -> Ended {
        let mut out = std::io::stdout().lock();
        match out.write_all(text.as_ref()).and_then(|()| out.flush()) {
            Ok(()) => Ended::WELL,
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ended::WELL,
            Err(error) => {
                self.say(&format!("the answer cannot be written: {error}\n"));
                Ended::UNABLE
            }
        }
    }

    /// Prints findings where they do not mix with the answer.
    pub fn report(&self, findings: &[Finding], sources: &Sources) {
        self.say(&findings_text::render(findings, sources, self.coloured(std::io::stderr().is_terminal())));
    }

    /// Prints findings that have no place, and gives up.
    pub fn give_up(&self, findings: &[Finding]) -> Ended {
        self.report(findings, &Sources::default());
        Ended::UNABLE
    }

    /// Prints on standard error. When nobody listens there, there is nobody to tell.
    pub fn say(&self, text: &str) {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}
