//! What simple systems answer to an impulse: decays, and electrical circuits of one and two stages.
//!
//! These kernels are causal: they begin now and look only back. Convolve with mode `full`, or `same` with anchor 0, and
//! output n belongs to input n.
//!
//! A circuit lives in continuous time. Its response is integrated over the cell of each sample,
//! `w[n] = integral of h(t) dt from n*step to (n+1)*step`, in closed form. So convolution gives *exactly* what the
//! circuit does at the end of each sample when its input is held constant during the sample, for steps of any size, and
//! the weights sum to 1 but for what is cut off. (Sampling `h` and multiplying by the step, called impulse invariant,
//! has neither property.) Without a length they end after 20 time constants of the slowest decay, when less than 2^-24
//! is left to come: what single precision would not see.

use super::check::{at_least_one, cells, positive, real, size};
use crate::{Kernel, Result, error::words};

/// Time constants after which less than 2^-24 is left, of `exp(-u)` and even of `(1 + u) exp(-u)`.
const SETTLED: f64 = 20.0;

words! { "scale",
    /// What is 1 in an [`exponential`].
    ///
    /// ```
    /// use faltung::kernel::{Scale, exponential};
    /// let first = |scale| Ok::<_, faltung::Error>(exponential(1.0 / f64::ln(2.0), Some(2), scale)?.numbers()[0]);
    /// assert_eq!(first("peak".parse()?)?.to_string(), "1"); // 1, 1/2
    /// assert_eq!(format!("{:.6}", first(Scale::Sum)?), "0.666667"); // 2/3, 1/3
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub enum Scale {
        /// The sum of the weights: a weighted mean.
        Sum = "sum",
        /// The first weight: the response of `y[n] = x[n] + exp(-1/tau) y[n-1]`.
        Peak = "peak",
    }
}

/// An exponential decay: `w[n] = exp(-n / tau)`, with [`Scale::Sum`] divided by its sum. `tau` in samples.
///
/// # Errors
/// [`Error::Parameter`](crate::Error::Parameter) if `tau` is not a positive number, `length` is 0, or there are more
/// than 2^24 weights.
///
/// ```
/// use faltung::kernel::{Scale, exponential};
/// let decay = exponential(1.0 / f64::ln(2.0), Some(3), Scale::Sum)?; // 1, 1/2, 1/4, divided by 7/4
/// let shown: Vec<_> = decay.numbers().iter().map(|w| format!("{w:.6}")).collect();
/// assert_eq!(shown, ["0.571429", "0.285714", "0.142857"]); // 4/7, 2/7, 1/7
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn exponential(tau: f64, length: Option<usize>, scale: Scale) -> Result<Kernel> {
    let rate = 1.0 / positive("exponential", "tau", tau)?;
    let length = settled("exponential", rate, length)?;
    let first = match scale {
        Scale::Sum => (-rate).exp_m1() / (-rate * length as f64).exp_m1(),
        Scale::Peak => 1.0,
    };
    decay("exponential", first, rate, length)
}

/// A resistor and a capacitor, the voltage across the capacitor: `h(t) = exp(-t / tau) / tau`, with `tau = R C`.
///
/// `w[n] = exp(-n * step / tau) * (1 - exp(-step / tau))`: a low-pass of cut-off frequency `1 / (2 pi tau)`. `tau` and
/// `step`, the time from sample to sample, are in the same unit. The weights sum to `1 - exp(-length * step / tau)`.
///
/// # Errors
/// [`Error::Parameter`](crate::Error::Parameter) if `tau` or `step` is not a positive number, `length` is 0, or there
/// are more than 2^24 weights.
///
/// ```
/// use faltung::kernel::rc;
/// let halving = rc(1.0, f64::ln(2.0), Some(4))?; // in one step, half of what is missing is made up
/// let shown: Vec<_> = halving.numbers().iter().map(|w| format!("{w:.6}")).collect();
/// assert_eq!(shown, ["0.500000", "0.250000", "0.125000", "0.062500"]);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn rc(tau: f64, step: f64, length: Option<usize>) -> Result<Kernel> {
    let rate = positive("rc", "step", step)? / positive("rc", "tau", tau)?;
    let length = settled("rc", rate, length)?;
    decay("rc", -(-rate).exp_m1(), rate, length)
}

