//! Sums that slide, for boxes: kernels whose weights are all the same.
//!
//! Not by adding what comes and subtracting what goes, which keeps the rounding errors and infinities of everything that
//! ever passed. Instead the samples are cut into runs as long as the kernel; within each, sums are made from its start
//! onwards and from its end backwards. Every window begins in one run and ends in the next, so it is the sum of one backward
//! and one forward sum: three additions an output for any kernel, and only the window's own samples in each result.
//! With a dilation, every `dilation`-th sample makes a sequence of its own. Axes are done one after the other.
//!
//! Error: `(sum of K + 2) eps |w| sum |x|`, small beside each output's own terms; integers are exact.
//! Source: van Herk, *A fast algorithm for local minimum and maximum filters*, Pattern Recognition Letters 13 (1992), which
//! does so with maxima; Gil and Werman, IEEE PAMI 15 (1993).

use super::{Cost, Method, Needs, Prepared, Roundings, Setting, Tiling, Work, within};
use crate::{
    Accum, Axis, Dims, Refusal,
    arch::{self, Outputs, dispatch},
    cost,
    line::Block,
};

/// Bytes of a block, its outputs and its sums: a second-level cache.
const CACHED: usize = 1 << 20;

/// Outputs of a row that are enough.
const ROW: usize = 1024;

pub(crate) struct RunningSum;

struct Ready<A> {
    axes: Vec<Axis>,
    /// The weight of each pair of channels.
    weights: Vec<A>,
    channels: (usize, usize),
    tiling: Tiling,
    needs: Needs,
}

/// Three arrays of sums as large as one channel of a block: backward, forward, and the result of a pass.
fn needs(tiling: &Tiling) -> Needs {
    let block = tiling.block.iter().fold(1, |all: usize, &n| all.saturating_mul(n));
    Needs { sums: block.saturating_mul(3), ..Needs::default() }
}

fn tiling<A: Accum>(setting: &Setting<'_, A>) -> Tiling {
    let problem = setting.problem;
    let bytes = |tiling: &Tiling| tiling.bytes::<A>(problem).saturating_add(needs(tiling).bytes::<A>());
    let fits = |tiling: &Tiling| bytes(tiling) <= CACHED.min(setting.memory);
    let tiling = Tiling::grown(problem, ROW, fits);
    // A tile must not be small beside its kernel, or its sums are mostly made for nothing.
    let useful = |(axis, &tile): (&Axis, &usize)| tile.max(axis.needed(1)).min(axis.out.max(1));
    let long: Dims = problem.axes.iter().zip(&tiling.tile).map(useful).collect();
    let long = Tiling::of(problem, long);
    if bytes(&long) <= setting.memory { long } else { tiling }
}

impl<A: Accum> Method<A> for RunningSum {
    fn assess(&self, setting: &Setting<'_, A>) -> Result<Cost, Refusal> {
        let (problem, weights) = (setting.problem, setting.weights);
        if problem.volume() < 2 {
            return Err(Refusal::because("the kernel has one weight only"));
        }
        if !weights.data.chunks_exact(weights.volume()).all(|pair| pair.iter().all(|w| *w == pair[0])) {
            return Err(Refusal::because("the kernel's weights are not all the same"));
        }
        let tiling = tiling(setting);
        let needs = needs(&tiling);
        let passes = problem.axes.iter().filter(|axis| axis.kernel > 1).count();
        let block: f64 = tiling.block.iter().map(|&n| n as f64).product();
        let tile: f64 = tiling.tile.iter().map(|&n| n as f64).product();
        let sums = block * passes as f64 * problem.inputs as f64;
        let mixed = tile * (problem.inputs * problem.outputs) as f64;
        let nanoseconds = cost::tiles::<A>(problem, &tiling)
            + tiling.count(problem) * (sums * cost::slide::<A>(problem) + mixed * cost::element::<A>());
        let scratch = tiling.bytes::<A>(problem).saturating_add(needs.bytes::<A>());
        let tables = weights.groups * weights.outputs * weights.inputs * size_of::<A>();
        within(setting, Cost { nanoseconds, tables, scratch })
    }

    fn roundings(&self, setting: &Setting<'_, A>) -> Option<Roundings> {
        let along: usize = setting.problem.axes.iter().map(|axis| axis.kernel).sum();
        Some(Roundings::OfSums(2 * (along + setting.problem.inputs + 2)))
    }

    fn prepare(&self, setting: &Setting<'_, A>) -> Box<dyn Prepared<A>> {
        let tiling = tiling(setting);
        let weights = setting.weights.pairs().map(|(g, o, i)| setting.weights.pair(g, o, i)[0]).collect();
        let channels = (setting.weights.outputs, setting.weights.inputs);
        let needs = needs(&tiling);
        Box::new(Ready { axes: setting.problem.axes.clone(), weights, channels, tiling, needs })
    }
}

/// The extents of a pass: everything slower, its own axis, everything faster.
struct Pass {
    outer: usize,
    len: usize,
    inner: usize,
}

impl<A: Accum> Prepared<A> for Ready<A> {
    fn tiling(&self) -> &Tiling {
        &self.tiling
    }

