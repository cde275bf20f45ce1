//! Instruction sets and shared memory: the one place that names `fearless_simd`, and all our unsafe.
//!
//! [`Level`] is the instruction set in use, [`Lanes`] the handful of operations that the routines in `micro` are written
//! in. A vector of complex numbers is a pair of real ones, and where a set has no vectors of a type, [`One`] is a vector of
//! one lane, so that each routine is written once for all sums and all sets.
//!
//! [`Vector`] is what transforms are made of: slices of samples are read as slices of vectors, and four vectors are transposed.
//!
//! [`Filling`] is how many threads write one array: it hands out tiles, each once, and only who holds a tile can write it.
//! [`Outputs`] are a tile's outputs, in scratch or lent by the array itself. [`Memory`] is what is worked in, [`zeros`] where large memory
//! comes from.

mod aligned;
mod dispatched;
mod filling;
mod lanes;
mod outputs;
mod pages;
mod transpose;
mod vectors;

pub(crate) use aligned::Aligned;
pub(crate) use dispatched::dispatch;
pub(crate) use fearless_simd::Simd;
pub(crate) use filling::{Cells, Filling, Grid, Sink, Tile};

pub(crate) use fearless_simd::SimdFloatElement;
pub(crate) use lanes::{Lanes, One, Pair, Real, Whole};
pub(crate) use outputs::{Outputs, Pitched, Store, Strip, fence, prefetch};
pub use pages::release_memory;
pub(crate) use pages::{Memory, try_zeros, zeros};
pub(crate) use transpose::{blocks, transpose_blocks, transpose_lanes};
pub(crate) use vectors::{
    Chunk, Native, Vector, chunks, chunks_mut, floats, floats_mut, lanes, registers, vectors, vectors_mut, with_slack,
};

use std::sync::OnceLock;

/// The instruction set in use.
pub(crate) type Level = fearless_simd::Level;

/// The best instruction set of this machine, or the one named by the variable `FALTUNG_SIMD`
/// (`scalar`, `sse4.2`, `avx2`, `avx512`), if the machine has it.
pub(crate) fn level() -> Level {
    static LEVEL: OnceLock<Level> = OnceLock::new();
    *LEVEL.get_or_init(|| {
        let best = dispatched::best();
        std::env::var("FALTUNG_SIMD").ok().and_then(|name| named(best, &name)).unwrap_or(best)
    })
}

#[cfg(target_arch = "x86_64")]
fn named(best: Level, name: &str) -> Option<Level> {
    match name {
        "scalar" => Some(Level::fallback()),
        "sse4.2" => best.as_sse4_2().map(Level::Sse4_2),
        "avx2" => best.as_avx2().map(Level::Avx2),
        "avx512" => best.as_avx512().map(Level::Avx512),
        _ => None,
    }
    .filter(|&level| dispatched::is_built(level))
}

#[cfg(target_arch = "wasm32")]
fn named(_: Level, _: &str) -> Option<Level> {
    None // a module has one
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "wasm32")))]
fn named(_: Level, name: &str) -> Option<Level> {
    (name == "scalar").then(Level::fallback)
}

/// Bytes of a vector in the instruction set in use; of one number where there are none.
pub(crate) fn vector() -> usize {
    match level() {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(_) => 64,
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(_) => 32,
        level if level.is_fallback() => 8,
        _ => 16,
    }
}

/// Numbers of type `A` that a vector of the set in use holds; at least one.
pub(crate) fn vector_len<A>() -> usize {
    (vector() / size_of::<A>()).max(1)
}

/// The name of the instruction set in use: the best of this machine, or the one that the variable `FALTUNG_SIMD` names.
///
/// The variable is read once, and ignored if the machine does not have the set. Exact sums do not depend on it; others
/// may differ by their rounding.
///
/// ```
/// assert!(["scalar", "sse4.2", "avx2", "avx512", "neon", "wasm"].contains(&faltung::instruction_set()));
/// ```
pub fn instruction_set() -> &'static str {
    let level = level();
    #[cfg(target_arch = "x86_64")]
    match level {
        Level::Avx512(_) => return "avx512",
        Level::Avx2(_) => return "avx2",
        Level::Sse4_2(_) => return "sse4.2",
        _ => {}
    }
    match () {
        _ if level.is_fallback() => "scalar",
        _ if cfg!(target_arch = "wasm32") => "wasm",
        _ => "neon",
    }
}

/// All instruction sets of this machine.
#[cfg(test)]
pub(crate) fn levels() -> Vec<Level> {
    let best = dispatched::best();
    ["scalar", "sse4.2", "avx2", "avx512"].into_iter().filter_map(|name| named(best, name)).chain([best]).collect()
}
