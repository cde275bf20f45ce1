//! The commands that learn, run for real on digits that they draw, and on MNIST where it is at hand.

mod interrupted;

#[path = "../support/mod.rs"]
mod support;

use std::{fs, io::Write};

use faltung_cli::io::{Form, Picture, PictureFormat};
use faltung_train::{Net, digits};
use support::{Trial, array};

/// A small fully connected net on a few digits: a second or so.
const SMALL: &str = "train digits:300 -o m.safetensors --model ffnn --parameters 20000 --epochs 6 --batch 32 --quiet";

fn bytes(trial: &Trial, name: &str) -> Vec<u8> {
    fs::read(trial.path(name)).expect(name)
}

/// The share told right, from the first line of `evaluate`.
fn accuracy(told: &str) -> f64 {
    let line = told.lines().next().expect("there is a first line");
    let number = line.strip_prefix("accuracy ").and_then(|rest| rest.strip_suffix(" %"));
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{line}"))
}

/// Digits to be tested with as PNGs, each in the folder of its class.
fn folders(trial: &Trial, count: usize) {
    let data = digits::test(count, 9).expect("digits");
    let form = || Form::Picture(Picture { format: PictureFormat::Png, alpha: None, profile: None });
    for (at, label) in data.labels().iter().enumerate() {
        fs::create_dir_all(trial.path(&format!("pictures/{label}"))).expect("a folder");
        let picture = array(&[28, 28], data.picture(at));
        let place = faltung_cli::io::Place::File(trial.path(&format!("pictures/{label}/{at}.png")));
        faltung_cli::io::write(&place, &picture, &form()).expect("a picture");
    }
}

#[test]
fn what_was_learned_is_told_and_drawn() {
    let trial = Trial::new();
    trial.prints(SMALL);
    let told = trial.prints("evaluate m.safetensors digits:300 --shift 0..2");
    let right = accuracy(&told);
    assert!(right > 60.0, "{told}"); // chance is 10
    assert!(told.contains(&format!("shifted by 0: {right:.2} %\nshifted by 1: ")), "{told}");
    assert_eq!(told.lines().filter(|line| line.starts_with("shifted by")).count(), 3);
    let json = trial.prints("evaluate m.safetensors digits:300 --json");
    assert!(json.starts_with("{\"accuracy\":0.") && json.contains("\"pictures\":50"), "{json}");

    folders(&trial, 40);
    let by_folders = accuracy(&trial.prints("evaluate m.safetensors pictures"));
    assert!(by_folders > 50.0, "{by_folders}");
    let lines = trial.prints("predict m.safetensors pictures/0/0.png pictures/1/1.png");
    assert!(
        lines.starts_with("pictures/0/0.png: ") && lines.lines().count() == 2 && lines.ends_with(" %)\n"),
        "{lines}"
    );
}

#[test]
fn a_folder_of_folders_is_learned() {
    let trial = Trial::new();
    folders(&trial, 60);
    trial.prints("train pictures -o m.safetensors --model ffnn --parameters 9000 --epochs 12 --batch 16 --quiet");
    assert!(accuracy(&trial.prints("evaluate m.safetensors pictures")) > 80.0); // it has seen them
    let net = Net::load(&bytes(&trial, "m.safetensors")).expect("a model");
    assert_eq!(net.description().classes[3], "3");
}

#[test]
fn the_same_seed_gives_the_same_bytes_for_any_number_of_threads() {
    let models = [1, 2, 5].map(|threads| {
        let trial = Trial::new();
        let words = "train digits:200 -o m.safetensors --epochs 1 --batch 100 --augment 2 --quiet";
        trial.prints(&format!("{words} --threads {threads}"));
        assert_eq!(trial.contents().len(), 1, "the checkpoint is gone");
        bytes(&trial, "m.safetensors")
    });
    assert!(models[0] == models[1] && models[1] == models[2]);
}

