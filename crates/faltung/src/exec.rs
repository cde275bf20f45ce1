//! Walking, tiling, threads and scratch; and what is not finite.
//!
//! Outputs are cut into tiles by a grid that depends on the plan alone. Workers take tiles as they come, each with its own
//! scratch, so a result is the same to the bit for any number of threads. For each tile the worker borrows or gathers the
//! block of samples and lets the algorithm fill the outputs, in the result's own memory where that holds sums in rows, else in
//! scratch that is stored afterwards. A tile that reaches beyond the signal's ends is filled in parts, if the algorithm allows,
//! so that only its edges are gathered.
//!
//! A NaN or an infinity must reach exactly the outputs whose window holds it. A direct sum does that by itself; all other
//! algorithms let it reach these, and perhaps more. So unless all samples are numbers of which no sum can overflow on any way,
//! outputs are looked at: where one is not finite, the tile is filled again without such samples (as zeros), and the outputs
//! they reach are made of them afterwards: whatever the finite terms come to, only the others decide. If the block is finite,
//! sums have overflowed on a way that the direct sum may not go, and the tile is summed directly.

use std::{ops::Range, sync::Arc};

use rayon::prelude::*;
use smallvec::SmallVec;

use crate::{
    Accum, AnyView, AnyViewMut, Dims, Error, Narrow, Problem, Progress, Result,
    algorithm::{Needs, Prepared, Room, Steps, Tiling, Work, stencil},
    arch::{self, Filling, Grid, Memory, Outputs, Store, Tile, fence},
    bound::Rounds,
    geometry::{dense_strides, index_of},
    kernel::{Values, weights::Weights},
    line::{Block, Map, Source},
    micro::finite::{all_finite, all_within},
    settle::{Desk, Settling},
    transform::Float,
};

/// Spreading a sample to its outputs costs about as much as summing so many outputs directly: 7 nanoseconds a weight
/// against 0.02 (`bench/records/2026-11-22-cost.md`).
const SPREAD: usize = 400;

/// A result of so many bytes bypasses the caches: of 16 MiB it takes a tenth longer than through them on one machine (Intel, 2 MiB of
/// second-level cache; 3x3 in f32) and half the time on another (AMD Zen 4), of 64 MiB three quarters on the first.
const LARGE: usize = 16 << 20;

/// Room of so many bytes is taken when it is first needed.
const MUCH: usize = 8 << 20;

/// A tile is filled in parts where the part that lies within the signal is so many times as large as its edges.
const MOSTLY: usize = 4;

/// A tile of fewer outputs is filled as a whole: copying its samples takes less time than beginning with each part.
const SMALL: usize = 8 << 10;

/// A problem with its weights and the algorithm made ready, for sums of type `A`.
pub(crate) struct Core<A: Accum> {
    pub(crate) problem: Problem,
    pub(crate) weights: Arc<Weights<A>>,
    pub(crate) prepared: Box<dyn Prepared<A>>,
    pub(crate) grid: Grid,
    /// What is added to the outputs of each channel of each group; empty for nothing.
    pub(crate) bias: Vec<A>,
    settling: Option<Box<dyn Settling<A>>>,
    /// Samples up to here give finite sums on every way. None where it does not matter: integers are finite, and in a direct sum
    /// what is not reaches the right outputs by itself.
    calm: Option<A::Real>,
}

/// One worker's scratch.
#[derive(Debug)]
pub(crate) struct Worker<A: Accum> {
    maps: Vec<Map>,
    block: Memory<A>,
    /// Used where the result does not lend its rows.
    outputs: Memory<A>,
    /// Places in the block that are not finite.
    bad: Vec<usize>,
    work: Work<A>,
    desk: Desk,
}

/// Where a tile, or a part of one, stands.
#[derive(Clone)]
struct Place {
    /// Where the samples of its group begin in memory.
    base: usize,
    group: usize,
    /// Its first output, along each axis.
    origin: Dims,
}

/// How a plan is to be run.
pub(crate) struct Run<'a> {
    pub(crate) narrow: Narrow,
    pub(crate) pool: Option<&'a rayon::ThreadPool>,
    pub(crate) progress: Option<&'a Progress>,
}

