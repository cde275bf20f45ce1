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
//!   along a slower axis, however few: a sample vector serves all the rows that it belongs to.
//!
//! A few neighbours, of which a vector holds all, share what they load by sliding it, where that takes less than loading.
//!
//! Cost per vector of outputs: one multiplication and `(B + Q - 1) / (B Q)` loads for each tap; one load where there is no comb.
//! Error: `(taps + 1) eps sum |w| |x|`: every output is summed in the same order, wherever it falls in a tile.

use crate::{
    Accum,
    arch::{self, Lanes, Outputs, Pitched, Simd, Store, Strip, dispatch, prefetch},
    micro::unroll::unroll,
};

/// Taps of a comb that are taken at once; also the vectors of a smaller block.
const TEETH: usize = 4;

/// Columns of vectors that combs across rows take abreast.
const COLUMNS: usize = 2;

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

/// Calls `each` with every one of `count` weights in the order in which they stand where combs lie across rows: their teeth are
/// weights `step` apart, taken in [`Parts`], all columns of weights with one part, then all with the next.
pub(crate) fn sorted(count: usize, teeth: usize, step: usize, mut each: impl FnMut(usize)) {
    let parts = Parts::of(teeth);
    let mut first = 0;
    for len in (0..parts.count).map(|at| parts.len(at)) {
        for slab in (0..count).step_by(teeth * step) {
            for column in slab..slab + step {
                (first..first + len).for_each(|tooth| each(column + tooth * step));
            }
        }
        first += len;
    }
}

/// The teeth of a comb in parts, of about as many each and none of more than [`TEETH`]; the longer ones come first.
#[derive(Clone, Copy)]
struct Parts {
    count: usize,
    least: usize,
    longer: usize,
}

impl Parts {
    fn of(teeth: usize) -> Parts {
        let count = teeth.div_ceil(TEETH);
        Parts { count, least: teeth / count, longer: teeth % count }
    }

