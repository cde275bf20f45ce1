//! How loud results become, how long they are, and what clips.

use crate::{
    of_bits,
    support::{Trial, array},
    told, values,
};

const STEP: f64 = 1.0 / 32768.0;

fn trial() -> Trial {
    Trial::new().array("a.wav", &array(&[3], [0.5f32, 0.25, -0.5]), &of_bits(16, false)).array(
        "f.wav",
        &array(&[3], [0.5f32, 0.25, -0.5]),
        &of_bits(32, true),
    )
}

#[test]
fn what_fits_is_left_as_it_is() {
    let trial = trial();
    assert_eq!(values(&trial, "a.wav 0.5,0.5"), [0.25, 0.375, -0.125, -0.25]);
    let said = told(&trial, "a.wav 0.5,0.5");
    for part in ["y.wav: 8000 Hz", "4 frames", "peak 0.3750 (-8.5 dB)", "gain 1.0000 (+0.0 dB)", "0 samples clipped"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(said.lines().count(), 1);
    assert_eq!(told(&trial, "a.wav 0.5,0.5 --quiet"), "");
}

#[test]
fn integers_are_lowered_by_one_gain_so_that_nothing_clips() {
    let trial = trial();
    // 2, 1, -2 as they are.
    assert_eq!(values(&trial, "a.wav 4"), [1.0 - STEP, 0.5, -1.0]);
    let said = told(&trial, "a.wav 4");
    assert!(said.contains("peak 2.0000") && said.contains("gain 0.5000 (-6.0 dB), 0 samples clipped"), "{said}");
    assert_eq!(values(&trial, "a.wav 4 --level peak"), [1.0 - STEP, 0.5, -1.0]);
}

#[test]
fn clipping_is_counted_and_said() {
    let trial = trial();
    assert_eq!(values(&trial, "a.wav 4 --level none"), [1.0 - STEP, 1.0 - STEP, -1.0]);
    // 1 itself is no clipping.
    assert!(told(&trial, "a.wav 4 --level none").contains("gain 1.0000 (+0.0 dB), 2 samples clipped"));
    assert!(told(&trial, "a.wav 2 --level none").contains(" 0 samples clipped"));
    assert!(told(&trial, "a.wav 4 --map clip").contains(" 2 samples clipped"));
}

#[test]
fn floats_are_left_beyond_full_scale_unless_a_level_is_asked_for() {
    let trial = trial();
    assert_eq!(values(&trial, "f.wav 4"), [2.0, 1.0, -2.0]);
    assert_eq!(values(&trial, "f.wav 4 --level none"), [2.0, 1.0, -2.0]);
    assert_eq!(values(&trial, "f.wav 4 --level peak"), [1.0, 0.5, -1.0]);
    assert_eq!(values(&trial, "f.wav 4 --map clip"), [1.0, 1.0, -1.0]);
    assert_eq!(values(&trial, "f.wav 4 --map stretch"), [1.0, 0.5, -1.0]);
}

#[test]
fn a_match_is_as_loud_as_the_signal() {
    let trial = trial();
    assert_eq!(values(&trial, "a.wav 4 --level match"), [0.5, 0.25, -0.5]);
    assert_eq!(values(&trial, "f.wav 0.0625 --level match"), [0.5, 0.25, -0.5]);
    // While the signal plays: the echo behind it does not count.
    assert_eq!(values(&trial, "f.wav 2,0,0,2 --level match"), [0.5, 0.25, -0.5, 0.5, 0.25, -0.5]);
}

#[test]
fn a_match_never_clips_integers() {
    let trial = Trial::new().array("a.wav", &array(&[4], [0.75f32, 0.75, 0.75, 0.75]), &of_bits(16, false));
    // All of the energy in one frame would be 1.5.
    assert_eq!(values(&trial, "a.wav 0,0,0,1 --level match --tail cut"), [0.0, 0.0, 0.0, 1.0 - STEP]);
}

#[test]
fn stretching_brings_the_peak_to_full_scale() {
    let trial = trial();
    assert_eq!(values(&trial, "a.wav 0.25 --map stretch"), [1.0 - STEP, 0.5, -1.0]);
}

#[test]
fn a_tail_is_kept_or_cut() {
    let trial = trial();
    assert_eq!(values(&trial, "a.wav 0,0,0.5 --tail keep"), [0.0, 0.0, 0.25, 0.125, -0.25]);
    assert_eq!(values(&trial, "a.wav 0,0,0.5 --tail cut"), [0.0, 0.0, 0.25]);
    assert_eq!(values(&trial, "a.wav 0,0,0,0,0.5 --tail cut"), [0.0, 0.0, 0.0]);
}

#[test]
fn silence_stays_silent() {
    let trial = Trial::new().array("a.wav", &array(&[2], [0.0f32, 0.0]), &of_bits(16, false));
    for level in ["--level match", "--level peak", "--map stretch"] {
        assert_eq!(values(&trial, &format!("a.wav 1,1 {level}")), [0.0, 0.0, 0.0]);
        assert!(told(&trial, &format!("a.wav 1,1 {level}")).contains("peak 0.0000 (-inf dB), gain 1.0000"));
    }
}

#[test]
fn depth_is_kept() {
    for (bits, float) in [(8, false), (16, false), (24, false), (32, false), (32, true), (64, true)] {
        let trial = Trial::new().array("a.wav", &array(&[2], [0.5f64, -0.25]), &of_bits(bits, float));
        assert_eq!(values(&trial, "a.wav 0.5,0.5"), [0.25, 0.125, -0.125], "{bits} bits");
        let form = trial.read("y.wav").form;
        assert_eq!(format!("{form:?}"), format!("{:?}", of_bits(bits, float)));
    }
}
