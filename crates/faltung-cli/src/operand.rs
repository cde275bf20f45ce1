//! What the words INPUT and KERNEL mean: a file, standard input, numbers, or the name of a kernel.
//!
//! A file that exists is taken first, whatever else its name could mean. Then numbers, then names. A word that looks
//! like a file (it has a `/` or a known extension) and is none is said to be missing, not to be an unknown name.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use faltung::{AnyArray, Number, kernel};

use crate::{
    args::read_shape,
    io::{self, Document, Failure, Form, Place, ReadOptions, Table},
};

/// What a word means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    /// A file, or standard input.
    Place(Place),
    /// The numbers themselves.
    Numbers(AnyArray),
    /// A kernel's name, with its parameters.
    Name(String),
}

/// The extensions of files that could be meant.
const EXTENSIONS: &[&str] = &[
    "csv", "tsv", "txt", "npy", "npz", "idx", "wav", "flac", "png", "jpg", "jpeg", "tif", "tiff", "gz", "dat", "json",
    "bmp", "gif", "webp", "mp3", "ogg", "aif", "aiff", "mat", "h5",
];

impl Operand {
    /// What INPUT means.
    pub(crate) fn input(word: &OsStr) -> Result<Operand, Failure> {
        let Some(text) = word.to_str().filter(|_| !is_file(word)) else { return Ok(file(word)) };
        if text == "-" {
            return Ok(Operand::Place(Place::Standard));
        }
        match numbers(text) {
            Ok(array) => Ok(Operand::Numbers(array)),
            Err(why) if begins_as_number(text) && !looks_like_file(text) => Err(why.in_file(text)),
            Err(_) if is_known_name(text) => Err(Failure::usage(format!(
                "{text}: this is the name of a kernel: the input comes first, a file, - or numbers, then the kernel"
            ))),
            Err(_) if looks_like_file(text) => Ok(file(word)),
            Err(_) => Err(Failure::data(format!(
                "{text}: there is no such file: the input is a file, - for standard input, or numbers such as 3,0,5"
            ))),
        }
    }

    /// What KERNEL means.
    pub(crate) fn kernel(word: &OsStr) -> Result<Operand, Failure> {
        let Some(text) = word.to_str().filter(|_| !is_file(word)) else { return Ok(file(word)) };
        if text == "-" {
            return Ok(Operand::Place(Place::Standard));
        }
        match numbers(text) {
            Ok(array) => Ok(Operand::Numbers(array)),
            Err(_) if is_known_name(text) => Ok(Operand::Name(text.to_owned())),
            Err(_) if looks_like_file(text) => Ok(file(word)),
            Err(_) if read_shape(text).is_some() => {
                Err(Failure::usage(format!("{text}: a size alone is no kernel: write box:{text} for the mean over it")))
            }
            Err(why) if begins_as_number(text) => Err(why.in_file(text)),
            Err(_) => Ok(Operand::Name(text.to_owned())),
        }
    }

    /// The samples, if they are not a kernel's that is named.
    pub(crate) fn load(&self, options: &ReadOptions) -> Result<Document, Failure> {
        match self {
            Operand::Place(place) => io::read(place, options),
            Operand::Numbers(array) => Ok(Document { array: array.clone(), form: Form::Text(Table::default()) }),
            Operand::Name(name) => Err(Failure::usage(format!("{name}: a kernel's name holds no samples"))),
        }
    }
}

/// The named kernel for so many axes.
pub(crate) fn named(text: &str, dimensions: usize) -> Result<faltung::Kernel, Failure> {
    kernel::named(text, dimensions).map_err(|error| {
        let file = match is_known_name(text) {
            true => "",
            false => "; there is no file of that name either",
        };
        Failure::usage(format!("{text}: {error}{file}"))
    })
}

fn file(word: &OsStr) -> Operand {
    Operand::Place(Place::File(PathBuf::from(word)))
}

/// Whether there is such a file, or such an archive with an array named behind a colon.
fn is_file(word: &OsStr) -> bool {
    let archive = word.to_str().and_then(|text| text.rsplit_once(':')).map(|(archive, _)| archive);
    let archive = archive.filter(|archive| archive.to_lowercase().ends_with(".npz"));
    word != "-" && (Path::new(word).exists() || archive.is_some_and(|archive| Path::new(archive).exists()))
}

