//! FLAC, read only: decoded frame by frame, for what a frame unpacks to is not known before.

use claxon::{Error, FlacReader};
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
    let mut reader = FlacReader::new(input).map_err(damaged)?;
    let info = reader.streaminfo();
    let (channels, bits) = (info.channels as usize, info.bits_per_sample as u16);
    if channels == 0 || info.sample_rate == 0 || !(4..=32).contains(&bits) {
        return Err(Failure::data("the FLAC file claims no channel, no rate or no depth; an intact file is needed"));
    }
    let step = Sound::step(bits);
    let array = match bits {
        ..=24 => samples(&mut reader, &mut budget, |level| (f64::from(level) / step) as f32)?,
        _ => samples(&mut reader, &mut budget, |level| f64::from(level) / step)?,
    };
    let frames = array.shape()[0] as u64;
    match info.samples {
        Some(announced) if announced != frames => {
            Err(Failure::data(format!("it announces {announced} frames but holds {frames}; a complete file is needed")))
        }
        // Back into a WAV, depths between go into the next larger one.
        _ => Ok((array, Sound { rate: info.sample_rate, bits: bits.next_multiple_of(8), float: false, speakers: 0 })),
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
        if block.channels() != channels {
            return Err(Failure::data("the FLAC file changes its number of channels; one number is needed"));
        }
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
