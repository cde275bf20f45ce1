//! Optimisers: what a gradient does to the parameters. Conventions and names are PyTorch's.
//!
//! With the gradient `g`, the rate `r` and the decay `d`:
//!
//! ```text
//! SGD     g += d w;  v = momentum v + g;  w -= r v
//! AdamW   w -= r d w;  m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g g
//!         w -= r (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)        in step t, from 1
//! ```
//!
//! (Polyak 1964; Loshchilov and Hutter 2019.)

use serde::{Deserialize, Serialize};

/// How parameters follow their gradient.
///
/// ```
/// use faltung_train::Optimiser;
/// assert_eq!((Optimiser::SGD.name(), Optimiser::ADAM_W.name()), ("sgd", "adamw"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Optimiser {
    /// Gradient descent with momentum.
    Sgd {
        /// What is left of the last step's velocity.
        momentum: f32,
    },
    /// Steps measured by the size that gradients had, with decay beside them.
    AdamW {
        /// What is left of the mean of gradients.
        beta1: f32,
        /// What is left of the mean of their squares.
        beta2: f32,
        /// What keeps the quotient finite.
        epsilon: f32,
    },
}

impl Optimiser {
    /// Gradient descent with the usual momentum, 0.9.
    pub const SGD: Optimiser = Optimiser::Sgd { momentum: 0.9 };
    /// AdamW with the usual numbers.
    pub const ADAM_W: Optimiser = Optimiser::AdamW { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    /// Both.
    pub const ALL: &[Optimiser] = &[Optimiser::SGD, Optimiser::ADAM_W];

    /// The word for it.
    ///
    /// ```
    /// assert_eq!(faltung_train::Optimiser::ADAM_W.name(), "adamw");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Optimiser::Sgd { .. } => "sgd",
            Optimiser::AdamW { .. } => "adamw",
        }
    }

    /// The rate to begin with, if nobody says another.
    ///
    /// ```
    /// assert_eq!(faltung_train::Optimiser::SGD.usual_rate(), 0.05);
    /// ```
    pub fn usual_rate(self) -> f64 {
        match self {
            Optimiser::Sgd { .. } => 0.05,
            Optimiser::AdamW { .. } => 0.003,
        }
    }

    /// How many numbers it remembers for each parameter.
    pub(crate) fn moments(self) -> usize {
        match self {
            Optimiser::Sgd { .. } => 1,
            Optimiser::AdamW { .. } => 2,
        }
    }

    /// One step, the `step`-th from 1 on.
    pub(crate) fn update(
        self,
        step: u64,
        rate: f32,
        decay: f32,
        parameters: &mut [f32],
        gradient: &[f32],
        moments: &mut [Vec<f32>],
    ) {
        match (self, moments) {
            (Optimiser::Sgd { momentum }, [velocity]) => {
                for ((w, &g), v) in parameters.iter_mut().zip(gradient).zip(velocity) {
                    *v = momentum * *v + (g + decay * *w);
                    *w -= rate * *v;
                }
            }
            (Optimiser::AdamW { beta1, beta2, epsilon }, [mean, square]) => {
                let step = step.min(i32::MAX as u64) as i32;
                let unbiased = |beta: f32| (1.0 - f64::from(beta).powi(step)) as f32;
                let (rate_of_mean, root) = (rate / unbiased(beta1), unbiased(beta2).sqrt());
                let moments = mean.iter_mut().zip(square);
                for ((w, &g), (m, v)) in parameters.iter_mut().zip(gradient).zip(moments) {
                    *w -= rate * decay * *w;
                    *m = beta1 * *m + (1.0 - beta1) * g;
                    *v = beta2 * *v + (1.0 - beta2) * g * g;
                    *w -= rate_of_mean * *m / (v.sqrt() / root + epsilon);
                }
            }
            (_, moments) => unreachable!("an optimiser is given its own moments, not {} of them", moments.len()),
        }
    }
}

