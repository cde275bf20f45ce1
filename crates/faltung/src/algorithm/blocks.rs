//! What `fft` and `overlap_save` do for blocks of reals in several dimensions.
//!
//! A tile's block of samples is the input of one transform ([`BlockCorrelator`]), which is multiplied and transformed back while
//! it is in the caches; the outputs that do not wrap around are written row by row. With several input channels the spectra of
//! all are kept, and their products summed before the way back. Outputs of other strides than 1 are picked from the dense ones.
//!
//! Axes before the first one that is transformed are taken one place after the other; any later one with one weight goes
//! through the transform as it is. Along each axis only those lengths are tried that need fewer tiles than all shorter ones.
//!
//! Error and refusals: see [`spectral`](super::spectral).

use num_complex::Complex;
use smallvec::SmallVec;

use super::{
    Cost, Needs, Prepared, Setting, Tiling, Work,
    spectral::{dense, exact, transformed},
    within,
};
use crate::{
    Accum, Axis, Dims, Problem, Refusal,
    arch::{self, Memory, Outputs},
    cost,
    geometry::{dense_strides, place_of},
    line::Block,
    transform::{BlockCorrelator, Input, Output, Place, Size, Sum, block_lengths},
};

/// A way to cut a problem into transforms.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    pub(super) tiling: Tiling,
    /// Of the axes from the first transformed one on.
    pub(super) sizes: Vec<Size>,
}

/// Whether sums are real and more than rows is to be transformed.
pub(super) fn apply<A: Accum>(problem: &Problem) -> bool {
    let several = |first: &usize| *first + 1 < problem.axes.len();
    A::EPSILON > 0.0 && !A::COMPLEX && transformed(problem).first().is_some_and(several)
}

/// The first axis that is transformed.
fn first(problem: &Problem) -> usize {
    problem.axes.iter().position(|axis| axis.kernel > 1).expect("an axis is transformed")
}

/// Where an axis stands in a block.
fn place(problem: &Problem, axis: usize) -> Place {
    let last = axis + 1 == problem.axes.len();
    match axis {
        _ if axis == first(problem) => Place::Slowest,
        _ if !last => Place::Slow,
        _ if problem.axes[axis - 1].kernel > 1 => Place::Row,
        _ => Place::LoneRow,
    }
}

/// A length to try along an axis, and the outputs of a tile, of which so many are needed.
#[derive(Debug, Clone, Copy)]
struct Choice {
    size: usize,
    tile: usize,
    count: usize,
}

/// Lengths are tried up to so many times the kernel.
const MOST: usize = 24;

/// Most combinations of lengths that are tried.
const MOST_TRIES: usize = 300;

/// Samples of a block whose last axis is not transformed, about; and of its rows at least, in bytes.
const STRIP: usize = 1 << 17;
const WIDE: usize = 512;

/// Whether a block fits into memory: such blocks come first.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Fits {
    Yes,
    No,
}

/// The shortest length for each number of tiles.
fn choices<A: Accum>(axis: &Axis, place: Place) -> Vec<Choice> {
    let span = axis.reach() + 1;
    let whole = axis.needed(axis.out).max(span);
    let most = whole.min(MOST * span.max(16)).next_power_of_two().max(64);
    let mut choices: Vec<Choice> = Vec::new();
    for size in block_lengths::<A::Real>(place, (span + span / 4).min(whole), most) {
        let outputs = ((size - span) / axis.stride + 1).min(axis.out.max(1));
        let count = axis.out.div_ceil(outputs).max(1);
        if choices.last().is_none_or(|last| count < last.count) {
            choices.push(Choice { size, tile: axis.out.div_ceil(count).max(1), count });
        }
    }
    choices
}

