//! Routines: safe loops over lanes, written once for all sums and instruction sets.
//!
//! Everything below the dispatch is `#[inline(always)]`, since a function that is not inlined loses the instruction set.
//! The last lanes of a row are computed by the same vectors, ending where the row ends and overlapping their neighbours, so
//! that every output is summed in one order wherever it stands.

pub(crate) mod convert;
pub(crate) mod dots;
pub(crate) mod finite;
pub(crate) mod fir;
pub(crate) mod gemm;
pub(crate) mod ladder;
pub(crate) mod outer;
pub(crate) mod unroll;
pub(crate) mod winograd;
