//! A sound filtered from file to file.
//!
//! The result is written while it is computed. Where its gain depends on all of it, the signal is filtered twice: once to
//! measure, once to write. Where a gain is only for what would clip, the first time writes, and is all if nothing does.

use std::{
    fs::File,
    io::BufWriter,
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{
    Filter, Gaining, Response, Tail,
    level::{Measured, decibels},
};
use crate::{
    console::{self, INTERRUPTED, Notes},
    io::{self, Failure, SoundFile, SoundReader, SoundWriter},
    progress::{self, Meter},
};

/// Frames of a block.
pub(crate) const BLOCK: usize = 1 << 15;

/// A sound to be filtered, and where the result goes.
pub(crate) struct Job {
    /// What the signal is called.
    pub(crate) name: String,
    pub(crate) file: SoundFile,
    pub(crate) path: PathBuf,
    pub(crate) response: Response,
    pub(crate) tail: Tail,
    pub(crate) gaining: Gaining,
}

/// What was written.
struct Written {
    rate: u32,
    /// Of the signal.
    channels: usize,
    frames: u64,
    gain: f64,
    clipped: u64,
    /// Names of chunks that were too large to be kept.
    left_out: Vec<String>,
    measured: Measured,
}

/// How far the work is, and whether it is to end.
#[derive(Clone, Copy)]
struct Watch<'a> {
    meter: &'a Meter,
    interrupted: &'a AtomicBool,
}

impl Job {
    /// Filters, writes, and tells about it.
    pub(crate) fn run(&self, mut filter: Filter, notes: Notes) -> Result<(), Failure> {
        let interrupted = console::interrupted()?;
        let meter = Meter::default();
        let watch = Watch { meter: &meter, interrupted: &interrupted };
        let written = progress::shown(&meter, notes, || {
            let mut gain = 1.0;
            if self.gaining.is_measured() {
                let mut input = self.open(watch)?;
                let (_, measured) = self.pass(&mut input, &mut filter, watch, |_| Ok(()))?;
                gain = self.gaining.gain(measured, input.sound().float);
            }
            io::write_blocks(&self.path, |out| {
                let written = self.write(out, &mut filter, gain, watch)?;
                match self.gaining.gain(written.measured, false) {
                    less if self.gaining == Gaining::IfClipped && less < 1.0 => {
                        self.write(out, &mut filter, less, watch)
                    }
                    _ => Ok(written),
                }
            })
        })?;
        self.tell(&filter, &written, notes);
        Ok(())
    }

    fn open(&self, watch: Watch<'_>) -> Result<SoundReader, Failure> {
        let input = self.file.open().map_err(|failure| failure.in_file(&self.name))?;
        watch.meter.lengthen(input.left().map_or(0, |signal| self.frames(signal)));
        Ok(input)
    }

    /// Frames of the result for so many of the signal.
    fn frames(&self, signal: u64) -> u64 {
        match self.tail {
            Tail::Keep if signal > 0 => signal + self.response.frames as u64 - 1,
            _ => signal,
        }
    }

    /// Filters and writes everything.
    fn write(
        &self,
        out: &mut BufWriter<&File>,
        filter: &mut Filter,
        gain: f64,
        watch: Watch<'_>,
    ) -> Result<Written, Failure> {
        let named = |failure: Failure| failure.in_file(self.path.display());
        let mut input = self.open(watch)?;
        let frames = input.left().map(|signal| self.frames(signal));
        let mut writer = SoundWriter::new(out, &input, filter.outputs(), frames).map_err(named)?;
        let (mut cut, mut within) = (0, vec![Vec::new(); filter.outputs()]);
        let (frames, measured) = self.pass(&mut input, filter, watch, |block| {
            if self.gaining != Gaining::Clip {
                return writer.write(block, gain).map_err(named);
            }
            cut += clip(block, &mut within);
            writer.write(&within.iter().map(Vec::as_slice).collect::<Vec<_>>(), gain).map_err(named)
        })?;
        let (rate, channels) = (input.sound().rate, input.channels());
        let (clipped, left_out) = writer.finish(input).map_err(named)?;
        Ok(Written { rate, channels, frames, gain, clipped: clipped + cut, left_out, measured })
    }

