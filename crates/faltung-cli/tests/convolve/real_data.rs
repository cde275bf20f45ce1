//! Real files, where `FALTUNG_TEST_DATA` says that they are: what must hold whatever they contain.

use std::io::Write;

use faltung::AnyArray;
use faltung_cli::io::Form;

use crate::support::Trial;

/// The folder of real files; without it a test says so, and passes.
fn data() -> Option<String> {
    let data = std::env::var("FALTUNG_TEST_DATA").ok();
    if data.is_none() {
        // Not by `eprintln`, which the test runner swallows.
        let _ = writeln!(std::io::stderr(), "skipped: FALTUNG_TEST_DATA is not set");
    }
    data
}

#[test]
fn photographs_are_smoothed_and_their_edges_found() {
    let Some(data) = data() else { return };
    let trial = Trial::new();
    trial.prints(&format!("convolve {data}/images/astronaut.png gaussian:sigma=3 -o a.png"));
    assert_eq!(trial.read("a.png").array.shape(), [512, 512, 3]);
    trial.prints(&format!("convolve {data}/images/retina.jpg sobel:y --map abs -o a.jpg"));
    assert_eq!(trial.read("a.jpg").array.shape(), [1411, 1411, 3]);
}

#[test]
fn depth_and_alpha_are_kept() {
    let Some(data) = data() else { return };
    let trial = Trial::new();
    trial.prints(&format!("convolve {data}/images/depth16.png box:5x5 -o a.png"));
    assert!(matches!(trial.read("a.png").array, AnyArray::U16(_)));
    trial.prints(&format!("convolve {data}/images/horse.png box:3 -o a.png"));
    trial.prints(&format!("convolve {data}/images/horse.png 1 --axis 0 -o same.png"));
    let alpha = |name: &str| match trial.read(name).form {
        Form::Picture(picture) => picture.alpha.expect("the horse has alpha"),
        _ => panic!("{name} is a picture"),
    };
    assert_eq!(alpha("a.png"), alpha("same.png"));
}

#[test]
fn a_voice_stands_in_a_room() {
    let Some(data) = data() else { return };
    let trial = Trial::new();
    trial.prints(&format!("convolve {data}/audio/xmas.wav {data}/audio/brir_clap.wav --map stretch -o a.wav --quiet"));
    let written = trial.read("a.wav");
    assert_eq!(written.array.shape(), [114_400 + 45_998 - 1, 2]);
    assert!(matches!(written.form, Form::Sound(sound) if sound.rate == 44_100 && sound.bits == 16));
    let said = trial.complains(&format!("convolve {data}/audio/singing.wav {data}/audio/rir_clap.wav"));
    assert!(said.contains("48000") && said.contains("44100"), "{said}");
}

#[test]
fn series_keep_their_dates() {
    let Some(data) = data() else { return };
    let trial = Trial::new();
    let words = format!("convolve {data}/series/co2-monthly.csv box:12 --column CO2 --mode same --boundary nearest");
    trial.prints(&format!("{words} -o a.csv"));
    let written = std::fs::read_to_string(trial.path("a.csv")).expect("a table");
    assert_eq!(written.lines().count(), 742);
    assert!(written.starts_with("Date,CO2,adjusted CO2\n1958-03-01,"), "{}", &written[..60]);
    let weekly = format!("convolve {data}/series/co2-weekly.csv box:3 --column co2");
    assert!(trial.complains(&weekly).contains("--gaps nan"));
    assert!(trial.prints(&format!("{weekly} --gaps nan")).contains("NaN"));
}

#[test]
fn digits_are_filtered_each_by_itself() {
    let Some(data) = data() else { return };
    let trial = Trial::new();
    let words = format!("convolve {data}/mnist/t10k-images-idx3-ubyte.gz sobel:x --axis 1,2 --mode same");
    trial.prints(&format!("{words} --overflow widen -o a.npy"));
    let written = trial.read("a.npy").array;
    assert_eq!((written.shape(), written.dtype().name()), (&[10_000, 28, 28][..], "i16"));
}
