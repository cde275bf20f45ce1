//! The bridge to sampled signals: samples that know where they lie and how far apart.
//!
//! An integral over τ is a sum over samples times their distance `dx`, and a sum that starts with the first samples of both starts at
//! the sum of both origins. NumPy and its kin know neither, so both are the user's to supply; here they are part of the
//! [`Samples`]. The sums are computed by faltung's engine.
//!
//! How near the sampled result comes to the true one: with samples at the breakpoints of both signals the error falls with `dx²`,
//! since a jump counts with the mean of both sides, but where jumps of both signals meet with `dx`: by a quarter of `dx` times the
//! product of both jumps. Without samples at the breakpoints it falls with `dx`. It is exact for signals that stay as they are from
//! sample to sample ([`Samples::held`]), one sample later.

use faltung::{Spec, View};

use crate::{Convolution, Error, Number, Result, Signal};

/// What is nearer to a sample than this, beside the spacing, lies at it.
const NEAR: f64 = 1e-9;

/// Samples of a signal, equally far apart, and zeros beyond.
///
/// ```
/// use faltung_continuous::{Samples, Signal};
///
/// let pulse: Signal = "rect(t - 1/2)".parse()?;
/// let samples = Samples::of(&pulse, 0.0, 0.25, 5)?;
/// assert_eq!(samples.values(), [0.5, 1.0, 1.0, 1.0, 0.5]); // a jump counts with the mean of both sides
/// let triangle = samples.convolve(&samples)?;
/// assert_eq!((triangle.time(4), triangle.values()[4]), (1.0, 0.875)); // not 1: twice a quarter of dx, for jumps meet at both ends
/// assert_eq!((triangle.time(2), triangle.values()[2]), (0.5, 0.5));
/// # Ok::<(), faltung_continuous::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    values: Vec<f64>,
    origin: f64,
    spacing: f64,
}

impl Samples {
    /// Samples that begin at the time `origin` and are `spacing` apart.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless the spacing is above zero and there is a value.
    pub fn new(values: Vec<f64>, origin: f64, spacing: f64) -> Result<Samples> {
        if !(spacing > 0.0 && spacing.is_finite()) {
            return Err(Error::Parameter { name: "spacing", value: spacing, expected: "a number above 0" });
        }
        if !origin.is_finite() {
            return Err(Error::Parameter { name: "origin", value: origin, expected: "a finite number" });
        }
        if values.is_empty() {
            return Err(Error::Parameter { name: "the number of samples", value: 0.0, expected: "at least 1" });
        }
        Ok(Samples { values, origin, spacing })
    }

