//! Integers by real weights, summed in single precision, with the integers that double precision gives.
//!
//! Such sums become integers, so nobody sees their last digits: whether a sum is 17.31 or 17.31000004 does not matter, and
//! single precision is twice as fast and more. It matters near the *boundaries*, where the integer changes: at `k + 1/2` for
//! sums that are rounded to nearest, at `k` (but for 0) for those cut towards zero. The error of a sum of which each term
//! meets `n` roundings is at most
//!
//! ```text
//! e = n u / (1 - n u) max|x| sum|w|        u = 2^-24
//! ```
//!
//! so a sum further than `e` from every boundary is decided. The others are *doubtful*: a few thousandths, as a rule, in bytes.
//! They are summed once more in doubles, in any order; what is then further from a boundary than doubles can be wrong
//! is decided. What is left are ties but for the rounding of doubles, as all of a flat region is where it is smoothed and cut:
//! these are made by the very routine that sums in doubles, a piece of a row at a time, so that the result is to the bit
//! what it would be had all been summed so. Pieces with many doubtful sums go there at once.
//!
//! Weights that are whole multiples of a power of two, and so small that all sums are exact, leave no doubt: `e = 0`.
//!
//! What is settled is written among the sums as the whole number that it becomes.

use crate::{
    Accum, Boundary, Cost, Dims, Problem, Refusal, Rounding,
    algorithm::{Needs, Room, Roundings, Steps, stencil},
    arch::{self, Outputs, dispatch},
    geometry::place_of,
    kernel::weights::Weights,
    line::Block,
    micro::convert::each,
};

/// Outputs of a piece of a row, which is settled one by one or at once.
const PIECE: usize = 256;
/// Outputs that go to the routine in doubles together, at most: so many pieces.
const LONGEST: usize = 16 * PIECE;
/// Outputs that are looked at together.
const GLANCE: usize = 32;
/// One doubtful sum in so many is many: a piece is then summed in doubles at once.
const MANY: usize = 32;
/// So much of the distance between two integers may be doubtful.
const DOUBTFUL: f64 = 1.0 / 64.0;
/// Doubles around it differ by one from their neighbours.
const MIDDLE: f64 = 1.5 * (1u64 << 52) as f64;
/// Half the distance from 1 to the next number, in single and in double precision.
const SINGLE: f64 = f32::EPSILON as f64 / 2.0;
const DOUBLE: f64 = f64::EPSILON / 2.0;

/// How far sums may be off.
#[derive(Debug, Clone, Copy)]
struct Doubt {
    /// In singles.
    single: f64,
    /// Two sums in doubles from one another.
    double: f64,
}

impl Doubt {
    /// Of sums with so many terms, which meet so many roundings each, and whose parts are at most `reach`.
    fn new(terms: f64, roundings: usize, (largest, reach): (f64, f64)) -> Doubt {
        let n = roundings as f64 * SINGLE;
        // Weights near zero are off by as much as the least single.
        let single = n / (1.0 - n) * reach + terms * largest * f64::from(f32::from_bits(1));
        let double = 4.0 * (terms + 2.0) * DOUBLE * reach;
        // Doubles are off too, and what is compared with is rounded to singles.
        Doubt { single: (single + double) * (1.0 + 2.0 * SINGLE) + SINGLE / 2.0, double }
    }

    /// Whether another sum in doubles, made in another order, might become another integer.
    fn is_tie(&self, sum: f64, rounding: Rounding) -> bool {
        let whole = (sum + MIDDLE) - MIDDLE;
        let apart = (sum - whole).abs();
        match rounding {
            Rounding::Nearest => apart >= 0.5 - self.double,
            Rounding::TowardZero => apart <= self.double && whole != 0.0,
        }
    }
}

/// Whether sums of whole numbers by these weights, reaching so far, are exact in single precision.
fn is_exact(weights: &[f64], reach: f64) -> bool {
    // The power of two of the last bit of each.
    let last_bit = |w: &f64| (w.to_bits() | 1 << 52).trailing_zeros() as i32 + exponent(*w) - 52;
    let least = weights.iter().filter(|w| **w != 0.0).map(last_bit).min().unwrap_or(0);
    least > -100 && reach <= 2f64.powi(least + 24)
}

