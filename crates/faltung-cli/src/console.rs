//! Standard output and standard error: results here, everything else there.

use std::{
    io::{self, Write},
    panic,
    process::{self, ExitCode},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::io::Failure;

/// Notes for the person at the keyboard, or silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notes {
    /// Notes go to standard error.
    Told,
    /// `--quiet`.
    Silent,
}

impl Notes {
    /// Tells something that went otherwise than one might think.
    pub(crate) fn tell(self, note: impl std::fmt::Display) {
        if self == Notes::Told {
            say(&format!("faltung: note: {note}"));
        }
    }
}

/// A line to standard error; where even that fails there is nobody to tell.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", line.trim_end());
}

/// Text to standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    told(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// What came of writing to standard output. That nobody reads it to its end is no failure.
pub(crate) fn told(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::from(error).in_file("standard output")),
        _ => Ok(()),
    }
}

/// The exit code of what Ctrl-C ended, as shells have it.
pub(crate) const INTERRUPTED: u8 = 130;

/// What becomes true when the user, or the system, asks for an end: for work that has to leave things in order.
pub(crate) fn interrupted() -> Result<Arc<AtomicBool>, Failure> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let told = interrupted.clone();
    ctrlc::set_handler(move || told.store(true, Ordering::Relaxed))
        .map_err(|error| Failure::data(format!("Ctrl-C cannot be waited for: {error}")))?;
    Ok(interrupted)
}

/// The exit code, after the failure has been told.
pub fn exit_code(outcome: Result<(), Failure>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&format!("faltung: {}", failure.message));
            ExitCode::from(failure.code)
        }
    }
}

/// A panic is our bug: one line that says so, and no more work in any thread.
pub fn end_quietly_on_panic() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or(String::new(), |at| format!(" at {}:{}", at.file(), at.line()));
        let payload = panic.payload();
        let cause = payload.downcast_ref::<&str>().copied().or(payload.downcast_ref::<String>().map(String::as_str));
        let cause = cause.unwrap_or("for no reason given").lines().next().unwrap_or_default();
        say(&format!("faltung: this is a mistake in faltung itself, please report it{place}: {cause}"));
        process::exit(1)
    }));
}
