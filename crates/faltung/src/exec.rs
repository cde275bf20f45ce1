//! Walking, tiling, threads and scratch; and what is not finite.
//!
//! Outputs are cut into tiles by a grid that depends on the plan alone. Workers take tiles as they come, each with its own
//! scratch, so a result is the same to the bit for any number of threads. For each tile the worker borrows or gathers the
//! block of samples and lets the algorithm fill the outputs, in the result's own memory where that holds sums in rows, else in
//! scratch that is stored afterwards. A tile that reaches beyond the ends of rows is summed in parts, if the algorithm allows,
//! so that only its ends are gathered.
//!
//! A NaN or an infinity must reach exactly the outputs whose window holds it. A direct sum does that by itself; all other
//! algorithms let it reach these, and perhaps more. So where an output is not finite, the tile is filled again without such
//! samples (as zeros), and the outputs they reach are made of them afterwards: whatever the finite terms come to, only the others
//! decide. If the block is finite, sums have overflowed on a way that the direct sum may not go, and the tile is summed directly.

use std::sync::Arc;

use rayon::prelude::*;

use crate::{
    Accum, AnyView, AnyViewMut, Dims, Error, Narrow, Problem, Progress, Result,
    algorithm::{Needs, Prepared, Room, Steps, Tiling, Work, stencil},
    arch::{self, Filling, Grid, Outputs, Store, Tile, fence},
    bound::Rounds,
    geometry::{dense_strides, index_of},
    kernel::{Values, weights::Weights},
    line::{Block, Map, Source},
    micro::finite::all_finite,
    settle::{Desk, Settling},
};

/// Spreading a sample to its outputs costs about as much as summing so many outputs directly: 7 nanoseconds a weight
/// against 0.02 (`bench/records/2026-11-22-cost.md`).
const SPREAD: usize = 400;

/// A result of so many bytes bypasses the caches: of 16 MiB it takes a tenth longer than through them, of 64 MiB three quarters of
/// the time (Intel, 2 MiB of second-level cache; 3x3 in f32).
const LARGE: usize = 32 << 20;

/// Room of so many bytes is taken when it is first needed.
const MUCH: usize = 8 << 20;

/// A tile is summed in parts where the part that lies within the signal is so many times as long as its ends.
const MOSTLY: usize = 4;

/// A problem with its weights and the algorithm made ready, for sums of type `A`.
pub(crate) struct Core<A: Accum> {
    pub(crate) problem: Problem,
    pub(crate) weights: Arc<Weights<A>>,
    pub(crate) prepared: Box<dyn Prepared<A>>,
    pub(crate) grid: Grid,
    rounds: Rounds,
    settling: Option<Box<dyn Settling<A>>>,
}

/// One worker's scratch.
#[derive(Debug)]
pub(crate) struct Worker<A: Accum> {
    maps: Vec<Map>,
    block: Vec<A>,
    /// Used where the result does not lend its rows.
    outputs: Vec<A>,
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
        Core { problem, weights, prepared, grid, rounds, settling }
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
            block: eager(self.problem.inputs * tiling.block.iter().product::<usize>()),
            outputs: eager(self.problem.outputs * tiling.tile.iter().product::<usize>()),
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

