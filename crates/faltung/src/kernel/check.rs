//! What the parameters of named kernels must be, said in one voice, and the few steps that all of them share.

use std::{fmt::Display, ops::Mul};

use crate::{Error, Kernel, Result};

/// The most weights that a named kernel may have: beyond, a slip of the pen is likelier than an intention.
pub(super) const MOST: usize = 1 << 24;

/// The error that a parameter makes no sense.
pub(super) fn wrong<T>(kernel: &'static str, problem: impl Into<String>) -> Result<T> {
    Err(Error::Parameter { kernel, problem: problem.into() })
}

fn must<T: Display>(kernel: &'static str, name: &str, value: T, ok: bool, what: &str) -> Result<T> {
    if ok { Ok(value) } else { wrong(kernel, format!("{name} must be {what}, but is {value}")) }
}

/// A finite number greater than 0.
pub(super) fn positive(kernel: &'static str, name: &str, value: f64) -> Result<f64> {
    must(kernel, name, value, value.is_finite() && value > 0.0, "a number greater than 0")
}

/// A finite number.
pub(super) fn finite(kernel: &'static str, name: &str, value: f64) -> Result<f64> {
    must(kernel, name, value, value.is_finite(), "a finite number")
}

/// A whole number from 1 on.
pub(super) fn at_least_one(kernel: &'static str, name: &str, value: usize) -> Result<usize> {
    must(kernel, name, value, value > 0, "at least 1")
}

/// One value for each axis, or the same for all.
pub(super) fn spread<T: Copy>(option: &'static str, values: &[T], axes: usize) -> Result<Vec<T>> {
    match values {
        [one] => Ok(vec![*one; axes]),
        each if each.len() == axes => Ok(each.to_vec()),
        other => Err(Error::PerAxis { option, expected: axes, actual: other.len() }),
    }
}

/// The number of weights of a shape, if there are axes and not absurdly many weights.
pub(super) fn size(kernel: &'static str, shape: &[usize]) -> Result<usize> {
    if shape.is_empty() {
        return wrong(kernel, "has no axes: give it at least one");
    }
    let product = shape.iter().try_fold(1usize, |all, &n| all.checked_mul(n)).filter(|&all| all <= MOST);
    product.map_or_else(|| too_many(kernel, format!("shape {shape:?}")), Ok)
}

/// Whole cells in `count`, which has been rounded, if not absurdly many.
pub(super) fn cells(kernel: &'static str, count: f64) -> Result<usize> {
    if count <= MOST as f64 { Ok(count as usize) } else { too_many(kernel, format!("{count} along an axis")) }
}

fn too_many<T>(kernel: &'static str, came: String) -> Result<T> {
    wrong(kernel, format!("must have at most {MOST} weights, but would have {came}: use smaller numbers"))
}

/// Every product of one number from each line, the last line fastest.
pub(super) fn outer<T: Copy + From<u8> + Mul<Output = T>>(lines: &[Vec<T>]) -> Vec<T> {
    let product = |all: Vec<T>, line: &Vec<T>| all.iter().flat_map(|&a| line.iter().map(move |&b| a * b)).collect();
    lines.iter().fold(vec![T::from(1)], product)
}

/// The sum, with the rounding errors of the additions added up apart (Neumaier 1974).
pub(super) fn total(numbers: &[f64]) -> f64 {
    let add = |(sum, lost): (f64, f64), &number: &f64| {
        let next = sum + number;
        let (large, small) = if sum.abs() >= number.abs() { (sum, number) } else { (number, sum) };
        (next, lost + ((large - next) + small))
    };
    let (sum, lost) = numbers.iter().fold((0.0, 0.0), add);
    sum + lost
}

/// The weights divided by their sum.
pub(super) fn unit_sum(weights: Vec<f64>) -> Vec<f64> {
    let sum = total(&weights);
    weights.into_iter().map(|w| w / sum).collect()
}

/// Real weights, if all are numbers.
pub(super) fn real(kernel: &'static str, shape: &[usize], weights: Vec<f64>) -> Result<Kernel> {
    match weights.iter().find(|w| !w.is_finite()) {
        Some(weight) => wrong(kernel, format!("would have a weight of {weight}: use less extreme parameters")),
        None => Kernel::real(shape, weights),
    }
}

/// Real weights of a kernel, for tests.
#[cfg(test)]
pub(super) fn weights(kernel: &Kernel) -> Vec<f64> {
    match &kernel.values {
        super::Values::Real(all) => all.clone(),
        other => panic!("not real: {other:?}"),
    }
}

/// Asserts that numbers agree to `ulps` units in the last place of the greatest of them.
#[cfg(test)]
#[track_caller]
pub(super) fn assert_close(actual: &[f64], expected: &[f64], ulps: f64) {
    let scale = expected.iter().fold(0.0f64, |most, x| most.max(x.abs()));
    assert_eq!(actual.len(), expected.len());
    for (index, (a, e)) in actual.iter().zip(expected).enumerate() {
        assert!((a - e).abs() <= ulps * f64::EPSILON * scale, "{index}: {a} is not {e}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_keep_what_additions_lose() {
        assert_eq!(total(&[1.0, 1e100, 1.0, -1e100]), 2.0);
        assert_eq!(total(&[]), 0.0);
    }

    #[test]
    fn outer_products_have_the_last_axis_fastest() {
        assert_eq!(outer(&[vec![1i128, 2], vec![3, 4, 5]]), [3, 4, 5, 6, 8, 10]);
    }

    #[test]
    fn absurd_sizes_are_refused() {
        assert_eq!(size("box", &[4096, 4096]), Ok(MOST));
        let error = size("box", &[4096, 4097]).unwrap_err().to_string();
        assert!(error.contains("at most 16777216 weights"), "{error}");
        assert!(size("box", &[usize::MAX, 2]).is_err() && size("box", &[]).is_err());
        assert!(cells("box", f64::NAN).is_err() && cells("box", f64::INFINITY).is_err());
    }

    #[test]
    fn one_value_serves_all_axes() {
        assert_eq!(spread("sigma", &[2], 3), Ok(vec![2, 2, 2]));
        assert_eq!(spread("sigma", &[2, 1], 2), Ok(vec![2, 1]));
        assert_eq!(spread("sigma", &[2, 1], 3), Err(Error::PerAxis { option: "sigma", expected: 3, actual: 2 }));
    }
}
