//! What quadrature should know of a form beforehand: where it changes fast, and how often it turns.

use super::{form::Form, roots::roots};

impl Form {
    /// The highest angular frequency of its terms.
    pub(crate) fn frequency(&self) -> f64 {
        self.terms.iter().map(|term| term.rate.im.value()).fold(0.0, f64::max)
    }

    /// The slope of a polynomial of degree one; 0 for all else.
    pub(crate) fn speed(&self) -> f64 {
        match self.polynomial().as_deref() {
            Some([_, slope]) => slope.value().abs(),
            _ => 0.0,
        }
    }

    /// Where a polynomial is zero or turns round.
    pub(crate) fn turning_points(&self) -> Vec<f64> {
        let Some(polynomial) = self.polynomial() else { return Vec::new() };
        let mut points: Vec<f64> = roots(&polynomial).unwrap_or_default().iter().map(|root| root.value()).collect();
        if let [_, b, c] = polynomial.as_slice() {
            points.push(-b.value() / (2.0 * c.value()));
        }
        points
    }

    /// Places about which it changes fast: centres of Gaussians with their flanks, and steps away from origins of exponentials.
    pub(crate) fn landmarks(&self, found: &mut Vec<f64>) {
        for term in &self.terms {
            let origin = term.origin.value();
            let alpha = term.sharpness.value();
            if alpha > 0.0 {
                let width = 1.0 / alpha.sqrt();
                found.extend([-6.0, -2.0, 0.0, 2.0, 6.0].map(|k| origin + k * width));
            }
            if let Some(edges) = term.edges {
                let slope = edges.slope.value();
                let ends = [edges.upper, edges.lower].into_iter().flatten();
                found.extend(ends.flat_map(|end| [-4.0, 0.0, 4.0].map(|k| origin + (k - end.value()) / slope)));
            }
            let rate = term.rate.re.value();
            if rate != 0.0 {
                found.extend([1.0, 4.0, 16.0, 40.0].map(|k| origin - k / rate));
            }
        }
    }
}
