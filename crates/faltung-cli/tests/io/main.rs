//! The file formats: what goes in comes out, what is wrong is said, and nothing is lost on the way.

mod hostile;
#[cfg(unix)]
mod places;
mod round_trips;
mod sounds;
mod tables;

use std::path::PathBuf;

use faltung::AnyArray;
use faltung_cli::io::{Document, Failure, Form, Place, ReadOptions, read, read_bytes, write};

/// A folder of its own for a test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn place(&self, name: &str) -> Place {
        Place::File(self.path(name))
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("the folder is there");
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// What is read from a file of these bytes, by default options.
fn take(bytes: &[u8]) -> Result<Document, Failure> {
    read_bytes(bytes.to_vec(), None, &ReadOptions::default())
}

/// What is said about a file of these bytes.
fn complaint(bytes: &[u8]) -> String {
    match take(bytes) {
        Ok(document) => panic!("{:?} was read", document.array),
        Err(failure) => failure.message,
    }
}

/// What is read after writing.
fn there_and_back(name: &str, array: &AnyArray, form: &Form) -> Document {
    let folder = Folder::new();
    let place = folder.place(name);
    write(&place, array, form).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(folder.names(), [name], "nothing stray stays");
    read(&place, &ReadOptions::default()).unwrap_or_else(|failure| panic!("{failure}"))
}