/// A resistor, a coil and a capacitor in series, the voltage across the capacitor: `L C y'' + R C y' + y = x`.
///
/// With `a = R / (2 L)` and `w0^2 = 1 / (L C)`, the response to an impulse is `h(t) = w0^2 exp(-a t) s(t)`, where
///
/// | | when | `s(t)` |
/// |---|---|---|
/// | it rings | `a < w0` | `sin(w t) / w`, `w^2 = w0^2 - a^2` |
/// | critical | `a = w0` | `t` |
/// | it creeps | `a > w0` | `sinh(b t) / b`, `b^2 = a^2 - w0^2` |
///
/// and `w[n]` its integral over the sample, by formulas in which nothing cancels between the cases or for small steps.
/// Any units that fit: ohm, henry, farad and second. The weights sum to 1 but for what is cut off.
///
/// # Errors
/// [`Error::Parameter`](crate::Error::Parameter) if `r`, `l`, `c` or `step` is not a positive number, `length` is 0, or
/// there are more than 2^24 weights.
///
/// ```
/// use faltung::kernel::rlc;
/// // R = 2, L = C = 1 is critical: the voltage rises as 1 - (1 + t) exp(-t), first by 1 - 2/e, then by 2/e - 3/e^2.
/// let critical = rlc(2.0, 1.0, 1.0, 1.0, Some(2))?;
/// let shown: Vec<_> = critical.numbers().iter().map(|w| format!("{w:.6}")).collect();
/// assert_eq!(shown, ["0.264241", "0.329753"]);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn rlc(r: f64, l: f64, c: f64, step: f64, length: Option<usize>) -> Result<Kernel> {
    let positive = |name, value| positive("rlc", name, value);
    let (r, l, c, step) = (positive("r", r)?, positive("l", l)?, positive("c", c)?, positive("step", step)?);
    // All in steps: one sample is the unit of time.
    let circuit = Circuit::new(step * (r / l / 2.0), step / l.sqrt() / c.sqrt());
    let length = settled("rlc", circuit.slow, length)?;
    let (rise, kick) = (circuit.rise(), circuit.own * circuit.kick(1.0));
    // From a cell's start, what is missing decays as from rest, and what moves goes on as from a kick.
    let weight = |n: usize| circuit.missing(n as f64) * rise + circuit.own * circuit.kick(n as f64) * kick;
    real("rlc", &[length], (0..length).map(weight).collect())
}

/// The length asked for, or else until `exp(-rate * n)` has settled.
fn settled(kernel: &'static str, rate: f64, length: Option<usize>) -> Result<usize> {
    let length = match length {
        Some(length) => at_least_one(kernel, "length", length)?,
        None => cells(kernel, (SETTLED / rate).ceil().max(1.0))?,
    };
    size(kernel, &[length])
}

/// `first * exp(-rate * n)`.
fn decay(kernel: &'static str, first: f64, rate: f64, length: usize) -> Result<Kernel> {
    real(kernel, &[length], (0..length).map(|n| first * (-rate * n as f64).exp()).collect())
}

/// A damped oscillator left to itself: `y'' + 2 damping y' + own^2 y = 0`.
struct Circuit {
    /// `a`.
    damping: f64,
    /// `w0`.
    own: f64,
    /// `w`, or `b`, or 0.
    bend: f64,
    /// Rate of the slowest decay: `a`, or `a - b`.
    slow: f64,
}

impl Circuit {
    fn new(damping: f64, own: f64) -> Circuit {
        let bend = (damping - own).abs().sqrt() * (damping + own).sqrt();
        let slow = if damping > own { own * (own / (damping + bend)) } else { damping };
        Circuit { damping, own, bend, slow }
    }

    /// `exp(-a t) s(t)`: from rest, after a kick.
    fn kick(&self, t: f64) -> f64 {
        let envelope = (-self.slow * t).exp();
        let twice = 2.0 * self.bend;
        if self.bend == 0.0 {
            envelope * t
        } else if self.damping < self.own {
            envelope * (self.bend * t).sin() / self.bend
        } else {
            envelope * (-(-twice * t).exp_m1() / twice)
        }
    }

    /// What is still missing at `t` after a step of 1.
    fn missing(&self, t: f64) -> f64 {
        let swing = if self.damping < self.own { (self.bend * t).cos() } else { 1.0 };
        (-self.slow * t).exp() * swing + self.slow * self.kick(t)
    }

