//! A WAV read block by block, with the chunks around its samples.

use std::io::Read;

use super::{Chunk, Sound, chunks::Chunks, find, format::Format};
use crate::io::{
    failure::{Failure, Result},
    input::Input,
    raw,
};

/// The samples of a WAV, in blocks.
pub(in crate::io) struct Blocks {
    input: Input<'static>,
    format: Format,
    /// Frames still to come, where their number is known.
    left: Option<u64>,
    chunks: Chunks,
    /// Of the samples to come, whether their number is even: a byte pads them then.
    padded: bool,
    bytes: Vec<u8>,
}

impl Blocks {
    /// The samples that begin here.
    pub(in crate::io) fn new(mut input: Input<'static>) -> Result<Blocks> {
        let mut chunks = Chunks::default();
        let (format, size) = find(&mut input, &mut |id, size, input| chunks.take(id, size, input))?;
        let size = match size {
            Some(size) => Some(size),
            None => input.remaining()?,
        };
        let left = match size {
            Some(size) => {
                let shape = format.shape(size)?;
                raw::check_there(&mut input, raw::checked_len(&shape)?, format.sound.size())?;
                Some(shape[0] as u64)
            }
            None => None,
        };
        let padded = size.is_some_and(|size| size % 2 == 1);
        Ok(Blocks { input, format, left, chunks, padded, bytes: Vec::new() })
    }

    pub(in crate::io) fn sound(&self) -> &Sound {
        &self.format.sound
    }

    pub(in crate::io) fn channels(&self) -> usize {
        self.format.channels
    }

    /// Frames still to come, where their number is known.
    pub(in crate::io) fn left(&self) -> Option<u64> {
        self.left
    }

    /// The next frames, at most so many, appended to the channels; none at the end.
    pub(in crate::io) fn read(&mut self, most: usize, channels: &mut [Vec<f64>]) -> Result<usize> {
        let frame = self.format.channels * self.format.sound.size();
        let frames = self.left.map_or(most, |left| most.min(usize::try_from(left).unwrap_or(most)));
        self.bytes.clear();
        let wanted = (frames * frame) as u64;
        (&mut self.input).take(wanted).read_to_end(&mut self.bytes)?;
        let there = self.bytes.len() / frame;
        match &mut self.left {
            Some(_) if there < frames => {
                return Err(Failure::data("the file ends too early; a complete one is needed"));
            }
            Some(left) => *left -= frames as u64,
            None if !self.bytes.len().is_multiple_of(frame) => {
                return Err(Failure::data(format!("its sound is no whole number of frames of {frame} bytes")));
            }
            None => {}
        }
        self.format.pcm().decode(&self.bytes, channels);
        Ok(there)
    }

    /// The chunks before the samples.
    pub(in crate::io) fn before(&self) -> &[Chunk] {
        self.chunks.kept()
    }

    /// The chunks behind the samples, which have all been read, and the names of those that were too large to be kept.
    pub(in crate::io) fn behind(mut self) -> Result<(Vec<Chunk>, Vec<String>)> {
        let mut behind = self.chunks.behind();
        if self.padded {
            (&mut self.input).take(1).read_to_end(&mut self.bytes)?;
        }
        behind.take_all(&mut self.input)?;
        Ok(behind.end())
    }
}
