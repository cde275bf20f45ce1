//! From the words of a command line to a command, or to what is wrong with them.
//!
//! Numbers such as `-1,0,1` are arguments like any other: what begins with a minus and a digit is no option here, and
//! is handed to the parser behind a space, which `values` takes off again. So a slip in an option gets its suggestion.

use std::ffi::{OsStr, OsString};

use clap::{CommandFactory, Parser, error::ErrorKind};

use super::{Command, CommandLine};
use crate::{console, io::Failure};

/// Why there is nothing to run.
#[derive(Debug)]
pub enum Ending {
    /// Help or the version, as asked for.
    Asked(String),
    /// A command line that does not fit.
    Wrong(Failure),
}

impl Ending {
    /// Prints what was asked for, or gives back what is wrong.
    ///
    /// # Errors
    /// What is wrong, or that nothing could be printed.
    pub fn tell(self) -> Result<(), Failure> {
        match self {
            Ending::Asked(text) => console::print(&text),
            Ending::Wrong(failure) => Err(failure),
        }
    }
}

/// The command that the words of a command line give, the program's name first.
///
/// # Errors
/// An [`Ending`]: help that was asked for, or what is wrong.
pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Command, Ending> {
    let words: Vec<OsString> = words.into_iter().map(shielded).collect();
    let command = words.get(1).cloned();
    match CommandLine::try_parse_from(words) {
        Ok(line) => Ok(line.command),
        Err(error) => Err(match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Ending::Asked(error.render().to_string()),
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                let commands = "convolve, stream, explain, continuous, kernels, plan, train, predict, evaluate, features, compare, serve or completions";
                Ending::Wrong(Failure::usage(format!("a command is missing: {commands}\n{}", more(None))))
            }
            _ => Ending::Wrong(wrong(&error.render().to_string(), command.as_deref())),
        }),
    }
}

/// Numbers that begin with a minus, behind a space.
fn shielded(word: OsString) -> OsString {
    let number = |text: &str| {
        let word = |rest: &str| ["inf", "nan", "NaN"].iter().any(|word| rest.split([',', ';']).next() == Some(word));
        text.strip_prefix('-')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.') || word(rest))
    };
    match word.to_str() {
        Some(text) if number(text) => format!(" {text}").into(),
        _ => word,
    }
}

/// What the parser says, on a line, and where to read more on the next.
fn wrong(rendered: &str, command: Option<&OsStr>) -> Failure {
    // The shield of a number is ours, not the user's: see `shielded`.
    let rendered = rendered.trim_start_matches("error: ").replace("' -", "'-");
    let told = rendered.split("\n\n").filter(|p| !p.starts_with("Usage:") && !p.starts_with("For more information"));
    let lines = told.map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "));
    let said = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ");
    Failure::usage(format!("{said}\n{}", more(command)))
}

/// Where to read more.
fn more(command: Option<&OsStr>) -> String {
    let known = |word: &&OsStr| CommandLine::command().find_subcommand(word).is_some();
    match command.filter(known).and_then(OsStr::to_str) {
        Some(command) => format!("'faltung {command} --help' explains, with examples"),
        None => "'faltung --help' lists the commands".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Axes;

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn numbers_may_begin_with_a_minus() {
        let line = ["faltung", "convolve", "-1,2", "-.5", "--axis", "-1", "-o", "-1.csv"].map(OsString::from);
        let Ok(Command::Convolve(args)) = parse(line) else { panic!("these are arguments") };
        assert_eq!((args.input, args.kernel, args.output), ("-1,2".into(), "-.5".into(), Some("-1.csv".into())));
        assert_eq!(args.options.sum.axis, Some(Axes(vec![-1])));
    }

    #[test]
    fn slips_get_suggestions() {
        let said = |words: &[&str]| match parse(words.iter().map(OsString::from)) {
            Err(Ending::Wrong(failure)) => failure.message,
            other => panic!("{other:?}"),
        };
        assert!(said(&["faltung", "convolve", "1", "--mdoe", "same", "1"]).contains("'--mode'"));
        assert!(said(&["faltung", "convolv", "1", "1"]).contains("'convolve'"));
        assert!(said(&["faltung", "convolve", "1", "1", "--mode", "sane"]).contains("did you mean \"same\""));
        assert!(said(&["faltung", "convolve", "1"]).contains("<KERNEL>"));
    }
}