/// How the rate changes from the first step to the last.
///
/// ```
/// use faltung_train::Schedule;
/// assert_eq!(Schedule::Constant.factor(70, 100), 1.0);
/// assert_eq!(Schedule::Cosine.factor(0, 100), 1.0);
/// assert!((Schedule::Cosine.factor(50, 100) - 0.5).abs() < 1e-12);
/// assert!((Schedule::OneCycle.factor(25, 100) - 1.0).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// It does not.
    Constant,
    /// Half a wave of a cosine, from the whole rate to nothing.
    Cosine,
    /// From a 25th up to the whole rate in the first quarter, then down to nothing, by cosines. (Smith 2018.)
    OneCycle,
}

impl Schedule {
    /// All of them.
    pub const ALL: &[Schedule] = &[Schedule::Constant, Schedule::Cosine, Schedule::OneCycle];

    /// The word for it.
    ///
    /// ```
    /// assert_eq!(faltung_train::Schedule::OneCycle.name(), "one-cycle");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Schedule::Constant => "constant",
            Schedule::Cosine => "cosine",
            Schedule::OneCycle => "one-cycle",
        }
    }

    /// What the rate is multiplied by in this step, from 0 on, of so many.
    ///
    /// ```
    /// assert!((faltung_train::Schedule::OneCycle.factor(0, 100) - 0.04).abs() < 1e-12);
    /// ```
    pub fn factor(self, step: u64, steps: u64) -> f64 {
        const WARM_UP: f64 = 0.25;
        const COLD: f64 = 0.04;
        let done = step as f64 / steps.max(1) as f64;
        // From 1 to 0 while its argument goes from 0 to 1.
        let falling = |part: f64| (1.0 + (std::f64::consts::PI * part).cos()) / 2.0;
        match self {
            Schedule::Constant => 1.0,
            Schedule::Cosine => falling(done),
            Schedule::OneCycle if done < WARM_UP => 1.0 - (1.0 - COLD) * falling(done / WARM_UP),
            Schedule::OneCycle => falling((done - WARM_UP) / (1.0 - WARM_UP)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn momentum_by_hand() {
        let (mut w, mut moments) = (vec![1.0], vec![vec![0.0]]);
        let sgd = Optimiser::Sgd { momentum: 0.5 };
        sgd.update(1, 0.25, 0.0, &mut w, &[2.0], &mut moments); // v = 2, w = 1 - 0.5
        assert_eq!((w[0], moments[0][0]), (0.5, 2.0));
        sgd.update(2, 0.25, 0.0, &mut w, &[0.0], &mut moments); // v = 1, w = 0.5 - 0.25
        assert_eq!((w[0], moments[0][0]), (0.25, 1.0));
        sgd.update(3, 0.25, 2.0, &mut w, &[0.0], &mut moments); // v = 0.5 + 2 * 0.25, w = 0.25 - 0.25
        assert_eq!((w[0], moments[0][0]), (0.0, 1.0));
    }

    #[test]
    fn the_first_step_of_adam_is_as_long_as_the_rate() {
        for gradient in [1e-3, -5.0, 1e4] {
            let (mut w, mut moments) = (vec![1.0], vec![vec![0.0], vec![0.0]]);
            Optimiser::ADAM_W.update(1, 0.125, 0.5, &mut w, &[gradient], &mut moments);
            let expected = 1.0 - 0.125 * 0.5 - 0.125 * gradient.signum(); // decay first, then the step
            assert!((w[0] - expected).abs() < 1e-5, "{} for {gradient}", w[0]);
        }
    }

    #[test]
    fn both_come_to_the_lowest_place() {
        for &optimiser in Optimiser::ALL {
            let (mut w, mut moments) = (vec![4.0, -3.0], vec![vec![0.0; 2]; optimiser.moments()]);
            for step in 0..400 {
                let gradient: Vec<f32> = w.iter().map(|w| 2.0 * (w - 1.0)).collect();
                let rate = 0.1 * Schedule::Cosine.factor(step, 400) as f32;
                optimiser.update(step + 1, rate, 0.0, &mut w, &gradient, &mut moments);
            }
            assert!(w.iter().all(|w| (w - 1.0).abs() < 1e-2), "{}: {w:?}", optimiser.name());
        }
    }
}
