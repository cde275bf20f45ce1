//! Sounds and pictures that break off, lie, or do not fit each other.

use faltung_cli::io::{Form, Picture, PictureFormat};

use crate::{
    Case, case,
    support::{array, bytes, picture, picture_with, sound},
};

/// Files of sounds and pictures.
pub(crate) fn cases() -> Vec<Case> {
    [sounds(), pairs_of_sounds(), pictures(), pictures_and_kernels()].into_iter().flatten().collect()
}

fn wav(rate: u32, channels: usize) -> Vec<u8> {
    let samples = vec![0.25f32; 8 * channels];
    let shape: &[usize] = if channels == 1 { &[8] } else { &[8, channels] };
    bytes("a.wav", &array(shape, samples), &sound(rate))
}

/// The file with some bytes changed.
fn changed(mut file: Vec<u8>, at: usize, bytes: &[u8]) -> Vec<u8> {
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

fn sounds() -> Vec<Case> {
    let of = |file: Vec<u8>, says: &[&'static str]| case("convolve a.wav 1", 1, says).file("a.wav", file);
    let whole = wav(8000, 1);
    let flac = b"fLaC\0\0\0\x22nonsense".to_vec();
    vec![
        of(whole[..whole.len() - 5].to_vec(), &["a.wav"]),
        of(whole[..20].to_vec(), &["a.wav"]),
        of(whole[..12].to_vec(), &["a.wav"]),
        of(changed(whole.clone(), 20, &[0x55, 0]), &["a.wav"]),
        of(changed(whole.clone(), 22, &[0, 0]), &["channels"]),
        of(changed(whole.clone(), 34, &[7, 0]), &["a.wav", "bits"]),
        of(changed(whole.clone(), whole.len() - 20, &[0xff, 0xff, 0xff, 0x7f]), &["a.wav"]),
        case("convolve a.flac 1", 1, &["a.flac"]).file("a.flac", flac),
        case("convolve a.wav 4 -o b.wav --mode same", 1, &["b.wav", "--map clip"])
            .file("a.wav", changed(whole.clone(), 44, &[0, 127])),
        case("convolve a.wav 1 -o b.wav --map abs", 2, &["--map abs", "clip or stretch"]).file("a.wav", &whole),
        case("convolve a.wav 1,2;3,4", 2, &["2 dimensions", "one row of weights"]).file("a.wav", &whole),
        case("convolve a.mp3 1", 1, &["MP3"]).file("a.mp3", b"ID3\x04\0\0\0\0\0\0"),
        case("convolve a.ogg 1", 1, &["Ogg"]).file("a.ogg", b"OggS\0\x02\0\0\0\0"),
    ]
}

fn pairs_of_sounds() -> Vec<Case> {
    let pair = |x: Vec<u8>, w: Vec<u8>, code, says: &[&'static str]| {
        case("convolve x.wav w.wav", code, says).file("x.wav", x).file("w.wav", w)
    };
    vec![
        pair(wav(44100, 1), wav(48000, 1), 1, &["x.wav has 44100", "w.wav has 48000"]),
        pair(wav(8000, 2), wav(8000, 3), 1, &["x.wav has 2 channels", "w.wav has 3"]),
        pair(wav(8000, 1), b"RIFF\0\0\0\0WAVE".to_vec(), 1, &["w.wav"]),
    ]
}

fn png(channels: usize) -> Vec<u8> {
    let shape: &[usize] = if channels == 1 { &[4, 4] } else { &[4, 4, channels] };
    bytes("a.png", &array(shape, vec![200u8; 16 * channels]), &picture())
}

fn with_alpha() -> Vec<u8> {
    bytes("a.png", &array(&[4, 4], [9u8; 16]), &picture_with(array(&[4, 4], [128u8; 16])))
}

/// A PNG that claims another size, checksum and all.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    let mut file = png(1);
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let mut sum = flate2::Crc::new();
    sum.update(&file[12..29]);
    changed(file, 29, &sum.sum().to_be_bytes())
}

fn pictures() -> Vec<Case> {
    let of = |file: Vec<u8>, says: &[&'static str]| case("convolve a.png box:3", 1, says).file("a.png", file);
    let form = |format| Form::Picture(Picture { format, alpha: None, profile: None });
    let jpeg = bytes("a.jpg", &array(&[16, 16], [100u8; 256]), &form(PictureFormat::Jpeg));
    let tiff = bytes("a.tif", &array(&[4, 4], [100u8; 16]), &form(PictureFormat::Tiff));
    let whole = png(3);
    vec![
        of(whole[..whole.len() / 2].to_vec(), &["a.png"]),
        of(whole[..8].to_vec(), &["a.png"]),
        of(changed(whole.clone(), 45, &[0xff, 0xff]), &["a.png"]),
        of(png_of(0, 4), &["a.png"]),
        of(png_of(100_000, 100_000), &["--max-memory"]),
        of(png_of(2_000_000_000, 2_000_000_000), &["a.png"]),
        case("convolve a.jpg box:3", 1, &["a.jpg"]).file("a.jpg", &jpeg[..100]),
        case("convolve a.jpg box:3", 1, &["a.jpg"]).file("a.jpg", b"\xff\xd8nonsense"),
        case("convolve a.tif box:3", 1, &["a.tif"]).file("a.tif", &tiff[..tiff.len() / 2]),
        case("convolve a.tif box:3", 1, &["a.tif"]).file("a.tif", b"II\x2a\0\xff\xff\xff\xff"),
        case("convolve a.gif box:3", 1, &["GIF", "PNG"]).file("a.gif", b"GIF89a\x01\0\x01\0"),
        case("convolve a.bmp box:3", 1, &["BMP"]).file("a.bmp", b"BM\0\0\0\0\0\0\0\0"),
        case("convolve a.pdf box:3", 1, &["PDF"]).file("a.pdf", b"%PDF-1.7"),
    ]
}

fn pictures_and_kernels() -> Vec<Case> {
    let with = |words: &str, code, says: &[&'static str]| case(words, code, says).file("a.png", png(3));
    vec![
        with("convolve a.png -1,0;0,0 -o b.png", 1, &["b.png", "--map clip, abs, offset or stretch"]),
        with("convolve a.png ones:3 -o b.png", 1, &["b.png", "1800", "--map"]),
        with("convolve a.png ones:3 -o b.png --overflow error", 1, &["sums may reach", "--overflow"]),
        with("convolve a.png box:3 --dtype f32 -o b.png", 1, &["f32", "--map"]),
        with("convolve a.png 1,2,1 -o b.png", 2, &["1 dimension", "--axis 0"]),
        with("convolve a.png a.png -o b.png", 2, &["grey"]),
        with("convolve a.png w.wav -o b.png", 2, &["sound is no kernel"]).file("w.wav", wav(8000, 1)),
        with("convolve w.wav a.png", 2, &["3 dimensions"]).file("w.wav", wav(8000, 1)),
        with("convolve a.png box:5 --mode valid -o b.png", 1, &["at least as long"]),
        with("convolve a.png box:3 --axis 0,1,2,3", 2, &["axis 3 does not exist"]),
        case("convolve a.png box:3 --mode full -o b.png", 1, &["alpha", "--mode same"]).file("a.png", with_alpha()),
        case("convolve a.png box:3 -o b.jpg", 1, &["alpha", ".png"]).file("a.png", with_alpha()),
    ]
}
