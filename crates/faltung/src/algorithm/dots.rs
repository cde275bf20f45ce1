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

use super::{
    Cost, Method, Needs, Prepared, Roundings, Setting, Steps, Tiling, Work,
    packing::{in_use, is_float, only_floats, pieces},
    within,
};
use crate::{
    Accum, Dims, Problem, Refusal,
    arch::{self, Lanes, Outputs, Simd, dispatch},
    cost,
    geometry::{dense_strides, place_of},
    kernel::weights::Weights,
    line::Block,
    micro::dots::{Rows, Sums, outputs, tile},
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
        let lanes = in_use::<A>().0;
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
        Sizes { outputs: problem.outputs, places, lanes, first, row, rows }
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
        pieces(self.rows, DEPTH.div_ceil(self.filled()))
    }
}

fn tiling<A: Accum>(setting: &Setting<'_, A>) -> (Tiling, Sizes) {
    let problem = setting.problem;
    let fits = |tiling: &Tiling| {
        let bytes = tiling.bytes::<A>(problem);
        let all = tiling.all_bytes::<A>(problem, &Sizes::new::<A>(problem, tiling).needs());
        all <= BYTES.min(setting.memory) && tiling.is_shared(problem, bytes)
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
        let scratch = tiling.all_bytes::<A>(problem, &sizes.needs());
        within(setting, Cost { nanoseconds, tables, scratch })
    }

    fn roundings(&self, setting: &Setting<'_, A>) -> Option<Roundings> {
        Some(Roundings::of_terms(setting.problem))
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
        if x.strides[1 + sizes.first..] != dense_strides(&x.shape[1 + sizes.first..])[..] {
            let mut copy = vec![A::ZERO; x.shape.iter().product()];
            x.copy_to(&mut copy);
            return self.run(group, &Block::dense(&copy, &x.shape), y, work);
        }
        let size = sizes.outputs * sizes.rows * sizes.filled();
        let weights = &self.weights[group * size..][..size];
        let offsets = &mut work.offsets[..sizes.rows];
        let (counts, apart) = self.steps.taps(x.shape[0], &x.strides);
        for (row, place) in offsets.iter_mut().enumerate() {
            *place = place_of(row, &counts[..=sizes.first], &apart[..=sizes.first]);
        }
        let extent = Dims::from_slice(y.extent());
        let sums = &mut work.sums[..sizes.outputs * extent.iter().product::<usize>() * sizes.lanes];
        sums.fill(A::ZERO);
        if const { is_float::<A>() } {
            let steps = self.steps.apart(extent.len(), &x.strides);
            let tile = Tile::new(sizes, (weights, offsets), x.data, &extent, &steps);
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
    /// Outputs of a channel.
    places: usize,
    /// How many there are along each axis but those along which they are taken together, samples and outputs from one to the next.
    others: Dims,
    steps: &'a [usize],
    dense: Dims,
    /// The same along the two axes along which they are taken together.
    counts: [usize; 2],
    pitches: [usize; 2],
    apart: [usize; 2],
}

impl<'a, A: Accum> Tile<'a, A> {
    /// For outputs of such an extent, whose samples lie so far apart.
    fn new(
        sizes: &'a Sizes,
        (weights, offsets): (&'a [A], &'a [usize]),
        x: &'a [A],
        extent: &[usize],
        steps: &'a [usize],
    ) -> Self {
        let dense = dense_strides(extent);
        // The last axes with several places.
        let mut several = (0..extent.len()).rev().filter(|&axis| extent[axis] > 1);
        let along = several.next();
        let two = [several.next(), along];
        let mut others = Dims::from_slice(extent);
        let counts = two.map(|axis| axis.map_or(1, |axis| std::mem::replace(&mut others[axis], 1)));
        let pitches = two.map(|axis| axis.map_or(0, |axis| steps[axis]));
        let apart = two.map(|axis| axis.map_or(0, |axis| dense[axis]));
        let places = extent.iter().product();
        Tile { sizes, weights, offsets, x, places, others, steps, dense, counts, pitches, apart }
    }

    /// Adds all terms to vectors of sums, `[output][place]`.
    #[inline(always)]
    fn fill<S: Simd>(&self, simd: S, sums: &mut [A]) {
        match const { outputs(A::Lanes::<S>::BLOCK) } {
            4 => self.depths::<S, 4>(simd, sums),
            _ => self.depths::<S, 2>(simd, sums),
        }
    }

    /// `R` outputs at a time, then one by one.
    #[inline(always)]
    fn depths<S: Simd, const R: usize>(&self, simd: S, sums: &mut [A]) {
        let whole = self.sizes.outputs / R * R;
        for depth in self.sizes.depths() {
            for output in (0..whole).step_by(R) {
                self.outputs::<S, R>(simd, &depth, output, sums);
            }
            for output in whole..self.sizes.outputs {
                self.outputs::<S, 1>(simd, &depth, output, sums);
            }
        }
    }

    /// All places of `R` outputs.
    #[inline(always)]
    fn outputs<S: Simd, const R: usize>(&self, simd: S, depth: &Range<usize>, output: usize, sums: &mut [A]) {
        for at in 0..self.others.iter().product() {
            let (sample, place) = (place_of(at, &self.others, self.steps), place_of(at, &self.others, &self.dense));
            let mut down = 0;
            while down < self.counts[0] {
                let sample = sample + down * self.pitches[0];
                let place = output * self.places + place + down * self.apart[0];
                let sums = &mut sums[place * self.sizes.lanes..];
                if const { R == 1 } && down + 3 <= self.counts[0] {
                    self.lines::<S, R, 3>(simd, depth, output, sample, sums);
                    down += 3;
                } else {
                    self.lines::<S, R, 1>(simd, depth, output, sample, sums);
                    down += 1;
                }
            }
        }
    }

    /// `P` lines of places, some along them at a time.
    #[inline(always)]
    fn lines<S: Simd, const R: usize, const P: usize>(
        &self,
        simd: S,
        depth: &Range<usize>,
        output: usize,
        sample: usize,
        sums: &mut [A],
    ) {
        let mut along = 0;
        while along < self.counts[1] {
            let left = self.counts[1] - along;
            let sample = sample + along * self.pitches[1];
            let sums = &mut sums[along * self.apart[1] * self.sizes.lanes..];
            if const { P == 1 } && left >= 5 {
                self.patch::<S, R, P, 5>(simd, depth, output, sample, sums);
                along += 5;
            } else if left >= 3 {
                self.patch::<S, R, P, 3>(simd, depth, output, sample, sums);
                along += 3;
            } else {
                self.patch::<S, R, P, 1>(simd, depth, output, sample, sums);
                along += 1;
            }
        }
    }

    /// Some rows of terms for `R` outputs and `P` by `Q` places.
    #[inline(always)]
    fn patch<S: Simd, const R: usize, const P: usize, const Q: usize>(
        &self,
        simd: S,
        depth: &Range<usize>,
        output: usize,
        sample: usize,
        sums: &mut [A],
    ) {
        let terms = self.sizes.filled();
        let (weights, x) = (&self.weights[output * self.sizes.rows * terms..], &self.x[sample..]);
        let last = (P - 1) * self.pitches[0] + (Q - 1) * self.pitches[1] + terms;
        // Where zeros after a row would meet what is not there, it is summed one by one: mostly the very last.
        let is_beyond = |row: &usize| last + self.offsets[*row] > x.len();
        let fitting = depth.start..depth.clone().find(is_beyond).unwrap_or(depth.end);
        for row in fitting.end..depth.end {
            self.row::<R, P, Q>(&weights[row * terms..], &x[self.offsets[row]..], sums);
        }
        let (weights, offsets) = (&weights[fitting.start * terms..], &self.offsets[fitting]);
        let apart = self.sizes.rows * terms;
        let here = Rows { weights, apart, terms, x, offsets, pitches: self.pitches };
        let mut to = Sums { sums, apart: self.places * self.sizes.lanes, pitches: self.apart };
        tile::<S, A, R, P, Q>(simd, &here, &mut to);
    }

    /// One row of terms, one product after the other.
    fn row<const R: usize, const P: usize, const Q: usize>(&self, weights: &[A], x: &[A], sums: &mut [A]) {
        let apart = self.sizes.rows * self.sizes.filled();
        for (p, q) in (0..P).flat_map(|p| (0..Q).map(move |q| (p, q))) {
            let x = &x[p * self.pitches[0] + q * self.pitches[1]..][..self.sizes.row];
            for r in 0..R {
                let sum = x.iter().zip(&weights[r * apart..]).fold(A::ZERO, |sum, (&x, &w)| x.times(w).plus(sum));
                let place = r * self.places + p * self.apart[0] + q * self.apart[1];
                let place = &mut sums[place * self.sizes.lanes];
                *place = place.plus(sum);
            }
        }
    }
}
