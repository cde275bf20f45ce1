//! The sum as it is written, over one block: what `direct` does at once and `separable` axis by axis.
//!
//! All weights become taps, pairs of a distance in the block and a weight, and rows of outputs are calls of the routines in
//! [`fir`](crate::micro::fir), one row at a time or a strip of them. Two things make rows long and contiguous: neighbouring axes
//! along which nothing is strided or extended are one row, and a stride along the last axis is spent by sorting its samples into
//! phases first, so that the samples of neighbouring outputs are neighbours.

use super::Needs;
use crate::{
    Accum, Dims, Problem,
    arch::{self, Outputs},
    geometry::{dense_strides, place_of},
    line::Block,
    micro::fir::{Ahead, Order, Taps, rows, sorted, strips},
};

/// Outputs along an axis from which on it is worth to take several at once.
const BAND: usize = 8;

/// The kernel's extents, strides and dilations, axis by axis.
#[derive(Debug, Clone)]
pub(crate) struct Steps {
    pub(crate) kernel: Dims,
    pub(crate) stride: Dims,
    pub(crate) dilation: Dims,
    /// Outputs of the problem.
    out: Dims,
}

impl Steps {
    /// Those of a problem.
    pub(crate) fn of(problem: &Problem) -> Steps {
        let axes = &problem.axes;
        Steps {
            kernel: axes.iter().map(|axis| axis.kernel).collect(),
            stride: axes.iter().map(|axis| axis.stride).collect(),
            dilation: axes.iter().map(|axis| axis.dilation).collect(),
            out: axes.iter().map(|axis| axis.out).collect(),
        }
    }

    /// Those of a problem along one axis; along the others, nothing happens.
    pub(crate) fn along(problem: &Problem, axis: usize) -> Steps {
        let mut steps = Steps::of(problem);
        for other in (0..problem.axes.len()).filter(|&other| other != axis) {
            (steps.kernel[other], steps.stride[other], steps.dilation[other]) = (1, 1, 1);
        }
        steps
    }

    /// The axis from which on a row of outputs is a row of samples: nothing is strided, and both lie equally far apart.
    pub(super) fn row(&self, x: &[usize], y: &[usize], extent: &[usize]) -> usize {
        let dense = dense_strides(extent);
        let mut first = extent.len().saturating_sub(1);
        let alike = |axis: usize| self.stride[axis] == 1 && x[axis] == dense[axis] && y[axis] == dense[axis];
        while first > 0 && self.stride[extent.len() - 1] == 1 && alike(first - 1) {
            first -= 1;
        }
        first
    }

    /// The axis across which combs of taps lie, if that shares most loads; else they lie along rows. It is the same for all tiles,
    /// so that all outputs are summed in one order.
    fn across<A: Accum>(&self) -> Option<usize> {
        let lanes = arch::vector_len::<A>();
        let (&along, outer) = self.kernel.split_last()?;
        // As long as a row can be: along the axes from the next one on that have one weight, and the last.
        let row = |axis: usize| {
            let free =
                (axis + 1..outer.len()).rev().take_while(|&next| self.kernel[next + 1..].iter().all(|&k| k == 1));
            free.fold(*self.out.last().expect("there is a last axis"), |row, next| row * self.out[next])
        };
        let fits = |&axis: &usize| {
            let alike = self.stride[axis] == 1 && self.dilation[axis] == 1;
            alike && outer[axis] > 1 && self.out[axis] >= BAND && row(axis) >= 2 * lanes
        };
        let axis = (0..outer.len()).rev().filter(fits).max_by_key(|&axis| outer[axis])?;
        // Taps of a row share what they load if they are a vector's length apart.
        let teeth = if self.neighbours() == 1 { 1 } else { along.div_ceil(lanes) };
        (outer[axis].min(4) > teeth.min(4)).then_some(axis)
    }

    /// How taps are taken.
    pub(crate) fn order<A: Accum>(&self) -> Order {
        self.order_across::<A>(self.across::<A>())
    }

    /// The same, where the axis across which combs lie is known.
    fn order_across<A: Accum>(&self, across: Option<usize>) -> Order {
        if let Some(axis) = across {
            return Order::Across { teeth: self.kernel[axis] };
        }
        match self.neighbours() {
            neighbours if neighbours * size_of::<A>() > arch::vector() => Order::Along { neighbours },
            neighbours => Order::Plain { neighbours },
        }
    }

    /// How many taps at a time are neighbours: those along the last axis, where nothing sets them apart.
    fn neighbours(&self) -> usize {
        match (self.kernel.last(), self.stride.last(), self.dilation.last()) {
            (Some(&kernel), Some(1), Some(1)) => kernel,
            _ => 1,
        }
    }

