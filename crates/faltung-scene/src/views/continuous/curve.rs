//! Functions as points to be joined: as many as a picture needs, none across a jump.

use faltung_continuous::{Convolution, Impulse, Signal};

use super::reach::landmarks;

/// Pieces of a function that are drawn in one go.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    runs: Vec<Vec<[f64; 2]>>,
    range: (f64, f64),
}

/// A function with its limits at a place, from the left and from the right.
struct Function<'a> {
    at: &'a dyn Fn(f64) -> f64,
    limits: &'a dyn Fn(f64) -> (f64, f64),
    breaks: Vec<f64>,
    /// Where it may change fast.
    landmarks: Vec<f64>,
}

/// First pieces of a stretch between breakpoints of all that is shown.
const FIRST: usize = 120;
/// How often pieces may be halved.
const HALVINGS: usize = 5;
/// How far a point may be from where it is drawn, beside the height of all.
const CLOSE: f64 = 1.0 / 500.0;

impl Curve {
    /// The functions of a signal, without its impulses.
    pub(super) fn of(signal: &Signal, range: (f64, f64)) -> Curve {
        let breaks = signal.breakpoints().iter().map(|at| at.value()).collect();
        Function { at: &|t| signal.at(t), limits: &|t| signal.limits(t), breaks, landmarks: signal.landmarks() }
            .drawn(range)
    }

    /// The product of the functions of two signals.
    pub(super) fn of_product(f: &Signal, g: &Signal, range: (f64, f64)) -> Curve {
        let breaks = f.breakpoints().iter().chain(g.breakpoints()).map(|at| at.value()).collect();
        let limits = |t: f64| {
            let ((a, b), (c, d)) = (f.limits(t), g.limits(t));
            (a * c, b * d)
        };
        let landmarks = [f.landmarks(), g.landmarks()].concat();
        let mut product = Function { at: &|t| f.at(t) * g.at(t), limits: &limits, breaks, landmarks }.drawn(range);
        product.runs.retain(|run| run.iter().any(|[_, y]| *y != 0.0));
        product
    }

    /// The functions of a result.
    pub(super) fn of_result(whole: &Convolution, range: (f64, f64)) -> Curve {
        if let Some(formula) = whole.formula() {
            return Curve::of(formula, range);
        }
        let at = |t: f64| whole.at(t).map_or(f64::NAN, |value| value.value);
        let breaks = whole.breakpoints().into_iter().map(|at| at.value()).collect();
        Function { at: &at, limits: &|t| (at(t), at(t)), breaks, landmarks: landmarks(whole) }.drawn(range)
    }

    pub(super) fn runs(&self) -> &[Vec<[f64; 2]>] {
        &self.runs
    }

    pub(super) fn range(&self) -> (f64, f64) {
        self.range
    }

    /// The least and the largest height, and zero; of what grows beyond all bounds near a place, not all of it.
    pub(super) fn heights(&self, impulses: &[Impulse]) -> Vec<f64> {
        /// How many times as high as most of it something may be.
        const TOWERS: f64 = 8.0;
        let mut sizes: Vec<f64> = self.runs.iter().flatten().map(|[_, y]| y.abs()).filter(|y| *y > 0.0).collect();
        sizes.sort_by(f64::total_cmp);
        let most = sizes.get(sizes.len() * 9 / 10).map_or(f64::MAX, |size| TOWERS * size);
        let weights = impulses.iter().map(|impulse| impulse.weight.value());
        let all = self.runs.iter().flatten().map(|[_, y]| y.clamp(-most, most)).chain(weights);
        let (low, high) = all.fold((0.0f64, 0.0f64), |(low, high), y| (low.min(y), high.max(y)));
        vec![low, high]
    }

    /// What lies before a place, and what lies after it, both with the point itself.
    pub(super) fn cut(&self, at: f64, value: f64) -> (Curve, Curve) {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for run in &self.runs {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            if last[0] <= at {
                before.push(run.clone());
            } else if first[0] >= at {
                after.push(run.clone());
            } else {
                let (mut left, right): (Vec<[f64; 2]>, Vec<[f64; 2]>) = run.iter().partition(|[x, _]| *x < at);
                left.push([at, value]);
                before.push(left);
                after.push([vec![[at, value]], right].concat());
            }
        }
        (Curve { runs: before, ..*self }, Curve { runs: after, ..*self })
    }
}

