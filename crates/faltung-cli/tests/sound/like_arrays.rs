//! Block by block is the same as all at once.

use faltung_cli::io::{Form, Sound};

use crate::{
    numbers,
    support::{Trial, array},
    told,
};

/// Noise that is the same each time, in levels of 16 bits.
fn noise(count: usize, mut seed: u32) -> Vec<f64> {
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(seed >> 16) - 32768.0) / 32768.0
    };
    (0..count).map(|_| next()).collect()
}

fn of_bits(bits: u16) -> Form {
    Form::Sound(Sound { rate: 8000, bits, float: false, speakers: 0 })
}

/// Of responses that have so many digits that no result lies just between two levels, where either would be right.
fn float() -> Form {
    Form::Sound(Sound { rate: 8000, bits: 64, float: true, speakers: 0 })
}

#[test]
fn samples_are_those_of_an_array_to_the_bit() {
    for (frames, taps, channels) in [(1, 1, 1), (5, 9, 1), (1000, 37, 2), (35_000, 1500, 1), (33_000, 700, 2)] {
        for bits in [16, 24, 32] {
            let quiet: Vec<f64> = noise(frames * channels, 1).iter().map(|value| value / 8.0).collect();
            let shape = if channels == 1 { vec![frames] } else { vec![frames, channels] };
            let soft: Vec<f64> = noise(taps, 2).iter().map(|tap| tap.sin() / taps as f64).collect();
            let trial = Trial::new().array("x.wav", &array(&shape, quiet), &of_bits(bits)).array(
                "h.wav",
                &array(&[taps], soft),
                &float(),
            );
            trial.prints("convolve x.wav h.wav -o array.wav --dtype f64");
            told(&trial, "x.wav h.wav");
            let (all, blocks) = (trial.read("array.wav").array, trial.read("y.wav").array);
            assert!(numbers(&all).iter().any(|value| *value != 0.0));
            // The transforms of the two may round 2^-31 otherwise.
            let most = if bits == 32 && taps > 100 { 2f64.powi(-31) } else { 0.0 };
            let far = numbers(&all).iter().zip(numbers(&blocks)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(all.shape() == blocks.shape() && far <= most, "{frames} by {taps}, {bits} bits: {far}");
        }
    }
}

#[test]
fn a_named_kernel_filters_a_sound() {
    let trial = Trial::new().array("x.wav", &array(&[50], noise(50, 3)), &of_bits(16));
    trial.prints("convolve x.wav gaussian:2 -o array.wav --dtype f64");
    told(&trial, "x.wav gaussian:2");
    assert_eq!(trial.read("array.wav").array, trial.read("y.wav").array);
}
