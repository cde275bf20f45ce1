//! Linear, time-invariant systems: a signal goes in, its convolution with the impulse response comes out.
//!
//! | name | parameters | impulse response | step response |
//! |---|---|---|---|
//! | `rc` | `tau` = R C | `exp(-t/tau)/tau` from 0 on | `1 - exp(-t/tau)` |
//! | `rlc` | `r`, `l`, `c` in series, voltage across the capacitor | `L C y'' + R C y' + y = x` | rings if `R < 2 sqrt(L/C)` |
//! | `average` | `width` | `1/width` on `[0, width)` | a ramp to 1 |
//! | `exponential` | `tau` | `exp(-t/tau)` from 0 on | `tau - tau exp(-t/tau)` |
//! | `bursts` | `width`, `areas` as `3x0x5` | at each whole `n` a burst that ends there; of width 0: impulses | a staircase of ramps |
//!
//! All of them are causal. The same circuits in sampled time are the engine's kernels `rc`, `rlc` and `exponential`.

mod named;

use std::{fmt, str::FromStr};

use crate::{
    Convolution, Error, Number, Result, Signal, Value,
    complex::Complex,
    convolve,
    signal::{Body, form::Form, term::Term},
};

/// A linear, time-invariant system, known by what it answers to an impulse.
///
/// From text it comes as a name with parameters, `rc:tau=1/2` or `rc:1/2`, or as an expression, which is its impulse response.
///
/// ```
/// use faltung_continuous::System;
///
/// let circuit: System = "rc:tau=1/2".parse()?;
/// assert_eq!(circuit.to_string(), "piecewise(2*exp(-2*t) for t >= 0; 0 otherwise)");
/// assert_eq!(circuit.step_response()?.formula().unwrap().to_string(), "piecewise(1 - exp(-2*t) for t >= 0; 0 otherwise)");
/// assert!(circuit.alignment().starts_with("causal"));
/// # Ok::<(), faltung_continuous::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct System {
    impulse_response: Signal,
}

impl System {
    /// The system with this impulse response.
    pub fn new(impulse_response: Signal) -> System {
        System { impulse_response }
    }

    /// A resistor and a capacitor in series, the voltage across the capacitor; `tau` is R C.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless `tau` is above zero.
    pub fn rc(tau: Number) -> Result<System> {
        let rate = Number::ONE / positive("tau", tau)?;
        Ok(System::from_zero_on(vec![real(rate, 0, -rate)]))
    }

    /// A resistor, a coil and a capacitor in series, the voltage across the capacitor: `L C y'' + R C y' + y = x`.
    ///
    /// With `a = R / (2 L)` and `w0² = 1 / (L C)` it rings where `a < w0`, creeps where `a > w0`, and is critical between.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless all are above zero.
    ///
    /// ```
    /// use faltung_continuous::System;
    ///
    /// let critical: System = "rlc:r=2,l=1,c=1".parse()?;
    /// assert_eq!(critical.to_string(), "piecewise(t*exp(-t) for t >= 0; 0 otherwise)");
    /// let ringing: System = "rlc:r=2,l=1,c=1/2".parse()?;
    /// assert_eq!(ringing.to_string(), "piecewise(2*exp(-t)*sin(t) for t >= 0; 0 otherwise)");
    /// # Ok::<(), faltung_continuous::Error>(())
    /// ```
    pub fn rlc(r: Number, l: Number, c: Number) -> Result<System> {
        let (r, l, c) = (positive("r", r)?, positive("l", l)?, positive("c", c)?);
        let damping = r / (l * Number::whole(2));
        let square = Number::ONE / (l * c);
        let bend = damping * damping - square;
        let terms = match bend.sign() {
            0 => vec![real(square, 1, -damping)],
            1 => {
                let bend = bend.sqrt();
                let height = square / (bend * Number::whole(2));
                // The slow rate from the product of both, which does not cancel.
                let slow = square / (damping + bend);
                vec![real(height, 0, -slow), real(-height, 0, -(damping + bend))]
            }
            _ => {
                let frequency = (-bend).sqrt();
                // sin x = Re(-i e^(i x))
                let coefficient = Complex::new(Number::ZERO, -(square / frequency));
                vec![Term::exponential(coefficient, 0, Complex::new(-damping, frequency), Number::ZERO)]
            }
        };
        Ok(System::from_zero_on(terms))
    }

    /// The mean of the last `width` of time.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless `width` is above zero.
    pub fn moving_average(width: Number) -> Result<System> {
        let height = Number::ONE / positive("width", width)?;
        Ok(System::new(Signal::constant_between(Number::ZERO, width, height)))
    }

    /// An exponential decay from 1; what it makes of a constant is `tau` times as large.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless `tau` is above zero.
    pub fn exponential(tau: Number) -> Result<System> {
        Ok(System::from_zero_on(vec![real(Number::ONE, 0, -(Number::ONE / positive("tau", tau)?))]))
    }

    fn from_zero_on(terms: Vec<Term>) -> System {
        System::new(Signal::between(Some(Number::ZERO), None, Body::Closed(Form { terms })).merged())
    }

