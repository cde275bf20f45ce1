//! Sums of windows made of sums of shorter windows, for boxes: kernels whose weights are all the same.
//!
//! Not by adding what comes and subtracting what goes, which keeps the rounding errors and infinities of everything that
//! ever passed, and makes each sum wait for its neighbour. A window of 9 samples is three windows of 3, each of them three samples:
//! about `2 log2 K` additions an output for any kernel, all in vectors, and only the window's own samples in each result (see
//! [`Ladder`]). Axes are done one after the other, the fastest first.
//!
//! Along any axis, at any dilation, samples that are added up lie a fixed distance apart in memory. So each pass takes a block as one
//! line from its first sample to its last, and does not know rows: the few sums that run from one row into the next are
//! not read. Strides are taken where outputs are picked, in the last pass.
//!
//! Error: `(3 (sum of log2 K) + inputs + 2) eps |w| sum |x|`, small beside each output's own terms; integers are exact.
//! Source: sums of powers of two of samples, as prefix sums are made in vectors: Hillis and Steele, *Data parallel algorithms*,
//! Communications of the ACM 29 (1986).

use super::{Cost, Method, Needs, Prepared, Roundings, Setting, Tiling, Work, within};
use crate::{
    Accum, Axis, Dims, Problem, Refusal,
    arch::Outputs,
    bound::Rounds,
    cost,
    geometry::{dense_strides, place_of},
    line::Block,
    micro::ladder::Ladder,
};

/// Bytes of a block, its outputs and its sums where samples must be gathered: a second-level cache.
const GATHERED: usize = 1 << 20;
/// The same where memory holds sums, so that most tiles are neither gathered nor stored again.
const LENT: usize = 8 << 20;

/// Outputs of a row that are enough.
const ROW: usize = 2048;

pub(crate) struct RunningSum;

struct Ready<A> {
    axes: Vec<Axis>,
    /// Axes along which there is more than one weight, the fastest first.
    passes: Vec<(usize, Ladder)>,
    /// The weight of each pair of channels.
    weights: Vec<A>,
    channels: (usize, usize),
    tiling: Tiling,
    needs: Needs,
}

fn passes(problem: &Problem) -> Vec<(usize, Ladder)> {
    let axes = problem.axes.iter().enumerate().rev().filter(|(_, axis)| axis.kernel > 1);
    axes.map(|(at, axis)| (at, Ladder::to(axis.kernel))).collect()
}

/// Three arrays of sums, each as large as one channel of a block.
fn needs(tiling: &Tiling) -> Needs {
    let block = tiling.block.iter().fold(1, |all: usize, &n| all.saturating_mul(n));
    Needs { sums: block.saturating_mul(3), ..Needs::default() }
}

