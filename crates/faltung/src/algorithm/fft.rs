//! One transform of the whole signal.
//!
//! It wins where signal and kernel are of like length, and in several dimensions. Where the boundary is zero the samples that
//! wrap around meet zeros, so the transform need only be as long as signal and kernel together, not as the extended signal.
//!
//! Cost per output: a few times `log2(N)`, whatever the kernel. Error and refusals: see [`spectral`](super::spectral).

use super::{
    Cost, Method, Prepared, Setting, Tiling,
    blocks::{self, Blocks},
    rows::{self, Rows},
    spectral::{Cut, Spectral, assess, dense, refuse},
    within,
};
use smallvec::SmallVec;

use crate::{
    Accum, Axis, Boundary, Dims, Refusal, cost,
    transform::{good_len, lengths},
};

/// Samples of a tile, along axes that are not transformed.
const TOGETHER: usize = 1 << 16;

/// A length that every instruction set has a transform of rows for, in complex numbers.
const LEAST: usize = 64;

pub(crate) struct Fft;

/// Zeros at both ends of the extended axis: as many as the shorter of the two has may wrap around.
fn spare(axis: &Axis) -> usize {
    if !axis.boundary.is_zero() || axis.len == 0 {
        return 0;
    }
    let head = axis.lead.max(0);
    let signal = (axis.len as isize - 1) * axis.upsample as isize + 1;
    let tail = axis.needed(axis.out) as isize - axis.lead - signal;
    (head.min(tail.max(0)) as usize).min(axis.reach())
}

/// Samples that a transform must hold.
fn needed(axis: &Axis) -> usize {
    (axis.needed(axis.out) - spare(axis)).max(axis.reach() + 1)
}

fn cut<A: Accum>(setting: &Setting<'_, A>) -> Cut {
    let problem = setting.problem;
    let whole = |axis: &Axis| good_len(needed(axis));
    let mut tile: Dims = problem.axes.iter().map(|axis| if axis.kernel > 1 { axis.out.max(1) } else { 1 }).collect();
    let mut sizes: Dims = problem.axes.iter().map(|axis| if axis.kernel > 1 { whole(axis) } else { 1 }).collect();
    let mut samples: usize = sizes.iter().fold(1, |all, &n| all.saturating_mul(n));
    // Along the other axes, as much as makes whole pieces of memory without growing large.
    for (a, axis) in problem.axes.iter().enumerate().rev().filter(|(_, axis)| axis.kernel == 1) {
        tile[a] = (TOGETHER / samples.max(1)).clamp(1, axis.out.max(1));
        sizes[a] = axis.needed(tile[a]);
        samples = samples.saturating_mul(sizes[a]);
    }
    let block = problem.axes.iter().zip(&tile).zip(&sizes).map(|((axis, &t), &n)| axis.needed(t).min(n)).collect();
    let zeros = SmallVec::from_elem(0, sizes.len());
    Cut { tiling: Tiling { tile, block, zeros }, sizes }
}

/// The zeros before the signal in the extended axis, and the samples from there on that are not all zeros; at least one.
fn inside(axis: &Axis) -> (usize, usize) {
    let needed = axis.needed(axis.out);
    if !axis.boundary.is_zero() || axis.len == 0 {
        return (0, needed);
    }
    let zeros = (axis.lead.max(0) as usize).min(needed - 1);
    let signal = (axis.len as isize - 1) * axis.upsample as isize + 1 + axis.lead.min(0);
    (zeros, (signal.max(1) as usize).min(needed - zeros))
}

/// The same for rows that are transformed by themselves: the length that costs least, among those that hold all. Zeros at the
/// ends are not read. What is read after the end of a transform is read from its beginning, so what is behind the signal there
/// must meet the zeros before it, the signal must fit behind them, and every output must have a place.
fn cut_rows<A: Accum>(setting: &Setting<'_, A>) -> rows::Cut {
    let mut tiling = cut(setting).tiling;
    let axis = setting.problem.axes.last().expect("an axis is transformed");
    let (zeros, signal) = inside(axis);
    let outputs = dense(axis.out, axis.stride);
    let samples = (axis.needed(axis.out) - zeros).max(zeros + signal).max(axis.reach() + 1).max(outputs);
    let least = samples.div_ceil(rows::each::<A>());
    let cost = |numbers: &usize| cost::row::<A>(*numbers);
    let numbers = lengths::<A::Real>(least, least.next_power_of_two().max(LEAST))
        .into_iter()
        .min_by(|a, b| cost(a).total_cmp(&cost(b)))
        .expect("there is a length between a number and a power of two");
    *tiling.block.last_mut().expect("an axis is transformed") = signal;
    *tiling.zeros.last_mut().expect("an axis is transformed") = zeros;
    rows::Cut { tiling, numbers, outputs }
}

/// The same for a block of reals. What wraps around its slowest axis comes back negated, so it must meet zeros there, which a
/// faster axis with another constant at its ends does not leave.
fn cut_block<A: Accum>(setting: &Setting<'_, A>) -> blocks::Cut {
    let axes = &setting.problem.axes;
    let is_zero = |axis: &Axis| axis.boundary.is_zero() || !matches!(axis.boundary, Boundary::Constant(_));
    blocks::whole::<A>(setting.problem, |axis| {
        let is_slowest = axes[..axis].iter().all(|axis| axis.kernel == 1);
        let meets_zeros = !is_slowest || axes[axis + 1..].iter().all(is_zero);
        let axis = &axes[axis];
        if meets_zeros { needed(axis) } else { axis.needed(axis.out).max(axis.reach() + 1) }
    })
}

impl<A: Accum> Method<A> for Fft {
    fn assess(&self, setting: &Setting<'_, A>) -> Result<Cost, Refusal> {
        refuse(setting)?;
        let cost = if rows::apply::<A>(setting.problem) {
            rows::assess(setting, &cut_rows(setting))?
        } else if blocks::apply::<A>(setting.problem) {
            blocks::assess(setting, &cut_block(setting))?
        } else {
            assess(setting, &cut(setting))?
        };
        within(setting, cost)
    }

    fn prepare(&self, setting: &Setting<'_, A>) -> Box<dyn Prepared<A>> {
        if rows::apply::<A>(setting.problem) {
            Box::new(Rows::new(setting, cut_rows(setting)))
        } else if blocks::apply::<A>(setting.problem) {
            Box::new(Blocks::new(setting, cut_block(setting)))
        } else {
            Box::new(Spectral::new(setting, cut(setting)))
        }
    }
}
