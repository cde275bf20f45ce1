//! Laws that hold whatever the signals: commutative, linear, associative, shift, impulse, area, turned time; and that values,
//! quadrature and printed formulas agree. Every comparison is within the bounds that are told, and these are small.

use faltung_continuous::{
    Method, Number, Signal, Value, convolve,
    quadrature::{Panels, Point, integral},
};
use proptest::{collection::vec, prelude::*, test_runner::RngSeed};

/// The highest frequency of what is drawn here.
const FREQUENCY: f64 = 10.0;

fn signal(text: &str) -> Signal {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn tenths(from: i64, to: i64) -> impl Strategy<Value = String> {
    (from..=to).prop_map(|n| format!("({n}/10)"))
}

/// A polynomial, some with an exponential, some with waves.
fn shape() -> impl Strategy<Value = String> {
    let polynomial = vec(tenths(-20, 20), 1..4).prop_map(|coefficients| {
        let powers = coefficients.iter().enumerate().map(|(n, c)| format!("{c}*t^{n}"));
        format!("({})", powers.collect::<Vec<_>>().join(" + "))
    });
    let growth = prop_oneof![Just("1".to_owned()), tenths(-20, 20).prop_map(|rate| format!("exp({rate}*t)"))];
    let wave = prop_oneof![
        Just("1".to_owned()),
        tenths(1, 50).prop_map(|w| format!("sin({w}*t)")),
        tenths(1, 50).prop_map(|w| format!("cos({w}*t)")),
    ];
    (polynomial, growth, wave).prop_map(|(polynomial, growth, wave)| format!("{polynomial}*{growth}*{wave}"))
}

/// Between two places.
fn window() -> impl Strategy<Value = String> {
    (shape(), -30i64..20, 1i64..40)
        .prop_map(|(shape, from, length)| format!("if({from}/10 <= t < {}/10, {shape}, 0)", from + length))
}

/// From a place on, or on all of the line; falling.
fn tail() -> impl Strategy<Value = String> {
    let wave = prop_oneof![Just("1".to_owned()), tenths(1, 50).prop_map(|w| format!("sin({w}*t)"))];
    let power = prop_oneof![Just("1"), Just("t"), Just("t^2")];
    let begun = (tenths(3, 30), wave, power, tenths(-20, 20))
        .prop_map(|(rate, wave, power, from)| format!("exp(-{rate}*(t - {from}))*{wave}*{power}*step(t - {from})"));
    let both = (tenths(3, 30), tenths(-20, 20)).prop_map(|(rate, at)| format!("exp(-{rate}*abs(t - {at}))"));
    prop_oneof![begun, both]
}

fn bell() -> impl Strategy<Value = String> {
    (tenths(3, 20), tenths(-20, 20)).prop_map(|(sharpness, at)| format!("gauss({sharpness}*(t - {at}))"))
}

fn impulse() -> impl Strategy<Value = String> {
    (tenths(-20, 20), tenths(-30, 30)).prop_map(|(weight, at)| format!("{weight}*delta(t - {at})"))
}

/// A signal that is shown as it was written.
struct Drawn(String, Signal);

impl std::fmt::Debug for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::ops::Deref for Drawn {
    type Target = Signal;

    fn deref(&self) -> &Signal {
        &self.1
    }
}

/// One or two of these.
fn sum(part: impl Strategy<Value = String> + Clone) -> impl Strategy<Value = Drawn> {
    vec(part, 1..3).prop_map(|parts| parts.join(" + ")).prop_map(|text| Drawn(text.clone(), signal(&text)))
}

fn without_bells() -> impl Strategy<Value = Drawn> {
    sum(prop_oneof![3 => window(), 2 => tail(), 1 => impulse()].boxed())
}

fn any() -> impl Strategy<Value = Drawn> {
    sum(prop_oneof![4 => window(), 2 => tail(), 1 => impulse(), 1 => bell()].boxed())
}

/// Places that are no breakpoint of any sum of tenths: odd multiples of a sixty-fourth.
fn place() -> impl Strategy<Value = f64> {
    (-200i32..200).prop_map(|k| f64::from(2 * k + 1) / 64.0)
}

fn at(f: &Signal, g: &Signal, t: f64) -> Value {
    let result = convolve(f, g).unwrap_or_else(|error| panic!("{f} with {g}: {error}"));
    result.at(t).unwrap_or_else(|error| panic!("{f} with {g}: {error}"))
}

fn agree(a: Value, b: Value) -> Result<(), TestCaseError> {
    let off = (a.value - b.value).abs();
    prop_assert!(off <= a.bound + b.bound, "{a:?} and {b:?} are {off:e} apart");
    Ok(())
}

/// The integral over the line, impulses among it.
fn area(signal: &Signal) -> Value {
    let mut places = vec![f64::NEG_INFINITY, f64::INFINITY];
    places.extend(signal.breakpoints().iter().map(|at| at.value()));
    places.extend((-8..=8).map(f64::from));
    places.sort_by(f64::total_cmp);
    places.dedup();
    let value = |point: Point| {
        let (value, bound) = signal.value(point.u());
        // The place is rounded; what is integrated here changes by less than ten times its size within one.
        (value, bound + 10.0 * f64::EPSILON * point.u().abs() * value.abs())
    };
    let found = integral(value, &Panels { places, frequency: FREQUENCY });
    let found = found.unwrap_or_else(|reached| panic!("the area of {signal} was found to {reached:e} only"));
    let weights: f64 = signal.impulses().iter().map(|impulse| impulse.weight.value()).sum();
    Value { value: found.value + weights, bound: found.bound + 1e-15 * weights.abs() }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 150, failure_persistence: None, rng_seed: RngSeed::Fixed(5), ..ProptestConfig::default()
    })]

    #[test]
    fn bounds_are_small(f in without_bells(), g in without_bells(), t in place()) {
        let result = convolve(&f, &g).unwrap();
        let size = |t: f64| result.at(t).unwrap().value.abs();
        let largest = (-40..40).map(|k| size(f64::from(k) / 4.0)).fold(size(t), f64::max);
        let found = result.at(t).unwrap();
        prop_assert!(found.bound <= 1e-9 * largest.max(1e-6), "{found:?} of {largest:e}");
    }

    #[test]
    fn it_does_not_matter_which_is_first(f in any(), g in any(), t in place()) {
        agree(at(&f, &g, t), at(&g, &f, t))?;
    }

    #[test]
    fn it_is_linear(f in any(), g in any(), h in any(), times in -30i64..30, t in place()) {
        let factor = Number::fraction(times, 10);
        let sum = f.scaled(factor).plus(&g).unwrap();
        let (a, b) = (at(&f, &h, t), at(&g, &h, t));
        let factor = factor.value();
        let value = factor * a.value + b.value;
        let size = (factor * a.value).abs() + b.value.abs();
        agree(at(&sum, &h, t), Value { value, bound: factor.abs() * a.bound + b.bound + 1e-15 * size })?;
    }

    #[test]
    fn a_shift_of_either_shifts_the_result(f in any(), g in any(), eighths in -40i64..40, t in place()) {
        let d = Number::fraction(eighths, 8);
        let expected = at(&f, &g, t - d.value());
        agree(at(&f.shifted(d), &g, t), expected)?;
        agree(at(&f, &g.shifted(d), t), expected)?;
    }

    #[test]
    fn an_impulse_picks_the_signal_itself(f in any(), weight in 1i64..9, tenths in -30i64..30, t in place()) {
        let (weight, d) = (Number::whole(weight), Number::fraction(tenths, 10));
        let result = convolve(&f, &Signal::impulse(d, weight)).unwrap();
        prop_assert_eq!(result.method(), Method::Exact);
        let (value, bound) = f.shifted(d).scaled(weight).value(t);
        agree(result.at(t).unwrap(), Value { value, bound })?;
        let same = convolve(&Signal::impulse(Number::ZERO, Number::ONE), &f).unwrap();
        prop_assert_eq!(same.formula().unwrap().to_string(), f.1.to_string());
    }

    #[test]
    fn time_may_be_turned_round(f in any(), g in any(), t in place()) {
        let turned = |signal: &Signal| signal.stretched(Number::whole(-1)).unwrap();
        agree(at(&turned(&f), &turned(&g), -t), at(&f, &g, t))?;
    }

    #[test]
    fn time_may_be_stretched(f in any(), g in any(), times in 1u8..4, t in place()) {
        // f(a t) with g(a t) is (f*g)(a t) / a.
        let a = f64::from(1 << times);
        let factor = Number::of(a);
        let stretched = |signal: &Signal| signal.stretched(factor).unwrap();
        let whole = at(&f, &g, t * a);
        let expected = Value { value: whole.value / a, bound: whole.bound / a };
        agree(at(&stretched(&f), &stretched(&g), t), expected)?;
    }

    #[test]
    fn the_area_of_the_result_is_the_product_of_areas(f in without_bells(), g in without_bells()) {
        let result = convolve(&f, &g).unwrap();
        let (a, b) = (area(&f), area(&g));
        let bound = a.value.abs() * b.bound + b.value.abs() * a.bound + a.bound * b.bound;
        agree(area(result.formula().expect("a formula")), Value { value: a.value * b.value, bound })?;
    }

    #[test]
    fn formulas_are_what_quadrature_finds(f in any(), g in any(), t in place()) {
        let result = convolve(&f, &g).unwrap();
        let trace = result.trace(t).unwrap_or_else(|error| panic!("{f:?} with {g:?} at {t}: {error}"));
        let mut sum = Value { value: 0.0, bound: 0.0 };
        for overlap in &trace.overlaps {
            sum = Value { value: sum.value + overlap.integral.value, bound: sum.bound + overlap.integral.bound };
        }
        for term in &trace.terms {
            let value = term.weight * term.factor;
            // τ is rounded, and signals here change by less than 100 times their size.
            sum = Value { value: sum.value + value, bound: sum.bound + 100.0 * f64::EPSILON * (1.0 + t.abs()) * value.abs() };
        }
        agree(trace.value, sum)?;
    }

    #[test]
    fn printed_formulas_read_back(f in any(), g in any(), t in place()) {
        let text = f.1.to_string();
        let again = signal(&text);
        let value = |signal: &Signal| { let (value, bound) = signal.value(t); Value { value, bound } };
        agree(value(&f), value(&again))?;
        prop_assert_eq!(f.impulses(), again.impulses());
        if let Some(formula) = convolve(&f, &g).unwrap().formula() {
            let text = formula.to_string();
            prop_assume!(text.len() <= 8000); // As long as an expression may be.
            let again: Signal = text.parse().unwrap_or_else(|error| panic!("{error}"));
            agree(value(formula), value(&again))?;
            prop_assert_eq!(formula.impulses().len(), again.impulses().len());
        }
    }
}

proptest! {
    // The second convolution is one of long formulas.
    #![proptest_config(ProptestConfig {
        cases: 40, failure_persistence: None, rng_seed: RngSeed::Fixed(6), ..ProptestConfig::default()
    })]

    #[test]
    fn it_does_not_matter_which_two_come_first(f in without_bells(), g in without_bells(), h in without_bells(), t in place()) {
        // Of formulas: two of many terms are left to quadrature.
        let both = |f: &Signal, g: &Signal| convolve(f, g).unwrap().formula().expect("a formula").clone();
        agree(at(&both(&f, &g), &h, t), at(&f, &both(&g, &h), t))?;
    }
}
