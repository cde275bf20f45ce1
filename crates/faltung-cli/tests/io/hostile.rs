//! Damaged and lying files: each is refused with a reason, and none brings the program down.

use faltung::{AnyArray, Array, Dtype};
use faltung_cli::io::{Form, Kind, Picture, PictureFormat, ReadOptions, Sound, read_bytes, write};

use crate::{Folder, complaint, sounds::flac, take};

/// A small file of every format.
fn files() -> Vec<(Kind, Vec<u8>)> {
    let folder = Folder::new();
    let bytes = |name: &str, array: &AnyArray, form: &Form| {
        write(&folder.place(name), array, form).unwrap();
        std::fs::read(folder.path(name)).unwrap()
    };
    let samples: Vec<u8> = (0..48).map(|n| n * 5).collect();
    let colours: AnyArray = Array::new(samples.clone(), &[4, 4, 3]).unwrap().into();
    let wide: AnyArray = Array::new(samples.iter().map(|&n| u16::from(n) * 257).collect(), &[6, 8]).unwrap().into();
    let values: AnyArray =
        Array::new(samples.iter().map(|&n| f32::from(n) / 256.0).collect(), &[24, 2]).unwrap().into();
    let alpha = Some(AnyArray::zeros(Dtype::U8, &[4, 4]));
    let picture = |format, alpha| Form::Picture(Picture { format, alpha, profile: None });
    let sound = |bits, float| Form::Sound(Sound { rate: 8000, bits, float, speakers: 0 });
    vec![
        (Kind::Npy, bytes("a.npy", &values, &Form::Npy)),
        (Kind::Npy, bytes("a.npy.gz", &values, &Form::Npy)),
        (Kind::Npz, bytes("a.npz", &values, &Form::Npy)),
        (Kind::Idx, bytes("a.idx", &values, &Form::Idx)),
        (Kind::Wav, bytes("a.wav", &values, &sound(16, false))),
        (Kind::Wav, bytes("a.wav", &values, &sound(24, false))),
        (Kind::Flac, flac(&[0, 1, 2, -3, 16384])),
        (Kind::Png, bytes("a.png", &colours, &picture(PictureFormat::Png, alpha.clone()))),
        (Kind::Png, bytes("a.png", &wide, &picture(PictureFormat::Png, None))),
        (Kind::Jpeg, bytes("a.jpg", &colours, &picture(PictureFormat::Jpeg, None))),
        (Kind::Tiff, bytes("a.tif", &colours, &picture(PictureFormat::Tiff, alpha))),
        (Kind::Tiff, bytes("a.tif", &values, &picture(PictureFormat::Tiff, None))),
    ]
}

#[test]
fn a_file_that_breaks_off_is_refused_wherever_it_does() {
    for (kind, file) in files() {
        let whole = take(&file).unwrap_or_else(|failure| panic!("{kind:?}: {failure}")).array;
        for len in 0..file.len() {
            // What is missing may be nothing that matters.
            if let Ok(document) = take(&file[..len]) {
                assert!(document.array == whole, "{kind:?} is read from {len} of {} bytes", file.len());
            }
        }
    }
}

#[test]
fn no_changed_byte_brings_the_program_down() {
    for (kind, file) in files() {
        for at in 0..file.len() {
            for change in [0x00, 0x01, 0x7f, 0x80, 0xff] {
                let mut changed = file.clone();
                changed[at] ^= if change == 0 { changed[at] } else { change };
                let _ = take(&changed);
                let _ = read_bytes(changed, Some(kind), &ReadOptions::default());
            }
        }
    }
}

#[test]
fn no_file_passes_for_another_kind() {
    let kinds = [Kind::Text, Kind::Npy, Kind::Npz, Kind::Idx, Kind::Wav, Kind::Flac, Kind::Png, Kind::Jpeg, Kind::Tiff];
    for (own, file) in files() {
        for kind in kinds.into_iter().filter(|&kind| kind != own) {
            let _ = read_bytes(file.clone(), Some(kind), &ReadOptions::default());
        }
    }
}

/// An NPY file of this header.
fn npy(header: &str, samples: &[u8]) -> Vec<u8> {
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.bytes());
    file.extend(samples);
    file
}

