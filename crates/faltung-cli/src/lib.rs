//! The parts of the command `faltung`, as a library: for its tests and its fuzz targets.
//!
//! ```text
//! args -> operand (file, numbers, name) -> io::read -> setting (axes, channels, types) -> faltung::Plan
//!      -> scale (pictures and sounds back to their range) -> io::write or report (JSON)
//! sounds of any length, and while they come: io::SoundFile or standard input -> sound -> faltung::Stream -> a file or standard output
//! ```
//!
//! The engine computes, [`io`] knows the files; what lies between is what a command has to decide for its user, and
//! each decision has one place.

pub mod args;
pub mod commands;
pub mod console;
mod dataset;
mod gallery;
pub mod io;
mod memory;
mod operand;
mod progress;
mod report;
mod samples;
mod scale;
mod setting;
mod sound;
