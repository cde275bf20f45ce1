//! One axis after the other, for kernels that are products of vectors, or sums of few such products.
//!
//! The last two passes go together, a band of rows at a time, so that what is between them stays in the caches.
//!
//! A kernel of rank `R` with `K` weights along each of `d` axes costs `R d K` multiplications an output instead of `K^d`.
//! The factors are those of [`factors`](crate::kernel::factors), found relative to the kernel's own scale.
//! Passes go from the slowest axis to the fastest, so that all but the last work on whole rows; a stride is taken in the
//! pass of its own axis, so nothing is computed to be thrown away.
//!
//! Error: with one term as `direct`, with `d` roundings more; with several, cancellation between them makes it small only
//! beside the largest weight, `c R (sum of K) eps max|w| sum |x|`, which `Componentwise` does not allow.
//! Integers are factored in integers. Sums modulo 2^64 do not care what overflows on the way; whole sums in floats must be known
//! to stay exact between the passes too.

use super::{Cost, Laid, Method, Needs, Prepared, Room, Roundings, Setting, Steps, Tiling, Work, stencil, within};
use std::sync::Arc;

use crate::{
    Accum, Accuracy, Dims, Problem, Refusal, arch::Outputs, bound::Rounds, cost, geometry::place_of,
    kernel::factors::Factors, line::Block, micro::fir::Ahead,
};

/// Bytes of a block and its outputs where samples must be gathered: a second-level cache.
const GATHERED: usize = 1 << 20;
/// The same where memory holds sums, so that most tiles are not gathered: the larger the fewer edges they have.
const LENT: usize = 4 << 20;

/// Outputs of a row that are enough.
const ROW: usize = 2048;

/// Bytes of a band: a first-level cache; but so many rows in any case, since each band has a start and an end.
const BAND: usize = 32 << 10;
const ROWS: usize = 24;

pub(crate) struct Separable;

/// An axis along which something happens, and what.
type Pass = (usize, Steps);

struct Ready<A> {
    passes: Vec<Pass>,
    factors: Arc<Factors<A>>,
    channels: (usize, usize),
    tiling: Tiling,
    sizes: Sizes,
}

/// Sums that stand between passes, and beside them.
struct Sizes {
    /// Between two passes before the last two.
    early: usize,
    /// Outputs of a band along the axis of the last pass but one.
    rows: usize,
    /// Of a band, before and after the last pass.
    band: (usize, usize),
    /// What a pass before the last two needs, the last but one, and the last.
    passes: [Needs; 3],
}

impl Sizes {
    fn new<A: Accum>(passes: &[Pass], tiling: &Tiling) -> Sizes {
        let volume = |shape: &[usize]| shape.iter().fold(1, |all: usize, &n| all.saturating_mul(n));
        let (two, before) = last_two(passes);
        let mut shape = tiling.block.clone();
        let (mut early, mut needs) = (0, Needs::default());
        for (axis, steps) in before {
            let pass = steps.needs(1, &shape);
            needs.sums = needs.sums.max(pass.sums);
            needs.offsets = needs.offsets.max(pass.offsets);
            shape[*axis] = tiling.tile[*axis];
            early = early.max(volume(&shape));
        }
        let [(along, first), (_, second)] = two;
        let row = volume(&shape[along + 1..]);
        let rows = (BAND / row.saturating_mul(size_of::<A>()).max(1)).max(ROWS).min(tiling.tile[*along]);
        let passes = [needs, first.needs(1, &shape), second.needs(1, &band(&shape, *along, rows)[1..])];
        let after = rows.saturating_mul(volume(&tiling.tile[along + 1..]));
        Sizes { early, rows, band: (rows.saturating_mul(row), after), passes }
    }

    fn needs(&self) -> Needs {
        let sums = self.passes.iter().map(|needs| needs.sums).chain([2 * self.early, self.band.0, self.band.1]);
        let offsets = self.passes.iter().map(|needs| needs.offsets);
        let all = |sizes: &mut dyn Iterator<Item = usize>| sizes.fold(0, usize::saturating_add);
        Needs { sums: all(&mut { sums }), offsets: all(&mut { offsets }), ..Needs::default() }
    }
}

/// A block of one channel that has so many rows along an axis, and one along those before it.
fn band(shape: &[usize], along: usize, rows: usize) -> Dims {
    std::iter::repeat_n(1, 1 + along).chain([rows]).chain(shape[along + 1..].iter().copied()).collect()
}

