//! Functions, quotients and powers of signals, in closed form where there is one.

use std::sync::Arc;

use crate::{Error, Number, Result, complex::Complex};

use super::{
    Body, Piece, Signal,
    form::Form,
    open::{Function, Open},
    roots::{polynomial_at, roots},
    term::{Edges, MOST_POWER, Term},
};

/// Why a quotient has no value.
const BY_ZERO: &str = "a quotient has no value where it is divided by zero,";

impl Signal {
    /// `function(self)`. What has no value is said to be so at `column`.
    pub(crate) fn call(&self, function: Function, column: usize) -> Result<Signal> {
        if !self.impulses.is_empty() {
            let what = format!("{} of an impulse", function.name());
            return Err(Error::Impulse { what, instead: "add or multiply impulses by functions" });
        }
        self.piecewise(|piece| match piece.body {
            Body::Closed(form) => call_form(function, form, piece, column),
            Body::Open(open) => vec![(piece.from, Body::Open(Arc::new(Open::Call(function, open.clone()))))],
            Body::Undefined(..) => vec![(piece.from, piece.body.clone())],
        })
    }

    /// `self / other`.
    pub(crate) fn divided_by(&self, other: &Signal, column: usize) -> Result<Signal> {
        if let Some(constant) = other.as_constant().filter(|constant| !constant.is_zero()) {
            return Ok(self.scaled(Number::ONE / constant));
        }
        if !self.impulses.is_empty() || !other.impulses.is_empty() {
            let what = "a quotient of impulses".to_owned();
            return Err(Error::Impulse { what, instead: "divide impulses by numbers only" });
        }
        let inverse = other.piecewise(|piece| inverse(piece, column))?;
        Ok(self.combined(&inverse, quotient)?.merged())
    }

    /// `self ^ exponent`.
    pub(crate) fn power(&self, exponent: Number, column: usize) -> Result<Signal> {
        let whole = exponent.as_fraction().filter(|&(_, denominator)| denominator == 1).map(|(numerator, _)| numerator);
        match whole {
            Some(0) => return Ok(Signal::whole(Body::Closed(Form::constant(Number::ONE)))),
            Some(1) => return Ok(self.clone()),
            Some(negative @ ..0) => {
                let one = Signal::whole(Body::Closed(Form::constant(Number::ONE)));
                return one.divided_by(&self.power(Number::of(-(negative as f64)), column)?, column);
            }
            _ => {}
        }
        if !self.impulses.is_empty() {
            let what = "a power of an impulse".to_owned();
            return Err(Error::Impulse { what, instead: "add or multiply impulses by functions" });
        }
        self.piecewise(|piece| power_of_piece(piece, exponent, whole, column))
    }

    /// The value of a signal that is the same everywhere.
    pub(crate) fn as_constant(&self) -> Option<Number> {
        match (self.bodies.as_slice(), self.impulses.is_empty()) {
            ([Body::Closed(form)], true) => form.as_constant(),
            _ => None,
        }
    }

