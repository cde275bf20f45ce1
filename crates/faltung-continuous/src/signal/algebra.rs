//! Sums, products, shifts and stretches of signals, piece by piece.

use std::sync::Arc;

use crate::{Error, Number, Result};

use super::{Body, Impulse, MOST_PIECES, Signal, form::Form, open::Open};

impl Signal {
    /// `self + other`.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for more pieces than are handled.
    pub fn plus(&self, other: &Signal) -> Result<Signal> {
        let mut sum = self.combined(other, Body::plus)?;
        sum.impulses = self.impulses.iter().chain(&other.impulses).copied().collect();
        Ok(sum.merged())
    }

    /// `self - other`.
    ///
    /// # Errors
    /// As [`plus`](Self::plus).
    pub fn minus(&self, other: &Signal) -> Result<Signal> {
        self.plus(&other.scaled(Number::whole(-1)))
    }

    /// The product at each place. An impulse times a function that is continuous there has the function's value as weight.
    ///
    /// # Errors
    /// [`Error::Impulse`] for two impulses at one place, or one where the other signal jumps or is infinite.
    ///
    /// ```
    /// use faltung_continuous::Signal;
    ///
    /// let (line, impulse): (Signal, Signal) = ("3*t".parse()?, "delta(t - 2)".parse()?);
    /// assert_eq!(line.times(&impulse)?.to_string(), "6*delta(t - 2)");
    /// # Ok::<(), faltung_continuous::Error>(())
    /// ```
    pub fn times(&self, other: &Signal) -> Result<Signal> {
        let mut product = self.combined(other, Body::times)?;
        product.impulses = [self.weighted_by(other)?, other.weighted_by(self)?].concat();
        Ok(product.merged())
    }

    /// The sum of many signals, two halves at a time.
    pub(crate) fn total(signals: &[Signal]) -> Result<Signal> {
        match signals {
            [] => Ok(Signal::zero()),
            [one] => Ok(one.clone()),
            several => {
                let (first, second) = several.split_at(several.len() / 2);
                Signal::total(first)?.plus(&Signal::total(second)?)
            }
        }
    }

    /// Every value and weight times `factor`.
    pub fn scaled(&self, factor: Number) -> Signal {
        let constant = Body::Closed(Form::constant(factor));
        let weighted = |impulse: &Impulse| Impulse { weight: impulse.weight * factor, ..*impulse };
        Signal {
            breaks: self.breaks.clone(),
            bodies: self.bodies.iter().map(|body| body.times(&constant)).collect(),
            impulses: self.impulses.iter().map(weighted).collect(),
        }
        .merged()
    }

    /// The signal `d` later: its value at `t` is the old one at `t - d`.
    pub fn shifted(&self, d: Number) -> Signal {
        let moved = |impulse: &Impulse| Impulse { at: impulse.at + d, ..*impulse };
        Signal {
            breaks: self.breaks.iter().map(|&at| at + d).collect(),
            bodies: self.bodies.iter().map(|body| body.shifted(d)).collect(),
            impulses: self.impulses.iter().map(moved).collect(),
        }
        .merged()
    }

    /// The signal at `factor` times the time: its value at `t` is the old one at `factor * t`. An impulse has its weight divided by
    /// the size of the factor. A factor of -1 turns the signal round.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a factor of zero.
    pub fn stretched(&self, factor: Number) -> Result<Signal> {
        if factor.is_zero() || !factor.is_finite() {
            return Err(Error::Parameter { name: "factor", value: factor.value(), expected: "a number other than 0" });
        }
        let body = |body: &Body| match body {
            Body::Closed(form) => Body::Closed(form.map(|term| term.stretched(factor))),
            Body::Open(open) => Body::Open(Arc::new(open.affine(factor, Number::ZERO))),
            Body::Undefined(..) => body.clone(),
        };
        let impulse = |impulse: &Impulse| Impulse { at: impulse.at / factor, weight: impulse.weight / factor.abs() };
        let mut stretched = Signal {
            breaks: self.breaks.iter().map(|&at| at / factor).collect(),
            bodies: self.bodies.iter().map(body).collect(),
            impulses: self.impulses.iter().map(impulse).collect(),
        };
        if factor.sign() < 0 {
            stretched.breaks.reverse();
            stretched.bodies.reverse();
        }
        Ok(stretched.merged())
    }

    /// Both signals over the breakpoints of both.
    pub(crate) fn combined(&self, other: &Signal, join: impl Fn(&Body, &Body) -> Body) -> Result<Signal> {
        let (mut i, mut j) = (0, 0);
        let mut combined = Signal { breaks: Vec::new(), bodies: Vec::new(), impulses: Vec::new() };
        loop {
            combined.bodies.push(join(&self.bodies[i], &other.bodies[j]));
            let (a, b) = (self.breaks.get(i), other.breaks.get(j));
            let next = match (a, b) {
                (None, None) => break,
                (Some(a), Some(b)) if a == b => {
                    // Two that cannot be told apart: the one that is better known.
                    (i, j) = (i + 1, j + 1);
                    if b.error() < a.error() { *b } else { *a }
                }
                (Some(a), b) if b.is_none_or(|b| a < b) => {
                    i += 1;
                    *a
                }
                (_, Some(b)) => {
                    j += 1;
                    *b
                }
                (Some(a), None) => {
                    i += 1;
                    *a
                }
            };
            combined.breaks.push(next);
        }
        match combined.bodies.len() {
            count if count > MOST_PIECES => {
                Err(Error::TooLarge { what: "pieces of a signal", count, most: MOST_PIECES })
            }
            _ => Ok(combined),
        }
    }

