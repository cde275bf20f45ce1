//! The command `faltung`: convolves signals, pictures, sounds and arrays.

use std::{env, process::ExitCode};

use faltung_cli::{args, commands, console};

fn main() -> ExitCode {
    console::end_quietly_on_panic();
    let outcome = match args::parse(env::args_os()) {
        Ok(command) => commands::run(command),
        Err(ending) => ending.tell(),
    };
    console::exit_code(outcome)
}