impl Function<'_> {
    fn drawn(mut self, range: (f64, f64)) -> Curve {
        let (from, to) = range;
        self.breaks.retain(|at| from < *at && *at < to);
        self.breaks.sort_by(f64::total_cmp);
        self.breaks.dedup();
        let cuts: Vec<f64> = [from].into_iter().chain(self.breaks.iter().copied()).chain([to]).collect();
        let stretches: Vec<Vec<[f64; 2]>> =
            cuts.windows(2).map(|ends| self.coarse(ends[0], ends[1], to - from)).collect();
        let heights = stretches.iter().flatten().map(|[_, y]| *y).filter(|y| y.is_finite());
        let (low, high) = heights.fold((0.0f64, 0.0f64), |(low, high), y| (low.min(y), high.max(y)));
        let close = CLOSE * (high - low);
        let mut runs: Vec<Vec<[f64; 2]>> = Vec::new();
        for stretch in stretches {
            let mut fine = vec![stretch[0]];
            for ends in stretch.windows(2) {
                self.refine(ends[0], ends[1], close, HALVINGS, &mut fine);
            }
            for run in fine.split(|[_, y]| !y.is_finite()).filter(|run| !run.is_empty()) {
                match runs.last_mut() {
                    Some(before) if is_joined(before, run, close) => before.extend(&run[1..]),
                    _ => runs.push(run.to_vec()),
                }
            }
        }
        Curve { runs, range }
    }

    /// The ends of a stretch, by their limits, and points between: equally far apart, and at landmarks.
    fn coarse(&self, from: f64, to: f64, whole: f64) -> Vec<[f64; 2]> {
        let count = ((to - from) / whole * FIRST as f64).ceil().max(8.0) as usize;
        let at = |k: usize| from + (to - from) * k as f64 / count as f64;
        let within = self.landmarks.iter().copied().filter(|at| from < *at && *at < to);
        let mut inner: Vec<f64> = (1..count).map(at).filter(|at| from < *at && *at < to).chain(within).collect();
        inner.sort_by(f64::total_cmp);
        inner.dedup();
        let mut points = vec![[from, (self.limits)(from).1]];
        points.extend(inner.into_iter().map(|at| [at, (self.at)(at)]));
        points.push([to, (self.limits)(to).0]);
        points
    }

    /// The points after the first, so many that the line between them is near enough.
    fn refine(&self, a: [f64; 2], b: [f64; 2], close: f64, halvings: usize, points: &mut Vec<[f64; 2]>) {
        let x = 0.5 * (a[0] + b[0]);
        if halvings > 0 && a[0] < x && x < b[0] {
            let middle = [x, (self.at)(x)];
            let off = (middle[1] - 0.5 * (a[1] + b[1])).abs();
            if off > close || off.is_nan() && (a[1].is_finite() || b[1].is_finite()) {
                self.refine(a, middle, close, halvings - 1, points);
                return self.refine(middle, b, close, halvings - 1, points);
            }
        }
        points.push(b);
    }
}

/// Whether a run goes on where the one before ends.
fn is_joined(before: &[[f64; 2]], run: &[[f64; 2]], close: f64) -> bool {
    before.last().is_some_and(|end| end[0] == run[0][0] && (end[1] - run[0][1]).abs() <= 1e-3 * close)
}