/// The power of two of a number's first bit.
fn exponent(w: f64) -> i32 {
    (w.to_bits() >> 52 & 0x7ff) as i32 - 1023
}

/// Settles sums of type `A` that may round to the wrong integer.
pub(crate) trait Settling<A>: Send + Sync {
    /// Replaces doubtful sums of a tile of one group by the integers that they become.
    fn settle(&self, group: usize, x: &Block<'_, A>, y: &mut Outputs<'_, A>, desk: &mut Desk);
    /// Room for it.
    fn desk(&self) -> Desk;
    /// The weights as they were given.
    fn weights(&self) -> &Weights<f64>;
}

/// Room to sum a piece of a row in doubles.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    samples: Vec<f64>,
    sums: Vec<f64>,
    sorted: Vec<f64>,
    offsets: Vec<usize>,
    taps: Vec<usize>,
}

/// Sums in singles, settled in doubles.
pub(crate) struct Settle {
    steps: Steps,
    weights: Weights<f64>,
    rounding: Rounding,
    /// Where there is any.
    doubt: Option<Doubt>,
    /// Outputs in all.
    outputs: usize,
    /// Outputs of a row.
    row: usize,
}

impl Settle {
    /// For sums of samples up to `largest`, in all up to `reach`; refuses where roundings leave too much doubt.
    pub(crate) fn new(
        problem: &Problem,
        weights: Weights<f64>,
        rounding: Rounding,
        (largest, reach): (f64, f64),
        roundings: Roundings,
    ) -> Result<Settle, Refusal> {
        let refuse = |reason: &str| Err(Refusal::because(format!("in single precision {reason}")));
        let constants = problem.axes.iter().filter_map(|axis| match axis.boundary {
            Boundary::Constant(c) => Some(c.to_complex().re),
            _ => None,
        });
        let terms = problem.terms() as f64;
        let (roundings, may_be_exact) = match roundings {
            Roundings::OfSums(roundings) => (roundings, constants.clone().all(|c| c.fract() == 0.0)),
            Roundings::OfFactors(roundings) => (roundings, false),
        };
        let doubt = Doubt::new(terms, roundings, (largest, reach));
        let (outputs, row) = (problem.outputs_in_all(), problem.axes.last().map_or(1, |axis| axis.out));
        let settle = |doubt, weights| Ok(Settle { steps: Steps::of(problem), weights, rounding, doubt, outputs, row });
        match () {
            _ if largest > f32::WHOLE || reach > (1u64 << 21) as f64 => refuse("numbers would be too large"),
            _ if constants.clone().any(|c| f64::from(c as f32) != c) => {
                refuse("a boundary's constant would be another")
            }
            _ if may_be_exact && is_exact(&weights.data, reach) => settle(None, weights),
            _ if row < GLANCE => refuse("rows would be too short"),
            _ if doubt.single > DOUBTFUL => refuse(&format!("sums may be off by {:.2}", doubt.single)),
            _ => settle(Some(doubt), weights),
        }
    }

    /// Whether there is any doubt.
    pub(crate) fn is_needed(&self) -> bool {
        self.doubt.is_some()
    }

    /// What it takes besides making the sums.
    pub(crate) fn cost(&self, cost: Cost) -> Cost {
        let Some(doubt) = self.doubt else { return cost };
        let terms = (self.weights.inputs * self.weights.volume()) as f64;
        let doubtful = 2.0 * doubt.single * (GLANCE as f64 + terms);
        let scratch = cost.scratch.saturating_add(self.bytes());
        let tables = cost.tables.saturating_add(size_of_val(&self.weights.data[..]));
        Cost { nanoseconds: cost.nanoseconds + self.outputs as f64 * (0.1 + doubtful), tables, scratch }
    }

    /// The samples that a piece of so many outputs reads, along each axis.
    fn needed(&self, outputs: usize) -> Dims {
        let last = self.steps.kernel.len() - 1;
        (0..=last).map(|axis| self.steps.needed(axis, if axis == last { outputs } else { 1 })).collect()
    }

