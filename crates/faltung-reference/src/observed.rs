//! The sum over the terms whose samples are there, when some are missing.

use crate::terms::{Sample, each_term};
use crate::{Number, Problem};

/// What is known of one output when samples are missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed<T> {
    /// `sum c * xu` over the terms that are present.
    pub sum: T,
    /// `sum |c| * |xu|` over the terms that are present.
    pub magnitude: f64,
    /// `sum |c|` over the terms that are present.
    pub present: f64,
    /// `sum |c|` over all terms.
    pub whole: f64,
    /// `sum |c|^2 v` over the terms that are present, where `v` is the variance of their samples.
    pub variance: f64,
    /// The number of present terms with weights that are not zero.
    pub weighty: usize,
    /// The number of missing terms with weights that are not zero.
    pub lost: usize,
    /// The number of missing terms, whatever their weights.
    pub missing: usize,
}

/// Every output of [`correlate`](crate::correlate), of the samples that are `present`.
///
/// A term is present if its sample is, be it shown directly or by the boundary; a constant beyond the ends if
/// `has_constant` says so of it; and an inserted zero always. Constants and inserted zeros have no variance.
///
/// # Panics
///
/// If an array has fewer elements than the problem says.
pub fn observe<T: Number>(
    problem: &Problem<T>,
    x: &[T],
    present: &[bool],
    variance: &[f64],
    weights: &[T],
    has_constant: impl Fn(T) -> bool,
) -> Vec<Observed<T>> {
    let nothing = Observed {
        sum: T::ZERO,
        magnitude: 0.0,
        present: 0.0,
        whole: 0.0,
        variance: 0.0,
        weighty: 0,
        lost: 0,
        missing: 0,
    };
    let mut y = vec![nothing; problem.output_shape().iter().product()];
    each_term(problem, |term| {
        let (there, v) = match term.sample {
            Sample::Stored(place) => (present[place], variance[place]),
            Sample::Constant(constant) => (has_constant(constant), 0.0),
            Sample::Inserted => (true, 0.0),
        };
        let (y, weight) = (&mut y[term.output], weights[term.weight]);
        let size = weight.magnitude();
        y.whole += size;
        if there {
            let sample = term.sample.value(x);
            y.sum = y.sum.add(weight.mul(sample));
            y.magnitude += size * sample.magnitude();
            y.present += size;
            y.variance += size * size * v;
            y.weighty += usize::from(size != 0.0);
        } else {
            y.lost += usize::from(size != 0.0);
            y.missing += 1;
        }
    });
    y
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mode, Spec};

    #[test]
    fn a_missing_sample_leaves_its_terms_out() {
        let problem = Problem::single(vec![Spec::<i128>::new(Mode::Full).axis(2, 2).unwrap()]);
        let there = |constants: bool| observe(&problem, &[3, 5], &[true, false], &[1.0, 9.0], &[10, -2], |_| constants);
        // The outputs are 10*0 - 2*3, 10*3 - 2*5, 10*5 - 2*0; the 5 is missing.
        let sums: Vec<_> = there(true).iter().map(|y| (y.sum, y.present, y.variance)).collect();
        assert_eq!(sums, [(-6, 12.0, 4.0), (30, 10.0, 100.0), (0, 2.0, 0.0)]);
        let counts: Vec<_> = there(false).iter().map(|y| (y.weighty, y.lost, y.missing, y.whole)).collect();
        assert_eq!(counts, [(1, 1, 1, 12.0), (1, 1, 1, 12.0), (0, 2, 2, 12.0)]);
    }
}
