//! Fuzz targets for the file readers, one for each format: no bytes may bring the program down.
//!
//! A target forces its own reader, so that chance need not find the first bytes. Its seeds are small files of the format,
//! written by faltung itself when the target starts. `cargo xtask fuzz` builds and runs them all.

use std::{fs, path::Path};

use faltung::{AnyArray, Array, Sample};
use faltung_cli::io::{Form, Gaps, Kind, Picture, PictureFormat, Place, ReadOptions, Sound, read_bytes, write};
use faltung_train::{Description, Net, Shape};

/// Makes a fuzz target of a reader.
#[macro_export]
macro_rules! reader {
    ($name:literal, $kind:expr) => {
        libfuzzer_sys::fuzz_target!(init: $crate::plant($name), |bytes: &[u8]| $crate::read(bytes, $kind));
    };
}

/// Reads the bytes as a file of that kind, or of the kind that they begin like.
pub fn read(bytes: &[u8], kind: Option<Kind>) {
    let options = ReadOptions { column: None, gaps: Gaps::Nan, max_memory: Some(1 << 24) };
    if let Ok(document) = read_bytes(bytes.to_vec(), kind, &options) {
        let len: usize = document.array.shape().iter().product();
        assert_eq!(document.array.view().geometry().len(), len);
    }
}

/// Reads the bytes as a model; what can be read can be written and read again.
pub fn read_model(bytes: &[u8]) {
    if let Ok(net) = Net::load(bytes) {
        let written = net.save().expect("a model can be written");
        let again = Net::load(&written).expect("what was written can be read");
        assert_eq!(again.save().expect("a model can be written"), written);
    }
}

/// A small model.
fn model() -> Vec<u8> {
    let shape = Shape { channels: 1, height: 4, width: 4 };
    let net = Net::new(Description::cnn_of_width(shape, 2, 1), 1).expect("a net");
    net.save().expect("a model can be written")
}

/// Writes the seeds of a target into its corpus.
pub fn plant(target: &str) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&corpus).expect("the corpus can be made");
    for (at, seed) in seeds(target).into_iter().enumerate() {
        fs::write(corpus.join(format!("seed-{at}")), seed).expect("the corpus can be written");
    }
}

/// Small files of the target's format.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let texts =
        ["1\n2\n", "day,n\nMon,1.5\nTue,\n", "a;b\n1,5;\"x;\ny\"\n", "1 2\n3 4\n", "1+2i\tNaN\r\n# \r\n3\t4\r\n"];
    match target {
        "text" => texts.iter().map(|text| text.as_bytes().to_vec()).collect(),
        "model" => vec![model()],
        "npy" => vec![file("a.npy", &line::<f64>(), &Form::Npy), file("a.npy", &grey::<u8>(), &Form::Npy)],
        "npz" => vec![file("a.npz", &grey::<u16>(), &Form::Npy)],
        "idx" => vec![file("a.idx", &grey::<u8>(), &Form::Idx), file("a.idx", &line::<f32>(), &Form::Idx)],
        "wav" => [(8, false), (16, false), (24, false), (32, false), (32, true), (64, true)]
            .map(|(bits, float)| file("a.wav", &grey::<f32>(), &sound(bits, float)))
            .to_vec(),
        "flac" => vec![FLAC.to_vec()],
        "png" => vec![
            file("a.png", &grey::<u8>(), &picture(None)),
            file("a.png", &colour::<u16>(), &picture(Some(grey::<u16>()))),
        ],
        "jpeg" => vec![file("a.jpg", &grey::<u8>(), &picture(None)), file("a.jpg", &colour::<u8>(), &picture(None))],
        "tiff" => vec![
            file("a.tif", &grey::<f32>(), &picture(None)),
            file("a.tif", &colour::<u8>(), &picture(Some(grey::<u8>()))),
        ],
        _ => vec![file("a.csv.gz", &line::<f64>(), &Form::Npy), file("a.npy.gz", &grey::<u8>(), &Form::Npy)],
    }
}

/// A mono stream of four verbatim samples in one frame.
const FLAC: &[u8] = b"\x66\x4c\x61\x43\x80\x00\x00\x22\x10\x00\x10\x00\x00\x00\x00\x00\x00\x00\x01\xf4\x00\xf0\x00\x00\
    \x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xf8\x60\x08\x00\x03\
    \xb2\x02\x00\x00\x40\x00\x80\x00\x00\x01\x9c\x7e";

fn file(name: &str, array: &AnyArray, form: &Form) -> Vec<u8> {
    let folder = std::env::temp_dir().join(format!("faltung-fuzz-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a temporary folder can be made");
    let path = folder.join(name);
    write(&Place::File(path.clone()), array, form).expect("the seed can be written");
    let bytes = fs::read(&path).expect("the seed can be read");
    fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
    bytes
}

/// Samples 0, 1, 0, 1 ... in that shape.
fn samples<T: Sample + From<u8>>(shape: &[usize]) -> AnyArray {
    let count = shape.iter().product::<usize>();
    T::array(
        Array::new((0..count).map(|at| T::from(at as u8 % 2)).collect(), shape).expect("as many samples as needed"),
    )
}

fn line<T: Sample + From<u8>>() -> AnyArray {
    samples::<T>(&[5])
}

fn grey<T: Sample + From<u8>>() -> AnyArray {
    samples::<T>(&[4, 4])
}

fn colour<T: Sample + From<u8>>() -> AnyArray {
    samples::<T>(&[4, 4, 3])
}

fn sound(bits: u16, float: bool) -> Form {
    Form::Sound(Sound { rate: 8000, bits, float, speakers: 0 })
}

fn picture(alpha: Option<AnyArray>) -> Form {
    Form::Picture(Picture { format: PictureFormat::Png, alpha, profile: None })
}
