//! How a response is cut, by what each way would cost.
//!
//! A delay is a response that begins with zeros, so there is one question for all latencies: how are the taps from `delay` to
//! `delay + taps` summed? The first ones directly; the others by stages, each of equal partitions, each stage longer than the
//! one before. A stage of blocks of `B` samples takes up a block when it is complete, and what it makes of it is due
//!
//! - in the same block ([`Timing::Within`], partitions from tap 0 on): where a call brings whole blocks. Where one does not,
//!   the taps of the first partition are summed directly;
//! - in the next block ([`Timing::Next`], from tap `B` on): all at once, so this is for short blocks;
//! - in the block after that ([`Timing::Later`], from tap `2 B` on): there is time to spread the work over a block.
//!
//! So at most the first stage is of another kind than the last, and the best sequence of blocks is a shortest path: the cost of
//! a stage depends on where it begins and where the next one begins (Garcia, *Optimal filter partition strategies for
//! efficient convolution*, 2002).

use std::fmt;

use num_complex::Complex;

use crate::{Accum, arch, cost, transform};

/// Samples that are taken up together at most, but for whole blocks.
pub(super) const STEP: usize = 1024;

/// The longest blocks whose work is done at once, where calls are not known to be as long.
const AT_ONCE: usize = 256;

/// The shortest blocks.
const SHORTEST: usize = 16;

/// Bytes of the longest spectra: parts of transforms that are beyond the second cache take unevenly long.
const LONGEST: usize = 1 << 18;

/// When what a stage makes of a block is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Timing {
    Within,
    Next,
    Later,
}

impl Timing {
    /// Blocks from the beginning of a block to what it makes due.
    pub(super) fn blocks(self) -> usize {
        match self {
            Timing::Within => 0,
            Timing::Next => 1,
            Timing::Later => 2,
        }
    }
}

/// A stage: partitions of one length.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cut {
    pub(super) timing: Timing,
    /// Samples of a block, and taps of a partition.
    pub(super) block: usize,
    /// Complex numbers of its transforms.
    pub(super) numbers: usize,
    pub(super) partitions: usize,
}

impl Cut {
    /// The tap that its first partition begins with, counted from the delay's beginning.
    pub(super) fn first(&self) -> usize {
        self.timing.blocks() * self.block
    }

    /// Nanoseconds of a product, between so many channels.
    pub(super) fn product<T: Accum>(&self, size: Size) -> f64 {
        let spectra = self.partitions * size.inputs * (1 + size.outputs);
        cost::partition::<T>(spectra * self.numbers * size_of::<Complex<T::Real>>())
    }
}

/// How many of everything there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// Taps of the longest response.
    pub(super) taps: usize,
}

/// How a response is cut.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    pub(super) size: Size,
    /// Samples by which outputs are late.
    pub(super) delay: usize,
    /// Taps from the delay's beginning on that are summed directly, zeros of the delay included.
    pub(super) head: usize,
    /// Each begins where the one before ends.
    pub(super) stages: Vec<Cut>,
    /// What a sample costs, in nanoseconds.
    pub(super) cost: f64,
}

impl Layout {
    /// The cheapest with this delay, for calls of so many samples, if that is known.
    pub(super) fn new<T: Accum>(size: Size, delay: usize, call: Option<usize>) -> Layout {
        Search::<T>::new(size, delay, call).best()
    }

    /// The least delay with which a sample costs hardly more than with any other.
    pub(super) fn with_any_delay<T: Accum>(size: Size, call: Option<usize>) -> Layout {
        let blocks = blocks::<T>(size.taps, call);
        let delays = std::iter::once(0).chain(blocks.iter().map(|block| 2 * block));
        let layouts: Vec<_> = delays.map(|delay| Layout::new::<T>(size, delay, call)).collect();
        let least = layouts.iter().map(|layout| layout.cost).fold(f64::INFINITY, f64::min);
        layouts.into_iter().find(|layout| layout.cost <= 1.05 * least).expect("one is the cheapest")
    }

    /// Taps that are summed directly and are none of the delay's zeros.
    pub(super) fn direct(&self) -> usize {
        self.head.saturating_sub(self.delay)
    }
}

/// Where partitions from tap to tap are cut.
pub(super) fn partition(layout: &Layout, stage: usize) -> (usize, usize) {
    let end = layout.stages.get(stage + 1).map_or(layout.delay + layout.size.taps, Cut::first);
    (layout.stages[stage].first(), end)
}

/// Blocks that stages may have: twos, times what else divides a call, so that blocks end where calls do.
fn blocks<T: Accum>(taps: usize, call: Option<usize>) -> Vec<usize> {
    let odd = call.map_or(1, |call| call >> call.trailing_zeros());
    let all = std::iter::successors(Some(odd), |block| Some(2 * block));
    let most = LONGEST / size_of::<Complex<T::Real>>();
    let longest = taps.next_power_of_two().clamp(SHORTEST, most);
    all.skip_while(|&block| block < SHORTEST).take_while(|&block| block <= longest).collect()
}

