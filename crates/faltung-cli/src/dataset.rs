//! Where the commands that learn have their pictures from: digits drawn here, files in MNIST's format, folders of pictures.
//!
//! | DATA | to learn from | to be tested with |
//! |---|---|---|
//! | `digits:N` | N digits, drawn | others, a sixth as many |
//! | a folder with `train-images-idx3-ubyte`, ... | `train-*` | `t10k-*` |
//! | a folder of folders of pictures, one for each class | all of them | all of them |
//!
//! A model knows its classes by their names: numbers, or the names of the folders.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use faltung::{AnyArray, Array};
use faltung_train::{Dataset, Shape, digits};

use crate::io::{self, Failure, Place, ReadOptions};

/// What the pictures are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To learn from.
    Training,
    /// To be tested with.
    Test,
}

/// Where pictures come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// So many digits, drawn.
    Digits(usize),
    /// A folder of files in MNIST's format.
    Idx(PathBuf),
    /// A folder of folders of pictures.
    Classes(PathBuf),
}

impl Source {
    /// What the word of the command line means. A folder of that name is taken before digits.
    pub(crate) fn of(word: &OsStr) -> Result<Source, Failure> {
        let path = Path::new(word);
        if path.is_dir() {
            let is_idx = |name: &str| name.contains("-images-idx3") || name.contains("-images.idx3");
            let names = entries(path)?.into_iter().filter(|entry| entry.is_file());
            let idx = names
                .filter_map(|entry| entry.file_name().map(OsStr::to_owned))
                .any(|name| is_idx(&name.to_string_lossy()));
            return Ok(if idx { Source::Idx(path.into()) } else { Source::Classes(path.into()) });
        }
        let expected = "give a folder of IDX files, a folder with a folder of pictures for each class, or digits:N";
        match word.to_str().and_then(|word| word.strip_prefix("digits:")) {
            Some(count) => match count.parse() {
                Ok(count) if count > 0 => Ok(Source::Digits(count)),
                _ => Err(Failure::usage(format!("{count:?} is no number of digits: say digits:8000"))),
            },
            None if path.is_file() => Err(Failure::usage(format!("{}: this is a file: {expected}", path.display()))),
            None => Err(Failure::usage(format!("{}: there is no such folder: {expected}", path.display()))),
        }
    }

    /// Reads or draws the pictures.
    pub(crate) fn load(&self, purpose: Purpose, seed: u64) -> Result<Dataset, Failure> {
        let loaded = match (self, purpose) {
            (Source::Digits(count), Purpose::Training) => digits::training(*count, seed).map_err(refused),
            (Source::Digits(count), Purpose::Test) => digits::test(count.div_ceil(6).max(10), seed).map_err(refused),
            (Source::Idx(folder), Purpose::Training) => idx(folder, "train"),
            (Source::Idx(folder), Purpose::Test) => idx(folder, "t10k"),
            (Source::Classes(folder), _) => classes(folder),
        };
        match self {
            Source::Digits(_) => loaded,
            Source::Idx(folder) | Source::Classes(folder) => loaded.map_err(|failure| named(failure, folder)),
        }
    }

    /// Pictures to learn from and others to be tested with: of a folder of classes every sixth is for the test.
    pub(crate) fn both(&self, seed: u64) -> Result<[Dataset; 2], Failure> {
        match self {
            Source::Classes(_) => {
                let (test, training) = self.load(Purpose::Training, seed)?.split(6).map_err(refused)?;
                Ok([training, test])
            }
            _ => Ok([self.load(Purpose::Training, seed)?, self.load(Purpose::Test, seed)?]),
        }
    }
}

/// What the crate that learns refuses.
pub(crate) fn refused(error: faltung_train::Error) -> Failure {
    match error {
        faltung_train::Error::Option { .. } => Failure::usage(error.to_string()),
        _ => Failure::data(error.to_string()),
    }
}

/// The failure with the folder's name, if it has no file's yet.
fn named(failure: Failure, folder: &Path) -> Failure {
    let folder = folder.display().to_string();
    if failure.message.starts_with(&folder) { failure } else { failure.in_file(folder) }
}

/// Files and folders of a folder, in the order of their names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let read = || fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>();
    let mut entries = read().map_err(|error| Failure::from(error).in_file(folder.display()))?;
    entries.sort();
    Ok(entries)
}

/// Pictures and labels of MNIST's format, whose files begin with this word; each perhaps in gzip.
fn idx(folder: &Path, word: &str) -> Result<Dataset, Failure> {
    let file = |what: &str| {
        let names = [format!("{word}-{what}-ubyte"), format!("{word}-{}-ubyte", what.replace("-idx", ".idx"))];
        let files = names.iter().flat_map(|name| [folder.join(name), folder.join(format!("{name}.gz"))]);
        let found = files.into_iter().find(|path| path.is_file());
        found.ok_or_else(|| Failure::data(format!("there is no file {}, with .gz or without", names[0])))
    };
    let bytes = |path: &Path, axes: usize| {
        let document = io::read(&Place::File(path.into()), &ReadOptions::default())?;
        match document.array {
            AnyArray::U8(array) if array.shape().len() == axes => Ok(array),
            array => Err(Failure::data(format!(
                "it holds {} of shape {:?}: bytes with {axes} axes are expected",
                array.dtype(),
                array.shape()
            ))
            .in_file(path.display())),
        }
    };
    let pictures = bytes(&file("images-idx3")?, 3)?;
    let labels = bytes(&file("labels-idx1")?, 1)?.into_vec();
    let shape = Shape { channels: 1, height: pictures.shape()[1], width: pictures.shape()[2] };
    if pictures.shape()[0] != labels.len() {
        let (pictures, labels) = (pictures.shape()[0], labels.len());
        return Err(Failure::data(format!(
            "there are {pictures} pictures and {labels} labels: a label for each is needed"
        )));
    }
    let count = labels.iter().max().map_or(0, |&largest| usize::from(largest) + 1).max(2);
    let classes = (0..count).map(|class| class.to_string()).collect();
    Dataset::new(shape, pictures.into_vec(), labels, classes).map_err(refused)
}