    /// A signal's values from the time `origin` on, `count` of them; at a jump the mean of both sides.
    ///
    /// An impulse has no value. It becomes what sums need in its place: its weight divided by the spacing, at the sample where it
    /// lies, or shared by the two between which it lies so that its mean place stays. One outside of the samples is left out, as
    /// everything else is there.
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`Error::Undefined`] where the signal is infinite at a sample.
    pub fn of(signal: &Signal, origin: f64, spacing: f64, count: usize) -> Result<Samples> {
        let mut samples = Samples::new(vec![0.0; count], origin, spacing)?;
        for n in 0..count {
            let t = samples.time(n);
            let (left, right) = limits_near(signal, t, spacing);
            samples.values[n] = if left == right { right } else { 0.5 * (left + right) };
            if !samples.values[n].is_finite() {
                let what = "a signal has no finite value";
                return Err(Error::Undefined { what, place: format!("at t = {t}, where there is a sample") });
            }
        }
        for impulse in signal.impulses() {
            let at = (impulse.at.value() - origin) / spacing;
            let nearest = at.round();
            let at = if (at - nearest).abs() < NEAR { nearest } else { at };
            let height = impulse.weight.value() / spacing;
            for (place, share) in [(at.floor(), 1.0 - at.fract()), (at.floor() + 1.0, at.fract())] {
                if share > 0.0 && (0.0..count as f64).contains(&place) {
                    samples.values[place as usize] += share * height;
                }
            }
        }
        Ok(samples)
    }

    /// The values, in order.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The time of the first sample.
    pub fn origin(&self) -> f64 {
        self.origin
    }

    /// The time from sample to sample.
    pub fn spacing(&self) -> f64 {
        self.spacing
    }

    /// The time of sample `n`.
    pub fn time(&self, n: usize) -> f64 {
        self.origin + n as f64 * self.spacing
    }

    /// The times of the first and the last sample.
    pub fn support(&self) -> (f64, f64) {
        (self.origin, self.time(self.values.len() - 1))
    }

    /// The convolution of both: sums of products times the spacing, beginning at the sum of both origins.
    ///
    /// # Errors
    /// [`Error::Parameter`] for another spacing; [`Error::Engine`] for what the engine refuses.
    ///
    /// ```
    /// use faltung_continuous::Samples;
    ///
    /// let f = Samples::new(vec![1.0, 2.0], 10.0, 0.5)?;
    /// let g = Samples::new(vec![4.0, 4.0], -1.0, 0.5)?;
    /// let y = f.convolve(&g)?; // 4 12 8, times 0.5
    /// assert_eq!((y.values(), y.support()), ([2.0, 6.0, 4.0].as_slice(), (9.0, 10.0)));
    /// # Ok::<(), faltung_continuous::Error>(())
    /// ```
    pub fn convolve(&self, other: &Samples) -> Result<Samples> {
        if (self.spacing - other.spacing).abs() > 1e-9 * self.spacing {
            let expected = "the spacing of the other signal: sample one of them anew";
            return Err(Error::Parameter { name: "spacing", value: other.spacing, expected });
        }
        let sums = faltung::convolve(View::from(&self.values), &other.values, &Spec::new());
        let sums = sums.map_err(|error| Error::Engine(error.to_string()))?;
        let values = sums.data().iter().map(|sum| sum * self.spacing).collect();
        Samples::new(values, self.origin + other.origin, self.spacing)
    }

    /// How far the samples of a range of times are from a convolution at most, and at what time; jumps count with the mean of both
    /// sides.
    ///
    /// # Errors
    /// As [`Convolution::at`].
    pub fn distance(&self, to: &Convolution, (from, until): (f64, f64)) -> Result<(f64, f64)> {
        let mut farthest = (0.0, self.origin);
        for (n, value) in self.values.iter().enumerate() {
            let t = self.time(n);
            if !(from..=until).contains(&t) {
                continue;
            }
            let exact = match to.formula() {
                Some(formula) => {
                    let (left, right) = limits_near(formula, t, self.spacing);
                    0.5 * (left + right)
                }
                None => to.at(t)?.value,
            };
            if (value - exact).abs() > farthest.0 {
                farthest = ((value - exact).abs(), t);
            }
        }
        Ok(farthest)
    }

    /// The signal that stays at each value until the next sample: what a digital-to-analogue converter puts out.
    ///
    /// The convolution of two of these at the time `t + spacing` is exactly the sampled convolution at `t`.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for more samples than a signal has pieces.
    ///
    /// ```
    /// use faltung_continuous::{Samples, convolve};
    ///
    /// let posts = Samples::new(vec![3.0, 0.0, 5.0, 0.0, 2.0, 1.0], 0.0, 1.0)?;
    /// let likes = Samples::new(vec![5.0, 4.0, 3.0, 2.0, 1.0], 0.0, 1.0)?;
    /// assert_eq!(posts.convolve(&likes)?.values()[4], 28.0);
    /// assert_eq!(convolve(&posts.held()?, &likes.held()?)?.at(5.0)?.value, 28.0);
    /// # Ok::<(), faltung_continuous::Error>(())
    /// ```
    pub fn held(&self) -> Result<Signal> {
        let piece = |n: usize| Signal::constant_between(self.edge(n), self.edge(n + 1), Number::of(self.values[n]));
        Signal::total(&(0..self.values.len()).map(piece).collect::<Vec<_>>())
    }

    fn edge(&self, n: usize) -> Number {
        Number::of(self.origin) + Number::of(self.spacing) * Number::whole(n as i64)
    }
}