    /// What it answers to an impulse.
    pub fn impulse_response(&self) -> &Signal {
        &self.impulse_response
    }

    /// What it answers to a signal.
    ///
    /// # Errors
    /// As [`convolve`].
    pub fn response(&self, input: &Signal) -> Result<Convolution> {
        convolve(input, &self.impulse_response)
    }

    /// What it answers to a constant of 1 that is switched on at 0.
    ///
    /// # Errors
    /// As [`convolve`].
    pub fn step_response(&self) -> Result<Convolution> {
        self.response(&step())
    }

    /// What it makes of a constant of 1 in the end: the integral of the impulse response.
    ///
    /// # Errors
    /// [`Error::Divergent`] if the answer grows without end.
    pub fn gain(&self) -> Result<Value> {
        self.impulse_response.integral()
    }

    /// Whether the output never depends on later input: the impulse response is zero before 0.
    pub fn is_causal(&self) -> bool {
        self.impulse_response.support().is_none_or(|(from, _)| from >= 0.0)
    }

    /// In words, which input an output depends on.
    ///
    /// ```
    /// use faltung_continuous::System;
    ///
    /// let centred: System = "rect(t)".parse()?;
    /// assert_eq!(centred.alignment(), "not causal: the output at t depends on the input up to t + 0.5, 0.5 ahead");
    /// let late: System = "exp(-t)*step(t - 2)".parse()?;
    /// assert_eq!(late.alignment(), "causal: the output at t depends on the input up to t - 2, which is a delay of 2");
    /// # Ok::<(), faltung_continuous::Error>(())
    /// ```
    pub fn alignment(&self) -> String {
        match self.impulse_response.support() {
            None => "causal: the output is zero whatever the input".to_owned(),
            Some((f64::NEG_INFINITY, _)) => {
                "not causal: the output at t depends on the input of all times after t".to_owned()
            }
            Some((0.0, _)) => "causal: the output at t depends on the input up to t".to_owned(),
            Some((from, _)) if from > 0.0 => {
                format!("causal: the output at t depends on the input up to t - {from}, which is a delay of {from}")
            }
            Some((from, _)) => {
                let ahead = -from;
                format!("not causal: the output at t depends on the input up to t + {ahead}, {ahead} ahead")
            }
        }
    }
}

impl FromStr for System {
    type Err = Error;

    fn from_str(text: &str) -> Result<System> {
        match named::read(text)? {
            Some(system) => Ok(system),
            None => text.parse().map(System::new),
        }
    }
}

/// The impulse response, as an expression.
impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.impulse_response)
    }
}

impl Signal {
    /// Bursts of some width that end at their places, each with its area; of width 0, impulses.
    ///
    /// As bursts narrow they become impulses, and what a system answers to them becomes a sum of shifted copies of its impulse
    /// response: posts within an hour, and posts on the hour.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a width below zero; [`Error::TooLarge`] for more bursts than pieces are handled.
    ///
    /// ```
    /// use faltung_continuous::{Number, Signal, convolve};
    ///
    /// let posts = [3, 0, 5, 0, 2, 1].iter().enumerate().map(|(hour, &n)| (Number::whole(hour as i64), Number::whole(n)));
    /// let likes: Signal = "if(0 <= t < 5, 5 - t, 0)".parse()?;
    /// for (width, at_four) in [(Number::ONE, 23.0), (Number::fraction(1, 2), 25.5), (Number::ZERO, 28.0)] {
    ///     let posts = Signal::bursts(posts.clone(), width)?;
    ///     assert_eq!(convolve(&posts, &likes)?.at(4.0)?.value, at_four); // 28 - 5 width
    /// }
    /// # Ok::<(), faltung_continuous::Error>(())
    /// ```
    pub fn bursts(bursts: impl IntoIterator<Item = (Number, Number)>, width: Number) -> Result<Signal> {
        if width.sign() < 0 || !width.is_finite() {
            return Err(Error::Parameter { name: "width", value: width.value(), expected: "0 or above" });
        }
        let burst = |(at, area): (Number, Number)| match width.is_exactly_zero() {
            true => Signal::impulse(at, area),
            false => Signal::constant_between(at - width, at, area / width),
        };
        let bursts = bursts.into_iter().filter(|(_, area)| !area.is_exactly_zero());
        Signal::total(&bursts.map(burst).collect::<Vec<_>>())
    }

    /// The integral over the whole line, impulses included.
    ///
    /// # Errors
    /// [`Error::Divergent`] or [`Error::Unreached`] if there is none, or none that can be found.
    ///
    /// ```
    /// use faltung_continuous::Signal;
    ///
    /// let signal: Signal = "gauss(t) + 3*tri(t) + delta(t)/2".parse()?;
    /// let area = signal.integral()?;
    /// assert!((area.value - 4.5).abs() <= area.bound && area.bound < 1e-13);
    /// # Ok::<(), faltung_continuous::Error>(())
    /// ```
    pub fn integral(&self) -> Result<Value> {
        let one = Signal::whole(Body::Closed(Form::constant(Number::ONE)));
        convolve(self, &one)?.at(0.0)
    }
}

