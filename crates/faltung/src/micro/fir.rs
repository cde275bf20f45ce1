//! The direct sum of a row: `y[i] = sum over taps of weight * x[offset + i]`.
//!
//! Taps are pairs of an offset and a weight, so one routine serves every dimension, dilation and number of channels: all of
//! them are distances in a block. Vectors of outputs stand in registers while the taps pass by.
//!
//! A vector of samples for each tap and each vector of outputs caps a core at half its speed, since it multiplies twice in the
//! time that it loads once. So taps are taken in *combs*, `Q` of them as far from one another as `B` vectors of outputs are.
//! Output vector `b` meets tap `q` in sample vector `b + q`: `B + Q - 1` loads for `B Q` multiplications. There are two kinds:
//!
//! - *Along* a row: taps that are neighbours, each a vector's length from the next. For kernels longer than a vector.
//! - *Across* rows: taps of one column, and output vectors one above the other, two abreast. For kernels with several weights
//!   along a slower axis, however few: a sample vector serves all the rows that it belongs to ([`across`]).
//!
//! A few neighbours, of which a vector holds all, share what they load by sliding it, where that takes less than loading.
//!
//! Cost per vector of outputs: one multiplication and `(B + Q - 1) / (B Q)` loads for each tap; one load where there is no comb.
//! Error: `(taps + 1) eps sum |w| |x|`: every output is summed in the same order, wherever it falls in a tile.

mod across;

use crate::{
    Accum,
    arch::{self, Lanes, Outputs, Simd, Store, dispatch, prefetch},
    micro::unroll::unroll,
};
pub(crate) use across::{sorted, strips};

/// Taps of a comb that are taken at once; also the vectors of a smaller block.
const TEETH: usize = 4;

/// What one row reads, and with which weights.
pub(crate) struct Taps<'a, A> {
    /// Where each weight's first sample stands, from the row's base.
    pub(crate) offsets: &'a [usize],
    /// The weights, as many.
    pub(crate) weights: &'a [A],
    /// How they are taken together.
    pub(crate) order: Order,
}

/// In which order sums are made: the same for all outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As the taps stand.
    Plain {
        /// So many at a time are neighbours, no more than a vector holds; 1 where none are.
        neighbours: usize,
    },
    /// By combs of neighbours, so many at a time.
    Along {
        /// More than a vector holds.
        neighbours: usize,
    },
    /// By combs across rows: taps stand as [`sorted`] says.
    Across {
        /// Weights along the axis across which combs lie.
        teeth: usize,
    },
}

/// Rows of samples that will be read soon, so far apart: memory is asked for one while a row of outputs is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ahead<'a, A> {
    pub(crate) samples: &'a [A],
    pub(crate) apart: usize,
}

impl<A> Ahead<'_, A> {
    /// None.
    pub(crate) const NONE: Self = Ahead { samples: &[], apart: 0 };
}

/// How a row is stored, and the samples that are asked for meanwhile.
#[derive(Clone, Copy)]
struct Way<'a, A> {
    store: Store,
    ahead: &'a [A],
}

impl<A> Way<'_, A> {
    /// The same from the output `at` on.
    #[inline(always)]
    fn at(self, at: usize) -> Self {
        Way { ahead: self.ahead.get(at..).unwrap_or_default(), ..self }
    }
}

/// Computes rows of outputs, each of samples from its base on: `y[i] = sum of weight * x[base + offset + i]`.
pub(crate) fn rows<A: Accum>(
    taps: &Taps<'_, A>,
    x: &[A],
    y: &mut Outputs<'_, A>,
    ahead: Ahead<'_, A>,
    base: impl Fn(usize) -> usize,
) {
    dispatch!(arch::level(), simd => {
        for at in 0..y.rows() {
            let way = Way { store: y.store(), ahead: ahead.samples.get(at * ahead.apart..).unwrap_or_default() };
            any_row::<_, A>(simd, taps, &x[base(at)..], y.row(at), way);
        }
    });
}

/// One row, by blocks of as many vectors as the set has registers for; of neighbours as much as can be by sliding.
#[inline(always)]
fn any_row<S: Simd, A: Accum>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A], way: Way<'_, A>) {
    let done = match taps.order {
        Order::Plain { neighbours: neighbours @ 2.. } if A::Lanes::<S>::SLIDES => {
            slid_row::<S, A>(simd, neighbours, taps, x, y, way)
        }
        _ => 0,
    };
    if done == y.len() {
        return;
    }
    // What is left of a row ends where the row ends, and overlaps what is done.
    let rest = done.min(y.len().saturating_sub(TEETH * A::Lanes::<S>::LEN));
    let (x, y, way) = (&x[rest..], &mut y[rest..], way.at(rest));
    match A::Lanes::<S>::BLOCK {
        16 => row::<S, A, 16>(simd, taps, x, y, way),
        10 => row::<S, A, 10>(simd, taps, x, y, way),
        _ => row::<S, A, TEETH>(simd, taps, x, y, way),
    }
}

