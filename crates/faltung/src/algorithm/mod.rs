//! The algorithms, one file each: what they cost, what they keep, what they do.
//!
//! An algorithm sees a problem without boundaries, types and strides in memory: it is handed a [`Block`] of samples and
//! fills a tile of outputs, `y[o] = sum of w[k] * block[o * stride + k * dilation]` along every axis, summed over input
//! channels. Each file has three parts: `assess` (a [`Cost`], or a [`Refusal`] with its reason), `prepare` (weights
//! transformed, factored, packed) and `run`.
//!
//! To add one: write its file, and add its line to the registry below. Planner, conformance tests and command find it there.

mod blocks;
mod channels;
mod direct;
mod dots;
mod fft;
mod gemm;
mod overlap_save;
mod packing;
mod rows;
mod running_sum;
mod separable;
mod spectral;
mod stencil;
mod winograd;

pub(crate) use stencil::{Laid, Room, Steps, stencil};

use std::{cell::OnceCell, sync::Arc};

use num_complex::Complex;
use smallvec::SmallVec;

use crate::{
    Accum, Accuracy, Axis, Dims, Problem, Refusal,
    arch::{Memory, Outputs},
    bound::Rounds,
    error::words,
    kernel::{factors::Factors, weights::Weights},
    line::{Block, Map},
};