impl<A: Accum> Core<A> {
    pub(crate) fn new(
        problem: Problem,
        weights: Arc<Weights<A>>,
        prepared: Box<dyn Prepared<A>>,
        rounds: Rounds,
        settling: Option<Box<dyn Settling<A>>>,
    ) -> Self {
        let lines = problem.batch.iter().map(|_| 1).chain([1, problem.outputs]);
        let tile: Dims = lines.chain(prepared.tiling().tile.iter().copied()).collect();
        let grid = Grid::new(&problem.y_shape(), &tile);
        let matters = rounds == Rounds::Always && !prepared.is_local();
        let calm = matters.then(|| calm(&weights, &*prepared));
        Core { problem, weights, prepared, grid, bias: Vec::new(), settling, calm }
    }

    /// The weights as values of a kernel, as exact as they were given.
    pub(crate) fn values(&self) -> Values {
        match &self.settling {
            Some(settling) => settling.weights().values(),
            None => self.weights.values(),
        }
    }

    /// Scratch for one worker.
    pub(crate) fn worker(&self) -> Worker<A> {
        let tiling = self.prepared.tiling();
        let axes = self.problem.axes.iter().zip(&tiling.block);
        let maps = axes.map(|(axis, &len)| Map::with_capacity(Map::most_runs(axis, len)));
        Worker {
            maps: std::iter::once(Map::with_capacity(1)).chain(maps).collect(),
            block: reserved(self.problem.inputs * tiling.block.iter().product::<usize>()),
            outputs: reserved(self.problem.outputs * tiling.tile.iter().product::<usize>()),
            bad: Vec::new(),
            work: Work::new(&self.prepared.needs()),
            desk: self.settling.as_ref().map_or_else(Desk::default, |settling| settling.desk()),
        }
    }

    /// Fills `y` from `x`, both as the engine sees them.
    pub(crate) fn run(
        &self,
        x: &AnyView<'_>,
        y: AnyViewMut<'_>,
        workers: &mut [Worker<A>],
        run: &Run<'_>,
    ) -> Result<()> {
        let source = A::source(x.sources()).expect("a plan was made for these samples");
        if let Some(progress) = run.progress {
            progress.start(self.problem.outputs_in_all());
        }
        let filling = Filling::new(y, &self.grid);
        let labour = |worker: &mut Worker<A>| {
            while let Some(tile) = filling.take() {
                let outputs = tile.extent().iter().product();
                if run.progress.is_some_and(Progress::is_cancelled) {
                    return Err(Error::Cancelled);
                }
                self.tile(x, source, tile, worker, run.narrow);
                if let Some(progress) = run.progress {
                    progress.advance(outputs);
                }
            }
            Ok(())
        };
        match (workers, run.pool) {
            ([], _) => Ok(()),
            ([only], _) => labour(only),
            (workers, None) => workers.par_iter_mut().try_for_each(labour),
            (workers, Some(pool)) => pool.install(|| workers.par_iter_mut().try_for_each(labour)),
        }
    }

    fn tile(
        &self,
        x: &AnyView<'_>,
        source: &dyn Source<A>,
        mut tile: Tile<'_, '_>,
        worker: &mut Worker<A>,
        narrow: Narrow,
    ) {
        let batch = self.problem.batch.len();
        let group = tile.origin()[batch];
        let (origin, extent) = (&tile.origin()[batch + 2..], &tile.extent()[batch + 2..]);
        let fixed = tile.origin()[..=batch].iter().zip(x.geometry().strides());
        let base = fixed.map(|(&index, &stride)| index as isize * stride).sum();
        let base = x.geometry().offset.checked_add_signed(base).expect("a view's samples lie in its memory");

        let place = Place { base, group, origin: Dims::from_slice(origin) };
        let shape: Dims = std::iter::once(self.problem.outputs).chain(extent.iter().copied()).collect();
        if let Some(mut y) = tile.lend(batch + 1) {
            let store = self.store();
            y.set_store(store);
            self.parts(source, &place, &mut y, worker);
            self.add_bias(group, &mut y);
            if store == Store::Streamed {
                fence();
            }
            return;
        }
        let mut outputs = std::mem::take(&mut worker.outputs);
        let sums = room(&mut outputs, shape.iter().product());
        let mut y = Outputs::dense(&mut *sums, &shape);
        self.parts(source, &place, &mut y, worker);
        self.add_bias(group, &mut y);
        tile.store(sums, narrow);
        worker.outputs = outputs;
    }

