//! Python's virtual environments, and the wheel of our package.
//!
//! Programs run in the folder beside their environment, so that Python finds the installed package and not the source.

use std::{
    env::consts::EXE_SUFFIX,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::step::{Outcome, expect_success, root};

/// The programs that may be Python, the likeliest first.
const INTERPRETERS: [&str; 2] = ["python3", "python"];

/// Succeeds where virtual environments can be made, by a Python for which the pinned packages exist.
const PROBE: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

/// The machine's Python, if it can make virtual environments.
pub(crate) fn interpreter() -> Option<&'static str> {
    let works =
        |name: &&str| Command::new(name).args(["-c", PROBE]).output().is_ok_and(|output| output.status.success());
    INTERPRETERS.into_iter().find(works)
}

/// Builds the wheel of the source tree, the only one in its folder.
pub(crate) fn build_wheel(venv: &Environment, wheels: &Path) -> Result<PathBuf, String> {
    if wheels.exists() {
        fs::remove_dir_all(wheels).map_err(|reason| format!("{}: {reason}", wheels.display()))?;
    }
    let mut maturin = venv.run("maturin");
    maturin.args(["build", "--profile", "wheel", "--locked", "--quiet", "--out"]).arg(wheels);
    expect_success(maturin.current_dir(root().join("crates/faltung-python")))?;
    let entries = fs::read_dir(wheels).map_err(|reason| format!("{}: {reason}", wheels.display()))?;
    let wheel =
        entries.filter_map(|entry| Some(entry.ok()?.path())).find(|path| path.extension() == Some(OsStr::new("whl")));
    wheel.ok_or_else(|| format!("maturin left no wheel in {}", wheels.display()))
}

/// A virtual environment.
pub(crate) struct Environment {
    home: PathBuf,
}

impl Environment {
    pub(crate) fn at(home: PathBuf) -> Self {
        Self { home }
    }

    /// Where it lies; also where programs run.
    fn folder(&self) -> &Path {
        self.home.parent().unwrap_or(&self.home)
    }

    /// One of its programs.
    pub(crate) fn run(&self, program: &str) -> Command {
        let programs = self.home.join(if cfg!(windows) { "Scripts" } else { "bin" });
        let mut command = Command::new(programs.join(format!("{program}{EXE_SUFFIX}")));
        command.current_dir(self.folder()).env("VIRTUAL_ENV", &self.home).env("PYTHONDONTWRITEBYTECODE", "1");
        command.env_remove("PYTHONPATH").env_remove("PYTHONHOME");
        command
    }

    pub(crate) fn pip(&self, command: &str) -> Command {
        let mut pip = self.run("python");
        pip.args(["-m", "pip", "--disable-pip-version-check", command]);
        pip
    }

    /// Makes it with these packages, unless it is there and was made with the same.
    pub(crate) fn provide(&self, requirements: &str) -> Outcome {
        let made_with = self.home.join("made-with.txt");
        if fs::read_to_string(&made_with).is_ok_and(|there| there == requirements) {
            return Ok(());
        }
        let python = interpreter().ok_or("there is no Python")?;
        let failed = |reason: std::io::Error| format!("{}: {reason}", made_with.display());
        fs::create_dir_all(self.folder()).map_err(failed)?;
        expect_success(Command::new(python).args(["-m", "venv", "--clear"]).arg(&self.home))?;
        let list = self.home.join("requirements.txt");
        fs::write(&list, requirements).map_err(failed)?;
        expect_success(self.pip("install").args(["--quiet", "--only-binary=:all:", "-r"]).arg(&list))?;
        fs::rename(&list, &made_with).map_err(failed)
    }
}
