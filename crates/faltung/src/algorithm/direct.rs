//! The sum as it is written.
//!
//! Tiles are sized so that a block and its outputs stay in the second-level cache; weights are used in the order in which
//! they stand. It takes every problem, and is the only algorithm whose errors are small beside each output's own terms
//! whatever the data: `(inputs * K + 2) eps sum |w| |x|`, and none at all in integers. It wins for small kernels, and
//! for integers that no transform is exact enough for.
//!
//! Cost per output: one multiplication for each weight.

use super::{Cost, Method, Needs, Prepared, Room, Roundings, Setting, Steps, Tiling, Work, stencil, within};
use std::sync::Arc;

use crate::{Accum, Refusal, arch::Outputs, bound::Rounds, cost, kernel::weights::Weights, line::Block};

/// Bytes of a block and its outputs, and outputs of a row that are enough, where samples must be gathered: half of a second-level cache.
const GATHERED: (usize, usize) = (512 << 10, 512);
/// The same where memory holds sums, so that most tiles are not gathered and need not be cached: the larger the fewer edges they have.
const LENT: (usize, usize) = (2 << 20, 2048);

pub(crate) struct Direct;

struct Ready<A> {
    steps: Steps,
    weights: Arc<Weights<A>>,
    tiling: Tiling,
    needs: Needs,
}

fn tiling<A: Accum>(setting: &Setting<'_, A>, steps: &Steps) -> (Tiling, Needs) {
    let needs = |tiling: &Tiling| steps.needs(setting.problem.inputs, &tiling.block);
    let (most, row) = if setting.rounds == Rounds::Always { LENT } else { GATHERED };
    let tiling = Tiling::largest(setting, row, most, needs);
    let needs = needs(&tiling);
    (tiling, needs)
}

impl<A: Accum> Method<A> for Direct {
    fn assess(&self, setting: &Setting<'_, A>) -> Result<Cost, Refusal> {
        let problem = setting.problem;
        let steps = Steps::of(problem);
        let (tiling, needs) = tiling(setting, &steps);
        let tiles = tiling.count(problem);
        let row = steps.row_len::<A>(&tiling.block, &tiling.tile);
        let vectors = tiles * cost::vectors::<A>(&tiling.tile, row) * problem.outputs as f64;
        let taps = problem.terms() as f64;
        let nanoseconds = cost::tiles::<A>(problem, &tiling) + vectors * taps * cost::multiply::<A>(steps.order::<A>());
        let scratch = tiling.all_bytes::<A>(problem, &needs);
        within(setting, Cost { nanoseconds, tables: 0, scratch })
    }

    fn roundings(&self, setting: &Setting<'_, A>) -> Option<Roundings> {
        Some(Roundings::of_terms(setting.problem))
    }

    fn prepare(&self, setting: &Setting<'_, A>) -> Box<dyn Prepared<A>> {
        let steps = Steps::of(setting.problem);
        let (tiling, needs) = tiling(setting, &steps);
        Box::new(Ready { steps, weights: setting.weights.clone(), tiling, needs })
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
        true
    }

    fn run(&self, group: usize, x: &Block<'_, A>, y: &mut Outputs<'_, A>, work: &mut Work<A>) {
        let room = Room { sorted: &mut work.sums, offsets: &mut work.offsets };
        stencil(&self.steps, self.weights.group(group), x, y, room);
    }
}
