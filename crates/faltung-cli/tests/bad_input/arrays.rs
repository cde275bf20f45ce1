//! Arrays that break off, lie about their size or are none: NPY, NPZ, IDX, and gzip round them.

use std::io::Write;

use faltung_cli::io::Form;
use flate2::{Compression, write::GzEncoder};

use crate::{
    Case, case,
    support::{array, bytes},
};

/// Files of arrays.
pub(crate) fn cases() -> Vec<Case> {
    [npy(), npz(), idx(), gzip()].into_iter().flatten().collect()
}

/// An NPY file with this header and these bytes of samples.
fn npy_file(header: &str, samples: usize) -> Vec<u8> {
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.resize(file.len() + samples, 0);
    file
}

fn npy_of(dtype: &str, shape: &str, samples: usize) -> Vec<u8> {
    npy_file(&format!("{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}\n"), samples)
}

fn npy() -> Vec<Case> {
    let of = |file: Vec<u8>, code, says: &[&'static str]| case("convolve a.npy 1", code, says).file("a.npy", file);
    vec![
        of(npy_of("<f8", "(4,)", 20), 1, &["a.npy", "32 bytes", "20"]),
        of(npy_of("<f8", "(4,)", 40), 1, &["more bytes"]),
        of(npy_of("<f8", "(4,)", 32)[..30].to_vec(), 1, &["a.npy"]),
        of(b"\x93NUMPY".to_vec(), 1, &["a.npy"]),
        of(b"\x93NUMPY\x09\x00\x01\x00{".to_vec(), 1, &["version"]),
        of(npy_file("nonsense", 8), 1, &["header"]),
        of(npy_file("{'descr': '<f8'}", 8), 1, &["header"]),
        of(npy_of("<f8", "(1000000000000,)", 8), 1, &["holds 8"]),
        of(npy_of("<f8", "(99999999999,99999999999)", 8), 1, &["larger than any memory"]),
        of(npy_of("<f8", "(0,9223372036854775807)", 0), 1, &["larger than any memory"]),
        of(npy_of("<f8", "(-4,)", 32), 1, &["a.npy"]),
        of(npy_of("|O", "(4,)", 32), 1, &["Python objects"]),
        of(npy_of("<M8[D]", "(4,)", 32), 1, &["dates or durations"]),
        of(npy_of("<f16", "(1,)", 16), 1, &["f16"]),
        case("convolve 1 a.npy", 1, &["a.npy: ", "no weights"]).file("a.npy", npy_of("<f8", "(0,)", 0)),
        case("convolve a.npy 1 --mode valid", 1, &["at least as long"]).file("a.npy", npy_of("<f8", "(0,)", 0)),
        case("convolve a.npy 1,2,1", 2, &["--axis"]).file("a.npy", npy_of("<f8", "(2,2,2)", 64)),
        case("convolve a.npy 1 --column 1", 2, &["--column"]).file("a.npy", npy_of("<f8", "(1,)", 8)),
    ]
}

fn npz() -> Vec<Case> {
    let one = bytes("a.npz", &array(&[2], [1.0, 2.0]), &Form::Npz { name: "x".to_owned() });
    let of = |file: &[u8], code, says: &[&'static str]| case("convolve a.npz 1", code, says).file("a.npz", file);
    vec![
        of(&one[..one.len() / 2], 1, &["a.npz"]),
        of(b"PK\x03\x04nonsense", 1, &["a.npz"]),
        of(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 1, &["a.npz"]),
        case("convolve a.npz:y 1", 2, &["y", "x"]).file("a.npz", &one),
        case("convolve missing.npz:y 1", 1, &["no such file"]),
    ]
}

fn idx() -> Vec<Case> {
    let of = |file: &[u8], code, says: &[&'static str]| case("convolve a.idx 1", code, says).file("a.idx", file);
    vec![
        of(&[0, 0, 8, 1, 0, 0, 0, 9, 1, 2], 1, &["9 bytes", "2"]),
        of(&[0, 0, 8, 1, 0, 0, 0, 1, 1, 2], 1, &["more bytes"]),
        of(&[0, 0, 8, 3, 0, 0], 1, &["a.idx"]),
        of(&[0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255, 0], 1, &["a.idx"]),
        case("convolve a.idx 2", 1, &["sums may reach", "--overflow"]).file("a.idx", [0, 0, 8, 1, 0, 0, 0, 1, 255]),
    ]
}

fn packed(contents: &[u8]) -> Vec<u8> {
    bomb(contents, 0, 0)
}

/// Little that unpacks to much: a beginning, then one byte over and over.
fn bomb(begin: &[u8], filler: u8, megabytes: usize) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(begin).expect("memory takes everything");
    let megabyte = vec![filler; 1 << 20];
    for _ in 0..megabytes {
        packed.write_all(&megabyte).expect("memory takes everything");
    }
    packed.finish().expect("memory takes everything")
}

fn gzip() -> Vec<Case> {
    let whole = packed(b"1\n2\n3\n");
    let mut damaged = packed(&[b'7'; 1000]);
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    let of = |file: &[u8], says: &[&'static str]| case("convolve a.csv.gz 1", 1, says).file("a.csv.gz", file);
    let huge = npy_of("<f8", "(50000000,)", 0);
    vec![
        of(&whole[..whole.len() - 9], &["gzip", "too early"]),
        of(&damaged, &["gzip"]),
        of(&packed(b""), &["empty"]),
        of(&packed(&whole), &["twice"]),
        of(&bomb(b"1\n", b'\n', 300), &["64 MB of text"]),
        of(&bomb(b"", b'1', 300), &["a.csv.gz"]),
        of(&bomb(&huge, 0, 400), &["--max-memory"]),
        case("convolve - 1", 1, &["--max-memory"]).input(bomb(&huge, 0, 400)),
        case("convolve a.csv.gz 1 --max-memory 1M", 1, &["1 MB", "--max-memory"])
            .file("a.csv.gz", bomb(b"1\n", b'\n', 2)),
    ]
}
