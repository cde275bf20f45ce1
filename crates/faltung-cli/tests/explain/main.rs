//! `faltung explain`: what it says is what `faltung convolve` computes, of files of any length, in every format of text.

mod continuous;
#[path = "../support/mod.rs"]
mod support;

use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    process::Command,
    time::Instant,
};

use faltung_cli::io::{Form, Sound};
use serde_json::Value;
use support::{Trial, array};

const ARTICLE: &str = "explain 3,0,5,0,2,1 5,4,3,2,1";

/// The JSON object of a run.
fn told(trial: &Trial, words: &str) -> Value {
    serde_json::from_str(&trial.prints(&format!("{words} --format json"))).expect("JSON")
}

/// Products of the terms, as text.
fn products(told: &Value) -> Vec<String> {
    told["trace"]["terms"].as_array().expect("terms").iter().map(|term| term["product"].to_string()).collect()
}

#[test]
fn the_article_is_explained() {
    let trial = Trial::new();
    let stage = trial.prints(&format!("{ARTICLE} --at 4"));
    assert!(stage.starts_with("(f*g)(4) = 28\n\nt = 4: 3·1 + 5·3 + 2·5 = 28\n"), "{stage}");
    assert_eq!(trial.prints(ARTICLE), stage, "the first place whose whole window lies within");
    let likes = trial.prints(&format!("{ARTICLE} --view likes --at 9"));
    assert!(likes.contains("2 posts × 0 likes per post after 5 hours: expired"), "{likes}");
    let before = trial.prints(&format!("{ARTICLE} --at -1"));
    assert!(before.starts_with("(f*g)(-1) = 0\n") && before.contains("No overlap yet."), "{before}");
}

#[test]
fn every_view_is_printed_in_every_format() {
    let trial = Trial::new();
    for view in ["terms", "stage", "table", "likes", "flip", "padding", "sizes", "conventions"] {
        for format in ["text", "markdown", "csv", "json", "latex", "html", "svg"] {
            let printed = trial.prints(&format!("{ARTICLE} --at 4 --view {view} --format {format}"));
            assert!(printed.len() > 80 && !printed.contains('\x1b'), "{view}, {format}: {printed}");
        }
        assert!(trial.prints(&format!("{ARTICLE} --at 4 --view {view} --ascii")).is_ascii());
    }
    let window = trial.prints("explain 1,2,3;4,5,6;7,8,9 0,1;2,0 --at 1,1 --view window");
    assert!(window.starts_with("y(1, 1) = 8\n\ny(1, 1): 2·2 + 4·1 = 8\n"), "{window}");
}

#[test]
fn files_are_written_by_their_extensions() {
    let trial = Trial::new().file("a.txt", "what was there before");
    assert_eq!(trial.prints(&format!("{ARTICLE} --at 4 -o a.txt -o a.md -o a.csv -o a.json -o a.tex")), "");
    let text = |name: &str| fs::read_to_string(trial.path(name)).expect(name);
    assert!(text("a.txt").starts_with("(f*g)(4) = 28\n"));
    assert!(text("a.md").starts_with("# (f\\*g)(4) = 28\n"));
    assert_eq!(text("a.csv").lines().nth(1), Some("0,3,g4=1,3,3"));
    assert!(text("a.json").contains("\"sum\":28"));
    assert!(text("a.tex").starts_with("\\subsection*{(f*g)(4) = 28}\n"));
    let names: Vec<String> = trial.contents().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["a.csv", "a.json", "a.md", "a.tex", "a.txt"], "nothing stays beside them");
    let before = text("a.txt");
    trial.prints(&format!("{ARTICLE} --at 4 -o a.txt"));
    assert_eq!(text("a.txt"), before, "the same input gives the same bytes");
}

#[test]
fn pictures_are_written_by_their_extensions() {
    let trial = Trial::new();
    let all = "-o a.svg -o a.png -o a.gif -o a.apng -o a.html --frames film --theme dark --scale 0.5 --fps 2 --hold 1";
    assert_eq!(trial.prints(&format!("{ARTICLE} --at 4 {all}")), "");
    let file = |name: &str| fs::read(trial.path(name)).expect(name);
    let text = |name: &str| String::from_utf8(file(name)).expect(name);
    assert!(text("a.svg").contains("(f*g)(4) = 28</title>"));
    assert_eq!(
        (&file("a.png")[..4], &file("a.apng")[..4], &file("a.gif")[..6]),
        (&b"\x89PNG"[..], &b"\x89PNG"[..], &b"GIF89a"[..])
    );
    assert_eq!(file("a.apng").windows(4).filter(|chunk| chunk == b"fcTL").count(), 12, "from t = -1 to 10");
    assert!(text("a.html").contains("<h2") && !text("a.html").contains("<script"));
    assert!(!text("a.html").contains("prefers-color-scheme"), "the theme is said");
    assert_eq!(fs::read_dir(trial.path("film")).unwrap().count(), 12);
    assert_eq!(file("film/frame-005.png"), file("a.png"), "the same place, the same bytes");
    let first = ["a.svg", "a.png", "a.gif", "a.apng", "a.html"].map(file);
    trial.prints(&format!("{ARTICLE} --at 4 {all}"));
    assert!(["a.svg", "a.png", "a.gif", "a.apng", "a.html"].map(file) == first, "the same input gives the same bytes");
}