/// The limits at a time, or at the breakpoint that it is but for rounding.
fn limits_near(signal: &Signal, t: f64, spacing: f64) -> (f64, f64) {
    let is_near = |at: &&Number| (at.value() - t).abs() < NEAR * spacing;
    let first = signal.breakpoints().partition_point(|at| at.value() < t - NEAR * spacing);
    let at = signal.breakpoints()[first..].first().filter(is_near).map_or(t, |at| at.value());
    signal.limits(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convolve;

    fn signal(text: &str) -> Signal {
        text.parse().unwrap()
    }

    /// The error at half the spacing, beside that at the whole.
    fn order(f: &str, g: &str) -> f64 {
        let (f, g) = (signal(f), signal(g));
        let exact = convolve(&f, &g).unwrap();
        let error = |count: usize| {
            let sampled = |signal: &Signal| Samples::of(signal, -1.0, 4.0 / count as f64, count + 1).unwrap();
            // Beyond the samples both signals may go on.
            sampled(&f).convolve(&sampled(&g)).unwrap().distance(&exact, (-2.0, 1.9)).unwrap().0
        };
        (error(256) / error(512)).log2()
    }

    #[test]
    fn the_error_falls_with_the_spacing_as_told() {
        for (f, g, expected) in [
            ("tri(t)", "tri(t - 1/2)", 2.0),
            ("tri(t)", "exp(-t)*step(t)", 2.0),
            ("rect(t - 1/2)", "t*rect(t - 1)", 1.0),
            ("rect(t - 1/3)", "tri(t)", 1.0),
        ] {
            let order = order(f, g);
            assert!((order - expected).abs() < 0.2, "{f} * {g}: {order}");
        }
    }

    #[test]
    fn an_impulse_is_its_weight_over_the_spacing() {
        let at = |text: &str| Samples::of(&signal(text), 0.0, 0.5, 4).unwrap().values;
        assert_eq!(at("3*delta(t - 1)"), [0.0, 0.0, 6.0, 0.0]);
        assert_eq!(at("4*delta(t - 5/8)"), [0.0, 6.0, 2.0, 0.0]);
        assert_eq!(at("delta(t - 9) + delta(t + 1)"), [0.0; 4]);
        let pulse = Samples::of(&signal("tri(t - 1)"), 0.0, 0.25, 9).unwrap();
        let echo = Samples::of(&signal("delta(t) - 2*delta(t - 1)"), 0.0, 0.25, 9).unwrap();
        let exact = convolve(&signal("tri(t - 1)"), &signal("delta(t) - 2*delta(t - 1)")).unwrap();
        let result = pulse.convolve(&echo).unwrap();
        assert_eq!(result.distance(&exact, result.support()).unwrap().0, 0.0);
    }

    #[test]
    fn held_samples_are_convolved_exactly() {
        let (f, g) = (vec![1.0, -2.5, 4.0], vec![3.0, 0.25]);
        let [f, g] = [(f, 2.0), (g, -0.75)].map(|(values, origin)| Samples::new(values, origin, 0.125).unwrap());
        let (sampled, exact) = (f.convolve(&g).unwrap(), convolve(&f.held().unwrap(), &g.held().unwrap()).unwrap());
        for (n, value) in sampled.values.iter().enumerate() {
            assert_eq!(exact.at(sampled.time(n) + 0.125).unwrap().value, *value);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(Samples::new(vec![1.0], 0.0, 0.0).is_err() && Samples::new(vec![1.0], 0.0, f64::NAN).is_err());
        assert!(Samples::new(vec![], 0.0, 1.0).is_err() && Samples::new(vec![1.0], f64::INFINITY, 1.0).is_err());
        let told = Samples::of(&signal("step(t)/t"), 0.0, 1.0, 3).unwrap_err().to_string();
        assert!(told.contains("no finite value at t = 0"), "{told}");
        let [a, b] = [1.0, 2.0].map(|spacing| Samples::new(vec![1.0], 0.0, spacing).unwrap());
        assert!(a.convolve(&b).unwrap_err().to_string().contains("spacing is 2, but must be the spacing of the other"));
    }
}