    fn needs(&self) -> Needs {
        self.needs
    }

    fn is_local(&self) -> bool {
        false
    }

    fn run(&self, group: usize, x: &Block<'_, A>, y: &mut Outputs<'_, A>, work: &mut Work<A>) {
        let extent = Dims::from_slice(y.extent());
        let (outputs, inputs) = self.channels;
        let third = work.sums.len() / 3;
        let (backward, rest) = work.sums.split_at_mut(third);
        let (forward, sums) = rest.split_at_mut(third);
        let row = extent.last().copied().unwrap_or(1);
        for input in 0..inputs {
            let mut shape: Dims = x.shape[1..].into();
            x.channel(input).copy_to(sums);
            for (a, axis) in self.axes.iter().enumerate() {
                if axis.kernel == 1 && axis.stride == 1 {
                    continue;
                }
                let pass =
                    Pass { outer: shape[..a].iter().product(), len: shape[a], inner: shape[a + 1..].iter().product() };
                dispatch!(arch::level(), _simd => slide(&pass, axis, extent[a], sums, backward, forward));
                shape[a] = extent[a];
            }
            for output in 0..outputs {
                let weight = self.weights[(group * outputs + output) * inputs + input];
                y.part(0, output, 1).for_each_row(|at, y| {
                    let sums = y.iter_mut().zip(&sums[at * row..]);
                    match input {
                        0 => sums.for_each(|(y, &sum)| *y = sum.times(weight)),
                        _ => sums.for_each(|(y, &sum)| *y = sum.times(weight).plus(*y)),
                    }
                });
            }
        }
    }
}

/// Replaces the samples by the sums of their windows, every `stride`-th of them.
#[inline(always)]
fn slide<A: Accum>(pass: &Pass, axis: &Axis, out: usize, sums: &mut [A], backward: &mut [A], forward: &mut [A]) {
    let &Pass { outer, len, inner } = pass;
    let (kernel, dilation) = (axis.kernel, axis.dilation);
    for o in 0..outer {
        let x = &sums[o * len * inner..][..len * inner];
        let (backward, forward) = (&mut backward[..len * inner], &mut forward[..len * inner]);
        match (inner, dilation) {
            (1, 1) => scan(x, kernel, backward, forward),
            _ => scan_rows(x, kernel, dilation, inner, backward, forward),
        }
        // Written where nothing is read any more: results are fewer than samples.
        let y = &mut sums[o * out * inner..][..out * inner];
        for (q, y) in y.chunks_exact_mut(inner.max(1)).enumerate() {
            let first = q * axis.stride;
            let last = (first + dilation * (kernel - 1)) * inner;
            match (first / dilation) % kernel {
                0 => y.copy_from_slice(&forward[last..][..inner]),
                _ => add(y, &backward[first * inner..][..inner], &forward[last..][..inner]),
            }
        }
    }
}

/// The sums within runs of `kernel` samples, from the start of each onwards and from its end backwards: single numbers, which
/// stay in registers. As rows of one, by [`scan_rows`], they would take three times as long.
#[inline(always)]
fn scan<A: Accum>(x: &[A], kernel: usize, backward: &mut [A], forward: &mut [A]) {
    let runs = x.chunks(kernel).zip(backward.chunks_mut(kernel)).zip(forward.chunks_mut(kernel));
    for ((x, backward), forward) in runs {
        let (mut onwards, mut back) = (x[0], x[x.len() - 1]);
        (forward[0], backward[x.len() - 1]) = (onwards, back);
        for p in 1..x.len() {
            let q = x.len() - 1 - p;
            (onwards, back) = (onwards.plus(x[p]), back.plus(x[q]));
            (forward[p], backward[q]) = (onwards, back);
        }
    }
}

/// The same where a sample is a row of `inner`, and a run every `dilation`-th of them.
#[inline(always)]
fn scan_rows<A: Accum>(x: &[A], kernel: usize, dilation: usize, inner: usize, backward: &mut [A], forward: &mut [A]) {
    let (len, step) = (x.len() / inner.max(1), dilation * inner);
    for p in 0..len {
        let here = p * inner;
        let (done, now) = forward.split_at_mut(here);
        match (p / dilation) % kernel {
            0 => now[..inner].copy_from_slice(&x[here..][..inner]),
            _ => add(&mut now[..inner], &done[here - step..][..inner], &x[here..][..inner]),
        }
    }
    for p in (0..len).rev() {
        let here = p * inner;
        let (now, done) = backward.split_at_mut(here + inner);
        let now = &mut now[here..];
        if (p / dilation) % kernel == kernel - 1 || p + dilation >= len {
            now.copy_from_slice(&x[here..][..inner]);
        } else {
            add(now, &done[step - inner..][..inner], &x[here..][..inner]);
        }
    }
}

#[inline(always)]
fn add<A: Accum>(sums: &mut [A], a: &[A], b: &[A]) {
    for ((sum, &a), &b) in sums.iter_mut().zip(a).zip(b) {
        *sum = a.plus(b);
    }
}
