//! Walking, tiling, threads and scratch; and what is not finite.
//!
//! Outputs are cut into tiles by a grid that depends on the plan alone. Workers take tiles as they come, each with its own
//! scratch, so a result is the same to the bit for any number of threads. For each tile the worker lends or gathers the
//! block of samples, lets the algorithm fill the outputs, and stores them.
//!
//! A NaN or an infinity must reach exactly the outputs whose window holds it. A direct sum does that by itself; for all other
//! algorithms such samples are taken out of the block (as zeros), and the outputs they reach are made of them afterwards:
//! whatever the finite terms come to, only the others decide. If a finite block gives an output that is not finite, sums
//! have overflowed on a way that the direct sum may not go, and the tile is summed directly.

use std::sync::Arc;

use rayon::prelude::*;

use crate::{
    Accum, AnyView, AnyViewMut, Dims, Error, Narrow, Problem, Progress, Result,
    algorithm::{Needs, Prepared, Room, Steps, Tiling, Work, stencil},
    arch::{Filling, Grid, Tile},
    geometry::{dense_strides, index_of},
    kernel::weights::Weights,
    line::{Block, Map, Source},
    micro::finite::all_finite,
};

/// Spreading a sample to its outputs costs about as much as summing so many outputs directly: 7 nanoseconds a weight
/// against 0.02 (`bench/records/2026-11-22-cost.md`).
const SPREAD: usize = 400;

/// A problem with its weights and the algorithm made ready, for sums of type `A`.
pub(crate) struct Core<A: Accum> {
    pub(crate) problem: Problem,
    pub(crate) weights: Arc<Weights<A>>,
    pub(crate) prepared: Box<dyn Prepared<A>>,
    pub(crate) grid: Grid,
}

/// One worker's scratch.
#[derive(Debug)]
pub(crate) struct Worker<A: Accum> {
    maps: Vec<Map>,
    block: Vec<A>,
    outputs: Vec<A>,
    /// Places in the block that are not finite.
    bad: Vec<usize>,
    work: Work<A>,
}

/// How a plan is to be run.
pub(crate) struct Run<'a> {
    pub(crate) narrow: Narrow,
    pub(crate) pool: Option<&'a rayon::ThreadPool>,
    pub(crate) progress: Option<&'a Progress>,
}

impl<A: Accum> Core<A> {
    pub(crate) fn new(problem: Problem, weights: Arc<Weights<A>>, prepared: Box<dyn Prepared<A>>) -> Self {
        let lines = problem.batch.iter().map(|_| 1).chain([1, problem.outputs]);
        let tile: Dims = lines.chain(prepared.tiling().tile.iter().copied()).collect();
        let grid = Grid::new(&problem.y_shape(), &tile);
        Core { problem, weights, prepared, grid }
    }

    /// Scratch for one worker.
    pub(crate) fn worker(&self) -> Worker<A> {
        let tiling = self.prepared.tiling();
        let axes = self.problem.axes.iter().zip(&tiling.block);
        let maps = axes.map(|(axis, &len)| Map::with_capacity(Map::most_runs(axis, len)));
        Worker {
            maps: std::iter::once(Map::with_capacity(1)).chain(maps).collect(),
            block: vec![A::ZERO; self.problem.inputs * tiling.block.iter().product::<usize>()],
            outputs: vec![A::ZERO; self.problem.outputs * tiling.tile.iter().product::<usize>()],
            bad: Vec::new(),
            work: Work::new(&self.prepared.needs()),
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
        tile: Tile<'_, '_>,
        worker: &mut Worker<A>,
        narrow: Narrow,
    ) {
        let batch = self.problem.batch.len();
        let group = tile.origin()[batch];
        let (origin, extent) = (&tile.origin()[batch + 2..], &tile.extent()[batch + 2..]);
        let fixed = tile.origin()[..=batch].iter().zip(x.geometry().strides());
        let base = fixed.map(|(&index, &stride)| index as isize * stride).sum();
        let base = x.geometry().offset.checked_add_signed(base).expect("a view's samples lie in its memory");

        let Worker { maps, block, outputs, bad, work } = worker;
        maps[0].set_whole(self.problem.inputs);
        let Tiling { block: most, zeros, .. } = self.prepared.tiling();
        for (a, axis) in self.problem.axes.iter().enumerate() {
            let start = (origin[a] * axis.stride + zeros[a]) as isize - axis.lead;
            maps[a + 1].set(axis, start, axis.needed(extent[a]).min(most[a]));
        }
        let y = &mut outputs[..self.problem.outputs * extent.iter().product::<usize>()];
        let lent = source.lend(base, maps);
        let whole = match &lent {
            Some(block) => block.clone(),
            None => gather(source, base, maps, block),
        };
        if self.prepared.is_local() || A::EPSILON == 0.0 {
            self.prepared.run(group, &whole, extent, y, work);
            return tile.store(y, narrow);
        }
        find_bad(&whole, bad);
        if bad.is_empty() {
            self.prepared.run(group, &whole, extent, y, work);
        } else {
            let mut whole = gather(source, base, maps, block);
            let kept: Vec<A> = bad.iter().map(|&at| whole.data[at]).collect();
            let (shape, strides) = (whole.shape.clone(), whole.strides.clone());
            bad.iter().for_each(|&at| block[at] = A::ZERO);
            whole = Block { data: &block[..shape.iter().product()], shape, strides };
            self.prepared.run(group, &whole, extent, y, work);
            bad.iter().zip(kept).for_each(|(&at, sample)| block[at] = sample);
        }
        // Either sums have overflowed on the way, or so many samples are bad that spreading each costs more.
        let volume = extent.iter().product::<usize>();
        if !all_finite(y) || bad.len() > 4 + volume / SPREAD {
            self.sum_directly(source, base, maps, origin, group, extent, y);
        } else if !bad.is_empty() {
            let shape: Dims = maps.iter().map(Map::len).collect();
            let samples = bad.iter().map(|&at| (at, block[at]));
            self.spread(&shape, samples, group, extent, y);
        }
        tile.store(y, narrow);
    }

    /// Sums a tile as it is written, in memory of its own: for the rare tile that no other way gets right.
    #[allow(clippy::too_many_arguments)]
    fn sum_directly(
        &self,
        source: &dyn Source<A>,
        base: usize,
        maps: &mut [Map],
        origin: &[usize],
        group: usize,
        extent: &[usize],
        y: &mut [A],
    ) {
        let mut shape = vec![self.problem.inputs];
        for (a, axis) in self.problem.axes.iter().enumerate() {
            let start = (origin[a] * axis.stride) as isize - axis.lead;
            maps[a + 1].set(axis, start, axis.needed(extent[a]));
            shape.push(axis.needed(extent[a]));
        }
        let steps = Steps::of(&self.problem);
        let Needs { sums, offsets, .. } = steps.needs(self.problem.inputs, &shape[1..]);
        let mut block = vec![A::ZERO; shape.iter().product()];
        let (mut sorted, mut offsets) = (vec![A::ZERO; sums], vec![0; offsets]);
        let block = gather(source, base, maps, &mut block);
        let room = Room { sorted: &mut sorted, offsets: &mut offsets };
        stencil(&steps, self.weights.group(group), &block, extent, y, room);
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

fn gather<'b, A: Accum>(source: &dyn Source<A>, base: usize, maps: &[Map], block: &'b mut [A]) -> Block<'b, A> {
    let shape: Dims = maps.iter().map(Map::len).collect();
    let block = &mut block[..shape.iter().product()];
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
