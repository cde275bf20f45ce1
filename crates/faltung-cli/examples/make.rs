//! Makes the picture, the sound and the response in `examples/`: `cargo run --package faltung-cli --example make`.
//!
//! All are computed, nothing is recorded: a landscape at evening, four plucked strings, and the echo of a hall.

use std::{f64::consts::TAU, path::PathBuf};

use faltung::{AnyArray, Array};
use faltung_cli::io::{Failure, Form, Picture, PictureFormat, Place, Sound, write};

/// Frames in a second.
const RATE: u32 = 22_050;

fn main() -> Result<(), Failure> {
    let picture = Form::Picture(Picture { format: PictureFormat::Png, alpha: None, profile: None });
    save("picture.png", landscape(), &picture)?;
    let sound = Form::Sound(Sound { rate: RATE, bits: 16, float: false, speakers: 0 });
    save("sound.wav", strings(), &sound)?;
    save("response.wav", hall(), &sound)
}

fn save(name: &str, array: AnyArray, form: &Form) -> Result<(), Failure> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    write(&Place::File(folder.join(name)), &array, form)
}

/// A sky that brightens to the horizon, a sun, hills, and a fence whose edges are sharp.
fn landscape() -> AnyArray {
    const HEIGHT: usize = 120;
    const WIDTH: usize = 180;
    let mut pixels = Vec::with_capacity(HEIGHT * WIDTH * 3);
    for row in 0..HEIGHT {
        for column in 0..WIDTH {
            let (x, y) = (column as f64, row as f64);
            let hill = 78.0 + 9.0 * (x / 23.0).sin() + 4.0 * (x / 7.0 + 1.0).sin();
            let bright = y / 80.0;
            let colour = match () {
                _ if y > 95.0 && (column % 18 < 4 || (102..106).contains(&row)) => [92, 61, 40],
                _ if y > hill => [54 + (y as u8 - 60), 94, 52],
                _ if (x - 128.0).hypot(y - 42.0) < 15.0 => [255, 214, 120],
                _ => [(90.0 + 150.0 * bright) as u8, (110.0 + 70.0 * bright) as u8, (190.0 - 40.0 * bright) as u8],
            };
            pixels.extend(colour);
        }
    }
    Array::new(pixels, &[HEIGHT, WIDTH, 3]).expect("three bytes a pixel").into()
}

/// Four strings plucked one after the other, by the method of Karplus and Strong (1983): a loop of noise, averaged as it goes.
fn strings() -> AnyArray {
    let mut sound = vec![0.0; 2 * RATE as usize];
    let mut noise = noise();
    for (number, pitch) in [220.0, 277.2, 329.6, 440.0].into_iter().enumerate() {
        let mut string: Vec<f64> = (0..(f64::from(RATE) / pitch) as usize).map(|_| noise()).collect();
        for (at, place) in sound[number * RATE as usize / 3..].iter_mut().enumerate() {
            let here = at % string.len();
            *place += 0.22 * string[here];
            string[here] = 0.498 * (string[here] + string[(here + 1) % string.len()]);
        }
    }
    samples(sound)
}

/// The direct sound, three walls, and noise that fades by 60 decibels in half a second.
fn hall() -> AnyArray {
    let mut noise = noise();
    let fade = |at: usize| 10f64.powf(-6.0 * at as f64 / f64::from(RATE));
    let mut response: Vec<f64> = (0..RATE as usize / 2).map(|at| 0.12 * fade(at) * noise()).collect();
    for (milliseconds, strength) in [(0, 0.8), (11, 0.45), (17, -0.35), (29, 0.3)] {
        response[milliseconds * RATE as usize / 1000] += strength;
    }
    samples(response)
}

fn samples(sound: Vec<f64>) -> AnyArray {
    let len = sound.len();
    Array::new(sound.into_iter().map(|s| s as f32).collect(), &[len]).expect("as many samples as there are").into()
}

/// Numbers from -1 to 1, always the same: the sine of a phase that a large step makes jump about.
fn noise() -> impl FnMut() -> f64 {
    let mut at = 0.0;
    move || {
        at += 1.0;
        let jump: f64 = (at * TAU * 0.113_7).sin() * 43_758.545_3;
        2.0 * (jump - jump.floor()) - 1.0
    }
}