/// A run in parts that lie on one side of zero, each with whether that is below; where it stays at zero there is none.
pub(super) fn by_sign(run: &[[f64; 2]]) -> Vec<(Vec<[f64; 2]>, bool)> {
    let mut parts: Vec<(Vec<[f64; 2]>, bool)> = Vec::new();
    // The last of the points at zero since a part ended, where there are several.
    let mut zero: Option<f64> = None;
    for &[x, y] in run {
        let is_negative = y < 0.0;
        match parts.last_mut() {
            Some((points, _)) if y == 0.0 && points[points.len() - 1][1] != 0.0 => points.push([x, 0.0]),
            _ if y == 0.0 => zero = Some(x),
            Some((points, below)) if zero.is_none() && *below == is_negative => points.push([x, y]),
            Some((points, _)) if zero.is_none() => {
                let [x0, y0] = points[points.len() - 1];
                let crossing = [x0 + (x - x0) * y0 / (y0 - y), 0.0];
                if y0 != 0.0 {
                    points.push(crossing);
                }
                parts.push((vec![crossing, [x, y]], is_negative));
            }
            _ => {
                let from = zero.take().map(|x0| [x0, 0.0]);
                parts.push((from.into_iter().chain([[x, y]]).collect(), is_negative));
            }
        }
    }
    parts.retain(|(points, _)| points.len() > 1);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(text: &str, range: (f64, f64)) -> Curve {
        Curve::of(&text.parse().unwrap(), range)
    }

    #[test]
    fn nothing_is_drawn_across_a_jump() {
        let pulse = curve("rect(t)", (-1.0, 1.0));
        let ends: Vec<_> = pulse.runs.iter().map(|run| (run[0], run[run.len() - 1])).collect();
        assert_eq!(ends, [([-1.0, 0.0], [-0.5, 0.0]), ([-0.5, 1.0], [0.5, 1.0]), ([0.5, 0.0], [1.0, 0.0])]);
        assert_eq!(curve("tri(t)", (-2.0, 2.0)).runs.len(), 1);
    }

    #[test]
    fn curves_are_as_near_as_can_be_seen() {
        let waves = curve("sin(30*t)", (-1.0, 1.0));
        for ends in waves.runs[0].windows(2) {
            let middle = 0.5 * (ends[0][0] + ends[1][0]);
            let off = (30.0 * middle).sin() - 0.5 * (ends[0][1] + ends[1][1]);
            assert!(off.abs() < 0.01, "{middle}: {off}");
        }
    }

    #[test]
    fn nothing_narrow_is_missed() {
        let narrow = curve("gauss(10000*(t - 0.123))", (-1.0, 1.0));
        assert!(narrow.heights(&[])[1] > 0.0 && narrow.runs[0].iter().any(|[_, y]| *y > 0.39));
    }

    #[test]
    fn what_has_no_value_is_left_out_and_towers_are_cut() {
        let root = curve("step(t)/sqrt(t)", (-1.0, 4.0));
        assert!(root.runs.iter().flatten().all(|[_, y]| y.is_finite()));
        assert!(root.heights(&[])[1] < 30.0);
    }

    #[test]
    fn areas_are_parted_where_they_cross_zero() {
        let parts = by_sign(&[[0.0, 2.0], [1.0, -2.0], [2.0, 0.0], [3.0, 1.0]]);
        assert_eq!(parts.len(), 3);
        assert_eq!(parts[0], (vec![[0.0, 2.0], [0.5, 0.0]], false));
        assert_eq!(parts[1], (vec![[0.5, 0.0], [1.0, -2.0], [2.0, 0.0]], true));
        assert_eq!(parts[2], (vec![[2.0, 0.0], [3.0, 1.0]], false));
    }

    #[test]
    fn there_is_no_area_where_nothing_is() {
        let parts = by_sign(&[
            [0.0, 0.0],
            [1.0, 0.0],
            [2.0, 1.0],
            [3.0, 0.0],
            [4.0, 0.0],
            [5.0, 0.0],
            [6.0, 2.0],
            [7.0, 0.0],
            [8.0, 0.0],
        ]);
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].0, [[1.0, 0.0], [2.0, 1.0], [3.0, 0.0]]);
        assert_eq!(parts[1].0, [[5.0, 0.0], [6.0, 2.0], [7.0, 0.0]]);
        assert!(by_sign(&[[0.0, 0.0], [1.0, 0.0]]).is_empty());
    }

    #[test]
    fn a_cut_is_at_the_place_shown() {
        let (before, after) = curve("t", (0.0, 2.0)).cut(1.5, 1.5);
        assert_eq!(before.runs[0].last(), Some(&[1.5, 1.5]));
        assert_eq!(after.runs[0].first(), Some(&[1.5, 1.5]));
    }
}
