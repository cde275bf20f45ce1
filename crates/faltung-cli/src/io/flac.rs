//! FLAC, read only: decoded frame by frame, for what a frame unpacks to is not known before.

use std::mem;

use claxon::{Error, FlacReader, metadata::StreamInfo};
use faltung::{AnyArray, Array, Sample};

use super::{
    failure::{Failure, Result},
    input::{Budget, Input},
    sound::Sound,
};

/// Reads a sound of shape `[frames]`, or `[frames, channels]` where there are several.
pub(super) fn read(mut input: Input<'_>) -> Result<(AnyArray, Sound)> {
    input.budget.bound();
    let mut budget = input.budget.clone();
    let (mut reader, info) = begun(input)?;
    let bits = info.bits_per_sample as u16;
    let step = Sound::step(bits);
    let array = match bits {
        ..=24 => samples(&mut reader, &mut budget, |level| (f64::from(level) / step) as f32)?,
        _ => samples(&mut reader, &mut budget, |level| f64::from(level) / step)?,
    };
    let frames = array.shape()[0] as u64;
    check_frames(&info, frames)?;
    Ok((array, sound(&info)))
}

/// What is decoded, and what it says of itself.
fn begun(input: Input<'_>) -> Result<(FlacReader<Input<'_>>, StreamInfo)> {
    let reader = FlacReader::new(input).map_err(damaged)?;
    let info = reader.streaminfo();
    if info.channels == 0 || info.sample_rate == 0 || !(4..=32).contains(&info.bits_per_sample) {
        return Err(Failure::data("the FLAC file claims no channel, no rate or no depth; an intact file is needed"));
    }
    Ok((reader, info))
}

/// What it becomes as a WAV: depths between go into the next larger one.
fn sound(info: &StreamInfo) -> Sound {
    let bits = (info.bits_per_sample as u16).next_multiple_of(8);
    Sound { rate: info.sample_rate, bits, float: false, speakers: 0 }
}

/// Refuses a file that has not as many frames as it says.
fn check_frames(info: &StreamInfo, frames: u64) -> Result<()> {
    match info.samples {
        Some(announced) if announced != frames => {
            Err(Failure::data(format!("it announces {announced} frames but holds {frames}; a complete file is needed")))
        }
        _ => Ok(()),
    }
}

/// The samples of a FLAC, in blocks.
pub(super) struct Blocks {
    reader: FlacReader<Input<'static>>,
    info: StreamInfo,
    sound: Sound,
    taken: u64,
    /// What the last frame gave and nobody has taken yet: from `next` on.
    decoded: Vec<Vec<f64>>,
    next: usize,
    buffer: Vec<i32>,
}

impl Blocks {
    /// The samples that begin here.
    pub(super) fn new(input: Input<'static>) -> Result<Blocks> {
        let (reader, info) = begun(input)?;
        let decoded = vec![Vec::new(); info.channels as usize];
        Ok(Blocks { reader, info, sound: sound(&info), taken: 0, decoded, next: 0, buffer: Vec::new() })
    }

    pub(super) fn sound(&self) -> &Sound {
        &self.sound
    }

    pub(super) fn channels(&self) -> usize {
        self.decoded.len()
    }

    /// Frames still to come, where their number is known.
    pub(super) fn left(&self) -> Option<u64> {
        self.info.samples.map(|all| all.saturating_sub(self.taken))
    }

    /// The next frames, at most so many, appended to the channels; none at the end.
    pub(super) fn read(&mut self, most: usize, channels: &mut [Vec<f64>]) -> Result<usize> {
        let mut count = 0;
        while count < most {
            let there = self.decoded[0].len() - self.next;
            if there == 0 && !self.decode()? {
                check_frames(&self.info, self.taken)?;
                break;
            }
            let part = self.next..self.decoded[0].len().min(self.next + most - count);
            for (channel, decoded) in channels.iter_mut().zip(&self.decoded) {
                channel.extend(&decoded[part.clone()]);
            }
            self.next = part.end;
            self.taken += part.len() as u64;
            count += part.len();
        }
        Ok(count)
    }

    /// Decodes the next frame, if there is one.
    fn decode(&mut self) -> Result<bool> {
        let step = Sound::step(self.info.bits_per_sample as u16);
        let Some(block) = self.reader.blocks().read_next_or_eof(mem::take(&mut self.buffer)).map_err(damaged)? else {
            return Ok(false);
        };
        check_channels(&block, self.decoded.len())?;
        for (at, channel) in self.decoded.iter_mut().enumerate() {
            channel.clear();
            channel.extend(block.channel(at as u32).iter().map(|&level| f64::from(level) / step));
        }
        self.next = 0;
        self.buffer = block.into_buffer();
        Ok(true)
    }
}

fn check_channels(block: &claxon::Block, channels: usize) -> Result<()> {
    match block.channels() as usize == channels {
        true => Ok(()),
        false => Err(Failure::data("the FLAC file changes its number of channels; one number is needed")),
    }
}

/// All samples, each made a value by `value`.
fn samples<T: Sample>(
    reader: &mut FlacReader<Input<'_>>,
    budget: &mut Budget,
    value: impl Fn(i32) -> T,
) -> Result<AnyArray>
where
    AnyArray: From<Array<T>>,
{
    let channels = reader.streaminfo().channels;
    let (mut all, mut buffer) = (Vec::new(), Vec::new());
    let mut blocks = reader.blocks();
    while let Some(block) = blocks.read_next_or_eof(buffer).map_err(damaged)? {
        check_channels(&block, channels as usize)?;
        budget.pay(block.len() as usize * size_of::<T>())?;
        let frames = 0..block.duration();
        all.extend(frames.flat_map(|at| (0..channels).map(move |c| (c, at))).map(|(c, at)| value(block.sample(c, at))));
        buffer = block.into_buffer();
    }
    let frames = all.len() / channels as usize;
    let shape = if channels == 1 { vec![frames] } else { vec![frames, channels as usize] };
    Ok(Array::new(all, &shape)?.into())
}

fn damaged(error: Error) -> Failure {
    match error {
        Error::IoError(error) => error.into(),
        error => Failure::data(format!("the FLAC data are damaged or unusual ({error}); an intact file is needed")),
    }
}
