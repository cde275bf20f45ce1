//! Sounds keep depth, rate and channels, and never clip in silence.

use faltung::{AnyArray, Array};
use faltung_cli::io::{Form, ReadOptions, Sound, read, write};

use crate::{Folder, complaint, take, there_and_back};

fn sound(bits: u16, float: bool) -> Form {
    Form::Sound(Sound { rate: 44_100, bits, float, speakers: 0 })
}

#[test]
fn every_depth_keeps_its_levels() {
    for (bits, float) in [(8, false), (16, false), (24, false), (32, true)] {
        let levels: Vec<f32> = (-8..8).map(|n| n as f32 / 8.0).collect();
        for channels in [1, 2, 4] {
            let shape = if channels == 1 { vec![16] } else { vec![16 / channels, channels] };
            let array: AnyArray = Array::new(levels.clone(), &shape).unwrap().into();
            let back = there_and_back("a.wav", &array, &sound(bits, float));
            assert_eq!(back.array, array, "{bits} bits");
            let Form::Sound(kept) = back.form else { panic!("a sound") };
            assert_eq!((kept.rate, kept.bits, kept.float), (44_100, bits, float));
        }
    }
    for (bits, float) in [(32, false), (64, true)] {
        let step = 1.0 / 2f64.powi(31);
        let array: AnyArray = Array::new(vec![-1.0, 0.5, step, 1.0 - step], &[4]).unwrap().into();
        assert_eq!(there_and_back("a.wav", &array, &sound(bits, float)).array, array, "{bits} bits");
    }
}

#[test]
fn levels_are_rounded_half_to_even() {
    let step = 1.0 / 32768.0;
    let array: AnyArray = Array::new(vec![0.5 * step, 1.5 * step, -0.5 * step, 2.4 * step], &[4]).unwrap().into();
    let back: AnyArray =
        Array::new([0.0, 2.0, 0.0, 2.0].map(|n: f64| (n * step) as f32).to_vec(), &[4]).unwrap().into();
    assert_eq!(there_and_back("a.wav", &array, &sound(16, false)).array, back);
}

#[test]
fn full_scale_is_the_greatest_level() {
    let array: AnyArray = Array::new(vec![1.0f32, -1.0], &[2]).unwrap().into();
    let back: AnyArray = Array::new(vec![32767.0f32 / 32768.0, -1.0], &[2]).unwrap().into();
    assert_eq!(there_and_back("a.wav", &array, &sound(16, false)).array, back);
}

#[test]
fn what_is_beyond_full_scale_is_refused_and_the_old_file_stays() {
    let folder = Folder::new();
    std::fs::write(folder.path("a.wav"), "old").unwrap();
    for (value, bits) in [(1.25f32, 16), (-1.01, 24), (f32::NAN, 8)] {
        let array: AnyArray = Array::new(vec![0.0, 0.0, 0.0, value], &[2, 2]).unwrap().into();
        let failure = write(&folder.place("a.wav"), &array, &sound(bits, false)).unwrap_err();
        assert!(failure.message.contains("frame 1, channel 1") && failure.message.contains("--map clip"), "{failure}");
        assert_eq!(folder.names(), ["a.wav"]);
        assert_eq!(std::fs::read(folder.path("a.wav")).unwrap(), b"old");
    }
}

#[test]
fn only_a_sound_becomes_a_wav() {
    let folder = Folder::new();
    let array: AnyArray = Array::new(vec![0.5f32], &[1]).unwrap().into();
    let failure = write(&folder.place("a.wav"), &array, &Form::Npy).unwrap_err();
    assert!(failure.code == 2 && failure.message.contains("sample rate"), "{failure}");
    let whole: AnyArray = Array::new(vec![5i16], &[1]).unwrap().into();
    let failure = write(&folder.place("a.wav"), &whole, &sound(16, false)).unwrap_err();
    assert!(failure.message.contains("--dtype f32"), "{failure}");
}

/// A WAV file of these chunks.
fn wav(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut all = b"RIFF\xff\xff\xff\xffWAVE".to_vec();
    for (id, bytes) in chunks {
        all.extend(*id);
        all.extend((bytes.len() as u32).to_le_bytes());
        all.extend(*bytes);
        all.extend(&[0][..bytes.len() % 2]);
    }
    all
}

fn format(code: u16, channels: u16, rate: u32, bits: u16) -> Vec<u8> {
    let frame = channels * (bits / 8);
    let mut fields = [code.to_le_bytes(), channels.to_le_bytes()].concat();
    fields.extend(rate.to_le_bytes());
    fields.extend((rate * u32::from(frame)).to_le_bytes());
    fields.extend([frame.to_le_bytes(), bits.to_le_bytes()].concat());
    fields
}