#[test]
fn features_are_drawn_as_svg_and_as_pixels() {
    let trial = Trial::new();
    folders(&trial, 10);
    trial.prints("train digits:100 -o m.safetensors --epochs 1 --quiet");
    trial.prints("features m.safetensors pictures/7/7.png -o f.svg");
    let drawn = String::from_utf8(bytes(&trial, "f.svg")).expect("text");
    let roots = drawn.starts_with("<svg ") && drawn.trim_end().ends_with("</svg>");
    assert!(roots && drawn.contains("pictures/7/7.png is taken for"));
    assert!(drawn.contains("Maps of layer 5 (max_pool), 32x4x4"));
    trial.prints("features m.safetensors pictures/7/7.png -o f.png --layer 0 --cell 3,4 --scale 1");
    assert_eq!(trial.read("f.png").array.shape()[1], 760);
    let said = trial.complains("features m.safetensors pictures/7/7.png -o f.png --layer 0 --cell 24,0");
    assert!(said.contains("has no cell 24,0: the last one is 23,23"), "{said}");
}

#[test]
fn a_comparison_is_a_page() {
    let trial = Trial::new();
    let told = trial.prints("compare digits:200 -o report.html --epochs 1");
    assert!(told.contains("With 80,202 parameters") && told.contains("(equivariance)"), "{told}");
    let page = String::from_utf8(bytes(&trial, "report.html")).expect("text");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<svg") && !page.contains("<script"));
    assert!(page.contains("of these in convolutions") && page.contains("104,858,710"), "parameters at 1024x1024");
}

#[test]
fn what_cannot_be_learned_is_told() {
    let trial = Trial::new().file("notes.txt", "3,0,5");
    fs::create_dir(trial.path("empty")).expect("a folder");
    for (words, says) in [
        ("train nowhere -o m.safetensors", "nowhere: there is no such folder: give a folder of IDX files"),
        ("train notes.txt -o m.safetensors", "notes.txt: this is a file"),
        ("train digits:0 -o m.safetensors", "\"0\" is no number of digits: say digits:8000"),
        ("train empty -o m.safetensors", "empty: there are 0 folders in it"),
        ("train digits:20 -o missing/m.safetensors", "there is no folder missing"),
        ("train digits:20 -o m.safetensors --resume", "leave --resume out to begin"),
        ("train digits:20 -o m.safetensors --batch 0", "batch is 0: give from 1"),
        (
            "train digits:20 -o m.safetensors --optimiser sgd --rate 1e9 --epochs 9",
            "choose a lower rate than 1000000000",
        ),
        ("train digits:20 -o m.safetensors --rate 1e300", "rate is 1"),
        (
            "train digits:20 -o m.safetensors --model ffnn --parameters 1000000000000",
            "parameters: at most 268435456 are held",
        ),
        ("predict notes.txt notes.txt", "notes.txt: this is no model of faltung train"),
        ("evaluate notes.txt digits:20 --shift 3..1", "a range of them as in 0..6"),
        ("features notes.txt notes.txt -o f.gif", "f.gif: features are drawn as .svg or .png"),
    ] {
        let said = trial.complains(words);
        assert!(said.contains(says), "{words}: {said}");
    }
}

#[test]
fn mnist_is_read_from_its_files() {
    let Ok(data) = std::env::var("FALTUNG_TEST_DATA") else {
        let _ = writeln!(std::io::stderr(), "skipped: FALTUNG_TEST_DATA is not set");
        return;
    };
    let trial = Trial::new();
    let words = "-o m.safetensors --model ffnn --parameters 9000 --epochs 1 --batch 512 --rate 0.01 --quiet";
    trial.prints(&format!("train {data}/mnist {words}"));
    let told = trial.prints(&format!("evaluate m.safetensors {data}/mnist"));
    assert!(accuracy(&told) > 85.0 && told.contains("of 10000 pictures"), "{told}");
}
