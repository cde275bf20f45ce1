//! The sum as it is written, with lanes along the output channels.
//!
//! For few places with many terms each, as gradients to weights are: there a place is a weight, and terms are all places of all
//! images. Rows of outputs are then too short for vectors, but every sample that is read meets the weights of all output channels, and
//! these stand side by side once they are copied so ([`outer`](crate::micro::outer)). Samples stay where they are, and places that
//! are taken together lie along whichever axis is longest: mostly that of the input channels.
//!
//! Error: `(inputs * K + 2) eps sum |w| |x|`, and less in practice: sums of a thousand terms are added up.
//! Cost per output: one multiplication for each weight, at the full speed of the multipliers where the channels fill vectors.

use super::{
    Cost, Method, Needs, Prepared, Roundings, Setting, Steps, Tiling, Work,
    packing::{in_use, interleaved, is_float, only_floats, pieces},
    within,
};
use crate::{
    Accum, Dims, Problem, Refusal,
    arch::{self, Outputs, Simd, dispatch},
    cost,
    geometry::{dense_strides, place_of},
    line::Block,
    micro::outer::{ABREAST, Factors, places, product},
};

/// Terms that are summed before they are added up.
const DEPTH: usize = 1024;

/// Bytes of a block and its outputs.
const BYTES: usize = 4 << 20;

/// Output channels from which on a vector of them is worth its copy.
const FEW: usize = 4;

pub(crate) struct Channels;

struct Ready<A> {
    steps: Steps,
    tiling: Tiling,
    sizes: Sizes,
    /// For each group: terms after terms, vectors of outputs after vectors, `[term][output]`.
    weights: Vec<A>,
}

/// How much there is of what.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    outputs: usize,
    taps: usize,
    lanes: usize,
    /// Places of a tile.
    places: usize,
}

impl Sizes {
    fn new<A: Accum>(problem: &Problem, tiling: &Tiling) -> Sizes {
        let places = tiling.tile.iter().product();
        Sizes { outputs: problem.outputs, taps: problem.terms(), lanes: in_use::<A>().0, places }
    }

    /// Outputs, filled up to whole vectors.
    fn filled(&self) -> usize {
        self.outputs.next_multiple_of(self.lanes)
    }

    /// Outputs that are made at once, at most.
    fn width(&self) -> usize {
        ABREAST * self.lanes
    }

    fn needs(&self) -> Needs {
        Needs { sums: self.places.saturating_mul(self.filled()), offsets: self.taps, ..Needs::default() }
    }
}

/// The axis along which places are taken together: the longest.
fn along(extent: &[usize]) -> usize {
    (0..extent.len()).max_by_key(|&axis| extent[axis]).unwrap_or(0)
}

/// Tiles as large as fit; at least so many places that registers are full.
fn tiling<A: Accum>(setting: &Setting<'_, A>) -> (Tiling, Sizes) {
    let problem = setting.problem;
    let together = places(in_use::<A>().1);
    let fits = |tiling: &Tiling| {
        let (bytes, sizes) = (tiling.bytes::<A>(problem), Sizes::new::<A>(problem, tiling));
        let fits = sizes.places <= together || bytes <= BYTES && tiling.is_shared(problem, bytes);
        fits && tiling.all_bytes::<A>(problem, &sizes.needs()) <= setting.memory
    };
    let tiling = Tiling::grown(problem, 1, fits);
    let sizes = Sizes::new::<A>(problem, &tiling);
    (tiling, sizes)
}

impl<A: Accum> Method<A> for Channels {
    fn assess(&self, setting: &Setting<'_, A>) -> Result<Cost, Refusal> {
        let problem = setting.problem;
        only_floats::<A>()?;
        if problem.outputs < FEW {
            return Err(Refusal::because("so few output channels fill no vector"));
        }
        let (tiling, sizes) = tiling(setting);
        let vectors = (sizes.filled() / sizes.lanes * sizes.places * sizes.taps) as f64;
        let copied = (sizes.filled() * sizes.taps * problem.groups) as f64 * cost::element::<A>();
        let nanoseconds =
            cost::tiles::<A>(problem, &tiling) + tiling.count(problem) * vectors * cost::outer::<A>() + copied;
        let tables = (sizes.filled() * sizes.taps).saturating_mul(problem.groups * size_of::<A>());
        let scratch = tiling.all_bytes::<A>(problem, &sizes.needs());
        within(setting, Cost { nanoseconds, tables, scratch })
    }

    fn roundings(&self, setting: &Setting<'_, A>) -> Option<Roundings> {
        Some(Roundings::of_terms(setting.problem))
    }

    fn prepare(&self, setting: &Setting<'_, A>) -> Box<dyn Prepared<A>> {
        let (tiling, sizes) = tiling(setting);
        let steps = Steps::of(setting.problem);
        let weights = interleaved(setting.weights, DEPTH, (sizes.filled(), sizes.width()));
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
        let Sizes { outputs, taps, .. } = self.sizes;
        let filled = self.sizes.filled();
        let weights = &self.weights[group * filled * taps..][..filled * taps];
        let offsets = &mut work.offsets[..taps];
        let (counts, apart) = self.steps.taps(x.shape[0], &x.strides);
        for (tap, place) in offsets.iter_mut().enumerate() {
            *place = place_of(tap, &counts, &apart);
        }
        let extent = Dims::from_slice(y.extent());
        let sums = &mut work.sums[..extent.iter().product::<usize>() * filled];
        sums.fill(A::ZERO);
        if const { is_float::<A>() } {
            dispatch!(arch::level(), simd => self.fill(simd, weights, offsets, x, &extent, sums));
        }
        // Sums stand as [place][output].
        let row = extent.last().copied().unwrap_or(1);
        let rows = y.rows() / outputs;
        y.for_each_row(|at, y| {
            let (output, line) = (at / rows, at % rows);
            let from = &sums[line * row * filled + output..];
            y.iter_mut().zip(from.iter().step_by(filled)).for_each(|(y, &sum)| *y = sum);
        });
    }
}

impl<A: Accum> Ready<A> {
    /// Sums of all outputs at all places.
    #[inline(always)]
    fn fill<S: Simd>(
        &self,
        simd: S,
        mut weights: &[A],
        offsets: &[usize],
        x: &Block<'_, A>,
        extent: &[usize],
        sums: &mut [A],
    ) {
        let Sizes { lanes, taps, .. } = self.sizes;
        let filled = self.sizes.filled();
        let along = along(extent);
        let mut others = Dims::from_slice(extent);
        let (count, apart) = match extent.is_empty() {
            true => (1, 1),
            false => (std::mem::replace(&mut others[along], 1), extent[along + 1..].iter().product()),
        };
        let steps = self.steps.apart(extent.len(), &x.strides);
        let pitch = steps.get(along).copied().unwrap_or(1);
        let places = dense_strides(extent);
        for depth in pieces(taps, DEPTH) {
            for strip in pieces(filled, self.sizes.width()) {
                let (here, later) = weights.split_at(depth.len() * strip.len());
                weights = later;
                for at in 0..others.iter().product() {
                    let samples = &x.data[place_of(at, &others, &steps)..];
                    let place = place_of(at, &others, &places);
                    let factors = Factors { weights: here, x: samples, offsets: &offsets[depth.clone()], pitch };
                    let sums = &mut sums[place * filled + strip.start..];
                    product::<S, A>(simd, &factors, (count, strip.len() / lanes), sums, apart * filled);
                }
            }
        }
    }
}
