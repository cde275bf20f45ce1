//! `cargo xtask test`: everything that must hold.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use clap::Args;

use crate::{
    python,
    step::{Outcome, Steps, cargo, expect_success, root},
    web,
};

/// What to test.
#[derive(Args)]
pub(crate) struct Options {
    /// The long form of the conformance suite: some million cases.
    #[arg(long)]
    long: bool,
    /// Fail if anything was skipped.
    #[arg(long)]
    no_skips: bool,
}

/// Instruction sets under which the conformance suite runs again, besides the best one.
const SETS: &[&str] = &["scalar", "sse4.2", "avx2"];

/// Whether this machine has the set.
pub(crate) fn has(set: &str) -> bool {
    #[cfg(target_arch = "x86_64")]
    match set {
        "sse4.2" => return is_x86_feature_detected!("sse4.2"),
        "avx2" => return is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
        _ => {}
    }
    set == "scalar"
}

pub(crate) fn run(options: &Options) -> Outcome {
    let mut steps = Steps::default();
    steps.run("set-up", set_up)?;
    std::thread::scope(|scope| {
        // Compiled as a whole, by one core for minutes: beside all that comes before its tests.
        let wheel = python::missing().is_none().then(|| scope.spawn(python::wheel));
        all(&mut steps, options)?;
        match wheel {
            Some(wheel) => python::test(&mut steps, || wheel.join().map_err(|_| "building it panicked".to_owned())?),
            None => Ok(()),
        }
    })?;
    steps.report();
    let skipped = skipped();
    for what in &skipped {
        println!("skipped: {what}");
    }
    match (skipped.len(), options.no_skips) {
        (0, _) => println!("nothing was skipped"),
        (_, true) => return Err("something was skipped, and --no-skips forbids it".to_owned()),
        _ => {}
    }
    Ok(())
}