    /// Our impulses, each weighted by the value of the other signal there.
    fn weighted_by(&self, other: &Signal) -> Result<Vec<Impulse>> {
        let refused = |what: String| Error::Impulse { what, instead: "multiply it by a function without a jump there" };
        self.impulses
            .iter()
            .map(|impulse| {
                let at = impulse.at;
                if other.impulses.iter().any(|theirs| theirs.at == at) {
                    return Err(refused(format!("the product of two impulses at t = {at}")));
                }
                let side = |k: usize| match &other.bodies[k] {
                    Body::Closed(form) => form.at_number(at),
                    body => {
                        let (value, error) = body.at(at.value(), at.error_of_value());
                        Number::near(value, error)
                    }
                };
                let (first, last) =
                    (other.breaks.partition_point(|b| *b < at), other.breaks.partition_point(|b| *b <= at));
                let (left, right) = (side(first), side(last));
                match left == right && right.is_finite() {
                    true => Ok(Impulse { at, weight: impulse.weight * right }),
                    false => Err(refused(format!("an impulse at t = {at}, where the other factor jumps"))),
                }
            })
            .collect()
    }

    /// With every form about its natural origin, neighbours that are one function joined, and impulses at one place added up.
    pub(crate) fn merged(self) -> Signal {
        let mut merged = Signal { breaks: Vec::new(), bodies: Vec::new(), impulses: Vec::new() };
        let mut before: Option<Number> = None;
        for (k, body) in self.bodies.into_iter().enumerate() {
            let to = self.breaks.get(k).copied();
            let home = before.or(to).unwrap_or(Number::ZERO);
            let mut body = match body {
                Body::Closed(form) => Body::Closed(form.settled(home)),
                body => body,
            };
            if let (Some(Body::Closed(last)), Body::Closed(form)) = (merged.bodies.last(), &body)
                && let Some(one) = last.joined_with(form, home)
            {
                merged.bodies.pop();
                let from = merged.breaks.pop().and(merged.breaks.last().copied());
                body = Body::Closed(one.settled(from.or(to).unwrap_or(Number::ZERO)));
            }
            merged.bodies.push(body);
            if let Some(to) = to {
                merged.breaks.push(to);
            }
            before = to;
        }
        merged.impulses = added_up(self.impulses);
        merged
    }
}

fn added_up(mut impulses: Vec<Impulse>) -> Vec<Impulse> {
    impulses.sort_by(|a, b| a.at.value().total_cmp(&b.at.value()));
    let mut kept: Vec<Impulse> = Vec::new();
    for impulse in impulses {
        match kept.last_mut() {
            Some(last) if last.at == impulse.at => last.weight = last.weight + impulse.weight,
            _ => kept.push(impulse),
        }
    }
    kept.retain(|impulse| !impulse.weight.is_zero());
    kept
}

impl Form {
    /// The value at an exact place.
    pub(crate) fn at_number(&self, at: Number) -> Number {
        let value = |term: &super::term::Term| match term.edges {
            None => term.about(at).iter().filter(|t| t.power == 0).fold(Number::ZERO, |sum, t| sum + t.coefficient.re),
            Some(_) => {
                let (value, error) = term.at(at.value(), at.error_of_value());
                Number::near(value, error)
            }
        };
        self.terms.iter().fold(Number::ZERO, |sum, term| sum + value(term))
    }

    /// The form that both are, if they cannot be told apart; its bounds cover both.
    fn joined_with(&self, other: &Form, home: Number) -> Option<Form> {
        let difference = other.plus(&self.map(|term| term.scaled(Number::whole(-1)))).settled(home);
        difference.is_zero().then(|| self.plus(&difference))
    }
}

impl Body {
    /// The function `d` later.
    pub(crate) fn shifted(&self, d: Number) -> Body {
        match self {
            Body::Closed(form) => Body::Closed(form.map(|term| term.shifted(d))),
            Body::Open(open) => Body::Open(Arc::new(open.affine(Number::ONE, -d))),
            Body::Undefined(..) => self.clone(),
        }
    }

    pub(crate) fn plus(&self, other: &Body) -> Body {
        match (self, other) {
            (Body::Undefined(..), _) => self.clone(),
            (_, Body::Undefined(..)) => other.clone(),
            (Body::Closed(a), Body::Closed(b)) => Body::Closed(a.plus(b)),
            _ if self.is_zero() => other.clone(),
            _ if other.is_zero() => self.clone(),
            _ => Body::Open(Arc::new(Open::Sum(self.open(), other.open()))),
        }
    }

    /// The product; what is zero makes everything zero, even what has no value.
    pub(crate) fn times(&self, other: &Body) -> Body {
        match (self, other) {
            _ if self.is_zero() || other.is_zero() => Body::zero(),
            (Body::Undefined(..), _) => self.clone(),
            (_, Body::Undefined(..)) => other.clone(),
            _ if self.is_one() => other.clone(),
            _ if other.is_one() => self.clone(),
            (Body::Closed(a), Body::Closed(b)) if let Some(product) = a.times(b) => Body::Closed(product),
            _ => Body::Open(Arc::new(Open::Product(self.open(), other.open()))),
        }
    }
}
