//! The sum as it is written, with lanes along its terms.
//!
//! For few outputs with long rows of terms, as gradients to the weights of few channels are: there a row of the kernel is a row of a
//! picture, or the images of a batch. Rows of weights are copied into whole vectors, with zeros after the last; samples stay where they
//! are. Each vector of samples meets some rows of weights, and each vector of weights some places ([`dots`](crate::micro::dots)).
//! Rows that follow one another in the kernel and in the block are one row.
//!
//! The zeros meet samples from beyond the row, so a sample that is not finite may reach outputs that it must not: such tiles are
//! made again by the sum as it is written.
//!
//! Error: `(inputs * K + 2) eps sum |w| |x|`, and less in practice, since each lane sums its own share.
//! Cost per output: one multiplication for each weight, and a half of a load.

use std::ops::Range;

use super::{Cost, Method, Needs, Prepared, Roundings, Setting, Steps, Tiling, Work, is_float, only_floats, within};
use crate::{
    Accum, Dims, Problem, Refusal,
    arch::{self, Lanes, Outputs, Simd, dispatch},
    cost,
    geometry::{dense_strides, place_of},
    kernel::weights::Weights,
    line::Block,
    micro::dots::{Rows, Sums, rows, tile},
};

/// Terms that are taken for all outputs before the next: rows of them stay in the caches.
const DEPTH: usize = 2048;

/// Bytes of a block and its outputs.
const BYTES: usize = 4 << 20;

pub(crate) struct Dots;

struct Ready<A> {
    steps: Steps,
    tiling: Tiling,
    sizes: Sizes,
    /// For each group and output: rows of whole vectors.
    weights: Vec<A>,
}

/// How much there is of what.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    outputs: usize,
    inputs: usize,
    /// Outputs along the axes of a tile.
    places: usize,
    lanes: usize,
    /// The axis from which on weights are one row.
    first: usize,
    /// Terms of a row, and rows.
    row: usize,
    rows: usize,
}

impl Sizes {
    fn new<A: Accum>(problem: &Problem, tiling: &Tiling) -> Sizes {
        let lanes = dispatch!(arch::level(), simd => of_set::<_, A>(simd));
        let axes = &problem.axes;
        let mut first = axes.len().saturating_sub(1);
        // Whole axes of samples, one after the other, meet whole axes of weights.
        let is_whole = |axis: usize| tiling.block[axis] == axes[axis].kernel && axes[axis].dilation == 1;
        while first > 0 && (first..axes.len()).all(is_whole) && axes[first - 1].dilation == 1 {
            first -= 1;
        }
        let row = axes[first..].iter().map(|axis| axis.kernel).product();
        let rows = problem.inputs * axes[..first].iter().map(|axis| axis.kernel).product::<usize>();
        let places = tiling.tile.iter().product();
        Sizes { outputs: problem.outputs, inputs: problem.inputs, places, lanes, first, row, rows }
    }

    /// Terms of a row, filled up to whole vectors.
    fn filled(&self) -> usize {
        self.row.next_multiple_of(self.lanes)
    }

    fn needs(&self) -> Needs {
        let sums = self.outputs.saturating_mul(self.places).saturating_mul(self.lanes);
        Needs { sums, offsets: self.rows, ..Needs::default() }
    }

    /// The rows, some at a time.
    fn depths(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let (rows, some) = (self.rows, DEPTH.div_ceil(self.filled()));
        (0..rows).step_by(some).map(move |first| first..rows.min(first + some))
    }
}

#[inline(always)]
fn of_set<S: Simd, A: Accum>(_: S) -> usize {
    A::Lanes::<S>::LEN
}

fn tiling<A: Accum>(setting: &Setting<'_, A>) -> (Tiling, Sizes) {
    let problem = setting.problem;
    let fits = |tiling: &Tiling| {
        let bytes = tiling.bytes::<A>(problem);
        let needs = Sizes::new::<A>(problem, tiling).needs().bytes::<A>();
        bytes.saturating_add(needs) <= BYTES.min(setting.memory) && tiling.is_shared(problem, bytes)
    };
    let tiling = Tiling::grown(problem, 1, fits);
    let sizes = Sizes::new::<A>(problem, &tiling);
    (tiling, sizes)
}

impl<A: Accum> Method<A> for Dots {
    fn assess(&self, setting: &Setting<'_, A>) -> Result<Cost, Refusal> {
        let problem = setting.problem;
        only_floats::<A>()?;
        if problem.axes.last().is_none_or(|axis| axis.kernel < 2 || axis.dilation > 1) {
            return Err(Refusal::because("its weights along the last axis are no row"));
        }
        let (tiling, sizes) = tiling(setting);
        let sums = (sizes.outputs * sizes.places * sizes.rows) as f64;
        let each = cost::dots::<A>((sizes.filled() / sizes.lanes) as f64);
        let outputs = (sizes.outputs * sizes.places) as f64 * cost::LANES;
        let nanoseconds = cost::tiles::<A>(problem, &tiling) + tiling.count(problem) * (sums * each + outputs);
        let weights = problem.groups * sizes.outputs * sizes.rows;
        let tables = weights.saturating_mul(sizes.filled() * size_of::<A>());
        let scratch = tiling.bytes::<A>(problem).saturating_add(sizes.needs().bytes::<A>());
        within(setting, Cost { nanoseconds, tables, scratch })
    }

