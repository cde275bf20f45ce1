//! Open forms: functions without a closed form here, such as `sqrt(t)` or `sinc(t)`.
//!
//! They are kept as they were written and evaluated point by point; what is integrated of them is integrated by quadrature.
//! A bound on how they fall or grow towards infinity is kept with them ([`super::tail`]), since points alone cannot tell whether
//! an integral exists.

use std::sync::Arc;

use crate::Number;

use super::form::Form;

/// A function that is evaluated, not transformed.
#[derive(Clone, Debug)]
pub(crate) enum Open {
    Form(Form),
    Sum(Arc<Open>, Arc<Open>),
    Product(Arc<Open>, Arc<Open>),
    Quotient(Arc<Open>, Arc<Open>),
    Power(Arc<Open>, Number),
    Call(Function, Arc<Open>),
}

/// Functions that may lead out of the closed forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Exp,
    Cos,
    Sin,
    Sqrt,
    Abs,
    Sinc,
    Erf,
    Erfc,
}

impl Function {
    pub(crate) fn at(self, x: f64) -> f64 {
        match self {
            Function::Exp => x.exp(),
            Function::Cos => x.cos(),
            Function::Sin => x.sin(),
            Function::Sqrt => x.sqrt(),
            Function::Abs => x.abs(),
            Function::Sinc => sinc(x),
            Function::Erf => libm::erf(x),
            Function::Erfc => libm::erfc(x),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Function::Exp => "exp",
            Function::Cos => "cos",
            Function::Sin => "sin",
            Function::Sqrt => "sqrt",
            Function::Abs => "abs",
            Function::Sinc => "sinc",
            Function::Erf => "erf",
            Function::Erfc => "erfc",
        }
    }

    /// How far the value may be off if `x` is off by `e`: by the largest slope in between, and by no more than the range.
    fn off(self, x: f64, e: f64) -> f64 {
        match self {
            Function::Exp => x.exp() * e.exp_m1(),
            Function::Sqrt => power_off(x, e, 0.5),
            Function::Abs => e,
            Function::Cos | Function::Sin => e.min(2.0),
            Function::Erf | Function::Erfc => (1.2 * e).min(2.0),
            Function::Sinc => {
                let nearest = (x.abs() - e).max(0.0);
                (2.0 * e).min(2.0 / nearest).min(2.0).min(2.0 * e / nearest)
            }
        }
    }
}

/// How far `x^p` is off if `x` is off by `e`: by the largest slope in between, and for roots by no more than `e^p`.
fn power_off(x: f64, e: f64, p: f64) -> f64 {
    if e == 0.0 {
        return 0.0;
    }
    let steepest = if p >= 1.0 { x.abs() + e } else { (x.abs() - e).max(0.0) };
    let off = (p * steepest.powf(p - 1.0)).abs() * e;
    if (0.0..1.0).contains(&p) { off.min(e.powf(p)) } else { off }
}

/// `sin(π x) / (π x)`, and 1 at 0.
fn sinc(x: f64) -> f64 {
    let y = std::f64::consts::PI * x;
    if y.abs() < 1e-4 { 1.0 - y * y / 6.0 } else { y.sin() / y }
}

impl Open {
    /// Value at `t`, which is known to within `off`, and a bound on its error; not a number where the function has no value.
    pub(crate) fn at(&self, t: f64, off: f64) -> (f64, f64) {
        let rounded = |value: f64, error: f64| (value, error + 2.0 * f64::EPSILON * value.abs());
        match self {
            Open::Form(form) => form.at(t, off),
            Open::Sum(a, b) => {
                let ((a, e), (b, f)) = (a.at(t, off), b.at(t, off));
                rounded(a + b, e + f)
            }
            Open::Product(a, b) => {
                let ((a, e), (b, f)) = (a.at(t, off), b.at(t, off));
                rounded(a * b, a.abs() * f + b.abs() * e + e * f)
            }
            Open::Quotient(a, b) => {
                let ((a, e), (b, f)) = (a.at(t, off), b.at(t, off));
                let least = (b.abs() - f).max(0.0);
                rounded(a / b, (e + (a / b).abs() * f) / least)
            }
            Open::Power(base, exponent) => {
                let ((x, e), p) = (base.at(t, off), exponent.value());
                let value = x.powf(p);
                let inexact = if x > 0.0 { (value * x.ln()).abs() * exponent.error_of_value() } else { 0.0 };
                rounded(value, power_off(x, e, p) + inexact)
            }
            Open::Call(function, inner) => {
                let (x, e) = inner.at(t, off);
                rounded(function.at(x), function.off(x, e))
            }
        }
    }