fn step() -> Signal {
    Signal::between(Some(Number::ZERO), None, Body::Closed(Form::constant(Number::ONE)))
}

/// `c t^n e^(r t)`.
fn real(coefficient: Number, power: u32, rate: Number) -> Term {
    Term::exponential(coefficient.into(), power, rate.into(), Number::ZERO)
}

fn positive(name: &'static str, number: Number) -> Result<Number> {
    match number.sign() > 0 && number.is_finite() {
        true => Ok(number),
        false => Err(Error::Parameter { name, value: number.value(), expected: "a number above 0" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system(text: &str) -> System {
        text.parse().unwrap()
    }

    #[test]
    fn an_rc_circuit_charges_as_one_less_an_exponential() {
        for (r, c) in [(1e3, 1e-6), (1.0, 1.0), (47e3, 2.2e-9)] {
            let tau = r * c;
            let step = System::rc(Number::of(r) * Number::of(c)).unwrap().step_response().unwrap();
            for k in 0..100 {
                let t = f64::from(k) * tau / 7.0;
                let (seen, expected) = (step.at(t).unwrap(), -(-t / tau).exp_m1());
                assert!((seen.value - expected).abs() < 1e-13, "{tau} at {t}: {seen:?}, not {expected}");
            }
        }
    }

    /// The differential equation, by differences of the step response.
    #[test]
    fn rlc_circuits_obey_their_equation() {
        for (r, l, c) in [(1, 1, 1), (2, 1, 1), (5, 1, 1), (1, 3, 7), (40, 2, 1)] {
            let [r, l, c] = [r, l, c].map(Number::whole);
            let answer = System::rlc(r, l, c).unwrap().step_response().unwrap();
            let y = |t: f64| answer.at(t).unwrap().value;
            let h = 1e-4;
            for t in [0.3, 1.0, 4.0, 11.0] {
                let (slope, bend) = ((y(t + h) - y(t - h)) / (2.0 * h), (y(t + h) - 2.0 * y(t) + y(t - h)) / (h * h));
                let sum = (l * c).value() * bend + (r * c).value() * slope + y(t);
                assert!((sum - 1.0).abs() < 1e-4, "{r} {l} {c} at {t}: {sum}");
            }
            assert!(y(0.0).abs() < 1e-15);
            assert!((System::rlc(r, l, c).unwrap().gain().unwrap().value - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn averages_ramp_up_and_have_a_gain_of_one() {
        let average = system("average:width=2");
        assert_eq!(
            average.step_response().unwrap().formula().unwrap().to_string(),
            "piecewise(t/2 for 0 <= t < 2; 1 for t >= 2; 0 otherwise)"
        );
        assert_eq!(average.gain().unwrap().value, 1.0);
        assert_eq!(system("exponential:tau=3").gain().unwrap().value, 3.0);
        assert!(system("step(t)").gain().is_err());
    }

    #[test]
    fn the_bursts_of_the_article_tend_to_impulses() {
        let likes: Signal = "if(0 <= t < 5, 5 - t, 0)".parse().unwrap();
        let formulas =
            [(1.0, [12.0, -1.5]), (4.0, [28.0, -5.0]), (6.0, [15.0, -4.0]), (8.0, [4.0, -1.5]), (9.0, [1.0, -0.5])];
        for width in ["1", "1/2", "1/10", "1/1000", "0"] {
            let posts = system(&format!("bursts:width={width},areas=3x0x5x0x2x1"));
            let likes = posts.response(&likes).unwrap();
            let width: Signal = width.parse().unwrap();
            for (t, [limit, slope]) in formulas {
                let expected = limit + slope * width.at(0.0);
                assert!((likes.at(t).unwrap().value - expected).abs() < 1e-12, "{t}");
            }
        }
    }

    #[test]
    fn parameters_out_of_range_are_refused() {
        for text in ["rc:0", "rc:-1", "rlc:1,0,1", "average:0", "exponential:-2", "bursts:width=-1,areas=1"] {
            let told = text.parse::<System>().unwrap_err().to_string();
            assert!(told.contains("above"), "{text}: {told}");
        }
        assert!(Signal::bursts([(Number::ZERO, Number::ONE)], Number::whole(-1)).is_err());
    }

    #[test]
    fn impulses_of_a_response_are_kept() {
        use crate::Impulse;

        let echo = system("delta(t) + 1/2*delta(t - 3)");
        let out = echo.response(&"rect(t - 1/2)".parse().unwrap()).unwrap();
        assert_eq!(
            (out.at(0.5).unwrap().value, out.at(3.5).unwrap().value, out.at(2.0).unwrap().value),
            (1.0, 0.5, 0.0)
        );
        let Impulse { at, weight } = echo.response(&"delta(t - 1)".parse().unwrap()).unwrap().impulses()[1];
        assert_eq!((at.value(), weight.value()), (4.0, 0.5));
    }
}