/// The cheapest cut.
pub(super) fn best<A: Accum>(setting: &Setting<'_, A>) -> Cut {
    let problem = setting.problem;
    let axes = transformed(problem);
    let mut all: Vec<Vec<Choice>> =
        axes.iter().map(|&axis| choices::<A>(&problem.axes[axis], place(problem, axis))).collect();
    // Of too many lengths every second one is left out, those of the fewest tiles last.
    while all.iter().map(Vec::len).product::<usize>() > MOST_TRIES {
        for choices in all.iter_mut().filter(|choices| choices.len() > 1) {
            let mut left = choices.len();
            choices.retain(|_| {
                left -= 1;
                left.is_multiple_of(2)
            });
        }
    }
    let mut best: Option<((Fits, f64), Vec<Choice>)> = None;
    for mut number in 0..all.iter().map(Vec::len).product() {
        let mut tried: SmallVec<[Choice; 8]> = SmallVec::new();
        for choices in &all {
            tried.push(choices[number % choices.len()]);
            number /= choices.len();
        }
        let samples = tried.iter().map(|choice| choice.size).product::<usize>();
        let rows = samples / tried[tried.len() - 1].size;
        let count = tried.iter().map(|choice| choice.count as f64).product::<f64>();
        let nanoseconds = count * (cost::block::<A>(samples, rows) + samples as f64 * 2.0 * cost::element::<A>());
        let block = with_slack(samples / 2).saturating_mul(size_of::<Complex<A::Real>>());
        let fits = if block.saturating_mul(problem.inputs + 2) <= setting.memory { Fits::Yes } else { Fits::No };
        if best.as_ref().is_none_or(|(least, _)| (fits, nanoseconds) < *least) {
            best = Some(((fits, nanoseconds), tried.into_vec()));
        }
    }
    let (_, best) = best.expect("there is always a length to try");
    let mut tile: Dims = SmallVec::from_elem(1, problem.axes.len());
    let mut sizes: Vec<Size> = problem.axes.iter().map(|_| Size::Alike(1)).collect();
    for (&axis, choice) in axes.iter().zip(&best) {
        (tile[axis], sizes[axis]) = (choice.tile, Size::Transformed(choice.size));
    }
    with_others::<A>(problem, tile, sizes)
}

/// The cut whose transforms hold all that is needed along the transformed axes.
pub(super) fn whole<A: Accum>(problem: &Problem, needed: impl Fn(usize) -> usize) -> Cut {
    let mut tile: Dims = SmallVec::from_elem(1, problem.axes.len());
    let mut sizes: Vec<Size> = problem.axes.iter().map(|_| Size::Alike(1)).collect();
    for axis in transformed(problem) {
        let least = needed(axis);
        let lengths = block_lengths::<A::Real>(place(problem, axis), least, least.next_power_of_two().max(64));
        tile[axis] = problem.axes[axis].out.max(1);
        sizes[axis] = Size::Transformed(lengths[0]);
    }
    let mut cut = with_others::<A>(problem, tile, sizes);
    let most = std::iter::repeat_n(usize::MAX, first(problem)).chain(cut.sizes.iter().map(|size| size.samples()));
    cut.tiling.block.iter_mut().zip(most).for_each(|(block, most)| *block = most.min(*block));
    cut
}

/// A cut with as much along the axes that are not transformed as makes whole pieces of memory without growing large.
fn with_others<A: Accum>(problem: &Problem, mut tile: Dims, mut sizes: Vec<Size>) -> Cut {
    let first = first(problem);
    let mut samples: usize = sizes.iter().fold(1, |all, size| all.saturating_mul(size.samples()));
    for (a, axis) in problem.axes.iter().enumerate().rev().filter(|(_, axis)| axis.kernel == 1) {
        let least = if a + 1 == sizes.len() { WIDE / size_of::<A>() } else { 1 };
        let most = if a < first { STRIP / 4 } else { STRIP };
        let count = axis.out.div_ceil((most / samples.max(1)).max(least)).max(1);
        tile[a] = axis.out.div_ceil(count).max(1);
        sizes[a] = Size::Alike(axis.needed(tile[a]));
        samples = samples.saturating_mul(sizes[a].samples());
    }
    Cut { tiling: Tiling::of(problem, tile), sizes: sizes.split_off(first) }
}

