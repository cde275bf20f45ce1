//! One of a layer's problems: planned for its shape, with weights that come later.
//!
//! It is what a plan is for sums of one kind, without what only integers, options of the data and missing samples need. The
//! algorithm is chosen for the shape alone, so those that take only some weights are not asked; nor are transforms where there are
//! so many kernels that transforming them takes more than it saves.

use std::{cell::OnceCell, sync::Arc};

use super::Conv;
use crate::{
    Accum, Accuracy, Algorithm, AnyView, AnyViewMut, Cost, Narrow, Overflow, Problem, Refusal, Result, Rounding,
    Sample, View, ViewMut,
    algorithm::Setting,
    arch::{Filling, Grid},
    bound::Rounds,
    cost,
    error::Result as Outcome,
    exec::{Core, Run, Worker},
    kernel::weights::{self, Weights},
    narrow::Reach,
    plan::choice::{Answers, asked_threads, cheapest, refused},
    pool::pool,
};

/// Samples that are summed as they are.
pub trait Summed: Sample {
    /// A problem made ready.
    #[doc(hidden)]
    fn pass(problem: Problem, conv: &Conv) -> Result<Box<dyn Passes>>;
    /// Writes sums, dense, into an array.
    #[doc(hidden)]
    fn put(sums: &[Self], to: ViewMut<'_, Self>);
    /// The sum of all, made in doubles.
    #[doc(hidden)]
    fn total(view: &View<'_, Self>) -> Self;
}

/// A problem that can be run.
pub trait Passes: std::fmt::Debug + Send + Sync {
    /// Takes the weights, `[group, output, input, axes..]`, and what is added to each output of each group, if anything is.
    fn set_weights(&mut self, weights: &AnyView<'_>, bias: Option<&AnyView<'_>>);
    /// Fills `y` from `x`, both as the engine sees them.
    fn run(&mut self, x: &AnyView<'_>, y: AnyViewMut<'_>) -> Result<()>;
    /// How it is done.
    fn algorithm(&self) -> Algorithm;
    /// The problem.
    fn problem(&self) -> &Problem;
}

/// Stamps what is the same for both.
macro_rules! summed {
    ($($real:ident)+) => {
        $(impl Summed for $real {
            fn pass(problem: Problem, conv: &Conv) -> Result<Box<dyn Passes>> {
                Ok(Box::new(Pass::<$real>::new(problem, conv)?))
            }

            fn put(sums: &[$real], to: ViewMut<'_, $real>) {
                let grid = Grid::new(to.shape(), to.shape());
                if let Some(tile) = Filling::new(to.into(), &grid).take() {
                    tile.store(sums, NARROW);
                }
            }

            fn total(view: &View<'_, $real>) -> $real {
                let mut total = 0.0;
                view.geometry().for_each_place(|place| total += f64::from(view.at(place)));
                total as $real
            }
        })+
    };
}

summed!(f32 f64);

/// Floats are stored as they are.
const NARROW: Narrow = Narrow { overflow: Overflow::Wrap, rounding: Rounding::Nearest, reach: Reach::Any };

/// A problem with the algorithm that was chosen for it.
struct Pass<A: Accum> {
    problem: Problem,
    algorithm: Algorithm,
    accuracy: Accuracy,
    /// Threads of the pool to run in, and how many of them are worth waking.
    threads: usize,
    useful: usize,
    /// As they were set last.
    weights: Arc<Weights<A>>,
    /// The algorithm with weights, and what its threads work in: once there are weights.
    ready: Option<(Core<A>, Vec<Worker<A>>)>,
}

impl<A: Accum> std::fmt::Debug for Pass<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Pass { problem, algorithm, .. } = self;
        f.debug_struct("Pass").field("problem", problem).field("algorithm", algorithm).finish_non_exhaustive()
    }
}