/// Begins a row: what is streamed goes to whole places only, and memory need not begin on one. Tells where that is.
#[inline(always)]
fn lead<S: Simd, A: Accum>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A], way: Way<'_, A>) -> usize {
    let lanes = A::Lanes::<S>::LEN;
    if way.store == Store::Cached || lanes > y.len() {
        return 0;
    }
    let lead = y.as_ptr().align_offset(lanes * size_of::<A>()).min(lanes);
    if lead > 0 {
        one::<S, A>(simd, taps, x, y);
    }
    lead
}

/// Blocks of `B` vectors, then of a few, in short rows of one; the last ends where the row ends, and overlaps its neighbour.
#[inline(always)]
fn row<S: Simd, A: Accum, const B: usize>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A], way: Way<'_, A>) {
    let lanes = A::Lanes::<S>::LEN;
    let mut at = lead::<S, A>(simd, taps, x, y, way);
    while at + B * lanes <= y.len() {
        block::<S, A, B>(simd, taps, &x[at..], &mut y[at..], way.at(at));
        at += B * lanes;
    }
    while at < y.len() && TEETH * lanes <= y.len() {
        let place = at.min(y.len() - TEETH * lanes);
        block::<S, A, TEETH>(simd, taps, &x[place..], &mut y[place..], way.at(place));
        at = place + TEETH * lanes;
    }
    while at + lanes <= y.len() {
        one::<S, A>(simd, taps, &x[at..], &mut y[at..]);
        at += lanes;
    }
    if at == y.len() {
        // Nothing is left.
    } else if let Some(last) = y.len().checked_sub(lanes) {
        one::<S, A>(simd, taps, &x[last..], &mut y[last..]);
    } else {
        few::<S, A>(simd, taps, x, y);
    }
}

#[inline(always)]
fn block<S: Simd, A: Accum, const B: usize>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A], way: Way<'_, A>) {
    if !way.ahead.is_empty() {
        unroll!(b in 20 => {
            if b < B {
                prefetch(way.ahead, b * A::Lanes::<S>::LEN);
            }
        });
    }
    let sums = match taps.order {
        Order::Along { neighbours } => along::<S, A, B>(simd, neighbours, taps, x),
        _ => plain::<S, A, B>(simd, taps, x),
    };
    unroll!(b in 20 => {
        if b < B {
            sums[b].put(&mut y[b * A::Lanes::<S>::LEN..], way.store);
        }
    });
}

/// `B` vectors of a row, for taps that are neighbours.
#[inline(always)]
fn along<S: Simd, A: Accum, const B: usize>(
    simd: S,
    neighbours: usize,
    taps: &Taps<'_, A>,
    x: &[A],
) -> [A::Lanes<S>; B] {
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = [A::Lanes::<S>::splat(simd, A::ZERO); B];
    let (full, rest) = (neighbours / lanes, neighbours % lanes);
    for (offsets, weights) in taps.offsets.chunks_exact(neighbours).zip(taps.weights.chunks_exact(neighbours)) {
        let mut x = &x[offsets[0]..];
        let mut weights = weights;
        for _ in 0..full / TEETH {
            for r in 0..lanes {
                comb::<S, A, B, TEETH>(simd, &x[r..], &weights[r..], &mut sums);
            }
            (x, weights) = (&x[TEETH * lanes..], &weights[TEETH * lanes..]);
        }
        for r in 0..lanes.min(weights.len()) {
            let (x, weights) = (&x[r..], &weights[r..]);
            match full % TEETH + usize::from(r < rest) {
                1 => comb::<S, A, B, 1>(simd, x, weights, &mut sums),
                2 => comb::<S, A, B, 2>(simd, x, weights, &mut sums),
                3 => comb::<S, A, B, 3>(simd, x, weights, &mut sums),
                _ => comb::<S, A, B, TEETH>(simd, x, weights, &mut sums),
            }
        }
    }
    sums
}

/// Adds `Q` taps, each a vector's length from the next, to `B` vectors.
#[inline(always)]
fn comb<S: Simd, A: Accum, const B: usize, const Q: usize>(
    simd: S,
    x: &[A],
    weights: &[A],
    sums: &mut [A::Lanes<S>; B],
) {
    let lanes = A::Lanes::<S>::LEN;
    let x = &x[..(B + Q - 1) * lanes];
    let mut teeth = [A::Lanes::<S>::splat(simd, A::ZERO); Q];
    unroll!(q in 4 => {
        if q < Q {
            teeth[q] = A::Lanes::<S>::splat(simd, weights[q * lanes]);
        }
    });
    unroll!(t in 20 => {
        if t < B + Q - 1 {
            let x = A::Lanes::<S>::load(simd, &x[t * lanes..]);
            unroll!(q in 4 => {
                if q < Q && q <= t && t - q < B {
                    sums[t - q] = x.mul_add(teeth[q], sums[t - q]);
                }
            });
        }
    });
}

