//! How far the letters of the font advance, as a table: words are measured everywhere, letters are drawn by the painter of pixels alone.

use std::{env, fmt::Write, fs, io, path::PathBuf};

use ttf_parser::Face;

/// The font, in the folder of the crate.
const FONT: &str = "font/FaltungSans.ttf";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={FONT}");
    let folder = |name: &str| PathBuf::from(env::var_os(name).expect("Cargo gives every build script its folders"));
    let font = fs::read(folder("CARGO_MANIFEST_DIR").join(FONT))?;
    let face = Face::parse(&font, 0).map_err(|problem| io::Error::other(format!("{FONT}: {problem}")))?;
    fs::write(folder("OUT_DIR").join("advances.rs"), table(&face))
}

/// `(UNITS, [(letter, advance), ..])`, in the order of the letters.
fn table(face: &Face<'_>) -> String {
    let advance = |letter: char| Some((letter, face.glyph_hor_advance(face.glyph_index(letter)?)?));
    let mut text = format!("({}, &[", face.units_per_em());
    for (letter, advance) in ('\0'..=char::MAX).filter_map(advance) {
        write!(text, "({letter:?}, {advance}), ").expect("a string takes all that is written");
    }
    text + "])\n"
}
