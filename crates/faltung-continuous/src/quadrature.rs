//! Integrals by adaptive Gauss-Kronrod quadrature, with a bound on the error that is meant to be believed.
//!
//! A panel is integrated by the rule of 21 points and by the rule of 10 among them; their difference is taken as the error as it
//! stands, though that of the larger rule is most often much smaller. Where the integrand has a kink it is not, and the difference may
//! be small by chance. So the values at both ends of the panel are compared with the polynomial through the 21 points, and four times
//! what they are off counts as error, if that is more: for a smooth integrand it is not, and a kink cannot hide from all three, not
//! even between the last point and the end. The panel with the largest error is halved until the sum of
//! all errors is small beside the integral of the absolute value. To that sum are added the errors of the integrand's own values, which
//! it reports, and rounding.
//!
//! - Panels begin at the breakpoints of the integrand, where it may jump, and at the places it names as steep.
//! - At a singular end both rules are wrong alike. So the panel at the end of a stretch counts as wrong altogether, by ten times its
//!   integral, until it is smooth or so small that it does not matter; and so does a panel that cannot be halved any more.
//! - Every stretch is gone through from its ends: half of it as `u = a + l s²`, half as `u = b - l s²`, so that the nodes crowd at
//!   both, and an integrand like `1/sqrt(u - a)` becomes smooth. The integrand is told how far it is from the end, which near the
//!   end is known much better than `u` is: a [`Point`].
//! - An end at infinity is reached by `u = a + 1/s`, which goes as far as doubles do.
//! - Waves get panels short enough to be seen.
//!
//! What does not settle within some hundred thousand values is refused: it may diverge, and a number would be a guess.
//!
//! Source of the rules: R. Piessens et al., *QUADPACK*, 1983, rule qk21.

use std::{cmp::Ordering, collections::BinaryHeap, iter::Sum};

/// An integral, and how far it may be from the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Integral {
    /// The integral.
    pub value: f64,
    /// A bound on its error.
    pub bound: f64,
    /// The integral of the absolute value, beside which the bound is to be seen.
    pub size: f64,
}

/// That over several stretches.
impl Sum for Integral {
    fn sum<I: Iterator<Item = Integral>>(all: I) -> Integral {
        all.fold(Integral::default(), |a, b| Integral {
            value: a.value + b.value,
            bound: a.bound + b.bound,
            size: a.size + b.size,
        })
    }
}

/// What quadrature is told about an integrand.
#[derive(Clone, Debug, Default)]
pub struct Panels {
    /// Where panels begin, in order; infinite at the ends where the integral has none.
    pub places: Vec<f64>,
    /// The highest angular frequency of its waves, if it has any.
    pub frequency: f64,
}

/// A place on the line, told by the nearest of the [`Panels`]' places and the distance from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The number of the place, or `None` for the middle of a whole line, which is 0.
    pub place: Option<usize>,
    /// Where that is.
    pub anchor: f64,
    /// How far from it, below zero to its left; precise even where `u` is not.
    pub distance: f64,
}

impl Point {
    /// The place as a number.
    pub fn u(&self) -> f64 {
        self.anchor + self.distance
    }
}

/// What is aimed at, beside the integral of the absolute value.
const AIM: f64 = 1e-13;
/// What is good enough.
pub(crate) const WANTED: f64 = 1e-7;
/// How far both rules may be apart, beside the integral of the absolute value, where a panel at the end of a stretch is smooth.
const SMOOTH: f64 = 1e-13;
/// The error of a panel that the rules cannot be trusted with, beside the integral of its absolute value.
const DISTRUST: f64 = 10.0;
/// The length of the finest panels, beside their distance from the end of the stretch.
const FINEST: f64 = 4e-15;
/// The most panels.
const MOST_PANELS: usize = 6000;

