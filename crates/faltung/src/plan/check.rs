//! What must hold of arrays, weights and constants, before anything is summed.

use super::Plan;
use crate::{
    AnyView, Boundary, Dtype, Error, Geometry, Number, Overflow, Problem, Result,
    bound::{Bound, with_constants},
    kernel::Values,
};

/// What is still to be found out about integer data when they come.
pub(super) struct Check {
    pub(super) bound: Bound,
    /// The range promised, or none.
    pub(super) range: Option<(i128, i128)>,
    /// Whether sums of promised samples may leave the output's type.
    pub(super) may_overflow: bool,
    /// The least sum of promised samples.
    pub(super) least: i128,
}

impl Plan {
    /// Integer data must keep what was promised, and must not overflow where that is an error.
    pub(super) fn check_range(&self, x: &AnyView<'_>) -> Result<()> {
        let Some(check) = &self.check else { return Ok(()) };
        let decides = check.may_overflow && self.spec.overflow == Overflow::Error;
        if check.range.is_none() && !decides {
            return Ok(());
        }
        let Some(actual) = x.extent() else { return Ok(()) };
        if let Some(expected) = check.range
            && (actual.0 < expected.0 || actual.1 > expected.1)
        {
            return Err(Error::Range { expected, actual });
        }
        let (lowest, highest) = check.bound.of(with_constants(actual, &self.problem), self.spec.rounding);
        let (least, most) = self.dtype.range().expect("only integers are checked");
        if decides && (lowest < least || highest > most) {
            return Err(Error::Overflow { dtype: self.dtype, lowest, highest });
        }
        Ok(())
    }
}

pub(super) fn check_array(what: &'static str, expected: (&[usize], Dtype), actual: (&Geometry, Dtype)) -> Result<()> {
    if expected.1 != actual.1 {
        return Err(Error::Type { what, expected: expected.1.to_string(), actual: actual.1.to_string() });
    }
    if expected.0 != actual.0.shape() {
        return Err(Error::Shape { what, expected: expected.0.to_vec(), actual: actual.0.shape().to_vec() });
    }
    Ok(())
}

/// Weights and boundary constants must be numbers that the data can meet.
pub(super) fn check_numbers(dtype: Dtype, problem: &Problem, values: &Values, kind: &'static str) -> Result<()> {
    let refused = |advice| Err(Error::Weights { dtype, weights: kind, advice });
    match values {
        Values::Complex(_) if !dtype.is_complex() => return refused("convert the data to a complex type first"),
        Values::Real(all) if dtype.is_integer() && !all.iter().all(|w| w.is_finite()) => {
            return refused("infinite weights and NaN need data of floats");
        }
        _ => {}
    }
    for axis in &problem.axes {
        let Boundary::Constant(c) = axis.boundary else { continue };
        let number =
            |advice| Err(Error::Number { what: "the boundary constant", number: c.to_string(), dtype, advice });
        match c {
            Number::Complex(_) if !dtype.is_complex() => return number("give a real constant, or complex data"),
            _ if !dtype.is_integer() => {}
            _ if !c.to_complex().re.is_finite() => return number("infinities and NaN need data of floats"),
            _ if c.whole().is_none() && matches!(values, Values::Whole(_)) => {
                return number("sums of whole numbers are exact: give a whole constant, or real weights");
            }
            _ => {}
        }
    }
    Ok(())
}
