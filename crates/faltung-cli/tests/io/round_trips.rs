//! What is written is read again, sample by sample.

use faltung::{AnyArray, Array, Dtype, Sample};
use faltung_cli::io::{Form, Gaps, Picture, PictureFormat, ReadOptions, Table, read, read_bytes, write};
use half::{bf16, f16};
use num_complex::Complex;

use crate::{Folder, there_and_back};

fn array<T: Sample>(samples: &[T], shape: &[usize]) -> AnyArray {
    T::array(Array::new(samples.to_vec(), shape).unwrap())
}

/// Six samples of every type, its ends among them.
fn samples_of_every_type(shape: &[usize]) -> Vec<AnyArray> {
    let halves = [0.0, -1.5, 0.1, 1e-3, 6e4, -0.25];
    let all = vec![
        array(&halves.map(f16::from_f64), shape),
        array(&halves.map(bf16::from_f64), shape),
        array(&[0.0, -1.5, 0.1, f32::MAX, f32::MIN_POSITIVE, 1e-45], shape),
        array(&[0.0, -1.5, 0.1, f64::MAX, f64::MIN_POSITIVE, 5e-324], shape),
        array(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0f32].map(|re| Complex::new(re, -0.5 * re)), shape),
        array(&[1.0, 2.0, 3.0, 4.0, 5.0, 1e300].map(|re: f64| Complex::new(re, 0.1 * re)), shape),
        array(&[0, 1, 2, 127, 128, u8::MAX], shape),
        array(&[0, 1, 2, 127, 128, u16::MAX], shape),
        array(&[0, 1, 2, 127, 128, u32::MAX], shape),
        array(&[0, 1, 2, 127, 128, u64::MAX], shape),
        array(&[0, 1, 2, -1, i8::MIN, i8::MAX], shape),
        array(&[0, 1, 2, -1, i16::MIN, i16::MAX], shape),
        array(&[0, 1, 2, -1, i32::MIN, i32::MAX], shape),
        array(&[0, 1, 2, -1, i64::MIN, i64::MAX], shape),
    ];
    assert_eq!(all.iter().map(AnyArray::dtype).collect::<Vec<_>>(), Dtype::ALL, "every type is here, in order");
    all
}

#[test]
fn numpy_files_keep_every_type_and_shape() {
    for shape in [&[6][..], &[2, 3], &[1, 3, 2], &[6, 1, 1, 1]] {
        for array in samples_of_every_type(shape) {
            for name in ["a.npy", "a.npy.gz", "a.npz"] {
                assert_eq!(there_and_back(name, &array, &Form::Npy).array, array, "{name}");
            }
        }
    }
}

#[test]
fn an_empty_array_stays_empty() {
    let empty = AnyArray::zeros(Dtype::F32, &[3, 0, 2]);
    assert_eq!(there_and_back("a.npy", &empty, &Form::Npy).array, empty);
}

#[test]
fn idx_keeps_its_six_types() {
    for array in samples_of_every_type(&[2, 3]) {
        let folder = Folder::new();
        let place = folder.place("a.idx.gz");
        match write(&place, &array, &Form::Idx) {
            Ok(()) => assert_eq!(read(&place, &ReadOptions::default()).unwrap().array, array),
            Err(failure) => assert!(failure.message.contains("IDX has no type"), "{failure}"),
        }
    }
}

#[test]
fn text_keeps_every_value_of_every_type() {
    for array in samples_of_every_type(&[6]) {
        let written = there_and_back("a.csv", &array, &Form::Npy).array;
        let same = |digits: fn(f64) -> f64| {
            let pairs = array.view().numbers().into_iter().zip(written.view().numbers());
            for (before, after) in pairs {
                let (before, after) = (before.to_complex(), after.to_complex());
                assert_eq!((digits(before.re), digits(before.im)), (digits(after.re), digits(after.im)));
            }
        };
        match array.dtype() {
            Dtype::F16 | Dtype::Bf16 | Dtype::F32 | Dtype::C64 => same(|value| (value as f32).into()),
            dtype if dtype.is_integer() => assert_eq!(array.view().numbers(), written.view().numbers()),
            _ => same(|value| value),
        }
    }
}

#[test]
fn a_grid_of_text_stays_a_grid() {
    let grid = array(&[1i64, -2, 3, 4, 5, 6], &[2, 3]);
    for name in ["a.csv", "a.tsv", "a.txt", "a.csv.gz"] {
        assert_eq!(there_and_back(name, &grid, &Form::Text(Table::default())).array, grid);
    }
}

#[test]
fn missing_numbers_are_written_as_nan() {
    let folder = Folder::new();
    let options = ReadOptions { gaps: Gaps::Nan, ..ReadOptions::default() };
    let document = read_bytes(b"t,v\na,1\nb,\nc,3\n".to_vec(), None, &options).unwrap();
    write(&folder.place("a.csv"), &document.array, &document.form).unwrap();
    assert_eq!(std::fs::read_to_string(folder.path("a.csv")).unwrap(), "t,v\na,1\nb,NaN\nc,3\n");
}

fn picture(format: PictureFormat, alpha: Option<AnyArray>) -> Form {
    Form::Picture(Picture { format, alpha, profile: None })
}

