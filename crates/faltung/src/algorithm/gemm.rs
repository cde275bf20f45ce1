//! The sum as a product of matrices: `y[output, place] = sum over taps of w[output, tap] x[tap, place]`.
//!
//! With many channels each sample meets many weights and each weight many samples, and what limits a direct sum, loads, can be
//! shared both ways: a tile of outputs, some channels by some places, stands in registers while all taps pass by
//! ([`gemm`](crate::micro::gemm)). A tap is an input channel and a place in the kernel. The matrix of samples is never there as a
//! whole: for some places at a time, and some taps, it is copied from the block into panels in the order in which it is read. The copy
//! takes a load and a store for what every output channel then multiplies, so it pays from some eight channels on; and since
//! places of all rows stand side by side in a panel, it does not matter how wide a picture is.
//!
//! Known as the implicit product of matrices (Chetlur and others, *cuDNN: efficient primitives for deep learning*, 2014); tiles in
//! registers and panels in caches after Goto and van de Geijn, *Anatomy of high-performance matrix multiplication*, 2008.
//!
//! Error: `(inputs * K + 2) eps sum |w| |x|`, and less in practice: sums of some hundred terms are added up.
//! Cost per output: one multiplication for each weight, at the full speed of the multipliers.

use std::ops::Range;

use bytemuck::{Pod, Zeroable};

use super::{
    Cost, Method, Needs, Prepared, Roundings, Setting, Steps, Tiling, Work,
    packing::{in_use, interleaved, is_float, only_floats, pieces},
    within,
};
use crate::{
    Accum, Dims, Problem, Refusal,
    arch::{self, Lanes, Outputs, Simd, dispatch},
    cost,
    geometry::{dense_strides, place_of},
    line::Block,
    micro::gemm::{ABREAST, Begun, Target, product, rows},
};

/// Taps of a panel.
const DEPTH: usize = 384;

/// Vectors of places that panels are made of at once.
const WIDTH: usize = 12;

/// Bytes of a block and its outputs: only panels and what is summed need be near.
const BYTES: usize = 4 << 20;

/// Channels from which on copying samples pays.
const FEW: usize = 4;

pub(crate) struct Gemm;

struct Ready<A> {
    steps: Steps,
    tiling: Tiling,
    sizes: Sizes,
    /// For each group: depth after depth, rows after rows, `[tap][row]`.
    weights: Vec<A>,
}

/// How much of what is needed, in sums and in offsets.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    outputs: usize,
    lanes: usize,
    /// Outputs of a tile in registers.
    rows: usize,
    taps: usize,
    /// Places that are taken at once, and how many of them have sums.
    width: usize,
    phases: usize,
}

impl Sizes {
    fn new<A: Accum>(problem: &Problem, steps: &Steps, tiling: &Tiling) -> Sizes {
        let (lanes, block) = in_use::<A>();
        let places = tiling.tile.iter().product::<usize>();
        let width = (WIDTH * lanes).min(places.next_multiple_of(lanes));
        let phases = steps.phases(problem.inputs, &tiling.block);
        Sizes { outputs: problem.outputs, lanes, rows: rows(block), taps: problem.terms(), width, phases }
    }

    /// Outputs, filled up to whole tiles in registers.
    fn filled(&self) -> usize {
        self.outputs.next_multiple_of(self.rows)
    }

    fn panel(&self) -> usize {
        self.width * self.taps.min(DEPTH)
    }

    fn needs(&self) -> Needs {
        let sums = [self.filled() * self.width, self.panel(), self.phases].into_iter().fold(0, usize::saturating_add);
        let runs = size_of::<Run>() / size_of::<usize>() * self.width;
        Needs { sums, offsets: self.taps.saturating_add(runs), ..Needs::default() }
    }
}

fn tiling<A: Accum>(setting: &Setting<'_, A>, steps: &Steps) -> (Tiling, Sizes) {
    let sizes = |tiling: &Tiling| Sizes::new::<A>(setting.problem, steps, tiling);
    let tiling = Tiling::largest(setting, usize::MAX, BYTES, |tiling| sizes(tiling).needs());
    let sizes = sizes(&tiling);
    (tiling, sizes)
}

impl<A: Accum> Method<A> for Gemm {
    fn assess(&self, setting: &Setting<'_, A>) -> Result<Cost, Refusal> {
        let problem = setting.problem;
        only_floats::<A>()?;
        if problem.outputs < FEW {
            return Err(Refusal::because("so few output channels share no samples"));
        }
        let steps = Steps::of(problem);
        let (tiling, sizes) = tiling(setting, &steps);
        let places = tiling.tile.iter().product::<usize>() as f64;
        let vectors = tiling.count(problem) * cost::panels::<A>(places);
        let each = cost::gemm::<A>(sizes.filled()) * sizes.taps as f64;
        let row = steps.row(&dense_strides(&tiling.block), &dense_strides(&tiling.tile), &tiling.tile);
        let row = tiling.tile[row..].iter().product::<usize>();
        let runs = tiling.count(problem) * (places / row as f64).ceil() * sizes.taps as f64 * cost::RUN;
        let nanoseconds = cost::tiles::<A>(problem, &tiling) + vectors * each + runs;
        let tables = (sizes.filled() * sizes.taps).saturating_mul(problem.groups * size_of::<A>());
        let scratch = tiling.all_bytes::<A>(problem, &sizes.needs());
        within(setting, Cost { nanoseconds, tables, scratch })
    }

    fn roundings(&self, setting: &Setting<'_, A>) -> Option<Roundings> {
        Some(Roundings::of_terms(setting.problem))
    }

