//! Small files that claim to be huge: none takes 500 MB or 10 s. One test alone, for it watches its own process.

use std::{io::Write, time::Instant};

use faltung_cli::io::{Kind, ReadOptions, read_bytes};
use flate2::{Compression, write::GzEncoder};

/// A gzip file of `count` times `bytes`.
fn gzip(bytes: &[u8], count: usize) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    let block = bytes.repeat(1 << 16);
    (0..count >> 16).for_each(|_| packed.write_all(&block).unwrap());
    packed.finish().unwrap()
}

/// An archive of one array that is all zeros.
fn npz(bytes: usize) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let deflated = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    archive.start_file("a.npy", deflated).unwrap();
    archive.write_all(&npy_header(bytes)).unwrap();
    let block = vec![0; 1 << 20];
    (0..bytes >> 20).for_each(|_| archive.write_all(&block).unwrap());
    archive.finish().unwrap().into_inner()
}

fn npy_header(bytes: usize) -> Vec<u8> {
    let header = format!("{{'descr': '|u1', 'fortran_order': True, 'shape': ({}, 16), }}\n", bytes / 16);
    [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes()].concat()
}

/// A picture of that size and kind, all black, of one thousandth of the bytes.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut file);
    let black = vec![0; width as usize * height as usize * 4];
    image::ImageEncoder::write_image(encoder, &black, width, height, image::ExtendedColorType::Rgba8).unwrap();
    file
}

/// A JPEG that ends after its first scan header and claims that size.
fn jpeg(start_of_frame: u8, width: u16, height: u16) -> Vec<u8> {
    let mut file = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new(&mut file);
    image::ImageEncoder::write_image(encoder, &[0; 64], 8, 8, image::ExtendedColorType::L8).unwrap();
    let at = file.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    file[at + 1] = start_of_frame;
    file[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    file[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    file
}

/// The most memory that this process has had, in MB.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<usize>().ok().map(|kilobytes| kilobytes >> 10)
}

/// Forgets the peak so far.
fn reset_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// What it is, and how to make it.
type Case = (&'static str, Box<dyn Fn() -> Vec<u8>>);

#[test]
fn small_files_stay_small() {
    let text = |text: &str, count| gzip(text.as_bytes(), count);
    let cases: Vec<Case> = vec![
        ("lines without end", Box::new(move || text("1\n", 200 << 20))),
        ("empty lines without end", Box::new(move || text("\n", 400 << 20))),
        ("remarks without end", Box::new(move || text("#\n", 400 << 20))),
        ("one line without end", Box::new(move || text("1", 400 << 20))),
        ("one row without end", Box::new(move || text("1,", 200 << 20))),
        ("one quoted cell without end", Box::new(move || [gzip_once(b"\""), text("\n", 400 << 20)].concat())),
        ("words without end", Box::new(move || text("1 ", 200 << 20))),
        ("many columns", Box::new(move || text(&("1,".repeat(1000) + "1\n"), 1 << 18))),
        ("gzip members without end", Box::new(|| gzip_once(b"").repeat(1 << 19))),
        ("an archive within the limit", Box::new(|| npz(120 << 20))),
        ("an archive beyond it", Box::new(|| npz(300 << 20))),
        ("a picture within the limit", Box::new(|| png(8000, 8000))),
        ("a picture beyond it", Box::new(|| png(8200, 8200))),
        ("a JPEG of 1 GB", Box::new(|| jpeg(0xc0, 32000, 32000))),
        ("a JPEG within the limit", Box::new(|| jpeg(0xc0, 16000, 16000))),
        ("a progressive JPEG within the limit", Box::new(|| jpeg(0xc2, 11000, 11000))),
        ("a progressive JPEG beyond it", Box::new(|| jpeg(0xc2, 16000, 16000))),
        ("a FLAC of constant frames", Box::new(flac)),
        ("a TIFF of one tile many times", Box::new(tiff)),
    ];
    for (what, make) in cases {
        let file = make();
        let own = file.len() >> 20;
        reset_peak();
        let (before, start) = (peak(), Instant::now());
        let said = match read_bytes(file, None, &ReadOptions::default()) {
            Ok(document) => format!("{:?} of {:?}", document.array.dtype(), document.array.shape()),
            Err(failure) => failure.message,
        };
        let (seconds, most) = (start.elapsed().as_secs_f64(), peak());
        println!("{what}: {own} MB, {seconds:.1} s, {most:?} MB (before: {before:?}): {said}");
        assert!(seconds < 10.0, "{what} took {seconds} s");
        assert!(most.is_none_or(|most| most < 500), "{what} took {most:?} MB");
    }
    // The limit is the user's.
    let options = ReadOptions { max_memory: Some(1 << 20), ..ReadOptions::default() };
    for (file, kind) in [(npz(4 << 20), Kind::Npz), (png(1000, 1000), Kind::Png), (gzip(b"1\n", 1 << 18), Kind::Text)] {
        let failure = read_bytes(file, Some(kind), &options).unwrap_err();
        assert!(failure.message.contains("--max-memory"), "{failure}");
    }
}

fn gzip_once(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// Frames of 65535 samples in eight channels, each in a few bytes.
fn flac() -> Vec<u8> {
    let mut file = b"fLaC\x80\x00\x00\x22\x10\x00\xff\xff\x00\x00\x00\x00\x00\x00".to_vec();
    file.extend(((8000u64 << 44) | (7 << 41) | (15 << 36)).to_be_bytes());
    file.extend([0; 16]);
    let mut frame = vec![0xff, 0xf8, 0x70, 0x78, 0x00, 0xff, 0xfe];
    frame.push(crc(&frame, 8, 0x07) as u8);
    (0..8).for_each(|_| frame.extend([0, 0, 1]));
    let sum = crc(&frame, 16, 0x8005) as u16;
    frame.extend(sum.to_be_bytes());
    file.extend(frame.repeat(1000));
    file
}

fn crc(bytes: &[u8], bits: u32, polynomial: u32) -> u32 {
    let top = 1 << (bits - 1);
    bytes.iter().fold(0, |sum, &byte| {
        (0..8).fold(sum ^ (u32::from(byte) << (bits - 8)), |sum, _| {
            (if sum & top != 0 { (sum << 1) ^ polynomial } else { sum << 1 }) & ((top << 1) - 1)
        })
    })
}

/// Deflated tiles of 1024 by 1024, all at the same place, in a picture of 16000 by 16000.
fn tiff() -> Vec<u8> {
    let mut tile = flate2::write::ZlibEncoder::new(Vec::new(), Compression::fast());
    tile.write_all(&vec![7; 1 << 20]).unwrap();
    let tile = tile.finish().unwrap();
    let count = 256u32;
    let (offsets, lengths) = (8 + tile.len() as u32, 8 + tile.len() as u32 + 4 * count);
    let mut file = b"II*\x00".to_vec();
    file.extend((lengths + 4 * count).to_le_bytes());
    file.extend(&tile);
    (0..count).for_each(|_| file.extend(8u32.to_le_bytes()));
    (0..count).for_each(|_| file.extend((tile.len() as u32).to_le_bytes()));
    let entries: [(u16, u32, u32); 9] = [
        (256, 1, 16000),
        (257, 1, 16000),
        (258, 1, 8),
        (259, 1, 8),
        (262, 1, 1),
        (322, 1, 1024),
        (323, 1, 1024),
        (324, count, offsets),
        (325, count, lengths),
    ];
    file.extend((entries.len() as u16).to_le_bytes());
    for (tag, count, value) in entries {
        file.extend(tag.to_le_bytes());
        file.extend(4u16.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend([0; 4]);
    file
}
