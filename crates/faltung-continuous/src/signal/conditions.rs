//! Comparisons of signals, as signals that are 1 where they hold and 0 elsewhere.

use crate::{Error, Number, Result};

use super::{Body, Signal, form::Form, functions::by_sign};

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Signal {
    /// 1 where `self` stands to `other` as said, and 0 elsewhere. Single places do not matter: `<` and `<=` differ only where both
    /// signals are equal on a whole interval.
    pub(crate) fn compared(&self, comparison: Comparison, other: &Signal) -> Result<Signal> {
        let difference = self.minus(other)?;
        if !difference.impulses.is_empty() {
            let what = "a comparison of impulses".to_owned();
            return Err(Error::Impulse { what, instead: "compare functions of t" });
        }
        let holds = |sign: i32| match comparison {
            Comparison::Less => sign < 0,
            Comparison::LessOrEqual => sign <= 0,
            Comparison::Greater => sign > 0,
            Comparison::GreaterOrEqual => sign >= 0,
        };
        let indicator = |sign: i32| match holds(sign) {
            true => Body::Closed(Form::constant(Number::ONE)),
            false => Body::zero(),
        };
        for piece in difference.pieces() {
            let known = match piece.body {
                Body::Closed(form) => form.polynomial().filter(|polynomial| polynomial.len() <= 3).is_some(),
                _ => false,
            };
            if !known {
                let what = match piece.body {
                    Body::Closed(form) => form.to_string(),
                    _ => "a function without a closed form".to_owned(),
                };
                return Err(Error::Comparison { what });
            }
        }
        difference.piecewise(|piece| {
            let polynomial = match piece.body {
                Body::Closed(form) => form.polynomial().unwrap_or_default(),
                _ => Vec::new(),
            };
            by_sign(piece, &polynomial, indicator).unwrap_or_default()
        })
    }

    /// `first` where the condition is 1, and `second` where it is 0.
    pub(crate) fn chosen(condition: &Signal, first: &Signal, second: &Signal) -> Result<Signal> {
        let one = Signal::whole(Body::Closed(Form::constant(Number::ONE)));
        condition.times(first)?.plus(&one.minus(condition)?.times(second)?)
    }
}