/// The last two passes, and those before.
fn last_two(passes: &[Pass]) -> (&[Pass; 2], &[Pass]) {
    let (before, two) = passes.split_last_chunk().expect("two axes at least");
    (two, before)
}

/// The axes that need a pass, with the extents that the pass reads: those before it are done.
fn passes(problem: &Problem) -> Vec<Pass> {
    let busy = |axis: &usize| {
        let a = &problem.axes[*axis];
        a.kernel > 1 || a.stride > 1
    };
    (0..problem.axes.len()).filter(busy).map(|axis| (axis, Steps::along(problem, axis))).collect()
}

fn tiling<A: Accum>(setting: &Setting<'_, A>) -> (Tiling, Sizes) {
    let (problem, passes) = (setting.problem, passes(setting.problem));
    let sizes = |tiling: &Tiling| Sizes::new::<A>(&passes, tiling);
    let bytes = |tiling: &Tiling| tiling.all_bytes::<A>(problem, &sizes(tiling).needs());
    let most = if setting.rounds == Rounds::Always { LENT } else { GATHERED };
    let fits = |tiling: &Tiling| {
        let bytes = bytes(tiling);
        bytes <= most.min(setting.memory) && tiling.is_shared(problem, bytes)
    };
    let tiling = Tiling::grown(problem, ROW, fits);
    let sizes = sizes(&tiling);
    (tiling, sizes)
}

impl<A: Accum> Method<A> for Separable {
    fn assess(&self, setting: &Setting<'_, A>) -> Result<Cost, Refusal> {
        let problem = setting.problem;
        if problem.axes.iter().filter(|axis| axis.kernel > 1).count() < 2 {
            return Err(Refusal::because("the kernel has more than one weight along one axis at most"));
        }
        let Some(factors) = setting.factors() else {
            return Err(Refusal::because("the kernel is not a sum of few products of vectors"));
        };
        if setting.accuracy == Accuracy::Componentwise && !factors.componentwise && setting.rounds == Rounds::Always {
            return Err(Refusal::because("its terms cancel, so errors are not small beside each output's own terms"));
        }
        let (tiling, sizes) = tiling(setting);
        let mut shape = tiling.block.clone();
        let mut nanoseconds = 0.0;
        for (axis, steps) in passes(problem) {
            let before = shape.clone();
            shape[axis] = tiling.tile[axis];
            let vectors = cost::vectors::<A>(&shape, steps.row_len::<A>(&before, &shape));
            let taps = problem.axes[axis].kernel as f64;
            nanoseconds += vectors * taps * cost::multiply::<A>(steps.order::<A>()) * cost::PASS;
        }
        let terms = factors.terms.iter().map(Vec::len).sum::<usize>() as f64 / setting.weights.groups.max(1) as f64;
        nanoseconds = cost::tiles::<A>(problem, &tiling) + tiling.count(problem) * nanoseconds * terms;
        let tables = factors.terms.iter().flatten().flatten().map(|v| size_of_val(&v[..])).sum();
        let scratch = tiling.all_bytes::<A>(problem, &sizes.needs());
        within(setting, Cost { nanoseconds, tables, scratch })
    }

    fn roundings(&self, setting: &Setting<'_, A>) -> Option<Roundings> {
        let axes = &setting.problem.axes;
        let along: usize = axes.iter().map(|axis| axis.kernel).sum();
        let all = 2 * (along + setting.problem.inputs + 2 * axes.len() + 8);
        setting.factors().filter(|factors| factors.componentwise).map(|_| Roundings::OfFactors(all))
    }

    fn is_particular(&self) -> bool {
        true
    }

    fn prepare(&self, setting: &Setting<'_, A>) -> Box<dyn Prepared<A>> {
        let (tiling, sizes) = tiling(setting);
        let factors = setting.factors().expect("assessed").clone();
        let channels = (setting.weights.outputs, setting.weights.inputs);
        Box::new(Ready { passes: passes(setting.problem), factors, channels, tiling, sizes })
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
        false
    }

    fn is_divisible(&self) -> bool {
        true
    }

    fn growth(&self) -> f64 {
        let norm = |weights: &Vec<A>| weights.iter().map(|weight| weight.magnitude()).sum::<f64>().max(1.0);
        self.factors.terms.iter().flatten().map(|term| term.iter().map(norm).product::<f64>()).sum()
    }