        let extent = Dims::from_slice(extent);
        let place = Place { base, group, origin: Dims::from_slice(origin) };
        // Integers are finite.
        let is_exact = self.prepared.is_local() || self.rounds != Rounds::Always;
        if let Some(mut y) = tile.lend(batch + 1) {
            if is_exact {
                let store = self.store();
                self.parts(source, &place, &mut y.stored(store), worker);
                if store == Store::Streamed {
                    fence();
                }
                return;
            }
            if self.whole(source, &place, &mut y, worker) {
                return;
            }
        }
        let mut outputs = std::mem::take(&mut worker.outputs);
        let volume = extent.iter().product::<usize>();
        outputs.resize(outputs.len().max(self.problem.outputs * volume), A::ZERO);
        let sums = &mut outputs[..self.problem.outputs * volume];
        let shape: Dims = std::iter::once(self.problem.outputs).chain(extent.iter().copied()).collect();
        let mut y = Outputs::dense(sums, &shape);
        if is_exact {
            self.parts(source, &place, &mut y, worker);
        } else if !self.whole(source, &place, &mut y, worker) {
            self.without_bad(source, &place, &extent, sums, worker);
        }
        tile.store(sums, narrow);
        worker.outputs = outputs;
    }

    /// Whether results are wanted in the caches.
    fn store(&self) -> Store {
        let bytes = self.problem.outputs_in_all().saturating_mul(size_of::<A>());
        if bytes < LARGE { Store::Cached } else { Store::Streamed }
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

    /// Fills a tile by an algorithm to which no sample matters that an output does not read: where memory holds sums, only the
    /// ends of rows are gathered.
    fn parts(&self, source: &dyn Source<A>, place: &Place, y: &mut Outputs<'_, A>, worker: &mut Worker<A>) {
        if let Some((before, within)) = self.within(place, y.extent()) {
            let last = y.shape().len() - 1;
            let (all, after) = (y.shape()[last], before + within);
            let ahead = |outputs| {
                let mut place = place.clone();
                *place.origin.last_mut().expect("there is a last axis") += outputs;
                place
            };
            let middle = ahead(before);
            self.set_maps(&mut worker.maps, &middle.origin, y.part(last, before, within).extent());
            if let Some(block) = source.lend(place.base, &worker.maps) {
                self.prepared.run(place.group, &block, &mut y.part(last, before, within), &mut worker.work);
                for (first, count) in [(0, before), (after, all - after)] {
                    if count > 0 {
                        self.part(source, &ahead(first), &mut y.part(last, first, count), worker);
                    }
                }
                return;
            }
        }
        self.part(source, place, y, worker);
    }

    /// Outputs along the last axis of a tile before those that read nothing beyond the signal's ends, and the number of these, if
    /// they are most. Before and after there are none or whole vectors, since less than a vector takes as long as several.
    fn within(&self, place: &Place, extent: &[usize]) -> Option<(usize, usize)> {
        let (axis, &first, &out) = (self.problem.axes.last()?, place.origin.last()?, extent.last()?);
        if !self.prepared.is_local() || axis.upsample > 1 || axis.len == 0 {
            return None;
        }
        let lanes = arch::vector_len::<A>();
        let start = (first * axis.stride) as isize - axis.lead;
        let before = start.min(0).unsigned_abs().div_ceil(axis.stride).next_multiple_of(lanes);
        // From the last sample back to the one where the last window begins.
        let room = axis.len as isize - 1 - axis.reach() as isize - start;
        let after = usize::try_from(room).ok()? / axis.stride + 1;
        let after = if after < out { after.min(out.checked_sub(lanes)?) } else { out };
        let within = after.checked_sub(before)?;
        (within < out && within >= MOSTLY * (out - within)).then_some((before, within))
    }

    /// Fills a tile, or a part of one.
    fn part(&self, source: &dyn Source<A>, place: &Place, y: &mut Outputs<'_, A>, worker: &mut Worker<A>) {
        let Worker { maps, block, work, desk, .. } = worker;
        self.set_maps(maps, &place.origin, y.extent());
        let lent = source.lend(place.base, maps);
        let whole = lent.unwrap_or_else(|| gather(source, place.base, maps, block));
        self.prepared.run(place.group, &whole, y, work);
        if let Some(settling) = &self.settling {
            settling.settle(place.group, &whole, y, desk);
        }
    }

    /// Fills a tile by an algorithm to which all samples of the block matter, and says whether it did: not if some are not finite.
    fn whole(&self, source: &dyn Source<A>, place: &Place, y: &mut Outputs<'_, A>, worker: &mut Worker<A>) -> bool {
        let Worker { maps, block, bad, work, .. } = worker;
        self.set_maps(maps, &place.origin, y.extent());
        let lent = source.lend(place.base, maps);
        let whole = lent.unwrap_or_else(|| gather(source, place.base, maps, block));
        self.prepared.run(place.group, &whole, y, work);
        let mut finite = true;
        y.for_each_row(|_, row| finite &= all_finite(row));
        if finite {
            return true;
        }
        find_bad(&whole, bad);
        if bad.is_empty() {
            // Sums have overflowed on the way.
            self.sum_directly(source, place, y, maps);
        }
        bad.is_empty()
    }

    /// Fills a tile without the samples that are not finite, which [`whole`](Self::whole) has found, and puts in what they make.
    fn without_bad(
        &self,
        source: &dyn Source<A>,
        place: &Place,
        extent: &[usize],
        sums: &mut [A],
        worker: &mut Worker<A>,
    ) {
        let Worker { maps, block, bad, work, .. } = worker;
        let mut whole = gather(source, place.base, maps, block);
        let kept: Vec<A> = bad.iter().map(|&at| whole.data[at]).collect();
        let (inputs, strides) = (whole.shape.clone(), whole.strides.clone());
        bad.iter().for_each(|&at| block[at] = A::ZERO);
        whole = Block { data: &block[..inputs.iter().product()], shape: inputs.clone(), strides };
        let shape: Dims = std::iter::once(self.problem.outputs).chain(extent.iter().copied()).collect();
        let mut y = Outputs::dense(sums, &shape);
        self.prepared.run(place.group, &whole, &mut y, work);
        // Either sums have overflowed on the way, or so many samples are bad that spreading each costs more.
        let volume = extent.iter().product::<usize>();
        if bad.len() > 4 + volume / SPREAD || !all_finite(sums) {
            let mut y = Outputs::dense(sums, &shape);
            return self.sum_directly(source, place, &mut y, maps);
        }
        self.spread(&inputs, bad.iter().copied().zip(kept), place.group, extent, sums);
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
        let Needs { sums, offsets, .. } = steps.needs(self.problem.inputs, &shape[1..]);
        let mut block = Vec::new();
        let (mut sorted, mut offsets) = (vec![A::ZERO; sums], vec![0; offsets]);
        let block = gather(source, place.base, maps, &mut block);
        let room = Room { sorted: &mut sorted, offsets: &mut offsets };
        stencil(&steps, self.weights.group(place.group), &block, y, room);
    }

    /// Makes the outputs whose windows hold samples that are not finite: of their products alone.
    fn spread(
        &self,
        shape: &[usize],
        samples: impl Iterator<Item = (usize, A)> + Clone,
        group: usize,
        extent: &[usize],
        y: &mut [A],
    ) {
        let volume: usize = extent.iter().product();
        let outputs = self.weights.outputs;
        let mut reached = |each: &mut dyn FnMut(&mut A, A, A)| {
            for (at, sample) in samples.clone() {
                let place = index_of(at, shape);
                let (input, place) = (place[0], &place[1..]);
                self.for_outputs(place, extent, |tap, o| {
                    for output in 0..outputs {
                        let weight = self.weights.pair(group, output, input)[tap];
                        each(&mut y[output * volume + o], weight, sample);
                    }
                });
            }
        };
        reached(&mut |y, _, _| *y = A::ZERO);
        reached(&mut |y, weight, sample| *y = y.plus(sample.times(weight)));
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

/// Room for so many sums at once, unless it is large: it may never be needed.
fn eager<A: Accum>(sums: usize) -> Vec<A> {
    vec![A::ZERO; if sums.saturating_mul(size_of::<A>()) < MUCH { sums } else { 0 }]
}

fn gather<'b, A: Accum>(source: &dyn Source<A>, base: usize, maps: &[Map], block: &'b mut Vec<A>) -> Block<'b, A> {
    let shape: Dims = maps.iter().map(Map::len).collect();
    let volume = shape.iter().product();
    if block.len() < volume {
        block.resize(volume, A::ZERO);
    }
    let block = &mut block[..volume];
    source.gather(base, maps, block);
    Block { data: block, strides: dense_strides(&shape), shape }
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
