//! Files in and out: every format becomes an array and remembers how it stood there.
//!
//! [`read`] looks at the first bytes, never at the name, and gives a [`Document`]: the samples, and the [`Form`] that
//! they had: a table with its dates, a sound with its rate, a picture with its alpha. [`write()`] goes by the name's
//! extension and gives the result the form of the input, as far as the format has it. Between the two, arrays are
//! arrays.
//!
//! ``text
//! bytes -> input (gzip, budget) -> kind -> text | npy | npz | idx | wav | flac | raster | tiff -> Document
//! array + Form -> target (extension, check) -> the same formats -> a file beside -> the file
//! sounds of any length: SoundFile -> SoundReader -> blocks of frames -> SoundWriter -> a file beside -> the file
//! ``
//!
//! Whatever the bytes: no panic, no memory for what is only claimed, and a [`Failure`] that says what would do.

mod blocks;
mod failure;
mod flac;
mod idx;
mod input;
mod kind;
mod lookup;
mod npy;
mod npz;
mod pcm;
mod picture;
mod raster;
mod raw;
mod sound;
mod target;
mod text;
mod tiff;
mod wav;

use std::{
    fmt,
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use faltung::{AnyArray, Dtype};

pub use blocks::{SoundFile, SoundReader, SoundWriter};
pub use failure::Failure;
pub use input::DEFAULT_MAX_MEMORY;
pub use kind::Kind;
pub use lookup::Lookup;
pub use pcm::{Encoding, Pcm};
pub use picture::{Picture, PictureFormat};
pub use raw::Order;
pub use sound::Sound;
pub use text::{Cells, Decimal, Table};

use input::Input;
use target::Target;

/// The samples of a file, and how they stood there.
#[derive(Debug, Clone)]
pub struct Document {
    /// The samples.
    pub array: AnyArray,
    /// How they stood in the file.
    pub form: Form,
}

/// How samples stand in their file, kept so that a result can be written likewise.
#[derive(Debug, Clone)]
pub enum Form {
    /// One column, shape `[n]`, or a grid, shape `[rows, columns]`.
    Text(Table),
    /// An array of any shape.
    Npy,
    /// An array of any shape.
    Npz {
        /// Its name in the archive.
        name: String,
    },
    /// An array of any shape.
    Idx,
    /// Shape `[frames]`, or `[frames, channels]` where there are several.
    Sound(Sound),
    /// Shape `[height, width]`, or `[height, width, 3]` in colour.
    Picture(Picture),
}

impl Form {
    /// Whether it is a picture, to be filtered with its size kept.
    pub fn is_picture(&self) -> bool {
        matches!(self, Form::Picture(_))
    }

    /// Whether it is a sound.
    pub fn is_sound(&self) -> bool {
        matches!(self, Form::Sound(_))
    }

    /// Whether it is a signal: anything but a picture.
    pub fn is_signal(&self) -> bool {
        !self.is_picture()
    }

    /// Opacity, of shape `[height, width]`.
    pub fn alpha(&self) -> Option<&AnyArray> {
        match self {
            Form::Picture(picture) => picture.alpha.as_ref(),
            _ => None,
        }
    }

    /// The array's name in its archive.
    fn name(&self) -> Option<&str> {
        match self {
            Form::Npz { name } => Some(name),
            _ => None,
        }
    }
}

/// How to read what a file leaves open.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Of a text: the column, by its name or by its place counted from 1.
    pub column: Option<String>,
    /// Of a text: what to do where a number is missing.
    pub gaps: Gaps,
    /// Bytes of memory that the contents of a compressed file or a pipe may take; [`DEFAULT_MAX_MEMORY`] if not said.
    pub max_memory: Option<usize>,
}

/// What to do where a number is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gaps {
    /// Fail, and name the place.
    #[default]
    Error,
    /// Take it as NaN.
    Nan,
}

/// Where bytes come from or go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file. To read, `archive.npz:name` is an array in an archive, unless there is a file of that name.
    File(PathBuf),
    /// Standard input, or standard output.
    Standard,
}

impl Place {
    /// The file, and the array in it that a colon names.
    fn member(&self) -> (Place, Option<String>) {
        let Place::File(path) = self else { return (Place::Standard, None) };
        match path.to_str().and_then(|name| name.rsplit_once(':')) {
            Some((archive, name)) if !path.exists() && archive.to_lowercase().ends_with(".npz") => {
                (Place::File(archive.into()), Some(name.to_owned()))
            }
            _ => (self.clone(), None),
        }
    }

    /// What a message about writing there begins with.
    fn output_name(&self) -> String {
        match self {
            Place::File(path) => path.display().to_string(),
            Place::Standard => "standard output".into(),
        }
    }
}

/// Names the input.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::File(path) => path.display().fmt(f),
            Place::Standard => f.write_str("standard input"),
        }
    }
}

/// Reads a file or standard input, whatever its format.
///
/// # Errors
/// A [`Failure`] that begins with the file's name.
pub fn read(place: &Place, options: &ReadOptions) -> Result<Document, Failure> {
    let (file, member) = place.member();
    let input = Input::open(&file, options.max_memory);
    let document = input.and_then(|input| read_input(input, None, member.as_deref(), options));
    document.map_err(|failure| failure.in_file(place))
}