/// Pictures of type `T` with samples from `level`: grey and colour, with alpha and without.
fn pictures<T: Sample>(level: impl Fn(usize) -> T) -> Vec<(AnyArray, Option<AnyArray>)> {
    let samples = |from: usize, count: usize| (from..from + count).map(&level).collect::<Vec<_>>();
    let alpha = array(&samples(100, 6), &[2, 3]);
    let (grey, colour) = (array(&samples(0, 6), &[2, 3]), array(&samples(0, 18), &[2, 3, 3]));
    vec![(grey.clone(), None), (grey, Some(alpha.clone())), (colour.clone(), None), (colour, Some(alpha))]
}

fn assert_kept(name: &str, format: PictureFormat, pictures: Vec<(AnyArray, Option<AnyArray>)>) {
    for (array, alpha) in pictures {
        let document = there_and_back(name, &array, &picture(format, alpha.clone()));
        assert_eq!(document.array, array, "{name}");
        assert_eq!(document.form.alpha(), alpha.as_ref(), "{name} {:?}", array.dtype());
    }
}

#[test]
fn pictures_keep_depth_colour_and_alpha() {
    assert_kept("a.png", PictureFormat::Png, pictures(|n| n as u8 * 2));
    assert_kept("a.png", PictureFormat::Png, pictures(|n| n as u16 * 500));
    assert_kept("a.tif", PictureFormat::Tiff, pictures(|n| n as u8 * 2));
    assert_kept("a.tif", PictureFormat::Tiff, pictures(|n| n as u16 * 500));
    assert_kept("a.tif", PictureFormat::Tiff, pictures(|n| n as u32 * 5_000_000));
    assert_kept("a.tif", PictureFormat::Tiff, pictures(|n| n as i16 - 50));
    assert_kept("a.tif", PictureFormat::Tiff, pictures(|n| n as i32 - 50));
    assert_kept("a.tiff", PictureFormat::Tiff, pictures(|n| n as f32 * 0.1 - 5.0));
    assert_kept("a.tiff", PictureFormat::Tiff, pictures(|n| n as f64 * 0.1 - 5.0));
}

#[test]
fn a_jpeg_comes_back_nearly() {
    let smooth: Vec<u8> = (0..64 * 64).map(|n| (n / 64 + n % 64) as u8).collect();
    let grey = array(&smooth, &[64, 64]);
    let document = there_and_back("a.jpg", &grey, &picture(PictureFormat::Jpeg, None));
    let AnyArray::U8(back) = document.array else { panic!("8 bits stay 8 bits") };
    assert_eq!(back.shape(), [64, 64]);
    assert!(back.data().iter().zip(&smooth).all(|(a, b)| a.abs_diff(*b) <= 2));
    let colour: Vec<u8> = smooth.iter().flat_map(|&n| [n, 255 - n, 128]).collect();
    let document = there_and_back("a.jpeg", &array(&colour, &[64, 64, 3]), &picture(PictureFormat::Jpeg, None));
    assert_eq!(document.array.shape(), [64, 64, 3]);
}

#[test]
fn colour_profiles_are_kept() {
    let profile = Some(b"no true profile, but nobody asks".to_vec());
    let grey = array(&[1u8, 2, 3, 4], &[2, 2]);
    for (name, format) in
        [("a.png", PictureFormat::Png), ("a.tif", PictureFormat::Tiff), ("a.jpg", PictureFormat::Jpeg)]
    {
        let form = Form::Picture(Picture { format, alpha: None, profile: profile.clone() });
        let Form::Picture(back) = there_and_back(name, &grey, &form).form else { panic!("a picture") };
        assert_eq!(back.profile, profile, "{name}");
    }
}

#[test]
fn alpha_of_8_bits_goes_with_colours_of_16() {
    let colours = array(&[1000u16, 2000], &[1, 2]);
    let form = picture(PictureFormat::Png, Some(array(&[255u8, 128], &[1, 2])));
    let back = there_and_back("a.png", &colours, &form);
    assert_eq!(back.form.alpha(), Some(&array(&[65535u16, 128 * 257], &[1, 2])));
}

#[test]
fn columns_first_and_big_endian_are_read() {
    let header = "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }\n";
    let mut npy = b"\x93NUMPY\x01\x00".to_vec();
    npy.extend((header.len() as u16).to_le_bytes());
    npy.extend(header.bytes());
    npy.extend([1i16, 4, 2, 5, 3, 6].iter().flat_map(|n| n.to_be_bytes()));
    assert_eq!(crate::take(&npy).unwrap().array, array(&[1i16, 2, 3, 4, 5, 6], &[2, 3]));
}

#[test]
fn an_archive_of_several_arrays_is_asked_by_name() {
    use std::io::Write;
    let folder = Folder::new();
    let mut archive = zip::ZipWriter::new(std::fs::File::create(folder.path("a.npz")).unwrap());
    for (name, value) in [("first", 1i64), ("second", 2)] {
        write(&folder.place("one.npy"), &array(&[value], &[1]), &Form::Npy).unwrap();
        archive.start_file(format!("{name}.npy"), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(&std::fs::read(folder.path("one.npy")).unwrap()).unwrap();
    }
    archive.finish().unwrap();
    let options = ReadOptions::default();
    let second = read(&folder.place("a.npz:second"), &options).unwrap();
    assert_eq!(second.array, array(&[2i64], &[1]));
    let failure = read(&folder.place("a.npz"), &options).unwrap_err();
    assert!(failure.code == 2 && failure.message.contains("first, second"), "{failure}");
    let failure = read(&folder.place("a.npz:third"), &options).unwrap_err();
    assert!(failure.code == 2 && failure.message.contains("no array 'third'"), "{failure}");
}
