//! Layers: what goes forward, and what each contributed to the loss, backward.
//!
//! A layer works on one part of a batch, [`PART`] pictures in memory as `[channel, row, column, picture]`, and knows its
//! shapes. With `x` what came in, `y` what went out and `gy` the gradient of the loss to `y`, backward gives `gx`, the
//! gradient to `x`, and the gradient to the layer's own parameters. Every part of a batch has layers of its own, with what memory
//! they need; nothing else is allocated on the way but by the engine.
//!
//! | layer | file |
//! |---|---|
//! | conv, linear | `conv.rs`: the only place that calls the engine |
//! | max_pool | `pool.rs` |
//! | relu, dropout, flatten | `pointwise.rs` |
mod conv;
mod pointwise;
mod pool;

use std::fmt;

use rand::rngs::ChaCha8Rng;

use crate::{LayerDescription, Result, description::Outline};

/// Pictures of a part: two or more vectors of every instruction set, and enough that sums over a part are worth their setting up.
///
/// A batch is cut into parts of so many, whatever the number of threads; so the order of all sums is fixed. A part that is not
/// full is filled up with blank pictures, whose gradient is zero.
pub(crate) const PART: usize = 64;

/// Whether a net learns from what it sees.
#[derive(Debug)]
pub(crate) enum Pass<'a> {
    /// It does not: nothing is left to chance.
    Evaluate,
    /// It does, and dropout draws from this.
    Train(&'a mut ChaCha8Rng),
}

/// What a layer did to a part, for its way back.
#[derive(Debug)]
pub(crate) struct Done<'a> {
    /// What came in.
    pub(crate) x: &'a [f32],
    /// What went out.
    pub(crate) y: &'a [f32],
}

/// The gradients that a layer gives.
#[derive(Debug)]
pub(crate) struct Gradients<'a> {
    /// To what came in; `None` where nobody asks, at the first layer.
    pub(crate) x: Option<&'a mut [f32]>,
    /// To the parameters: the layer's own part of them.
    pub(crate) parameters: &'a mut [f32],
}

/// One layer for one part at a time, with its shapes and its memory.
pub(crate) trait Layer: fmt::Debug + Send {
    /// Fills `y`.
    fn forward(&mut self, x: &[f32], parameters: &[f32], y: &mut [f32], pass: &mut Pass<'_>) -> Result<()>;

    /// Fills both gradients, of `gy`, the gradient to `y`.
    /// It is asked after forward, about the same pictures.
    fn backward(&mut self, done: Done<'_>, parameters: &[f32], gy: &[f32], gradients: Gradients<'_>) -> Result<()>;
}

/// The layer that is described, for one part of a batch.
pub(crate) fn build(description: &LayerDescription, outline: &Outline) -> Result<Box<dyn Layer>> {
    Ok(match *description {
        LayerDescription::Conv { kernel, stride, padding, .. } => {
            Box::new(conv::Conv::new(outline, kernel, stride, padding)?)
        }
        LayerDescription::Linear { .. } => Box::new(conv::Conv::new(outline, [1, 1], [1, 1], [0, 0])?),
        LayerDescription::MaxPool { size } => Box::new(pool::MaxPool::new(outline, size)),
        LayerDescription::Relu => Box::new(pointwise::Relu),
        LayerDescription::Dropout { rate } => Box::new(pointwise::Dropout::new(outline, rate)),
        LayerDescription::Flatten => Box::new(pointwise::Same),
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{Shape, description::LayerDescription};

    /// The layer for this input, with its outline.
    pub(crate) fn layer(description: LayerDescription, input: Shape) -> (Box<dyn Layer>, Outline) {
        let last = LayerDescription::Linear { outputs: 2 };
        let net = crate::Description {
            input,
            mean: 0.0,
            deviation: 1.0,
            classes: vec!["a".into(), "b".into()],
            layers: vec![description.clone(), LayerDescription::Flatten, last],
        };
        let outline = net.outline().expect("the layer fits")[0];
        (build(&description, &outline).expect("it is built"), outline)
    }

    /// What comes out for these pictures, each `[channel, row, column]`; all of the part are the same but for the first.
    pub(crate) fn forward(layer: &mut dyn Layer, outline: &Outline, x: &[f32], parameters: &[f32]) -> Vec<f32> {
        let mut part = vec![0.0; outline.input.len() * PART];
        part.chunks_exact_mut(PART).zip(x).for_each(|(lanes, &x)| lanes[0] = x);
        let mut y = vec![f32::NAN; outline.output.len() * PART];
        layer.forward(&part, parameters, &mut y, &mut Pass::Evaluate).expect("it goes forward");
        y.chunks_exact(PART).map(|lanes| lanes[0]).collect()
    }

    /// Compares backward with differences of forward: `sum of gy * y` is differentiated to each input and each parameter.
    ///
    /// Inputs are multiples of 1/8 apart from one another by more than the step, so that no maximum and no sign changes.
    pub(crate) fn check_gradients(description: LayerDescription, input: Shape) {
        const STEP: f32 = 1.0 / 64.0;
        let (mut layer, outline) = layer(description, input);
        let scattered = |len: usize, salt: usize| -> Vec<f32> {
            (0..len).map(|i| ((i * 37 + salt * 11) % 101) as f32 / 8.0 - 6.3).collect()
        };
        let mut x = scattered(input.len() * PART, 1);
        let mut parameters: Vec<f32> = scattered(outline.parameters(), 2).iter().map(|w| w / 8.0).collect();
        let gy: Vec<f32> = scattered(outline.output.len() * PART, 3).iter().map(|g| g.round()).collect();

        let mut y = vec![f32::NAN; gy.len()];
        layer.forward(&x, &parameters, &mut y, &mut Pass::Evaluate).expect("it goes forward");
        let (mut gx, mut gradient) = (vec![f32::NAN; x.len()], vec![f32::NAN; parameters.len()]);
        let gradients = Gradients { x: Some(&mut gx), parameters: &mut gradient };
        layer.backward(Done { x: &x, y: &y }, &parameters, &gy, gradients).expect("it goes back");

        let mut loss = |x: &[f32], parameters: &[f32]| -> f64 {
            layer.forward(x, parameters, &mut y, &mut Pass::Evaluate).expect("it goes forward");
            y.iter().zip(&gy).map(|(&y, &gy)| f64::from(y) * f64::from(gy)).sum()
        };
        let close = |told: f32, difference: f64, what: &str, at: usize| {
            let slope = difference / f64::from(2.0 * STEP);
            let scale = slope.abs().max(50.0);
            assert!(
                (f64::from(told) - slope).abs() < 2e-2 * scale,
                "{what} {at}: {told}, but differences give {slope}"
            );
        };
        for at in (0..x.len()).step_by(x.len() / 60 + 1) {
            let here = x[at];
            x[at] = here + STEP;
            let above = loss(&x, &parameters);
            x[at] = here - STEP;
            let below = loss(&x, &parameters);
            x[at] = here;
            close(gx[at], above - below, "input", at);
        }
        for at in 0..parameters.len() {
            let here = parameters[at];
            parameters[at] = here + STEP;
            let above = loss(&x, &parameters);
            parameters[at] = here - STEP;
            let below = loss(&x, &parameters);
            parameters[at] = here;
            close(gradient[at], above - below, "parameter", at);
        }
    }
}