/// The integral of a function that gives its value and a bound on the error of that.
///
/// # Errors
/// The error that was reached beside the integral of the absolute value, if that is more than a ten-millionth.
///
/// ```
/// use faltung_continuous::quadrature::{Panels, integral};
///
/// let panels = Panels { places: vec![0.0, 1.0], frequency: 0.0 };
/// let root = integral(|point| (1.0 / point.u().sqrt(), 0.0), &panels).unwrap();
/// assert!((root.value - 2.0).abs() <= root.bound && root.bound < 1e-11);
/// let pole = integral(|point| (1.0 / point.u(), 0.0), &panels);
/// assert!(pole.is_err());
/// ```
pub fn integral(function: impl Fn(Point) -> (f64, f64), panels: &Panels) -> Result<Integral, f64> {
    let mut heap: BinaryHeap<Panel> = BinaryHeap::new();
    for map in maps(&panels.places) {
        let count = map.panels(panels.frequency).ok_or(f64::INFINITY)?;
        if heap.len() + count > MOST_PANELS {
            return Err(f64::INFINITY);
        }
        let at = |k: usize| k as f64 / count as f64;
        heap.extend((0..count).map(|k| Panel::new(&function, map, at(k), at(k + 1))));
    }
    let mut sums = Sums::of(&heap);
    let mut steps = 0;
    while sums.error > AIM * sums.size && heap.len() < MOST_PANELS {
        let Some(worst) = heap.pop() else { break };
        let middle = 0.5 * (worst.from + worst.to);
        if worst.settled() {
            heap.push(Panel { halved: true, ..worst });
            if heap.peek().is_none_or(|panel| panel.halved) {
                break;
            }
            continue;
        }
        for (from, to) in [(worst.from, middle), (middle, worst.to)] {
            heap.push(Panel::new(&function, worst.map, from, to));
        }
        steps += 1;
        // Sums are made anew now and then, and not updated, so that they do not drift.
        if steps % 16 == 0 || heap.len() < 64 {
            sums = Sums::of(&heap);
        }
    }
    let sums = Sums::of(&heap);
    let bound = sums.error + sums.blur + 100.0 * f64::EPSILON * sums.size;
    match bound.is_finite() && bound <= WANTED * sums.size || sums.size == 0.0 {
        true => Ok(Integral { value: sums.value, bound, size: sums.size }),
        false => Err(if bound.is_finite() && sums.size.is_finite() { bound / sums.size } else { f64::INFINITY }),
    }
}

/// From (0, 1] to a part of a stretch, away from the place where it is anchored.
#[derive(Clone, Copy)]
struct Map {
    place: Option<usize>,
    anchor: f64,
    reach: Reach,
}

#[derive(Clone, Copy)]
enum Reach {
    /// At `l s²`.
    Near(f64),
    /// At `l / s`: to infinity on the side of the sign of `l`.
    Far(f64),
}

/// Every stretch between two places as maps.
fn maps(places: &[f64]) -> Vec<Map> {
    let stretch = |(k, ends): (usize, &[f64])| {
        let at = |k: usize, reach: Reach| Map { place: Some(k), anchor: places[k], reach };
        let middle = |reach: Reach| Map { place: None, anchor: 0.0, reach };
        let (from, to) = (ends[0], ends[1]);
        match (from.is_finite(), to.is_finite()) {
            (true, true) => {
                let half = 0.5 * (to - from);
                vec![at(k, Reach::Near(half)), at(k + 1, Reach::Near(-half))]
            }
            (true, false) => vec![at(k, Reach::Near(1.0)), at(k, Reach::Far(1.0))],
            (false, true) => vec![at(k + 1, Reach::Near(-1.0)), at(k + 1, Reach::Far(-1.0))],
            (false, false) => [1.0, -1.0].map(|l| [middle(Reach::Near(l)), middle(Reach::Far(l))]).concat(),
        }
    };
    places.windows(2).enumerate().flat_map(stretch).collect()
}

impl Map {
    /// The place, and how fast it moves.
    fn at(&self, s: f64) -> (Point, f64) {
        let (distance, speed) = match self.reach {
            Reach::Near(l) => (l * s * s, 2.0 * l.abs() * s),
            Reach::Far(l) => (l / s, l.abs() / (s * s)),
        };
        (Point { place: self.place, anchor: self.anchor, distance }, speed)
    }