#[test]
fn options_that_no_format_heeds_are_refused() {
    let trial = Trial::new();
    for (options, told) in [
        ("--theme dark -o a.md", "--theme is for pictures"),
        ("--scale 2 -o a.svg", "--scale is for pixels"),
        ("--fps 2 -o a.png", "--fps is for what moves"),
        ("--hold 2", "--hold is for what moves"),
        ("--ascii -o a.png", "--ascii is for texts"),
        ("--scale 0 -o a.png", "a number above zero"),
        ("--scale 1000 -o a.png", "take a scale of at most"),
        ("--fps 1000 -o a.gif", "0.02 to 655.35 seconds"),
        ("-o a.bmp", ".apng"),
    ] {
        let complaint = trial.complains(&format!("{ARTICLE} --at 4 {options}"));
        assert!(complaint.contains(told), "{options}: {complaint}");
    }
    assert!(trial.contents().is_empty());
}

#[test]
fn a_failure_writes_nothing() {
    let trial = Trial::new();
    assert!(trial.complains(&format!("{ARTICLE} --at 99 -o a.md")).contains("no output at [99]"));
    assert!(trial.complains(&format!("{ARTICLE} -o a.md -o a.xyz")).contains("known are .txt, .md, .csv, .json, .tex"));
    assert!(trial.complains(&format!("{ARTICLE} -o no/such/a.md")).contains("there is no folder"));
    assert!(trial.contents().is_empty());
}

#[test]
fn what_is_explained_is_what_is_computed() {
    let trial = Trial::new().file("x.csv", "day,value\nmon,3\ntue,-1\nwed,4\nthu,1\nfri,5\n");
    for options in [
        "--mode same",
        "--mode valid",
        "--pad 2:1 --boundary wrap",
        "--boundary mirror --stride 2",
        "--dilation 2 --boundary constant:7",
        "--anchor 0 --correlate",
        "--mode same --boundary reflect --correlate",
    ] {
        let computed = trial.prints(&format!("convolve x.csv 2,-3,1 {options}"));
        for (t, expected) in computed.lines().enumerate() {
            let told = told(&trial, &format!("explain x.csv 2,-3,1 {options} --at {t}"));
            assert_eq!(told["trace"]["sum"].to_string(), expected, "{options} at {t}");
        }
    }
}

#[test]
fn sounds_are_looked_up_channel_by_channel() {
    let sound = Sound { rate: 8000, bits: 16, float: false, speakers: 0 };
    let values: Vec<f32> = (0..20_000).map(|i| ((i * 7919) % 2001) as f32 / 32768.0 - 0.03).collect();
    let stereo = array(&[10_000, 2], values);
    let trial = Trial::new().array("x.wav", &stereo, &Form::Sound(sound.clone())).array(
        "w.wav",
        &array(&[3, 2], [0.5f32, 0.25, -0.5, 0.125, 0.25, 0.75]),
        &Form::Sound(sound),
    );
    trial.prints("convolve x.wav w.wav --dtype f64 -o y.npy");
    let y = trial.samples::<f64>("y.npy");
    for (frame, channel) in [(0, 0), (0, 1), (4096, 1), (8191, 0), (10_001, 1)] {
        let told = told(&trial, &format!("explain x.wav w.wav --at {frame},{channel}"));
        let sum = told["trace"]["sum"].as_f64().expect("a number");
        assert!((sum - y[frame * 2 + channel]).abs() < 1e-15, "{sum} at {frame}, {channel}");
    }
    let outcome = trial.run("explain x.wav 1,1 --at 100 --view terms");
    assert!(outcome.err.contains("as by --at 100,0"), "{}", outcome.err);
}