/// Stamps the list of algorithms: the word for each, and its implementation for every kind of sums.
macro_rules! registry {
    ($($(#[$doc:meta])* $variant:ident $name:literal $method:path;)+) => {
        words! { "algorithm",
            /// The ways to compute a convolution.
            ///
            /// All give the same result within the [`Accuracy`] asked for; where sums are exact, the same bits. In the
            /// error bounds `K` is the number of weights of all axes, `sum of K` that along one axis after the other, and the
            /// rest as at [`Accuracy`].
            ///
            /// ```
            /// use faltung::{Algorithm, Spec, convolve};
            /// assert_eq!("overlap_save".parse(), Ok(Algorithm::OverlapSave));
            /// for &algorithm in Algorithm::ALL {
            ///     match convolve(&[1, 2, 3], &[1, 1], &Spec::new().algorithm(algorithm)) {
            ///         Ok(y) => assert_eq!(y.data(), [1, 3, 5, 3], "{algorithm}"),
            ///         Err(refusal) => assert!(refusal.to_string().contains(algorithm.name())),
            ///     }
            /// }
            /// # Ok::<(), faltung::Error>(())
            /// ```
            pub enum Algorithm { $($(#[$doc])* $variant = $name),+ }
        }

        impl Algorithm {
            /// Its implementation for sums of type `A`.
            pub(crate) fn method<A: Accum>(self) -> &'static dyn Method<A> {
                match self { $(Algorithm::$variant => &$method),+ }
            }
        }
    };
}

registry! {
    /// The sum as it is written: `inputs * K` multiplications an output. Takes every problem.
    ///
    /// Error: `(inputs * K + 2) eps sum |w| |x|`.
    Direct "direct" direct::Direct;
    /// The sum as a product of matrices, of weights by samples copied side by side: for many channels, as layers of networks have
    /// (Chetlur and others, *cuDNN*, 2014). `inputs * K` multiplications an output.
    ///
    /// Error: `(inputs * K + 2) eps sum |w| |x|`.
    Gemm "gemm" gemm::Gemm;
    /// The sum as it is written, with lanes along the output channels: for few places with many terms each, as gradients to
    /// weights are. `inputs * K` multiplications an output.
    ///
    /// Error: `(inputs * K + 2) eps sum |w| |x|`.
    Channels "channels" channels::Channels;
    /// The sum as it is written, with lanes along its terms: for few outputs with long rows of terms, as gradients to the weights
    /// of few channels are. `inputs * K` multiplications an output.
    ///
    /// Error: `(inputs * K + 2) eps sum |w| |x|`.
    Dots "dots" dots::Dots;
    /// Tiles of 4 by 4 outputs with a quarter of the multiplications, for kernels of 3 by 3 between many channels (Lavin and Gray, *Fast
    /// algorithms for convolutional neural networks*, 2016).
    ///
    /// Error: `500 (inputs + 30) eps |w| |x|`, `|x|` being that of the 36 samples of a tile, of all channels; in practice some
    /// millionths of the largest outputs in single precision.
    Winograd "winograd" winograd::Winograd;
    /// One axis after the other, for kernels that are products of one vector along each axis, or sums of at most twelve
    /// such: for `R` of them `R * (sum of K)` multiplications an output. Found by cross approximation with full pivoting
    /// (Bebendorf, *Approximation of boundary element matrices*, 2000), relative to the largest weight.
    ///
    /// Error: `(sum of K + inputs + 2 d + 8) eps sum |w| |x|` for one product along `d` axes; for `R` of them small only
    /// beside the largest weight, `R (sum of K + inputs + 2 d + 8) eps max|w| sum |x|`, which
    /// [`Accuracy::Componentwise`] does not allow.
    Separable "separable" separable::Separable;
    /// Sums of windows made of sums of shorter windows, for boxes: about `2 log2 K` additions an output and axis, and no sum holds a
    /// sample from outside its window (Hillis and Steele, Communications of the ACM 29, 1986).
    ///
    /// Error: `(3 (sum of log2 K) + inputs + 2) eps |w| sum |x|`.
    RunningSum "running_sum" running_sum::RunningSum;
    /// One transform of the whole signal: a few times `log2(N)` multiplications an output, whatever the kernel's size.
    ///
    /// Error: `25 log2(N) eps |w| |x|`, `N` being the samples of the transform; integers only where that is below one half.
    Fft "fft" fft::Fft;
    /// Transforms of blocks that overlap, for signals much longer than the kernel (Oppenheim and Schafer,
    /// *Discrete-Time Signal Processing*, section 8.7).
    ///
    /// Error: as for [`Fft`](Self::Fft), but `N` and `|x|` are those of a block: loud samples far away do no harm.
    OverlapSave "overlap_save" overlap_save::OverlapSave;
}

/// What is to be planned.
pub(crate) struct Setting<'a, A> {
    pub(crate) problem: &'a Problem,
    pub(crate) weights: &'a Arc<Weights<A>>,
    pub(crate) accuracy: Accuracy,
    /// Whether sums round.
    pub(crate) rounds: Rounds,
    /// The largest absolute value that a sample may have, where sums are exact.
    pub(crate) largest: f64,
    /// Bytes that tables and one worker's scratch may take, besides the weights.
    pub(crate) memory: usize,
    /// The weights as sums of products of one vector for each axis; found when first asked for.
    pub(crate) factors: OnceCell<Option<Arc<Factors<A>>>>,
}

impl<A: Accum> Setting<'_, A> {
    /// The weights as sums of products of one vector for each axis, if they are.
    pub(crate) fn factors(&self) -> Option<&Arc<Factors<A>>> {
        let find = || match self.rounds {
            Rounds::Never if A::EPSILON > 0.0 => Factors::find_whole(self.weights, self.largest),
            _ => Factors::find(self.weights),
        };
        self.factors.get_or_init(|| find().map(Arc::new)).as_ref()
    }
}

/// What an algorithm would take.
///
/// ```
/// use faltung::{Algorithm, Dtype, Kernel, Plan, Spec};
/// let plan = Plan::new(Dtype::F32, &[100], &Kernel::from(&[1, 2]), &Spec::new())?;
/// let (_, direct) = plan.answers().find(|(algorithm, _)| *algorithm == Algorithm::Direct).unwrap();
/// assert_eq!(direct.unwrap().tables, 0); // it keeps nothing but the weights
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// Predicted time on one thread, in nanoseconds.
    pub nanoseconds: f64,
    /// Bytes kept with the plan.
    pub tables: usize,
    /// Bytes of scratch for each thread.
    pub scratch: usize,
}

impl Cost {
    /// Threads that have something to do: one for work that ends before another one is awake.
    pub(crate) fn useful_threads(&self) -> usize {
        /// What a thread must have to do, in nanoseconds.
        const WORTH: f64 = 30_000.0;
        (self.nanoseconds / WORTH) as usize
    }
}

/// One way to compute, for sums of type `A`.
pub(crate) trait Method<A: Accum>: Sync {
    /// What it would take, or why it does not apply.
    fn assess(&self, setting: &Setting<'_, A>) -> Result<Cost, Refusal>;
    /// How often the terms of a sum are rounded; `None` where errors are not small beside each output's own terms.
    fn roundings(&self, _: &Setting<'_, A>) -> Option<Roundings> {
        None
    }
    /// Whether it depends on the weights if it applies.
    fn is_particular(&self) -> bool {
        false
    }
    /// Everything that can be done before the samples come. Called only where `assess` did not refuse.
    fn prepare(&self, setting: &Setting<'_, A>) -> Box<dyn Prepared<A>>;
}

/// How many roundings, of at most half an epsilon each, every term of a sum meets, that of its weight among them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Roundings {
    /// None of them happens where all sums of samples by whole multiples of the weights' last bit are exact.
    OfSums(usize),
    /// Weights are factored, and factors rounded.
    OfFactors(usize),
}

impl Roundings {
    /// One for each term, that of its weight, and one more: what sums are that are made as they are written.
    pub(crate) fn of_terms(problem: &Problem) -> Roundings {
        Roundings::OfSums(problem.terms() + 2)
    }
}

/// A method with its weights made ready.
pub(crate) trait Prepared<A: Accum>: Send + Sync {
    /// How outputs are cut into tiles, and what each tile reads.
    fn tiling(&self) -> &Tiling;
    /// What it needs besides the block and the outputs.
    fn needs(&self) -> Needs;
    /// Whether a sample that is not finite reaches exactly the outputs whose window holds it.
    fn is_local(&self) -> bool;
    /// Whether a part of a tile takes no more than its share.
    fn is_divisible(&self) -> bool {
        self.is_local()
    }
    /// Where sums are made of other sums: how many times as large these may be as the samples, beside the volume of a block.
    fn growth(&self) -> f64 {
        1.0
    }
    /// Fills a tile of one group.
    fn run(&self, group: usize, x: &Block<'_, A>, y: &mut Outputs<'_, A>, work: &mut Work<A>);
}

/// How a problem is cut, axis by axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tiling {
    /// Outputs of a tile.
    pub(crate) tile: Dims,
    /// Samples that are read for a tile of that many outputs, at most.
    pub(crate) block: Dims,
    /// Zeros before the first sample of a block that are left out of it.
    pub(crate) zeros: Dims,
}

impl Tiling {
    /// Tiles of `tile` outputs, each reading all that it depends on.
    pub(crate) fn of(problem: &Problem, tile: Dims) -> Tiling {
        let block = problem.axes.iter().zip(&tile).map(|(axis, &t)| axis.needed(t)).collect();
        Tiling { zeros: SmallVec::from_elem(0, tile.len()), tile, block }
    }

    /// Tiles as large as fit: `fits` is asked with growing ones. First the last axis, up to rows of `row` outputs; then always the
    /// axis along which most of a block is read beside its outputs.
    pub(crate) fn grown(problem: &Problem, row: usize, fits: impl Fn(&Tiling) -> bool) -> Tiling {
        let axes = &problem.axes;
        let mut tiling = Tiling::of(problem, SmallVec::from_elem(1, axes.len()));
        let mut open: Dims = (0..axes.len()).rev().collect();
        let waste =
            |tiling: &Tiling, axis: usize| tiling.block[axis] as f64 / (tiling.tile[axis] * axes[axis].stride) as f64;
        loop {
            open.retain(|axis| tiling.tile[*axis] < axes[*axis].out);
            let short = open.first().filter(|axis| **axis + 1 == axes.len() && tiling.tile[**axis] < row);
            let wasteful = || open.iter().rev().max_by(|a, b| waste(&tiling, **a).total_cmp(&waste(&tiling, **b)));
            let Some(&axis) = short.or_else(wasteful) else { return tiling };
            let mut tile = tiling.tile.clone();
            tile[axis] = (2 * tile[axis]).min(axes[axis].out);
            let larger = Tiling::of(problem, tile);
            if fits(&larger) {
                tiling = larger;
            } else {
                open.retain(|other| *other != axis);
            }
        }
    }

    /// Whether a tile of so many bytes is too small to be worth sharing among threads, or leaves others to them.
    pub(crate) fn is_shared(&self, problem: &Problem, bytes: usize) -> bool {
        const SMALL: usize = 512 << 10;
        const MANY: f64 = 8.0;
        bytes <= SMALL || self.count(problem) >= MANY
    }

    /// Sums of the block and of the outputs of one tile.
    pub(crate) fn sums(&self, problem: &Problem) -> usize {
        let volume = |extents: &[usize]| extents.iter().copied().fold(1usize, usize::saturating_mul);
        (problem.inputs.saturating_mul(volume(&self.block)))
            .saturating_add(problem.outputs.saturating_mul(volume(&self.tile)))
    }

    /// Bytes that a worker takes for one tile: block, outputs and maps, besides what the algorithm needs.
    pub(crate) fn bytes<A>(&self, problem: &Problem) -> usize {
        let maps = problem.axes.iter().zip(&self.block).map(|(axis, &len)| Map::bytes(Map::most_runs(axis, len)));
        maps.fold(self.sums(problem).saturating_mul(size_of::<A>()), usize::saturating_add)
    }

    /// The same with what the algorithm needs.
    pub(crate) fn all_bytes<A: Accum>(&self, problem: &Problem, needs: &Needs) -> usize {
        self.bytes::<A>(problem).saturating_add(needs.bytes::<A>())
    }

    /// The largest tiles of at most `most` bytes for block and outputs, [`grown`](Self::grown) with rows of `row` outputs first, that
    /// leave work for other threads and take no more memory than allowed.
    pub(crate) fn largest<A: Accum>(
        setting: &Setting<'_, A>,
        row: usize,
        most: usize,
        needs: impl Fn(&Tiling) -> Needs,
    ) -> Tiling {
        let problem = setting.problem;
        Tiling::grown(problem, row, |tiling| {
            let bytes = tiling.bytes::<A>(problem);
            bytes <= most
                && tiling.is_shared(problem, bytes)
                && tiling.all_bytes::<A>(problem, &needs(tiling)) <= setting.memory
        })
    }

    /// Number of tiles.
    pub(crate) fn count(&self, problem: &Problem) -> f64 {
        let lines = problem.batch.iter().product::<usize>() * problem.groups;
        let across = |(axis, &t): (&Axis, &usize)| axis.out.div_ceil(t) as f64;
        lines as f64 * problem.axes.iter().zip(&self.tile).map(across).product::<f64>()
    }
}

/// What a method needs besides block and outputs, in elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Needs {
    pub(crate) sums: usize,
    pub(crate) offsets: usize,
    pub(crate) reals: usize,
    pub(crate) spectra: usize,
    pub(crate) transform: usize,
}