    /// How many panels it begins with; `None` if its waves are too many.
    fn panels(&self, frequency: f64) -> Option<usize> {
        /// Radians to a panel of 21 points, on the average.
        const ANGLE: f64 = 6.0;
        match self.reach {
            Reach::Near(l) => {
                Some(((l.abs() * frequency / ANGLE) as usize).saturating_add(1)).filter(|&count| count <= MOST_PANELS)
            }
            Reach::Far(_) => Some(8),
        }
    }
}

/// A part of a stretch, integrated.
struct Panel {
    map: Map,
    from: f64,
    to: f64,
    value: f64,
    error: f64,
    /// The integral of the errors of values.
    blur: f64,
    size: f64,
    /// Whether it is not to be halved.
    halved: bool,
}

impl Panel {
    fn new(function: &impl Fn(Point) -> (f64, f64), map: Map, from: f64, to: f64) -> Panel {
        let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
        let at = |s: f64| {
            let (point, speed) = map.at(s);
            let (value, error) = function(point);
            // Where the integrand has vanished, the speed of the map does not matter.
            if value == 0.0 && error == 0.0 { (0.0, 0.0) } else { (value * speed, error * speed) }
        };
        let [left, right] = [-half, half].map(|half| NODES.map(|node| at(middle + half * node)));
        let (centre, off) = left[10];
        let mut kronrod = KRONROD[10] * centre;
        let mut size = KRONROD[10] * centre.abs();
        let mut blur = KRONROD[10] * off;
        let mut gauss = 0.0;
        for k in 0..10 {
            let ((left, e), (right, f)) = (left[k], right[k]);
            kronrod += KRONROD[k] * (left + right);
            size += KRONROD[k] * (left.abs() + right.abs());
            blur += KRONROD[k] * (e + f);
            if k % 2 == 1 {
                gauss += GAUSS[k / 2] * (left + right);
            }
        }
        // The place itself, from where 0 is mapped, may be singular.
        let start = if from == 0.0 { 0.0 } else { off_at_end(at(from), &left, &right) };
        let kink = 4.0 * (start + off_at_end(at(to), &right, &left));
        let (difference, all) = (half * (kronrod - gauss).abs().max(kink), half * size);
        let smooth = difference <= SMOOTH * all + 0.1 * half * blur;
        let trusted = kink.is_finite() && if from == 0.0 { smooth } else { to - from > FINEST * to };
        let error = if trusted { difference } else { DISTRUST * all };
        let finite = |x: f64| if x.is_finite() { x } else { f64::INFINITY };
        Panel {
            map,
            from,
            to,
            value: half * kronrod,
            error: finite(error),
            blur: finite(half * blur),
            size: finite(all),
            halved: false,
        }
    }

    /// Whether nothing is gained by halving it: its error is no more than rounding, or it is as fine as numbers are.
    fn settled(&self) -> bool {
        self.to - self.from <= FINEST * self.to
            || self.error <= 4.0 * f64::EPSILON * self.size
            || self.error <= 0.1 * self.blur
    }
}

/// How far the value at an end is from the polynomial through the points on its side and on the other, beyond what the errors of
/// the values explain.
fn off_at_end(end: (f64, f64), near: &[(f64, f64); 11], far: &[(f64, f64); 11]) -> f64 {
    let (mut off, mut blur) = end;
    for ((value, error), weight) in near.iter().zip(END_NEAR).chain(far.iter().zip(END_FAR)) {
        off -= weight * value;
        blur += weight.abs() * error;
    }
    if off.abs() <= blur { 0.0 } else { off.abs() - blur }
}

/// Panels are ordered by what halving them gains.
impl Ord for Panel {
    fn cmp(&self, other: &Panel) -> Ordering {
        other.halved.cmp(&self.halved).then(self.error.total_cmp(&other.error)).then(other.from.total_cmp(&self.from))
    }
}

