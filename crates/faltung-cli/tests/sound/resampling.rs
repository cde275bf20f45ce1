//! Responses of other rates.

use std::f64::consts::TAU;

use faltung_cli::io::{Form, Sound};

use crate::{
    numbers,
    support::{Trial, array},
    told, values,
};

fn at_rate(rate: u32) -> Form {
    Form::Sound(Sound { rate, bits: 64, float: true, speakers: 0 })
}

/// A sine of so many frames, with its frequency as a part of the rate.
fn sine(frequency: f64, frames: usize) -> Vec<f64> {
    (0..frames).map(|t| 0.5 * (TAU * frequency * t as f64).sin()).collect()
}

#[test]
fn an_impulse_of_another_rate_is_still_one_of_unit_gain() {
    let x = sine(1000.0 / 44_100.0, 4000);
    for from in [22_050, 48_000, 96_000] {
        let trial = Trial::new().array("x.wav", &array(&[4000], x.clone()), &at_rate(44_100)).array(
            "h.wav",
            &array(&[1], [1.0f64]),
            &at_rate(from),
        );
        let y = values(&trial, "x.wav h.wav --tail cut");
        assert_eq!(y.len(), x.len());
        // Away from the ends, where the sine begins and ends at once, it comes out as it went in, at its time.
        let far = (1100..2900).map(|t| (y[t] - x[t]).abs()).fold(0.0, f64::max);
        assert!(far < 1e-4, "from {from}: {far}");
    }
}

#[test]
fn a_response_keeps_its_frequency() {
    // A tenth of a second of 1000 Hz at 48000 frames a second, heard by an impulse at 44100.
    let trial = Trial::new().array("x.wav", &array(&[3], [0.0f64, 1.0, 0.0]), &at_rate(44_100)).array(
        "h.wav",
        &array(&[4800], sine(1000.0 / 48_000.0, 4800)),
        &at_rate(48_000),
    );
    let said = told(&trial, "x.wav h.wav");
    assert!(said.contains("44100 Hz") && said.contains("h.wav (resampled from 48000 Hz)"), "{said}");
    let y = numbers(&trial.read("y.wav").array);
    assert_eq!(y.len(), 4410 + 3 - 1);
    let expected = sine(1000.0 / 44_100.0, 4410);
    // As many frames less in a second, so each is as much greater.
    let far = (1100..3300).map(|t| (y[t + 1] - expected[t] * 48_000.0 / 44_100.0).abs()).fold(0.0, f64::max);
    assert!(far < 1e-4, "{far}");
}

#[test]
fn resampling_can_be_refused() {
    let trial = Trial::new().array("x.wav", &array(&[1], [0.5f64]), &at_rate(44_100)).array(
        "h.wav",
        &array(&[1], [1.0f64]),
        &at_rate(48_000),
    );
    let said = trial.complains("convolve x.wav h.wav --no-resample -o y.wav");
    assert!(said.contains("x.wav has 44100") && said.contains("h.wav has 48000"), "{said}");
    assert!(!trial.path("y.wav").exists());
}