    /// Samples along an axis that so many outputs read.
    pub(crate) fn needed(&self, axis: usize, outputs: usize) -> usize {
        (outputs - 1) * self.stride[axis] + (self.kernel[axis] - 1) * self.dilation[axis] + 1
    }

    fn last_stride(&self) -> usize {
        self.stride.last().copied().unwrap_or(1)
    }

    /// Where the first sample of a tap stands, in a block of this shape whose distances are such once it is [`spread`](Self::spread).
    pub(super) fn offset(&self, tap: usize, (shape, strides): (&[usize], &[usize])) -> usize {
        let (axes, stride) = (self.kernel.len(), self.last_stride());
        // Length of a phase: how far apart neighbouring samples lie once sorted.
        let phase = shape.last().map_or(1, |last| last.div_ceil(stride));
        let mut rest = tap;
        let mut offset = 0;
        for axis in (0..axes).rev() {
            let ahead = rest % self.kernel[axis] * self.dilation[axis];
            rest /= self.kernel[axis];
            offset += match axis + 1 == axes && stride > 1 {
                true => ahead % stride * phase + ahead / stride,
                false => ahead * strides[axis + 1],
            };
        }
        offset + rest * strides[0]
    }

    /// How many taps there are of `inputs` channels, along each axis, the channels' first, and how far apart their samples lie in a
    /// block that is not spread.
    pub(super) fn taps(&self, inputs: usize, strides: &[usize]) -> (Dims, Dims) {
        let apart = self.dilation.iter().zip(&strides[1..]).map(|(dilation, stride)| dilation * stride);
        let counts = std::iter::once(inputs).chain(self.kernel.iter().copied());
        (counts.collect(), std::iter::once(strides[0]).chain(apart).collect())
    }

    /// How far apart the samples of neighbouring outputs lie, along the first `axes` of the axes.
    pub(super) fn apart(&self, axes: usize, strides: &[usize]) -> Dims {
        (0..axes).map(|axis| self.stride[axis] * strides[axis + 1]).collect()
    }

    /// Calls `each` with every one of `count` taps in the order of sums.
    fn in_order(&self, across: Option<usize>, count: usize, each: impl FnMut(usize)) {
        match across {
            Some(axis) => sorted(count, self.kernel[axis], self.kernel[axis + 1..].iter().product(), each),
            None => (0..count).for_each(each),
        }
    }

    /// The distances in a dense block of this shape once it is [`spread`](Self::spread).
    pub(crate) fn spread_strides(&self, shape: &[usize]) -> Dims {
        let mut spread = Dims::from_slice(shape);
        if let (Some(last), stride @ 2..) = (spread.last_mut(), self.last_stride()) {
            *last = sorted_row(*last, stride);
        }
        dense_strides(&spread)
    }

    /// The samples of a block and their distances, with those that neighbouring outputs read beside one another.
    pub(crate) fn spread<'w, A: Accum>(&self, x: &Block<'w, A>, room: &'w mut [A]) -> (&'w [A], Dims) {
        match self.last_stride() {
            1 => (x.data, x.strides.clone()),
            stride => (phases(x, stride, room), self.spread_strides(&x.shape)),
        }
    }

    /// Outputs of a row, for a dense block.
    pub(crate) fn row_len<A: Accum>(&self, block: &[usize], extent: &[usize]) -> usize {
        let first = self.row(&dense_strides(block), &dense_strides(extent), extent);
        let first = self.across::<A>().map_or(first, |axis| first.max(axis + 1));
        extent[first..].iter().product::<usize>().max(1)
    }

    /// Sums that [`spread`](Self::spread) needs for `inputs` channels of a block of the given extents.
    pub(super) fn phases(&self, inputs: usize, block: &[usize]) -> usize {
        match (self.stride.last(), block) {
            (Some(&stride), [outer @ .., last]) if stride > 1 => {
                outer.iter().fold(inputs, |all, &n| all.saturating_mul(n)).saturating_mul(sorted_row(*last, stride))
            }
            _ => 0,
        }
    }

    /// What [`stencil`] needs for `inputs` channels of a block of the given extents.
    pub(crate) fn needs(&self, inputs: usize, block: &[usize]) -> Needs {
        let offsets = inputs.saturating_mul(self.kernel.iter().product());
        let phases = self.phases(inputs, block);
        let weights = if self.kernel.len() > 1 { offsets } else { 0 };
        Needs { sums: phases.saturating_add(weights), offsets, ..Needs::default() }
    }
}

/// Scratch of one call.
pub(crate) struct Room<'a, A> {
    /// For samples sorted into phases, and for weights sorted into combs.
    pub(crate) sorted: &'a mut [A],
    /// For the distances of the taps.
    pub(crate) offsets: &'a mut [usize],
}