    fn prepare(&self, setting: &Setting<'_, A>) -> Box<dyn Prepared<A>> {
        let steps = Steps::of(setting.problem);
        let (tiling, sizes) = tiling(setting, &steps);
        let weights = interleaved(setting.weights, DEPTH, (sizes.filled(), sizes.rows));
        Box::new(Ready { steps, tiling, sizes, weights })
    }
}

impl<A: Accum> Prepared<A> for Ready<A> {
    fn tiling(&self) -> &Tiling {
        &self.tiling
    }

    fn needs(&self) -> Needs {
        self.sizes.needs()
    }

    fn is_local(&self) -> bool {
        true
    }

    fn is_divisible(&self) -> bool {
        false
    }

    fn run(&self, group: usize, x: &Block<'_, A>, y: &mut Outputs<'_, A>, work: &mut Work<A>) {
        let Sizes { width, taps, .. } = self.sizes;
        let (phases, rest) = work.sums.split_at_mut(self.sizes.phases);
        let (panels, rest) = rest.split_at_mut(self.sizes.panel());
        let sums = &mut rest[..self.sizes.filled() * width];
        let (offsets, runs) = work.offsets.split_at_mut(taps);
        let runs: &mut [Run] = bytemuck::cast_slice_mut(runs);
        let (data, strides) = self.steps.spread(x, phases);
        for (tap, place) in offsets.iter_mut().enumerate() {
            *place = self.steps.offset(tap, (&x.shape, &strides));
        }
        let extent = Dims::from_slice(y.extent());
        let first = self.steps.row(&strides[1..], &y.strides()[1..], &extent);
        let apart = self.steps.apart(first, &strides);
        let row = extent[first..].iter().product::<usize>();
        let places = extent.iter().product::<usize>();
        let size = self.sizes.filled() * taps;
        let weights = &self.weights[group * size..][..size];
        let mut y = y.merged(1 + first);
        for start in (0..places).step_by(width) {
            let count = width.min(places - start);
            let runs = self.runs(runs, start..start + count, row, |line| place_of(line, &extent[..first], &apart));
            if const { is_float::<A>() } {
                dispatch!(arch::level(), simd => self.fill(simd, weights, (offsets, data), (count, runs), panels, sums));
            }
            for output in 0..self.sizes.outputs {
                let sums = &sums[output * width..];
                for (run, sums) in runs.iter().map(|run| (run, &sums[run.column..][..run.len])) {
                    let place = start + run.column;
                    y.row(output * (places / row) + place / row)[place % row..][..run.len].copy_from_slice(sums);
                }
            }
        }
    }
}

/// Places that follow one another in memory and in a panel: the first of them, how many they are, and the first's first sample.
#[derive(Debug, Clone, Copy, Default, Pod, Zeroable)]
#[repr(C)]
struct Run {
    column: usize,
    len: usize,
    sample: usize,
}

impl<A: Accum> Ready<A> {
    /// The runs of some places, of which so many are a row.
    fn runs<'r>(
        &self,
        room: &'r mut [Run],
        places: Range<usize>,
        row: usize,
        base: impl Fn(usize) -> usize,
    ) -> &'r [Run] {
        let abreast = ABREAST * self.sizes.lanes;
        let mut count = 0;
        let mut column = 0;
        while column < places.len() {
            let place = places.start + column;
            let len = (row - place % row).min(abreast - column % abreast).min(places.len() - column);
            room[count] = Run { column, len, sample: base(place / row) + place % row };
            (count, column) = (count + 1, column + len);
        }
        &room[..count]
    }

    /// Sums of all outputs at some places.
    #[inline(always)]
    fn fill<S: Simd>(
        &self,
        simd: S,
        mut weights: &[A],
        (offsets, x): (&[usize], &[A]),
        (count, runs): (usize, &[Run]),
        panels: &mut [A],
        sums: &mut [A],
    ) {
        let Sizes { width, lanes, rows, taps, .. } = self.sizes;
        let vectors = count.div_ceil(lanes);
        let mut begun = Begun::No;
        for depth in pieces(taps, DEPTH) {
            let mut rest = runs;
            for at in (0..vectors).step_by(ABREAST) {
                let some = ABREAST.min(vectors - at);
                let (first, end) = (at * lanes, (at + some) * lanes);
                let (here, later) = rest.split_at(rest.iter().take_while(|run| run.column < end).count());
                rest = later;
                let panel = &mut panels[first * depth.len()..];
                for (line, offset) in offsets[depth.clone()].iter().enumerate() {
                    for run in here {
                        let to = &mut panel[line * (end - first) + run.column - first..];
                        copy::<S, A>(simd, &x[run.sample + offset..], run.len, to);
                    }
                }
            }
            for output in (0..self.sizes.filled()).step_by(rows) {
                let (here, later) = weights.split_at(depth.len() * rows);
                weights = later;
                for at in (0..vectors).step_by(ABREAST) {
                    let sums = &mut sums[output * width + at * lanes..];
                    let panel = &panels[at * lanes * depth.len()..];
                    let target = Target { sums, pitch: width, begun };
                    product::<S, A>(simd, here, panel, ABREAST.min(vectors - at), target);
                }
            }
            begun = Begun::Yes;
        }
    }
}

/// Copies a run by whole vectors, where these are there; what comes too much is written over by the next run.
#[inline(always)]
fn copy<S: Simd, A: Accum>(simd: S, from: &[A], len: usize, to: &mut [A]) {
    let lanes = A::Lanes::<S>::LEN;
    let mut at = 0;
    while at < len {
        if at + lanes <= from.len() && at + lanes <= to.len() {
            A::Lanes::<S>::load(simd, &from[at..]).store(&mut to[at..]);
        } else {
            to[at..len].copy_from_slice(&from[at..len]);
            return;
        }
        at += lanes;
    }
}