#[test]
fn arrays_are_looked_up_in_either_order_and_whole_where_packed() {
    // As NumPy stores an array of shape (3, 4) with columns together: 0 to 11 row by row.
    let header = "{'descr': '<i4', 'fortran_order': True, 'shape': (3, 4), }\n";
    let columns = (0..12).flat_map(|at: i32| (at % 3 * 4 + at / 3).to_le_bytes());
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.bytes());
    bytes.extend(columns);
    let rows = array(&[3, 4], (0..12).collect::<Vec<i32>>());
    let trial = Trial::new()
        .file("columns.npy", &bytes)
        .array("rows.npy", &rows, &Form::Npy)
        .array("packed.npy.gz", &rows, &Form::Npy)
        .file("more.npy", [&bytes[..], b"x"].concat())
        .file("less.npy", &bytes[..bytes.len() - 1]);
    let seen = |file: &str| trial.prints(&format!("explain {file} 1,2;3,4 --at 2,2 --view window"));
    assert!(seen("rows.npy").starts_with("y(2, 2) = 66\n"), "{}", seen("rows.npy"));
    assert_eq!(seen("columns.npy"), seen("rows.npy"));
    assert_eq!(seen("packed.npy.gz"), seen("rows.npy"));
    assert!(trial.complains("explain more.npy 1,2;3,4").contains("more bytes than its header announces"));
    assert!(trial.complains("explain less.npy 1,2;3,4").contains("announces 48 bytes of samples but holds 47"));
}

#[test]
fn ten_million_samples_are_explained_at_once_in_little_memory() {
    let trial = Trial::new();
    let frames = 10_000_000u32;
    let mut file = fs::File::create(trial.path("long.wav")).unwrap();
    file.write_all(b"RIFF").unwrap();
    file.write_all(&(36 + 2 * frames).to_le_bytes()).unwrap();
    file.write_all(b"WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0\x77\x01\0\x02\0\x10\0data").unwrap();
    file.write_all(&(2 * frames).to_le_bytes()).unwrap();
    // Silence, but for one sample at half of full scale.
    file.set_len(44 + 2 * u64::from(frames)).unwrap();
    file.seek(SeekFrom::Start(44 + 2 * 5_000_000)).unwrap();
    file.write_all(&16384i16.to_le_bytes()).unwrap();
    drop(file);
    let began = Instant::now();
    // As floats the samples alone would take 40 MB.
    let limited = "ulimit -d 30000; exec \"$0\" explain long.wav 1,0.5 --at 5000001 --view terms";
    let output = Command::new("sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_faltung")])
        .current_dir(trial.path(""))
        .output()
        .expect("the command runs");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(out.starts_with("(f*g)(5000001) = 0.25\n\n(f*g)(5000001): 0.5·0.5 = 0.25\n"), "{out}{err}");
    assert!(began.elapsed().as_secs_f64() < 2.0, "it took {:?}", began.elapsed());
    let stage = trial.prints("explain long.wav 1,0.5 --at 5000001");
    assert!(stage.contains("Shown are outputs 4999989 to 5000013 of 0 to 10000000, and the samples near."), "{stage}");
}

#[test]
fn terms_are_told_in_the_order_of_the_formula() {
    let trial = Trial::new();
    assert_eq!(products(&told(&trial, &format!("{ARTICLE} --at 4 --view terms"))), ["3", "0", "15", "0", "10"]);
    let padded = told(&trial, "explain 3,0,5 1,2,3 --mode same --boundary nearest --at 0 --view terms");
    let first = &padded["trace"]["terms"][0];
    assert_eq!((&first["at"][0], &first["origin"], &first["source"][0]), (&(-1).into(), &"boundary".into(), &0.into()));
    assert_eq!(first["beyond"][0]["boundary"], "nearest");
}

#[test]
fn texts_are_as_wide_as_they_are_told() {
    let narrow = Command::new(env!("CARGO_BIN_EXE_faltung"))
        .args("explain 3,0,5,0,2,1 5,4,3,2,1 --view table".split(' '))
        .env("COLUMNS", "40")
        .output()
        .expect("the command runs");
    let text = String::from_utf8(narrow.stdout).unwrap();
    assert!(text.lines().all(|line| line.chars().count() <= 40), "{text}");
}

#[test]
fn a_view_that_does_not_fit_says_which_does() {
    let trial = Trial::new();
    let said = |words: &str| trial.complains(words);
    assert!(said("explain 1,2;3,4 1,2;3,4 --view stage").contains("choose view terms"));
    assert!(said("explain 1,2 1,2 --view window").contains("choose view stage"));
    assert!(said("explain 1,2 1,2 --view likes --mode same").contains("choose view stage"));
    assert!(said("explain 1+2i,2 1,2 --view stage").contains("complex"));
    assert!(said("explain 1,2 1,2 --view sage").contains("a similar value exists: 'stage'"));
    assert!(said("explain 1,2 1,2 --at x").contains("\"x\" must be a whole number"));
    assert!(said("explain 1,2 1,2 --format svg2").contains("--format"));
    assert!(said("explain - -").contains("only one of input and kernel"));
    assert!(said("explain 1,2 1,2 --column a").contains("--column chooses among the columns of a file"));
}
