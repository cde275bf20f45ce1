//! How functions fall or grow towards infinity.
//!
//! A [`Tail`] says that a function is at most of the order `e^(a x² + b x) x^p` for large `x`, where `x` is the distance from zero
//! on one side. It is *sharp* if the function is also no smaller, without waves. An integral exists if the tail of the integrand
//! falls faster than `1/x`, and does not if a sharp tail falls no faster.

use crate::Number;

use super::{
    Body,
    form::Form,
    open::{Function, Open},
    term::Term,
};

/// A side of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

impl Side {
    fn sign(self) -> Number {
        Number::whole(if self == Side::Left { -1 } else { 1 })
    }

    pub(crate) fn other(self) -> Side {
        if self == Side::Left { Side::Right } else { Side::Left }
    }
}

/// The order of a function towards infinity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tail {
    pub(crate) square: Number,
    pub(crate) rate: Number,
    pub(crate) power: Number,
    /// Whether the function is of this order, not only at most.
    pub(crate) sharp: bool,
}

impl Tail {
    const BOUNDED: Tail = Tail { square: Number::ZERO, rate: Number::ZERO, power: Number::ZERO, sharp: false };

    pub(crate) fn product(self, other: Tail) -> Tail {
        Tail {
            square: self.square + other.square,
            rate: self.rate + other.rate,
            power: self.power + other.power,
            sharp: self.sharp && other.sharp,
        }
    }

    fn sum(self, other: Tail) -> Tail {
        let parts = |tail: &Tail| [tail.square, tail.rate, tail.power];
        let larger = parts(&self).into_iter().zip(parts(&other)).find(|(a, b)| a != b);
        match larger {
            None => Tail { sharp: false, ..self },
            Some((a, b)) if a > b => self,
            Some(_) => other,
        }
    }

    fn scaled(self, factor: Number) -> Tail {
        Tail { square: self.square * factor, rate: self.rate * factor, power: self.power * factor, ..self }
    }

    /// Whether the integral of the function towards this side exists; `None` if the order does not tell.
    pub(crate) fn integrable(self) -> Option<bool> {
        let beyond = [self.square, self.rate, self.power + Number::ONE].into_iter().find(|part| !part.is_zero());
        match beyond {
            Some(part) if part.value() < 0.0 => Some(true),
            _ if self.sharp => Some(false),
            _ => None,
        }
    }
}

impl Body {
    /// The order towards one side; `None` if it is not known.
    pub(crate) fn tail(&self, side: Side) -> Option<Tail> {
        match self {
            Body::Closed(form) => form.tail(side),
            Body::Open(open) => open.tail(side),
            Body::Undefined(..) => None,
        }
    }
}

impl Form {
    fn tail(&self, side: Side) -> Option<Tail> {
        let terms = self.terms.iter().filter(|term| !term.coefficient.is_zero());
        terms.map(|term| term.tail(side)).reduce(Tail::sum)
    }
}

impl Term {
    fn tail(&self, side: Side) -> Tail {
        let mut tail = Tail {
            square: -self.sharpness,
            rate: self.rate.re * side.sign(),
            power: Number::whole(self.power.into()),
            sharp: self.rate.is_real(),
        };
        if let Some(edges) = self.edges {
            let stays = if side == Side::Right { edges.lower.is_none() } else { edges.upper.is_none() };
            if !stays {
                tail = Tail { square: tail.square - edges.slope * edges.slope, sharp: false, ..tail };
            }
        }
        tail
    }
}

impl Open {
    fn tail(&self, side: Side) -> Option<Tail> {
        match self {
            Open::Form(form) => form.tail(side),
            Open::Sum(a, b) => Some(a.tail(side)?.sum(b.tail(side)?)),
            Open::Product(a, b) => Some(a.tail(side)?.product(b.tail(side)?)),
            Open::Quotient(a, b) => {
                let below = b.tail(side).filter(|tail| tail.sharp)?;
                Some(a.tail(side)?.product(below.scaled(Number::whole(-1))))
            }
            Open::Power(inner, exponent) => {
                let tail = inner.tail(side).filter(|tail| tail.sharp || exponent.sign() > 0)?;
                Some(tail.scaled(*exponent))
            }
            Open::Call(function, inner) => call(*function, inner, side),
        }
    }
}

fn call(function: Function, inner: &Open, side: Side) -> Option<Tail> {
    match function {
        Function::Sqrt => Some(inner.tail(side)?.scaled(Number::fraction(1, 2))),
        Function::Abs => inner.tail(side),
        Function::Cos | Function::Sin | Function::Erf | Function::Erfc => Some(Tail::BOUNDED),
        Function::Sinc => match inner.tail(side) {
            Some(tail) if tail.sharp && tail.square.is_zero() && tail.rate.is_zero() => {
                Some(Tail { sharp: false, ..tail.scaled(Number::whole(-1)) })
            }
            _ => Some(Tail::BOUNDED),
        },
        Function::Exp => exponential(inner, side),
    }
}

/// The order of `e^f`.
fn exponential(inner: &Open, side: Side) -> Option<Tail> {
    let polynomial = match inner {
        Open::Form(form) => form.polynomial(),
        _ => None,
    };
    if let Some(polynomial) = polynomial {
        let signed = |power: usize| {
            let coefficient = polynomial.get(power).copied().unwrap_or(Number::ZERO);
            if power % 2 == 1 { coefficient * side.sign() } else { coefficient }
        };
        let degree = polynomial.len().saturating_sub(1);
        return Some(match degree {
            0..=2 => Tail { square: signed(2), rate: signed(1), power: Number::ZERO, sharp: true },
            // Any square is slower than a cube.
            _ => Tail { square: Number::of(signed(degree).value().signum() * 1e300), sharp: true, ..Tail::BOUNDED },
        });
    }
    let tail = inner.tail(side)?;
    let grows = [tail.square, tail.rate, tail.power].into_iter().find(|part| !part.is_zero());
    grows.is_none_or(|part| part.value() < 0.0).then_some(Tail::BOUNDED)
}
