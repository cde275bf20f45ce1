//! One axis after the other, for kernels that are products of vectors, or sums of few such products.
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

use super::{Cost, Method, Needs, Prepared, Room, Roundings, Setting, Steps, Tiling, Work, stencil, within};
use std::sync::Arc;

use crate::{
    Accum, Accuracy, Dims, Problem, Refusal, arch::Outputs, bound::Rounds, cost, geometry::dense_strides,
    kernel::factors::Factors, line::Block,
};

/// Bytes of a block and its outputs: half of a second-level cache.
const CACHED: usize = 512 << 10;

pub(crate) struct Separable;

struct Ready<A> {
    /// The axes along which something happens, and what.
    passes: Vec<(usize, Steps)>,
    factors: Arc<Factors<A>>,
    channels: (usize, usize),
    tiling: Tiling,
    needs: Needs,
}

/// The axes that need a pass, with the extents that the pass reads: those before it are done.
fn passes(problem: &Problem) -> Vec<(usize, Steps)> {
    let busy = |axis: &usize| {
        let a = &problem.axes[*axis];
        a.kernel > 1 || a.stride > 1
    };
    (0..problem.axes.len()).filter(busy).map(|axis| (axis, Steps::along(problem, axis))).collect()
}

/// Largest number of sums between two passes, and what the passes themselves need.
fn needs(passes: &[(usize, Steps)], tiling: &Tiling) -> (usize, Needs) {
    let mut shape = tiling.block.clone();
    let mut between = 0;
    let mut needs = Needs::default();
    for (axis, steps) in passes {
        let pass = steps.needs(1, &shape);
        needs.sums = needs.sums.max(pass.sums);
        needs.offsets = needs.offsets.max(pass.offsets);
        shape[*axis] = tiling.tile[*axis];
        between = between.max(shape.iter().fold(1, |all: usize, &n| all.saturating_mul(n)));
    }
    needs.sums = needs.sums.saturating_add(between.saturating_mul(2));
    (between, needs)
}

fn tiling<A: Accum>(setting: &Setting<'_, A>) -> (Tiling, Needs) {
    let (problem, passes) = (setting.problem, passes(setting.problem));
    let bytes = |tiling: &Tiling| tiling.bytes::<A>(problem).saturating_add(needs(&passes, tiling).1.bytes::<A>());
    let tiling = Tiling::grown(problem, |tiling| bytes(tiling) <= (2 * CACHED).min(setting.memory));
    let needs = needs(&passes, &tiling).1;
    (tiling, needs)
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
        let (tiling, needs) = tiling(setting);
        let mut shape = tiling.block.clone();
        let mut nanoseconds = 0.0;
        for (axis, steps) in passes(problem) {
            let before = shape.clone();
            shape[axis] = tiling.tile[axis];
            let vectors = cost::vectors::<A>(&shape, steps.row_len::<A>(&before, &shape));
            nanoseconds += vectors * problem.axes[axis].kernel as f64 * cost::multiply::<A>(steps.order::<A>());
        }
        let terms = factors.terms.iter().map(Vec::len).sum::<usize>() as f64 / setting.weights.groups.max(1) as f64;
        nanoseconds = cost::tiles::<A>(problem, &tiling) + tiling.count(problem) * nanoseconds * terms;
        let tables = factors.terms.iter().flatten().flatten().map(|v| size_of_val(&v[..])).sum();
        let scratch = tiling.bytes::<A>(problem).saturating_add(needs.bytes::<A>());
        within(setting, Cost { nanoseconds, tables, scratch })
    }

    fn roundings(&self, setting: &Setting<'_, A>) -> Option<Roundings> {
        let axes = &setting.problem.axes;
        let along: usize = axes.iter().map(|axis| axis.kernel).sum();
        let all = 2 * (along + setting.problem.inputs + 2 * axes.len() + 8);
        setting.factors().filter(|factors| factors.componentwise).map(|_| Roundings::OfFactors(all))
    }

    fn prepare(&self, setting: &Setting<'_, A>) -> Box<dyn Prepared<A>> {
        let (tiling, needs) = tiling(setting);
        let factors = setting.factors().expect("assessed").clone();
        let channels = (setting.weights.outputs, setting.weights.inputs);
        Box::new(Ready { passes: passes(setting.problem), factors, channels, tiling, needs })
    }
}

impl<A: Accum> Prepared<A> for Ready<A> {
    fn tiling(&self) -> &Tiling {
        &self.tiling
    }

    fn needs(&self) -> Needs {
        self.needs
    }

    fn is_local(&self) -> bool {
        false
    }

    fn run(&self, group: usize, x: &Block<'_, A>, y: &mut Outputs<'_, A>, work: &mut Work<A>) {
        let (outputs, inputs) = self.channels;
        let extent = Dims::from_slice(y.extent());
        let (between, _) = needs(&self.passes, &self.tiling);
        let (two, sorted) = work.sums.split_at_mut(2 * between);
        let (mut from, mut to) = two.split_at_mut(between);
        let (last, before_last) = self.passes.split_last().expect("two axes at least");
        for output in 0..outputs {
            let mut y = y.part(0, output, 1);
            let mut is_first = true;
            for input in 0..inputs {
                let block = x.channel(input);
                for term in &self.factors.terms[(group * outputs + output) * inputs + input] {
                    let mut shape = block.shape.clone();
                    for (number, (axis, steps)) in before_last.iter().enumerate() {
                        let before = match number {
                            0 => block.clone(),
                            _ => Block { data: from, strides: dense_strides(&shape), shape: shape.clone() },
                        };
                        shape[axis + 1] = extent[*axis];
                        let size = shape.iter().product();
                        let room = Room { sorted: &mut *sorted, offsets: &mut work.offsets };
                        let mut between = Outputs::dense(&mut to[..size], &shape);
                        stencil(steps, &term[*axis], &before, &mut between, room);
                        std::mem::swap(&mut from, &mut to);
                    }
                    let (axis, steps) = last;
                    let before = Block { data: from, strides: dense_strides(&shape), shape: shape.clone() };
                    let room = Room { sorted: &mut *sorted, offsets: &mut work.offsets };
                    if std::mem::take(&mut is_first) {
                        stencil(steps, &term[*axis], &before, &mut y, room);
                        continue;
                    }
                    shape[axis + 1] = extent[*axis];
                    let sums = &mut to[..shape.iter().product()];
                    stencil(steps, &term[*axis], &before, &mut Outputs::dense(sums, &shape), room);
                    let row = shape.last().copied().unwrap_or(1);
                    y.for_each_row(|at, y| y.iter_mut().zip(&sums[at * row..]).for_each(|(y, &sum)| *y = y.plus(sum)));
                }
            }
            if is_first {
                y.fill(A::ZERO);
            }
        }
    }
}
