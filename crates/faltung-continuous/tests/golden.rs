//! Convolutions whose values are known to 25 digits: `golden/continuous.py` wrote them, from formulas and by mpmath's quadrature.

use std::path::Path;

use faltung_continuous::{Convolution, Method, Signal, convolve};

struct Case<'a> {
    kind: &'a str,
    f: &'a str,
    g: &'a str,
    /// Places and weights.
    impulses: Vec<(f64, f64)>,
    places: Vec<Place>,
}

struct Place {
    t: f64,
    value: f64,
    /// The integral of the absolute value.
    size: f64,
}

impl Case<'_> {
    fn convolved(&self) -> Convolution {
        let read = |text: &str| text.parse::<Signal>().unwrap_or_else(|error| panic!("{error}"));
        convolve(&read(self.f), &read(self.g)).unwrap_or_else(|error| panic!("{self}: {error}"))
    }
}

impl std::fmt::Display for Case<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} with {}", self.f, self.g)
    }
}

fn stored() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/continuous.txt");
    std::fs::read_to_string(path).expect("golden/continuous.txt is part of the repository")
}

fn cases<'a>(text: &'a str, kind: &str) -> Vec<Case<'a>> {
    let numbers = |line: &str| -> Vec<f64> { line.split(' ').map(|word| word.parse().unwrap()).collect() };
    let case = |block: &'a str| {
        let lines: Vec<&str> = block.lines().collect();
        let (impulses, places): (Vec<&str>, Vec<&str>) = lines[3..].iter().partition(|line| line.starts_with("delta"));
        let impulse = |line: &&str| (numbers(&line[6..])[0], numbers(&line[6..])[1]);
        let place = |line: &&str| Place { t: numbers(line)[0], value: numbers(line)[1], size: numbers(line)[2] };
        Case {
            kind: lines[0],
            f: lines[1],
            g: lines[2],
            impulses: impulses.iter().map(impulse).collect(),
            places: places.iter().map(place).collect(),
        }
    };
    text.split("\n\n").filter(|block| !block.trim().is_empty()).map(case).filter(|case| case.kind == kind).collect()
}

#[test]
fn what_has_a_formula_is_found_exactly() {
    let text = stored();
    let cases = cases(&text, "closed");
    let mut failures = Vec::new();
    for case in &cases {
        // Sines of nearly one frequency that never fade: the formula is a difference divided by the small difference of squares.
        let loss = if case.g.contains("1.000001*t") { 1e4 } else { 1.0 };
        let largest = case.places.iter().map(|place| place.size).fold(0.0, f64::max);
        let result = case.convolved();
        if result.method() != Method::Exact {
            failures.push(format!("{case}: no formula"));
        }
        let impulses: Vec<_> = result.impulses().iter().map(|i| (i.at.value(), i.weight.value())).collect();
        assert_eq!(impulses, case.impulses, "{case}");
        for &Place { t, value, .. } in &case.places {
            let found = result.at(t).unwrap_or_else(|error| panic!("{case} at {t}: {error}"));
            let off = (found.value - value).abs();
            if off > found.bound {
                failures.push(format!("{case} at {t}: {value:e} expected, off by {off:e}, beyond {found:?}"));
            }
            // Near the ends of the support a formula is as precise as its largest value, not as the small one that is left.
            if found.bound > loss * 1e-12 * largest {
                failures.push(format!("{case} at {t}: {found:?} is off by {off:e}, of at most {largest:e}"));
            }
        }
    }
    assert!(cases.len() >= 60, "{} cases", cases.len());
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn printed_formulas_read_back_as_the_same_functions() {
    let text = stored();
    for case in cases(&text, "closed") {
        let result = case.convolved();
        let formula = result.formula().expect("a formula");
        let again: Signal = formula.to_string().parse().unwrap_or_else(|error| panic!("{case}: {error}"));
        let largest = case.places.iter().map(|place| place.size).fold(0.0, f64::max);
        for &Place { t, .. } in &case.places {
            let (ours, theirs) = (formula.at(t), again.at(t));
            assert!((ours - theirs).abs() <= 1e-9 * largest, "{case} at {t}: {ours}, but {theirs} from {formula}");
        }
        assert_eq!(formula.impulses(), again.impulses(), "{case}");
    }
}

/// Beside the integrals of the absolute value the bounds of quadrature have a median of 7e-14, and the largest is 2e-10.
#[test]
fn what_has_no_formula_is_within_its_bound() {
    let text = stored();
    let cases = cases(&text, "open");
    let (mut failures, mut bounds) = (Vec::new(), Vec::new());
    for case in &cases {
        let result = case.convolved();
        for &Place { t, value, size } in &case.places {
            let found = result.at(t).unwrap_or_else(|error| panic!("{case} at {t}: {error}"));
            let off = (found.value - value).abs();
            if off > found.bound {
                failures.push(format!("{case} at {t}: {value:e} expected, off by {off:e}, beyond {found:?}"));
            }
            // A few have a formula after all.
            if result.method() == Method::Quadrature {
                bounds.push(found.bound / size);
            }
        }
    }
    bounds.sort_by(f64::total_cmp);
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
    assert_eq!(cases.len(), 200);
    assert!(bounds.len() >= 250 && bounds[bounds.len() - 1] < 1e-7, "{} by quadrature", bounds.len());
    assert!(bounds[bounds.len() / 2] < 2e-13, "{:e}", bounds[bounds.len() / 2]);
}