/// What transforms of this cut take.
pub(super) fn assess<A: Accum>(setting: &Setting<'_, A>, cut: &Cut) -> Result<Cost, Refusal> {
    let problem = setting.problem;
    let first = first(problem);
    let kernel = cut.sizes.iter().fold(1, |all: usize, size| match size {
        Size::Transformed(n) => all.saturating_mul(*n),
        Size::Alike(_) => all,
    });
    exact(setting, kernel)?;
    let (last, slow) = cut.sizes.split_last().expect("a block has axes");
    let rows = slow.iter().fold(1usize, |all, size| all.saturating_mul(size.samples()));
    // Rows are whole vectors.
    let lanes = arch::vector_len::<A>();
    let samples = rows.saturating_mul(last.samples().next_multiple_of(lanes));
    let (inputs, outputs) = (problem.inputs as f64, problem.outputs as f64);
    let sums = if problem.inputs > 1 { inputs * outputs * samples as f64 / 2.0 * cost::product::<A>() } else { 0.0 };
    // Where there is one input, forward and back are one way for each output.
    let ways = if problem.inputs > 1 { 0.5 * (inputs + outputs) } else { outputs };
    let repeated = cut.tiling.tile[..first].iter().map(|&n| n as f64).product::<f64>();
    let tile = repeated * (ways * cost::block::<A>(samples, rows) + sums);
    let nanoseconds = cost::tiles::<A>(problem, &cut.tiling) + cut.tiling.count(problem) * tile;
    // Where rows are not transformed, each number of the kernel's spectrum is a vector.
    let kernel = if let Size::Alike(_) = last { kernel.saturating_mul(16) } else { kernel };
    let pairs = problem.groups * problem.inputs * problem.outputs;
    let spectra = with_slack(kernel / 2).saturating_mul(pairs);
    let along = cut.sizes.iter().map(|size| size.samples()).fold(0, usize::saturating_add).saturating_mul(8);
    let tables = spectra.saturating_add(along).saturating_mul(size_of::<Complex<A::Real>>());
    let row = last.samples().next_multiple_of(16);
    let block = with_slack(rows.saturating_mul(row) / 2);
    let needs = needs(problem.inputs, block, 16 * row);
    let scratch = cut.tiling.all_bytes::<A>(problem, &needs);
    within(setting, Cost { nanoseconds, tables, scratch })
}

/// Numbers with what aligning them may cost.
fn with_slack(numbers: usize) -> usize {
    numbers.saturating_add(8)
}

fn needs(inputs: usize, numbers: usize, rows: usize) -> Needs {
    let spectra = if inputs == 1 { numbers } else { numbers.saturating_mul(inputs + 1) };
    Needs { spectra, reals: rows, ..Needs::default() }
}

/// Transforms of one size, with the spectra of the weights.
pub(super) struct Blocks<A: Accum> {
    tiling: Tiling,
    /// Axes before the first that is transformed.
    first: usize,
    strides: Dims,
    correlator: Box<dyn BlockCorrelator<A, A::Real>>,
    /// Of each pair of channels.
    spectra: Memory<Complex<A::Real>>,
    channels: (usize, usize),
}

impl<A: Accum> Blocks<A> {
    /// Transforms the weights.
    pub(super) fn new(setting: &Setting<'_, A>, cut: Cut) -> Self {
        let (problem, weights) = (setting.problem, setting.weights);
        let first = first(problem);
        let correlator = A::block_correlator(&cut.sizes).expect("reals have transforms of blocks");
        let size = correlator.weights();
        let mut spectra = Memory::new(weights.pairs().count() * size);
        let axes = &problem.axes[first..];
        let extents: Dims = axes.iter().map(|axis| axis.reach() + 1).collect();
        let apart: Dims = dense_strides(&extents).iter().zip(axes).map(|(place, axis)| place * axis.dilation).collect();
        let mut spread = arch::zeros(extents.iter().product());
        for ((g, o, i), spectrum) in weights.pairs().zip(spectra.chunks_exact_mut(size)) {
            for (tap, &w) in weights.pair(g, o, i).iter().enumerate() {
                spread[place_of(tap, &weights.shape[first..], &apart)] = w;
            }
            correlator.weigh(&spread, &extents, spectrum);
        }
        Blocks {
            tiling: cut.tiling,
            first,
            strides: problem.axes.iter().map(|axis| axis.stride).collect(),
            correlator,
            spectra,
            channels: (weights.outputs, weights.inputs),
        }
    }