/// `y[output, o..] = sum of weights[output, input, k..] * x[input, o * stride + k * dilation ..]`, along each axis as many
/// outputs as `y` has.
pub(crate) fn stencil<A: Accum>(
    steps: &Steps,
    weights: &[A],
    x: &Block<'_, A>,
    y: &mut Outputs<'_, A>,
    room: Room<'_, A>,
) {
    let taps = x.shape[0] * steps.kernel.iter().product::<usize>();
    let (in_combs, in_phases) = room.sorted.split_at_mut(if steps.across::<A>().is_some() { taps } else { 0 });
    let (data, strides) = steps.spread(x, in_phases);
    let laid = Laid::new::<A>(steps, x.shape[0], (&x.shape, &strides), room.offsets);
    for (output, weights) in weights.chunks_exact(taps).enumerate() {
        laid.fill(laid.sorted(weights, in_combs), data, &mut y.part(0, output, 1), Ahead::NONE);
    }
}

/// The sum for blocks whose rows lie alike: where the samples of each tap stand.
pub(crate) struct Laid<'a> {
    steps: &'a Steps,
    /// Distances in the block.
    strides: Dims,
    /// Those of all taps, in the order of sums.
    offsets: &'a [usize],
    across: Option<usize>,
    order: Order,
}

impl<'a> Laid<'a> {
    /// For so many channels of blocks whose last axis is as long, and whose distances are such once they are [`spread`](Steps::spread).
    pub(crate) fn new<A: Accum>(
        steps: &'a Steps,
        inputs: usize,
        (shape, strides): (&[usize], &[usize]),
        offsets: &'a mut [usize],
    ) -> Laid<'a> {
        let across = steps.across::<A>();
        let count = inputs * steps.kernel.iter().product::<usize>();
        let mut places = offsets.iter_mut();
        steps.in_order(across, count, |tap| {
            *places.next().expect("a place for each tap") = steps.offset(tap, (shape, strides));
        });
        let (offsets, order) = (&offsets[..count], steps.order_across::<A>(across));
        Laid { steps, strides: Dims::from_slice(strides), offsets, across, order }
    }

    /// The weights of one output channel in the order of sums.
    pub(crate) fn sorted<'w, A: Accum>(&self, weights: &'w [A], room: &'w mut [A]) -> &'w [A] {
        if self.across.is_none() {
            return weights;
        }
        let mut places = room.iter_mut();
        let each = |tap: usize| *places.next().expect("a place for each weight") = weights[tap];
        self.steps.in_order(self.across, weights.len(), each);
        &room[..weights.len()]
    }

    /// Fills one channel of outputs, by sorted weights, from the samples of its first output on.
    pub(crate) fn fill<A: Accum>(&self, weights: &[A], x: &[A], y: &mut Outputs<'_, A>, ahead: Ahead<'_, A>) {
        let &Laid { steps, ref strides, offsets, across, order } = self;
        let extent = Dims::from_slice(y.extent());
        let first = if extent.is_empty() { 0 } else { steps.row(&strides[1..], &y.strides()[1..], &extent) };
        let first = across.map_or(first, |axis| first.max(axis + 1));
        let apart = steps.apart(first, strides);
        let taps = Taps { offsets, weights, order };
        let mut y = y.merged(1 + first);
        match across {
            Some(axis) => {
                let others: Dims = (0..first).map(|other| if other == axis { 1 } else { extent[other] }).collect();
                strips(&taps, strides[axis + 1], x, (&mut y, 1 + axis), |at| place_of(at, &others, &apart));
            }
            None => rows(&taps, x, &mut y, ahead, |at| place_of(at, &extent[..first], &apart)),
        }
    }
}

/// Length of a row of samples sorted into phases: as many as there can be, all as long as the longest.
fn sorted_row(last: usize, stride: usize) -> usize {
    stride.min(last) * last.div_ceil(stride)
}

/// Sorts the samples of each row by their remainder: `stride` phases, each contiguous.
fn phases<'w, A: Accum>(x: &Block<'_, A>, stride: usize, sorted: &'w mut [A]) -> &'w [A] {
    let (&last, outer) = x.shape.split_last().expect("a block has channels and axes");
    let row = sorted_row(last, stride);
    let phase = last.div_ceil(stride);
    let count: usize = outer.iter().product();
    x.for_each_row(|at, from| {
        for (p, sorted) in sorted[at * row..][..row].chunks_exact_mut(phase).enumerate() {
            for (q, place) in sorted.iter_mut().enumerate() {
                *place = from.get(q * stride + p).copied().unwrap_or(A::ZERO);
            }
        }
    });
    &sorted[..count * row]
}
