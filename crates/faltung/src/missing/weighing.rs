//! What share of the weights meets a sample: the coverage.
//!
//! For each output the weights that meet one are summed: `|w|` over the signal as ones and zeros. Beside that stand the
//! weights that meet the zeros of upsampling; these depend on nothing but where the output lies between two samples, so they
//! are summed beforehand, for each such phase.
//!
//! Where all weights of a channel are zero or alike in size (a box), or whole numbers, those sums are whole and exact, and one
//! convolution is enough. Else they are made in doubles, beside a count of the present samples with weights that are not zero,
//! which decides where the share is 0 or 1; what lies between is kept between, however it rounds.

use crate::{AnyArray, Array, Axis, Dtype, Error, Geometry, Plan, Problem, Result, Rounding, kernel::Values};

/// The greatest double below 1.
const BELOW_ONE: f64 = 1.0 - f64::EPSILON / 2.0;

/// Whole numbers up to here are doubles.
const EXACT: f64 = (1u64 << 53) as f64;

/// The plans that weigh what is there.
pub(crate) struct Weighing {
    /// Exact: the weights themselves, or counts.
    whole: Whole,
    /// Sums of weights divided by their total, where those are not whole.
    real: Option<Real>,
}

/// Sums of whole weights.
struct Whole {
    plan: Plan,
    table: Table,
}

/// Sums of real weights of total 1.
struct Real {
    plan: Plan,
    table: Table,
    /// The least weight of each channel that is not zero.
    least: Vec<f64>,
}

impl Weighing {
    /// For weights of these sizes, `[group, output, input, axes..]`; `make` makes the plans for a signal of bytes.
    pub(super) fn new(
        problem: &Problem,
        sizes: &[f64],
        make: impl Fn(Dtype, Values) -> Result<Plan>,
    ) -> Result<Weighing> {
        let each = problem.inputs * problem.volume();
        let largest = |row: &[f64]| row.iter().copied().fold(0.0, f64::max);
        let whole: Option<Vec<f64>> =
            sizes.chunks_exact(each).map(as_whole).collect::<Option<Vec<_>>>().map(|r| r.concat());
        let exact = whole.is_some();
        let whole = whole.unwrap_or_else(|| sizes.iter().map(|&size| f64::from(size > 0.0)).collect());
        let values = Values::Whole(whole.iter().map(|&w| w as i128).collect());
        let whole = Whole { plan: make(Dtype::I64, values)?, table: Table::new(problem, &whole) };
        if exact {
            return Ok(Weighing { whole, real: None });
        }
        // Brought near one first, so that no total leaves the range.
        let of_one = |row: &[f64]| {
            let most = largest(row);
            let total: f64 = row.iter().map(|size| size / most).sum();
            row.iter().map(|size| if most > 0.0 { size / most / total } else { 0.0 }).collect::<Vec<f64>>()
        };
        let parts = sizes.chunks_exact(each).map(of_one).collect::<Vec<_>>().concat();
        let smallest = |row: &[f64]| row.iter().copied().filter(|w| *w > 0.0).fold(1.0, f64::min);
        let least = parts.chunks_exact(each).map(smallest).collect();
        let table = Table::new(problem, &parts);
        let real = Some(Real { plan: make(Dtype::F64, Values::Real(parts))?, table, least });
        Ok(Weighing { whole, real })
    }

    /// The share of each output, of ones where samples are and zeros where not.
    pub(super) fn cover(&self, present: &Array<u8>, seen: &Geometry) -> Result<Cover> {
        let run = |plan: &Plan| {
            let mut sums = AnyArray::try_zeros(plan.output_dtype(), plan.output_shape())?;
            let view = present.view();
            plan.run(crate::AnyView::from(view.seen_as(seen.clone())), sums.view_mut(), &mut plan.scratch())?;
            Ok(sums)
        };
        let counts = run(&self.whole.plan)?.typed::<i64>()?.into_vec();
        let table = &self.whole.table;
        let counts = counts.into_iter().enumerate().map(|(at, count)| count as f64 + table.gaps_at(at));
        let Some(real) = &self.real else {
            let rows = Rows { totals: table.totals.clone(), volume: table.volume };
            return Ok(Cover { present: counts.collect(), rows });
        };
        let sums = run(&real.plan)?.typed::<f64>()?.into_vec();
        let share = |((at, sum), count): ((usize, f64), f64)| {
            let row = table.row(at);
            match count {
                all if all == table.totals[row] => 1.0,
                0.0 => 0.0,
                _ => (sum + real.table.gaps_at(at)).max(real.least[row].max(f64::MIN_POSITIVE)).min(BELOW_ONE),
            }
        };
        let present = sums.into_iter().enumerate().zip(counts).map(share).collect();
        Ok(Cover { present, rows: Rows { totals: vec![1.0; table.totals.len()], volume: table.volume } })
    }
}