fn tiling<A: Accum>(setting: &Setting<'_, A>) -> Tiling {
    let problem = setting.problem;
    let bytes = |tiling: &Tiling| tiling.all_bytes::<A>(problem, &needs(tiling));
    let most = if setting.rounds == Rounds::Always { LENT } else { GATHERED };
    let fits = |tiling: &Tiling| {
        let bytes = bytes(tiling);
        bytes <= most.min(setting.memory) && tiling.is_shared(problem, bytes)
    };
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
        let block: f64 = tiling.block.iter().map(|&n| n as f64).product();
        let passes = passes(problem);
        let climbing: f64 = passes.iter().map(|(_, ladder)| cost::climb::<A>(ladder)).sum();
        let steps = cost::STEP * passes.iter().map(|(_, ladder)| ladder.len() as f64).sum::<f64>();
        let sums = block * (problem.inputs * problem.outputs) as f64;
        let nanoseconds = cost::tiles::<A>(problem, &tiling) + tiling.count(problem) * (steps + sums * climbing);
        let scratch = tiling.all_bytes::<A>(problem, &needs);
        let tables = weights.groups * weights.outputs * weights.inputs * size_of::<A>();
        within(setting, Cost { nanoseconds, tables, scratch })
    }

    fn roundings(&self, setting: &Setting<'_, A>) -> Option<Roundings> {
        let along: usize = passes(setting.problem).iter().map(|(_, ladder)| ladder.additions()).sum();
        Some(Roundings::OfSums(2 * (along + setting.problem.inputs + 2)))
    }

    fn is_particular(&self) -> bool {
        true
    }

    fn prepare(&self, setting: &Setting<'_, A>) -> Box<dyn Prepared<A>> {
        let tiling = tiling(setting);
        let weights = setting.weights.pairs().map(|(g, o, i)| setting.weights.pair(g, o, i)[0]).collect();
        let channels = (setting.weights.outputs, setting.weights.inputs);
        let needs = needs(&tiling);
        let (axes, passes) = (setting.problem.axes.clone(), passes(setting.problem));
        Box::new(Ready { axes, passes, weights, channels, tiling, needs })
    }
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

    fn is_divisible(&self) -> bool {
        true
    }

    fn run(&self, group: usize, x: &Block<'_, A>, y: &mut Outputs<'_, A>, work: &mut Work<A>) {
        let (outputs, inputs) = self.channels;
        let third = work.sums.len() / 3;
        let (mut here, rest) = work.sums.split_at_mut(third);
        let (mut there, between) = rest.split_at_mut(third);
        let ((last, top), passes) = self.passes.split_last().expect("a kernel of several weights");
        for input in 0..inputs {
            let (mut lent, mut len, strides) = line(&x.channel(input), here);
            for (axis, ladder) in passes {
                let (x, apart) = (lent.unwrap_or(&here[..len]), strides[*axis] * self.axes[*axis].dilation);
                ladder.climb(apart, x, there, between);
                len -= ladder.reach() * apart;
                lent = None;
                std::mem::swap(&mut here, &mut there);
            }
            let (x, apart) = (lent.unwrap_or(&here[..len]), strides[*last] * self.axes[*last].dilation);
            let below = top.below(apart, x, between, there);
            let steps: Dims = strides.iter().zip(&self.axes).map(|(stride, axis)| stride * axis.stride).collect();
            for output in 0..outputs {
                let weight = self.weights[(group * outputs + output) * inputs + input];
                let pass = Top { ladder: top, apart, below, x, weight, steps: &steps };
                pass.fill(&mut y.part(0, output, 1), input == 0, there);
            }
        }
    }
}

/// A channel of a block as one line of samples, how many these are, and how far its neighbours are from one another: the memory
/// itself, or what is gathered `here`.
fn line<'b, A: Accum>(channel: &Block<'b, A>, here: &mut [A]) -> (Option<&'b [A]>, usize, Dims) {
    let shape = &channel.shape[1..];
    if channel.data.len() <= here.len() && channel.strides.last() == Some(&1) {
        return (Some(channel.data), channel.data.len(), channel.strides[1..].into());
    }
    let len = shape.iter().product();
    channel.copy_to(&mut here[..len]);
    (None, len, dense_strides(shape))
}

/// The last pass: outputs are picked.
struct Top<'a, A> {
    ladder: &'a Ladder,
    apart: usize,
    below: &'a [A],
    x: &'a [A],
    weight: A,
    /// From one output to the next, along each axis.
    steps: &'a [usize],
}

impl<A: Accum> Top<'_, A> {
    /// Fills the outputs of one channel, or adds to them.
    fn fill(&self, y: &mut Outputs<'_, A>, is_first: bool, room: &mut [A]) {
        let extent = Dims::from_slice(y.extent());
        let (&step, outer) = self.steps.split_last().expect("a kernel has axes");
        y.for_each_row(|at, row| {
            let start = place_of(at, &extent[..outer.len()], outer);
            let sums = |sums: &mut [A]| {
                self.ladder.top(self.apart, &self.below[start..], &self.x[start..], self.weight, sums);
            };
            if is_first && step == 1 {
                return sums(row);
            }
            let all = &mut room[..(row.len() - 1) * step + 1];
            sums(all);
            for (y, &sum) in row.iter_mut().zip(all.iter().step_by(step)) {
                *y = if is_first { sum } else { sum.plus(*y) };
            }
        });
    }
}
