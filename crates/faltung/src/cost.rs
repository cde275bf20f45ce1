//! What things cost: counted work times a few measured constants.
//!
//! Nanoseconds on one thread. The constants lie between those of two current x86 servers with AVX-512, of which one multiplies
//! twice as much in a cycle as the other (AMD Zen 5 and Zen 4, 3.7 GHz); a narrower set multiplies the arithmetic. Only ratios
//! matter: the planner compares sums of these with one another.
//! Records: `bench/records/2026-11-22-cost.md`, `bench/records/2026-11-26-planner.md`.

use crate::{
    Accum, Problem,
    algorithm::Tiling,
    arch,
    micro::{fir::Order, ladder::Ladder},
};

/// Lanes of a vector of sums.
fn lanes<A: Accum>() -> f64 {
    match A::NAME {
        "i128" => 1.0,
        _ => arch::vector_len::<A>() as f64,
    }
}

/// One multiplication and addition of a vector: taps that are taken in combs share what they load.
pub(crate) fn multiply<A: Accum>(order: Order) -> f64 {
    let alone = match (A::NAME, A::COMPLEX) {
        (_, true) => 1.9,
        ("i128", _) => 2.0,
        ("i64", _) => 0.75,
        _ => 0.4,
    };
    if matches!(order, Order::Plain { .. }) { alone } else { 0.5 * alone }
}

/// One step of a product of matrices with so many rows, for a vector of columns: multiplications at full speed, and a copy.
pub(crate) fn gemm<A: Accum>(rows: usize) -> f64 {
    rows as f64 * 0.5 * multiply::<A>(Order::Plain { neighbours: 1 }) + 0.7
}

/// Copying a run of samples, however short.
pub(crate) const RUN: f64 = 1.5;

/// One term of a vector of outputs, where these fill the lanes.
pub(crate) fn outer<A: Accum>() -> f64 {
    0.55 * multiply::<A>(Order::Plain { neighbours: 1 })
}

/// Clearing the lanes of an output, and adding them up at the end.
pub(crate) const LANES: f64 = 6.0;

/// A row of so many vectors of terms, of one output: a multiplication each, and as much for beginning as for some.
pub(crate) fn dots<A: Accum>(vectors: f64) -> f64 {
    0.6 * multiply::<A>(Order::Plain { neighbours: 1 }) * (vectors + 1.5)
}

/// Vectors of so many columns of a product of matrices.
pub(crate) fn panels<A: Accum>(columns: f64) -> f64 {
    (columns / lanes::<A>()).ceil()
}

/// Transforming a vector of tiles of one channel there, or back.
pub(crate) const TILES: f64 = 110.0;

/// Reading one byte once, from beyond the caches of a core.
pub(crate) const STREAM: f64 = 0.04;

/// How much longer a multiplication takes where sums go from one pass to the next.
pub(crate) const PASS: f64 = 1.4;

/// Vectors that a tile of outputs is computed in, where rows are so long.
pub(crate) fn vectors<A: Accum>(tile: &[usize], row: usize) -> f64 {
    let outputs = tile.iter().map(|&n| n as f64).product::<f64>();
    // A short row costs its start and its end.
    outputs / row as f64 * ((row as f64 / lanes::<A>()).ceil() + 2.0)
}

/// Going from one row to the next, where rows are not one.
pub(crate) const ROW: f64 = 10.0;

/// Moving one element from memory to a block, or back.
pub(crate) fn element<A: Accum>() -> f64 {
    0.05 * size_of::<A>() as f64
}

/// Taking up all tiles: reading their blocks, writing their outputs, and going from one to the next.
pub(crate) fn tiles<A: Accum>(problem: &Problem, tiling: &Tiling) -> f64 {
    tiling.count(problem) * (150.0 + tiling.sums(problem) as f64 * element::<A>())
}

/// Preparing a byte of the tables that are made of weights.
pub(crate) const PREPARED: f64 = 0.3;

