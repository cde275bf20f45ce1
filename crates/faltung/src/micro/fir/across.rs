//! Combs across rows: taps of one column, one above the other, with output vectors one above the other, two abreast.

use super::{Order, TEETH, Taps, Way, row};
use crate::{
    Accum,
    arch::{self, Lanes, Outputs, Pitched, Simd, Store, Strip, dispatch},
    micro::unroll::unroll,
};

/// Columns of vectors that are taken abreast.
const COLUMNS: usize = 2;

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