    /// Adds its bias to each channel of a tile.
    fn add_bias(&self, group: usize, y: &mut Outputs<'_, A>) {
        if self.bias.is_empty() {
            return;
        }
        let bias = &self.bias[group * self.problem.outputs..][..self.problem.outputs];
        let mut y = y.in_rows();
        let rows = y.rows() / self.problem.outputs;
        y.for_each_row(|at, row| row.iter_mut().for_each(|y| *y = y.plus(bias[at / rows])));
    }

    /// Whether results are wanted in the caches.
    fn store(&self) -> Store {
        let bytes = self.problem.outputs_in_all().saturating_mul(size_of::<A>());
        if bytes < LARGE || !self.bias.is_empty() { Store::Cached } else { Store::Streamed }
    }

    /// Sets the maps to what outputs of such extents read.
    fn set_maps(&self, maps: &mut [Map], origin: &[usize], extent: &[usize]) {
        maps[0].set_whole(self.problem.inputs);
        let Tiling { block: most, zeros, .. } = self.prepared.tiling();
        for (a, axis) in self.problem.axes.iter().enumerate() {
            let start = (origin[a] * axis.stride + zeros[a]) as isize - axis.lead;
            maps[a + 1].set(axis, start, axis.needed(extent[a]).min(most[a]));
        }
    }

    /// Fills a tile: where memory holds sums, in parts, so that only its edges are gathered.
    fn parts(&self, source: &dyn Source<A>, place: &Place, y: &mut Outputs<'_, A>, worker: &mut Worker<A>) {
        match self.within(source, place, y.extent(), &mut worker.maps) {
            Some(within) => self.divide(source, place, y, worker, &within),
            None => self.part(source, place, y, worker),
        }
    }

    /// Fills what lies before and after the outputs `within`, along one axis after the other, and then these.
    fn divide(
        &self,
        source: &dyn Source<A>,
        place: &Place,
        y: &mut Outputs<'_, A>,
        worker: &mut Worker<A>,
        within: &[Range<usize>],
    ) {
        let axis = self.problem.axes.len() - within.len();
        let Some((middle, others)) = within.split_first() else { return self.part(source, place, y, worker) };
        for part in [0..middle.start, middle.clone(), middle.end..y.extent()[axis]] {
            if part.is_empty() {
                continue;
            }
            let mut place = place.clone();
            place.origin[axis] += part.start;
            let mut y = y.part(1 + axis, part.start, part.len());
            match part == *middle {
                true => self.divide(source, &place, &mut y, worker, others),
                false => self.part(source, &place, &mut y, worker),
            }
        }
    }

    /// Outputs of a tile that read nothing beyond the signal's ends, along each axis: if they are most but not all, and what
    /// they read is lent. At either end of rows there are none or whole vectors, since less than a comb is wide takes as long.
    fn within(
        &self,
        source: &dyn Source<A>,
        place: &Place,
        extent: &[usize],
        maps: &mut [Map],
    ) -> Option<SmallVec<[Range<usize>; 8]>> {
        let all = extent.iter().product::<usize>();
        if !self.prepared.is_divisible() || all < SMALL {
            return None;
        }
        let mut within: SmallVec<[Range<usize>; 8]> = SmallVec::new();
        for (a, (axis, &out)) in self.problem.axes.iter().zip(extent).enumerate() {
            if axis.upsample > 1 || axis.len == 0 {
                return None;
            }
            let start = (place.origin[a] * axis.stride) as isize - axis.lead;
            let step = if a + 1 == extent.len() { 2 * arch::vector_len::<A>() } else { 1 };
            let first = start.min(0).unsigned_abs().div_ceil(axis.stride).next_multiple_of(step);
            // From the last sample back to the one where the last window begins.
            let room = axis.len as isize - 1 - axis.reach() as isize - start;
            let end = usize::try_from(room).ok()? / axis.stride + 1;
            let end = if end < out { end.min(out.checked_sub(step)?) } else { out };
            within.push(first..end.max(first));
        }
        let most = within.iter().map(Range::len).product::<usize>();
        if most == all || most < MOSTLY * (all - most) {
            return None;
        }
        let origin: Dims = place.origin.iter().zip(&within).map(|(first, within)| first + within.start).collect();
        let extent: Dims = within.iter().map(Range::len).collect();
        self.set_maps(maps, &origin, &extent);
        source.lend(place.base, maps).map(|_| within)
    }