/// The samples of a file, to be looked up one by one: those of a plain WAV or NPY stay in it, all others are read as by
/// [`read`].
///
/// # Errors
/// A [`Failure`] that begins with the file's name.
pub fn look(place: &Place, options: &ReadOptions) -> Result<Lookup, Failure> {
    let (file, member) = place.member();
    let look = || {
        let mut input = Input::open(&file, options.max_memory)?;
        let kind = Kind::of(&input.head(kind::ENOUGH)?)?;
        match kind {
            Kind::Wav if input.is_seekable() && options.column.is_none() => {
                wav::in_place(input).map(|(place, sound)| Lookup::in_place(place, Form::Sound(sound)))
            }
            Kind::Npy if input.is_seekable() && options.column.is_none() => {
                npy::in_place(input).map(|place| Lookup::in_place(place, Form::Npy))
            }
            kind => read_input(input, Some(kind), member.as_deref(), options).map(Lookup::from),
        }
    };
    look().map_err(|failure| failure.in_file(place))
}

/// Reads bytes that are in memory: of the kind that they begin like, or of the given one.
///
/// # Errors
/// A [`Failure`] without a name.
pub fn read_bytes(bytes: Vec<u8>, kind: Option<Kind>, options: &ReadOptions) -> Result<Document, Failure> {
    read_input(Input::from_memory(bytes, options.max_memory)?, kind, None, options)
}

fn read_input(
    mut input: Input<'_>,
    kind: Option<Kind>,
    member: Option<&str>,
    options: &ReadOptions,
) -> Result<Document, Failure> {
    let kind = match kind {
        Some(kind) => kind,
        None => Kind::of(&input.head(kind::ENOUGH)?)?,
    };
    if options.column.is_some() && kind != Kind::Text {
        return Err(Failure::usage("--column chooses among the columns of a text, and this is none"));
    }
    let (array, form) = match kind {
        Kind::Text => text::read(input, options).map(|(array, table)| (array, Form::Text(table)))?,
        Kind::Npy => (npy::read(&mut input)?, Form::Npy),
        Kind::Npz => npz::read(input, member).map(|(array, name)| (array, Form::Npz { name }))?,
        Kind::Idx => (idx::read(&mut input)?, Form::Idx),
        Kind::Wav => wav::read(&mut input).map(|(array, sound)| (array, Form::Sound(sound)))?,
        Kind::Flac => flac::read(input).map(|(array, sound)| (array, Form::Sound(sound)))?,
        Kind::Png => raster::read_png(input).map(|(array, picture)| (array, Form::Picture(picture)))?,
        Kind::Jpeg => raster::read_jpeg(input).map(|(array, picture)| (array, Form::Picture(picture)))?,
        Kind::Tiff => tiff::read(input).map(|(array, picture)| (array, Form::Picture(picture)))?,
    };
    Ok(Document { array, form })
}

/// Refuses what the place could never take, before anything is computed: a format that its name does not tell or that
/// holds no such samples, a folder that does not exist.
///
/// # Errors
/// A [`Failure`] that begins with the file's name.
pub fn check_target(place: &Place, form: &Form, dtype: Dtype, shape: &[usize]) -> Result<(), Failure> {
    let fits = Target::of(place).and_then(|target| target.check(form, dtype, shape));
    let there = || match place {
        Place::File(path) => target::check_place(path),
        Place::Standard => Ok(()),
    };
    fits.and_then(|()| there()).map_err(|failure| failure.in_file(place.output_name()))
}

/// Refuses a file that could not be written, before what it is to hold is made.
///
/// # Errors
/// A [`Failure`] that begins with the file's name.
pub fn check_file(path: &Path) -> Result<(), Failure> {
    target::check_place(path).map_err(|failure| failure.in_file(path.display()))
}

/// Writes a file of these bytes: it is replaced when it is complete, or stays as it was.
///
/// # Errors
/// A [`Failure`] that begins with the file's name.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = target::replace(path, |out| Ok(out.write_all(bytes)?));
    written.map_err(|failure| failure.in_file(path.display()))
}

/// Has `fill` write a file, block by block: it is replaced when it is complete, or stays as it was.
///
/// # Errors
/// What `fill` fails with, or a [`Failure`] that begins with the file's name.
pub fn write_blocks<T>(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<&File>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut filled = None;
    let written = target::replace(path, |out| {
        let outcome = filled.insert(fill(out));
        outcome.as_ref().map(drop).map_err(Failure::clone)
    });
    match (filled, written) {
        (Some(Err(failure)), _) => Err(failure),
        (Some(Ok(made)), Ok(())) => Ok(made),
        (_, Err(failure)) => Err(failure.in_file(path.display())),
        (None, Ok(())) => Err(Failure::data("nothing was written").in_file(path.display())),
    }
}

/// Writes an array in the form that its input had.
///
/// A file is replaced when it is complete, or stays as it was; standard output gets numbers alone, and that nobody
/// reads them to the end is no failure.
///
/// # Errors
/// A [`Failure`] that begins with the file's name.
pub fn write(place: &Place, array: &AnyArray, form: &Form) -> Result<(), Failure> {
    check_target(place, form, array.dtype(), array.shape())?;
    let written = match place {
        Place::Standard => target::print(io::stdout().lock(), array, form),
        Place::File(path) => {
            Target::of(place).and_then(|target| target::replace(path, |out| target.write(out, array, form)))
        }
    };
    written.map_err(|failure| failure.in_file(place.output_name()))
}
