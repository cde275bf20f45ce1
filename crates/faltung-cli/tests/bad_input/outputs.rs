//! Results that cannot be written where they should go.

use std::{fs, os::unix::fs::symlink};

use crate::{
    Case, case,
    support::{array, bytes, picture},
};

/// Places that do not take a result.
pub(crate) fn cases() -> Vec<Case> {
    [names(), formats(), devices()].into_iter().flatten().collect()
}

fn names() -> Vec<Case> {
    vec![
        case("convolve 1 1 -o a.xyz", 2, &["a.xyz", "extension", ".csv"]),
        case("convolve 1 1 -o result", 2, &["result", "extension"]),
        case("convolve 1 1 -o ''", 2, &["empty"]),
        case("convolve 1 1 -o a.flac", 2, &["FLAC is read, not written"]),
        case("convolve 1 1 -o missing/a.csv", 1, &["there is no folder missing"]),
        case("convolve 1 1 -o b.csv/a.csv", 1, &["there is no folder b.csv"]).file("b.csv", "1\n"),
        case("convolve 1 1 -o a.csv", 1, &["a.csv", "directory"])
            .with(|trial| fs::create_dir(trial.path("a.csv")).unwrap()),
        case("convolve 1 1 -o /proc/a.csv", 1, &["/proc/a.csv"]),
        case("convolve 1 1 -o read-only.csv", 1, &["read-only"]).file("read-only.csv", "7\n").with(|trial| {
            let path = trial.path("read-only.csv");
            let mut permissions = fs::metadata(&path).unwrap().permissions();
            permissions.set_readonly(true);
            fs::set_permissions(path, permissions).unwrap();
        }),
    ]
}

fn formats() -> Vec<Case> {
    let grey = || bytes("a.png", &array(&[2, 2], [1u8, 2, 3, 4]), &picture());
    vec![
        case("convolve 1,2 1 -o a.wav", 2, &["a.wav", "sample rate"]),
        case("convolve 1,2 1 -o a.png", 1, &["a.png", "height"]),
        case("convolve 1,2;3,4 1;1 -o a.png", 1, &["a.png", "i64"]),
        case("convolve 1+2i 1 -o a.idx", 1, &["a.idx", "c128"]),
        case("convolve a.png box:2 -o a.wav", 2, &["a.wav", "sample rate"]).file("a.png", grey()),
        // What is there already survives whatever fails.
        case("convolve a.png -1,1;-1,1 -o old.png", 1, &["old.png", "--map"])
            .file("a.png", grey())
            .file("old.png", grey()),
        case("convolve a.png -1,1;-1,1 -o a.png", 1, &["a.png", "--map"]).file("a.png", grey()),
    ]
}

fn devices() -> Vec<Case> {
    let full = |name: &'static str| {
        let words = format!("convolve 1,2,3 1 -o {name}");
        case(words, 1, &["no space left"]).with(move |trial| symlink("/dev/full", trial.path(name)).unwrap())
    };
    vec![full("full.csv"), full("full.npy"), full("full.csv.gz")]
}
