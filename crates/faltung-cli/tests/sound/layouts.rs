//! Which channel meets which.

use crate::{
    of_bits,
    support::{Trial, array},
    values,
};

fn trial() -> Trial {
    let float = of_bits(32, true);
    Trial::new()
        .array("mono.wav", &array(&[2], [0.5f32, 0.25]), &float)
        .array("stereo.wav", &array(&[2, 2], [0.5f32, -1.0, 0.25, 0.0]), &float)
        .array("three.wav", &array(&[1, 3], [1.0f32, 2.0, 3.0]), &float)
        .array("h1.wav", &array(&[2], [1.0f32, 0.5]), &float)
        .array("h2.wav", &array(&[2, 2], [1.0f32, 0.5, 0.0, 0.5]), &float)
        // LL LR RL RR, each of one tap.
        .array("h4.wav", &array(&[1, 4], [1.0f32, 2.0, 4.0, 8.0]), &float)
}

#[test]
fn one_to_one_and_one_to_two() {
    assert_eq!(values(&trial(), "mono.wav h1.wav"), [0.5, 0.5, 0.125]);
    assert_eq!(values(&trial(), "mono.wav h2.wav"), [0.5, 0.25, 0.25, 0.375, 0.0, 0.125]);
}

#[test]
fn two_to_one_and_two_to_two() {
    assert_eq!(values(&trial(), "stereo.wav h1.wav"), [0.5, -1.0, 0.5, -0.5, 0.125, 0.0]);
    assert_eq!(values(&trial(), "stereo.wav h2.wav"), [0.5, -0.5, 0.25, -0.5, 0.0, 0.0]);
}

#[test]
fn true_stereo_is_left_left_left_right_right_left_right_right() {
    // Left: LL 0.5 + RL -1 = 0.5 - 4; right: LR 0.5 + RR -1 = 1 - 8; then only left sounds.
    assert_eq!(values(&trial(), "stereo.wav h4.wav"), [-3.5, -7.0, 0.25, 0.5]);
}

#[test]
fn a_mono_sound_and_four_responses_make_four_channels() {
    assert_eq!(values(&trial(), "mono.wav h4.wav"), [0.5, 1.0, 2.0, 4.0, 0.25, 0.5, 1.0, 2.0]);
}

#[test]
fn other_layouts_are_refused_with_those_that_are_known() {
    for words in ["three.wav h2.wav", "stereo.wav three.wav", "three.wav h4.wav"] {
        let said = trial().complains(&format!("convolve {words} -o y.wav"));
        for part in ["channels and", "known are one response channel for all", "LL LR RL RR"] {
            assert!(said.contains(part), "{said}");
        }
    }
}