    /// What is made up in the first unit of time after a step of 1: `1 - missing(1)`, but exact where that is small.
    fn rise(&self) -> f64 {
        if self.damping.max(self.own) > 1.0 {
            let turned = if self.damping < self.own { 2.0 * (self.bend / 2.0).sin().powi(2) } else { 0.0 };
            return (-self.slow).exp() * turned - (-self.slow).exp_m1() - self.slow * self.kick(1.0);
        }
        // The Taylor series of y'' + 2 a y' + w0^2 y = w0^2 at t = 1: its terms are below 2^k / k!.
        let square = self.own * self.own;
        let (mut before, mut term) = (0.0, square / 2.0);
        let mut sum = term;
        for k in 1..28 {
            let k = f64::from(k);
            let next = -(2.0 * self.damping * (k + 1.0) * term + square * before) / ((k + 1.0) * (k + 2.0));
            (before, term) = (term, next);
            sum += term;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::check::{total, weights};

    /// Differences of the step response with 50 digits (mpmath), at n = 0, 1, 7 and 40.
    #[test]
    fn circuits_are_exact_in_all_three_cases() {
        let cases = [
            // r, l, c, step, and the four weights
            [1.0, 1.0, 1.0, 0.5, 0.104405473455079, 0.235894373153219, -0.00852715324521329, -2.23008790394321e-5],
            [2.0, 1.0, 1.0, 0.5, 0.0902040104310499, 0.174037107226065, 0.0443100309567624, 1.64059394438947e-8],
            [5.0, 1.0, 1.0, 0.5, 0.0622138660983686, 0.0895699956863474, 0.0499054383172862, 0.00159421190034631],
            [2.0000001, 1.0, 1.0, 0.5, 0.0902040091674443, 0.174037102358347, 0.0443100329986276, 1.64060347607844e-8],
            [1.9999999, 1.0, 1.0, 0.5, 0.0902040116946554, 0.174037112093784, 0.0443100289148967, 1.6405844127259e-8],
            [
                1.0,
                1.0,
                1.0,
                1e-5,
                4.99998333333333e-11,
                1.49998833333333e-10,
                7.49971833333347e-10,
                4.04917983334455e-9,
            ],
            [
                2.0,
                1.0,
                1.0,
                1e-5,
                4.99996666679167e-11,
                1.49997666685417e-10,
                7.49943668785364e-10,
                4.04835999882307e-9,
            ],
            [
                5.0,
                1.0,
                1.0,
                1e-5,
                4.99991666766666e-11,
                1.49994166816664e-10,
                7.49859183615137e-10,
                4.04590182298762e-9,
            ],
            [
                1000000.0,
                1.0,
                1.0,
                0.25,
                2.49998968750503e-7,
                2.49999906250518e-7,
                2.4999953125094e-7,
                2.49997468763315e-7,
            ],
            [0.001, 0.001, 1e-6, 0.0001, 1.99973641185256, -1.9987815393548, -1.9751390426699, 1.33552905997857],
            [0.01, 1.0, 1.0, 20.0, 0.626415649286742, 0.916270320332081, 0.342738525617754, 0.00860456043514667],
        ];
        for [r, l, c, step, expected @ ..] in cases {
            let response = weights(&rlc(r, l, c, step, Some(41)).unwrap());
            for (n, e) in [0, 1, 7, 40].into_iter().zip(expected as [f64; 4]) {
                let error = (response[n] - e).abs() / e.abs();
                assert!(error < 4e-13, "{:?} at {n}: {} is not {e}, by {error}", (r, l, c, step), response[n]);
            }
        }
    }

    #[test]
    fn responses_sum_to_one() {
        for (r, step) in [(0.5, 0.1), (2.0, 0.1), (9.0, 0.1), (0.5, 30.0)] {
            let missing = 1.0 - total(&weights(&rlc(r, 1.0, 1.0, step, None).unwrap()));
            assert!(missing.abs() < 2f64.powi(-24), "{r}: {missing}");
        }
        let missing = 1.0 - total(&weights(&rc(3.0, 0.5, None).unwrap()));
        assert!((missing - (-20f64).exp()).abs() < 1e-15, "{missing}");
        for tau in [0.01, 5.0, 1e5] {
            let mean = weights(&exponential(tau, Some(100), Scale::Sum).unwrap());
            assert!((total(&mean) - 1.0).abs() < 4.0 * f64::EPSILON);
        }
        assert_eq!(weights(&exponential(5.0, None, Scale::Peak).unwrap())[0], 1.0);
        assert_eq!(exponential(5.0, None, Scale::Peak).unwrap().len(), 100);
        assert_eq!(rc(3.0, 0.5, None).unwrap().len(), 120);
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(exponential(bad, None, Scale::Sum).is_err());
            assert!(rc(bad, 1.0, None).is_err() && rc(1.0, bad, None).is_err());
            assert!(rlc(bad, 1.0, 1.0, 1.0, None).is_err() && rlc(1.0, bad, 1.0, 1.0, None).is_err());
            assert!(rlc(1.0, 1.0, bad, 1.0, None).is_err() && rlc(1.0, 1.0, 1.0, bad, None).is_err());
        }
        assert!(rc(1.0, 1.0, Some(0)).unwrap_err().to_string().contains("length must be at least 1, but is 0"));
        assert!(rc(1e9, 1.0, None).unwrap_err().to_string().contains("at most 16777216 weights"));
        assert!(rc(1e-320, 1e10, Some(2)).is_err() && rlc(1.0, 1e-320, 1e-320, 1e300, None).is_err());
    }
}
