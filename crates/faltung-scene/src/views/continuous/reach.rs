//! Which part of an endless line is shown: where something happens, and some of what it settles to.

use faltung_continuous::{Convolution, Number, Signal};

/// What is known of a function where it is to be shown.
pub(super) struct Ends<'a> {
    support: Option<(f64, f64)>,
    /// Where its formula changes, and its impulses.
    places: Vec<f64>,
    /// Where it may change fast, in order.
    landmarks: Vec<f64>,
    at: Box<dyn Fn(f64) -> f64 + 'a>,
}

impl<'a> Ends<'a> {
    pub(super) fn of(signal: &'a Signal) -> Ends<'a> {
        let impulses = signal.impulses().iter().map(|impulse| impulse.at);
        let places = signal.breakpoints().iter().copied().chain(impulses).map(Number::value).collect();
        Ends { support: signal.support(), places, landmarks: signal.landmarks(), at: Box::new(|t| signal.at(t)) }
    }

    pub(super) fn of_result(whole: &'a Convolution) -> Ends<'a> {
        let impulses = whole.impulses().iter().map(|impulse| impulse.at);
        let places = whole.breakpoints().into_iter().chain(impulses).map(Number::value).collect();
        let at = |t| whole.at(t).map_or(f64::NAN, |value| value.value);
        Ends { support: whole.support(), places, landmarks: landmarks(whole), at: Box::new(at) }
    }
}

/// Where a result may change fast: where its formula does, or without one at sums of such places of both signals.
pub(super) fn landmarks(whole: &Convolution) -> Vec<f64> {
    /// Places of each signal: each sum may be an integral to be found.
    const MOST: usize = 12;
    if let Some(formula) = whole.formula() {
        return formula.landmarks();
    }
    let of = |signal: &Signal| -> Vec<f64> {
        let breaks = signal.breakpoints().iter().map(|at| at.value());
        signal.landmarks().into_iter().chain(breaks).take(MOST).collect()
    };
    let (f, g) = whole.operands();
    let second = of(g);
    let mut all: Vec<f64> = of(f).iter().flat_map(|a| second.iter().map(move |b| a + b)).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

/// Where it begins and ends, with a margin.
pub(super) fn reach(of: &Ends<'_>) -> (f64, f64) {
    /// A margin, beside the length of what is shown.
    const MARGIN: f64 = 0.125;
    let Some((begin, end)) = of.support else { return (-1.0, 1.0) };
    let places = || of.places.iter().copied().filter(|at| at.is_finite());
    let (first, last) = (places().fold(f64::MAX, f64::min), places().fold(f64::MIN, f64::max));
    let (first, last) = if first <= last { (first, last) } else { (0.0, 0.0) };
    let endless = |place: f64, side: f64| {
        let end = place + side * settled(of, place, side, last - first);
        match outlier(of, side) {
            Some(at) if side * at > side * end => at,
            _ => end,
        }
    };
    let from = if begin.is_finite() { begin } else { endless(first, -1.0) };
    let to = if end.is_finite() { end } else { endless(last, 1.0) };
    let length = if to > from { to - from } else { 2.0 };
    let margin = |end: f64| if end.is_finite() { MARGIN * length } else { 0.0 };
    (from - margin(begin), to + margin(end))
}

/// The landmark on one side beyond which a function has settled, if it has any landmarks: the one after the last at which it
/// differs from its end by more than a fiftieth of what it changes.
fn outlier(of: &Ends<'_>, side: f64) -> Option<f64> {
    let mut outwards = of.landmarks.clone();
    if side < 0.0 {
        outwards.reverse();
    }
    let value = |at: &f64| Some((of.at)(*at)).filter(|y| y.is_finite()).unwrap_or(0.0);
    let values: Vec<f64> = outwards.iter().map(value).collect();
    let all = values.iter().copied().chain(of.places.iter().map(value));
    let (low, high) = all.fold((f64::MAX, f64::MIN), |(low, high), y| (low.min(y), high.max(y)));
    let rest = *values.last()?;
    let last = values.iter().rposition(|y| (y - rest).abs() > (high - low) / 50.0)?;
    outwards.get(last + 1).copied()
}

/// How far from a place a function settles on one side: beyond, it changes by no more than a fiftieth of what it did.
fn settled(of: &Ends<'_>, at: f64, side: f64, length: f64) -> f64 {
    /// Where it is looked at, beside the distance tried.
    const BEYOND: [f64; 7] = [1.0, 1.3, 1.7, 2.3, 3.1, 5.3, 11.0];
    const WITHIN: [f64; 8] = [0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85];
    let values = |distance: f64, shares: &[f64]| -> Vec<f64> {
        shares.iter().map(|share| (of.at)(at + side * distance * share)).filter(|y| y.is_finite()).collect()
    };
    let range = |values: &[f64]| {
        let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), y| (low.min(*y), high.max(*y)));
        (high - low).max(0.0)
    };
    let tries = (-9..=9).flat_map(|power| [1.0, 2.0, 5.0].map(|times| times * 10f64.powi(power)));
    for distance in tries.filter(|distance| *distance > 0.2 * length && (at + distance) - at > 0.0) {
        let (within, beyond) = (values(distance, &WITHIN), values(distance, &BEYOND));
        let all = range(&[within, beyond.clone()].concat());
        if !beyond.is_empty() && all > 0.0 && range(&beyond) <= all / 50.0 {
            return distance;
        }
    }
    // It never settles, or never changes.
    if length > 0.0 { length } else { 5.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (f64, f64) {
        let signal: Signal = text.parse().unwrap();
        reach(&Ends::of(&signal))
    }

    #[test]
    fn what_ends_is_shown_whole() {
        assert_eq!(of("rect(t/8)"), (-5.0, 5.0));
        assert_eq!(of("delta(t - 3)"), (2.75, 3.25));
        assert_eq!(of("0"), (-1.0, 1.0));
    }

    #[test]
    fn what_decays_is_shown_until_it_has() {
        for (text, decay) in [("exp(-t)*step(t)", 1.0), ("exp(-1000*t)*step(t)", 1e-3), ("exp(-t/5000)*step(t)", 5e3)] {
            let (from, to) = of(text);
            assert!(from < 0.0 && (3.0..12.0).contains(&(to / decay)), "{text}: {from} to {to}");
        }
        let (from, to) = of("gauss(t)");
        assert!((-6.0..-2.0).contains(&from) && (2.0..6.0).contains(&to), "{from} to {to}");
        let (_, to) = of("(1 - exp(-t/2))*step(t)");
        assert!((6.0..25.0).contains(&to), "{to}");
    }

    #[test]
    fn what_is_narrow_and_far_away_is_shown() {
        let (from, to) = of("gauss(1000*(t - 3))");
        assert!(from < 2.998 && to > 3.002, "{from} to {to}");
        let (_, to) = of("rect(t) + gauss(100*(t - 30))");
        assert!((30.02..31.0).contains(&to), "{to}");
        let (f, g): (Signal, Signal) =
            ("rect(t) + rect(1000*(t - 3))".parse().unwrap(), "gauss(500*t)".parse().unwrap());
        let whole = faltung_continuous::convolve(&f, &g).unwrap();
        let (from, to) = reach(&Ends::of_result(&whole));
        assert!(from < -0.5 && to > 3.0005, "{from} to {to}");
    }

    #[test]
    fn what_goes_on_for_ever_is_shown_in_part() {
        assert_eq!(of("sin(t)"), (-5.0, 5.0));
        let (from, to) = of("step(t)");
        assert!(from < 0.0 && to > 0.0 && to.is_finite());
    }
}