    /// How many operations are done upon one another.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Open::Form(_) => 0,
            Open::Sum(a, b) | Open::Product(a, b) | Open::Quotient(a, b) => 1 + a.depth().max(b.depth()),
            Open::Power(inner, _) | Open::Call(_, inner) => 1 + inner.depth(),
        }
    }

    /// The function of `scale * t + shift`.
    pub(crate) fn affine(&self, scale: Number, shift: Number) -> Open {
        let inside = |open: &Arc<Open>| Arc::new(open.affine(scale, shift));
        match self {
            // About zero, where `t + 1.7` from -1.7 on is nothing but `t`, and so is known as well as `t` is.
            Open::Form(form) => {
                Open::Form(form.map(|term| term.shifted(-shift).stretched(scale)).settled(Number::ZERO))
            }
            Open::Sum(a, b) => Open::Sum(inside(a), inside(b)),
            Open::Product(a, b) => Open::Product(inside(a), inside(b)),
            Open::Quotient(a, b) => Open::Quotient(inside(a), inside(b)),
            Open::Power(base, exponent) => Open::Power(inside(base), *exponent),
            Open::Call(function, inner) => Open::Call(*function, inside(inner)),
        }
    }

    /// The shortest length on which the function is likely to change, where that is known: for panels of quadrature.
    pub(crate) fn frequency(&self) -> f64 {
        match self {
            Open::Form(form) => form.frequency(),
            Open::Sum(a, b) | Open::Quotient(a, b) => a.frequency().max(b.frequency()),
            Open::Product(a, b) => a.frequency() + b.frequency(),
            Open::Power(inner, _) => inner.frequency(),
            Open::Call(function, inner) => {
                let speed = match inner.as_ref() {
                    Open::Form(form) => form.speed(),
                    _ => 0.0,
                };
                let turns = match function {
                    Function::Cos | Function::Sin => speed,
                    Function::Sinc => speed * std::f64::consts::PI,
                    _ => 0.0,
                };
                inner.frequency().max(turns)
            }
        }
    }

    /// Places about which the function changes fast.
    pub(crate) fn landmarks(&self, found: &mut Vec<f64>) {
        match self {
            Open::Form(form) => form.landmarks(found),
            Open::Sum(a, b) | Open::Quotient(a, b) | Open::Product(a, b) => {
                a.landmarks(found);
                b.landmarks(found);
            }
            Open::Power(inner, _) => inner.landmarks(found),
            Open::Call(_, inner) => {
                inner.landmarks(found);
                if let Open::Form(form) = inner.as_ref() {
                    found.extend(form.turning_points());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Signal;

    #[test]
    fn powers_of_negative_values_have_bounds() {
        let square: Signal = "sinc(t)^2*rect(t/10)".parse().unwrap();
        let (value, bound) = square.value(1.5);
        let expected = (1.0 / (1.5 * std::f64::consts::PI)).powi(2);
        assert!((value - expected).abs() <= bound && bound < 1e-14, "{value} within {bound}");
    }

    #[test]
    fn roots_are_known_at_zero() {
        let root: Signal = "sqrt(t)*step(t)".parse().unwrap();
        assert_eq!(root.value(0.0), (0.0, 0.0));
    }

    #[test]
    fn powers_are_off_by_no_more_than_told() {
        for p in [-1.5, -0.4, 0.3, 0.5, 1.0, 2.5, 3.0] {
            for x in [0.0, 1e-9, 0.1, 2.0] {
                for e in [0.0, 1e-10, 1e-3, 0.5] {
                    let told = power_off(x, e, p) * (1.0 + 1e-9) + 1e-15 * f64::powf(x, p);
                    let off = (f64::powf(x + e, p) - f64::powf(x, p)).abs();
                    assert!(off <= told || p < 0.0 && x <= e, "({x} + {e})^{p} is off by {off}, not {told}");
                }
            }
        }
    }
}
