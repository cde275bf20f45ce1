//! What the rest of the engine sees of a plan: those that make further plans beside it.

use super::{Cores, Plan};
use crate::{
    Dtype, Geometry, Narrow, Problem, Rounding, Spec,
    bound::Rounds,
    kernel::Values,
    missing::Helpers,
    narrow::{Reach, Small},
};

impl Plan {
    /// An array of the user's as the engine sees it: `[batch.., group, channel, axes..]`.
    pub(crate) fn canonical(&self, array: &Geometry) -> Geometry {
        self.seen.canonical(array)
    }

    /// How sums become samples.
    pub(crate) fn narrow(&self) -> Narrow {
        let small = if let Cores::F32(_) = self.cores { f32::SMALL } else { f64::SMALL };
        let (rounding, small) = match self.rounds {
            // They are whole, or off by less than a half.
            Rounds::Never => (Rounding::Nearest, small),
            // They may be off, but never twice as large.
            Rounds::Settled | Rounds::Always => (self.spec.rounding, small / 2.0),
        };
        let reach = if self.reach <= small { Reach::Small } else { Reach::Any };
        Narrow { overflow: self.spec.overflow, rounding, reach }
    }

    /// Type of the input.
    pub(crate) fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// The sum it computes, constants that are missing being zero.
    pub(crate) fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Its options.
    pub(crate) fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The plans for coverage and variance.
    pub(crate) fn helpers(&self) -> &Helpers {
        &self.helpers
    }

    /// The weights, `[group, output, input, axes..]`, as its sums take them.
    pub(crate) fn values(&self) -> Values {
        self.cores.values()
    }

    /// Absolute values of the weights, `[group, output, input, axes..]`.
    pub(crate) fn magnitudes(&self) -> Vec<f64> {
        self.values().magnitudes()
    }

    /// A type that holds its sums as they are, if 64 bits do.
    pub(crate) fn sums_dtype(&self) -> Dtype {
        match self.cores {
            _ if self.rounds == Rounds::Never => self.whole_dtype(),
            _ if self.rounds == Rounds::Settled => Dtype::F64,
            Cores::F32(_) => Dtype::F32,
            Cores::F64(_) => Dtype::F64,
            Cores::C64(_) => Dtype::C64,
            Cores::C128(_) => Dtype::C128,
            Cores::I64(_) | Cores::I128(_) => self.whole_dtype(),
        }
    }

    /// A type that holds its whole sums, if 64 bits do.
    fn whole_dtype(&self) -> Dtype {
        match self.check.as_ref().map(|check| check.least) {
            Some(least) if least >= 0 => Dtype::U64,
            _ => Dtype::I64,
        }
    }
}
