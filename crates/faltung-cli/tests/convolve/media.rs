//! Pictures and sounds: colours and channels by themselves, depth and rate kept, results brought back into range.

use faltung_cli::io::Form;

use crate::support::{Trial, array, float_sound, picture, picture_with, sound};

#[test]
fn a_picture_keeps_its_size_and_is_reflected_at_its_edges() {
    let trial = Trial::new().array("a.png", &array(&[1, 3], [10u8, 20, 60]), &picture());
    trial.prints("convolve a.png 1,1,1 --axis 1 --dtype u16 -o b.png");
    assert_eq!(trial.read("b.png").array, array(&[1, 3], [40u16, 90, 140]));
    trial.prints("convolve a.png box:1x3 -o b.png");
    assert_eq!(trial.samples::<u8>("b.png"), [13, 30, 47]);
}

#[test]
fn each_colour_is_filtered_by_itself() {
    let trial = Trial::new().array("a.png", &array(&[1, 2, 3], [10u8, 100, 0, 30, 200, 0]), &picture());
    trial.prints("convolve a.png 0,0.5,0.5 --axis 1 -o b.png");
    // Reflected before the first pixel.
    assert_eq!(trial.read("b.png").array, array(&[1, 2, 3], [10u8, 100, 0, 20, 150, 0]));
}

#[test]
fn a_grey_picture_is_a_kernel_for_a_picture_in_colour() {
    let trial = Trial::new().array("a.png", &array(&[1, 2, 3], [1u8, 2, 3, 4, 5, 6]), &picture()).array(
        "w.png",
        &array(&[1, 1], [2u8]),
        &picture(),
    );
    trial.prints("convolve a.png w.png -o b.png");
    assert_eq!(trial.samples::<u8>("b.png"), [2, 4, 6, 8, 10, 12]);
}

#[test]
fn alpha_is_kept_and_never_blended() {
    let (grey, alpha) = (array(&[1, 3], [10u8, 20, 60]), array(&[1, 3], [0u8, 128, 255]));
    let trial = Trial::new().array("a.png", &grey, &picture_with(alpha.clone()));
    trial.prints("convolve a.png box:1x3 -o b.png");
    let written = trial.read("b.png");
    assert_eq!(written.array, array(&[1, 3], [13u8, 30, 47]));
    assert!(matches!(&written.form, Form::Picture(picture) if picture.alpha == Some(alpha)));
}

#[test]
fn sixteen_bits_stay_sixteen() {
    let trial = Trial::new().array("a.png", &array(&[1, 3], [1000u16, 2000, 6001]), &picture());
    trial.prints("convolve a.png box:1x3 -o b.png");
    assert_eq!(trial.samples::<u16>("b.png"), [1333, 3000, 4667]);
    trial.prints("convolve a.png box:1x3 -o b.tif");
    assert_eq!(trial.samples::<u16>("b.tif"), [1333, 3000, 4667]);
}

#[test]
fn maps_bring_pictures_back_into_range() {
    let trial = Trial::new().array("a.png", &array(&[1, 4], [0u8, 50, 250, 50]), &picture());
    let mapped = |map: &str| {
        trial.prints(&format!("convolve a.png 2,-2 --axis 1 --mode valid --map {map} -o b.png"));
        trial.samples::<u8>("b.png")
    };
    // The values themselves: 100, 400, -400.
    assert_eq!(trial.lines("convolve a.png 2,-2 --axis 1 --mode valid"), "100,400,-400");
    assert_eq!(mapped("clip"), [100, 255, 0]);
    assert_eq!(mapped("abs"), [100, 255, 255]);
    assert_eq!(mapped("offset"), [228, 255, 0]);
    assert_eq!(mapped("stretch"), [159, 255, 0]);
}

#[test]
fn stretching_sees_values_before_they_are_rounded() {
    let trial = Trial::new().array("a.png", &array(&[1, 3], [1u8, 2, 4]), &picture());
    trial.prints("convolve a.png 0.1 --axis 1 --map stretch -o b.png");
    assert_eq!(trial.samples::<u8>("b.png"), [0, 85, 255]);
}

