//! The engine's errors as Python's.

use faltung::Error;
use pyo3::{
    PyErr,
    exceptions::{PyIndexError, PyKeyboardInterrupt, PyMemoryError, PyOverflowError, PyTypeError, PyValueError},
};

use crate::memory;

/// What the engine calls options, and what they are called here.
const WORDS: [(&str, &str); 4] = [
    ("choose missing omit or interpolate", "choose nan='omit' or 'interpolate'"),
    ("choose missing omit", "choose nan='omit'"),
    ("choose normalize absolute_sum or none", "choose normalize_kernel='absolute_sum' or False"),
    ("or choose normalize none", "or choose normalize_kernel=False"),
];

/// The exception of the kind that Python has for it, with the engine's message.
pub(crate) fn raised(error: Error) -> PyErr {
    let message = WORDS.iter().fold(error.to_string(), |text, (theirs, ours)| text.replace(theirs, ours));
    let message: String = message.split_inclusive(|c: char| !c.is_ascii_alphanumeric()).map(renamed).collect();
    match error {
        Error::Weights { weights, .. } if weights.contains("NaN") => PyValueError::new_err(message),
        Error::Overflow { .. } | Error::TooWide { .. } | Error::Range { .. } => PyOverflowError::new_err(message),
        Error::Type { .. } | Error::Weights { .. } => PyTypeError::new_err(message),
        Error::Position { .. } => PyIndexError::new_err(message),
        Error::Allocation { .. } => PyMemoryError::new_err(message),
        Error::Cancelled => PyKeyboardInterrupt::new_err(message),
        _ => PyValueError::new_err(message),
    }
}

/// A word, with what follows it, by NumPy's name if it is a type of samples.
fn renamed(word: &str) -> String {
    let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    bare.parse().map_or_else(|_| word.to_owned(), |dtype| word.replacen(bare, memory::name(dtype), 1))
}
