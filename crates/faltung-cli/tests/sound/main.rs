//! Sounds through responses: what people who work with sound expect, by numbers that can be checked by hand.

mod chunks;
mod interrupted;
mod layouts;
mod levels;
mod like_arrays;
mod live;
mod long;
mod real_data;
mod refused;
mod resampling;

#[path = "../support/mod.rs"]
mod support;

use faltung::AnyArray;
use faltung_cli::io::{Form, Sound};

use support::Trial;

/// A sound's form, with so many bits.
fn of_bits(bits: u16, float: bool) -> Form {
    Form::Sound(Sound { rate: 8000, bits, float, speakers: 0 })
}

/// What the command says of a sound that it has written.
fn told(trial: &Trial, words: &str) -> String {
    let outcome = trial.run(&format!("convolve {words} -o y.wav"));
    assert_eq!((outcome.code, outcome.out.as_str()), (0, ""), "{words}: {}", outcome.err);
    outcome.err
}

/// The values of the sound that it writes then.
fn values(trial: &Trial, words: &str) -> Vec<f64> {
    told(trial, words);
    numbers(&trial.read("y.wav").array)
}

fn numbers(array: &AnyArray) -> Vec<f64> {
    array.view().numbers().into_iter().map(|number| number.to_complex().re).collect()
}

/// A WAV file of these chunks.
fn wav(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut all = b"RIFF\0\0\0\0WAVE".to_vec();
    for (id, bytes) in chunks {
        all.extend(*id);
        all.extend((bytes.len() as u32).to_le_bytes());
        all.extend(*bytes);
        all.extend(&[0][..bytes.len() % 2]);
    }
    let size = all.len() as u32 - 8;
    all[4..8].copy_from_slice(&size.to_le_bytes());
    all
}

/// The format of mono integers at 8000 frames a second.
fn format(bits: u16) -> Vec<u8> {
    let frame = bits / 8;
    let mut fields = [1u16.to_le_bytes(), 1u16.to_le_bytes()].concat();
    fields.extend(8000u32.to_le_bytes());
    fields.extend((8000 * u32::from(frame)).to_le_bytes());
    fields.extend([frame.to_le_bytes(), bits.to_le_bytes()].concat());
    fields
}
