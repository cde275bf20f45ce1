//! Sums of windows made of sums of shorter windows: `y[i] = x[i] + x[i + apart] + ...`, so many samples, in few steps.
//!
//! A window of 9 samples is three windows of 3, and that of 31 is three of 10 and one sample more. Each such [`Rung`] adds up vectors
//! of what the one before it made, a fixed distance from one another: along a row or across rows alike, since `apart` is
//! any distance. There are about `2 log2 K` additions in all, each sum holds its own window's samples only, and none waits for its
//! neighbour.

use smallvec::SmallVec;

use crate::{
    Accum, Number,
    arch::{self, Lanes, One, Pitched, Simd, dispatch},
    micro::unroll::unroll,
};

/// The most windows that are added up at once.
const MOST: usize = 4;

/// Vectors of sums that are made at once.
const ABREAST: usize = 4;

/// One step: windows of `many * span + rest` samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rung {
    /// Windows that are added up: 1 to [`MOST`].
    many: usize,
    /// The samples of each.
    span: usize,
    /// Samples that are added besides, one by one: fewer than [`MOST`].
    rest: usize,
}

/// Steps from single samples to windows of so many; the first adds up samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ladder {
    rungs: SmallVec<[Rung; 8]>,
}

impl Ladder {
    /// Steps to windows of `kernel` samples: such that each takes few additions for how much longer it makes them.
    ///
    /// # Panics
    /// If there are none.
    pub(crate) fn to(kernel: usize) -> Ladder {
        assert!(kernel > 0, "windows hold samples");
        let mut rungs = SmallVec::new();
        let mut window = kernel;
        while window >= 2 * MOST {
            let effort = |many: usize| {
                let (span, rest) = (window / many, window % many);
                // What is added up, and storing it and coming back.
                (many + rest + 2) as f64 / (window as f64 / span as f64).ln()
            };
            let many = (2..=MOST).min_by(|&a, &b| effort(a).total_cmp(&effort(b))).expect("there are some");
            rungs.push(Rung { many, span: window / many, rest: window % many });
            window /= many;
        }
        let many = window.min(MOST);
        rungs.push(Rung { many, span: 1, rest: window - many });
        rungs.reverse();
        Ladder { rungs }
    }

    /// What is added up for each sum.
    pub(crate) fn additions(&self) -> usize {
        self.rungs.iter().map(|rung| rung.many + rung.rest).sum()
    }

    /// Number of steps.
    pub(crate) fn len(&self) -> usize {
        self.rungs.len()
    }

    /// Samples from the first of a window to its last.
    pub(crate) fn reach(&self) -> usize {
        self.rungs.last().map_or(0, Rung::reach)
    }

    /// Makes the sums of all windows into the first of `sums`: `reach * apart` fewer than there are samples. Of `between` as many
    /// are overwritten, and all of `sums`.
    ///
    /// # Panics
    /// If there are fewer samples than a window reaches.
    pub(crate) fn climb<A: Accum>(&self, apart: usize, x: &[A], sums: &mut [A], between: &mut [A]) {
        /// Sums that are made together, so that they stay in a first-level cache from step to step: bytes.
        const TOGETHER: usize = 8 << 10;
        let reach = self.reach() * apart;
        let count = x.len() - reach;
        let together = (TOGETHER / size_of::<A>()).max(4 * reach);
        for at in (0..count).step_by(together) {
            let end = count.min(at + together);
            let (x, sums) = (&x[at..end + reach], &mut sums[at..]);
            let below = self.below(apart, x, between, sums);
            self.top(apart, below, x, one(), &mut sums[..end - at]);
        }
    }

    /// Climbs to the last rung but one, and gives what it stands on: the samples, or sums that are now in `between`. The steps before
    /// are in `other`.
    pub(crate) fn below<'m, A: Accum>(
        &self,
        apart: usize,
        x: &'m [A],
        between: &'m mut [A],
        other: &mut [A],
    ) -> &'m [A] {
        let Some((_, rungs)) = self.rungs.split_last().filter(|(_, rungs)| !rungs.is_empty()) else { return x };
        for (at, rung) in rungs.iter().enumerate() {
            let count = x.len() - rung.reach() * apart;
            // They take turns such that the last is in `between`.
            let (from, to) = match (rungs.len() - at) % 2 {
                1 => (&*other, &mut *between),
                _ => (&*between, &mut *other),
            };
            rung.step(apart, if at == 0 { x } else { from }, x, one(), &mut to[..count]);
        }
        between
    }

    /// Takes the last step, from what [`below`](Self::below) gave, and multiplies the sums by a weight.
    pub(crate) fn top<A: Accum>(&self, apart: usize, below: &[A], x: &[A], weight: A, sums: &mut [A]) {
        self.rungs[self.rungs.len() - 1].step(apart, below, x, weight, sums);
    }
}

fn one<A: Accum>() -> A {
    A::nearest(Number::Whole(1))
}

impl Rung {
    fn reach(&self) -> usize {
        self.many * self.span + self.rest - 1
    }