    /// With every piece replaced by others: a list of where each begins and what stands there.
    pub(crate) fn piecewise(&self, change: impl Fn(Piece<'_>) -> Vec<(Option<Number>, Body)>) -> Result<Signal> {
        let mut changed = Signal { breaks: Vec::new(), bodies: Vec::new(), impulses: Vec::new() };
        for (from, body) in self.pieces().flat_map(change) {
            changed.breaks.extend(from);
            changed.bodies.push(body);
        }
        // Counts the pieces.
        let zero = Signal::zero();
        Ok(changed.combined(&zero, |body, _| body.clone())?.merged())
    }
}

fn call_form(function: Function, form: &Form, piece: Piece<'_>, column: usize) -> Vec<(Option<Number>, Body)> {
    let polynomial = form.polynomial();
    let open = || Body::Open(Arc::new(Open::Call(function, Arc::new(Open::Form(form.clone())))));
    let one = |body: Body| vec![(piece.from, body)];
    match (function, polynomial.as_deref()) {
        (Function::Sqrt, Some(polynomial)) => by_sign(piece, polynomial, |sign| match sign {
            0 => Body::zero(),
            1 => match polynomial {
                [constant] => Body::Closed(Form::constant(constant.sqrt())),
                _ => open(),
            },
            _ => Body::Undefined("the square root of a negative number", column),
        })
        .unwrap_or_else(|| one(open())),
        (Function::Abs, Some(polynomial)) => by_sign(piece, polynomial, |sign| match sign {
            -1 => Body::Closed(form.map(|term| term.scaled(Number::whole(-1)))),
            _ => piece.body.clone(),
        })
        .unwrap_or_else(|| one(open())),
        (Function::Exp, Some(polynomial @ ([] | [_] | [_, _] | [_, _, _]))) => {
            one(exponential(polynomial).map_or_else(open, closed))
        }
        (_, Some([])) => one(closed(Form::constant(Number::near(function.at(0.0), 0.0)).exactly())),
        (Function::Cos, Some([b])) => one(closed(Form::constant(b.cos()))),
        (Function::Sin, Some([b])) => one(closed(Form::constant(b.sin()))),
        (_, Some([b])) => {
            let (value, error) = open().at(b.value(), 0.0);
            one(closed(Form::constant(Number::near(value, error + 4.0 * b.error_of_value() + f64::EPSILON))))
        }
        (Function::Cos, Some([b, a])) => one(closed(wave(*a, *b, Complex::ONE))),
        // sin x = Re(-i e^(i x))
        (Function::Sin, Some([b, a])) => one(closed(wave(*a, *b, Complex::new(Number::ZERO, Number::whole(-1))))),
        (Function::Erf | Function::Erfc, Some([b, a])) => one(closed(error_function(function, *a, *b))),
        _ => one(open()),
    }
}

fn closed(form: Form) -> Body {
    Body::Closed(form)
}

impl Form {
    /// A form whose numbers are whole, as rationals.
    fn exactly(self) -> Form {
        self.map(|term| match term.coefficient.re.value() {
            whole if whole.fract() == 0.0 => Term::monomial(Number::of(whole), 0),
            _ => term,
        })
    }
}

/// `e^(a + b t + c t²)`, unless `c` is above zero.
fn exponential(polynomial: &[Number]) -> Option<Form> {
    let term = match *polynomial {
        [] => Term::monomial(Number::ONE, 0),
        [a] => Term::monomial(a.exp(), 0),
        // About the place where the exponent is zero, so that nothing overflows that need not.
        [a, b] => Term::exponential(Complex::ONE, 0, b.into(), -a / b),
        [a, b, c] if c.sign() < 0 => {
            let centre = -b / (c * Number::whole(2));
            let height = a - b * b / (c * Number::whole(4));
            let flat = Term::exponential(height.exp().into(), 0, Complex::ZERO, centre);
            Term { sharpness: -c, ..flat }
        }
        _ => return None,
    };
    Some(Form { terms: vec![term] })
}

/// `Re(c e^(i (a t + b)))`.
fn wave(a: Number, b: Number, c: Complex) -> Form {
    let rate = Complex::new(Number::ZERO, a);
    // About the zero of the argument while that is a rational; else the phase is part of the coefficient.
    let origin = -b / a;
    let term = match origin.as_fraction() {
        Some(_) => Term::exponential(c, 0, rate, origin),
        None => Term::exponential(c * Complex::new(Number::ZERO, b).exp(), 0, rate, Number::ZERO),
    };
    Form { terms: vec![term] }
}

/// `erf(a t + b)` or `erfc(a t + b)`.
fn error_function(function: Function, a: Number, b: Number) -> Form {
    let (origin, zero) = (-b / a, Some(Number::ZERO));
    let plain = Term::exponential(Complex::ONE, 0, Complex::ZERO, origin);
    let (from_left, from_right) = ((zero, None), (None, zero));
    let bracket = |(upper, lower)| Term { edges: Some(Edges { slope: a.abs(), upper, lower }), ..plain };
    let terms = match (function, a.sign() < 0) {
        (Function::Erf, false) => vec![bracket(from_left), Term::monomial(Number::whole(-1), 0)],
        (Function::Erf, true) => vec![bracket(from_right), Term::monomial(Number::whole(-1), 0)],
        (_, false) => vec![bracket(from_right)],
        (_, true) => vec![bracket(from_left)],
    };
    Form { terms }
}

/// A piece divided at the roots of a polynomial, with what `body` gives for its sign on each part; `None` above degree two.
pub(super) fn by_sign(
    piece: Piece<'_>,
    polynomial: &[Number],
    body: impl Fn(i32) -> Body,
) -> Option<Vec<(Option<Number>, Body)>> {
    let inside = |root: &Number| piece.from.is_none_or(|from| from < *root) && piece.to.is_none_or(|to| *root < to);
    let cuts: Vec<Number> = roots(polynomial)?.into_iter().filter(inside).collect();
    let starts = std::iter::once(piece.from).chain(cuts.iter().copied().map(Some));
    let ends = cuts.iter().copied().map(Some).chain(std::iter::once(piece.to));
    let part = |(from, to): (Option<Number>, Option<Number>)| {
        // Beyond a cut by more than its own size, for 1 less than 1e40 is 1e40.
        let between = match (from, to) {
            (None, None) => Number::ZERO,
            (Some(from), None) => from + Number::ONE + from.abs(),
            (None, Some(to)) => to - Number::ONE - to.abs(),
            (Some(from), Some(to)) => (from + to) * Number::fraction(1, 2),
        };
        (from, body(polynomial_at(polynomial, between).sign()))
    };
    Some(starts.zip(ends).map(part).collect())
}

/// `1 / piece`, divided where it is zero, if that can be told.
fn inverse(piece: Piece<'_>, column: usize) -> Vec<(Option<Number>, Body)> {
    let one = Arc::new(Open::Form(Form::constant(Number::ONE)));
    let over = |body: &Body| Body::Open(Arc::new(Open::Quotient(one.clone(), body.open())));
    match piece.body {
        Body::Closed(form) => {
            if let [term] = form.terms.as_slice()
                && term.is_plain()
                && term.power == 0
                && term.rate.is_real()
                && !term.coefficient.is_zero()
            {
                let inverse = Term { coefficient: Complex::ONE / term.coefficient, rate: -term.rate, ..*term };
                return vec![(piece.from, Body::Closed(Form { terms: vec![inverse] }))];
            }
            let parts = form.polynomial().and_then(|polynomial| {
                by_sign(piece, &polynomial, |sign| match sign {
                    0 => Body::Undefined(BY_ZERO, column),
                    _ => over(piece.body),
                })
            });
            parts.unwrap_or_else(|| vec![(piece.from, over(piece.body))])
        }
        Body::Open(_) => vec![(piece.from, over(piece.body))],
        Body::Undefined(..) => vec![(piece.from, piece.body.clone())],
    }
}

/// A numerator by the inverse of a denominator; zero divided by zero stays without a value, zero divided by all else is zero.
fn quotient(numerator: &Body, inverse: &Body) -> Body {
    match (inverse, numerator) {
        (Body::Open(open), _) if !numerator.is_zero() => match open.as_ref() {
            Open::Quotient(_, denominator) => {
                Body::Open(Arc::new(Open::Quotient(numerator.open(), denominator.clone())))
            }
            _ => numerator.times(inverse),
        },
        (Body::Undefined(BY_ZERO, _), _) => inverse.clone(),
        _ => numerator.times(inverse),
    }
}

fn power_of_piece(
    piece: Piece<'_>,
    exponent: Number,
    whole: Option<i128>,
    column: usize,
) -> Vec<(Option<Number>, Body)> {
    let open = || Body::Open(Arc::new(Open::Power(piece.body.open(), exponent)));
    let Body::Closed(form) = piece.body else {
        let undefined = matches!(piece.body, Body::Undefined(..));
        return vec![(piece.from, if undefined { piece.body.clone() } else { open() })];
    };
    if let Some(n @ 0..=32) = whole {
        let home = piece.from.or(piece.to).unwrap_or(Number::ZERO);
        let product = (1..n).try_fold(form.clone(), |product, _| {
            Some(product.times(form)?.settled(home)).filter(|product| product.is_finite())
        });
        let within = |form: &Form| form.terms.iter().all(|term| term.power <= MOST_POWER);
        return vec![(piece.from, product.filter(within).map_or_else(open, Body::Closed))];
    }
    if whole.is_some() {
        return vec![(piece.from, open())];
    }
    let by_sign = form.polynomial().and_then(|polynomial| {
        by_sign(piece, &polynomial, |sign| match (sign, exponent.sign(), polynomial.as_slice()) {
            (-1, ..) => Body::Undefined("a fractional power of a negative number", column),
            (0, 1, _) => Body::zero(),
            (0, ..) => Body::Undefined("a negative power of zero", column),
            (_, _, [constant]) => Body::Closed(Form::constant((constant.ln() * exponent).exp())),
            _ => open(),
        })
    });
    by_sign.unwrap_or_else(|| vec![(piece.from, open())])
}

#[cfg(test)]
mod tests {
    use crate::Signal;

    #[test]
    fn signs_are_found_however_far_away_they_change() {
        for text in
            ["rect(t/1e38)", "rect(1e-40*t)", "rect(t/1e150)", "if(1e-200*t < 1, 1, 0)", "if(-1e-200*t < 1, 1, 0)"]
        {
            let signal: Signal = text.parse().unwrap();
            assert_eq!(signal.at(1.0), 1.0, "{text}");
        }
    }
}
