//! What went wrong, in words for the person at the keyboard.

use std::{fmt, io};

/// Why a file could not be read or written, and with which code the command ends.
///
/// The message begins with the file's name, tells the place and the cause, and ends in what would be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The exit code: 2 where the command line is at fault, 1 for data and devices.
    pub code: u8,
    /// One line, without a full stop.
    pub message: String,
}

/// The result of everything here that can fail.
pub(super) type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// Data that cannot be taken as they are, or a device that fails.
    pub fn data(message: impl Into<String>) -> Failure {
        Failure { code: 1, message: message.into() }
    }

    /// A command line that could never work.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure { code: 2, message: message.into() }
    }

    /// The same, said of the file of this name.
    pub fn in_file(self, name: impl fmt::Display) -> Failure {
        Failure { code: self.code, message: format!("{name}: {}", self.message) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// A failure that a stream of bytes reports on its way through a library comes back as it was.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        let ours = error.get_ref().and_then(|inner| inner.downcast_ref::<Failure>());
        match (ours, error.kind()) {
            (Some(failure), _) => failure.clone(),
            (_, io::ErrorKind::UnexpectedEof) => Failure::data("the file ends too early; a complete one is needed"),
            (_, io::ErrorKind::NotFound) => Failure::data("there is no such file"),
            (_, io::ErrorKind::PermissionDenied) => Failure::data("permission denied"),
            (_, io::ErrorKind::StorageFull) => Failure::data("there is no space left on the device"),
            _ => Failure::data(plain_words(&error)),
        }
    }
}

impl From<Failure> for io::Error {
    fn from(failure: Failure) -> io::Error {
        io::Error::other(failure)
    }
}

impl From<faltung::Error> for Failure {
    fn from(error: faltung::Error) -> Failure {
        Failure::data(error.to_string())
    }
}

/// The system's words without its "(os error 21)", on one line.
fn plain_words(error: &io::Error) -> String {
    let words = error.to_string();
    let words = words.split(" (os error").next().unwrap_or_default();
    words.lines().map(str::trim).collect::<Vec<_>>().join("; ")
}
