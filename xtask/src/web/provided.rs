//! What the page is built and tested by, and how what is missing is got: the target by rustup, packages by npm, and the browser,
//! where this may be done, by the system's packages.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::step::{Outcome, expect_success, root};

/// Rust's name of the browser.
pub(super) const TARGET: &str = "wasm32-unknown-unknown";

/// The least version of Node that the tools of the page run on.
const NODE: u32 = 20;

/// The names that Chromium may have, the likeliest first.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// Why this machine cannot build the page, if it cannot.
pub(super) fn missing() -> Option<String> {
    let version = printed("node", &["--version"]);
    let major = version.as_deref().and_then(|version| version.trim_start_matches('v').split('.').next()?.parse().ok());
    match (version, major) {
        (Some(version), None | Some(..NODE)) => {
            Some(format!("the page: Node {NODE} or later is needed, and this is {version}"))
        }
        (None, _) => Some(format!("the page: Node {NODE} or later is needed, and there is none")),
        _ if printed(NPM, &["--version"]).is_none() => Some("the page: Node is there, but npm is missing".to_owned()),
        _ if !has_target() && printed("rustup", &["--version"]).is_none() => Some(format!("the page: {NO_TARGET}")),
        _ => None,
    }
}

/// What a program prints, if it is there and succeeds.
fn printed(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(root()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// What to do where there is no target, nor rustup.
const NO_TARGET: &str = "Rust's standard library for wasm32-unknown-unknown is missing. With rustup: `rustup target add \
                         wasm32-unknown-unknown`. With a system's Rust: its package for the target, of the version that \
                         `rustc --version` tells (on Debian libstd-rust-dev-wasm32)";

fn has_target() -> bool {
    printed("rustc", &["--print", "target-libdir", "--target", TARGET])
        .is_some_and(|folder| Path::new(&folder).is_dir())
}

/// Sees to it that Rust can compile for the browser.
pub(super) fn target() -> Outcome {
    if has_target() {
        return Ok(());
    }
    let add = ["target", "add", TARGET];
    expect_success(Command::new("rustup").args(add).current_dir(root()))
        .map_err(|reason| format!("{reason}. {NO_TARGET}"))
}

/// How npm is started.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// npm, in the page's folder.
pub(super) fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new(NPM);
    command.args(arguments).current_dir(root().join("web"));
    command
}

/// Installs the packages that the lock file names, unless they are there.
pub(super) fn packages() -> Outcome {
    let web = root().join("web");
    let (lock, made_with) = (web.join("package-lock.json"), web.join("node_modules/made-with.json"));
    let failed = |reason: std::io::Error| format!("{}: {reason}", lock.display());
    let wanted = fs::read(&lock).map_err(failed)?;
    if fs::read(&made_with).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    expect_success(&mut npm(&["ci", "--ignore-scripts", "--loglevel=error"]))?;
    fs::write(&made_with, wanted).map_err(failed)
}

/// Chromium by one of its names, or as `FALTUNG_CHROMIUM` says.
pub(crate) fn browser() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("FALTUNG_CHROMIUM") {
        return Some(path.into());
    }
    let path = std::env::var_os("PATH")?;
    let places = std::env::split_paths(&path).flat_map(|folder| BROWSERS.map(|name| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}

/// Installs Chromium, where it is missing and the system's packages are ours to choose: on Debian, and as root.
pub(crate) fn provide_browser() {
    if browser().is_some() || printed("id", &["-u"]).as_deref() != Some("0") {
        return;
    }
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
        expect_success(&mut apt)
    };
    let installed = apt(&["update", "-qq"]).and_then(|()| apt(&["install", "-qq", "--yes", "chromium"]));
    if let Err(reason) = installed {
        println!("Chromium was not installed: {reason}");
    }
}