fn looks_like_file(text: &str) -> bool {
    let name = text.split_once(".npz:").map_or(text, |(archive, _)| &text[..archive.len() + 4]);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    // A parameter may be a fraction: step=1/48000.
    let folder = text.split_once(':').filter(|(name, _)| name.len() > 1).map_or(text, |(name, _)| name);
    folder.contains(['/', '\\']) || extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}

fn is_known_name(text: &str) -> bool {
    let name = text.split(':').next().unwrap_or(text).trim();
    kernel::LIST.iter().any(|entry| entry.name == name)
}

fn begins_as_number(text: &str) -> bool {
    text.trim_start()
        .trim_start_matches(['+', '-', '.'])
        .starts_with(|c: char| c.is_ascii_digit() || c == ',' || c == ';')
}

/// Numbers apart by commas, rows of them by semicolons.
fn numbers(text: &str) -> Result<AnyArray, Failure> {
    let rows: Vec<&str> = text.strip_suffix(';').unwrap_or(text).split(';').collect();
    let mut all = Vec::new();
    let mut width = None;
    for (at, row) in rows.iter().enumerate() {
        let before = all.len();
        for cell in row.split(',') {
            all.push(number(cell.trim())?);
        }
        let count = all.len() - before;
        if *width.get_or_insert(count) != count {
            let first = width.unwrap_or(count);
            let place = at + 1;
            return Err(Failure::usage(format!(
                "row {place} has {count} numbers and row 1 has {first}: give as many in each"
            )));
        }
    }
    let width = width.unwrap_or(0);
    let shape = if rows.len() == 1 { vec![width] } else { vec![rows.len(), width] };
    Ok(AnyArray::simplest(&all, &shape)?)
}

fn number(cell: &str) -> Result<Number, Failure> {
    let wrong = || match cell {
        "" => Failure::usage("a number is missing between the commas: write 0 where nothing is meant"),
        _ => Failure::usage(format!(
            "{cell:?} is not a number: numbers are 3, -0.5, 1e-3 or 1+2i, apart by commas, rows by ;"
        )),
    };
    // "i" and "infinity" would do for the engine, and are words here.
    let plain = cell.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let known = plain || matches!(cell.trim_start_matches(['+', '-']), "inf" | "nan" | "NaN");
    cell.parse().ok().filter(|_| known).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kernel(text: &str) -> Operand {
        Operand::kernel(OsStr::new(text)).expect(text)
    }

    #[test]
    fn numbers_are_of_the_simplest_type() {
        let typed = |text: &str| numbers(text).map(|array| (array.dtype().name(), array.shape().to_vec())).expect(text);
        assert_eq!(typed("3, 0,5"), ("i64", vec![3]));
        assert_eq!(typed("-1,0.5;2,1e3"), ("f64", vec![2, 2]));
        assert_eq!(typed("1;2;"), ("i64", vec![2, 1]));
        assert_eq!(typed("18446744073709551615"), ("u64", vec![1]));
        assert_eq!(typed("99999999999999999999"), ("f64", vec![1]));
        assert_eq!(typed("1+2i,nan"), ("c128", vec![2]));
        for wrong in ["", "1,,2", "1;2,3", "1,x", "i", "1e", ";", "infinity"] {
            assert!(numbers(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn words_are_names_or_files_by_their_looks() {
        let file = |text: &str| Operand::Place(Place::File(text.into()));
        assert_eq!(kernel("rc:1e-3,1/8000"), Operand::Name("rc:1e-3,1/8000".into()));
        assert_eq!(kernel("gausian:2"), Operand::Name("gausian:2".into()));
        assert_eq!(kernel("no/such"), file("no/such"));
        assert_eq!(kernel("missing.csv"), file("missing.csv"));
        assert_eq!(kernel("3,0,5.csv"), file("3,0,5.csv"));
        assert_eq!(kernel("missing.npz:weights"), file("missing.npz:weights"));
        assert!(Operand::kernel(OsStr::new("5x5")).is_err());
        assert!(Operand::input(OsStr::new("gaussian:2")).is_err_and(|f| f.message.contains("the input comes first")));
    }
}
