//! Transforms of blocks that overlap, for signals much longer than the kernel.
//!
//! A block of `N` samples gives `N - reach` outputs along each axis, the rest wraps around and is thrown away; the next
//! block begins where the outputs end. Blocks of a few times the kernel stay in the caches, cost `log2` of themselves only, and
//! keep errors local: loud samples far away do no harm. The sizes are those of least predicted cost, in each dimension.
//!
//! Error and refusals: see [`spectral`](super::spectral). Source: Oppenheim and Schafer, *Discrete-Time Signal Processing*,
//! section 8.7.

use super::{
    Cost, Method, Prepared, Setting, Tiling,
    blocks::{self, Blocks},
    rows::{self, Rows},
    spectral::{Cut, Spectral, assess, refuse},
    within,
};
use smallvec::SmallVec;

use crate::{
    Accum, Axis, Dims, Refusal,
    transform::{good_len, lengths},
};

/// Samples of a tile, along axes that are not transformed.
const TOGETHER: usize = 1 << 14;

/// Combinations of sizes to try.
const MOST_TRIES: usize = 400;

/// A length that every instruction set has a transform of rows for, in complex numbers.
const LEAST: usize = 64;

pub(crate) struct OverlapSave;

/// Block sizes to try along an axis: from about twice the kernel's reach, doubling, until one block holds everything.
fn sizes(axis: &Axis) -> Vec<usize> {
    if axis.kernel == 1 {
        return vec![1];
    }
    let whole = good_len(axis.needed(axis.out));
    let first = good_len((2 * axis.reach()).max(axis.reach() + axis.stride).max(16));
    let mut sizes: Vec<usize> =
        std::iter::successors(Some(first), |n| n.checked_mul(2)).take_while(|&n| n < whole).take(7).collect();
    if sizes.is_empty() {
        sizes.push(whole);
    }
    sizes
}

fn cut_to<A: Accum>(setting: &Setting<'_, A>, sizes: &[usize]) -> Cut {
    let problem = setting.problem;
    let outputs = |(axis, &n): (&Axis, &usize)| match axis.kernel {
        1 => 1,
        _ => ((n - axis.reach() - 1) / axis.stride + 1).min(axis.out.max(1)),
    };
    let mut tile: Dims = problem.axes.iter().zip(sizes).map(outputs).collect();
    let mut sizes: Dims = sizes.into();
    let mut samples: usize = sizes.iter().fold(1, |all, &n| all.saturating_mul(n));
    for (a, axis) in problem.axes.iter().enumerate().rev().filter(|(_, axis)| axis.kernel == 1) {
        tile[a] = (TOGETHER / samples.max(1)).clamp(1, axis.out.max(1));
        sizes[a] = axis.needed(tile[a]);
        samples = samples.saturating_mul(sizes[a]);
    }
    Cut { tiling: Tiling::of(problem, tile), sizes }
}

/// The cheapest cut that fits into memory, with its cost; the first refusal where none does.
fn best<A: Accum>(setting: &Setting<'_, A>) -> Result<(Cut, Cost), Refusal> {
    let mut choices: Vec<Vec<usize>> = setting.problem.axes.iter().map(sizes).collect();
    // In many dimensions blocks are small along each, so larger sizes need not be tried.
    while choices.iter().map(Vec::len).product::<usize>() > MOST_TRIES {
        choices.iter_mut().for_each(|sizes| sizes.truncate((sizes.len() - 1).max(1)));
    }
    let mut best: Option<(Cut, Cost)> = None;
    let mut refusal = None;
    for mut number in 0..choices.iter().map(Vec::len).product() {
        let mut sizes = Dims::new();
        for choice in &choices {
            sizes.push(choice[number % choice.len()]);
            number /= choice.len();
        }
        let cut = cut_to(setting, &sizes);
        match assess(setting, &cut).and_then(|cost| within(setting, cost)) {
            Ok(cost) if best.as_ref().is_none_or(|(_, least)| cost.nanoseconds < least.nanoseconds) => {
                best = Some((cut, cost));
            }
            Ok(_) => {}
            Err(reason) => refusal = refusal.or(Some(reason)),
        }
    }
    best.ok_or_else(|| refusal.expect("there is always a size to try"))
}

/// Dense outputs of a tile of rows that are transformed by themselves, about: their blocks stay in the second-level cache.
const TILE: usize = 1 << 14;

/// The cheapest cut of rows that are transformed by themselves.
fn best_rows<A: Accum>(setting: &Setting<'_, A>) -> Result<(rows::Cut, Cost), Refusal> {
    let problem = setting.problem;
    let axis = problem.axes.last().expect("an axis is transformed");
    let each = rows::each::<A>();
    let whole = axis.needed(axis.out).div_ceil(each);
    let least = (axis.reach() + 1).div_ceil(each);
    let most = whole.next_power_of_two().min((64 * least).next_power_of_two()).max(LEAST);
    let mut best: Option<(rows::Cut, Cost)> = None;
    let mut refusal = None;
    for numbers in lengths::<A::Real>(least, most) {
        let outputs = each * numbers - axis.reach();
        let count = (outputs - 1) / axis.stride + 1;
        let mut tile: Dims = SmallVec::from_elem(1, problem.axes.len());
        let blocks = TILE.div_ceil(outputs);
        let row = (blocks * count).min(axis.out.max(1));
        *tile.last_mut().expect("an axis is transformed") = row;
        let mut samples = axis.needed(row);
        for (a, axis) in problem.axes.iter().enumerate().rev().skip(1) {
            tile[a] = (TILE / samples).clamp(1, axis.out.max(1));
            samples = samples.saturating_mul(axis.needed(tile[a]));
        }
        let cut = rows::Cut { tiling: Tiling::of(problem, tile), numbers, outputs };
        match rows::assess(setting, &cut) {
            Ok(cost) if best.as_ref().is_none_or(|(_, least)| cost.nanoseconds < least.nanoseconds) => {
                best = Some((cut, cost));
            }
            Ok(_) => {}
            Err(reason) => refusal = refusal.or(Some(reason)),
        }
    }
    best.ok_or_else(|| refusal.expect("there is always a size to try"))
}

impl<A: Accum> Method<A> for OverlapSave {
    fn assess(&self, setting: &Setting<'_, A>) -> Result<Cost, Refusal> {
        refuse(setting)?;
        if rows::apply::<A>(setting.problem) {
            Ok(best_rows(setting)?.1)
        } else if blocks::apply::<A>(setting.problem) {
            blocks::assess(setting, &blocks::best(setting))
        } else {
            Ok(best(setting)?.1)
        }
    }

    fn prepare(&self, setting: &Setting<'_, A>) -> Box<dyn Prepared<A>> {
        let assessed = "it was assessed";
        if rows::apply::<A>(setting.problem) {
            Box::new(Rows::new(setting, best_rows(setting).expect(assessed).0))
        } else if blocks::apply::<A>(setting.problem) {
            Box::new(Blocks::new(setting, blocks::best(setting)))
        } else {
            Box::new(Spectral::new(setting, best(setting).expect(assessed).0))
        }
    }
}
