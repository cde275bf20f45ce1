//! WAV: RIFF chunks, of which `fmt ` says how the samples in `data` are stored.
//!
//! Read are integers of 8, 16, 24 and 32 bits and floats of 32 and 64, plain or WAVE_FORMAT_EXTENSIBLE, any number of
//! channels, RF64 for more than 4 GB, and streams whose length was unknown when they began (their sizes are all ones).
//! Written is the plain form where it may be used, the extensible one for more than two channels or integers of
//! more than 16 bits, and RF64 where sizes need more than 32 bits (`header.rs`). Layout: Multimedia Programming Interface
//! and Data Specifications 1.0 (IBM, Microsoft 1991); RF64: EBU Tech 3306.
//!
//! All other chunks are passed over where a sound becomes an array, and kept where one is read block by block
//! (`blocks.rs`, `chunks.rs`).

mod blocks;
mod chunks;
mod format;
mod header;

use std::io::{self, Read, Write};

use faltung::{AnyArray, Dtype};

pub(super) use blocks::Blocks;
pub(super) use chunks::Chunk;
pub(super) use header::Header;

use super::{
    failure::{Failure, Result},
    input::Input,
    lookup::InPlace,
    raw,
    sound::{self, Sound},
};
use format::Format;

/// The size of a chunk whose length was not known when it began, or stands elsewhere.
const UNKNOWN: u32 = u32::MAX;

/// Reads a sound of shape `[frames]`, or `[frames, channels]` where there are several.
pub(super) fn read(input: &mut Input<'_>) -> Result<(AnyArray, Sound)> {
    let (format, size) = find(input, &mut |_, size, input| skip(input, size))?;
    format.samples(input, size)
}

/// Where the samples of a sound lie, in what can go back and forth.
pub(super) fn in_place(mut input: Input<'static>) -> Result<(InPlace, Sound)> {
    let (format, size) = find(&mut input, &mut |_, size, input| skip(input, size))?;
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

/// What is to become of a chunk that says nothing about how samples are stored: its name, its size, and where its bytes are.
type Other<'a> = &'a mut dyn FnMut([u8; 4], u64, &mut Input<'_>) -> Result<()>;

/// The format, and how many bytes of samples follow; none where that was not known when the file was begun.
fn find(input: &mut Input<'_>, other: Other<'_>) -> Result<(Format, Option<u64>)> {
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
            _ => {
                other(id, size.into(), input)?;
                skip(input, u64::from(size % 2))?;
            }
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

/// Whether samples of this type and shape can be written.
pub(super) fn check(sound: &Sound, dtype: Dtype, shape: &[usize]) -> Result<()> {
    if !matches!(dtype, Dtype::F32 | Dtype::F64) {
        return Err(sound::unfit(dtype));
    }
    of_shape(sound, shape).map(|_| ())
}

/// Writes a sound.
pub(super) fn write(out: &mut dyn Write, array: &AnyArray, sound: &Sound) -> Result<()> {
    let (header, frames) = of_shape(sound, array.shape())?;
    let data = header.data(frames);
    out.write_all(&header.bytes(data, 0))?;
    sound.write_samples(out, array)?;
    Ok(out.write_all(&[0][..(data % 2) as usize])?)
}

/// The header of a sound of this shape, and its frames.
fn of_shape(sound: &Sound, shape: &[usize]) -> Result<(Header, u64)> {
    let (frames, channels) = match *shape {
        [frames] => (frames as u64, 1),
        [frames, channels] if channels > 0 => (frames as u64, channels),
        _ => return Err(Failure::data(format!("a sound has shape [frames, channels], not {shape:?}"))),
    };
    Ok((Header::new(sound, channels, Some(frames), Vec::new())?, frames))
}