    fn roundings(&self, setting: &Setting<'_, A>) -> Option<Roundings> {
        Some(Roundings::OfSums(setting.problem.inputs * setting.problem.volume() + 2))
    }

    fn prepare(&self, setting: &Setting<'_, A>) -> Box<dyn Prepared<A>> {
        let (tiling, sizes) = tiling(setting);
        let steps = Steps::of(setting.problem);
        Box::new(Ready { steps, tiling, sizes, weights: packed(setting.weights, &sizes) })
    }
}

/// Rows of weights, filled up with zeros.
fn packed<A: Accum>(weights: &Weights<A>, sizes: &Sizes) -> Vec<A> {
    let filled = sizes.filled();
    let mut all = arch::zeros(weights.groups * sizes.outputs * sizes.rows * filled);
    for (to, row) in all.chunks_exact_mut(filled).zip(weights.data.chunks_exact(sizes.row)) {
        to[..sizes.row].copy_from_slice(row);
    }
    all
}

impl<A: Accum> Prepared<A> for Ready<A> {
    fn tiling(&self) -> &Tiling {
        &self.tiling
    }

    fn needs(&self) -> Needs {
        self.sizes.needs()
    }

    fn is_local(&self) -> bool {
        false
    }

    fn run(&self, group: usize, x: &Block<'_, A>, y: &mut Outputs<'_, A>, work: &mut Work<A>) {
        let sizes = &self.sizes;
        // Rows that are taken as one must be one: memory that is lent may have gaps.
        let is_dense = x.strides[1 + sizes.first..] == dense_strides(&x.shape[1 + sizes.first..])[..];
        let mut copied = Vec::new();
        let copy;
        let x = match is_dense {
            true => x,
            false => {
                copied.resize(x.shape.iter().product(), A::ZERO);
                x.copy_to(&mut copied);
                copy = Block::dense(&copied, &x.shape);
                &copy
            }
        };
        let weights = self.weights.chunks_exact(sizes.outputs * sizes.rows * sizes.filled()).nth(group);
        let offsets = &mut work.offsets[..sizes.rows];
        let outer: Dims =
            std::iter::once(sizes.inputs).chain(self.steps.kernel[..sizes.first].iter().copied()).collect();
        let apart =
            |axis: usize| if axis == 0 { x.strides[0] } else { self.steps.dilation[axis - 1] * x.strides[axis] };
        let apart: Dims = (0..outer.len()).map(apart).collect();
        for (row, place) in offsets.iter_mut().enumerate() {
            *place = place_of(row, &outer, &apart);
        }
        let extent = Dims::from_slice(y.extent());
        let places = extent.iter().product::<usize>();
        let sums = &mut work.sums[..sizes.outputs * places * sizes.lanes];
        sums.fill(A::ZERO);
        let steps: Dims = (0..extent.len()).map(|axis| self.steps.stride[axis] * x.strides[axis + 1]).collect();
        let tile =
            Tile { sizes, weights: weights.expect("a group"), offsets, x: x.data, extent: &extent, steps: &steps };
        if const { is_float::<A>() } {
            dispatch!(arch::level(), simd => tile.fill(simd, sums));
        }
        let mut all =
            sums.chunks_exact(sizes.lanes).map(|lanes| lanes.iter().fold(A::ZERO, |sum, &lane| sum.plus(lane)));
        y.for_each_row(|_, row| row.iter_mut().zip(&mut all).for_each(|(y, sum)| *y = sum));
    }
}

/// What one tile is made of.
struct Tile<'a, A> {
    sizes: &'a Sizes,
    weights: &'a [A],
    offsets: &'a [usize],
    x: &'a [A],
    extent: &'a [usize],
    /// Samples from a place to the next, along each axis.
    steps: &'a [usize],
}

