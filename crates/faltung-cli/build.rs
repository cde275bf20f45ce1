//! Puts the page into the command: an index of what `cargo xtask web` left in `dist`, each file with a tag of its content, and in
//! gzip where that is smaller. Where no page was built the index is empty.

use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use flate2::{Compression, Crc, write::GzEncoder};

fn main() -> io::Result<()> {
    let folder = |name: &str| PathBuf::from(env::var_os(name).expect("Cargo gives every build script its folders"));
    let (dist, out) = (folder("CARGO_MANIFEST_DIR").join("dist"), folder("OUT_DIR"));
    // Cargo takes a folder that is not there for changed, each time: until it is, its parent tells when it comes.
    println!("cargo::rerun-if-changed={}", if dist.is_dir() { "dist" } else { "." });
    println!("cargo::rustc-check-cfg=cfg(page_built)");
    let mut files = Vec::new();
    if dist.join("index.html").is_file() {
        println!("cargo::rustc-cfg=page_built");
        collect(&dist, "", &mut files)?;
        files.sort();
    }
    let mut index = String::from("&[\n");
    for (url, file) in &files {
        index += &entry(url, file, &out)?;
    }
    fs::write(out.join("page.rs"), index + "]\n")
}

/// All files of a folder and of those in it, with their paths in URLs.
fn collect(folder: &Path, url: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let url = format!("{url}/{}", path.file_name().unwrap_or_default().display());
        match path.is_dir() {
            true => collect(&path, &url, files)?,
            false => files.push((url, path)),
        }
    }
    Ok(())
}

/// A file's line of the index.
fn entry(url: &str, file: &Path, out: &Path) -> io::Result<String> {
    let bytes = fs::read(file)?;
    let mut crc = Crc::new();
    crc.update(&bytes);
    let tag = format!("\"{:08x}-{}\"", crc.sum(), bytes.len());
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&bytes)?;
    let packed = packer.finish()?;
    let gzip = match packed.len() < bytes.len() {
        true => {
            let place = out.join(format!("{}.gz", url.replace('/', "+")));
            fs::write(&place, packed)?;
            format!("Some(include_bytes!({place:?}))")
        }
        false => "None".to_owned(),
    };
    Ok(format!("File {{ path: {url:?}, tag: {tag:?}, bytes: include_bytes!({file:?}), gzip: {gzip} }},\n"))
}
