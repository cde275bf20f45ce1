//! Sounds that are larger than the memory that there is.

#![cfg(target_os = "linux")]

use std::{fs, io::Write, process::Command};

use crate::{format, support::Trial, wav};

/// Frames of the sound: in an array 160 MB.
const FRAMES: u64 = 20_000_000;

#[test]
fn memory_does_not_depend_on_the_length() {
    let trial = Trial::new();
    let mut file = fs::File::create(trial.path("x.wav")).unwrap();
    let mut head = wav(&[(b"fmt ", &format(16)), (b"data", b"")]);
    let at = head.len() - 4;
    head[at..].copy_from_slice(&(2 * FRAMES as u32).to_le_bytes());
    file.write_all(&head).unwrap();
    // A file of silence takes no place on the disk.
    file.set_len(head.len() as u64 + 2 * FRAMES).unwrap();
    let limited = "ulimit -d 60000; exec \"$0\" convolve x.wav 1,0.5 --level match -o y.wav --quiet";
    let ended =
        Command::new("sh").args(["-c", limited, env!("CARGO_BIN_EXE_faltung")]).current_dir(trial.path(".")).output();
    let ended = ended.unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    assert_eq!(fs::metadata(trial.path("y.wav")).unwrap().len(), head.len() as u64 + 2 * (FRAMES + 1));
}