/// What is asked of the algorithms.
fn setting<'a, A: Accum>(problem: &'a Problem, weights: &'a Arc<Weights<A>>, accuracy: Accuracy) -> Setting<'a, A> {
    let (rounds, largest, memory) = (Rounds::Always, f64::INFINITY, usize::MAX);
    Setting { problem, weights, accuracy, rounds, largest, memory, factors: OnceCell::new() }
}

impl<A: Accum> Pass<A> {
    fn new(problem: Problem, conv: &Conv) -> Result<Self> {
        let weights = Arc::new(Weights::<A>::zeros(&problem)?);
        let all = setting(&problem, &weights, conv.accuracy);
        let asked = Algorithm::ALL.iter().copied().filter(|&algorithm| match conv.algorithm {
            Some(forced) => forced == algorithm,
            None => is_asked(algorithm, &problem),
        });
        let answers: Answers = asked.map(|algorithm| (algorithm, with_weights(algorithm, &all))).collect();
        let (algorithm, cost) = cheapest(&answers).ok_or_else(|| refused(answers))?;
        let (accuracy, threads) = (conv.accuracy, asked_threads(conv.threads));
        // Weights are prepared by one thread: the others are for the run alone.
        let run = Cost { nanoseconds: cost.nanoseconds - prepared(&cost), ..cost };
        let useful = threads.min(run.useful_threads());
        Ok(Pass { problem, algorithm, accuracy, threads, useful, weights, ready: None })
    }
}

/// What a run takes by an algorithm, with new weights.
fn with_weights<A: Accum>(algorithm: Algorithm, setting: &Setting<'_, A>) -> Outcome<Cost, Refusal> {
    let cost = algorithm.method::<A>().assess(setting)?;
    Ok(Cost { nanoseconds: cost.nanoseconds + prepared(&cost), ..cost })
}

/// What preparing weights takes, in nanoseconds.
fn prepared(cost: &Cost) -> f64 {
    cost.tables as f64 * cost::PREPARED
}

/// Whether an algorithm is asked, for weights that are not known yet.
fn is_asked(algorithm: Algorithm, problem: &Problem) -> bool {
    /// Samples that must be there for each weight so that transforming weights is not what takes longest.
    const EACH: usize = 64;
    let pairs = problem.groups * problem.inputs * problem.outputs;
    match algorithm {
        Algorithm::Fft | Algorithm::OverlapSave => {
            let samples = problem.x_shape().iter().product::<usize>() / pairs.max(1);
            samples >= EACH * problem.volume()
        }
        _ => !algorithm.method::<f32>().is_particular(),
    }
}

impl<A: Accum> Passes for Pass<A> {
    fn set_weights(&mut self, weights: &AnyView<'_>, bias: Option<&AnyView<'_>>) {
        // What was prepared before is given back first: its memory is taken again.
        let workers = self.ready.take().map(|(_, workers)| workers);
        Arc::get_mut(&mut self.weights).expect("only what was prepared shared them").gather(weights);
        let prepared = self.algorithm.method::<A>().prepare(&setting(&self.problem, &self.weights, self.accuracy));
        let mut core = Core::new(self.problem.clone(), self.weights.clone(), prepared, Rounds::Always, None);
        core.bias = bias.map_or_else(Vec::new, weights::gathered);
        let all = || (0..self.useful.min(core.grid.count()).max(1)).map(|_| core.worker()).collect();
        let workers = workers.unwrap_or_else(all);
        self.ready = Some((core, workers));
    }

    fn run(&mut self, x: &AnyView<'_>, y: AnyViewMut<'_>) -> Result<()> {
        if self.problem.outputs_in_all() == 0 {
            return Ok(());
        }
        let (core, workers) = self.ready.as_mut().expect("weights are set before the first run");
        let pool = match workers.len() {
            1 => None,
            _ => pool(self.threads)?,
        };
        core.run(x, y, workers, &Run { narrow: NARROW, pool: pool.as_deref(), progress: None })
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn problem(&self) -> &Problem {
        &self.problem
    }
}