/// Does something with the number of every tap, in the order of sums. A macro, since a closure need not be inlined, and would
/// then lose the instruction set.
macro_rules! for_each_tap {
    ($taps:expr, $lanes:expr, $tap:ident => $body:block) => {{
        let count = $taps.offsets.len();
        match $taps.order {
            Order::Plain { .. } | Order::Across { .. } => {
                for $tap in 0..count $body
            }
            Order::Along { neighbours } => {
                for line in (0..count).step_by(neighbours) {
                    for first in (0..neighbours).step_by(TEETH * $lanes) {
                        for r in 0..$lanes.min(neighbours - first) {
                            let end = neighbours.min(first + TEETH * $lanes);
                            for $tap in (line + first + r..line + end).step_by($lanes) $body
                        }
                    }
                }
            }
        }
    }};
}

/// `B` vectors of a row, tap after tap.
#[inline(always)]
fn plain<S: Simd, A: Accum, const B: usize>(simd: S, taps: &Taps<'_, A>, x: &[A]) -> [A::Lanes<S>; B] {
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = [A::Lanes::<S>::splat(simd, A::ZERO); B];
    for_each_tap!(taps, lanes, tap => {
        let x = &x[taps.offsets[tap]..][..B * lanes];
        let weight = A::Lanes::<S>::splat(simd, taps.weights[tap]);
        unroll!(b in 20 => {
            if b < B {
                sums[b] = A::Lanes::<S>::load(simd, &x[b * lanes..]).mul_add(weight, sums[b]);
            }
        });
    });
    sums
}

/// A row for taps of which some at a time are neighbours: what they share is loaded once, and slid. Tells how far it came.
#[inline(always)]
fn slid_row<S: Simd, A: Accum>(
    simd: S,
    neighbours: usize,
    taps: &Taps<'_, A>,
    x: &[A],
    y: &mut [A],
    way: Way<'_, A>,
) -> usize {
    let lanes = A::Lanes::<S>::LEN;
    let mut at = lead::<S, A>(simd, taps, x, y, way);
    // One vector more is loaded than there are sums, of whatever samples there are.
    let reach = taps.offsets.iter().step_by(neighbours).max().map_or(0, |offset| offset + (TEETH + 1) * lanes);
    while at + TEETH * lanes <= y.len() && at + reach <= x.len() {
        let sums = slid::<S, A>(simd, neighbours, taps, &x[at..]);
        unroll!(v in 4 => {
            if !way.ahead.is_empty() {
                prefetch(way.ahead, at + v * lanes);
            }
            sums[v].put(&mut y[at + v * lanes..], way.store);
        });
        at += TEETH * lanes;
    }
    at
}

/// Four vectors of a row, by sliding.
#[inline(always)]
fn slid<S: Simd, A: Accum>(simd: S, neighbours: usize, taps: &Taps<'_, A>, x: &[A]) -> [A::Lanes<S>; TEETH] {
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = [A::Lanes::<S>::splat(simd, A::ZERO); TEETH];
    for (offsets, weights) in taps.offsets.chunks_exact(neighbours).zip(taps.weights.chunks_exact(neighbours)) {
        let x = &x[offsets[0]..][..(TEETH + 1) * lanes];
        let mut loaded = [A::Lanes::<S>::splat(simd, A::ZERO); TEETH + 1];
        unroll!(v in 6 => {
            if v <= TEETH {
                loaded[v] = A::Lanes::<S>::load(simd, &x[v * lanes..]);
            }
        });
        /// Adds the taps that there are.
        macro_rules! add {
            ($($tap:literal)*) => {
                $(if $tap < neighbours {
                    let weight = A::Lanes::<S>::splat(simd, weights[$tap]);
                    unroll!(v in 4 => {
                        sums[v] = loaded[v].slide::<$tap>(loaded[v + 1]).mul_add(weight, sums[v]);
                    });
                })*
            };
        }
        add!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
    }
    sums
}

/// One vector of outputs.
#[inline(always)]
fn one<S: Simd, A: Accum>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = A::Lanes::<S>::splat(simd, A::ZERO);
    for_each_tap!(taps, lanes, tap => {
        let weight = A::Lanes::<S>::splat(simd, taps.weights[tap]);
        sums = A::Lanes::<S>::load(simd, &x[taps.offsets[tap]..]).mul_add(weight, sums);
    });
    sums.store(y);
}

/// Fewer outputs than lanes: by vectors that are filled up, so that sums round as everywhere.
#[inline(always)]
fn few<S: Simd, A: Accum>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A]) {
    /// As many lanes as any set has.
    const MOST: usize = 16;
    let lanes = A::Lanes::<S>::LEN;
    let mut sums = A::Lanes::<S>::splat(simd, A::ZERO);
    let mut filled = [A::ZERO; MOST];
    for_each_tap!(taps, lanes, tap => {
        let offset = taps.offsets[tap];
        filled[..y.len()].copy_from_slice(&x[offset..offset + y.len()]);
        let weight = A::Lanes::<S>::splat(simd, taps.weights[tap]);
        sums = A::Lanes::<S>::load(simd, &filled).mul_add(weight, sums);
    });
    sums.store(&mut filled);
    y.copy_from_slice(&filled[..y.len()]);
}