    /// Fills a tile, or a part of one.
    fn part(&self, source: &dyn Source<A>, place: &Place, y: &mut Outputs<'_, A>, worker: &mut Worker<A>) {
        let Worker { maps, block, bad, work, desk, .. } = worker;
        self.set_maps(maps, &place.origin, y.extent());
        let lent = source.lend(place.base, maps);
        let whole = lent.unwrap_or_else(|| gather(source, place.base, maps, block));
        self.prepared.run(place.group, &whole, y, work);
        if let Some(settling) = &self.settling {
            settling.settle(place.group, &whole, y, desk);
        }
        // Samples that were just read are nearer than outputs that were just written.
        if self.calm.is_none_or(|most| is_calm(&whole, most)) || is_finite(y) {
            return;
        }
        find_bad(&whole, bad);
        match bad[..] {
            // Sums have overflowed on the way.
            [] => self.sum_directly(source, place, y, maps),
            _ => self.without_bad(source, place, y, worker),
        }
    }

    /// Fills a part of a tile without the samples that are not finite, which [`part`](Self::part) has found, and puts in what
    /// they make.
    fn without_bad(&self, source: &dyn Source<A>, place: &Place, y: &mut Outputs<'_, A>, worker: &mut Worker<A>) {
        let Worker { maps, block, bad, work, .. } = worker;
        let shape = gather(source, place.base, maps, block).shape;
        let bad: Vec<(usize, A)> = bad.iter().map(|&at| (at, std::mem::replace(&mut block[at], A::ZERO))).collect();
        let whole = Block::dense(block, &shape);
        self.prepared.run(place.group, &whole, y, work);
        // Either sums have overflowed on the way, or so many samples are bad that spreading each costs more.
        let volume = y.extent().iter().product::<usize>();
        if bad.len() > 4 + volume / SPREAD || !is_finite(y) {
            return self.sum_directly(source, place, y, maps);
        }
        self.spread(&whole.shape, &bad, place.group, y);
    }

    /// Sums a tile as it is written, in memory of its own: for the rare tile that no other way gets right.
    fn sum_directly(&self, source: &dyn Source<A>, place: &Place, y: &mut Outputs<'_, A>, maps: &mut [Map]) {
        let mut shape = vec![self.problem.inputs];
        for (a, axis) in self.problem.axes.iter().enumerate() {
            let start = (place.origin[a] * axis.stride) as isize - axis.lead;
            let needed = axis.needed(y.extent()[a]);
            maps[a + 1].set(axis, start, needed);
            shape.push(needed);
        }
        let steps = Steps::of(&self.problem);
        let Needs { sums, offsets, .. } = steps.needs::<A>(self.problem.inputs, &shape[1..]);
        let mut block = Memory::default();
        let (mut sorted, mut offsets) = (vec![A::ZERO; sums], vec![0; offsets]);
        let block = gather(source, place.base, maps, &mut block);
        let room = Room { sorted: &mut sorted, offsets: &mut offsets };
        stencil(&steps, self.weights.group(place.group), &block, y, room);
    }

    /// Makes the outputs whose windows hold samples that are not finite: of their products alone. Samples come with their places in
    /// a block of this shape.
    fn spread(&self, shape: &[usize], samples: &[(usize, A)], group: usize, y: &mut Outputs<'_, A>) {
        let extent = Dims::from_slice(y.extent());
        let mut reached = |each: &dyn Fn(&mut A, A, A)| {
            for &(at, sample) in samples {
                let place = index_of(at, shape);
                let (input, place) = (place[0], &place[1..]);
                self.for_outputs(place, &extent, |tap, at| {
                    for output in 0..self.weights.outputs {
                        let weight = self.weights.pair(group, output, input)[tap];
                        each(y.at(output, at), weight, sample);
                    }
                });
            }
        };
        reached(&|y, _, _| *y = A::ZERO);
        reached(&|y, weight, sample| *y = y.plus(sample.times(weight)));
    }

