//! A response at work: blocks of frames in, blocks of frames out.

use faltung::{Error, Kernel, Latency, Stream};

use super::{
    Response,
    layout::{LAYOUTS, Layout},
};
use crate::{commands::refused, io::Failure};

/// A sound's channels through a response's.
///
/// Channels that meet in pairs have a stream each: one with all pairs would keep room for those that do not meet.
pub(crate) struct Filter {
    layout: Layout,
    streams: Vec<Stream<f64>>,
    /// Frames that come too late: for its latency, and for what the response has before its time.
    pub(crate) delay: usize,
}

impl Filter {
    /// For a signal of so many channels, called `signal`.
    pub(crate) fn new(
        (signal, channels): (&str, usize),
        response: &Response,
        stream: impl Fn(Kernel) -> Result<Stream<f64>, Error>,
    ) -> Result<Filter, Failure> {
        let need = response.channels.len();
        let layout = Layout::of(channels, need).ok_or_else(|| {
            let name = &response.name;
            Failure::data(format!("{signal} has {channels} channels and {name} has {need}: {LAYOUTS}"))
        })?;
        let taps = response.channels[0].len();
        let matrix = |shape: &[usize], rows: &[&[f64]]| {
            let kernel = Kernel::real(shape, rows.concat()).and_then(&stream);
            kernel.map_err(|error| refused(error).in_file(&response.name))
        };
        let rows: Vec<&[f64]> = response.channels.iter().map(Vec::as_slice).collect();
        let streams = match layout {
            Layout::Spread(outputs) => vec![matrix(&[outputs, 1, taps], &rows)?],
            Layout::Shared(channels) => vec![matrix(&[taps], &rows)?; channels],
            Layout::Pairs(_) => rows.iter().map(|row| matrix(&[taps], &[row])).collect::<Result<_, _>>()?,
            // Left is made of LL and RL, right of LR and RR.
            Layout::TrueStereo => vec![matrix(&[2, 2, taps], &[rows[0], rows[2], rows[1], rows[3]])?],
        };
        let delay = response.lead + streams[0].latency();
        Ok(Filter { layout, streams, delay })
    }

    /// For whole files: late by what is cheapest, for blocks of so many frames.
    pub(crate) fn for_files(signal: (&str, usize), response: &Response, block: usize) -> Result<Filter, Failure> {
        Filter::new(signal, response, |kernel| Stream::for_calls(kernel, Latency::Any, block))
    }

    /// Channels that go.
    pub(crate) fn outputs(&self) -> usize {
        self.layout.outputs()
    }

    /// Replaces `outputs` by what comes for the next frames.
    pub(crate) fn process(&mut self, inputs: &[Vec<f64>], outputs: &mut [Vec<f64>]) -> Result<(), Failure> {
        let count = inputs.first().map_or(0, Vec::len);
        outputs.iter_mut().for_each(|output| output.resize(count, 0.0));
        let inputs: Vec<&[f64]> = inputs.iter().map(Vec::as_slice).collect();
        let mut outputs: Vec<&mut [f64]> = outputs.iter_mut().map(Vec::as_mut_slice).collect();
        let done = match &mut self.streams[..] {
            [one] => one.process(&inputs, &mut outputs),
            each => {
                let pairs = each.iter_mut().zip(inputs.iter().zip(outputs.chunks_mut(1)));
                pairs.into_iter().try_for_each(|(stream, (input, output))| stream.process(&[input], output))
            }
        };
        done.map_err(refused)
    }

    /// Forgets all frames.
    pub(crate) fn reset(&mut self) {
        self.streams.iter_mut().for_each(Stream::reset);
    }
}
