//! WAV: RIFF chunks, of which `fmt ` says how the samples in `data` are stored; all others are passed over.
//!
//! Read are integers of 8, 16, 24 and 32 bits and floats of 32 and 64, plain or WAVE_FORMAT_EXTENSIBLE, any number of
//! channels, RF64 for more than 4 GB, and streams whose length was unknown when they began (their sizes are all ones).
//! Written is the plain form where it may be used, and the extensible one for more than two channels or integers of
//! more than 16 bits. Layout: Multimedia Programming Interface and Data Specifications 1.0 (IBM, Microsoft 1991);
//! RF64: EBU Tech 3306.

use std::io::{self, Read, Write};

use faltung::{AnyArray, Array, Dtype};

use super::{
    failure::{Failure, Result},
    input::Input,
    lookup::InPlace,
    raw,
    sound::{self, Sound},
};

const INTEGER: u16 = 1;
const FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xfffe;

/// The last 14 bytes of the identifiers of integers and floats; the first two are the plain format's number.
const GUID: [u8; 14] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/// The size of a chunk whose length was not known when it began, or stands elsewhere.
const UNKNOWN: u32 = u32::MAX;

/// Reads a sound of shape `[frames]`, or `[frames, channels]` where there are several.
pub(super) fn read(input: &mut Input<'_>) -> Result<(AnyArray, Sound)> {
    let (format, size) = find(input)?;
    format.samples(input, size)
}

/// Where the samples of a sound lie, in what can go back and forth.
pub(super) fn in_place(mut input: Input<'static>) -> Result<(InPlace, Sound)> {
    let (format, size) = find(&mut input)?;
    let size = match size {
        Some(size) => size,
        None => input.remaining()?.unwrap_or(0),
    };
    let shape = format.shape(size)?;
    let count = raw::checked_len(&shape)?;
    let (bytes, dtype) = (format.sound.size(), format.dtype());
    raw::check_there(&mut input, count, bytes)?;
    let strides = if format.channels == 1 { vec![1] } else { vec![format.channels, 1] };
    let sound = format.sound.clone();
    let decode = move |input: &mut Input<'_>, count| format.values(input, count, &[count]);
    Ok((InPlace::new(input, (shape, strides), dtype, bytes, Box::new(decode))?, sound))
}

/// The format, and how many bytes of samples follow; none where that was not known when the file was begun.
fn find(input: &mut Input<'_>) -> Result<(Format, Option<u64>)> {
    input.read_exact(&mut [0; 12])?; // RIFF, size, WAVE: seen by who calls
    let (mut format, mut long_size) = (None, None);
    loop {
        let mut id = [0; 4];
        input.read_exact(&mut id).map_err(|_| Failure::data("the WAV file ends without samples"))?;
        let size = u32::from_le_bytes(bytes(input)?);
        match &id {
            b"fmt " => format = Some(Format::read(input, size)?),
            b"ds64" if size >= 16 => {
                bytes::<8>(input)?;
                long_size = Some(u64::from_le_bytes(bytes(input)?));
                skip(input, u64::from(size) - 16)?;
            }
            b"data" => {
                let format = format.ok_or_else(|| Failure::data("the WAV file has samples before their format"))?;
                let size = if size == UNKNOWN { long_size } else { Some(size.into()) };
                return Ok((format, size));
            }
            _ => skip(input, u64::from(size) + u64::from(size % 2))?,
        }
    }
}

fn bytes<const N: usize>(input: &mut Input<'_>) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn skip(input: &mut Input<'_>, count: u64) -> Result<()> {
    match io::copy(&mut input.take(count), &mut io::sink())? {
        skipped if skipped == count => Ok(()),
        _ => Err(Failure::data("the WAV file ends within a chunk; a complete one is needed")),
    }
}

/// How samples are stored.
struct Format {
    channels: usize,
    sound: Sound,
}