/// Pictures of one size, in a folder for each class.
fn classes(folder: &Path) -> Result<Dataset, Failure> {
    let folders: Vec<PathBuf> = entries(folder)?.into_iter().filter(|entry| entry.is_dir()).collect();
    if folders.len() < 2 {
        return Err(Failure::data(format!(
            "there are {} folders in it: IDX files, or a folder of pictures for each of two or more classes, are expected",
            folders.len()
        )));
    }
    if folders.len() > 256 {
        return Err(Failure::data(format!(
            "there are {} folders in it: at most 256 classes are told apart",
            folders.len()
        )));
    }
    let mut files = Vec::new();
    for (label, folder) in folders.iter().enumerate() {
        let pictures = entries(folder)?.into_iter().filter(|path| path.is_file() && is_picture(path));
        files.extend(pictures.map(|path| (path, label as u8)));
    }
    let mut read = Vec::new();
    for (path, label) in &files {
        read.push((picture(&Place::File(path.clone()))?, *label, path));
    }
    // Grey as long as nothing is in colour.
    let channels: BTreeSet<usize> = read.iter().map(|(picture, ..)| channels(picture)).collect();
    let channels = channels.last().copied().unwrap_or(1);
    let mut pixels = Vec::new();
    let mut shape: Option<Shape> = None;
    for (picture, _, path) in &read {
        let (here, samples) = planes(picture, channels);
        let first = *shape.get_or_insert(here);
        if here != first {
            let problem = format!(
                "it is {}x{}, and the first picture is {}x{}",
                here.height, here.width, first.height, first.width
            );
            return Err(Failure::data(format!("{problem}: all are to have one size")).in_file(path.display()));
        }
        pixels.extend(samples);
    }
    let shape = shape.ok_or_else(|| Failure::data("there are no pictures (PNG, JPEG, TIFF) in its folders"))?;
    let names = folders.iter().filter_map(|folder| folder.file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned()).collect();
    Dataset::new(shape, pixels, read.iter().map(|(_, label, _)| *label).collect(), names).map_err(refused)
}

/// Whether its name says that it is a picture; hidden files are none.
fn is_picture(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    !hidden && extension.is_some_and(|extension| ["png", "jpg", "jpeg", "tif", "tiff"].contains(&&extension[..]))
}

/// A picture's bytes, as `[row, column]` or `[row, column, 3]`; of 16 bits the upper 8.
pub(crate) fn picture(place: &Place) -> Result<Array<u8>, Failure> {
    let wrong = |what: String| Failure::data(what).in_file(place);
    let array = io::read(place, &ReadOptions::default())?.array;
    let array = match array {
        AnyArray::U8(array) => array,
        AnyArray::U16(array) => {
            let upper = array.data().iter().map(|sample| (sample >> 8) as u8).collect();
            Array::new(upper, array.shape())?
        }
        array => {
            return Err(wrong(format!("its samples are {}: a picture of 8 or 16 bits is expected", array.dtype())));
        }
    };
    match array.shape() {
        [_, _] | [_, _, 3] => Ok(array),
        shape => Err(wrong(format!("it has the shape {shape:?}: a picture is expected"))),
    }
}

fn channels(picture: &Array<u8>) -> usize {
    picture.shape().get(2).copied().unwrap_or(1)
}

/// The picture as `[channel, row, column]` with so many channels: grey is repeated, colour becomes its lightness.
pub(crate) fn planes(picture: &Array<u8>, channels: usize) -> (Shape, Vec<u8>) {
    let shape = Shape { channels, height: picture.shape()[0], width: picture.shape()[1] };
    let samples = picture.data();
    let planes = match (self::channels(picture), channels) {
        (1, wanted) => (0..wanted).flat_map(|_| samples.iter().copied()).collect(),
        (_, 1) => samples.chunks_exact(3).map(lightness).collect(),
        (came, wanted) => {
            (0..wanted).flat_map(|at| samples.iter().copied().skip(at.min(came - 1)).step_by(came)).collect()
        }
    };
    (shape, planes)
}

/// How light a colour is, as television has it (BT.601).
fn lightness(colour: &[u8]) -> u8 {
    let [red, green, blue] = [0, 1, 2].map(|channel| u32::from(colour[channel]));
    ((299 * red + 587 * green + 114 * blue + 500) / 1000) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_known_by_their_number() {
        assert_eq!(Source::of(OsStr::new("digits:80")), Ok(Source::Digits(80)));
        let said = |word: &str| Source::of(OsStr::new(word)).expect_err("it is none").message;
        assert!(said("digits:0").contains("digits:8000"));
        assert!(said("digits:many").contains("\"many\" is no number"));
        assert!(said("nowhere").contains("there is no such folder"));
    }

    #[test]
    fn colours_become_planes_and_planes_grey() {
        let colours = Array::new(vec![255, 0, 0, 255, 255, 255], &[1, 2, 3]).expect("two pixels");
        assert_eq!(planes(&colours, 3).1, [255, 255, 0, 255, 0, 255]);
        assert_eq!(planes(&colours, 1).1, [76, 255]);
        let grey = Array::new(vec![7, 8], &[1, 2]).expect("two pixels");
        assert_eq!(planes(&grey, 3).1, [7, 8, 7, 8, 7, 8]);
    }
}