#[test]
fn numpy_headers_are_not_believed() {
    let header = |descr: &str, shape: &str| format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}");
    for (descr, shape, words) in [
        ("'|O'", "(3,)", "Python objects"),
        ("'<U5'", "(3,)", "texts"),
        ("'<M8[ns]'", "(3,)", "dates"),
        ("'<f16'", "(3,)", "'<f16'"),
        ("''", "(3,)", "''"),
        ("'é8'", "(3,)", "'é8'"),
        ("[('a', '<f4')]", "(3,)", "several fields"),
        ("'<f8'", "(3,)", "announces 24 bytes of samples but holds 16"),
        ("'<f8'", "(1099511627776,)", "announces"),
        ("'<f8'", "(4294967296, 4294967296)", "larger than any memory"),
        ("'<f8'", "(0, 9223372036854775807, 2)", "larger than any memory"),
        ("'<f8'", "(99999999999999999999,)", "larger than any memory"),
        ("'<f8'", "(-1,)", "damaged"),
        ("'<f8'", "(1, 2", "damaged"),
        ("'<f8'", "3", "damaged"),
        ("'<f8'", "(1,)", "more bytes than its header announces"),
    ] {
        let file = npy(&header(descr, shape), &[0; 16]);
        assert!(complaint(&file).contains(words), "{descr} {shape}: {}", complaint(&file));
    }
    let axes = header("'|u1'", &format!("({})", "1,".repeat(65)));
    assert!(complaint(&npy(&axes, &[0])).contains("65 axes"));
    assert!(complaint(&npy("{'descr': '<f8'}", &[])).contains("damaged"));
    assert!(complaint(b"\x93NUMPY\x09\x00\x00\x00").contains("version 9"));
    assert!(complaint(b"\x93NUMPY\x02\x00\xff\xff\xff\xff").contains("claims 4294967295 bytes"));
}

#[test]
fn claims_are_held_against_the_bytes() {
    let idx = [&[0, 0, 0x0e, 2][..], &[0, 1, 0, 0], &[0, 1, 0, 0], &[0; 8]].concat();
    assert!(complaint(&idx).contains("announces 34359738368 bytes of samples but holds 8"));
    let idx = [&[0, 0, 0x08, 4][..], &[0xff; 16]].concat();
    assert!(complaint(&idx).contains("larger than any memory"));
    let wav = files().into_iter().find(|(kind, _)| *kind == Kind::Wav).unwrap().1;
    let mut long = wav.clone();
    long[40..44].copy_from_slice(&0xffff_fff0u32.to_le_bytes());
    assert!(complaint(&long).contains("announces 4294967280 bytes"));
}

#[test]
fn pictures_of_impossible_size_are_refused() {
    for (kind, file) in files() {
        let mut huge = file.clone();
        let size = match kind {
            Kind::Png => 16,
            Kind::Jpeg => huge.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap() + 5,
            _ => continue,
        };
        let bytes = if kind == Kind::Png { 8 } else { 4 };
        huge[size..size + bytes].fill(0x7f);
        if kind == Kind::Png {
            let sum = crc(&huge[12..29]);
            huge[29..33].copy_from_slice(&sum.to_be_bytes());
        }
        assert!(complaint(&huge).contains("--max-memory"), "{kind:?}: {}", complaint(&huge));
    }
}

/// The check sum of PNG.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    })
}

#[test]
fn what_is_not_read_is_called_by_its_name() {
    for (file, words) in [
        (&b""[..], "the file is empty"),
        (b"GIF89a\x01\x00\x01\x00", "a GIF picture"),
        (b"BM\x00\x00\x00", "a BMP picture"),
        (b"%PDF-1.7\n", "a PDF file"),
        (b"\x89HDF\r\n\x1a\n\x00", "an HDF5 file"),
        (b"RIFF\x04\x00\x00\x00AVI ", "a RIFF file without sound"),
        (b"\xff\xfe1\x00\n\x00", "UTF-16"),
        (b"1\n2\xe9\n", "line 2 is not UTF-8"),
        (b"1\x00\x01\x02", "neither text nor of a known format"),
        (b"\x1f\x8b\x08\x00", "gzip data end too early"),
        (b"\x1f\x8bnot gzip at all", "gzip data are damaged"),
        (b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "holds no array"),
        (b"PK\x03\x04nothing", "the zip archive"),
    ] {
        assert!(complaint(file).contains(words), "{words}: {}", complaint(file));
    }
}

#[test]
fn columns_are_asked_of_texts_only() {
    let options = ReadOptions { column: Some("1".into()), ..ReadOptions::default() };
    let failure = read_bytes(flac(&[1, 2]), None, &options).unwrap_err();
    assert!(failure.code == 2 && failure.message.contains("--column"), "{failure}");
}
