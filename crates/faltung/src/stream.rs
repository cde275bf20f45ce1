//! Filtering while samples come: [`Stream`].
//!
//! A response of `K` taps is convolved with a signal that has no end: `y[t] = sum over k < K of h[k] x[t - latency - k]`. Calls bring
//! any number of samples and take as many. That the result is the same as of the whole signal at once is a question of what is
//! kept between calls; that it is fast is one of how the response is cut:
//!
//! - its first taps are summed directly, so that an output may depend on the sample that came with it;
//! - the others are cut into partitions, longer ones behind shorter ones (Gardner, *Efficient convolution without input-output
//!   delay*, 1995), since a partition of `B` taps only matters `B` samples later, and longer transforms cost less for a tap.
//!   `layout.rs` finds the cheapest cut;
//! - partitions of one length share the spectra of the samples, for all outputs, and one transform back, for all inputs
//!   (`stage.rs`).
//!
//! Long transforms would make some calls much longer than others. So the second partition of a length begins where the result
//! of a block is not yet due when the block is complete, but one block later, and until then the work is made in small units, as many
//! in each call as samples have come (`Stream::work`): shorter blocks first, since they are due first. Passes of transforms and sums
//! of products are cut in the same way whenever they are made, so how calls fall does not change a bit of the result.

mod exchange;
mod history;
mod layout;
mod response;
mod stage;
mod state;

use std::{fmt, ops::AddAssign, sync::Arc};

use crate::{
    Accum, Error, Kernel, Result, Sample,
    arch::{self, Outputs},
    micro::fir::{Ahead, Order, Taps, rows},
    transform,
};
use exchange::{Fade, mix};
use history::History;
use layout::{Layout, STEP, Size, Timing};
use response::Matrix;
use stage::{Followed, Given, Sets, Stage};

pub use response::Response;
pub use state::StreamState;

/// What streams are made of: `f32` and `f64`.
///
/// The trait cannot be implemented outside this crate.
///
/// ```
/// fn taps<T: faltung::Streamed>(stream: &faltung::Stream<T>) -> usize { stream.taps() }
/// assert_eq!(taps(&faltung::Stream::<f32>::new(&[1, 2], faltung::Latency::Zero)?), 2);
/// # Ok::<(), faltung::Error>(())
/// ```
#[expect(private_bounds, reason = "not to be implemented elsewhere")]
pub trait Streamed: Sample + Accum<Real = Self> + transform::Float + transform::Samples<Self> + AddAssign {
    /// The number itself, or zero where it is subnormal.
    #[doc(hidden)]
    fn normal(self) -> Self;
}

impl Streamed for f32 {
    #[inline(always)]
    fn normal(self) -> Self {
        if self.abs() < f32::MIN_POSITIVE { 0.0 } else { self }
    }
}

impl Streamed for f64 {
    #[inline(always)]
    fn normal(self) -> Self {
        if self.abs() < f64::MIN_POSITIVE { 0.0 } else { self }
    }
}

/// By how many samples a [`Stream`] is late.
///
/// ```
/// use faltung::{Latency, Stream};
/// let mut stream = Stream::<f32>::new(&[5, 7], Latency::Block(1))?;
/// let mut y = [0.0; 4];
/// stream.process(&[&[1.0, 0.0, 0.0, 0.0]], &mut [&mut y])?;
/// assert_eq!(y, [0.0, 5.0, 7.0, 0.0]);
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Latency {
    /// Not at all: an output depends on the sample that came with it.
    Zero,
    /// By so many. Some samples spare the direct sum of the first taps.
    Block(usize),
    /// By what makes it cheapest: see [`Stream::latency`].
    Any,
}

