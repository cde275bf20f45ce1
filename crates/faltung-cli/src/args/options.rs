//! Options of more than one command: which sum it is, and how it is computed.

use clap::Args;
use faltung::{Accuracy, Algorithm, Boundary, Dtype, Missing, Mode, Normalize, Overflow, PerAxis};

use super::values::{self, Axes};

/// What is computed and how, for all commands that plan.
#[derive(Debug, Args)]
pub struct Options {
    /// Which sum it is.
    #[command(flatten)]
    pub sum: Sum,

    /// Take the data as this type, and give the result in it
    #[arg(long, value_name = "TYPE", value_parser = values::word(Dtype::ALL, Dtype::name), help_heading = "Numbers")]
    pub dtype: Option<Dtype>,

    /// When sums of whole numbers may not fit their type: error (the default), widen to one that holds them, wrap or
    /// saturate. Pictures: an error only if a value does not fit
    #[arg(long, value_name = "POLICY", value_parser = values::word(Overflow::ALL, Overflow::name), help_heading = "Numbers")]
    pub overflow: Option<Overflow>,

    /// What rounding errors are small beside: the loudest samples near (normwise, the default), or each output's own
    /// terms (componentwise: no transforms)
    #[arg(long, value_parser = values::word(Accuracy::ALL, Accuracy::name), help_heading = "Numbers")]
    pub accuracy: Option<Accuracy>,

    /// What becomes of NaN: it propagates (the default), is left out (omit: as a zero), is interpolated (what is there,
    /// divided by its share of the weights), or is an error (raise). Empty cells of a text are NaN with --gaps nan
    #[arg(long, value_name = "POLICY", value_parser = values::word(Missing::ALL, Missing::name), help_heading = "Numbers")]
    pub missing: Option<Missing>,

    /// Compute by this algorithm, not by the cheapest
    #[arg(long, value_parser = values::word(Algorithm::ALL, Algorithm::name), help_heading = "Work")]
    pub algorithm: Option<Algorithm>,

    /// Threads to work with; the result does not depend on it
    #[arg(long, value_name = "COUNT", value_parser = values::threads, help_heading = "Work")]
    pub threads: Option<usize>,

    /// Bytes (with K, M, G) that a compressed file may unpack to (256M if not said), and that the computation may
    /// take besides input and result (all there are)
    #[arg(long, value_name = "BYTES", value_parser = values::bytes, help_heading = "Work")]
    pub max_memory: Option<usize>,

    /// Print one JSON object to standard output
    #[arg(long, help_heading = "Telling")]
    pub json: bool,
}

/// Which sum it is, for all commands that have an input and a kernel.
#[derive(Debug, Clone, Args)]
pub struct Sum {
    /// How much of the result: full, same (as many outputs as samples) or valid (the whole kernel within)
    #[arg(long, value_parser = values::per_axis::<Mode>, help_heading = "Sum")]
    pub mode: Option<PerAxis<Mode>>,

    /// Instead of a mode, extend by so many samples, or by BEFORE:AFTER, and take what is valid then
    #[arg(long, value_name = "SAMPLES", value_parser = values::padding, conflicts_with = "mode", help_heading = "Sum")]
    pub pad: Option<PerAxis<Mode>>,

    /// What lies beyond the ends: constant:0, nearest (aa|ab|bb), reflect (ba|ab|ba), mirror (cb|abc|ba) or wrap
    #[arg(long, value_parser = values::per_axis::<Boundary>, help_heading = "Sum")]
    pub boundary: Option<PerAxis<Boundary>>,

    /// The axes to convolve along, 0 the first, -1 the last; all others are left apart
    #[arg(long, value_name = "AXES", value_parser = values::axes, help_heading = "Sum")]
    pub axis: Option<Axes>,

    /// Samples from one output to the next
    #[arg(long, value_name = "SAMPLES", value_parser = values::steps, help_heading = "Sum")]
    pub stride: Option<PerAxis<usize>>,

    /// Samples from one weight to the next
    #[arg(long, value_name = "SAMPLES", value_parser = values::steps, help_heading = "Sum")]
    pub dilation: Option<PerAxis<usize>>,

    /// Where in the full result mode same starts, instead of in the kernel's middle; 0 is causal. Implies --mode same
    #[arg(long, value_name = "PLACE", value_parser = values::places, help_heading = "Sum")]
    pub anchor: Option<PerAxis<usize>>,

    /// Do not turn the kernel round
    #[arg(long, help_heading = "Sum")]
    pub correlate: bool,

    /// Divide the weights by their sum, by the sum of their absolute values, or by nothing (none, the default)
    #[arg(long, value_name = "BY", value_parser = values::word(Normalize::ALL, Normalize::name), help_heading = "Numbers")]
    pub normalize: Option<Normalize>,
}
