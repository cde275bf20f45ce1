//! Ctrl-C leaves what was there, and nothing beside it.

#![cfg(unix)]

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{format, support::Trial, wav};

#[test]
fn ctrl_c_leaves_no_half_file() {
    let trial = Trial::new().file("y.wav", "old");
    let mut file = fs::File::create(trial.path("x.wav")).unwrap();
    let mut head = wav(&[(b"fmt ", &format(16)), (b"data", b"")]);
    let at = head.len() - 4;
    // More than can be done until the signal comes, and no place on the disk.
    head[at..].copy_from_slice(&4_000_000_000u32.to_le_bytes());
    file.write_all(&head).unwrap();
    file.set_len(head.len() as u64 + 4_000_000_000).unwrap();
    drop(file);
    let mut command = Command::new(env!("CARGO_BIN_EXE_faltung"));
    command.args(["convolve", "x.wav", "1,0.5", "-o", "y.wav"]).current_dir(trial.path("."));
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let names = || fs::read_dir(trial.path(".")).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
    let began = Instant::now();
    while names().len() < 3 {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing is written after a minute");
        thread::sleep(Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(130), "{said}");
    assert!(said.contains("interrupted: y.wav is as it was"), "{said}");
    assert_eq!(names().len(), 2);
    assert_eq!(fs::read(trial.path("y.wav")).unwrap(), b"old");
}
