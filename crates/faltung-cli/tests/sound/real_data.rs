//! A real voice in real rooms, where `FALTUNG_TEST_DATA` says that they are.

use std::io::Write;

use faltung_cli::io::Form;

use crate::{support::Trial, told};

#[test]
fn a_voice_stands_in_measured_rooms() {
    let Ok(data) = std::env::var("FALTUNG_TEST_DATA") else {
        // Not by `eprintln`, which the test runner swallows.
        let _ = writeln!(std::io::stderr(), "skipped: FALTUNG_TEST_DATA is not set");
        return;
    };
    let trial = Trial::new();
    for (room, frames, shape) in
        [("rir_clap.wav", 44_100, vec![114_400 + 44_100 - 1]), ("brir_clap.wav", 45_998, vec![114_400 + 45_998 - 1, 2])]
    {
        let said = told(&trial, &format!("{data}/audio/xmas.wav {data}/audio/{room}"));
        assert!(said.contains("44100 Hz") && said.contains(" 0 samples clipped"), "{said}");
        let written = trial.read("y.wav");
        assert_eq!(written.array.shape(), shape, "{room} has {frames} frames");
        assert!(matches!(written.form, Form::Sound(sound) if sound.rate == 44_100 && sound.bits == 16));
    }
    // The cue points of the voice, behind its samples.
    let bytes = std::fs::read(trial.path("y.wav")).expect("it was written");
    assert!(bytes.windows(4).any(|name| name == b"cue "));
    let said = told(&trial, &format!("{data}/audio/singing.wav {data}/audio/rir_clap.wav"));
    assert!(said.contains("48000 Hz") && said.contains("(resampled from 44100 Hz)"), "{said}");
}
