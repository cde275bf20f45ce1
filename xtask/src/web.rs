//! `cargo xtask web`: the page, from Rust and TypeScript to files that the command has in it; and its tests in a browser.
//!
//! | step | makes | of |
//! |---|---|---|
//! | modules | `web/src/generated`: WebAssembly, JavaScript around it, types | `faltung-wasm`, once for each of its features |
//! | bundle | `target/web`: the page, and `faltung.html`, the same in one file | `web`, its types checked |
//! | page | `crates/faltung-cli/dist`, which the command is built with | what of the page has changed |
//!
//! What stands between a module and JavaScript is a program of this package, `bin/bindgen.rs`.

mod provided;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

pub(crate) use provided::provide_browser;

use crate::step::{Outcome, Steps, cargo, expect_success, root};
use provided::{TARGET, browser, npm};

/// The modules: features of faltung-wasm.
const MODULES: [&str; 4] = ["scenes", "engine", "films", "nets"];

/// `cargo xtask web`.
pub(crate) fn run() -> Outcome {
    if let Some(reason) = missing() {
        return Err(reason);
    }
    build()
}

/// Why this machine cannot build the page, if it cannot.
pub(crate) fn missing() -> Option<String> {
    provided::missing()
}

/// Why this machine cannot test the page, if it cannot.
pub(crate) fn untestable() -> Option<String> {
    let reason = "the page's tests: there is no Chromium (on Debian it is the package chromium), and FALTUNG_CHROMIUM names none";
    missing().or_else(|| browser().is_none().then(|| reason.to_owned()))
}

/// Builds the page.
pub(crate) fn build() -> Outcome {
    provided::target()?;
    MODULES.into_iter().try_for_each(module)?;
    provided::packages()?;
    expect_success(&mut npm(&["run", "--silent", "check"]))?;
    let page = root().join("target/web/page");
    expect_success(npm(&["run", "--silent", "build", "--"]).arg(&page).arg(whole()))?;
    let dist = root().join("crates/faltung-cli/dist");
    mirror(&page, &dist).map_err(|reason| format!("{}: {reason}", dist.display()))
}

/// Tests the page that the command's release build serves.
pub(crate) fn test(steps: &mut Steps) -> Outcome {
    steps.run("the page in a browser", || {
        let mut tests = npm(&["test", "--silent"]);
        tests.env("FALTUNG_BINARY", root().join("target/release/faltung")).env("FALTUNG_WHOLE_PAGE", whole());
        if let Some(browser) = browser() {
            tests.env("FALTUNG_CHROMIUM", browser);
        }
        expect_success(&mut tests)
    })
}

/// The page in one file.
fn whole() -> PathBuf {
    root().join("target/web/faltung.html")
}

/// Compiles a module, and writes what is around it.
fn module(name: &str) -> Outcome {
    let target = root().join("target");
    let mut build = cargo(&["build", "--quiet", "--package", "faltung-wasm", "--target", TARGET, "--profile", "web"]);
    build.args(["--no-default-features", "--features", name, "--target-dir"]).arg(&target);
    expect_success(build.env("RUSTFLAGS", "-C target-feature=+simd128"))?;
    // Unoptimised: it is built in a quarter of the time, and runs for a second.
    let mut bindgen = cargo(&["run", "--quiet", "--package", "xtask", "--bin", "bindgen", "--features", "bindgen"]);
    bindgen.args(["--config", "profile.dev.opt-level=0", "--target-dir"]).arg(&target).arg("--");
    bindgen.arg(target.join(TARGET).join("web/faltung_wasm.wasm"));
    expect_success(bindgen.arg(root().join("web/src/generated").join(name)).arg(name))
}

/// Gives a folder the files of another. What is the same stays untouched, so that nothing is built again for it.
fn mirror(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    let (wanted, there) = (files(from)?, files(to)?);
    for name in there.keys().filter(|name| !wanted.contains_key(*name)) {
        fs::remove_file(to.join(name))?;
    }
    for (name, bytes) in wanted.iter().filter(|(name, bytes)| there.get(*name) != Some(bytes)) {
        fs::write(to.join(name), bytes)?;
    }
    Ok(())
}

/// The files of a folder by their names.
fn files(folder: &Path) -> io::Result<BTreeMap<std::ffi::OsString, Vec<u8>>> {
    fs::read_dir(folder)?
        .map(|entry| entry.and_then(|entry| Ok((entry.file_name(), fs::read(entry.path())?))))
        .collect()
}
