//! How the samples of a WAV are stored: the chunk `fmt `.

use std::io::{self, Read};

use faltung::{AnyArray, Array, Dtype};

use super::{Sound, skip};
use crate::io::{
    failure::{Failure, Result},
    input::Input,
    pcm::Pcm,
    raw,
};

pub(super) const INTEGER: u16 = 1;
pub(super) const FLOAT: u16 = 3;
pub(super) const EXTENSIBLE: u16 = 0xfffe;

/// The last 14 bytes of the identifiers of integers and floats; the first two are the plain format's number.
pub(super) const GUID: [u8; 14] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/// How samples are stored.
pub(super) struct Format {
    pub(super) channels: usize,
    pub(super) sound: Sound,
}

impl Format {
    pub(super) fn read(input: &mut Input<'_>, size: u32) -> Result<Format> {
        if size < 16 {
            return Err(Failure::data(format!("the WAV format takes {size} bytes; at least 16 are needed")));
        }
        let mut fields = [0; 40];
        let known = fields.len().min(size as usize);
        input.read_exact(&mut fields[..known])?;
        skip(input, u64::from(size) + u64::from(size % 2) - known as u64)?;
        let short = |at: usize| u16::from_le_bytes([fields[at], fields[at + 1]]);
        let long = |at: usize| u32::from_le_bytes([fields[at], fields[at + 1], fields[at + 2], fields[at + 3]]);
        let (code, speakers) = match short(0) {
            EXTENSIBLE if known == 40 && fields[26..] == GUID => (short(24), long(20)),
            code => (code, 0),
        };
        let (channels, rate, frame, bits) = (short(2), long(4), short(12), short(14));
        let float = match (code, bits) {
            (INTEGER, 8 | 16 | 24 | 32) => false,
            (FLOAT, 32 | 64) => true,
            _ => {
                return Err(Failure::data(format!(
                    "WAV format {code:#06x} of {bits} bits is not read; integers of 8, 16, 24 and 32 bits and floats \
                     of 32 and 64 are"
                )));
            }
        };
        match channels {
            0 => Err(Failure::data("the WAV file claims 0 channels; at least one is needed")),
            _ if rate == 0 => Err(Failure::data("the WAV file claims a sample rate of 0; a positive one is needed")),
            _ if usize::from(frame) != usize::from(channels) * usize::from(bits / 8) => {
                Err(Failure::data(format!("a WAV frame of {frame} bytes cannot hold {channels} times {bits} bits")))
            }
            _ => Ok(Format { channels: channels.into(), sound: Sound { rate, bits, float, speakers } }),
        }
    }

    /// The samples of a chunk of `size` bytes, or of all bytes that follow.
    pub(super) fn samples(self, input: &mut Input<'_>, size: Option<u64>) -> Result<(AnyArray, Sound)> {
        let Some(size) = size else {
            let mut all = Vec::new();
            input.read_to_end(&mut all)?;
            input.budget.pay(all.len())?;
            let size = all.len() as u64;
            let mut input = Input::part(io::Cursor::new(all), input.budget.clone());
            return self.samples(&mut input, Some(size));
        };
        let shape = self.shape(size)?;
        let count = raw::checked_len(&shape)?;
        Ok((self.values(input, count, &shape)?, self.sound))
    }

    /// The shape of so many bytes.
    pub(super) fn shape(&self, size: u64) -> Result<Vec<usize>> {
        let frame = (self.channels * self.sound.size()) as u64;
        let frames = usize::try_from(size / frame).unwrap_or(usize::MAX);
        match size % frame {
            0 if self.channels == 1 => Ok(vec![frames]),
            0 => Ok(vec![frames, self.channels]),
            _ => Err(Failure::data(format!("{size} bytes of sound are no whole number of frames of {frame} bytes"))),
        }
    }

    /// The type that holds every value exactly.
    pub(super) fn dtype(&self) -> Dtype {
        match (self.sound.float, self.sound.size()) {
            (false, 1..=3) | (true, 4) => Dtype::F32,
            _ => Dtype::F64,
        }
    }

    /// How its samples are stored.
    pub(super) fn pcm(&self) -> Pcm {
        Pcm::of_wav(&self.sound)
    }

    pub(super) fn values(&self, input: &mut Input<'_>, count: usize, shape: &[usize]) -> Result<AnyArray> {
        let size = self.sound.size();
        let step = Sound::step(self.sound.bits);
        // The most significant bytes of an i32: exact for all integers.
        let level = |b: &[u8]| {
            let mut wide = [0; 4];
            wide[4 - size..].copy_from_slice(b);
            i32::from_le_bytes(wide) >> (32 - 8 * size)
        };
        let f32_array = |values| Ok(Array::<f32>::new(values, shape)?.into());
        let f64_array = |values| Ok(Array::<f64>::new(values, shape)?.into());
        match (self.sound.float, size) {
            (false, 1) => f32_array(raw::decode(input, count, size, |b| (f32::from(b[0]) - 128.0) / 128.0)?),
            (false, 2 | 3) => f32_array(raw::decode(input, count, size, |b| (f64::from(level(b)) / step) as f32)?),
            (false, _) => f64_array(raw::decode(input, count, size, |b| f64::from(level(b)) / step)?),
            (true, 4) => f32_array(raw::decode(input, count, size, |b| f32::from_bits(level(b) as u32))?),
            (true, _) => {
                f64_array(raw::decode(input, count, size, |b| f64::from_le_bytes(b.try_into().expect("eight bytes")))?)
            }
        }
    }
}
