//! Numbers multiplied and added: exactly while both are whole, else in doubles.

use crate::{Boundary, Error, Number, Result};

/// The product; a whole one beyond 128 bits is an error.
pub(super) fn times(a: Number, b: Number) -> Result<Number> {
    Ok(match (a, b) {
        (Number::Whole(a), Number::Whole(b)) => Number::Whole(a.checked_mul(b).ok_or_else(too_wide)?),
        (Number::Complex(_), _) | (_, Number::Complex(_)) => Number::Complex(a.to_complex() * b.to_complex()),
        _ => Number::Real(a.to_complex().re * b.to_complex().re),
    })
}

/// The sum; a whole one beyond 128 bits is an error.
pub(super) fn plus(a: Number, b: Number) -> Result<Number> {
    Ok(match (a, b) {
        (Number::Whole(a), Number::Whole(b)) => Number::Whole(a.checked_add(b).ok_or_else(too_wide)?),
        (Number::Complex(_), _) | (_, Number::Complex(_)) => Number::Complex(a.to_complex() + b.to_complex()),
        _ => Number::Real(a.to_complex().re + b.to_complex().re),
    })
}

fn too_wide() -> Error {
    Error::TooWide { lowest: i128::MIN, highest: i128::MAX }
}

/// The conjugate of a complex number.
pub(super) fn conjugated(number: Number) -> Number {
    match number {
        Number::Complex(z) => Number::Complex(z.conj()),
        other => other,
    }
}

/// The constant that stands beyond the ends of these axes, slowest first: that of the fastest one that has a constant. Whole
/// if it is, so that sums of whole numbers stay whole.
pub(super) fn constant(beyond: &[(usize, Boundary)]) -> Number {
    let constants = beyond.iter().rev().filter_map(|(_, boundary)| match boundary {
        Boundary::Constant(c) => Some(*c),
        _ => None,
    });
    let constant = constants.into_iter().next().unwrap_or(Number::Whole(0));
    let small = |n: &i128| i64::try_from(*n).is_ok();
    constant.whole().filter(small).map_or(constant, Number::Whole)
}