impl Format {
    fn read(input: &mut Input<'_>, size: u32) -> Result<Format> {
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
    fn samples(self, input: &mut Input<'_>, size: Option<u64>) -> Result<(AnyArray, Sound)> {
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
    fn shape(&self, size: u64) -> Result<Vec<usize>> {
        let frame = (self.channels * self.sound.size()) as u64;
        let frames = usize::try_from(size / frame).unwrap_or(usize::MAX);
        match size % frame {
            0 if self.channels == 1 => Ok(vec![frames]),
            0 => Ok(vec![frames, self.channels]),
            _ => Err(Failure::data(format!("{size} bytes of sound are no whole number of frames of {frame} bytes"))),
        }
    }

    /// The type that holds every value exactly.
    fn dtype(&self) -> Dtype {
        match (self.sound.float, self.sound.size()) {
            (false, 1..=3) | (true, 4) => Dtype::F32,
            _ => Dtype::F64,
        }
    }

    fn values(&self, input: &mut Input<'_>, count: usize, shape: &[usize]) -> Result<AnyArray> {
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

/// Whether samples of this type and shape can be written.
pub(super) fn check(sound: &Sound, dtype: Dtype, shape: &[usize]) -> Result<()> {
    if !matches!(dtype, Dtype::F32 | Dtype::F64) {
        return Err(sound::unfit(dtype));
    }
    Header::new(sound, shape).map(|_| ())
}

/// Writes a sound.
pub(super) fn write(out: &mut dyn Write, array: &AnyArray, sound: &Sound) -> Result<()> {
    let header = Header::new(sound, array.shape())?;
    out.write_all(&header.bytes())?;
    sound.write_samples(out, array)?;
    Ok(out.write_all(&[0][..header.data as usize % 2])?)
}

/// What is written before the samples.
struct Header<'a> {
    sound: &'a Sound,
    channels: u16,
    data: u32,
}

impl Header<'_> {
    fn new<'a>(sound: &'a Sound, shape: &[usize]) -> Result<Header<'a>> {
        let (frames, channels) = match *shape {
            [frames] => (frames, 1),
            [frames, channels] if channels > 0 => (frames, channels),
            _ => return Err(Failure::data(format!("a sound has shape [frames, channels], not {shape:?}"))),
        };
        let size = frames.checked_mul(channels).and_then(|count| count.checked_mul(sound.size()));
        // The sizes before the samples count themselves and the header too.
        let data = size.and_then(|size| u32::try_from(size).ok()).filter(|&size| size < u32::MAX - 128);
        match (u16::try_from(channels), data) {
            (Ok(channels), Some(data)) if usize::from(channels) * sound.size() <= usize::from(u16::MAX) => {
                Ok(Header { sound, channels, data })
            }
            _ => Err(Failure::data(format!("a sound of shape {shape:?} is too large for WAV; NPY takes it"))),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let Sound { rate, bits, float, speakers } = *self.sound;
        let frame = self.channels * self.sound.size() as u16;
        let extensible = self.channels > 2 || (!float && bits > 16);
        let code = if float { FLOAT } else { INTEGER };
        let mut format = Vec::new();
        format.extend(if extensible { EXTENSIBLE } else { code }.to_le_bytes());
        format.extend(self.channels.to_le_bytes());
        format.extend(rate.to_le_bytes());
        format.extend(rate.saturating_mul(frame.into()).to_le_bytes());
        format.extend(frame.to_le_bytes());
        format.extend(bits.to_le_bytes());
        if extensible {
            // Places that do not match the channels any more are worse than none.
            let speakers = if speakers.count_ones() == u32::from(self.channels) { speakers } else { 0 };
            format.extend(22u16.to_le_bytes());
            format.extend(bits.to_le_bytes());
            format.extend(speakers.to_le_bytes());
            format.extend(code.to_le_bytes());
            format.extend(GUID);
        }
        let padded = self.data + self.data % 2;
        let mut header = b"RIFF".to_vec();
        header.extend((4 + 8 + format.len() as u32 + 8 + padded).to_le_bytes());
        header.extend(b"WAVEfmt ");
        header.extend((format.len() as u32).to_le_bytes());
        header.extend(format);
        header.extend(b"data");
        header.extend(self.data.to_le_bytes());
        header
    }
}
