//! Where polynomials of low degree are zero, and where they are above it.

use crate::Number;

/// The places where a polynomial changes its sign or touches zero, in order; `None` above degree two.
pub(crate) fn roots(polynomial: &[Number]) -> Option<Vec<Number>> {
    match polynomial {
        [] | [_] => Some(Vec::new()),
        [b, a] => Some(vec![-*b / *a]),
        [c, b, a] => {
            let two = Number::whole(2);
            let square = *b * *b - Number::whole(4) * *a * *c;
            match square.sign() {
                -1 => Some(Vec::new()),
                0 => Some(vec![-*b / (two * *a)]),
                _ => {
                    // The root of larger size first, which does not cancel; the other from the product of both.
                    let root = square.sqrt();
                    let larger = if b.value() < 0.0 { (root - *b) / (two * *a) } else { (-root - *b) / (two * *a) };
                    let other = *c / (*a * larger);
                    let in_order = larger.value() < other.value();
                    Some(if in_order { vec![larger, other] } else { vec![other, larger] })
                }
            }
        }
        _ => None,
    }
}

/// The value of a polynomial at `t`.
pub(crate) fn polynomial_at(polynomial: &[Number], t: Number) -> Number {
    polynomial.iter().rev().fold(Number::ZERO, |value, &coefficient| value * t + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(of: &[i64]) -> Vec<Number> {
        of.iter().map(|&n| Number::whole(n)).collect()
    }

    #[test]
    fn roots_are_exact_where_they_are_rational() {
        let found = roots(&numbers(&[-6, 1, 1])).unwrap();
        assert_eq!(found.iter().map(|root| root.as_fraction()).collect::<Vec<_>>(), [Some((-3, 1)), Some((2, 1))]);
        assert_eq!(roots(&numbers(&[0, 0, 1])).unwrap()[0].as_fraction(), Some((0, 1)));
        assert!(roots(&numbers(&[1, 0, 1])).unwrap().is_empty());
        assert!(roots(&numbers(&[1, 0, 0, 1])).is_none());
    }

    #[test]
    fn a_polynomial_is_zero_at_its_roots() {
        let polynomial = numbers(&[1, -1000, 1]);
        for root in roots(&polynomial).unwrap() {
            assert!(polynomial_at(&polynomial, root).value().abs() < 1e-9);
        }
    }
}
