//! The sum as it is written, with lanes along the output channels.
//!
//! For few places with many terms each, as gradients to weights are: there a place is a weight, and terms are all places of all
//! images. Rows of outputs are then too short for vectors, but every sample that is read meets the weights of all output channels, and
//! these stand side by side once they are copied so ([`outer`](crate::micro::outer)). Samples stay where they are, and places that
//! are taken together lie along whichever axis is longest: mostly that of the input channels.
//!
//! Error: `(inputs * K + 2) eps sum |w| |x|`, and less in practice: sums of a thousand terms are added up.
//! Cost per output: one multiplication for each weight, at the full speed of the multipliers where the channels fill vectors.

use std::ops::Range;

use super::{Cost, Method, Needs, Prepared, Roundings, Setting, Steps, Tiling, Work, is_float, only_floats, within};
use crate::{
    Accum, Dims, Problem, Refusal,
    arch::{self, Lanes, Outputs, Simd, dispatch},
    cost,
    geometry::place_of,
    kernel::weights::Weights,
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
        let lanes = dispatch!(arch::level(), simd => of_set::<_, A>(simd)).0;
        let taps = problem.inputs * problem.volume();
        Sizes { outputs: problem.outputs, taps, lanes, places: tiling.tile.iter().product() }
    }

    /// Outputs, filled up to whole vectors.
    fn filled(&self) -> usize {
        self.outputs.next_multiple_of(self.lanes)
    }

    fn needs(&self) -> Needs {
        Needs { sums: self.places.saturating_mul(self.filled()), offsets: self.taps, ..Needs::default() }
    }

    /// The outputs, some vectors at a time.
    fn strips(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let (filled, width) = (self.filled(), ABREAST * self.lanes);
        (0..filled).step_by(width).map(move |first| first..filled.min(first + width))
    }
}

#[inline(always)]
fn of_set<S: Simd, A: Accum>(_: S) -> (usize, usize) {
    (A::Lanes::<S>::LEN, places::<S, A>())
}

/// The terms, some at a time.
fn depths(taps: usize) -> impl Iterator<Item = Range<usize>> {
    (0..taps).step_by(DEPTH).map(move |first| first..taps.min(first + DEPTH))
}

/// The axis along which places are taken together: the longest.
fn along(extent: &[usize]) -> usize {
    (0..extent.len()).max_by_key(|&axis| extent[axis]).unwrap_or(0)
}

/// Tiles as large as fit; at least so many places that registers are full.
fn tiling<A: Accum>(setting: &Setting<'_, A>) -> (Tiling, Sizes) {
    let problem = setting.problem;
    let together = dispatch!(arch::level(), simd => of_set::<_, A>(simd)).1;
    let fits = |tiling: &Tiling| {
        let bytes = tiling.bytes::<A>(problem);
        let needs = Sizes::new::<A>(problem, tiling).needs().bytes::<A>();
        let few = tiling.tile.iter().product::<usize>() <= together;
        (few || bytes <= BYTES && tiling.is_shared(problem, bytes)) && bytes.saturating_add(needs) <= setting.memory
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

/// The weights in the order in which they are read, with zeros for outputs that there are not.
fn packed<A: Accum>(weights: &Weights<A>, sizes: &Sizes) -> Vec<A> {
    let mut all = arch::zeros(weights.groups * sizes.filled() * sizes.taps);
    let mut rest = &mut all[..];
    for group in 0..weights.groups {
        let weights = weights.group(group);
        for depth in depths(sizes.taps) {
            for strip in sizes.strips() {
                let width = strip.len();
                let here = rest.split_off_mut(..depth.len() * width).expect("as many as there are");
                for (at, output) in strip.enumerate().filter(|(_, output)| *output < sizes.outputs) {
                    let row = &weights[output * sizes.taps..][depth.clone()];
                    here[at..].iter_mut().step_by(width).zip(row).for_each(|(place, &weight)| *place = weight);
                }
            }
        }
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
        for (tap, place) in offsets.iter_mut().enumerate() {
            *place = self.steps.place(tap, &x.strides);
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
        let step = |axis: usize| self.steps.stride[axis] * x.strides[axis + 1];
        let steps: Dims = (0..extent.len()).map(step).collect();
        let pitch = steps.get(along).copied().unwrap_or(1);
        let places = crate::geometry::dense_strides(extent);
        for depth in depths(taps) {
            for strip in self.sizes.strips() {
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