/// A filter that takes samples as they come: any number in each call, of one channel or many.
///
/// `y[o][t] = sum over inputs i and taps k of h[o][i][k] x[i][t - latency - k]`, with zeros before the first sample.
///
/// Whatever the sizes of calls, the result is that of the whole signal at once. Taps that are summed directly give the bits that
/// [`convolve`](crate::convolve) gives by [`Algorithm::Direct`](crate::Algorithm::Direct); with transforms the error is at most `1.5 (25 log2(N) + P)
/// eps |h| |x|`, where `|h|` and `|x|` are 2-norms of all taps of an output and of the samples that they meet, `N` is twice the longest
/// partition, and `P` the number of partitions times inputs; printed, a stream tells both. (That is [`Accuracy`](crate::Accuracy)'s bound for
/// a transform, over two blocks for each partition, so that each sample is counted twice, and one rounding for each product.)
/// The bits do not depend on how the samples are cut into calls, but for [`for_calls`](Self::for_calls).
///
/// [`process`](Self::process) neither allocates nor locks nor panics, and the work of a call is nearly the same for all calls
/// of a length. Subnormal samples count as zeros, so fading signals are not slower. A NaN or an infinity reaches further than the
/// taps do, to all outputs of the blocks that it is in, and is gone `taps + 3 B` samples later, `B` being the longest partition.
///
/// A clone goes on by itself from where the stream is.
///
/// ```
/// use faltung::{Latency, Stream};
/// let mut echo = Stream::<f64>::new(&[1.0, 0.0, 0.0, 0.5], Latency::Zero)?;
/// let (mut first, mut second) = ([0.0; 2], [0.0; 3]);
/// echo.process(&[&[1.0, 2.0]], &mut [&mut first])?;
/// echo.process(&[&[3.0, 4.0, 0.0]], &mut [&mut second])?;
/// assert_eq!((first, second), ([1.0, 2.0], [3.0, 4.5, 1.0]));
/// assert_eq!(echo.flush(), [[1.5, 2.0, 0.0]]);
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Clone)]
pub struct Stream<T: Streamed> {
    layout: Arc<Layout>,
    history: History<T>,
    /// Where the taps of the direct sum lie in the history, and how they are taken.
    offsets: Arc<[usize]>,
    order: Order,
    stages: Vec<Stage<T>>,
    followed: Followed<T>,
    sets: Sets,
    fade: Option<Fade>,
    /// What was followed before the last exchange.
    retired: Option<Response<T>>,
    /// Samples that have come.
    time: u64,
    /// Nanoseconds of work for a sample, for one response, and what is owed of it.
    pace: f64,
    owed: f64,
    /// Outputs of the next response, while it is exchanged.
    other: Vec<T>,
}

impl<T: Streamed> Stream<T> {
    /// A filter with the taps of `response`: of shape `[taps]` for one channel, or `[outputs, inputs, taps]` for a matrix of responses,
    /// `[2, 1, K]` being stereo from one source and `[2, 2, K]` true stereo. Shorter ones are filled up by zeros.
    ///
    /// # Errors
    /// [`Error::Stream`] for another shape or taps that are no finite numbers, [`Error::EmptyKernel`] where there are none,
    /// [`Error::Weights`] for complex ones, and [`Error::Allocation`] where there is no memory for it.
    ///
    /// # Cost
    /// Transforms the response: about as long as [`process`](Self::process) takes for as many samples.
    ///
    /// ```
    /// use faltung::{Kernel, Latency, Stream};
    /// // Left and right exchanged.
    /// let swap = Kernel::whole(&[2, 2, 1], vec![0, 1, 1, 0])?;
    /// let mut stream = Stream::<f32>::new(swap, Latency::Zero)?;
    /// let (mut left, mut right) = ([0.0; 1], [0.0; 1]);
    /// stream.process(&[&[3.0], &[4.0]], &mut [&mut left, &mut right])?;
    /// assert_eq!((left, right), ([4.0], [3.0]));
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn new(response: impl Into<Kernel>, latency: Latency) -> Result<Self> {
        Self::build(&response.into(), latency, None)
    }

