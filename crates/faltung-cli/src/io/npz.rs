//! NPZ, a zip archive of NPY files.
//!
//! An archive of one array is read as that array; of several, one is named after a colon: `weights.npz:conv1`. Written
//! archives hold one array, under the name by which it was read, else `arr_0` as NumPy has it.

use std::{
    borrow::Cow,
    io::{Seek, Write},
};

use faltung::AnyArray;
use zip::{CompressionMethod, ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::{
    failure::{Failure, Result},
    input::Input,
    npy,
};

/// What NumPy calls an array that was saved without a name.
pub(super) const DEFAULT_NAME: &str = "arr_0";

/// Reads the one array, or the one of that name, and gives its name too.
pub(super) fn read(input: Input<'_>, name: Option<&str>) -> Result<(AnyArray, String)> {
    let (bytes, mut budget) = input.into_seekable()?;
    let mut archive = ZipArchive::new(bytes).map_err(unfit)?;
    let entries: Result<Vec<_>, _> = archive.file_names().map(|entry| entry.map(Cow::into_owned)).collect();
    let entry = choose(&entries.map_err(unfit)?, name)?;
    let member = archive.by_name(&entry).map_err(unfit)?;
    if member.compression() != CompressionMethod::Stored {
        budget.bound();
    }
    let mut input = Input::part(member, budget);
    let array = npy::read(&mut input).map_err(|failure| failure.in_file(&entry))?;
    Ok((array, stem(&entry).to_owned()))
}

/// Writes an archive of one array.
pub(super) fn write(out: impl Write + Seek, array: &AnyArray, name: &str) -> Result<()> {
    let mut archive = ZipWriter::new(out);
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
    archive.start_file(format!("{name}.npy"), options).map_err(unfit)?;
    npy::write(&mut archive, array)?;
    archive.finish().map_err(unfit)?;
    Ok(())
}

/// The entry of that array, or the only one.
fn choose(entries: &[String], name: Option<&str>) -> Result<String> {
    let arrays: Vec<&str> = entries.iter().map(String::as_str).filter(|entry| entry.ends_with(".npy")).collect();
    let known = || {
        let shown: Vec<&str> = arrays.iter().take(20).map(|entry| stem(entry)).collect();
        format!("{}{}", shown.join(", "), if arrays.len() > shown.len() { ", ..." } else { "" })
    };
    match (name, arrays.as_slice()) {
        (_, []) => Err(Failure::data("the archive holds no array; an NPZ file with one is needed")),
        (None, [only]) => Ok((*only).to_owned()),
        (None, _) => {
            Err(Failure::usage(format!("it holds several arrays; name one as in FILE.npz:NAME, of {}", known())))
        }
        (Some(name), _) => match arrays.iter().find(|entry| **entry == name || stem(entry) == name) {
            Some(entry) => Ok((*entry).to_owned()),
            None => Err(Failure::usage(format!("it holds no array '{name}', only {}", known()))),
        },
    }
}

fn stem(entry: &str) -> &str {
    entry.strip_suffix(".npy").unwrap_or(entry)
}

fn unfit(error: ZipError) -> Failure {
    match error {
        ZipError::Io(error) => error.into(),
        error => Failure::data(format!("the zip archive is not one of arrays ({error}); an intact NPZ file is needed")),
    }
}