impl PartialOrd for Panel {
    fn partial_cmp(&self, other: &Panel) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Panel {
    fn eq(&self, other: &Panel) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Panel {}

#[derive(Clone, Copy)]
struct Sums {
    value: f64,
    error: f64,
    blur: f64,
    size: f64,
}

impl Sums {
    fn of(heap: &BinaryHeap<Panel>) -> Sums {
        let zero = Sums { value: 0.0, error: 0.0, blur: 0.0, size: 0.0 };
        heap.iter().fold(zero, |sums, panel| Sums {
            value: sums.value + panel.value,
            error: sums.error + panel.error,
            blur: sums.blur + panel.blur,
            size: sums.size + panel.size,
        })
    }
}

/// The nodes of the rule of 21 points, from the outside to the middle; every second is one of the rule of 10.
const NODES: [f64; 11] = [
    0.995_657_163_025_808_1,
    0.973_906_528_517_171_7,
    0.930_157_491_355_708_2,
    0.865_063_366_688_984_5,
    0.780_817_726_586_416_9,
    0.679_409_568_299_024_4,
    0.562_757_134_668_604_7,
    0.433_395_394_129_247_2,
    0.294_392_862_701_460_2,
    0.148_874_338_981_631_22,
    0.0,
];

/// Their weights.
const KRONROD: [f64; 11] = [
    0.011_694_638_867_371_874,
    0.032_558_162_307_964_725,
    0.054_755_896_574_351_995,
    0.075_039_674_810_919_96,
    0.093_125_454_583_697_6,
    0.109_387_158_802_297_64,
    0.123_491_976_262_065_85,
    0.134_709_217_311_473_34,
    0.142_775_938_577_060_09,
    0.147_739_104_901_338_49,
    0.149_445_554_002_916_9,
];

/// The weights of the rule of 10 points.
const GAUSS: [f64; 5] = [
    0.066_671_344_308_688_14,
    0.149_451_349_150_580_6,
    0.219_086_362_515_982_04,
    0.269_266_719_309_996_35,
    0.295_524_224_714_752_87,
];

/// The polynomial through the 21 points, at an end: the weights of the points on its side, with the middle.
const END_NEAR: [f64; 11] = [
    1.451_915_745_204_335_4,
    -0.704_885_368_800_862,
    0.422_706_757_526_320_75,
    -0.297_330_412_144_010_2,
    0.229_082_073_219_810_36,
    -0.184_493_489_507_934_68,
    0.152_280_444_380_946_68,
    -0.128_043_029_757_355_9,
    0.109_098_853_097_796_42,
    -0.093_619_248_344_812_6,
    0.080_577_005_894_850_46,
];

/// The weights of the points on the other side, and 0 for the middle.
const END_FAR: [f64; 11] = [
    0.003_159_577_455_741_209,
    -0.009_318_022_917_369_455,
    0.015_295_591_421_297_048,
    -0.021_511_743_521_570_06,
    0.028_195_322_214_622_166,
    -0.035_218_834_383_130_594,
    0.042_606_452_632_950_47,
    -0.050_613_927_397_357_05,
    0.059_472_615_799_369_57,
    -0.069_356_362_073_637_93,
    0.0,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn over(places: &[f64], function: impl Fn(f64) -> f64) -> Result<Integral, f64> {
        integral(|point| (function(point.u()), 0.0), &Panels { places: places.to_vec(), frequency: 0.0 })
    }

    #[test]
    fn the_rules_integrate_polynomials_exactly() {
        for power in 0..=15 {
            let exact = 2.0 / f64::from(2 * power + 1);
            let sum =
                |weights: &[(f64, f64)]| -> f64 { weights.iter().map(|(x, w)| 2.0 * w * x.powi(2 * power)).sum() };
            let kronrod: Vec<_> =
                (0..11).map(|k| (NODES[k], if k == 10 { KRONROD[k] / 2.0 } else { KRONROD[k] })).collect();
            assert!((sum(&kronrod) - exact).abs() < 1e-15 * 4.0, "{power}");
            if power <= 9 {
                let gauss: Vec<_> = (0..5).map(|k| (NODES[2 * k + 1], GAUSS[k])).collect();
                assert!((sum(&gauss) - exact).abs() < 1e-15 * 4.0, "{power}");
            }
        }
    }

    #[test]
    fn the_polynomial_through_all_points_is_right_at_the_ends() {
        for power in 0..=20 {
            let side = |sign: f64| NODES.map(|node| ((sign * node).powi(power), 0.0));
            let at = |end: f64| off_at_end((end.powi(power), 0.0), &side(end), &side(-end));
            assert!(at(1.0) < 1e-14 && at(-1.0) < 1e-14, "{power}");
        }
    }

    #[test]
    fn kinks_and_jumps_that_nobody_told_of_are_within_the_bounds() {
        // Within a panel, at many places, also between the last point and the end of a panel.
        for k in 1..400 {
            let at = if k % 2 == 0 { f64::from(k) / 400.0 } else { 0.5 + f64::from(k) * 1e-5 };
            let kink = over(&[0.0, 1.0], |u| (u - at).abs()).unwrap();
            assert!((kink.value - (at * at - at + 0.5)).abs() <= kink.bound, "{at}: {kink:?}");
            let jump = over(&[0.0, 1.0], |u| if u < at { 1.0 } else { 2.0 }).unwrap();
            assert!((jump.value - (2.0 - at)).abs() <= jump.bound, "{at}: {jump:?}");
        }
    }

    #[test]
    fn known_integrals_lie_within_their_bounds() {
        let pi = std::f64::consts::PI;
        let inf = f64::INFINITY;
        type Case<'a> = (&'a [f64], &'a dyn Fn(f64) -> f64, f64);
        let cases: [Case<'_>; 9] = [
            (&[0.0, pi], &f64::sin, 2.0),
            (&[-1.0, 0.0, 1.0], &f64::abs, 1.0),
            (&[0.0, inf], &|u| (-u).exp(), 1.0),
            (&[-inf, inf], &|u| (-u * u).exp(), pi.sqrt()),
            (&[-inf, 0.0, inf], &|u| 1.0 / (1.0 + u * u), pi),
            (&[0.0, 1.0], &|u| u.ln(), -1.0),
            (&[0.0, 1.0], &|u| 0.5 / u.sqrt(), 1.0),
            (&[-inf, 0.0], &|u: f64| u.exp() * u, -1.0),
            (&[1.0, inf], &|u: f64| u.powf(-1.1), 10.0),
        ];
        for (places, function, exact) in cases {
            let found = over(places, function).unwrap();
            let off = (found.value - exact).abs();
            assert!(off <= found.bound && found.bound < 1e-10 * found.size, "{found:?}, not {exact}");
        }
    }

    #[test]
    fn what_diverges_is_refused() {
        assert!(over(&[0.0, 1.0], |u| 1.0 / u).is_err());
        assert!(over(&[1.0, f64::INFINITY], |u| 1.0 / u).is_err());
        assert!(over(&[0.0, f64::INFINITY], |u| u.cos()).is_err());
        assert!(over(&[0.0, 1.0], |u| (u - 0.5).sqrt()).is_err());
        assert!(over(&[0.0, 1.0], |u| 1.0 / (u - 0.3).powi(2)).is_err());
    }

    #[test]
    fn singular_ends_are_reached_by_their_distance() {
        let panels = Panels { places: vec![1.0, 3.0], frequency: 0.0 };
        let both = |point: Point| {
            let (left, right) = match point.place {
                Some(0) => (point.distance, 2.0 - point.distance),
                _ => (2.0 + point.distance, -point.distance),
            };
            (1.0 / (left * right).sqrt(), 0.0)
        };
        let found = integral(both, &panels).unwrap();
        assert!((found.value - std::f64::consts::PI).abs() <= found.bound && found.bound < 1e-12, "{found:?}");
    }

    #[test]
    fn fast_waves_are_seen_or_refused() {
        let waves = |frequency: f64| {
            let panels = Panels { places: vec![0.0, 1.0], frequency };
            integral(|point| ((frequency * point.u()).cos(), 0.0), &panels)
        };
        let found = waves(1000.0).unwrap();
        assert!((found.value - 1000f64.sin() / 1000.0).abs() <= found.bound);
        assert!(waves(1e9).is_err() && waves(1e300).is_err());
    }
}
