//! What stands between a module of WebAssembly and JavaScript: `bindgen MODULE.wasm FOLDER NAME` writes both into the folder, with
//! types for TypeScript.
//!
//! This is wasm-bindgen as a library. Its version must be that of the library in the module, and is: the lock file can hold only
//! one for both. `cargo xtask web` builds and runs it; nothing else is built with what it needs.

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder, name] = &words[..] else {
        eprintln!("expected a module of WebAssembly, a folder and a name, and got {} words", words.len());
        return ExitCode::from(2);
    };
    match write(module, folder, name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{module}: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Functions keep no names in the module, which would be a quarter of it; the page says where the module lies.
fn write(module: &str, folder: &str, name: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(name).typescript(true);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.web(true).and_then(|bindgen| bindgen.generate(folder)).map_err(|reason| format!("{reason:#}"))
}