    #[inline(always)]
    fn len(self, at: usize) -> usize {
        self.least + usize::from(at < self.longer)
    }
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
    if done == y.len() && done > 0 {
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

/// Blocks of `B` vectors, then of a few, in short rows of one; the last ends where the row ends, and overlaps its neighbour.
#[inline(always)]
fn row<S: Simd, A: Accum, const B: usize>(simd: S, taps: &Taps<'_, A>, x: &[A], y: &mut [A], way: Way<'_, A>) {
    let lanes = A::Lanes::<S>::LEN;
    let mut at = 0;
    if way.store == Store::Streamed && lanes <= y.len() {
        // What is streamed goes to whole places only, and memory need not begin on one.
        at = y.as_ptr().align_offset(lanes * size_of::<A>()).min(lanes);
        if at > 0 {
            one::<S, A>(simd, taps, x, y);
        }
    }
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
    let mut at = 0;
    if way.store == Store::Streamed && lanes <= y.len() {
        at = y.as_ptr().align_offset(lanes * size_of::<A>()).min(lanes);
        if at > 0 {
            one::<S, A>(simd, taps, x, y);
        }
    }
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

/// Computes strips of outputs along an axis of `y` by combs across their rows, each strip of samples from its base on:
/// `y[r, i] = sum of weight * x[base + r * pitch + offset + i]`.
///
/// # Panics
/// If the taps are not in the order [`Order::Across`].
pub(crate) fn strips<A: Accum>(
    taps: &Taps<'_, A>,
    pitch: usize,
    x: &[A],
    (y, axis): (&mut Outputs<'_, A>, usize),
    base: impl Fn(usize) -> usize,
) {
    let Order::Across { teeth } = taps.order else { panic!("combs across rows") };
    let taps = Across { taps, pitch, parts: Parts::of(teeth), columns: taps.offsets.len() / teeth };
    dispatch!(arch::level(), simd => {
        for at in 0..y.rows() / y.shape()[axis] {
            taps.any_strip::<_>(simd, &x[base(at)..], y.strip(axis, at));
        }
    });
}

/// Taps that are taken across rows.
#[derive(Clone, Copy)]
struct Across<'a, A> {
    taps: &'a Taps<'a, A>,
    pitch: usize,
    parts: Parts,
    /// Columns of weights.
    columns: usize,
}

impl<A: Accum> Across<'_, A> {
    /// One strip, by bands of as many rows as the set has registers for.
    #[inline(always)]
    fn any_strip<S: Simd>(&self, simd: S, x: &[A], y: Strip<'_, A>) {
        match A::Lanes::<S>::BLOCK {
            16 => self.strip::<S, 6>(simd, x, y),
            10 => self.strip::<S, 5>(simd, x, y),
            _ => self.strip::<S, 2>(simd, x, y),
        }
    }

    /// Bands of `R` rows; the last ends where the strip ends, and overlaps its neighbour.
    #[inline(always)]
    fn strip<S: Simd, const R: usize>(&self, simd: S, x: &[A], mut y: Strip<'_, A>) {
        let count = y.count();
        if count < R || y.len() < COLUMNS * A::Lanes::<S>::LEN {
            for at in 0..count {
                let way = Way { store: y.store(), ahead: &[] };
                row::<S, A, TEETH>(simd, self.taps, &x[at * self.pitch..], y.row(at, 0), way);
            }
            return;
        }
        let mut done = 0;
        while done < count {
            let first = done.min(count - R);
            self.band::<S, R>(simd, x, first, &mut y);
            done = first + R;
        }
    }

    /// `R` rows from `first` on, some columns of vectors at a time; the last end where the rows end.
    #[inline(always)]
    fn band<S: Simd, const R: usize>(&self, simd: S, x: &[A], first: usize, y: &mut Strip<'_, A>) {
        let width = COLUMNS * A::Lanes::<S>::LEN;
        let (x, last) = (&x[first * self.pitch..], y.len() - width);
        // What is streamed goes to whole places only, and memory need not begin on one.
        let lead = match y.store() {
            Store::Streamed => y.lead(A::Lanes::<S>::LEN * size_of::<A>()),
            Store::Cached => 0,
        };
        let mut at = 0;
        loop {
            self.patch::<S, R>(simd, &x[at..], (first, at), y);
            if at == last {
                return;
            }
            let next = if at == 0 && (1..width).contains(&lead) { lead } else { at + width };
            at = next.min(last);
        }
    }

    /// Some vectors of each of `R` rows, of samples from `x` on.
    #[inline(always)]
    fn patch<S: Simd, const R: usize>(&self, simd: S, x: &[A], (first, at): (usize, usize), y: &mut Strip<'_, A>) {
        let mut sums = [[A::Lanes::<S>::splat(simd, A::ZERO); COLUMNS]; R];
        let (mut offsets, mut weights) = (self.taps.offsets, self.taps.weights);
        for part in 0..self.parts.count {
            let teeth = self.parts.len(part);
            let taken = teeth * self.columns;
            let taps = (&offsets[..taken], &weights[..taken]);
            match teeth {
                1 => self.columns::<S, R, 1>(simd, x, taps, &mut sums),
                2 => self.columns::<S, R, 2>(simd, x, taps, &mut sums),
                3 => self.columns::<S, R, 3>(simd, x, taps, &mut sums),
                _ => self.columns::<S, R, TEETH>(simd, x, taps, &mut sums),
            }
            (offsets, weights) = (&offsets[taken..], &weights[taken..]);
        }
        unroll!(r in 6 => {
            if r < R {
                unroll!(v in 2 => {
                    y.put::<S>(first + r, at + v * A::Lanes::<S>::LEN, sums[r][v]);
                });
            }
        });
    }

    /// Adds `Q` taps of each column, one above the other, to `R` rows of vectors.
    #[inline(always)]
    fn columns<S: Simd, const R: usize, const Q: usize>(
        &self,
        simd: S,
        x: &[A],
        (offsets, weights): (&[usize], &[A]),
        sums: &mut [[A::Lanes<S>; COLUMNS]; R],
    ) {
        let lanes = A::Lanes::<S>::LEN;
        for (offsets, weights) in offsets.chunks_exact(Q).zip(weights.chunks_exact(Q)) {
            let x = Pitched::new(&x[offsets[0]..], self.pitch, R + Q - 1, COLUMNS * lanes);
            let mut teeth = [A::Lanes::<S>::splat(simd, A::ZERO); Q];
            unroll!(q in 4 => {
                if q < Q {
                    teeth[q] = A::Lanes::<S>::splat(simd, weights[q]);
                }
            });
            unroll!(t in 9 => {
                if t < R + Q - 1 {
                    let row = x.row(t);
                    unroll!(v in 2 => {
                        let x = A::Lanes::<S>::load(simd, &row[v * lanes..]);
                        unroll!(q in 4 => {
                            if q < Q && q <= t && t - q < R {
                                sums[t - q][v] = x.mul_add(teeth[q], sums[t - q][v]);
                            }
                        });
                    });
                }
            });
        }
    }
}
