//! `cargo xtask planted`: do the tests catch what they should?
//!
//! Each line of `crates/faltung/tests/planted/bugs.txt` replaces one piece of the engine by one that is off by one, in a copy of
//! the tree; the conformance suite must then fail. About a minute for each, most of it building.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use clap::Args;

use crate::step::{Outcome, root};

/// Which bugs to plant.
#[derive(Args)]
pub(crate) struct Options {
    /// Only those whose names contain this.
    filter: Option<String>,
}

/// One line of the list.
struct Bug<'a> {
    name: &'a str,
    file: &'a str,
    from: &'a str,
    to: &'a str,
}

pub(crate) fn run(options: &Options) -> Outcome {
    let list = root().join("crates/faltung/tests/planted/bugs.txt");
    let list = fs::read_to_string(&list).map_err(|reason| format!("{}: {reason}", list.display()))?;
    let wanted = |bug: &Bug<'_>| options.filter.as_ref().is_none_or(|part| bug.name.contains(part.as_str()));
    let bugs: Vec<Bug<'_>> = list.lines().filter_map(parse).filter(wanted).collect();
    let mut missed = Vec::new();
    for bug in &bugs {
        let caught = is_caught(bug)?;
        println!("{:<14} {}", bug.name, if caught { "caught" } else { "MISSED" });
        if !caught {
            missed.push(bug.name);
        }
    }
    println!("{} of {} caught", bugs.len() - missed.len(), bugs.len());
    if missed.is_empty() { Ok(()) } else { Err(format!("not caught: {}", missed.join(", "))) }
}

fn parse(line: &str) -> Option<Bug<'_>> {
    let mut fields = line.split('\t');
    let mut field = || fields.next();
    (!line.starts_with('#')).then_some(())?;
    Some(Bug { name: field()?, file: field()?, from: field()?, to: field()? })
}

/// Plants the bug in a fresh copy, and says whether the conformance suite fails, though it builds.
fn is_caught(bug: &Bug<'_>) -> Result<bool, String> {
    let folder = root().join("target/planted");
    let tree = copy(&folder)?;
    let file = tree.join("crates/faltung/src").join(bug.file);
    let failed = |reason: std::io::Error| format!("{}: {reason}", file.display());
    let source = fs::read_to_string(&file).map_err(failed)?;
    if source.matches(bug.from).count() != 1 {
        return Err(format!("{}: {:?} is not there once in {}: mend bugs.txt", bug.name, bug.from, bug.file));
    }
    fs::write(&file, source.replace(bug.from, bug.to)).map_err(failed)?;
    let suite = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(["test", "--quiet", "--package", "faltung", "--test", "conformance"])
            .args(more)
            .current_dir(&tree);
        command.env("CARGO_TARGET_DIR", folder.join("build")).env("RUST_BACKTRACE", "0");
        command.output().map_err(|reason| format!("cargo did not start: {reason}"))
    };
    let built = suite(&["--no-run"])?;
    if !built.status.success() {
        return Err(format!("{} does not compile: {}", bug.name, String::from_utf8_lossy(&built.stderr)));
    }
    Ok(!suite(&[])?.status.success())
}

/// A fresh copy of all files under version control.
fn copy(folder: &Path) -> Result<PathBuf, String> {
    let tree = folder.join("tree");
    if tree.exists() {
        fs::remove_dir_all(&tree).map_err(|reason| format!("{}: {reason}", tree.display()))?;
    }
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let listed = listed.map_err(|reason| format!("git did not start: {reason}"))?;
    for name in String::from_utf8_lossy(&listed.stdout).split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (root().join(name), tree.join(name));
        let failed = |reason: std::io::Error| format!("{}: {reason}", from.display());
        fs::create_dir_all(to.parent().expect("a file lies in a folder")).map_err(failed)?;
        fs::copy(&from, &to).map_err(failed)?;
    }
    Ok(tree)
}
