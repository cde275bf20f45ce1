//! The commands, a file each.

mod compare;
mod completions;
mod continuous;
mod convolve;
mod evaluate;
mod explain;
mod features;
mod kernels;
mod plan;
mod predict;
mod reading;
mod serve;
mod showing;
mod stream;
mod train;

pub use showing::Format;

use faltung::Error;

use crate::{args::Command, io::Failure};

/// Does what the command line says.
///
/// # Errors
/// What went wrong, for the person at the keyboard.
pub fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Continuous(args) => continuous::run(&args),
        Command::Convolve(args) => convolve::run(&args),
        Command::Stream(args) => stream::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Kernels(args) => kernels::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Train(args) => train::run(&args),
        Command::Predict(args) => predict::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Features(args) => features::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Completions { shell } => completions::run(shell),
    }
}

/// The engine's refusal, with the exit code for it: 2 where other options are needed, 1 where other data are.
pub(crate) fn refused(error: Error) -> Failure {
    let message = match error {
        // As the engine says it, but in this command's words for what to do.
        Error::Overflow { dtype, lowest, highest } => {
            let (least, most) = dtype.range().unwrap_or_default();
            format!(
                "sums may reach {lowest} to {highest}, but {dtype} holds {least} to {most}: \
                 choose --overflow widen, wrap or saturate, or a wider --dtype"
            )
        }
        Error::Missing { .. } => {
            error.to_string().replace("choose missing omit or interpolate", "choose --missing omit or interpolate")
        }
        Error::Normalize { .. } => error.to_string().replace("choose normalize", "choose --normalize"),
        _ => error.to_string(),
    };
    match error {
        Error::Dimensions { .. }
        | Error::Axis { .. }
        | Error::PerAxis { .. }
        | Error::Zero { .. }
        | Error::Anchor { .. }
        | Error::TooLarge { .. }
        | Error::Position { .. }
        | Error::Untraced { .. }
        | Error::Word { .. }
        | Error::Parameter { .. } => Failure::usage(message),
        _ => Failure::data(message),
    }
}
