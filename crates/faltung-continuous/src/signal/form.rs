//! Forms: sums of terms, as they stand on one piece of a signal.

use crate::Number;

use super::term::{Edges, Term};

/// A sum of terms; nothing if there are none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    pub(crate) terms: Vec<Term>,
}

/// The most terms that a form may have.
pub(crate) const MOST_TERMS: usize = 200;

impl Form {
    pub(crate) fn constant(value: Number) -> Form {
        Form { terms: vec![Term::monomial(value, 0)] }.pruned()
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.terms.iter().all(|term| term.coefficient.is_zero())
    }

    pub(crate) fn is_polynomial(&self) -> bool {
        self.terms.iter().all(Term::is_polynomial)
    }

    pub(crate) fn is_finite(&self) -> bool {
        self.terms.iter().all(|term| term.coefficient.is_finite() && term.rate.is_finite() && term.origin.is_finite())
    }

    /// Coefficients of the powers of `t`, lowest first and without zeros at the end, if the form is a polynomial.
    pub(crate) fn polynomial(&self) -> Option<Vec<Number>> {
        if !self.is_polynomial() {
            return None;
        }
        let mut coefficients = Vec::new();
        for term in self.terms.iter().flat_map(|term| term.about(Number::ZERO)) {
            let power = term.power as usize;
            coefficients.resize(coefficients.len().max(power + 1), Number::ZERO);
            coefficients[power] = coefficients[power] + term.coefficient.re;
        }
        while coefficients.last().is_some_and(|last| last.is_zero()) {
            coefficients.pop();
        }
        Some(coefficients)
    }

    /// The value of a form that is the same everywhere.
    pub(crate) fn as_constant(&self) -> Option<Number> {
        match self.polynomial()?.as_slice() {
            [] => Some(Number::ZERO),
            [value] => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn plus(&self, other: &Form) -> Form {
        Form { terms: self.terms.iter().chain(&other.terms).copied().collect() }
    }

    /// The product, if it is a sum of terms and not of too many.
    pub(crate) fn times(&self, other: &Form) -> Option<Form> {
        if self.terms.len() * other.terms.len() > MOST_TERMS {
            return None;
        }
        let mut terms = Vec::new();
        for a in &self.terms {
            for b in &other.terms {
                terms.extend(a.product(b)?);
            }
        }
        Some(Form { terms })
    }

    pub(crate) fn map(&self, change: impl Fn(Term) -> Term) -> Form {
        Form { terms: self.terms.iter().copied().map(change).collect() }
    }

    /// With all terms about their natural origin, those of a kind added up, and in a fixed order.
    pub(crate) fn settled(&self, home: Number) -> Form {
        // Before and after, since each of a kind is many terms about another origin.
        let gathered = gathered(self.terms.iter().copied());
        let settled = gathered.iter().flat_map(|term| term.settled(home));
        let form = Form { terms: self::gathered(settled) }.joined().pruned();
        let mut terms = form.terms;
        let order = |a: &Term, b: &Term| {
            let key = |t: &Term| (t.edges.is_some(), t.is_gaussian());
            let number = |a: Number, b: Number| a.value().total_cmp(&b.value());
            key(a)
                .cmp(&key(b))
                .then(number(b.rate.re, a.rate.re))
                .then(number(a.rate.im, b.rate.im))
                .then(number(a.origin, b.origin))
                .then(a.power.cmp(&b.power))
        };
        terms.sort_by(order);
        Form { terms }
    }

    /// Differences of error functions that share an end, as one difference.
    fn joined(mut self) -> Form {
        let mut at = 0;
        while at < self.terms.len() {
            let partner = (at + 1..self.terms.len()).find_map(|k| Some((k, chain(&self.terms[at], &self.terms[k])?)));
            match partner {
                Some((k, joined)) => {
                    self.terms[at] = joined;
                    self.terms.remove(k);
                }
                None => at += 1,
            }
        }
        self
    }

    /// Without terms that are exactly zero. Those that are zero within a bound stay, for the sake of the bound.
    fn pruned(mut self) -> Form {
        self.terms.retain(|term| !term.coefficient.is_exactly_zero());
        self
    }

    /// Value at `t`, which is known to within `off`, and a bound on its error.
    pub(crate) fn at(&self, t: f64, off: f64) -> (f64, f64) {
        let (mut value, mut error) = (0.0, 0.0);
        for term in &self.terms {
            let (part, part_error) = term.at(t, off);
            value += part;
            error += part_error + f64::EPSILON * part.abs().max(value.abs());
        }
        (value, error)
    }
}

/// Those of a kind added up.
fn gathered(terms: impl Iterator<Item = Term>) -> Vec<Term> {
    let mut kept: Vec<Term> = Vec::new();
    for term in terms {
        match kept.iter_mut().find(|other| of_a_kind(other, &term)) {
            Some(other) => other.coefficient = other.coefficient + term.coefficient,
            None => kept.push(term),
        }
    }
    kept
}

/// Whether terms differ in their coefficients only.
fn of_a_kind(a: &Term, b: &Term) -> bool {
    a.power == b.power
        && a.origin == b.origin
        && a.rate == b.rate
        && a.is_gaussian() == b.is_gaussian()
        && a.sharpness == b.sharpness
        && a.edges == b.edges
}

/// `c (erf(x) + 1) - c (erf(y) + 1)` or `c (1 - erf(y)) - c (1 - erf(x))` as `c (erf(x) - erf(y))`, which does not cancel.
fn chain(a: &Term, b: &Term) -> Option<Term> {
    let first = a.edges?;
    if a.power != 0 || b.power != 0 || a.rate != b.rate {
        return None;
    }
    let b = b.about(a.origin)[0];
    let second = b.edges?;
    if first.slope != second.slope || !(a.coefficient + b.coefficient).is_zero() {
        return None;
    }
    let edges = match (first, second) {
        (Edges { lower: None, upper, .. }, Edges { lower: None, upper: lower, .. }) => Edges { upper, lower, ..first },
        (Edges { upper: None, lower, .. }, Edges { upper: None, lower: upper, .. }) => Edges { upper, lower, ..first },
        _ => return None,
    };
    Some(Term { edges: Some(edges), ..*a })
}