/// The sizes of one channel's weights as whole numbers in the same proportion, if that is simple.
fn as_whole(row: &[f64]) -> Option<Vec<f64>> {
    let most = row.iter().copied().fold(0.0, f64::max);
    if row.iter().all(|&size| size == 0.0 || size == most) {
        return Some(row.iter().map(|&size| f64::from(size > 0.0)).collect());
    }
    let total: f64 = row.iter().sum();
    (total <= EXACT && row.iter().all(|size| size.fract() == 0.0)).then(|| row.to_vec())
}

/// Sums of weights that need no signal.
struct Table {
    /// Of all weights of each channel.
    totals: Vec<f64>,
    /// Outputs of a channel.
    volume: usize,
    /// For each axis: where its outputs lie between two samples.
    phases: Vec<Phase>,
    /// Of the weights that meet zeros of upsampling: for each channel, for each phase. Empty where there are none.
    gaps: Vec<f64>,
}

/// Outputs step through the places between samples: `(start + o * step) mod upsample`.
struct Phase {
    start: usize,
    step: usize,
    upsample: usize,
    out: usize,
}

impl Phase {
    /// How many there are: places, or outputs where those are fewer.
    fn count(&self) -> usize {
        self.upsample.min(self.out)
    }

    /// The number of the phase that an output is in.
    fn of(&self, output: usize) -> usize {
        if self.out < self.upsample { output } else { self.place(output) }
    }

    /// Where between two samples an output lies.
    fn place(&self, output: usize) -> usize {
        (self.start + output * self.step) % self.upsample
    }

    /// Where between two samples the outputs of a phase lie.
    fn place_of(&self, phase: usize) -> usize {
        if self.out < self.upsample { self.place(phase) } else { phase }
    }
}

impl Table {
    fn new(problem: &Problem, weights: &[f64]) -> Table {
        let each = problem.inputs * problem.volume();
        let totals = weights.chunks_exact(each).map(|row| row.iter().sum()).collect();
        let phase = |axis: &Axis| Phase {
            start: (-axis.lead).rem_euclid(axis.upsample as isize) as usize,
            step: axis.stride % axis.upsample,
            upsample: axis.upsample,
            out: axis.out,
        };
        let phases: Vec<Phase> = problem.axes.iter().map(phase).collect();
        let volume = phases.iter().map(|phase| phase.out).product();
        let mut gaps = Vec::new();
        if phases.iter().any(|phase| phase.upsample > 1) {
            let all: usize = phases.iter().map(Phase::count).product();
            let taps = problem.volume();
            for row in weights.chunks_exact(each) {
                for phase in 0..all {
                    let in_gap = |tap: usize| meets_gap(problem, &phases, phase, tap);
                    gaps.push(row.iter().enumerate().filter(|(at, _)| in_gap(at % taps)).map(|(_, w)| w).sum());
                }
            }
        }
        Table { totals, volume, phases, gaps }
    }

    /// The channel that an output belongs to, among those of all groups.
    fn row(&self, output: usize) -> usize {
        row(output, self.volume, self.totals.len())
    }

    /// The weights of an output that meet zeros of upsampling.
    fn gaps_at(&self, output: usize) -> f64 {
        if self.gaps.is_empty() {
            return 0.0;
        }
        let (mut rest, mut phase, mut all) = (output % self.volume, 0, 1);
        for axis in self.phases.iter().rev() {
            phase += axis.of(rest % axis.out) * all;
            all *= axis.count();
            rest /= axis.out;
        }
        self.gaps[self.row(output) * all + phase]
    }
}

/// Whether a weight meets a zero of upsampling, along any axis, in outputs of this phase.
fn meets_gap(problem: &Problem, phases: &[Phase], mut phase: usize, mut tap: usize) -> bool {
    problem.axes.iter().zip(phases).rev().any(|(axis, all)| {
        let (k, place) = (tap % axis.kernel, all.place_of(phase % all.count()));
        tap /= axis.kernel;
        phase /= all.count();
        (place + k % axis.upsample * (axis.dilation % axis.upsample)) % axis.upsample != 0
    })
}

/// The coverage of every output, as a fraction.
pub(crate) struct Cover {
    /// Weights that meet samples.
    present: Vec<f64>,
    rows: Rows,
}

/// All weights of each channel, and the outputs of a channel.
struct Rows {
    totals: Vec<f64>,
    volume: usize,
}

