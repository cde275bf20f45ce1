//! `cargo xtask python`: the Python package, from its source to SciPy's own tests of the functions it offers.
//!
//! Two virtual environments lie in `target/python`: `venv` with all that the tests need, and `bare` with NumPy alone. Both get
//! the wheel, and tests run outside the source tree, so what is tested is what a user would install.

use std::{fs, path::PathBuf};

use crate::{
    environment::{Environment, build_wheel, interpreter},
    step::{Outcome, Steps, expect_success, root},
};

/// `cargo xtask python`.
pub(crate) fn run() -> Outcome {
    if let Some(reason) = missing() {
        return Err(reason);
    }
    let mut steps = Steps::default();
    test(&mut steps, wheel)?;
    steps.report();
    Ok(())
}

/// Why this machine cannot test the Python package, if it cannot.
pub(crate) fn missing() -> Option<String> {
    let reason = "the Python package: no python3 of version 3.11 or later with the modules venv and ensurepip";
    interpreter().is_none().then(|| reason.to_owned())
}

fn folder() -> PathBuf {
    root().join("target/python")
}

fn package() -> PathBuf {
    root().join("crates/faltung-python")
}

/// The environment with all that the tests need, and the one with NumPy alone.
fn environments() -> (Environment, Environment) {
    (Environment::at(folder().join("venv")), Environment::at(folder().join("bare")))
}

/// Makes the environments, and builds the wheel.
pub(crate) fn wheel() -> Result<PathBuf, String> {
    let (venv, bare) = environments();
    let file = package().join("requirements-test.txt");
    let wanted = fs::read_to_string(&file).map_err(|reason| format!("{}: {reason}", file.display()))?;
    let numpy = wanted.lines().find(|line| line.starts_with("numpy==")).ok_or("no line numpy==VERSION")?;
    venv.provide(&wanted)?;
    bare.provide(numpy)?;
    build_wheel(&venv, &folder().join("wheels"))
}

/// Runs everything that must hold of a wheel.
pub(crate) fn test(steps: &mut Steps, wheel: impl FnOnce() -> Result<PathBuf, String>) -> Outcome {
    let package = package();
    let tests = package.join("tests");
    let (venv, bare) = environments();

    steps.run("Python: wheel", || {
        let wheel = wheel()?;
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
    let tools = root().join("bench/test_bench.py");
    steps.run("Python: the benchmark's tools", || expect_success(pytest().arg(tools)))?;
    steps.run("Python: examples", || {
        expect_success(pytest().args(["--doctest-modules", "--ignore-glob=*/faltung/torch.py", "--pyargs", "faltung"]))
    })?;
    steps.run("Python: types", || {
        let cache = folder().join("mypy");
        let mut mypy = venv.run("mypy");
        expect_success(mypy.args(["python", "tests", "--cache-dir"]).arg(cache).current_dir(&package))
    })?;
    steps.run("Python: SciPy's own tests", || expect_success(venv.run("python").arg(tests.join("scipy_suite/run.py"))))
}