struct Search<T> {
    size: Size,
    delay: usize,
    call: Option<usize>,
    /// One behind the last tap.
    end: usize,
    /// Blocks with the best that begins with a stage of them, whose work is spread.
    later: Vec<(usize, Option<Way>)>,
    sums: std::marker::PhantomData<T>,
}

/// Stages and their cost.
#[derive(Clone)]
struct Way {
    stages: Vec<Cut>,
    cost: f64,
}

impl<T: Accum> Search<T> {
    fn new(size: Size, delay: usize, call: Option<usize>) -> Self {
        let end = delay + size.taps;
        let later = blocks::<T>(size.taps, call).into_iter().map(|block| (block, None)).collect();
        let mut search = Search { size, delay, call, end, later, sums: std::marker::PhantomData };
        // What follows a stage has longer blocks, so it is known when the longest come first.
        for at in (0..search.later.len()).rev() {
            search.later[at].1 = search.beginning_with(Timing::Later, search.later[at].0);
        }
        search
    }

    fn best(&self) -> Layout {
        let layout = |head: usize, way: Way| {
            let direct = head.saturating_sub(self.delay);
            let cost = way.cost + self.direct(direct);
            Layout { size: self.size, delay: self.delay, head, stages: way.stages, cost }
        };
        let mut all = vec![layout(self.end, Way { stages: Vec::new(), cost: 0.0 })];
        for (block, later) in &self.later {
            all.extend(later.clone().map(|way| layout(2 * block, way)));
            if *block <= AT_ONCE.max(self.call.unwrap_or(0)) {
                let next = self.beginning_with(Timing::Next, *block);
                all.extend(next.map(|way| layout(*block, way)));
            }
        }
        if let (0, Some(call)) = (self.delay, self.call) {
            let within = self.beginning_with(Timing::Within, call);
            // Its head stands by for calls of other lengths.
            all.extend(within.map(|way| Layout { cost: way.cost, ..layout(call.min(self.end), way) }));
        }
        all.into_iter().min_by(|a, b| a.cost.total_cmp(&b.cost)).expect("there is the direct sum")
    }

    /// The best sequence of stages of which this is the first.
    fn beginning_with(&self, timing: Timing, block: usize) -> Option<Way> {
        let numbers = *transform::lengths::<T::Real>(block, 2 * block.max(64)).first()?;
        let first = timing.blocks() * block;
        if first >= self.end {
            return None;
        }
        let with = |end: usize, rest: Option<&Way>| {
            let cut = Cut { timing, block, numbers, partitions: (end - first).div_ceil(block) };
            let cost = self.stage(&cut) + rest.map_or(0.0, |way| way.cost);
            let stages = std::iter::once(cut).chain(rest.into_iter().flat_map(|way| way.stages.iter().cloned()));
            Way { stages: stages.collect(), cost }
        };
        let longer = self.later.iter().filter(|(longer, _)| *longer > block && 2 * longer > first);
        let ways = longer.filter_map(|(longer, way)| Some(with(2 * longer, Some(way.as_ref()?))));
        ways.chain([with(self.end, None)]).min_by(|a, b| a.cost.total_cmp(&b.cost))
    }

    /// Nanoseconds that a sample costs by a stage.
    fn stage(&self, cut: &Cut) -> f64 {
        let (inputs, outputs) = (self.size.inputs as f64, self.size.outputs as f64);
        let transforms = 0.5 * (inputs + outputs) * cost::row::<T>(cut.numbers);
        let products = inputs * outputs * (cut.partitions * cut.numbers) as f64 * cut.product::<T>(self.size);
        // Going from one stage to the next in each call, and adding what it made.
        let each = outputs * cost::element::<T>() + cost::STAGE / self.call.unwrap_or(64) as f64;
        (transforms + products) / cut.block as f64 + each
    }

    /// Nanoseconds that a sample costs by so many taps.
    fn direct(&self, taps: usize) -> f64 {
        let pairs = (self.size.inputs * self.size.outputs) as f64;
        let samples = self.call.unwrap_or(64).min(STEP);
        pairs * taps as f64 / arch::vector_len::<T>() as f64 * cost::short_row::<T>(samples)
    }
}

impl fmt::Display for Layout {
    /// One line: `delay 0, 128 direct, then 7 x 128 (next), 14 x 1024`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "delay {}, {} direct", self.delay, self.direct())?;
        for (at, cut) in self.stages.iter().enumerate() {
            let word = if at == 0 { ", then" } else { "," };
            write!(f, "{word} {} x {}", cut.partitions, cut.block)?;
            match cut.timing {
                Timing::Within => write!(f, " (within)")?,
                Timing::Next => write!(f, " (next)")?,
                Timing::Later => {}
            }
        }
        Ok(())
    }
}