    /// Calls `each` with every weight that the sample at `place` meets, and the output for which it does.
    fn for_outputs(&self, place: &[usize], extent: &[usize], mut each: impl FnMut(usize, usize)) {
        let strides = dense_strides(extent);
        let axes = &self.problem.axes;
        let zeros = &self.prepared.tiling().zeros;
        // The output along one axis, if there is one.
        let along = |a: usize, k: usize| {
            let first = (zeros[a] + place[a]).checked_sub(k * axes[a].dilation)?;
            let output = first / axes[a].stride;
            (first % axes[a].stride == 0 && output < extent[a]).then_some(output)
        };
        let (last, row) = match axes.last() {
            Some(axis) => (axes.len() - 1, axis.kernel),
            None => return each(0, 0),
        };
        for outer in 0..self.weights.volume() / row {
            let mut rest = outer;
            let base = (0..last).rev().try_fold(0, |base, a| {
                let k = rest % axes[a].kernel;
                rest /= axes[a].kernel;
                Some(base + along(a, k)? * strides[a])
            });
            let Some(base) = base else { continue };
            for k in 0..row {
                if let Some(output) = along(last, k) {
                    each(outer * row + k, base + output);
                }
            }
        }
    }
}

/// Room for so many sums, unless it is large: it may never be needed.
fn reserved<A: Accum>(sums: usize) -> Memory<A> {
    Memory::new(if sums.saturating_mul(size_of::<A>()) < MUCH { sums } else { 0 })
}

/// So many sums of what is reserved; what they are does not matter.
fn room<A: Accum>(reserved: &mut Memory<A>, sums: usize) -> &mut [A] {
    if reserved.len() < sums {
        *reserved = Memory::new(sums);
    }
    &mut reserved[..sums]
}

fn gather<'b, A: Accum>(source: &dyn Source<A>, base: usize, maps: &[Map], block: &'b mut Memory<A>) -> Block<'b, A> {
    let shape: Dims = maps.iter().map(Map::len).collect();
    let block = room(block, shape.iter().product());
    source.gather(base, maps, block);
    Block::dense(block, &shape)
}

/// How large samples may be if nothing that is made of them, on any way, shall exceed the numbers that there are. Whatever an
/// algorithm adds up is at most as often the largest sample, times the weights, as a block has samples; transforms do so twice.
fn calm<A: Accum>(weights: &Weights<A>, prepared: &dyn Prepared<A>) -> A::Real {
    /// Weights are at most so large, as a rule.
    const COMMON: f64 = (1u64 << 20) as f64;
    /// For roundings, and scales that are applied late.
    const SPARE: f64 = (1u64 << 10) as f64;
    let most = if A::EPSILON > f64::from(f32::EPSILON) / 4.0 { f64::from(f32::MAX) } else { f64::MAX };
    let volume = prepared.tiling().block.iter().map(|&n| n as f64).product::<f64>() * weights.inputs as f64;
    let reach = match all_within(&weights.data, A::Real::nearest(COMMON)) {
        true => weights.data.len() as f64 * COMMON,
        false => weights.data.iter().map(|weight| weight.magnitude()).sum::<f64>().max(1.0),
    };
    let calm = most / (reach * volume * volume * prepared.growth() * SPARE);
    A::Real::nearest(if calm > 0.0 { calm } else { -1.0 })
}

/// Whether all samples are numbers of at most this absolute value.
fn is_calm<A: Accum>(block: &Block<'_, A>, most: A::Real) -> bool {
    if let Some(all) = block.as_dense() {
        return all_within(all, most);
    }
    let mut calm = true;
    block.for_each_row(|_, row| calm = calm && all_within(row, most));
    calm
}

/// Whether all outputs are.
fn is_finite<A: Accum>(y: &mut Outputs<'_, A>) -> bool {
    let mut finite = true;
    y.in_rows().for_each_row(|_, row| finite &= all_finite(row));
    finite
}

/// Collects the places (as in a dense block) that are not finite.
fn find_bad<A: Accum>(block: &Block<'_, A>, bad: &mut Vec<usize>) {
    bad.clear();
    let row = block.shape.last().copied().unwrap_or(1);
    block.for_each_row(|at, samples| {
        if !all_finite(samples) {
            let places = samples.iter().enumerate().filter(|(_, sample)| !sample.is_finite());
            bad.extend(places.map(|(i, _)| at * row + i));
        }
    });
}