/// All that does not need Python.
fn all(steps: &mut Steps, options: &Options) -> Outcome {
    steps.run("format", || expect_success(cargo(&["fmt", "--all", "--check"]).env_remove("RUSTFLAGS")))?;
    steps.run("lints", || {
        let lint = |of: &[&str]| expect_success(cargo(&["clippy", "--quiet"]).args(of).args(["--", "-D", "warnings"]));
        lint(&["--workspace", "--all-targets"])?;
        lint(&["--package", "faltung", "--no-default-features"])?;
        lint(&["--package", "xtask", "--features", "bindgen"])
    })?;
    steps.run("documentation", || {
        let doc = ["doc", "--workspace", "--no-deps", "--quiet"];
        expect_success(cargo(&doc).env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    // Before the tests: those of `serve` are of a command that has the page in it.
    if web::missing().is_none() {
        steps.run("the page", web::build)?;
    }
    steps.run("tests", || {
        let mut tests = cargo(&["test", "--workspace", "--quiet"]);
        if options.long {
            tests.env("FALTUNG_LONG", "1");
        }
        expect_success(&mut tests)
    })?;
    for set in SETS.iter().filter(|set| has(set)) {
        steps.run("conformance with another instruction set", || {
            println!("{set}");
            let conformance = ["test", "--package", "faltung", "--quiet", "--test", "conformance"];
            expect_success(cargo(&conformance).env("FALTUNG_SIMD", set))
        })?;
    }
    steps.run("the README's first command", first_command)?;
    steps.run("the commands of the README and of the guide", documented_commands)?;
    if web::untestable().is_none() {
        web::test(steps)?;
    }
    steps.run("packages", || {
        let package = ["package", "--workspace", "--exclude", "xtask", "--allow-dirty", "--no-verify", "--quiet"];
        expect_success(&mut cargo(&package))
    })
}

/// The parts of the Rust toolchain that a minimal installation lacks, and a browser.
fn set_up() -> Outcome {
    web::provide_browser();
    let there = |tool: &str| cargo(&[tool, "--version"]).output().is_ok_and(|output| output.status.success());
    if there("fmt") && there("clippy") {
        return Ok(());
    }
    expect_success(Command::new("rustup").args(["component", "add", "rustfmt", "clippy"]).current_dir(root()))
}

/// The main job, as the README gives it, and its result.
fn first_command() -> Outcome {
    let command = "run --release -- convolve examples/posts.csv examples/likes.csv";
    let readme = fs::read_to_string(root().join("README.md")).map_err(|reason| format!("README.md: {reason}"))?;
    if !readme.contains(&format!("cargo {command}")) {
        return Err(format!("README.md does not show `cargo {command}`"));
    }
    let words: Vec<&str> = command.split(' ').collect();
    let output = cargo(&words).output().map_err(|reason| format!("cargo did not start: {reason}"))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let likes: Vec<&str> = printed.split_whitespace().collect();
    if likes != ["15", "12", "34", "26", "28", "23", "15", "7", "4", "1"] {
        return Err(format!("it printed {printed:?} and {}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(())
}

/// Documents whose commands are run.
const DOCUMENTS: [&str; 2] = ["README.md", "docs/from-likes-to-cnn.md"];

/// The commands that documents show, in a copy of the examples: each must succeed, and print what is shown below it.
fn documented_commands() -> Outcome {
    for document in DOCUMENTS {
        let text = fs::read_to_string(root().join(document)).map_err(|reason| format!("{document}: {reason}"))?;
        let folder = root().join("target/documented").join(document.replace('/', "-"));
        let examples = folder.join("examples");
        let failed = |reason: std::io::Error| format!("{}: {reason}", examples.display());
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(failed)?;
        }
        fs::create_dir_all(&examples).map_err(failed)?;
        for entry in fs::read_dir(root().join("examples")).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            fs::copy(entry.path(), examples.join(entry.file_name())).map_err(failed)?;
        }
        let shown = shown(&text);
        if shown.is_empty() {
            return Err(format!("{document} shows no commands"));
        }
        for (command, expected) in shown {
            let printed = printed(&command, &folder)?;
            if expected.is_some_and(|expected| printed.trim_end() != expected.trim_end()) {
                return Err(format!("{document}: {command} printed\n{printed}"));
            }
        }
    }
    Ok(())
}

/// The commands of a document, each with what it prints: the block of text right below the block that it ends.
fn shown(document: &str) -> Vec<(String, Option<String>)> {
    let mut shown: Vec<(String, Option<String>)> = Vec::new();
    let mut lines = document.lines().peekable();
    while let Some(line) = lines.next() {
        // What serves until it is told to end is run by the tests of the page.
        if line.starts_with("faltung ") && !line.starts_with("faltung serve") {
            shown.push((line.split(" #").next().unwrap_or(line).trim().to_owned(), None));
        } else if line == "```" && lines.next_if_eq(&"```text").is_some() {
            let text: Vec<&str> = std::iter::from_fn(|| lines.next_if(|line| *line != "```")).collect();
            if let Some((_, printed)) = shown.last_mut() {
                *printed = Some(text.join("\n"));
            }
        }
    }
    shown
}

/// What a command prints, in a folder.
fn printed(command: &str, folder: &Path) -> Result<String, String> {
    let program = root().join("target/release/faltung");
    println!("{command}");
    let words = shlex::split(command).ok_or_else(|| format!("{command} has a quote that does not end"))?;
    let output = Command::new(&program).args(&words[1..]).current_dir(folder).output();
    let output = output.map_err(|reason| format!("{} did not start: {reason}", program.display()))?;
    if !output.status.success() {
        return Err(format!("{command} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What this machine or checkout did not let the tests do.
fn skipped() -> Vec<String> {
    let sets = SETS.iter().filter(|set| !has(set)).map(|set| format!("conformance with {set}: this machine lacks it"));
    let data = match std::env::var_os("FALTUNG_TEST_DATA").map(PathBuf::from) {
        Some(folder) if folder.is_dir() => None,
        Some(folder) => Some(format!("real data: FALTUNG_TEST_DATA names {}, which is no folder", folder.display())),
        None => Some("real data: FALTUNG_TEST_DATA is not set".to_owned()),
    };
    sets.chain(data).chain(web::untestable()).chain(python::missing()).collect()
}
