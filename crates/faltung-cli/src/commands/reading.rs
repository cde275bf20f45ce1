//! What the commands read: an input and a kernel.

use std::ffi::OsStr;

use crate::{
    io::{Failure, Gaps, Place, ReadOptions},
    operand::Operand,
    setting::{Source, Weights},
};

/// What the two words mean, which cannot both be standard input.
pub(super) fn operands(input: &OsStr, kernel: &OsStr) -> Result<[Operand; 2], Failure> {
    let operands = [Operand::input(input)?, Operand::kernel(kernel)?];
    match &operands {
        [Operand::Place(Place::Standard), Operand::Place(Place::Standard)] => Err(Failure::usage(
            "only one of input and kernel can be read from standard input: give a file for the other",
        )),
        _ => Ok(operands),
    }
}

/// What the word is called in messages.
pub(super) fn name(operand: &Operand, word: &OsStr) -> String {
    match operand {
        Operand::Place(Place::Standard) => "standard input".to_owned(),
        _ => word.to_string_lossy().into_owned(),
    }
}

/// Refuses a column of what has none.
pub(super) fn check_column(
    operand: &Operand,
    word: &OsStr,
    column: &str,
    options: &ReadOptions,
) -> Result<(), Failure> {
    if options.column.is_some() && !matches!(operand, Operand::Place(_)) {
        let name = name(operand, word);
        return Err(Failure::usage(format!("{name}: {column} chooses among the columns of a file, and this is none")));
    }
    Ok(())
}

/// The samples of a file or of numbers, whose column is chosen by this option.
pub(super) fn load(operand: &Operand, word: &OsStr, column: &str, options: &ReadOptions) -> Result<Source, Failure> {
    check_column(operand, word, column, options)?;
    // The reader knows the option by its usual name.
    let document = operand
        .load(options)
        .map_err(|failure| Failure { message: failure.message.replace("--column", column), ..failure })?;
    Ok(Source { name: name(operand, word), document })
}

/// The weights of a kernel: read, if they are not those of a name.
pub(super) fn weights(
    kernel: Operand,
    word: &OsStr,
    column: Option<String>,
    max_memory: Option<usize>,
) -> Result<Weights, Failure> {
    let options = ReadOptions { column, gaps: Gaps::Error, max_memory };
    match kernel {
        Operand::Name(text) if options.column.is_none() => Ok(Weights::Name(text)),
        kernel => Ok(Weights::Given(Box::new(load(&kernel, word, "--kernel-column", &options)?))),
    }
}