    /// The same, for calls of `call` samples: what is cheapest then, if most of them are as long.
    ///
    /// Any others are right too. But where a whole block comes with one call, its direct sums may be made by a transform, so how
    /// calls fall may change results within the stated bound.
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`Error::Stream`] for calls of no samples or more than 2^20.
    ///
    /// ```
    /// use faltung::{Latency, Stream};
    /// let mut stream = Stream::<f32>::for_calls(&vec![1.0; 4800], Latency::Zero, 512)?;
    /// let mut y = [0.0; 512];
    /// stream.process(&[&[1.0; 512]], &mut [&mut y])?;
    /// assert!((y[511] - 512.0).abs() < 0.01);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn for_calls(response: impl Into<Kernel>, latency: Latency, call: usize) -> Result<Self> {
        match call {
            1..=0x10_0000 => Self::build(&response.into(), latency, Some(call)),
            _ => Err(Error::Stream(format!("calls of {call} samples: expected 1 to 2^20; use Stream::new for any"))),
        }
    }

    fn build(response: &Kernel, latency: Latency, call: Option<usize>) -> Result<Self> {
        let matrix = Matrix::<T>::new(response)?;
        let size = Size { inputs: matrix.inputs, outputs: matrix.outputs, taps: matrix.taps };
        let layout = match latency {
            Latency::Zero => Layout::new::<T>(size, 0, call),
            Latency::Block(delay @ ..=0x100_0000) => Layout::new::<T>(size, delay, call),
            Latency::Block(delay) => {
                return Err(Error::Stream(format!("a latency of {delay} samples: expected at most 2^24")));
            }
            Latency::Any => Layout::with_any_delay::<T>(size, call),
        };
        let weights = Arc::new(matrix.weights(&layout)?);
        Self::of(layout, weights)
    }

    fn of(layout: Layout, weights: Arc<response::Weights<T>>) -> Result<Self> {
        let Size { inputs, outputs, .. } = layout.size;
        let longest = layout.stages.last().map_or(0, |cut| cut.block);
        let step = STEP.max(layout.stages.first().map_or(0, |cut| cut.block));
        let history = History::new(inputs, 3 * longest + step, (2 * longest).max(layout.head + step));
        let direct = layout.direct();
        let offsets = (0..inputs).flat_map(|input| (0..direct).map(move |k| (input, k)));
        let order = match direct {
            neighbours if neighbours * size_of::<T>() > arch::vector() => Order::Along { neighbours },
            neighbours => Order::Plain { neighbours: neighbours.max(1) },
        };
        let stages = layout.stages.iter().enumerate();
        let stages = stages.map(|(at, cut)| Stage::new(at, cut.clone(), layout.size)).collect::<Result<Vec<_>>>()?;
        Ok(Stream {
            offsets: offsets.map(|(input, k)| input * history.row() + k).collect(),
            order,
            pace: 1.01 * stages.iter().map(Stage::pace).sum::<f64>(),
            owed: 0.0,
            stages,
            history,
            followed: [Some(weights), None],
            sets: Sets { first: 0, count: 1 },
            fade: None,
            retired: None,
            time: 0,
            other: vec![T::ZERO; outputs * step],
            layout: Arc::new(layout),
        })
    }

    /// Samples by which outputs are late.
    ///
    /// ```
    /// use faltung::{Latency, Stream};
    /// assert_eq!(Stream::<f32>::new(&[1, 2], Latency::Block(64))?.latency(), 64);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn latency(&self) -> usize {
        self.layout.delay
    }

    /// Taps of the longest response that it has room for: that of the one it was made with.
    ///
    /// ```
    /// assert_eq!(faltung::Stream::<f64>::new(&[1, 2, 3], faltung::Latency::Any)?.taps(), 3);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn taps(&self) -> usize {
        self.layout.size.taps
    }

    /// Channels that come.
    ///
    /// ```
    /// use faltung::{Kernel, Latency, Stream};
    /// let stereo = Stream::<f32>::new(Kernel::real(&[2, 1, 2], vec![1.0, 0.5, 0.5, 1.0])?, Latency::Zero)?;
    /// assert_eq!((stereo.inputs(), stereo.outputs()), (1, 2));
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn inputs(&self) -> usize {
        self.layout.size.inputs
    }

    /// Channels that go; an example stands at [`inputs`](Self::inputs).
    pub fn outputs(&self) -> usize {
        self.layout.size.outputs
    }

    /// Takes the next samples of each input, and gives as many of each output. None at all is a number too.
    ///
    /// Neither allocates nor locks nor panics.
    ///
    /// # Errors
    /// [`Error::Stream`] if there are not as many slices as channels, or they differ in length. Nothing is taken then.
    ///
    /// ```
    /// use faltung::{Latency, Stream};
    /// let mut sum = Stream::<f32>::new(&[1, 1, 1], Latency::Zero)?;
    /// let mut y = [0.0; 4];
    /// sum.process(&[&[1.0, 2.0, 3.0, 4.0]], &mut [&mut y])?;
    /// assert_eq!(y, [1.0, 3.0, 6.0, 9.0]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn process(&mut self, inputs: &[&[T]], outputs: &mut [&mut [T]]) -> Result<()> {
        let count = inputs.first().map_or(0, |samples| samples.len());
        self.check("inputs", inputs.iter().map(|samples| samples.len()), self.inputs(), count)?;
        self.check("outputs", outputs.iter().map(|samples| samples.len()), self.outputs(), count)?;
        let mut at = 0;
        while at < count {
            let step = self.step_len(count - at);
            self.step(inputs, outputs, at, step);
            at += step;
        }
        Ok(())
    }

    fn check(
        &self,
        what: &str,
        all: impl ExactSizeIterator<Item = usize>,
        channels: usize,
        count: usize,
    ) -> Result<()> {
        if all.len() != channels {
            return Err(Error::Stream(format!(
                "{} {what} came, and {channels} are needed: give a slice for each",
                all.len()
            )));
        }
        match all.into_iter().find(|&samples| samples != count) {
            None => Ok(()),
            Some(other) => Err(Error::Stream(format!(
                "of {what} one has {other} samples, and the first input has {count}: give all slices one length"
            ))),
        }
    }

    /// Samples that are taken up together: no block ends within them, and no exchange begins or ends.
    fn step_len(&self, most: usize) -> usize {
        let room = self.other.len() / self.outputs();
        let blocks = self.stages.iter().map(|stage| stage.to_go(self.time));
        let fade = self.fade.map(|fade| if self.time < fade.start { fade.start } else { fade.end });
        let fade = fade.map(|end| usize::try_from(end - self.time).unwrap_or(usize::MAX)).filter(|&count| count > 0);
        blocks.chain(fade).fold(most.min(room), usize::min)
    }

    fn step(&mut self, inputs: &[&[T]], outputs: &mut [&mut [T]], at: usize, count: usize) {
        if self.fade.is_some_and(|fade| fade.end <= self.time) {
            self.end_exchange();
        }
        for (channel, samples) in inputs.iter().enumerate() {
            self.history.write(channel, self.time, &samples[at..at + count], T::normal);
        }
        let whole = self.begin_within(count);
        for (output, samples) in outputs.iter_mut().enumerate() {
            let y = &mut samples[at..at + count];
            self.sum(self.sets.first, output, whole, y);
            if let Some(fade) = self.fade.filter(|fade| fade.start <= self.time) {
                let mut other = std::mem::take(&mut self.other);
                let next = &mut other[..count];
                self.sum(1 - self.sets.first, output, whole, next);
                mix(y, next, fade, self.time);
                self.other = other;
            }
        }
        self.time += count as u64;
        self.end_blocks(whole);
        self.work(count);
    }

    /// Takes up the first stage, where its results are due in the same block. Tells whether the block came whole.
    fn begin_within(&mut self, count: usize) -> bool {
        let time = self.time;
        let given = Given { history: &self.history, followed: &self.followed, time: time + count as u64 };
        match self.stages.first_mut() {
            Some(first) if first.cut.timing == Timing::Within && first.place(time) == 0 => {
                self.owed -= first.finish(given);
                if count == first.cut.block {
                    first.whole(given, self.sets);
                    return true;
                }
                first.before();
                false
            }
            _ => false,
        }
    }

    /// One output by the responses of a set: what is summed directly, unless a transform did it, and what stages have made.
    fn sum(&self, set: usize, output: usize, whole: bool, y: &mut [T]) {
        let Some(weights) = &self.followed[set] else { return };
        if whole || self.offsets.is_empty() {
            y.fill(T::ZERO);
        } else {
            let count = self.offsets.len();
            let taps =
                Taps { offsets: &self.offsets, weights: &weights.head[output * count..][..count], order: self.order };
            let first = self.time.wrapping_sub(self.layout.head as u64 - 1);
            let shape = [1, y.len()];
            rows(&taps, self.history.from(0, first), &mut Outputs::dense(y, &shape), Ahead::NONE, |_| 0);
        }
        for stage in &self.stages {
            y.iter_mut().zip(stage.heard(set, output, self.time)).for_each(|(y, more)| *y += *more);
        }
    }

    /// Begins the work of all blocks that end now; `whole` if the first stage has done so.
    fn end_blocks(&mut self, whole: bool) {
        let given = Given { history: &self.history, followed: &self.followed, time: self.time };
        for stage in &mut self.stages[usize::from(whole)..] {
            if stage.place(self.time) == 0 {
                self.owed -= stage.finish(given);
                stage.begin(given, self.sets);
            }
        }
    }

    /// As much work as is owed for so many samples: that of shorter blocks first.
    fn work(&mut self, count: usize) {
        let given = Given { history: &self.history, followed: &self.followed, time: self.time };
        self.owed += self.pace * (self.sets.count * count) as f64;
        while self.owed > 0.0 {
            match self.stages.iter_mut().find(|stage| stage.is_busy()) {
                Some(stage) => self.owed -= stage.step(given),
                None => self.owed = 0.0,
            }
        }
    }

    /// What is still to come when no more samples do: the last `taps - 1 + latency` samples of each output. The stream is then as new.
    ///
    /// Allocates. Where that matters, call [`process`](Self::process) with as many zeros.
    ///
    /// ```
    /// use faltung::{Latency, Stream};
    /// let mut stream = Stream::<f32>::new(&[1, 2, 3], Latency::Zero)?;
    /// stream.process(&[&[1.0]], &mut [&mut [0.0]])?;
    /// assert_eq!(stream.flush(), [[2.0, 3.0]]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn flush(&mut self) -> Vec<Vec<T>> {
        let count = self.taps() - 1 + self.latency();
        let zeros = vec![T::ZERO; count];
        let mut tail = vec![zeros.clone(); self.outputs()];
        let mut outputs: Vec<&mut [T]> = tail.iter_mut().map(Vec::as_mut_slice).collect();
        self.process(&vec![&zeros[..]; self.inputs()], &mut outputs).expect("a slice for each channel");
        self.reset();
        tail
    }

    /// Forgets all samples, as if none had come. An exchange is over then.
    ///
    /// ```
    /// use faltung::{Latency, Stream};
    /// let mut stream = Stream::<f32>::new(&[0, 1], Latency::Zero)?;
    /// let mut y = [0.0];
    /// stream.process(&[&[7.0]], &mut [&mut y])?;
    /// stream.reset();
    /// stream.process(&[&[8.0]], &mut [&mut y])?;
    /// assert_eq!(y, [0.0]); // not 7
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn reset(&mut self) {
        if self.fade.is_some() {
            self.end_exchange();
        }
        self.history.clear();
        (self.time, self.owed) = (0, 0.0);
        for stage in &mut self.stages {
            stage.clear(self.sets);
        }
    }
}

impl<T: Streamed> fmt::Display for Stream<T> {
    /// How the response is cut: `1 x 1 f32, 4800 taps: delay 0, 128 direct, then 6 x 128 (next), 4 x 1024`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Size { inputs, outputs, taps } = self.layout.size;
        write!(f, "{inputs} x {outputs} {}, {taps} taps: {}", T::DTYPE, self.layout)
    }
}

impl<T: Streamed> fmt::Debug for Stream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stream({self}, {} samples taken)", self.time)
    }
}

#[cfg(test)]
mod tests;
