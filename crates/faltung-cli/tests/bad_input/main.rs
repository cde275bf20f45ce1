//! Bad input as a table: each line is run for real, and ends in a code and a message, not in a panic.
//!
//! Every case must end within 10 seconds and 500 MB with code 1 or 2, say nothing on standard output, say on standard
//! error what is wrong, and leave the folder as it was. `cargo test --test bad_input -- --nocapture` prints the table,
//! `FALTUNG_BAD_INPUT_TABLE=path` writes it as Markdown.

mod arrays;
mod media;
mod outputs;
mod text;
mod usage;

#[path = "../support/mod.rs"]
mod support;

use std::{fmt::Write, fs, time::Duration};

use support::Trial;

/// A line of the table.
pub(crate) struct Case {
    words: String,
    trial: Trial,
    input: Vec<u8>,
    code: i32,
    says: Vec<&'static str>,
}

/// A run that must end with `code`, and say each of `says`.
pub(crate) fn case(words: impl Into<String>, code: i32, says: &[&'static str]) -> Case {
    Case { words: words.into(), trial: Trial::new(), input: Vec::new(), code, says: says.to_vec() }
}

impl Case {
    /// With a file of these bytes.
    pub(crate) fn file(mut self, name: &str, bytes: impl AsRef<[u8]>) -> Case {
        self.trial = self.trial.file(name, bytes);
        self
    }

    /// With these bytes on standard input.
    pub(crate) fn input(mut self, bytes: impl AsRef<[u8]>) -> Case {
        self.input = bytes.as_ref().to_vec();
        self
    }

    /// With whatever this makes in the folder.
    pub(crate) fn with(self, make: impl FnOnce(&Trial)) -> Case {
        make(&self.trial);
        self
    }

    /// Runs it; what it said, or what was wrong with how it ended.
    fn run(&self) -> Result<String, String> {
        let before = self.trial.contents();
        let outcome = self.trial.run_with(&self.words, &self.input);
        let said = outcome.err.trim_end().to_owned();
        let wrong = |what: &str| Err(format!("faltung {}: {what}: code {}: {said}", self.words, outcome.code));
        if outcome.code != self.code {
            return wrong(&format!("code {} was expected", self.code));
        }
        if let Some(missing) = self.says.iter().find(|part| !said.contains(**part)) {
            return wrong(&format!("{missing:?} was expected"));
        }
        match () {
            _ if !outcome.out.is_empty() => wrong("standard output must be empty"),
            _ if !said.starts_with("faltung: ") => wrong("who speaks must be said"),
            _ if said.lines().count() > 2 => wrong("one line or two must do"),
            _ if said.contains("panicked") || said.contains("mistake in faltung") => wrong("it must not panic"),
            _ if outcome.time > Duration::from_secs(10) => wrong("it must end within ten seconds"),
            _ if self.trial.contents() != before => wrong("the folder must stay as it was"),
            _ => Ok(said),
        }
    }
}

#[test]
fn bad_input_ends_in_a_code_and_a_message() {
    let groups = [usage::cases(), text::cases(), arrays::cases(), media::cases(), outputs::cases()];
    let cases: Vec<Case> = groups.into_iter().flatten().collect();
    assert!(cases.len() >= 110, "{} cases", cases.len());
    let mut table = String::from("| `faltung ...` | code | message |\n|---|---|---|\n");
    let mut failures = Vec::new();
    for case in &cases {
        match case.run() {
            Ok(said) => {
                let (words, said) = (case.words.replace('|', "\\|"), said.replace('\n', "<br>").replace('|', "\\|"));
                let _ = writeln!(table, "| `{words}` | {} | {said} |", case.code);
            }
            Err(wrong) => failures.push(wrong),
        }
    }
    println!("{table}\n{} bad inputs", cases.len());
    if let Some(path) = std::env::var_os("FALTUNG_BAD_INPUT_TABLE") {
        fs::write(path, &table).expect("the table can be written");
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), cases.len(), failures.join("\n"));
}
