//! Kernels that are sums of products: `w[i, j] = sum over r of a_r[i] b_r[j]`, in any number of dimensions.
//!
//! Cross approximation with full pivoting: take the largest weight left, subtract the product of its column and its row,
//! and go on until nothing is left. Each step removes one row and one column exactly, so a kernel of rank `R` is gone after
//! `R` steps, up to rounding. In more dimensions the first axis is split off, and the rows are split again.
//!
//! *Left* is measured relative to the kernel's largest weight, never absolutely: a kernel of 1e-17 is a kernel. Integers
//! are factored in integers or not at all.
//!
//! Source: the method is Gaussian elimination with complete pivoting read as a low-rank approximation; see Bebendorf,
//! *Approximation of boundary element matrices*, Numerische Mathematik 86 (2000).

use super::weights::Weights;
use crate::{Accum, Number};

/// One term: for each axis its vector.
pub(crate) type Term<A> = Vec<Vec<A>>;

/// For each pair of channels, in order, the terms whose products add up to its weights.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Factors<A> {
    pub(crate) terms: Vec<Vec<Term<A>>>,
    /// Whether each weight is the rounded product of its factors, so that errors stay small beside each term.
    pub(crate) componentwise: bool,
}

/// Weights left that count as rounding, beside the largest: so many times the accumulator's epsilon.
const TOLERANCE: f64 = 8.0;

/// A kernel large enough to need more terms is better transformed.
const MOST_TERMS: usize = 12;

impl<A: Accum> Factors<A> {
    /// The factors of all pairs of channels, if each has few enough terms to be worth it.
    pub(crate) fn find(weights: &Weights<A>) -> Option<Factors<A>> {
        let shape = &weights.shape;
        let volume: usize = shape.iter().product();
        let along: usize = shape.iter().filter(|&&k| k > 1).sum();
        // More terms than this cost more than the direct sum, or than transforms.
        let most = (volume / along.max(1)).min(MOST_TERMS);
        if most == 0 || shape.iter().filter(|&&k| k > 1).count() < 2 {
            return None;
        }
        let terms = weights.pairs().map(|(g, o, i)| split(weights.pair(g, o, i), shape, most));
        let mut terms: Vec<Vec<Term<A>>> = terms.collect::<Option<_>>()?;
        // Weights that are all zero are a term too: zero times NaN is NaN.
        for terms in terms.iter_mut().filter(|terms| terms.is_empty()) {
            terms.push(shape.iter().map(|&k| vec![A::ZERO; k]).collect());
        }
        let componentwise = terms.iter().zip(weights.data.chunks_exact(volume)).all(|(t, w)| is_rounded(t, w, shape));
        Some(Factors { terms, componentwise })
    }

    /// The factors of whole weights, in integers, if all sums that are made by them, of samples up to `largest`, are exact in `A`.
    pub(crate) fn find_whole(weights: &Weights<A>, largest: f64) -> Option<Factors<A>> {
        let whole = |w: &A| {
            let w: f64 = w.to_spectral().re.into();
            w as i64
        };
        let found = Factors::find(&weights.map(whole))?;
        // What stands between passes is less than after all of them: a factor that is not zero is at least one.
        let sum = |factor: &Vec<i64>| factor.iter().map(|f| f.magnitude()).sum::<f64>().max(1.0);
        let reach = |terms: &Vec<Term<i64>>| terms.iter().map(|t| t.iter().map(sum).product::<f64>()).sum::<f64>();
        let per_output = found.terms.chunks_exact(weights.inputs).map(|pairs| pairs.iter().map(reach).sum());
        if largest.max(1.0) * per_output.fold(1.0, f64::max) > A::WHOLE {
            return None;
        }
        let float = |&f: &i64| A::nearest(Number::Whole(f.into()));
        let term = |term: &Term<i64>| term.iter().map(|factor| factor.iter().map(float).collect()).collect();
        let terms = found.terms.iter().map(|terms| terms.iter().map(term).collect()).collect();
        Some(Factors { terms, componentwise: found.componentwise })
    }
}

/// Splits off the first axis, then the rest of each row. An axis of one weight gets the factor 1, since no pass goes along it.
fn split<A: Accum>(weights: &[A], shape: &[usize], most: usize) -> Option<Vec<Term<A>>> {
    let (&rows, rest) = shape.split_first()?;
    let one = vec![A::nearest(Number::Whole(1))];
    if rest.iter().all(|&k| k == 1) {
        return Some(vec![std::iter::once(weights.to_vec()).chain(rest.iter().map(|_| one.clone())).collect()]);
    }
    let split_off = if rows == 1 { vec![(one, weights.to_vec())] } else { cross(weights, rows, most)? };
    let mut terms = Vec::new();
    for (column, row) in split_off {
        for mut term in split(&row, rest, most)? {
            term.insert(0, column.clone());
            terms.push(term);
            if terms.len() > most {
                return None;
            }
        }
    }
    Some(terms)
}