/// The channel of an output, of so many with as many outputs each; the one there is without a division.
fn row(output: usize, volume: usize, channels: usize) -> usize {
    if channels == 1 { 0 } else { output / volume % channels }
}

impl Cover {
    fn total(&self, output: usize) -> f64 {
        self.rows.totals[row(output, self.rows.volume, self.rows.totals.len())]
    }

    /// The share of the weights that meets samples: exactly 0 for none, exactly 1 for all.
    pub(super) fn share(&self, output: usize) -> f64 {
        match (self.present[output], self.total(output)) {
            (all, total) if all == total => 1.0,
            (0.0, _) => 0.0,
            (some, total) => (some / total).clamp(f64::MIN_POSITIVE, BELOW_ONE),
        }
    }

    /// The share of each output, in order.
    pub(super) fn shares(&self) -> impl Iterator<Item = f64> + '_ {
        (0..self.present.len()).map(|output| self.share(output))
    }

    /// `sum / share`, exact where the share is 1; NaN where it is 0.
    pub(super) fn over(&self, sum: f64, output: usize) -> f64 {
        match (self.present[output], self.total(output)) {
            (all, total) if all == total => sum,
            (0.0, _) => f64::NAN,
            // Both are whole where they can be: then fractions that can be exact are.
            (some, total) => sum / some * total,
        }
    }

    /// `sum / share`, which is not 0, rounded once where weights are whole.
    pub(super) fn whole_over(&self, sum: i128, output: usize, rounding: Rounding) -> i128 {
        let (some, total) = (self.present[output], self.total(output));
        if some == total {
            return sum;
        }
        match sum.checked_mul(total as i128) {
            Some(product) if total > 1.0 => quotient(product, some as i128, rounding),
            _ => rounding.whole(sum as f64 / (some / total)) as i128,
        }
    }

    /// The first output without any sample.
    pub(super) fn first_empty(&self) -> Option<usize> {
        self.shares().position(|share| share == 0.0)
    }

    /// Whether every weight meets a sample everywhere.
    pub(super) fn is_whole(&self) -> bool {
        self.shares().all(|share| share == 1.0)
    }
}

/// `a / b` for a positive `b`, rounded.
fn quotient(a: i128, b: i128, rounding: Rounding) -> i128 {
    let (down, rest) = (a.div_euclid(b), a.rem_euclid(b));
    let up = match rounding {
        Rounding::Nearest => 2 * rest > b || (2 * rest == b && down % 2 != 0),
        Rounding::TowardZero => a < 0 && rest > 0,
    };
    down + i128::from(up)
}

/// A share in single precision, still between 0 and 1 where it was.
pub(super) fn single(share: f64) -> f32 {
    match share {
        0.0 => 0.0,
        1.0 => 1.0,
        _ => (share as f32).clamp(f32::MIN_POSITIVE, 1.0 - f32::EPSILON / 2.0),
    }
}

/// That there is something to compare weights with.
pub(super) fn check_finite(sizes: &[f64], dtype: Dtype) -> Result<()> {
    match sizes.iter().all(|size| size.is_finite()) {
        true => Ok(()),
        false => Err(Error::Weights {
            dtype,
            weights: "infinite or NaN",
            advice: "missing samples, coverage and variances need finite weights",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_are_rounded_once() {
        let nearest =
            [(7, 2), (5, 2), (-7, 2), (-5, 2), (-1, 3), (2, 3)].map(|(a, b)| quotient(a, b, Rounding::Nearest));
        assert_eq!(nearest, [4, 2, -4, -2, 0, 1]);
        let cut = [(7, 2), (-7, 2), (-6, 2), (-1, 3), (2, 3)].map(|(a, b)| quotient(a, b, Rounding::TowardZero));
        assert_eq!(cut, [3, -3, -3, 0, 0]);
    }

    #[test]
    fn weights_that_are_alike_count_as_one_each() {
        assert_eq!(as_whole(&[0.1, 0.0, 0.1]), Some(vec![1.0, 0.0, 1.0]));
        assert_eq!(as_whole(&[2.0, 3.0]), Some(vec![2.0, 3.0]));
        assert_eq!(as_whole(&[0.5, 1.0]), None);
        assert_eq!(as_whole(&[0.0]), Some(vec![0.0]));
    }

    #[test]
    fn shares_stay_between_in_single_precision() {
        assert_eq!([0.0, 1.0].map(single), [0.0, 1.0]);
        assert!(single(BELOW_ONE) < 1.0 && single(1e-300) > 0.0);
    }
}
