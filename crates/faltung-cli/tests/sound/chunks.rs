//! What a WAV has besides its samples, and sizes beyond 32 bits.

use std::{fs, io::Write};

use flate2::{Compression, write::GzEncoder};

use crate::{format, numbers, support::Trial, told, values, wav};

/// 0.5 and -0.5 in 16 bits.
const SAMPLES: &[u8] = &[0, 64, 0, 192];

/// The chunks of a file, in their order.
fn chunks(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (mut all, mut at) = (Vec::new(), 12);
    while at < bytes.len() {
        let size = u32::from_le_bytes(bytes[at + 4..at + 8].try_into().unwrap()) as usize;
        let id = String::from_utf8_lossy(&bytes[at..at + 4]).into_owned();
        all.push((id, bytes[at + 8..at + 8 + size].to_vec()));
        at += 8 + size + size % 2;
    }
    all
}

#[test]
fn chunks_stay_where_they_were() {
    let file = wav(&[
        (b"bext", b"odd"),
        (b"fmt ", &format(16)),
        (b"fact", &[2, 0, 0, 0]),
        (b"data", SAMPLES),
        (b"LIST", b"INFOINAM\x02\0\0\0x\0"),
        (b"PEAK", b"no more"),
        (b"id3 ", b"y"),
    ]);
    let trial = Trial::new().file("a.wav", file);
    assert_eq!(values(&trial, "a.wav 0.5,0.5"), [0.25, 0.0, -0.25]);
    let written = fs::read(trial.path("y.wav")).unwrap();
    assert_eq!(u32::from_le_bytes(written[4..8].try_into().unwrap()) as usize, written.len() - 8);
    let found = chunks(&written);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["fmt ", "bext", "data", "LIST", "id3 "]);
    assert_eq!((&found[1].1[..], &found[4].1[..]), (&b"odd"[..], &b"y"[..]));
    assert_eq!(found[3].1, b"INFOINAM\x02\0\0\0x\0");
}

#[test]
fn chunks_follow_an_odd_number_of_bytes() {
    let file = wav(&[(b"fmt ", &format(8)), (b"data", &[192, 64, 128]), (b"cue ", b"here")]);
    let trial = Trial::new().file("a.wav", file);
    assert_eq!(values(&trial, "a.wav 1"), [0.5, -0.5, 0.0]);
    let found = chunks(&fs::read(trial.path("y.wav")).unwrap());
    assert_eq!(found.last(), Some(&("cue ".to_owned(), b"here".to_vec())));
}

#[test]
fn a_file_that_ends_within_a_later_chunk_has_its_sound() {
    let mut file = wav(&[(b"fmt ", &format(16)), (b"data", SAMPLES), (b"LIST", b"a long one")]);
    file.truncate(file.len() - 4);
    let trial = Trial::new().file("a.wav", file);
    assert_eq!(values(&trial, "a.wav 1"), [0.5, -0.5]);
}

/// The same sound in RF64, whose sizes stand in `ds64`.
fn rf64() -> Vec<u8> {
    let mut sizes = 1000u64.to_le_bytes().to_vec();
    sizes.extend((SAMPLES.len() as u64).to_le_bytes());
    sizes.extend(2u64.to_le_bytes());
    sizes.extend(0u32.to_le_bytes());
    let mut file = wav(&[(b"ds64", &sizes), (b"fmt ", &format(16)), (b"data", SAMPLES), (b"bext", b"kept")]);
    file[..8].copy_from_slice(b"RF64\xff\xff\xff\xff");
    let at = file.windows(4).position(|name| name == b"data").unwrap() + 4;
    file[at..at + 4].fill(0xff);
    file
}

#[test]
fn rf64_is_read_with_the_chunks_behind_its_samples() {
    let trial = Trial::new().file("a.wav", rf64());
    assert_eq!(values(&trial, "a.wav 0.5"), [0.25, -0.25]);
    let found = chunks(&fs::read(trial.path("y.wav")).unwrap());
    assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["fmt ", "data", "bext"]);
}

#[test]
fn a_sound_of_unknown_length_keeps_room_for_long_sizes() {
    let mut file = wav(&[(b"fmt ", &format(16)), (b"data", SAMPLES)]);
    let at = file.len() - SAMPLES.len() - 4;
    file[at..at + 4].fill(0xff);
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&file).unwrap();
    let trial = Trial::new().file("a.wav.gz", packed.finish().unwrap());
    assert_eq!(values(&trial, "a.wav.gz 1"), [0.5, -0.5]);
    let found = chunks(&fs::read(trial.path("y.wav")).unwrap());
    assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["JUNK", "fmt ", "data"]);
}

#[test]
fn a_sound_may_come_through_a_pipe_and_be_needed_twice() {
    let file = wav(&[(b"fmt ", &format(16)), (b"data", SAMPLES), (b"bext", b"kept")]);
    let trial = Trial::new();
    let outcome = trial.run_with("convolve - 4 -o y.wav", &file);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert_eq!(numbers(&trial.read("y.wav").array), [32767.0 / 32768.0, -1.0]);
    assert_eq!(trial.contents().len(), 1, "the copy is gone");
    assert!(outcome.err.contains("gain 0.5000"), "{}", outcome.err);
}

#[test]
fn a_result_may_replace_its_input() {
    let trial = Trial::new().file("y.wav", wav(&[(b"fmt ", &format(16)), (b"data", SAMPLES)]));
    told(&trial, "y.wav 4 --level match");
    assert_eq!(numbers(&trial.read("y.wav").array), [0.5, -0.5]);
}