impl Needs {
    /// In bytes, for sums of type `A`.
    pub(crate) fn bytes<A: Accum>(&self) -> usize {
        let parts = [
            (self.sums, size_of::<A>()),
            (self.offsets, size_of::<usize>()),
            (self.reals, size_of::<A::Real>()),
            (self.spectra + self.transform, size_of::<Complex<A::Real>>()),
        ];
        parts.iter().fold(0, |all, &(n, size)| all.saturating_add(n.saturating_mul(size)))
    }
}

/// One worker's scratch: dirty, and reused for tile after tile.
#[derive(Debug)]
pub(crate) struct Work<A: Accum> {
    pub(crate) sums: Memory<A>,
    pub(crate) offsets: Memory<usize>,
    pub(crate) reals: Memory<A::Real>,
    pub(crate) spectra: Memory<Complex<A::Real>>,
    pub(crate) transform: Memory<Complex<A::Real>>,
}

impl<A: Accum> Work<A> {
    /// Room for what is needed.
    pub(crate) fn new(needs: &Needs) -> Self {
        Work {
            sums: Memory::new(needs.sums),
            offsets: Memory::new(needs.offsets),
            reals: Memory::new(needs.reals),
            spectra: Memory::new(needs.spectra),
            transform: Memory::new(needs.transform),
        }
    }
}

/// Refuses what would take more memory than allowed.
pub(crate) fn within<A: Accum>(setting: &Setting<'_, A>, cost: Cost) -> Result<Cost, Refusal> {
    let bytes = cost.tables.saturating_add(cost.scratch);
    if bytes > setting.memory {
        let limit = setting.memory;
        return Err(Refusal::because(format!("needs {bytes} bytes with one thread, and {limit} are allowed")));
    }
    Ok(cost)
}