    fn weights(&self, group: usize, output: usize, input: usize) -> &[Complex<A::Real>] {
        let (outputs, inputs) = self.channels;
        let size = self.correlator.weights();
        &self.spectra[((group * outputs + output) * inputs + input) * size..][..size]
    }

    /// The row of outputs that is this row of dense ones, if it is wanted: of a tile's part with such extents, whose rows
    /// before it are counted by `before`.
    fn wanted(&self, number: usize, dense: &[usize], extent: &[usize], before: usize) -> Option<usize> {
        let strides = &self.strides[self.first..];
        let (mut rest, mut at, mut place) = (number, 0, 1);
        for axis in (0..extent.len() - 1).rev() {
            let index = rest % dense[axis];
            rest /= dense[axis];
            if !index.is_multiple_of(strides[axis]) {
                return None;
            }
            at += index / strides[axis] * place;
            place *= extent[axis];
        }
        Some(before * place + at)
    }
}

impl<A: Accum> Prepared<A> for Blocks<A> {
    fn tiling(&self) -> &Tiling {
        &self.tiling
    }

    fn needs(&self) -> Needs {
        needs(self.channels.1, self.correlator.numbers(), self.correlator.rows())
    }

    fn is_local(&self) -> bool {
        false
    }

    fn run(&self, group: usize, x: &Block<'_, A>, y: &mut Outputs<'_, A>, work: &mut Work<A>) {
        let all = Dims::from_slice(y.extent());
        if all.contains(&0) {
            return;
        }
        let (outputs, inputs) = self.channels;
        let (before, extent) = all.split_at(self.first);
        let wanted: Dims =
            extent.iter().zip(&self.strides[self.first..]).map(|(&n, &stride)| dense(n, stride)).collect();
        let apart: Dims = x.strides[1..].iter().zip(&self.strides).map(|(place, stride)| place * stride).collect();
        let (samples, places) = (&x.shape[1 + self.first..], &x.strides[1 + self.first..]);
        let (&length, slow) = samples.split_last().expect("a block has axes");
        let step = self.strides[self.strides.len() - 1];
        let size = self.correlator.numbers();
        let Work { spectra, reals, .. } = work;
        for number in 0..before.iter().product() {
            let base = place_of(number, before, &apart);
            let row =
                |input: usize, at: usize| &x.data[input * x.strides[0] + base + place_of(at, slow, places)..][..length];
            let (blocks, sums) = spectra.split_at_mut(if inputs == 1 { 0 } else { inputs * size });
            for (input, spectrum) in blocks.chunks_exact_mut(size).enumerate() {
                self.correlator.forward(Input { extents: samples, row: &|at| row(input, at) }, spectrum);
            }
            for output in 0..outputs {
                let mut y = y.part(0, output, 1);
                let mut put = |at: usize, made: &[A]| {
                    let Some(at) = self.wanted(at, &wanted, extent, number) else { return };
                    match step {
                        1 => y.row(at).copy_from_slice(made),
                        _ => y.row(at).iter_mut().zip(made.iter().step_by(step)).for_each(|(y, &sum)| *y = sum),
                    }
                };
                let made = Output { extents: &wanted, put: &mut put };
                if inputs == 1 {
                    let block = Input { extents: samples, row: &|at| row(0, at) };
                    self.correlator.correlate(block, self.weights(group, output, 0), made, sums, reals);
                    continue;
                }
                for (input, spectrum) in blocks.chunks_exact(size).enumerate() {
                    let how = if input == 0 { Sum::Begin } else { Sum::Add };
                    self.correlator.multiply(spectrum, self.weights(group, output, input), sums, how);
                }
                self.correlator.inverse(sums, made, reals);
            }
        }
    }
}