    /// Adds up sums of shorter windows, and samples.
    fn step<A: Accum>(&self, apart: usize, shorter: &[A], x: &[A], weight: A, sums: &mut [A]) {
        if sums.is_empty() {
            return;
        }
        let windows = Windows {
            shorter,
            between: self.span * apart,
            // The first sample that they do not hold.
            samples: &x[(self.many * self.span * apart).min(x.len())..],
            apart,
            weight,
        };
        dispatch!(arch::level(), simd => {
            match (self.many, self.rest) {
                (1, _) => windows.add::<_, 1, 0>(simd, sums),
                (2, 0) => windows.add::<_, 2, 0>(simd, sums),
                (2, _) => windows.add::<_, 2, 1>(simd, sums),
                (3, 0) => windows.add::<_, 3, 0>(simd, sums),
                (3, 1) => windows.add::<_, 3, 1>(simd, sums),
                (3, _) => windows.add::<_, 3, 2>(simd, sums),
                (_, 0) => windows.add::<_, MOST, 0>(simd, sums),
                (_, 1) => windows.add::<_, MOST, 1>(simd, sums),
                (_, 2) => windows.add::<_, MOST, 2>(simd, sums),
                (_, _) => windows.add::<_, MOST, 3>(simd, sums),
            }
        });
    }
}

/// What one step adds up.
struct Windows<'a, A> {
    shorter: &'a [A],
    /// How far the shorter windows are from one another.
    between: usize,
    samples: &'a [A],
    /// How far the samples are.
    apart: usize,
    weight: A,
}

impl<A: Accum> Windows<'_, A> {
    /// `M` shorter windows and `R` samples for each sum: whole vectors, of which the last ends where the sums end and overlaps its
    /// neighbour.
    #[inline(always)]
    fn add<S: Simd, const M: usize, const R: usize>(&self, simd: S, sums: &mut [A]) {
        let (lanes, count) = (A::Lanes::<S>::LEN, sums.len());
        let shorter = Pitched::new(self.shorter, self.between, M, count);
        let samples = Pitched::new(self.samples, self.apart, R.max(1), if R > 0 { count } else { 0 });
        if count < lanes {
            for (at, to) in sums.iter_mut().enumerate() {
                let weight = <One<A> as Lanes<S, A>>::splat(simd, self.weight);
                let made: One<A> = sum::<S, A, One<A>, M, R>(simd, &shorter, &samples, at);
                Lanes::<S, A>::store(Lanes::<S, A>::times(made, weight), std::slice::from_mut(to));
            }
            return;
        }
        let weight = A::Lanes::<S>::splat(simd, self.weight);
        let mut at = 0;
        while at + ABREAST * lanes <= count {
            let sums = &mut sums[at..at + ABREAST * lanes];
            unroll!(v in 4 => {
                let made: A::Lanes<S> = sum::<S, A, A::Lanes<S>, M, R>(simd, &shorter, &samples, at + v * lanes);
                made.times(weight).store(&mut sums[v * lanes..]);
            });
            at += ABREAST * lanes;
        }
        while at < count {
            let place = at.min(count - lanes);
            let made: A::Lanes<S> = sum::<S, A, A::Lanes<S>, M, R>(simd, &shorter, &samples, place);
            made.times(weight).store(&mut sums[place..]);
            at = place + lanes;
        }
    }
}

/// The sums from place `at` on, one to a lane.
#[inline(always)]
fn sum<S: Simd, A: Accum, V: Lanes<S, A>, const M: usize, const R: usize>(
    simd: S,
    shorter: &Pitched<'_, A>,
    samples: &Pitched<'_, A>,
    at: usize,
) -> V {
    let mut sum = V::load(simd, &shorter.row(0)[at..]);
    unroll!(m in 4 => {
        if m > 0 && m < M {
            sum = sum.plus(V::load(simd, &shorter.row(m)[at..]));
        }
    });
    unroll!(r in 4 => {
        if r < R {
            sum = sum.plus(V::load(simd, &samples.row(r)[at..]));
        }
    });
    sum
}

#[cfg(test)]
mod tests {
    use super::Ladder;

    #[test]
    fn ladders_end_at_their_windows_and_are_short() {
        for kernel in (1..2000).chain([65_537, 1_000_000]) {
            let ladder = Ladder::to(kernel);
            assert_eq!(ladder.reach(), kernel - 1);
            let mut window = 1;
            for rung in &ladder.rungs {
                assert_eq!(rung.span, window, "{kernel}: {ladder:?}");
                window = rung.reach() + 1;
            }
            let bits = kernel.ilog2() as usize + 1;
            assert!(ladder.len() <= bits.div_ceil(2) + 1 && ladder.additions() <= 3 * bits + 4, "{kernel}: {ladder:?}");
        }
    }

    #[test]
    fn sums_of_windows_are_their_samples() {
        let x: Vec<i64> = (0..3000).map(|i| i * i % 1009 - 500).collect();
        for kernel in (1..70).chain([100, 255, 1000]) {
            let ladder = Ladder::to(kernel);
            for apart in [1, 2, 7, 40].into_iter().filter(|apart| ladder.reach() * apart < x.len()) {
                let window = |at: usize| x[at..].iter().step_by(apart).take(kernel).sum::<i64>();
                let count = x.len() - ladder.reach() * apart;
                for len in [1, 3, count / 3, count] {
                    let x = &x[..len + ladder.reach() * apart];
                    let (mut sums, mut between) = (vec![77; x.len()], vec![78; x.len()]);
                    ladder.climb(apart, x, &mut sums, &mut between);
                    assert!((0..len).all(|at| sums[at] == window(at)), "{kernel} {apart} apart, {len}");
                    let below = ladder.below(apart, x, &mut between, &mut sums);
                    let mut weighted = vec![0; len];
                    ladder.top(apart, below, x, -3, &mut weighted);
                    assert!((0..len).all(|at| weighted[at] == -3 * window(at)), "{kernel} {apart} apart, {len}");
                }
            }
        }
    }
}
