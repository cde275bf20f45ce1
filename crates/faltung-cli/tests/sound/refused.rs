//! Sounds that cannot be filtered, and options that do not go together.

use crate::{
    format, of_bits,
    support::{Trial, array},
    wav,
};

fn trial() -> Trial {
    Trial::new()
        .array("a.wav", &array(&[3], [0.5f32, 0.25, -0.5]), &of_bits(16, false))
        .array("nan.wav", &array(&[3], [0.5f32, 0.25, f32::NAN]), &of_bits(32, true))
        .array("none.wav", &array(&[0], Vec::<f32>::new()), &of_bits(16, false))
        .file("short.wav", wav(&[(b"fmt ", &format(16)), (b"data", &[0, 64, 0])]))
        .file("text.csv", "1\n2\n")
}

/// What is said, with its code; nothing is written.
fn refused(words: &str) -> (i32, String) {
    let trial = trial();
    let before = trial.contents();
    let outcome = trial.run(&format!("convolve {words}"));
    assert!(trial.contents() == before, "{words} has written something");
    (outcome.code, outcome.err)
}

#[test]
fn each_says_what_would_do() {
    let cases: &[(&str, i32, &[&str])] = &[
        ("gone.wav 1 -o y.wav", 1, &["gone.wav: there is no such file"]),
        ("short.wav 1 -o y.wav", 1, &["short.wav", "whole number of frames"]),
        ("nan.wav 1 -o y.wav", 1, &["nan.wav: frame 2, channel 0 is NaN", "--missing propagate"]),
        ("a.wav none.wav -o y.wav", 1, &["none.wav"]),
        ("a.wav 1,nan -o y.wav", 1, &["1,nan", "no finite"]),
        ("a.wav 1+2i -o y.wav", 1, &["1+2i", "complex"]),
        ("a.wav 1,2;3,4 -o y.wav", 2, &["2 dimensions", "one row of weights"]),
        ("a.wav 1 -o no/y.wav", 1, &["no/y.wav: there is no folder"]),
        ("a.wav 1 -o y.flac", 2, &["FLAC is read, not written"]),
        ("a.wav 1 -o y.wav --level loud", 2, &["none", "peak", "match"]),
        ("a.wav 1 -o y.wav --level peak --map clip", 2, &["--map", "--level"]),
        ("a.wav 1 -o y.wav --level peak --mode same", 2, &["--level is for a sound that is convolved in full"]),
        ("a.wav 1 -o y.npy --tail cut", 2, &["--tail is for a sound"]),
        ("text.csv 1 --no-resample", 2, &["--no-resample is for a sound"]),
        ("a.wav 8 -o y.wav --mode same", 1, &["y.wav", "--map clip"]),
    ];
    for (words, code, says) in cases {
        let (ended, said) = refused(words);
        assert_eq!(ended, *code, "{words}: {said}");
        says.iter().for_each(|part| assert!(said.contains(part), "{words}: {part}: {said}"));
    }
}

#[test]
fn what_comes_through_a_pipe_must_be_a_sound() {
    let trial = Trial::new();
    let outcome = trial.run_with("convolve - 1 -o y.wav", b"1\n2\n");
    assert_eq!((outcome.code, trial.contents().len()), (2, 0), "{}", outcome.err);
    assert!(outcome.err.contains("standard input: this is no sound"), "{}", outcome.err);
}

#[test]
fn what_is_not_finite_has_its_place_in_an_array() {
    let trial = trial();
    trial.prints("convolve nan.wav 1,1 --missing omit -o y.wav");
    assert_eq!(trial.samples::<f32>("y.wav"), [0.5, 0.75, 0.25, 0.0]);
}

#[test]
fn a_sound_without_frames_stays_one() {
    let trial = trial();
    let outcome = trial.run("convolve none.wav 1,1 -o y.wav");
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert_eq!(trial.read("y.wav").array.shape(), [0]);
}