    fn run(&self, group: usize, x: &Block<'_, A>, y: &mut Outputs<'_, A>, work: &mut Work<A>) {
        let Sizes { early, band, passes, .. } = &self.sizes;
        let (outputs, inputs) = self.channels;
        let extent = Dims::from_slice(y.extent());
        let mut rest = &mut work.sums[..];
        let mut take = |sums: usize| rest.split_off_mut(..sums).expect("as many as are needed");
        let (mut from, mut to) = (take(*early), take(*early));
        let mut bands = Bands {
            before: take(band.0),
            after: take(band.1),
            first: take(passes[1].sums),
            second: take(passes[2].sums),
        };
        let sorted = take(passes[0].sums);
        let (offsets, of_two) = work.offsets.split_at_mut(passes[0].offsets);
        for output in 0..outputs {
            let mut y = y.part(0, output, 1);
            let mut is_first = true;
            for input in 0..inputs {
                let block = x.channel(input);
                for term in &self.factors.terms[(group * outputs + output) * inputs + input] {
                    let mut shape = block.shape.clone();
                    let (_, before) = last_two(&self.passes);
                    for (number, (axis, steps)) in before.iter().enumerate() {
                        let block = if number == 0 { block.clone() } else { Block::dense(from, &shape) };
                        shape[axis + 1] = extent[*axis];
                        let size = shape.iter().product();
                        let room = Room { sorted: &mut *sorted, offsets: &mut *offsets };
                        stencil(steps, &term[*axis], &block, &mut Outputs::dense(&mut to[..size], &shape), room);
                        std::mem::swap(&mut from, &mut to);
                    }
                    let block = if before.is_empty() { block.clone() } else { Block::dense(from, &shape) };
                    self.in_bands(term, &block, &mut y, std::mem::take(&mut is_first), &mut bands, of_two);
                }
            }
            if is_first {
                y.fill(A::ZERO);
            }
        }
    }
}

/// Scratch for bands: sums between the last two passes and after them, and what each of the two needs.
struct Bands<'w, A> {
    before: &'w mut [A],
    after: &'w mut [A],
    first: &'w mut [A],
    second: &'w mut [A],
}

impl<A: Accum> Ready<A> {
    /// The last two passes of a term, over a block of one channel, band after band.
    fn in_bands(
        &self,
        term: &[Vec<A>],
        x: &Block<'_, A>,
        y: &mut Outputs<'_, A>,
        is_first: bool,
        room: &mut Bands<'_, A>,
        offsets: &mut [usize],
    ) {
        let ([(along, first), (last, second)], _) = last_two(&self.passes);
        let (along, extent) = (*along, Dims::from_slice(y.extent()));
        let (of_first, of_second) = offsets.split_at_mut(self.sizes.passes[1].offsets);
        let one = Laid::new::<A>(first, 1, (&x.shape, &x.strides), of_first);
        let weights = one.sorted(&term[along], room.first);
        let shape = band(&x.shape[1..], along, self.sizes.rows);
        let two = Laid::new::<A>(second, 1, (&shape, &second.spread_strides(&shape)), of_second);
        // Axes before the band's: one place after another.
        let outer = &extent[..along];
        for at in 0..outer.iter().product() {
            let start = place_of(at, outer, &x.strides[1..]);
            let mut y = y.place(1, along, at);
            for start_of_band in (0..extent[along]).step_by(self.sizes.rows) {
                let rows = self.sizes.rows.min(extent[along] - start_of_band);
                let shape = band(&x.shape[1..], along, rows);
                let before = &mut room.before[..shape.iter().product()];
                let start = start + start_of_band * first.stride[along] * x.strides[1 + along];
                one.fill(weights, &x.data[start..], &mut Outputs::dense(before, &shape), Ahead::NONE);
                // What the next band reads, but for what this one did.
                let next = start + first.needed(along, rows) * x.strides[1 + along];
                let ahead = match x.data.get(next..) {
                    Some(samples) if along + 2 == extent.len() => Ahead { samples, apart: x.strides[1 + along] },
                    _ => Ahead::NONE,
                };

                let block = Block::dense(before, &shape);
                let (data, _) = second.spread(&block, room.second);
                let mut y = y.part(1 + along, start_of_band, rows);
                if is_first {
                    two.fill(&term[*last], data, &mut y, ahead);
                    continue;
                }
                let after = &mut room.after[..y.shape().iter().product()];
                two.fill(&term[*last], data, &mut Outputs::dense(after, y.shape()), ahead);
                y.add(after);
            }
        }
    }
}
