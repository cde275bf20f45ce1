//! `cargo xtask python`: the Python package, from its source to SciPy's own tests of the functions it offers.
//!
//! Two virtual environments lie in `target/python`: `venv` with all that the tests need, and `bare` with NumPy alone. Both get
//! the wheel, and tests run outside the source tree, so what is tested is what a user would install.

use std::{
    env::consts::EXE_SUFFIX,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::step::{Outcome, Steps, expect_success, root};

/// The programs that may be Python, the likeliest first.
const INTERPRETERS: [&str; 2] = ["python3", "python"];

/// Succeeds where virtual environments can be made, by a Python for which the pinned packages exist.
const PROBE: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

/// `cargo xtask python`.
pub(crate) fn run() -> Outcome {
    if let Some(reason) = missing() {
        return Err(reason);
    }
    let mut steps = Steps::default();
    test(&mut steps)?;
    steps.report();
    Ok(())
}

/// Why this machine cannot test the Python package, if it cannot.
pub(crate) fn missing() -> Option<String> {
    let reason = "the Python package: no python3 of version 3.11 or later with the modules venv and ensurepip";
    interpreter().is_none().then(|| reason.to_owned())
}

/// Builds the wheel and runs everything that must hold of it.
pub(crate) fn test(steps: &mut Steps) -> Outcome {
    let package = root().join("crates/faltung-python");
    let tests = package.join("tests");
    let venv = Environment::named("venv");
    let bare = Environment::named("bare");

    steps.run("Python: environments", || {
        let file = package.join("requirements-test.txt");
        let wanted = fs::read_to_string(&file).map_err(|reason| format!("{}: {reason}", file.display()))?;
        let numpy = wanted.lines().find(|line| line.starts_with("numpy==")).ok_or("no line numpy==VERSION")?;
        venv.provide(&wanted)?;
        bare.provide(numpy)
    })?;
    steps.run("Python: wheel", || {
        let wheel = build_wheel(&venv, &package)?;
        [&venv, &bare].iter().try_for_each(|environment| {
            let install = ["--quiet", "--no-index", "--no-deps", "--force-reinstall"];
            expect_success(environment.pip("install").args(install).arg(&wheel))
        })
    })?;
    steps.run("Python: the wheel where there is only NumPy", || {
        expect_success(bare.run("python").arg(tests.join("smoke.py")))?;
        expect_success(&mut bare.pip("check"))
    })?;
    let pytest = || {
        let mut command = venv.run("pytest");
        command.args(["-p", "no:cacheprovider", "-c"]).arg(package.join("pyproject.toml"));
        command
    };
    steps.run("Python: tests", || expect_success(pytest().arg(&tests)))?;
    steps.run("Python: examples", || expect_success(pytest().args(["--doctest-modules", "--pyargs", "faltung"])))?;
    steps.run("Python: types", || {
        let cache = folder().join("mypy");
        let mut mypy = venv.run("mypy");
        expect_success(mypy.args(["python", "tests", "--cache-dir"]).arg(cache).current_dir(&package))
    })?;
    steps.run("Python: SciPy's own tests", || expect_success(venv.run("python").arg(tests.join("scipy_suite/run.py"))))
}

/// The wheel of the source tree.
fn build_wheel(venv: &Environment, package: &Path) -> Result<PathBuf, String> {
    let wheels = folder().join("wheels");
    if wheels.exists() {
        fs::remove_dir_all(&wheels).map_err(|reason| format!("{}: {reason}", wheels.display()))?;
    }
    let mut maturin = venv.run("maturin");
    maturin.args(["build", "--profile", "wheel", "--locked", "--quiet", "--out"]).arg(&wheels);
    expect_success(maturin.current_dir(package))?;
    let entries = fs::read_dir(&wheels).map_err(|reason| format!("{}: {reason}", wheels.display()))?;
    let wheel =
        entries.filter_map(|entry| Some(entry.ok()?.path())).find(|path| path.extension() == Some(OsStr::new("whl")));
    wheel.ok_or_else(|| format!("maturin left no wheel in {}", wheels.display()))
}

/// Where all of this lies; also where programs run, so that Python finds the installed package and not the source.
fn folder() -> PathBuf {
    root().join("target/python")
}

/// The machine's Python, if it can make virtual environments.
fn interpreter() -> Option<&'static str> {
    let works =
        |name: &&str| Command::new(name).args(["-c", PROBE]).output().is_ok_and(|output| output.status.success());
    INTERPRETERS.into_iter().find(works)
}

/// A virtual environment.
struct Environment {
    home: PathBuf,
}

impl Environment {
    fn named(name: &str) -> Self {
        Self { home: folder().join(name) }
    }

    /// One of its programs.
    fn run(&self, program: &str) -> Command {
        let programs = self.home.join(if cfg!(windows) { "Scripts" } else { "bin" });
        let mut command = Command::new(programs.join(format!("{program}{EXE_SUFFIX}")));
        command.current_dir(folder()).env("VIRTUAL_ENV", &self.home).env("PYTHONDONTWRITEBYTECODE", "1");
        command.env_remove("PYTHONPATH").env_remove("PYTHONHOME");
        command
    }

    fn pip(&self, command: &str) -> Command {
        let mut pip = self.run("python");
        pip.args(["-m", "pip", "--disable-pip-version-check", command]);
        pip
    }

    /// Makes it with these packages, unless it is there and was made with the same.
    fn provide(&self, requirements: &str) -> Outcome {
        let made_with = self.home.join("made-with.txt");
        if fs::read_to_string(&made_with).is_ok_and(|there| there == requirements) {
            return Ok(());
        }
        let python = interpreter().ok_or("there is no Python")?;
        let failed = |reason: std::io::Error| format!("{}: {reason}", made_with.display());
        fs::create_dir_all(folder()).map_err(failed)?;
        expect_success(Command::new(python).args(["-m", "venv", "--clear"]).arg(&self.home))?;
        let list = self.home.join("requirements.txt");
        fs::write(&list, requirements).map_err(failed)?;
        expect_success(self.pip("install").args(["--quiet", "--only-binary=:all:", "-r"]).arg(&list))?;
        fs::rename(&list, &made_with).map_err(failed)
    }
}