/// Beginning with a step to longer windows.
pub(crate) const STEP: f64 = 30.0;

/// One sum of a window: what is added up is loaded, and each step stores.
pub(crate) fn climb<A: Accum>(ladder: &Ladder) -> f64 {
    (ladder.additions() + 2 * ladder.len()) as f64 * 0.33 / lanes::<A>()
}

/// One transform of a block: `samples` in all, of which `length` are transformed together, along so many axes whose lines
/// are not contiguous and must be brought together.
pub(crate) fn transform<A: Accum>(samples: usize, length: usize, scattered: usize) -> f64 {
    let bytes = size_of::<A::Real>() as f64 * if A::COMPLEX { 2.0 } else { 1.0 };
    // Beyond the second-level cache a pass waits for memory.
    let far = if samples as f64 * bytes > (1 << 20) as f64 { 1.4 } else { 1.0 };
    let passes = (length.max(2) as f64).log2() * 0.02 * far + scattered as f64 * 0.3;
    samples as f64 * bytes * passes
}

/// What transforms of rows take more, where their data are beyond so many bytes: out of the caches, one after the other.
const FAR: [(usize, f64); 4] = [(1 << 15, 0.15), (1 << 19, 0.6), (1 << 22, 0.2), (3 << 22, 1.0)];

/// One transform of a row of so many complex numbers, its product, and the way back.
pub(crate) fn row<A: Accum>(numbers: usize) -> f64 {
    let bytes = numbers as f64 * size_of::<A::Real>() as f64;
    let far = FAR.iter().filter(|(cache, _)| 2.0 * bytes > *cache as f64).map(|(_, share)| share).sum::<f64>();
    // Passes of radix 3 and 5 take more for what they do.
    let odd = numbers >> numbers.trailing_zeros();
    let each = 0.11 + 0.02 * (numbers as f64).log2() + 0.008 * (odd as f64).log2();
    40.0 + bytes * each * (1.0 + far) * (64.0 / arch::vector() as f64).sqrt()
}

/// One transform of a block of so many reals, its product, and the way back: `rows` of them are read and made.
pub(crate) fn block<A: Accum>(samples: usize, rows: usize) -> f64 {
    let bytes = samples as f64 * size_of::<A::Real>() as f64;
    // Beyond half of a second-level cache a sweep waits for memory, the more the larger.
    let far =
        1.0 + [1 << 19, 1 << 20, 1 << 22].map(|cache| if bytes > cache as f64 { 0.2 } else { 0.0 }).iter().sum::<f64>();
    300.0
        + rows as f64 * ROW
        + bytes * (0.06 + 0.012 * (samples as f64).log2()) * far * (64.0 / arch::vector() as f64).sqrt()
}

/// One product of two complex numbers of spectra.
pub(crate) fn product<A: Accum>() -> f64 {
    0.1 * size_of::<A::Real>() as f64
}

/// What one multiplication and addition of a vector takes in a row of so many samples, too few for long combs.
pub(crate) fn short_row<A: Accum>(samples: usize) -> f64 {
    // Sums of a few vectors wait for one another.
    if samples < 4 * arch::vector_len::<A>() { 1.1 } else { 0.5 }
}

/// What a product of two complex numbers takes, of which many are summed in registers, more where so many bytes are in use by turns:
/// in the first cache, in the second, in the third, and beyond.
pub(crate) fn partition<A: Accum>(bytes: usize) -> f64 {
    let each = if bytes <= 24 << 10 {
        0.1 * (64.0 / arch::vector() as f64).sqrt()
    } else if bytes <= 768 << 10 {
        0.2
    } else if bytes <= 4 << 20 {
        0.25
    } else {
        0.3
    };
    each * size_of::<A::Real>() as f64 / 4.0
}

/// What each stage of a stream takes in each call, besides its work.
pub(crate) const STAGE: f64 = 20.0;
