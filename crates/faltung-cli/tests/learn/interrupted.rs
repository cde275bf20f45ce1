//! Trainings that are ended from outside, and go on to the same bytes.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{bytes, support::Trial};

/// Some seconds of work, with a checkpoint at the end of each of many epochs.
const LONG: &str =
    "train digits:400 -o m.safetensors --model ffnn --parameters 20000 --epochs 30 --batch 64 --augment 1 --quiet";

/// Begins the training, and gives it back when there is a first checkpoint.
fn begun(trial: &Trial) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_faltung"));
    let folder = trial.path("m.safetensors").parent().expect("a folder").to_owned();
    command.args(LONG.split(' ')).current_dir(folder);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    wait_for(&trial.path("m.safetensors.checkpoint"), &mut child);
    child
}

fn wait_for(file: &Path, child: &mut Child) {
    let began = Instant::now();
    while !file.exists() {
        assert!(child.try_wait().expect("a child").is_none(), "it ended without a checkpoint");
        assert!(began.elapsed() < Duration::from_secs(60), "there is no checkpoint after a minute");
        thread::sleep(Duration::from_millis(5));
    }
}

/// The model of the same training without any interruption.
fn whole() -> Vec<u8> {
    let trial = Trial::new();
    trial.prints(LONG);
    bytes(&trial, "m.safetensors")
}

#[test]
fn killed_and_resumed_it_ends_with_the_same_bytes() {
    let trial = Trial::new();
    let mut child = begun(&trial);
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
    assert!(!trial.path("m.safetensors").exists(), "it was not complete");
    let said = trial.complains(LONG);
    assert!(said.contains("say --resume to go on with it, or remove this file"), "{said}");
    trial.prints("train digits:400 -o m.safetensors --resume --quiet");
    assert!(bytes(&trial, "m.safetensors") == whole());
    assert!(!trial.path("m.safetensors.checkpoint").exists(), "nothing is left to go on with");
}

#[cfg(unix)]
#[test]
fn ctrl_c_saves_and_ends() {
    let trial = Trial::new();
    let child = begun(&trial);
    let ended = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(ended.success());
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(
        said.contains("m.safetensors.checkpoint: stopped after ") && said.contains("say --resume to go on"),
        "{said}"
    );
    let other = trial.complains("train digits:401 -o m.safetensors --resume --quiet");
    assert!(other.contains("the training was on other pictures"), "{other}");
    trial.prints("train digits:400 -o m.safetensors --resume --quiet");
    assert!(bytes(&trial, "m.safetensors") == whole());
    let left: Vec<_> = fs::read_dir(trial.path("")).expect("the folder").collect();
    assert_eq!(left.len(), 1);
}
