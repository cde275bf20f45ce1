//! `cargo xtask bench`: speed, beside others and beside what the machine can do, as dated records in `bench/records`.
//!
//! What is measured is told in `bench/README.md`. This file only builds what takes part, into `target/bench`, and starts it.
//! A run of a part (`--only`, `--quick`, `--ours-only`) leaves its record in `target/bench` instead.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use clap::{Args, Subcommand};

use crate::{
    environment::{Environment, build_wheel, interpreter},
    step::{Outcome, Steps, cargo, expect_success, root},
    test::has,
};

/// What to measure, and how.
#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: Option<What>,
    /// Cases whose name has this: a regular expression, or for `growth` and `planner` parts between `.*`.
    #[arg(long, global = true)]
    only: Option<String>,
    /// Short and once: to see that everything works.
    #[arg(long, global = true)]
    quick: bool,
    /// The engine alone, by its Rust interface: neither other libraries nor the wheel are built.
    #[arg(long)]
    ours_only: bool,
    /// Numbers of threads, each in a process of its own.
    #[arg(long, num_args = 1.., default_values_t = [1, 2])]
    threads: Vec<usize>,
    /// Instruction sets that get columns of their own; all that the machine has, where everything is measured.
    #[arg(long, num_args = 0..)]
    levels: Option<Vec<String>>,
    /// Other libraries whose name has this regular expression.
    #[arg(long)]
    peers: Option<String>,
    /// A copy of `target/bench/package` made earlier, to be beside the one of now.
    #[arg(long)]
    before: Option<PathBuf>,
    /// A virtual environment that has what `bench/requirements.txt` names, instead of one in `target/bench`.
    #[arg(long, global = true)]
    venv: Option<PathBuf>,
}

#[derive(Subcommand, Clone, Copy, PartialEq)]
enum What {
    /// How cost grows with the signal, and whether there are cliffs.
    Growth,
    /// Whether the planner chooses the best algorithm, and what it predicts.
    Planner,
    /// Memory beyond input and output, beside SciPy's.
    Memory,
    /// What the machine can do at all: printed only.
    Limits,
}

/// Instruction sets below the best one.
const LEVELS: [&str; 3] = ["avx2", "sse4.2", "scalar"];

pub(crate) fn run(options: &Options) -> Outcome {
    fs::create_dir_all(folder()).map_err(|reason| format!("{}: {reason}", folder().display()))?;
    match options.what {
        None => peers(options),
        Some(What::Growth) => program(options, "growth"),
        Some(What::Planner) => program(options, "planner"),
        Some(What::Memory) => memory(options),
        Some(What::Limits) => {
            let program = rust_peers(&[])?;
            let quick = options.quick.then_some("--quick");
            expect_success(Command::new(program).arg("limits").args(quick))
        }
    }
}

fn folder() -> PathBuf {
    root().join("target/bench")
}

/// Whether everything is measured, and so a record is to be kept.
fn whole(options: &Options) -> bool {
    options.only.is_none() && !options.quick && !options.ours_only && options.peers.is_none()
}

/// Everything of `bench/cases.txt`, by all libraries.
fn peers(options: &Options) -> Outcome {
    let mut steps = Steps::default();
    let (mut venv, mut package, mut rust) = (None, None, None);
    steps.run("Python's libraries", || {
        venv = Some(environment(options)?);
        Ok(())
    })?;
    let venv = venv.expect("made above");
    if !options.ours_only {
        steps.run("our wheel", || {
            package = Some(unpacked(&venv)?);
            Ok(())
        })?;
    }
    steps.run("Rust's libraries", || {
        let bare = ["--no-default-features"];
        rust = Some(rust_peers(if options.ours_only { &bare } else { &[] })?);
        Ok(())
    })?;
    let measured = folder().join("peers.json");
    steps.run("measuring", || {
        let mut command = venv.run("python");
        command.arg(script("peers.py")).arg("--into").arg(&measured).args(["--threads"]);
        command.args(options.threads.iter().map(usize::to_string));
        let every = || LEVELS.iter().filter(|set| has(set)).map(|set| set.to_string()).collect();
        let levels: Vec<String> =
            options.levels.clone().unwrap_or_else(|| if whole(options) { every() } else { vec![] });
        command.arg("--levels").args(levels);
        command.args(options.quick.then_some("--quick")).args(options.ours_only.then_some("--ours-only"));
        let texts = [("--only", &options.only), ("--peers", &options.peers)];
        texts.iter().filter_map(|(name, text)| Some((name, text.as_ref()?))).for_each(|(name, text)| {
            command.arg(name).arg(text);
        });
        for (name, path) in [("--package", &package), ("--before", &options.before), ("--rust", &rust)] {
            if let Some(path) = path {
                command.arg(name).arg(std::path::absolute(path).unwrap_or_else(|_| path.clone()));
            }
        }
        expect_success(&mut command)
    })?;
    steps.run("record", || record(options, venv.run("python"), "peers", &measured))?;
    steps.report();
    Ok(())
}