    /// Bytes of a desk.
    fn bytes(&self) -> usize {
        let Sizes { samples, sums, sorted, taps } = self.sizes();
        let numbers = samples.saturating_add(sums).saturating_add(sorted);
        numbers.saturating_mul(size_of::<f64>()).saturating_add(taps.saturating_mul(2 * size_of::<usize>()))
    }

    fn sizes(&self) -> Sizes {
        let row = self.row.clamp(1, LONGEST);
        let needed = self.needed(row);
        let Needs { sums: sorted, offsets: taps, .. } = self.steps.needs(self.weights.inputs, &needed);
        let samples = needed.iter().fold(self.weights.inputs, |all, &n| all.saturating_mul(n));
        Sizes { samples, sums: row, sorted, taps }
    }

    /// Where the samples of each tap stand, from an output's first.
    fn place_taps(&self, strides: &[usize], taps: &mut [usize]) {
        let shape: Dims = [self.weights.inputs].into_iter().chain(self.steps.kernel.iter().copied()).collect();
        let far = strides[1..].iter().zip(&self.steps.dilation).map(|(stride, dilation)| stride * dilation);
        let far: Dims = strides[..1].iter().copied().chain(far).collect();
        taps.iter_mut().enumerate().for_each(|(at, tap)| *tap = place_of(at, &shape, &far));
    }

    /// Makes pieces of a row in doubles, as the stencil does: of the samples from `x` on.
    fn sum(&self, weights: &[f64], x: &[f32], strides: &[usize], y: &mut [f32], desk: &mut Desk) {
        let outputs = y.len();
        let mut shape: Dims = [self.weights.inputs].into_iter().chain(self.needed(outputs)).collect();
        let row = shape.pop().expect("a settled problem has axes");
        let all = desk.samples.chunks_exact_mut(row).take(shape.iter().product()).enumerate();
        all.for_each(|(at, samples)| each(&x[place_of(at, &shape, strides)..][..row], samples, f64::from));
        shape.push(row);
        let block = Block::dense(&desk.samples, &shape);
        let mut extent = Dims::from_elem(1, 1 + self.steps.kernel.len());
        *extent.last_mut().expect("a settled problem has axes") = outputs;
        let room = Room { sorted: &mut desk.sorted, offsets: &mut desk.offsets };
        stencil(&self.steps, weights, &block, &mut Outputs::dense(&mut desk.sums[..outputs], &extent), room);
        match self.rounding {
            Rounding::Nearest => each(&desk.sums[..outputs], y, |sum| ((sum + MIDDLE) - MIDDLE) as f32),
            Rounding::TowardZero => each(&desk.sums[..outputs], y, |sum| sum.trunc() as f32),
        }
    }

    /// Settles a piece of a row one by one, if few are doubtful and none is a tie but for the rounding of doubles.
    fn settle_few(&self, doubt: Doubt, weights: &[f64], x: &[f32], taps: &[usize], y: &mut [f32]) -> Outcome {
        let (rounding, single) = (self.rounding, doubt.single as f32);
        let step = self.steps.stride.last().copied().unwrap_or(1);
        let one = |place: usize, y: &mut f32| {
            let sum = sum(weights, &x[place * step..], taps);
            *y = rounding.whole(sum) as f32;
            if doubt.is_tie(sum, rounding) { Outcome::Tie } else { Outcome::Settled }
        };
        let glance = |y: &[f32]| dispatch!(arch::level(), _simd => doubtful(y, rounding, single));
        match glance(y) {
            (0, _) => return Outcome::Settled,
            (1, place) => return one(place, &mut y[place]),
            (many, _) if many * MANY > y.len() => return Outcome::Tie,
            _ => {}
        }
        for (at, y) in y.chunks_mut(GLANCE).enumerate().filter(|(_, y)| glance(y).0 > 0) {
            for (i, y) in y.iter_mut().enumerate().filter(|(_, y)| is_doubtful(**y, rounding, single)) {
                if one(at * GLANCE + i, y) == Outcome::Tie {
                    return Outcome::Tie;
                }
            }
        }
        Outcome::Settled
    }
}

/// Numbers that a desk holds.
struct Sizes {
    samples: usize,
    sums: usize,
    sorted: usize,
    taps: usize,
}

/// What came of settling one by one.
#[derive(PartialEq)]
enum Outcome {
    Settled,
    /// A sum is so near a boundary that it matters in which order it is made.
    Tie,
}

