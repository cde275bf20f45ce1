//! The command, run for real in a folder of its own.

#![allow(dead_code)] // each test takes from here what it needs

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use faltung::{AnyArray, Array, Sample};
use faltung_cli::io::{self, Document, Form, Picture, PictureFormat, Place, ReadOptions, Sound};

/// A folder in which the command runs.
pub(crate) struct Trial(tempfile::TempDir);

/// How a run ended.
pub(crate) struct Outcome {
    /// The exit code; -1 after a signal.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
    /// How long it took.
    pub(crate) time: Duration,
}

impl Trial {
    /// An empty folder.
    pub(crate) fn new() -> Trial {
        Trial(tempfile::tempdir().expect("a temporary folder"))
    }

    /// With a file of these bytes.
    pub(crate) fn file(self, name: &str, bytes: impl AsRef<[u8]>) -> Trial {
        fs::write(self.path(name), bytes).expect("a file in the folder");
        self
    }

    /// With a file of this array.
    pub(crate) fn array(self, name: &str, array: &AnyArray, form: &Form) -> Trial {
        io::write(&self.place(name), array, form).expect(name);
        self
    }

    /// With the file of the tests' own data, if it is there.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn place(&self, name: &str) -> Place {
        Place::File(self.path(name))
    }

    /// What is in the folder, and how many bytes each has.
    pub(crate) fn contents(&self) -> Vec<(String, Vec<u8>)> {
        let entries = fs::read_dir(self.0.path()).expect("the folder is there").map(|entry| entry.expect("an entry"));
        let bytes = |path: PathBuf| if path.is_file() { fs::read(path).unwrap_or_default() } else { Vec::new() };
        let mut all: Vec<_> =
            entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), bytes(entry.path()))).collect();
        all.sort();
        all
    }

    /// Runs the command with these words, apart by spaces; `''` is an empty one.
    pub(crate) fn run(&self, words: &str) -> Outcome {
        self.run_with(words, &[])
    }

    /// Runs the command, which finds these bytes on standard input.
    pub(crate) fn run_with(&self, words: &str, input: &[u8]) -> Outcome {
        let words: Vec<&str> = words.split_whitespace().map(|word| if word == "''" { "" } else { word }).collect();
        self.run_all(&words, input)
    }

    /// Runs the command with words that may hold blanks.
    pub(crate) fn run_words(&self, words: &[&str]) -> Outcome {
        self.run_all(words, &[])
    }

    fn run_all(&self, words: &[&str], input: &[u8]) -> Outcome {
        let mut command = limited();
        command.args(words).current_dir(self.0.path());
        let began = Instant::now();
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("it was asked for");
        let input = input.to_vec();
        // That it ends before it has read everything is its right.
        let feeder = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().expect("it ends");
        let time = began.elapsed();
        feeder.join().expect("it only writes");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Outcome { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr), time }
    }

    /// The standard output of a run that must succeed, without a word on standard error.
    pub(crate) fn prints(&self, words: &str) -> String {
        let outcome = self.run(words);
        assert_eq!((outcome.code, outcome.err.as_str()), (0, ""), "faltung {words}");
        outcome.out
    }

    /// The lines of it, apart by spaces.
    pub(crate) fn lines(&self, words: &str) -> String {
        self.prints(words).lines().collect::<Vec<_>>().join(" ")
    }

    /// What a run that must fail says.
    pub(crate) fn complains(&self, words: &str) -> String {
        let outcome = self.run(words);
        assert!(outcome.code > 0, "faltung {words}: {}", outcome.code);
        outcome.err
    }

    /// Reads a file that the command has written.
    pub(crate) fn read(&self, name: &str) -> Document {
        io::read(&self.place(name), &ReadOptions::default()).expect(name)
    }

    /// The samples of a file that the command has written.
    pub(crate) fn samples<T: Sample>(&self, name: &str) -> Vec<T> {
        self.read(name).array.typed::<T>().expect(name).into_vec()
    }
}

/// The command, with no more than 500 MB of data for it where a shell can see to that.
fn limited() -> Command {
    let binary = env!("CARGO_BIN_EXE_faltung");
    if cfg!(target_os = "linux") {
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -d 512000; exec \"$0\" \"$@\"", binary]);
        command
    } else {
        Command::new(binary)
    }
}

/// An array of these samples.
pub(crate) fn array<T: Sample>(shape: &[usize], samples: impl Into<Vec<T>>) -> AnyArray
where
    AnyArray: From<Array<T>>,
{
    Array::new(samples.into(), shape).expect("as many samples as the shape says").into()
}

/// The form of a sound.
pub(crate) fn sound(rate: u32) -> Form {
    Form::Sound(Sound { rate, bits: 16, float: false, speakers: 0 })
}

/// The form of a sound that holds every number.
pub(crate) fn float_sound(rate: u32) -> Form {
    Form::Sound(Sound { rate, bits: 32, float: true, speakers: 0 })
}

/// The form of a picture without alpha.
pub(crate) fn picture() -> Form {
    Form::Picture(Picture { format: PictureFormat::Png, alpha: None, profile: None })
}

/// The form of a picture with alpha.
pub(crate) fn picture_with(alpha: AnyArray) -> Form {
    Form::Picture(Picture { format: PictureFormat::Png, alpha: Some(alpha), profile: None })
}

/// The bytes of a file of this array.
pub(crate) fn bytes(name: &str, array: &AnyArray, form: &Form) -> Vec<u8> {
    let trial = Trial::new().array(name, array, form);
    fs::read(trial.path(name)).expect(name)
}