#[test]
fn a_result_that_fits_needs_no_map() {
    let trial = Trial::new().array("a.png", &array(&[1, 3], [10u8, 30, 90]), &picture());
    trial.prints("convolve a.png 1,-1 --axis 1 --mode valid -o b.png");
    assert_eq!(trial.samples::<u8>("b.png"), [20, 60]);
}

#[test]
fn a_wider_picture_can_be_asked_for() {
    let trial = Trial::new().array("a.png", &array(&[1, 2], [200u8, 200]), &picture());
    trial.prints("convolve a.png 1,1 --axis 1 --overflow widen -o b.png");
    assert_eq!(trial.samples::<u16>("b.png"), [400, 400]);
    trial.prints("convolve a.png 1,1 --axis 1 --overflow saturate -o b.png");
    assert_eq!(trial.samples::<u8>("b.png"), [255, 255]);
}

#[test]
fn a_sound_keeps_rate_and_depth() {
    let trial = Trial::new().array("a.wav", &array(&[3], [0.5f32, 0.25, -0.5]), &sound(8000));
    trial.prints("convolve a.wav 0.5,0.5 -o b.wav --quiet");
    let written = trial.read("b.wav");
    assert_eq!(written.array, array(&[4], [0.25f32, 0.375, -0.125, -0.25]));
    assert!(matches!(written.form, Form::Sound(sound) if sound.rate == 8000 && sound.bits == 16));
}

#[test]
fn a_strided_sound_has_as_many_frames_fewer_in_a_second() {
    let trial = Trial::new().array("a.wav", &array(&[4], [0.5f32, 0.25, -0.5, 0.0]), &sound(8000));
    trial.prints("convolve a.wav 0.5,0.5 --stride 2 -o b.wav");
    let written = trial.read("b.wav");
    assert_eq!(written.array, array(&[3], [0.25f32, -0.125, 0.0]));
    assert!(matches!(written.form, Form::Sound(sound) if sound.rate == 4000));
    assert!(trial.complains("convolve a.wav 1 --stride 3 -o b.wav").contains("does not divide 8000"));
}

#[test]
fn channels_meet_one_to_many_many_to_one_and_in_pairs() {
    let mono = array(&[2], [0.5f32, 0.25]);
    let stereo = array(&[2, 2], [0.5f32, -0.5, 0.25, 0.0]);
    let trial = Trial::new()
        .array("mono.wav", &mono, &float_sound(8000))
        .array("stereo.wav", &stereo, &float_sound(8000))
        .array("w1.wav", &array(&[2], [1.0f32, 0.5]), &float_sound(8000))
        .array("w2.wav", &array(&[2, 2], [1.0f32, 0.5, 0.0, 0.5]), &float_sound(8000));
    let result = |words: &str| {
        trial.prints(&format!("convolve {words} -o y.wav --quiet"));
        trial.read("y.wav").array
    };
    assert_eq!(result("mono.wav w1.wav"), array(&[3], [0.5f32, 0.5, 0.125]));
    assert_eq!(result("mono.wav w2.wav"), array(&[3, 2], [0.5f32, 0.25, 0.25, 0.375, 0.0, 0.125]));
    assert_eq!(result("stereo.wav w1.wav"), array(&[3, 2], [0.5f32, -0.5, 0.5, -0.25, 0.125, 0.0]));
    assert_eq!(result("stereo.wav w2.wav"), array(&[3, 2], [0.5f32, -0.25, 0.25, -0.25, 0.0, 0.0]));
}

#[test]
fn maps_bring_sounds_back_into_range() {
    let trial = Trial::new().array("a.wav", &array(&[2], [0.5f32, -0.25]), &sound(8000));
    assert!(trial.complains("convolve a.wav 4 -o b.wav --mode same").contains("--map"));
    for mode in ["", "--mode same"] {
        trial.prints(&format!("convolve a.wav 4 -o b.wav --map clip --quiet {mode}"));
        assert_eq!(trial.samples::<f32>("b.wav"), [32767.0 / 32768.0, -1.0]);
        trial.prints(&format!("convolve a.wav 4 -o b.wav --map stretch --quiet {mode}"));
        assert_eq!(trial.samples::<f32>("b.wav"), [32767.0 / 32768.0, -0.5]);
    }
}