impl Settling<f32> for Settle {
    fn settle(&self, group: usize, x: &Block<'_, f32>, y: &mut Outputs<'_, f32>, desk: &mut Desk) {
        let Some(doubt) = self.doubt else { return };
        let extent = Dims::from_slice(y.extent());
        let (&row, outer) = extent.split_last().expect("a settled problem has axes");
        let apart: Dims = self.steps.stride.iter().zip(&x.strides[1..]).map(|(stride, far)| stride * far).collect();
        let last = apart.last().copied().unwrap_or(1);
        let strides = &x.strides;
        let mut taps = std::mem::take(&mut desk.taps);
        self.place_taps(strides, &mut taps);
        for (output, weights) in self.weights.group(group).chunks_exact(taps.len()).enumerate() {
            y.part(0, output, 1).for_each_row(|at, y| {
                let x = &x.data[place_of(at, outer, &apart)..];
                // Pieces that go to the routine in doubles go there together with their neighbours.
                let mut together = 0..0;
                for start in (0..row).step_by(PIECE) {
                    let piece = start..row.min(start + PIECE);
                    if self.settle_few(doubt, weights, &x[start * last..], &taps, &mut y[piece.clone()]) == Outcome::Tie
                    {
                        together.start = if together.is_empty() { start } else { together.start };
                        together.end = piece.end;
                        if piece.end < row && together.len() < LONGEST {
                            continue;
                        }
                    }
                    if !together.is_empty() {
                        self.sum(weights, &x[together.start * last..], strides, &mut y[together.clone()], desk);
                        together = 0..0;
                    }
                }
            });
        }
        desk.taps = taps;
    }

    fn desk(&self) -> Desk {
        let Sizes { samples, sums, sorted, taps } = self.sizes();
        Desk {
            samples: vec![0.0; samples],
            sums: vec![0.0; sums],
            sorted: vec![0.0; sorted],
            offsets: vec![0; taps],
            taps: vec![0; taps],
        }
    }

    fn weights(&self) -> &Weights<f64> {
        &self.weights
    }
}

/// How many sums are too near a boundary to tell their integers, and the sum of their places: where it is one, its place.
#[inline(always)]
fn doubtful(sums: &[f32], rounding: Rounding, doubt: f32) -> (usize, usize) {
    match rounding {
        Rounding::Nearest => count(sums, |sum| is_doubtful(sum, Rounding::Nearest, doubt)),
        Rounding::TowardZero => count(sums, |sum| is_doubtful(sum, Rounding::TowardZero, doubt)),
    }
}

#[inline(always)]
fn count(sums: &[f32], is_doubtful: impl Fn(f32) -> bool) -> (usize, usize) {
    let (mut count, mut places, mut place) = (0u32, 0u32, 0u32);
    for &sum in sums {
        let one = u32::from(is_doubtful(sum));
        count += one;
        places += one * place;
        place += 1;
    }
    (count as usize, places as usize)
}

/// Whether a sum is too near a boundary to tell its integer. The distance is exact: sum and whole number are multiples of the
/// last bit of the sum, and at most one half apart.
#[inline(always)]
fn is_doubtful(sum: f32, rounding: Rounding, doubt: f32) -> bool {
    /// Around it neighbours differ by one.
    const MIDDLE: f32 = 1.5 * (1u32 << 23) as f32;
    let whole = (sum + MIDDLE) - MIDDLE;
    let apart = (sum - whole).abs();
    match rounding {
        Rounding::Nearest => apart >= 0.5 - doubt,
        Rounding::TowardZero => (apart <= doubt) & (whole != 0.0),
    }
}

/// One sum in doubles.
fn sum(weights: &[f64], x: &[f32], taps: &[usize]) -> f64 {
    /// Sums that do not wait for one another.
    const APART: usize = 4;
    let mut sums = [0.0; APART];
    let all = weights.chunks(APART).zip(taps.chunks(APART));
    for (weights, taps) in all {
        for ((sum, weight), &tap) in sums.iter_mut().zip(weights).zip(taps) {
            *sum += weight * f64::from(x[tap]);
        }
    }
    sums.iter().sum()
}