/// Columns and rows whose products add up to the matrix; `None` if more than `most` are needed.
fn cross<A: Accum>(matrix: &[A], rows: usize, most: usize) -> Option<Vec<(Vec<A>, Vec<A>)>> {
    let columns = matrix.len() / rows;
    let largest = |all: &[A]| all.iter().map(|w| w.magnitude()).fold(0.0, f64::max);
    let negligible = largest(matrix) * A::EPSILON * TOLERANCE;
    if !negligible.is_finite() {
        return None;
    }
    let mut left = matrix.to_vec();
    let mut found = Vec::new();
    loop {
        let best = (0..left.len()).max_by(|&a, &b| left[a].magnitude().total_cmp(&left[b].magnitude()))?;
        if left[best].magnitude() <= negligible || !left[best].is_finite() {
            return left[best].is_finite().then_some(found);
        }
        if found.len() == most {
            return None;
        }
        let (p, q) = (best / columns, best % columns);
        let row: Vec<A> = primitive(&left[p * columns..][..columns]);
        let column: Vec<A> = (0..rows).map(|i| left[i * columns + q].over(row[q])).collect::<Option<_>>()?;
        for (i, &c) in column.iter().enumerate() {
            for (j, &r) in row.iter().enumerate() {
                let place = &mut left[i * columns + j];
                // Exactly nothing where elimination says so, not a rounding error that would be taken for a weight.
                *place = if i == p || j == q { A::ZERO } else { minus(*place, c.times(r)) };
            }
        }
        found.push((column, row));
    }
}

fn minus<A: Accum>(a: A, b: A) -> A {
    a.plus(A::nearest(Number::Whole(-1)).times(b))
}

/// A row of integers without its common divisor, so that a column can be whole; other rows as they are.
fn primitive<A: Accum>(row: &[A]) -> Vec<A> {
    if A::EPSILON > 0.0 {
        return row.to_vec();
    }
    let whole = |w: &A| w.magnitude() as u64;
    let divisor = row.iter().map(whole).fold(0, gcd);
    if divisor <= 1 || row.iter().any(|w| w.magnitude() >= 2f64.powi(53)) {
        return row.to_vec();
    }
    let divisor = A::nearest(Number::Whole(divisor.into()));
    row.iter().map(|w| w.over(divisor).expect("a common divisor divides")).collect()
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Whether the weights are one term, each the product of its factors up to rounding of that very weight.
fn is_rounded<A: Accum>(terms: &[Term<A>], weights: &[A], shape: &[usize]) -> bool {
    let [term] = terms else {
        return terms.is_empty() && weights.iter().all(|w| *w == A::ZERO);
    };
    weights.iter().enumerate().all(|(at, &weight)| {
        let mut at = at;
        let mut product = None;
        for (axis, &n) in shape.iter().enumerate().rev() {
            let factor = term[axis][at % n];
            product = Some(product.map_or(factor, |p: A| p.times(factor)));
            at /= n;
        }
        let difference = minus(product.expect("a kernel has an axis"), weight).magnitude();
        difference <= TOLERANCE * A::EPSILON * weight.magnitude()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(terms: &[(Vec<f64>, Vec<f64>)], rows: usize, columns: usize) -> Vec<f64> {
        let mut all = vec![0.0; rows * columns];
        for (column, row) in terms {
            for i in 0..rows {
                for j in 0..columns {
                    all[i * columns + j] += column[i] * row[j];
                }
            }
        }
        all
    }

    #[test]
    fn a_sobel_kernel_has_one_term_in_integers() {
        let sobel = [1i64, 0, -1, 2, 0, -2, 1, 0, -1];
        let terms = cross(&sobel, 3, 9).unwrap();
        assert_eq!(terms, [(vec![1, 2, 1], vec![1, 0, -1])]);
    }

    #[test]
    fn axes_of_one_weight_have_the_factor_one() {
        let terms = split(&[2i64, 4, 4, 8], &[1, 2, 1, 2, 1], 4).unwrap();
        assert_eq!(terms, [[vec![1], vec![2, 4], vec![1], vec![1, 2], vec![1]]]);
    }

    #[test]
    fn rank_two_is_found_at_any_scale() {
        for scale in [1.0, 1e-17, 1e200] {
            let kernel: Vec<f64> = (0..49).map(|i| scale * (((i / 7) * (i % 7)) as f64 + 1.0)).collect();
            let terms = cross(&kernel, 7, 9).unwrap();
            assert_eq!(terms.len(), 2);
            let error = product(&terms, 7, 7).iter().zip(&kernel).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(error <= 50.0 * scale * 8.0 * f64::EPSILON);
        }
    }

    #[test]
    fn integers_that_would_need_fractions_are_left_alone() {
        assert_eq!(cross(&[2i64, 3, 3, 2], 2, 4), None);
    }
}
