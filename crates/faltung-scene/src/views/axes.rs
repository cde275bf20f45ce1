//! Axes of panels: ranges that do not change from scene to scene, with ticks.

use faltung::Number;

use crate::{Axis, Tick};

/// How high a number stands; what is no number stands at zero, where its label tells it.
pub(super) fn height(number: Number) -> f64 {
    let value = number.to_complex().re;
    if value.is_finite() { value } else { 0.0 }
}

/// The value of a mark or a cell.
pub(super) fn value(number: Number) -> Option<f64> {
    Some(number.to_complex().re)
}

/// A vertical axis for these heights and zero, with some room for labels.
pub(super) fn heights(label: &str, all: impl Iterator<Item = f64>) -> Axis {
    let (low, high) = all.fold((0.0f64, 0.0f64), |(low, high), y| (low.min(y), high.max(y)));
    let (low, high) = if low == high { (0.0, 1.0) } else { (low, high) };
    let room = 0.2 * (high - low);
    let from = if low < 0.0 { low - room } else { 0.0 };
    let to = if high > 0.0 { high + room } else { 0.0 };
    Axis { label: label.to_owned(), from, to, ticks: rounded_ticks(low, high, 4), downwards: false }
}

/// A horizontal axis of real numbers.
pub(super) fn span(label: &str, (from, to): (f64, f64)) -> Axis {
    Axis { label: label.to_owned(), from, to, ticks: rounded_ticks(from, to, 8), downwards: false }
}

/// Ticks at round numbers, about so many.
fn rounded_ticks(low: f64, high: f64, count: usize) -> Vec<Tick> {
    let (step, multiples) = multiples(low, high, count);
    let exponents = -step.log10().floor() > 5.0;
    let label = |at: f64, text: String| if at.abs() >= 1e7 || exponents { format!("{at:.1e}") } else { text };
    multiples.map(|(at, text)| Tick { at, label: label(at, text) }).collect()
}

/// Multiples of 1, 2 or 5 times a power of ten, about so many, each as it is written; and how far apart they are.
pub(super) fn multiples(low: f64, high: f64, count: usize) -> (f64, impl Iterator<Item = (f64, String)>) {
    let rough = (high - low) / count as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| *step >= rough * 0.999);
    let step = step.unwrap_or(power);
    let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
    // Decimals as many as the step has, so that 3 * 0.1 is written as 0.3.
    let decimals = (-step.log10().floor()).clamp(0.0, 300.0) as usize;
    let all = (first..=last).map(move |n| n as f64 * step).map(move |at| (at, format!("{at:.decimals$}")));
    (step, all)
}

/// A horizontal axis over whole numbers, each with its own label where `label` gives one.
pub(super) fn places(name: String, range: (isize, isize), label: impl Fn(isize) -> Option<String>) -> Axis {
    let (from, to) = (range.0 as f64, range.1 as f64);
    let tick = |at: isize| Some(Tick { at: at as f64, label: label(at)? });
    Axis { label: name, from, to, ticks: (range.0..=range.1).filter_map(tick).collect(), downwards: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64) -> Vec<String> {
        heights("", [low, high].into_iter()).ticks.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_round_numbers() {
        assert_eq!(labels(0.0, 34.0), ["0", "10", "20", "30"]);
        assert_eq!(labels(-1.0, 1.0), ["-1.0", "-0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(labels(0.0, 5.0), ["0", "2", "4"]);
        assert_eq!(labels(0.0, 0.0), ["0.0", "0.5", "1.0"]);
    }

    #[test]
    fn ranges_hold_zero_and_every_height() {
        let axis = heights("", [3.0, -1.0].into_iter());
        assert!(axis.from < -1.0 && axis.to > 3.0);
        assert_eq!(heights("", [3.0].into_iter()).from, 0.0);
    }
}