    /// Filters the signal once, hands on what comes, and measures.
    fn pass(
        &self,
        input: &mut SoundReader,
        filter: &mut Filter,
        watch: Watch<'_>,
        mut each: impl FnMut(&[&[f64]]) -> Result<(), Failure>,
    ) -> Result<(u64, Measured), Failure> {
        filter.reset();
        let mut x = vec![Vec::new(); input.channels()];
        let mut y = vec![Vec::new(); filter.outputs()];
        let (mut signal, mut given, mut late) = (0u64, 0u64, filter.delay as u64);
        let mut measured = Measured::default();
        let mut end = None;
        while end != Some(given) {
            if watch.interrupted.load(Ordering::Relaxed) {
                let message = format!("interrupted: {} is as it was", self.path.display());
                return Err(Failure { code: INTERRUPTED, message });
            }
            let count = match end {
                None => input.read(BLOCK, &mut x).map_err(|failure| failure.in_file(&self.name))?,
                Some(_) => 0,
            };
            signal += count as u64;
            x.iter().for_each(|channel| measured.signal.add(channel, count));
            if count == 0 {
                end = Some(self.frames(signal));
                // Blocks of silence, until everything has come.
                let rest = (late + end.unwrap_or(0) - given).min(BLOCK as u64) as usize;
                x.iter_mut().for_each(|channel| {
                    channel.clear();
                    channel.resize(rest, 0.0);
                });
            }
            filter.process(&x, &mut y)?;
            let skipped = late.min(y[0].len() as u64) as usize;
            late -= skipped as u64;
            let most = end.map_or(u64::MAX, |end| end - given);
            let kept = skipped..y[0].len().min(skipped.saturating_add(usize::try_from(most).unwrap_or(usize::MAX)));
            let block: Vec<&[f64]> = y.iter().map(|channel| &channel[kept.clone()]).collect();
            let counting = usize::try_from(signal.saturating_sub(given)).unwrap_or(usize::MAX);
            block.iter().for_each(|channel| measured.result.add(channel, counting));
            each(&block)?;
            given += kept.len() as u64;
            watch.meter.advance(kept.len() as u64);
        }
        Ok((given, measured))
    }

    /// One line about the result, and what else may be noticed.
    fn tell(&self, filter: &Filter, written: &Written, notes: Notes) {
        let Written { rate, channels, frames, gain, clipped, left_out, measured } = written;
        let outputs = filter.outputs();
        let response = match self.response.resampled_from {
            Some(from) => format!("{} (resampled from {from} Hz)", self.response.name),
            None => self.response.name.clone(),
        };
        let peak = measured.result.peak;
        notes.tell(format!(
            "{}: {rate} Hz, {channels} x {} channels of {response} to {outputs}, {frames} frames; peak {peak:.4} ({}), gain \
             {gain:.4} ({}), {clipped} samples clipped",
            self.path.display(),
            self.response.channels.len(),
            decibels(peak),
            decibels(*gain),
        ));
        if !left_out.is_empty() {
            notes.tell(format!("{}: chunks too large to be kept: {}", self.name, left_out.join(", ")));
        }
    }
}

/// What is within full scale, and how many samples were not.
fn clip(block: &[&[f64]], within: &mut [Vec<f64>]) -> u64 {
    let mut cut = 0;
    for (clipped, channel) in within.iter_mut().zip(block) {
        clipped.clear();
        clipped.extend(channel.iter().map(|value| value.clamp(-1.0, 1.0)));
        cut += channel.iter().filter(|value| value.abs() > 1.0).count() as u64;
    }
    cut
}
