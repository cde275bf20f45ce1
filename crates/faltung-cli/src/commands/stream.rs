//! `faltung stream`: raw sound from standard input to standard output, while it comes.
//!
//! What has come is filtered and written at once, in whole frames; nothing waits for a block to be full. That nobody reads any
//! more is an end like any other.

use std::io::{self as std_io, ErrorKind, Read, Write};

use crate::{
    args::Stream,
    commands::reading,
    console::Notes,
    io::{Encoding, Failure, Form, Pcm, Place, Sound},
    operand::Operand,
    setting::Told,
    sound::{Filter, Rates, Response, decibels},
};

/// Bytes that are taken at once, at most.
const MOST: usize = 1 << 16;

/// Filters until standard input ends.
pub(super) fn run(args: &Stream) -> Result<(), Failure> {
    let notes = if args.quiet { Notes::Silent } else { Notes::Told };
    let float = args.encoding == Encoding::Float;
    let bits = args.bits.unwrap_or(if float { 32 } else { 16 });
    let pcm = Pcm::new(args.encoding, bits, args.endian)?;
    let channels = usize::from(args.channels);
    let response = response(args, Sound { rate: args.rate, bits, float, speakers: 0 })?;
    let filter =
        Filter::new(("standard input", channels), &response, |kernel| faltung::Stream::new(kernel, args.latency))?;
    if let Some(from) = response.resampled_from {
        let (name, rate, late) = (&response.name, args.rate, filter.delay);
        notes.tell(format!("{name}: resampled from {from} to {rate} Hz; the result is {late} frames late"));
    }
    let mut live = Live::new(pcm, channels, filter);
    match live.run(response.frames - 1) {
        Err(Ending::NobodyReads) => return Ok(()),
        Err(Ending::Failed(failure)) => return Err(failure),
        Ok(()) => {}
    }
    let Live { frames, peak, clipped, silenced, y, .. } = &live;
    notes.tell(format!(
        "{} Hz, {channels} x {} channels to {}, {frames} frames; peak {peak:.4} ({}), {clipped} samples clipped",
        args.rate,
        response.channels.len(),
        y.len(),
        decibels(*peak),
    ));
    if *silenced > 0 {
        notes.tell(format!("{silenced} samples were no finite numbers, and were taken as 0"));
    }
    match live.left.len() {
        0 => Ok(()),
        left => Err(Failure::data(format!(
            "standard input: it ends with {left} bytes of a frame of {}: are channels and bits as it has them?",
            live.pcm.size() * channels
        ))),
    }
}

/// What is told of the response.
fn response(args: &Stream, sound: Sound) -> Result<Response, Failure> {
    let operand = Operand::kernel(&args.kernel)?;
    if operand == Operand::Place(Place::Standard) {
        return Err(Failure::usage("standard input brings the samples: give a file for the kernel"));
    }
    let weights = reading::weights(operand, &args.kernel, None, None)?;
    let rates = if args.no_resample { Rates::Equal } else { Rates::Adapted };
    let (rate, form) = (sound.rate, Form::Sound(sound));
    let told = Told { name: "standard input", shape: [0][..].into(), form: &form };
    Response::new(weights, &told, rate, rates)
}

/// Why there is nothing more to do.
enum Ending {
    NobodyReads,
    Failed(Failure),
}

/// Frames on their way.
struct Live {
    pcm: Pcm,
    filter: Filter,
    x: Vec<Vec<f64>>,
    y: Vec<Vec<f64>>,
    /// Bytes of a frame that has not come whole.
    left: Vec<u8>,
    written: Vec<u8>,
    frames: u64,
    peak: f64,
    clipped: u64,
    silenced: u64,
}

impl Live {
    fn new(pcm: Pcm, channels: usize, filter: Filter) -> Live {
        let (x, y) = (vec![Vec::new(); channels], vec![Vec::new(); filter.outputs()]);
        let (left, written) = (Vec::with_capacity(MOST), Vec::new());
        Live { pcm, filter, x, y, left, written, frames: 0, peak: 0.0, clipped: 0, silenced: 0 }
    }

    /// Takes what comes until it ends, then a tail of so many frames.
    fn run(&mut self, tail: usize) -> Result<(), Ending> {
        let mut input = std_io::stdin().lock();
        let mut came = vec![0; MOST];
        loop {
            let count = match input.read(&mut came) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(Ending::Failed(Failure::from(error).in_file("standard input"))),
            };
            self.take(&came[..count])?;
        }
        if self.frames == 0 {
            return Ok(());
        }
        let mut rest = tail + self.filter.delay;
        while rest > 0 {
            let count = rest.min(MOST);
            self.x.iter_mut().for_each(|channel| {
                channel.clear();
                channel.resize(count, 0.0);
            });
            self.give()?;
            rest -= count;
        }
        Ok(())
    }

    /// Takes up bytes, and gives what comes of whole frames.
    fn take(&mut self, came: &[u8]) -> Result<(), Ending> {
        let frame = self.pcm.size() * self.x.len();
        self.left.extend(came);
        let whole = self.left.len() / frame * frame;
        self.x.iter_mut().for_each(Vec::clear);
        self.pcm.decode(&self.left[..whole], &mut self.x);
        self.left.drain(..whole);
        for value in self.x.iter_mut().flatten().filter(|value| !value.is_finite()) {
            *value = 0.0;
            self.silenced += 1;
        }
        if whole == 0 { Ok(()) } else { self.give() }
    }

    /// Filters the frames that are there, and writes the result.
    fn give(&mut self) -> Result<(), Ending> {
        self.filter.process(&self.x, &mut self.y).map_err(Ending::Failed)?;
        self.written.clear();
        let y: Vec<&[f64]> = self.y.iter().map(Vec::as_slice).collect();
        let clipped = self.pcm.encode(&y, 1.0, &mut self.written).ok_or_else(|| {
            Ending::Failed(Failure::data("the result is beyond what floats of 32 bits hold: take --bits 64"))
        })?;
        self.clipped += clipped;
        self.peak = self.y.iter().flatten().fold(self.peak, |peak, value| peak.max(value.abs()));
        self.frames += self.x[0].len() as u64;
        let mut out = std_io::stdout().lock();
        out.write_all(&self.written).and_then(|()| out.flush()).map_err(|error| match error.kind() {
            ErrorKind::BrokenPipe => Ending::NobodyReads,
            _ => Ending::Failed(Failure::from(error).in_file("standard output")),
        })
    }
}
