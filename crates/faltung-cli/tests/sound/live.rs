//! Samples that are filtered while they come.

use std::{
    io::{Read, Write},
    process::{Child, Command, Stdio},
};

use faltung_cli::io::{Form, Sound};

use crate::support::{Trial, array};

fn started(trial: &Trial, words: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_faltung"));
    command.arg("stream").args(words.split(' ')).current_dir(trial.path("."));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
}

/// What comes out for these bytes.
fn streamed(words: &str, input: &[u8]) -> (Vec<u8>, String) {
    let mut child = started(&Trial::new(), words);
    child.stdin.take().unwrap().write_all(input).unwrap();
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.success(), "{words}: {said}");
    (ended.stdout, said)
}

#[test]
fn the_first_block_is_answered_before_the_input_ends() {
    let mut child = started(&Trial::new(), "-k 1,0.5 -r 8000 -e signed -b 8");
    let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut answer = [0; 3];
    input.write_all(&[4, 8, 0]).unwrap();
    output.read_exact(&mut answer).unwrap();
    assert_eq!(answer, [4, 10, 4]);
    // A frame at a time, too.
    input.write_all(&[20]).unwrap();
    output.read_exact(&mut answer[..1]).unwrap();
    assert_eq!(answer[0], 20);
    drop(input);
    let mut tail = Vec::new();
    output.read_to_end(&mut tail).unwrap();
    assert_eq!(tail, [10]);
    assert!(child.wait().unwrap().success());
}

#[test]
fn bytes_are_what_the_options_say() {
    assert_eq!(streamed("-k 0.5 -r 8000 -e unsigned -b 8", &[0x80, 0xc0, 0]).0, [0x80, 0xa0, 0x40]);
    assert_eq!(streamed("-k 0.5 -r 8000 --endian big", &[0x40, 0, 0x80, 0]).0, [0x20, 0, 0xc0, 0]);
    assert_eq!(streamed("-k 0.5 -r 8000 -b 24", &[0, 0, 0x40]).0, [0, 0, 0x20]);
    let floats = [1.5f32, -2.0].map(f32::to_le_bytes).concat();
    assert_eq!(streamed("-k 2 -r 8000 -e float", &floats).0, [3.0f32, -4.0].map(f32::to_le_bytes).concat());
    assert_eq!(streamed("-k 2 -r 8000 -e float -b 64", &1.5f64.to_le_bytes()).0, 3.0f64.to_le_bytes());
    assert_eq!(streamed("-k 1,0.5 -r 8000 -b 8 -c 2", &[4, 8, 20, 40]).0, [4, 8, 22, 44, 10, 20]);
}

#[test]
fn a_latency_delays() {
    assert_eq!(streamed("-k 1,0.5 -r 8000 -b 8 --latency 2", &[4, 8]).0, [0, 0, 4, 10, 4]);
    assert_eq!(streamed("-k 1,0.5 -r 8000 -b 8 --latency zero", &[4, 8]).0, [4, 10, 4]);
}

#[test]
fn a_mono_sound_becomes_stereo() {
    let form = Form::Sound(Sound { rate: 8000, bits: 32, float: true, speakers: 0 });
    let trial = Trial::new().array("h.wav", &array(&[1, 2], [1.0f32, -0.5]), &form);
    let mut child = started(&trial, "-k h.wav -r 8000 -b 8");
    child.stdin.take().unwrap().write_all(&[4, 8]).unwrap();
    assert_eq!(child.wait_with_output().unwrap().stdout, [4, 0xfe, 8, 0xfc]);
}

#[test]
fn clipping_is_counted_and_said() {
    let (bytes, said) = streamed("-k 2 -r 8000 -b 8", &[100, 0x80, 1]);
    assert_eq!(bytes, [127, 0x80, 2]);
    assert!(
        said.contains("8000 Hz, 1 x 1 channels to 1, 3 frames; peak 2.0000 (+6.0 dB), 2 samples clipped"),
        "{said}"
    );
    assert_eq!(streamed("-k 2 -r 8000 -b 8 --quiet", &[100]).1, "");
}

#[test]
fn what_is_no_number_is_silence_and_said() {
    let floats = [f32::NAN, 1.0].map(f32::to_le_bytes).concat();
    let (bytes, said) = streamed("-k 1 -r 8000 -e float", &floats);
    assert_eq!(bytes, [0.0f32, 1.0].map(f32::to_le_bytes).concat());
    assert!(said.contains("1 samples were no finite numbers"), "{said}");
}

#[test]
fn a_reader_that_leaves_ends_it_quietly() {
    let mut child = started(&Trial::new(), "-k 1 -r 8000");
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    // Until it has noticed, it takes what comes.
    while input.write_all(&[0; 4096]).is_ok() {}
    drop(input);
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success() && ended.stderr.is_empty(), "{ended:?}");
}

#[test]
fn nothing_gives_nothing() {
    assert!(streamed("-k 1,2,3 -r 8000 --latency 7", &[]).0.is_empty());
}

#[test]
fn what_cannot_be_is_refused() {
    let form = Form::Sound(Sound { rate: 48_000, bits: 16, float: false, speakers: 0 });
    let trial = Trial::new().array("h.wav", &array(&[3, 3], [0.25f32; 9]), &form);
    let refused = |words: &str, input: &[u8], code: i32, says: &str| {
        let outcome = trial.run_with(&format!("stream {words}"), input);
        assert_eq!(outcome.code, code, "{words}: {}", outcome.err);
        assert!(outcome.err.contains(says), "{words}: {}", outcome.err);
    };
    refused("-k 1", &[], 2, "--rate");
    refused("-k 1 -r 8000 -b 12", &[], 2, "8, 16, 24 and 32");
    refused("-k 1 -r 8000 -e float -b 16", &[], 2, "32 or 64");
    refused("-k - -r 8000", &[], 2, "give a file for the kernel");
    refused("-k h.wav -r 8000 --no-resample", &[], 1, "h.wav has 48000");
    refused("-k h.wav -r 48000 -c 2", &[], 1, "standard input has 2 channels and h.wav has 3");
    refused("-k 1 -r 8000", &[1, 2, 3], 1, "ends with 1 bytes of a frame of 2");
    refused("-k 1 -r 8000 --latency soon", &[], 2, "zero, any, or a number");
}

#[test]
fn a_response_of_another_rate_is_told() {
    let form = Form::Sound(Sound { rate: 4000, bits: 64, float: true, speakers: 0 });
    let trial = Trial::new().array("h.wav", &array(&[1], [1.0f64]), &form);
    let mut child = started(&trial, "-k h.wav -r 8000 -e float -b 64");
    let impulse = [vec![1.0f64], vec![0.0; 100]].concat();
    child.stdin.take().unwrap().write_all(&impulse.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<_>>()).unwrap();
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    let late: usize = said.split("the result is ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(said.contains("resampled from 4000 to 8000 Hz"), "{said}");
    let y: Vec<f64> = ended.stdout.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect();
    assert_eq!(y.len(), 101 + 1 + late);
    let greatest = (0..y.len()).max_by(|&a, &b| y[a].total_cmp(&y[b])).unwrap();
    assert_eq!(greatest, late);
}