/// One of the programs in `crates/faltung/benches`.
fn program(options: &Options, name: &str) -> Outcome {
    let python = interpreter().ok_or("there is no Python to write the record")?;
    let mut command = cargo(&["bench", "--quiet", "--package", "faltung", "--bench", name, "--"]);
    command.args(options.quick.then_some("--quick"));
    if let Some(only) = &options.only {
        command.arg("--only").arg(only);
    }
    let measured = folder().join(format!("{name}.txt"));
    kept(&mut command, &measured)?;
    record(options, Command::new(python), name, &measured)
}

fn memory(options: &Options) -> Outcome {
    let venv = environment(options)?;
    let package = unpacked(&venv)?;
    let measured = folder().join("memory.txt");
    kept(venv.run("python").arg(script("memory.py")).arg("--package").arg(package), &measured)?;
    record(options, venv.run("python"), "memory", &measured)
}

/// The environment with all peers, which takes gigabytes the first time.
fn environment(options: &Options) -> Result<Environment, String> {
    if let Some(home) = &options.venv {
        let home = std::path::absolute(home).map_err(|reason| format!("{}: {reason}", home.display()))?;
        return Ok(Environment::at(home));
    }
    let venv = Environment::at(folder().join("venv"));
    let list = script("requirements.txt");
    venv.provide(&fs::read_to_string(&list).map_err(|reason| format!("{}: {reason}", list.display()))?)?;
    Ok(venv)
}

/// Our package, built and unpacked into a folder of its own: environments may be shared, and a copy can be set beside it later.
fn unpacked(venv: &Environment) -> Result<PathBuf, String> {
    let wheel = build_wheel(venv, &folder().join("wheels"))?;
    let package = folder().join("package");
    if package.exists() {
        fs::remove_dir_all(&package).map_err(|reason| format!("{}: {reason}", package.display()))?;
    }
    let mut install = venv.pip("install");
    install.args(["--quiet", "--no-index", "--no-deps", "--target"]).arg(&package).arg(wheel);
    expect_success(&mut install)?;
    Ok(package)
}

/// The program `rust-peers`, in its own target folder, as it has its own lock file.
fn rust_peers(features: &[&str]) -> Result<PathBuf, String> {
    let target = folder().join("rust-peers");
    let mut build = cargo(&["build", "--release", "--locked", "--quiet"]);
    build.args(features).arg("--manifest-path").arg(script("rust-peers/Cargo.toml")).arg("--target-dir").arg(&target);
    expect_success(&mut build)?;
    Ok(target.join("release").join(format!("rust-peers{}", std::env::consts::EXE_SUFFIX)))
}

fn script(name: &str) -> PathBuf {
    root().join("bench").join(name)
}

/// Runs a program, and shows and keeps what it prints.
fn kept(command: &mut Command, path: &Path) -> Outcome {
    let failed = |reason: std::io::Error| format!("{}: {reason}", path.display());
    let mut file = File::create(path).map_err(failed)?;
    let child = command.stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|reason| format!("{command:?} did not start: {reason}"))?;
    for line in BufReader::new(child.stdout.take().expect("it is piped")).lines() {
        let line = line.map_err(failed)?;
        println!("{line}");
        writeln!(file, "{line}").map_err(failed)?;
    }
    let status = child.wait().map_err(failed)?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}")) }
}

fn record(options: &Options, mut python: Command, kind: &str, measured: &Path) -> Outcome {
    let into = if whole(options) { script("records") } else { folder() };
    expect_success(python.arg(script("record.py")).arg(kind).arg(measured).arg("--into").arg(into))
}