#[test]
fn other_chunks_are_passed_over() {
    let format = format(1, 1, 8000, 16);
    let file =
        wav(&[(b"LIST", b"odd"), (b"fmt ", &format), (b"junk", b""), (b"data", &[0, 64, 0, 192]), (b"id3 ", b"x")]);
    let AnyArray::F32(array) = take(&file).unwrap().array else { panic!("f32") };
    assert_eq!(array.data(), [0.5, -0.5]);
}

#[test]
fn a_stream_of_unknown_length_goes_to_its_end() {
    let mut file = wav(&[(b"fmt ", &format(1, 2, 8000, 16)), (b"data", &[0, 64, 0, 192])]);
    let size = file.len() - 8;
    file[size..size + 4].fill(0xff);
    assert_eq!(take(&file).unwrap().array.shape(), [1, 2]);
}

#[test]
fn sounds_that_cannot_be_are_refused() {
    let data: (&[u8; 4], &[u8]) = (b"data", &[0, 64, 0, 192]);
    for (format, words) in [
        (format(1, 0, 8000, 16), "0 channels"),
        (format(1, 1, 0, 16), "sample rate of 0"),
        (format(1, 1, 8000, 12), "12 bits"),
        (format(7, 1, 8000, 8), "0x0007"),
        (format(3, 1, 8000, 16), "floats"),
        (format(1, 3, 8000, 16), "whole number of frames"),
    ] {
        assert!(complaint(&wav(&[(b"fmt ", &format), data])).contains(words), "{words}");
    }
    let mut odd = format(1, 2, 8000, 16);
    odd[12] = 3;
    assert!(complaint(&wav(&[(b"fmt ", &odd), data])).contains("frame of 3 bytes"));
    assert!(complaint(&wav(&[data])).contains("before their format"));
    assert!(complaint(&wav(&[(b"fmt ", &format(1, 1, 8000, 16))])).contains("without samples"));
    assert!(complaint(&wav(&[(b"fmt ", &[1, 0]), data])).contains("at least 16"));
}

/// A FLAC file of 16 bits, mono, verbatim: the one frame is written by hand, with its two check sums.
pub(crate) fn flac(levels: &[i16]) -> Vec<u8> {
    let mut info = vec![0x10, 0, 0x10, 0, 0, 0, 0, 0, 0, 0];
    // 20 bits of rate, 3 of channels less one, 5 of depth less one, 36 of frames.
    let packed = (8000u64 << 44) | (15 << 36) | levels.len() as u64;
    info.extend(packed.to_be_bytes());
    info.extend([0; 16]);
    let mut frame = vec![0xff, 0xf8, 0x69, 0x08, 0x00, levels.len() as u8 - 1];
    frame[2] = 0x60; // block size in 8 bits, rate from the stream
    frame.push(crc(&frame, 8, 0x07) as u8);
    frame.push(0x02); // verbatim
    frame.extend(levels.iter().flat_map(|level| level.to_be_bytes()));
    let sum = crc(&frame, 16, 0x8005) as u16;
    frame.extend(sum.to_be_bytes());
    [b"fLaC\x80\x00\x00\x22".to_vec(), info, frame].concat()
}

fn crc(bytes: &[u8], bits: u32, polynomial: u32) -> u32 {
    let top = 1 << (bits - 1);
    bytes.iter().fold(0, |sum, &byte| {
        (0..8).fold(sum ^ (u32::from(byte) << (bits - 8)), |sum, _| {
            (if sum & top != 0 { (sum << 1) ^ polynomial } else { sum << 1 }) & ((top << 1) - 1)
        })
    })
}

#[test]
fn flac_is_read_and_written_as_wav() {
    let document = take(&flac(&[0, 16384, -32768, 1])).unwrap();
    let AnyArray::F32(array) = &document.array else { panic!("f32") };
    assert_eq!(array.data(), [0.0, 0.5, -1.0, 1.0 / 32768.0]);
    let folder = Folder::new();
    write(&folder.place("a.wav"), &document.array, &document.form).unwrap();
    assert_eq!(read(&folder.place("a.wav"), &ReadOptions::default()).unwrap().array, document.array);
    let failure = write(&folder.place("a.flac"), &document.array, &document.form).unwrap_err();
    assert!(failure.code == 2 && failure.message.contains("read, not written"), "{failure}");
}
