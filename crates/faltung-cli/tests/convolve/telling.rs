//! What the command tells besides results: plans, JSON, lists, help, and how it ends.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::Trial;

fn parsed(words: &str) -> Value {
    serde_json::from_str(&Trial::new().prints(words)).expect("JSON")
}

#[test]
fn json_tells_values_or_where_they_are() {
    let told = parsed("convolve 1,2;3,4 1,1 --axis 1 --json");
    assert_eq!((&told["shape"], &told["dtype"]), (&json!([2, 3]), &json!("i64")));
    assert_eq!(told["values"], json!([1, 3, 2, 3, 7, 4]));
    assert_eq!(told["algorithm"], "direct");
    for number in ["predicted_seconds", "measured_seconds", "memory_bytes", "threads"] {
        assert!(told[number].as_f64().is_some_and(|n| n >= 0.0), "{number}");
    }
    let trial = Trial::new();
    let told: Value = serde_json::from_str(&trial.prints("convolve 1,2 1 --json -o a.csv")).unwrap();
    assert_eq!((&told["output"], &told["values"]), (&json!("a.csv"), &Value::Null));
    assert_eq!(trial.samples::<i64>("a.csv"), [1, 2]);
}

#[test]
fn json_has_words_for_what_it_has_no_numbers_for() {
    assert_eq!(parsed("convolve nan,inf,-inf 1 --json")["values"], json!(["NaN", "Infinity", "-Infinity"]));
    assert_eq!(parsed("convolve 0.1 1 --dtype f32 --json")["values"].to_string(), "[0.1]");
    assert_eq!(parsed("convolve 1+2i 1 --json")["values"], json!([[1.0, 2.0]]));
}

#[test]
fn a_plan_is_told_beside_the_result() {
    let outcome = Trial::new().run("convolve 1,2 1,1 --plan");
    assert_eq!(outcome.out, "1\n3\n2\n");
    assert!(outcome.err.contains("> direct") && outcome.err.contains("refuses"), "{}", outcome.err);
}

#[test]
fn plans_need_no_data() {
    let told = Trial::new().prints("plan 2048x2048 box:5x5 --mode same --dtype u8 --overflow wrap");
    assert!(told.contains("2048 x 2048 u8") && told.contains("running_sum"), "{told}");
    let told = parsed("plan 1000000 1001 --json");
    assert_eq!((&told["shape"], &told["kernel_shape"]), (&json!([1001000]), &json!([1001])));
    assert!(told["algorithms"].as_array().is_some_and(|all| all.len() >= 5));
    assert_eq!(parsed("plan 1000 9 --algorithm fft --json")["algorithm"], "fft");
    assert_eq!(parsed("plan 20x30 3 --json")["kernel_shape"], json!([3, 3]));
}

#[test]
fn kernels_are_listed_described_and_shown() {
    let trial = Trial::new();
    let list = trial.prints("kernels");
    assert!(faltung::kernel::LIST.iter().all(|entry| list.contains(entry.summary)));
    assert!(trial.prints("kernels gaussian").contains("standard deviation"));
    assert_eq!(trial.lines("kernels ones:3"), "1 1 1");
    assert_eq!(trial.lines("kernels sobel:x --dims 2"), "1,0,-1 2,0,-2 1,0,-1");
    assert_eq!(trial.lines("kernels sobel:y"), "1,2,1 0,0,0 -1,-2,-1");
    assert_eq!(parsed("kernels box:2 --json")["values"], json!([0.5, 0.5]));
    assert_eq!(parsed("kernels --json").as_array().map(Vec::len), Some(faltung::kernel::LIST.len()));
    assert_eq!(parsed("kernels disk --json")["axes"], 2);
}

#[test]
fn what_kernels_shows_convolve_reads() {
    let shown = Trial::new().prints("kernels gaussian:1,truncate=2 --dims 2");
    let trial = Trial::new().file("w.csv", shown);
    let by_file = trial.prints("convolve 0,0;0,4 w.csv");
    assert_eq!(by_file, trial.prints("convolve 0,0;0,4 gaussian:1,truncate=2"));
}

#[test]
fn shells_get_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(Trial::new().prints(&format!("completions {shell}")).contains("boundary"), "{shell}");
    }
}

#[test]
fn help_has_examples_that_work() {
    let trial = Trial::new();
    for command in ["convolve", "kernels", "plan", "completions"] {
        assert!(trial.prints(&format!("{command} --help")).contains("Examples:"), "{command}");
    }
    assert!(trial.prints("--help").contains("convolve"));
    assert!(trial.prints("--version").starts_with("faltung "));
    let help = trial.prints("plan --help");
    for example in help.lines().filter_map(|line| line.strip_prefix("  faltung ")) {
        trial.prints(example);
    }
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let binary = env!("CARGO_BIN_EXE_faltung");
    for words in ["convolve ones.npy 1", "convolve ones.npy 1 --json", "kernels", "--help", "completions bash"] {
        let trial = Trial::new().array(
            "ones.npy",
            &crate::support::array(&[200_000], vec![1u8; 200_000]),
            &faltung_cli::io::Form::Npy,
        );
        let mut child = Command::new(binary)
            .args(words.split(' '))
            .current_dir(trial.path("."))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert!(ended.status.success() && ended.stderr.is_empty(), "{words}: {ended:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_a_failure() {
    for words in ["convolve 1,2 1", "convolve 1,2 1 --json", "kernels", "--help", "plan 10 3"] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ended = Command::new(env!("CARGO_BIN_EXE_faltung")).args(words.split(' ')).stdout(full).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{words}");
        assert!(said.contains("standard output: there is no space left"), "{words}: {said}");
    }
}