impl<A: Accum> Tile<'_, A> {
    /// Adds all terms to vectors of sums, `[output][place]`.
    #[inline(always)]
    fn fill<S: Simd>(&self, simd: S, sums: &mut [A]) {
        let places = self.extent.iter().product::<usize>();
        let [down, along] = self.two();
        let mut others = Dims::from_slice(self.extent);
        let counts = [down, along].map(|axis| axis.map_or(1, |axis| std::mem::replace(&mut others[axis], 1)));
        let dense = dense_strides(self.extent);
        let pitches = [down, along].map(|axis| axis.map_or(0, |axis| self.steps[axis]));
        let apart = [down, along].map(|axis| axis.map_or(0, |axis| dense[axis]));
        let some = rows::<S, A>();
        for depth in self.sizes.depths() {
            let mut output = 0;
            while output < self.sizes.outputs {
                let rows = if output + some <= self.sizes.outputs { some } else { 1 };
                for at in 0..others.iter().product() {
                    let (sample, place) = (place_of(at, &others, self.steps), place_of(at, &others, &dense));
                    let sums = &mut sums[(output * places + place) * self.sizes.lanes..];
                    self.patches::<S>(simd, depth.clone(), (output, rows), sample, (counts, pitches, apart), sums);
                }
                output += rows;
            }
        }
    }

    /// The two axes along which places are taken together: the last ones with several.
    #[inline(always)]
    fn two(&self) -> [Option<usize>; 2] {
        let mut several = (0..self.extent.len()).rev().filter(|&axis| self.extent[axis] > 1);
        let along = several.next();
        [several.next(), along]
    }

    /// Places along two axes, some at a time, for one or for as many rows of weights as are taken at once.
    #[inline(always)]
    fn patches<S: Simd>(
        &self,
        simd: S,
        depth: Range<usize>,
        (output, rows): (usize, usize),
        sample: usize,
        (counts, pitches, apart): ([usize; 2], [usize; 2], [usize; 2]),
        sums: &mut [A],
    ) {
        let mut down = 0;
        while down < counts[0] {
            let taken = if rows == 1 && down + 3 <= counts[0] { 3 } else { 1 };
            let mut along = 0;
            while along < counts[1] {
                let left = counts[1] - along;
                let abreast = if left >= 5 && taken == 1 {
                    5
                } else if left >= 3 {
                    3
                } else {
                    1
                };
                let sample = sample + down * pitches[0] + along * pitches[1];
                let place = (down * apart[0] + along * apart[1]) * self.sizes.lanes;
                let mut to = Sums {
                    sums: &mut sums[place..],
                    apart: self.extent.iter().product::<usize>() * self.sizes.lanes,
                    pitches: apart,
                };
                self.patch::<S>(simd, depth.clone(), output, sample, pitches, (rows, taken, abreast), &mut to);
                along += abreast;
            }
            down += taken;
        }
    }

    /// Some rows of terms for some outputs and some places.
    #[inline(always)]
    #[allow(clippy::too_many_arguments)]
    fn patch<S: Simd>(
        &self,
        simd: S,
        depth: Range<usize>,
        output: usize,
        sample: usize,
        pitches: [usize; 2],
        (rows, taken, abreast): (usize, usize, usize),
        to: &mut Sums<'_, A>,
    ) {
        let terms = self.sizes.filled();
        let apart = self.sizes.rows * terms;
        let weights = &self.weights[output * apart..];
        let last = sample + (taken - 1) * pitches[0] + (abreast - 1) * pitches[1] + terms;
        // Where zeros after a row would meet what is not there, it is summed one by one: mostly the very last.
        let is_beyond = |row: &usize| last + self.offsets[*row] > self.x.len();
        let fitting = depth.start..depth.clone().find(is_beyond).unwrap_or(depth.end);
        for row in fitting.end..depth.end {
            self.row(&weights[row * terms..], sample + self.offsets[row], pitches, (rows, taken, abreast), to);
        }
        let (weights, offsets) = (&weights[fitting.start * terms..], &self.offsets[fitting]);
        let here = Rows { weights, apart, terms, x: &self.x[sample..], offsets, pitches };
        match (rows, taken, abreast) {
            (1, 3, 3) => tile::<S, A, 1, 3, 3>(simd, &here, to),
            (1, 3, _) => tile::<S, A, 1, 3, 1>(simd, &here, to),
            (1, _, 5) => tile::<S, A, 1, 1, 5>(simd, &here, to),
            (1, _, 3) => tile::<S, A, 1, 1, 3>(simd, &here, to),
            (1, ..) => tile::<S, A, 1, 1, 1>(simd, &here, to),
            (4, _, 5) => tile::<S, A, 4, 1, 5>(simd, &here, to),
            (4, _, 3) => tile::<S, A, 4, 1, 3>(simd, &here, to),
            (4, ..) => tile::<S, A, 4, 1, 1>(simd, &here, to),
            (_, _, 5) => tile::<S, A, 2, 1, 5>(simd, &here, to),
            (_, _, 3) => tile::<S, A, 2, 1, 3>(simd, &here, to),
            _ => tile::<S, A, 2, 1, 1>(simd, &here, to),
        }
    }
    /// One row of terms, one product after the other.
    fn row(
        &self,
        weights: &[A],
        sample: usize,
        pitches: [usize; 2],
        (rows, taken, abreast): (usize, usize, usize),
        to: &mut Sums<'_, A>,
    ) {
        let apart = self.sizes.rows * self.sizes.filled();
        for (p, q) in (0..taken).flat_map(|p| (0..abreast).map(move |q| (p, q))) {
            let x = &self.x[sample + p * pitches[0] + q * pitches[1]..][..self.sizes.row];
            for r in 0..rows {
                let sum = x.iter().zip(&weights[r * apart..]).fold(A::ZERO, |sum, (&x, &w)| x.times(w).plus(sum));
                let place = r * to.apart + (p * to.pitches[0] + q * to.pitches[1]) * self.sizes.lanes;
                to.sums[place] = to.sums[place].plus(sum);
            }
        }
    }
}
