//! What a file is, by its first bytes; its name has no say in it.

use super::failure::{Failure, Result};

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Numbers in lines and columns.
    Text,
    /// One array of NumPy.
    Npy,
    /// A zip archive of NumPy arrays.
    Npz,
    /// The format of MNIST.
    Idx,
    /// Sound, uncompressed.
    Wav,
    /// Sound, compressed without loss.
    Flac,
    /// A picture, compressed without loss.
    Png,
    /// A picture, compressed with loss.
    Jpeg,
    /// A picture, of many sample types.
    Tiff,
}

/// What is said to everything else.
const ACCEPTED: &str = "accepted are text (CSV, TSV), NPY, NPZ, IDX, WAV, FLAC, PNG, JPEG and TIFF, each also in gzip";

/// How many first bytes tell the kind.
pub(super) const ENOUGH: usize = 512;

impl Kind {
    /// The kind of a file that begins so.
    pub(super) fn of(head: &[u8]) -> Result<Kind> {
        let text = || match head.contains(&0) {
            false => Ok(Kind::Text),
            true => Err(Failure::data(format!("it is neither text nor of a known format; {ACCEPTED}"))),
        };
        match head {
            [] => Err(Failure::data(format!("the file is empty; {ACCEPTED}"))),
            [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => Ok(Kind::Npy),
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Ok(Kind::Npz),
            [0, 0, 0x08 | 0x09 | 0x0b..=0x0e, 1..=255, ..] => Ok(Kind::Idx),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Ok(Kind::Wav),
            [b'R', b'F', b'6', b'4', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Ok(Kind::Wav),
            [b'f', b'L', b'a', b'C', ..] => Ok(Kind::Flac),
            [0x89, b'P', b'N', b'G', ..] => Ok(Kind::Png),
            [0xff, 0xd8, ..] => Ok(Kind::Jpeg),
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Ok(Kind::Tiff),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Err(Failure::data("the text is UTF-16; save it as UTF-8")),
            _ => match foreign(head) {
                Some(name) => Err(Failure::data(format!("this is {name}; {ACCEPTED}"))),
                None => text(),
            },
        }
    }
}

/// The name of a format that is known but not read.
fn foreign(head: &[u8]) -> Option<&'static str> {
    const FOREIGN: &[(&[u8], &str)] = &[
        (b"GIF8", "a GIF picture"),
        (b"BM", "a BMP picture"),
        (b"RIFX", "a big-endian RIFF file"),
        (b"RIFF", "a RIFF file without sound"),
        (b"FORM", "an AIFF file"),
        (b"OggS", "an Ogg file"),
        (b"ID3", "an MP3 file"),
        (b"%PDF", "a PDF file"),
        (b"\x89HDF", "an HDF5 file"),
        (b"\x7fELF", "a program"),
        (b"BZh", "packed by bzip2"),
        (b"\xfd7zXZ", "packed by xz"),
        (b"\x28\xb5\x2f\xfd", "packed by zstd"),
    ];
    // Two letters may begin a text as well: only where bytes follow that no text has.
    let found = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic));
    found.filter(|(magic, _)| magic.len() > 3 || head.contains(&0)).map(|(_, name)| *name)
}
