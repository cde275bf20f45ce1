//! `faltung completions`: a script for a shell.

use clap_complete::Shell;

use crate::{args, console, io::Failure};

/// Prints the script.
pub(super) fn run(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::command(), "faltung", &mut script);
    console::print(&String::from_utf8_lossy(&script))
}
